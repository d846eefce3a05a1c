"""Commands that give marks to other programs: sheets, and the teacher's own file of a learning platform."""

from __future__ import annotations

import itertools
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

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
from playbook.desk.exports import EXPORTS, Cohort, forms_in_words
from playbook.progress import progress_bar

if TYPE_CHECKING:
    from playbook.desk.filling.columns import Wishes
    from playbook.desk.filling.fill import Filled

#: The form that is no text: feedback pages as a platform takes them back.
FEEDBACK_ZIP, _ZIP_WORDS = "feedback-zip", "feedback pages, for Moodle or Canvas to take back"
#: Changes that a person reads on a screen.
_ROWS = 60
#: What stands where no mark is, and how many are named because another takes their place.
_NONE, _REPLACED = ("", "-"), 20
#: Rows that one reason to leave them names.
_LEFT = 10


def export(
    form: Annotated[
        str,
        typer.Option("--format", help=f"One of {forms_in_words()}, {FEEDBACK_ZIP} ({_ZIP_WORDS})."),
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option(help="File to write; default the screen, GitHub's step page, or --into's.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Fill this file of Canvas, Moodle, Blackboard or Open edX with marks."),
    ] = None,
    exercise: Annotated[
        list[str] | None,
        typer.Option(help="With --into and feedback-zip: only this exercise, by the beginning of its id."),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="With --into: HEADING=EXERCISE, where a heading does not say what it is for; others still do."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --into: show what would change, and write nothing.")
    ] = False,
    scale: Annotated[
        bool,
        typer.Option("--scale", help="With --into: shares of the platform's points, where those differ."),
    ] = False,
    partial: Annotated[
        bool,
        typer.Option("--partial", help="With --into and feedback-zip: take what is certain, leave the rest."),
    ] = False,
    comments: Annotated[
        bool, typer.Option("--feedback/--no-feedback", help="With --into: fill the column for comments too.")
    ] = True,
    site: Annotated[str, typer.Option(help="With xapi: address of the published course.")] = "",
    pass_share: Annotated[
        float, typer.Option(min=0, max=1, help="With xapi: share of the points from which it is passed.")
    ] = 0.6,
    gradebook: Address = GRADEBOOK,
    roster: RosterFile = None,
    attempt: Policy = "last",
    as_json: AsJson = False,
) -> None:
    """Give the marks to other programs: sheets for spreadsheets and CI, or the file of a learning platform.

    With --into, the platform's own export is filled: its columns, encoding and other rows stay as they are. What
    is wrong with people or points is told at once, and nothing is written then.

    Example: playbook export --into canvas-gradebook.csv --dry-run
    """
    from playbook.errors import PlaybookError
    from playbook.gradebook.standing import standings

    check_policy(attempt)
    if form not in EXPORTS and form != FEEDBACK_ZIP:
        raise PlaybookError(
            f"--format {form!r} is not known",
            remedy=f"use one of {forms_in_words()}, {FEEDBACK_ZIP} ({_ZIP_WORDS})",
        )
    _check_together(
        form,
        into,
        {"--column": column, "--dry-run": dry_run, "--scale": scale, "--no-feedback": not comments},
        {"--exercise": exercise, "--partial": partial},
    )
    if into is not None:
        check_ending(out, ".csv", ".txt", into.suffix.casefold())
    else:
        endings = (".zip",) if form == FEEDBACK_ZIP else EXPORTS[form].endings
        check_ending(out, *([".json"] if as_json and form != FEEDBACK_ZIP else endings))
    with open_gradebook(gradebook) as book:
        enrolled = take_roster(roster, book, keep=not dry_run)
        chosen = standings(book, attempt, enrolled)
        cohort = Cohort(book, enrolled, chosen, [one.id for one in book.exercises()], site, pass_share)
        if into is not None:
            wishes = _wishes(exercise, column, scale, partial, comments)
            _export_into(cohort, into, out or into, roster, wishes, dry_run, as_json)
        elif form == FEEDBACK_ZIP:
            _export_feedback(cohort, out or Path("feedback.zip"), exercise or (), partial, as_json)
        else:
            _export_form(cohort, form, out, as_json)


