"""Chapter 2's question as a case states it: what three lists tell, and what year one rests on."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from playbook.market.capacity import MarketSize, chapman, clean_phones, market_size
from playbook.market.firms import one_row_per_firm

LISTS = ("ours", "exhibition", "chamber")
#: What year one rests on and nobody can look up, as in the table `assumptions`.
ASSUMED = ("reach", "hoped_share", "ready_sellers", "contracts_year", "value_cny")


@dataclass(frozen=True)
class Capacity:
    """What a case says on its market.

    Attributes:
        pairs: by pair of lists (``ours-exhibition``): ``first``, ``second``, ``both`` (firms), ``all`` (the estimate),
            ``low``, ``high`` (its range).
        dependent: the pair of the lowest estimate, whose lists know each other.
        unique: firms on the company's list in the test district.
        there: firms in the test district, as the other two pairs tell it.
        listed: firms on the company's list in the city.
        need: share of them in need.
        value_cny: mean of the contracts signed, CNY a year.
        assumed: by name: ``meaning``, ``unit``, ``usual``, ``low``, ``high``.
    """

    pairs: pd.DataFrame
    dependent: str
    unique: int
    there: float
    listed: int
    need: float
    value_cny: float
    assumed: pd.DataFrame

    @property
    def completeness(self) -> float:
        """Share of all firms that the company's list holds."""
        return self.unique / self.there

    @property
    def firms(self) -> float:
        """Firms of this kind in the city."""
        return self.listed / self.completeness

    @property
    def range(self) -> tuple[float, float]:
        """The least and the most firms of the city that either of the two sound pairs allows."""
        sound = self.pairs.drop(self.dependent)
        return tuple(self.listed / self.unique * end for end in (sound["low"].min(), sound["high"].max()))

    def size(self, **instead: float) -> MarketSize:
        """TAM, SAM, SOM at the usual values, or with others for ``need`` and any of :data:`ASSUMED`."""
        usual = self.assumed["usual"].to_dict() | {"need": self.need} | instead
        return market_size(
            self.firms,
            need=usual["need"],
            value_cny=usual["value_cny"],
            reach=usual["reach"],
            share=usual["hoped_share"],
            sellers=usual["ready_sellers"],
            contracts=usual["contracts_year"],
        )

    def size_of(self, tam_million: float) -> MarketSize:
        """What year one comes to at the usual values where the whole market is so large, CNY million a year."""
        usual = self.assumed["usual"]
        sam = tam_million * 1e6 * usual["reach"]
        team = usual["ready_sellers"] * usual["contracts_year"] * usual["value_cny"]
        return MarketSize(tam_million * 1e6, sam, sam * usual["hoped_share"], team)

    @property
    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """(low, usual, high) by assumption."""
        return {name: (row.low, row.usual, row.high) for name, row in self.assumed.iterrows()}


def pairs_of_lists(lists: pd.DataFrame) -> pd.DataFrame:
    """What each pair of lists tells on how many firms there are; see :attr:`Capacity.pairs`."""
    phones = clean_phones(lists["phone"])
    firms = {name: set(phones[lists["list"] == name]) for name in LISTS}
    rows = {}
    for one, other in combinations(LISTS, 2):
        both = len(firms[one] & firms[other])
        told = chapman(len(firms[one]), len(firms[other]), both)
        rows[f"{one}-{other}"] = (len(firms[one]), len(firms[other]), both, told.total, told.low, told.high)
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["first", "second", "both", "all", "low", "high"]
    )


def capacity_of(case: Any) -> Capacity:
    """What a case says on its market."""
    pairs = pairs_of_lists(case.lead_lists)
    dependent = str(pairs["all"].idxmin())
    firms = one_row_per_firm(case.accounts)
    deals = case.opportunities
    return Capacity(
        pairs,
        dependent,
        int(pairs.loc["ours-chamber", "first"]),
        float(pairs["all"].drop(dependent).mean()),
        len(firms),
        float(firms["need"].mean()),
        float(deals.loc[deals["status"] == "won", "amount_cny"].mean()),
        case.assumptions.set_index("name").loc[list(ASSUMED)],
    )
