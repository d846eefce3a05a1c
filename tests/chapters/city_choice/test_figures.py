"""The figure and the section of chapter 8 say what the numbers say."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import StepPatch

from playbook.cases import load_case
from playbook.chapters.city_choice import figures
from playbook.chapters.city_choice.problem import launch_problem
from playbook.errors import PlaybookError
from playbook.figures.style import COLORS, to_png
from playbook.market.bench import ROLES, best_sequence, sequence_of
from tests.shared.pictures import cut_off

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def problem(jinhua):
    return launch_problem(jinhua)


@pytest.fixture(scope="module")
def best(problem):
    return best_sequence(problem.cities, problem.people)


def title(fig) -> str:
    return " ".join(fig.get_suptitle().split())


def test_bars_are_what_open_cities_need_and_the_scarce_role_is_striped(problem, best):
    (ax,) = figures.supply_against_need(problem.cities, problem.people, best, "leaders").axes
    bars = [ax.containers[place].patches for place in range(3)]
    assert [rows[0].get_hatch() for rows in bars] == ["///", "", ""]
    assert to_hex(bars[0][0].get_facecolor()) == COLORS["accent"].lower()
    steps = [patch for patch in ax.patches if isinstance(patch, StepPatch)]
    for role, rows, line in zip(ROLES, bars, steps, strict=True):
        need = [
            problem.cities.loc[best.quarter.between(1, quarter).to_numpy(), role].sum()
            for quarter in range(1, 5)
        ]
        have = np.floor(problem.people[role])
        heights = [bar.get_height() for bar in rows]
        there = line.get_data().values - rows[0].get_y()
        np.testing.assert_allclose(np.array(heights) / there, need / have)
        assert [f"{wanted} / {some:.0f}" for wanted, some in zip(need, have, strict=True)] == [
            text.get_text() for text in ax.texts[4 * ROLES.index(role) :][:4]
        ]


def test_the_title_says_who_sets_the_pace(problem, best):
    count = (best.quarter > 0).sum()
    fig = figures.supply_against_need(problem.cities, problem.people, best, "leaders", "Jinhua")
    assert title(fig) == f"Jinhua's list: {count} cities open, and managers set the pace"
    assert "Needed and there, quarter by quarter: managers:" in fig.alt
    none = figures.supply_against_need(problem.cities, problem.people, best, "")
    assert title(none) == f"{count} cities open, and people are left in every role"


def test_the_title_names_the_quarter_that_is_short_or_crowded(problem):
    at_once = sequence_of(dict.fromkeys(problem.cities["city"], 1), problem.cities, problem.people)
    assert title(figures.supply_against_need(problem.cities, problem.people, at_once, "leaders")) == (
        "In quarter 1 there are too few managers"
    )
    plenty = problem.people + 50
    crowded = sequence_of(dict.fromkeys(problem.cities["city"], 1), problem.cities, plenty)
    assert (
        title(figures.supply_against_need(problem.cities, plenty, crowded, "")) == "Quarter 1 is too crowded"
    )


@pytest.mark.parametrize("plan", [{"Jinhua": 1}, {"jinhua ": "q1", "Atlantis": 2}, {"Jinhua": 1.0}])
def test_the_documents_figure_shows_the_trainees_own_calendar(jinhua, plan):
    fig = figures.document_figure(jinhua, {"sequence": plan})
    assert title(fig) == "Jinhua's list: 1 city opens, and managers set the pace"
    assert to_png(fig, 50).startswith(b"\x89PNG")
    assert cut_off(fig) == []


@pytest.mark.parametrize("answers", [{}, {"sequence": ...}, {"sequence": {"Jinhua": 0}}, {"sequence": 7}])
def test_a_calendar_that_opens_nothing_is_not_drawn(jinhua, answers):
    with pytest.raises(PlaybookError, match="the calendar opens no city"):
        figures.document_figure(jinhua, answers)
