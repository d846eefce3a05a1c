"""Sections of industry by their letters: "Manufacturing" and "C Manufacturing" are C."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playbook.exercises.kinds.base import text_key
from playbook.exercises.plain import Plain
from playbook.kept import once_a_case

#: Columns of a case's table of sections that name them.
_NAMES = ("name", "name_short", "name_zh")


def in_letters(plain: Plain, case: Any) -> Plain:
    """An answer with its sections' names as the case spells them, alone or beside their letters, made letters.

    Args:
        plain: any answer; one without such a name comes back as it is.
        case: its ``sections`` give names their letters; without them nothing is changed.
    """
    letters = _letters(case)
    return _changed(plain, letters) if letters else plain


@once_a_case
def _letters(case: Any) -> dict[str, str]:
    table = getattr(case, "sections", None)
    if table is None or "section" not in getattr(table, "columns", ()):
        return {}
    letters = {}
    for name in _NAMES:
        if name in table.columns:
            known = zip(table[name], table["section"], strict=True)
            letters |= {text_key(word): str(letter) for word, letter in known if isinstance(word, str)}
    return letters


def _changed(plain: Plain, letters: Mapping[str, str]) -> Plain:
    if isinstance(plain, str):
        return _letter(plain, letters)
    if isinstance(plain, list):
        return [_changed(value, letters) for value in plain]
    if isinstance(plain, dict):
        inside = ("v", "data", "index", "levels")
        return {key: _changed(value, letters) if key in inside else value for key, value in plain.items()}
    return plain


def _letter(text: str, letters: Mapping[str, str]) -> str:
    if text_key(text) in letters:
        return letters[text_key(text)]
    both = re.fullmatch(r"\s*(\w)[\s:.,()（）·–-]+(.+?)[)）]?\s*", text)
    if both and letters.get(text_key(both[2]), "").casefold() == both[1].casefold():
        return letters[text_key(both[2])]
    return text
