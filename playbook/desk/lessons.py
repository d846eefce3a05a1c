"""Three things to teach again, each with a way to teach it in two minutes, made of the master's own help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbook.desk.did import Trouble, Way
from playbook.desk.reading import Reading
from playbook.desk.visits import Visit
from playbook.errors import PlaybookError

if TYPE_CHECKING:
    from playbook.authoring.master import Block, Master

#: Questions to teach again, and people and the share of them from whom on it is worth everyone's time.
LESSONS, _PEOPLE, _SHARE = 3, 2, 0.1
#: Wrong ways that a lesson names, and people who may show how they did it.
_WAYS, _VOLUNTEERS = 3, 2


@dataclass(frozen=True)
class Board:
    """The small example that goes on the board: code, and what it shows as text or as rows of a table."""

    code: str
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Lesson:
    """Something to teach again.

    Attributes:
        chapter: the exercise as people call it; number: of the question in it, from 1.
        asks: what the question asks for, from the notebook; empty where the master is not at hand.
        volunteers: who has it right and may say how, with their cities.
        step: the worked step, in words.
        board: the example on another city's small table.
        see: where the chapter does the same.
    """

    trouble: Trouble
    chapter: str
    number: int
    asks: str = ""
    volunteers: tuple[str, ...] = ()
    step: str = ""
    board: Board | None = None
    see: str = ""
    ways: tuple[Way, ...] = ()

    @property
    def others(self) -> int:
        """Trainees who missed it in another way than those that are named."""
        return self.trouble.wrong - sum(way.people for way in self.ways)


def lessons(
    reading: Reading,
    found: Sequence[Trouble],
    masters: Callable[[str], Master | None] = lambda exercise: None,
    sought: Sequence[Visit] = (),
) -> list[Lesson]:
    """The questions that most people miss where nothing earlier is to blame; stretches and sentences are left out.

    Args:
        found: every question's misses.
        masters: gives an exercise's master; without it a lesson has no example.
        sought: whom to visit: they are asked last to say how they did it.
    """
    worth = [
        one
        for one in found
        if not one.stretch and not one.sentence and one.wrong >= max(_PEOPLE, _SHARE * one.marked)
    ]
    worth.sort(key=lambda one: (-one.share, -one.wrong, one.exercise, one.place))
    found_: list[Lesson] = []
    visited = {one.trainee for one in sought}
    for one in worth[:LESSONS]:
        asked = {name for lesson in found_ for name in lesson.volunteers}
        found_.append(_lesson(reading, one, masters(one.exercise), asked, visited))
    return found_


def left_open(found: Sequence[Trouble], again: Sequence[Trouble]) -> list[Trouble]:
    """Questions that half of those marked left open, in the order in which they are met; stretches are left out.

    Args:
        found: every question's misses.
        again: those that are taught again anyway.
    """
    taught = {(one.exercise, one.question) for one in again}
    most = [
        one
        for one in found
        if not one.stretch
        and one.open >= max(_PEOPLE, one.marked / 2)
        and (one.exercise, one.question) not in taught
    ]
    return sorted(most, key=lambda one: (one.exercise, one.place))


def _lesson(
    reading: Reading, trouble: Trouble, master: Master | None, asked: set[str], visited: set[str]
) -> Lesson:
    plain = Lesson(
        trouble,
        reading.chapter(trouble.exercise),
        trouble.place + 1,
        volunteers=_volunteers(reading, trouble, asked, visited),
        ways=trouble.ways[:_WAYS],
    )
    blocks = master.blocks if master else ()
    block = next((one for one in blocks if one.question.id == trouble.question), None)
    if master is None or block is None or block.help is None:
        return plain
    board, see = _board(master, block)
    told = (trouble, plain.chapter, plain.number, _asks(master, trouble.question), plain.volunteers)
    return Lesson(*told, block.help.step, board, see, plain.ways)


def _volunteers(reading: Reading, trouble: Trouble, asked: set[str], visited: set[str]) -> tuple[str, ...]:
    """Who has it right, from cities that differ; who is asked for another question, or is to be visited, comes last.

    Who left the roster is not there to be asked.
    """
    able = []
    for one in reading.right(trouble.exercise, trouble.question):
        if one.trainee in reading.left:
            continue
        name = f"{reading.name(one.trainee)} ({one.city.capitalize()})"
        able.append((one.trainee in visited, name in asked, one.city, name))
    seen: dict[str, str] = {}
    for _visited, _asked, city, name in sorted(able, key=lambda one: one[:2]):
        seen.setdefault(city, name)
    return tuple(seen.values())[:_VOLUNTEERS]


def _board(master: Master, block: Block) -> tuple[Board | None, str]:
    """The help cell with what it shows, and the place in the chapter; none where it stops."""
    from playbook.authoring.help import headings_of, run_help

    cell = block.help
    if cell is None:
        return None, ""
    heading = headings_of(master).get(cell.see, "")
    see = f"chapter {master.chapter}, “{heading}”" if heading else f"chapter {master.chapter}"
    try:
        ran = run_help(cell, str(master.path))
    except PlaybookError:
        return None, see
    table = ran.table
    return Board(cell.source, ran.text, table.head if table else (), table.rows if table else ()), see


def _asks(master: Master, question: str) -> str:
    """The heading under which a question stands in its notebook, without its number."""
    heading = ""
    for cell in master.cells:
        if cell.kind == "markdown":
            titles = [line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")]
            heading = titles[-1] if titles else heading
        elif cell.block and cell.block.question.id == question:
            return heading.partition("·")[2].strip() or heading
    return ""
