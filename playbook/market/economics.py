"""What a customer costs, how long customers stay, and what growth is bought for.

Payback, lifetime value and the magic number are the field's. The curve of those who stay is the shifted
beta-geometric model: every customer has a chance of leaving of his own, so the ones who are left are the faithful
ones, and the share that leaves falls from year to year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite, log
from typing import Any

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.market.density import density
from playbook.words import _

#: Where the search for the two parameters ends: below, everybody leaves at once; above, all customers are alike.
_LEAST, _MOST = 1e-3, 1e4
#: A year that counts less than this share of the first one is left out of an endless sum.
_NOTHING = 1e-12
#: What a table of cohorts has.
_COLUMNS = ("start_year", "year", "active")


def payback_months(cost_cny: float, month_cny: float, margin: float) -> float:
    """After how many months a customer has brought back what winning him cost: ``cost / (month x margin)``.

    Args:
        cost_cny: what one new customer cost, all costs of selling in it, CNY.
        month_cny: what he pays a month, CNY.
        margin: the part of it that is left after serving him, 0 to 1: the gross margin.

    Returns:
        Months.

    Raises:
        PlaybookError: a negative cost, no payment, or a margin outside 0 to 1.

    Source: on margin instead of revenue, Gupta, Lehmann and Stuart (2004), Journal of Marketing Research 41(1).
    """
    if not cost_cny >= 0:
        raise PlaybookError(_("A customer cannot cost less than nothing."), where="cost_cny")
    if not month_cny > 0:
        raise PlaybookError(_("A customer who pays nothing never pays back."), where="month_cny")
    if not 0 < margin <= 1:
        raise PlaybookError(
            _("The margin is {margin:g}: it lies between 0 and 1.").format(margin=margin),
            where="margin",
            remedy=_("78 % is 0.78"),
        )
    return cost_cny / (month_cny * margin)


def magic_number(revenue_before: float, revenue_now: float, cost_before: float) -> float:
    """Yearly revenue that one yuan of selling cost bought: ``4 (R_q - R_(q-1)) / C_(q-1)``.

    Cost comes a quarter before revenue, because a seller's work of this quarter is paid for in the next.

    Args:
        revenue_before: revenue of the last quarter. revenue_now: of this one. cost_before: selling cost of the last
            quarter; all in the same unit.

    Returns:
        A ratio; negative where revenue fell.

    Raises:
        PlaybookError: the cost is not above zero.

    Source: Scale Venture Partners, a rule of practitioners.
    """
    if not cost_before > 0:
        raise PlaybookError(
            _("Without a cost there is nothing to divide by."),
            where="cost_before",
            remedy=_("Give the selling cost of the quarter before."),
        )
    return 4 * (revenue_now - revenue_before) / cost_before


def cohort_survival(cohorts: pd.DataFrame) -> pd.DataFrame:
    """The share of customers still there after so many years: of those cohorts alone that are old enough.

    .. math:: S(t) = \\sum_{c:\\,t \\le T_c} a_{c,t} \\Big/ \\sum_{c:\\,t \\le T_c} a_{c,0}

    Args:
        cohorts: ``start_year``, ``year`` (0 is the start) and ``active`` customers, one row a year that is over.

    Returns:
        ``year``, ``active``, ``started`` (both of the cohorts that have come so far), ``share``.

    Raises:
        PlaybookError: a column or a start is missing, or a cohort grows.
    """
    wide, _years = _triangle(cohorts)
    come = wide.notna()
    started = pd.Series({year: wide.loc[come[year], 0].sum() for year in wide.columns})
    table = pd.DataFrame({"active": wide.sum(), "started": started}).rename_axis("year")
    return table.assign(share=table["active"] / table["started"]).reset_index()


def _triangle(cohorts: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Cohorts down, years across; missing where a cohort has not come so far."""
    missing = [name for name in _COLUMNS if name not in cohorts.columns]
    if missing:
        raise PlaybookError(
            _("Missing: {columns}.").format(columns=", ".join(missing)),
            where="columns",
            remedy=_("the table must have {columns}").format(columns=", ".join(_COLUMNS)),
        )
    if cohorts.duplicated(["start_year", "year"]).any():
        raise PlaybookError(
            _("A cohort stands twice in one year."), remedy=_("Keep the rows of one channel, then try again.")
        )
    wide = cohorts.pivot(index="start_year", columns="year", values="active").astype(float)
    years = np.array(wide.columns, dtype=int)
    values = wide.to_numpy()
    if not len(years) or list(years) != list(range(len(years))) or not (values[:, 0] > 0).all():
        raise PlaybookError(_("Every cohort needs its start, year 0, and every year after it."), where="year")
    change = np.diff(values, axis=1)
    gap = np.isnan(values[:, :-1]) & ~np.isnan(values[:, 1:])
    if gap.any() or (change > 0).any() or (values < 0).any():
        raise PlaybookError(
            _("A cohort cannot grow, and no year may be left out."),
            where="active",
            remedy=_("New customers start a cohort of their own."),
        )
    return wide, years


