"""A city is made ready from the tables that a trainee has, and from no others."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from playbook.cases import list_cases, load_case
from playbook.errors import PlaybookError
from playbook.market.traits import TRAITS
from playbook.simulator import Plan, by_the_book, make_city, make_draws, simulate

USED = ("accounts", "customers_home", "districts", "cities", "rivals")


class Watched:
    """A case that tells which tables were read."""

    def __init__(self, case, **changed):
        self.case, self.changed, self.read = case, changed, set()

    def __getattr__(self, name):
        if name in ("name", "fingerprint", "adcode"):
            return getattr(self.case, name)
        self.read.add(name)
        return self.changed[name] if name in self.changed else getattr(self.case, name)


def test_it_reads_five_tables():
    watched = Watched(load_case("jinhua"))
    make_city(watched)
    assert watched.read == set(USED)


@pytest.mark.parametrize("name", [case.name for case in list_cases()])
def test_every_city_is_complete(name, known):
    city, _ = known(name, 1)
    D, S = len(city.districts), len(city.sections)
    assert city.firms > 250
    assert city.copies * city.firms == city.need.sum()
    assert (np.diff(city.district) >= 0).all()
    assert city.district.max() < D
    assert city.section.max() < S
    assert set(by_the_book(city).areas) <= set(city.districts)
    for field in fields(city):
        value = getattr(city, field.name)
        if isinstance(value, np.ndarray):
            assert np.isfinite(value.astype(float)).all(), field.name
    assert (city.score.mean(), city.score.std()) == (pytest.approx(0, abs=1e-9), pytest.approx(1))
    assert np.allclose(city.km, city.km.T)
    assert (city.rivals > 0.3).all()
    assert (city.rivals < 3).all()


@pytest.mark.parametrize("name", ["jinhua", "nanjing"])
def test_the_profile_by_the_book_asks_for_as_many_traits_as_a_third_of_the_firms_in_need_show(name, known):
    city, _ = known(name, 1)
    plan = by_the_book(city)
    met = city.traits[:, [list(TRAITS).index(trait) for trait in plan.profile]].sum(1)
    assert (met >= plan.least).mean() >= 1 / 3 > (met >= plan.least + 1).mean()


def test_two_entries_of_one_firm_count_once():
    case = load_case("jinhua")
    accounts = case.accounts
    twice = pd.concat([accounts, accounts[accounts["need"]].head(5)], ignore_index=True)
    assert make_city(Watched(case, accounts=twice)).firms == make_city(case).firms


def test_nobody_has_asked_for_a_quote_before_the_first_visit(jinhua):
    asked = list(TRAITS).index("asked for a quote")
    assert not jinhua.traits[:, asked].any()
    assert not jinhua.other_traits[:, asked].any()


def test_a_case_in_which_nobody_is_in_need_is_refused():
    case = load_case("jinhua")
    nobody = case.accounts.assign(need=False)
    with pytest.raises(PlaybookError, match="nobody to sell to") as caught:
        make_city(Watched(case, accounts=nobody))
    assert caught.value.where == "jinhua"
    assert "column need" in caught.value.remedy


def test_without_an_office_the_city_hall_serves(jinhua):
    draws = make_draws(jinhua, 2)
    there = Plan(offices=(jinhua.districts[jinhua.seat],))
    assert np.array_equal(simulate(jinhua, Plan(), draws).value, simulate(jinhua, there, draws).value)


@pytest.mark.slow
def test_an_unseen_version_of_a_city_is_made_ready_too(tmp_path):
    from playbook.casemaking import make_case

    city = make_city(make_case("330400", "a seed of this test", tmp_path / "unseen", resample_public=True))
    outcome = simulate(city, by_the_book(city), make_draws(city, 2))
    assert (outcome.column("wins").sum(1) > 50).all()


def test_the_outcome_of_a_month_has_a_mean_and_a_range(jinhua, jinhua_draws):
    table = simulate(jinhua, replace(by_the_book(jinhua)), jinhua_draws).by_month()
    assert list(table["month"]) == list(range(1, 25))
    assert (table["cash_low"] <= table["cash_high"]).all()
    assert (table["reps_low"] <= table["reps_high"]).all()


def test_a_plan_that_is_simulated_again_gives_the_same_and_nobody_can_spoil_it(known):
    city, draws = known("jinhua", 2)
    plan = by_the_book(city)
    first = simulate(city, plan, draws)
    first.months[:] = 0
    first.value[:] = 0
    again, apart = simulate(city, plan, draws), simulate(replace(city), plan, replace(draws))
    assert np.array_equal(again.months, apart.months)
    assert np.array_equal(again.value, apart.value)
    assert again.value.any()


def test_nobody_writes_into_a_city_or_its_draws(known):
    for thing in known("jinhua", 1):
        for field in fields(thing):
            if isinstance(value := getattr(thing, field.name), np.ndarray):
                with pytest.raises(ValueError, match="read-only"):
                    value[...] = 0
