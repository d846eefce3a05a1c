"""Where a notebook finds the seals of its answers: those that somebody names, else what came with the kit."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from playbook import places
from playbook.cases.imported import is_imported
from playbook.exercises.marking import Sealed
from playbook.words import N_


def seal_folders() -> list[Path]:
    """Folders in which seals are looked for, first one first."""
    from playbook.places import data_root

    named = os.environ.get("PLAYBOOK_SEALS")
    return [*([Path(named)] if named else []), Path(data_root()) / "seals"]


def read_seals(exercise: str, case: Any) -> tuple[dict[str, Sealed], str] | None:
    """The seals of an exercise for a case with the release they belong to, or None if there are none."""
    places.fetch_case(case.name)
    for folder in seal_folders():
        path = folder / exercise / f"{case.name}.json"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if data.get("fingerprint") == case.fingerprint:
            return {item["question"]["id"]: Sealed.from_dict(item) for item in data["questions"]}, data[
                "release"
            ]
    return None


def records_lack(exercise: str, case: Any) -> bool:
    """Whether the release says that a case of own records does not hold what an exercise reads."""
    if not is_imported(case):
        return False
    places.fetch_case(case.name)
    for folder in seal_folders():
        with contextlib.suppress(OSError, ValueError):
            data = json.loads((folder / exercise / f"{case.name}.json").read_text(encoding="utf-8"))
            return bool(data.get("lacks"))
    return False


#: Said where own records do not allow an exercise.
LACKING = N_(
    "This exercise does not work on your company's records of {city}: they do not hold what it reads. "
    "Ask your instructor for another city for it."
)
