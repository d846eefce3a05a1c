"""The instructor's roster: who is in the cohort, which city is whose, and what is due when.

Notebooks read it to open a trainee's city, the grader for all that it says: one reader, one set of columns.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

from playbook.cases.case import Case, find_case
from playbook.errors import PlaybookError
from playbook.names import normalise, safe_name
from playbook.words import _

#: The form of a day or a moment in a roster.
DATE_FORM = "2025-03-31, 2025-03-31 18:00, 2025-03-31T18:00+08:00"
#: Headings that also serve, where the usual one is not there.
_ALSO = {"trainee": "id", "case": "city"}
#: Headings of times, with (the beginning of) an exercise or for all.
_TIMES = re.compile(r"(?:due|extension)(?:_(.+))?")


@dataclass(frozen=True)
class Enrolled:
    """One trainee on the roster.

    Attributes:
        id: what their hand-ins are filed under.
        name, city: may be empty.
        due: exercise (or the beginning of its id; "" for all) → the last moment, extension included, in
            seconds since 1970 (UTC).
    """

    id: str
    name: str = ""
    city: str = ""
    due: Mapping[str, float] = field(default_factory=dict)

    def due_for(self, exercise: str) -> float | None:
        """When an exercise is due for this trainee, or None; the longest beginning of its id decides."""
        fitting = [start for start in self.due if exercise.startswith(start)]
        return self.due[max(fitting, key=len)] if fitting else None


@dataclass(frozen=True)
class Roster:
    """The cohort, by id and by name; empty means that everyone who hands in is in it."""

    trainees: tuple[Enrolled, ...] = ()
    _by_key: Mapping[str, Enrolled] = field(init=False, compare=False, default_factory=dict)

    def __post_init__(self):
        keys: dict[str, Enrolled | None] = {}
        for one in self.trainees:
            for key in _keys(one.name):
                keys[key] = None if key in keys else one  # a name that two people have finds neither
        for one in self.trainees:
            keys |= dict.fromkeys(_keys(one.id), one)
        object.__setattr__(self, "_by_key", {key: one for key, one in keys.items() if one is not None})

    def find(self, trainee: object) -> Enrolled | None:
        """A trainee by id or name, also as they stand in a file's name."""
        key = normalise(trainee)
        return self._by_key.get(key) if key else None

    def city_of(self, trainee: str) -> str:
        """The city the roster gives a trainee, or nothing."""
        one = self.find(trainee)
        return one.city if one else ""

    def id_of(self, trainee: str) -> str:
        """What a trainee's results are filed under."""
        one = self.find(trainee)
        return safe_name(one.id) if one else trainee


def _keys(text: str) -> set[str]:
    return {normalise(text), normalise(safe_name(text))} if text else set()


def read_roster(path: Path, exercises: Iterable[str] = ()) -> Roster:
    """Read a whole roster, a CSV file in UTF-8.

    Columns: ``id`` (or ``trainee``), ``name``, of which one is needed: who has no id goes by the name. All optional:
    ``city`` (or ``case``), by any of a case's names; ``due`` and ``due_<exercise>`` (a day or a moment);
    ``extension`` and ``extension_<exercise>`` (days more, or a later moment). A day ends at its midnight; moments
    without an offset are in this machine's time zone.

    Args:
        exercises: ids that a column may name; not looked at if empty.

    Raises:
        PlaybookError: names the row and what is wrong in it.
    """
    rows = _read_rows(path, exercises=sorted(exercises))
    return Roster(tuple(row.enrolled() for row in rows))


def rostered_case(trainee: object, path: Path) -> Case | None:
    """The case of the city that a roster gives one trainee; other rows' cities and dates are not looked at.

    Raises:
        PlaybookError: the roster can't be read, or there is no such city.
    """
    rows = {row.id: row for row in _read_rows(path, needed=("city",))}
    found = Roster(tuple(Enrolled(row.id, row.name) for row in rows.values())).find(trainee)
    return rows[found.id].case() if found else None


