"""The panel of chapter 8: its model without a kernel, its view by moving the controls."""

import pytest

from playbook.cases import load_case
from playbook.chapters.city_choice.panel import State, panel, view
from playbook.chapters.city_choice.problem import launch_problem
from playbook.market.bench import ROLES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def problem():
    return launch_problem(load_case("jinhua"))


@pytest.fixture(scope="module")
def shown():
    return panel(load_case("jinhua"))


def test_the_words_name_the_first_what_waits_and_who_is_short(problem):
    words = " ".join(view(problem, State()).words)
    assert "ranks first by your weights" in words
    assert "Later: " in words
    assert "One more of the managers would bring most: they set the pace." in words


def test_going_down_the_ranking_is_never_better_and_says_what_it_gives_up(problem):
    down, best = view(problem, State(down=True)), view(problem, State())
    assert down.calendar.value < best.calendar.value
    assert any("gives up CNY" in line for line in down.words)


def test_with_people_enough_no_role_is_short(problem):
    words = view(problem, State(promoted=2, supervisors=6, veterans=6)).words
    assert words[-1] == "No role is short: one more person would bring nothing."


def test_without_any_weight_the_panel_asks_for_one_and_keeps_the_calendar(problem):
    seen = view(problem, State(market=0, pressure=0, cost=0, distance=0))
    assert seen.words[0] == "Give at least one criterion a weight to see a ranking."
    assert len(seen.table) == 6


@pytest.mark.parametrize(
    ("control", "value"),
    [("market", 0), ("distance", 10), ("promoted", 1), ("down", True)],
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


def test_the_scarce_role_is_marked_by_more_than_colour(shown):
    assert "Man\u00adagers*" in shown.table.value
    assert set(ROLES) == {"leaders", "supervisors", "veterans"}
