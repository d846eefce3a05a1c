"""Beginners' mistakes: what a trainee who makes them is shown, and whether it helps.

Beside a master stands ``beginners.yaml``, a list of mistakes, each with the help that fits:

.. code-block:: yaml

    - question: lq
      does: "divides the nation's share by the city's"
      edits: [["base[\\"lq\\"] = ...", "base[\\"lq\\"] = base[\\"nation_share\\"] / base[\\"city_share\\"]"]]
      helps: "the city's share goes on top"
      never: "exactly reversed"

``cell`` gives the whole cell as the beginner left it; ``edits`` changes the starter, each pair in order, the first
place where the old text stands. ``helps`` is a piece of what must be shown, ``never`` one of what must not be.
``open`` lists earlier questions that still hold the starter's dots (the question itself: its cell ran once as handed
out), ``not_run`` earlier ones whose cells never ran, ``twice: true`` says that the cell is run a second time. All
other questions before it are answered by the solution.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playbook.authoring.master import Block, Master
from playbook.authoring.release import seal_text
from playbook.authoring.solve import copy_namespace, quiet, run_master, seal_run
from playbook.cases import Case, load_case, use_case
from playbook.errors import PlaybookError

#: Beside a master.
FILE = "beginners.yaml"
#: The city on which mistakes are played, where none is named.
CITY = "nanjing"
#: The share of mistakes that must get help that fits.
TARGET = 0.95

_KEYS = {"question", "does", "cell", "edits", "helps", "never", "open", "not_run", "twice"}


@dataclass(frozen=True)
class Mistake:
    """One mistake that a beginner makes in one question's cell.

    Attributes:
        question: the question's id.
        does: the mistake, in a few words.
        helps: pieces of what must be shown, all of them.
        never: pieces of what must not be shown.
        cell: the cell as the beginner left it.
        edits: or what was changed in the starter.
        open: questions that still hold the starter's dots; the question itself, if its cell ran as handed out.
        not_run: earlier questions whose cells never ran.
        twice: the cell is run a second time.
        where: file and place in it.
    """

    question: str
    does: str
    helps: tuple[str, ...]
    never: tuple[str, ...] = ()
    cell: str = ""
    edits: tuple[tuple[str, str], ...] = ()
    open: tuple[str, ...] = ()
    not_run: tuple[str, ...] = ()
    twice: bool = False
    where: str = ""

    def source(self, starter: str) -> str:
        """The cell that is run.

        Raises:
            PlaybookError: an edit does not apply to the starter.
        """
        source = self.cell or starter
        for old, new in self.edits:
            if old not in source:
                raise PlaybookError(
                    f"the edit of {old!r} no longer applies: the starter of {self.question!r} does not hold that text",
                    where=self.where,
                    remedy="take the text from the starter as it is now, or give the whole cell with `cell: |`",
                )
            source = source.replace(old, new, 1)
        return source


@dataclass(frozen=True)
class Told:
    """What came of a mistake.

    Attributes:
        shown: all that the kit showed: the check's result, the box *In plain words*.
        hint: the hint of a declared wrong answer, where one fired.
        lacking: pieces of help that were not shown.
        wrongly: pieces that were shown and must not be.
        broken: why the mistake could not be played.
    """

    mistake: Mistake
    shown: str = ""
    hint: str = ""
    lacking: tuple[str, ...] = ()
    wrongly: tuple[str, ...] = ()
    broken: str = ""

    @property
    def fits(self) -> bool:
        return not (self.lacking or self.wrongly or self.broken)

    @property
    def misleads(self) -> bool:
        """Whether a hint fired that describes another mistake, or something was shown that must not be."""
        return bool(self.wrongly or (self.lacking and self.hint))

    def __str__(self) -> str:
        shown = "\n".join(f"      {line}" for line in self.shown.splitlines()) or "      (nothing was shown)"
        lines = [f"{'fits' if self.fits else 'MISSES'}  {self.mistake.question}: {self.mistake.does}"]
        lines += [f"      {self.broken}" if self.broken else shown]
        lines += [f"      lacking: {piece!r}" for piece in self.lacking]
        lines += [f"      must not be shown: {piece!r}" for piece in self.wrongly]
        return "\n".join(lines)


@dataclass
class Score:
    """How many mistakes of an exercise get help that fits."""

    exercise: str
    told: list[Told] = field(default_factory=list)

    @property
    def fitting(self) -> int:
        return sum(one.fits for one in self.told)

    @property
    def share(self) -> float:
        return self.fitting / len(self.told) if self.told else 0.0

    def __str__(self) -> str:
        broken = sum(bool(one.broken) for one in self.told)
        misleading = sum(one.misleads for one in self.told)
        return (
            f"{self.exercise}: {self.fitting} of {len(self.told)} mistakes get help that fits ({self.share:.1%}); "
            f"{misleading} mislead, {broken} could not be played"
        )


def read_mistakes(master: Master) -> list[Mistake]:
    """The mistakes that stand beside a master; none where there is no such file.

    Raises:
        PlaybookError: names the entry and what is wrong with it.
    """
    import yaml

    path = master.path.with_name(FILE)
    if not path.is_file():
        return []
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except yaml.YAMLError as error:
        raise PlaybookError(f"not YAML: {error}", where=str(path), remedy="mend the file") from None
    if not isinstance(entries, list):
        raise PlaybookError("not a list of mistakes", where=str(path), remedy="begin each with `- question:`")
    order = [question.id for question in master.questions]
    return [_mistake(entry, order, f"{path} entry {place}") for place, entry in enumerate(entries, 1)]


def _mistake(entry: Any, order: Sequence[str], where: str) -> Mistake:
    def wrong(what: str, remedy: str) -> PlaybookError:
        return PlaybookError(what, where=where, remedy=remedy)

    if not isinstance(entry, Mapping):
        raise wrong("not a mistake", "begin with `- question:`")
    if unknown := sorted(set(entry) - _KEYS):
        raise wrong(f"unknown key {unknown[0]!r}", f"use one of {', '.join(sorted(_KEYS))}")
    for key in ("question", "does", "helps"):
        if not entry.get(key):
            raise wrong(f"the mistake lacks {key!r}", f"add `{key}: …`")
    if entry["question"] not in order:
        raise wrong(f"no question is called {entry['question']!r}", f"use one of {', '.join(order)}")
    if bool(entry.get("cell")) == bool(entry.get("edits")):
        raise wrong(
            "a mistake needs `cell` or `edits`, one of them", "give the cell, or what was changed in it"
        )
    edits = entry.get("edits") or []
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in edits):
        raise wrong("`edits` is no list of pairs", 'write `edits: [["old", "new"]]`')
    place = order.index(entry["question"])
    for key, before in (("open", order[: place + 1]), ("not_run", order[:place])):
        for name in _texts(entry.get(key)):
            if name not in before:
                raise wrong(f"`{key}` names {name!r}, which is no question before it", "name an earlier one")
    return Mistake(
        str(entry["question"]),
        str(entry["does"]),
        _texts(entry["helps"]),
        _texts(entry.get("never")),
        str(entry.get("cell") or ""),
        tuple((str(old), str(new)) for old, new in edits),
        _texts(entry.get("open")),
        _texts(entry.get("not_run")),
        bool(entry.get("twice")),
        where,
    )


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def play(master: Master, mistakes: Iterable[Mistake], city: str = CITY) -> Score:
    """Let a beginner make mistakes in a notebook of an exercise, and keep what is shown."""
    score = Score(master.id)
    with _seat(master, load_case(city)) as seat:
        for mistake in mistakes:
            score.told.append(seat.play(mistake))
    return score


def compare(mistake: Mistake, shown: str, hint: str = "") -> Told:
    """What was shown for a mistake, held against the help that fits it."""
    plain = _plainly(shown)
    lacking = tuple(piece for piece in mistake.helps if _plainly(piece) not in plain)
    wrongly = tuple(piece for piece in mistake.never if _plainly(piece) in plain)
    return Told(mistake, shown, hint, lacking, wrongly)


def _plainly(text: str) -> str:
    """Text as compared: signs of emphasis, capitals and line breaks do not matter."""
    return re.sub(r"\s+", " ", re.sub(r"[`*]", "", text)).casefold().strip()


@contextlib.contextmanager
def _seat(master: Master, case: Case) -> Iterator[_Seat]:
    """A notebook's kernel in this process, in a folder of its own, that is gone afterwards."""
    sealed = seal_run(run_master(master, case), "beginners")
    with tempfile.TemporaryDirectory(prefix="playbook-beginners-") as made, contextlib.ExitStack() as stack:
        folder = Path(made)
        seals = folder / "seals" / master.id / f"{case.name}.json"
        seals.parent.mkdir(parents=True)
        questions = [one.as_dict() for one in sealed.values()]
        seals.write_text(seal_text(master, case, "beginners", questions), encoding="utf-8")
        (folder / "desk").mkdir()
        stack.enter_context(_surroundings(PLAYBOOK_SEALS=str(folder / "seals"), PLAYBOOK_CASE=None))
        stack.enter_context(contextlib.chdir(folder / "desk"))
        stack.enter_context(use_case(case))
        stack.enter_context(quiet())
        shell = stack.enter_context(_shell(folder / "shell"))
        yield _Seat(master, shell)


