"""What the model was set to: the practice's orders of size, in every city, and four plans in their order."""

import functools
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from playbook.casemaking.best_plans import measure, reference
from playbook.cases import list_cases
from playbook.errors import PlaybookError
from playbook.simulator import by_the_book, known_plans, points_lost, simulate, yardstick_of
from playbook.simulator.plan import BOUNDS, LENGTHS, LEVERS
from playbook.simulator.search import keeps_cash
from tests.simulator.conftest import city_of, draws_of

CITIES = [case.name for case in list_cases()]
#: How many runs, numbered from 0 as the grader's: searches take those from 10,000, the parameters were set from 20,000.
RUNS = 60
ENDS = ("naive", "naive_sd", "reference", "reference_sd")
#: Levers that a run hardly feels: the rules of the defence grade them alone.
BY_RULES_ALONE = ("gate", "rivals")
#: A gain of so much of the gap counts as none: Foshan without a bench gains a little.
GROUND = 0.003
#: What the plan by the book comes to: the ends in the middle city, and in any city. Cities differ: in Guiyang fewer of
#: those who decide sign than in Wuxi, a ripe seller books half as much, and customers are paid back nine months later.
BOOK = {
    "win_rate": ((0.35, 0.45), (0.27, 0.50)),
    "ripe_books": ((40, 65), (35, 85)),
    "payback": ((12, 15), (9.5, 20.5)),
    "attrition": ((0.30, 0.40), (0.28, 0.40)),
    "visits_day": ((6, 9), (6, 9)),
}


@functools.cache
def run_of(name, plan):
    """A plan's runs in a city; several tests look at the same."""
    return simulate(city_of(name), plan, draws_of(name, RUNS))


def outcomes(name):
    city = city_of(name)
    return city, {plan: run_of(name, levers) for plan, levers in known_plans(city).items()}


@functools.cache
def lost_by(name):
    """Points of the gap that each lever carries in the reference."""
    city = city_of(name)
    return points_lost(city, reference(city), draws_of(name, RUNS)).set_index("lever")["points"]


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_the_plan_by_the_book_behaves_as_the_practice_says(name):
    book = run_of(name, by_the_book(city_of(name))).totals().mean()
    for number, (_, (low, high)) in BOOK.items():
        assert low <= book[number] <= high, number


@pytest.mark.long
def test_in_the_middle_city_it_is_what_the_practice_calls_usual():
    found = pd.DataFrame(
        [run_of(name, by_the_book(city_of(name))).totals().mean() for name in CITIES]
    ).median()
    for number, ((low, high), _) in BOOK.items():
        assert low <= found[number] <= high, number


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_a_bad_team_loses_more_people_and_pays_back_late(name):
    _, found = outcomes(name)
    for plan in ("naive", "f"):
        assert 0.55 <= found[plan].totals()["attrition"].mean() <= 0.75
    assert found["naive"].totals()["payback"].median() > 24


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_naive_is_worth_less_than_f_less_than_the_book_less_than_the_reference(name):
    city, found = outcomes(name)
    values = [found[plan].value for plan in ("naive", "f", "book")]
    values.append(run_of(name, reference(city)).value)
    for worse, better in itertools.pairwise(values):
        ends = [2 * one.std(ddof=1) / np.sqrt(RUNS) for one in (worse, better)]
        assert worse.mean() + ends[0] < better.mean() - ends[1]


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_the_reference_keeps_the_cash_rule_that_it_is_a_measure_for(name):
    city = city_of(name)
    assert keeps_cash(simulate(city, reference(city), draws_of(name, 200)))


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_hiring_twenty_at_once_costs_points_of_the_gap(name):
    """In the plan by the book. The reference has the supervisors and veterans to coach more: there it only does not pay."""
    city, found = outcomes(name)
    best = run_of(name, reference(city)).value
    gap = best.mean() - found["naive"].value.mean()
    at_once = run_of(name, replace(by_the_book(city), heads=(20,) * 8)).value.mean()
    assert found["book"].value.mean() - at_once >= 0.025 * gap
    heads = reference(city).heads
    soon = run_of(name, replace(reference(city), heads=(max(heads[:4]),) * 4 + heads[4:])).value
    assert (soon - best).mean() < 2 * (soon - best).std(ddof=1) / np.sqrt(RUNS)


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_no_lever_stands_at_its_end_in_the_reference_or_gains_there(name):
    """Nothing is gained there that the cash rule allows."""
    city, found = outcomes(name)
    plan = reference(city)
    best = run_of(name, plan).value
    gap = best.mean() - found["naive"].value.mean()
    for field in ends_of(city, plan):
        low, high = BOUNDS[field]
        values = np.atleast_1d(getattr(plan, field))
        assert not (values == low).all(), field
        assert not (values == high).all(), field
        nearer = high if values.mean() - low > high - values.mean() else low
        there = nearer if values.shape == (1,) and field not in LENGTHS else (nearer,) * len(values)
        moved = run_of(name, replace(plan, **{field: there}))
        gain = moved.value - best
        noise = 2 * gain.std(ddof=1) / np.sqrt(RUNS)
        assert gain.mean() <= max(noise, GROUND * gap) or not keeps_cash(moved), field


def ends_of(city, plan):
    """Fields whose ends are no natural ones: not how many groups there are, nor of how many traits one is asked for.

    Nor the focus on areas where these are all of the city's: its end is then to go where most can be found.
    """
    graded = (name for lever, names in LEVERS.items() if lever not in BY_RULES_ALONE for name in names)
    # Veterans end where the company's supply does.
    natural = {"teams", "least", "veterans"} | (
        {"area_focus"} if set(plan.areas) == set(city.districts) else set()
    )
    return [name for name in graded if name in BOUNDS and name not in natural]


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_no_lever_carries_more_than_a_third_and_ten_carry_something(name):
    """Meant are ten; Changzhou has nine."""
    lost = lost_by(name)
    assert lost.max() <= 100 / 3
    assert (lost >= 4).sum() >= (9 if name == "changzhou" else 10)


@pytest.mark.long
def test_whom_one_visits_carries_much_in_the_middle_city():
    """The course's heart: profile, industries and districts."""
    table = pd.DataFrame({name: lost_by(name) for name in CITIES}).T
    assert table["profile"].median() >= 4
    assert table[["profile", "industries", "areas"]].sum(axis=1).median() >= 20


@pytest.mark.long
@pytest.mark.parametrize("name", CITIES)
def test_the_frozen_yardstick_is_what_the_reference_comes_to_today(name):
    city = city_of(name)
    today, frozen = measure(city, reference(city)), yardstick_of(city)
    assert today == replace(frozen, **{end: pytest.approx(getattr(frozen, end), abs=0.01) for end in ENDS})


def test_a_reference_of_another_version_of_a_city_is_none():
    city = city_of("jinhua")
    with pytest.raises(PlaybookError, match="no reference was computed") as caught:
        reference(replace(city, fingerprint="another"))
    assert "playbook simulate --reference --cities jinhua" in caught.value.remedy
