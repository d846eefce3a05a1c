"""The structure of a city's industry: what it has more of than the nation, and how evenly it is spread.

Workers are residents in work, the self-employed included, by section of industry (GB/T 4754-2017, A to S).
They are not jobs in firms.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.words import _

SPECIALISED = 1.25
"""The location quotient from which practice calls a city specialised: a rule of thumb, not Isserman's."""

LEAST_SHARE = 0.01
"""The share of the city's workers below which a quotient rests on too small a base."""

LEAST_TO_ENTER = 0.03
"""The share of the city's workers from which a section feeds a launch team (the course's own rule).

Ten sellers with eight visits on 220 days and five or six visits an account work about 3,000 firms a year; at 32
persons a manufacturing unit (national average 2018) that is about 3 % of a city of three million workers.
"""


def shares(counts: pd.Series) -> pd.Series:
    """Each entry's share of the total: :math:`s_i = e_i / \\sum_i e_i`.

    Args:
        counts: workers, customers or firms, one entry per section; any unit, none missing, none negative.

    Returns:
        Fractions that add up to 1, with the index of ``counts``.

    Raises:
        PlaybookError: a count is missing or negative, or all are zero.
    """
    counts = _counts(counts)
    return counts / counts.sum()


def location_quotient(city: pd.Series, nation: pd.Series) -> pd.Series:
    """How many times the nation's share a section has in the city.

    .. math:: LQ_i = \\frac{e_{ir} / e_r}{e_{in} / e_n}

    Args:
        city: workers in the city by section (thousand, or any unit).
        nation: workers in the nation by section, the same index as ``city``; its unit may differ.

    Returns:
        The quotient per section, without unit; 1 is the national average. Missing where the nation has none.

    Raises:
        PlaybookError: the two do not list the same sections, or a count is missing or negative.

    Source: Isserman (1977), Journal of the American Institute of Planners 43(1).
    """
    _same_sections(city, nation)
    return _quotient(shares(city), shares(nation)).rename("lq")


def _quotient(city: pd.Series, nation: pd.Series) -> pd.Series:
    """The city's shares over the nation's; missing where the nation has none."""
    return city / nation.where(nation > 0)


@kept_by_content
def industry_table(workers: pd.DataFrame, leave_out: Sequence[str] = ()) -> pd.DataFrame:
    """Shares and location quotients of a city's sections, largest section first.

    Args:
        workers: one row per section with ``section``, ``city_workers`` and ``nation_workers`` (thousand);
            further columns, such as a name, are kept.
        leave_out: sections that do not belong to the base, such as ``["A"]`` for agriculture.

    Returns:
        ``workers`` without those sections, with ``city_share``, ``nation_share`` (fractions) and ``lq``.

    Raises:
        PlaybookError: a section appears twice, or a count is missing or negative.
    """
    repeated = workers["section"][workers["section"].duplicated()]
    if len(repeated):
        raise PlaybookError(
            _("section {section} appears more than once").format(section=repeated.iloc[0]),
            where="workers",
            remedy=_("keep one row per section"),
        )
    table = workers[~workers["section"].isin(list(leave_out))]
    city, nation = shares(table["city_workers"]), shares(table["nation_workers"])
    table = table.assign(city_share=city, nation_share=nation, lq=_quotient(city, nation))
    return table.sort_values("city_workers", ascending=False, ignore_index=True)


def specialised_sections(
    table: pd.DataFrame, threshold: float = SPECIALISED, least_share: float = LEAST_SHARE
) -> pd.DataFrame:
    """The sections that a city is specialised in and that are large enough to count.

    Args:
        table: what :func:`industry_table` returns.
        threshold: the least location quotient.
        least_share: the least share of the city's workers (a fraction).

    Returns:
        The rows that pass both, the highest quotient first.
    """
    passed = table[(table["lq"] >= threshold) & (table["city_share"] >= least_share)]
    return passed.sort_values("lq", ascending=False, ignore_index=True)


def herfindahl(counts: pd.Series) -> float:
    """Concentration: the sum of squared shares, :math:`H = \\sum_i s_i^2`.

    Args:
        counts: one entry per section (or firm), any unit.

    Returns:
        Between ``1/len(counts)`` (all equal) and 1 (all in one). Times 10,000 it is the index in points that
        competition authorities quote.

    Raises:
        PlaybookError: a count is missing or negative, or all are zero.

    Source: Hirschman (1964), American Economic Review 54.
    """
    return float((shares(counts) ** 2).sum())


