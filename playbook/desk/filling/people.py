"""Who a row of a platform's file is about: by id, then login and e-mail, then name; never by a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playbook.cases.roster import Enrolled, Roster
from playbook.cases.sheet import heading, read_sheet
from playbook.names import normalise

_CONTACTS = {
    "email": ("email", "e-mail", "mail", "email address", "邮箱", "电子邮箱", "电子邮件"),
    "login": ("login", "username", "user name", "account", "用户名", "登录名", "平台账号"),
}
_WORDS = {heading(text): kind for kind, texts in _CONTACTS.items() for text in texts}
_IDS = {heading(text): "id" for text in ("id", "trainee", "学号", "工号", "员工号", "员工编号", "编号", "staff number", "student id", "employee id", "id number")}  # fmt: skip
_NAMES = {heading(text): "name" for text in ("name", "姓名", "名字", "full name", "student", "学员姓名")}


def contacts(path: Path | None) -> dict[str, tuple[str, ...]]:
    """E-mail addresses and logins in a roster's columns, as :func:`normalise` compares them: whose ids or names.

    They stay in the roster's file: no gradebook and no page keeps them.
    """
    if path is None:
        return {}
    usual = _WORDS | _IDS | _NAMES
    sheet = read_sheet(
        path, lambda text: usual.get(text, ""), ("id", "name", "login"), what="roster", ask="check --roster"
    )
    found: dict[str, tuple[str, ...]] = {}
    for _number, cells in sheet.lines:
        whose = cells.get("id") or cells.get("name") or cells.get("login", "")
        for kind in _CONTACTS:
            if text := normalise(cells.get(kind, "")):
                found[text] = (*found.get(text, ()), whose)
    return found


@dataclass(frozen=True)
class Whose:
    """What a row's clues come to.

    Attributes:
        trainee: what results are filed under; empty where it is not certain.
        problem: why it is not; remedy: what to do.
    """

    trainee: str = ""
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class People:
    """Everybody who may stand in a file.

    Attributes:
        roster: who is enrolled, and who has handed in without being so.
        contacts: e-mail or login → ids.
    """

    roster: Roster
    contacts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, roster: Roster, handed_in: Iterable[str], contacts: Mapping[str, tuple[str, ...]]) -> People:
        """From the roster and the names that results are filed under."""
        known = {one.filed for one in roster.trainees}
        more = tuple(Enrolled(one) for one in sorted(set(handed_in) - known))
        return cls(Roster((*roster.trainees, *more)), contacts)

    def whose(self, clues: Mapping[str, str]) -> Whose:
        """Who a row is about.

        Args:
            clues: kind (id, login, email, name) → what the row says.
        """
        found = {kind: self._by(kind, text) for kind, text in clues.items() if text}
        sure = {kind: set(all) for kind, all in found.items() if all}
        if not sure:
            return Whose(problem="is not in the cohort", remedy=self._remedy(clues))
        left = set.intersection(*sure.values())
        if len(left) == 1:
            [one] = left
            return Whose(one)
        if left or len(sure) == 1:
            several = sorted(left or next(iter(sure.values())))
            return Whose(
                problem=f"may be {' or '.join(several)}",
                remedy="add their ids or e-mail addresses to the file or to the roster",
            )
        told = ", ".join(
            f"{kind} {clues[kind]!r} is {' or '.join(sorted(all))}" for kind, all in sure.items()
        )
        return Whose(
            problem=f"is two people: {told}", remedy="put right the id or name in the file or the roster"
        )

    def _by(self, kind: str, text: str) -> list[str]:
        if kind == "name":
            return [one.filed for one in self.roster.named(text)]
        if owners := self.contacts.get(normalise(text)):
            return [one.filed for owner in owners for one in self.roster.named(owner)]
        key = normalise(text)
        return [
            one.filed
            for one in self.roster.named(text)
            if key in (normalise(one.id), normalise(one.filed))  # an id or a login is no name
        ]

    def _remedy(self, clues: Mapping[str, str]) -> str:
        for text in clues.values():
            if near := self.roster.nearly(text):
                return f"the number has lost its zeros: the roster has {', '.join(one.id for one in near)}"
        missing = [kind for kind in ("email", "login") if clues.get(kind)]
        if missing and not clues.get("name"):
            return f"add a column `{missing[0]}` to the roster and name it with --roster"
        return "add the person to the roster, or leave such rows as they are with --partial"