def _check_together(
    form: str, into: Path | None, filling: Mapping[str, object], picking: Mapping[str, object]
) -> None:
    """Stop at options that would do nothing: who types --dry-run expects that nothing is written."""
    from playbook.errors import PlaybookError

    if into is not None:
        if form == "csv":
            return
        raise PlaybookError(
            "--into and --format are two ways to give marks",
            remedy="leave --format out to fill the file, or --into to write another",
        )
    given = [name for name, value in filling.items() if value]
    also = ""
    if not given and form != FEEDBACK_ZIP:
        given = [name for name, value in picking.items() if value]
        also = f" or --format {FEEDBACK_ZIP}"
    if given:
        one = len(given) == 1
        raise PlaybookError(
            f"{', '.join(given)} {'does' if one else 'do'} nothing without --into{also}",
            remedy=f"add --into with your platform's file, or leave {'it' if one else 'them'} out",
        )


def _export_form(cohort: Cohort, form: str, out: Path | None, as_json: bool) -> None:
    from playbook.desk.exports.marks import marks_rows
    from playbook.desk.exports.step_summary import add_to_step_page

    page = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if as_json:
        _write(out, [json.dumps(list(marks_rows(cohort)), ensure_ascii=False), "\n"], bom=False)
    elif form == "summary" and page and out is None:
        add_to_step_page(Path(page), cohort.chosen)
        print(f"Added {len(cohort.chosen)} marks to the step page.")
    else:
        _write(out, EXPORTS[form].write(cohort), bom=EXPORTS[form].spreadsheet)
        if out is not None:
            _notes(EXPORTS[form].cannot)


def _export_feedback(
    cohort: Cohort, out: Path, exercises: Sequence[str], partial: bool, as_json: bool
) -> None:
    from playbook.desk.exports.feedback_zip import feedback_zip
    from playbook.desk.filling.columns import named_exercise

    known = cohort.gradebook.exercises()
    wanted = [named_exercise(start, known, "--exercise").id for start in exercises]
    with progress_bar() as progress:
        made = feedback_zip(cohort, wanted, partial, progress)
    _write_named(out, [made.content])
    if as_json:
        told = {"schema": 1, "platform": made.platform, "pages": made.pages, "left": list(made.left)}
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{made.platform}: {made.pages} {'page' if made.pages == 1 else 'pages'} in {out}")
    for trainee in made.left[:_REPLACED]:
        print(f"Left: {trainee}, who has no hand-in of their own from {made.platform}")
    if len(made.left) > _REPLACED:
        print(f"… and {len(made.left) - _REPLACED} more that were left; --json has all.")
    _notes(made.cannot)


def _notes(sentences: Iterable[str]) -> None:
    for text in sentences:
        Console().print(f"Note: {text}", highlight=False, markup=False, soft_wrap=True)


def package(
    site: Annotated[str, typer.Option(help="Address of the published course.")],
    form: Annotated[str, typer.Option("--format", help="scorm12 or cmi5.")] = "scorm12",
    out: Annotated[Path | None, typer.Option(help="Zip to write; default <format>.zip.")] = None,
    pass_share: Annotated[
        float, typer.Option(min=0, max=1, help="Share of a chapter's points from which it is passed.")
    ] = 0.6,
    exercises: Annotated[
        list[str] | None, typer.Option("--exercise", help="Only this exercise, by its id or its beginning.")
    ] = None,
) -> None:
    """Write a package for a learning platform: it opens the published course, and reports completion and score.

    Example: playbook package --site https://example.org/opening-a-city --format scorm12
    """
    import yaml

    from playbook.authoring.master import find_masters
    from playbook.places import course_root
    from playbook.site.packages import CANNOT
    from playbook.site.packages import package as make

    out = out or Path(f"{form}.zip")
    check_ending(out, ".zip")
    root = course_root()
    title = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["title"]
    masters = find_masters(root / "exercises", exercises or ())
    _write_named(out, [make(form, site, title, masters, pass_share)])
    print(f"{len(masters)} {'chapter' if len(masters) == 1 else 'chapters'} in {out}")
    _notes(CANNOT)


