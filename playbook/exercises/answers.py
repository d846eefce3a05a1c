"""What checks note beside the notebooks, of each person and city: answers for the City Playbook, and wrong tries.

``{"version": 2, "last": key, "people": {key: {"trainee": …, "case": …, "answers": {exercise: {question: …}},
"tries": {exercise: {question: …}}}}}``

Nobody's answers make room for another's: who types another name, or opens another city, begins an entry of
their own, and finds the old one again. The browser edition keeps the same (``site/browser/page/store.js``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playbook.exercises.ladder import Tries
from playbook.names import normalise
from playbook.places import write_whole

#: Where a plan's versions stand among an exercise's tries, and how many are kept.
_VERSIONS, _MOST_VERSIONS = "versions", 30


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
        people = {key: one for key, one in record["people"].items() if _is_entry(one)}
        return {"version": 2, "last": str(record.get("last") or ""), "people": people}
    fresh: dict[str, Any] = {"version": 2, "last": "", "people": {}}
    if isinstance(record.get("answers"), dict) and isinstance(record.get("case"), str):
        # written before answers had owners
        one = {name: record.get(name) or "" for name in ("trainee", "case")} | {"answers": record["answers"]}
        fresh["last"] = key_of(one["trainee"], one["case"])
        fresh["people"][fresh["last"]] = one
    return fresh


def _is_entry(one: Any) -> bool:
    """Whether this can be what was noted of a person; a file beside a notebook may hold anything."""
    return (
        isinstance(one, dict)
        and isinstance(one.get("case"), str)
        and isinstance(one.get("answers"), dict)
        and all(isinstance(own, dict) for own in one["answers"].values())
    )


def _own_entry(record: dict[str, Any], trainee: str, case: str) -> dict[str, Any]:
    """A person's entry in a record, for a city; made if there is none."""
    return record["people"].setdefault(
        key_of(trainee, case), {"trainee": trainee, "case": case, "answers": {}}
    )


def keep_answer(
    path: Path, trainee: str, case: str, exercise: str, question: str, given: Mapping[str, Any]
) -> None:
    """Note one answer for its person and city.

    Raises:
        OSError: the folder can't be written.
    """
    record = read_answers(path)
    own = _own_entry(record, trainee, case)
    own["trainee"] = trainee
    own["answers"].setdefault(exercise, {})[question] = dict(given)
    record["last"] = key_of(trainee, case)
    write_whole(path, [json.dumps(record, ensure_ascii=False)])


def read_tries(path: Path, trainee: str, case: str, exercise: str, question: str) -> Tries:
    """What was tried of a question; nothing where nothing was noted or it can't be read."""
    one: Any = read_answers(path)["people"].get(key_of(trainee, case))
    for name in ("tries", exercise, question):
        one = one.get(name) if isinstance(one, dict) else None
    return Tries.from_dict(one)


def keep_tries(path: Path, trainee: str, case: str, exercise: str, question: str, tries: Tries) -> None:
    """Note what was tried of a question.

    Raises:
        OSError: the folder can't be written.
    """
    record = read_answers(path)
    inner = _own_entry(record, trainee, case)
    for name in ("tries", exercise):
        if not isinstance(inner.get(name), dict):
            inner[name] = {}
        inner = inner[name]
    inner[question] = tries.as_dict()
    write_whole(path, [json.dumps(record, ensure_ascii=False)])


def own_answers(path: Path, trainee: str = "", case: str = "") -> dict[str, Any] | None:
    """The entry of a person in a city, else the one that was written last; None where there is none."""
    record = read_answers(path)
    found = record["people"].get(key_of(trainee, case) if case else record["last"])
    return found if found and found["answers"] else None


def read_versions(path: Path, trainee: str, case: str, exercise: str) -> list[dict[str, Any]]:
    """The versions of a plan that were kept, the oldest first.

    They stand beside the tries of their exercise, which the browser edition keeps as they are.
    """
    one: Any = read_answers(path)["people"].get(key_of(trainee, case))
    for name in ("tries", exercise, _VERSIONS):
        one = one.get(name) if isinstance(one, dict) else None
    return [version for version in one if isinstance(version, dict)] if isinstance(one, list) else []


def keep_version(path: Path, trainee: str, case: str, exercise: str, version: Mapping[str, Any]) -> None:
    """Keep one more version of a plan; the oldest of many go.

    Raises:
        OSError: the folder can't be written.
    """
    record = read_answers(path)
    kept = read_versions(path, trainee, case, exercise)
    inner = _own_entry(record, trainee, case)
    for name in ("tries", exercise):
        if not isinstance(inner.get(name), dict):
            inner[name] = {}
        inner = inner[name]
    inner[_VERSIONS] = [*kept, dict(version)][-_MOST_VERSIONS:]
    write_whole(path, [json.dumps(record, ensure_ascii=False)])
