"""Several texts in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict, constant, listed, text_key
from playbook.exercises.kinds.members import members_of
from playbook.exercises.plain import Plain
from playbook.exercises.sealing import digest
from playbook.words import _, ngettext


@dataclass(frozen=True, kw_only=True)
class Set(Kind):
    """Several texts in any order.

    Attributes:
        choices: what may be in it; empty if that is not said.
    """

    name: ClassVar[str] = "set"
    called: ClassVar[str] = "set"
    shared: ClassVar[bool] = True
    choices: tuple[str, ...] = ()

    def normalise(self, plain: Plain) -> list[str] | Problem:
        members = members_of(plain)
        if isinstance(members, Problem):
            return members
        if not members:
            return Problem("set:empty", _("Your answer is empty."))
        allowed = set(map(text_key, self.choices))
        for member in members:
            if allowed and text_key(member) not in allowed:
                if set(re.split(r"[\s,;]+", text_key(member))) <= allowed:
                    return Problem(
                        "set:joined",
                        _("{member!r} is one text. Give each in its own quotes, with commas between.").format(
                            member=member
                        ),
                    )
                if listed := _run_together(text_key(member), allowed):
                    return Problem(
                        "set:run-together",
                        _("A comma is missing between two texts, so they became one: write {listed}.").format(
                            listed=listed
                        ),
                    )
                return Problem(
                    "set:unknown",
                    _("{member!r} is not among the choices: {choices}.").format(
                        member=member, choices=", ".join(map(repr, self.choices))
                    ),
                )
        return sorted({text_key(member): member for member in members}.values(), key=text_key)

    def seal(self, normal: list[str], salt: str) -> tuple[dict[str, Any], str]:
        keys = [text_key(member) for member in normal]
        return (
            {"members": sorted(digest(salt, "member", key) for key in keys)},
            digest(salt, "key", keys, size=24),
        )

    def compare(self, sealed: Mapping[str, Any], normal: list[str], salt: str) -> Verdict:
        wanted = set(sealed["members"])
        strangers = [m for m in normal if digest(salt, "member", text_key(m)) not in wanted]
        hits = len(normal) - len(strangers)
        if hits == len(wanted) and not strangers:
            return Verdict(1.0, key=digest(salt, "key", [text_key(m) for m in normal], size=24))
        share = (hits - len(strangers)) / len(wanted) if 2 * len(normal) >= len(wanted) else 0.0
        return Verdict(max(0.0, share), "; ".join(self._where(normal, strangers, len(wanted))) + ".")

    def _where(self, normal: list[str], strangers: list[str], asked: int) -> Iterator[str]:
        """What is wrong with a set; where it is chosen from a list, nothing by which asking again would find it."""
        hits = len(normal) - len(strangers)
        if self.choices and len(normal) != asked:
            said = ngettext(
                "Your answer has {given:,} entry, and it is not the set asked for",
                "Your answer has {given:,} entries, and it is not the set asked for",
                len(normal),
            )
            yield said.format(given=len(normal))
        else:
            there = ngettext(
                "{hits} of the {count} asked for is in your answer",
                "{hits} of the {count} asked for are in your answer",
                hits,
            )
            yield there.format(hits=hits, count=asked)
            if len(normal) > asked:
                yield _("you give {count:,}").format(count=len(normal))
            if strangers and not self.choices:
                yield _("{entry!r} does not belong").format(entry=strangers[0])
        if len(normal) == 1 < asked:
            yield _('if these are several, give each in its own quotes, as in ["A", "B"]')

    def mutants(self) -> Iterator[ValueMutant]:
        stranger = self.choices[0] if self.choices else "stranger"
        yield ValueMutant("one member left out", listed(lambda v: v[1:]))
        yield ValueMutant(
            "a stranger added", listed(lambda v: [*v, stranger if stranger not in v else "stranger"])
        )
        if self.choices:
            yield constant("every choice", {"t": "list", "of": "list", "v": list(self.choices)})


def _run_together(member: str, allowed: set[str]) -> str:
    """Two choices that stand in one text without anything between, as a list of them; empty for any other text."""
    for place in range(1, len(member)):
        if member[:place] in allowed and member[place:] in allowed:
            return f'"{member[:place]}", "{member[place:]}"'
    return ""
