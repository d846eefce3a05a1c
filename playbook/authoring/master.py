"""Masters: an exercise in one file, as its author writes it."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.authoring.header import Header, read_header
from playbook.errors import PlaybookError
from playbook.exercises.question import Question
from playbook.places import cache_folder, course_root, write_whole

#: Cell tags with a meaning; cells without one are released as they stand, and so are those tagged `panel`.
TAGS = ("solution", "arguments", "starter", "wrong", "trap", "help", "instructor", "panel")


@dataclass(frozen=True)
class Wrong:
    """A typical wrong answer: code that a trainee really writes, and the hint it earns."""

    source: str
    hint: str
    cell: int


@dataclass(frozen=True)
class Trap:
    """A wrong way that earns no hint of its own: code, and in a few words what it does.

    It stays with the authors, who measure in how many cities it gives the right answer.
    """

    source: str
    way: str
    cell: int


@dataclass(frozen=True)
class HelpCell:
    """What a trainee is shown who does not get on: a worked step, and a solution on another city's small table.

    Attributes:
        source: the solution; stands alone, and its last expression is shown.
        step: the worked step in words.
        see: the heading in the chapter's page, by its anchor, under which the same is done.
    """

    source: str
    step: str
    see: str
    cell: int


@dataclass(frozen=True)
class Block:
    """A question with everything that belongs to it. `cell` numbers count from 1 in the master."""

    question: Question
    solution: str
    starter: str
    wrongs: tuple[Wrong, ...]
    arguments: str
    cell: int
    traps: tuple[Trap, ...] = ()
    help: HelpCell | None = None
    #: Pieces of the starter that must go: a value there is no answer, such as a zero to be replaced.
    change: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One step of a master: prose (`markdown`), `code` that is released as it stands, or a `question`.

    `shows_panel` marks the code that shows the chapter's panel.
    """

    kind: str
    source: str
    number: int
    block: Block | None = None
    shows_panel: bool = False


@dataclass(frozen=True)
class Master:
    """An exercise as its author wrote it, and all that the course needs to know of its chapter.

    Attributes:
        header: what the front matter says.
        path: the file.
    """

    header: Header
    path: Path
    cells: tuple[Cell, ...]

    @property
    def id(self) -> str:
        """Such as ``03-entry-industries``; also the name of its folder, and of the chapter's page."""
        return self.header.exercise

    @property
    def chapter(self) -> int:
        return self.header.chapter

    @property
    def title(self) -> str:
        return self.header.title

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(cell.block for cell in self.cells if cell.block)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(block.question for block in self.blocks)

    @property
    def points(self) -> float:
        return float(sum(question.points for question in self.questions))


#: Where masters stand in a course.
MASTERS = "exercises/*/master.md"


def masters_folder() -> Path:
    """The `exercises/` folder of the course that the working folder belongs to."""
    return course_root(MASTERS) / "exercises"


def find_masters(folder: Path | None = None, names: Iterable[str] = ()) -> list[Master]:
    """Read the masters in a folder, in order of chapter.

    Args:
        folder: holds ``<slug>/master.md``; default the course's own.
        names: ids, or beginnings of ids; default all.
    """
    folder = folder or masters_folder()
    paths = sorted(folder.glob("*/master.md"))
    wanted = [Path(name).name if "/" in str(name) else str(name) for name in names]
    for name in wanted:
        if not any(path.parent.name.startswith(name) for path in paths):
            known = ", ".join(path.parent.name for path in paths) or "none"
            raise PlaybookError(f"no exercise {name!r}", where=str(folder), remedy=f"there are: {known}")
    chosen = [p for p in paths if not wanted or any(p.parent.name.startswith(n) for n in wanted)]
    if not chosen:
        raise PlaybookError("no masters found", where=str(folder), remedy="a master is <nn-slug>/master.md")
    return sorted((load_master(path) for path in chosen), key=lambda master: master.id)


