"""The instructor's roster: who is in the cohort, which city is whose, and what is due when.

Notebooks read it to open a trainee's city, the grader for all that it says: one reader, one set of columns.
What a release carries of it names nobody: digests of names, and the city that belongs to them.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from playbook.cases.case import Case, find_case
from playbook.cases.sheet import read_sheet, shortened
from playbook.clock import DATE_FORM, deadline, read_moment
from playbook.errors import PlaybookError, Together
from playbook.names import normalise, safe_name, squash
from playbook.places import data_root
from playbook.words import _

#: Headings that serve, by the usual one.
HEADINGS = {
    "id": ("trainee", "学号", "工号", "员工号", "员工编号", "员工工号", "学员编号", "学生学号", "编号", "账号", "staff number", "staff no", "staff id", "student id", "student number", "employee id", "employee number", "id number", "user id", "username", "login"),
    "name": ("姓名", "名字", "学员", "学员姓名", "学生姓名", "员工姓名", "真实姓名", "full name", "student", "student name", "employee name"),
    "city": ("case", "城市", "所在城市", "案例"),
    "due": ("截止", "截止日期", "截止时间", "提交截止", "deadline", "due date"),
    "team": ("团队", "小组", "组别", "班组", "部门", "group", "department", "manager"),
    "region": ("大区", "区域", "片区", "战区", "area"),
    "extension": ("延期", "延长", "宽限", "延期天数"),
}  # fmt: skip
_USUAL = {also: usual for usual, alike in HEADINGS.items() for also in (usual, *alike)}
#: Headings of times, with (the beginning of) an exercise or for all.
_TIMES = re.compile(r"(?:due|extension)(?:_(.+))?")
#: What a spreadsheet's last row begins with where it counts the rows above: it is about nobody.
_SUM = re.compile(
    r"(?:合\s*计|总\s*计|共\s*计|小\s*计|总\s*数|(?:grand |sub)?total)\s*[:：]?\s*(?:\d+\s*[人名]?)?",
    re.IGNORECASE,
)
#: Where a release keeps what it carries of the roster, among the data.
CARRIED = "roster.json"
#: Names of more words are compared as they stand.
_MOST_WORDS = 4
#: Rounds of a digest that is published: a guess costs as many.
_ROUNDS = 2_000


@dataclass(frozen=True)
class Enrolled:
    """One trainee on the roster.

    Attributes:
        id: what their hand-ins are filed under.
        name: may be empty.
        city: name of a case that ships, or the folder of another; may be empty.
        due: exercise (or the beginning of its id; "" for all) → the last moment, extension included, in
            seconds since 1970 (UTC).
        team, region: where they belong; may be empty.
    """

    id: str
    name: str = ""
    city: str = ""
    due: Mapping[str, float] = field(default_factory=dict)
    team: str = ""
    region: str = ""

    def due_for(self, exercise: str) -> float | None:
        """When an exercise is due for this trainee, or None; the longest beginning of its id decides."""
        fitting = [start for start in self.due if exercise.startswith(start)]
        return self.due[max(fitting, key=len)] if fitting else None

    def extended(self, until: Mapping[str, float]) -> Enrolled:
        """The same with later last moments by exercise; an earlier one changes nothing."""
        if not until:
            return self
        later = {name: max(end, self.due_for(name) or end) for name, end in until.items()}
        return replace(self, due={**self.due, **later})

    @property
    def filed(self) -> str:
        """The id as it is filed: safe as a file's name."""
        return safe_name(self.id)

    def __str__(self) -> str:
        return f"{self.id} ({self.name})" if self.name and self.name != self.id else self.id


def name_forms(name: str) -> set[str]:
    """A name's letters alone, with its words in any order: platforms put either first.

    What stands in brackets behind a name is no part of it, and may be: ``李伟（销售一部）`` is found as 李伟 too.
    """
    bare = without_brackets(name)
    if bare and bare != name:
        return _forms(bare) | _forms(name)
    return _forms(name)


