"""The summary of chapter 4 says to a director what the answers come to, and fails on none of them."""

import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.base_area.summary import summary

pytestmark = pytest.mark.slow

WEST = ("Wucheng", "Jindong", "Wuyi", "Lanxi", "Yongkang")
EAST = ("Pujiang", "Panan", "Yiwu", "Dongyang")
ANSWERS = {
    "heart": pd.Series({"Yiwu": 0.31, "Wucheng": 0.15, "Yongkang": 0.14}, name="share"),
    "offices": ("Wucheng", "Wuyi", "Yiwu", "Dongyang", "Yongkang"),
    "reach": 0.68,
    "day": pd.Series({"Yiwu": 6.0, "Panan": 4.0}, name="visits"),
    "territories": [WEST, EAST],
}


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


def test_offices_cost_and_reach_are_said_with_names_and_units(jinhua):
    said = summary(jinhua, ANSWERS)
    assert said.lead == "Rent 5 small offices: Wucheng, Wuyi, Yiwu, Dongyang, Yongkang"
    assert said.numbers == (
        "Rent and driving come to CNY 27,300 a month; one office at city hall would come to CNY 82,200. "
        "68% of the accounts in need lie within 8 km of an office."
    )
    assert said.ask.money == "CNY 20,000 of rent a month"
    assert "15% from an equal part is allowed" in said.against
    assert said.change.startswith("The last office saves CNY ")


def test_the_table_has_a_row_for_each_district_with_all_that_was_decided(jinhua):
    [table] = summary(jinhua, ANSWERS).tables
    assert len(table.rows) == 9
    assert table.rows[0] == ("Yiwu", "120", "31%", "yes", "Yiwu", "2", "6")
    assert table.rows[-1] == ("Panan", "3", "1%", "–", "Dongyang", "2", "4")


@pytest.mark.parametrize(
    "junk", [..., None, 7, "Yiwu", [], {}, {"Yiwu": None}, pd.DataFrame(), pd.Series([1.5])]
)
@pytest.mark.parametrize("question", list(ANSWERS))
def test_an_answer_of_another_shape_is_passed_over(jinhua, question, junk):
    assert len(summary(jinhua, ANSWERS | {question: junk}).tables[0].rows) == 9


def test_without_answers_it_recommends_nothing(jinhua):
    assert summary(jinhua, {}).lead == ""
