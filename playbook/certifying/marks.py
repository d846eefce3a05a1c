"""The assessors' marks of a defence: five points each from three people, in a table that is filled in by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playbook.cases.roster import Roster
from playbook.cases.sheet import heading, read_sheet
from playbook.certifying.tables import each, matches, once, read_checked
from playbook.desk.rubric import RUBRIC
from playbook.names import normalise
from playbook.words import _

#: People who mark a defence, and points of five that each must give at the least.
ASSESSORS, LEAST = 3, 3
COLUMNS = ("person", "name", "assessor", *RUBRIC, "remark")
_ALSO = {
    "person": ("trainee", "id"),
    "assessor": ("rater", "评委"),
    "counter_evidence": ("counter-evidence",),
}


@dataclass(frozen=True)
class Mark:
    """What one assessor gave: which of the five points."""

    assessor: str
    points: tuple[str, ...]

    @property
    def sum(self) -> int:
        """Points of five."""
        return len(self.points)


def read_marks(path: Path, roster: Roster) -> dict[str, tuple[Mark, ...]]:
    """Marks by what a person's results are filed under; lines that nobody has filled in are passed over.

    Raises:
        PlaybookError: names every cell and line that can't be used, once, with its remedy.
    """
    import pandera.pandas as pa

    point = pa.Column(str, matches(r"[01]", _("write 1 for a point and 0 for none")))
    schema = pa.DataFrameSchema(
        {
            "person": pa.Column(str, matches(r".*\S.*", _("say whose defence it was"))),
            "name": pa.Column(str),
            "assessor": pa.Column(str, matches(r".*\S.*", _("say who marked"))),
            **dict.fromkeys(RUBRIC, point),
            "remark": pa.Column(str),
        },
        checks=[
            once(
                {"person": roster.id_of, "assessor": normalise},
                _("this assessor has marked this defence already: keep one line"),
            ),
            each(
                lambda row: not _is_anothers(roster, row["person"], row["name"]),
                _("the name is another trainee's than the person: write both as the sheet has them"),
            ),
        ],
    )
    frame = read_checked(
        path,
        schema,
        _ALSO,
        what=_("table of marks"),
        ask=_("write the sheets first, with --sheets, and fill in the table beside them"),
        optional=("name", "remark"),
        keep=lambda row: any(row[name].strip() for name in ("assessor", *RUBRIC)),
    )
    found: dict[str, list[Mark]] = {}
    for row in frame.to_dict("records"):
        points = tuple(name for name in RUBRIC if row[name] == "1")
        found.setdefault(roster.id_of(row["person"]), []).append(Mark(row["assessor"], points))
    return {person: tuple(marks) for person, marks in found.items()}


def people_in(path: Path, roster: Roster) -> set[str]:
    """Whose marks a table has lines for, filled in or not, by what their results are filed under.

    Raises:
        PlaybookError: it can't be read.
    """
    usual = {word: column for column in ("person", *_ALSO) for word in (column, *_ALSO.get(column, ()))}
    sheet = read_sheet(
        path,
        lambda text: usual.get(heading(text), ""),
        ("person",),
        what=_("table of marks"),
        ask=_("check its path"),
    )
    return {roster.id_of(cells["person"]) for _row, cells in sheet.lines if cells.get("person")}


def _is_anothers(roster: Roster, person: str, name: str) -> bool:
    """Whether a name is that of other people than the person beside it: a column was sorted without the rest."""
    own, meant = roster.id_of(person), {one.filed for one in roster.named(name)}
    return roster.find(person) is not None and bool(meant) and own not in meant


def blank_rows(people: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Lines to fill in: three for each person, by id and name."""
    for person, name in people:
        for _number in range(ASSESSORS):
            yield dict.fromkeys(COLUMNS, "") | {"person": person, "name": name}
