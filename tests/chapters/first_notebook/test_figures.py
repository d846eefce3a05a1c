"""The one bar chart of chapter 0."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from playbook.chapters.first_notebook import figures
from playbook.figures.style import to_png

pytestmark = pytest.mark.slow


def test_bars_keep_the_order_given_and_mark_the_longest():
    fig = figures.bar_chart(pd.Series({"b": 2, "a": 5, "c": 3}), "Title", "Rows")
    ax = fig.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b", "a", "c"]
    assert [patch.get_width() for patch in ax.patches] == [2, 5, 3]
    colors = [patch.get_facecolor() for patch in ax.patches]
    assert colors[1] != colors[0] == colors[2]


def test_what_is_not_drawn_is_said():
    fig = figures.bar_chart(pd.Series(range(20)), "Title", "Rows")
    assert len(fig.axes[0].patches) == figures.MOST_BARS
    assert "8 more are not drawn" in fig.alt


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.0, "1,234"), (12.345, "12.3"), (0.12345, "0.123"), (3, "3"), (np.nan, "missing")],
)
def test_numbers_are_short_and_gaps_are_said(value, text):
    fig = figures.bar_chart(pd.Series({"only": value}), "Title", "Rows")
    assert [label.get_text() for label in fig.axes[0].texts] == [text]


def test_all_bars_show_the_same_number_of_decimals():
    fig = figures.bar_chart(pd.Series({"a": 0.539, "b": 0.44, "c": 0.2}), "Title", "Rows")
    assert [label.get_text() for label in fig.axes[0].texts] == ["0.539", "0.440", "0.200"]


def test_an_empty_column_draws_an_empty_chart():
    fig = figures.bar_chart(pd.Series(dtype=float), "Title", "Rows")
    assert not fig.axes[0].patches
    assert to_png(fig, 50)


def test_the_documents_figure_counts_the_rows_of_each_district():
    case = SimpleNamespace(city="Jinhua", accounts=pd.DataFrame({"district": ["Yiwu", "Yongkang", "Yiwu"]}))
    fig = figures.document_figure(case, {})
    assert fig.axes[0].get_title(loc="left") == "Yiwu has 2 of 3 prospects in Jinhua"
    assert "Yiwu 2; Yongkang 1" in fig.alt


def test_the_documents_figure_speaks_of_the_district_that_was_chosen():
    case = SimpleNamespace(city="Jinhua", accounts=pd.DataFrame({"district": ["Yiwu", "Yongkang", "Yiwu"]}))
    fig = figures.document_figure(case, {"first": " yongkang", "share": 0.3})
    assert fig.axes[0].get_title(loc="left") == "Yongkang has 1 of 3 prospects in Jinhua"
