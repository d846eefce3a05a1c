"""The figures of chapter 2 say what the numbers say."""

import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.market_capacity import figures
from playbook.chapters.market_capacity.problem import capacity_of
from playbook.figures.style import to_png
from playbook.market.capacity import MarketSize, tornado
from tests.shared.pictures import cut_off

pytestmark = pytest.mark.slow

PAIRS = pd.DataFrame(
    {
        "first": [351, 351, 320],
        "second": [320, 370, 370],
        "both": [95, 49, 46],
        "all": [1176.0, 2611.0, 2533.0],
        "low": [1009.0, 1993.0, 1914.0],
        "high": [1343.0, 3228.0, 3152.0],
    },
    index=["ours-exhibition", "ours-chamber", "exhibition-chamber"],
)


def title(fig) -> str:
    return " ".join(fig.axes[0].get_title(loc="left").split())


def test_the_pair_of_the_lowest_estimate_is_named():
    fig = figures.pair_estimates(PAIRS)
    assert title(fig) == "Two lists know each other: ours and exhibition"
    assert "Ours and chamber 2,611" in fig.alt
    assert cut_off(fig) == []


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (2e6, "In year one the team, not the market, is the limit in Jinhua"),
        (9e6, "In year one the market, not the team, is the limit in Jinhua"),
    ],
)
def test_the_title_says_which_limit_holds(capacity, expected):
    fig = figures.prize_and_promise(MarketSize(57e6, 21e6, 3e6, capacity), "Jinhua")
    assert title(fig) == expected
    assert [bar.get_width() for bar in fig.axes[0].patches] == [57, 21, 3, capacity / 1e6]
    assert f"You may promise {min(3e6, capacity) / 1e6:.1f}." in fig.alt
    assert cut_off(fig) == []


def test_the_assumption_that_swings_most_is_on_top():
    capacity = capacity_of(load_case("jinhua"))
    bars = tornado(lambda **five: capacity.size(**five).som, capacity.ranges)
    fig = figures.swing_bars(bars, capacity.size().som, "Jinhua")
    assert title(fig) == "Check first in Jinhua: ready sellers"
    assert fig.axes[0].get_yticklabels()[-1].get_text() == "Ready sellers"
    assert cut_off(fig) == []


def test_the_documents_figure_starts_from_the_trainees_own_prize():
    fig = figures.document_figure(load_case("jinhua"), {"tam": 60.0})
    assert fig.axes[0].patches[0].get_width() == 60


@pytest.mark.parametrize("answers", [{}, {"tam": 57.0}, {"tam": ...}])
def test_the_documents_figure_is_drawn_whatever_has_been_answered(answers):
    fig = figures.document_figure(load_case("jinhua"), answers)
    assert to_png(fig, 50).startswith(b"\x89PNG")
