"""The summary of chapter 12 says to a director what the answers come to, and fails on none of them."""

import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.gates.problem import gate_problem
from playbook.chapters.gates.summary import summary

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def nanjing():
    return load_case("nanjing")


@pytest.fixture(scope="module")
def answers(nanjing):
    payback = gate_problem(nanjing).numbers.loc["Nanjing", "payback"]
    return {"payback": float(payback), "lifetime": 5.5, "effect": 0.177, "violator": "L22", "magic": 1.9}


def test_the_verdict_and_the_numbers_that_carry_it_are_said(nanjing, answers):
    said = summary(nanjing, answers)
    assert said.lead == "Hold Nanjing: not green is management density"
    assert said.numbers.startswith("Payback is 10.3 months, pipeline cover 4.2, management density 0.64.")
    assert "One pilot is left out: it was rising before." in said.numbers
    assert "L22" not in said.numbers
    assert said.ask.people == "5 managers more"
    assert said.change == "We scale with management density at 0.8 or more."


def test_what_happens_on_red_and_when_it_is_looked_at_again_is_said(nanjing, answers):
    said = summary(nanjing, answers)
    assert [one.week for one in said.milestones] == [4, 13, 26]
    gates, cities = said.tables
    assert [row[4] for row in gates.rows] == ["green", "green", "amber"]
    assert "managers from the bench" in gates.rows[2][5]
    assert len(cities.rows) == 6
    assert cities.rows[[row[0] for row in cities.rows].index("Nanjing")][-1] == "hold"


def test_the_trainees_own_payback_decides(nanjing, answers):
    said = summary(nanjing, answers | {"payback": 30.0})
    assert said.lead == "Stop new money for Nanjing until this is mended: payback, management density"


def test_a_city_that_passes_all_gates_is_scaled():
    case = load_case("jinhua")
    payback = float(gate_problem(case).numbers.loc["Jinhua", "payback"])
    said = summary(case, {"payback": payback})
    assert said.lead == "Scale Jinhua: all three gates are green"
    assert said.change == "If one of the three is no longer green in month 15, we hold."
    assert not said.ask.people


@pytest.mark.parametrize("junk", [..., None, "15", [], {}, -3, pd.DataFrame(), pd.Series([1.5])])
def test_a_payback_of_another_shape_recommends_nothing(nanjing, answers, junk):
    assert summary(nanjing, answers | {"payback": junk}).lead == ""


@pytest.mark.parametrize("junk", [..., None, "15", [], {}, pd.DataFrame(), pd.Series([1.5])])
@pytest.mark.parametrize("question", ["lifetime", "effect", "violator", "magic"])
def test_an_answer_of_another_shape_is_passed_over(nanjing, answers, question, junk):
    assert (
        summary(nanjing, answers | {question: junk}).lead == "Hold Nanjing: not green is management density"
    )
