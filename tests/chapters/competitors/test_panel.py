"""The panel of chapter 6: its model without a kernel, its view by moving the controls."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.competitors.panel import State, panel, view

pytestmark = pytest.mark.slow

FIELD = pd.DataFrame(
    {"district": ["North", "East", "West"], "need": [90, 40, 50], "own": [6, 0, 2], "rivals": [6, 1, 0]}
)
BY_RIVAL = pd.DataFrame({"K1": [6, 0, 0], "K2": [0, 1, 0]}, index=["North", "East", "West"])
RATES = {"": 0.3, "K1": 0.1, "K2": 0.5}


def seen(**state):
    return view(FIELD, BY_RIVAL, RATES, "Jinhua", State(**state))


def test_the_words_name_where_the_next_seller_adds_most_and_where_nothing():
    words = seen().words
    assert words[0] == (
        "Against all rivals, 8 sellers of ours win 28.5 firms in Jinhua: 30% of those that listen to us."
    )
    assert words[1] == "One more adds most in East: 6.0 wins."
    assert words[2] == "It adds next to nothing in West: nobody else is there, or hardly a firm."


def test_one_rival_alone_counts_with_its_own_rate():
    against = seen(rival="K1")
    assert against.words[0].startswith("Against K1, 8 sellers")
    assert against.gains["rivals"].sum() == 6
    assert against.gains.set_index("district").loc["East", "adds"] == pytest.approx(40 * 0.1)


def test_a_moved_seller_is_counted_where_he_stands():
    moved = seen(own={"North": 5, "East": 1}).gains.set_index("district")
    assert moved.loc["East", "share"] == 0.5
    assert moved["own"].sum() == 8


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_the_next_one_adds_what_the_wins_grow_by(own):
    sellers = dict(zip(FIELD["district"], own, strict=True))
    now = seen(own=sellers).gains.set_index("district")
    then = seen(own={**sellers, "North": sellers["North"] + 1}).gains.set_index("district")
    assert then.loc["North", "wins"] == pytest.approx(now.loc["North", "wins"] + now.loc["North", "adds"])


@pytest.fixture(scope="module")
def shown():
    return panel(load_case("jinhua"))


@pytest.mark.parametrize(("control", "value"), [("rival", "K1"), ("Yiwu", 9), ("Lanxi", 0)])
def test_moving_a_control_changes_words_table_and_picture(shown, control, value):
    before = shown.words.value, shown.table.value, shown.picture.value
    start = shown.controls[control].value
    shown.controls[control].value = value
    after = shown.words.value, shown.table.value, shown.picture.value
    shown.controls[control].value = start
    assert all(new != old for new, old in zip(after, before, strict=True))
    assert (shown.words.value, shown.table.value) == before[:2]


def test_every_control_has_a_label(shown):
    assert all(control.description for control in shown.controls.values())
    assert len(shown.controls) == 1 + len(load_case("jinhua").city_districts)


def test_words_are_announced_and_the_picture_described(shown):
    assert 'aria-live="polite"' in shown.words.value
    assert 'alt="Jinhua: the next seller adds most in' in shown.picture.value
