"""The working calendar: weekends, public holidays, the Saturdays and Sundays worked in exchange, month-ends.

Holidays 2022-2025: notices of the State Council's General Office on public holidays, issued each November.
Before 2022, where only the start of a contract needs a day: New Year, Spring Festival, May Day and National Day
with their usual length.
"""

from functools import lru_cache

import numpy as np

from playbook.casemaking.parameters import FESTIVAL, SEASON

DAY = np.timedelta64(1, "D")
#: First and last day of each public holiday.
HOLIDAYS = [
    "2016-05-01/2016-05-02",
    "2016-10-01/2016-10-07",
    "2017-01-01/2017-01-02",
    "2017-01-27/2017-02-02",
    "2017-05-01/2017-05-01",
    "2017-10-01/2017-10-08",
    "2018-01-01/2018-01-01",
    "2018-02-15/2018-02-21",
    "2018-05-01/2018-05-01",
    "2018-10-01/2018-10-07",
    "2019-01-01/2019-01-01",
    "2019-02-04/2019-02-10",
    "2019-05-01/2019-05-04",
    "2019-10-01/2019-10-07",
    "2020-01-01/2020-01-01",
    "2020-01-24/2020-02-02",
    "2020-05-01/2020-05-05",
    "2020-10-01/2020-10-08",
    "2021-01-01/2021-01-03",
    "2021-02-11/2021-02-17",
    "2021-05-01/2021-05-05",
    "2021-10-01/2021-10-07",
    "2022-01-01/2022-01-03",
    "2022-01-31/2022-02-06",
    "2022-04-03/2022-04-05",
    "2022-04-30/2022-05-04",
    "2022-06-03/2022-06-05",
    "2022-09-10/2022-09-12",
    "2022-10-01/2022-10-07",
    "2022-12-31/2023-01-02",
    "2023-01-21/2023-01-27",
    "2023-04-05/2023-04-05",
    "2023-04-29/2023-05-03",
    "2023-06-22/2023-06-24",
    "2023-09-29/2023-10-06",
    "2024-01-01/2024-01-01",
    "2024-02-10/2024-02-17",
    "2024-04-04/2024-04-06",
    "2024-05-01/2024-05-05",
    "2024-06-10/2024-06-10",
    "2024-09-15/2024-09-17",
    "2024-10-01/2024-10-07",
    "2025-01-01/2025-01-01",
    "2025-01-28/2025-02-04",
    "2025-04-04/2025-04-06",
    "2025-05-01/2025-05-05",
    "2025-05-31/2025-06-02",
]
#: Weekend days that were worked in exchange for a holiday.
WORKED = np.array(
    [
        "2022-01-29",
        "2022-01-30",
        "2022-04-02",
        "2022-04-24",
        "2022-05-07",
        "2022-10-08",
        "2022-10-09",
        "2023-01-28",
        "2023-01-29",
        "2023-04-23",
        "2023-05-06",
        "2023-06-25",
        "2023-10-07",
        "2023-10-08",
        "2024-02-04",
        "2024-02-18",
        "2024-04-07",
        "2024-04-28",
        "2024-05-11",
        "2024-09-14",
        "2024-09-29",
        "2024-10-12",
        "2025-01-26",
        "2025-02-08",
        "2025-04-27",
    ],
    dtype="datetime64[D]",
)
#: First day of the Spring Festival holiday.
SPRING = np.array(
    [
        "2017-01-27",
        "2018-02-15",
        "2019-02-04",
        "2020-01-24",
        "2021-02-11",
        "2022-01-31",
        "2023-01-21",
        "2024-02-10",
        "2025-01-28",
    ],
    dtype="datetime64[D]",
)


@lru_cache(maxsize=1)
def holidays() -> np.ndarray:
    """Every day of every public holiday."""
    spans = [span.split("/") for span in HOLIDAYS]
    return np.concatenate([np.arange(np.datetime64(a), np.datetime64(b) + DAY) for a, b in spans])


@lru_cache(maxsize=4096)
def _working_days(first: str, last: str) -> np.ndarray:
    days = np.arange(np.datetime64(first), np.datetime64(last) + DAY)
    weekday = (days.astype("int64") + 3) % 7 < 5
    days = days[(weekday & ~np.isin(days, holidays())) | np.isin(days, WORKED)]
    days.flags.writeable = False
    return days


def working_days(first: np.datetime64, last: np.datetime64) -> np.ndarray:
    """The days on which a company works, first and last included."""
    return _working_days(str(first), str(last))


def pace(days: np.ndarray) -> np.ndarray:
    """How much is done on each day, 1 on an ordinary one: the year's swing and the lull around Spring Festival."""
    month = days.astype("datetime64[M]").astype("int64") % 12 + 1
    level = 1 + SEASON * np.sin(2 * np.pi * (month - 4) / 12)
    for start in SPRING:
        level = np.where((days >= start - 14 * DAY) & (days < start + 15 * DAY), level * FESTIVAL, level)
    return level


def closing_day(rng: np.random.Generator, wanted: np.ndarray, earliest: np.ndarray, last_five: np.ndarray):
    """A working day in the month of each wanted day: in its last five with a given chance, never too early.

    Args:
        wanted: days on which deals would close if nobody looked at the calendar.
        earliest: the first day on which each may close; on or before ``wanted``.
        last_five: the chance of each to close on one of the month's last five working days.
    """
    result = np.empty(len(wanted), dtype="datetime64[D]")
    months = wanted.astype("datetime64[M]")
    for month in np.unique(months):
        rows = np.flatnonzero(months == month)
        first = month.astype("datetime64[D]")
        days = working_days(first, (month + 1).astype("datetime64[D]") - DAY)
        weight = pace(days)
        early, late = weight[:-5] / weight[:-5].sum(), weight[-5:] / weight[-5:].sum()
        at_end = rng.random(len(rows)) < last_five[rows]
        drawn = np.where(
            at_end, rng.choice(days[-5:], len(rows), p=late), rng.choice(days[:-5], len(rows), p=early)
        )
        for row in np.flatnonzero(drawn < earliest[rows]):
            left = days[days >= earliest[rows][row]]
            before = left[left < days[-5]]
            left = before if len(before) and not at_end[row] else left
            drawn[row] = left[int(rng.integers(len(left)))] if len(left) else days[-1]
        result[rows] = drawn
    return np.maximum(result, _next_working(earliest))


def _next_working(days: np.ndarray) -> np.ndarray:
    every = working_days(days.min(), days.max() + 20 * DAY)
    return every[np.searchsorted(every, days)]
