"""Response curves and mixes: the published form, equal slopes, brute force, and a solver made for it."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.channels import (
    adbudg,
    adbudg_from_judgements,
    average_cost,
    best_mix,
    break_even_guests,
    mix_wins,
    next_cost,
)

pytestmark = pytest.mark.slow


def curves(rows, names="abcdef") -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["top", "c", "half_10k"], index=list(names[: len(rows)]))


FOUR = curves([(20, 1.1, 18), (32, 1.5, 30), (36, 1.7, 38), (60, 2.2, 55)])
any_curve = st.tuples(st.floats(5, 80), st.floats(1, 2.6), st.floats(10, 80))


def by_hand(table: pd.DataFrame, budget: float, parts: int = 40) -> float:
    """The best of all mixes of at most three channels in equal steps."""
    steps = np.arange(parts + 1) * budget / parts
    wins = [adbudg(steps, row.top, row.c, row.half_10k) for row in table.itertuples()]
    one, two = np.meshgrid(np.arange(parts + 1), np.arange(parts + 1), indexing="ij")
    fits = one + two <= parts
    rest = np.where(fits, parts - one - two, 0)
    return max(
        float(np.where(fits, wins[a][one] + wins[b][two] + wins[c][rest], -1).max())
        for a, b, c in combinations(range(len(wins)), 3)
    )


def test_four_judgements_become_the_published_curve():
    d, c = adbudg_from_judgements(0.47, 1.00, 1.26, 1.52)
    assert (d, c) == pytest.approx((0.9811, 2.694), abs=0.0005)
    half = d ** (1 / c)
    assert adbudg(0.5, 1.52, c, half, 0.47) == pytest.approx(0.613, abs=0.0005)
    assert [adbudg(x, 1.52, c, half, 0.47) for x in (0, 1, 1.5)] == pytest.approx([0.47, 1.0, 1.26])
    assert adbudg(1e6, 1.52, c, half, 0.47) == pytest.approx(1.52)


def test_judgements_that_do_not_rise_are_refused():
    for four in ((0.5, 0.4, 1.2, 1.5), (0.1, 1.0, 1.6, 1.5)):
        with pytest.raises(PlaybookError, match="more money must bring more"):
            adbudg_from_judgements(*four)


@given(any_curve, st.floats(0, 200))
def test_half_of_the_top_comes_at_the_half_and_more_money_never_brings_less(curve, money):
    top, c, half = curve
    assert adbudg(half, top, c, half) == pytest.approx(top / 2)
    assert 0 <= adbudg(money, top, c, half) <= adbudg(money + 1, top, c, half) <= top


def test_money_below_zero_and_shapes_of_zero_are_refused():
    with pytest.raises(PlaybookError, match="below 0"):
        adbudg(-1, 10, 1, 10)
    with pytest.raises(PlaybookError, match="above 0"):
        adbudg(1, 10, 0, 10)


def test_the_average_is_all_money_over_all_wins():
    months = pd.DataFrame(
        {
            "channel": ["a", "a", "b"],
            "spend_10k": [1.0, 2.0, 4.0],
            "pay_10k": [3.0, 4.0, 0.0],
            "wins": [1, 4, 8],
        }
    )
    assert average_cost(months).to_dict() == {"a": 2.0, "b": 0.5}


def test_the_next_win_costs_what_a_small_step_says():
    today = {"a": 18.0, "b": 30.0}
    small = next_cost(FOUR, today, more=1e-6)
    slope_at_half = FOUR["top"] * FOUR["c"] / (4 * FOUR["half_10k"])
    assert small["a"] == pytest.approx(1 / slope_at_half["a"], rel=1e-4)
    assert small["b"] == pytest.approx(1 / slope_at_half["b"], rel=1e-4)
    assert small["d"] > 1000  # an S-curve brings nothing at first


@pytest.mark.slow
@given(st.lists(any_curve, min_size=2, max_size=4), st.floats(5, 150))
@settings(max_examples=25, deadline=None)
def test_the_mix_spends_the_budget_on_three_at_most_and_the_next_win_costs_the_same(rows, budget):
    table = curves(rows)
    mix = best_mix(table, budget)
    assert mix.spend.sum() == pytest.approx(budget)
    assert (mix.spend >= 0).all()
    used = mix.spend[mix.spend > 0]
    assert len(used) <= 3
    costs = next_cost(table.loc[used.index], used, more=budget * 1e-7)
    assert costs.to_numpy() == pytest.approx([mix.next_win] * len(used), rel=1e-3)
    assert mix.wins == pytest.approx(mix_wins(mix.spend, table))


@given(st.lists(any_curve, min_size=4, max_size=4), st.floats(5, 150))
@settings(max_examples=15, deadline=None)
def test_no_mix_tried_by_hand_is_better_and_the_best_of_them_is_close(rows, budget):
    table = curves(rows)
    found, tried = best_mix(table, budget).wins, by_hand(table, budget)
    assert tried <= found + 1e-9
    assert found <= tried * 1.02


@pytest.mark.long
@pytest.mark.parametrize("budget", [12.0, 40.0, 60.0, 110.0])
def test_a_solver_that_starts_anywhere_finds_nothing_better(budget):
    from scipy.optimize import minimize

    found = best_mix(FOUR, budget, most=4)
    rng = np.random.default_rng(int(budget))
    best = 0.0
    for start in rng.dirichlet(np.ones(4), 40) * budget:
        solved = minimize(
            lambda x: -mix_wins(pd.Series(np.maximum(x, 0), FOUR.index), FOUR),
            start,
            bounds=[(0, budget)] * 4,
            constraints={"type": "eq", "fun": lambda x: x.sum() - budget},
            method="SLSQP",
        )
        best = max(best, -solved.fun)
    assert found.wins == pytest.approx(best, rel=1e-5)


def test_a_channel_that_is_left_below_its_bend_is_found():
    """A small rest is worth more in the slow start of an S than in a full channel."""
    table = curves([(10, 2.5, 10), (30, 1.05, 40)])
    found = best_mix(table, 30)
    money = np.linspace(0, 30, 60001)
    tried = adbudg(money, 10, 2.5, 10) + adbudg(30 - money, 30, 1.05, 40)
    assert found.wins == pytest.approx(tried.max(), rel=1e-8)
    assert found.spend["a"] == pytest.approx(money[tried.argmax()], abs=0.01)


def test_fewer_channels_never_bring_more():
    wins = [best_mix(FOUR, 60, most=most).wins for most in (1, 2, 3, 4)]
    assert wins == sorted(wins)


def test_nothing_to_share_is_refused():
    for table, budget in ((FOUR, 0), (FOUR.iloc[:0], 10)):
        with pytest.raises(PlaybookError, match="nothing to share"):
            best_mix(table, budget)
    with pytest.raises(PlaybookError, match="the curves come first"):
        best_mix(10, FOUR)
    with pytest.raises(PlaybookError, match="a shape is below 1"):
        best_mix(FOUR.assign(c=0.8), 10)


@given(st.floats(1000, 50000), st.floats(0, 500), st.floats(0.01, 0.2), st.floats(20000, 90000))
def test_at_break_even_a_salons_win_costs_no_more_and_one_guest_fewer_is_dearer(hall, guest, share, win):
    if share * win - guest < 1:
        return
    count = break_even_guests(hall, guest, share, win)
    assert (hall + guest * count) / (share * count) <= win * (1 + 1e-6)
    if count > 1:
        assert (hall + guest * (count - 1)) / (share * (count - 1)) > win * (1 - 1e-6)


def test_guests_that_cost_more_than_they_bring_never_break_even():
    with pytest.raises(PlaybookError, match="no number of guests is enough"):
        break_even_guests(10000, 500, 0.01, 40000)
