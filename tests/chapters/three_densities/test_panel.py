"""The panel of chapter 1: its model without a kernel, its view by moving the controls."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.chapters.three_densities.panel import LABELS, State, panel, view

pytestmark = pytest.mark.slow

CASE = SimpleNamespace(
    city="North",
    densities=pd.DataFrame(
        {
            "city": ["South", "North"],
            "managers_ready": [5, 2],
            "managers_required": [2, 4],
            "rep_equivalents": [6.0, 12.0],
            "reps_required": [24, 20],
            "accounts_covered": [90, 300],
            "accounts_icp": [450, 400],
        }
    ),
)


def test_the_view_holds_both_indices_and_names_what_binds():
    got = view(State(0.5, 0.6, 0.75))
    assert got.index == pytest.approx(0.225)
    assert got.additive == pytest.approx(0.616667, abs=1e-6)
    assert got.binding == "management"
    assert got.words.startswith("Management density binds. The product is 0.225")
    assert got.after_step == pytest.approx((0.27, 0.2625, 0.255))


def test_a_zero_is_said_in_words():
    words = view(State(0.6, 0.0, 0.9)).words
    assert words.startswith("Sales density is zero, so the product is zero")
    assert "0.50" in words


def test_two_zeros_say_that_one_raise_is_not_enough():
    assert "Management and market density are zero" in view(State(0, 0.5, 0)).words


@given(st.tuples(*[st.floats(0.01, 1.5)] * 3))
def test_a_step_is_worth_most_on_the_density_that_binds(triple):
    got = view(State(*triple))
    names = ("management", "sales", "market")
    assert got.after_step[names.index(got.binding)] == pytest.approx(max(got.after_step))


def test_the_panel_starts_from_the_cases_own_city():
    shown = panel(CASE)
    assert shown.city.value == "North"
    assert [slider.value for slider in shown.sliders.values()] == [0.5, 0.6, 0.75]
    assert "0.225" in shown.words.value


def test_moving_a_slider_changes_words_and_picture():
    shown = panel(CASE)
    before = shown.picture.value
    shown.sliders["md"].value = 0.0
    assert "the product is zero" in shown.words.value
    assert shown.picture.value != before
    assert 'alt="Bars: management 0.00' in shown.picture.value


def test_choosing_a_city_moves_all_sliders_within_their_range():
    shown = panel(CASE)
    shown.city.value = "South"
    assert [slider.value for slider in shown.sliders.values()] == [1.5, 0.25, 0.2]
    assert "Market density binds" in shown.words.value


def test_every_control_has_a_label_with_its_unit():
    shown = panel(CASE)
    assert [slider.description for slider in shown.sliders.values()] == list(LABELS.values())
    assert shown.city.description
