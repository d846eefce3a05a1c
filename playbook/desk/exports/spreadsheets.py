"""Marks and questions as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from playbook.cases.roster import Roster
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, results_of, shown_time

_MARKS = ("trainee", "name", "exercise", "status", "points", "max_points", "share", "city", "attempt", "attempts", "received", "due", "late", "reason")  # fmt: skip
_QUESTIONS = ("trainee", "exercise", "question", "title", "outcome", "points", "max_points", "own", "unseen", "message", "hint")  # fmt: skip
#: What a spreadsheet takes for the beginning of a formula, in both widths.
_FORMULA = re.compile(r"^[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]")


def cell(value: Any) -> Any:
    """A value as it may stand in a sheet: a text that a spreadsheet would run as a formula gets a quote before it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and (_FORMULA.match(value) or value[:1] in ("\t", "\r", "\n")):
        return "'" + value
    return value


def write_csv(headings: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Lines of a CSV file: every text quoted, numbers as they are."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(headings)
    yield _taken(buffer)
    for row in rows:
        writer.writerow([cell(row[heading]) for heading in headings])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def marks_rows(
    chosen: Sequence[Standing], roster: Roster, exercises: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """A row for each trainee and exercise; who is on the roster and handed nothing in has rows too."""
    there = {(one.trainee, one.exercise): one for one in chosen}
    missing = [
        (roster.id_of(one.id), exercise)
        for one in roster.trainees
        for exercise in exercises
        if (roster.id_of(one.id), exercise) not in there
    ]
    for trainee, exercise in sorted([*there, *missing]):
        one = there.get((trainee, exercise))
        enrolled = roster.find(trainee)
        row = dict.fromkeys(_MARKS, "")
        row |= {"trainee": trainee, "name": enrolled.name if enrolled else "", "exercise": exercise}
        if one is None:
            due = enrolled.due_for(exercise) if enrolled else None
            row |= {"status": "not handed in", "attempts": 0, "due": shown_time(due)}
        else:
            row |= {name: getattr(one, name) for name in ("status", "city", "attempts", "late", "reason")}
            row |= {"attempt": one.number, "received": shown_time(one.received), "due": shown_time(one.due)}
            if one.status == GRADED:
                row |= {
                    "points": one.points,
                    "max_points": one.max_points,
                    "share": round(one.share, 4),
                }
        yield row


def marks_csv(chosen: Sequence[Standing], roster: Roster, exercises: Sequence[str]) -> Iterator[str]:
    """Marks as CSV, a line for each trainee and exercise."""
    return write_csv(_MARKS, marks_rows(chosen, roster, exercises))


def questions_csv(gradebook: Gradebook, chosen: Sequence[Standing]) -> Iterator[str]:
    """Every question's outcome as CSV, a line for each trainee and question."""
    rows = (
        {"trainee": one.trainee, "exercise": one.exercise, **question}
        for one, data in results_of(gradebook, chosen)
        for question in data["questions"]
    )
    return write_csv(_QUESTIONS, rows)
