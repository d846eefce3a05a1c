"""What trainees get: notebooks without solutions, sealed answers, the kit as a wheel, a start command."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook import __version__
from playbook.authoring.carried import carry, not_for, own_cases
from playbook.authoring.help import headings_of, seal_help, site_address
from playbook.authoring.master import Master, find_masters, load_master
from playbook.authoring.remembered import Remembered, libraries
from playbook.authoring.sending import sent_to
from playbook.authoring.solve import run_master, seal_run
from playbook.cases import Case, list_cases, load_case
from playbook.cases.roster import Roster
from playbook.cases.roster_city import roster_digest
from playbook.errors import PlaybookError
from playbook.exercises.check import OUTLINE
from playbook.exercises.ladder import Help
from playbook.places import course_root, data_root
from playbook.progress import Progress, no_progress
from playbook.rooms import RELEASED, SHIPPED, code_digest
from playbook.words import _

#: Id of the cell that hands in, for notebooks outside the browser.
HAND_IN = "hand-in"


@dataclass(frozen=True)
class Release:
    """A release on disk: its name and where its parts stand.

    Attributes:
        refused: exercises that a case of own records does not allow, with the case's name.
    """

    name: str
    folder: Path
    notebooks: tuple[Path, ...]
    wheel: Path
    seals: Path
    refused: tuple[tuple[str, str], ...] = ()

    def refused_in_words(self) -> list[str]:
        """A sentence for each case of own records that does not allow some exercises."""
        return [
            f"The records of {name} do not allow "
            f"{', '.join(exercise for exercise, case in self.refused if case == name)}: trainees are told so there."
            for name in sorted({case for _exercise, case in self.refused})
        ]


def release_name(
    masters: Sequence[Master], roster: Roster | None = None, hand_in: Sequence[Sequence[str]] = ()
) -> str:
    """Version and a digest of everything a release is made from: masters, cases, roster, the code that ships or seals.

    Args:
        hand_in: where hand-ins go.
    """
    digest = hashlib.sha256(code_digest(RELEASED).encode())
    for path in [*(master.path for master in masters), *_translations(Path(__file__).resolve().parents[1])]:
        digest.update(path.read_bytes())
    for master in masters:
        digest.update(repr((site_address(master), *headings_of(master).items())).encode())
    for case in list_cases():
        digest.update(case.fingerprint.encode())
    if roster and roster.trainees:
        digest.update(roster_digest(roster).encode())
        for own in own_cases(roster).values():
            digest.update(own.fingerprint.encode())
    if hand_in:
        digest.update(json.dumps(hand_in).encode())
    return f"{__version__}-{digest.hexdigest()[:8]}"


def release_notebook(master: Master, release: str) -> Any:
    """The trainee's notebook: prose, code and starters, in order, with stable cell ids."""
    import nbformat.v4 as v4

    cells = []
    for place, cell in enumerate(master.cells, 1):
        if cell.block:
            question = cell.block.question
            new = v4.new_code_cell(
                cell.block.starter,
                id=f"question-{question.id}".replace("_", "-")[:64],
                metadata={
                    "playbook": {"question": question.id, "points": question.points},
                    "deletable": False,
                },
            )
        elif cell.kind == "code":
            new = v4.new_code_cell(
                cell.source,
                id=f"step-{place:02d}",
                metadata={"playbook": {"panel": True}} if cell.shows_panel else {},
            )
        else:
            new = v4.new_markdown_cell(cell.source, id=f"step-{place:02d}")
        cells.append(new)
    cells += _last_cells()
    return v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            "playbook": {
                "exercise": master.id,
                "title": master.title,
                "chapter": master.chapter,
                "minutes": master.header.do_minutes,
                "points": master.points,
                "release": release,
            },
        },
    )


def _last_cells() -> list[Any]:
    """How to hand in, at the end of every notebook; the browser edition has a button for it (see HAND_IN)."""
    import nbformat.v4 as v4

    text = _(
        "## Hand in\n\n"
        "Handing in is a step of its own: it makes one file of all chapters that you have begun, and a receipt. "
        "You can do it again at any time; the later file counts.\n\n"
        "- In the browser: press **Hand in** above the notebook.\n"
        "- In JupyterLab: save the notebook (Ctrl + S), delete the `#` below, and run the cell."
    )
    return [
        v4.new_markdown_cell(text, id="hand-in-how"),
        v4.new_code_cell("# check.hand_in()", id=HAND_IN, metadata={"playbook": {"hand_in": True}}),
    ]


def seal_questions(master_path: Path, case_name: str) -> list[dict[str, Any]]:
    """The sealed questions of a master on a case, by name or folder, as JSON-able data; runs the master."""
    master, case = load_master(master_path), load_case(case_name)
    secret = hashlib.sha256(master_path.read_bytes()).hexdigest()
    return [one.as_dict() for one in seal_run(run_master(master, case), secret).values()]


