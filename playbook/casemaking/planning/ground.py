"""What a maker of a chapter's tables draws on, and how answers are dealt over the cities."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

import pandas as pd

from playbook.casemaking.dealt import BOOKS_CASE, SHIPPED
from playbook.casemaking.seeds import Seed, stream

T = TypeVar("T")


@dataclass(frozen=True)
class Ground:
    """What a maker draws on.

    Attributes:
        seed: of the case.
        adcode: of the city.
        unseen: an unseen case, whose answers are other ones than those of the city's shipped case.
        public: the public figures, by table.
        tables: the case's own tables so far: accounts, opportunities, references, densities.
    """

    seed: Seed
    adcode: str
    unseen: bool
    public: dict[str, pd.DataFrame]
    tables: dict[str, pd.DataFrame]

    @property
    def city(self) -> pd.Series:
        """The city's row of `cities`."""
        return self.public["cities"].set_index("adcode").loc[self.adcode]

    @property
    def accounts(self) -> pd.DataFrame:
        """The list as the case ships it."""
        return self.tables["accounts"]

    @property
    def districts(self) -> pd.DataFrame:
        """The city's own rows of `districts`."""
        districts = self.public["districts"]
        return districts[districts["adcode"] == self.adcode].reset_index(drop=True)

    @property
    def contract_cny(self) -> int:
        """The mean value of a signed contract, CNY a year, to whole hundreds."""
        deals = self.tables["opportunities"]
        return 100 * round(deals.loc[deals["status"] == "won", "amount_cny"].mean() / 100)

    def deal(self, what: str, options: Sequence[T]) -> T:
        """The option that is this case's answer to ``what``.

        Over the twelve trainees' cities the options come equally often; an unseen case gets another one than
        the shipped case of its city.
        """
        cities = sorted((code for code in SHIPPED if code != BOOKS_CASE), key=lambda code: _mixed(what, code))
        place = cities.index(self.adcode) if self.adcode in cities else 0
        shipped = place % len(options)
        if not self.unseen:
            return options[shipped]
        others = [option for number, option in enumerate(options) if number != shipped]
        return others[int(stream(self.seed, f"dealt: {what}").integers(len(others)))]


def _mixed(what: str, code: str) -> bytes:
    return blake2b(f"{what} {code}".encode(), digest_size=8).digest()
