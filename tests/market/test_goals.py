"""Goals and forecasts: published values, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.goals import (
    at_risk,
    control_limits,
    days_left,
    largest_remainder,
    light_of,
    projection,
    straight_share,
    to_talk_to,
    usual_share,
    working_days,
)


def test_ten_seats_are_shared_out_as_in_the_published_example():
    votes = pd.Series([47_000, 16_000, 15_900, 12_000, 6_000, 3_100], index=list("ABCDEF"))
    assert largest_remainder(votes, 10).tolist() == [5, 2, 1, 1, 1, 0]


weights = st.lists(st.floats(0.1, 10), min_size=1, max_size=30)


@given(weights, st.integers(0, 500))
@settings(deadline=None)
def test_parts_are_whole_add_up_and_lie_within_one_of_the_quota(weight, total):
    weight = pd.Series(weight)
    part = largest_remainder(weight, total)
    assert part.sum() == total
    assert ((part - total * weight / weight.sum()).abs() < 1 + 1e-6).all()


@given(weights, st.integers(0, 500), st.floats(0.5, 8))
@settings(deadline=None)
def test_only_proportions_of_weights_count(weight, total, factor):
    weight = pd.Series([round(one, 1) for one in weight])
    same, other = largest_remainder(weight, total), largest_remainder(weight * factor, total)
    assert same.sum() == other.sum()
    assert (same - other).abs().max() <= 1


def test_of_equal_remainders_the_first_gets_the_odd_one():
    assert largest_remainder(pd.Series([1, 1, 1]), 4).tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    ("weight", "total"), [([], 3), ([0, 0], 3), ([1, -1], 3), ([1, None], 3), ([1, 1], 2.5)]
)
def test_what_cannot_be_shared_out_is_said(weight, total):
    with pytest.raises(PlaybookError, match="shar"):
        largest_remainder(pd.Series(weight, dtype=float), total)


CALENDAR = pd.DataFrame({"date": pd.date_range("2025-09-01", "2025-10-31")})
CALENDAR["workday"] = CALENDAR["date"].dt.weekday < 5
CALENDAR.loc[CALENDAR["date"] == "2025-09-28", "workday"] = True
CALENDAR.loc[CALENDAR["date"].between("2025-10-01", "2025-10-08"), "workday"] = False


def test_the_day_itself_is_not_left_and_a_worked_sunday_is():
    assert days_left(CALENDAR, "2025-09-18") == 9
    assert days_left(CALENDAR, "2025-09-30") == 0
    assert len(working_days(CALENDAR, "2025-10-01", "2025-10-08")) == 0


def test_a_calendar_that_ends_too_early_is_said():
    with pytest.raises(PlaybookError, match="does not know all days from"):
        working_days(CALENDAR, "2025-10-20", "2025-11-02")


def test_the_usual_share_is_the_mean_of_past_months_with_as_many_days_left():
    past = pd.DataFrame({"days_left": [1, 0, 1, 0], "share": [0.7, 1.0, 0.8, 1.0]})
    assert usual_share(past, 1) == pytest.approx(0.75)
    with pytest.raises(PlaybookError, match="no past month"):
        usual_share(past, 9)


@given(st.integers(1, 25), st.integers(0, 25), st.integers(0, 300))
def test_with_flat_weights_the_projection_is_the_straight_line(gone, left, booked):
    assert projection(booked, straight_share(gone, left)) == pytest.approx(booked / gone * (gone + left))


@pytest.mark.parametrize("share", [0, -0.1, 1.2, 40])
def test_a_share_that_cannot_be_is_said(share):
    with pytest.raises(PlaybookError, match="cannot be booked"):
        projection(10, share)


@pytest.mark.parametrize(
    ("forecast", "colour"),
    [(120, "green"), (95, "green"), (94.9, "amber"), (85, "amber"), (84.9, "red"), (0, "red")],
)
def test_a_light_changes_at_its_edge(forecast, colour):
    assert light_of(forecast, 100) == colour


def test_at_risk_is_who_is_slow_and_has_too_little_on_the_way():
    board = pd.DataFrame(
        {"seller": ["Slow", "Saved", "Fine"], "target": [10, 10, 10], "booked": [2, 2, 5], "a": [4, 16, 0]}
    )
    found = at_risk(board, 0.4, {"a": 0.5})
    assert found["at_risk"].tolist() == [True, False, False]
    assert found["projected"].tolist() == [5, 5, 12.5]
    assert found["gap"].tolist() == [8, 8, 5]


def test_talked_to_is_whom_both_shares_name():
    reports = pd.DataFrame(
        {
            "visits_reported": [100, 100, 100],
            "visits_found": [70, 70, 90],
            "days_reported": [10, 10, 10],
            "round_days": [7, 5, 9],
        }
    )
    assert to_talk_to(reports)["talk"].tolist() == [True, False, False]


def test_limits_use_the_factors_of_wheelers_chart():
    limits = control_limits([10, 12, 10, 12])
    assert limits.moving_range == 2
    assert (limits.high - limits.mean) / limits.moving_range == pytest.approx(2.66, abs=0.002)
    assert limits.range_high / limits.moving_range == pytest.approx(3.27, abs=0.005)
    with pytest.raises(PlaybookError, match="two values"):
        control_limits([1])


def test_hardly_any_value_of_steady_noise_lies_outside_the_limits():
    values = np.random.default_rng(7).normal(50, 4, 4000)
    limits = control_limits(values)
    assert np.mean((values < limits.low) | (values > limits.high)) < 0.006
