"""The panel of chapter 12: its model without a kernel, its view by moving the controls."""

import pytest

from playbook.cases import load_case
from playbook.chapters.gates.panel import State, panel, view
from playbook.chapters.gates.problem import LIMITS, gate_problem

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def problem():
    return gate_problem(load_case("jinhua"))


@pytest.fixture(scope="module")
def shown():
    return panel(load_case("jinhua"))


def test_it_starts_with_the_courses_own_limits(problem):
    assert State().limits.payback == LIMITS.payback
    assert State().limits.density == pytest.approx(LIMITS.density)
    assert view(problem, State()).words == ("Jinhua: scale.",)


def test_stricter_limits_name_what_is_not_green(problem):
    words = view(problem, State(payback=10, cover=5)).words
    assert words[0] == "Jinhua: hold."
    assert words[1] == "Not green: payback, pipeline cover."


def test_the_average_names_who_comes_through_and_which_number_failed(problem):
    words = " ".join(view(problem, State(average=True)).words)
    assert "Nanjing comes through on its average, although it fails: management density." in words
    assert "Quanzhou comes through on its average, although it fails: payback." in words


def test_where_nobody_passes_it_is_said(problem):
    assert view(problem, State(payback=6, cover=6, density=1.2)).words[-1] == (
        "No city passes all three gates with these limits."
    )
    assert "lets nobody through" in view(problem, State(6, 6, 1.2, average=True)).words[-1]


@pytest.mark.parametrize(
    ("control", "value"), [("payback", 12), ("cover", 5.0), ("density", 1.05), ("average", True)]
)
def test_moving_a_control_changes_words_or_table(shown, control, value):
    before = shown.words.value + shown.table.value
    start = shown.controls[control].value
    shown.controls[control].value = value
    after = shown.words.value + shown.table.value
    shown.controls[control].value = start
    assert after != before
    assert shown.words.value + shown.table.value == before


def test_every_control_has_a_label_and_the_picture_is_described(shown):
    assert all(control.description for control in shown.controls.values())
    assert 'aria-live="polite"' in shown.words.value
    assert "alt=" in shown.picture.value
    assert "<caption" in shown.table.value
