"""A mapping's YAML as a person left it: whether it can be read, and whether every word in it means something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from playbook.casemaking.yaml_files import read_filled_in
from playbook.errors import PlaybookError

#: Words at the top, and which of them must be there; the same of a file.
_TOP, _TOP_NEEDED = (
    ("confirmed", "city", "case", "region", "files", "units", "firms"),
    (
        "confirmed",
        "city",
        "case",
        "files",
    ),
)
_FILE, _FILE_NEEDED = ("file", "form", "columns", "values"), ("file", "columns")


def read_written(
    path: Path,
    columns: Mapping[str, Iterable[str]],
    values: Mapping[str, Iterable[str]],
    units: Iterable[str],
) -> dict[str, Any]:
    """What a mapping says, with its parts where they belong; what they mean is not looked at.

    Args:
        columns: kind of file → what is looked for in it. values: kind → of which of it the values have meanings.
        units: what may be said under units.

    Raises:
        PlaybookError: it is no YAML, or names what nothing is called; all of it is named at once.
    """
    again = "or delete the file and run the command again: it is proposed anew"
    told = read_filled_in(path, "the mapping", again)
    wrong = _odd("", told, _TOP, _TOP_NEEDED)
    files = told.get("files") if isinstance(told, dict) else None
    if not wrong:
        wrong += _odd("files", files, columns)
        wrong += _odd("units", told.get("units") or {}, units)
        wrong += _odd("firms", told.get("firms") or {})
    for kind, one in files.items() if not wrong and files else ():
        wrong += _odd(f"files, {kind}", one, _FILE, _FILE_NEEDED) or _odd(
            f"files, {kind}, columns", one["columns"], columns[kind]
        ) + _odd(f"files, {kind}, values", one.get("values") or {}, values[kind])
        for name, all in (one.get("values") or {}).items() if not wrong else ():
            wrong += _odd(f"files, {kind}, values, {name}", all or {})
    if wrong:
        more = f"; and {len(wrong) - 20} more" if len(wrong) > 20 else ""
        raise PlaybookError(
            f"the mapping is not in its form: {'; '.join(wrong[:20])}{more}",
            where=str(path),
            remedy=f"write the words as they were proposed, {again}",
        )
    return told


def _odd(where: str, told: Any, known: Iterable[str] | None = None, needed: Iterable[str] = ()) -> list[str]:
    """Words of a part that nothing is called, and those that are missing; any word is known if nothing is said of it."""
    under = f" under {where}" if where else ""
    if not isinstance(told, dict):
        return [f"there is nothing{under}" if not told else f"words with colons are missing{under}"]
    odd = []
    for word in told if known is not None else ():
        if word not in (known := list(known)):
            near = get_close_matches(str(word), known, 1)
            odd.append(f"{str(word)!r}{under} is not known{f', is {near[0]!r} meant?' if near else ''}")
    return odd + [f"{word!r} is missing{under}" for word in needed if word not in told]
