"""The section of chapter 10 says what the answers say, and never fails on another shape."""

import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.cadence.problem import day_problem, month_problem
from playbook.chapters.cadence.summary import summary
from playbook.market.route import best_route

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def answers(jinhua):
    problem, day = month_problem(jinhua), day_problem(jinhua)
    return {
        "forecast": problem.forecast,
        "daily": problem.daily,
        "risk": list(problem.board.loc[problem.board["at_risk"], "seller"]),
        "talk_to": list(problem.reports.loc[problem.reports["talk"], "seller"]),
        "route": list(best_route(day.stops, day.minutes).order),
    }


def test_the_lead_says_what_the_light_says(jinhua, answers):
    target = month_problem(jinhua).target
    leads = [summary(jinhua, answers | {"forecast": part * target}).lead for part in (1.0, 0.9, 0.5)]
    assert leads[0].startswith("The month will be made")
    assert leads[1].startswith("The month will be short without help")
    assert leads[2].startswith("The month will be missed")


def test_numbers_have_units_and_what_speaks_against_it_has_a_range(jinhua, answers):
    problem = month_problem(jinhua)
    said = summary(jinhua, answers)
    assert f"{problem.booked} contracts are signed" in said.numbers
    assert f"must bring {problem.daily:.1f}" in said.numbers
    assert said.against.startswith("Past months differed")
    assert "CNY" in said.ask.money


def test_those_at_risk_are_named_and_those_talked_to_are_not(jinhua, answers):
    told = repr(summary(jinhua, answers).tables)
    assert all(name in told for name in answers["risk"])
    private = set(answers["talk_to"]) - set(answers["risk"])
    assert not any(f"'{name}'" in told or f" {name}," in told for name in private)
    assert f"talks in private with {len(answers['talk_to'])} people" in told


def test_the_model_day_ends_at_the_office(jinhua, answers):
    table = summary(jinhua, answers).tables[-1]
    assert table.caption == "A model day"
    stops = jinhua.stops.set_index("stop_id")["account_id"]
    firms = jinhua.accounts.set_index("account_id")["name"]
    assert [
        row[2].startswith(firms[stops[name]]) for name, row in zip(answers["route"], table.rows, strict=True)
    ] == [True] * len(answers["route"])
    assert "100% of the best day" in table.note


@pytest.mark.parametrize("junk", [..., None, "soon", [], {"a": 1}, pd.DataFrame(), pd.Series([1.5])])
@pytest.mark.parametrize("question", ["forecast", "daily", "risk", "talk_to", "route"])
def test_an_answer_of_another_shape_is_passed_over(jinhua, answers, question, junk):
    said = summary(jinhua, answers | {question: junk})
    assert bool(said.lead) == (question != "forecast")
    assert said.tables


def test_without_answers_it_recommends_nothing(jinhua):
    said = summary(jinhua, {})
    assert (said.lead, said.tables) == ("", ())
