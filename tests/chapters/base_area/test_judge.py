"""The judges of chapter 4: fair to good plans, clear about broken rules, unmoved by junk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.base_area.judge import judge_offices, judge_territories
from playbook.chapters.base_area.problem import area_of, assumptions_of
from playbook.market.bases import best_offices
from playbook.market.territories import best_territories

WEST = ["Wucheng", "Jindong", "Wuyi", "Lanxi", "Yongkang"]
EAST = ["Pujiang", "Panan", "Yiwu", "Dongyang"]


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def best(jinhua):
    area = area_of(jinhua)
    return list(best_offices(area.need, area.km, area.costs).chosen)


def broken(judgement):
    return {constraint.label: constraint.message for constraint in judgement.constraints if not constraint.ok}


@pytest.mark.parametrize(
    "wrap",
    [
        tuple,
        set,
        lambda names: [f" {name.lower()} " for name in names],
        lambda names: {"district": names},
        lambda names: dict.fromkeys(names, 1),
        lambda names: {"t": "list", "of": "tuple", "v": names},
    ],
)
def test_the_cheapest_offices_reach_the_optimum_whatever_they_come_as(jinhua, best, wrap):
    judgement = judge_offices(wrap(best), jinhua)
    assert judgement.kept
    assert judgement.objective == pytest.approx(1)


def test_one_office_more_or_less_keeps_the_rules_and_reaches_less(jinhua, best):
    for plan in (best[1:], [*best, "Lanxi"]):
        judgement = judge_offices(plan, jinhua)
        assert judgement.kept
        assert 0 < judgement.objective < 1


def test_a_district_of_another_city_is_named_with_those_there_are(jinhua, best):
    [message] = broken(judge_offices([*best, "Binhu"], jinhua)).values()
    assert message.startswith("'Binhu' is no district of this city. They are: Wucheng, Jindong")


def test_an_office_that_is_listed_twice_is_named(jinhua, best):
    assert broken(judge_offices([*best, best[0]], jinhua)) == {
        "once": f"{best[0]} stands in your plan twice: it pays rent once."
    }


@pytest.mark.parametrize(
    "plan",
    [
        [WEST, EAST],
        (EAST, WEST),
        [{"t": "list", "of": "tuple", "v": WEST}, {"t": "list", "of": "tuple", "v": EAST}],
        {"group_1": WEST, "group_2": EAST},
        {name: "a" if name in WEST else "b" for name in WEST + EAST},
        {"district": WEST + EAST, "group": [1] * 5 + [2] * 4},
        {"index": WEST + EAST, "whose": ["mine"] * 5 + ["yours"] * 4},
        [[name.upper() for name in WEST], EAST],
    ],
)
def test_two_groups_may_come_as_lists_a_table_or_group_by_district(jinhua, plan):
    judgement = judge_territories(plan, jinhua)
    assert judgement.kept
    assert judgement.objective == pytest.approx(1)


def test_the_best_territories_are_those_of_the_model(jinhua):
    area = area_of(jinhua)
    split = best_territories(area.need, area.km, assumptions_of(jinhua)["balance"])
    assert set(split.group.index[split.group == 1]) in (set(WEST), set(EAST))


@pytest.mark.parametrize(
    ("plan", "label", "said"),
    [
        ([WEST[1:], EAST], "all", "Wucheng has no group: its customers would see nobody."),
        ([WEST[2:], EAST], "all", "Wucheng, Jindong have no group: their customers would see nobody."),
        (
            [WEST, [*EAST, "Wuyi"]],
            "one",
            "'Wuyi' stands in your plan twice: a customer belongs to one group.",
        ),
        ([WEST, EAST[:2], EAST[2:]], "two", "You have two groups, and your plan has 3: give two lists"),
        (WEST + EAST, "two", "You have two groups, and your plan has 9: give two lists of districts."),
        (
            [["Yiwu"], [one for one in WEST + EAST if one != "Yiwu"]],
            "balanced",
            "Each may have 42.50% to 57.50%",
        ),
        ([WEST, [*EAST, "Binhu"]], "known", "'Binhu' is no district of this city."),
    ],
)
def test_a_broken_rule_is_said_in_a_managers_words(jinhua, plan, label, said):
    found = broken(judge_territories(plan, jinhua))
    assert found[label].startswith(said) or said in found[label]


def test_a_fair_split_with_long_ways_reaches_less(jinhua):
    names = list(area_of(jinhua).km.index)
    judgement = judge_territories([names[::2], names[1::2]], jinhua)
    assert judgement.objective < 0.9


@pytest.mark.parametrize("judge", [judge_offices, judge_territories])
@pytest.mark.parametrize("plan", [[], {}, None, 7, True, 1.5, b"Yiwu", {"t": "list", "v": None}])
def test_an_empty_plan_is_said_to_be_empty(jinhua, judge, plan):
    judgement = judge(plan, jinhua)
    assert not judgement.kept
    assert judgement.objective == 0


@pytest.mark.parametrize("plan", [[[]], [{}], [["Yiwu"]], [None]])
def test_an_office_that_is_no_name_is_no_district(jinhua, plan):
    assert "is no district of this city" in broken(judge_offices(plan, jinhua))["known"]


@pytest.mark.parametrize("judge", [judge_offices, judge_territories])
def test_a_plan_without_a_district_hears_that_it_names_none(jinhua, judge):
    assert broken(judge([], jinhua))["known"] == "Your plan names no district."


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.just("Yiwu"),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["t", "v", "columns", "data", "district", "group", "Yiwu"]), inner, max_size=5
        )
        | st.builds(
            lambda tag, v: {"t": tag, "v": v, "columns": v, "data": v},
            st.sampled_from(["list", "table"]),
            inner,
        )
    ),
    max_leaves=12,
)


@pytest.mark.slow
@pytest.mark.parametrize("judge", [judge_offices, judge_territories])
@given(plan=junk)
@settings(max_examples=40, deadline=None)
def test_junk_is_judged_without_an_error(jinhua, judge, plan):
    judgement = judge(plan, jinhua)
    assert 0 <= judgement.objective <= 1 + 1e-9
    assert all(isinstance(one.message, str) and one.message for one in judgement.constraints)
