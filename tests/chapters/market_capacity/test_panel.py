"""The panel of chapter 2: its model without a kernel, its view by moving the controls."""

from dataclasses import replace

import pytest

from playbook.cases import load_case
from playbook.chapters.market_capacity.panel import State, panel, view
from playbook.chapters.market_capacity.problem import capacity_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shown():
    return panel(load_case("jinhua"))


@pytest.fixture(scope="module")
def capacity():
    return capacity_of(load_case("jinhua"))


START = State(people=15, need=15, value=20300.0, share=17, sellers=8)


def test_the_words_say_the_promise_and_the_team_as_its_limit(capacity):
    words = view(capacity, 3402.0, START).words
    assert words[0] == "You may promise 2.60 million yuan in year one, of 56.3 million that all would pay."
    assert words[1] == "The team is the limit: the market would give 0.94 million more, for 11 sellers."
    assert "12.3 times as many" in words[2]


def test_with_many_sellers_the_market_is_the_limit_and_one_more_adds_nothing(capacity):
    many = view(capacity, 3402.0, replace(START, sellers=20))
    assert many.words[1].startswith("The market is the limit: one more seller adds nothing from 11 on.")
    assert many.size.som == view(capacity, 3402.0, replace(START, sellers=25)).size.som


@pytest.mark.parametrize(
    ("control", "value"), [("sellers", 2), ("share", 1.0), ("need", 3.0), ("value", 9000.0), ("people", 10.0)]
)
def test_moving_a_control_changes_the_words(shown, control, value):
    before, start = shown.words.value, shown.controls[control].value
    shown.controls[control].value = value
    after = shown.words.value
    shown.controls[control].value = start
    assert after != before
    assert shown.words.value == before


def test_every_control_has_a_label_and_the_picture_is_described(shown):
    assert all(control.description for control in shown.controls.values())
    assert 'aria-live="polite"' in shown.words.value
    assert 'alt="Bars in CNY million' in shown.picture.value
