"""The judge of a seeding: fair to good plans, clear about broken rules, unmoved by junk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.staffing.judge import judge_seeding
from playbook.market.seeding import best_seeding, seeding_by_fit


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def go(jinhua):
    return jinhua.veterans[jinhua.veterans["willing"]]


@pytest.fixture(scope="module")
def best(go):
    return best_seeding(go).group.to_dict()


def broken(judgement):
    return {constraint.label: constraint.message for constraint in judgement.constraints if not constraint.ok}


def test_the_best_plan_keeps_every_rule_and_reaches_the_optimum(jinhua, best):
    judgement = judge_seeding(best, jinhua)
    assert judgement.kept
    assert judgement.objective == judgement.optimum


@pytest.mark.parametrize(
    "wrap",
    [
        lambda plan: {one.lower(): f" {group.lower()} " for one, group in plan.items()},
        lambda plan: {"veteran_id": list(plan), "group": list(plan.values())},
        lambda plan: {"index": list(plan), "group": list(plan.values())},
        lambda plan: {**plan, "V02": "stays", "V06": "stays"},
    ],
)
def test_a_plan_may_come_as_a_table_and_say_who_stays(jinhua, best, wrap):
    judgement = judge_seeding(wrap(best), jinhua)
    assert judgement.kept
    assert judgement.objective == judgement.optimum


def test_sending_each_where_the_fit_is_best_leaves_a_group_alone(jinhua, go):
    found = broken(judge_seeding(seeding_by_fit(go).group.to_dict(), jinhua))
    assert "has no veteran" in found["one a group"]
    assert "more than 2 veterans" in found["two a group"]


def test_without_a_look_at_how_they_sell_two_of_a_kind_sit_together(jinhua, go):
    blind = best_seeding(go.assign(profile=go["veteran_id"])).group.to_dict()
    found = broken(judge_seeding(blind, jinhua))
    assert list(found) == ["mixed"]
    assert "sell in the same way" in found["mixed"]


@pytest.mark.parametrize(
    ("change", "label", "said"),
    [
        (lambda plan: {**plan, "V99": "G1"}, "known", "'V99' is not on the list of veterans"),
        (lambda plan: {**plan, "V02": "G3"}, "willing", "V02 does not want to move"),
        (lambda plan: dict(list(plan.items())[1:]), "all", "V01 would go"),
        (lambda plan: {**plan, "V01": "G9"}, "groups", "V01 is sent to 'G9'. The groups are: G1, G2, G3, G4"),
        (list, "groups", "End your line with `.group.to_dict()`"),
        (lambda plan: {}, "known", "Your plan sends nobody"),
        (
            lambda plan: {"veteran_id": [*plan, "V01"], "group": [*plan.values(), "G3"]},
            "once",
            "V01 is sent to two places at once",
        ),
    ],
)
def test_a_broken_rule_is_named_in_a_managers_words(jinhua, best, change, label, said):
    assert said in broken(judge_seeding(change(best), jinhua))[label]


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["V01", "G1"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["t", "v", "veteran_id", "group", "V01", "index"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(junk)
@settings(max_examples=60, deadline=None)
def test_no_plan_whatever_it_holds_stops_the_judge(plan):
    judgement = judge_seeding(plan, load_case("jinhua"))
    assert not judgement.kept
    assert 0 <= judgement.objective <= 80
