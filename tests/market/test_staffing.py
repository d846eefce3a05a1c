"""Staffing: the textbook's workload, the ramp, cohorts against a crowd moved month by month, packages, promotions."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from playbook.errors import PlaybookError
from playbook.market.staffing import (
    capacity_by_month,
    cohort_table,
    fit_ramp,
    hire_worth,
    latest_hire,
    option_payout,
    package,
    quit_rate,
    ramp,
    ramp_month,
    ramp_table,
    ready_month,
    stack_cohorts,
    workload_reps,
)

pytestmark = pytest.mark.slow

MONTHS = pd.RangeIndex(1, 13)
levels = st.lists(st.floats(0, 1), min_size=12, max_size=12).map(lambda v: pd.Series(v, index=MONTHS))
plans = st.lists(st.integers(0, 12), min_size=12, max_size=12).map(lambda v: pd.Series(v, index=MONTHS))


def test_the_textbooks_company_needs_sixty_sellers():
    # Kotler's example: 1,000 accounts visited 36 times, 2,000 visited 12 times, 1,000 visits a seller.
    plan = pd.DataFrame({"accounts": [1000, 2000], "calls_year": [36, 12], "minutes": 60})
    assert workload_reps(plan, 1000) == 60


def test_minutes_are_counted_in_hours_and_no_hours_are_refused():
    plan = pd.DataFrame({"accounts": [100], "calls_year": [12], "minutes": [45]})
    assert workload_reps(plan, 900) == pytest.approx(1)
    with pytest.raises(PlaybookError, match="visits nobody"):
        workload_reps(plan, 0)


@pytest.mark.parametrize(("half", "ready", "first"), [(3.5, 5.16, 0.051), (5.5, 7.16, 0.010)])
def test_eighty_per_cent_come_after_the_months_of_the_practice(half, ready, first):
    assert ramp_month(half) == pytest.approx(ready, abs=0.005)
    assert float(ramp(0, half)) == pytest.approx(first, abs=0.0006)
    assert float(ramp(ramp_month(half), half)) == pytest.approx(0.8)


@given(st.floats(-5, 30), st.floats(0, 12), st.floats(0.3, 4))
def test_the_ramp_is_the_logistic_curve_of_the_library(month, half, spread):
    assert float(ramp(month, half, spread)) == pytest.approx(float(expit((month - half) / spread)))


@given(st.floats(1.5, 8), st.floats(0.6, 2.5))
@settings(max_examples=25, deadline=None)
def test_a_ramp_is_found_again_from_its_own_points(half, spread):
    month = np.arange(1, 19)
    assert fit_ramp(month, ramp(month, half, spread)) == pytest.approx((half, spread), rel=1e-3)


def test_no_other_ramp_comes_closer_to_measured_shares():
    rng = np.random.default_rng(3)
    month = np.arange(1, 16)
    share = ramp(month, 4.2, 1.4) + rng.normal(0, 0.05, len(month))

    def off(half, spread):
        return float(((share - ramp(month, half, spread)) ** 2).sum())

    found = off(*fit_ramp(month, share))
    assert found <= min(off(a, b) for a in np.arange(2, 7, 0.05) for b in np.arange(0.5, 3, 0.05)) + 1e-9


def test_two_months_tell_no_ramp():
    with pytest.raises(PlaybookError, match="2 months"):
        fit_ramp(np.array([1, 2]), np.array([0.1, 0.2]))


def test_the_first_month_at_eighty_per_cent_is_told_by_group():
    months = pd.DataFrame(
        [
            ("with", 1, 1.0),
            ("with", 2, 3.0),
            ("with", 2, 3.6),
            ("with", 3, 4.0),
            ("without", 1, 0.5),
            ("without", 2, 2.0),
            ("without", 3, 3.2),
        ],
        columns=["beside", "service_month", "bookings_10k"],
    )
    curve = ramp_table(months, "beside")
    assert curve.loc[2, "with"] == pytest.approx(3.3)
    assert ready_month(curve, 4.0).to_dict() == {"with": 2, "without": 3}
    with pytest.raises(PlaybookError, match="without: no month reaches 80%"):
        ready_month(curve, 4.2)


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1), st.integers(3, 40))
@settings(max_examples=25, deadline=None)
def test_the_rate_of_leaving_is_that_of_a_poisson_model(seed, people):
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    rng = np.random.default_rng(seed)
    worked = rng.integers(1, 25, people)
    left = rng.random(people) < 0.4
    left[0] = True
    day = pd.Series(pd.to_datetime(np.where(left, "2025-01-01", None)))
    model = GLM(left.astype(float), np.ones((people, 1)), family=Poisson(), exposure=worked).fit()
    assert quit_rate(day, int(worked.sum())) == pytest.approx(float(np.exp(model.params[0])), rel=1e-6)


@given(plans, levels, st.floats(0, 0.3))
def test_a_cohort_table_is_everybody_moved_on_month_by_month(hires, level, quits):
    found = capacity_by_month(hires, level, quits)
    for month in MONTHS:
        there = sum(
            people * (1 - quits) ** (month - start) * level[month - start + 1]
            for start, people in hires.items()
            if start <= month
        )
        assert found[month] == pytest.approx(there, abs=1e-9)


@given(plans, levels, st.floats(0, 0.3))
def test_stacking_is_the_convolution_of_hires_and_worth(hires, level, quits):
    from scipy.signal import fftconvolve

    worth = hire_worth(level, quits)
    theirs = fftconvolve(hires.to_numpy(float), worth.to_numpy(float))[: len(hires)]
    np.testing.assert_allclose(stack_cohorts(hires, worth), theirs, atol=1e-8)


def test_ten_who_are_ready_at_once_and_stay_are_ten_every_month():
    hires = pd.Series([10, *[0] * 11], index=MONTHS)
    assert (capacity_by_month(hires, pd.Series(1.0, index=MONTHS), 0) == 10).all()


def test_a_cohort_that_hires_nobody_is_no_column():
    hires = pd.Series([4, 0, 2], index=[1, 2, 3])
    worth = pd.Series([0.1, 0.5, 0.9], index=[1, 2, 3])
    table = cohort_table(hires, worth)
    assert list(table.columns) == [1, 3]
    assert table.loc[3].tolist() == pytest.approx([3.6, 0.2])
    with pytest.raises(PlaybookError, match="3 months to plan and 2 months of service"):
        cohort_table(hires, worth.head(2))


@given(levels, st.floats(0.1, 9), st.integers(1, 15), st.integers(1, 12))
def test_the_last_month_to_hire_is_the_last_that_closes_the_gap(worth, gap, people, month):
    found = latest_hire(gap, people, worth, month)
    closes = {start: people * worth[month - start + 1] >= gap - 1e-9 for start in range(1, month + 1)}
    assert found == max([start for start, enough in closes.items() if enough], default=0)


def test_a_package_is_earned_back_by_margin_less_what_it_costs():
    found = package(60_000, 8_000, 40_000, 0.7)
    assert (found.monthly_cny, found.earned_cny, found.months) == (8_000, 20_000, 3.0)
    assert package(60_000, 8_000, 40_000, 0.7, tilt=0.05).months == pytest.approx(60 / 18)
    assert package(60_000, 30_000, 40_000, 0.7).months == math.inf


def test_the_seller_of_2003_would_have_kept_nine_tenths():
    assert option_payout(1_000_000, 1_000_000, 20_000, False) == 20_000
    assert option_payout(910_000, 1_000_000, 20_000, True) == pytest.approx(18_200)
    assert option_payout(900_000, 1_000_000, 20_000, True) == 0
    assert option_payout(910_000, 1_000_000, 20_000, False) == 0


@given(st.floats(0, 3e6), st.floats(1e5, 2e6), st.integers(1, 50_000), st.booleans())
def test_nobody_gets_more_than_all_and_a_promotion_never_costs_any(sold, goal, options, promoted):
    paid = option_payout(sold, goal, options, promoted)
    assert 0 <= paid <= options
    assert option_payout(sold, goal, options, True) >= option_payout(sold, goal, options, False)