def _jupytext() -> Any:
    """jupytext without a grammar of web addresses that a library behind it would spend a second on building."""
    slow = "rfc3987_syntax"
    absent = slow not in sys.modules
    if absent:
        sys.modules[slow] = None  # type: ignore[assignment]  # jsonschema does without it
    try:
        import jupytext
    finally:
        if absent:
            del sys.modules[slow]
    return jupytext


def load_master(path: Path | str) -> Master:
    """Read a master.

    Raises:
        PlaybookError: names the cell and what is wrong with it.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "master.md"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PlaybookError("no such master", where=str(path), remedy="check the path") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _not_a_master(error, path) from None
    return _read_master(text, path)


def _not_a_master(error: Exception, path: Path) -> PlaybookError:
    return PlaybookError(
        f"not a MyST notebook: {error}",
        where=str(path),
        remedy="compare its front matter and fences with CONTRIBUTING.md",
    )


def _notebook(text: str) -> Mapping[str, Any]:
    """A master's text as a notebook; parsed once, then kept on disk: parsing all of them takes a second."""
    version = importlib.metadata.version("jupytext")
    name = hashlib.sha256(f"{version}\n{text}".encode()).hexdigest()[:32]
    kept = cache_folder("masters") / f"{name}.json"
    with contextlib.suppress(OSError, ValueError):
        notebook = json.loads(kept.read_bytes())
        os.utime(kept)
        if isinstance(notebook, dict) and {"metadata", "cells"} <= notebook.keys():
            return notebook
    notebook = _jupytext().reads(text, fmt="md:myst")
    with contextlib.suppress(OSError, TypeError, ValueError):
        written = json.dumps(notebook)
        if json.loads(written) == notebook:  # a day, say, is no JSON
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, [written])
    return notebook


@functools.lru_cache(maxsize=64)
def _read_master(text: str, path: Path) -> Master:
    """The same text is read once; a master is never changed."""
    try:
        notebook = _notebook(text)
    except Exception as error:
        raise _not_a_master(error, path) from None
    header = read_header(notebook["metadata"].get("playbook"), path)
    cells = tuple(_cells(notebook["cells"], path, header.judges))
    _check_panel(header, cells, path)
    ids = [cell.block.question.id for cell in cells if cell.block]
    for question in ids:
        if ids.count(question) > 1:
            raise PlaybookError(
                f"two questions are called {question!r}", where=str(path), remedy="rename one"
            )
    return Master(header, path, cells)


def _check_panel(header: Header, cells: tuple[Cell, ...], path: Path) -> None:
    """One cell shows the panel where there is one, and every cell opens this exercise and no other."""
    shown = [cell for cell in cells if cell.shows_panel]
    if len(shown) != bool(header.panel):
        raise PlaybookError(
            f"{len(shown)} cells are tagged `panel`, and the front matter names {'one' if header.panel else 'none'}",
            where=f"{path} `panel:`",
            remedy="tag the cell that shows the panel, and name the panel's function in the front matter",
        )
    for cell in cells:
        opened = re.search(r"""open_exercise\(["']([^"']*)["']\)""", cell.source)
        if opened and opened[1] != header.exercise:
            raise PlaybookError(
                f"the cell opens the exercise {opened[1]!r}",
                where=f"{path} cell {cell.number}",
                remedy=f'write open_exercise("{header.exercise}")',
            )


@dataclass
class _Open:
    """A question being read: its cells follow one another."""

    question: Question
    solution: str
    cell: int
    starter: str = ""
    arguments: str = ""
    wrongs: tuple[Wrong, ...] = ()
    traps: tuple[Trap, ...] = ()
    help: HelpCell | None = None
    change: tuple[str, ...] = ()

    def close(self, path: Path) -> Cell:
        where = f"{path} cell {self.cell}"
        question = self.question
        if question.kind.tried != bool(self.arguments):
            raise PlaybookError(
                f"question {question.id!r}: a function needs a cell tagged `arguments`, and only a function",
                where=where,
                remedy="bind `arguments = [(…), …]` in it, one tuple for each call",
            )
        least = question.kind.least_wrong
        if len(self.wrongs) < least:
            raise PlaybookError(
                f"question {question.id!r} has {len(self.wrongs)} wrong answers",
                where=where,
                remedy=f"add cells tagged `wrong`, each with `hint: …`, until there are {least}",
            )
        hints = [wrong.hint for wrong in self.wrongs]
        if len(set(hints)) < len(hints):
            raise PlaybookError(
                f"two hints of {question.id!r} are the same", where=where, remedy="give each its own"
            )
        starter = self.starter or f'{question.answer} = ...\ncheck("{question.id}", {question.answer})'
        block = Block(
            question,
            self.solution,
            starter,
            self.wrongs,
            self.arguments,
            self.cell,
            self.traps,
            self.help,
            self.change,
        )
        return Cell("question", self.solution, self.cell, block)


