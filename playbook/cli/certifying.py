"""The command that certifies: gates, ladder, certificates, and the assessors' sheets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from playbook.cli.grading import (
    GRADEBOOK,
    Address,
    AsJson,
    Policy,
    RosterFile,
    check_policy,
    open_gradebook,
    take_roster,
)

if TYPE_CHECKING:
    from playbook.certifying.certificate import Cohort


def certify(
    trainees: Annotated[
        list[str] | None, typer.Argument(help="Trainees, by id or name; default everyone.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the pages.")] = Path("certificates"),
    gradebook: Address = GRADEBOOK,
    roster: RosterFile = None,
    reviews: Annotated[
        Path | None,
        typer.Option(help="CSV or xlsx of the company's reviews: person, quarter, rater, four numbers."),
    ] = None,
    marks: Annotated[Path | None, typer.Option(help="The table of the assessors' marks, filled in.")] = None,
    sheets: Annotated[
        Path | None, typer.Option(help="Write the assessors' sheets into this folder, and nothing else.")
    ] = None,
    attempt: Policy = "last",
    as_json: AsJson = False,
) -> None:
    """Say what each person may be appointed to, on which evidence, and what is missing.

    Each of four gates - results, process, team, strategy - is passed on its own evidence.

    The roster that you name says who is in the pool. These columns are read, and
    not kept: nominated, pool_quarters, from_outside, culture, red_line, team,
    bookings_10k.

    Name trainees to have theirs alone; the tables of the cohort stay as they are then.

    First the assessors' sheets: playbook certify --sheets sheets

    Example: playbook certify --roster roster.csv --reviews reviews.csv --marks sheets/marks.csv
    """
    from datetime import UTC, datetime

    from playbook.certifying.certificate import certify as certified
    from playbook.certifying.marks import people_in, read_marks
    from playbook.certifying.pages import write_certificates, write_sheets
    from playbook.certifying.people import people_of
    from playbook.certifying.reviews import read_reviews
    from playbook.clock import shown
    from playbook.desk.people import find_trainee

    check_policy(attempt)
    with open_gradebook(gradebook) as book:
        enrolled = take_roster(roster, book)
        there = {*book.trainees(), *(one.filed for one in enrolled.trainees)}
        cohort = certified(
            book,
            roster=enrolled,
            people=people_of(roster, enrolled),
            reviews=read_reviews(reviews, enrolled) if reviews else None,
            marks=read_marks(marks, enrolled) if marks else None,
            wanted=[find_trainee(name, there, enrolled) for name in trainees] if trainees else None,
            policy=attempt,
        )
    day = shown(datetime.now(UTC).timestamp()).partition(" ")[0]
    missing: list[str] = []
    if sheets:
        table, old = sheets / "marks.csv", (sheets / "marks.csv").exists()
        written = write_sheets(cohort, sheets, day)
        there = people_in(table, enrolled) if old else {one.person for one in cohort.certificates}
        missing = [one.name for one in cohort.certificates if one.person not in there]
    elif as_json:
        print(json.dumps(cohort.as_dict(), ensure_ascii=False))
        return
    else:
        written = write_certificates(cohort, out, day, not trainees)
    if as_json:
        told = {"pages": [str(path) for path in written], "without_lines": missing}
        print(json.dumps(told, ensure_ascii=False))
        return
    if not sheets:
        _print(cohort)
    print(f"{len(written)} file{'' if len(written) == 1 else 's'} in {sheets or out}/")
    if missing:
        print(
            f"{table} stays as it was and has no lines for {', '.join(missing)}: add three for each, or move it "
            "away and call this once more."
        )


def _print(cohort: Cohort) -> None:
    from playbook.certifying.gates import Status

    console = Console()
    table = Table("name", "level", "results", "process", "team", "strategy")
    for one in cohort.certificates:
        level = one.place.level.word + (f" ({one.place.outstanding})" if one.place.outstanding else "")
        table.add_row(escape(one.name), level, *(gate.status.word.partition(" ")[0] for gate in one.gates))
    console.print(table)
    console.print(" · ".join(status.word for status in Status), highlight=False)
    for one in cohort.certificates:
        said = one.place.refused or "; ".join(one.place.missing)
        if said:
            told = said if said.startswith(one.name) else f"{one.name}: {said}"
            console.print(told, highlight=False, markup=False, soft_wrap=True)
    for line in cohort.remarks:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add this module's command to the application."""
    app.command()(certify)
