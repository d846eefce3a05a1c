"""The first page of a report: what to teach again, whom to visit, whom to put together, what changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, overload

from playbook.desk.analysis import Analysis
from playbook.desk.changes import Changes, compare_and_keep
from playbook.desk.did import Trouble
from playbook.desk.lessons import Lesson, left_open, lessons
from playbook.desk.pairs import Pair, pairs
from playbook.desk.reading import Reading
from playbook.desk.stands import Stand
from playbook.desk.visits import DONE_SHARE, Visit, share_of
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED

if TYPE_CHECKING:
    from playbook.authoring.master import Master


@dataclass(frozen=True)
class Cell:
    """Where a trainee stands in an exercise.

    Attributes:
        state: `done`, `below`, `not graded` or `missing`; late: it came after it was due.
        share: of its points; None where there is no mark.
        page: the trainee's feedback page as seen from the report; empty where there is none.
    """

    state: str
    share: float | None = None
    points: float = 0.0
    max_points: float = 0.0
    attempts: int = 0
    late: bool = False
    page: str = ""


@dataclass(frozen=True)
class Row:
    """A trainee's line: a cell for each exercise that somebody handed in; no share where nothing is graded."""

    trainee: str
    name: str
    city: str
    share: float | None
    cells: tuple[Cell, ...]


class Rows(Sequence[Row]):
    """A team's lines, the fewest points first; each is made when it is asked for.

    Args:
        trainees: whose lines they are.
        pages: feedback pages as seen from the report, by trainee.
    """

    def __init__(self, reading: Reading, trainees: Sequence[str], pages: Mapping[str, str]) -> None:
        self._reading, self._pages = reading, pages
        shares = {trainee: share_of(reading.chosen.of(trainee)) for trainee in trainees}
        self._trainees = sorted(trainees, key=lambda one: (shares[one] or 0.0, one))

    def __len__(self) -> int:
        return len(self._trainees)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self._row(one) for one in self._trainees[place]]
        return self._row(self._trainees[place])

    def _row(self, trainee: str) -> Row:
        reading, own = self._reading, self._reading.chosen.of(trainee)
        enrolled, page = reading.people.get(trainee), self._pages.get(trainee, "")
        there = {one.exercise: one for one in own}
        return Row(
            trainee=trainee,
            name=reading.name(trainee),
            city=next((one.city for one in own if one.city), enrolled.city if enrolled else ""),
            share=share_of(own),
            cells=tuple(_cell(there.get(exercise), page) for exercise in reading.chosen.exercises),
        )


@dataclass(frozen=True)
class Group:
    """A team with its lines; empty names where the roster gives none."""

    region: str
    team: str
    rows: Rows

    @property
    def called(self) -> str:
        """What the table calls it."""
        return " · ".join(part for part in (self.region, self.team) if part)


@dataclass(frozen=True)
class Monday:
    """The Monday sheet, and the table behind it.

    Attributes:
        left_open: questions that are no lesson for want of answers.
        left: names of those with hand-ins who are not on the roster; they are in the table alone.
    """

    lessons: tuple[Lesson, ...]
    left_open: tuple[Trouble, ...]
    visits: tuple[Visit, ...]
    pairs: tuple[Pair, ...]
    changes: Changes
    exercises: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    left: tuple[str, ...] = ()


def monday(
    gradebook: Gradebook,
    reading: Reading,
    analysis: Analysis,
    masters: Callable[[str], Master | None] = lambda exercise: None,
    pages: Mapping[str, str] | None = None,
) -> Monday:
    """Work the sheet out, and keep in the gradebook what it says, for the next one.

    Args:
        masters: gives an exercise's master, for the two-minute ways to teach.
        pages: feedback pages as seen from the report, by trainee.
    """
    taught = lessons(reading, analysis.troubles, masters, analysis.visits)
    again = [one.trouble for one in taught]
    return Monday(
        lessons=tuple(taught),
        left_open=tuple(left_open(analysis.troubles, again)),
        visits=analysis.visits,
        pairs=tuple(pairs(reading, again, analysis.visits)),
        changes=compare_and_keep(gradebook, reading, analysis.troubles, analysis.visits),
        exercises=tuple(
            (one.exercise, one.title) for one in analysis.chapters if one.done + one.below + one.not_graded
        ),
        groups=tuple(_groups(reading, pages or {})),
        left=tuple(reading.name(one) for one in sorted(reading.left)),
    )


def pages_beside(out: Path, folder: Path, trainees: Sequence[str]) -> dict[str, str]:
    """Feedback pages that are there, as a report in another folder links to them.

    Args:
        out: the report's file.
        folder: where `playbook feedback` wrote.
    """
    from urllib.parse import quote

    home = os.path.relpath(folder, out.parent).replace(os.sep, "/")
    there = {path.name for path in folder.glob("*.html")} if folder.is_dir() else set()
    return {one: f"{quote(home)}/{quote(one)}.html" for one in trainees if f"{one}.html" in there}


def _groups(reading: Reading, pages: Mapping[str, str]) -> list[Group]:
    members: dict[tuple[str, str], list[str]] = {}
    for trainee in reading.trainees:
        enrolled = reading.people.get(trainee)
        where = (enrolled.region, enrolled.team) if enrolled else ("", "")
        members.setdefault(where, []).append(trainee)
    return [
        Group(region, team, Rows(reading, trainees, pages))
        for (region, team), trainees in sorted(members.items())
    ]


def _cell(one: Stand | None, page: str) -> Cell:
    if one is None:
        return Cell("missing")
    link = f"{page}#exercise-{one.exercise}" if page else ""
    if one.status != GRADED:
        return Cell("not graded", attempts=one.attempts, late=one.late, page=link)
    state = "done" if one.share >= DONE_SHARE else "below"
    return Cell(state, one.share, one.points, one.max_points, one.attempts, one.late, link)