def _wishes(
    exercises: list[str] | None, columns: list[str] | None, scale: bool, partial: bool, comments: bool
) -> Wishes:
    from playbook.desk.filling.columns import Wishes
    from playbook.errors import PlaybookError

    pairs = {}
    for text in columns or ():
        heading, equals, exercise = text.rpartition("=")
        if not equals or not heading or not exercise:
            raise PlaybookError(
                f"--column {text!r} names no column and exercise", remedy="write it as HEADING=03"
            )
        if heading in pairs:
            raise PlaybookError(
                f"--column names {heading!r} twice: for {pairs[heading]} and for {exercise}",
                remedy="name each column once",
            )
        pairs[heading] = exercise
    return Wishes(tuple(exercises or ()), pairs, scale, partial, comments)


def _export_into(
    cohort: Cohort, into: Path, out: Path, roster: Path | None, wishes: Wishes, dry_run: bool, as_json: bool
) -> None:
    from playbook.desk.filling.csv_bytes import read_csv_bytes
    from playbook.desk.filling.fill import fill
    from playbook.desk.filling.people import contacts

    filled = fill(read_csv_bytes(into), cohort, contacts(roster), wishes)
    if not dry_run:
        _write_named(out, [filled.content])
    if as_json:
        print(json.dumps(filled.as_dict() | {"written": not dry_run}, ensure_ascii=False))
        return
    _print_filled(filled, out, dry_run)


def _print_filled(filled: Filled, out: Path, dry_run: bool) -> None:
    def say(text: str) -> None:
        Console().print(text, highlight=False, markup=False, soft_wrap=True)

    if dry_run and filled.changes:
        table = Table("Row", "Trainee", "Column", "Now", "Then")
        for one in filled.changes[:_ROWS]:
            table.add_row(str(one.row), one.trainee, one.column, one.before, one.after)
        Console().print(table, markup=False)
        if len(filled.changes) > _ROWS:
            say(f"… and {len(filled.changes) - _ROWS} more; --json has all.")
    cells = f"{len(filled.changes)} {'cell' if len(filled.changes) == 1 else 'cells'}"
    say(
        f"{filled.platform}: {cells} would change in {out}; nothing is written"
        if dry_run
        else f"{filled.platform}: {cells} changed in {out}"
    )
    replaced = [
        one for one in filled.changes if one.before not in _NONE and not one.column.startswith("comment (")
    ]
    for one in replaced[:_REPLACED]:
        does = "Would replace" if dry_run else "Replaced"
        say(f"{does}: row {one.row}, {one.trainee}, {one.column}: {one.before} by {one.after}")
    if len(replaced) > _REPLACED:
        say(f"… and {len(replaced) - _REPLACED} marks more that stood there; --json has all.")
    if filled.same:
        say(f"{filled.same} {'mark' if filled.same == 1 else 'marks'} stood there already")
    for text in _by_reason(filled.left):
        say(f"Left: {text}")
    _notes(filled.cannot)


def _by_reason(left: Iterable[str]) -> list[str]:
    """What was left, each reason once with its first rows."""
    reasons: dict[str, list[str]] = {}
    for text in left:
        found = re.fullmatch(r"(row \d+, .+?): (.+)", text)
        reasons.setdefault(found[2] if found else text, []).extend([found[1]] if found else [])
    told = []
    for reason, rows in reasons.items():
        more = f"; and {len(rows) - _LEFT} more, which --json has" if len(rows) > _LEFT else ""
        told.append(f"{reason}: {'; '.join(rows[:_LEFT])}{more}" if rows else reason)
    return told


def _write(out: Path | None, parts: Iterable[str], bom: bool) -> None:
    """To a file in one step, with the mark by which spreadsheets know UTF-8; or to the screen without it."""
    if out is None:
        sys.stdout.writelines(parts)
        return
    marked = itertools.chain(["\ufeff"] if bom else [], parts)
    _write_named(out, marked)
    print(f"Written: {out}")


def _write_named(out: Path, content: Iterable[str | bytes]) -> None:
    from playbook.errors import PlaybookError
    from playbook.places import write_named

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_named(out, content)
    except OSError as error:
        raise PlaybookError(
            f"the file can't be written: {error.strerror}",
            where=str(out),
            remedy="close it in your spreadsheet, and check the folder",
        ) from None


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(export)
    app.command()(package)
