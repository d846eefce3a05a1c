"""The unseen case: the trainee's city with every number drawn anew, so that a typed answer fails on it.

A case of own records has a hidden variant of itself instead (:mod:`playbook.casemaking.variant`).

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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from playbook.authoring.master import Master
from playbook.authoring.remembered import libraries
from playbook.authoring.solve import MasterRun, Solved, measured, run_master, seal_run
from playbook.cases import Case, read_case
from playbook.cases.imported import is_imported
from playbook.errors import PlaybookError
from playbook.exercises.marking import Sealed, mark, seal_question
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import Plain
from playbook.places import cache_folder, data_root
from playbook.rooms import code_digest

#: Rooms whose code can change what a case holds.
_MAKING = ("market", "cases", "casemaking")
#: How often the case is drawn anew until every computed answer differs from the own case's.
MOST_DRAWS = 60
#: The same for own records, which either differ soon or are too few.
_MOST_VARIANTS = 40
#: To fewer decimals than these a number is rounded by hand.
_TYPED_DECIMALS = 4


@dataclass(frozen=True)
class Unseen:
    """An unseen case with the master's run on it, and the number of the draw that gave it."""

    run: MasterRun
    draw: int


def unseen_seed(secret: str, about: str, draw: int) -> str:
    """Seed of an unseen case: repeatable for who holds the secret, a riddle for everybody else.

    Args:
        about: the city's code; of own records, what they hold as well.
    """
    return hmac.new(secret.encode(), f"{about}/{draw}".encode(), hashlib.sha256).hexdigest()


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
    imported = is_imported(case)
    told = _indistinct(run_master(master, case)) if imported else {}
    for draw in range(_MOST_VARIANTS if imported else MOST_DRAWS):
        made = unseen_case(case, secret, draw)
        run = _run_on(master, made, imported)
        if run is None:
            continue
        same = [
            name
            for name, one in run.solved.items()
            if _stays(own[name], one.expected, made) or _one_is_right(one, run, told.get(name, ()))
        ]
        if not same:
            return Unseen(run, draw)
    if imported:
        titles = ", ".join(f"“{one.title}”" for one in master.questions if one.id in same)
        alike = f"{titles} had the same answer, or that of a wrong way," if same else "its solution stopped"
        raise PlaybookError(
            f"{alike} in {_MOST_VARIANTS} hidden variants of these records: a typed answer could not be told from a "
            "computed one",
            where=f"{master.id} on {case.name}",
            remedy="import more firms, or give this exercise on another city",
        )
    raise PlaybookError(
        f"{', '.join(same)} had the same answer, or that of a wrong way, in {MOST_DRAWS} draws of the unseen case",
        where=f"{master.path} on {case.name}",
        remedy="make the answer depend more on the data, or declare `computed: false`",
    )


def unseen_case(case: Case, secret: str, draw: int) -> Case:
    """One of a case's unseen ones: made now, or taken where an exercise before this one has used it.

    All cases of a city that were made share theirs. Own records have hidden variants, drawn from themselves.
    Safe to call from several processes at once: a case appears in one step.
    """
    adcode, about = case.adcode, _about(case)
    seed = unseen_seed(secret, about, draw)
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
        make_unseen(case, seed, making)
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


def _about(case: Case) -> str:
    """What an unseen case follows from beside the secret: the city; where the figures are a case's own, these too."""
    own_city = (case.folder / "cities.csv").is_file() and _is_elsewhere(case.adcode)
    return f"{case.adcode}/{case.fingerprint}" if own_city or is_imported(case) else case.adcode


def _is_elsewhere(adcode: str) -> bool:
    """Whether a city is not among those that are published."""
    from playbook.casemaking.public import published

    return adcode not in set(published()["cities"]["adcode"])


def make_unseen(case: Case, seed: str, folder: Path) -> Case:
    """Make one unseen case: the city's codes and names, new numbers in every table."""
    from playbook.casemaking import make_case
    from playbook.casemaking.variant import make_variant

    if is_imported(case):
        make_variant(case, seed, folder)
    else:
        make_case(case.adcode, seed, folder, resample_public=True, region=case)
    return read_case(folder)


def _run_on(master: Master, made: Case, imported: bool) -> MasterRun | None:
    """The master's run, with its wrong answers where none of them stops; None where own records give no answer."""
    if imported:
        with contextlib.suppress(PlaybookError):
            run = run_master(master, made)
            seal_run(run)
            return run
        return None
    with contextlib.suppress(PlaybookError):
        return run_master(master, made)
    return run_master(master, made, wrong=False)


def _indistinct(run: MasterRun) -> dict[str, tuple[str, ...]]:
    """Hints of wrong ways that own records do not tell from the right one, by question: no variant would either."""
    return {
        name: tuple(hint for plain, hint in solved.wrong if _passes(solved, plain, run))
        for name, solved in run.solved.items()
    }


def _one_is_right(solved: Solved, run: MasterRun, besides: Sequence[str] = ()) -> bool:
    """Whether a declared wrong answer of a computed question would pass on the unseen case.

    Args:
        besides: hints of wrong answers that may.
    """
    if not solved.block.question.computed:
        return False
    return any(hint not in besides and _passes(solved, plain, run) for plain, hint in solved.wrong)


def _passes(solved: Solved, plain: Plain, run: MasterRun) -> bool:
    """Whether an answer is right where the master was run."""
    question = solved.block.question
    sealed = seal_question(
        question,
        solved.expected,
        also=solved.also,
        salt="unseen",
        arguments=solved.arguments,
        case=run.case,
        given=measured(run, question.id),
    )
    return mark(sealed, plain, run.case).outcome is Outcome.PASSED


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