@dataclass(frozen=True)
class _Row:
    """One line of a roster: who it is about, where it stands, and its cells by heading."""

    id: str
    name: str
    where: str
    cells: Mapping[str, str]

    def case(self) -> Case | None:
        """The case of its city, or None where it names none."""
        city = self.cells.get("city")
        try:
            return find_case(city) if city else None
        except PlaybookError as error:
            raise PlaybookError(error.what, where=self.where, remedy=error.remedy) from None

    def enrolled(self) -> Enrolled:
        """All that it says."""
        case = self.case()
        return Enrolled(self.id, self.name, case.name if case else "", self.due())

    def due(self) -> dict[str, float]:
        """The last moment by (the beginning of) an exercise, extensions included."""
        starts = {heading.partition("_")[2] for heading in self.cells if _TIMES.fullmatch(heading)}
        due = {}
        for start in starts:
            end = f"_{start}" if start else ""
            day = self.cells.get(f"due{end}") or self.cells.get("due")
            extension = self.cells.get(f"extension{end}") or self.cells.get("extension") or ""
            if day:
                moment = _moment(day, f"{self.where} column due{end}")
                due[start] = _extended(moment, extension, f"{self.where} column extension{end}").timestamp()
        return due


def _read_rows(path: Path, needed: Sequence[str] = (), exercises: Sequence[str] = ()) -> list[_Row]:
    """The lines of a roster, each about somebody else.

    Args:
        needed: columns that must be there, beside one that says who.
        exercises: what a column may name; not looked at if empty.
    """
    headings, lines = _read_csv(path)
    for one_of in (("id", "name"), *((heading,) for heading in needed)):
        if not set(one_of) & set(headings):
            raise PlaybookError(
                _("the roster has no column `{column}`").format(column=one_of[0]),
                where=str(path),
                remedy=_("its first line must be: id,name,city"),
            )
    _check_headings(headings, exercises, str(path))
    rows: list[_Row] = []
    seen: set[str] = set()
    for number, cells in lines:
        if not any(cells.values()):
            continue
        name = cells.get("name", "")
        row = _Row(cells.get("id") or name, name, f"{path} row {number}", cells)
        if not row.id:
            raise PlaybookError(_("no id"), where=row.where, remedy=_("give every trainee an id"))
        if seen & _keys(row.id):
            raise PlaybookError(
                _("the id {id} stands twice").format(id=repr(row.id)),
                where=row.where,
                remedy=_("keep one of the rows"),
            )
        seen |= _keys(row.id)
        rows.append(row)
    return rows


def _read_csv(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """A roster's headings, in lower case and by their usual words, and its lines with their numbers."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            there = [(heading or "").strip().casefold() for heading in reader.fieldnames or ()]
            usual = [_ALSO.get(heading, heading) for heading in there]
            headings = [now if new in there else new for now, new in zip(there, usual, strict=True)]
            reader.fieldnames = headings
            lines = [
                (reader.line_num, {key: (text or "").strip() for key, text in row.items() if key})
                for row in reader
            ]
    except OSError as error:
        raise PlaybookError(
            _("the roster can't be read: {reason}").format(reason=error.strerror),
            where=str(path),
            remedy=_("check the path in --roster or PLAYBOOK_ROSTER"),
        ) from None
    except (UnicodeDecodeError, csv.Error):
        raise PlaybookError(
            _("the roster is not CSV text in UTF-8"),
            where=str(path),
            remedy=_("save it as CSV UTF-8 in your spreadsheet"),
        ) from None
    return headings, lines


def _check_headings(headings: Iterable[str], exercises: Sequence[str], where: str) -> None:
    for heading in headings:
        time_of = _TIMES.fullmatch(heading)
        start = time_of[1] if time_of else ""
        if start and exercises and not any(one.startswith(start) for one in exercises):
            raise PlaybookError(
                _("the column {column} names no exercise").format(column=repr(heading)),
                where=where,
                remedy=_("there are: {exercises}").format(exercises=", ".join(exercises)),
            )


def _moment(text: str, where: str) -> datetime:
    day = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", text)
    if day:  # as spreadsheets write it, with or without zeros
        text = f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}{text[day.end() :]}"
    try:
        moment = datetime.fromisoformat(text)
        if len(text) == len("2025-03-31"):
            moment = datetime.combine(moment.date(), time(23, 59, 59))
        return moment.astimezone()
    except (ValueError, OverflowError):
        raise PlaybookError(
            _("{text} is no date").format(text=repr(text)),
            where=where,
            remedy=_("write it as in one of these: {examples}").format(examples=DATE_FORM),
        ) from None


def _extended(moment: datetime, extension: str, where: str) -> datetime:
    if not extension:
        return moment
    if re.fullmatch(r"\d{1,4}", extension):
        return moment + timedelta(days=int(extension))
    later = _moment(extension, where)
    return max(moment, later)
