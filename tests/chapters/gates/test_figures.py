"""The figures of chapter 12 say what the numbers say."""

import numpy as np
import pytest

from playbook.cases import load_case
from playbook.chapters.gates import figures
from playbook.chapters.gates.problem import LIMITS, Limits, gate_problem
from playbook.figures.style import to_png
from playbook.market.economics import cohort_survival, fit_sbg
from playbook.market.effect import event_study, launch_ratios
from tests.shared.pictures import cut_off

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def problem(jinhua):
    return gate_problem(jinhua)


def title(fig) -> str:
    return " ".join(fig.get_suptitle().split())


def test_the_launch_stands_month_by_month_with_the_rising_pilot_left_out(jinhua):
    ratios = launch_ratios(jinhua.launch_panel)
    fig = figures.launch_by_month(ratios, "L03")
    found = event_study(ratios, leave_out=["L03"])
    found = found[found["since"].between(-7, 8)]
    line = max(fig.axes[0].lines, key=lambda one: len(one.get_xdata()))
    np.testing.assert_allclose(line.get_ydata(), found["gap"])
    assert title(fig) == "Flat before, up after: it was the launch"
    assert fig.alt.startswith("Flat before, up after: it was the launch. 11 pilots less the cities without")
    assert cut_off(fig) == []


def test_a_launch_that_was_not_flat_before_is_not_called_proven(jinhua):
    ratios = launch_ratios(jinhua.launch_panel)
    rising = ratios["treated"]
    ratios.loc[rising, "ratio"] += 0.05 * ratios.loc[rising, "month"]
    assert title(figures.launch_by_month(ratios)) == "Not flat before: the launch is not proven"


@pytest.mark.parametrize("answers", [{}, {"violator": ...}, {"violator": "L99"}, {"violator": 7}])
def test_without_a_pilot_to_leave_out_all_are_drawn(jinhua, answers):
    fig = figures.document_figure(jinhua, answers)
    assert "12 pilots" in fig.alt
    assert to_png(fig, 50).startswith(b"\x89PNG")


def test_the_documents_figure_leaves_out_the_answered_pilot(jinhua):
    assert "11 pilots" in figures.document_figure(jinhua, {"violator": " l03 "}).alt


def test_the_curve_of_those_who_stay_is_the_fitted_one(jinhua):
    rows = jinhua.cohorts[jinhua.cohorts["channel"] == "direct"]
    fig = figures.who_stays(rows)
    fitted, same, seen = fig.axes[0].lines
    kept = fit_sbg(rows).expected(10)["share"]
    np.testing.assert_allclose(fitted.get_ydata(), kept)
    np.testing.assert_allclose(same.get_ydata(), kept[1] ** np.arange(11))
    np.testing.assert_allclose(seen.get_ydata(), cohort_survival(rows)["share"])
    assert title(fig) == f"Those who are left stay: {kept[10]:.0%} after 10 years"
    assert cut_off(fig) == []


def test_signs_differ_by_more_than_colour_and_stand_where_the_numbers_are(problem):
    fig = figures.before_the_gates(problem.numbers, problem.verdicts())
    (ax,) = fig.axes
    signs = [line for line in ax.lines if line.get_marker() not in ("None", None, "")]
    assert len({line.get_marker() for line in signs}) == 3
    assert sum(len(line.get_xdata()) for line in signs) == 18
    assert title(fig) == "6 cities: 2 scale, 2 hold, 2 stop"
    assert "Jinhua scale (payback 15 months, cover 4.4, density 1.00)" in fig.alt
    assert cut_off(fig) == []


@pytest.mark.slow
def test_one_picture_is_changed_in_place(problem):
    picture = figures.GatesPicture(problem.numbers)
    strict = Limits(payback=(6, 7), cover=(5.9, 5.8), density=(1.2, 1.19))
    first = picture.draw(problem.verdicts(), LIMITS)
    before = to_png(first, 50)
    second = picture.draw(problem.verdicts(limits=strict), strict)
    assert second is first
    assert title(second) == "6 cities: 0 scale, 0 hold, 6 stop"
    assert to_png(second, 50) != before
    assert to_png(picture.draw(problem.verdicts(), LIMITS), 50) == before
