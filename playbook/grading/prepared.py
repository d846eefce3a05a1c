"""Exercises made ready for a city: the master run on its own and on its unseen case, the answers sealed.

What is ready is kept in a folder, so that the next grading of the same exercise and city starts at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from playbook.authoring.master import Master
from playbook.authoring.solve import GRADE_RUNS, run_master, seal_run
from playbook.authoring.unseen import draw_unseen, unseen_case
from playbook.authoring.works import works_on
from playbook.cases import Case
from playbook.errors import PlaybookError
from playbook.exercises.marking import Sealed
from playbook.exercises.plain import Plain
from playbook.gradebook.address import kit_digest, master_digest, secret_digest
from playbook.running.needed import ahead

#: Days after which what was not used is removed.
_KEPT_DAYS = 30


@dataclass(frozen=True)
class Key:
    """What one side of a comparison needs: a case, and the answers' seals."""

    case: Case
    sealed: Mapping[str, Sealed]

    @property
    def calls(self) -> dict[str, tuple[tuple[Plain, ...], ...]]:
        """What functions are called with, by the variable that holds them."""
        return {one.question.answer: one.arguments for one in self.sealed.values() if one.arguments}


@dataclass(frozen=True)
class Prepared:
    """An exercise made ready for one city: its keys on the own and on the unseen case."""

    master: Master
    digest: str
    own: Key
    unseen: Key | None

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(question.answer for question in self.master.questions)

    @cached_property
    def beginning(self) -> tuple[str, ...]:
        """The code cells with which every released notebook begins: those before the first question."""
        before = itertools.takewhile(lambda cell: not cell.block, self.master.cells)
        return tuple(cell.source for cell in before if cell.kind == "code" and cell.source.strip())

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The code cells of every released notebook that answer no question, as they are released."""
        cells = (cell for cell in self.master.cells if cell.kind == "code" and not cell.block)
        return tuple(cell.source for cell in cells if cell.source.strip())

    @cached_property
    def ahead(self) -> tuple[str, ...]:
        """What of these can be run before a notebook comes (see :func:`playbook.running.needed.ahead`)."""
        return ahead(self.given, len(self.beginning))


def prepared_home(master: Master, case: Case, secret: str, folder: Path) -> Path:
    """Where an exercise's seals for a city stand, made or not; by everything that they follow from."""
    parts = (master_digest(master.path), case.fingerprint, kit_digest(), secret_digest(secret))
    return folder / f"{master.id}-{case.name}-{hashlib.sha256('/'.join(parts).encode()).hexdigest()[:16]}"


def prepare_exercise(master: Master, case: Case, secret: str, folder: Path) -> Prepared:
    """Run a master on a case and on its unseen counterpart and seal the answers, or take what is ready.

    Safe to call from several processes at once: what is ready appears in one step.

    Args:
        folder: where seals are kept; trainees' code never sees it.

    Raises:
        PlaybookError: the master stops on this case.
    """
    digest = master_digest(master.path)
    home = prepared_home(master, case, secret, folder)
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        ready = _read(home, master, digest, case, secret)
        os.utime(home)
        return ready
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = Path(tempfile.mkdtemp(dir=folder, prefix=".making-"))
    try:
        _make(master, case, secret, making)
        try:
            os.rename(making, home)
        except OSError:  # another process was faster and made the same, or what stands there is broken
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                return _read(home, master, digest, case, secret)
            shutil.rmtree(home, ignore_errors=True)
            os.rename(making, home)
        return _read(home, master, digest, case, secret)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _make(master: Master, case: Case, secret: str, folder: Path) -> None:
    if not (works := works_on(case, master)).works:
        raise PlaybookError(works.words(), where=f"{master.id} on {case.name}")
    own = seal_run(run_master(master, case), secret, GRADE_RUNS)
    seals: dict[str, Any] = {"own": _packed(own)}
    if any(question.computed for question in master.questions):
        drawn = draw_unseen(master, dict(own), case, secret)
        seals |= {"draw": drawn.draw, "unseen": _packed(seal_run(drawn.run, secret, GRADE_RUNS))}
    (folder / "seals.json").write_text(json.dumps(seals), encoding="utf-8")


def _packed(sealed: Mapping[str, Sealed]) -> list[dict[str, Any]]:
    return [one.as_dict() for one in sealed.values()]


def _read(home: Path, master: Master, digest: str, case: Case, secret: str) -> Prepared:
    seals = json.loads((home / "seals.json").read_text(encoding="utf-8"))

    def sealed(packed: Iterable[dict[str, Any]]) -> dict[str, Sealed]:
        return {one.question.id: one for one in map(Sealed.from_dict, packed)}

    unseen = None
    if "unseen" in seals:
        unseen = Key(unseen_case(case, secret, seals["draw"]), sealed(seals["unseen"]))
    return Prepared(master, digest, Key(case, sealed(seals["own"])), unseen)


def remove_old(folder: Path) -> None:
    """Remove what was not used for a month, and what a killed process left half made."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _KEPT_DAYS * 86_400:
                    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
