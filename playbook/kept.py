"""What is worked out once and kept: for a case, for what a function is given, for as long as a thing is there."""

from __future__ import annotations

import copy
import functools
import hashlib
import os
import pickle
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from playbook.places import data_root

_T = TypeVar("_T")
_P = ParamSpec("_P")
#: Cases of which a function's result is kept: a grader's two workers have two each in hand.
_CASES = 4
#: Results that are kept of a function, for as many different things as it was given.
_CONTENTS = 8


class Kept:
    """What was made last, a few of each; of several threads that ask for one thing, as graders do, one makes it."""

    def __init__(self, most: int):
        self._most, self._made, self._lock = most, OrderedDict[Any, Any](), threading.Lock()
        self._makers: dict[Any, threading.RLock] = {}

    def of(self, key: Any, make: Callable[[], _T]) -> _T:
        """What stands under a key, made if it is not there."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
            maker = self._makers.setdefault(key, threading.RLock())
        with maker:
            with self._lock:
                if key in self._made:
                    return self._made[key]
            try:
                made = make()
                with self._lock:
                    self._made[key] = made
                    while len(self._made) > self._most:
                        self._made.popitem(last=False)
            finally:
                with self._lock:
                    self._makers.pop(key, None)
        return made


class KeptWith:
    """What was made last of a thing that nobody changes, a few of each; it goes when the thing goes."""

    def __init__(self, most: int):
        self._most, self._lock = most, threading.Lock()
        self._things: dict[int, tuple[weakref.ref[Any], Kept]] = {}

    def of(self, thing: Any, key: Any, make: Callable[[], _T]) -> _T:
        """What stands under a key for a thing, made if it is not there."""
        number = id(thing)
        with self._lock:
            known, kept = self._things.get(number, (None, None))
            if known is None or kept is None or known() is not thing:
                kept = Kept(self._most)
                self._things[number] = weakref.ref(thing, lambda gone: self._forget(number, gone)), kept
        return kept.of(key, make)

    def _forget(self, number: int, gone: weakref.ref[Any]) -> None:
        """No lock: this may come at any moment, also while one is held; a dictionary does one thing at a time."""
        if (found := self._things.get(number)) and found[0] is gone:
            self._things.pop(number, None)


def kept_by_content(make: Callable[_P, _T]) -> Callable[_P, _T]:
    """A function of what it is given alone: asked for the same again, it gives a copy of what it gave before.

    What cannot be pickled is worked out each time.
    """
    kept = Kept(_CONTENTS)

    @functools.wraps(make)
    def of(*args: _P.args, **named: _P.kwargs) -> _T:
        try:
            key = hashlib.sha256(pickle.dumps((args, named), 5)).digest()
        except Exception:  # a hundred kinds of error say that a thing cannot be pickled
            return make(*args, **named)
        return copy.deepcopy(kept.of(key, lambda: make(*args, **named)))

    of.keeps = True  # type: ignore[attr-defined]
    return of


def once_a_case(make: Callable[[Any], _T]) -> Callable[[Any], _T]:
    """A function of a case alone, called once for as long as the case's files stand as they are.

    Whoever calls it only reads what it gives: the next caller gets the same.
    """
    kept = Kept(_CASES)

    @functools.wraps(make)
    def of(case: Any) -> _T:
        folder = getattr(case, "folder", None)
        if folder is None:
            return make(case)
        try:
            with os.scandir(folder) as entries:
                files = sorted((one.name, one.stat().st_mtime_ns, one.stat().st_size) for one in entries)
        except OSError:
            return make(case)
        return kept.of((str(folder), case.fingerprint, str(data_root()), *files), lambda: make(case))

    return of
