"""The summary of chapter 8 says to a director what the answers come to, and fails on none of them."""

import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.city_choice.problem import launch_problem
from playbook.chapters.city_choice.summary import summary
from playbook.market.bench import best_sequence, eligible_managers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def answers(jinhua):
    problem = launch_problem(jinhua)
    return {
        "order": list(problem.scores().index),
        "eligible": list(eligible_managers(jinhua.bench)["person_id"]),
        "sequence": best_sequence(problem.cities, problem.people).quarter.to_dict(),
    }


def test_what_opens_what_it_brings_and_what_it_takes_is_said_with_units(jinhua, answers):
    said = summary(jinhua, answers)
    assert said.lead == "Open Jinhua and Xiangyang first, in quarter 1"
    assert said.numbers == (
        "4 of 6 cities open in four quarters and bring CNY 17.9 million by month 24; the largest city first would "
        "bring 13.6."
    )
    assert said.ask.people == "4 managers, 9 supervisors, 11 veterans"
    assert said.ask.money == "CNY 5.8 million to open them"


def test_what_waits_and_for_whom_is_said(jinhua, answers):
    said = summary(jinhua, answers)
    assert said.against == (
        "Later: Quanzhou, Zibo. What is short are managers: the bench sets the pace, not the market."
    )
    assert said.change == (
        "One more of the managers from the first quarter on would bring CNY 2.3 million more."
    )


def test_each_opening_is_a_milestone_in_the_last_week_of_its_quarter(jinhua, answers):
    said = summary(jinhua, answers)
    opened = sorted(quarter for quarter in answers["sequence"].values() if quarter)
    assert [one.week for one in said.milestones] == [13 * quarter for quarter in opened]


def test_cities_stand_by_quarter_and_people_by_name(jinhua, answers):
    calendar, leaders = summary(jinhua, answers).tables
    assert [row[1] for row in calendar.rows] == ["1", "1", "2", "3", "later", "later"]
    assert {row[-1] for row in calendar.rows} == {"1", "2", "3", "lower"}
    assert [row[0] for row in leaders.rows] == answers["eligible"]
    assert "the person's consent" in leaders.note


def test_later_may_be_said_in_words(jinhua, answers):
    in_words = {city: quarter or "later" for city, quarter in answers["sequence"].items()}
    assert summary(jinhua, answers | {"sequence": in_words}) == summary(jinhua, answers)


@pytest.mark.parametrize(
    "junk",
    [..., None, 7, "Jinhua", [], {}, {"Jinhua": None}, {"Jinhua": 9}, pd.DataFrame(), pd.Series([1.5])],
)
def test_a_calendar_of_another_shape_recommends_nothing(jinhua, answers, junk):
    said = summary(jinhua, answers | {"sequence": junk})
    assert said.lead == ""
    assert [table.caption for table in said.tables] == ["Who may be appointed manager"]


@pytest.mark.parametrize(
    "junk", [..., None, 7, "Jinhua", [], {"Jinhua": None}, pd.DataFrame(), pd.Series([1.5])]
)
@pytest.mark.parametrize("question", ["order", "eligible"])
def test_an_answer_of_another_shape_is_passed_over(jinhua, answers, question, junk):
    assert summary(jinhua, answers | {question: junk}).lead == "Open Jinhua and Xiangyang first, in quarter 1"


def test_without_answers_it_recommends_nothing(jinhua):
    said = summary(jinhua, {})
    assert (said.lead, said.tables) == ("", ())
