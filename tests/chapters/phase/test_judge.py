"""The judge of a mix: fair to good plans, clear about broken rules, unmoved by junk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.phase.judge import judge_mix
from playbook.chapters.phase.problem import mix_problem
from playbook.market.channels import best_mix


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def problem(jinhua):
    return mix_problem(jinhua)


@pytest.fixture(scope="module")
def best(problem):
    return best_mix(problem.curves, problem.budget).spend.to_dict()


def broken(judgement):
    return {constraint.label: constraint.message for constraint in judgement.constraints if not constraint.ok}


def test_the_best_mix_keeps_every_rule_and_reaches_the_optimum(jinhua, best):
    judgement = judge_mix(best, jinhua)
    assert judgement.kept
    assert judgement.objective == pytest.approx(judgement.optimum)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda plan: {f" {way.title()} ": money for way, money in plan.items()},
        lambda plan: {way: money for way, money in plan.items() if money},
        lambda plan: {"channel": list(plan), "spend": list(plan.values())},
        lambda plan: {"index": list(plan), "spend": list(plan.values())},
        lambda plan: {way: round(money, 1) for way, money in plan.items()},
    ],
)
def test_a_mix_may_come_as_a_table_or_rounded(jinhua, best, wrap):
    judgement = judge_mix(wrap(best), jinhua)
    assert judgement.kept
    assert judgement.objective == pytest.approx(judgement.optimum, rel=0.005)


def test_everything_in_single_talks_keeps_the_rules_and_reaches_less(jinhua, problem):
    judgement = judge_mix({"direct": problem.budget}, jinhua)
    assert judgement.kept
    assert judgement.objective < 0.75 * judgement.optimum


def test_money_that_is_not_there_buys_nothing(jinhua, best):
    judgement = judge_mix({way: 3 * money for way, money in best.items()}, jinhua)
    assert "the budget is CNY 600,000" in broken(judgement)["budget"]
    assert judgement.objective <= judgement.optimum * 1.0001


@pytest.mark.parametrize(
    ("change", "label", "said"),
    [
        (lambda plan: {**plan, "fax": 1}, "known", "'fax' is no way to sell in your table"),
        (lambda plan: {}, "known", "Your plan names no way to sell"),
        (
            lambda plan: {"channel": ["salon", "salon"], "spend": [1, 2]},
            "known",
            "salon stands in your plan twice",
        ),
        (lambda plan: {**plan, "salon": -3}, "money", "salon gets -3"),
        (lambda plan: {**plan, "salon": "much"}, "money", "salon gets 'much'"),
        (lambda plan: {**plan, "salon": float("nan")}, "money", "salon gets nan"),
        (list, "money", "End your line with `.spend.to_dict()`"),
        (lambda plan: dict.fromkeys(plan, 0), "money", "Your plan spends nothing"),
        (lambda plan: dict.fromkeys(plan, 0), "budget", "leaves the whole budget"),
        (lambda plan: dict.fromkeys(plan, 0), "few", "No way gets any money"),
        (lambda plan: dict.fromkeys(plan, 10), "few", "Your plan uses 4 ways; a team runs 3 well"),
        (lambda plan: {"direct": 7e5}, "budget", "Your plan spends CNY 7,000,000,000"),
    ],
)
def test_a_broken_rule_is_named_in_a_managers_words(jinhua, best, change, label, said):
    assert said in broken(judge_mix(change(best), jinhua))[label]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("salon"),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["t", "v", "channel", "spend", "salon", "index"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(junk)
@settings(max_examples=60, deadline=None)
def test_no_plan_whatever_it_holds_stops_the_judge(plan):
    judgement = judge_mix(plan, load_case("jinhua"))
    assert 0 <= judgement.objective <= judgement.optimum * 1.0001
