"""How many sellers, hired when, and on what terms: workload, ramp, stacked cohorts, packages and promotions.

A month of service counts from 1: whoever starts in month 4 is in the third month of service in month 6.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.words import _

#: Whoever reaches this share of an experienced seller's month has learned the work.
READY = 0.8
#: How fast the ramp rises around its middle, in months.
SPREAD = 1.2
#: Promoted above this share of the goal, a seller keeps that share of the options.
PROMOTED_ABOVE = 0.9


def workload_reps(plan: pd.DataFrame, hours: float) -> float:
    """Experienced sellers that a year's visits take.

    .. math:: N = \\frac{\\sum_i n_i f_i m_i / 60}{H}

    Args:
        plan: one row per grade: ``accounts`` (n), ``calls_year`` (f, visits to one account in a year) and
            ``minutes`` (m, one visit with its way).
        hours: selling hours that one seller has in a year, ``H``; not all working hours.

    Returns:
        Sellers, with decimals.

    Raises:
        PlaybookError: no selling hours.

    Source: Talley (1961), Journal of Marketing 25(3).
    """
    if not hours > 0:
        raise PlaybookError(
            _("a seller with {hours:g} selling hours visits nobody").format(hours=hours),
            remedy=_("Multiply the working days of a year by the selling hours of a day."),
        )
    return float((plan["accounts"] * plan["calls_year"] * plan["minutes"]).sum() / 60 / hours)


def ramp(month: np.ndarray | float, half: float, spread: float = SPREAD) -> np.ndarray:
    """Share of an experienced seller's month that a newcomer reaches.

    .. math:: r(t) = \\frac{1}{1 + e^{-(t - t_{50})/s}}

    Args:
        month: months of service, any shape. half: the month in which half is reached, ``t50``.
        spread: ``s``, in months.

    Returns:
        Fractions between 0 and 1, in the shape of ``month``.

    Source: the logistic curve; the values of the course follow the practice's three to six, up to twelve months.
    """
    return 1 / (1 + np.exp(-(np.asarray(month, dtype=float) - half) / spread))


def ramp_month(half: float, spread: float = SPREAD, share: float = READY) -> float:
    """When a newcomer reaches a share of an experienced seller's month.

    .. math:: t = t_{50} + s \\ln \\frac{p}{1 - p}

    Args:
        half, spread: as for :func:`ramp`. share: ``p``, between 0 and 1.

    Returns:
        Months of service, with decimals; for 0.8 it is ``half + spread * ln 4``.
    """
    return half + spread * math.log(share / (1 - share))


@kept_by_content
def ramp_table(months: pd.DataFrame, by: str) -> pd.DataFrame:
    """Mean bookings by month of service, one column a group; months of people who left later count.

    Args:
        months: one row per seller and month: ``service_month``, ``bookings_10k`` and the column ``by``.
        by: what the sellers are told apart by.

    Returns:
        Months of service x groups, in the unit of the bookings.
    """
    return months.pivot_table(index="service_month", columns=by, values="bookings_10k", aggfunc="mean")


def ready_month(curve: pd.DataFrame, ripe: float, share: float = READY) -> pd.Series:
    """The first month of service in which each group's mean reaches a share of the ripe level.

    Args:
        curve: as :func:`ramp_table` gives it. ripe: bookings of an experienced seller in a month.

    Returns:
        Months of service by group.

    Raises:
        PlaybookError: a group that never reaches it.
    """
    there = curve >= share * ripe
    never = [str(name) for name in curve.columns if not there[name].any()]
    if never:
        raise PlaybookError(
            _("{groups}: no month reaches {share:.0%} of the ripe level").format(
                groups=", ".join(never), share=share
            ),
            remedy=_("Give more months, or look whether the level is that of one month."),
        )
    return there.idxmax()


def fit_ramp(month: np.ndarray, share: np.ndarray) -> tuple[float, float]:
    """Half-time and spread of the logistic ramp that comes closest to measured shares (least squares).

    Args:
        month: months of service. share: fractions of the ripe level, as many.

    Returns:
        ``(half, spread)`` in months, as for :func:`ramp`.

    Raises:
        PlaybookError: fewer than three months.
    """
    from scipy.optimize import curve_fit

    if len(month) < 3:
        raise PlaybookError(
            _("a ramp cannot be told from {count} months").format(count=len(month)),
            remedy=_("Give at least three."),
        )
    start = float(np.interp(0.5, np.maximum.accumulate(share), month))
    found, _spread = curve_fit(
        ramp,
        np.asarray(month, float),
        np.asarray(share, float),
        p0=(start, SPREAD),
        bounds=((-20, 0.05), (60, 20)),
    )
    return float(found[0]), float(found[1])


def quit_rate(left: pd.Series, months: int) -> float:
    """Share of the sellers who leave in a month: leavers over months worked by all.

    Args:
        left: the day on which each seller left; empty for those still here.
        months: months worked by all of them together.

    Returns:
        A fraction a month.

    Source: the estimate of greatest likelihood where the chance to leave is the same in every month; Bartholomew,
    Forbes and McClean (1991), Statistical Techniques for Manpower Planning.
    """
    return float(left.notna().sum() / months)


def hire_worth(level: pd.Series, quits: float) -> pd.Series:
    """What one hire of the plan is worth in each month of service: still there, times the level reached.

    .. math:: v_k = (1 - q)^{k - 1} \\, r_k

    Args:
        level: share of an experienced seller's month by month of service 1, 2, ...
        quits: fraction that leaves in a month, ``q``.

    Returns:
        Experienced sellers by month of service.
    """
    return level * (1 - quits) ** (level.index.to_numpy(float) - 1)


def cohort_table(hires: pd.Series, worth: pd.Series) -> pd.DataFrame:
    """Capacity by month and by the month of hiring: one cohort a column.

    .. math:: c_{m,h} = n_h \\, v_{m - h + 1} \\quad (m \\ge h)

    Args:
        hires: people hired in month 1, 2, ... worth: what one of them is worth by month of service 1, 2, ...

    Returns:
        Months x cohorts that hire anybody; experienced sellers.

    Raises:
        PlaybookError: fewer months of service than months.
    """
    if len(worth) < len(hires):
        raise PlaybookError(
            _("there are {months} months to plan and {known} months of service").format(
                months=len(hires), known=len(worth)
            ),
            remedy=_("Give what a hire is worth for as many months as the plan has."),
        )
    size = len(hires)
    lag = np.subtract.outer(np.arange(size), np.arange(size))
    value = np.where(lag >= 0, worth.to_numpy(float)[np.maximum(lag, 0)], 0.0)
    # Months are names here, not places: a plain count of rows would be lost where a table is read by its index.
    months = pd.Index(hires.index.to_list(), name="month")
    table = pd.DataFrame(value * hires.to_numpy(float), index=months, columns=months.rename("hired in"))
    return table.loc[:, (hires > 0).to_numpy()]


def stack_cohorts(hires: pd.Series, worth: pd.Series) -> pd.Series:
    """Capacity by month: all cohorts on top of each other, in experienced sellers.

    Args:
        hires, worth: as for :func:`cohort_table`.
    """
    return cohort_table(hires, worth).sum(axis=1).rename("capacity")


def capacity_by_month(hires: pd.Series, level: pd.Series, quits: float) -> pd.Series:
    """Experienced sellers that a hiring plan gives, month by month.

    .. math:: C_m = \\sum_{h \\le m} n_h (1 - q)^{m - h} \\, r_{m - h + 1}

    Args:
        hires: people hired in month 1, 2, ... level, quits: as for :func:`hire_worth`.

    Source: cohort survival, Bartholomew, Forbes and McClean (1991).
    """
    return stack_cohorts(hires, hire_worth(level, quits))


def latest_hire(gap: float, people: float, worth: pd.Series, month: int) -> int:
    """The last month in which so many people can be hired and close a gap in a given month.

    Args:
        gap: experienced sellers that are missing in ``month``. people: hired together.
        worth: what one of them is worth by month of service 1, 2, ... month: in which the gap must be closed.

    Returns:
        A month; 0 if it is too late already.
    """
    closes = [
        start
        for start in range(1, month + 1)
        if month - start + 1 in worth.index and people * worth[month - start + 1] >= gap - 1e-9
    ]
    return max(closes, default=0)


@dataclass(frozen=True)
class Package:
    """What a veteran's move costs and earns.

    Attributes:
        monthly_cny: what it costs a month while it runs. earned_cny: what is left of the veteran's margin a month.
        months: until the payment made once is earned back; infinite if nothing is left.
    """

    monthly_cny: float
    earned_cny: float
    months: float


def package(
    once_cny: float, monthly_cny: float, bookings_cny: float, margin: float, tilt: float = 0.0
) -> Package:
    """How long a veteran's package takes to be earned back.

    .. math:: t = \\frac{K}{B g - (p + \\tau B)}

    Args:
        once_cny: paid once, ``K``. monthly_cny: paid each month while the package runs, ``p``.
        bookings_cny: what the veteran adds to the bookings of a month, ``B``. margin: gross margin, ``g``.
        tilt: commission paid on top of the usual, as a share of these bookings, ``tau``.

    Source: break-even; that movers are favoured for a time is the practice's.
    """
    monthly = monthly_cny + tilt * bookings_cny
    earned = margin * bookings_cny - monthly
    return Package(monthly, earned, once_cny / earned if earned > 0 else math.inf)


def option_payout(
    sold: float, goal: float, options: float, promoted: bool, above: float = PROMOTED_ABOVE
) -> float:
    """Options that a seller gets under a promise which protects those who are promoted during the year.

    All from the goal on. Promoted with more than nine tenths of the goal: the same share of the options. Else none.

    Args:
        sold, goal: in one unit of money. options: for reaching the goal. promoted: during the year.
        above: the share of the goal that protects.

    Source: the course's own; the practice tells of options that were lost by a promotion.
    """
    reached = sold / goal
    if reached >= 1:
        return float(options)
    return float(options * reached) if promoted and reached > above else 0.0
