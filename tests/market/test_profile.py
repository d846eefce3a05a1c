"""Grades, gaps and next actions."""

import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.market import NEXT_ACTIONS, AbcRule, abc_grade, fit_points, missing_by, next_action

GOOD = {
    "export": True,
    "employees": 48,
    "it_maturity": 4,
    "comp_installed": np.nan,
    "decision_maker_known": True,
}


def test_an_account_that_meets_all_four_conditions_has_four_points():
    assert fit_points(GOOD) == 4


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({"export": False}, 3),
        ({"employees": 19}, 3),
        ({"employees": 20}, 4),
        ({"employees": pd.NA}, 3),
        ({"it_maturity": 2}, 3),
        ({"it_maturity": None}, 3),
        ({"comp_installed": "K2"}, 3),
        ({"export": False, "comp_installed": "K2", "employees": 3, "it_maturity": 1}, 0),
    ],
)
def test_each_condition_is_worth_one_point_and_the_unknown_none(change, points):
    assert fit_points(GOOD | change) == points


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({}, "A"),
        ({"export": False}, "A"),
        ({"decision_maker_known": False}, "B"),
        ({"decision_maker_known": pd.NA}, "B"),
        ({"export": False, "it_maturity": 1}, "B"),
        ({"export": False, "it_maturity": 1, "decision_maker_known": False}, "C"),
        ({"export": False, "it_maturity": 1, "employees": 5}, "C"),
    ],
)
def test_fit_and_access_together_make_the_grade(change, grade):
    assert abc_grade(GOOD | change) == grade


def test_a_rule_with_other_lines_grades_otherwise():
    small = GOOD | {"employees": 12, "export": False}
    assert abc_grade(small) == "B"
    assert abc_grade(small, AbcRule(min_employees=10)) == "A"


def test_a_table_is_graded_row_by_row():
    accounts = pd.DataFrame([GOOD, GOOD | {"decision_maker_known": False}])
    assert accounts.apply(abc_grade, axis=1).tolist() == ["A", "B"]


@pytest.mark.parametrize("column", ["employees", "decision_maker_known"])
def test_an_account_without_a_column_is_named(column):
    row = {name: value for name, value in GOOD.items() if name != column}
    with pytest.raises(PlaybookError, match=column):
        abc_grade(row)


@pytest.mark.parametrize(
    ("grade", "score", "known", "action"),
    [
        ("A", 0.3, True, "visit now"),
        ("B", 0.25, True, "visit now"),
        ("B", 0.25, False, "find the decision maker"),
        ("C", 0.9, False, "find the decision maker"),
        ("A", 0.1, True, "invite to a salon"),
        ("B", 0.24, False, "invite to a salon"),
        ("C", 0.1, True, "leave to the website"),
    ],
)
def test_grade_score_and_decision_maker_give_the_next_action(grade, score, known, action):
    assert next_action(grade, score, known, visit_from=0.25) == action
    assert action in NEXT_ACTIONS


@pytest.mark.parametrize(("grade", "score"), [("D", 0.2), ("A", 25)])
def test_next_action_refuses_what_is_neither_a_grade_nor_a_fraction(grade, score):
    with pytest.raises(PlaybookError):
        next_action(grade, score, True, visit_from=0.25)


def test_gaps_are_counted_per_category():
    frame = pd.DataFrame({"employees": [1, None, None, 4], "source": ["web", "web", "fair", None]})
    table = missing_by(frame, "employees", "source")
    assert table["accounts"].to_dict() == {"fair": 1, "unknown": 1, "web": 2}
    assert table["missing"].to_dict() == {"fair": 1, "unknown": 0, "web": 1}
    assert table.loc["web", "missing_share"] == 0.5


def test_a_numeric_column_is_cut_into_equal_bands():
    frame = pd.DataFrame({"revenue": range(1, 9), "employees": [None, None, None, 4, 5, 6, 7, 8.0]})
    table = missing_by(frame, "employees", "revenue")
    assert table.index.tolist() == ["1 lowest", "2", "3", "4 highest"]
    assert table["accounts"].tolist() == [2, 2, 2, 2]
    assert table["missing_share"].tolist() == [1.0, 0.5, 0.0, 0.0]


def test_unknown_values_of_the_grouping_number_form_a_band_of_their_own():
    frame = pd.DataFrame({"revenue": [1, 2, 3, 4, 5, np.nan], "employees": [1.0] * 6})
    assert missing_by(frame, "employees", "revenue").loc["unknown", "accounts"] == 1


def test_a_scale_of_few_values_is_not_cut():
    frame = pd.DataFrame({"it": [1, 2, 2, 3], "employees": [None, 2.0, 3.0, 4.0]})
    assert missing_by(frame, "employees", "it").index.tolist() == [1, 2, 3]


def test_a_misspelt_column_is_named():
    with pytest.raises(PlaybookError, match="turnover"):
        missing_by(pd.DataFrame({"a": [1]}), "a", "turnover")


def test_bands_stand_in_order_however_many_there_are():
    frame = pd.DataFrame({"x": [None] * 25, "by": [*range(24), None]})
    found = list(missing_by(frame, "x", "by", bands=12).index)
    assert found == ["1 lowest", *map(str, range(2, 12)), "12 highest", "unknown"]
    assert list(missing_by(frame.head(24), "x", "by", bands=4).index) == ["1 lowest", "2", "3", "4 highest"]


@pytest.mark.parametrize("no", [False, "false", 0, pd.NA, float("nan")])
def test_no_earns_no_point_however_it_is_written(no):
    account = {
        "export": no,
        "employees": 30,
        "it_maturity": 3,
        "comp_installed": "K1",
        "decision_maker_known": no,
    }
    assert fit_points(account) == 2
    assert abc_grade(account) == "C"
    assert abc_grade({**account, "export": "true", "decision_maker_known": "yes"}) == "A"
