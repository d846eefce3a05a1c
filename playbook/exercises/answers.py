"""The answers for the City Playbook that checks note beside the notebooks: of each person and city their own.

``{"version": 2, "last": key, "people": {key: {"trainee": …, "case": …, "answers": {exercise: {question: …}}}}}``

Nobody's answers make room for another's: who types another name, or opens another city, begins an entry of
their own, and finds the old one again. The browser edition keeps the same (``site/browser/page/store.js``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playbook.names import normalise
from playbook.places import write_whole


def key_of(trainee: object, case: str) -> str:
    """Whose entry: blanks, capitals, full width and the way an accent is written make no other person."""
    return f"{''.join(normalise(trainee).split())} {case}"


def read_answers(path: Path) -> dict[str, Any]:
    """What was noted; an empty record where there is none or it can't be read."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = None
    if not isinstance(record, dict):
        record = {}
    if record.get("version") == 2 and isinstance(record.get("people"), dict):
        return record
    fresh: dict[str, Any] = {"version": 2, "last": "", "people": {}}
    if isinstance(record.get("answers"), dict) and isinstance(record.get("case"), str):
        # written before answers had owners
        one = {name: record.get(name) or "" for name in ("trainee", "case")} | {"answers": record["answers"]}
        fresh["last"] = key_of(one["trainee"], one["case"])
        fresh["people"][fresh["last"]] = one
    return fresh


def keep_answer(
    path: Path, trainee: str, case: str, exercise: str, question: str, given: Mapping[str, Any]
) -> None:
    """Note one answer for its person and city.

    Raises:
        OSError: the folder can't be written.
    """
    record = read_answers(path)
    key = key_of(trainee, case)
    own = record["people"].setdefault(key, {"trainee": trainee, "case": case, "answers": {}})
    own["trainee"] = trainee
    own["answers"].setdefault(exercise, {})[question] = dict(given)
    record["last"] = key
    write_whole(path, [json.dumps(record, ensure_ascii=False)])


def own_answers(path: Path, trainee: str = "", case: str = "") -> dict[str, Any] | None:
    """The entry of a person in a city, else the one that was written last; None where there is none."""
    record = read_answers(path)
    key = key_of(trainee, case) if case else record["last"]
    return record["people"].get(key) or (None if case else record["people"].get(record["last"]))
