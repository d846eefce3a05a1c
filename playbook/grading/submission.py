"""Hand-ins: which notebooks there are, whose they are, and for which exercise."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from playbook.errors import PlaybookError

#: A notebook larger than this is not read: with its outputs a whole exercise takes a few hundred kilobytes.
MAX_BYTES = 20_000_000
_MAX_FILES = 100_000


@dataclass(frozen=True)
class Submission:
    """One notebook as handed in.

    Attributes:
        trainee: who handed it in, safe as a file name.
        exercise: which exercise it answers; empty if that cannot be told.
        source: file it came from, for people.
        sha256: of its bytes.
        notebook: its content; None if it is no notebook.
        problem: why it is not one; empty if it is.
        notes: what looked odd and was settled: a name that differs, a second copy.
    """

    trainee: str
    exercise: str
    source: str
    sha256: str
    notebook: Mapping[str, Any] | None
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def release(self) -> str:
        """The release the notebook says it comes from."""
        return _text(self.metadata.get("release"))

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The notebook's `playbook` metadata, or nothing."""
        metadata = (self.notebook or {}).get("metadata")
        own = metadata.get("playbook") if isinstance(metadata, Mapping) else None
        return own if isinstance(own, Mapping) else {}


def safe_name(text: str) -> str:
    """A trainee's name as one part of a path: no separators, no control characters, no leading dot."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    text = re.sub(r"[^\w.@+-]+", "-", text).strip("-. ")
    return text[:80] or "unnamed"


def read_submissions(source: Path, exercises: Iterable[str]) -> list[Submission]:
    """Read every notebook handed in.

    Accepts ``<trainee>/<exercise>.ipynb``, a flat folder of notebooks, a zip of either as a learning platform
    makes it, or one notebook.

    Args:
        source: folder, zip or notebook.
        exercises: ids of the exercises there are.

    Raises:
        PlaybookError: there is nothing to read there.
    """
    known = sorted(exercises)
    files = sorted(_files(source), key=lambda item: str(item[0]))
    submissions = [_read(path, data, known) for path, data in files]
    if not submissions:
        raise PlaybookError(
            "no notebooks (*.ipynb) found",
            where=str(source),
            remedy="name a folder, a zip or a notebook that was handed in",
        )
    return _one_each(submissions)


def _files(source: Path) -> Iterator[tuple[PurePosixPath, bytes | str]]:
    """Path below the source, and its bytes, or a sentence why they can't be had."""
    if source.is_dir():
        for path in sorted(source.rglob("*.ipynb")):
            if ".ipynb_checkpoints" in path.parts or path.is_symlink() or not path.is_file():
                continue
            relative = PurePosixPath(path.relative_to(source).as_posix())
            yield (
                relative,
                "it is larger than 20 MB" if path.stat().st_size > MAX_BYTES else path.read_bytes(),
            )
    elif source.suffix.casefold() == ".zip" and source.is_file():
        yield from _zipped(source)
    elif source.is_file():
        yield PurePosixPath(source.name), source.read_bytes()
    else:
        raise PlaybookError("no such folder, zip or notebook", where=str(source), remedy="check the path")


def _zipped(source: Path) -> Iterator[tuple[PurePosixPath, bytes | str]]:
    try:
        with zipfile.ZipFile(source) as archive:
            for entry in archive.infolist()[:_MAX_FILES]:
                path = PurePosixPath(entry.filename)
                if entry.is_dir() or path.suffix != ".ipynb" or "__MACOSX" in path.parts:
                    continue
                if entry.file_size > MAX_BYTES:
                    yield path, "it is larger than 20 MB"
                    continue
                with archive.open(entry) as file:
                    data = file.read(MAX_BYTES + 1)
                yield path, "it is larger than 20 MB" if len(data) > MAX_BYTES else data
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise PlaybookError(
            f"the zip can't be read: {error}",
            where=str(source),
            remedy="download it again from the learning platform",
        ) from None


def _read(path: PurePosixPath, data: bytes | str, known: list[str]) -> Submission:
    notebook, problem = (None, data) if isinstance(data, str) else parse_notebook(data)
    sha256 = hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()
    metadata = Submission("", "", "", "", notebook).metadata
    stem = path.stem
    named = _text(metadata.get("exercise"))
    in_name = next((exercise for exercise in known if exercise in stem), "")
    exercise = named if named in known else in_name or next((e for e in known if stem.startswith(e[:3])), "")
    notes = []
    if named and named not in known:
        notes.append(f"the notebook calls its exercise {named[:60]!r}, which there is not")
    said = _text(metadata.get("trainee"))
    if len(path.parts) > 1:
        trainee = path.parts[-2]
        if said and safe_name(said) != safe_name(trainee):
            notes.append(f"the notebook names {said[:60]!r}, the folder {trainee[:60]!r}: the folder decides")
    else:
        rest = re.sub(
            r"[_\- ]*(assignsubmission_file)?[_\- ]*$", "", stem.split(exercise)[0] if exercise else stem
        )
        trainee = said or rest.strip("_- ") or stem
    if not exercise and not problem:
        problem = "it does not say which exercise it answers, nor does its file name"
    return Submission(safe_name(trainee), exercise, str(path), sha256, notebook, problem, tuple(notes))


def _one_each(submissions: list[Submission]) -> list[Submission]:
    """One notebook for each trainee and exercise: the last by file name, with a note of the others."""
    latest: dict[tuple[str, str], Submission] = {}
    for one in submissions:
        key = (one.trainee, one.exercise or one.source)
        before = latest.get(key)
        if before is not None:
            note = f"handed in more than once: {one.source} counts, not {before.source}"
            one = Submission(**{**one.__dict__, "notes": (*one.notes, note)})
        latest[key] = one
    return list(latest.values())


def parse_notebook(data: bytes) -> tuple[Mapping[str, Any] | None, str]:
    """The notebook in a file's bytes, or None and what is wrong with it."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, "it is not UTF-8 text"
    except RecursionError:
        return None, "it is nested too deeply"
    except ValueError as error:
        return None, f"it is not a notebook: {error}" if data.strip() else "the file is empty"
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        return None, "it is not a notebook of format 4: it has no list of cells"
    return notebook, ""


def typed_name(notebook: Mapping[str, Any]) -> str:
    """The name a trainee typed into ``open_case("…")``, or nothing."""
    for cell in notebook.get("cells", []):
        if not isinstance(cell, Mapping) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", "")
        source = "".join(map(str, source)) if isinstance(source, list) else str(source)
        if "open_case" not in source or len(source) > 20_000:
            continue
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id == "open_case" and node.args:
                argument = node.args[0]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, (str, int)):
                    return str(argument.value)
    return ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