def seal_text(
    master: Master,
    case: Case,
    release: str,
    questions: list[dict[str, Any]],
    helps: Mapping[str, Help] | None = None,
) -> str:
    """The text of a seal file.

    Args:
        helps: the master's, by question, if it is known already.
    """
    helps = seal_help(master) if helps is None else helps
    questions = [
        {**one, "help": helps[name].as_dict()} if (name := one["question"]["id"]) in helps else one
        for one in questions
    ]
    data = {
        "release": release,
        "exercise": master.id,
        "case": case.name,
        "fingerprint": case.fingerprint,
        "questions": questions,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def write_seals(
    out: Path,
    masters: Sequence[Master],
    release: str,
    cases: Iterable[Case],
    jobs: int,
    progress: Progress,
    kept: Remembered | None = None,
) -> None:
    """Seal every master's answers on every case into ``out/<exercise>/<case>.json``.

    Of an exercise that a case of own records does not allow, the file says that, and has no question.

    Args:
        kept: where sealed answers are kept; what was sealed of the same master, data and kit is not run again.
    """
    cases = list(cases)
    refused = not_for(masters, cases, progress)
    work = [(m, case) for m, case in itertools.product(masters, cases) if (m.id, case.name) not in refused]
    helps = {master.id: seal_help(master) for master in masters}
    done = 0

    def write(master: Master, case: Case, questions: list[dict[str, Any]]) -> None:
        nonlocal done
        path = out / master.id / f"{case.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(seal_text(master, case, release, questions, helps[master.id]), encoding="utf-8")
        done += 1
        progress("sealing answers", done, len(work))

    for exercise, name in refused:
        path = out / exercise / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"release": release, "questions": [], "lacks": True}), encoding="utf-8")
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        futures = {}
        for master, case in work:
            known = kept.get(_follows_from(master, case)) if kept else None
            if known is None:
                futures[pool.submit(seal_questions, master.path, str(case.folder))] = (master, case)
            else:
                write(master, case, known)
        for future in as_completed(futures):
            master, case = futures[future]
            if kept:
                kept.keep(_follows_from(master, case), future.result())
            write(master, case, future.result())
    if kept:
        kept.sweep()


def _follows_from(master: Master, case: Case) -> tuple[str, ...]:
    """Everything that sealed answers depend on: the master, the case's data, the code and the libraries."""
    digest = hashlib.sha256(master.path.read_bytes()).hexdigest()
    return ("seals", master.id, digest, case.name, case.fingerprint, code_digest(RELEASED), *libraries())


def build_wheel(out: Path, seals: Path, roster: Roster | None = None) -> Path:
    """Build the trainees' wheel: the kit's notebook half, the cases, the seals, and whose city is whose.

    Raises:
        PlaybookError: the kit is not a source checkout.
    """
    from hatchling.builders.wheel import WheelBuilder

    package = Path(__file__).resolve().parents[1]
    source = package.parent
    if not (source / "pyproject.toml").is_file():
        raise PlaybookError(
            "a release is built from a checkout of the course",
            where=str(source),
            remedy="run it in the course's folder",
        )
    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory(prefix="playbook-wheel-") as folder:
        stage = Path(folder)
        _copy_shipped(package, stage / "playbook")
        shutil.copytree(data_root(), stage / "playbook" / "_data", ignore=shutil.ignore_patterns("seals"))
        shutil.copytree(seals, stage / "playbook" / "_data" / "seals")
        if roster and roster.trainees:
            carry(roster, stage / "playbook" / "_data")
        shutil.copy(source / "LICENSE", stage / "LICENSE")
        (stage / "pyproject.toml").write_text(_wheel_project(project), encoding="utf-8")
        out.mkdir(parents=True, exist_ok=True)
        return Path(next(iter(WheelBuilder(str(stage)).build(directory=str(out), versions=["standard"]))))


def _translations(package: Path) -> list[Path]:
    """What the kit says in other languages, compiled."""
    return sorted(package.glob("locale/*/LC_MESSAGES/*.mo"))


def _copy_shipped(package: Path, target: Path) -> None:
    """Copy what trainees get of the kit: some rooms, and the modules that belong to no room."""
    target.mkdir()
    for path in sorted(package.glob("*.py")):
        if path.name != "__main__.py":
            shutil.copy(path, target)
    for path in _translations(package):
        copy = target / path.relative_to(package)
        copy.parent.mkdir(parents=True)
        shutil.copy(path, copy)
    for room in SHIPPED:
        shutil.copytree(package / room, target / room, ignore=shutil.ignore_patterns("__pycache__"))


def _wheel_project(project: dict[str, Any]) -> str:
    dependencies = ", ".join(json.dumps(d) for d in project["dependencies"])
    return (
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        f'[project]\nname = "{project["name"]}"\nversion = "{project["version"]}"\n'
        f"description = {json.dumps(project['description'])}\nlicense = {json.dumps(project['license'])}\n"
        f'requires-python = "{project["requires-python"]}"\ndependencies = [{dependencies}]\n'
        '[tool.hatch.build.targets.wheel]\npackages = ["playbook"]\nartifacts = ["playbook/_data/**", "playbook/locale/**"]\n'
    )