@dataclass(frozen=True)
class StayCurve:
    """A fitted shifted beta-geometric model.

    Attributes:
        alpha, beta: of the beta distribution of the customers' own chances of leaving; its mean is
            ``alpha / (alpha + beta)``. The smaller both are, the more the customers differ.
        likelihood: the natural logarithm of the likelihood at these values.
    """

    alpha: float
    beta: float
    likelihood: float

    def expected(self, years: int) -> pd.DataFrame:
        """The share expected to be there after 0, 1, … years: ``year``, ``share``."""
        return pd.DataFrame({"year": range(years + 1), "share": sbg_survival(self.alpha, self.beta, years)})


@kept_by_content
def fit_sbg(cohorts: pd.DataFrame) -> StayCurve:
    """Fit the curve of those who stay, by maximum likelihood.

    The share that stays in year t is ``r_t = (beta + t - 1) / (alpha + beta + t - 1)``. Cohorts of unequal age count
    with the years that they have come to: ``LL = sum_t kept_t ln r_t + lost_t ln (1 - r_t)``.

    Args:
        cohorts: as for :func:`cohort_survival`.

    Raises:
        PlaybookError: as there, and where nobody has left or nobody has stayed.

    Source: Fader and Hardie (2007), How to Project Customer Retention, Journal of Interactive Marketing 21(1).
    """
    wide, _years = _triangle(cohorts)
    values = wide.to_numpy()
    risk = np.where(np.isnan(values[:, 1:]), 0, values[:, :-1]).sum(axis=0)
    return fit_sbg_counts(risk, np.nansum(values[:, 1:], axis=0))


def fit_sbg_counts(risk: np.ndarray, kept: np.ndarray) -> StayCurve:
    """As :func:`fit_sbg`, from counts: customers at the start of each year, and those of them who stayed.

    Raises:
        PlaybookError: nobody has left or nobody has stayed.
    """
    from scipy.optimize import minimize

    lost = risk - kept
    if not lost.sum() > 0 or not kept.sum() > 0:
        raise PlaybookError(
            _("Some must have left and some must have stayed, or there is no curve to find."), where="active"
        )
    before = np.arange(len(risk), dtype=float)

    def worse(logs: np.ndarray) -> tuple[float, np.ndarray]:
        alpha, beta = np.exp(logs)
        stay, both = beta + before, alpha + beta + before
        value = kept @ np.log(stay) + lost.sum() * np.log(alpha) - risk @ np.log(both)
        slope = np.array([lost.sum() / alpha - (risk / both).sum(), (kept / stay - risk / both).sum()])
        return -value, -slope * (alpha, beta)

    start = np.log([1.0, max(kept[0], 1) / max(lost[0], 1)])
    limits = [(log(_LEAST), log(_MOST))] * 2
    found = minimize(worse, start, jac=True, method="L-BFGS-B", bounds=limits, options={"ftol": 1e-14})
    alpha, beta = np.exp(found.x)
    return StayCurve(float(alpha), float(beta), -float(found.fun))


def sbg_survival(alpha: float, beta: float, years: int) -> np.ndarray:
    """The share expected to be there after 0, 1, … ``years`` years: the product of the shares that stay.

    ``S(0) = 1``, ``S(t) = S(t-1) (beta + t - 1) / (alpha + beta + t - 1)``.

    Raises:
        PlaybookError: a parameter that is not above 0, or a negative number of years.

    Source: as :func:`fit_sbg`.
    """
    _check_curve(alpha, beta)
    if years < 0:
        raise PlaybookError(_("Years cannot be negative."), where="years")
    before = np.arange(years, dtype=float)
    return np.concatenate([[1.0], np.cumprod((beta + before) / (alpha + beta + before))])


