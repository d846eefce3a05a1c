"""Choosing a few that reach many: against brute force, and against what must always hold."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.selection import (
    GREEDY_SHARE,
    best_selection,
    coverage_curve,
    coverage_value,
    greedy_selection,
    own_coverage,
)


def tables(matrix, worth):
    covered = pd.DataFrame(np.asarray(matrix, dtype=bool))
    covered.index = [f"c{row}" for row in covered.index]
    covered.columns = [f"p{column}" for column in covered.columns]
    return covered, pd.Series(worth, index=covered.columns, dtype=float)


def brute_force(covered, value, k=None, cost=None, budget=None, eligible=None):
    """The most that any allowed subset covers, by trying all of them."""
    rows = [row for row in covered.index if eligible is None or eligible[row]]
    best = 0.0
    for size in range(len(rows) + 1):
        for subset in combinations(rows, size):
            if k is not None and size > k:
                continue
            if budget is not None and sum(cost[row] for row in subset) > budget + 1e-9:
                continue
            best = max(best, coverage_value(covered, value, subset))
    return best


@st.composite
def problems(draw, rows=7, columns=8):
    n, m = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    matrix = draw(st.lists(st.lists(st.booleans(), min_size=m, max_size=m), min_size=n, max_size=n))
    worth = draw(st.lists(st.integers(0, 50), min_size=m, max_size=m))
    return tables(matrix, worth)


@st.composite
def limits(draw, covered):
    index = covered.index
    numbers = st.lists(st.integers(1, 9), min_size=len(index), max_size=len(index))
    return {
        "cost": pd.Series(draw(numbers), index=index, dtype=float) / 2,
        "budget": draw(st.integers(0, 14)) / 2,
        "eligible": pd.Series(
            draw(st.lists(st.booleans(), min_size=len(index), max_size=len(index))), index=index
        ),
    }


# A: two specialists beat the generalist only together; greedy starts with the generalist.
TRAP = tables([[1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 1, 0], [0, 0, 1, 1, 0, 1]], [1, 1, 1, 1, 1, 1])


def test_what_two_cover_counts_once():
    covered, value = tables([[1, 1, 0], [0, 1, 1]], [10, 20, 40])
    assert coverage_value(covered, value, ["c0", "c1"]) == 70
    assert own_coverage(covered, value).tolist() == [30, 60]


def test_the_curve_starts_at_zero_and_adds_the_gains():
    covered, value = tables([[1, 1, 0], [0, 1, 1]], [10, 20, 40])
    curve = coverage_curve(covered, value, ["c0", "c1"])
    assert curve["gain"].tolist() == [0, 30, 40]
    assert curve["covered_value"].tolist() == [0, 30, 70]
    assert curve["share"].tolist() == pytest.approx([0, 3 / 7, 1])


def test_greedy_falls_into_the_trap_that_the_exact_choice_avoids():
    covered, value = TRAP
    assert greedy_selection(covered, value, k=2).covered_value == 5
    best = best_selection(covered, value, k=2)
    assert set(best.chosen) == {"c1", "c2"}
    assert best.covered_value == 6


def test_of_two_that_add_the_same_the_first_is_taken():
    covered, value = tables([[0, 1], [1, 0], [1, 0]], [5, 5])
    assert greedy_selection(covered, value, k=1).chosen == ("c0",)


def test_greedy_stops_when_nobody_adds_anything():
    covered, value = tables([[1, 1], [1, 0]], [5, 5])
    assert greedy_selection(covered, value, k=2).chosen == ("c0",)


def test_greedy_under_a_budget_takes_the_best_single_where_that_is_more():
    # The cheap one has the better rate, but leaves no money for the one that covers everything.
    covered, value = tables([[1, 0], [0, 1]], [2, 10])
    cost = pd.Series({"c0": 1.0, "c1": 10.0})
    selection = greedy_selection(covered, value, cost=cost, budget=10.0)
    assert (selection.chosen, selection.covered_value, selection.cost) == (("c1",), 10.0, 10.0)


def test_an_empty_choice_covers_nothing():
    covered, value = TRAP
    assert coverage_value(covered, value, []) == 0
    assert best_selection(covered, value, k=0).chosen == ()


def test_prospects_without_value_need_no_solver():
    covered, value = tables([[1, 1]], [0, 0])
    assert best_selection(covered, value, k=1).covered_value == 0


@given(problems(), st.integers(1, 4))
def test_greedy_keeps_its_promise_and_the_exact_choice_is_the_best(problem, k):
    covered, value = problem
    optimum = brute_force(covered, value, k=k)
    greedy = greedy_selection(covered, value, k=k)
    assert optimum * GREEDY_SHARE - 1e-9 <= greedy.covered_value <= optimum + 1e-9
    assert best_selection(covered, value, k=k).covered_value == pytest.approx(optimum)


@pytest.mark.slow
@given(st.data())
@settings(max_examples=60)
def test_under_every_rule_the_exact_choice_is_the_best_and_both_obey(data):
    covered, value = data.draw(problems())
    rules = data.draw(limits(covered))
    optimum = brute_force(covered, value, **rules)
    best = best_selection(covered, value, **rules)
    greedy = greedy_selection(covered, value, **rules)
    assert best.covered_value == pytest.approx(optimum)
    assert greedy.covered_value <= optimum + 1e-9
    for selection in (best, greedy):
        chosen = list(selection.chosen)
        assert rules["eligible"][chosen].all()
        assert rules["cost"][chosen].sum() == pytest.approx(selection.cost)
        assert selection.cost <= rules["budget"] + 1e-9
        assert coverage_value(covered, value, chosen) == pytest.approx(selection.covered_value)


@given(problems(), st.data())
def test_coverage_never_falls_and_gains_never_rise(problem, data):
    covered, value = problem
    rows = st.sets(st.sampled_from(list(covered.index)))
    small = data.draw(rows)
    large = small | data.draw(rows)
    newcomer = data.draw(st.sampled_from(list(covered.index)))

    def gain(held):
        return coverage_value(covered, value, [*held, newcomer]) - coverage_value(covered, value, held)

    assert coverage_value(covered, value, small) <= coverage_value(covered, value, large)
    assert gain(small) >= gain(large) - 1e-9 >= -1e-9


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_winning_does_not_change_where_the_curve_ends(problem, random):
    covered, value = problem
    order = list(covered.index)
    straight = coverage_curve(covered, value, order)["covered_value"]
    random.shuffle(order)
    shuffled = coverage_curve(covered, value, order)["covered_value"]
    assert shuffled.iloc[-1] == pytest.approx(straight.iloc[-1])
    assert (shuffled.diff().dropna() >= 0).all()


def test_a_city_of_sixty_candidates_and_four_hundred_prospects_is_solved():
    rng = np.random.default_rng(7)
    covered, value = tables(rng.random((60, 400)) < 0.06, rng.integers(6, 60, 400))
    cost = pd.Series(rng.integers(3, 17, 60).astype(float), index=covered.index)
    best = best_selection(covered, value, cost=cost, budget=60.0)
    greedy = greedy_selection(covered, value, cost=cost, budget=60.0)
    assert best.covered_value >= greedy.covered_value > 0
    assert best.cost <= 60


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "nothing limits"),
        ({"budget": 3.0}, "needs costs"),
        ({"k": -1}, "k is -1"),
        ({"k": 1.5}, "k is 1.5"),
        ({"cost": pd.Series({"c0": 1.0}), "budget": 3.0}, "c1 has no cost"),
        ({"cost": pd.Series({"c0": 1.0, "c1": 0.0, "c2": 1.0}), "budget": 3.0}, "zero or negative"),
        ({"cost": pd.Series({"c0": 1.0, "c1": 1.0, "c2": 1.0}), "budget": float("nan")}, "budget is nan"),
    ],
)
@pytest.mark.parametrize("choose", [greedy_selection, best_selection])
def test_limits_that_make_no_sense_are_named(choose, arguments, words):
    with pytest.raises(PlaybookError, match=words):
        choose(*TRAP, **arguments)


def test_tables_that_do_not_fit_are_named():
    covered, value = TRAP
    with pytest.raises(PlaybookError, match="c9 is not among"):
        coverage_value(covered, value, ["c9"])
    with pytest.raises(PlaybookError, match="p5 has no value"):
        coverage_value(covered, value.drop("p5"), ["c0"])
    with pytest.raises(PlaybookError, match="missing or negative"):
        own_coverage(covered, value.mask(value.index == "p1"))
    with pytest.raises(PlaybookError, match="appears twice"):
        own_coverage(pd.concat([covered, covered]), value)
