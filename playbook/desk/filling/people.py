"""Who a row of a platform's file is about: by id, then login and e-mail, then name; never by a guess."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from playbook.cases.roster import Enrolled, Roster, bare_id, name_forms, without_brackets, without_zeros
from playbook.cases.sheet import heading, read_sheet
from playbook.names import normalise

_CONTACTS = {
    "email": ("email", "e-mail", "mail", "email address", "邮箱", "电子邮箱", "电子邮件", "电子邮件地址"),
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
        maybe: everybody who may be meant where it is not certain.
    """

    trainee: str = ""
    problem: str = ""
    remedy: str = ""
    maybe: frozenset[str] = frozenset()


#: Kinds of clues, the surest first; a login and an address are as sure.
_SURE = {"id": 0, "login": 1, "email": 1, "name": 2}
_ZEROS = "put the zeros back, or open the file as text and not in a spreadsheet"


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

    def telling(self, rows: Collection[Mapping[str, str]]) -> frozenset[str]:
        """The kinds of clues that count against a name: those by which at least one row names somebody.

        A file's ids may be of another kind than ours. Where most rows bear our people's names, these are believed
        then; where few do, it is a file of other people, and every kind counts against a namesake.
        """
        known = [clues["name"] for clues in rows if clues.get("name")]
        if 2 * sum(bool(self._named(name)) for name in known) < len(known):
            return frozenset(_SURE)
        return frozenset(
            kind for clues in rows for kind, text in clues.items() if text and self._by(kind, text)
        )

    def whose(self, clues: Mapping[str, str], telling: frozenset[str] = frozenset()) -> Whose:
        """Who a row is about.

        Args:
            clues: kind (id, login, email, name) → what the row says.
            telling: kinds that name people in this file: what such a clue says against a weaker one counts.
        """
        found = {kind: self._by(kind, text) for kind, text in clues.items() if text}
        sure = {kind: all for kind, all in found.items() if all}
        if not sure:
            return self._nobody(clues)
        left = frozenset.intersection(*sure.values())
        maybe = frozenset[str]().union(*sure.values())
        if len(left) == 1:
            [one] = left
            return self._against(clues, found, one, telling) or Whose(one)
        if left or len(sure) == 1:
            several = sorted(left or maybe)
            return Whose(
                problem=f"may be {' or '.join(several)}",
                remedy="add their ids or e-mail addresses to the file or to the roster",
                maybe=maybe,
            )
        told = ", ".join(
            f"{kind} {clues[kind]!r} is {' or '.join(sorted(all))}" for kind, all in sure.items()
        )
        return Whose(
            problem=f"is two people: {told}",
            remedy="put right the id or name in the file or the roster",
            maybe=maybe,
        )

    def _against(
        self,
        clues: Mapping[str, str],
        found: Mapping[str, frozenset[str]],
        one: str,
        telling: frozenset[str],
    ) -> Whose | None:
        """A clue that names nobody, and is surer than all that name this person: a namesake's, or cut by a spreadsheet."""
        surest = min(_SURE[kind] for kind, all in found.items() if all)
        for kind, all in found.items():
            if all or _SURE[kind] >= surest:
                continue
            near = self._near.get(without_zeros(clues[kind]), frozenset())
            if one in near:
                return None
            if near:
                return Whose(
                    problem=f"has the name or login of {one}, and {kind} {clues[kind]!r} without its zeros is "
                    f"{' or '.join(sorted(near))}",
                    remedy=_ZEROS,
                    maybe=near | {one},
                )
            if kind in telling and one in self._having[kind]:
                return Whose(
                    problem=f"has the name or login of {one}, and {kind} {clues[kind]!r} is nobody's",
                    remedy=f"if it is the same person, put right the {kind} in the file or the roster; "
                    "if not, leave such rows as they are with --partial",
                    maybe=frozenset({one}),
                )
        return None

    def _by(self, kind: str, text: str) -> frozenset[str]:
        if kind == "name":
            return self._named(text)
        key = normalise(bare_id(text))
        ids = frozenset(
            one.filed
            for one in self.roster.named(text)
            if key in (normalise(one.id), normalise(one.filed))  # an id or a login is no name
        )
        told = frozenset(
            one.filed for owner in self.contacts.get(key, ()) for one in self.roster.named(owner)
        )
        return (ids or told) if kind == "id" else (told or ids)

    def _named(self, text: str) -> frozenset[str]:
        """Everybody whose name this is with its words in any order: which comes first, no file says."""
        exact = self.roster.named(text)
        forms, bare = name_forms(text), without_brackets(text)
        if exact and bare != text:
            forms -= name_forms(bare)
        alike = (self._forms.get(form, frozenset()) for form in forms)
        return frozenset(one.filed for one in exact).union(*alike)

    @cached_property
    def _forms(self) -> dict[str, frozenset[str]]:
        """A name's form → whose it is."""
        return _index((form, one.filed) for one in self.roster.trainees for form in name_forms(one.name))

    @cached_property
    def _near(self) -> dict[str, frozenset[str]]:
        """A number without the zeros before it → whose id it is."""
        return _index(
            (number, one.filed) for one in self.roster.trainees if (number := without_zeros(one.id))
        )

    @cached_property
    def _having(self) -> dict[str, frozenset[str]]:
        """Kind of clue → those of whom one is known."""
        owners = {kind: set[str]() for kind in ("login", "email")}
        for text, whose in self.contacts.items():
            owners["email" if "@" in text else "login"].update(whose)
        having = {
            kind: frozenset(one.filed for owner in some for one in self.roster.named(owner))
            for kind, some in owners.items()
        }
        ids = frozenset(one.filed for one in self.roster.trainees if one.name and one.name != one.id)
        return having | {"id": ids}  # who is known by name alone has none

    def _nobody(self, clues: Mapping[str, str]) -> Whose:
        for text in clues.values():
            if near := self._near.get(without_zeros(text)):
                return Whose(
                    problem=f"the number has lost its zeros: the roster has {', '.join(sorted(near))}",
                    remedy=_ZEROS,
                    maybe=near,
                )
        missing = [kind for kind in ("email", "login") if clues.get(kind)]
        if missing and not clues.get("name"):
            remedy = f"add a column `{missing[0]}` to the roster and name it with --roster"
        else:
            remedy = "add the person to the roster, or leave such rows as they are with --partial"
        return Whose(problem="is not in the cohort", remedy=remedy)


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for key, one in pairs:
        found.setdefault(key, set()).add(one)
    return {key: frozenset(some) for key, some in found.items()}
