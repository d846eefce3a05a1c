"""What is planted in the cities of chapter 11 is found in the data, and no shortcut gives an answer."""

import sys
from collections import Counter

import pandas as pd
import pytest

from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.planning.phases import LAGS, OWN_PHASES, lag_of, phases
from playbook.casemaking.public import published
from playbook.casemaking.seeds import shipped_seed
from playbook.cases import list_cases, load_case
from playbook.chapters.phase.problem import phase_problem
from playbook.errors import PlaybookError
from playbook.market.phases import PHASES, VERDICTS, best_lag, lag_correlations, verdicts

pytestmark = pytest.mark.slow

CASES = pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)


def ground_of(case, unseen=False, seed=None) -> Ground:
    return Ground(seed or shipped_seed(case.adcode), case.adcode, unseen, published(), {})


@CASES
def test_lag_phase_and_verdict_are_as_dealt(case):
    problem, ground = phase_problem(case), ground_of(case)
    assert problem.lag == lag_of(ground)
    assert problem.own["phase"] == ground.deal("own phase", OWN_PHASES)
    assert problem.own["verdict"] == ground.deal("own verdict", VERDICTS[::-1])


@CASES
def test_the_own_city_is_in_its_ninth_month_and_costs_more_than_it_books(case):
    own = phase_problem(case).own
    assert own["month"] == 9
    assert own["bookings"] < 0.95 * own["cost"]


@CASES
def test_the_pilots_show_at_least_three_phases_and_all_verdicts_occur(case):
    cities = phase_problem(case).cities.set_index("city_id")
    assert len(set(cities.drop("own")["phase"])) >= 3
    assert set(cities["verdict"]) == set(VERDICTS)


@CASES
def test_neither_age_nor_bookings_tell_the_phase(case):
    cities = phase_problem(case).cities
    assert cities.loc[cities["month"].idxmax(), "phase"] != PHASES[-1]
    assert cities.loc[cities["bookings"].idxmax(), "phase"] != PHASES[-1]


@CASES
def test_every_sign_is_clear_of_the_number_that_decides(case):
    cities = phase_problem(case).cities
    for column, edge in (("ab_stock", 100), ("rise", 1.25), ("beyond", 0.5), ("growth", 1.10)):
        assert ((cities[column] / edge - 1).abs() > 0.05).all(), column
    assert ((cities["bookings"] / cities["cost"] - 1).abs() > 0.05).all()


@CASES
def test_the_lag_stands_out_and_no_shortcut_finds_it(case):
    problem = phase_problem(case)
    pilot = case.city_months[case.city_months["city_id"] == problem.oldest]
    visits, bookings = pilot["visits"], pilot["bookings_10k"]
    found = lag_correlations(visits, bookings)
    assert found[problem.lag] - found.drop(problem.lag).max() >= 0.059
    assert best_lag(visits.cumsum(), bookings.cumsum()) != problem.lag
    assert best_lag(bookings, visits) not in (0, problem.lag, problem.lag + 1)
    own = case.city_months[case.city_months["city_id"] == "own"]
    assert best_lag(own["visits"], own["bookings_10k"]) != problem.lag


@CASES
def test_who_expects_the_money_at_once_says_something_else(case):
    problem = phase_problem(case)
    impatient = verdicts(problem.cities, 0)["verdict"]
    assert list(impatient) != list(problem.cities["verdict"])


@CASES
def test_sellers_make_five_to_ten_visits_a_day(case):
    rows = case.city_months
    a_day = rows["visits"] / rows["sellers"] / 20
    assert a_day.between(3.5, 10).all()
    assert 5 < a_day.mean() < 8


@CASES
def test_the_stock_follows_from_what_is_added_and_lost(case):
    for _city, months in case.city_months.groupby("city_id"):
        change = months["ab_stock"].diff().dropna()
        assert (months["ab_added"].iloc[1:] >= change).all()
    wins = case.city_months[["wins_talk", "wins_referral", "wins_salon", "wins_peer"]]
    assert (wins.sum(axis=1) >= 1).all()


def test_lags_phases_and_verdicts_are_spread_over_the_cities():
    trainees = [phase_problem(case) for case in list_cases() if case.role != "worked"]
    for found in (
        Counter(one.lag for one in trainees),
        Counter(one.own["phase"] for one in trainees),
        Counter(one.own["verdict"] for one in trainees),
    ):
        assert set(found.values()) == {4}


def test_no_other_city_has_the_lag_of_the_book():
    assert lag_of(ground_of(load_case("jinhua"))) not in LAGS


def test_the_same_seed_gives_the_same_months():
    case = load_case("quanzhou")
    pd.testing.assert_frame_equal(
        phases(ground_of(case))["city_months"], phases(ground_of(case))["city_months"]
    )


def test_an_unseen_case_has_another_lag_phase_and_verdict():
    case = load_case("quanzhou")
    shipped, unseen = ground_of(case), ground_of(case, unseen=True, seed="a secret")
    for what, options in (("lag", LAGS), ("own phase", OWN_PHASES), ("own verdict", VERDICTS[::-1])):
        assert shipped.deal(what, options) != unseen.deal(what, options)
    assert not phases(unseen)["city_months"].equals(phases(shipped)["city_months"])


def test_a_city_that_cannot_be_drawn_is_named_instead_of_drawn_for_ever(monkeypatch):
    monkeypatch.setattr(sys.modules[phases.__module__], "_MOST_CITIES", 0)
    with pytest.raises(PlaybookError, match="no draw shows the phases"):
        phases(ground_of(load_case("jinhua")))
