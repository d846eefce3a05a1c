"""Commands that mark: grade hand-ins, and grade them again when a master was mended."""

from __future__ import annotations

import contextlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from playbook.progress import progress_bar

if TYPE_CHECKING:
    from playbook.cases.roster import Roster
    from playbook.gradebook.gradebook import Gradebook
    from playbook.gradebook.standing import Standing
    from playbook.grading.grade import Tally
    from playbook.grading.regrade import Change

Address = Annotated[
    str, typer.Option("--gradebook", help="File of the gradebook (SQLite), or a database's URL.")
]
Jobs = Annotated[int, typer.Option(min=1, help="Notebooks that run side by side.")]
RosterFile = Annotated[
    Path | None, typer.Option("--roster", help="roster.csv: id, name, city, due, extension. Kept for later.")
]
Policy = Annotated[str, typer.Option("--attempt", help="Which attempt counts: last or best.")]
Masters = Annotated[Path | None, typer.Option("--exercises", help="Folder of masters; default the course's.")]
RunnerName = Annotated[
    str, typer.Option("--runner", help="warm (sandboxed) or kernel (a fresh one each, no sandbox).")
]
Sandbox = Annotated[
    bool | None,
    typer.Option("--require-sandbox/--no-require-sandbox", help="Refuse to run without one; default in CI."),
]
KeepOutput = Annotated[
    bool, typer.Option("--keep-output", help="Keep what each notebook showed, for feedback pages. Slower.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
GRADEBOOK = "results/gradebook.sqlite"
#: Rows of a table that a person reads on a screen, and lines of a list.
_ROWS, _LINES = 40, 20


def open_gradebook(address: str, must_exist: bool = True) -> Gradebook:
    """The gradebook; one that is only read has to be there."""
    from playbook.errors import PlaybookError
    from playbook.gradebook.gradebook import Gradebook

    if must_exist and "://" not in address and not Path(address).is_file():
        raise PlaybookError(
            "there is no gradebook", where=address, remedy="grade first, or name it with --gradebook"
        )
    return Gradebook(address)


def check_policy(policy: str) -> None:
    """Stop at a word that is no policy."""
    from playbook.errors import PlaybookError
    from playbook.gradebook.standing import POLICIES

    if policy not in POLICIES:
        raise PlaybookError(f"--attempt {policy!r} is not known", remedy=f"use {' or '.join(POLICIES)}")


def take_roster(path: Path | None, gradebook: Gradebook, exercises: list[str] | None = None) -> Roster:
    """The roster of this call, kept in the gradebook; without one, the roster that was kept last."""
    from playbook.cases.roster import read_roster

    if path is None:
        return gradebook.roster()
    roster = read_roster(path, exercises or ())
    gradebook.keep_roster(roster)
    return roster


def _beside(out: Path, address: str) -> str:
    """The gradebook stands among the results unless another place was named."""
    return str(out / "gradebook.sqlite") if address == GRADEBOOK else address


def grade(
    submissions: Annotated[Path, typer.Argument(help="A folder or zip of hand-ins, or one notebook.")],
    out: Annotated[Path, typer.Option(help="Folder for the result files.")] = Path("results"),
    gradebook: Address = GRADEBOOK,
    jobs: Jobs = 2,
    roster: RosterFile = None,
    attempt: Policy = "last",
    fail_under: Annotated[
        float | None, typer.Option(help="Exit with 1 if a trainee has fewer points in an exercise.")
    ] = None,
    keep_output: KeepOutput = False,
    runner: RunnerName = "",
    require_sandbox: Sandbox = None,
    exercises: Masters = None,
    as_json: AsJson = False,
) -> None:
    """Grade hand-ins: run each on its own city and on an unseen one, and mark the answers outside.

    Every attempt and every mark is kept. What was graded before is not run again; what could not be graded
    is tried again. A call that was stopped goes on where it was, when you call it again.
    Exits with 0 if all were graded, 2 if some could not be, 1 below --fail-under.

    Example: playbook grade submissions/ --roster roster.csv --jobs 4
    """
    from playbook.running.choose import open_runner
    from playbook.submissions.sources import check_source

    check_source(submissions)
    # The runner gets ready during the imports that follow.
    with open_runner(runner, require_sandbox, keep_output) as (running, warning):
        from playbook.authoring.master import find_masters
        from playbook.desk.exports.result_files import write_results
        from playbook.gradebook.result import GRADED
        from playbook.gradebook.standing import standings
        from playbook.grading.grade import grade_pending, masters_by_id, plan_grading
        from playbook.grading.marker import Marker
        from playbook.grading.prepared import remove_old
        from playbook.places import cache_folder, instructor_secret
        from playbook.submissions.hand_in import find_hand_ins

        check_policy(attempt)
        masters = masters_by_id(find_masters(exercises))
        gradebook = _beside(out, gradebook)
        secret = instructor_secret()
        with open_gradebook(gradebook, must_exist=False) as book:
            enrolled = take_roster(roster, book, list(masters))
            book.keep_exercises(masters.values())
            hand_ins = find_hand_ins(submissions, masters, book.facts().get)
            marker = Marker(masters, secret, cache_folder("prepared"), roster=enrolled, figures=keep_output)
            plan = plan_grading(hand_ins, book, marker)
            if plan.pending:
                with progress_bar(lines=True) as progress:
                    _warn(warning())
                    with _stopping():
                        grade_pending(plan, book, marker, running, jobs=jobs, progress=progress)
            tally = plan.tally
            pairs = {(enrolled.id_of(one.trainee), one.exercise) for one in hand_ins}
            chosen = [one for one in standings(book, attempt) if (one.trainee, one.exercise) in pairs]
            write_results(book, chosen, out)
            remove_old(cache_folder("prepared"))
            if as_json:
                _print_json(tally, chosen, book, gradebook)
            else:
                _print_tally(tally, chosen, book, out)
    if tally.refused:
        raise typer.Exit(2)
    if fail_under is not None and any(one.status == GRADED and one.points < fail_under for one in chosen):
        raise typer.Exit(1)


def regrade(
    exercises: Annotated[
        list[str] | None, typer.Argument(help="Exercises, by id or its beginning (`03`); default all.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Let the new marks stand; the old are kept.")
    ] = False,
    gradebook: Address = GRADEBOOK,
    out: Annotated[Path, typer.Option(help="Folder for the result files.")] = Path("results"),
    jobs: Jobs = 2,
    roster: RosterFile = None,
    attempt: Policy = "last",
    keep_output: KeepOutput = False,
    runner: RunnerName = "",
    require_sandbox: Sandbox = None,
    masters: Annotated[Path | None, typer.Option(help="Folder of masters; default the course's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show whose marks would change after a master was mended, by how much and why; --apply lets them.

    Hand-ins are run again from the gradebook; the folder they came from is not needed. Without --apply
    nothing is written.

    Example: playbook regrade 03, then playbook regrade 03 --apply
    """
    from playbook.authoring.master import find_masters
    from playbook.cases.roster import read_roster
    from playbook.desk.exports.result_files import write_results
    from playbook.gradebook.standing import standings
    from playbook.grading.grade import masters_by_id
    from playbook.grading.marker import Marker
    from playbook.grading.regrade import regrade_all
    from playbook.places import cache_folder, instructor_secret
    from playbook.running.choose import open_runner

    check_policy(attempt)
    chosen_masters = masters_by_id(find_masters(masters, exercises or ()))
    with open_gradebook(_beside(out, gradebook)) as book:
        enrolled = read_roster(roster, ()) if roster else book.roster()
        if apply and roster:
            book.keep_roster(enrolled)
        marker = Marker(
            chosen_masters,
            instructor_secret(),
            cache_folder("prepared"),
            roster=enrolled,
            figures=keep_output,
        )
        with (
            open_runner(runner, require_sandbox, keep_output) as (running, warning),
            progress_bar(lines=True) as progress,
        ):
            _warn(warning())
            changes = regrade_all(book, marker, running, apply=apply, jobs=jobs, progress=progress)
        if apply:
            touched = {(change.trainee, change.exercise) for change in changes}
            write_results(
                book, [one for one in standings(book, attempt) if (one.trainee, one.exercise) in touched], out
            )
    if as_json:
        print(
            json.dumps({"applied": apply, "changes": [one.as_dict() for one in changes]}, ensure_ascii=False)
        )
    else:
        _print_changes(changes, apply)
    if any(one.reason for one in changes):
        raise typer.Exit(2)


@contextlib.contextmanager
def _stopping() -> Iterator[None]:
    """Say at Ctrl+C what is safe."""
    try:
        yield
    except KeyboardInterrupt:
        _warn("Stopped. What was graded is kept; the same command goes on from there.")
        raise typer.Exit(130) from None


def _warn(warning: str) -> None:
    if warning:
        Console(stderr=True).print(warning, style="yellow", highlight=False, soft_wrap=True)


def _print_json(tally: Tally, chosen: list[Standing], book: Gradebook, address: str) -> None:
    from playbook.gradebook.standing import results_of

    head = {
        "gradebook": address,
        "graded": tally.graded + tally.elsewhere,
        "unchanged": tally.unchanged,
        "outdated": {"attempts": tally.outdated_attempts, "because": tally.outdated},
        "not_graded": [
            {"trainee": one.trainee, "exercise": one.exercise, "source": one.source, "reason": reason}
            for one, reason in tally.refused
        ],
        "seconds": round(tally.seconds, 3),
    }
    sys.stdout.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "results": [')
    for place, (_, data) in enumerate(results_of(book, chosen)):
        sys.stdout.write((", " if place else "") + json.dumps(data, ensure_ascii=False))
    sys.stdout.write("]}\n")


def _print_tally(tally: Tally, chosen: list[Standing], book: Gradebook, out: Path) -> None:
    from playbook.gradebook.standing import results_of

    console = Console()
    console.print(_by_trainee(chosen, book) if len(chosen) <= _ROWS else _by_exercise(chosen))
    lines = [
        f"not graded: {one.trainee} {one.exercise} ({one.source}): {reason}" for one, reason in tally.refused
    ]
    if len(chosen) <= _ROWS:
        for one, data in results_of(book, chosen):
            lines += [f"note: {one.trainee} {one.exercise}: {note}" for note in data["notes"]]
    for line in lines[:_LINES]:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if len(lines) > _LINES:
        console.print(f"… and {len(lines) - _LINES} more; `playbook export` lists all.", highlight=False)
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
    if again:
        table.add_column("attempt")
    for one in chosen:
        own = Counter(outcomes.get(one.mark or 0, []))
        points = f"{one.points:g} of {one.max_points:g}" if one.status == GRADED else "not graded"
        answers = ", ".join(f"{count} {look_of(Outcome(name)).marked}" for name, count in own.most_common())
        number = f"{one.number} of {one.attempts}{', late' if one.late else ''}"
        row = (escape(one.trainee), one.exercise, one.city, points, answers, number)
        table.add_row(*row[: 6 if again else 5])
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


def _print_changes(changes: list[Change], applied: bool) -> None:
    console = Console()
    moved = [one for one in changes if one.moves]
    if moved:
        table = Table("trainee", "exercise", "before", "after", "change", "questions", "because of")
        for one in moved[: 5 * _ROWS]:
            difference = f"{one.after - one.before:+g}"
            row = (f"{one.before:g}", f"{one.after:g}", difference, "; ".join(one.questions))
            table.add_row(escape(one.trainee), one.exercise, *row, ", ".join(one.because))
        console.print(table)
    for one in [one for one in changes if one.reason][:_LINES]:
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


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(grade)
    app.command()(regrade)
