"""Answers that checks noted or grading kept become one plan."""

import pandas as pd
import pytest

from playbook.chapters.defence.answers import Origin
from playbook.exercises.defence import plan_of
from playbook.exercises.plain import to_plain

CHAPTERS = {"02-market-capacity": 2, "09-staffing": 9}


def test_answers_are_gathered_by_chapter_with_what_became_of_them():
    plan = plan_of(
        {
            "02-market-capacity": {"tam": {"answer": 63.2, "outcome": "passed"}},
            "09-staffing": {
                "needed": {"answer": 19, "outcome": "unattempted"},
                "payout": {"outcome": "failed"},
                "capacity": {
                    "answer": {"t": "list", "of": "series", "v": [1.5], "index": [1], "name": None},
                    "outcome": "passed",
                },
            },
            "99-unknown": {"tam": {"answer": 1, "outcome": "passed"}},
        },
        CHAPTERS,
    )
    assert plan.number(2, "tam") == 63.2
    assert plan.months(9, "capacity", "month", "capacity") == {1: 1.5}
    assert plan.origin(9, "needed") is Origin.MISSING
    assert plan.outcome(9, "payout") == "failed"
    assert {chapter for chapter, _question in plan.given} == {2, 9}


def test_what_is_missing_comes_from_the_book_and_is_marked():
    plan = plan_of(
        {"09-staffing": {"needed": {"answer": {"t": "ellipsis"}, "outcome": "failed"}}},
        CHAPTERS,
        book={9: {"needed": 20}},
    )
    assert plan.number(9, "needed") == 20
    assert plan.origin(9, "needed") is Origin.BORROWED


def test_an_answer_that_stands_for_nothing_is_missing():
    odd = {"t": "large", "type": "text", "size": 10**9}
    plan = plan_of({"02-market-capacity": {"tam": {"answer": odd, "outcome": "failed"}}}, CHAPTERS)
    assert plan.origin(2, "tam") is Origin.MISSING


@pytest.mark.parametrize("shape", [pd.Series, pd.DataFrame, pd.Index])
def test_what_is_signed_for_may_hold_a_column_or_a_table(shape):
    signed = {"attack": shape(["Luhe", "Qixia"]), "reviews": ..., "leader": "P007"}
    plan = plan_of(
        {"13-defence": {"signed": {"answer": to_plain(signed), "outcome": "passed"}}}, {"13-defence": 13}
    )
    assert plan.texts(13, "attack") == ["Luhe", "Qixia"]
    assert {question for chapter, question in plan.given} == {"signed", "attack", "leader"}