def _help(cell: Any, source: str, number: int, where: str) -> HelpCell:
    step, see = (str(cell["metadata"].get(key) or "").strip() for key in ("step", "see"))
    for key, value, what in (
        ("step", step, "the worked step in words"),
        ("see", see, "the anchor of a heading in the chapter's page"),
    ):
        if not value:
            raise PlaybookError(
                f"a help cell without `{key}:`",
                where=where,
                remedy=f"add `{key}: …`, {what}, to its metadata",
            )
    if not source:
        raise PlaybookError(
            "a help cell without a solution", where=where, remedy="solve the question on another city's table"
        )
    return HelpCell(source, step, see.removeprefix("#"), number)


def _change(given: Any, starter: str, where: str) -> tuple[str, ...]:
    """The pieces of a starter that must go, as its metadata lists them."""
    pieces = tuple(map(str, given)) if isinstance(given, list) else (str(given),)
    for piece in pieces:
        if not piece.strip() or piece not in starter:
            raise PlaybookError(
                f"`change:` names {piece!r}, which does not stand in the starter",
                where=where,
                remedy="copy it from the starter",
            )
    return pieces


def _cells(cells: list[Any], path: Path, judges: Mapping[str, str]) -> Iterator[Cell]:
    pending: _Open | None = None
    for number, cell in enumerate(cells, 1):
        where = f"{path} cell {number}"
        tags = list(cell["metadata"].get("tags", []))
        unknown = [tag for tag in tags if tag not in TAGS]
        if unknown:
            raise PlaybookError(
                f"unknown tag {unknown[0]!r}", where=where, remedy=f"use one of {', '.join(TAGS)}"
            )
        tag = tags[0] if tags else ""
        source = cell["source"].strip("\n")
        if tag in ("arguments", "starter", "wrong", "trap", "help"):
            if pending is None:
                raise PlaybookError(
                    f"a `{tag}` cell without a solution before it",
                    where=where,
                    remedy="move it behind its solution",
                )
            if tag == "wrong":
                hint = str(cell["metadata"].get("hint", "")).strip()
                if not hint:
                    raise PlaybookError(
                        "a wrong answer without a hint", where=where, remedy="add `hint: …` to its metadata"
                    )
                pending.wrongs += (Wrong(source, hint, number),)
            elif tag == "trap":
                way = str(cell["metadata"].get("way", "")).strip() or source.splitlines()[-1]
                pending.traps += (Trap(source, way, number),)
            elif getattr(pending, tag):
                raise PlaybookError(
                    f"a second `{tag}` cell for {pending.question.id!r}", where=where, remedy="keep one"
                )
            elif tag == "help":
                pending.help = _help(cell, source, number, where)
            else:
                setattr(pending, tag, source)
            if tag == "starter":
                pending.change = _change(cell["metadata"].get("change", []), source, where)
            continue
        if pending is not None:
            yield pending.close(path)
            pending = None
        if tag == "instructor":
            continue
        if tag == "solution":
            metadata = cell["metadata"].get("question")
            if not metadata:
                raise PlaybookError(
                    "a solution without `question: {…}` in its metadata",
                    where=where,
                    remedy="see CONTRIBUTING.md",
                )
            pending = _Open(Question.from_metadata(metadata, where, judges), source, number)
        elif source or cell["cell_type"] == "markdown":
            yield Cell(cell["cell_type"], source, number, shows_panel=tag == "panel")
    if pending is not None:
        yield pending.close(path)