def without_brackets(name: str) -> str:
    """A name without what stands in brackets beside it."""
    return " ".join(re.sub(r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]|【[^【】]*】", " ", name).split())


def _forms(name: str) -> set[str]:
    words = [squash(word) for word in re.split(r"[\W_]+", name) if squash(word)]
    if not 1 < len(words) <= _MOST_WORDS:
        return {squash(name)} - {""}
    return {"".join(some) for some in itertools.permutations(words)} | {squash(name)}


def without_zeros(text: object) -> str:
    """A number without the zeros before it, which spreadsheets drop; nothing for other text."""
    key = normalise(bare_id(text))
    return key.lstrip("0") or "0" if key.isdecimal() else ""


def bare_id(text: object) -> object:
    """An id without what programs write around or behind one to keep it text, or a number: ``="0071"``, ``'0071``, ``1001.0``."""
    if not isinstance(text, str):
        return text
    text = re.sub(r'^="?(.*?)"?$', r"\1", text.strip()).removeprefix("'").strip()
    return re.sub(r"^(\d+)\.0$", r"\1", text)


#: Ways to look somebody up, the surest first: of the text that is looked for, and of a person.
_WAYS: tuple[tuple[Callable[[object], str], Callable[[Enrolled], set[str]]], ...] = (
    (normalise, lambda one: {normalise(one.id), normalise(one.filed)}),
    (normalise, lambda one: {normalise(one.name)}),
    (lambda text: squash(normalise(text)), lambda one: {squash(one.id)}),
    (lambda text: squash(normalise(text)), lambda one: name_forms(one.name)),
)
_Ways = Sequence[Mapping[str, Sequence[int]]]


def _ways_to(people: Sequence[Enrolled]) -> list[dict[str, list[int]]]:
    ways: list[dict[str, list[int]]] = []
    for _key, keys in _WAYS:
        way: dict[str, list[int]] = {}
        for place, one in enumerate(people):
            for key in keys(one) - {""}:
                way.setdefault(key, []).append(place)
        ways.append(way)
    return ways


def _look_up(ways: _Ways, text: object, key_as: Callable[[str], str] = lambda key: key) -> Sequence[int]:
    """Places of those that a text means, by the surest way that finds anybody."""
    text = bare_id(text)
    for (key_of, _keys), way in zip(_WAYS, ways, strict=True):
        key = key_of(text)
        found = way.get(key_as(key)) if key else None
        if found:
            return found
    return ()


@dataclass(frozen=True)
class Roster:
    """The cohort, by id and by name; empty means that everyone who hands in is in it."""

    trainees: tuple[Enrolled, ...] = ()
    _ways: _Ways = field(init=False, compare=False, repr=False, default=())

    def __post_init__(self):
        object.__setattr__(self, "_ways", _ways_to(self.trainees))

    def named(self, text: object) -> tuple[Enrolled, ...]:
        """Everybody that a text means, as id or name: more than one where a name is not enough."""
        return tuple(self.trainees[place] for place in _look_up(self._ways, text))

    def nearly(self, text: object) -> tuple[Enrolled, ...]:
        """Whose id is this number but for zeros before it."""
        number = without_zeros(text)
        return tuple(one for one in self.trainees if number and without_zeros(one.id) == number)

    def find(self, trainee: object) -> Enrolled | None:
        """The one trainee that a text means, or None."""
        found = self.named(trainee)
        return found[0] if len(found) == 1 else None

    def city_of(self, trainee: str) -> str:
        """The city the roster gives a trainee, or nothing."""
        one = self.find(trainee)
        return one.city if one else ""

    def id_of(self, trainee: str) -> str:
        """What a trainee's results are filed under."""
        one = self.find(trainee)
        return one.filed if one else trainee


def read_roster(path: Path, exercises: Iterable[str] = ()) -> Roster:
    """Read a whole roster: a CSV file (UTF-8 or GBK; commas, semicolons or tabs), or a spreadsheet's own.

    Columns: ``id``, ``name``, of which one is needed: who has no id goes by the name. All optional: ``city``, by
    any of a case's names or its folder; ``due`` and ``due_<exercise>`` (a day or a moment); ``extension`` and
    ``extension_<exercise>`` (days more, or a later moment); ``team`` and ``region``. Common headings in English and Chinese serve as well.
    A day ends at its midnight; moments without an offset are on the course's clock.

    Args:
        exercises: ids that a column may name; not looked at if empty.

    Raises:
        PlaybookError: it names nobody, or names the rows and what is wrong in them, all at once.
    """
    rows = _read_rows(path, exercises=sorted(exercises))
    if not rows:
        raise PlaybookError(
            _("the roster names nobody: below its headings there are no rows"),
            where=str(path),
            remedy=_("export it again, or leave it out if everybody may hand in"),
        )
    wrong = Together()
    trainees = tuple(row.enrolled(wrong) for row in rows)
    wrong.stop()
    return Roster(trainees)


def rostered_case(trainee: object, path: Path) -> Case | None:
    """The case of the city that a roster gives one trainee; other rows' cities and dates are not looked at.

    Args:
        path: a roster, or what a release carries of one.

    Raises:
        PlaybookError: the roster can't be read, there is no such city, or it is not clear who is meant.
    """
    if path.name == CARRIED:
        return _carried_case(trainee, path)
    rows = _read_rows(path, needed=("city",))
    roster = Roster(tuple(Enrolled(row.id, row.name) for row in rows))
    found, near = roster.named(trainee), roster.nearly(trainee)
    _ask(trainee, len(found), [one.id for one in near])
    return next((row.case() for row in rows if found and row.id == found[0].id), None)


def _ask(trainee: object, found: int, near: Sequence[str]) -> None:
    """Stop where a text does not say who is meant."""
    if found > 1:
        raise PlaybookError(
            _("the roster has {count} people called {name}").format(count=found, name=repr(str(trainee))),
            remedy=_("type your staff number instead of your name"),
        )
    if not found and near:
        raise PlaybookError(
            _("the roster has no number {typed}, but {near}").format(typed=trainee, near=", ".join(near)),
            remedy=_("type your staff number as the roster has it"),
        )


def roster_digest(roster: Roster) -> str:
    """Changes whenever what a release carries of a roster does."""
    people = sorted((one.id, one.name, one.city) for one in roster.trainees)
    return blake2b(repr(people).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def carried(roster: Roster, names: Mapping[str, str] | None = None) -> str:
    """What a release carries of a roster: who knows a name or number finds its city; nobody reads a name in it.

    Somebody who guesses a name can try it, as on the page where trainees type theirs.

    Args:
        names: what the release calls the cases that do not ship, by their folders.
    """
    salt = roster_digest(roster)
    ways = [{_digest(salt, key): places for key, places in way.items()} for way in _ways_to(roster.trainees)]
    numbers = [without_zeros(one.id) for one in roster.trainees]
    near = {_digest(salt, number): number for number in numbers if number}
    cities = [(names or {}).get(one.city, one.city) for one in roster.trainees]
    data = {"salt": salt, "ways": ways, "near": sorted(near), "cities": cities}
    return json.dumps(data, separators=(",", ":"))


def _digest(salt: str, key: str) -> str:
    found = key.encode("utf-8", "surrogatepass")
    for _round in range(_ROUNDS):
        found = blake2b(found, digest_size=16, key=salt.encode()).digest()
    return found.hex()


def _carried_case(trainee: object, path: Path) -> Case | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        salt, cities = data["salt"], data["cities"]
        found = _look_up(data["ways"], trainee, lambda key: _digest(salt, key))
        number = without_zeros(trainee)
        near = not found and number and _digest(salt, number) in data["near"]
        city = cities[found[0]] if found else ""
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise PlaybookError(
            _("the roster that came with the exercises can't be read"),
            where=str(path),
            remedy=_("download the exercises again"),
        ) from None
    _ask(trainee, len(found), [_("one with other zeros before it")] if near else [])
    return find_case(city) if city else None


@dataclass(frozen=True)
class _Row:
    """One line of a roster: who it is about, where it stands, and its cells by heading."""

    id: str
    name: str
    where: str
    home: Path
    cells: Mapping[str, str]

    def case(self) -> Case | None:
        """The case of its city, or None where it names none; a folder may be named from the roster's own."""
        city = self.cells.get("city")
        if not city:
            return None
        try:
            return find_case(city)
        except PlaybookError as error:
            try:
                return find_case(self.home / city)
            except PlaybookError:
                raise PlaybookError(error.what, where=self.where, remedy=error.remedy) from None

    def enrolled(self, wrong: Together) -> Enrolled:
        """All that it says; what is wrong in it is gathered."""
        city = ""
        with wrong.each():
            case = self.case()
            city = _name_of(case) if case else ""
        due = self.due(wrong)
        return Enrolled(
            self.id, self.name, city, due, self.cells.get("team", ""), self.cells.get("region", "")
        )

    def due(self, wrong: Together) -> dict[str, float]:
        """The last moment by (the beginning of) an exercise, extensions included."""
        starts = [word.partition("_")[2] for word in self.cells if _TIMES.fullmatch(word)]
        due = {}
        for start in dict.fromkeys(starts):
            end = f"_{start}" if start else ""
            day = self.cells.get(f"due{end}") or self.cells.get("due")
            extension = self.cells.get(f"extension{end}") or self.cells.get("extension") or ""
            if day:
                with wrong.each():
                    due[start] = self._last(day, extension, end)
        return due

    def _last(self, day: str, extension: str, end: str) -> float:
        where = f"{self.where} column due{end}"
        last = _deadline(day, where)
        if not extension:
            return last
        if re.fullmatch(r"\d{1,4}", extension):
            return _deadline(day, where, int(extension))
        return max(last, _deadline(extension, f"{self.where} column extension{end}"))


def _name_of(case: Case) -> str:
    """What finds a case again: its name where it ships, else its folder."""
    shipped = data_root() / "cases" / case.name
    return case.name if case.folder == shipped.resolve() else str(case.folder)


def _deadline(text: str, where: str, days: int = 0) -> float:
    try:
        return deadline(read_moment(text), days)
    except (ValueError, OverflowError, OSError):
        raise PlaybookError(
            _("{text} is no date").format(text=repr(text)),
            where=where,
            remedy=_("write it as in one of these: {examples}").format(examples=DATE_FORM),
        ) from None


def usual_heading(text: str) -> str:
    """The usual heading for one that serves for it; times may name an exercise behind it."""
    if text in _USUAL:
        return _USUAL[text]
    for also in sorted(HEADINGS["due"] + HEADINGS["extension"] + ("due", "extension"), key=len, reverse=True):
        if text.startswith(also) and (start := text[len(also) :].strip(" -").replace(" ", "_")):
            return f"{_USUAL[also]}_{start}"
    return ""


def _read_rows(path: Path, needed: Sequence[str] = (), exercises: Sequence[str] = ()) -> list[_Row]:
    """The lines of a roster, each about somebody else.

    Args:
        needed: columns that must be there, beside one that says who.
        exercises: what a column may name; not looked at if empty.
    """
    sheet = read_sheet(
        path,
        usual_heading,
        ("id", "name"),
        what=_("roster"),
        ask=_("check the path in --roster or PLAYBOOK_ROSTER"),
    )
    used = {*HEADINGS, *(word for word in sheet.headings if _TIMES.fullmatch(word))}
    sheet.only_once(used, what=_("roster"), path=path)
    for word in needed:
        if word not in sheet.headings:
            raise PlaybookError(
                _("the roster has no column `{column}`").format(column=word),
                where=str(path),
                remedy=_("its headings must be: id,name,city"),
            )
    _check_headings(sheet.headings, exercises, str(path))
    rows: list[_Row] = []
    seen: dict[str, str] = {}
    numbers: dict[str, str] = {}
    wrong = Together()
    for number, cells in sheet.lines:
        name = cells.get("name", "")
        if any(_SUM.fullmatch(text) for text in (cells.get("id", ""), name)):
            continue
        row = _Row(
            str(bare_id(cells.get("id", ""))) or name, name, f"{path} row {number}", path.parent, cells
        )
        with wrong.each():
            _check_id(row, seen, numbers)
            seen[normalise(row.id)] = row.id
            numbers |= {bare: row.id} if (bare := without_zeros(row.id)) else {}
            rows.append(row)
    wrong.stop()
    return rows


def _check_id(row: _Row, seen: Mapping[str, str], numbers: Mapping[str, str]) -> None:
    """Refuse a row that does not say, or says in two ways, who it is about; `seen` and `numbers` hold those before."""
    if not row.id:
        raise PlaybookError(_("no id"), where=row.where, remedy=_("give every trainee an id"))
    if shortened(row.id):
        raise PlaybookError(
            _("the id {id} was shortened by a spreadsheet: its last digits are lost").format(id=repr(row.id)),
            where=row.where,
            remedy=_("export the roster again, and make the column of ids text before you save it"),
        )
    if normalise(row.id) in seen:
        raise PlaybookError(
            _("the id {id} stands twice").format(id=repr(row.id)),
            where=row.where,
            remedy=_("keep one of the rows, or give each of two people an id of their own"),
        )
    bare = without_zeros(row.id)
    if bare and bare in numbers:
        raise PlaybookError(
            _("the ids {id} and {other} differ only in the zeros before them").format(
                id=row.id, other=numbers[bare]
            ),
            where=row.where,
            remedy=_("keep one of the rows, or give one of the two another id"),
        )


def _check_headings(headings: Iterable[str], exercises: Sequence[str], where: str) -> None:
    for word in headings:
        time_of = _TIMES.fullmatch(word)
        start = time_of[1] if time_of else ""
        if start and exercises and not any(one.startswith(start) for one in exercises):
            raise PlaybookError(
                _("the column {column} names no exercise").format(column=repr(word)),
                where=where,
                remedy=_("there are: {exercises}").format(exercises=", ".join(exercises)),
            )
