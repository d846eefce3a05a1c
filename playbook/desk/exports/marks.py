"""Marks as CSV, a line for each trainee and exercise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playbook.clock import as_iso
from playbook.desk.exports.cohort import Cohort
from playbook.desk.exports.csv_text import write_csv
from playbook.gradebook.result import GRADED

COLUMNS = ("trainee", "name", "exercise", "status", "points", "max_points", "share", "city", "attempt", "attempts", "received", "due", "late", "reason")  # fmt: skip


def marks_csv(cohort: Cohort) -> Iterator[str]:
    """Lines of the sheet."""
    return write_csv(COLUMNS, marks_rows(cohort))


def marks_rows(cohort: Cohort) -> Iterator[dict[str, Any]]:
    """A row for each trainee and exercise; who is on the roster and handed nothing in has rows too."""
    roster = cohort.roster
    there = {(one.trainee, one.exercise): one for one in cohort.chosen}
    missing = [
        (roster.id_of(one.id), exercise)
        for one in roster.trainees
        for exercise in cohort.exercises
        if (roster.id_of(one.id), exercise) not in there
    ]
    for trainee, exercise in sorted([*there, *missing]):
        one = there.get((trainee, exercise))
        enrolled = roster.find(trainee)
        row = dict.fromkeys(COLUMNS, "")
        row |= {"trainee": trainee, "name": enrolled.name if enrolled else "", "exercise": exercise}
        if one is None:
            due = enrolled.due_for(exercise) if enrolled else None
            row |= {"status": "not handed in", "attempts": 0, "due": as_iso(due)}
        else:
            row |= {name: getattr(one, name) for name in ("status", "city", "attempts", "late", "reason")}
            row |= {"attempt": one.number, "received": as_iso(one.received), "due": as_iso(one.due)}
            if one.status == GRADED:
                row |= {
                    "points": one.points,
                    "max_points": one.max_points,
                    "share": round(one.share, 4),
                }
        yield row
