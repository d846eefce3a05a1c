"""The summary of chapter 6 says to a director where sellers go and where none goes, and fails on no answer."""

import re

import pandas as pd
import pytest

from playbook.cases import list_cases, load_case
from playbook.chapters.competitors.field import field_of, overall_rate
from playbook.chapters.competitors.summary import summary
from playbook.market import keep_out, next_seller, win_rates

pytestmark = pytest.mark.slow

ANSWERS = {
    "installed": pd.Series({"K1": 0.055, "K3": 0.042}, name="share"),
    "nobody": 0.4767,
    "rates": pd.DataFrame({"rival": ["K1"], "win_rate": [0.143], "low": [0.079], "high": [0.243]}),
    "hardest": "K1",
    "excuse": 0.1797,
    "keep_out": {"Yiwu"},
    "next_seller": ["Yongkang", "Wucheng", "Pujiang"],
}
JUNK = [..., None, 7, -3.5, "Yiwu", [], {}, [["Yiwu"]], {"Atlantis": None}, pd.DataFrame(), pd.Series([1.5])]


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


def test_the_recommendation_the_gain_and_the_hard_rival_are_said_with_their_numbers(jinhua):
    said = summary(jinhua, ANSWERS)
    assert said.lead == "Send the next sellers to Yongkang, Wucheng, Pujiang, and keep out of Yiwu"
    assert said.numbers == (
        "One more seller adds 2.8 wins in Yongkang; the three together add 7.3. "
        "Against K1 we win 14% of 70 decided deals (8% to 24%), against 31% over all."
    )
    assert said.ask.people == "3 more sellers"
    assert said.against == (
        "Keeping out of Yiwu leaves 120 firms in need to rivals, 31% of the city's. "
        "48% of our lost deals went to no rival at all: the firm bought from nobody."
    )
    assert said.change.startswith("In Yiwu we won 9 of 80 decided deals; the decision falls if the high end")
    assert [one.week for one in said.milestones] == [4, 8, 13]


def test_the_rivals_are_listed_with_what_runs_what_was_won_and_their_price(jinhua):
    rivals, _ = summary(jinhua, ANSWERS).tables
    assert len(rivals.rows) == 5
    assert rivals.rows[0] == ("K5", "1.0%", "87", "26%", "18% to 37%", "93")
    assert rivals.rows[1] == ("▸ K1", "5.5%", "70", "14%", "8% to 24%", "88")
    assert "the rival against whom we surely win less" in rivals.note
    assert "sellers say the product in 33% and buyers in 43%" in rivals.note
    assert "Sellers name the price 18 points more often" in rivals.note


def test_the_districts_are_listed_by_what_one_more_seller_adds_with_what_is_decided(jinhua):
    _, districts = summary(jinhua, ANSWERS).tables
    assert [row[-1] for row in districts.rows] == ["next seller"] * 3 + ["keep out"] + ["–"] * 5
    assert districts.rows[3] == ("Yiwu", "120", "4", "13", "10.8", "11%", "1.6", "keep out")


@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_every_citys_right_answers_make_a_section(case):
    field, overall = field_of(case), overall_rate(case.win_loss)
    met = win_rates(case.win_loss[case.win_loss["rival"] != "none"], "rival")
    out = keep_out(field, overall)
    answers = {
        "next_seller": next_seller(field, overall)["district"].tolist()[:3],
        "keep_out": set(out),
        "hardest": met[met["high"] < overall].sort_values("decided")["rival"].iloc[-1],
    }
    said = summary(case, answers)
    assert said.lead.endswith(f"and keep out of {', '.join(out)}")
    assert not re.search(r"\bnan\b", repr(said))
    assert {len(row) for row in said.tables[1].rows} == {len(said.tables[1].columns)}


def test_one_half_of_the_decision_is_said_without_the_other(jinhua):
    assert (
        summary(jinhua, ANSWERS | {"keep_out": None}).lead
        == "Send the next sellers to Yongkang, Wucheng, Pujiang"
    )
    alone = summary(jinhua, {"keep_out": {"Yiwu"}})
    assert alone.lead == "Keep out of Yiwu"
    assert alone.numbers == ""
    assert not alone.ask
    one = summary(jinhua, {"next_seller": ["Yongkang"]})
    assert one.numbers == "One more seller adds 2.8 wins in Yongkang."
    assert one.ask.people == "1 more seller"


def test_names_that_are_no_district_or_rival_of_the_city_are_passed_over(jinhua):
    said = summary(jinhua, {"next_seller": ["Atlantis"], "keep_out": {"Atlantis"}, "hardest": "K9"})
    assert said.lead == said.numbers == ""
    assert said.milestones == ()
    assert not any(row[0].startswith("▸") for row in said.tables[0].rows)


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
def test_answers_of_another_shape_are_passed_over(jinhua, junk):
    said = summary(jinhua, dict.fromkeys(ANSWERS, junk))
    assert (said.lead, said.numbers) == ("", "")
    assert [len(table.rows) for table in said.tables] == [5, 9]


@pytest.mark.parametrize("question", list(ANSWERS))
def test_one_answer_of_another_shape_leaves_the_others(jinhua, question):
    said = summary(jinhua, ANSWERS | {question: pd.DataFrame()})
    assert said.lead.startswith(
        "Keep out" if question == "next_seller" else "Send the next sellers to Yongkang"
    )


def test_without_answers_it_recommends_nothing(jinhua):
    said = summary(jinhua, {})
    assert (said.lead, said.numbers, said.change, said.milestones) == ("", "", "", ())
    assert not said.ask
