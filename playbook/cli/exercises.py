"""Commands over exercises: release, validate, compose the City Playbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from playbook.progress import progress_bar

Names = Annotated[
    list[str] | None, typer.Argument(help="Exercises, by id or its beginning (`03`); default all.")
]
Jobs = Annotated[int, typer.Option(min=1, help="Processes that work side by side.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


def release(
    exercises: Names = None,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("_build/release"),
    case: Annotated[
        list[str] | None, typer.Option(help="Cases to seal answers for; default all that ship.")
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="Roster that gives trainees their cities; no name of it is handed out."),
    ] = None,
    jobs: Jobs = 2,
    as_json: AsJson = False,
) -> None:
    """Write what trainees get: notebooks without solutions, sealed answers, the kit, a start command.

    Example: playbook release --out _build/release
    """
    from playbook.authoring.release import write_release
    from playbook.authoring.remembered import Remembered
    from playbook.cases.roster_file import read_roster
    from playbook.places import cache_folder

    kept = Remembered(cache_folder("seals"))
    with progress_bar(lines=True) as progress:
        done = write_release(
            out,
            exercises=exercises or (),
            cases=case or (),
            jobs=jobs,
            roster=read_roster(roster) if roster else None,
            progress=progress,
            kept=kept,
        )
    if as_json:
        print(
            json.dumps(
                {
                    "release": done.name,
                    "folder": str(done.folder),
                    "notebooks": [str(n) for n in done.notebooks],
                    "refused": [{"exercise": exercise, "case": case} for exercise, case in done.refused],
                }
            )
        )
        return
    print(f"Release {done.name} in {done.folder}: {len(done.notebooks)} notebooks, {done.wheel.name}")
    print(f"A trainee starts it with: python {done.folder / 'start.py'}")
    for words in done.refused_in_words():
        print(words)


def validate(
    exercises: Names = None,
    quick: Annotated[bool, typer.Option(help="One case only.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Prove again what was proved before.")] = False,
    case: Annotated[list[str] | None, typer.Option(help="Cases to prove on; default all that ship.")] = None,
    unseen: Annotated[int, typer.Option(help="Unseen cases on which wrong ways are tried.")] = 40,
    jobs: Jobs = 2,
    as_json: AsJson = False,
) -> None:
    """Prove every exercise: solutions pass, starters are unattempted, wrong answers earn their hints, mutants die.

    The beginners' mistakes that stand beside a master are played on one city: none may earn another mistake's hint.
    On all cases it measures, too, where a wrong way gives the right answer by chance, and how answers spread.
    What was proved before, of the same master, data and kit, is remembered and not run again.

    Example: playbook validate 03 --quick
    """
    from playbook.authoring.master import find_masters
    from playbook.authoring.remembered import Remembered
    from playbook.authoring.validate import Proof
    from playbook.authoring.validate import validate as prove_all
    from playbook.cases import list_cases
    from playbook.places import cache_folder

    cases = case or (["jinhua"] if quick else [one.name for one in list_cases()])
    masters = find_masters(None, exercises or ())
    lines = Console(stderr=True)

    def tell(proof: Proof, done: int, total: int) -> None:
        verdict = f"{len(proof.failing)} failing" if proof.failing else "proved"
        line = f"{done} of {total}  {proof.exercise} on {proof.case}: {verdict}"
        lines.print(line, highlight=False, soft_wrap=True)

    kept = None if fresh else Remembered(cache_folder("proofs"))
    proofs = prove_all(masters, cases, jobs=jobs, kept=kept, tell=tell)
    failing = [failure for proof in proofs for failure in proof.failing]
    if as_json:
        from dataclasses import asdict

        print(json.dumps([asdict(proof) for proof in proofs]))
        raise typer.Exit(1 if failing else 0)
    console = Console()
    table = Table(
        "exercise",
        "cases",
        "questions",
        "wrong answers",
        "mutants killed",
        "equivalent",
        "beginners' mistakes",
        "failing",
    )
    for master in masters:
        own = [proof for proof in proofs if proof.exercise == master.id]
        killed, mutants = sum(p.killed for p in own), sum(p.mutants for p in own)
        table.add_row(
            master.id,
            str(len(own)),
            str(sum(p.questions for p in own)),
            str(sum(p.wrong for p in own)),
            f"{killed} of {mutants}",
            str(sum(p.equivalent for p in own)),
            str(sum(p.mistakes for p in own)),
            str(sum(len(p.failing) for p in own)),
        )
    console.print(table)
    for failure in failing:
        where = " · ".join(part for part in (failure.exercise, failure.case, failure.question) if part)
        console.print(
            f"[bold red]fails[/] {escape(f'{where}: {failure.what}')}", highlight=False, soft_wrap=True
        )
    by_chance = not (quick or case) and _right_by_chance(masters, unseen, jobs, fresh)
    if failing or by_chance:
        raise typer.Exit(1)
    print("Every exercise proves itself.")


def _right_by_chance(masters: list, unseen: int, jobs: int, fresh: bool) -> bool:
    """Print where wrong ways are right, and whether that is too often."""
    from playbook.authoring.collisions import measure
    from playbook.authoring.collisions import table as collisions
    from playbook.authoring.remembered import Remembered
    from playbook.places import cache_folder

    kept = None if fresh else Remembered(cache_folder("proofs"))
    with progress_bar(lines=True) as progress:
        ways, spreads = measure(masters, unseen, jobs=jobs, kept=kept, progress=progress)
    print(collisions(ways, spreads))
    return any(one.fails for one in (*ways, *spreads))


def document(
    trainee: Annotated[str, typer.Argument(help="A trainee, by id or name.")],
    results: Annotated[Path, typer.Option(help="Folder that `playbook grade` wrote.")] = Path("results"),
    out: Annotated[Path | None, typer.Option(help="File to write; default <id>-city-playbook.html.")] = None,
    name: Annotated[
        str, typer.Option(help="Name on the title page; default the roster's, or as you call them.")
    ] = "",
    questions: Annotated[
        bool, typer.Option("--questions", help="Print also what a reviewer asks about each section.")
    ] = False,
) -> None:
    """Put a trainee's graded answers together as their City Playbook: one HTML page that a director reads.

    Printed, its first two pages are to be read; a section per chapter follows. It is dated today, by the course's
    time zone.

    Example: playbook document "Li Wei" --results results
    """
    from playbook.authoring.master import find_masters
    from playbook.authoring.release import describe
    from playbook.cases.case import find_case
    from playbook.cases.roster import Roster
    from playbook.cli.grading import check_ending, open_gradebook
    from playbook.desk.feedback import trainees_of
    from playbook.desk.people import find_trainee
    from playbook.exercises.city_playbook import page
    from playbook.exercises.compose import compose, graded_answers, sections

    check_ending(out, ".html", ".htm")
    kept, own = results / "gradebook.sqlite", None
    if kept.is_file():
        with open_gradebook(str(kept)) as book:
            [filed] = trainees_of(book, [trainee])
            enrolled = book.roster().find(filed)
            name = name or (enrolled.name if enrolled else "")
            own = find_case(enrolled.city) if enrolled and enrolled.city else None
    else:
        there = [path.name for path in results.glob("*/")] if results.is_dir() else []
        filed = find_trainee(trainee, there, Roster()) if there else trainee
    case, answers = graded_answers(results / filed, own)
    masters = find_masters()
    composed = compose(name or trainee, case, sections(answers, [describe(m) for m in masters], case))
    target = out or Path(f"{filed}-city-playbook.html")
    target.write_text(page(composed), encoding="utf-8")
    print(f"The City Playbook of {name or trainee} is in {target}")
    if questions:
        print(_questions_about(masters, [part.chapter for part in composed.sections if part.begun]))


def _questions_about(masters: list, chapters: list[int]) -> str:
    """What a reviewer asks about each section that the document has."""
    lines = ["", "Questions for the review (trainees do not get them):"]
    for header in (master.header for master in masters):
        if header.review and header.chapter in chapters:
            lines += ["", f"{header.chapter} · {header.section}"]
            lines += [f"  {place}. {question}" for place, question in enumerate(header.review, 1)]
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(release)
    app.command()(validate)
    app.command()(document)
