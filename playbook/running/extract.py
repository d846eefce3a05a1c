"""Take answers out of a notebook's namespace. Runs inside the trainee's process: its word is a claim.

One answer at a time, so that one that hurts (an endless ``__len__``, a huge table) costs itself only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from playbook.exercises.plain import MISSING, Plain, call_plain, to_plain

#: Asked for like an answer: the name that the notebook opened its case with last. No variable can be called so.
OPENED = "open_case()"
#: Characters of it that are told.
MOST_NAME = 200


def export_answer(
    namespace: Mapping[str, Any],
    name: str,
    arguments: Iterable[Iterable[Plain]] | None,
    max_chars: int,
) -> str:
    """One answer as JSON: plain data; for a function that is to be called, with ``returned``.

    Args:
        namespace: the notebook's variables.
        name: the variable that holds the answer.
        arguments: argument tuples to call a function with, or None.
        max_chars: longer JSON than this is given as ``large`` instead.
    """
    try:
        if name == OPENED:
            from playbook.cases.draw import current_trainee

            return json.dumps(current_trainee()[:MOST_NAME])
        if name not in namespace:
            return json.dumps(MISSING)
        plain = to_plain(namespace[name])
        if arguments is not None and isinstance(plain, dict) and plain.get("t") == "function":
            plain = call_plain(namespace[name], arguments)
        text = json.dumps(plain, allow_nan=False, separators=(",", ":"))
    except BaseException as error:  # an interrupt, or an exception made to slip through
        return json.dumps({"t": "raised", "error": type(error).__name__[:80], "message": ""})
    if len(text) > max_chars:
        return json.dumps({"t": "large", "type": "answer", "size": len(text)})
    return text
