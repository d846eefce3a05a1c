"""The figure and the section of chapter 8 say what the numbers say."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from playbook.cases import load_case
from playbook.chapters.city_choice import figures
from playbook.chapters.city_choice.problem import launch_problem
from playbook.chapters.city_choice.summary import summary
from playbook.figures.style import COLORS, to_png
from playbook.market.bench import best_sequence, eligible_managers, sequence_of
from tests.shared.pictures import cut_off


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
    return " ".join(fig.axes[0].get_title(loc="left").split())


def test_bars_are_what_open_cities_need_and_the_scarce_role_is_striped(problem, best):
    fig = figures.supply_against_need(problem.cities, problem.people, best, "leaders")
    last = problem.cities.loc[(best.quarter > 0).to_numpy(), "leaders"].sum()
    assert fig.axes[0].patches[3].get_height() == last
    assert [axes.patches[0].get_hatch() for axes in fig.axes] == ["///", "", ""]
    assert to_hex(fig.axes[0].patches[0].get_facecolor()) == COLORS["accent"].lower()
    stairs = fig.axes[0].patches[-1].get_data().values
    np.testing.assert_allclose(stairs, np.floor(problem.people["leaders"]))


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


@pytest.mark.parametrize("answers", [{}, {"sequence": ...}, {"sequence": {"Jinhua": 1}}, {"sequence": 7}])
def test_the_documents_figure_is_drawn_whatever_has_been_answered(jinhua, answers):
    fig = figures.document_figure(jinhua, answers)
    assert to_png(fig, 50).startswith(b"\x89PNG")
    assert cut_off(fig) == []


def test_the_section_says_what_opens_who_may_lead_and_what_waits(jinhua, problem, best):
    people = list(eligible_managers(jinhua.bench)["person_id"])
    said = summary(jinhua, {"sequence": best.quarter.to_dict(), "order": ["Jinhua"], "eligible": people})
    assert said.lead.startswith("Open ")
    assert said.lead.endswith("first, in quarter 1")
    waits = [city for city, quarter in best.quarter.items() if not quarter]
    assert all(city in said.against for city in waits)
    calendar, leaders = said.tables
    assert len(calendar.rows) == 6
    assert [row[0] for row in leaders.rows] == people
    assert "consent" in leaders.note
    assert said.change.startswith("One more of the ")


def test_without_a_calendar_there_is_no_section(jinhua):
    assert summary(jinhua, {}).lead == ""
