"""One of several texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict, constant, text_key
from playbook.exercises.kinds.members import members_of
from playbook.exercises.plain import Plain, describe
from playbook.exercises.sealing import digest
from playbook.words import N_, _


def choice_of(plain: Plain, choices: tuple[str, ...]) -> str | Problem:
    """The chosen text, in the spelling it is compared in."""
    if isinstance(plain, dict) and plain.get("t") in ("list", "set") and len(plain["v"]) == 1:
        members = None if isinstance(plain["v"][0], bool) else members_of(plain)
        plain = members[0] if isinstance(members, list) and len(members) == 1 else plain["v"][0]
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
            _("This question asks for one of {choices}; your answer is {described}.").format(
                choices=", ".join(map(repr, choices)), described=describe(plain)
            )
            if choices
            else _("This question asks for one text in quotes; your answer is {described}.").format(
                described=describe(plain)
            ),
        )
    chosen = text_key(plain)
    if choices and chosen not in map(text_key, choices):
        bare = _bare(chosen)
        chosen = next((text_key(one) for one in choices if _bare(text_key(one)) == bare), chosen)
    if choices and chosen not in map(text_key, choices):
        return Problem(
            "choice:unknown",
            _("{plain!r} is not among the choices: {choices}.").format(
                plain=plain, choices=", ".join(map(repr, choices))
            ),
        )
    return chosen


def _bare(text: str) -> str:
    """A text without quotes, brackets and full stops round it; words may be joined by any sign."""
    inside = text.strip(" \"'`“”‘’()[].:;")
    return re.sub(r"[\s_-]+", " ", inside) if re.search(r"\w", inside) else text


@dataclass(frozen=True, kw_only=True)
class Choice(Kind):
    """One of several texts.

    Attributes:
        choices: what may be chosen.
    """

    name: ClassVar[str] = "choice"
    called: ClassVar[str] = N_("choice")
    few: ClassVar[bool] = True
    choices: tuple[str, ...] = ()

    def problems(self) -> Iterator[str]:
        if not self.choices:
            yield "a choice needs `choices: [...]`"

    def normalise(self, plain: Plain) -> str | Problem:
        return choice_of(plain, self.choices)

    def seal(self, normal: str, salt: str) -> tuple[dict[str, Any], str]:
        return {"hash": digest(salt, "choice", normal)}, digest(salt, "key", normal, size=24)

    def compare(self, sealed: Mapping[str, Any], normal: str, salt: str) -> Verdict:
        if digest(salt, "choice", normal) == sealed["hash"]:
            return Verdict(1.0, key=digest(salt, "key", normal, size=24))
        return Verdict(0.0, _("That is not the one."))

    def mutants(self) -> Iterator[ValueMutant]:
        for choice in self.choices:
            yield constant(f"constant {choice!r}", choice)
