"""Which exercises work on a case of one's own records: by the tables and columns that each declares to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from playbook.authoring.master import Master
from playbook.authoring.reads import IMPORTED, read_reads
from playbook.cases import Case
from playbook.cases.case import find_table
from playbook.cases.tables import lacking


@dataclass(frozen=True)
class Works:
    """How an exercise stands on a case.

    Attributes:
        lacks: tables and columns (``table.column``) that it reads and the case does not have; none if it works.
        unknown: columns of which the case does not know every cell.
    """

    exercise: str
    title: str
    lacks: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def works(self) -> bool:
        """Whether everything that it reads is there."""
        return not self.lacks

    def words(self) -> str:
        """In a sentence."""
        if self.lacks:
            return f"does not work: there is no {', '.join(self.lacks)}"
        if self.unknown:
            return f"works; cells are empty in {', '.join(self.unknown)}"
        return "works"


#: Columns that a company registry's batch query has, and those that come with the deals.
_REGISTERED = ("district_adcode", "district", "section", "division", "founded", "owner_type")
_DEALT = ("customer",)


def helps(works: Iterable[Works]) -> list[str]:
    """What would make more exercises work: a sentence for each way to get what is not there."""
    lacks = list(dict.fromkeys(one for work in works for one in work.lacks))
    columns = {table: [one for one in lacks if one.startswith(f"{table}.")] for table in IMPORTED}
    registered = [one for one in columns["accounts"] if one.partition(".")[2] in _REGISTERED]
    dealt = [one for one in columns["accounts"] if one.partition(".")[2] in _DEALT]
    dealt += ["opportunities"] if "opportunities" in lacks else []
    kept = [one for one in sum(columns.values(), []) if one not in (*registered, *dealt)]
    tables = [one for one in lacks if "." not in one and one not in IMPORTED]
    told = [
        (registered, "a company registry's batch query has them: give it with --registry"),
        (dealt, "the system's export of deals has them: give it with --deals"),
        (
            kept,
            "no usual export holds them. If yours does, write its headings into the mapping, under columns",
        ),
        (tables, "tables to fill in by hand: `playbook case form`, then --tables"),
    ]
    return [f"{', '.join(names)}: {way}." for names, way in told if names]


def which_work(case: Case, masters: Iterable[Master]) -> list[Works]:
    """Every exercise on a case."""
    return [_on(case, master) for master in masters]


def _on(case: Case, master: Master) -> Works:
    lacks, unknown = [], []
    for table, columns in read_reads(master).items():
        if not find_table(case.folder, table).is_file():
            lacks.append(table)
            continue
        absent, gaps = lacking(case.folder, table)
        lacks += [f"{table}.{one}" for one in columns if one in absent]
        unknown += [f"{table}.{one}" for one in columns if one in gaps]
    return Works(master.id, master.title, tuple(lacks), tuple(unknown))
