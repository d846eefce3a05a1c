"""How large a market is: how much of it a list holds, what it is worth, and what a team can take of it.

Capture-recapture is the field's standard way to count what no list holds whole; the chain from firms to money is
the field's *total addressable market*. The cap by what the sellers can sign is the course's own rule: without it
the number of year one is a wish.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite

import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.words import _

#: Ranges hold in 95 of 100 tables: this many standard errors to either side.
_Z = 1.959963984540054


@dataclass(frozen=True)
class ListEstimate:
    """How many firms there are, told from two lists.

    Attributes:
        total: firms, those on neither list included.
        error: standard error, firms.
        low, high: the range in which the number lies in 95 of 100 such pairs of lists, never below the firms
            that are on either list.
        seen: firms on at least one of the two.
    """

    total: float
    error: float
    low: float
    high: float
    seen: int

    def completeness(self, firms: float) -> float:
        """Share of all firms that a list of so many holds."""
        return firms / self.total


@kept_by_content
def clean_phones(phones: pd.Series) -> pd.Series:
    """Telephone numbers as digits only, without the code of the country: one firm, one number.

    Args:
        phones: as typed: blanks, dashes, brackets, full-width digits, ``+86`` or ``0086`` in front.

    Returns:
        Text of digits with the index of ``phones``; missing where there is no digit.

    Source: the course's own rule.
    """
    texts = phones.astype("string").str.normalize("NFKC")
    digits = texts.str.replace(r"\D", "", regex=True)
    digits = digits.str.replace(r"^(?:00)?86(?=1\d{10}$|0\d{9,11}$)", "", regex=True)
    return digits.mask(digits == "").astype("str").where(digits.notna() & (digits != ""))


def chapman(first: int, second: int, both: int) -> ListEstimate:
    """How many firms there are, from two lists that know nothing of each other.

    .. math:: \\hat N = \\frac{(n_1+1)(n_2+1)}{m+1} - 1, \\quad
        \\mathrm{var} = \\frac{(n_1+1)(n_2+1)(n_1-m)(n_2-m)}{(m+1)^2(m+2)}

    The idea in words: of the firms on the second list, the share that the first one has, too, is the share that
    it has of all. Lists that feed each other overlap too much and make the market look too small.

    Args:
        first: firms on the first list, each once, ``n1``.
        second: firms on the second list, ``n2``.
        both: firms on both, ``m``; 0 is allowed.

    Raises:
        PlaybookError: a negative count, or more firms on both than on one of them.

    Source: Chapman (1951), University of California Publications in Statistics 1; variance: Seber (1970),
    Biometrika 26.
    """
    _check_overlap(first, second, both)
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both)
    error = (variance / ((both + 1) ** 2 * (both + 2))) ** 0.5
    seen = first + second - both
    return ListEstimate(total, error, max(seen, total - _Z * error), total + _Z * error, seen)


def lincoln_petersen(first: int, second: int, both: int) -> float:
    """The older form of :func:`chapman`: ``n1 n2 / m``; infinite where no firm is on both lists.

    Raises:
        PlaybookError: as :func:`chapman`.

    Source: Petersen (1896); Lincoln (1930), USDA Circular 118.
    """
    _check_overlap(first, second, both)
    return first * second / both if both else inf


def _check_overlap(first: int, second: int, both: int) -> None:
    if min(first, second, both) < 0 or both > min(first, second):
        raise PlaybookError(
            _("{both} firms on both lists of {first} and {second} cannot be").format(
                both=both, first=first, second=second
            ),
            remedy=_("Count each firm once in each list, and those on both once."),
        )


def firms_from_workers(workers_thousand: pd.Series, people_per_firm: pd.Series | float) -> pd.Series:
    """Firms from people: workers over people in a firm.

    Args:
        workers_thousand: by section, in thousands of people.
        people_per_firm: by section, or one number for all, persons.

    Returns:
        Firms, not rounded, with the index of ``workers_thousand``.

    Raises:
        PlaybookError: a firm without people, or a section whose size is not known.

    Source: the chain ratio of marketing, as in Kotler and Keller, Marketing Management.
    """
    people = people_per_firm
    if isinstance(people_per_firm, pd.Series):
        people = people_per_firm.reindex(workers_thousand.index)
        unknown = [str(one) for one in people.index[people.isna()]]
        if unknown:
            raise PlaybookError(
                _("there is no size of a firm for {sections}").format(sections=", ".join(unknown)),
                remedy=_("Give people per firm for every section that has workers."),
            )
    smallest = people.min() if isinstance(people, pd.Series) else people
    if not smallest > 0:
        raise PlaybookError(
            _("a firm of {people} people cannot be").format(people=smallest),
            remedy=_("People per firm are at least 1."),
        )
    return workers_thousand * 1000 / people


@dataclass(frozen=True)
class MarketSize:
    """The prize, the part within reach, and what year one can bring; all in CNY a year.

    Attributes:
        tam: total addressable market: every firm in need pays the usual contract value.
        sam: the part in the sections and districts that you serve.
        wanted: the share of it that you hope for.
        capacity: what the ready sellers can sign.
        som: what you may promise: the smaller of the two.
    """

    tam: float
    sam: float
    wanted: float
    capacity: float

    @property
    def som(self) -> float:
        return min(self.wanted, self.capacity)

    @property
    def capped_by(self) -> str:
        """``team`` where the sellers cannot take what is wanted, else ``market``."""
        return "team" if self.capacity < self.wanted else "market"


def market_size(
    firms: float,
    *,
    need: float,
    value_cny: float,
    reach: float,
    share: float,
    sellers: float,
    contracts: float,
) -> MarketSize:
    """From firms to the number that you may promise for year one.

    .. math:: TAM = N \\, p \\, v, \\quad SAM = TAM \\, r, \\quad SOM = \\min(SAM \\, s, \\; q \\, c \\, v)

    Args:
        firms: all firms of the city, those on no list included, ``N``.
        need: share of firms in need, 0 to 1, ``p``.
        value_cny: contract value, CNY a year, ``v``.
        reach: share of the market in the sections and districts that you serve, 0 to 1, ``r``.
        share: share of that which you hope to sign in the year, 0 to 1, ``s``.
        sellers: sellers who are ready, counted as experienced ones, ``q``.
        contracts: contracts that an experienced seller signs in a year, ``c``.

    Raises:
        PlaybookError: a share outside 0 to 1, or a negative number.

    Source: TAM and SAM: Blank and Dorf (2012), The Startup Owner's Manual; the cap by the team: the course's own.
    """
    for name, value in (("need", need), ("reach", reach), ("share", share)):
        if not 0 <= value <= 1:
            raise PlaybookError(
                _("{name} is {value:g}: a share goes from 0 to 1").format(name=name, value=value),
                remedy=_("12 in 100 is 0.12."),
            )
    for name, value in (
        ("firms", firms),
        ("value_cny", value_cny),
        ("sellers", sellers),
        ("contracts", contracts),
    ):
        if not (isfinite(value) and value >= 0):
            raise PlaybookError(
                _("{name} is {value:g}: it cannot be negative or endless").format(name=name, value=value),
                remedy=_("Give a number from 0 up."),
            )
    tam = firms * need * value_cny
    sam = tam * reach
    return MarketSize(tam, sam, sam * share, sellers * contracts * value_cny)


def tornado(model: Callable[..., float], ranges: Mapping[str, tuple[float, float, float]]) -> pd.DataFrame:
    """How far a result moves when one assumption goes over its own range and the others stay.

    Args:
        model: called with every assumption by name; gives one number.
        ranges: (low, usual, high) by assumption.

    Returns:
        One row per assumption, the one that moves the result most first (of equals, the first named):
        ``assumption``, ``at_low``, ``at_high``, ``swing`` (the distance between the two).

    Raises:
        PlaybookError: a usual value outside its own range.

    Source: one-way sensitivity as in Howard (1988), Management Science 34(6).
    """
    for name, (low, usual, high) in ranges.items():
        if not low <= usual <= high:
            raise PlaybookError(
                _("{name}: {usual:g} lies outside {low:g} to {high:g}").format(
                    name=name, usual=usual, low=low, high=high
                ),
                remedy=_("Give the low, the usual and the high value, in this order."),
            )
    usual = {name: three[1] for name, three in ranges.items()}
    rows = []
    for name, (low, _usual, high) in ranges.items():
        ends = [float(model(**{**usual, name: end})) for end in (low, high)]
        rows.append((name, *ends, abs(ends[1] - ends[0])))
    table = pd.DataFrame(rows, columns=["assumption", "at_low", "at_high", "swing"])
    order = table["swing"].round(9).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)
