"""The panel of chapter 7: its model without a kernel, its view by pressing the buttons."""

import pytest

from playbook.cases import load_case
from playbook.chapters.benchmark_customers.panel import AT_LEAST, FIRST_LARGEST, State, panel, view
from playbook.market.benchmark import benchmark_problem, largest_accounts
from playbook.market.selection import greedy_selection

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def problem(jinhua):
    return benchmark_problem(jinhua.accounts, jinhua.customers_home)


def test_nobody_picked_covers_nothing_and_suggests_greedys_first(problem):
    seen = view(problem, State())
    assert seen.share == 0
    assert seen.words.startswith("Nobody is picked yet.")
    assert seen.suggestion == greedy_selection(problem.covered, problem.value, k=1).chosen[0]


def test_following_the_suggestions_is_the_greedy_choice(problem):
    picked = ()
    for _ in range(AT_LEAST):
        picked = (*picked, view(problem, State(picked)).suggestion)
    assert picked == greedy_selection(problem.covered, problem.value, k=AT_LEAST).chosen
    curves = view(problem, State(picked)).curves
    assert curves["Your choice"]["share"].tolist() == pytest.approx(curves["Greedy"]["share"].tolist())


def test_the_largest_cost_more_days_than_there_are(problem):
    seen = view(problem, State(tuple(largest_accounts(problem.candidates, 6))))
    assert not seen.within_budget
    assert "more than the 30 at hand" in seen.words


def test_accounts_outside_the_profile_are_named(problem):
    outside = problem.candidates.query("not congruent")["account_id"].iloc[0]
    seen = view(problem, State((outside,)))
    assert seen.incongruent == (outside,)
    assert f"Outside your entry profile: {outside}" in seen.words


def test_one_that_adds_nothing_is_said_to(problem):
    first = greedy_selection(problem.covered, problem.value, k=1).chosen[0]
    inside = [
        account
        for account in problem.covered.index
        if account != first and not (problem.covered.loc[account] & ~problem.covered.loc[first]).any()
    ]
    assert f"{inside[0]} adds nothing" in view(problem, State((first, inside[0]))).words


def test_a_stricter_threshold_covers_less(problem):
    picked = greedy_selection(problem.covered, problem.value, k=3).chosen
    shares = [view(problem, State(picked, threshold)).share for threshold in (0.5, 0.7, 0.9, 1.0)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1]


def test_buttons_pick_undo_and_start_again(jinhua):
    shown = panel(jinhua)
    shown.clear.click()
    assert shown.undo.disabled
    shown.add_best.click()
    shown.candidate.value = next(value for _, value in shown.candidate.options if value not in shown.picked)
    shown.add.click()
    assert len(shown.picked) == 2
    assert "Your 2 accounts cover" in shown.words.value
    shown.undo.click()
    assert len(shown.picked) == 1
    shown.clear.click()
    assert shown.picked == ()
    assert shown.clear.disabled


def test_the_panel_opens_with_the_largest_names(jinhua, problem):
    shown = panel(jinhua)
    assert shown.picked == tuple(largest_accounts(problem.candidates, FIRST_LARGEST))
    assert "Your 3 accounts cover" in shown.words.value


def test_picking_the_same_twice_changes_nothing(jinhua):
    shown = panel(jinhua)
    shown.clear.click()
    shown.add.click()
    shown.add.click()
    assert len(shown.picked) == 1


def test_picking_changes_words_meter_and_picture(jinhua):
    shown = panel(jinhua)
    words, picture = shown.words.value, shown.picture.value
    shown.add_best.click()
    assert shown.words.value != words
    assert 'role="status"' in shown.words.value
    assert shown.picture.value != picture
    assert 'alt="Lines of the covered share' in shown.picture.value


def test_a_threshold_at_which_everybody_is_covered_leaves_no_suggestion(jinhua):
    shown = panel(jinhua)
    shown.threshold.min = 0.0
    shown.threshold.value = 0.0
    shown.add_best.click()
    assert shown.add_best.disabled
    assert "Nobody else would add anything." in shown.words.value


def test_every_control_has_a_label(jinhua):
    shown = panel(jinhua)
    controls = (shown.candidate, shown.add, shown.add_best, shown.undo, shown.clear, shown.threshold)
    assert all(control.description for control in controls)
    assert "(0 to 1)" in shown.threshold.description
