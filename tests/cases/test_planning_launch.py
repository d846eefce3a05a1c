"""What is planted in the tables of chapter 8 is found in the data, and no shortcut gives an answer."""

import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.planning.launch import JUDGES, launch
from playbook.casemaking.public import published
from playbook.casemaking.seeds import shipped_seed
from playbook.cases import list_cases, load_case
from playbook.chapters.city_choice.problem import launch_problem
from playbook.chapters.city_choice.reading import gains, scarce_role
from playbook.errors import PlaybookError
from playbook.market.bench import ROLES, SCORES, best_sequence, eligible_managers, sequence_in_turn

pytestmark = pytest.mark.slow

CASES = pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)


def ground_of(case, unseen=False, seed=None) -> Ground:
    return Ground(
        seed or shipped_seed(case.adcode), case.adcode, unseen, published(), {"densities": case.densities}
    )


@CASES
def test_the_dealt_judge_contradicts_himself_and_no_other(case):
    odd = ground_of(case).deal("inconsistent judge", JUDGES)
    ratios = {judge: one.ratio for judge, one in launch_problem(case).judged.items()}
    assert 0.149 <= ratios.pop(odd) <= 0.301
    assert max(ratios.values()) < 0.081


@CASES
def test_one_more_of_the_dealt_role_brings_most(case):
    more = gains(launch_problem(case))
    role = ground_of(case).deal("scarce role", ROLES)
    assert more.idxmax() == role
    assert more[role] > 0
    assert more.drop(role).max() < more[role]


@CASES
def test_going_down_a_list_costs_at_least_five_per_cent(case):
    problem = launch_problem(case)
    best = best_sequence(problem.cities, problem.people).value
    cities = problem.cities.sort_values("value", ascending=False)["city"]
    for order in (cities, cities[::-1], problem.cities["city"], problem.scores().index):
        assert sequence_in_turn(order, problem.cities, problem.people).value < 0.95 * best


@CASES
def test_the_three_best_cities_are_found_by_no_shortcut(case):
    problem = launch_problem(case)
    scores = problem.scores()["score"]
    top = list(scores.index[:3])
    assert (-scores.diff().iloc[1:4] > 0.045 * np.ptp(scores)).all()
    others = [
        problem.scores(problem.weights(JUDGES)),
        problem.scores(dict.fromkeys(problem.indicators.columns, 1)),
        *(problem.indicators.sort_values(name, ascending=False) for name in problem.indicators.columns),
    ]
    assert all(list(other.index[:3]) != top for other in others)


@CASES
def test_a_few_may_be_appointed_and_the_best_seller_may_not(case):
    bench = case.bench
    ready = eligible_managers(bench)
    assert len(bench) == 60
    assert 3 <= len(ready) <= 6
    assert ready["markets"].min() == 2
    best = bench.loc[bench["bookings_10k"].idxmax()]
    assert best["person_id"] not in set(ready["person_id"])
    assert best[list(SCORES)].mean() >= 75
    assert (best[list(SCORES)] < 60).sum() == 1
    pool = bench[bench["in_pool"]]
    assert set(pool["level"]) == {"M1.5"}
    for gate in ("course_done", "led_team"):
        assert not pool[gate].all()
    assert pool["red_line"].any()


@CASES
def test_the_own_city_takes_one_manager_and_two_supervisors(case):
    own = case.launch_options.set_index("adcode").loc[case.adcode]
    assert (own["managers"], own["supervisors"]) == (1, 2)
    options = case.launch_options
    assert options["supervisors"].between(2 * options["managers"], 3 * options["managers"]).all()
    assert (options["veterans"] >= options["supervisors"]).all()
    assert set(options["adcode"]) == set(case.densities["adcode"])


@pytest.mark.slow
def test_judges_and_roles_are_spread_over_the_cities():
    trainees = [case for case in list_cases() if case.role != "worked"]
    assert set(Counter(scarce_role(launch_problem(case)) for case in trainees).values()) == {4}
    firsts = Counter(launch_problem(case).scores().index[0] for case in trainees)
    assert max(firsts.values()) <= 5


def test_the_same_seed_gives_the_same_tables():
    case = load_case("quanzhou")
    once, again = launch(ground_of(case)), launch(ground_of(case))
    for name, frame in once.items():
        pd.testing.assert_frame_equal(frame, again[name])


def test_an_unseen_case_has_another_judge_and_another_scarce_role():
    case = load_case("quanzhou")
    shipped, unseen = ground_of(case), ground_of(case, unseen=True, seed="a secret")
    for what, options in (("inconsistent judge", JUDGES), ("scarce role", ROLES)):
        assert shipped.deal(what, options) != unseen.deal(what, options)
    assert not launch(unseen)["bench"].equals(launch(shipped)["bench"])


@pytest.mark.parametrize(
    ("limit", "said"),
    [("_MOST_CITIES", "no draw lets .* set the pace"), ("_MOST_DRAWS", "no judge judges like that")],
)
def test_a_city_that_cannot_be_drawn_is_named_instead_of_drawn_for_ever(monkeypatch, limit, said):
    monkeypatch.setattr(sys.modules[launch.__module__], limit, 0)
    with pytest.raises(PlaybookError, match=said):
        launch(ground_of(load_case("jinhua")))
