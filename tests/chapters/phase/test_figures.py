"""The figures of chapter 11 say what the numbers say."""

import pandas as pd
import pytest

from playbook.cases import list_cases, load_case
from playbook.chapters.phase import figures
from playbook.chapters.phase.problem import mix_problem
from playbook.errors import PlaybookError
from playbook.figures.style import to_png
from playbook.market.channels import adbudg
from tests.shared.pictures import cut_off

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def problem(jinhua):
    return mix_problem(jinhua)


def title(fig) -> str:
    return " ".join(fig.get_suptitle().split())


def test_bars_are_wins_for_a_hundred_thousand_with_little_and_with_much_money(problem):
    fig = figures.small_and_large(problem.curves, "Jinhua")
    (ax,) = fig.axes
    little, much = ([bar.get_width() for bar in group.patches] for group in ax.containers)
    shape = problem.curves.to_numpy(float).T
    assert little == pytest.approx(adbudg(10, *shape))
    assert much == pytest.approx(adbudg(50, *shape) / 5)
    assert [bar.get_hatch() for bar in ax.containers[1].patches] == ["///"] * 4
    assert [tick.get_text().split("\n")[0] for tick in ax.get_yticklabels()] == [
        "2000",
        "2005",
        "2010",
        "2015",
    ]


@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_in_every_city_the_message_is_that_single_talks_are_full(case):
    fig = figures.small_and_large(mix_problem(case).curves, case.city)
    assert title(fig) == f"{case.city}: single talks are not wrong, they are full"
    assert "single talks of 2000:" in fig.alt


def test_where_talks_are_not_full_the_title_says_what_is(problem):
    curves = problem.curves.copy()
    curves.loc["online", "top"] = 1.0
    assert title(figures.small_and_large(curves, "Ox")) == "Ox: with much money online work bring least"


def test_the_highest_correlation_is_striped_and_named():
    fig = figures.lag_bars(pd.Series([0.1, -0.2, 0.7, 0.3]), "Pilot P1")
    assert title(fig) == "Pilot P1: a visit pays after 2 months"
    assert [bar.get_hatch() for bar in fig.axes[0].patches] == ["", "", "///", ""]
    assert "0: 0.10, 1: -0.20, 2: 0.70" in fig.alt


def test_dots_stand_on_the_curves_and_move_with_the_mix(problem):
    picture = figures.CurvesPicture(problem, "Jinhua", 100)
    first = picture.img({"salon": 20.0})
    shape = problem.curves.loc["salon", ["top", "c", "half_10k"]]
    dot = picture.dots["salon"]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == pytest.approx((20.0, adbudg(20.0, *shape)))
    assert "salons: CNY 200,000 brings" in first
    assert "Jinhua: this mix brings" in first
    assert picture.img({"salon": 30.0}) != first
    assert picture.img({"salon": 20.0}) == first


def test_a_mix_is_drawn_over_clean_curves(problem):
    """What was drawn for another mix does not shine through."""
    once, twice = (figures.CurvesPicture(problem, "Jinhua", 100) for _ in range(2))
    twice.img({"direct": 50.0, "salon": 90.0})
    assert once.img({"online": 40.0}) == twice.img({"online": 40.0})


def test_nothing_is_cut_off(problem, jinhua):
    fig = figures.small_and_large(problem.curves, "Xiangyang")
    assert to_png(fig, 50).startswith(b"\x89PNG")
    assert cut_off(fig) == []
    assert cut_off(figures.CurvesPicture(problem, "Xiangyang", 100).draw({"salon": 20.0})) == []


def test_the_documents_figure_needs_a_mix(jinhua):
    fig = figures.document_figure(jinhua, {"mix": {"salon": 40.0, "direct": 10}})
    assert title(fig).startswith("Jinhua: single talks")
    for answers in ({}, {"mix": ...}, {"mix": {"salon": 0}}, {"mix": {"fax": 3}}, {"mix": 7}):
        with pytest.raises(PlaybookError, match="the mix spends nothing"):
            figures.document_figure(jinhua, answers)
