"""Read what a trainee's process says about its answers, trusting nothing in it but that it is JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from playbook.exercises.plain import MISSING, Plain

#: A JSON escape for half of a surrogate pair: text that no file, database or page can hold.
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

TIMED_OUT: Plain = {"t": "raised", "error": "TimeoutError", "message": "it took too long"}
UNREADABLE: Plain = {"t": "other", "type": "unreadable"}


def read_json(text: str | bytes) -> Any:
    """Parse JSON that may have been forged.

    Raises:
        ValueError: not JSON, nested too deeply, NaN or infinity, or an integer of thousands of digits.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        data = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return _without_surrogates(data) if _SURROGATE_ESCAPE.search(text) else data


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _without_surrogates(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode("utf-8", "replace").decode()
    if isinstance(data, list):
        return [_without_surrogates(item) for item in data]
    if isinstance(data, dict):
        return {_without_surrogates(key): _without_surrogates(value) for key, value in data.items()}
    return data


def read_answer(text: str | bytes) -> Plain:
    """One answer as claimed; anything that is no plain data becomes ``{"t": "other"}``."""
    try:
        plain = read_json(text)
    except ValueError:
        return dict(UNREADABLE)
    if isinstance(plain, list) or (isinstance(plain, dict) and not isinstance(plain.get("t"), str)):
        return dict(UNREADABLE)
    return plain


class Claims:
    """Gathers answers and returned values as they come in, within a size."""

    def __init__(self, kilobytes: int):
        self._left = kilobytes * 1024
        self.answers: dict[str, Plain] = {}
        self.returned: dict[str, tuple[Plain, ...]] = {}

    @property
    def max_chars(self) -> int:
        """How much room is left."""
        return max(self._left, 0)

    def take(self, name: str, text: str | bytes, calls: Iterable[Any] | None) -> None:
        """Read one answer; a function's returned values count only if there is one for each call."""
        self._left -= len(text)
        if self._left < 0:
            self.answers[name] = {"t": "large", "type": "answer", "size": len(text)}
            return
        plain = read_answer(text)
        if plain == MISSING:
            return
        if isinstance(plain, dict) and plain.get("t") == "function":
            returned = plain.pop("returned", None)
            if calls is not None and isinstance(returned, list) and len(returned) == len(list(calls)):
                self.returned[name] = tuple(returned)
        self.answers[name] = plain

    def timed_out(self, name: str) -> None:
        """Note that taking out this answer, or calling it, did not end in time."""
        self.answers[name] = dict(TIMED_OUT)
