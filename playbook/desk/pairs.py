"""Pairs to put together: one has what the other misses, and their cities differ as much as can be."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbook.cases.case import find_case
from playbook.desk.did import Trouble
from playbook.desk.reading import Reading
from playbook.desk.visits import Visit, share_of
from playbook.errors import PlaybookError
from playbook.gradebook.result import GRADED

if TYPE_CHECKING:
    import pandas as pd

#: People that a pair is sought for: more pairs than that nobody puts together on a Monday.
_MOST = 12
#: What two people of one team are worth, in contrast (0 to 1): they sit in one room.
_SAME_TEAM = 0.15


@dataclass(frozen=True)
class Pair:
    """Two people for half an hour.

    Attributes:
        asks, tells: names; of these the first misses the question and the second has it.
        about: the exercise; title: of the question.
        cities: both cities; contrast: in what they differ, in words.
    """

    asks: str
    tells: str
    about: str
    title: str
    cities: tuple[str, str]
    contrast: str


def pairs(reading: Reading, found: Sequence[Trouble], sought: Sequence[Visit]) -> list[Pair]:
    """Pairs for those who miss one of the questions, each person in one pair only.

    Who helps has the question right, has another city, and needs no visit themselves. All pairs together have the greatest contrast that there is.

    Args:
        found: questions to teach again.
        sought: whom to visit, the most urgent first.
    """
    from scipy.optimize import linear_sum_assignment

    wanted = _wanted(reading, found, sought)
    taken = {trainee for trainee, _ in wanted} | {one.trainee for one in sought} | reading.left
    helpers = _helpers(reading, found, taken)
    if not wanted or not helpers:
        return []
    cities = {one.trainee: one.city for one in reading.chosen if one.status == GRADED and one.city}
    worth = [
        [
            _worth(reading, cities, asks, tells)
            if trouble.question in has.get(trouble.exercise, ())
            else -1.0
            for tells, has in helpers.items()
        ]
        for asks, trouble in wanted
    ]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    names = list(helpers)
    made = []
    for row, column in zip(rows, columns, strict=True):
        if worth[row][column] > 0:
            made.append(_pair(reading, cities, *wanted[row], names[column]))
    return made


def _wanted(reading: Reading, found: Sequence[Trouble], sought: Sequence[Visit]) -> list[tuple[str, Trouble]]:
    """Who needs somebody, with the first question of those that they miss."""
    urgent = {one.trainee: place for place, one in enumerate(sought)}
    wanted: dict[str, Trouble] = {}
    for trouble in found:
        for way in trouble.ways:
            for trainee in way.trainees:
                if trainee not in reading.left:
                    wanted.setdefault(trainee, trouble)
    order = sorted(wanted, key=lambda trainee: (urgent.get(trainee, len(urgent)), trainee))
    return [(trainee, wanted[trainee]) for trainee in order[:_MOST]]


def _helpers(reading: Reading, found: Sequence[Trouble], taken: set[str]) -> dict[str, dict[str, set[str]]]:
    """The strong first: who has which of the questions right, by exercise."""
    has: dict[str, dict[str, set[str]]] = {}
    for trouble in found:
        for one in reading.right(trouble.exercise, trouble.question):
            if one.trainee not in taken and one.city:
                has.setdefault(one.trainee, {}).setdefault(one.exercise, set()).add(trouble.question)
    strong = sorted(
        has,
        key=lambda trainee: (
            -(share_of([one for one in reading.chosen.of(trainee) if one.status == GRADED]) or 0.0),
            trainee,
        ),
    )
    return {trainee: has[trainee] for trainee in strong[: 4 * _MOST]}


def _worth(reading: Reading, cities: Mapping[str, str], asks: str, tells: str) -> float:
    one, other = cities.get(asks, ""), cities.get(tells, "")
    if not one or one == other:
        return -1.0
    first, second = reading.people.get(asks), reading.people.get(tells)
    together = bool(first and second and first.team and first.team == second.team)
    return 0.01 + difference(one, other)[0] / 2 + _SAME_TEAM * together


def _pair(reading: Reading, cities: Mapping[str, str], asks: str, trouble: Trouble, tells: str) -> Pair:
    one, other = cities[asks], cities[tells]
    return Pair(
        asks=reading.name(asks),
        tells=reading.name(tells),
        about=reading.chapter(trouble.exercise),
        title=trouble.title,
        cities=(one.capitalize(), other.capitalize()),
        contrast=difference(one, other)[1],
    )


@functools.cache
def difference(one: str, other: str) -> tuple[float, str]:
    """How different two cities' industries are: Krugman's index (0 to 2), and the section that tells it best.

    Nothing of either where a case is not at hand.
    """
    first, second = _workers(one), _workers(other)
    if first is None or second is None:
        return 0.0, ""
    from playbook.market import krugman_index

    try:
        index = krugman_index(first[0], second[0])
    except PlaybookError:
        return 0.0, ""
    shares = [workers / workers.sum() for workers in (first[0], second[0])]
    section = str((shares[0] - shares[1]).abs().idxmax())
    name = first[1].get(section, section)
    told = f"Workers in {name.lower()}: {shares[0][section]:.0%} and {shares[1][section]:.0%}"
    return index, told


@functools.cache
def _workers(city: str) -> tuple[pd.Series, Mapping[str, str]] | None:
    """Workers by section, and what sections are called."""
    try:
        case = find_case(city)
        workers = case.workers.set_index("section")["city_workers"]
        names = case.sections.set_index("section")["name_short"].to_dict()
    except (PlaybookError, KeyError, OSError):
        return None
    return workers, names
