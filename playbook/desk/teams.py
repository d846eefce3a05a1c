"""A manager's view of a team: who is ready, nearly, not yet; each with the City Playbook."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playbook.cases.case import Case, find_case, load_case
from playbook.desk.pages import render
from playbook.desk.reading import Reading
from playbook.desk.stands import Stand
from playbook.desk.visits import DONE_SHARE, share_of
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, each_standing, results_of, shown_time
from playbook.names import safe_name
from playbook.places import write_whole
from playbook.progress import Progress, no_progress

#: How far somebody is, the best first, with what it means.
STATES = {
    "ready": f"every chapter so far is handed in, each with {DONE_SHARE:.0%} of its points or more",
    "nearly": "one chapter is still to do; once there are ten or more, up to one in five",
    "not yet": "more than that is still to do",
}
#: Of so many chapters one may be open for somebody who is nearly ready.
_ONE_IN = 5
#: Where City Playbooks stand beside the teams' pages.
PLAYBOOKS = "city-playbooks"


@dataclass(frozen=True)
class Member:
    """Somebody of a team.

    Attributes:
        state: of :data:`STATES`.
        done: chapters that are done; share: of the points of what was handed in, 0 to 1; None where nothing is graded.
        lacks: what is still to do, in words.
        last: of the last hand-in, seconds since 1970 (UTC); None where there is none.
        playbook: the City Playbook as seen from the team's page; empty where there is none.
    """

    trainee: str
    name: str
    city: str
    state: str
    done: int
    share: float | None
    lacks: tuple[str, ...]
    last: float | None
    playbook: str = ""


@dataclass(frozen=True)
class Team:
    """A team with its people, and of how many chapters so far they are told.

    Attributes:
        called: what its page calls it; file: the name of its page, which no other team has.
    """

    region: str
    team: str
    chapters: int
    members: tuple[Member, ...]
    called: str
    file: str

    def of(self, state: str) -> list[Member]:
        """Its people in a state."""
        return [one for one in self.members if one.state == state]

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        members = [{**asdict(one), "last": shown_time(one.last)} for one in self.members]
        return {"region": self.region, "team": self.team, "chapters": self.chapters, "members": members}


def teams(reading: Reading, playbooks: Mapping[str, str] | None = None) -> list[Team]:
    """Every team of the roster; who belongs to none makes a team without a name.

    A chapter counts from when one trainee has handed it in.

    Args:
        playbooks: City Playbooks as seen from the teams' pages, by trainee.
    """
    begun = reading.chosen.exercises
    found: dict[tuple[str, str], list[Member]] = {}
    for trainee in reading.trainees:
        enrolled = reading.people.get(trainee)
        where = (enrolled.region, enrolled.team) if enrolled else ("", "")
        found.setdefault(where, []).append(
            _member(reading, trainee, begun, (playbooks or {}).get(trainee, ""))
        )
    order = list(STATES)
    nameless = "Everyone" if len(found) == 1 else "Without a team"
    files = _files(sorted(found))
    return [
        Team(
            *where,
            len(begun),
            tuple(sorted(own, key=lambda one: (order.index(one.state), -(one.share or 0.0), one.name))),
            " · ".join(part for part in where if part) or nameless,
            files[where],
        )
        for where, own in sorted(found.items())
    ]


def _files(wheres: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """A page for each region and team, none the list's and no two the same, whatever case and blanks are to a disk."""
    taken, files = {"index"}, {}
    for where in wheres:
        base = name = safe_name(" ".join(where).strip() or "everyone")
        for number in itertools.count(2):
            if name.casefold() not in taken:
                break
            name = f"{base}-{number}"
        taken.add(name.casefold())
        files[where] = f"{name}.html"
    return files


