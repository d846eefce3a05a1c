"""Which phase a city is in, how long its visits take to become contracts, and whether to go on.

The practice that this course draws on has four phases: sowing, cultivating, growing, harvesting. It says what is
done in each and gives no rule to tell them apart. The rule here is the course's own; it looks at what leads (firms
graded A or B, the rise of the bookings, wins without a single talk), not at a city's age or at its bookings.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.words import _

PHASES = ("sow", "cultivate", "grow", "harvest")
#: From here on a phase has begun: A and B firms, last quarter's bookings over those of the quarter before, share of
#: the wins that came from no single talk.
STOCK_LEAST, RISE_LEAST, BEYOND_LEAST = 100, 1.25, 0.5
VERDICTS = ("stop", "hold", "continue")
#: A stock of A and B firms that grew by this much in a quarter counts as growing.
GROWTH_LEAST = 1.10
#: The longest lag that is tried, months.
LONGEST = 5
#: Months in a quarter.
_QUARTER = 3


def city_signs(months: pd.DataFrame) -> pd.DataFrame:
    """What a city's last two quarters say, one row a city.

    Args:
        months: one row per city and month: ``city_id, month, sellers, ab_stock, bookings_10k, cost_10k`` and the wins
            by where they came from, ``wins_talk, wins_referral, wins_salon, wins_peer``; at least six months a city.

    Returns:
        ``city_id``; ``month``, the city's last; ``full_since``, the first month with as many sellers as the last;
        ``ab_stock`` now and ``ab_before``, three months earlier; ``bookings`` and ``cost`` of the last three months,
        ``bookings_before`` of the three months before them (CNY 10,000); ``wins`` and ``wins_talk`` of the last three.

    Raises:
        PlaybookError: a city with fewer than six months.

    Source: the course's own choice of signs.
    """
    rows = []
    for city, own in months.sort_values("month", kind="stable").groupby("city_id", sort=False):
        if len(own) < 2 * _QUARTER:
            raise PlaybookError(
                _("{city} has {count} months: two quarters are needed").format(city=city, count=len(own)),
                remedy=_("Wait until it has six."),
            )
        last, before = own.tail(_QUARTER), own.iloc[-2 * _QUARTER : -_QUARTER]
        wins = last[["wins_talk", "wins_referral", "wins_salon", "wins_peer"]].sum()
        rows.append(
            {
                "city_id": city,
                "month": int(own["month"].iloc[-1]),
                "full_since": int(own.loc[own["sellers"] >= own["sellers"].iloc[-1], "month"].iloc[0]),
                "ab_stock": int(last["ab_stock"].iloc[-1]),
                "ab_before": int(before["ab_stock"].iloc[-1]),
                "bookings": round(float(last["bookings_10k"].sum()), 6),
                "bookings_before": round(float(before["bookings_10k"].sum()), 6),
                "cost": round(float(last["cost_10k"].sum()), 6),
                "wins": int(wins.sum()),
                "wins_talk": int(wins["wins_talk"]),
            }
        )
    return pd.DataFrame(rows)


def phase_of(stock: float, rise: float, beyond: float) -> str:
    """The phase of a city: the last of the rules that holds, in this order.

    Sow, unless: from 100 A and B firms on, cultivate; from a rise of 1.25 on, grow; from half of the wins without a
    single talk on, harvest.

    Args:
        stock: firms graded A or B now.
        rise: bookings of the last three months over those of the three before.
        beyond: share of the last three months' wins that came from no single talk, a fraction.

    Returns:
        One of :data:`PHASES`.

    Source: the four phases are the practice's, the rule and its numbers the course's own.
    """
    found = PHASES[0]
    if stock >= STOCK_LEAST:
        found = PHASES[1]
    if rise >= RISE_LEAST:
        found = PHASES[2]
    if beyond >= BEYOND_LEAST:
        found = PHASES[3]
    return found


def phases_of(signs: pd.DataFrame) -> pd.DataFrame:
    """The phase of each city.

    Args:
        signs: as :func:`city_signs` returns.

    Returns:
        ``city_id, ab_stock, rise, beyond, phase``.
    """
    table = pd.DataFrame(
        {
            "city_id": signs["city_id"],
            "ab_stock": signs["ab_stock"],
            "rise": signs["bookings"] / signs["bookings_before"],
            "beyond": 1 - signs["wins_talk"] / signs["wins"],
        }
    )
    table["phase"] = [phase_of(row.ab_stock, row.rise, row.beyond) for row in table.itertuples()]
    return table


def lag_correlations(visits: Sequence, bookings: Sequence, longest: int = LONGEST) -> pd.Series:
    """How well the visits of a month go with the bookings of so many months later.

    .. math:: r_k = \\mathrm{corr}(v_{t-k},\\, b_t), \\quad k = 0, \\dots, \\text{longest}

    Args:
        visits, bookings: month by month, equally long, in order.
        longest: the last lag that is tried.

    Returns:
        Correlation by lag in months (index 0 ... longest); from fewer pairs of months, the longer the lag.

    Raises:
        PlaybookError: series of different lengths, too short a series, or one that never changes.

    Source: cross-correlation, Box and Jenkins (1970), Time Series Analysis.
    """
    first, second = np.asarray(visits, dtype=float), np.asarray(bookings, dtype=float)
    if len(first) != len(second) or len(first) < longest + 3:
        raise PlaybookError(
            _("a lag of up to {longest} months needs two series of at least {least} months").format(
                longest=longest, least=longest + 3
            ),
            remedy=_("Give visits and bookings of the same months."),
        )
    found = []
    for lag in range(longest + 1):
        one, other = first[: len(first) - lag], second[lag:]
        if np.ptp(one) == 0 or np.ptp(other) == 0:
            raise PlaybookError(
                _("a series that never changes goes with nothing"),
                remedy=_("Give months that differ from each other."),
            )
        found.append(float(np.corrcoef(one, other)[0, 1]))
    return pd.Series(found, index=pd.RangeIndex(longest + 1, name="months"))


def best_lag(visits: Sequence, bookings: Sequence, longest: int = LONGEST) -> int:
    """The lag, in months, at which visits and later bookings go together best; the shortest of equals.

    Args, errors, source: as for :func:`lag_correlations`.
    """
    return int(np.argmax(lag_correlations(visits, bookings, longest).round(9)))


def lagged(visits: Sequence, weights: Sequence) -> np.ndarray:
    """What the visits of this and earlier months come to: a finite distributed lag.

    .. math:: y_t = \\sum_k w_k\\, v_{t-k}

    Args:
        visits: month by month; before the first month there were none.
        weights: of the same month, of one month ago, and so on.

    Returns:
        One number a month.

    Source: Almon (1965), Econometrica 33, for lags whose weights rise and fall.
    """
    return np.convolve(np.asarray(visits, dtype=float), np.asarray(weights, dtype=float))[: len(visits)]


def verdicts(signs: pd.DataFrame, lag: int) -> pd.DataFrame:
    """Continue, hold or stop, by two signs: is the field being worked, and is the money there or not yet due?

    The field: A and B firms grew by a tenth in a quarter. The money: the last quarter's bookings reach its cost, or
    the first month in which they can be expected, ``full_since + lag``, still lies ahead. Both: continue. One:
    hold, which is to hire nobody and find out why. None: stop.

    Args:
        signs: as :func:`city_signs` returns.
        lag: months from visits to bookings.

    Returns:
        ``city_id``; ``growth`` of the stock, a ratio; ``due``, the month; ``verdict``, one of :data:`VERDICTS`.

    Source: patience in the growth phase is the practice's, the rule the course's own.
    """
    growth = signs["ab_stock"] / signs["ab_before"]
    due = signs["full_since"] + lag
    money = (signs["bookings"] >= signs["cost"]) | (due > signs["month"])
    count = (growth >= GROWTH_LEAST).astype(int) + money.astype(int)
    return pd.DataFrame(
        {
            "city_id": signs["city_id"],
            "growth": growth,
            "due": due,
            "verdict": count.map(dict(enumerate(VERDICTS))),
        }
    )