def krugman_index(city: pd.Series, other: pd.Series) -> float:
    """How different two places' industries are: :math:`K = \\sum_i |s_{ir} - s_{in}|`.

    Args:
        city: workers by section.
        other: workers by section in the nation or another city, the same index.

    Returns:
        0 for the same structure, 2 for nothing in common; half of it is the share of workers who would have
        to change section.

    Raises:
        PlaybookError: the two do not list the same sections, or a count is missing or negative.

    Source: Krugman (1991), Geography and Trade.
    """
    _same_sections(city, other)
    return float((shares(city) - shares(other)).abs().sum())


def customers_at(customers: pd.DataFrame, date: str, by: str = "section") -> pd.Series:
    """Count the customers that the company had at the end of a day.

    Args:
        customers: one row per customer with ``start`` and ``churn_date`` (dates; missing while it stays).
        date: such as ``"2023-12-31"``.
        by: the column to count by.

    Returns:
        Customers per value of ``by``, zeros included for values that appear on other days.
    """
    day = pd.Timestamp(date)
    started = pd.to_datetime(customers["start"]) <= day
    left = pd.to_datetime(customers["churn_date"]) <= day
    numbers, values = pd.factorize(customers[by], sort=True)
    here = numbers[(started & ~left).to_numpy(bool) & (numbers >= 0)]
    return pd.Series(np.bincount(here, minlength=len(values)), index=pd.Index(values, name=by), name=date)


def shift_share(
    before: pd.Series, after: pd.Series, reference_before: pd.Series, reference_after: pd.Series
) -> pd.DataFrame:
    """Split each section's change into the reference's growth, the section's, and the place's own.

    .. math:: \\Delta e_i = e_i\\,g + e_i\\,(g_i - g) + \\bigl(e_i' - e_i\\,(1 + g_i)\\bigr)

    where :math:`g` is the reference's growth over all sections, :math:`g_i` in the section, :math:`e_i` and
    :math:`e_i'` the place's count before and after.

    Args:
        before, after: counts by section in the place at the two dates.
        reference_before, reference_after: the same for the reference (the nation, or all home markets).

    Returns:
        One row per section, unit as given: ``reference_growth``, ``mix``, ``local``, and ``change``, which is
        their sum in every row. Where the reference had nothing before, the whole change is ``local``.

    Raises:
        PlaybookError: the four do not list the same sections, or a count is missing or negative.

    Source: Dunn (1960), Papers of the Regional Science Association 6.
    """
    for other in (after, reference_before, reference_after):
        _same_sections(before, other)
    e0, e1, r0, r1 = (_counts(series) for series in (before, after, reference_before, reference_after))
    overall = r1.sum() / r0.sum() - 1
    of_section = (r1 / r0.where(r0 > 0) - 1).fillna(overall)
    table = pd.DataFrame({"reference_growth": e0 * overall, "mix": e0 * (of_section - overall)})
    table["local"] = e1 - e0 * (1 + of_section)
    table[r0 == 0] = 0.0
    table.loc[r0 == 0, "local"] = e1 - e0
    table["change"] = e1 - e0
    return table


def _counts(series: pd.Series) -> pd.Series:
    """The series as floats, once it is sure that it counts something."""
    counts = pd.to_numeric(pd.Series(series)).astype(float)
    values = counts.to_numpy()
    wrong = np.flatnonzero(~np.isfinite(values) | (values < 0))
    if len(wrong):
        raise PlaybookError(
            _("{value} is not a count").format(value=values[wrong[0]]),
            where=f"row {counts.index[wrong[0]]}",
            remedy=_("give a number of zero or more for every section"),
        )
    if values.sum() == 0:
        raise PlaybookError(_("all counts are zero"), remedy=_("give at least one count above zero"))
    return counts


def _same_sections(one: pd.Series, other: pd.Series) -> None:
    """Refuse two series that pandas would align into missing values."""
    if not one.index.is_unique or set(one.index) != set(other.index) or len(one) != len(other):
        odd = sorted(map(str, set(one.index) ^ set(other.index)))
        raise PlaybookError(
            _("the two series do not list the same sections, each once"),
            where=f"row {odd[0]}" if odd else "",
            remedy=_("take both from the same table, with the same rows left out"),
        )
