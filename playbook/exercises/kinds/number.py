"""One number, within a tolerance."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict, constant
from playbook.exercises.plain import Plain, describe
from playbook.exercises.sealing import Grid, Tolerance, digest
from playbook.words import N_, _

#: Slips that any number can suffer: factor to undo, and what to say.
_SLIPS = (
    (100.0, N_("It is 100 times too small: a fraction where a percentage is asked?")),
    (0.01, N_("It is 100 times too large: a percentage where a fraction is asked?")),
    (-1.0, N_("The size is right, the sign is not.")),
    (1000.0, N_("It is 1,000 times too small: check the unit.")),
    (0.001, N_("It is 1,000 times too large: check the unit.")),
)


#: A number with more decimals has not been rounded by hand.
_MOST_DECIMALS = 4

#: From here on a share is written in whole per cents.
_LEAST_SHARE = 0.02
#: How many times as close as a right answer one must come to a declared wrong one to earn its hint, if not rounded.
_CLOSER = 50

UNROUNDED = N_("If you have rounded, give the number as the computer worked it out.")


def looks_rounded(values: Sequence[Plain]) -> bool:
    """Whether all numbers have one to three decimals: somebody has rounded them, or typed them in."""
    numbers = [v for v in values if isinstance(v, float) and math.isfinite(v) and abs(v) < 1e9]
    return any(v != int(v) for v in numbers) and all(round(v, 3) == v for v in numbers)


def rounding_of(values: Sequence[Plain], relative: bool = False) -> float:
    """How far numbers may be off for having been rounded as a manager would write them; 0 where they are not.

    Written are two digits or more of most of them: 0.12, 2.3, 47, 213; of small shares, whole per cents: 0.05. All
    are rounded to the same decimals.

    Args:
        relative: what counts is a share of the value, so that large ones may be rounded to three digits: 235,000.
    """
    numbers = [abs(v) for v in values if isinstance(v, (int, float)) and not isinstance(v, bool) and v]
    numbers = sorted(v for v in numbers if math.isfinite(v) and v < 1e12)
    if not numbers:
        return 0.0
    size = math.log10(numbers[len(numbers) // 4])
    least = max(0, math.ceil(1 - size - 1e-9))
    if 10**size >= _LEAST_SHARE:
        least = min(least, 2)
    if relative:
        least = min(least, math.ceil(2 - size - 1e-9))
    for decimals in range(least, _MOST_DECIMALS + 1):
        if all(round(v, decimals) == v for v in numbers):
            return 0.5 * 10.0**-decimals
    return 0.0


def number_of(plain: Plain) -> float | Problem:
    """The one finite number that plain data holds, or what is wrong with it."""
    if isinstance(plain, dict) and plain.get("t") == "list" and len(plain["v"]) == 1:
        if plain["of"] == "series":
            return Problem(
                "number:series",
                _(
                    "Your answer is a column that holds one number. Take the number out: add .iloc[0] at the end."
                ),
            )
        return Problem(
            "number:list", _("Your answer is a list that holds one number. Leave the brackets out.")
        )
    if isinstance(plain, dict) and plain.get("of") == "tuple" and len(plain["v"]) == 2:
        return Problem(
            "number:list",
            _(
                "Your answer is two values with a comma between them. Write a number with a point, `0.25`, and "
                "without a comma for the thousands, `1250`."
            ),
        )
    if isinstance(plain, dict) and plain.get("of") == "tuple" and len(plain["v"]) > 2:
        return Problem(
            "number:list",
            _(
                "Your answer is {number} values with commas between them. Write a large number without commas, "
                "`1250000`."
            ).format(number=len(plain["v"])),
        )
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        if isinstance(plain, str) and re.fullmatch(r"\s*-?[\d.,_ ]+%?\s*", plain):
            told = _("Your answer is the text {plain!r}. Leave the quotes out to make it a number.")
            if "%" in plain:
                told = _("Your answer is the text {plain!r}. Write a number without quotes: 25 % is `0.25`.")
            return Problem("number:text", told.format(plain=plain))
        tag = plain.get("t") if isinstance(plain, dict) else type(plain).__name__
        if tag in ("nan", "infinite"):
            return Problem(
                f"number:{tag}", _("Your answer is {described}.").format(described=describe(plain))
            )
        return Problem(
            f"number:{tag}",
            _("This question asks for one number; your answer is {described}.").format(
                described=describe(plain)
            ),
        )
    return float(plain) if abs(plain) < 2**53 else plain


@dataclass(frozen=True, kw_only=True)
class Number(Kind):
    """One number, within a tolerance.

    Attributes:
        atol, rtol: how far it may be off, in its unit or as a share of the value; not both.
        unit: of the number, in words.
    """

    name: ClassVar[str] = "number"
    called: ClassVar[str] = N_("number")
    atol: float | None = None
    rtol: float | None = None
    unit: str = ""  # type: ignore[misc]  # every kind has a unit; only a number's is a field

    def problems(self) -> Iterator[str]:
        yield from tolerance_problems(self.atol, self.rtol)

    def normalise(self, plain: Plain) -> float | Problem:
        return number_of(plain)

    def seal(self, normal: float, salt: str) -> tuple[dict[str, Any], str]:
        grid = Tolerance(self.atol, self.rtol).grid(normal)
        bucket = grid.bucket(normal)
        return {"grid": grid.pack(), "hash": digest(salt, "number", bucket)}, digest(
            salt, "key", bucket, size=24
        )

    def seal_wrong(self, normal: float, salt: str) -> tuple[dict[str, Any], str]:
        """As :meth:`seal`, and more closely: what is only near a wrong answer has most likely come another way."""
        sealed, key = self.seal(normal, salt)
        if self.atol or self.rtol:
            sealed["close"] = self._closer().seal(normal, digest(salt, "close"))[0]
        return sealed, key

    def _closer(self) -> Number:
        return Number(atol=self.atol and self.atol / _CLOSER, rtol=self.rtol and self.rtol / _CLOSER)

    def compare(self, sealed: Mapping[str, Any], normal: float, salt: str) -> Verdict:
        grid = Grid.unpack(sealed["grid"])
        if "close" in sealed and not rounding_of([normal]):
            near = self._closer().compare(sealed["close"], normal, digest(salt, "close"))
            if near.share < 1:
                return Verdict(0.0)
        if digest(salt, "number", grid.bucket(normal)) == sealed["hash"]:
            return Verdict(1.0, key=digest(salt, "key", grid.bucket(normal), size=24))
        if (self.atol or self.rtol) and "close" not in sealed:
            for bucket in grid.near(normal, rounding_of([normal], self.rtol is not None)):
                if digest(salt, "number", bucket) == sealed["hash"]:
                    return Verdict(1.0, key=digest(salt, "key", bucket, size=24))
        counted = not (self.atol or self.rtol)
        for factor, message in _SLIPS[2:3] if counted else _SLIPS:
            if normal and digest(salt, "number", grid.bucket(normal * factor)) == sealed["hash"]:
                return Verdict(0.0, _(message))
        shown = f"{normal:,.6g}"
        shown = f"{shown} {self.unit}".rstrip()
        message = _("{shown} is not the number asked for.").format(shown=shown)
        if (self.atol or self.rtol) and looks_rounded([normal]):
            message += " " + _(UNROUNDED)
        return Verdict(0.0, message)

    def mutants(self) -> Iterator[ValueMutant]:
        for value in (0, 1, 100):
            yield constant(f"constant {value}", value)
        yield ValueMutant("one more", lambda v: v + 1)
        yield ValueMutant("one less", lambda v: v - 1)
        yield ValueMutant("a tenth more", lambda v: v * 1.1 if v else 1)
        yield ValueMutant("times 100", lambda v: v * 100 if v else 1)
        yield ValueMutant("the sign turned", lambda v: -v if v else 1)
        yield ValueMutant("as text", lambda v: str(v))


def tolerance_problems(atol: float | None, rtol: float | None) -> Iterator[str]:
    """What is wrong with a tolerance, in words."""
    if atol is not None and rtol is not None:
        yield "give `atol` or `rtol`, not both"
    if rtol is not None and not 0 < rtol < 1:
        yield f"`rtol: {rtol}` is not between 0 and 1"
    if atol is not None and not atol > 0:
        yield f"`atol: {atol}` is not above 0"
