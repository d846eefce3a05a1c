"""The summary of chapter 9 says to a director what the answers come to, and fails on none of them."""

import math

import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.staffing.problem import package_of, staffing_problem
from playbook.chapters.staffing.summary import summary
from playbook.market.seeding import best_seeding

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def answers(jinhua):
    problem, veterans = staffing_problem(jinhua), jinhua.veterans
    return {
        "needed": math.ceil(problem.needed),
        "hire_by": problem.hire_by,
        "seeding": best_seeding(veterans[veterans["willing"]]).group.to_dict(),
        "offer": package_of(jinhua).months,
    }


def test_who_is_hired_by_when_and_what_month_nine_gets_is_said_with_units(jinhua, answers):
    said = summary(jinhua, answers)
    assert said.lead == "Hire 10 more by month 4"
    assert said.numbers == (
        "The visits of a year take 21 experienced sellers. With those hires month 9 has 18.6 of the 18 that it takes, "
        "without them 11.3."
    )
    assert said.ask.people == "28 newcomers in a year"
    assert said.ask.time == "6 months until a newcomer is ready"
    assert said.change == "If month 9 may have 6.7 experienced sellers fewer, nobody more is hired."


def test_heads_stand_by_quarter_veterans_by_group_and_terms_with_an_end(jinhua, answers):
    heads, veterans, terms = summary(jinhua, answers).tables
    assert [row[:3] for row in heads.rows] == [
        ("1", "12", "12"),
        ("2", "3", "13"),
        ("3", "0", "0"),
        ("4", "3", "3"),
    ]
    assert sum(len(row[1].split(", ")) for row in veterans.rows) == 6
    assert ("Ends after, months", "15") in terms.rows
    assert ("Promoted above 90 % of the goal", "the same share of the options") in terms.rows


def test_the_last_hires_and_month_nine_are_milestones(jinhua, answers):
    assert [one.week for one in summary(jinhua, answers).milestones] == [13, 35]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda plan: pd.Series(plan),
        lambda plan: pd.DataFrame({"veteran_id": list(plan), "group": list(plan.values())}),
    ],
)
def test_a_plan_of_veterans_may_come_as_a_table(jinhua, answers, wrap):
    assert summary(jinhua, answers | {"seeding": wrap(answers["seeding"])}) == summary(jinhua, answers)


@pytest.mark.parametrize("junk", [..., None, "May", [], {}, 4.5, 40, pd.DataFrame(), pd.Series([1.5])])
def test_a_month_of_another_shape_recommends_nothing(jinhua, answers, junk):
    said = summary(jinhua, answers | {"hire_by": junk})
    assert said.lead == ""
    assert [table.caption for table in said.tables] == ["Veterans by group", "Terms of a veteran's move"]


@pytest.mark.parametrize(
    "junk", [..., None, 7, "Jinhua", [], {"V01": None}, {"V99": "G1"}, pd.DataFrame(), pd.Series([1.5])]
)
@pytest.mark.parametrize("question", ["needed", "seeding", "offer"])
def test_an_answer_of_another_shape_is_passed_over(jinhua, answers, question, junk):
    assert summary(jinhua, answers | {question: junk}).lead == "Hire 10 more by month 4"


def test_without_answers_it_recommends_nothing(jinhua):
    said = summary(jinhua, {})
    assert (said.lead, said.tables) == ("", ())
