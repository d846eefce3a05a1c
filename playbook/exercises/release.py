"""What trainees get: notebooks without solutions, sealed answers, the kit as a wheel, a start command."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook import __version__
from playbook.cases import list_cases, load_case
from playbook.errors import PlaybookError
from playbook.exercises.check import OUTLINE
from playbook.exercises.master import Master, find_masters, load_master
from playbook.exercises.solve import run_master, seal_run
from playbook.places import data_root

#: Parts of the kit that a trainee's wheel leaves out: nothing there runs in a notebook.
NOT_FOR_TRAINEES = (
    "__main__.py",
    "cli",
    "grading",
    "site",
    "cases/generate*",
    "cases/generator*",
    "cases/verify*",
    "cases/dictionary*",
    "exercises/master.py",
    "exercises/solve.py",
    "exercises/release.py",
    "exercises/validate.py",
    "exercises/collisions.py",
    "exercises/mutants.py",
    "exercises/unseen.py",
    "exercises/leak.py",
    "exercises/bundle",
)

Progress = Callable[[str, int, int], None]


def no_progress(what: str, done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Release:
    """A release on disk: its name and where its parts stand."""

    name: str
    folder: Path
    notebooks: tuple[Path, ...]
    wheel: Path
    seals: Path


def release_name(masters: Sequence[Master]) -> str:
    """Version and a digest of everything a release is made from: masters, kit and cases."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in [*(m.path for m in masters), *sorted(package.rglob("*.py"))]:
        digest.update(path.read_bytes())
    for case in list_cases():
        digest.update(case.fingerprint.encode())
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
            new = v4.new_code_cell(cell.source, id=f"step-{place:02d}")
        else:
            new = v4.new_markdown_cell(cell.source, id=f"step-{place:02d}")
        cells.append(new)
    return v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            "playbook": {
                "exercise": master.id,
                "title": master.title,
                "chapter": master.chapter,
                "minutes": master.minutes,
                "points": master.points,
                "release": release,
            },
        },
    )


def seal_file(master_path: Path, case_name: str, release: str) -> tuple[str, str, str]:
    """Exercise, case and the text of the seal file for them; runs the master."""
    master, case = load_master(master_path), load_case(case_name)
    sealed = seal_run(run_master(master, case), secret=release)
    data = {
        "schema": 1,
        "release": release,
        "exercise": master.id,
        "case": case.name,
        "fingerprint": case.fingerprint,
        "questions": [one.as_dict() for one in sealed.values()],
    }
    return master.id, case.name, json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def write_seals(
    out: Path, masters: Sequence[Master], release: str, cases: Iterable[str], jobs: int, progress: Progress
) -> None:
    """Run every master on every case and write ``out/<exercise>/<case>.json``."""
    work = [(master.path, case, release) for master in masters for case in cases]
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        futures = [pool.submit(seal_file, *item) for item in work]
        for done, future in enumerate(futures, 1):
            exercise, case, text = future.result()
            path = out / exercise / f"{case}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            progress("sealing answers", done, len(work))


def build_wheel(out: Path, seals: Path) -> Path:
    """Build the trainees' wheel: the kit's notebook half, the cases, and the seals.

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
        shutil.copytree(package, stage / "playbook", ignore=_not_for_trainees(package))
        shutil.copytree(data_root(), stage / "playbook" / "_data", ignore=shutil.ignore_patterns("seals"))
        shutil.copytree(seals, stage / "playbook" / "_data" / "seals")
        shutil.copy(source / "LICENSE", stage / "LICENSE")
        (stage / "pyproject.toml").write_text(_wheel_project(project), encoding="utf-8")
        out.mkdir(parents=True, exist_ok=True)
        return Path(next(iter(WheelBuilder(str(stage)).build(directory=str(out), versions=["standard"]))))


def _not_for_trainees(package: Path) -> Callable[[str, list[str]], set[str]]:
    import fnmatch

    def ignored(folder: str, names: list[str]) -> set[str]:
        relative = Path(folder).resolve().relative_to(package)
        return {
            name
            for name in names
            if name == "__pycache__"
            or any(fnmatch.fnmatch(str(relative / name), pattern) for pattern in NOT_FOR_TRAINEES)
        }

    return ignored


def _wheel_project(project: dict[str, Any]) -> str:
    dependencies = ", ".join(json.dumps(d) for d in project["dependencies"])
    return (
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        f'[project]\nname = "{project["name"]}"\nversion = "{project["version"]}"\n'
        f"description = {json.dumps(project['description'])}\nlicense = {json.dumps(project['license'])}\n"
        f'requires-python = "{project["requires-python"]}"\ndependencies = [{dependencies}]\n'
        '[tool.hatch.build.targets.wheel]\npackages = ["playbook"]\nartifacts = ["playbook/_data/**"]\n'
    )


def write_release(
    out: Path,
    *,
    masters_folder: Path | None = None,
    exercises: Iterable[str] = (),
    cases: Iterable[str] = (),
    jobs: int = 2,
    progress: Progress = no_progress,
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
        progress: called with what is being done, how many are done, and of how many.
    """
    masters = find_masters(masters_folder, exercises)
    names = list(cases) or [case.name for case in list_cases()]
    name = release_name(masters)
    described = {"schema": 1, "release": name, "exercises": [describe(m) for m in masters], "cases": names}
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
    write_seals(out / "seals", masters, name, names, jobs, progress)
    (out / "seals" / OUTLINE).write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
    progress("building the kit", 0, 1)
    build_wheel(out / "kit", out / "seals")
    progress("building the kit", 1, 1)
    _write_bundle(out, name)
    _refuse_leaks(out, masters)
    (out / record.name).write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)
    out.rename(place)
    return _opened(place, name)


def public_texts() -> list[str]:
    """What everybody may read anyway: the book's pages and the kit's code."""
    root = Path(__file__).resolve().parents[2]
    paths = [*sorted((root / "book").glob("*.md")), *sorted((root / "playbook").rglob("*.py"))]
    return [path.read_text(encoding="utf-8") for path in paths]


def _refuse_leaks(out: Path, masters: Sequence[Master]) -> None:
    from playbook.exercises.leak import Secrets, scan

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
        "minutes": master.minutes,
        "points": master.points,
        "section": master.section,
        "figure": master.figure,
        "questions": [
            {"id": q.id, "title": q.title, "points": q.points, "stretch": q.stretch, "playbook": q.playbook}
            for q in master.questions
        ],
    }


def _opened(out: Path, name: str) -> Release:
    wheel = next((out / "kit").glob("*.whl"))
    return Release(name, out, tuple(sorted((out / "notebooks").glob("*.ipynb"))), wheel, out / "seals")


def _write_bundle(out: Path, release: str) -> None:
    """Copy the start command and its pinned requirements, with the release's name filled in."""
    bundle = Path(__file__).resolve().parent / "bundle"
    for path in sorted(bundle.iterdir()):
        if path.is_file() and not path.name.startswith("_"):
            text = re.sub(r"\{\{ *release *\}\}", release, path.read_text(encoding="utf-8"))
            target = out / path.name
            target.write_text(text, encoding="utf-8")
            target.chmod(0o755 if path.suffix in (".sh", ".command", ".py") else 0o644)
