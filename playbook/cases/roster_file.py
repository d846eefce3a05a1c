"""The instructor's roster as a file: a table of people, in the columns and headings that companies use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playbook.cases.case import Case, find_case
from playbook.cases.roster import Enrolled, Roster, bare_id, without_zeros
from playbook.cases.sheet import read_sheet, shortened
from playbook.clock import DATE_FORM, deadline, read_moment
from playbook.errors import PlaybookError, Together
from playbook.names import normalise
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
_TOTAL = re.compile(
    r"(?:合\s*计|总\s*计|共\s*计|小\s*计|总\s*数|(?:grand |sub)?total)\s*[:：]?\s*(?:\d+\s*[人名]?)?",
    re.IGNORECASE,
)


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
    rows = read_rows(path, exercises=sorted(exercises))
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


@dataclass(frozen=True)
class RosterRow:
    """One line of a roster.

    Attributes:
        id, name: who it is about; who has no id goes by the name.
        where: file and row, for what is wrong in it; home: the file's folder.
        cells: its texts by the usual headings.
    """

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


def read_rows(path: Path, needed: Sequence[str] = (), exercises: Sequence[str] = ()) -> list[RosterRow]:
    """The lines of a roster, each about somebody else.

    Args:
        needed: columns that must be there, beside one that says who.
        exercises: what a column may name; not looked at if empty.

    Raises:
        PlaybookError: the file or its headings can't be used, or rows do not say who they are about: all at once.
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
    rows: list[RosterRow] = []
    seen: dict[str, str] = {}
    numbers: dict[str, str] = {}
    wrong = Together()
    for number, cells in sheet.lines:
        name = cells.get("name", "")
        if is_total(cells):
            continue
        row = RosterRow(
            str(bare_id(cells.get("id", ""))) or name, name, f"{path} row {number}", path.parent, cells
        )
        with wrong.each():
            _check_id(row, seen, numbers)
            seen[normalise(row.id)] = row.id
            numbers |= {bare: row.id} if (bare := without_zeros(row.id)) else {}
            rows.append(row)
    wrong.stop()
    return rows


def is_total(cells: Mapping[str, str]) -> bool:
    """Whether a row counts the others, and is about nobody."""
    return any(_TOTAL.fullmatch(cells.get(column, "").strip()) for column in ("id", "name"))


def _check_id(row: RosterRow, seen: Mapping[str, str], numbers: Mapping[str, str]) -> None:
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
