"""What `playbook grade` and `playbook regrade` print: tables, lines and JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

if TYPE_CHECKING:
    from playbook.gradebook.gradebook import Gradebook
    from playbook.gradebook.standing import Standing
    from playbook.grading.grade import Tally
    from playbook.grading.regrade import Change
    from playbook.submissions.hand_in import Found

#: Rows of a table that a person reads on a screen, and lines of a list.
ROWS, LINES = 40, 20
#: Files of one kind that are named one by one.
_FEW = 3


def files_in_words(found: Found) -> list[str]:
    """A line for each file that is held or passed over; many of one kind in one place make one line."""
    from playbook.submissions.archives import is_archive

    lines = list(found.remarks)
    for one in found.held:
        people = f"; it may be from {', '.join(one.candidates)}" if one.candidates else ""
        lines.append(f"held: {one.source}: {one.why}{people}")
    groups: dict[tuple[str, str, bool, str], list[str]] = {}
    for other in found.passed:
        if not other.nobodys:
            place = other.source.rpartition("/")[0].partition("/")[0]
            alone = other.source if is_archive(other.source) or not place else place
            whose = (other.trainee or alone) if other.left else ""
            groups.setdefault((place, other.reason, other.left, whose), []).append(other.source)
    for (place, reason, left, _whose), files in sorted(groups.items(), key=lambda one: not one[0][2]):
        what = "left without a hand-in" if left else "passed over"
        if len(files) <= _FEW:
            lines += [f"{what}: {file}: {reason}" for file in files]
        else:
            lines.append(f"{what}: {len(files)} files in {place or 'the folder itself'}: {reason}")
    nobodys = sum(one.nobodys for one in found.passed)
    if nobodys:
        lines.append(f"passed over: {nobodys} that programs leave behind, such as ._* and .ipynb_checkpoints")
    return lines


def print_lines(console: Console, lines: list[str]) -> None:
    """The first lines of a list, and how many there are more."""
    for line in lines[:LINES]:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if len(lines) > LINES:
        console.print(
            f"… and {len(lines) - LINES} more; --json, `--dry-run` and `playbook export` list all.",
            highlight=False,
        )


def warn(warning: str) -> None:
    """A warning on stderr, if there is one."""
    if warning:
        Console(stderr=True).print(warning, style="yellow", highlight=False, soft_wrap=True)


def print_json(
    tally: Tally, found: Found, chosen: list[Standing], book: Gradebook, address: str, unwritten: list[str]
) -> None:
    """What became of a call's hand-ins and every result, as one line of JSON."""
    from playbook.gradebook.standing import results_of

    head = {
        "gradebook": address,
        "graded": tally.graded + tally.elsewhere,
        "unchanged": tally.unchanged,
        "outdated": {"attempts": tally.outdated_attempts, "because": tally.outdated},
        "not_graded": [
            {
                "trainee": one.trainee,
                "exercise": one.exercise,
                "source": one.source,
                "reason": reason,
                "remedy": tally.remedies.get(one.source, ""),
            }
            for one, reason in tally.refused
        ],
        "held": [
            {
                "source": one.source,
                "exercise": one.exercise,
                "why": one.why,
                "candidates": list(one.candidates),
            }
            for one in found.held
        ],
        "passed_over": [
            {"source": one.source, "reason": one.reason, "trainee": one.trainee, "left": one.left}
            for one in found.passed
        ],
        "remarks": list(found.remarks),
        "not_written": unwritten,
        "seconds": round(tally.seconds, 3),
    }
    sys.stdout.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "results": [')
    for place, (_, data) in enumerate(results_of(book, chosen)):
        sys.stdout.write((", " if place else "") + json.dumps(data, ensure_ascii=False))
    sys.stdout.write("]}\n")


def print_tally(
    tally: Tally, found: Found, chosen: list[Standing], book: Gradebook, out: Path, unwritten: list[str]
) -> None:
    """What became of a call's hand-ins, for people."""
    from playbook.gradebook.standing import results_of

    console = Console()
    console.print(_by_trainee(chosen, book) if len(chosen) <= ROWS else _by_exercise(chosen))
    lines = files_in_words(found)
    lines += [f"not written: {line}" for line in unwritten]
    for one, reason in tally.refused:
        remedy = tally.remedies.get(one.source, "")
        said = f"{reason}. {remedy}" if remedy else reason
        lines.append(f"not graded: {one.trainee} {one.exercise} ({one.source}): {said}")
    if len(chosen) <= ROWS:
        for one, data in results_of(book, chosen):
            lines += [f"note: {one.trainee} {one.exercise}: {note}" for note in data["notes"]]
    else:  # of a cohort, what is for its instructor alone: the same bytes from two, a name of another's
        lines += [f"note: {one.trainee} {one.exercise}: {words}" for one in chosen for words in one.remarks]
    print_lines(console, lines)
    if tally.outdated:
        because = ", ".join(f"{words} ({count})" for words, count in tally.outdated.items())
        console.print(
            f"{tally.outdated_attempts} marks stand from before: {because}. "
            "`playbook regrade` shows what would change.",
            highlight=False,
            soft_wrap=True,
        )
    rate = f", {tally.graded / tally.seconds:.1f} a second" if tally.graded and tally.seconds > 0.1 else ""
    counts = [
        f"{tally.graded} graded",
        f"{tally.unchanged + tally.outdated_attempts} already graded",
        f"{tally.elsewhere} graded by another grader" if tally.elsewhere else "",
        f"{len(tally.refused)} not graded",
        f"{len(found.held)} held (--dry-run writes the map that settles them)" if found.held else "",
        f"{len(found.people_left)} left without a hand-in" if found.left else "",
    ]
    console.print(
        f"{', '.join(filter(None, counts))} in {tally.seconds:.1f} s{rate}. Results in {out}/",
        highlight=False,
        soft_wrap=True,
    )


def _by_trainee(chosen: list[Standing], book: Gradebook) -> Table:
    from playbook.exercises.outcomes import Outcome, look_of
    from playbook.gradebook.result import GRADED

    outcomes: dict[int, list[str]] = {}
    for question in book.questions(one.mark for one in chosen if one.mark is not None):
        outcomes.setdefault(question.mark, []).append(question.outcome)
    again = any(one.attempts > 1 or one.late for one in chosen)
    table = Table("trainee", "exercise", "city", Column("points", no_wrap=True), "answers")
    coded = any(one.codes for one in chosen)
    if again:
        table.add_column("attempt")
    if coded:
        table.add_column("code", no_wrap=True)
    for one in chosen:
        own = Counter(outcomes.get(one.mark or 0, []))
        points = f"{one.points:g} of {one.max_points:g}" if one.status == GRADED else "not graded"
        answers = ", ".join(f"{count} {look_of(Outcome(name)).marked}" for name, count in own.most_common())
        number = f"{one.number} of {one.attempts}{', late' if one.late else ''}"
        row = [escape(one.trainee), one.exercise, one.city, points, answers]
        row += [number] if again else []
        row += [one.codes[-1] if one.codes else ""] if coded else []
        table.add_row(*row)
    return table


def _by_exercise(chosen: list[Standing]) -> Table:
    from statistics import median

    from playbook.gradebook.result import GRADED

    table = Table("exercise", "trainees", "graded", "median points", "of", "late")
    for exercise in sorted({one.exercise for one in chosen}):
        own = [one for one in chosen if one.exercise == exercise]
        done = [one for one in own if one.status == GRADED]
        points = f"{median(one.points for one in done):g}" if done else ""
        most = f"{max(one.max_points for one in done):g}" if done else ""
        late = str(sum(one.late for one in own) or "")
        table.add_row(exercise or "unknown", str(len(own)), str(len(done)), points, most, late)
    return table


def print_changes(changes: list[Change], applied: bool) -> None:
    """Whose marks change, by how much and why."""
    console = Console()
    moved = [one for one in changes if one.moves]
    if moved:
        table = Table("trainee", "exercise", "before", "after", "change", "questions", "because of")
        for one in moved[: 5 * ROWS]:
            difference = f"{one.after - one.before:+g}"
            row = (f"{one.before:g}", f"{one.after:g}", difference, "; ".join(one.questions))
            table.add_row(escape(one.trainee), one.exercise, *row, ", ".join(one.because))
        console.print(table)
    for one in [one for one in changes if one.reason][:LINES]:
        console.print(
            f"could not be run again: {one.trainee} {one.exercise}: {one.reason}; its mark stands",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    up, down = (sum(one.after > one.before for one in moved), sum(one.after < one.before for one in moved))
    console.print(
        f"{len(changes)} marks are outdated; {len(moved)} of them change: {up} up, {down} down.",
        highlight=False,
    )
    if applied:
        console.print("The new marks stand now; the old ones are kept beside them.")
    elif changes:
        console.print("Nothing was written. To let the new marks stand: playbook regrade … --apply")
