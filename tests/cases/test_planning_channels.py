"""What is planted in the ways to sell of chapter 11 is found in the data, and no shortcut gives an answer."""

import sys
from collections import Counter
from itertools import combinations
from math import ceil

import numpy as np
import pandas as pd
import pytest

from playbook.casemaking.planning.channels import CHEAPEST_NEXT, LARGE, ORDER_OF_THE_BOOK, SMALL, channels
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.public import published
from playbook.casemaking.seeds import shipped_seed
from playbook.cases import list_cases, load_case
from playbook.chapters.phase.problem import mix_problem
from playbook.errors import PlaybookError
from playbook.market.channels import adbudg, best_mix, mix_wins, next_cost

pytestmark = pytest.mark.slow

CASES = pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)


def ground_of(case, unseen=False, seed=None) -> Ground:
    return Ground(seed or shipped_seed(case.adcode), case.adcode, unseen, published(), {})


def shape_of(problem):
    return problem.curves[["top", "c", "half_10k"]].to_numpy(float).T


@CASES
def test_the_dealt_way_has_the_cheapest_next_win_and_not_the_lowest_average(case):
    problem = mix_problem(case)
    cost = next_cost(problem.curves, problem.today)
    assert cost.idxmin() == ground_of(case).deal("cheapest next win", CHEAPEST_NEXT)
    assert problem.average.idxmin() != cost.idxmin()
    ranked = cost.sort_values()
    assert (ranked.to_numpy()[1:] / ranked.to_numpy()[:-1]).min() > 1.059
    assert list(ranked.index[:3]) != list(problem.average.sort_values().index[:3])


@CASES
def test_single_talks_win_most_with_little_money_and_least_with_much(case):
    shape = shape_of(mix_problem(case))
    little, much = adbudg(SMALL, *shape), adbudg(LARGE, *shape)
    assert little[0] > 1.14 * np.sort(little)[-2]
    assert much[0] < 0.91 * np.sort(much)[1]


@CASES
def test_no_shortcut_comes_near_the_best_mix(case):
    problem = mix_problem(case)
    shape, budget = shape_of(problem), problem.budget
    best = best_mix(problem.curves, budget).wins
    alone = adbudg(budget, *shape)
    assert alone[0] <= 0.75 * best
    assert alone.max() <= 0.94 * best
    for size in (2, 3):
        for some in combinations(problem.curves.index, size):
            assert mix_wins(dict.fromkeys(some, budget / size), problem.curves) <= 0.94 * best
    assert abs(budget - problem.today.sum()) < 3


@CASES
def test_the_months_agree_with_the_curves(case):
    problem = mix_problem(case)
    last = case.channel_months[case.channel_months["month"] > 9].groupby("channel")["wins"].sum()
    expected = adbudg(problem.today, problem.curves["top"], problem.curves["c"], problem.curves["half_10k"])
    assert ((last[problem.curves.index] - expected).abs() <= 2.5 + 0.15 * expected).all()


@CASES
def test_the_break_even_of_a_salon_is_clear_and_forgetting_a_cost_moves_it(case):
    problem, salons = mix_problem(case), case.salons
    guest = case.assumptions.set_index("name").loc["guest_cny", "usual"]
    win = 10_000 * next_cost(problem.curves, problem.today)["direct"]
    share = salons["wins_90d"].sum() / salons["attended"].sum()
    hall = salons["cost_cny"].mean()
    exact = hall / (share * win - guest)
    assert 12 < exact < 45
    assert 0.19 < exact % 1 < 0.81
    assert abs(ceil(hall / (share * win)) - ceil(exact)) >= 2
    assert abs(ceil(hall / (win - guest)) - ceil(exact)) >= 2
    assert (salons["attended"] <= salons["invited"]).all()
    assert (salons["wins_90d"] <= salons["attended"]).all()


def test_the_cheapest_next_win_is_spread_over_the_cities():
    trainees = [mix_problem(case) for case in list_cases() if case.role != "worked"]
    found = Counter(next_cost(one.curves, one.today).idxmin() for one in trainees)
    assert set(found.values()) == {4}


def test_no_other_city_has_the_order_of_the_book():
    orders = {
        case.name: tuple(next_cost(mix_problem(case).curves, mix_problem(case).today).sort_values().index[:3])
        for case in list_cases()
    }
    assert [name for name, order in orders.items() if order == ORDER_OF_THE_BOOK] == ["jinhua"]


def test_the_same_seed_gives_the_same_tables():
    case = load_case("quanzhou")
    once, again = channels(ground_of(case)), channels(ground_of(case))
    for name, frame in once.items():
        pd.testing.assert_frame_equal(frame, again[name])


def test_an_unseen_case_has_another_cheapest_next_win():
    case = load_case("quanzhou")
    shipped, unseen = ground_of(case), ground_of(case, unseen=True, seed="a secret")
    what = "cheapest next win", CHEAPEST_NEXT
    assert shipped.deal(*what) != unseen.deal(*what)
    assert not channels(unseen)["channel_curves"].equals(channels(shipped)["channel_curves"])


@pytest.mark.parametrize(
    ("limit", "said"),
    [("_MOST_DRAWS", "no draw of curves"), ("_MOST_SALONS", "no draw of salons breaks even")],
)
def test_a_city_that_cannot_be_drawn_is_named_instead_of_drawn_for_ever(monkeypatch, limit, said):
    monkeypatch.setattr(sys.modules[channels.__module__], limit, 0)
    with pytest.raises(PlaybookError, match=said):
        channels(ground_of(load_case("jinhua")))
