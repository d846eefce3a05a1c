"""Which exercises work on a case of one's own records: by the tables and columns that each declares to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from playbook.authoring.master import Master
from playbook.authoring.reads import read_reads
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
