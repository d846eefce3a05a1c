"""The figures of chapter 3 say what the numbers say."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from playbook.cases import list_cases, load_case
from playbook.chapters.entry_industries import figures
from playbook.chapters.entry_industries.summary import summary
from playbook.figures.style import COLORS, to_png
from playbook.market.entry import LEAST_DECIDED, like_for_like, section_overview, win_rates
from tests.shared.pictures import cut_off

pytestmark = pytest.mark.slow

SECTIONS = pd.DataFrame(
    {
        "section": ["C", "F", "I"],
        "name": ["Manufacturing", "Trade", "Information technology"],
        "lq": [1.9, 1.1, 1.6],
        "city_workers": [1600.0, 800.0, 40.0],
        "city_share": [0.6, 0.3, 0.015],
        "win_rate": [0.3, 0.25, 0.2],
        "low": [0.27, 0.2, 0.1],
        "high": [0.33, 0.3, 0.35],
    }
)
#: One is far up with a range to match, the largest bubble stands at the right edge.
FAR = SECTIONS.assign(win_rate=[0.3, 0.9, 0.02], low=[0.27, 0.6, 0.0], high=[0.33, 0.98, 0.2])
NAMES = dict(zip(SECTIONS["section"], SECTIONS["name"], strict=True))


def title(fig) -> str:
    return " ".join(fig.axes[0].get_title(loc="left").split())


def test_lq_bars_are_sorted_and_only_what_passes_both_floors_is_in_colour():
    fig = figures.lq_bars(SECTIONS, city="Jinhua")
    ax = fig.axes[0]
    assert [bar.get_width() for bar in ax.patches] == [1.1, 1.6, 1.9]
    assert [to_hex(bar.get_facecolor()) == COLORS["main"].lower() for bar in ax.patches] == [
        False,
        False,
        True,
    ]
    assert title(fig) == "Jinhua is specialised in manufacturing"
    assert ax.get_yticklabels()[-1].get_text() == "Manufacturing  60.0%"


@pytest.mark.parametrize(
    ("threshold", "least_share", "expected"),
    [
        (1.25, 0.0, "Jinhua is specialised in manufacturing and information technology"),
        (2.5, 0.05, "No section of Jinhua reaches 2.5 with 5% of the workers"),
    ],
)
def test_the_title_follows_the_floors(threshold, least_share, expected):
    assert title(figures.lq_bars(SECTIONS, threshold, least_share, "Jinhua")) == expected


@pytest.mark.parametrize(
    ("threshold", "least_share", "expected"),
    [
        (1.25, 0.03, "Manufacturing passes both floors in Jinhua and wins 30%: more than any other"),
        (1.0, 0.3, "Manufacturing passes both floors in Jinhua and wins 30%: more than any other"),
        (2.5, 0.05, "No section passes both floors in Jinhua; manufacturing wins most often, 30%"),
    ],
)
def test_the_maps_title_says_what_the_bars_do_not(threshold, least_share, expected):
    assert title(figures.bubble_map(SECTIONS, threshold, least_share, "Jinhua")) == expected


def test_the_maps_title_says_where_a_section_that_wins_less_stands():
    weaker = SECTIONS.assign(win_rate=[0.22, 0.25, 0.2])
    expected = "Manufacturing passes both floors in Jinhua but wins 22%: rank 2 of 3"
    assert title(figures.bubble_map(weaker, city="Jinhua")) == expected


def test_bubbles_stand_at_quotient_and_win_rate_and_grow_with_workers():
    fig = figures.bubble_map(SECTIONS, city="Jinhua", highlight=["F"])
    bubbles = fig.axes[0].collections[-1]
    np.testing.assert_allclose(bubbles.get_offsets(), SECTIONS[["lq", "win_rate"]])
    sizes = bubbles.get_sizes()
    assert sizes[0] / sizes[1] == pytest.approx(2)
    assert [to_hex(colour) == COLORS["accent"].lower() for colour in bubbles.get_edgecolors()] == [
        False,
        True,
        False,
    ]
    assert "Trade: quotient 1.10, win rate 25% (20% to 30%), 800 thousand workers." in fig.alt


@pytest.mark.slow
@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_no_name_on_a_citys_map_covers_another_and_nothing_is_cut(case):
    table = section_overview(case.workers, case.sections, case.accounts, case.opportunities)
    fig = figures.bubble_map(table[table["decided"] >= LEAST_DECIDED], city=case.city)
    to_png(fig, 72)
    boxes = [Text.get_window_extent(name) for name in fig.axes[0].texts]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    assert cut_off(fig) == []


@pytest.mark.parametrize("share", [1.0, 0.01])
def test_no_bubble_and_no_range_is_cut_at_the_edge(share):
    assert cut_off(figures.bubble_map(FAR.assign(city_workers=FAR["city_workers"] * [1, share, 1]))) == []


def test_shift_share_bars_end_where_the_components_do():
    parts = pd.DataFrame(
        {"reference_growth": [10.0, 5.0], "mix": [4.0, -3.0], "local": [-6.0, -4.0], "change": [8.0, -2.0]},
        index=["C", "F"],
    )
    fig = figures.shift_share_bars(parts, NAMES, "Shaoxing")
    assert title(fig) == "Shaoxing's gain of 6 customers: the growth of all markets carried it"
    assert [text.get_text() for text in fig.axes[0].get_yticklabels()] == ["Trade", "Manufacturing"]
    assert "Growth of all markets +15.0, Section mix +1.0" in fig.alt


def test_like_for_like_dots_say_whether_the_order_turns():
    # Section C has mostly A deals, section F mostly B deals; F wins more in each grade.
    deals = pd.DataFrame(
        [("C", "A", 50, 50), ("C", "B", 1, 9), ("F", "A", 6, 4), ("F", "B", 20, 80)],
        columns=["section", "grade", "won", "lost"],
    )
    rows = deals.loc[deals.index.repeat(deals["won"] + deals["lost"])]
    place = rows.groupby(level=0).cumcount()
    rows = rows.assign(status=np.where(place < rows["won"], "won", "lost"))
    fig = figures.like_for_like_dots(
        win_rates(rows, ["section", "grade"]), like_for_like(rows), NAMES, "grade"
    )
    assert title(fig) == "Comparing like with like turns the order round"
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == [
        "Grade A",
        "Grade B",
        "As it stands",
        "Like for like",
    ]


def test_score_bars_put_the_best_on_top_with_how_often_it_is_first():
    parts = pd.DataFrame({"size": [0.4, 0.1], "lq": [0.3, 0.2]}, index=["C", "F"])
    fig = figures.score_bars(
        parts, pd.Series({"C": 0.8, "F": 0.2}), NAMES, {"size": "Size", "lq": "Concentration"}, "Jinhua"
    )
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == ["Trade", "Manufacturing"]
    assert [text.get_text() for text in fig.axes[0].texts] == ["0.30   first in 20%", "0.70   first in 80%"]
    assert title(fig) == "Manufacturing leads in Jinhua and stays first under 80% of weights"


@pytest.mark.parametrize(
    ("answers", "named"),
    [({"entry": "C"}, "Manufacturing in Jinhua"), ({"entry": ...}, " in Jinhua"), ({}, "place 1")],
)
def test_the_documents_figure_is_drawn_whatever_has_been_answered(answers, named):
    fig = figures.document_figure(load_case("jinhua"), answers)
    assert to_png(fig, 50).startswith(b"\x89PNG")
    assert named in title(fig)


def test_the_documents_figure_and_its_table_show_the_same_win_rates():
    case = load_case("jinhua")
    bars = figures.document_figure(case, {}).axes[0].containers[0]
    [table] = summary(case, {}).tables
    shown = [row[table.columns.index("Won, like for like")] for row in table.rows]
    assert [f"{bar.get_width():.1%}" for bar in bars][::-1] == shown
