"""What to do about an error, in words that a spreadsheet user knows.

A cell that stops shows a long red text. Once an exercise is open, a box beside it says the same plainly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playbook.exercises.advice.lines import unreadable_line
from playbook.exercises.advice.names import (
    missing_key,
    tried_function,
    unknown_import,
    unknown_name,
    unknown_word,
    unquoted_column,
)
from playbook.exercises.advice.stop import Stop
from playbook.exercises.advice.values import (
    comma_in_number,
    missing_brackets,
    own_error,
    result_of_parts,
    texts_for_numbers,
    three_dots,
    too_many_in_loc,
    unknown_setting,
    whole_column,
    wrong_value,
)
from playbook.exercises.sayings import UNKNOWN
from playbook.words import _


def advise(
    error: BaseException,
    source: str,
    names: Mapping[str, Any],
    file: str = "",
    parameters: tuple[str, ...] = (),
) -> str:
    """Say in plain words what went wrong in a cell and what to do; never raises.

    Args:
        error: what the cell raised.
        source: the cell as typed.
        names: the notebook's namespace.
        file, parameters: of a function of the cell that was tried; see :class:`Stop`.

    Returns:
        One to three sentences with `code` in back-quotes; empty where there is nothing to say.
    """
    if not isinstance(error, Exception):
        return ""
    try:
        stop = Stop(error, source, names, file, parameters)
        return next((words for rule in _RULES if (words := rule(stop))), _(UNKNOWN))
    except Exception:  # a notebook may hold objects that fail when they are looked at
        return _(UNKNOWN)


_RULES: tuple[Callable[[Stop], str], ...] = (
    three_dots,
    tried_function,
    unreadable_line,
    unknown_name,
    unquoted_column,
    missing_key,
    unknown_word,
    unknown_import,
    own_error,
    comma_in_number,
    too_many_in_loc,
    missing_brackets,
    whole_column,
    texts_for_numbers,
    unknown_setting,
    result_of_parts,
    wrong_value,
)
