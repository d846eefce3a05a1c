"""Commands of the desk: teams for their managers, what late means, notebooks that are alike, the debrief."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

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

#: Rows of a table that a person reads on a screen.
_ROWS = 60


def teams(
    out: Annotated[Path, typer.Option(help="Folder for the pages.")] = Path("teams"),
    gradebook: Address = GRADEBOOK,
    roster: RosterFile = None,
    attempt: Policy = "last",
    masters: Masters = None,
    as_json: AsJson = False,
) -> None:
    """Write a page for each team's manager: who is ready, nearly, not yet; each with the City Playbook.

    The roster's columns `team` and `region` say who belongs where. The pages name no wrong answer.

    Example: playbook teams --roster roster.csv --out teams
    """
    from playbook.desk.reading import read_cohort
    from playbook.desk.teams import STATES, write_teams
    from playbook.desk.teams import teams as teams_of

    check_policy(attempt)
    with open_gradebook(gradebook) as book:
        take_roster(roster, book)
        reading = read_cohort(book, attempt)
        found = teams_of(reading)
        if as_json:
            print(json.dumps({"schema": 1, "teams": [one.as_dict() for one in found]}, ensure_ascii=False))
            return
        from playbook.authoring.master import find_masters
        from playbook.authoring.release import describe

        with progress_bar() as progress:
            outline = [describe(one) for one in find_masters(masters)]
            written = write_teams(book, reading, out, outline, progress)
    console = Console()
    table = Table("team", *(Column(state, justify="right") for state in STATES))
    for team in found[:_ROWS]:
        table.add_row(escape(team.called), *(str(len(team.of(state))) for state in STATES))
    console.print(table)
    print(f"{len(written) - 1} page{'' if len(written) == 2 else 's'} in {out}/; begin with {written[0]}")


def late(
    folder: Annotated[
        Path, typer.Argument(help="The roster's folder, with late.csv or extensions.csv.")
    ] = Path("."),
    apply: Annotated[bool, typer.Option("--apply", help="Let both tables count from now on.")] = False,
    gradebook: Address = GRADEBOOK,
    roster: RosterFile = None,
    attempt: Policy = "last",
    as_json: AsJson = False,
) -> None:
    """Show whose points would change by the tables `late` and `extensions`, and why; --apply lets them count.

    `late.csv` has the columns exercise, days, keep: who is at most so many days late keeps that many per cent. An
    empty `days` is however late, an empty `exercise` is all. `extensions.csv` has id, exercise, until, reason.
    Without --apply nothing is written. What answers earned stays in the gradebook; without the tables it counts again.

    Example: playbook late course/, then playbook late course/ --apply
    """
    from playbook.desk.late_tables import apply as let_count
    from playbook.desk.late_tables import preview, read_late_tables

    check_policy(attempt)
    with open_gradebook(gradebook) as book:
        enrolled = take_roster(roster, book)
        tables = read_late_tables(folder, enrolled, [one.id for one in book.exercises()])
        changes = preview(book, tables, attempt)
        if apply:
            let_count(book, tables)
    if as_json:
        told = {"applied": apply, "files": [str(path) for path in tables.files]}
        print(json.dumps({**told, "changes": [one.as_dict() for one in changes]}, ensure_ascii=False))
        return
    console = Console()
    if changes:
        table = Table("trainee", "exercise", Column("days late", justify="right"), "before", "after", "why")
        for one in changes[:_ROWS]:
            who = f"{one.name} ({one.trainee})" if one.name else one.trainee
            days = f"{max(one.late_days, 0):.1f}"
            table.add_row(
                escape(who), one.exercise, days, f"{one.before:g}", f"{one.after:g}", escape(one.why)
            )
        console.print(table)
    if len(changes) > _ROWS:
        print(f"… and {len(changes) - _ROWS} more; --json lists all.")
    print(
        f"{len(changes)} hand-in{' changes' if len(changes) == 1 else 's change'} by {' and '.join(path.name for path in tables.files)}."
    )
    if apply:
        print(
            "The tables count now. Reports, feedback and exports use them; `playbook grade` brings result files up to date."
        )
    else:
        print("Nothing was written. To let them count: playbook late … --apply")


def likeness(
    exercises: Annotated[
        list[str] | None, typer.Argument(help="Exercises, by id or its beginning (`03`); default all.")
    ] = None,
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("results/likeness.html"),
    gradebook: Address = GRADEBOOK,
    roster: RosterFile = None,
    masters: Masters = None,
    as_json: AsJson = False,
) -> None:
    """Show pairs of notebooks that are alike, with the evidence and two questions for each to answer aloud.

    It is for a person to judge: nothing of it moves a mark, and no page of a trainee shows it. Two who worked
    together look the same as one who copied.

    Example: playbook likeness 03 --out likeness.html
    """
    from playbook.authoring.master import find_masters
    from playbook.cli.gradebook import write_page
    from playbook.desk.likeness import find_pairs, likeness_page

    check_ending(out, ".html", ".htm")
    with open_gradebook(gradebook) as book, progress_bar() as progress:
        take_roster(roster, book)
        found = find_pairs(book, find_masters(masters, exercises or ()), progress)
    if as_json:
        print(json.dumps({"schema": 1, "pairs": [one.as_dict() for one in found]}, ensure_ascii=False))
        return
    write_page(out, [likeness_page(found)], "page")
    for one in found[:_ROWS]:
        kinds = ", ".join(evidence.kind for evidence in one.evidence)
        print(f"{one.names[0]} and {one.names[1]} · {one.chapter}: {kinds}")
    print(f"{len(found)} pair{'' if len(found) == 1 else 's'}; the evidence and the questions are in {out}")


class Luck(StrEnum):
    """Which of 40 runs is replayed."""

    typical = "typical"
    lucky = "lucky"
    unlucky = "unlucky"


def debrief(
    into: Annotated[Path, typer.Option(help="File to write.")] = Path("results/debrief.html"),
    replay: Annotated[
        str, typer.Option(help="Whose plan is replayed, by id or name; default the largest share.")
    ] = "",
    run: Annotated[Luck, typer.Option(help="Which of 40 runs is replayed.")] = Luck.typical,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Name nobody, and no city.")] = False,
    gradebook: Address = GRADEBOOK,
    roster: RosterFile = None,
    attempt: Policy = "last",
    as_json: AsJson = False,
) -> None:
    """Write the debrief of chapter 13 for the room: plans side by side, what the best did, one run on the wall.

    Plans of different cities are compared by their share of the gap between a naive plan and the best one found.

    Example: playbook debrief --into debrief.html

    For a wall that names nobody: playbook debrief --anonymous --run unlucky
    """
    from playbook.cli.gradebook import write_page
    from playbook.desk.debrief import debrief as read_debrief
    from playbook.desk.debrief_page import debrief_page, replay_for
    from playbook.desk.people import find_trainee

    check_ending(into, ".html", ".htm")
    check_policy(attempt)
    with open_gradebook(gradebook) as book, progress_bar() as progress:
        enrolled = take_roster(roster, book)
        told = read_debrief(book, enrolled, attempt, anonymous, progress)
    who = find_trainee(replay, {one.trainee for one in told.plans}, enrolled) if replay else ""
    if as_json:
        print(json.dumps(told.as_dict(), ensure_ascii=False))
        return
    shown = replay_for(told, who, run.value)
    write_page(into, [debrief_page(told, shown)], "page")
    for one in told.differences:
        print(one.words)
    if told.broken:
        most = told.broken[0]
        print(f"{most.people} of {len(told.plans)} broke rule {most.rule}: {most.asks}")
    print(
        f"{len(told.plans)} plan{'' if len(told.plans) == 1 else 's'} side by side, one replayed, in {into}"
    )


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(teams)
    app.command()(late)
    app.command()(likeness)
    app.command()(debrief)
