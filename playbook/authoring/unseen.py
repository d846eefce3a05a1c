"""The unseen case: the trainee's city with every number drawn anew, so that a typed answer fails on it.

All exercises of a city share its unseen cases: the first serves unless an exercise needs another. A case is made once
and kept, by everything that it follows from.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from playbook.authoring.master import Master
from playbook.authoring.remembered import libraries
from playbook.authoring.solve import MasterRun, Solved, measured, run_master
from playbook.cases import Case, read_case
from playbook.errors import PlaybookError
from playbook.exercises.marking import Sealed, mark, seal_question
from playbook.exercises.outcomes import Outcome
from playbook.places import cache_folder, data_root
from playbook.rooms import code_digest

#: Rooms whose code can change what a case holds.
_MAKING = ("market", "cases", "casemaking")
#: How often the case is drawn anew until every computed answer differs from the own case's.
MOST_DRAWS = 60
#: To fewer decimals than these a number is rounded by hand.
_TYPED_DECIMALS = 4


@dataclass(frozen=True)
class Unseen:
    """An unseen case with the master's run on it, and the number of the draw that gave it."""

    run: MasterRun
    draw: int


def unseen_seed(secret: str, adcode: str, draw: int) -> str:
    """Seed of an unseen case: repeatable for who holds the secret, a riddle for everybody else."""
    return hmac.new(secret.encode(), f"{adcode}/{draw}".encode(), hashlib.sha256).hexdigest()


def draw_unseen(master: Master, own: dict[str, Sealed], case: Case, secret: str) -> Unseen:
    """Draw unseen cases until every computed answer differs from the own case's, and from every declared wrong one.

    Its run holds the wrong answers, too: a notebook that gives one of them there has gone that way.

    Args:
        master: the exercise.
        own: its seals on the own case.
        case: the trainee's own case.
        secret: the instructor's.

    Raises:
        PlaybookError: no draw differs everywhere: an answer hardly depends on the data.
    """
    same: list[str] = []
    for draw in range(MOST_DRAWS):
        made = unseen_case(case.adcode, secret, draw)
        run = _with_wrongs(master, made) or run_master(master, made, wrong=False)
        same = [
            name
            for name, one in run.solved.items()
            if _stays(own[name], one.expected, made) or _one_is_right(one, run)
        ]
        if not same:
            return Unseen(run, draw)
    raise PlaybookError(
        f"{', '.join(same)} had the same answer, or that of a wrong way, in {MOST_DRAWS} draws of the unseen case",
        where=f"{master.path} on {case.name}",
        remedy="make the answer depend more on the data, or declare `computed: false`",
    )


def unseen_case(adcode: str, secret: str, draw: int) -> Case:
    """One of a city's unseen cases: made now, or taken where an exercise before this one has used it.

    Safe to call from several processes at once: a case appears in one step.
    """
    seed = unseen_seed(secret, adcode, draw)
    facts = (seed, code_digest(_MAKING), _reference_digest(str(data_root())), *libraries())
    kept = cache_folder("unseen")
    home = kept / f"{adcode}-{hashlib.sha256(chr(0).join(facts).encode()).hexdigest()[:32]}"
    with contextlib.suppress(OSError, PlaybookError):
        found = read_case(home)
        os.utime(home)
        return found
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = Path(tempfile.mkdtemp(dir=kept, prefix=".making-"))
    try:
        make_unseen(adcode, seed, making)
        try:
            os.rename(making, home)
        except OSError:  # another process was faster and made the same, or what stands there is broken
            with contextlib.suppress(OSError, PlaybookError):
                return read_case(home)
            shutil.rmtree(home, ignore_errors=True)
            os.rename(making, home)
        return read_case(home)
    finally:
        shutil.rmtree(making, ignore_errors=True)


@lru_cache(maxsize=4)
def _reference_digest(root: str) -> str:
    """Digest of the public figures that cases are made from."""
    digest = hashlib.sha256()
    for path in sorted(Path(root, "reference").rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def make_unseen(adcode: str, seed: str, folder: Path) -> Case:
    """Make one unseen case for a city: its codes and names, new numbers in every table."""
    from playbook.casemaking import make_case

    make_case(adcode, seed, folder, resample_public=True)
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
        question,
        solved.expected,
        also=solved.also,
        salt="unseen",
        arguments=solved.arguments,
        case=run.case,
        given=measured(run, question.id),
    )
    return any(mark(sealed, plain, run.case).outcome is Outcome.PASSED for plain, _hint in solved.wrong)


def _stays(own: Sealed, other: object, case: Case) -> bool:
    """Whether the unseen case's answer, exact or rounded, would pass on the own case: then one could be typed for both."""
    question = own.question
    if not question.computed or not question.kind.typeable:
        return False
    if mark(own, other, case).outcome is Outcome.PASSED:
        return True
    if not isinstance(other, float):
        return False
    there = seal_question(question, other, [], salt="unseen", case=case)
    rounded = {round(other, decimals) for decimals in range(_TYPED_DECIMALS)}
    return any(
        all(mark(one, form, case).outcome is Outcome.PASSED for one in (own, there)) for form in rounded
    )
