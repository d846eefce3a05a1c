"""What an imported case holds, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from playbook.cases import SCHEMA
from playbook.cases.schema import Column


@dataclass(frozen=True)
class Covered:
    """One column: the share of its cells of which something is known; 0 where the column is absent.

    Cells that are empty for a reason, such as the day of closing of an open deal, are not counted.
    """

    table: str
    column: str
    share: float


def should_be_known(frame: pd.DataFrame, column: Column) -> pd.Series:
    """Rows of which a cell is not empty for a reason: of an open deal nobody can know the day of closing."""
    if not column.missing:
        return pd.Series(True, index=frame.index)
    if column.name in ("closed", "cycle_days"):
        return frame["status"] != "open"
    if column.name == "loss_reason":
        return frame["status"] == "lost"
    return pd.Series(column.name == "employees", index=frame.index)


def coverage(tables: dict[str, pd.DataFrame]) -> list[Covered]:
    """Every column of some tables, in the schema's order."""
    found = []
    for name, frame in tables.items():
        for column in SCHEMA[name].columns:
            share = 0.0
            if column.name in frame and len(frame):
                asked = should_be_known(frame, column)
                share = float(frame.loc[asked, column.name].notna().mean()) if asked.any() else 1.0
            found.append(Covered(name, column.name, share))
    return found


#: Columns that hold money: what stands before the middle one in a sentence, and CNY in one of its units.
_MONEY = {
    ("opportunities", "amount_cny"): ("a deal is of", 1),
    ("accounts", "revenue_10k"): ("a firm turns over", 10_000),
}


def middle_sums(tables: Mapping[str, pd.DataFrame]) -> str:
    """The middle deal and the middle revenue in words, by which a wrong unit is seen; empty where neither is known."""
    told = []
    for (table, column), (says, unit) in _MONEY.items():
        if column in (frame := tables.get(table, pd.DataFrame())) and frame[column].notna().any():
            told.append(f"{says} CNY {frame[column].median() * unit:,.0f}")
    return f"in the middle, {' and '.join(told)}" if told else ""
