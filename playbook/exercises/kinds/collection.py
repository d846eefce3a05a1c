"""Sets and rankings: several texts, without and with an order."""

from __future__ import annotations

import re
from typing import Any

from playbook.exercises.kinds.base import Problem, Verdict
from playbook.exercises.kinds.scalar import text_key
from playbook.exercises.plain import Plain, describe
from playbook.exercises.question import Question
from playbook.exercises.sealing import digest


def members_of(plain: Plain) -> list[str] | Problem:
    """The texts that a list, column, set or single text holds; numbers are read as their digits."""
    if isinstance(plain, str):
        plain = {"t": "list", "v": [plain]}
    tag = plain.get("t") if isinstance(plain, dict) else type(plain).__name__
    if tag not in ("list", "set"):
        if tag == "table":
            return Problem(
                "members:table", "Your answer is a whole table. Take the one column that is asked for."
            )
        return Problem(
            f"members:{tag}", f"This question asks for a list of texts; your answer is {describe(plain)}."
        )
    members = []
    for position, item in enumerate(plain["v"], 1):
        if item is None:
            return Problem("members:missing", f"Entry {position} of your answer is missing (NaN).")
        if isinstance(item, bool) or not isinstance(item, (str, int, float)):
            return Problem(
                "members:kind", f"Entry {position} of your answer is {describe(item)}; a text is asked for."
            )
        members.append(item if isinstance(item, str) else f"{item:g}")
    return members


def _repeated(members: list[str]) -> str | None:
    seen: set[str] = set()
    for member in members:
        if text_key(member) in seen:
            return member
        seen.add(text_key(member))
    return None


class Set:
    """Several texts in any order."""

    def normalise(self, question: Question, plain: Plain) -> list[str] | Problem:
        members = members_of(plain)
        if isinstance(members, Problem):
            return members
        if not members:
            return Problem("set:empty", "Your answer is empty.")
        allowed = set(map(text_key, question.choices))
        for member in members:
            if allowed and text_key(member) not in allowed:
                if set(re.split(r"[\s,;]+", text_key(member))) <= allowed:
                    return Problem(
                        "set:joined",
                        f"{member!r} is one text. Give each in its own quotes, with commas between.",
                    )
                return Problem(
                    "set:unknown",
                    f"{member!r} is not among the choices: {', '.join(map(repr, question.choices))}.",
                )
        return sorted({text_key(member): member for member in members}.values(), key=text_key)

    def seal(self, question: Question, normal: list[str], salt: str) -> tuple[dict[str, Any], str]:
        keys = [text_key(member) for member in normal]
        return (
            {"members": sorted(digest(salt, "member", key) for key in keys)},
            digest(salt, "key", keys, size=24),
        )

    def compare(self, question: Question, sealed: dict[str, Any], normal: list[str], salt: str) -> Verdict:
        wanted = set(sealed["members"])
        strangers = [m for m in normal if digest(salt, "member", text_key(m)) not in wanted]
        hits = len(normal) - len(strangers)
        if hits == len(wanted) and not strangers:
            return Verdict(1.0, key=digest(salt, "key", [text_key(m) for m in normal], size=24))
        parts = [f"{hits} of the {len(wanted)} asked for {'is' if hits == 1 else 'are'} in your answer"]
        if len(normal) > len(wanted):
            parts.append(f"you give {len(normal):,}")
        if strangers:
            parts.append(f"{strangers[0]!r} does not belong")
        if len(normal) == 1 < len(wanted):
            parts.append('if these are several, give each in its own quotes, as in ["A", "B"]')
        return Verdict(max(0.0, (hits - len(strangers)) / len(wanted)), "; ".join(parts) + ".")


class Ranking:
    """Several texts in order, best first."""

    def normalise(self, question: Question, plain: Plain) -> list[str] | Problem:
        if isinstance(plain, dict) and plain.get("t") == "set":
            return Problem("ranking:set", "A set has no order. Give a list, best first.")
        members = members_of(plain)
        if isinstance(members, Problem):
            return members
        repeated = _repeated(members)
        if repeated is not None:
            return Problem("ranking:repeated", f"{repeated!r} stands in your ranking more than once.")
        if question.top and len(members) < question.top:
            return Problem("ranking:short", _count(len(members), question.top))
        return members[: question.top] if question.top else members

    def seal(self, question: Question, normal: list[str], salt: str) -> tuple[dict[str, Any], str]:
        keys = [text_key(member) for member in normal]
        return {"order": [digest(salt, "place", key) for key in keys]}, digest(salt, "key", keys, size=24)

    def compare(self, question: Question, sealed: dict[str, Any], normal: list[str], salt: str) -> Verdict:
        wanted: list[str] = sealed["order"]
        given = [digest(salt, "place", text_key(member)) for member in normal]
        if given == wanted:
            return Verdict(1.0, key=digest(salt, "key", [text_key(m) for m in normal], size=24))
        strangers = [m for m, g in zip(normal, given, strict=True) if g not in wanted]
        if len(given) > len(wanted):
            return Verdict(0.0, _count(len(given), len(wanted)))
        if strangers:
            return Verdict(0.0, f"{strangers[0]!r} does not belong among the {len(wanted)} asked for.")
        if len(given) < len(wanted):
            return Verdict(0.0, _count(len(given), len(wanted)))
        if given == wanted[::-1]:
            return Verdict(0.0, "Your order is exactly reversed: best first.")
        if question.tau is not None and _kendall(given, wanted) >= question.tau:
            return Verdict(1.0)
        place = next(i for i, (g, w) in enumerate(zip(given, wanted, strict=True)) if g != w)
        return Verdict(
            0.0, f"The right entries, in the wrong order: place {place + 1} is the first that differs."
        )


def _count(given: int, wanted: int) -> str:
    return f"Your ranking has {given:,} {'entry' if given == 1 else 'entries'}; {wanted} are asked for."


def _kendall(given: list[str], wanted: list[str]) -> float:
    """Kendall's tau between two orders of the same items (no ties)."""
    place = [wanted.index(item) for item in given]
    pairs = [(i, j) for i in range(len(place)) for j in range(i + 1, len(place))]
    agreeing = sum(place[i] < place[j] for i, j in pairs)
    return 2 * agreeing / len(pairs) - 1 if pairs else 1.0
