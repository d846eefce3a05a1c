"""The panel of chapter 3: its model without a kernel, its view by moving the controls."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.entry_industries.panel import CRITERIA, State, panel, view

pytestmark = pytest.mark.slow

OVERVIEW = pd.DataFrame(
    {
        "section": ["C", "F", "I", "P"],
        "name": ["Manufacturing", "Trade", "Information technology", "Education"],
        "city_workers": [600.0, 320.0, 60.0, 20.0],
        "city_share": [0.6, 0.32, 0.06, 0.02],
        "lq": [1.9, 1.1, 1.3, 2.0],
        "decided": [400, 300, 80, None],
        "win_rate": [0.35, 0.28, 0.2, None],
        "low": [0.3, 0.24, 0.15, None],
        "high": [0.4, 0.32, 0.25, None],
        "like_for_like": [0.27, 0.35, 0.2, None],
    }
)


def test_the_words_name_what_passes_both_floors():
    words = view(OVERVIEW, "Jinhua", State()).words
    assert words[0] == (
        "In Jinhua 2 of 4 sections reach a quotient of 1.25 and 3 % of the workers: "
        "Manufacturing (1.90), Information technology (1.30)."
    )


def test_floors_that_nothing_passes_are_said_in_words():
    words = view(OVERVIEW, "Jinhua", State(threshold=3.0)).words
    assert words[0].startswith("In Jinhua no section reaches a quotient of 3.00 and 3 % of the workers.")


def test_a_lower_share_lets_small_sections_in():
    assert "Education (2.00)" in view(OVERVIEW, "Jinhua", State(least_share=1)).words[0]


def test_the_first_section_comes_with_its_reasons_and_the_runner_up():
    words = view(OVERVIEW, "Jinhua", State(size=1, lq=1, win_rate=1)).words
    assert words[1] == (
        "Manufacturing ranks first with 0.82 of 1; for it: location quotient, size. Next: Trade with 0.49."
    )


def test_like_for_like_changes_who_leads_on_win_rate_alone():
    only = {"size": 0, "lq": 0, "win_rate": 5}
    assert view(OVERVIEW, "Jinhua", State(fair=True, **only)).ranking["section"][0] == "F"
    assert view(OVERVIEW, "Jinhua", State(fair=False, **only)).ranking["section"][0] == "C"


def test_without_any_weight_the_panel_asks_for_one():
    got = view(OVERVIEW, "Jinhua", State(size=0, lq=0, win_rate=0))
    assert got.words[-1] == "Give at least one criterion a weight to see a ranking."
    assert got.ranking.empty


@given(st.tuples(*[st.integers(0, 10)] * 3).filter(any), st.booleans())
def test_every_weighting_ranks_the_sections_with_enough_deals(weights, fair):
    got = view(OVERVIEW, "Jinhua", State(**dict(zip(CRITERIA, weights, strict=True)), fair=fair))
    assert sorted(got.ranking["section"]) == ["C", "F", "I"]
    assert got.ranking["score"].is_monotonic_decreasing
    assert got.ranking["first"].sum() == pytest.approx(1)


@pytest.fixture(scope="module")
def shown():
    return panel(load_case("jinhua"))


@pytest.mark.parametrize(
    ("control", "value"),
    [("threshold", 1.0), ("least_share", 10.0), ("fair", False), ("size", 0), ("lq", 9), ("win_rate", 9)],
)
def test_moving_a_control_changes_words_or_table_and_the_picture(shown, control, value):
    before = shown.words.value + shown.table.value, shown.picture.value
    start = shown.controls[control].value
    shown.controls[control].value = value
    after = shown.words.value + shown.table.value, shown.picture.value
    shown.controls[control].value = start
    assert after[0] != before[0]
    assert shown.words.value + shown.table.value == before[0]
    assert "alt=" in after[1]


def test_every_control_has_a_label(shown):
    assert all(control.description for control in shown.controls.values())


def test_words_are_announced_and_the_picture_described(shown):
    assert 'aria-live="polite"' in shown.words.value
    assert 'alt="Bubble chart of' in shown.picture.value


def test_all_weights_at_zero_leave_the_map_and_no_table(shown):
    start = {name: shown.controls[name].value for name in CRITERIA}
    for name in CRITERIA:
        shown.controls[name].value = 0
    assert shown.table.value == ""
    assert "<img" in shown.picture.value
    for name, value in start.items():
        shown.controls[name].value = value
