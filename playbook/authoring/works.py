"""Which exercises work on a case of one's own records: by the tables and columns that each declares to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from playbook.authoring.enough import lacking_rows
from playbook.authoring.master import Master
from playbook.authoring.reads import IMPORTED, read_reads
from playbook.authoring.solve import run_master, seal_run
from playbook.authoring.unseen import draw_unseen
from playbook.cases import Case
from playbook.cases.case import find_table
from playbook.cases.imported import is_imported
from playbook.cases.tables import lacking
from playbook.errors import PlaybookError
from playbook.progress import Progress, no_progress


@dataclass(frozen=True)
class Works:
    """How an exercise stands on a case.

    Attributes:
        lacks: tables and columns (``table.column``) that it reads and the case does not have; none if it works.
        unknown: columns of which the case does not know every cell.
        stops: why it can't be asked all the same, in words: fewer rows than it needs; and where it was run, no answer
            to a question, or none that a hidden variant would change.
    """

    exercise: str
    title: str
    lacks: tuple[str, ...]
    unknown: tuple[str, ...]
    stops: str = ""

    @property
    def works(self) -> bool:
        """Whether everything that it reads is there, and enough of it."""
        return not self.lacks and not self.stops

    def words(self) -> str:
        """In a sentence."""
        if self.lacks:
            return f"does not work: there is no {', '.join(self.lacks)}"
        if self.stops:
            return f"does not work: {self.stops}"
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
    kept = [one for table in columns.values() for one in table if one not in (*registered, *dealt)]
    tables = [one for one in lacks if "." not in one and one not in IMPORTED]
    told = [
        (
            registered,
            "a company registry's batch query holds them (--registry), and the mapping says what its words mean",
        ),
        (dealt, "the system's export of deals holds them (--deals)"),
        (
            kept,
            "no registry knows them. If your system holds them, write its headings into the mapping, under columns",
        ),
        (
            tables,
            "tables to fill in by hand: `playbook case form <table>`, then give their folder with --tables",
        ),
    ]
    return [f"{', '.join(names)}: {way}." for names, way in told if names]


def which_work(
    case: Case, masters: Sequence[Master], run: bool = False, progress: Progress = no_progress
) -> list[Works]:
    """Every exercise on a case.

    Args:
        run: run the solution of those that have what they read, and see whether it gives an answer to every question,
            and another one on a hidden variant.
        progress: called with what is being done, how many are done, and of how many.
    """
    found = []
    for done, master in enumerate(masters, 1):
        one = _on(case, master)
        found.append(_run(case, master, one) if run and one.works else one)
        progress("trying exercises", done, len(masters))
    return found


def works_on(case: Case, master: Master) -> Works:
    """One exercise on a case, by what it reads; every case that was made has all of it."""
    if not is_imported(case):
        return Works(master.id, master.title, (), ())
    return _on(case, master)


def _run(case: Case, master: Master, one: Works) -> Works:
    try:
        sealed = seal_run(run_master(master, case))
        if any(question.computed for question in master.questions):
            draw_unseen(master, sealed, case, "does it work")
    except PlaybookError as error:
        return replace(
            one,
            stops=f"the records are too few or too alike for it ({_stopped_at(master, error) or error.what})",
        )
    return one


def _stopped_at(master: Master, error: PlaybookError) -> str:
    """The question that has no answer, in words: an error of Python's tells an instructor nothing."""
    cell = re.search(r" cell (\d+)", error.where)
    if not cell:
        return ""
    for number, block in enumerate(master.blocks, 1):
        if block.cell >= int(cell[1]):
            return f"question {number}, “{block.question.title}”, has no answer on them"
    return ""


def _on(case: Case, master: Master) -> Works:
    lacks, unknown = [], []
    for table, columns in read_reads(master).items():
        if not find_table(case.folder, table).is_file():
            lacks.append(table)
            continue
        absent, gaps = lacking(case.folder, table)
        lacks += [f"{table}.{one}" for one in columns if one in absent]
        unknown += [f"{table}.{one}" for one in columns if one in gaps]
    stops = "" if lacks else lacking_rows(case, master)
    return Works(master.id, master.title, tuple(lacks), tuple(unknown), stops)
