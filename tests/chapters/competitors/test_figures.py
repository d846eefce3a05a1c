"""The figures of chapter 6 say what the numbers say."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from playbook.cases import list_cases, load_case
from playbook.chapters.competitors import figures
from playbook.chapters.competitors.field import field_of, overall_rate, reasons_named, rival_rates
from playbook.figures.style import COLORS, to_png
from playbook.market import next_seller
from tests.shared.pictures import cut_off

pytestmark = pytest.mark.slow

RATES = pd.DataFrame(
    {
        "rival": ["K2", "K1", "K3"],
        "decided": [90, 70, 9],
        "win_rate": [0.26, 0.14, 0.11],
        "low": [0.18, 0.08, 0.02],
        "high": [0.37, 0.24, 0.43],
    }
)
TALKS = pd.DataFrame(
    {
        "status": ["lost"] * 5 + ["won"],
        "reason_seller": ["price", "price", "price", "trust", "price", None],
        "reason_buyer": ["price", "product", "product", "trust", None, None],
    }
)
GAINS = pd.DataFrame({"district": ["East", "North"], "wins": [8.0, 10.0], "adds": [2.75, 0.4]})


def title(fig) -> str:
    return " ".join(fig.axes[0].get_title(loc="left").split())


def test_only_the_rival_whose_high_end_lies_below_is_in_another_colour_and_mark():
    fig = figures.rate_ranges(RATES, 0.3, "Jinhua")
    assert title(fig) == "In Jinhua we surely win less against K1 only"
    points = [line for line in fig.axes[0].lines if line.get_marker() in {"o", "D"}]
    marked = [line for line in points if line.get_marker() == "D"]
    assert len(points) == 3
    assert [to_hex(line.get_color()) for line in marked] == [COLORS["accent"].lower()]
    assert "K3: 11%, range 2% to 43%, on 9 deals." in fig.alt


def test_where_no_rival_is_surely_hard_the_title_says_so():
    assert title(figures.rate_ranges(RATES, 0.2, "Jinhua")) == "In Jinhua we surely win less against no rival"


def test_the_reasons_are_those_of_the_same_deals():
    named = reasons_named(TALKS)
    assert named.loc["price"].tolist() == [0.75, 0.25]
    assert named.index[-1] == "product"
    fig = figures.reasons_dumbbell(TALKS, "Jinhua")
    assert title(fig) == "Jinhua: sellers say price in 75% of lost deals, buyers in 25%"
    assert "The product: sellers 0%, buyers 50%." in fig.alt


def test_the_bars_show_what_there_is_and_what_one_more_adds():
    fig = figures.next_gains(GAINS, "Jinhua")
    assert title(fig) == "Jinhua: the next seller adds most in East, 2.8 wins"
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == ["North", "East"]
    assert "East: 8.0 wins, one more seller adds 2.8." in fig.alt


@pytest.mark.slow
@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_nothing_is_cut_on_a_citys_figures(case):
    overall = overall_rate(case.win_loss)
    for fig in (
        figures.rate_ranges(rival_rates(case.win_loss), overall, case.city),
        figures.reasons_dumbbell(case.win_loss, case.city),
        figures.next_gains(next_seller(field_of(case), overall), case.city),
    ):
        to_png(fig, 72)
        assert cut_off(fig) == []


@pytest.mark.parametrize(
    "answers", [{}, {"keep_out": ..., "next_seller": 3}, {"excuse": "a", "hardest": ["K1"]}]
)
def test_the_documents_figure_is_made_whatever_has_been_answered(answers):
    made = to_png(figures.document_figure(load_case("jinhua"), answers), 50)
    assert made.startswith(b"\x89PNG")
