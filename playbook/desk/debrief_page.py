"""The page of a debrief for the wall: shares, what the best did, the rule that most broke, and a run replayed."""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from playbook.cases.case import find_case
from playbook.chapters.defence.replay import LUCK_WORDS, Frame, Replay, pick_run
from playbook.desk.debrief import Debrief, Defended
from playbook.desk.pages import render
from playbook.errors import PlaybookError
from playbook.simulator import film_run, make_city, make_draws, simulate
from playbook.simulator.city import City
from playbook.simulator.parameters import MONTHS

#: Runs among which the one to replay is chosen.
RUNS = 40


@dataclass(frozen=True)
class Shown:
    """A replay for the wall: whose plan, which run, its months, and the whole in two sentences."""

    of: Defended
    luck: str
    frames: tuple[Frame, ...]
    story: str


def replay_for(told: Debrief, trainee: str = "", luck: str = "typical") -> Shown:
    """One run of one plan, all months.

    Args:
        trainee: whose; default the plan with the largest share that can be run.
        luck: ``typical``, ``lucky`` or ``unlucky``, among 40 runs.

    Raises:
        PlaybookError: this person's plan, or nobody's, can be run.
    """
    wanted = [one for one in told.plans if not trainee or one.trainee == trainee]
    problem = "" if wanted else "no plan was handed in"
    for one in wanted:
        try:
            return _replay(told, one, luck)
        except PlaybookError as error:
            problem = problem or str(error)
    detail = f": {problem}" if problem and not told.anonymous else ""
    raise PlaybookError(
        (f"the plan of {trainee} can't be replayed" if trainee else "none of the plans can be replayed")
        + detail,
        where="--replay" if trainee else "chapter 13",
        remedy="choose another with --replay, or let the plan be mended and grade it again",
    )


def _replay(told: Debrief, one: Defended, luck: str) -> Shown:
    if one.plan is None:
        raise PlaybookError(one.problem, where=one.name, remedy="choose another with --replay")
    case = find_case(one.case)
    city = make_city(case)
    draws = make_draws(city, RUNS)
    run = pick_run(simulate(city, one.plan, draws), luck)
    places, letters = _nowhere(city) if told.anonymous else (case.city_districts, {})
    called = {name: f"District {letter}" for name, letter in letters.items()}
    replay = Replay(film_run(city, one.plan, draws, run), places, called, letters)
    frames = tuple(replay.frame(month) for month in range(1, MONTHS + 1))
    return Shown(one, luck, frames, replay.story())


def _nowhere(city: City) -> tuple[pd.DataFrame, dict[str, str]]:
    """Places on a ring and letters for names: a map by which nobody knows the city."""
    count = len(city.districts)
    order = np.argsort(-city.need, kind="stable")
    angle = 2 * np.pi * np.arange(count) / count
    names = [city.districts[number] for number in order]
    places = pd.DataFrame({"district": names, "lat": np.cos(angle), "lon": np.sin(angle)})
    return places, {name: chr(ord("A") + place) for place, name in enumerate(names)}


def debrief_page(told: Debrief, shown: Shown | None) -> str:
    """The debrief as one HTML page that needs no other file."""
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return render(
        "debrief.html.j2",
        told=told,
        shown=shown,
        luck=LUCK_WORDS[shown.luck] if shown else "",
        runs=RUNS,
        script=script,
        digest=digest,
        ran=[one for one in told.plans if one.run is not None],
    )


@functools.cache
def _script() -> str:
    return (Path(__file__).parent / "pages" / "debrief.js").read_text(encoding="utf-8")
