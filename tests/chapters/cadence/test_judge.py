"""The judge of a day: fair to good days, clear about broken rules, unmoved by junk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.cadence.judge import judge_route
from playbook.chapters.cadence.problem import day_problem
from playbook.market.route import best_route, nearest_first


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def day(jinhua):
    return day_problem(jinhua)


@pytest.fixture(scope="module")
def best(day):
    return list(best_route(day.stops, day.minutes).order)


def broken(judgement):
    return {constraint.label: constraint.message for constraint in judgement.constraints if not constraint.ok}


@pytest.mark.parametrize(
    "wrap",
    [
        list,
        tuple,
        lambda order: [f" {name.lower()} " for name in order],
        lambda order: {"stop_id": order},
        lambda order: {"t": "list", "v": order},
    ],
)
def test_the_best_day_keeps_every_rule_and_reaches_the_optimum_in_any_form(jinhua, best, wrap):
    judgement = judge_route(wrap(best), jinhua)
    assert judgement.kept
    assert judgement.objective == judgement.optimum


def test_the_nearest_first_reaches_less(jinhua, day):
    judgement = judge_route(list(nearest_first(day.stops, day.minutes).order), jinhua)
    assert judgement.objective <= 0.9 * judgement.optimum


@pytest.mark.parametrize(
    ("change", "label", "said"),
    [
        (lambda order: [*order, "K99"], "known", "'K99' is no stop of tomorrow"),
        (lambda order: [], "known", "Your day has no stop"),
        (lambda order: [*order, order[0]], "once", "stands in your day twice"),
        (lambda order: order[:4], "enough", "has 4 stops; at least 5 are asked for"),
        (lambda order: [f"K{number:02d}" for number in range(1, 15)], "home", "the day ends at 18:00"),
        (lambda order: [f"K{number:02d}" for number in range(1, 15)], "windows", "sees nobody any more"),
    ],
)
def test_a_broken_rule_is_named_in_a_managers_words(jinhua, best, change, label, said):
    assert said in broken(judge_route(change(best), jinhua))[label]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("K01"),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["t", "v", "stop_id", "K01", "index"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(junk)
@settings(max_examples=40, deadline=None)
def test_no_plan_whatever_it_holds_stops_the_judge(plan):
    judgement = judge_route(plan, load_case("jinhua"))
    assert not judgement.kept
    assert judgement.objective >= 0
