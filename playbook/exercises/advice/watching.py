"""Show the advice beside every error of a notebook, and remind of a check that was not asked."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from playbook.exercises.advice import advise
from playbook.words import _

if TYPE_CHECKING:
    from playbook.exercises.view import HelpView


#: Called with each cell that ran without an error; the latest exercise's.
_reminders: list[Callable[[str], None]] = []


def watch_cells(remind: Callable[[str], None]) -> None:
    """From now on, let a notebook show the advice with every error; nothing happens elsewhere, or in grading.

    Args:
        remind: called with the text of every cell that ran without an error.
    """
    core = sys.modules.get("IPython.core.getipython")
    shell = core.get_ipython() if core is not None else None
    if shell is not None and not os.environ.get("PLAYBOOK_CASE"):
        _reminders[:] = [remind]
        shell.events.register("post_run_cell", _after_cell)


def _after_cell(result: Any) -> None:
    from IPython import get_ipython

    from playbook.exercises.view import NoteView, show

    errors = [] if result is None else [result.error_before_exec, result.error_in_exec]
    for error in errors:
        source, names = result.info.raw_cell, get_ipython().user_ns
        words = "" if error is None else advise(error, source, names)
        if words:
            show(NoteView(words, title=_("In plain words")))
            for help_ in _helps(error, source, names):
                show(help_)
    if result is not None and errors == [None, None]:
        for remind in _reminders:
            with contextlib.suppress(Exception):  # a reminder must never stop a notebook
                remind(result.info.raw_cell)


def _helps(error: BaseException, source: str, names: Mapping[str, Any]) -> list[HelpView]:
    """Count a stopped cell as a try of the questions whose checks stand in it; gives the help that is due now."""
    checks = re.findall(r"""(?m)^[^#\n]*?\b(\w+)\(\s*["']([^"'\n]+)["']\s*,""", source)
    asked = [(getattr(type(names.get(name)), "help_after_stop", None), name, one) for name, one in checks]
    helps = [ask(names[name], question, error, source) for ask, name, question in asked if ask]
    return [one for one in helps if one]
