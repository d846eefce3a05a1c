"""The unseen case: the trainee's city with every number drawn anew, so that a typed answer fails on it."""

from __future__ import annotations

import hashlib
import hmac
import shutil
from dataclasses import dataclass
from pathlib import Path

from playbook.authoring.master import Master
from playbook.authoring.solve import MasterRun, Solved, run_master
from playbook.cases import Case, read_case
from playbook.errors import PlaybookError
from playbook.exercises.marking import Sealed, mark, seal_question
from playbook.exercises.outcomes import Outcome

#: How often the case is drawn anew until every computed answer differs from the own case's.
MOST_DRAWS = 60


@dataclass(frozen=True)
class Unseen:
    """An unseen case with the master's run on it, and the number of the draw that gave it."""

    run: MasterRun
    draw: int


def unseen_seed(secret: str, adcode: str, exercise: str, draw: int) -> str:
    """Seed of an unseen case: repeatable for who holds the secret, a riddle for everybody else."""
    message = f"{adcode}/{exercise}/{draw}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def draw_unseen(master: Master, own: dict[str, Sealed], case: Case, secret: str, folder: Path) -> Unseen:
    """Draw unseen cases until every computed answer differs from the own case's, and from every declared wrong one.

    Its run holds the wrong answers, too: a notebook that gives one of them there has gone that way.

    Args:
        master: the exercise.
        own: its seals on the own case.
        case: the trainee's own case.
        secret: the instructor's.
        folder: where the case is made; what stands there is replaced.

    Raises:
        PlaybookError: no draw differs everywhere: an answer hardly depends on the data.
    """
    same: list[str] = []
    for draw in range(MOST_DRAWS):
        shutil.rmtree(folder, ignore_errors=True)
        made = make_unseen(case, unseen_seed(secret, case.adcode, master.id, draw), folder)
        run = run_master(master, made, wrong=False)
        same = [name for name, one in run.solved.items() if _stays(own[name], one.expected, made)]
        if not same:
            whole = _with_wrongs(master, made) or run
            same = [name for name, one in whole.solved.items() if _one_is_right(one, whole)]
            if not same:
                return Unseen(whole, draw)
    raise PlaybookError(
        f"{', '.join(same)} had the same answer, or that of a wrong way, in {MOST_DRAWS} draws of the unseen case",
        where=f"{master.path} on {case.name}",
        remedy="make the answer depend more on the data, or declare `computed: false`",
    )


def make_unseen(case: Case, seed: str, folder: Path) -> Case:
    """Make one unseen case for a city: its codes and names, new numbers in every table."""
    from playbook.casemaking import make_case

    make_case(case.adcode, seed, folder, resample_public=True)
    return read_case(folder)


def _with_wrongs(master: Master, made: Case) -> MasterRun | None:
    """The master's run with its wrong answers; None where one of them stops on these figures."""
    try:
        return run_master(master, made)
    except PlaybookError:
        return None


def _one_is_right(solved: Solved, run: MasterRun) -> bool:
    """Whether a declared wrong answer of a computed question would pass on the unseen case."""
    question = solved.block.question
    if not question.computed or not solved.wrong:
        return False
    sealed = seal_question(
        question, solved.expected, also=solved.also, salt="unseen", arguments=solved.arguments, case=run.case
    )
    return any(mark(sealed, plain, run.case).outcome is Outcome.PASSED for plain, _hint in solved.wrong)


def _stays(own: Sealed, other: object, case: Case) -> bool:
    """Whether the unseen case's answer would pass on the own case: then a typed answer would pass on both."""
    question = own.question
    if not question.computed or not question.kind.typeable:
        return False
    return mark(own, other, case).outcome is Outcome.PASSED
