"""The instructor's roster: who is in the cohort, and which city is whose."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playbook.cases import load_case
from playbook.cases.draw import normalise
from playbook.errors import PlaybookError


@dataclass(frozen=True)
class Enrolled:
    """One trainee on the roster. `id` is what their hand-ins are filed under."""

    id: str
    name: str = ""
    city: str = ""


@dataclass(frozen=True)
class Roster:
    """The cohort, by id and by name; empty means that everyone who hands in is in it."""

    trainees: tuple[Enrolled, ...] = ()
    _by_key: Mapping[str, Enrolled] = field(init=False, compare=False, default_factory=dict)

    def __post_init__(self):
        keys: dict[str, Enrolled] = {}
        for one in self.trainees:
            for key in (one.name, one.id):
                if key:
                    keys[normalise(key)] = one
        object.__setattr__(self, "_by_key", keys)

    def find(self, trainee: str) -> Enrolled | None:
        """A trainee by id or name."""
        return self._by_key.get(normalise(trainee))

    def city_of(self, trainee: str) -> str:
        """The city the roster gives a trainee, or nothing."""
        one = self.find(trainee)
        return one.city if one else ""


def read_roster(path: Path) -> Roster:
    """Read ``roster.csv``: columns id, name, city (a case's name; may be empty).

    Raises:
        PlaybookError: a column is missing, an id stands twice, or a city is none; names the row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise PlaybookError(
            f"the roster can't be read: {error.strerror}", where=str(path), remedy="check the path"
        ) from None
    except UnicodeDecodeError:
        raise PlaybookError(
            "the roster is not UTF-8 text", where=str(path), remedy="save it as CSV UTF-8 in your spreadsheet"
        ) from None
    if not rows or "id" not in rows[0]:
        raise PlaybookError(
            "the roster has no column `id`", where=str(path), remedy="its columns are id, name, city"
        )
    seen: set[str] = set()
    trainees = []
    for number, row in enumerate(rows, 2):
        where = f"{path} row {number}"
        id_ = (row.get("id") or "").strip()
        if not id_:
            raise PlaybookError("no id", where=where, remedy="give every trainee an id")
        if normalise(id_) in seen:
            raise PlaybookError(f"the id {id_!r} stands twice", where=where, remedy="keep one of the rows")
        seen.add(normalise(id_))
        city = (row.get("city") or "").strip().casefold()
        if city:
            try:
                city = load_case(city).name
            except PlaybookError as error:
                raise PlaybookError(error.what, where=where, remedy=error.remedy) from None
        trainees.append(Enrolled(id_, (row.get("name") or "").strip(), city))
    return Roster(tuple(trainees))
