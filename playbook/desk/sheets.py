"""The gradebook as sheets for other programs: CSV, and a summary for GitHub's step page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from playbook.cases.roster import Roster
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, results_of, shown_time

#: What GitHub takes as the summary of one step, in bytes; more makes it drop the whole summary.
SUMMARY_BYTES = 1024 * 1024
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


def step_summary(chosen: Sequence[Standing], room: int = SUMMARY_BYTES) -> str:
    """A Markdown page of at most `room` bytes: what was graded, by exercise and by trainee.

    Those who could not be graded come first. Empty where there is not even room for the sums.
    """
    done = [one for one in chosen if one.status == GRADED]
    lines = [
        "## Grading",
        "",
        f"{len(done)} of {len(chosen)} hand-ins that count are graded, {len(chosen) - len(done)} are not, "
        f"{sum(one.late for one in chosen)} are late.",
        "",
        "| Exercise | Trainees | Graded | Median points | Of |",
        "|---|---:|---:|---:|---:|",
    ]
    for exercise in sorted({one.exercise for one in chosen}):
        own = [one for one in chosen if one.exercise == exercise]
        graded = [one for one in own if one.status == GRADED]
        middle = f"{median(one.points for one in graded):g}" if graded else "–"
        most = f"{max(one.max_points for one in graded):g}" if graded else "–"
        lines.append(
            f"| {plain_markdown(exercise or 'unknown')} | {len(own)} | {len(graded)} | {middle} | {most} |"
        )
    rows = [
        f"| {plain_markdown(one.trainee)} | {plain_markdown(one.exercise)} | "
        + (
            f"{one.points:g} of {one.max_points:g}"
            if one.status == GRADED
            else f"not graded: {plain_markdown(one.reason)}"
        )
        + (" | late |" if one.late else " | |")
        for one in sorted(chosen, key=lambda one: (one.status == GRADED, one.trainee, one.exercise))
    ]
    lines += ["", "| Trainee | Exercise | Points | |", "|---|---|---|---|"]
    left = room - len("\n".join(lines).encode()) - 200  # room for the line that says how many are missing
    if left < 0:
        return ""
    kept = 0
    for row in rows:
        left -= len(row.encode()) + 1
        if left < 0:
            break
        kept += 1
    lines += rows[:kept]
    if kept < len(rows):
        lines += ["", f"… and {len(rows) - kept} more; the CSV of `playbook export` has all."]
    return "\n".join(lines) + "\n"


def plain_markdown(text: str) -> str:
    """Text that Markdown and HTML leave alone."""
    return re.sub(r"[^\w ,.\-]|_", lambda match: f"&#{ord(match[0])};", " ".join(text.split()))
