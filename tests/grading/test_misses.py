"""What a miss is: which came first, which only follow from it, and what was done."""

import json

import pandas as pd
import pytest

from playbook.exercises.marking import mark, seal_question
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import to_plain
from playbook.exercises.question import Question, Result
from playbook.gradebook.result import Graded
from playbook.grading.misses import in_short, what_follows, what_was_done
from playbook.grading.slips import slip


def cell(source, question=""):
    metadata = {"playbook": {"question": question}} if question else {}
    return {"cell_type": "code", "metadata": metadata, "source": source}


def sealed(kind, expected, wrong=(), **fields):
    question = Question.from_dict({"id": "q", "kind": kind, "points": 2.0, **fields})
    return seal_question(question, to_plain(expected), [(to_plain(a), h) for a, h in wrong], salt="s")


def done(seal, value, unseen_points=None):
    plain = to_plain(value)
    own = mark(seal, plain)
    result = own if unseen_points is None else Result("q", Outcome.FAILED, unseen_points, 2.0)
    return what_was_done(seal, plain, own, result, typed=False)


CHAIN = {"a": "a", "b": "b", "c": "c", "d": "d"}


@pytest.mark.parametrize(
    ("sources", "missed", "expected"),
    [
        (["a = 1", "b = a * 2", "c = b + a", "d = 4"], "abcd", {"b": "a", "c": "a"}),
        (["a = 1", "b = a * 2", "c = b + a", "d = 4"], "bcd", {"c": "b"}),
        (["a = 1", "b = 3", "c = 4", "d = 5"], "abcd", {}),
        (["t['x'] = 1\na = t['x']", "b = t['x'].sum()", "c = 1", "d = 1"], "ab", {"b": "a"}),
        (["h = 3\na = 2", "b = h", "c = 1", "d = 1"], "ab", {}),  # the answer was not made of it
        (["a = 1", "a = 5\nb = a", "c = 1", "d = 1"], "ab", {}),  # made anew before it was used
        (["a = 1", "def b(row):\n    return row['x'] * a", "c = 1", "d = 1"], "ab", {"b": "a"}),
        (["a = = 1", "b = a", "c = 1", "d = 1"], "ab", {"b": "a"}),  # a line that cannot be read
    ],
)
def test_a_miss_that_is_worked_out_from_an_earlier_one_follows_from_it(sources, missed, expected):
    cells = [cell(source, name) for source, name in zip(sources, CHAIN, strict=True)]
    assert what_follows({"cells": cells}, CHAIN, set(missed)) == expected


def test_a_miss_follows_also_by_way_of_cells_between():
    cells = [cell("a = 1", "a"), cell("between = a + 1"), cell("b = between", "b")]
    assert what_follows({"cells": cells}, CHAIN, {"a", "b"}) == {"b": "a"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (25.0, "100 times too large"),
        (0.0025, "100 times too small"),
        (-0.25, "the sign turned"),
        (4.0, "turned upside down"),
        (0.75, "the rest instead of the part"),
        (0.31, ""),
        (0.0, ""),
        (1e308, ""),
    ],
)
def test_a_number_is_known_by_what_makes_it_right(given, code):
    assert slip(sealed("number", 0.25, atol=0.0005), to_plain(given)) == code


def test_a_wide_tolerance_makes_no_slip_of_a_small_number():
    assert slip(sealed("number", 0.3, atol=0.5), to_plain(60)) == ""


def test_a_count_may_be_one_off():
    assert slip(sealed("number", 40), to_plain(41)) == "one too many"


def test_a_ranking_may_hold_the_right_entries_in_another_order():
    seal = sealed("ranking", ["A", "B", "C"])
    assert slip(seal, to_plain(["B", "A", "C"])) == "the right entries in another order"
    assert slip(seal, to_plain(["B", "A", "D"])) == ""


def test_a_tables_columns_may_be_off_by_a_factor():
    right = pd.DataFrame({"section": ["A", "B"], "share": [0.25, 0.75]})
    seal = sealed("table", right, key="section", columns=["share"], atol=0.0005)
    assert slip(seal, to_plain(right.assign(share=right["share"] * 100))) == "100 times too large"
    assert slip(seal, to_plain(right.assign(share=[0.3, 0.7]))) == ""


def test_what_was_done_is_a_code():
    seal = sealed("number", 0.25, wrong=[(0.4, "You divided by the wrong total.")], atol=0.0005)
    assert done(seal, 0.25) == ""
    assert done(seal, ...) == "open"
    assert done(seal, 0.4) == "hint"
    assert done(seal, "0.25") == "form:number:text"
    assert done(seal, 25.0) == "slip:100 times too large"
    assert done(seal, 0.31) == "other"
    assert done(seal, 0.25, unseen_points=0.0) == "own city"


def test_a_stopped_cell_is_named_by_its_error():
    seal = sealed("number", 0.25, atol=0.0005)
    result = Result("q", Outcome.ERRORED, 0.0, 2.0, "The cell stopped: NameError: name 'base' is not defined")
    assert what_was_done(seal, to_plain(...), result, result, typed=False) == "stopped:NameError"


def test_an_answer_is_told_in_a_few_words():
    assert in_short(to_plain(1234567.891)) == "1,234,568"
    assert in_short(to_plain(["C", "F"])) == "['C', 'F']"
    assert in_short(to_plain(list(range(40)))) == "[0, 1, 2, 3, 4, 5, …]"
    table = pd.DataFrame({"section": list("ABCDEFGH"), "lq": [1.5, 0.25, 1, 2, 3, 4, 5, 6]})
    assert in_short(to_plain(table)) == "lq: 1.5, 0.25, 1, 2, 3, 4, …"
    method = to_plain(table["lq"].mean)
    assert in_short(method) == in_short(method | {"returned": []}) == "mean without ()"
    assert in_short(method | {"returned": [3]}) == "[3]"
    assert len(in_short("x" * 5000)) <= 160


def test_a_result_file_keeps_what_was_done():
    from playbook.gradebook.result import QuestionResult

    own = QuestionResult(
        Result("q", Outcome.FAILED, 0.0, 2.0), own="failed", did="other", given="3", follows="p"
    )
    graded = Graded("t", "e", "s", "h", "graded", questions=(own,))
    again = Graded.from_dict(json.loads(json.dumps(graded.as_dict())))
    assert again.questions[0] == own
