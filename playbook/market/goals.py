"""Can the month still be made? The target of each person, what is left a day, the forecast, and who needs help.

The target is handed down by weight without losing a contract; the forecast asks which share of a usual month is
booked by now, because months fill late; limits of natural variation say how sure that is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.ties import TOLERANCE
from playbook.words import _

#: From this part of the target on a forecast is green, from the second on amber, below it red.
GREEN, AMBER = 0.95, 0.85
#: A seller is talked to if fewer of the reported visits than this are found by the phone's position ...
LEAST_FOUND = 0.80
#: ... and more of the days than this carry a round number of visits.
MOST_ROUND = 0.60
#: Mean moving range of two to three standard deviations, and the upper limit of the range itself (Wheeler 2000).
_LIMIT, _RANGE_LIMIT = 3 / 1.128, 3.268


def largest_remainder(weights: pd.Series, total: int) -> pd.Series:
    """Hand a whole number down by weight, so that the parts are whole and add up.

    .. math:: q_i = T \\frac{w_i}{\\sum_k w_k}

    Everybody gets the whole part of the quota ``q``; what is left goes, one each, to the largest remainders; of
    equals, to the first.

    Args:
        weights: by name, 0 or more, not all 0. total: what is handed down, a whole number, 0 or more.

    Returns:
        Whole numbers by the same names, together ``total``.

    Raises:
        PlaybookError: a weight is missing or below 0, all are 0, or the total is not a whole number.

    Source: Hamilton's method of 1792, as in Balinski and Young (1982), Fair Representation.
    """
    weight = weights.to_numpy(float)
    if len(weight) == 0 or np.isnan(weight).any() or (weight < 0).any() or weight.sum() <= 0:
        raise PlaybookError(
            _("the weights cannot share anything out"),
            remedy=_("Give each a weight of 0 or more, and at least one of them more than 0."),
        )
    if total < 0 or total != int(total):
        raise PlaybookError(
            _("{total} cannot be shared out in whole parts").format(total=total),
            remedy=_("Use a whole number, 0 or more."),
        )
    quota = total * weight / weight.sum()
    part = np.floor(quota + TOLERANCE).astype(int)
    rest = np.round(quota - part, 9)
    part[np.argsort(-rest, kind="stable")[: int(total) - part.sum()]] += 1
    return pd.Series(part, index=weights.index)


def working_days(calendar: pd.DataFrame, first: object, last: object) -> pd.Series:
    """The days on which is worked, from the first to the last day named, both included.

    Args:
        calendar: ``date``, ``workday`` (True or False), one row a day. first, last: dates.

    Raises:
        PlaybookError: the calendar does not reach from the first to the last day.
    """
    first, last = pd.Timestamp(first), pd.Timestamp(last)
    if not (calendar["date"].min() <= first and last <= calendar["date"].max()):
        raise PlaybookError(
            _("the calendar does not know all days from {first} to {last}").format(
                first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}"
            ),
            remedy=_("Use days from {first} to {last}.").format(
                first=f"{calendar['date'].min():%Y-%m-%d}", last=f"{calendar['date'].max():%Y-%m-%d}"
            ),
        )
    return calendar.loc[calendar["date"].between(first, last) & calendar["workday"], "date"]


def days_left(calendar: pd.DataFrame, today: object) -> int:
    """Working days of the month that come after a day; the day itself does not count.

    Args:
        calendar: as for :func:`working_days`. today: a date.
    """
    today = pd.Timestamp(today)
    end = today + pd.offsets.MonthEnd(0)
    return len(working_days(calendar, today, end).loc[lambda day: day > today])


def usual_share(past: pd.DataFrame, left: int) -> float:
    """Which part of its contracts a usual month has when so many working days are left.

    Args:
        past: ``days_left`` and ``share`` (0 to 1), one row a day of each past month. left: working days left.

    Returns:
        The mean over the past months.

    Raises:
        PlaybookError: no past month had so many working days.
    """
    shares = past.loc[past["days_left"] == left, "share"]
    if shares.empty:
        raise PlaybookError(
            _("no past month tells what is booked with {left} working days left").format(left=left),
            remedy=_("Use 0 to {most}.").format(most=past["days_left"].max()),
        )
    return float(shares.mean())


def projection(booked: float | pd.Series, share: float) -> float | pd.Series:
    """What a month will have at its end, if it fills as usual.

    .. math:: F = B / s

    Args:
        booked: contracts so far, ``B``; a number or a column.
        share: part of a usual month's contracts that is booked by now, ``s``; above 0, at most 1.

    Returns:
        Contracts at the month's end. With a share equal to the part of days gone, it is the straight line.

    Raises:
        PlaybookError: the share is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise PlaybookError(
            _("a share of {share} cannot be booked by now").format(share=share),
            remedy=_("Use a part above 0 and at most 1: 40 % is 0.4."),
        )
    return booked / share


