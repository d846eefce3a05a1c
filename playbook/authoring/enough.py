"""Whether own records hold enough for an exercise: rows that it needs, counted by section of industry.

``exercises/<slug>/needs.yaml`` lists what the columns alone do not tell, as

    - {count: decided deals, sections: 3, least: 50, workers: 0.01}

: three sections that hold 1 % of the city's workers or more must have 50 decided deals each. Only own records are
asked: a case that was made has enough of everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import yaml

from playbook.authoring.master import Master
from playbook.cases import Case
from playbook.errors import PlaybookError

FILE = "needs.yaml"


@dataclass(frozen=True)
class Need:
    """Rows that an exercise needs.

    Attributes:
        count: what is counted, by its name in :data:`COUNTS`.
        sections: how many sections of industry must have them.
        least: how many each of these must have.
        workers: share of the city's workers (0 to 1) from which a section is looked at.
    """

    count: str
    sections: int
    least: int
    workers: float = 0.0

    def lacks(self, case: Case) -> str:
        """What the records lack, in a sentence without a full stop; empty if they hold enough."""
        counted = COUNTS[self.count](case)
        workers = case.workers.set_index("section")["city_workers"]
        large = workers.index[workers >= self.workers * workers.sum()]
        best = counted.reindex(large, fill_value=0).nlargest(self.sections).astype(int).tolist()
        if len(best) == self.sections and best[-1] >= self.least:
            return ""
        many = f"{self.sections} sections of industry" if self.sections > 1 else "a section of industry"
        each = " each" if self.sections > 1 else ""
        which = f" of those with {self.workers:.0%} of the city's workers or more" if self.workers else ""
        have = " and ".join(filter(None, (", ".join(map(str, best[:-1])), *map(str, best[-1:])))) or "none"
        return f"it needs {many} with {self.least} {self.count} or more{each}; the most{which} are {have}"


def _decided_deals(case: Case) -> pd.Series:
    """Deals that were won or lost, by section of their account."""
    deals = case.opportunities.merge(case.accounts[["account_id", "section"]], on="account_id")
    return deals.loc[deals["status"] != "open", "section"].value_counts()


#: What can be counted, by its name in words: rows by section of industry.
COUNTS: dict[str, Callable[[Case], pd.Series]] = {"decided deals": _decided_deals}


def read_needs(master: Master) -> tuple[Need, ...]:
    """What an exercise needs beside its columns; nothing where no file says so.

    Raises:
        PlaybookError: the file can't be read, or counts what nobody counts.
    """
    path = master.path.parent / FILE
    if not path.is_file():
        return ()
    try:
        needs = tuple(Need(**one) for one in yaml.safe_load(path.read_text(encoding="utf-8")) or ())
        strange = [one.count for one in needs if one.count not in COUNTS]
    except (OSError, yaml.YAMLError, TypeError, ValueError) as error:
        raise PlaybookError(
            f"what the exercise needs can't be read: {error}",
            where=str(path),
            remedy="write lines as - {count: decided deals, sections: 1, least: 80, workers: 0.03}",
        ) from None
    if strange:
        raise PlaybookError(
            f"nobody counts {strange[0]!r}", where=str(path), remedy=f"name one of {', '.join(COUNTS)}"
        )
    return needs


def lacking_rows(case: Case, master: Master) -> str:
    """All that own records lack of rows for an exercise, in words; empty if they hold enough."""
    return ", and ".join(filter(None, (one.lacks(case) for one in read_needs(master))))
