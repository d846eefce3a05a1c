"""The instructor's roster: who is in the cohort, which city is whose, and what is due when."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

from playbook.cases import load_case
from playbook.errors import PlaybookError
from playbook.names import normalise, safe_name

#: The form of a day or a moment in a roster.
DATE_FORM = "2025-03-31, 2025-03-31 18:00, or with an offset 2025-03-31T18:00+08:00"


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

    def find(self, trainee: str) -> Enrolled | None:
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
    """Read ``roster.csv``.

    Columns: ``id``; and, all optional, ``name``, ``city`` (a case's name), ``due`` and ``due_<exercise>`` (a day
    or a moment), ``extension`` and ``extension_<exercise>`` (days more, or a later moment). A day ends at its
    midnight; moments without an offset are in this machine's time zone.

    Args:
        exercises: ids that a column may name; not looked at if empty.

    Raises:
        PlaybookError: names the row and what is wrong in it.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            headings = [(heading or "").strip().casefold() for heading in reader.fieldnames or ()]
            reader.fieldnames = headings
            rows = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise PlaybookError(
            f"the roster can't be read: {error.strerror}", where=str(path), remedy="check the path"
        ) from None
    except (UnicodeDecodeError, csv.Error):
        raise PlaybookError(
            "the roster is not CSV text in UTF-8",
            where=str(path),
            remedy="save it as CSV UTF-8 in your spreadsheet",
        ) from None
    if "id" not in headings:
        raise PlaybookError(
            "the roster has no column `id`", where=str(path), remedy="its columns are id, name, city, due"
        )
    _check_headings(headings, list(exercises), str(path))
    seen: set[str] = set()
    trainees = []
    for number, row in rows:
        one = _enrolled(row, f"{path} row {number}")
        keys = {normalise(one.id), normalise(safe_name(one.id))}
        if seen & keys:
            raise PlaybookError(
                f"the id {one.id!r} stands twice",
                where=f"{path} row {number}",
                remedy="keep one of the rows",
            )
        seen |= keys
        trainees.append(one)
    return Roster(tuple(trainees))


def _check_headings(headings: list[str], exercises: list[str], where: str) -> None:
    for heading in headings:
        start = re.fullmatch(r"(?:due|extension)_(.+)", heading)
        if start and exercises and not any(one.startswith(start[1]) for one in exercises):
            raise PlaybookError(
                f"the column {heading!r} names no exercise",
                where=where,
                remedy=f"there are: {', '.join(sorted(exercises))}",
            )


def _enrolled(row: Mapping[str, str | None], where: str) -> Enrolled:
    def cell(heading: str) -> str:
        return (row.get(heading) or "").strip()

    id_, city = cell("id"), cell("city").casefold()
    if not id_:
        raise PlaybookError("no id", where=where, remedy="give every trainee an id")
    if city:
        try:
            city = load_case(city).name
        except PlaybookError as error:
            raise PlaybookError(error.what, where=where, remedy=error.remedy) from None
    starts = {
        heading.partition("_")[2] for heading in row if re.match(r"(due|extension)(_|$)", heading or "")
    }
    due = {}
    for start in starts:
        end = f"_{start}" if start else ""
        day = cell(f"due{end}") or cell("due")
        extension = cell(f"extension{end}") or cell("extension")
        if day:
            moment = _moment(day, f"{where} column due{end}")
            due[start] = _extended(moment, extension, f"{where} column extension{end}").timestamp()
    return Enrolled(id_, cell("name"), city, due)


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
        raise PlaybookError(f"{text!r} is no date", where=where, remedy=f"write {DATE_FORM}") from None


def _extended(moment: datetime, extension: str, where: str) -> datetime:
    if not extension:
        return moment
    if re.fullmatch(r"\d{1,4}", extension):
        return moment + timedelta(days=int(extension))
    later = _moment(extension, where)
    return max(moment, later)
