"""Commands over grading: mark submissions, keep the gradebook, report."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from playbook.cli.progress import progress_bar

Submissions = Annotated[Path, typer.Argument(help="A folder or zip of hand-ins, or one notebook.")]


def grade(
    submissions: Submissions,
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("results"),
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks that run side by side.")] = 2,
    roster: Annotated[Path | None, typer.Option(help="roster.csv: id, name, city.")] = None,
    fail_under: Annotated[
        float | None, typer.Option(help="Exit with 1 if a submission has fewer points.")
    ] = None,
    exercises: Annotated[Path | None, typer.Option(help="Folder of masters; default the course's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Grade hand-ins: run each on its own city and on an unseen one, and mark the answers outside.

    Exits with 0 if all were graded, 2 if some could not be, 1 below --fail-under.

    Example: playbook grade submissions/ --out results --jobs 4
    """
    from playbook.exercises.master import find_masters
    from playbook.grading.grade import below, grade_all, instructor_secret, masters_by_id, write_results
    from playbook.grading.kernel_runner import KernelRunner
    from playbook.grading.marker import Marker
    from playbook.grading.result import GRADED
    from playbook.grading.roster import read_roster
    from playbook.grading.submission import read_submissions

    masters = masters_by_id(find_masters(exercises))
    handed_in = read_submissions(submissions, masters)
    enrolled = read_roster(roster) if roster else None
    with tempfile.TemporaryDirectory(prefix="playbook-grade-") as folder, progress_bar() as progress:
        marker = Marker(masters, instructor_secret(), Path(folder), roster=enrolled)
        results = grade_all(handed_in, marker, KernelRunner(), jobs=jobs, progress=progress)
    write_results(results, out)
    if as_json:
        print(json.dumps([graded.as_dict() for graded in results], ensure_ascii=False))
    else:
        _print_results(results, out)
    if any(graded.status != GRADED for graded in results):
        raise typer.Exit(2)
    if fail_under is not None and below(results, fail_under):
        raise typer.Exit(1)


def _print_results(results: list, out: Path) -> None:
    from playbook.grading.result import GRADED

    console = Console()
    table = Table(
        "trainee", "exercise", "city", "points", "passed", "partial", "failed", "errored", "not answered"
    )
    for graded in results:
        outcomes = [question.result.outcome for question in graded.questions]
        counts = [
            str(outcomes.count(name) or "")
            for name in ("passed", "partial", "failed", "errored", "unattempted")
        ]
        points = f"{graded.points:g} of {graded.max_points:g}" if graded.status == GRADED else "not graded"
        table.add_row(graded.trainee, graded.exercise, graded.case, points, *counts)
    console.print(table)
    for graded in results:
        for note in graded.notes:
            console.print(f"note: {graded.trainee} {graded.exercise}: {note}", highlight=False, markup=False)
        if graded.status != GRADED:
            console.print(
                f"not graded: {graded.trainee} {graded.source}: {graded.reason}",
                highlight=False,
                markup=False,
            )
    done = sum(graded.status == GRADED for graded in results)
    console.print(f"{done} of {len(results)} graded. Results in {out}/", highlight=False)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(grade)
