"""Phases and lags: the rule edge by edge, planted lags found again, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.phases import (
    PHASES,
    best_lag,
    city_signs,
    lag_correlations,
    lagged,
    phase_of,
    phases_of,
    verdicts,
)


def months(city="P1", count=9, **columns) -> pd.DataFrame:
    """A city's months that stand still, but for the columns that are given."""
    plain = {
        "city_id": city,
        "month": range(1, count + 1),
        "sellers": 5,
        "visits": 500,
        "ab_stock": 60,
        "bookings_10k": 10.0,
        "cost_10k": 12.0,
        "wins_talk": 4,
        "wins_referral": 1,
        "wins_salon": 0,
        "wins_peer": 0,
    }
    return pd.DataFrame(plain | columns)


@pytest.mark.parametrize(
    ("stock", "rise", "beyond", "found"),
    [
        (99, 1.24, 0.49, "sow"),
        (100, 1.24, 0.49, "cultivate"),
        (100, 1.25, 0.49, "grow"),
        (99, 1.25, 0.49, "grow"),
        (20, 0.5, 0.5, "harvest"),
        (300, 3.0, 0.9, "harvest"),
    ],
)
def test_the_last_rule_that_holds_names_the_phase(stock, rise, beyond, found):
    assert phase_of(stock, rise, beyond) == found


@given(st.floats(0, 500), st.floats(0, 5), st.floats(0, 1))
def test_more_of_any_sign_never_leads_to_an_earlier_phase(stock, rise, beyond):
    now = PHASES.index(phase_of(stock, rise, beyond))
    assert PHASES.index(phase_of(stock + 50, rise, beyond)) >= now
    assert PHASES.index(phase_of(stock, rise + 1, beyond)) >= now
    assert PHASES.index(phase_of(stock, rise, min(beyond + 0.3, 1))) >= now


def test_signs_are_those_of_the_last_two_quarters():
    table = months(
        sellers=[2, 3, 4, 5, 5, 6, 6, 6, 6],
        ab_stock=[10, 20, 30, 40, 50, 60, 70, 80, 90],
        bookings_10k=[0, 1, 2, 3, 4, 5, 6, 7, 8],
        wins_salon=[9, 9, 9, 9, 9, 9, 1, 2, 3],
    )
    (row,) = city_signs(table.sample(frac=1, random_state=1)).to_dict("records")
    assert row == {
        "city_id": "P1",
        "month": 9,
        "full_since": 6,
        "ab_stock": 90,
        "ab_before": 60,
        "bookings": 21.0,
        "bookings_before": 12.0,
        "cost": 36.0,
        "wins": 21,
        "wins_talk": 12,
    }
    named = phases_of(city_signs(table)).iloc[0]
    assert (named["rise"], round(named["beyond"], 3), named["phase"]) == (1.75, 0.429, "grow")


def test_a_city_of_less_than_two_quarters_is_named():
    with pytest.raises(PlaybookError, match="P9 has 5 months"):
        city_signs(months("P9", 5))


@pytest.mark.parametrize("lag", range(6))
def test_a_planted_lag_is_found_again(lag):
    visits = np.random.default_rng(lag).uniform(300, 700, 40)
    weights = np.zeros(6)
    weights[lag] = 1
    assert best_lag(visits, lagged(visits, weights)) == lag


def test_correlations_are_those_of_columns_pushed_down():
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"visits": rng.uniform(300, 700, 24), "bookings": rng.uniform(10, 40, 24)})
    ours = lag_correlations(table["visits"], table["bookings"])
    theirs = [table["visits"].shift(lag).corr(table["bookings"]) for lag in range(6)]
    assert ours.to_numpy() == pytest.approx(theirs)


def test_correlations_are_those_of_a_library_made_for_them():
    from scipy.stats import pearsonr

    rng = np.random.default_rng(6)
    visits, bookings = rng.uniform(0, 1, 30), rng.uniform(0, 1, 30)
    for lag, found in lag_correlations(visits, bookings).items():
        assert found == pytest.approx(pearsonr(visits[: 30 - lag], bookings[lag:])[0])


@given(st.floats(0.1, 50), st.floats(-100, 100))
def test_a_lag_does_not_hang_on_the_unit(scale, shift):
    rng = np.random.default_rng(7)
    visits = rng.uniform(300, 700, 24)
    bookings = lagged(visits, [0.1, 0.2, 0.4, 0.3]) + rng.normal(0, 5, 24)
    assert best_lag(visits, bookings * scale + shift) == best_lag(visits, bookings)


def test_of_equal_correlations_the_shortest_lag_is_meant():
    visits = [1, 2] * 10
    assert best_lag(visits, visits) == 0


def test_series_that_tell_no_lag_are_named():
    with pytest.raises(PlaybookError, match="two series of at least 8 months"):
        lag_correlations([1, 2, 3], [1, 2, 3])
    with pytest.raises(PlaybookError, match="never changes"):
        lag_correlations(range(20), [1] * 20)


@given(
    st.lists(st.floats(0, 1000), min_size=1, max_size=30), st.lists(st.floats(0, 1), min_size=1, max_size=6)
)
def test_no_visit_counts_before_it_was_made_and_none_twice(visits, weights):
    found = lagged(visits, weights)
    assert len(found) == len(visits)
    assert found[0] == pytest.approx(visits[0] * weights[0])
    assert found.sum() <= sum(visits) * sum(weights) + 1e-6


@pytest.mark.parametrize(
    ("stock", "cost", "lag", "said"),
    [
        (88, 12.0, 3, "continue"),  # the stock grew by a tenth, and month 7 + 3 lies ahead
        (87, 12.0, 3, "hold"),
        (88, 12.0, 2, "hold"),
        (87, 12.0, 2, "stop"),
        (87, 10.0, 2, "hold"),  # the bookings reach the cost
    ],
)
def test_two_signs_make_a_verdict(stock, cost, lag, said):
    table = months(
        sellers=[1, 1, 1, 2, 2, 2, 5, 5, 5],
        ab_stock=[80] * 6 + [82, 85, stock],
        cost_10k=cost,
    )
    found = verdicts(city_signs(table), lag).iloc[0]
    assert (found["due"], found["verdict"]) == (7 + lag, said)
    assert found["growth"] == stock / 80
