"""The panel of chapter 0: the line it writes does what it says."""

import re
from itertools import product
from types import SimpleNamespace

import pandas as pd
import pytest

from playbook.chapters.first_notebook.panel import COLUMNS, MEASURES, ORDERS, State, panel, pivot_html, view
from playbook.figures.style import COLORS

pytestmark = pytest.mark.slow

ACCOUNTS = pd.DataFrame(
    {
        "district": ["Yongkang", "Yiwu", "Yiwu", "Wuyi", "Yiwu", "Wuyi"],
        "division": ["C33", "F51", "C33", "C34", "F51", "C33"],
        "owner_type": ["private", "private", "foreign", "state", "private", "private"],
        "source": ["web", "registry", "registry", "web", "referral", "web"],
        "export": [True, False, True, True, False, False],
        "employees": pd.array([120, 8, None, 40, 14, 6], dtype="Int64"),
        "revenue_10k": [5000.0, 90.0, 700.5, 1200.0, 300.0, 80.0],
    }
)
ROW = re.compile(
    r"<tr><th scope=\"row\"[^>]*>(.*?)</th><td[^>]*>(.*?)</td><td[^>]*><div style=\"width:([\d.]+)%"
)
CASE = SimpleNamespace(accounts=ACCOUNTS)
FILTERS = [("", ""), ("district", "Yiwu"), ("export", True), ("district", "Nowhere")]


def rows(shown):
    """Name, number and width of the bar, of each row of the panel's table."""
    return ROW.findall(shown.picture.value)


@pytest.mark.parametrize(("filtered", "group", "measure"), product(FILTERS, ["", *COLUMNS], MEASURES))
def test_the_line_gives_what_the_panel_shows(filtered, group, measure):
    for order in ORDERS:
        got = view(ACCOUNTS, State(*filtered, group, measure, order))
        again = eval(got.line, {"accounts": ACCOUNTS, "len": len})
        if isinstance(got.result, pd.Series):
            pd.testing.assert_series_equal(again, got.result)
        else:
            assert (pd.isna(again) and pd.isna(got.result)) or again == got.result


def test_the_words_are_a_spreadsheet_users():
    got = view(ACCOUNTS, State("district", "Yiwu", "division", "employees", "largest"))
    assert got.words == (
        "In a spreadsheet: filter district to Yiwu, make a pivot table with industry division in the rows, "
        "average the employees, then sort largest first."
    )
    assert got.line == (
        'accounts[accounts["district"] == "Yiwu"].groupby("division")["employees"].mean()'
        ".sort_values(ascending=False)"
    )


def test_the_panel_starts_with_a_count_by_district():
    shown = panel(CASE)
    assert "accounts.groupby(&quot;district&quot;).size()" in shown.words.value
    assert rows(shown) == [("Yiwu", "3", "100.0"), ("Wuyi", "2", "66.7"), ("Yongkang", "1", "33.3")]


def test_a_filter_offers_the_values_of_its_column():
    shown = panel(CASE)
    shown.filter_column.value = "district"
    assert [value for _, value in shown.filter_value.options] == ["Wuyi", "Yiwu", "Yongkang"]
    shown.filter_value.value = "Yiwu"
    shown.group.value = ""
    assert "<strong>3.0</strong>" in shown.picture.value
    shown.filter_column.value = ""
    assert shown.state.filter_value == ""
    assert "of the whole table" in shown.words.value


def test_an_average_of_nothing_is_said_in_words():
    empty = SimpleNamespace(accounts=ACCOUNTS.assign(employees=pd.array([None] * 6, dtype="Int64")))
    shown = panel(empty)
    shown.measure.value = "employees"
    assert "missing" in shown.picture.value
    shown.group.value = ""
    assert "nothing to work with" in shown.picture.value


def test_every_control_has_a_label():
    shown = panel(CASE)
    pickers = [shown.filter_column, shown.filter_value, shown.group, shown.measure, shown.order]
    assert all(picker.description for picker in pickers)


def test_the_longest_bar_is_marked_and_a_missing_number_has_none():
    page = pivot_html(pd.Series({"a": 2.0, "b": 4.0, "<c>": None}), "Title & more", "Rows")
    assert [row[1:] for row in ROW.findall(page)] == [("2", "50.0"), ("4", "100.0"), ("missing", "0.0")]
    assert page.count(COLORS["accent"]) == 1
    assert "&lt;c&gt;" in page
    assert "Title &amp; more" in page


def test_rows_that_do_not_fit_a_phone_are_counted():
    page = pivot_html(pd.Series(range(20)), "Title", "Rows")
    assert len(ROW.findall(page)) == 12
    assert "8 more are not shown." in page


def test_a_table_without_rows_still_says_what_it_counts():
    page = pivot_html(pd.Series(dtype=float), "Title", "Rows")
    assert "Rows" in page
    assert ROW.findall(page) == []
