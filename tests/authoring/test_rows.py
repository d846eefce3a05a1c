"""A function is tried on rows as a table holds them, whatever its author wrote down."""

import math

import numpy as np
import pandas as pd
import pytest

from playbook.authoring.rows import plain_calls
from playbook.exercises.plain import from_plain

FIRMS = pd.DataFrame(
    {
        "name": [f"firm {n}" for n in range(400)],
        "staff": pd.array([None if n % 7 == 0 else n for n in range(400)], dtype="Int64"),
        "revenue": [float(1_000 - n) for n in range(400)],
        "rival": pd.Series([None if n % 3 else "K1" for n in range(400)], dtype="str"),
        "export": [n % 2 == 0 for n in range(400)],
    },
    index=range(100, 500),
)
FIRMS["taken"] = FIRMS["rival"].notna()


def rows_of(calls, **names):
    return [from_plain(call[0]) for call in plain_calls(calls, {"firms": FIRMS, **names})]


@pytest.mark.parametrize("place", [0, 1, 7, 12])
def test_a_named_row_is_handed_over_as_apply_would(place):
    fields = FIRMS[["staff", "revenue", "rival"]].iloc[place].to_dict()
    row, expected = rows_of([(fields,)])[0], FIRMS.iloc[place]
    assert list(row.index) == list(FIRMS.columns)
    assert row.name == expected.name
    assert row.dtype == expected.dtype == object
    for name, value in expected.items():
        assert (
            (row[name] is value is pd.NA) or (pd.isna(value) and math.isnan(row[name])) or row[name] == value
        )
    assert row.revenue == expected.revenue


def test_a_gap_is_as_the_table_has_it_and_never_none():
    row = rows_of([({"name": "firm 7"},)])[0]
    assert row["staff"] is pd.NA
    assert isinstance(row["rival"], float)
    assert row["rival"] != row["rival"]


def test_a_made_up_row_takes_what_it_does_not_say_from_the_row_most_like_it():
    made = rows_of([({"staff": 8, "revenue": 1.5, "rival": None, "export": True},)])[0]
    assert made["revenue"] == 1.5
    assert made["export"] is True
    assert math.isnan(made["rival"])
    assert made["taken"] is False


def test_more_rows_are_tried_among_them_both_ends_of_what_is_measured():
    rows = rows_of([({"staff": 5, "revenue": 3.0},)])
    assert 40 < len(rows) < 90
    revenues = [row["revenue"] for row in rows]
    assert {FIRMS["revenue"].max(), FIRMS["revenue"].min()} <= set(revenues)
    assert len({row.name for row in rows[1:]}) == len(rows) - 1


def test_other_arguments_stay_what_they_are():
    calls = [(1, "a"), (2.5, ["C", "F"])]
    assert plain_calls(calls, {"firms": FIRMS})[0] == (1, "a")
    assert from_plain(plain_calls([({"unknown": 3},)], {"firms": FIRMS})[0][0]) == {"unknown": 3}
    assert len(plain_calls([(FIRMS.iloc[3], 2)], {"firms": FIRMS})) == 1
    assert from_plain(plain_calls([(FIRMS.iloc[3], 2)], {})[0][0]).name == 103
    assert isinstance(from_plain(plain_calls([(pd.Series(np.arange(3)),)], {})[0][0]), pd.Series)
