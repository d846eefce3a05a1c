"""Hand-ins: which notebooks there are, whose they are, and for which exercise."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from playbook.errors import PlaybookError
from playbook.names import clean, safe_name
from playbook.submissions.sources import Entry, open_source


@dataclass(frozen=True, slots=True)
class Facts:
    """What a notebook says about itself; every word of it is the trainee's.

    Attributes:
        exercise, release, trainee, case: as its metadata name them.
        name: as typed into ``open_case("…")``.
        problem: why it is no notebook; empty if it is.
    """

    exercise: str = ""
    release: str = ""
    trainee: str = ""
    case: str = ""
    name: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HandIn:
    """One notebook that was handed in. Its content is read when it is wanted: thousands of them weigh little.

    Attributes:
        trainee: who handed it in, safe as a file name.
        exercise: which exercise it answers; empty if that cannot be told.
        source: file it came from, for people.
        sha256: of its bytes.
        received: when its file was written last, in seconds since 1970 (UTC).
        facts: what the notebook says about itself.
        problem: why it is no notebook; empty if it is.
        notes: what looked odd and was settled: a name that differs, a second copy.
        read: its bytes; empty for a file that is too large.
    """

    trainee: str
    exercise: str
    source: str
    sha256: str
    received: float
    facts: Facts
    problem: str
    notes: tuple[str, ...]
    read: Callable[[], bytes]

    @property
    def release(self) -> str:
        """The release the notebook says it comes from."""
        return self.facts.release

    def open(self) -> tuple[Mapping[str, Any] | None, str]:
        """The notebook's content, or None and why it can't be had.

        Raises:
            PlaybookError: its file can no longer be read.
        """
        if self.problem:
            return None, self.problem
        data = self.read()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            return None, "its file changed while it was being graded; grade it again"
        return parse_notebook(data)


def find_hand_ins(
    source: Path, exercises: Iterable[str], known: Callable[[str], Facts | None] = lambda sha256: None
) -> list[HandIn]:
    """Find every notebook handed in, the earliest first; each one is an attempt.

    Accepts ``<trainee>/<exercise>.ipynb``, a flat folder of notebooks, a zip of either as a learning platform
    makes it, or one notebook.

    Args:
        source: folder, zip or notebook.
        exercises: ids of the exercises there are.
        known: facts of a notebook that was read before, by its SHA-256.

    Raises:
        PlaybookError: there is nothing to read there.
    """
    ids = sorted(exercises)
    found: dict[tuple[str, str, str], HandIn] = {}
    for entry in sorted(open_source(source), key=lambda entry: (entry.received, _order(entry.path))):
        one = _hand_in(entry, ids, known)
        before = found.get((one.trainee, one.exercise, one.sha256))
        if before is None:
            found[one.trainee, one.exercise, one.sha256] = one
    if not found:
        raise PlaybookError(
            "no notebooks (*.ipynb) found",
            where=str(source),
            remedy="name a folder, a zip or a notebook that was handed in",
        )
    return list(found.values())


def _order(path: PurePosixPath) -> tuple[str, int, str]:
    """Copies in the order in which they were saved: ``a.ipynb``, ``a (1).ipynb``, ``a (2).ipynb``."""
    copy = re.search(r"[ _]?\((\d{1,6})\)$", path.stem)
    return (str(path.parent), int(copy[1]) if copy else 0, path.name)


def _hand_in(entry: Entry, known: list[str], facts_by_sum: Callable[[str], Facts | None]) -> HandIn:
    path, stem = entry.path, entry.path.stem
    sha256, facts = _read_facts(entry, facts_by_sum)
    problem, named = facts.problem, facts.exercise
    exercise = named if named in known else exercise_in_name(stem, known)
    notes = []
    if named and named not in known:
        notes.append(f"the notebook calls its exercise {named[:60]!r}, which there is not")
    if len(path.parts) > 1:
        trainee = path.parts[-2]
        if facts.trainee and safe_name(facts.trainee) != safe_name(trainee):
            notes.append(
                f"the notebook names {facts.trainee[:60]!r}, the folder {trainee[:60]!r}: the folder decides"
            )
    else:
        rest = re.sub(
            r"[_\- ]*(assignsubmission_file)?[_\- ]*$", "", stem.split(exercise)[0] if exercise else stem
        )
        trainee = facts.trainee or rest.strip("_- ") or stem
    if not exercise and not problem:
        problem = "it does not say which exercise it answers, nor does its file name"
    return HandIn(
        trainee=safe_name(trainee),
        exercise=exercise,
        source=clean(str(path)),
        sha256=sha256,
        received=entry.received,
        facts=facts,
        problem=problem,
        notes=tuple(map(clean, notes)),
        read=entry.read,
    )


def _read_facts(entry: Entry, known: Callable[[str], Facts | None]) -> tuple[str, Facts]:
    """The digest of a file, and what its notebook says about itself; one that can't be read costs only itself."""
    data, problem = b"", entry.problem
    try:
        data = entry.read()
    except PlaybookError as error:
        problem = error.what
    if problem:
        return hashlib.sha256(f"{problem}{entry.size}{entry.received}".encode()).hexdigest(), Facts(
            problem=problem
        )
    sha256 = hashlib.sha256(data).hexdigest()
    return sha256, known(sha256) or facts_of(*parse_notebook(data))


def exercise_in_name(stem: str, exercises: Iterable[str]) -> str:
    """The exercise that a file's name names, or nothing.

    It is named by its full id, anywhere (of several the longest), or by the number that the name begins with:
    ``03 my answers`` is 03-…, ``030`` is not.
    """
    ids = sorted(exercises, key=len, reverse=True)
    number = re.match(r"\d+", stem)
    return next(
        (one for one in ids if one in stem),
        next((one for one in ids if number and one.partition("-")[0] == number[0]), ""),
    )


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


def facts_of(notebook: Mapping[str, Any] | None, problem: str = "") -> Facts:
    """What a notebook says about itself."""
    if notebook is None:
        return Facts(problem=clean(problem))
    metadata = notebook.get("metadata")
    own = metadata.get("playbook") if isinstance(metadata, Mapping) else None
    own = own if isinstance(own, Mapping) else {}
    said = {name: _text(own.get(name)) for name in ("exercise", "release", "trainee", "case")}
    return Facts(**said, name=clean(typed_name(notebook))[:200], problem=problem)


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
                    return _shown(argument.value)
    return ""


def _shown(value: str | int) -> str:
    try:
        return str(value)
    except ValueError:  # thousands of digits
        return ""


def _text(value: object) -> str:
    return clean(value)[:200] if isinstance(value, str) else ""
