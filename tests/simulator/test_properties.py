"""What must hold in every run: zeros, one direction for every force, the same people under two plans."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.simulator import Parameters, Plan, by_the_book, make_draws, simulate
from playbook.simulator.draws import Draws
from tests.simulator.tiny import small_plan, tiny_city

pytestmark = pytest.mark.slow

#: Forces that help in every run, and those that harm in every run; times what. They raise the value in each run, and
#: some the wins in each, too: doors that open sooner bring firms to their decision before references stand, which can
#: cost a run a win or two.
HELPS = {"meet": 2.2, "margin": 1.1, "warm": 1.6, "by_reference": 1.2}
WINS = {"margin", "by_reference"}
HARMS = {"rival": 1.5, "churn": 1.5}


def wins_and_value(city, plan, draws, parameters=None):
    outcome = simulate(city, plan, draws, parameters)
    return outcome.column("wins").sum(1), outcome.value


def test_without_supervisors_nobody_visits_and_nobody_signs(jinhua, jinhua_draws):
    outcome = simulate(jinhua, replace(by_the_book(jinhua), teams=()), jinhua_draws)
    assert outcome.column("visits").sum() == 0
    assert outcome.column("wins").sum() == 0


def test_without_sellers_nobody_signs(jinhua, jinhua_draws):
    plan = replace(by_the_book(jinhua), heads=(0,) * 8, veterans=0)
    outcome = simulate(jinhua, plan, jinhua_draws)
    assert outcome.column("reps").sum() == 0
    assert outcome.column("wins").sum() == 0


def test_without_attraction_nobody_signs(jinhua, jinhua_draws):
    wins, _ = wins_and_value(jinhua, by_the_book(jinhua), jinhua_draws, replace(Parameters(), attract=-60))
    assert wins.sum() == 0


@pytest.mark.parametrize("force", HELPS)
@pytest.mark.parametrize("name", ["jinhua", "nanjing"])
def test_what_helps_helps_in_every_run(force, name, known):
    city, draws = known(name, 12)
    p = Parameters()
    plan = by_the_book(city)
    before, worth = wins_and_value(city, plan, draws, p)
    after, better = wins_and_value(city, plan, draws, replace(p, **{force: getattr(p, force) * HELPS[force]}))
    assert (better > worth).all()
    assert (after >= before).all() if force in WINS else after.sum() >= before.sum()


@pytest.mark.parametrize("name", ["jinhua", "nanjing"])
def test_more_attraction_helps_in_every_run(name, known):
    city, draws = known(name, 12)
    plan, p = by_the_book(city), Parameters()
    before, worth = wins_and_value(city, plan, draws, p)
    after, better = wins_and_value(city, plan, draws, replace(p, attract=p.attract + 0.2))
    assert (better > worth).all()
    assert (after >= before).all()


@pytest.mark.parametrize("force", HARMS)
@pytest.mark.parametrize("name", ["jinhua", "nanjing"])
def test_what_harms_harms_in_every_run(force, name, known):
    city, draws = known(name, 12)
    p, plan = Parameters(), by_the_book(city)
    _, worth = wins_and_value(city, plan, draws, p)
    _, worse = wins_and_value(city, plan, draws, replace(p, **{force: getattr(p, force) * HARMS[force]}))
    assert (worse < worth).all()


def test_more_quitting_harms_in_every_run(jinhua, jinhua_draws):
    p, plan = Parameters(), by_the_book(jinhua)
    much = replace(p, quit_beside=1.6 * p.quit_beside, quit_alone=1.6 * p.quit_alone)
    assert (
        wins_and_value(jinhua, plan, jinhua_draws, much)[1] < wins_and_value(jinhua, plan, jinhua_draws)[1]
    ).all()


def test_veterans_raise_bookings_in_every_run(jinhua, jinhua_draws):
    plan = by_the_book(jinhua)
    with_, without = (
        simulate(jinhua, one, jinhua_draws).column("bookings").sum(1)
        for one in (replace(plan, package=150), replace(plan, veterans=0))
    )
    assert (with_ > without).all()


def test_a_firm_whose_traits_speak_for_need_decides_sooner_and_signs_more_often():
    """Firms are drawn alike in both halves: only their scores differ."""
    city, p = tiny_city(), Parameters()
    plan = Plan(heads=(4,) * 8, teams=(1,))
    draws = make_draws(city, 60)
    won = {
        sign: simulate(replace(city, score=np.full(city.firms, sign)), plan, draws).column("wins").sum()
        for sign in (-1.0, 1.0)
    }
    assert won[1.0] > 1.3 * won[-1.0]
    blind = replace(p, keen=0, suits=0)
    assert (
        simulate(replace(city, score=np.ones(city.firms)), plan, draws, blind).value
        == simulate(city, plan, draws, blind).value
    ).all()


def test_the_profile_pays_in_every_city_of_the_book(known):
    for name in ("jinhua", "nanjing"):
        city, draws = known(name, 12)
        plan = by_the_book(city)
        _, aimed = wins_and_value(city, plan, draws)
        _, blind = wins_and_value(city, replace(plan, profile=(), profile_focus=0), draws)
        assert (aimed > blind).all()


def test_shut_doors_and_checking_cost_in_every_run(jinhua, jinhua_draws):
    p, plan = Parameters(), by_the_book(jinhua)
    _, worth = wins_and_value(jinhua, plan, jinhua_draws)
    for harder in ({"tired": p.tired / 15}, {"choosy": 20 * p.choosy}):
        assert (wins_and_value(jinhua, plan, jinhua_draws, replace(p, **harder))[1] < worth).all()


def test_the_more_newcomers_at_a_time_the_slower_all_of_them_learn():
    """Sixteen under one supervisor are worth less, each, than four: coaching is shared."""
    city = tiny_city()
    draws = make_draws(city, 20)
    each = [
        simulate(city, Plan(heads=(heads,) * 8, teams=(1,)), draws).column("equivalents")[:, 8]
        / simulate(city, Plan(heads=(heads,) * 8, teams=(1,)), draws).column("reps")[:, 8]
        for heads in (3, 8, 16)
    ]
    means = [one.mean() for one in each]
    assert means[0] > means[1] > means[2]


def test_two_plans_meet_the_same_people(jinhua):
    """Common random numbers: the difference of two like plans varies far less than either."""
    draws, plan = make_draws(jinhua, 40), by_the_book(jinhua)
    values = [
        simulate(jinhua, one, draws).value
        for one in (plan, replace(plan, heads=(8, 12, 16, 20, 20, 20, 21, 21)))
    ]
    assert np.std(values[1] - values[0]) < 0.25 * np.std(values[0])


@settings(max_examples=8, deadline=None)
@given(first=st.integers(0, 400), runs=st.integers(1, 5))
def test_a_run_depends_on_its_number_alone(first, runs):
    city, plan = tiny_city(), small_plan()
    together = simulate(city, plan, make_draws(city, runs + 2, first))
    alone = simulate(city, plan, make_draws(city, runs, first + 1))
    assert np.array_equal(together.months[1 : runs + 1], alone.months)
    assert np.array_equal(together.value[1 : runs + 1], alone.value)


def test_many_runs_side_by_side_are_the_same_as_few():
    city, plan = tiny_city(), small_plan()
    draws = make_draws(city, 90)
    assert isinstance(draws.part(3, 5), Draws)
    few = [simulate(city, plan, draws.part(start, start + 9)).value for start in range(0, 90, 9)]
    assert np.allclose(np.concatenate(few), simulate(city, plan, draws).value, rtol=1e-12)


def test_one_run_leaves_the_draws_as_they_were():
    city, plan = tiny_city(), small_plan()
    draws = make_draws(city, 4)
    assert np.array_equal(simulate(city, plan, draws).months, simulate(city, plan, draws).months)


@settings(max_examples=15, deadline=None)
@given(
    heads=st.lists(st.integers(0, 60), min_size=8, max_size=8),
    teams=st.lists(st.integers(1, 24), max_size=8),
    salons=st.lists(st.integers(0, 8), min_size=4, max_size=4),
    share=st.floats(0, 1),
    veterans=st.integers(0, 8),
)
def test_whatever_the_plan_the_books_add_up(heads, teams, salons, share, veterans):
    city = tiny_city()
    plan = Plan(
        heads=tuple(heads), teams=tuple(teams), salons=tuple(salons), follow_up=share, cadence=share, area_focus=share,
        industry_focus=share, veterans=veterans, package=150 * share, bench=share / 2, benchmarks=3,
    )  # fmt: skip
    outcome = simulate(city, plan, make_draws(city, 3))
    months = {
        name: outcome.column(name)
        for name in ("cash", "net", "wins", "decided", "customers", "density", "reps")
    }
    assert np.isfinite(outcome.months).all()
    assert np.allclose(months["cash"], months["net"].cumsum(1))
    assert (months["wins"] <= months["decided"]).all()
    assert (months["customers"] <= months["wins"].cumsum(1)).all()
    assert months["decided"].sum(1).max() <= city.firms * city.copies
    assert ((months["density"] >= 0) & (months["density"] <= 1)).all()
    assert (months["reps"][:, 0] <= max(heads[0], 8)).all()
