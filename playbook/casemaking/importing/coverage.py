"""What an imported case holds, column by column."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from playbook.cases import SCHEMA


@dataclass(frozen=True)
class Covered:
    """One column: the share of its cells of which something is known; 0 where the column is absent.

    Cells that are empty for a reason, such as the day of closing of an open deal, count as known.
    """

    table: str
    column: str
    share: float


def coverage(tables: dict[str, pd.DataFrame]) -> list[Covered]:
    """Every column of some tables, in the schema's order."""
    found = []
    for name, frame in tables.items():
        for column in SCHEMA[name].columns:
            if column.name not in frame:
                share = 0.0
            elif column.missing and column.name in ("closed", "cycle_days", "loss_reason"):
                share = 1.0
            else:
                share = float(frame[column.name].notna().mean()) if len(frame) else 0.0
            found.append(Covered(name, column.name, share))
    return found