@contextlib.contextmanager
def _surroundings(**wanted: str | None) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in wanted}

    def put(values: Mapping[str, str | None]) -> None:
        for name, value in values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    put(wanted)
    try:
        yield
    finally:
        put(before)


@contextlib.contextmanager
def _shell(folder: Path) -> Iterator[Any]:
    """An interactive shell as a notebook's kernel has it, without a history on disk or a red text."""
    import sys

    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.InteractiveShell.ipython_dir = str(folder)
    config.HistoryManager.enabled = False
    module = types.ModuleType("notebook_of_a_beginner")
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config, user_module=module)
    shell.display_pub = CapturingDisplayPublisher(shell=shell)
    shell.showtraceback = shell.showsyntaxerror = lambda *args, **options: None
    try:
        yield shell
    finally:
        InteractiveShell.clear_instance()
        sys.modules.pop(module.__name__, None)


class _Seat:
    """One exercise in one shell: the cells before each question ran once, and what they made is kept."""

    def __init__(self, master: Master, shell: Any):
        self._master, self._shell = master, shell
        self._own = set(shell.user_ns)  # what the shell itself holds
        self._blocks: dict[str, Block] = {block.question.id: block for block in master.blocks}
        self._before: dict[str, tuple[dict[str, Any], list[str]]] = {}
        self._go(self._master.cells, keep=True)

    def _run(self, source: str) -> Any:
        return self._shell.run_cell(source, store_history=True)

    def _go(
        self,
        cells: Iterable[Any],
        open_: Iterable[str] = (),
        not_run: Iterable[str] = (),
        keep: bool = False,
    ) -> None:
        for cell in cells:
            if cell.kind == "markdown" or cell.shows_panel:
                continue
            name = cell.block.question.id if cell.block else ""
            if keep and name:
                self._before[name] = self._taken()
            if name in not_run:
                continue
            done = self._run(cell.block.starter if name in open_ else cell.source)
            if keep and not done.success:
                raise PlaybookError(
                    f"the cell stopped: {done.error_before_exec or done.error_in_exec}",
                    where=f"{self._master.path} cell {cell.number}",
                    remedy="mend the cell",
                )

    def _taken(self) -> tuple[dict[str, Any], list[str]]:
        names = {name: value for name, value in self._shell.user_ns.items() if self._is_made(name)}
        return copy_namespace(names), list(self._shell.history_manager.input_hist_parsed)

    def _is_made(self, name: str) -> bool:
        return name not in self._own and not name.startswith("_")

    def _put(self, taken: tuple[dict[str, Any], list[str]]) -> None:
        from playbook.exercises.check import open_exercise

        names, history = taken
        space, shell = self._shell.user_ns, self._shell
        for name in [name for name in space if self._is_made(name)]:
            del space[name]
        space.update(copy_namespace(names))
        shell.history_manager.input_hist_parsed[:] = history
        shell.execution_count = len(history)
        space["check"] = open_exercise(self._master.id)
        for path in Path().iterdir():  # answers that an earlier mistake left for the City Playbook
            path.unlink()

    def play(self, mistake: Mistake) -> Told:
        """Make one mistake, and say what was shown."""
        try:
            source = mistake.source(self._blocks[mistake.question].starter)
        except PlaybookError as error:
            return Told(mistake, broken=str(error))
        first = next((n for n in self._blocks if n in (*mistake.open, *mistake.not_run)), mistake.question)
        self._put(self._before[first])
        if first != mistake.question:
            self._go(self._between(first, mistake.question), mistake.open, mistake.not_run)
        if mistake.question in mistake.open:
            self._run(self._blocks[mistake.question].starter)
        for _ in range(1 + mistake.twice):
            self._shell.display_pub.outputs.clear()
            self._run(source)
        shown = "\n".join(out["data"]["text/plain"] for out in self._shell.display_pub.outputs)
        results = getattr(self._shell.user_ns.get("check"), "results", {})
        hint = results[mistake.question].hint if mistake.question in results else ""
        return compare(mistake, shown, hint)

    def _between(self, first: str, last: str) -> Iterator[Any]:
        names = [cell.block.question.id if cell.block else "" for cell in self._master.cells]
        yield from self._master.cells[names.index(first) : names.index(last)]
