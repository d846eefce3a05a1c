"""The summary of chapter 2 says to a director what to sign for and what limits it, and fails on no answer."""

import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.market_capacity.summary import summary

pytestmark = pytest.mark.slow

ANSWERS = {
    "unique": 351,
    "dependent": "ours-exhibition",
    "estimate": 2572.0,
    "tam": 56.9,
    "swing": "ready_sellers",
}


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


def test_the_promise_and_both_limits_are_said_with_units(jinhua):
    said = summary(jinhua, ANSWERS)
    assert said.lead == "Sign for CNY 2.6 million in year one"
    assert said.numbers == (
        "All firms in need would pay CNY 56.9 million a year; within reach are 21.1 million. "
        "What is hoped for is 3.6 million, what the team can sign 2.6 million."
    )
    assert (said.ask.people, said.ask.money) == (
        "8 sellers, counted as experienced ones",
        "CNY 2.6 million of contracts",
    )
    assert said.against == (
        "Two of the three lists know each other (ours and exhibition); they are not used together."
    )
    assert said.change == (
        "To check first: ready sellers. Over the range of this assumption year one is 1.9 to 3.6 million yuan."
    )
    assert [one.what for one in said.milestones] == [
        "Contracts of the first quarter are counted: 4.0 a seller, or the number is made anew"
    ]


def test_the_table_goes_from_the_prize_to_what_the_team_can_sign(jinhua):
    [table] = summary(jinhua, ANSWERS).tables
    assert table.rows == (
        ("All firms in need", "56.9"),
        ("Within reach", "21.1"),
        ("Hoped for", "3.6"),
        ("The team can sign", "2.6"),
    )
    assert table.note == (
        "The team is the limit. In the test district our list holds 351 of about 2,572 firms (13.6%); "
        "the range is 1,914 to 3,228."
    )


def test_a_market_too_small_for_the_team_is_the_limit(jinhua):
    said = summary(jinhua, ANSWERS | {"tam": 20.0})
    assert said.lead == "Sign for CNY 1.3 million in year one"
    assert said.tables[0].note.startswith("The market is the limit.")


@pytest.mark.parametrize(
    "junk", [..., None, 7, 0, -3.0, "Yiwu", [], {}, {"Yiwu": None}, pd.DataFrame(), pd.Series([1.5])]
)
@pytest.mark.parametrize("question", [name for name in ANSWERS if name != "tam"])
def test_an_answer_of_another_shape_is_passed_over(jinhua, question, junk):
    said = summary(jinhua, ANSWERS | {question: junk})
    assert said.lead == "Sign for CNY 2.6 million in year one"
    assert len(said.tables[0].rows) == 4


@pytest.mark.parametrize("junk", [..., None, "many", [], {}, pd.DataFrame(), float("nan")])
def test_without_a_prize_it_recommends_nothing(jinhua, junk):
    assert summary(jinhua, ANSWERS | {"tam": junk}).lead == ""
    assert summary(jinhua, {}).lead == ""
