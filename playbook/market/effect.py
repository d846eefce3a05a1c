"""What a launch did: compare those who got it with those who did not, before and after.

What both have in common, the season and the market, cancels out. What stays is the effect, if both would have gone
the same way without it; whether they did before is what can be looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.market.density import FACTORS, breakthrough_index, fit_breakthrough_law
from playbook.words import _

#: Months in which no pilot of the launch panel has started yet, and months in which all have.
BEFORE, AFTER = range(1, 8), range(17, 25)
#: Months at either end of the time before a launch that are compared.
RISE_MONTHS = 3


@kept_by_content
def launch_ratios(panel: pd.DataFrame) -> pd.DataFrame:
    """Bookings over what the law of the three densities leads one to expect.

    ``ratio = B / (k md^a sd^b kd^c)``, with the law fitted to the same panel: 1 is just what so many leaders,
    sellers and customers book on average; what they do not explain is left.

    Args:
        panel: ``city_id, month, treated, launch_month, bookings_10k, md, sd, kd``.

    Returns:
        ``city_id, month, treated, launch_month, bookings_10k, expected_10k, ratio``.

    Raises:
        PlaybookError: as :func:`playbook.market.density.fit_breakthrough_law`.
    """
    law = fit_breakthrough_law(panel)
    expected = law.k * breakthrough_index(*(panel[name] for name in FACTORS), law.exponents)
    kept = panel[["city_id", "month", "treated", "launch_month", "bookings_10k"]]
    return kept.assign(expected_10k=expected, ratio=panel["bookings_10k"] / expected)


@dataclass(frozen=True)
class Change:
    """Four means, and what follows from them.

    Attributes:
        pilots_before, pilots_after: means of those with the programme. others_before, others_after: of those without.
    """

    pilots_before: float
    pilots_after: float
    others_before: float
    others_after: float

    @property
    def pilots(self) -> float:
        """How much the pilots changed."""
        return self.pilots_after - self.pilots_before

    @property
    def others(self) -> float:
        """How much the others changed in the same months."""
        return self.others_after - self.others_before

    @property
    def effect(self) -> float:
        """The difference in differences."""
        return self.pilots - self.others


def did(
    table: pd.DataFrame,
    *,
    value: str = "ratio",
    before: Iterable[int] = BEFORE,
    after: Iterable[int] = AFTER,
    leave_out: Iterable[str] = (),
) -> Change:
    """Difference in differences: how much more the pilots changed than the others did in the same months.

    .. math:: (\\bar y_{1,after} - \\bar y_{1,before}) - (\\bar y_{0,after} - \\bar y_{0,before})

    Args:
        table: ``city_id``, ``month``, ``treated`` and the column ``value``.
        before, after: months. Between them pilots may start one by one.
        leave_out: cities that are not counted.

    Raises:
        PlaybookError: one of the four groups is empty.

    Source: Card and Krueger (1994), American Economic Review 84(4).
    """
    rows = table[~table["city_id"].isin(list(leave_out))]
    treated, month = rows["treated"].astype(bool), rows["month"]
    groups = [
        rows.loc[(treated == pilot) & month.isin(list(months)), value]
        for pilot in (True, False)
        for months in (before, after)
    ]
    if any(group.empty for group in groups):
        raise PlaybookError(
            _("Pilots and others must both be there, before and after."),
            remedy=_("Look at the months, and at who is left out."),
        )
    return Change(*(float(group.mean()) for group in groups))


@kept_by_content
def rise_before(table: pd.DataFrame, *, value: str = "ratio", months: int = RISE_MONTHS) -> pd.DataFrame:
    """How each pilot went before its own launch, beside the others in the same months.

    Args:
        table: ``city_id, month, treated, launch_month`` and the column ``value``.
        months: so many at the start, and so many just before the launch.

    Returns:
        By ``city_id``: ``launch_month``, ``first`` and ``last`` (the pilot's means in the first months and in the last
        ones before its launch), ``others_first`` and ``others_last`` (means of those without the programme).

    Raises:
        PlaybookError: a pilot started too early to have both.

    Source: the usual look at what was before, as in Angrist and Pischke (2009), Mostly Harmless Econometrics, ch. 5.
    """
    wide = table.pivot(index="city_id", columns="month", values=value)
    facts = table.groupby("city_id")[["treated", "launch_month"]].first()
    pilots = facts[facts["treated"].astype(bool)]
    launch = pilots["launch_month"].astype(int)
    start = int(wide.columns.min())
    if (launch < start + 2 * months).any():
        early = str(launch.idxmin())
        raise PlaybookError(
            _("{city} started in month {month}: too early to see how it went before.").format(
                city=early, month=launch[early]
            )
        )
    others = wide.loc[facts.index[~facts["treated"].astype(bool)]].mean()
    first = list(range(start, start + months))
    last = {city: list(range(begin - months, begin)) for city, begin in launch.items()}
    return pd.DataFrame(
        {
            "launch_month": launch,
            "first": wide.loc[launch.index, first].mean(axis=1),
            "last": [wide.loc[city, last[city]].mean() for city in launch.index],
            "others_first": others[first].mean(),
            "others_last": [others[last[city]].mean() for city in launch.index],
        }
    )


def event_study(table: pd.DataFrame, *, value: str = "ratio", leave_out: Iterable[str] = ()) -> pd.DataFrame:
    """Pilots less others, by months since each pilot's own launch; 0 is the month in which it started.

    Args:
        table: as for :func:`rise_before`. leave_out: pilots that are not counted.

    Returns:
        ``since``, ``gap`` (mean over the pilots that have such a month), ``pilots`` (how many these are); the gap is
        moved so that the mean over all months before a launch is 0.

    Raises:
        PlaybookError: no pilot is left, or nobody is without the programme.

    Source: as :func:`rise_before`.
    """
    treated = table["treated"].astype(bool)
    others = table[~treated].groupby("month")[value].mean()
    rows = table[treated & ~table["city_id"].isin(list(leave_out))]
    if rows.empty or others.empty:
        raise PlaybookError(_("Pilots and others must both be there."))
    gap = rows[value] - rows["month"].map(others)
    since = rows["month"] - rows["launch_month"].astype(int)
    gap = gap - gap.groupby(rows["city_id"]).transform(lambda own: own[since[own.index] < 0].mean())
    found = gap.groupby(since).agg(["mean", "size"])
    return found.rename_axis("since").set_axis(["gap", "pilots"], axis=1).reset_index()