def light_of(forecast: float, target: float) -> str:
    """Green from 95 % of the target, amber from 85 %, red below.

    Args:
        forecast, target: in one unit; the target above 0.
    """
    part = forecast / target
    return "green" if part >= GREEN else "amber" if part >= AMBER else "red"


def weighted_pipeline(open_deals: pd.DataFrame, chances: Mapping[str, float]) -> pd.Series:
    """Contracts to expect from open deals: deals of each grade times the chance of that grade.

    Args:
        open_deals: one column of counts a grade. chances: by the name of such a column, 0 to 1.
    """
    return sum(open_deals[name] * chance for name, chance in chances.items())


def at_risk(board: pd.DataFrame, share: float, chances: Mapping[str, float]) -> pd.DataFrame:
    """A board with what each person will have, what is missing, and who is at risk.

    At risk is who is projected below 85 % of the target **and** has a weighted pipeline below the gap: the month is
    slow, and there is not enough on the way to mend it.

    Args:
        board: ``target``, ``booked`` and a column of open deals for each grade in ``chances``.
        share: as for :func:`projection`. chances: as for :func:`weighted_pipeline`.

    Returns:
        The board with ``projected``, ``weighted``, ``gap`` (target less booked) and ``at_risk`` (True or False).
    """
    found = board.assign(
        projected=projection(board["booked"], share),
        weighted=weighted_pipeline(board, chances),
        gap=board["target"] - board["booked"],
    )
    slow = found["projected"] < AMBER * found["target"]
    return found.assign(at_risk=slow & (found["weighted"] < found["gap"]))


def to_talk_to(reports: pd.DataFrame) -> pd.DataFrame:
    """Visit reports with two shares, and whether both say that somebody should be talked to.

    Args:
        reports: ``visits_reported, visits_found`` (by the phone's position), ``days_reported, round_days`` (days with
            exactly 5 or 10 visits).

    Returns:
        The table with ``found_share``, ``round_share`` and ``talk`` (True or False).
    """
    found = reports.assign(
        found_share=reports["visits_found"] / reports["visits_reported"],
        round_share=reports["round_days"] / reports["days_reported"],
    )
    return found.assign(talk=(found["found_share"] < LEAST_FOUND) & (found["round_share"] > MOST_ROUND))


@dataclass(frozen=True)
class Limits:
    """Natural limits of a series.

    Attributes:
        mean: of the values. low, high: a single value beyond them is news, one between them is not.
        moving_range: mean change from one value to the next. range_high: a larger change is news.
    """

    mean: float
    low: float
    high: float
    moving_range: float
    range_high: float


def control_limits(values: Iterable[float]) -> Limits:
    """How far a value may lie from the mean without being news (XmR chart).

    .. math:: \\bar x \\pm 2.66\\,\\overline{mR}

    Args:
        values: in the order of time, two or more.

    Raises:
        PlaybookError: fewer than two values.

    Source: Shewhart (1931); Wheeler (2000), Understanding Variation.
    """
    series = np.asarray(list(values), dtype=float)
    if len(series) < 2:
        raise PlaybookError(
            _("limits need two values or more"),
            remedy=_("Six to twelve are better: say how many there were."),
        )
    mean, moving = float(series.mean()), float(np.abs(np.diff(series)).mean())
    return Limits(mean, mean - _LIMIT * moving, mean + _LIMIT * moving, moving, _RANGE_LIMIT * moving)


def straight_share(gone: int, left: int) -> float:
    """The part of a month's working days that has gone: what a straight line takes for the part booked."""
    return gone / (gone + left)
