"""Commands over the gradebook: feedback for trainees, a report on the cohort, sheets for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook.cli.grading import (
    GRADEBOOK,
    Address,
    AsJson,
    Policy,
    RosterFile,
    check_ending,
    check_policy,
    open_gradebook,
    take_roster,
)
from playbook.progress import progress_bar

if TYPE_CHECKING:
    from playbook.gradebook.gradebook import Gradebook


def feedback(
    trainees: Annotated[
        list[str] | None, typer.Argument(help="Trainees, by id or name; default everyone.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the pages.")] = Path("feedback"),
    gradebook: Address = GRADEBOOK,
    roster: RosterFile = None,
    attempt: Policy = "last",
    as_json: AsJson = False,
) -> None:
    """Write a page for each trainee: their notebooks, each question's outcome and hint, what to look at next.

    A page is one HTML file that needs no other and runs nothing. It holds no solution and nothing about the
    unseen case.

    Example: playbook feedback li-wei --out feedback
    """
    from playbook.desk.feedback import trainees_of, write_feedback

    check_policy(attempt)
    with open_gradebook(gradebook) as book, progress_bar() as progress:
        take_roster(roster, book)
        written = write_feedback(
            book,
            out,
            trainees_of(book, trainees or ()),
            attempt,
            progress,
        )
    if as_json:
        print(json.dumps({"pages": [str(path) for path in written]}, ensure_ascii=False))
    else:
        print(f"{len(written)} page{'' if len(written) == 1 else 's'} in {out}/")


def report(
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("results/report.html"),
    title: Annotated[str, typer.Option(help="The cohort's name, as the page's title.")] = "The cohort",
    gradebook: Address = GRADEBOOK,
    roster: RosterFile = None,
    attempt: Policy = "last",
    idle_days: Annotated[
        int, typer.Option(min=1, help="Days without a hand-in after which somebody has stopped.")
    ] = 14,
    help_taken: Annotated[
        bool,
        typer.Option("--help-taken", help="Only print how much help each trainee took; it is in no mark."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write one page about the cohort: points, chapters, questions, commonest wrong answers, who to talk to.

    Example: playbook report --title "Spring 2025" --out report.html
    """
    from playbook.desk.analysis import analyse
    from playbook.desk.report import report_data, report_page
    from playbook.errors import PlaybookError
    from playbook.places import write_whole

    check_policy(attempt)
    check_ending(out, ".html", ".htm")
    with open_gradebook(gradebook) as book:
        take_roster(roster, book)
        if help_taken:
            _print_help_taken(book, as_json)
            return
        analysis = analyse(book, attempt, idle_days)
    if as_json:
        print(json.dumps(report_data(analysis), ensure_ascii=False))
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, [report_page(analysis, title)])
    except OSError as error:
        raise PlaybookError(
            f"the report can't be written: {error.strerror}", where=str(out), remedy="check the folder"
        ) from None
    print(f"The report on {len(analysis.trainees)} trainees is in {out}")


def _print_help_taken(book: Gradebook, as_json: bool) -> None:
    from playbook.desk.help_taken import WORDS
    from playbook.desk.help_taken import help_taken as taken

    rows = taken(book)
    if as_json:
        print(json.dumps({"schema": 1, "help_taken": [one.as_dict() for one in rows]}, ensure_ascii=False))
        return
    for one in rows:
        print(f"{one.name} · {one.exercise} · {one.question}: {one.tries} wrong tries, {WORDS[one.help]}")
    if not rows:
        print("No notebook tells of a wrong try")
    print("As the notebooks tell it; it is in no mark.")


def receipt(
    code: Annotated[str, typer.Argument(help="The short code of a receipt, such as 7KQM-3XPD.")],
    gradebook: Address = GRADEBOOK,
    as_json: AsJson = False,
) -> None:
    """Answer "did you get my hand-in?": whose it is, when it was made, and what became of each of its notebooks.

    Capitals, blanks and the stroke do not matter.

    Example: playbook receipt 7KQM-3XPD
    """
    from playbook.desk.receipts import find_receipt, receipt_lines

    with open_gradebook(gradebook) as book:
        found = find_receipt(book, code)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for line in receipt_lines(found):
        print(line)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(feedback)
    app.command()(report)
    app.command()(receipt)
