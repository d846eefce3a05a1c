"""The figures of chapter 9 say what the numbers say."""

import numpy as np
import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.staffing import figures
from playbook.chapters.staffing.problem import TARGET_MONTH, staffing_problem
from playbook.figures.style import to_png
from tests.shared.pictures import cut_off

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def problem(jinhua):
    return staffing_problem(jinhua)


def title(fig) -> str:
    return " ".join(fig.get_suptitle().split())


def test_cohorts_lie_on_top_of_each_other_up_to_the_capacity(problem):
    (ax,) = figures.cohorts_against_need(problem.cohorts, problem.need).axes
    layers = [[bar.get_height() for bar in rows] for rows in ax.containers]
    assert len(layers) == len(problem.cohorts.columns)
    np.testing.assert_allclose(np.sum(layers, axis=0), problem.capacity)
    hatches = [rows.patches[0].get_hatch() for rows in ax.containers]
    assert len(set(hatches)) == len(hatches)


def test_the_title_says_what_month_nine_lacks_or_who_is_hired_in_time(problem):
    short = problem.need - problem.capacity[TARGET_MONTH]
    fig = figures.cohorts_against_need(problem.cohorts, problem.need)
    assert title(fig) == f"{short:.1f} experienced sellers are missing in month 9"
    assert f"Month 9 takes {problem.need:.0f}" in fig.alt
    assert figures.message(20, 18, 0, "") == "In month 9 the team does the work"
    said = figures.message(20, 18, 4, "Jinhua")
    assert said == "Jinhua: Who is to sell in month 9 is hired by month 4"


def test_the_ramp_says_how_much_earlier_newcomers_are_ready_beside_a_veteran(problem):
    fig = figures.newcomers(problem)
    assert title(fig) == "Beside a veteran newcomers are ready 2 months earlier"
    assert "with a veteran: 80 % in month 6" in fig.alt
    assert cut_off(fig) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (4, "Jinhua: Who is to sell in month 9 is hired by month 4"),
        (4.0, "Jinhua: Who is to sell in month 9 is hired by month 4"),
        (8, "4.7 experienced sellers are missing in month 9"),
    ],
)
def test_the_documents_figure_shows_the_plan_with_the_trainees_last_month(jinhua, answer, said):
    fig = figures.document_figure(jinhua, {"hire_by": answer})
    assert title(fig) == said
    assert to_png(fig, 50).startswith(b"\x89PNG")
    assert cut_off(fig) == []


@pytest.mark.parametrize("answers", [{}, {"hire_by": ...}, {"hire_by": 40}, {"hire_by": "May"}])
def test_without_a_last_month_the_draft_is_drawn(jinhua, problem, answers):
    assert "experienced sellers are missing" in title(figures.document_figure(jinhua, answers))


@pytest.mark.slow
def test_the_panels_picture_moves_its_bars_instead_of_drawing_anew(problem):
    months = pd.RangeIndex(1, 13)
    picture = figures.CohortPicture(["a", "b", "c", "d"], months, 10)
    one = pd.DataFrame(1.0, index=months, columns=[1, 4, 7, 10])
    first, second = picture.img(one), picture.img(one * 3)
    assert "6.0 experienced sellers are missing in month 9" in first
    assert "In month 9 the team does the work" in second
    assert first != second
    assert len(picture.figure.axes) == 1


@pytest.mark.slow
def test_a_hundred_sellers_push_no_label_off_the_panels_picture():
    months = pd.RangeIndex(1, 13)
    picture = figures.CohortPicture(["a", "b", "c", "d"], months, 10)
    for people in (1.0, 24.0):
        picture.img(pd.DataFrame(people, index=months, columns=[1, 4, 7, 10]))
        assert cut_off(picture.figure) == []
