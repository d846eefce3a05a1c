"""What chapter 4 stands on: its shortcuts fail, its answers can be told apart, and the same seed gives the same rows."""

import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from playbook.casemaking.planning import Ground
from playbook.casemaking.planning.offices import _City, offices
from playbook.casemaking.public import published
from playbook.casemaking.seeds import shipped_seed
from playbook.cases import list_cases
from playbook.chapters.base_area.problem import area_of, assumptions_of, hall_district
from playbook.errors import PlaybookError
from playbook.market.bases import (
    fewest_for,
    km_to_offices,
    office_choices,
    offices_cost,
    visits_a_day,
)
from playbook.market.territories import territory_choices

pytestmark = pytest.mark.slow

#: What the exercise lets pass, and the least that a shortcut must cost more.
PASSES, SHORTCUT = 1.002, 1.01
#: What the exercise asks of the ways of two groups, as a part of the best.
SHORT_WAYS = 0.995

every_city = pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)


def ground(case, seed=None, unseen=False):
    tables = {"accounts": case.accounts}
    return Ground(seed or shipped_seed(case.adcode), case.adcode, unseen, published(), tables)


def costs_of_all(case):
    area = area_of(case)
    tried = office_choices(area.need, area.km, area.costs)
    return area, tried.assign(cost=tried["rent_cny"] + tried["driving_cny"])


@every_city
def test_the_same_seed_gives_the_rows_that_ship(case):
    made = offices(ground(case))["assumptions"].set_index("name")
    shipped = case.assumptions.set_index("name").loc[made.index]
    for column in ("usual", "low", "high"):
        assert made[column].to_dict() == shipped[column].to_dict()
    assert (shipped["low"] <= shipped["usual"]).all()
    assert (shipped["usual"] <= shipped["high"]).all()


def test_another_seed_gives_other_rows():
    case = list_cases()[0]
    first, second = (offices(ground(case, seed))["assumptions"]["usual"] for seed in ("one", "two"))
    assert list(first) != list(second)


def test_where_nothing_can_be_asked_about_the_maker_names_the_city_and_the_way_out(monkeypatch):
    maker = sys.modules["playbook.casemaking.planning.offices"]
    monkeypatch.setattr(maker, "_LADDER", ())
    monkeypatch.setattr(maker, "_LAST", ())
    case = list_cases()[0]
    with pytest.raises(PlaybookError, match="no rent keeps the shortcuts of chapter 4 away") as stopped:
        offices(ground(case))
    assert case.adcode in str(stopped.value)
    assert "another seed" in str(stopped.value)


@every_city
def test_some_offices_and_not_all_are_best_and_nearly_nothing_is_as_good(case):
    area, tried = costs_of_all(case)
    best = tried.loc[tried["cost"].idxmin()]
    assert 2 <= best["count"] < len(area.km)
    as_good = tried[tried["cost"] <= PASSES * best["cost"]]
    assert len(as_good) <= 2


@every_city
def test_offices_placed_without_counting_cost_clearly_more(case):
    area, tried = costs_of_all(case)
    by_need = list(area.need.sort_values(ascending=False, kind="stable").index)
    workers = case.city_districts.set_index("district").filter(like="workers_").sum(axis=1)
    by_workers = list(workers.sort_values(ascending=False, kind="stable").index)
    shortcuts = [
        [hall_district(case)],
        list(area.km.columns),
        *(order[:count] for order in (by_need, by_workers) for count in (1, 2, 3)),
    ]
    for sites in shortcuts:
        assert offices_cost(area.need, area.km, sites, area.costs).cost_cny > SHORTCUT * tried["cost"].min()


@every_city
def test_the_priority_districts_are_some_and_no_near_miss(case):
    need, asked = area_of(case).need, assumptions_of(case)["heart_share"]
    heart = fewest_for(need, asked)
    assert 2 <= len(heart) <= len(need) - 2
    shares = (need.sort_values(ascending=False) / need.sum()).cumsum()
    assert (shares - asked).abs().min() > 0.008


@every_city
def test_near_is_neither_for_few_nor_for_all_and_a_days_mistakes_show(case):
    area, tried = costs_of_all(case)
    usual = assumptions_of(case)
    best = tried.loc[tried["cost"].idxmin(), "offices"]
    away = km_to_offices(area.accounts, case.city_districts[case.city_districts["district"].isin(best)])
    assert 0.45 < (away <= usual["reach_km"]).mean() < 0.92
    drive = away.groupby(area.accounts["district"]).mean() * usual["detour"] / usual["speed_kmh"] * 60
    drive = drive.clip(upper=usual["day_min"] / 2)
    visit = {"service_min": usual["service_min"], "leg_min": usual["leg_min"]}
    right = visits_a_day(drive, day_min=usual["day_min"], **visit)
    assert right.nunique() > 1
    assert (right != visits_a_day(drive / 2, day_min=usual["day_min"], **visit)).any()
    assert (right != visits_a_day(drive.clip(upper=210), day_min=usual["day_min"] - 60, **visit)).any()


@every_city
def test_there_is_more_than_one_fair_split_and_dealing_in_turn_is_none_of_the_best(case):
    area, band = area_of(case), assumptions_of(case)["balance"]
    splits = territory_choices(area.need, area.km)
    fair = splits[(2 * splits["share_1"] - 1).abs() <= band]
    assert len(fair) > 1
    for order in (list(area.km.index), sorted(area.km.index)):
        in_turn = [set(order[::2]), set(order[1::2])]
        dealt = fair[fair["group_1"].map(set).isin(in_turn)]
        assert not (dealt["mean_km"] <= fair["mean_km"].min() / SHORT_WAYS).any()


def test_cities_differ_in_how_many_offices_are_best():
    counts = []
    for case in list_cases():
        _area, tried = costs_of_all(case)
        counts.append(int(tried.loc[tried["cost"].idxmin(), "count"]))
    assert len(set(counts)) >= 4
    assert max(map(counts.count, counts)) <= 6


@pytest.mark.parametrize(("held", "band"), [((66, 24, 10), 0.6), ((40, 35, 25), 0.4)])
def test_where_few_districts_hold_most_of_the_need_the_band_is_wide_enough_for_two_fair_splits(held, band):
    names = list("abc")
    need = pd.Series(held, index=names)
    km = pd.DataFrame([[0, 9, 4], [9, 0, 6], [4, 6, 0]], index=names, columns=names, dtype=float)
    city = SimpleNamespace(area=SimpleNamespace(need=need, km=km))
    found = _City.balance(city)
    away = (2 * territory_choices(need, km)["share_1"] - 1).abs()
    assert found == band
    assert (away <= found).sum() > 1


def test_a_city_of_one_district_has_no_fair_split():
    need = pd.Series({"a": 90, "b": 10})
    km = pd.DataFrame(5.0, index=list("ab"), columns=list("ab"))
    with pytest.raises(PlaybookError, match="no split of the districts is fair"):
        _City.balance(SimpleNamespace(area=SimpleNamespace(need=need, km=km)))
