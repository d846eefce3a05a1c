"""The panel of chapter 5: its model without a kernel, its view by moving the controls."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.customer_profiles.panel import State, panel, view

pytestmark = pytest.mark.slow

NEEDS = pd.Series([True, True, False, True, False, False, False, False, False, False])
SCORES = pd.Series([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0])


@pytest.fixture(scope="module")
def shown():
    return panel(load_case("jinhua"))


def test_the_words_give_precision_recall_visits_per_win_and_days():
    got = view(State(threshold_percent=60, reps=1, visits_a_day=3), NEEDS, SCORES)
    assert (got.visits.visits, got.visits.wins, got.days) == (4, 3, 2)
    for part in (
        "<b>4</b> of 10",
        "<b>75%</b>",
        "<b>100%</b>",
        "1.3 visits per win",
        "everybody: 3.3",
        "2</b> working days",
    ):
        assert part in got.words
    assert "one representative at 3 visits a day" in got.words


def test_a_single_day_is_a_day():
    assert "<b>1</b> working day;" in view(State(60, 4, 6), NEEDS, SCORES).words


def test_a_threshold_above_all_scores_is_said_in_words():
    got = view(State(threshold_percent=95), NEEDS, SCORES)
    assert got.days == 0
    assert "nobody is visited" in got.words


@given(st.integers(0, 60), st.integers(1, 20), st.integers(1, 10))
def test_the_team_never_does_more_than_it_can(threshold, reps, visits_a_day):
    got = view(State(threshold, reps, visits_a_day), NEEDS, SCORES)
    assert (got.days - 1) * reps * visits_a_day < got.visits.visits <= got.days * reps * visits_a_day


def test_the_panel_starts_with_a_result_and_a_picture(shown):
    assert "visits per win" in shown.words.value
    assert 'role="status"' in shown.words.value
    assert shown.picture.value.startswith("<img")
    assert 'alt="Curve of the share' in shown.picture.value


def test_moving_the_threshold_changes_words_and_picture(shown):
    shown.threshold.value = 20.0
    words, picture = shown.words.value, shown.picture.value
    shown.threshold.value = 35.0
    assert shown.words.value != words
    assert shown.picture.value != picture
    shown.threshold.value = 20.0
    assert shown.words.value == words


def test_a_larger_team_changes_the_days_and_leaves_the_picture(shown):
    shown.reps.value = 4
    words, picture = shown.words.value, shown.picture.value
    shown.reps.value = 8
    assert shown.words.value != words
    assert "8 representatives" in shown.words.value
    assert shown.picture.value == picture
    shown.reps.value = 4


def test_every_control_is_labelled_with_its_unit(shown):
    labels = [control.description for control in (shown.threshold, shown.reps, shown.visits_a_day)]
    assert labels == [
        "Visit from a score of (percent)",
        "Representatives (persons)",
        "Visits per representative and day",
    ]


def test_the_whole_range_of_the_threshold_can_be_drawn(shown):
    for percent in (shown.threshold.min, shown.threshold.max):
        shown.threshold.value = percent
        assert shown.picture.value
    shown.threshold.value = 20.0
