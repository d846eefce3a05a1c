"""Commands over the gradebook: feedback for trainees, a report on the cohort, sheets for other programs."""

from __future__ import annotations

import contextlib
import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook.cli.grading import (
    GRADEBOOK,
    Address,
    AsJson,
    Masters,
    Policy,
    RosterFile,
    check_ending,
    check_policy,
    open_gradebook,
    take_roster,
)
from playbook.progress import progress_bar

if TYPE_CHECKING:
    from playbook.authoring.master import Master
    from playbook.gradebook.gradebook import Gradebook


def feedback(
    trainees: Annotated[
        list[str] | None, typer.Argument(help="Trainees, by id or name; default everyone.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the pages.")] = Path("feedback"),
    gradebook: Address = GRADEBOOK,
    roster: RosterFile = None,
    attempt: Policy = "last",
    jobs: Annotated[int, typer.Option(min=1, help="Processes that write side by side.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Write a page for each trainee: their notebooks, each question's outcome and hint, what to look at next.

    A page is one HTML file that needs no other and runs nothing. It holds no solution and nothing about the
    unseen case. Printed, it is one to three sheets: what is still open, without the notebooks.

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
            jobs,
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
    pages: Annotated[
        Path, typer.Option("--feedback", help="Folder of the feedback pages that the report links to.")
    ] = Path("feedback"),
    masters: Masters = None,
    help_taken: Annotated[
        bool,
        typer.Option("--help-taken", help="Only print how much help each trainee took; it is in no mark."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the Monday sheet: what to teach again, whom to visit, whom to pair, what changed; and the cohort behind it.

    The first page is the sheet. Then come trainees and exercises by team, questions, wrong answers, time and
    attempts. The gradebook keeps what a report said, so that the next one tells what has changed.

    Example: playbook report --title "Spring 2026" --out report.html
    """
    from playbook.desk.analysis import analyse
    from playbook.desk.monday import monday, pages_beside
    from playbook.desk.reading import read_cohort
    from playbook.desk.report import report_json, report_page

    check_policy(attempt)
    check_ending(out, ".html", ".htm")
    with _without_collector(), open_gradebook(gradebook) as book:
        take_roster(roster, book)
        if help_taken:
            _print_help_taken(book, as_json)
            return
        reading = read_cohort(book, attempt)
        analysis = analyse(book, attempt, idle_days, reading)
        links = pages_beside(out, pages, reading.trainees)
        sheet = monday(book, reading, analysis, _master_of(masters), links)
        if as_json:
            sys.stdout.writelines(report_json(analysis, sheet))
            print()
            return
        write_page(out, report_page(analysis, sheet, title), "report")
    print(f"The report on {_several(len(analysis.trainees), 'trainee')} is in {out}")
    if analysis.trainees and not links:
        print(f"It links to no feedback page: none is in {pages}/. `playbook feedback` writes them.")


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Hundreds of thousands of rows pass through and hardly one is in a circle: looking for circles only takes time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _several(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _master_of(folder: Path | None) -> Callable[[str], Master | None]:
    """Gives an exercise's master, or None where there is none here."""
    from playbook.authoring.master import find_masters
    from playbook.errors import PlaybookError

    def master_of(exercise: str) -> Master | None:
        try:
            return next((one for one in find_masters(folder, [exercise]) if one.id == exercise), None)
        except PlaybookError:
            return None

    return master_of


def write_page(path: Path, parts: Iterable[str], what: str) -> None:
    """Write a page's parts in one step; `what` it is stands in the error."""
    from playbook.errors import PlaybookError
    from playbook.places import write_whole

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, parts)
    except OSError as error:
        raise PlaybookError(
            f"the {what} can't be written: {error.strerror}", where=str(path), remedy="check the folder"
        ) from None


def _print_help_taken(book: Gradebook, as_json: bool) -> None:
    from playbook.desk.help_taken import WORDS
    from playbook.desk.help_taken import help_taken as taken

    rows = taken(book)
    if as_json:
        print(json.dumps({"schema": 1, "help_taken": [one.as_dict() for one in rows]}, ensure_ascii=False))
        return
    chapters = {one.id: f"Chapter {one.chapter} · {one.title}" for one in book.exercises()}
    titles = book.titles()
    for one in rows:
        where = chapters.get(one.exercise, one.exercise)
        question = titles.get((one.exercise, one.question)) or one.question
        print(
            f"{one.name} · {where} · {question}: {_several(one.tries, 'wrong try', 'wrong tries')}, {WORDS[one.help]}"
        )
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
