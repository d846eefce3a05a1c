"""A summary in Markdown for GitHub's step page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from playbook.desk.exports.cohort import Cohort
from playbook.errors import PlaybookError
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing

#: What GitHub takes as the summary of one step, in bytes; more makes it drop the whole summary.
SUMMARY_BYTES = 1024 * 1024


def summary(cohort: Cohort) -> Iterator[str]:
    """The summary of a cohort, in one piece."""
    yield step_summary(cohort.chosen)


def add_to_step_page(page: Path, chosen: Sequence[Standing]) -> None:
    """Add a summary to the page that GitHub shows for a step, as far as there is room on it.

    Raises:
        PlaybookError: the page can't be written.
    """
    try:
        used = page.stat().st_size if page.exists() else 0
        with page.open("a", encoding="utf-8") as file:
            file.write(step_summary(chosen, max(SUMMARY_BYTES - used, 0)))
    except OSError as error:
        raise PlaybookError(
            f"the step page can't be written: {error.strerror}",
            where=str(page),
            remedy="name a file with --out",
        ) from None


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
