"""Commands that mark: grade hand-ins, and grade them again when a master was mended."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from playbook.progress import progress_bar

if TYPE_CHECKING:
    from playbook.authoring.master import Master
    from playbook.cases.roster import Roster
    from playbook.gradebook.gradebook import Gradebook
    from playbook.gradebook.standing import Standing
    from playbook.grading.grade import Tally
    from playbook.grading.regrade import Change
    from playbook.submissions.hand_in import Found
    from playbook.submissions.notebook import Facts

Address = Annotated[
    str, typer.Option("--gradebook", help="File of the gradebook (SQLite), or a database's URL.")
]
Jobs = Annotated[int, typer.Option(min=1, help="Notebooks that run side by side.")]
RosterFile = Annotated[
    Path | None,
    typer.Option("--roster", help="CSV or xlsx: id, name, city, due, extension. Kept for later."),
]
Policy = Annotated[str, typer.Option("--attempt", help="Which attempt counts: last or best.")]
Masters = Annotated[
    Path | None, typer.Option("--exercises", "--masters", help="Folder of masters; default the course's.")
]
TimeZone = Annotated[
    str,
    typer.Option(
        "--time-zone",
        help="Where the course counts its days, as Asia/Shanghai; default this machine. Kept for later.",
    ),
]
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
#: Files of one kind that are named one by one.
_FEW = 3


def open_gradebook(address: str, must_exist: bool = True) -> Gradebook:
    """The gradebook; one that is only read has to be there."""
    from playbook.clock import use_zone
    from playbook.errors import PlaybookError
    from playbook.gradebook.gradebook import Gradebook

    if must_exist and "://" not in address and not Path(address).is_file():
        raise PlaybookError(
            "there is no gradebook", where=address, remedy="grade first, or name it with --gradebook"
        )
    book = Gradebook(address)
    try:
        use_zone(book.time_zone())
    except PlaybookError:
        book.close()
        raise
    return book


def check_ending(path: Path | None, *endings: str) -> None:
    """Stop at a file's name that promises another form than what will be in it."""
    from playbook.errors import PlaybookError

    if path is None or path.suffix.casefold() in endings or str(path) == os.devnull:
        return
    form = {".html": "an HTML page", ".csv": "a CSV file", ".xml": "an XML file", ".md": "a Markdown page"}
    remedy = f"let its name end in {' or '.join(endings)}"
    if path.suffix.casefold() == ".pdf" and ".html" in endings:
        remedy += "; for a PDF, open the page in a browser and print it into a file"
    raise PlaybookError(
        f"this writes {form.get(endings[0], 'a ' + endings[0].strip('.').upper() + ' file')}, not {path.suffix or 'that'}",
        where=str(path),
        remedy=remedy,
    )


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
    gradebook.keep_roster(read_roster(path, exercises or ()))
    return gradebook.roster()


def _beside(out: Path, address: str) -> str:
    """The gradebook stands among the results unless another place was named."""
    return str(out / "gradebook.sqlite") if address == GRADEBOOK else address


