"""The command with which people read and judge what trainees wrote."""

from __future__ import annotations

import json
import threading
import webbrowser
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from playbook.cli.grading import GRADEBOOK, Address, AsJson, Masters, Policy, check_policy, open_gradebook

if TYPE_CHECKING:
    from playbook.authoring.master import Master
    from playbook.desk.review.agreement import Agreement, Pair
    from playbook.desk.review.sitting import Sitting
    from playbook.desk.review.texts import Text
    from playbook.gradebook.gradebook import Gradebook

#: Rows of a table that a person reads on a screen.
_ROWS = 60


def review(
    reader: Annotated[str, typer.Option("--reader", help="Who reads: your name, kept with every mark.")] = "",
    exercise: Annotated[
        list[str] | None, typer.Option("--exercise", help="Only this exercise, by its id's beginning (`03`).")
    ] = None,
    second: Annotated[
        bool,
        typer.Option("--second", help="Read blind what somebody else has judged, to see how far you agree."),
    ] = False,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="Only print how far two readers agree, and where they differ.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 is any that is free.")] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page, or print its address alone.")
    ] = True,
    gradebook: Address = GRADEBOOK,
    attempt: Policy = "last",
    masters: Masters = None,
    as_json: AsJson = False,
) -> None:
    """Read what trainees wrote, one answer after another, and give half points and a comment; by keyboard alone.

    A page of this computer shows no names. Every mark is a row of its own in the gradebook; undo writes another.
    Until somebody has read an answer it keeps the points for its form. --json prints what is read and what waits.

    Example: playbook review --reader "Wang Fang" --exercise 03

    A second reader: playbook review --reader "Li Na" --second, then playbook review --agreement
    """
    from playbook.authoring.master import find_masters
    from playbook.desk.review.texts import not_kept, texts_to_read
    from playbook.gradebook.reviews import checked_reader

    check_policy(attempt)
    if not (agreement or as_json):
        checked_reader(reader)
    with open_gradebook(gradebook) as book:
        chosen = find_masters(masters, exercise or ())
        if agreement:
            _print_agreement(book, chosen, as_json)
            return
        texts = texts_to_read(book, chosen, attempt)
        if as_json:
            print(json.dumps(_standing(book, texts), ensure_ascii=False))
            return
        for one in not_kept(chosen):
            print(
                f"{one}: the gradebook does not keep this text; only those of the City Playbook can be read here."
            )
        _read(book, texts, reader, second, port, browser)


def _read(book: Gradebook, texts: list[Text], reader: str, second: bool, port: int, browser: bool) -> None:
    from playbook.desk.review.server import reviewing
    from playbook.desk.review.sitting import Sitting

    sitting = Sitting(book, texts, reader, second)
    if sitting.own_texts:
        count = f"{sitting.own_texts} answer{'' if sitting.own_texts == 1 else 's'}"
        print(
            f"{count} left out: the roster has a trainee {sitting.reader}, and nobody reads what they wrote "
            f'themselves. Another person of that name reads as, say, "Trainer {sitting.reader}".'
        )
    if not sitting.texts:
        if not texts or sitting.own_texts < len(texts):
            print(_nothing(len(texts) - sitting.own_texts, second))
        return
    with reviewing(sitting, port) as server:
        print(f"{_count(sitting)}. The page: {server.address}", flush=True)
        print("Ctrl+C ends it; what you have judged is kept.", flush=True)
        if browser:
            webbrowser.open(server.address)
        wait_for_end()
    print(
        f"\n{_count(sitting)}. Report, feedback and exports count it; `playbook grade` brings result files up to date."
    )


def wait_for_end() -> None:
    """Wait until somebody presses Ctrl+C."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return


def _count(sitting: Sitting) -> str:
    total = len(sitting.texts)
    return f"{sitting.done} of {total} answer{'' if total == 1 else 's'} judged by {sitting.reader}"


def _nothing(texts: int, second: bool) -> str:
    """Why there is nothing to read."""
    if not texts:
        return "No graded hand-in holds a text to read: grade first, or name another exercise."
    if second:
        return "Nothing waits for a second reader: somebody else reads first, without --second."
    if texts == 1:
        return "Somebody else has judged the one answer; to read it as well, use --second."
    return f"Others have judged all {texts} answers; to read them as well, use --second."


def _standing(book: Gradebook, texts: list[Text]) -> dict[str, Any]:
    """How many answers to each question there are, and how many were read once and twice."""
    from playbook.gradebook.reviews import standing

    rows = book.reviews()
    first, second = standing(rows, False), standing(rows, True)
    counts = Counter((one.read.exercise, one.read.question) for one in texts)
    read = Counter((one.read.exercise, one.read.question) for one in texts if one.read.key in first)
    twice = Counter(
        (one.read.exercise, one.read.question)
        for one in texts
        if {one.read.key} <= first.keys() & second.keys()
    )
    questions = [
        {"exercise": key[0], "question": key[1], "answers": n, "read": read[key], "read_twice": twice[key]}
        for key, n in counts.items()
    ]
    return {"schema": 1, "questions": questions}


def _print_agreement(book: Gradebook, masters: list[Master], as_json: bool) -> None:
    from playbook.desk.review.agreement import agreements, pairs

    found = pairs(book.reviews(), [one.id for one in masters])
    rows = agreements(found)
    if as_json:
        told = {
            "schema": 1,
            "agreement": [one.as_dict() for one in rows],
            "differ": [_pair(one) for one in _differ(found)],
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    if not rows:
        print("No answer was judged by two readers yet: the second one reads with --second.")
        return
    console = Console()
    console.print(_agreement_table(rows))
    differ = _differ(found)
    for one in differ[:_ROWS]:
        gave = " · ".join(
            f"{who} {points:g}{f' ({comment})' if comment else ''}"
            for who, points, comment in zip(one.readers, one.points, one.comments, strict=True)
        )
        console.print(
            f"{one.key.trainee} · {one.key.exercise} · {one.key.question}: {gave}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    if len(differ) > _ROWS:
        print(f"… and {len(differ) - _ROWS} more; --json lists all.")
    if any(one.kappa is None for one in rows):
        print("– for kappa: all these answers have the same points from both, which chance would give too.")
    print(
        "The first reader's points count."
        + (" Talk about the answers that you differ on, then judge them again." if differ else "")
    )


def _differ(found: list[Pair]) -> list[Pair]:
    return [one for one in found if one.points[0] != one.points[1]]


def _pair(one: Pair) -> dict[str, Any]:
    plain = {"trainee": one.key.trainee, "exercise": one.key.exercise, "question": one.key.question}
    return {**plain, "readers": one.readers, "points": one.points, "comments": one.comments}


def _agreement_table(rows: list[Agreement]) -> Table:
    table = Table(
        "exercise", "question", *(Column(name, justify="right") for name in ("read twice", "equal", "kappa"))
    )
    for one in rows:
        kappa = "–" if one.kappa is None else f"{one.kappa:.2f}"
        names = (escape(one.exercise), escape(one.question)) if one.question else ("all", "")
        table.add_row(*names, str(one.answers), f"{one.share:.0%}", kappa)
    return table


def register(app: typer.Typer) -> None:
    """Add this module's command to the application."""
    app.command()(review)
