"""Anything a notebook can hold becomes plain data, and nothing raises."""

import datetime
import decimal
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.exercises.plain import call_plain, describe, from_plain, is_unattempted, to_plain


class Refuses:
    """Every operation on it fails."""

    def __getattribute__(self, name):
        raise RuntimeError("no")

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None


class Leaves:
    def __float__(self):
        raise SystemExit("gone")

    __index__ = __float__


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (3, 3),
        (2.5, 2.5),
        (True, True),
        (np.float64(2.5), 2.5),
        (np.int32(7), 7),
        (np.bool_(False), False),
        (decimal.Decimal("1.5"), 1.5),
        ("12", "12"),
        (None, None),
        (..., {"t": "ellipsis"}),
        (math.nan, {"t": "nan"}),
        (pd.NA, {"t": "nan"}),
        (pd.NaT, {"t": "nan"}),
        (-math.inf, {"t": "infinite", "v": -1}),
        (datetime.date(2024, 5, 1), "2024-05-01"),
        (pd.Timestamp("2024-05-01 10:00"), "2024-05-01T10:00:00"),
        ({3, 1}, {"t": "set", "v": [1, 3]}),
        ((1, "a"), {"t": "list", "of": "tuple", "v": [1, "a"]}),
        (np.array([1.5, math.nan]), {"t": "list", "of": "array", "v": [1.5, None]}),
        (2**70, {"t": "large", "type": "int", "size": 71}),
        (pd.DataFrame, {"t": "other", "type": "the class DataFrame"}),
    ],
)
def test_values_become_plain(value, plain):
    assert to_plain(value) == plain


def test_a_table_keeps_columns_types_and_index():
    frame = pd.DataFrame({"n": [1, 2], "x": [0.5, None]}, index=pd.Index(["C", "G"], name="section"))
    plain = to_plain(frame)
    assert plain["columns"] == ["n", "x"]
    assert plain["data"] == [[1, 2], [0.5, None]]
    assert plain["index"] == {"names": ["section"], "levels": [["C", "G"]]}


@pytest.mark.parametrize(
    "make",
    [Refuses, lambda: [Refuses()], lambda: (i for i in range(3)), Leaves, object, lambda: iter([1])],
    ids=["refuses", "a list of it", "a generator", "leaves", "an object", "an iterator"],
)
def test_odd_objects_never_raise_and_are_other(make):
    plain = to_plain(make())
    json.dumps(plain)
    if isinstance(plain, dict) and plain["t"] == "list":
        plain = plain["v"][0]
    assert plain["t"] == "other"


def test_what_refers_to_itself_ends():
    loop = []
    loop.append(loop)
    assert to_plain(loop)["t"] == "large"


def test_a_huge_frame_is_large_not_copied():
    frame = pd.DataFrame(np.zeros((300_000, 2)))
    assert to_plain(frame) == {"t": "large", "type": "DataFrame", "size": 600_000}


def test_lone_surrogates_become_question_marks():
    assert to_plain("a\ud800b") == "a?b"


@pytest.mark.parametrize(
    "value",
    [
        3,
        2.5,
        "text",
        None,
        [1, [2, "x"]],
        (1, 2),
        {"a": 1},
        pd.Series([1.0, 2.0], index=["a", "b"], name="s"),
        pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
        pd.DataFrame({"a": [1.5]}, index=pd.Index(["k"], name="key")),
    ],
)
def test_plain_data_goes_back(value):
    back = from_plain(json.loads(json.dumps(to_plain(value))))
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(back, value, check_dtype=True)
    elif isinstance(value, pd.Series):
        pd.testing.assert_series_equal(back, value)
    else:
        assert back == value


def test_functions_have_no_value_to_go_back_to():
    with pytest.raises(ValueError, match="function"):
        from_plain(to_plain(len))


def test_calling_notes_what_was_returned_and_what_was_raised():
    plain = call_plain(lambda a, b: a / b, [(6, 3), (1, 0)])
    assert plain["returned"][0] == 2.0
    assert plain["returned"][1] == {
        "t": "raised",
        "error": "ZeroDivisionError",
        "message": "division by zero",
    }


@pytest.mark.parametrize("answer", [..., None])
def test_a_function_that_answers_nothing_is_unattempted(answer):
    assert is_unattempted(call_plain(lambda x: answer, [(1,), (2,)]))


def test_described_in_words():
    assert describe(to_plain(pd.Series([1, 2]))) == "a column of 2 values"
    assert describe(to_plain(pd.DataFrame({"a": [1]}))) == "a table of 1 rows and 1 columns"
    assert "brackets" in describe(to_plain(len))


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(json_like)
def test_whatever_comes_is_json(value):
    json.loads(json.dumps(to_plain(value), allow_nan=False))
