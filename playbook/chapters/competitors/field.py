"""What panel, figures and summary of chapter 6 read from a case: the field, the rates and the reasons."""

from typing import Any

import pandas as pd

from playbook.market.entry import win_rates
from playbook.market.firms import one_row_per_firm
from playbook.market.rivals import rival_field
from playbook.words import N_

SOURCE = N_("QiHang Cloud (invented company): its list, its deals, its interviews with buyers")
REASONS = {
    "price": N_("the price"),
    "product": N_("the product"),
    "trust": N_("trust"),
    "timing": N_("the timing"),
}


def firms_in_need(case: Any) -> pd.DataFrame:
    """The firms that need the product, each once."""
    firms = one_row_per_firm(case.accounts)
    return firms[firms["need"]]


def field_of(case: Any) -> pd.DataFrame:
    """One row per district: firms in need, sellers of both sides, and how often we win; with `per_hundred`."""
    field = rival_field(firms_in_need(case), case.rivals, case.win_loss, case.city_districts)
    field["per_hundred"] = 100 * field["rivals"] / field["need"].where(field["need"] > 0)
    return field


def overall_rate(interviews: pd.DataFrame) -> float:
    """Won over decided, over all interviews."""
    decided = interviews[interviews["status"] != "open"]
    return float((decided["status"] == "won").mean())


def rival_rates(interviews: pd.DataFrame) -> pd.DataFrame:
    """Win rate and range against each rival, the most met first."""
    rates = win_rates(interviews[interviews["rival"] != "none"], "rival")
    return rates.sort_values("decided", ascending=False, kind="stable", ignore_index=True)


def reasons_named(interviews: pd.DataFrame) -> pd.DataFrame:
    """Of the lost deals in which both speak, the share that names each reason.

    Returns:
        Index: the reason; ``seller`` and ``buyer`` (fractions); in the order of the buyers, the most last.
    """
    both = interviews[interviews["status"] == "lost"].dropna(subset=["reason_seller", "reason_buyer"])
    table = pd.DataFrame(
        {
            side: both[f"reason_{side}"].value_counts(normalize=True).reindex(list(REASONS), fill_value=0.0)
            for side in ("seller", "buyer")
        }
    )
    return table.sort_values("buyer", kind="stable")
