"""The figures of chapter 10 say what the numbers say."""

import numpy as np
import pytest

from playbook.cases import load_case
from playbook.chapters.cadence import figures
from playbook.chapters.cadence.problem import day_problem, month_problem
from playbook.figures.style import to_png
from playbook.market.route import best_route, route_of
from tests.shared.pictures import cut_off

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def problem():
    return month_problem(load_case("jinhua"))


def title(fig) -> str:
    return " ".join(fig.get_suptitle().split())


def test_the_burn_up_ends_at_the_forecast_and_the_straight_line_below(problem):
    fig = figures.burn_up(problem, "Jinhua")
    lines = {line.get_label(): line.get_ydata() for line in fig.axes[0].lines}
    assert lines["as months fill"][-1] == pytest.approx(problem.forecast)
    assert lines["straight line"][-1] < 0.85 * problem.target
    assert lines["signed"][-1] == problem.booked
    assert title(fig).startswith(f"Jinhua reaches {problem.forecast:.0f} of {problem.target}")
    assert "on the straight line red" in fig.alt


def test_the_usual_month_rises_within_its_limits(problem):
    usual = figures.usual_month(problem)
    assert (usual["low"] <= usual["share"]).all()
    assert (usual["share"] <= usual["high"]).all()
    assert usual["share"].iloc[-1] == pytest.approx(1)
    assert usual["share"].iloc[problem.gone - 1] == pytest.approx(problem.share)


def test_the_map_goes_from_the_office_and_back():
    day = day_problem(load_case("jinhua"))
    best = best_route(day.stops, day.minutes)
    fig = figures.day_map(day, best, "Jinhua")
    way = fig.axes[0].lines[0].get_xydata()
    assert len(way) == len(best.order) + 2
    np.testing.assert_allclose(way[[0, -1]], 0)
    assert ", ".join(best.order) in fig.alt


def test_a_day_without_stops_is_drawn_too():
    day = day_problem(load_case("jinhua"))
    assert "0 stops" in title(figures.day_map(day, route_of((), day.stops, day.minutes), "Jinhua"))


def test_the_documents_figure_needs_no_answer_and_nothing_is_cut_off():
    fig = figures.document_figure(load_case("jinhua"), {})
    assert to_png(fig, 50).startswith(b"\x89PNG")
    assert cut_off(fig) == []
