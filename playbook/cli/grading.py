"""Commands that mark: grade hand-ins, and grade them again when a master was mended."""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from playbook.cli.cluster import Cluster, TlsCa, TlsCert, TlsKey, crew_at_work
from playbook.cli.grading_tables import (
    ROWS,
    files_in_words,
    print_changes,
    print_json,
    print_lines,
    print_tally,
    warn,
)
from playbook.progress import progress_bar

if TYPE_CHECKING:
    from playbook.authoring.master import Master
    from playbook.cases.roster import Roster
    from playbook.gradebook.gradebook import Gradebook
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


def take_roster(
    path: Path | None, gradebook: Gradebook, exercises: list[str] | None = None, keep: bool = True
) -> Roster:
    """The roster of this call, kept in the gradebook if it may be; without one, the roster that was kept last."""
    from playbook.cases.roster import Roster
    from playbook.cases.roster_file import read_roster

    if path is None:
        return gradebook.roster()
    given = read_roster(path, exercises or ())
    if not keep:
        longer = gradebook.extensions()
        return Roster(tuple(one.extended(longer.get(one.filed, {})) for one in given.trainees))
    gradebook.keep_roster(given)
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
    cluster: Cluster = "",
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    masters: Masters = None,
    as_json: AsJson = False,
) -> None:
    """Grade hand-ins: run each on its own city and on an unseen one, and mark the answers outside.

    Every attempt and every mark is kept. What was graded before is not run again; what could not be graded
    is tried again. A call that was stopped goes on where it was, when you call it again. A file whose owner is
    not certain is held, not graded: write the map with --dry-run, fill in its trainees, and give it with --map.
    Exits with 0 if all were graded, 2 if some could not be or are held, 1 below --fail-under.

    Examples: playbook grade submissions/ --roster roster.csv --jobs 4; on the machines that work for a scheduler
    (see `playbook worker --help`): playbook grade submissions/ --cluster tcp://192.168.1.10:8786
    """
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
    tls = (tls_ca, tls_cert, tls_key)
    with crew_at_work(cluster, tls, runner, require_sandbox, keep_output, jobs) as (crew_of, warning):
        from playbook.authoring.master import find_masters
        from playbook.desk.exports.result_files import write_results
        from playbook.gradebook.address import secret_digest
        from playbook.gradebook.result import GRADED
        from playbook.gradebook.standing import standings
        from playbook.grading.grade import grade_pending, masters_by_id, plan_grading, whose_exercises
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
                crew = crew_of(marker, secret)
                with progress_bar(lines=True) as progress, contextlib.ExitStack() as at_end:
                    at_end.callback(crew.stop)
                    crew.begin(whose_exercises(marker, (one for one, _attempt in plan.pending)))
                    warn(warning())
                    with _stopping():
                        grade_pending(plan, book, crew, progress=progress)
            tally = plan.tally
            pairs = {(enrolled.id_of(one.trainee), one.exercise) for one in found}
            chosen = [one for one in standings(book, attempt) if (one.trainee, one.exercise) in pairs]
            unwritten: list[str] = []
            write_results(book, chosen, out, unwritten)
            for kept in ("masters", "prepared", "unseen"):
                remove_old(cache_folder(kept))
            if as_json:
                print_json(tally, found, chosen, book, gradebook, unwritten)
            else:
                print_tally(tally, found, chosen, book, out, unwritten)
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
    cluster: Cluster = "",
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    masters: Masters = None,
    as_json: AsJson = False,
) -> None:
    """Show whose marks would change after a master was mended, by how much and why; --apply lets them.

    Hand-ins are run again from the gradebook; the folder they came from is not needed. Without --apply
    nothing is written.

    Example: playbook regrade 03, then playbook regrade 03 --apply
    """
    from playbook.authoring.master import find_masters
    from playbook.cases.roster_file import read_roster
    from playbook.desk.exports.result_files import write_results
    from playbook.gradebook.address import secret_digest
    from playbook.gradebook.standing import standings
    from playbook.grading.grade import masters_by_id
    from playbook.grading.marker import Marker
    from playbook.grading.regrade import regrade_all
    from playbook.places import cache_folder, instructor_secret

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
        tls = (tls_ca, tls_cert, tls_key)
        with (
            crew_at_work(cluster, tls, runner, require_sandbox, keep_output, jobs) as (crew_of, warning),
            progress_bar(lines=True) as progress,
        ):
            warn(warning())
            changes = regrade_all(book, crew_of(marker, secret), apply=apply, progress=progress)
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
        print_changes(changes, apply)
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
    from playbook.cases.roster import Roster
    from playbook.cases.roster_file import read_roster
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
        for (trainee, exercise), count in sorted(counts.items())[: 5 * ROWS]:
            table.add_row(escape(trainee), exercise or "unknown", str(count))
        console.print(table)
        if len(counts) > 5 * ROWS:
            console.print(f"… and {len(counts) - 5 * ROWS} more; the map has all.", highlight=False)
        print_lines(console, files_in_words(found))
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


@contextlib.contextmanager
def _stopping() -> Iterator[None]:
    """Say at Ctrl+C what is safe."""
    try:
        yield
    except KeyboardInterrupt:
        warn("Stopped. What was graded is kept; the same command goes on from there.")
        raise typer.Exit(130) from None


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(grade)
    app.command()(regrade)
