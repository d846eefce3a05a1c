"""The first page of a report: what to teach again, whom to visit, whom to put together, what changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.desk.analysis import Analysis
from playbook.desk.changes import Changes, compare_and_keep
from playbook.desk.lessons import Lesson, lessons
from playbook.desk.pairs import Pair, pairs
from playbook.desk.reading import Reading
from playbook.desk.visits import DONE_SHARE, Visit
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, shown_time

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
    """A trainee's line: a cell for each exercise that somebody handed in."""

    trainee: str
    name: str
    city: str
    share: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """A team with its lines; empty names where the roster gives none."""

    region: str
    team: str
    rows: tuple[Row, ...]

    @property
    def called(self) -> str:
        """What the table calls it."""
        return " · ".join(part for part in (self.region, self.team) if part)


@dataclass(frozen=True)
class Monday:
    """The Monday sheet, and the table behind it."""

    lessons: tuple[Lesson, ...]
    visits: tuple[Visit, ...]
    pairs: tuple[Pair, ...]
    changes: Changes
    exercises: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        data = asdict(self)
        data["changes"]["since"] = shown_time(self.changes.since)
        for plain, group in zip(data["groups"], self.groups, strict=True):
            plain["called"] = group.called
        return data


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
        visits=analysis.visits,
        pairs=tuple(pairs(reading, again, analysis.visits)),
        changes=compare_and_keep(gradebook, reading, analysis.troubles, analysis.visits),
        exercises=tuple(
            (one.exercise, one.title) for one in analysis.chapters if one.done + one.below + one.not_graded
        ),
        groups=tuple(_groups(reading, pages or {})),
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
    exercises = sorted({one.exercise for one in reading.chosen})
    members: dict[tuple[str, str], list[Row]] = {}
    for trainee in reading.trainees:
        enrolled = reading.people.get(trainee)
        own = {one.exercise: one for one in reading.by_trainee.get(trainee, ())}
        won = sum(one.points for one in own.values())
        most = sum(one.max_points for one in own.values())
        row = Row(
            trainee=trainee,
            name=reading.name(trainee),
            city=next((one.city for one in own.values() if one.city), enrolled.city if enrolled else ""),
            share=won / most if most else 0.0,
            cells=tuple(_cell(own.get(exercise), pages.get(trainee, "")) for exercise in exercises),
        )
        where = (enrolled.region, enrolled.team) if enrolled else ("", "")
        members.setdefault(where, []).append(row)
    return [
        Group(region, team, tuple(sorted(rows, key=lambda row: (row.share, row.trainee))))
        for (region, team), rows in sorted(members.items())
    ]


def _cell(one: Standing | None, page: str) -> Cell:
    if one is None:
        return Cell("missing")
    link = f"{page}#exercise-{one.exercise}" if page else ""
    if one.status != GRADED:
        return Cell("not graded", attempts=one.attempts, late=one.late, page=link)
    state = "done" if one.share >= DONE_SHARE else "below"
    return Cell(state, one.share, one.points, one.max_points, one.attempts, one.late, link)
