"""Who is in the pool, who came from outside, who sells most: what the roster says beside names and cities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playbook.cases.roster import Roster
from playbook.cases.roster_file import is_total, usual_heading
from playbook.cases.sheet import heading
from playbook.certifying.tables import YES_OR_NO, matches, read_checked, yes_no
from playbook.words import _

_ALSO = {
    "team": ("group", "团队", "组"),
    "nominated": ("in pool", "pool", "入库", "后备"),
    "pool_quarters": ("quarters", "quarters in the pool", "入库季度"),
    "from_outside": ("outside", "external", "空降"),
    "culture": ("culture passed", "文化"),
    "red_line": ("red line", "高压线"),
    "bookings_10k": ("bookings", "业绩"),
}


@dataclass(frozen=True)
class Person:
    """What the company says about somebody; None where it says nothing.

    Attributes:
        team: the seller's team, or empty.
        nominated: in the pool. pool_quarters: for so many quarters.
        from_outside: hired from the market. culture: has passed the scenarios in another way than in the course.
        red_line: has crossed it, as a person decided.
        bookings_10k: of the last year, CNY 10,000.
    """

    id: str
    name: str = ""
    team: str = ""
    nominated: bool | None = None
    pool_quarters: int | None = None
    from_outside: bool | None = None
    culture: bool | None = None
    red_line: bool | None = None
    bookings_10k: float | None = None


@dataclass(frozen=True)
class People:
    """Everybody whom the roster names, by what their results are filed under."""

    by_id: Mapping[str, Person]

    def get(self, filed: str) -> Person:
        """One of them; somebody of whom nothing is known otherwise."""
        return self.by_id.get(filed, Person(filed))

    @property
    def top_seller(self) -> str:
        """Who has sold most; empty where nobody's bookings are known, or two have the same."""
        known = [one for one in self.by_id.values() if one.bookings_10k is not None]
        if not known:
            return ""
        most = max(one.bookings_10k or 0.0 for one in known)
        top = [filed for filed, one in self.by_id.items() if one.bookings_10k == most]
        return top[0] if len(top) == 1 else ""


def people_of(path: Path | None, roster: Roster) -> People:
    """What a roster file says about the pool.

    Args:
        path: the file; without one nothing is known beyond ids and names.
        roster: read from the same file.

    Raises:
        PlaybookError: names every cell that can't be used, with its remedy.
    """
    if path is None:
        return People({one.filed: Person(one.filed, one.name) for one in roster.trainees})
    import pandera.pandas as pa

    flag = pa.Column(str, matches(YES_OR_NO, _("write yes or no, or leave it empty")))
    schema = pa.DataFrameSchema(
        {
            "id": pa.Column(str),
            "name": pa.Column(str),
            "team": pa.Column(str),
            "nominated": flag,
            "pool_quarters": pa.Column(
                str, matches(r"\d{1,3}|", _("write a whole number of quarters, or leave it empty"))
            ),
            "from_outside": flag,
            "culture": flag,
            "red_line": flag,
            "bookings_10k": pa.Column(
                str, matches(r"\d{1,9}(?:\.\d+)?|", _("write a number, or leave it empty"))
            ),
        }
    )
    frame = read_checked(
        path,
        schema,
        {"id": _headings("id"), "name": _headings("name"), **_ALSO},
        what=_("roster"),
        ask=_("check the path in --roster"),
        optional=list(schema.columns),
        keep=lambda row: not is_total(row),
    )
    found = {}
    for row in frame.to_dict("records"):
        one = roster.find(row["id"] or row["name"])
        if one is None:
            continue
        found[one.filed] = Person(
            id=one.filed,
            name=one.name,
            team=row["team"],
            pool_quarters=int(row["pool_quarters"]) if row["pool_quarters"] else None,
            bookings_10k=float(row["bookings_10k"]) if row["bookings_10k"] else None,
            **{name: yes_no(row[name]) for name in ("nominated", "from_outside", "culture", "red_line")},
        )
    return People(found)


def _headings(usual: str) -> tuple[str, ...]:
    """Headings that serve for one of the roster's, as its own reader knows them."""
    from playbook.cases.roster_file import HEADINGS

    return tuple(one for one in HEADINGS.get(usual, ()) if usual_heading(heading(one)) == usual)
