"""Seals: values that can be recognised but not read.

A number is placed in a bucket as wide as its tolerance and only the bucket's keyed hash is kept, so that
a check can say right or wrong, and no more. A hint is encrypted with what the wrong answer itself hashes
to: only who gives that answer can read it. Seals keep answers from being read, not from being searched;
marks are protected by the unseen case.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass

_SLACK = 1e-9  # so that rounding in the last digit never decides


#: Made once: `json.dumps` would make one anew for each of the thousands of cells that are compared.
_as_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode


def digest(salt: str, *parts: object, size: int = 9) -> str:
    """Keyed hash of JSON-able parts, as text."""
    if all(type(part) is str for part in parts):  # a cohort's right cells are alike: each is hashed once
        return _digest_of_texts(salt, parts, size)
    return _digest(salt, parts, size)


@functools.lru_cache(maxsize=1 << 15)
def _digest_of_texts(salt: str, parts: tuple[object, ...], size: int) -> str:
    return _digest(salt, parts, size)


def _digest(salt: str, parts: tuple[object, ...], size: int) -> str:
    raw = hashlib.blake2b(_as_json(parts).encode(), key=salt.encode()[:64], digest_size=size).digest()
    return base64.b64encode(raw).decode().rstrip("=")


def encrypt(key: str, text: str) -> str:
    """Hide a hint behind a key. XOR with a hash stream: the key is used for one text only."""
    data = text.encode()
    return base64.b64encode(bytes(a ^ b for a, b in zip(data, _stream(key, len(data)), strict=True))).decode()


def decrypt(key: str, sealed: str) -> str:
    """Read a hint again with the same key."""
    data = base64.b64decode(sealed)
    return bytes(a ^ b for a, b in zip(data, _stream(key, len(data)), strict=True)).decode("utf-8", "replace")


def _stream(key: str, size: int) -> bytes:
    return hashlib.shake_256(b"playbook hint\0" + key.encode()).digest(size) if size else b""


@dataclass(frozen=True)
class Tolerance:
    """How far a number may be off: absolute (in the answer's unit) or relative (a share of the value)."""

    atol: float | None = None
    rtol: float | None = None

    def grid(self, value: float) -> Grid:
        """The grid on which `value` stands in the middle of a bucket as wide as the tolerance."""
        if self.rtol and value:
            width = math.log((1 + self.rtol) / (1 - self.rtol)) + 2 * _SLACK
            low = math.log(abs(value)) + math.log(1 - self.rtol) - _SLACK
            return Grid("log", width, math.fmod(low, width))
        reach = (self.atol or 1e-9) * (1 + _SLACK) + 4e-16 * abs(value)
        return Grid("linear", 2 * reach, math.fmod(value - reach, 2 * reach))


@dataclass(frozen=True)
class Grid:
    """Buckets on the number line (`linear`) or on its logarithm (`log`): bucket width and offset."""

    scale: str
    width: float
    offset: float

    def bucket(self, value: float) -> str:
        """Name of the bucket that a number falls into; one for all that lie too far out to count buckets."""
        if self.scale == "log":
            if value == 0:
                return "zero"
            far = (math.log(abs(value)) - self.offset) / self.width
            return f"{'-' if value < 0 else '+'}{math.floor(far) if math.isfinite(far) else 'beyond'}"
        far = (value - self.offset) / self.width
        return f"{math.floor(far)}" if math.isfinite(far) else "beyond"

    def near(self, value: float, reach: float, most: int = 600) -> Iterator[str]:
        """Names of the buckets whose middle lies within `reach` of a number; none if they are too many to try.

        A seal's own number stands in the middle of its bucket, so these are the buckets of all that a rounded
        number may have been.
        """
        if self.scale == "log":
            if not 0 < reach < abs(value):
                return
            ends = [(math.log(abs(value) + sign * reach) - self.offset) / self.width for sign in (-1, 1)]
        else:
            ends = [(value + sign * reach - self.offset) / self.width for sign in (-1, 1)]
        if not all(map(math.isfinite, ends)) or ends[1] - ends[0] > most:
            return
        sign = "" if self.scale == "linear" else "-" if value < 0 else "+"
        for place in range(math.floor(ends[0]), math.floor(ends[1]) + 1):
            if ends[0] - _SLACK <= place + 0.5 <= ends[1] + _SLACK:
                yield f"{sign}{place}"

    def pack(self) -> list:
        return [self.scale[:3], self.width, self.offset]

    @staticmethod
    def unpack(packed: list) -> Grid:
        scale, width, offset = packed
        return Grid("log" if scale == "log" else "linear", float(width), float(offset))
