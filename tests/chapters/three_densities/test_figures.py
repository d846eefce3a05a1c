"""The figures of chapter 1 say what the numbers say."""

from types import SimpleNamespace

import pandas as pd
import pytest
from matplotlib.figure import Figure

from playbook.chapters.three_densities import figures
from playbook.figures.style import to_png
from playbook.market.density import density_lift, scorecard

pytestmark = pytest.mark.slow

RECORDS = pd.DataFrame(
    {
        "city": ["North", "South", "East"],
        "managers_ready": [2, 3, 5],
        "managers_required": [4, 3, 4],
        "rep_equivalents": [12.0, 6.0, 10.0],
        "reps_required": [20, 24, 20],
        "accounts_covered": [300, 90, 200],
        "accounts_icp": [400, 450, 400],
    }
)


@pytest.fixture
def card():
    return scorecard(RECORDS)


def test_contribution_bars_reach_from_the_logs_of_the_densities(card):
    fig = figures.contribution_bars(card, highlight="South")
    ax = fig.axes[0]
    ends = {round(patch.get_x() + patch.get_width(), 9) for patch in ax.patches}
    assert len(ax.patches) == 9
    assert any(end == pytest.approx(1.491655, abs=1e-6) for end in ends), "-ln(0.5 x 0.6 x 0.75)"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["East", "North", "▸ South"]
    assert "South: index 0.05, longest part market" in fig.alt


def test_a_city_with_a_density_of_zero_has_no_bar_and_says_why(card):
    card.loc[2, "kd"] = 0.0
    fig = figures.contribution_bars(card)
    widths = [patch.get_width() for patch in fig.axes[0].patches]
    assert widths[2::3] == [0, 0, 0]
    assert "index 0: market density is zero" in [text.get_text() for text in fig.axes[0].texts]
    assert "South: index 0.00, market density is zero." in fig.alt


def test_product_against_mean_starts_at_zero_and_at_the_mean_of_the_rest():
    fig = figures.product_against_mean(0.5, 0.6, 0.75, label="North")
    mean, product = fig.axes[0].lines[:2]
    assert product.get_ydata()[0] == 0
    assert mean.get_ydata()[0] == pytest.approx(0.45)
    assert "product 0.22, mean 0.62" in fig.alt


@pytest.mark.parametrize(("triple", "word"), [((0.5, 0.6, 0.2), "Market"), ((0.0, 0.6, 0.2), "Management")])
def test_density_bars_name_what_binds(triple, word):
    fig = figures.density_bars(*triple)
    assert fig.axes[0].get_title(loc="left").startswith(f"{word} density binds")


@pytest.mark.parametrize("wanted", [0, 12])
def test_bench_limit_is_the_shorter_bar(wanted):
    fig = figures.bench_limit(11, 9, wanted=wanted)
    assert fig.axes[0].get_title(loc="left").startswith("The bench leads 5 new regions")
    assert ("the plan asks for 12" in fig.alt) == bool(wanted)


def test_lift_bars_show_the_largest_gain_first(card):
    table = density_lift(card, exponents=(0.5, 0.7, 0.9))
    fig = figures.lift_bars(table, top=4)
    assert len(fig.axes[0].patches) == 4
    first = table.iloc[0]
    assert f"in {first['city']}, on {first['factor']} density" in fig.axes[0].get_title(loc="left").replace(
        "\n", " "
    )


def test_the_documents_figure_says_what_the_own_city_has_of_what_it_needs():
    case = SimpleNamespace(city="East", densities=RECORDS)
    fig = figures.document_figure(case, {})
    assert isinstance(fig, Figure)
    assert " ".join(fig.axes[0].get_title(loc="left").split()).startswith("East lacks ")
    assert "ln" not in fig.axes[0].get_xlabel()
    assert to_png(fig, 50).startswith(b"\x89PNG")
