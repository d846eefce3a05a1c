"""The summary of chapter 11 says to a director what the answers come to, and fails on none of them."""

import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.phase.problem import mix_problem, phase_problem
from playbook.chapters.phase.summary import summary
from playbook.market.channels import best_mix

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def answers(jinhua):
    cities, money = phase_problem(jinhua), mix_problem(jinhua)
    return {
        "phases": cities.cities[["city_id", "phase"]],
        "lag": cities.lag,
        "verdict": cities.cities[["city_id", "growth", "due", "verdict"]],
        "mix": best_mix(money.curves, money.budget).spend.to_dict(),
        "guests": 13,
    }


def test_verdict_money_evidence_and_wins_are_said_with_units(jinhua, answers):
    said = summary(jinhua, answers)
    assert said.lead == "Continue in Jinhua, and put CNY 474,000 of the next quarter into the ecosystem"
    assert said.numbers == (
        "167 A and B firms, 1.31 times those of a quarter ago; a visit pays after 3 months, so money is due in month 11. "
        "The mix brings 31.0 wins in the quarter; today's, with the same money, 20.7."
    )
    assert said.ask.money == "CNY 600,000 for the ways to sell"


def test_what_is_unsure_and_what_would_change_it_is_said(jinhua, answers):
    said = summary(jinhua, answers)
    assert "The curves are the company's estimate" in said.against
    assert "A salon with fewer than 13 guests costs more" in said.against
    assert "by month 11" in said.change


def test_the_quarter_and_the_due_month_are_milestones(jinhua, answers):
    assert [one.week for one in summary(jinhua, answers).milestones] == [13, 9]


def test_cities_stand_with_phase_and_verdict_and_ways_with_money(jinhua, answers):
    cities, mix = summary(jinhua, answers).tables
    assert cities.rows[0][0] == "this city"
    assert cities.rows[0][-2:] == ("cultivating", "continue")
    assert [row[0] for row in mix.rows] == ["single talks", "salons", "online work", "the ecosystem"]
    assert mix.rows[1][2:4] == ("0.0", "0.0")
    assert mix.rows[1][-1] == "–"


@pytest.mark.parametrize(
    "junk",
    [
        ...,
        None,
        7,
        "salon",
        [],
        {},
        {"salon": None},
        {"salon": -1},
        {"salon": 0},
        pd.DataFrame(),
        pd.Series([1.5]),
    ],
)
def test_a_mix_of_another_shape_recommends_nothing(jinhua, answers, junk):
    said = summary(jinhua, answers | {"mix": junk})
    assert said.lead == ""
    assert [table.caption for table in said.tables] == ["Phase and verdict of this city and its pilots"]


@pytest.mark.parametrize("junk", [..., None, 7, "stop", [], {"own": 3}, pd.DataFrame(), pd.Series([1.5])])
@pytest.mark.parametrize("question", ["phases", "lag", "verdict", "guests"])
def test_an_answer_of_another_shape_is_passed_over(jinhua, answers, question, junk):
    said = summary(jinhua, answers | {question: junk})
    assert "CNY 474,000 of the next quarter into the ecosystem" in said.lead


def test_without_answers_it_recommends_nothing(jinhua):
    said = summary(jinhua, {})
    assert (said.lead, said.tables) == ("", ())