def write_release(
    out: Path,
    *,
    masters_folder: Path | None = None,
    exercises: Iterable[str] = (),
    cases: Iterable[str] = (),
    jobs: int = 2,
    roster: Roster | None = None,
    progress: Progress = no_progress,
    kept: Remembered | None = None,
) -> Release:
    """Write a release: everything a trainee gets, and nothing else.

    ``notebooks/`` without solutions, ``seals/`` (also inside the wheel), ``kit/`` the wheel,
    ``requirements.txt``, ``start.py`` and ``release.json``. An unchanged release is left as it is.

    Args:
        out: the folder; what an earlier release left there is replaced.
        masters_folder: where masters are; default the course's own.
        exercises: ids or beginnings of ids; default all.
        cases: names of cases to seal; default all that ship.
        jobs: processes that run masters.
        roster: gives trainees their cities; what the release holds of it names nobody.
        progress: called with what is being done, how many are done, and of how many.
        kept: where sealed answers are kept between releases; default nowhere.
    """
    masters = find_masters(masters_folder, exercises)
    own = own_cases(roster) if roster else {}
    sealed = [*(map(load_case, cases) if (cases := list(cases)) else list_cases()), *own.values()]
    names = [case.name for case in sealed]
    hand_in = sent_to(masters_folder.parent if masters_folder else course_root())
    name = release_name(masters, roster, hand_in)
    described = {
        "release": name,
        "exercises": [describe(m) for m in masters],
        "cases": names,
        "hand_in": hand_in,
    }
    record = out / "release.json"
    if record.is_file() and json.loads(record.read_text(encoding="utf-8")) == described:
        return _opened(out, name)
    if out.exists() and any(out.iterdir()) and not record.is_file():
        raise PlaybookError(
            "the folder is not empty and holds no release", where=str(out), remedy="name another folder"
        )
    # Written beside it and put in place when it is whole: an interrupted release leaves the old one.
    place, out = out, out.with_name(f"{out.name}.new")
    shutil.rmtree(out, ignore_errors=True)
    (out / "notebooks").mkdir(parents=True)
    for master in masters:
        path = out / "notebooks" / f"{master.id}.ipynb"
        path.write_text(_notebook_text(release_notebook(master, name)), encoding="utf-8")
    write_seals(out / "seals", masters, name, sealed, jobs, progress, kept)
    (out / "seals" / OUTLINE).write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
    progress("building the kit", 0, 1)
    build_wheel(out / "kit", out / "seals", roster)
    progress("building the kit", 1, 1)
    _write_bundle(out, name)
    _refuse_leaks(out, masters)
    (out / record.name).write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)
    out.rename(place)
    return _opened(place, name)


def _refuse_leaks(out: Path, masters: Sequence[Master]) -> None:
    from playbook.authoring.leak import Secrets, public_texts, scan

    leaks = scan(out, Secrets.of(masters, public_texts()))
    if leaks:
        first = leaks[0]
        raise PlaybookError(
            f"the release would hand out a {first.what.split(': ')[-1]}: {first.text[:80]!r}"
            + (f" (and {len(leaks) - 1} more)" if len(leaks) > 1 else ""),
            where=f"{first.file} ({first.what.split(': ')[0]})",
            remedy="word the released cell or page otherwise",
        )


def _notebook_text(notebook: Any) -> str:
    import nbformat

    return nbformat.writes(notebook) + "\n"


def describe(master: Master) -> dict[str, Any]:
    """What may be known of an exercise without doing it: its outline, for pages and the City Playbook."""
    return {
        "exercise": master.id,
        "title": master.title,
        "chapter": master.chapter,
        "decision": master.header.decision,
        "minutes": master.header.do_minutes,
        "points": master.points,
        "section": master.header.section,
        "figure": master.header.figure,
        "summary": master.header.summary,
        "questions": [
            {
                "id": q.id,
                "title": q.title,
                "points": q.points,
                "stretch": q.stretch,
                "playbook": q.playbook,
                "answer": q.answer,
            }
            for q in master.questions
        ],
    }


def _opened(out: Path, name: str) -> Release:
    wheel = next((out / "kit").glob("*.whl"))
    seals = sorted((out / "seals").glob("*/*.json"))
    lacking = (path for path in seals if json.loads(path.read_text(encoding="utf-8")).get("lacks"))
    refused = tuple((path.parent.name, path.stem) for path in lacking)
    notebooks = tuple(sorted((out / "notebooks").glob("*.ipynb")))
    return Release(name, out, notebooks, wheel, out / "seals", refused)


def _write_bundle(out: Path, release: str) -> None:
    """Copy the start command and its pinned requirements, with the release's name filled in."""
    bundle = Path(__file__).resolve().parent / "bundle"
    for path in sorted(bundle.iterdir()):
        if path.is_file() and not path.name.startswith("_"):
            text = re.sub(r"\{\{ *release *\}\}", release, path.read_text(encoding="utf-8"))
            target = out / path.name
            target.write_text(text, encoding="utf-8")
            target.chmod(0o755 if path.suffix in (".sh", ".command", ".py") else 0o644)
