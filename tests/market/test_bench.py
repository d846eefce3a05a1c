"""City choice and the bench: published weights and chains, brute force, and what must always hold."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.bench import (
    ROLES,
    absorption,
    ahp_weights,
    bench_supply,
    best_sequence,
    eligible_managers,
    most_value,
    moving_rates,
    pairs_of,
    sequence_in_turn,
    sequence_of,
)

pytestmark = pytest.mark.slow

DRINKS = ["coffee", "wine", "tea", "beer", "soda", "milk", "water"]
ABOVE = [
    [9, 5, 2, 1, 1, 1 / 2],
    [1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
    [1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 1, 1 / 3],
    [2, 1 / 2],
    [1 / 3],
]


def square(names, above):
    """A square table of comparisons from what stands above its diagonal."""
    pairs = [
        (names[row], names[row + 1 + place], times)
        for row, cells in enumerate(above)
        for place, times in enumerate(cells)
    ]
    return pairs_of(pd.DataFrame(pairs, columns=["row", "column", "times"])).loc[names, names]


def test_the_drinks_of_the_united_states_weigh_what_was_published():
    judged = ahp_weights(square(DRINKS, ABOVE), "eigenvector")
    published = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert judged.weights.to_numpy() == pytest.approx(published, abs=0.0006)
    assert judged.ratio == pytest.approx(0.022, abs=0.0005)
    assert judged.lambda_max == pytest.approx(7.1766, abs=1e-4)


@pytest.mark.parametrize(
    ("above", "weights", "ratio"),
    [
        ([[5, 3, 7], [1 / 3, 5], [6]], [0.553, 0.131, 0.270, 0.045], 0.088),
        ([[6, 8], [4]], [0.754, 0.181, 0.065], 0.117),
    ],
)
def test_geometric_means_of_rows_are_those_of_the_textbook(above, weights, ratio):
    names = [f"C{number}" for number in range(len(weights))]
    judged = ahp_weights(square(names, above))
    assert judged.weights.to_numpy() == pytest.approx(weights, abs=0.001)
    assert judged.ratio == pytest.approx(ratio, abs=0.001)
    assert judged.consistent == (ratio < 0.1)


def test_the_weights_agree_with_a_library_made_for_them():
    import ahpy

    pairs = {
        (DRINKS[row], DRINKS[row + 1 + place]): times
        for row, cells in enumerate(ABOVE)
        for place, times in enumerate(cells)
    }
    theirs = ahpy.Compare("drinks", pairs, precision=6, random_index="saaty")
    ours = ahp_weights(square(DRINKS, ABOVE), "eigenvector")
    assert ours.weights.to_dict() == pytest.approx(theirs.local_weights, abs=1e-4)
    assert ours.ratio == pytest.approx(theirs.consistency_ratio, abs=1e-3)


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=7))
def test_comparisons_that_do_not_contradict_give_their_weights_back(weights):
    names = [f"C{number}" for number in range(len(weights))]
    true = np.array(weights) / sum(weights)
    judged = ahp_weights(pd.DataFrame(true[:, None] / true[None, :], index=names, columns=names))
    assert judged.weights.to_numpy() == pytest.approx(true)
    assert judged.ratio == pytest.approx(0, abs=1e-9)


def test_a_cell_that_is_not_one_over_its_mirror_is_named():
    table = square(["a", "b"], [[3]])
    table.loc["b", "a"] = 3
    with pytest.raises(PlaybookError, match="a against b is 3, and the mirror cell 3"):
        ahp_weights(table)
    with pytest.raises(PlaybookError, match="a against b is 0"):
        ahp_weights(pd.DataFrame([[1, 0.0], [0.0, 1]], index=["a", "b"], columns=["a", "b"]))
    with pytest.raises(PlaybookError, match="across and down"):
        ahp_weights(table.rename(columns={"b": "c"}))
    with pytest.raises(PlaybookError, match="11 criteria"):
        ahp_weights(pd.DataFrame(1.0, index=range(11), columns=range(11)))


def test_no_strength_makes_up_for_a_failed_gate():
    passes = {
        "in_pool": True,
        "pool_quarters": 2,
        "course_done": True,
        "led_team": True,
        "results": 60,
        "process": 60,
        "team": 60,
        "strategy": 60,
        "markets": 2,
        "red_line": False,
    }
    fails = [
        {"in_pool": False},
        {"pool_quarters": 1},
        {"course_done": False},
        {"led_team": False},
        {"results": 100, "strategy": 59},
        {"markets": 1},
        {"red_line": True},
    ]
    bench = pd.DataFrame([passes, *({**passes, **one} for one in fails)])
    assert eligible_managers(bench).index.tolist() == [0]


def test_rates_are_told_from_counts_and_leavers_stay_out():
    moves = pd.DataFrame(
        [("M1", "M1", 6), ("M1", "M1.5", 2), ("M1", "left", 2), ("M1.5", "M1.5", 4)],
        columns=["from_level", "to_level", "people"],
    )
    rates = moving_rates(moves, ("M1", "M1.5"))
    assert rates.loc["M1"].tolist() == [0.6, 0.2]
    assert rates.loc["M1.5"].tolist() == [0, 1]
    with pytest.raises(PlaybookError, match="nobody was at M2"):
        moving_rates(moves, ("M1", "M1.5", "M2"))


@given(st.integers(2, 5), st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_where_nobody_leaves_nobody_is_lost(size, seed, quarters):
    rng = np.random.default_rng(seed)
    levels = [f"L{number}" for number in range(size)]
    rates = pd.DataFrame(rng.dirichlet(np.ones(size), size), index=levels, columns=levels)
    stock = pd.Series(rng.integers(0, 50, size).astype(float), index=levels)
    supply = bench_supply(stock, rates, quarters)
    assert supply.sum(axis=1).to_numpy() == pytest.approx(np.full(quarters, stock.sum()))
    by_power = stock.to_numpy() @ np.linalg.matrix_power(rates.to_numpy(), quarters)
    assert supply.loc[quarters].to_numpy() == pytest.approx(by_power)


def test_rates_that_move_more_people_than_there_are_are_refused():
    rates = pd.DataFrame([[0.9, 0.3], [0.0, 1.0]], index=["a", "b"], columns=["a", "b"])
    with pytest.raises(PlaybookError, match="more people move"):
        bench_supply(pd.Series({"a": 1, "b": 1}), rates, 2)
    with pytest.raises(PlaybookError, match="different levels"):
        bench_supply(pd.Series({"b": 1, "a": 1}), rates, 2)


@pytest.mark.parametrize(
    ("right", "steps", "left"),
    [(1 / 2, [3, 4, 3], [0.75, 0.5, 0.25]), (2 / 3, [3.4, 3.6, 2.2], [7 / 15, 0.2, 1 / 15])],
)
def test_the_walk_of_the_textbook_ends_where_it_should(right, steps, left):
    inner = pd.DataFrame(np.diag([right] * 2, 1) + np.diag([1 - right] * 2, -1))
    ends = pd.DataFrame({"left": [1 - right, 0, 0], "right": [0, 0, right]})
    visits, before, shares = absorption(inner, ends)
    assert before.to_numpy() == pytest.approx(steps)
    assert shares["left"].to_numpy() == pytest.approx(left)
    if right == 0.5:
        assert visits.to_numpy() == pytest.approx(np.array([[1.5, 1, 0.5], [1, 2, 1], [0.5, 1, 1.5]]))
    with pytest.raises(PlaybookError, match="for ever"):
        absorption(pd.DataFrame([[1.0]]), pd.DataFrame({"end": [0.0]}))


def people(rng, cities, quarters):
    needs = pd.DataFrame(
        {
            "city": [f"T{number}" for number in range(cities)],
            "value": rng.integers(5, 60, cities),
            "leaders": 1,
            "supervisors": rng.integers(2, 4, cities),
            "veterans": rng.integers(2, 6, cities),
        }
    )
    supply = pd.DataFrame(
        np.cumsum(rng.uniform(0, 3, (quarters, 3)), axis=0) * [0.6, 1.5, 2.2],
        columns=list(ROLES),
        index=pd.RangeIndex(1, quarters + 1),
    )
    return needs, supply


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_no_calendar_that_the_bench_can_staff_brings_more(seed, cities, quarters):
    needs, supply = people(np.random.default_rng(seed), cities, quarters)
    best = best_sequence(needs, supply)
    assert best.feasible
    others = [
        sequence_of(dict(zip(needs["city"], plan, strict=True)), needs, supply)
        for plan in product(range(quarters + 1), repeat=cities)
    ]
    assert best.value == max(one.value for one in others if one.feasible)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_what_the_best_calendar_brings_is_found_without_trying_every_one(seed, cities, most):
    needs, supply = people(np.random.default_rng(seed), cities, 4)
    two = [supply, supply + 1]
    fast = most_value(
        needs["value"].to_numpy(),
        needs[list(ROLES)].to_numpy(),
        np.floor([one[list(ROLES)].to_numpy() for one in two]),
        most=most,
    )
    assert fast == pytest.approx([best_sequence(needs, one, most=most).value for one in two])


def test_whoever_leads_a_city_is_not_there_for_the_next_one():
    needs = pd.DataFrame(
        {"city": ["a", "b"], "value": [10, 8], "leaders": 1, "supervisors": 2, "veterans": [2, 3]}
    )
    supply = pd.DataFrame({"leaders": [1, 1], "supervisors": [5, 5], "veterans": [9, 9]}, index=[1, 2])
    plan = sequence_of({"a": 1, "b": 2}, needs, supply)
    assert plan.short == ((2, "leaders", 1),)
    assert plan.value == 10 * 18 + 8 * 15
    assert best_sequence(needs, supply).quarter.to_dict() == {"a": 1, "b": 0}


def test_three_openings_in_a_quarter_are_one_too_many():
    needs = pd.DataFrame({"city": ["a", "b", "c"], "value": 1, "leaders": 1, "supervisors": 2, "veterans": 2})
    supply = pd.DataFrame({"leaders": [9, 9], "supervisors": [9, 9], "veterans": [9, 9]}, index=[1, 2])
    assert sequence_of({"a": 1, "b": 1, "c": 1}, needs, supply).crowded == (1,)
    assert sorted(best_sequence(needs, supply).quarter) == [1, 1, 2]


def test_a_calendar_names_the_city_or_quarter_that_is_wrong():
    needs = pd.DataFrame({"city": ["a"], "value": 1, "leaders": 1, "supervisors": 2, "veterans": 2})
    supply = pd.DataFrame({"leaders": [9], "supervisors": [9], "veterans": [9]}, index=[1])
    with pytest.raises(PlaybookError, match="no quarter is given for a"):
        sequence_of({}, needs, supply)
    with pytest.raises(PlaybookError, match="not on the list: b"):
        sequence_of({"a": 1, "b": 1}, needs, supply)
    with pytest.raises(PlaybookError, match="a in quarter 5"):
        sequence_of({"a": 5}, needs, supply)
    with pytest.raises(PlaybookError, match="8 cities"):
        best_sequence(pd.concat([needs] * 8), supply)


def test_going_down_a_list_opens_each_city_as_soon_as_it_can_be_staffed():
    needs = pd.DataFrame(
        {
            "city": ["a", "b", "c"],
            "value": [30, 20, 10],
            "leaders": [2, 1, 1],
            "supervisors": 2,
            "veterans": 2,
        }
    )
    supply = pd.DataFrame({"leaders": [1, 3], "supervisors": [9, 9], "veterans": [9, 9]}, index=[1, 2])
    down = sequence_in_turn(["a", "b", "c"], needs, supply)
    assert down.quarter.to_dict() == {"a": 2, "b": 1, "c": 0}
    assert down.feasible
    assert sequence_in_turn(["c"], needs, supply).quarter.to_dict() == {"a": 0, "b": 0, "c": 1}


@given(st.integers(0, 2**32 - 1), st.permutations(range(4)))
@settings(max_examples=25, deadline=None)
def test_going_down_a_list_is_never_better_than_the_best(seed, order):
    needs, supply = people(np.random.default_rng(seed), 4, 4)
    down = sequence_in_turn([f"T{number}" for number in order], needs, supply)
    assert down.feasible
    assert down.value <= best_sequence(needs, supply).value


def test_what_cannot_be_compared_in_pairs_is_named():
    many = [f"criterion {number}" for number in range(20)]
    with pytest.raises(PlaybookError, match="20 criteria are too many to compare in pairs"):
        ahp_weights(pd.DataFrame(1.0, index=many, columns=many))


def test_a_bench_whose_levels_differ_from_its_rates_is_refused():
    rates = pd.DataFrame([[0.9, 0.1], [0.0, 0.9]], index=["M1", "M2"], columns=["M1", "M2"])
    with pytest.raises(PlaybookError, match="the stock and the rates have different levels"):
        bench_supply(pd.Series({"M2": 1, "M1": 3}), rates, 2)


def test_a_bench_that_nobody_leaves_has_no_end():
    stays = pd.DataFrame([[1.0]], index=["M1"], columns=["M1"])
    with pytest.raises(PlaybookError, match="somebody stays on the bench for ever"):
        absorption(stays, pd.DataFrame([[0.0]], index=["M1"], columns=["left"]))


def test_a_list_of_cities_too_long_to_try_is_refused():
    names = [f"city {number}" for number in range(9)]
    with pytest.raises(PlaybookError, match="9 cities are too many to try every calendar"):
        best_sequence(pd.DataFrame({"value": 1.0}, index=names), pd.DataFrame())