def _check_curve(alpha: float, beta: float) -> None:
    if not (alpha > 0 and beta > 0 and isfinite(alpha) and isfinite(beta)):
        raise PlaybookError(
            _("alpha is {alpha:g} and beta {beta:g}: both must be above 0.").format(alpha=alpha, beta=beta)
        )


def lifetime_years(shares: Sequence[float] | Any, rate: float) -> float:
    """Years that a new customer is worth: what is still there, each year discounted and added up.

    ``sum_t S(t) / (1 + rate)^t`` with t = 0 for the first year, which is paid at once.

    Args:
        shares: the share still there after 0, 1, 2, … years. rate: discount a year, 0 or more.

    Raises:
        PlaybookError: a negative rate, or a share outside 0 to 1.
    """
    values = np.asarray(shares, dtype=float)
    if not rate >= 0:
        raise PlaybookError(_("The discount cannot be negative."), where="rate")
    if not ((values >= 0) & (values <= 1)).all():
        raise PlaybookError(_("A share still there lies between 0 and 1."), where="shares")
    return float((values * (1 + rate) ** -np.arange(float(len(values)))).sum())


def sbg_lifetime(alpha: float, beta: float, *, rate: float = 0.0, years: int | None = None) -> float:
    """The lifetime of the fitted curve, in years: with a discount for ever, or up to a horizon.

    Without either there is no answer: for ``alpha <= 1`` the sum grows without end.

    Args:
        alpha, beta: of the curve. rate: discount a year. years: the last year that counts; None for ever.

    Raises:
        PlaybookError: neither a rate nor a horizon.

    Source: as :func:`fit_sbg`; the discounted sum: Fader and Hardie (2010), Marketing Science 29(1).
    """
    if years is None:
        if not rate > 0:
            raise PlaybookError(
                _("Without a discount and without a last year, a lifetime has no end."),
                remedy=_("Give `rate=0.10`, or `years=10`."),
            )
        years = ceil(-log(_NOTHING) / log(1 + rate))
    return lifetime_years(sbg_survival(alpha, beta, years), rate)


def constant_lifetime(kept: float, rate: float) -> float:
    """The lifetime if the same share stayed every year: ``(1 + rate) / (1 + rate - kept)``. For contrast only.

    Args:
        kept: share that stays in a year, 0 to below 1. rate: discount a year, 0 or more.

    Raises:
        PlaybookError: a share outside these limits, or a negative rate.
    """
    if not 0 <= kept < 1 or not rate >= 0:
        raise PlaybookError(_("The share that stays lies between 0 and 1, and the discount is not negative."))
    return (1 + rate) / (1 + rate - kept)


@kept_by_content
def gate_numbers(quarters: pd.DataFrame, month_cny: float, margin: float) -> pd.DataFrame:
    """The three numbers by which a city is judged, at the end of its last quarter.

    ``payback``: months, by :func:`payback_months`, with all selling and opening costs of the year over all customers won;
    ``cover``: open offers over the next quarter's target; ``density``: managers ready over managers required.

    Args:
        quarters: ``city, quarter, selling_cost_10k, opening_cost_10k, new_customers, pipeline_10k, target_10k,
            managers_ready, managers_required``.
        month_cny: what a customer pays a month, CNY. margin: the part of it that is left, 0 to 1.

    Returns:
        By ``city`` in the order given: ``payback`` (infinite where nobody was won), ``cover``, ``density``.

    Source: pipeline coverage is a practice of the field; the three together are the course's own.
    """
    rows = []
    for city, own in quarters.groupby("city", sort=False):
        last = own.sort_values("quarter").iloc[-1]
        cost = 10_000 * (own["selling_cost_10k"].sum() + own["opening_cost_10k"].sum())
        won = own["new_customers"].sum()
        rows.append(
            {
                "city": city,
                "payback": payback_months(cost / won, month_cny, margin) if won else inf,
                "cover": last["pipeline_10k"] / last["target_10k"],
                "density": density(last["managers_ready"], last["managers_required"]),
            }
        )
    return pd.DataFrame(rows, columns=["city", "payback", "cover", "density"]).set_index("city")
