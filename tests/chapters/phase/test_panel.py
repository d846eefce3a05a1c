"""The panel of chapter 11: its model without a kernel, its view by moving the controls."""

import pytest

from playbook.cases import load_case
from playbook.chapters.phase.panel import State, panel, view
from playbook.chapters.phase.problem import mix_problem

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def problem():
    return mix_problem(load_case("jinhua"))


@pytest.fixture(scope="module")
def shown():
    return panel(load_case("jinhua"))


def test_the_words_tell_wins_the_best_mix_and_where_the_next_win_is_dear(problem):
    words = view(problem, State(60, direct=10, salon=1, online=0)).words
    assert words[0].startswith("CNY 600,000 brings")
    assert words[1].startswith("The best mix brings")
    assert "in single talks, and CNY" in words[-1]


def test_the_best_mix_is_as_good_as_any_and_its_next_wins_cost_the_same(problem):
    words = view(problem, State(60, best=True)).words
    assert "This is as good as any mix." in words
    assert words[-1] == "The next win costs about the same in each way that is used."


def test_parts_are_proportions(problem):
    one, other = view(problem, State(60, 2, 2, 0, 0)), view(problem, State(60, 5, 5, 0, 0))
    assert one.words == other.words
    assert one.table["money"].tolist() == [30.0, 30.0, 0.0, 0.0]


def test_four_ways_are_one_too_many(problem):
    assert "These are 4 ways: a team runs three well." in view(problem, State(60, 1, 1, 1, 1)).words


def test_without_any_part_the_panel_asks_for_one(problem):
    assert view(problem, State(60, 0, 0, 0, 0)).words == ("Give at least one way a part of the money.",)


@pytest.mark.parametrize(
    ("control", "value"),
    [("budget", 30), ("direct", 0), ("salon", 10), ("online", 9), ("ecosystem", 8), ("best", True)],
)
def test_moving_a_control_changes_words_table_and_picture(shown, control, value):
    before = shown.words.value, shown.table.value, shown.picture.value
    start = shown.controls[control].value
    shown.controls[control].value = value
    after = shown.words.value, shown.table.value, shown.picture.value
    shown.controls[control].value = start
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert (shown.words.value, shown.table.value, shown.picture.value) == before


def test_every_control_has_a_label_and_the_picture_is_described(shown):
    assert all(control.description for control in shown.controls.values())
    assert 'aria-live="polite"' in shown.words.value
    assert "alt=" in shown.picture.value
