"""What the model was set to: the practice's orders of size, in every city, and four plans in their order."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from playbook.casemaking.best_plans import measure, reference
from playbook.cases import list_cases
from playbook.errors import PlaybookError
from playbook.simulator import by_the_book, known_plans, points_lost, simulate, yardstick_of
from playbook.simulator.plan import BOUNDS, LEVERS

CITIES = [case.name for case in list_cases()]
RUNS = 60
ENDS = ("naive", "naive_sd", "reference", "reference_sd")
#: Levers that a run hardly feels: the rules of the defence grade them alone.
BY_RULES_ALONE = ("gate", "rivals")


def outcomes(name, known):
    city, draws = known(name, RUNS)
    return city, draws, {plan: simulate(city, levers, draws) for plan, levers in known_plans(city).items()}


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_the_plan_by_the_book_behaves_as_the_practice_says(name, known):
    city, draws = known(name, RUNS)
    book = simulate(city, by_the_book(city), draws).totals().mean()
    assert 0.35 <= book["win_rate"] <= 0.45
    assert 40 <= book["ripe_books"] <= 66
    assert 12 <= book["payback"] <= 17
    assert 0.30 <= book["attrition"] <= 0.40
    assert 6 <= book["visits_day"] <= 9


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_a_bad_team_loses_more_people_and_pays_back_late(name, known):
    _, _, found = outcomes(name, known)
    for plan in ("naive", "f"):
        totals = found[plan].totals().mean()
        assert 0.55 <= totals["attrition"] <= 0.77
    assert found["naive"].totals()["payback"].median() > 24


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_naive_is_worth_less_than_f_less_than_the_book_less_than_the_reference(name, known):
    city, draws, found = outcomes(name, known)
    values = [found[plan].value for plan in ("naive", "f", "book")] + [
        simulate(city, reference(city), draws).value
    ]
    for worse, better in itertools.pairwise(values):
        ends = [2 * one.std(ddof=1) / np.sqrt(RUNS) for one in (worse, better)]
        assert worse.mean() + ends[0] < better.mean() - ends[1]


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_hiring_twenty_at_once_costs_three_points_of_the_gap(name, known):
    city, draws, found = outcomes(name, known)
    book = by_the_book(city)
    at_once = simulate(city, replace(book, heads=(20,) * 8), draws).value.mean()
    gap = simulate(city, reference(city), draws).value.mean() - found["naive"].value.mean()
    assert found["book"].value.mean() - at_once > 0.03 * gap


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_no_lever_stands_at_its_end_in_the_reference(name, known):
    plan = reference(known(name, RUNS)[0])
    ends = []
    for lever, names in LEVERS.items():
        for field in names:
            if lever in BY_RULES_ALONE or field not in BOUNDS or field in ("teams", "least"):
                continue
            values = np.atleast_1d(getattr(plan, field))
            if (values == BOUNDS[field][0]).all() or (values == BOUNDS[field][1]).all():
                ends.append(field)
    assert ends == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["jinhua", "nanjing", "foshan"])
def test_no_lever_carries_a_third_and_ten_carry_something(name, known):
    city, draws = known(name, RUNS)
    lost = points_lost(city, reference(city), draws)
    assert lost["points"].max() <= 100 / 3
    assert (lost["points"] >= 4).sum() >= 10


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_the_frozen_yardstick_is_what_the_reference_comes_to_today(name, known):
    city, _ = known(name, RUNS)
    today, frozen = measure(city, reference(city)), yardstick_of(city)
    assert today == replace(frozen, **{end: pytest.approx(getattr(frozen, end), abs=0.01) for end in ENDS})


def test_a_reference_of_another_version_of_a_city_is_none(known):
    city, _ = known("jinhua", 2)
    with pytest.raises(PlaybookError, match="no reference was computed") as caught:
        reference(replace(city, fingerprint="another"))
    assert "playbook simulate --reference --cities jinhua" in caught.value.remedy
