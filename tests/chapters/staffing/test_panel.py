"""The panel of chapter 9: its model without a kernel, its view by moving the controls."""

from dataclasses import replace

import pytest

from playbook.cases import load_case
from playbook.chapters.staffing.panel import panel, start_of, view
from playbook.chapters.staffing.problem import staffing_problem

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def problem():
    return staffing_problem(load_case("jinhua"))


@pytest.fixture(scope="module")
def start(problem):
    return start_of(problem)


@pytest.fixture(scope="module")
def shown():
    return panel(load_case("jinhua"))


def test_the_panel_starts_with_the_draft_and_says_that_month_nine_is_short(problem, start):
    assert sum(start.hires) == problem.hires.sum()
    words = " ".join(view(problem, start).words)
    assert "(beside a veteran)" in words
    assert "the work takes 18" in words
    assert "It is short in 4 of the last four months." in words
    assert "10 more would have to start by month" in words


def test_hires_in_the_first_quarter_help_month_nine_more_than_in_the_third(problem, start):
    first, second, third, fourth = start.hires
    early = view(problem, replace(start, hires=(first + 3, second, third, fourth)))
    late = view(problem, replace(start, hires=(first, second, third + 3, fourth)))
    assert early.capacity[9] > late.capacity[9]


def test_without_veterans_the_team_is_worth_less_in_every_month(problem, start):
    alone, beside = view(problem, replace(start, seeded=False)), view(problem, start)
    assert (alone.capacity < beside.capacity).all()
    assert "(no veteran in the group)" in alone.words[0]


def test_nobody_leaves_at_zero_and_more_leavers_leave_fewer_heads(problem, start):
    stay = view(problem, replace(start, quits=0.0)).table
    assert stay["heads"].tolist() == pytest.approx(stay["start"].cumsum().tolist())
    assert (view(problem, replace(start, quits=8.0)).table["heads"] < stay["heads"]).all()


def test_with_people_enough_no_month_is_short(problem, start):
    words = view(problem, replace(start, hires=(24, 24, 0, 0))).words
    assert words[-1] == "From month 9 on, no month is short."


def test_where_not_even_the_first_month_is_early_enough_the_panel_says_so(problem, start):
    words = view(problem, replace(start, hires=(0, 0, 0, 0))).words
    assert words[-1] == "Not even 10 more from month 1 on would be enough."


@pytest.mark.parametrize(
    ("control", "value"), [("q1", 24), ("q4", 0), ("quits", 9.0), ("half", 6.5), ("seeded", False)]
)
def test_moving_a_control_changes_words_picture_and_table(shown, control, value):
    before = shown.words.value + shown.table.value, shown.picture.value
    start = shown.controls[control].value
    shown.controls[control].value = value
    after = shown.words.value + shown.table.value, shown.picture.value
    shown.controls[control].value = start
    assert after[0] != before[0]
    assert after[1] != before[1]
    assert (shown.words.value + shown.table.value, shown.picture.value) == before


def test_every_control_has_a_label_and_the_picture_is_described(shown):
    assert all(control.description for control in shown.controls.values())
    assert 'aria-live="polite"' in shown.words.value
    assert "alt=" in shown.picture.value
