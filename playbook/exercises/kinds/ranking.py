"""Several texts in order, best first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict, listed, text_key
from playbook.exercises.kinds.members import members_of
from playbook.exercises.plain import Plain
from playbook.exercises.sealing import digest
from playbook.words import _, ngettext


@dataclass(frozen=True, kw_only=True)
class Ranking(Kind):
    """Several texts in order, best first.

    Attributes:
        top: how many places count; None means all.
        tau: least Kendall rank correlation that passes; None means the exact order.
    """

    name: ClassVar[str] = "ranking"
    called: ClassVar[str] = "ranking"
    top: int | None = None
    tau: float | None = None

    def normalise(self, plain: Plain) -> list[str] | Problem:
        if isinstance(plain, dict) and plain.get("t") == "set":
            return Problem("ranking:set", _("A set has no order. Give a list, best first."))
        members = members_of(plain)
        if isinstance(members, Problem):
            return members
        repeated = _repeated(members)
        if repeated is not None:
            return Problem(
                "ranking:repeated",
                _("{repeated!r} stands in your ranking more than once.").format(repeated=repeated),
            )
        if self.top and len(members) < self.top:
            return Problem("ranking:short", _count(len(members), self.top))
        return members[: self.top] if self.top else members

    def seal(self, normal: list[str], salt: str) -> tuple[dict[str, Any], str]:
        keys = [text_key(member) for member in normal]
        return {"order": [digest(salt, "place", key) for key in keys]}, digest(salt, "key", keys, size=24)

    def compare(self, sealed: Mapping[str, Any], normal: list[str], salt: str) -> Verdict:
        wanted: list[str] = sealed["order"]
        given = [digest(salt, "place", text_key(member)) for member in normal]
        if given == wanted:
            return Verdict(1.0, key=digest(salt, "key", [text_key(m) for m in normal], size=24))
        strangers = [m for m, g in zip(normal, given, strict=True) if g not in wanted]
        if len(given) > len(wanted):
            return Verdict(0.0, _count(len(given), len(wanted)))
        if strangers:
            return Verdict(
                0.0,
                _("{entry!r} does not belong among the {asked} asked for.").format(
                    entry=strangers[0], asked=len(wanted)
                ),
            )
        if len(given) < len(wanted):
            return Verdict(0.0, _count(len(given), len(wanted)))
        if given == wanted[::-1] and not self.top:  # the first of a longer list are never just its last ones
            return Verdict(0.0, _("Your order is exactly reversed: best first."))
        if self.tau is not None and _kendall(given, wanted) >= self.tau:
            return Verdict(1.0)
        place = next(i for i, (g, w) in enumerate(zip(given, wanted, strict=True)) if g != w)
        return Verdict(
            0.0,
            _("The right entries, in the wrong order: place {number} is the first that differs.").format(
                number=place + 1
            ),
        )

    def mutants(self) -> Iterator[ValueMutant]:
        yield ValueMutant("reversed", listed(lambda v: v[::-1]))
        yield ValueMutant("without the first", listed(lambda v: v[1:]))
        if self.tau is None:
            yield ValueMutant("the first two swapped", listed(lambda v: [*v[1::-1], *v[2:]]))


def _repeated(members: list[str]) -> str | None:
    seen: set[str] = set()
    for member in members:
        if text_key(member) in seen:
            return member
        seen.add(text_key(member))
    return None


def _count(given: int, wanted: int) -> str:
    return ngettext(
        "Your ranking has {given:,} entry; {wanted} are asked for.",
        "Your ranking has {given:,} entries; {wanted} are asked for.",
        given,
    ).format(given=given, wanted=wanted)


def _kendall(given: list[str], wanted: list[str]) -> float:
    """Kendall's tau between two orders of the same items (no ties)."""
    place = [wanted.index(item) for item in given]
    pairs = [(i, j) for i in range(len(place)) for j in range(i + 1, len(place))]
    agreeing = sum(place[i] < place[j] for i, j in pairs)
    return 2 * agreeing / len(pairs) - 1 if pairs else 1.0
