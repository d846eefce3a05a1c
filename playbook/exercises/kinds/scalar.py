"""Numbers and choices."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from playbook.exercises.kinds.base import Problem, Verdict
from playbook.exercises.plain import Plain, describe
from playbook.exercises.question import Question
from playbook.exercises.sealing import Grid, Tolerance, digest

#: Slips that any number can suffer: factor to undo, and what to say.
_SLIPS = (
    (100.0, "It is 100 times too small: a fraction where a percentage is asked?"),
    (0.01, "It is 100 times too large: a percentage where a fraction is asked?"),
    (-1.0, "The size is right, the sign is not."),
    (1000.0, "It is 1,000 times too small: check the unit."),
    (0.001, "It is 1,000 times too large: check the unit."),
)


UNROUNDED = " If you have rounded, hand in what the computer worked out instead."


def looks_rounded(values: Sequence[Plain]) -> bool:
    """Whether all numbers have one to three decimals: somebody has rounded them, or typed them in."""
    numbers = [v for v in values if isinstance(v, float) and math.isfinite(v) and abs(v) < 1e9]
    return any(v != int(v) for v in numbers) and all(round(v, 3) == v for v in numbers)


def text_key(text: str) -> str:
    """Text as compared: width, case and outer blanks do not matter."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).strip().casefold())


def number_of(plain: Plain) -> float | Problem:
    """The one finite number that plain data holds, or what is wrong with it."""
    if isinstance(plain, dict) and plain.get("t") == "list" and len(plain["v"]) == 1:
        if plain["of"] == "series":
            return Problem(
                "number:series",
                "Your answer is a column that holds one number. Take the number out: add .iloc[0] at the end.",
            )
        return Problem("number:list", "Your answer is a list that holds one number. Leave the brackets out.")
    if isinstance(plain, dict) and plain.get("of") == "tuple" and len(plain["v"]) == 2:
        return Problem(
            "number:list",
            "Your answer is two values with a comma between them. Write a number with a point, `0.25`, and "
            "without a comma for the thousands, `1250`.",
        )
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        if isinstance(plain, str) and re.fullmatch(r"\s*-?[\d.,_ ]+%?\s*", plain):
            return Problem(
                "number:text", f"Your answer is the text {plain!r}. Leave the quotes out to make it a number."
            )
        tag = plain.get("t") if isinstance(plain, dict) else type(plain).__name__
        if tag in ("nan", "infinite"):
            return Problem(f"number:{tag}", f"Your answer is {describe(plain)}.")
        return Problem(
            f"number:{tag}", f"This question asks for one number; your answer is {describe(plain)}."
        )
    return float(plain) if abs(plain) < 2**53 else plain


class Number:
    """One number, within a tolerance."""

    def normalise(self, question: Question, plain: Plain) -> float | Problem:
        return number_of(plain)

    def seal(self, question: Question, normal: float, salt: str) -> tuple[dict[str, Any], str]:
        grid = Tolerance(question.atol, question.rtol).grid(normal)
        bucket = grid.bucket(normal)
        return {"grid": grid.pack(), "hash": digest(salt, "number", bucket)}, digest(
            salt, "key", bucket, size=24
        )

    def compare(self, question: Question, sealed: dict[str, Any], normal: float, salt: str) -> Verdict:
        grid = Grid.unpack(sealed["grid"])
        if digest(salt, "number", grid.bucket(normal)) == sealed["hash"]:
            return Verdict(1.0, key=digest(salt, "key", grid.bucket(normal), size=24))
        for factor, message in _SLIPS:
            if normal and digest(salt, "number", grid.bucket(normal * factor)) == sealed["hash"]:
                return Verdict(0.0, message)
        shown = f"{normal:,.6g}"
        tip = UNROUNDED if (question.atol or question.rtol) and looks_rounded([normal]) else ""
        return Verdict(0.0, f"{shown} {question.unit}".rstrip() + f" is not the number asked for.{tip}")


def choice_of(plain: Plain, choices: tuple[str, ...]) -> str | Problem:
    """The chosen text, in the spelling it is compared in."""
    if isinstance(plain, dict) and plain.get("t") in ("list", "set") and len(plain["v"]) == 1:
        plain = plain["v"][0]
    if isinstance(plain, bool):
        plain = "yes" if plain else "no"
        if choices and plain not in map(text_key, choices):
            plain = "true" if plain == "yes" else "false"
    if isinstance(plain, (int, float)):
        plain = f"{plain:g}"
    if not isinstance(plain, str):
        tag = plain.get("t") if isinstance(plain, dict) else "none"
        return Problem(
            f"choice:{tag}",
            f"This question asks for one of {', '.join(map(repr, choices))}; your answer is {describe(plain)}."
            if choices
            else f"This question asks for one text in quotes; your answer is {describe(plain)}.",
        )
    chosen = text_key(plain)
    if choices and chosen not in map(text_key, choices):
        return Problem(
            "choice:unknown", f"{plain!r} is not among the choices: {', '.join(map(repr, choices))}."
        )
    return chosen


class Choice:
    """One of several texts."""

    def normalise(self, question: Question, plain: Plain) -> str | Problem:
        return choice_of(plain, question.choices)

    def seal(self, question: Question, normal: str, salt: str) -> tuple[dict[str, Any], str]:
        return {"hash": digest(salt, "choice", normal)}, digest(salt, "key", normal, size=24)

    def compare(self, question: Question, sealed: dict[str, Any], normal: str, salt: str) -> Verdict:
        if digest(salt, "choice", normal) == sealed["hash"]:
            return Verdict(1.0, key=digest(salt, "key", normal, size=24))
        return Verdict(0.0, "That is not the one.")
