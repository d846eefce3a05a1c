"""What is planted in the tables of chapter 9 is found in the data, and no shortcut gives an answer."""

import importlib
import math
from collections import Counter
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.planning.staffing import BOOKS_OPTIONS, BOOKS_RAMP, BOOKS_SELLERS, staffing
from playbook.casemaking.public import published
from playbook.casemaking.seeds import shipped_seed
from playbook.cases import list_cases, load_case
from playbook.cases.staffing import GROUPS
from playbook.chapters.staffing.problem import TARGET_MONTH, package_of, staffing_problem
from playbook.errors import PlaybookError
from playbook.market.seeding import best_seeding, seeding_by_fit
from playbook.market.staffing import READY, latest_hire, ready_month

pytestmark = pytest.mark.slow

CASES = pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)


@lru_cache(maxsize=1)
def public():
    return published()


def ground_of(case, unseen=False, seed=None) -> Ground:
    return Ground(seed or shipped_seed(case.adcode), case.adcode, unseen, public(), {})


def dealt_to(ground: Ground) -> tuple[int, int, int]:
    return importlib.import_module(staffing.__module__)._dealt(ground)


@CASES
def test_newcomers_are_ready_in_the_months_that_were_dealt(case):
    beside, alone, last = dealt_to(ground_of(case))
    problem = staffing_problem(case)
    assert problem.ready.to_dict() == {"with": beside, "without": alone}
    assert problem.hire_by == last
    assert alone - beside >= 2


@CASES
def test_those_who_stayed_look_faster_in_both_groups(case):
    problem = staffing_problem(case)
    assert (ready_month(problem.survivors, problem.ripe) < problem.ready).all()
    sellers = case.sellers
    assert sellers["left"].notna().mean() > 0.2
    assert 0.02 < problem.quits < 0.06


@CASES
def test_the_months_around_the_answer_are_not_at_the_edge(case):
    problem = staffing_problem(case)
    for name, month in problem.ready.items():
        share = problem.curve[name] / problem.ripe
        assert share[month - 1] < READY - 0.01
        assert share[month] > READY + 0.01


@CASES
def test_veterans_sit_more_often_with_later_newcomers(case):
    hired = case.sellers.groupby("veteran_in_group")["hired"].median()
    assert hired[True] > hired[False]


@CASES
def test_the_last_month_to_hire_is_found_neither_without_ramp_nor_without_leavers(case):
    problem = staffing_problem(case)
    right = problem.hire_by
    level, alive = problem.level, problem.worth / problem.level
    assert latest_hire(problem.gap, problem.together, level, TARGET_MONTH) > right
    assert latest_hire(problem.gap, problem.together, alive, TARGET_MONTH) > right
    adds = problem.together * problem.worth
    service = TARGET_MONTH - right + 1
    assert adds[service] - problem.gap > 0.1
    assert problem.gap - adds[service - 1] > 0.1


@CASES
def test_the_sellers_needed_are_no_round_number_and_more_than_month_nine_takes(case):
    problem = staffing_problem(case)
    assert 0.24 < problem.needed % 1 < 0.76
    assert math.ceil(problem.needed) > problem.need


@CASES
def test_the_best_seeding_is_found_neither_by_fit_nor_with_the_unwilling(case):
    veterans = case.veterans
    go = veterans[veterans["willing"]]
    assert len(go) == 6
    best = best_seeding(go)
    assert best.feasible
    assert not seeding_by_fit(go).feasible
    assert best_seeding(go.assign(profile=go["veteran_id"])).fit > best.fit
    away = veterans[~veterans["willing"]]
    columns = [f"fit_{group}" for group in GROUPS]
    assert away[columns].to_numpy().mean() > go[columns].to_numpy().mean()


@CASES
def test_a_package_is_earned_back_before_it_ends(case):
    usual = case.assumptions.set_index("name")["usual"]
    assert 3.5 <= package_of(case).months <= usual["move_months"] - 3


def test_answers_are_spread_over_the_cities():
    trainees = [case for case in list_cases() if case.role != "worked"]
    problems = [staffing_problem(case) for case in trainees]
    assert max(Counter(problem.hire_by for problem in problems).values()) <= 5
    assert max(Counter(tuple(problem.ready) for problem in problems).values()) == 2
    assert max(Counter(math.ceil(problem.needed) for problem in problems).values()) <= 5


def test_the_books_answers_are_nobody_elses():
    for case in list_cases():
        problem, usual = staffing_problem(case), case.assumptions.set_index("name")["usual"]
        same = (
            (*problem.ready, problem.hire_by) == BOOKS_RAMP,
            math.ceil(problem.needed) == BOOKS_SELLERS,
            usual["options"] == BOOKS_OPTIONS,
        )
        assert same == ((True,) * 3 if case.role == "worked" else (False,) * 3)
        assert (problem.hire_by == BOOKS_RAMP[2]) == (case.role == "worked")


def test_the_same_seed_gives_the_same_tables_and_they_are_those_that_ship():
    case = load_case("quanzhou")
    once, again = staffing(ground_of(case)), staffing(ground_of(case))
    for name, frame in once.items():
        pd.testing.assert_frame_equal(frame, again[name])
    for name in ("call_plan", "hiring_plan", "veterans"):
        pd.testing.assert_frame_equal(once[name], case.table(name), check_dtype=False)
    np.testing.assert_allclose(once["seller_months"]["bookings_10k"], case.seller_months["bookings_10k"])


@pytest.mark.parametrize("seed", ["a secret", "another"])
def test_an_unseen_case_has_another_ramp_and_another_last_month(seed):
    for case in list_cases():
        shipped = dealt_to(ground_of(case))
        unseen = dealt_to(ground_of(case, unseen=True, seed=seed))
        assert all(one != other for one, other in zip(shipped, unseen, strict=True))


def test_a_case_that_cannot_be_drawn_is_named_instead_of_drawn_for_ever(monkeypatch):
    monkeypatch.setattr(importlib.import_module(staffing.__module__), "_MOST_DRAWS", 0)
    with pytest.raises(PlaybookError, match="no draw of newcomers' records and of a plan of hires is clear"):
        staffing(ground_of(load_case("jinhua")))


def test_veterans_that_cannot_be_drawn_are_not_drawn_for_ever(monkeypatch):
    module = importlib.import_module("playbook.casemaking.planning.veterans")
    monkeypatch.setattr(module, "_MOST_DRAWS", 0)
    with pytest.raises(PlaybookError, match="no draw of veterans"):
        module.veterans(np.random.default_rng(1))
