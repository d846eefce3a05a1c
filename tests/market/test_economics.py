"""Unit economics: published fits, the edges, brute force, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import betaln

from playbook.errors import PlaybookError
from playbook.market.economics import (
    cohort_survival,
    constant_lifetime,
    fit_sbg,
    lifetime_years,
    magic_number,
    payback_months,
    sbg_lifetime,
    sbg_survival,
)

#: Of 1,000 customers, those still there after 1 to 7 years, and after 8 to 12 (Fader and Hardie 2007).
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]


def one_cohort(survivors) -> pd.DataFrame:
    return pd.DataFrame({"start_year": 0, "year": range(len(survivors)), "active": survivors})


def triangle(*cohorts) -> pd.DataFrame:
    rows = [
        (start, year, active) for start, cohort in enumerate(cohorts) for year, active in enumerate(cohort)
    ]
    return pd.DataFrame(rows, columns=["start_year", "year", "active"])


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.2), (REGULAR, 0.704, 1.182, -1680.3)],
)
def test_the_published_customers_give_the_published_curve(survivors, alpha, beta, likelihood):
    curve = fit_sbg(one_cohort(survivors))
    assert curve.alpha == pytest.approx(alpha, abs=0.0006)
    assert curve.beta == pytest.approx(beta, abs=0.0006)
    assert curve.likelihood == pytest.approx(likelihood, abs=0.06)


@pytest.mark.parametrize(
    ("survivors", "later"),
    [(HIGH_END, [46.0, 43.6, 41.4, 39.5, 37.8]), (REGULAR, [22.0, 20.4, 19.1, 18.0, 17.0])],
)
def test_the_published_curve_goes_on_as_published(survivors, later):
    curve = fit_sbg(one_cohort(survivors))
    np.testing.assert_allclose(100 * curve.expected(12)["share"][8:], later, atol=0.06)


@pytest.mark.parametrize(("survivors", "years", "constant"), [(HIGH_END, 5.92, 4.41), (REGULAR, 3.69, 2.32)])
def test_the_first_years_churn_understates_the_lifetime_by_a_quarter_to_a_third(survivors, years, constant):
    curve = fit_sbg(one_cohort(survivors))
    found = sbg_lifetime(curve.alpha, curve.beta, rate=0.10)
    assert found == pytest.approx(years, abs=0.006)
    same_every_year = constant_lifetime(curve.expected(1)["share"][1], 0.10)
    assert same_every_year == pytest.approx(constant, abs=0.006)
    assert 0.25 < 1 - same_every_year / found < 0.38


@given(st.floats(0.05, 20), st.floats(0.05, 50), st.integers(0, 40))
def test_the_share_still_there_is_the_ratio_of_two_beta_functions(alpha, beta, years):
    peer = np.exp(betaln(alpha, beta + np.arange(years + 1)) - betaln(alpha, beta))
    np.testing.assert_allclose(sbg_survival(alpha, beta, years), peer, rtol=1e-8)


@given(st.floats(0.2, 3), st.floats(0.5, 8))
@settings(max_examples=25, deadline=None)
def test_a_curve_is_found_again_in_the_customers_that_it_expects(alpha, beta):
    customers = 1e6 * sbg_survival(alpha, beta, 8)
    curve = fit_sbg(one_cohort(customers))
    np.testing.assert_allclose([curve.alpha, curve.beta], [alpha, beta], rtol=1e-3)


def test_cohorts_of_unequal_age_count_with_the_years_that_they_have_come_to():
    table = triangle([400, 330, 290, 262], [300, 246, 214], [500, 418])
    curve = fit_sbg(table)

    def worse(logs):  # by the chances of leaving in each year, as the paper writes it
        alpha, beta = np.exp(logs)
        total = 0.0
        for _start, rows in table.groupby("start_year"):
            active = rows["active"].to_numpy(float)
            stay = np.exp(betaln(alpha, beta + np.arange(len(active))) - betaln(alpha, beta))
            total += (-np.diff(active)) @ np.log(-np.diff(stay)) + active[-1] * np.log(stay[-1])
        return -total

    peer = minimize(
        worse,
        [0.0, 1.0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 4000},
    )
    np.testing.assert_allclose([curve.alpha, curve.beta], np.exp(peer.x), rtol=1e-3)
    assert curve.likelihood == pytest.approx(-peer.fun, abs=1e-6)


def test_customers_who_are_all_alike_leave_at_the_same_rate_every_year():
    customers = 1e6 * 0.8 ** np.arange(7)
    kept = fit_sbg(one_cohort(customers)).expected(6)["share"]
    np.testing.assert_allclose(kept, 0.8 ** np.arange(7), atol=1e-3)


def test_only_cohorts_that_are_old_enough_count():
    found = cohort_survival(triangle([100, 80, 70], [300, 210], [500])).set_index("year")
    assert found["started"].tolist() == [900, 400, 100]
    assert found["share"].tolist() == [1, 290 / 400, 0.7]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table.drop(columns="year"), "Missing: year"),
        (lambda table: pd.concat([table, table]), "stands twice"),
        (lambda table: table[table["year"] > 0], "its start, year 0"),
        (lambda table: table[table["year"] != 1], "its start, year 0"),
        (lambda table: table.assign(active=[100, 120, 70, 300, 210]), "cannot grow"),
        (lambda table: table.drop(index=1), "no year may be left out"),
    ],
)
def test_a_table_that_is_no_table_of_cohorts_is_refused_in_words(change, said):
    table = triangle([100, 80, 70], [300, 210])
    for function in (cohort_survival, fit_sbg):
        with pytest.raises(PlaybookError, match=said):
            function(change(table))


@pytest.mark.parametrize("customers", [[100, 100, 100], [100, 0, 0], [100]])
def test_where_nobody_left_or_nobody_stayed_there_is_no_curve(customers):
    with pytest.raises(PlaybookError, match="no curve to find"):
        fit_sbg(one_cohort(customers))


def test_a_lifetime_needs_a_discount_or_a_last_year():
    with pytest.raises(PlaybookError, match="has no end"):
        sbg_lifetime(0.7, 3.8)
    assert sbg_lifetime(0.7, 3.8, years=10) == pytest.approx(sbg_survival(0.7, 3.8, 10).sum())
    ends = [sbg_lifetime(0.7, 3.8, years=years) for years in (100, 1000, 10000)]
    assert ends[1] > 1.5 * ends[0]
    assert ends[2] > 1.5 * ends[1]


@given(st.floats(0.1, 3), st.floats(0.2, 9), st.floats(0.02, 0.4))
def test_for_ever_is_what_a_long_sum_comes_to(alpha, beta, rate):
    weights = (1 + rate) ** -np.arange(4001.0)
    long = float((sbg_survival(alpha, beta, 4000) * weights).sum())
    assert sbg_lifetime(alpha, beta, rate=rate) == pytest.approx(long, rel=1e-8)


@given(st.floats(0.1, 3), st.floats(0.2, 9), st.floats(0.02, 0.4))
def test_the_first_years_churn_for_ever_never_overstates(alpha, beta, rate):
    first = float(sbg_survival(alpha, beta, 1)[1])
    assert constant_lifetime(first, rate) <= sbg_lifetime(alpha, beta, rate=rate) + 1e-9


@given(st.floats(0, 0.99), st.floats(0.01, 1))
def test_a_constant_share_is_a_geometric_sum(kept, rate):
    years = kept ** np.arange(3000.0)
    assert constant_lifetime(kept, rate) == pytest.approx(lifetime_years(years, rate), rel=1e-6)


def test_a_customer_is_paid_back_from_margin_not_from_revenue():
    assert payback_months(18_000, 2_000, 0.75) == 12
    assert payback_months(18_000, 2_000, 1) == 9
    assert payback_months(0, 2_000, 0.5) == 0


def test_a_yuan_of_the_last_quarter_buys_growth_of_this_one():
    assert magic_number(100, 130, 80) == 1.5
    assert magic_number(130, 100, 80) == -1.5


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: payback_months(-1, 2_000, 0.7), "less than nothing"),
        (lambda: payback_months(1, 0, 0.7), "pays nothing"),
        (lambda: payback_months(1, 2_000, 78), "between 0 and 1"),
        (lambda: magic_number(1, 2, 0), "nothing to divide by"),
        (lambda: lifetime_years([1, 0.8], -0.1), "cannot be negative"),
        (lambda: lifetime_years([1, 80], 0.1), "between 0 and 1"),
        (lambda: sbg_survival(0, 1, 5), "must be above 0"),
        (lambda: sbg_survival(1, 1, -1), "Years cannot be negative"),
        (lambda: constant_lifetime(1.0, 0.1), "lies between 0 and 1"),
    ],
)
def test_what_cannot_be_is_refused_in_words(call, said):
    with pytest.raises(PlaybookError, match=said):
        call()