def grade(
    submissions: Annotated[Path, typer.Argument(help="A folder or archive of hand-ins, or one notebook.")],
    out: Annotated[Path, typer.Option(help="Folder for the result files.")] = Path("results"),
    gradebook: Address = GRADEBOOK,
    jobs: Jobs = 2,
    roster: RosterFile = None,
    attempt: Policy = "last",
    fail_under: Annotated[
        float | None, typer.Option(help="Exit with 1 if a trainee has fewer points in an exercise.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Run nothing: tell whose each file is, and write the map.")
    ] = False,
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map", help="Table that settles whose a file is; --dry-run writes it. [<out>/map.csv]"
        ),
    ] = None,
    time_zone: TimeZone = "",
    keep_output: KeepOutput = False,
    runner: RunnerName = "",
    require_sandbox: Sandbox = None,
    masters: Masters = None,
    as_json: AsJson = False,
) -> None:
    """Grade hand-ins: run each on its own city and on an unseen one, and mark the answers outside.

    Every attempt and every mark is kept. What was graded before is not run again; what could not be graded
    is tried again. A call that was stopped goes on where it was, when you call it again. A file whose owner is
    not certain is held, not graded: write the map with --dry-run, fill in its trainees, and give it with --map.
    Exits with 0 if all were graded, 2 if some could not be or are held, 1 below --fail-under.

    Example: playbook grade submissions/ --roster roster.csv --jobs 4
    """
    from playbook.running.choose import open_runner
    from playbook.submissions.sources import check_source

    check_source(submissions)
    check_ending(map_file, ".csv", ".txt", ".xlsx")
    if dry_run:
        _tell_owners(
            submissions,
            _beside(out, gradebook),
            roster,
            map_file or out / "map.csv",
            time_zone,
            masters,
            as_json,
        )
        return
    # The runner gets ready during the imports that follow.
    with open_runner(runner, require_sandbox, keep_output) as (running, warning):
        from playbook.authoring.master import find_masters
        from playbook.desk.exports.result_files import write_results
        from playbook.gradebook.address import secret_digest
        from playbook.gradebook.result import GRADED
        from playbook.gradebook.standing import standings
        from playbook.grading.grade import grade_pending, masters_by_id, plan_grading
        from playbook.grading.marker import Marker
        from playbook.grading.prepared import remove_old
        from playbook.places import cache_folder, instructor_secret

        check_policy(attempt)
        chosen_masters = masters_by_id(find_masters(masters))
        gradebook = _beside(out, gradebook)
        secret = instructor_secret()
        with open_gradebook(gradebook, must_exist=False) as book:
            _take_zone(time_zone, book)
            book.begin(secret_digest(secret))
            enrolled = take_roster(roster, book, list(chosen_masters))
            book.keep_exercises(chosen_masters.values())
            found = _find(submissions, chosen_masters, enrolled, map_file, book.facts().get)
            marker = Marker(
                chosen_masters, secret, cache_folder("prepared"), roster=enrolled, figures=keep_output
            )
            plan = plan_grading(found.hand_ins, book, marker)
            if plan.pending:
                with progress_bar(lines=True) as progress:
                    _warn(warning())
                    with _stopping():
                        grade_pending(plan, book, marker, running, jobs=jobs, progress=progress)
            tally = plan.tally
            pairs = {(enrolled.id_of(one.trainee), one.exercise) for one in found}
            chosen = [one for one in standings(book, attempt) if (one.trainee, one.exercise) in pairs]
            unwritten: list[str] = []
            write_results(book, chosen, out, unwritten)
            for kept in ("prepared", "unseen"):
                remove_old(cache_folder(kept))
            if as_json:
                _print_json(tally, found, chosen, book, gradebook, unwritten)
            else:
                _print_tally(tally, found, chosen, book, out, unwritten)
    if tally.refused or found.held or found.left or unwritten:
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
    masters: Masters = None,
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
    from playbook.gradebook.address import secret_digest
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
        secret = instructor_secret()
        marker = Marker(
            chosen_masters,
            secret,
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
            book.begin(secret_digest(secret), again=True)
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


def _take_zone(name: str, book: Gradebook) -> None:
    """The time zone of this call, kept in the gradebook; without one, the zone that was kept last."""
    from playbook.clock import use_zone

    if name:
        use_zone(name)
        book.keep_time_zone(name)


def _find(
    submissions: Path,
    masters: Mapping[str, Master],
    roster: Roster,
    map_file: Path | None,
    known: Callable[[str], Facts | None] = lambda sha256: None,
) -> Found:
    """What was handed in, with what a map settles."""
    from playbook.submissions.hand_in import find_hand_ins
    from playbook.submissions.settling import read_map

    names = {
        one.id: {name for question in one.questions for name in (question.id, question.answer)}
        for one in masters.values()
    }
    settled = read_map(map_file, roster, names) if map_file else {}
    return find_hand_ins(submissions, names, known, roster, settled)


def _tell_owners(
    submissions: Path,
    gradebook: str,
    roster: Path | None,
    map_file: Path,
    time_zone: str,
    masters: Path | None,
    as_json: bool,
) -> None:
    """Say whose each file is, and write the map; nothing is run or kept."""
    from playbook.authoring.master import find_masters
    from playbook.cases.roster import Roster, read_roster
    from playbook.clock import use_zone
    from playbook.desk.exports.hand_in_map import map_csv
    from playbook.errors import PlaybookError
    from playbook.grading.grade import masters_by_id
    from playbook.places import write_whole
    from playbook.submissions.settling import map_rows

    check_ending(map_file, ".csv", ".txt")
    chosen = masters_by_id(find_masters(masters))
    enrolled = Roster()
    if "://" in gradebook or Path(gradebook).is_file():
        with open_gradebook(gradebook) as book:
            enrolled = book.roster()
    if time_zone:
        use_zone(time_zone)
    if roster:
        enrolled = read_roster(roster, list(chosen))
    found = _find(submissions, chosen, enrolled, map_file if map_file.is_file() else None)
    try:
        map_file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(map_file, ["\ufeff", *map_csv(found)])
    except OSError as error:
        raise PlaybookError(
            f"the map can't be written: {error.strerror}", where=str(map_file), remedy="check the folder"
        ) from None
    if as_json:
        print(json.dumps({"map": str(map_file), "files": list(map_rows(found))}, ensure_ascii=False))
    else:
        console = Console()
        table = Table("trainee", "exercise", "files")
        counts = Counter((one.trainee, one.exercise) for one in found)
        for (trainee, exercise), count in sorted(counts.items())[: 5 * _ROWS]:
            table.add_row(escape(trainee), exercise or "unknown", str(count))
        console.print(table)
        _print_lines(console, _files_in_words(found))
        people = len({one.trainee for one in found})
        console.print(
            f"{people} {'person' if people == 1 else 'people'}, {len(found)} hand-ins, {len(found.held)} held. "
            f"The map is in {map_file}"
            + (f": fill in its column `trainee`, and grade with --map {map_file}" if found.held else ""),
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    if found.held or found.left:
        raise typer.Exit(2)


def _files_in_words(found: Found) -> list[str]:
    """A line for each file that is held or passed over; many of one kind in one place make one line."""
    lines = list(found.remarks)
    for one in found.held:
        people = f"; it may be from {', '.join(one.candidates)}" if one.candidates else ""
        lines.append(f"held: {one.source}: {one.why}{people}")
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for other in found.passed:
        if not other.nobodys:
            place = other.source.rpartition("/")[0].partition("/")[0]
            groups.setdefault((place, other.reason, other.left), []).append(other.source)
    for (place, reason, left), files in sorted(groups.items(), key=lambda one: not one[0][2]):
        what = "left without a hand-in" if left else "passed over"
        if left or len(files) <= _FEW:
            lines += [f"{what}: {file}: {reason}" for file in files]
        else:
            lines.append(f"{what}: {len(files)} files in {place or 'the folder itself'}: {reason}")
    nobodys = sum(one.nobodys for one in found.passed)
    if nobodys:
        lines.append(f"passed over: {nobodys} that programs leave behind, such as ._* and .ipynb_checkpoints")
    return lines


def _print_lines(console: Console, lines: list[str]) -> None:
    for line in lines[:_LINES]:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if len(lines) > _LINES:
        console.print(
            f"… and {len(lines) - _LINES} more; --json, `--dry-run` and `playbook export` list all.",
            highlight=False,
        )


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


def _print_json(
    tally: Tally, found: Found, chosen: list[Standing], book: Gradebook, address: str, unwritten: list[str]
) -> None:
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


def _print_tally(
    tally: Tally, found: Found, chosen: list[Standing], book: Gradebook, out: Path, unwritten: list[str]
) -> None:
    from playbook.gradebook.standing import results_of

    console = Console()
    console.print(_by_trainee(chosen, book) if len(chosen) <= _ROWS else _by_exercise(chosen))
    lines = _files_in_words(found)
    lines += [f"not written: {line}" for line in unwritten]
    for one, reason in tally.refused:
        remedy = tally.remedies.get(one.source, "")
        said = f"{reason}. {remedy}" if remedy else reason
        lines.append(f"not graded: {one.trainee} {one.exercise} ({one.source}): {said}")
    if len(chosen) <= _ROWS:
        for one, data in results_of(book, chosen):
            lines += [f"note: {one.trainee} {one.exercise}: {note}" for note in data["notes"]]
    _print_lines(console, lines)
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