def _member(reading: Reading, trainee: str, begun: Sequence[str], playbook: str) -> Member:
    own = {one.exercise: one for one in reading.chosen.of(trainee)}
    lacks = [_lack(reading, exercise, own.get(exercise)) for exercise in begun]
    open_ = [one for one in lacks if one]
    state = "not yet"
    if not open_ and begun:
        state = "ready"
    elif len(open_) <= max(1, len(begun) // _ONE_IN) and len(open_) < len(begun):
        state = "nearly"
    enrolled = reading.people.get(trainee)
    graded = [one for one in own.values() if one.status == GRADED]
    return Member(
        trainee=trainee,
        name=reading.name(trainee),
        city=next((one.city for one in graded if one.city), enrolled.city if enrolled else ""),
        state=state,
        done=len(begun) - len(open_),
        share=share_of(graded),
        lacks=tuple(open_),
        last=max((one.last for one in own.values()), default=None),
        playbook=playbook,
    )


def _lack(reading: Reading, exercise: str, one: Stand | None) -> str:
    """What an exercise lacks; empty where it is done."""
    chapter = reading.chapter(exercise)
    if one is None:
        return f"{chapter}: not handed in"
    if one.status != GRADED:
        return f"{chapter}: not graded yet"
    return "" if one.share >= DONE_SHARE else f"{chapter}: {one.told}"


def write_teams(
    gradebook: Gradebook,
    reading: Reading,
    out: Path,
    outline: Sequence[Mapping[str, Any]],
    progress: Progress = no_progress,
) -> list[Path]:
    """Write a page for each team, a page that lists them, and a City Playbook for everybody who has begun one.

    Args:
        outline: what :func:`playbook.authoring.release.describe` says of each master.

    Raises:
        PlaybookError: the folder can't be written.
    """
    try:
        (out / PLAYBOOKS).mkdir(parents=True, exist_ok=True)
        playbooks = _write_playbooks(gradebook, reading, out / PLAYBOOKS, outline, progress)
        found = teams(reading, playbooks)
        written = []
        for team in found:
            path = out / team.file
            write_whole(path, [render("team.html.j2", team=team, states=STATES)])
            written.append(path)
        write_whole(out / "index.html", [render("teams.html.j2", teams=found, states=STATES)])
    except OSError as error:
        raise PlaybookError(
            f"the teams' pages can't be written: {error.strerror}", where=str(out), remedy="check the folder"
        ) from None
    return [out / "index.html", *written]


def _write_playbooks(
    gradebook: Gradebook,
    reading: Reading,
    folder: Path,
    outline: Sequence[Mapping[str, Any]],
    progress: Progress,
) -> dict[str, str]:
    from urllib.parse import quote

    from playbook.exercises.city_playbook import page
    from playbook.exercises.compose import compose, sections

    links: dict[str, str] = {}
    count = len(list(reading.chosen.trainees))
    chosen = (one for one in each_standing(gradebook, reading.policy, reading.roster) if one.exercise)
    for number, (trainee, own) in enumerate(itertools.groupby(chosen, lambda one: one.trainee), 1):
        answers = _answers(gradebook, list(own))
        case = _case(reading, trainee)
        if answers and case is not None:
            composed = compose(reading.own_name(trainee), case, sections(answers, outline, case))
            write_whole(folder / f"{trainee}.html", [page(composed)])
            links[trainee] = f"{PLAYBOOKS}/{quote(trainee)}.html"
        progress("writing City Playbooks", number, count)
    return links


def _answers(gradebook: Gradebook, own: Sequence[Standing]) -> dict[str, Any]:
    """Graded answers for the City Playbook, by exercise and question."""
    return {
        data["exercise"]: {
            one["question"]: {
                "answer": one.get("answer"),
                "outcome": one["outcome"],
                "unit": one.get("unit", ""),
            }
            for one in data["questions"]
        }
        for _one, data in results_of(gradebook, [one for one in own if one.status == GRADED])
    }


def _case(reading: Reading, trainee: str) -> Case | None:
    """The trainee's own case: the roster's, else the one that was graded last; None where it has gone."""
    enrolled = reading.people.get(trainee)
    cities = [one.city for one in reading.chosen.of(trainee) if one.city]
    try:
        if enrolled and enrolled.city:
            return find_case(enrolled.city)
        return load_case(cities[-1]) if cities else None
    except PlaybookError:
        return None
