"""The figures of chapter 5 say what the numbers say."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from playbook.cases import load_case
from playbook.chapters.customer_profiles import figures
from playbook.errors import PlaybookError
from playbook.figures.style import to_png
from playbook.market import missing_by, prepare_accounts, trait_flags, trait_table

pytestmark = pytest.mark.slow

NEEDS = pd.Series([True, True, False, True, False, False, False, False, False, False])
SCORES = pd.Series([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0])


@pytest.fixture(scope="module")
def accounts():
    return prepare_accounts(load_case("jinhua").accounts)


def title(fig: Figure) -> str:
    place = fig.get_suptitle() or fig.axes[0].get_title(loc="left")
    return " ".join(place.split())


def test_missing_bars_are_as_high_as_the_shares(accounts):
    table = missing_by(accounts, "employees", "revenue_10k")
    fig = figures.missing_bars(table, "headcount", "revenue quarter")
    assert [bar.get_height() for bar in fig.axes[0].patches] == table["missing_share"].tolist()
    assert "1 lowest" in title(fig)
    assert f"{table['missing_share'].iloc[0]:.1%}" in fig.alt


def test_silhouette_bars_name_the_best_number_of_groups():
    fig = figures.silhouette_bars(pd.Series([0.3, 0.61, 0.4], index=[2, 3, 4]))
    assert title(fig) == "3 groups are told apart best: 0.61"
    assert "3 groups: 0.61" in fig.alt


def test_profile_comparison_draws_each_trait_with_and_without(accounts):
    table = trait_table(trait_flags(accounts, ["exports", "state-owned"]), accounts["need"])
    fig = figures.profile_comparison(table, accounts["need"].mean())
    without, with_it = fig.axes[0].lines[1:3]
    assert with_it.get_xdata().tolist() == table["rate_with"].tolist()
    assert without.get_xdata().tolist() == table["rate_without"].tolist()
    assert title(fig).endswith("exports")


def test_a_trait_that_nobody_lacks_is_drawn_without_a_second_mark(accounts):
    flags = trait_flags(accounts, ["exports"]).assign(everybody=True)
    fig = figures.profile_comparison(trait_table(flags, accounts["need"]), accounts["need"].mean())
    assert to_png(fig, dpi=40)


def test_the_lift_curve_runs_from_nothing_to_everything():
    fig = figures.lift_curve(NEEDS, SCORES)
    curve = fig.axes[0].lines[1]
    assert (curve.get_xdata()[0], curve.get_ydata()[0]) == (0, 0)
    assert (curve.get_xdata()[-1], curve.get_ydata()[-1]) == (1, 1)
    assert title(fig) == "The best-scored tenth holds 33% of all accounts in need"


@pytest.mark.parametrize(
    ("threshold", "words"),
    [
        (0.6, "40% of the visits find 100%"),
        (0.95, "0% of the visits find 0%"),
        (0, "100% of the visits find 100%"),
    ],
)
def test_a_threshold_is_marked_on_the_curve(threshold, words):
    fig = figures.lift_curve(NEEDS, SCORES, threshold)
    assert title(fig).startswith(words)
    assert words.split()[0] in fig.alt


def test_the_card_shows_the_traits_and_a_bar_for_each_number_met(accounts):
    fig = figures.icp_card(accounts, ["exports", "manufacturing"], "Jinhua")
    card, bars = fig.axes
    assert [text.get_text() for text in card.texts][:2] == ["exports", "manufacturing"]
    assert len(bars.patches) == 3
    assert sum(bars.patches[place].get_height() > 0 for place in range(3)) == 3
    assert title(fig).startswith("Jinhua’s ideal customer: need rises from")
    assert "Traits: exports, manufacturing" in fig.alt


def test_the_card_does_not_praise_traits_that_speak_against_a_need(accounts):
    unlikely = accounts.assign(need=~accounts["export"])
    assert "need falls from 100% to 0%" in title(figures.icp_card(unlikely, ["exports"], "Jinhua"))


@pytest.mark.parametrize(
    ("icp", "expected"),
    [
        (["exports", "state-owned"], ["exports", "state-owned"]),
        ({"manufacturing", "nonsense"}, ["manufacturing"]),
        (np.array([" Exports"]), ["exports"]),
    ],
)
def test_the_document_shows_the_traits_that_the_trainee_chose(icp, expected):
    fig = figures.document_figure(load_case("jinhua"), {"icp": icp})
    assert [text.get_text() for text in fig.axes[0].texts][:-1] == expected


@pytest.mark.parametrize(
    "answers", [{}, {"icp": ...}, {"icp": None}, {"icp": "exports"}, {"icp": ["nonsense", 4]}]
)
def test_the_document_has_no_figure_of_a_profile_that_nobody_chose(answers):
    with pytest.raises(PlaybookError, match="no trait is chosen"):
        figures.document_figure(load_case("jinhua"), answers)


def test_every_figure_has_a_source_and_labelled_axes(accounts):
    drawn = [
        figures.missing_bars(missing_by(accounts, "employees", "source"), "headcount", "source"),
        figures.silhouette_bars(pd.Series([0.3, 0.6], index=[2, 3])),
        figures.lift_curve(NEEDS, SCORES),
        figures.icp_card(accounts, ["exports"], "Jinhua"),
    ]
    for fig in drawn:
        assert fig.get_supxlabel().startswith("Source: ")
        assert fig.axes[-1].get_xlabel()
        assert fig.axes[-1].get_ylabel()
