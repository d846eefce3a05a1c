"""A cohort of trainees made from a real exercise's master: perfect, half done, and wrong, the same on each run."""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playbook.authoring.master import Block, Master
from playbook.authoring.release import release_notebook

#: What a trainee may be, in the order in which they come; a third of the cohort each.
KINDS = ("perfect", "half", "wrong")
#: Beside the cohort, to see that a grader is set up rightly: the notebook as it was released.
EMPTY = "empty"


@dataclass(frozen=True)
class Trainee:
    """One trainee and what stands in each question's cell.

    Attributes:
        id: such as ``t007``.
        kind: one of :data:`KINDS`, or :data:`EMPTY`.
        cells: question id → source.
    """

    id: str
    kind: str
    cells: Mapping[str, str]


def make_cohort(master: Master, count: int, seed: int) -> list[Trainee]:
    """Trainees of all kinds in turn, so that any first few of them are a fair sample."""
    return [_trainee(master, f"t{place:03d}", KINDS[place % 3], seed) for place in range(count)]


def touchstones(master: Master) -> tuple[Trainee, Trainee]:
    """A perfect notebook and an empty one."""
    return _trainee(master, "perfect", "perfect", 0), _trainee(master, "empty", EMPTY, 0)


def _trainee(master: Master, name: str, kind: str, seed: int) -> Trainee:
    chance = random.Random(f"{seed}/{name}")
    first_half = chance.randrange(2)
    cells = {}
    for place, block in enumerate(master.blocks):
        if kind == EMPTY or (kind == "half" and place % 2 == first_half):
            source = block.starter
        elif kind == "wrong" and block.wrongs:
            source = _with_check(chance.choice(block.wrongs).source, block)
        else:
            source = _with_check(block.solution, block)
        cells[block.question.id] = source
    return Trainee(name, kind, cells)


def _with_check(source: str, block: Block) -> str:
    return f'{source}\ncheck("{block.question.id}", {block.question.answer})'


def notebook_of(master: Master, trainee: Trainee, city: str) -> Any:
    """The released notebook with the trainee's name, city and answers in it."""
    notebook = copy.deepcopy(release_notebook(master, "benchmark"))
    notebook.metadata["playbook"] |= {"trainee": trainee.id, "case": city}
    for cell in notebook.cells:
        question = question_in(cell)
        if question:
            cell.source = trainee.cells[question]
        cell.source = cell.source.replace("your name or staff number", trainee.id)
    return notebook


def question_in(cell: Any) -> str:
    """The id of the question that a cell answers, or nothing."""
    return cell.metadata.get("playbook", {}).get("question", "")
