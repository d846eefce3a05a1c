"""The judge of a calendar: fair to good plans, clear about broken rules, unmoved by junk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.city_choice.judge import judge_sequence
from playbook.chapters.city_choice.problem import launch_problem
from playbook.market.bench import best_sequence, sequence_in_turn


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def problem(jinhua):
    return launch_problem(jinhua)


@pytest.fixture(scope="module")
def best(problem):
    return best_sequence(problem.cities, problem.people).quarter.to_dict()


def broken(judgement):
    return {constraint.label: constraint.message for constraint in judgement.constraints if not constraint.ok}


def test_the_best_calendar_keeps_every_rule_and_reaches_the_optimum(jinhua, best):
    judgement = judge_sequence(best, jinhua)
    assert judgement.kept
    assert judgement.objective == pytest.approx(judgement.optimum)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda plan: {city: float(quarter) for city, quarter in plan.items()},
        lambda plan: {f" {city.lower()} ": quarter for city, quarter in plan.items()},
        lambda plan: {city: quarter or "later" for city, quarter in plan.items()},
        lambda plan: {"city": list(plan), "quarter": list(plan.values())},
        lambda plan: {"index": list(plan), "quarter": list(plan.values())},
    ],
)
def test_a_calendar_may_come_as_a_table_or_with_later_in_words(jinhua, best, wrap):
    judgement = judge_sequence(wrap(best), jinhua)
    assert judgement.kept
    assert judgement.objective == pytest.approx(judgement.optimum)


def test_the_largest_first_keeps_the_rules_and_reaches_less(jinhua, problem):
    order = problem.cities.sort_values("value", ascending=False)["city"]
    plan = sequence_in_turn(order, problem.cities, problem.people).quarter.to_dict()
    judgement = judge_sequence(plan, jinhua)
    assert judgement.kept
    assert judgement.objective < 0.95 * judgement.optimum


def test_all_at_once_is_too_crowded_and_short_of_people(jinhua, best):
    found = broken(judge_sequence(dict.fromkeys(best, 1), jinhua))
    assert "More than 2 cities open in quarter 1" in found["two a quarter"]
    assert "In quarter 1 the open cities need more managers than there are" in found["leaders"]
    assert "stays there" in found["leaders"]


@pytest.mark.parametrize(
    ("change", "label", "said"),
    [
        (lambda plan: {**plan, "Atlantis": 1}, "known", "'Atlantis' is not on the list of cities"),
        (lambda plan: dict(list(plan.items())[1:]), "all", "does not say when Jinhua opens"),
        (
            lambda plan: {**plan, "Jinhua": 7},
            "quarters",
            "Jinhua opens in quarter 7: use 1 to 4, or 0 for later",
        ),
        (lambda plan: {**plan, "Jinhua": 1.5}, "quarters", "Jinhua opens in quarter 1.5"),
        (list, "quarters", "End your line with `.quarter.to_dict()`"),
        (lambda plan: dict.fromkeys(plan, 0), "quarters", "Nothing opens in your plan"),
        (lambda plan: dict.fromkeys(plan, 0), "leaders", "Nothing opens, so no managers are needed"),
        (lambda plan: {}, "known", "Your plan names no city"),
        (
            lambda plan: {"city": [*plan, "Jinhua"], "quarter": [0, *plan.values()]},
            "all",
            "Jinhua stands in your plan twice",
        ),
    ],
)
def test_a_broken_rule_is_named_in_a_managers_words(jinhua, best, change, label, said):
    assert said in broken(judge_sequence(change(best), jinhua))[label]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("Jinhua"),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["t", "v", "city", "quarter", "Jinhua", "index"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(junk)
@settings(max_examples=60, deadline=None)
def test_no_plan_whatever_it_holds_stops_the_judge(plan):
    judgement = judge_sequence(plan, load_case("jinhua"))
    assert not judgement.kept
    assert 0 <= judgement.objective <= judgement.optimum * 6
