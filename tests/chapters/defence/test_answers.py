"""How a plan is read: every reader gives what is there, or says that it is not, whatever a notebook bound."""

import contextlib

import numpy as np
import pandas as pd
import pytest

from playbook.chapters.defence.answers import Lacking, gather


class Odd:
    """Neither compared, nor counted, nor looked through."""

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None
    __bool__ = __len__ = __iter__ = __eq__


table = pd.DataFrame({"district": ["Luhe", "Gulou"], "share": [0.3, 0.2]})
doubled = pd.concat([table, table], axis=1)
levels = table.set_index([["a", "b"], [1, 2]])
READERS = {
    "number": lambda plan: plan.number(4, "heart"),
    "text": lambda plan: plan.text(4, "heart"),
    "texts": lambda plan: plan.texts(4, "heart"),
    "column": lambda plan: plan.column(4, "heart", "district", "share"),
    "numbers": lambda plan: plan.numbers(4, "heart", "district", "share"),
    "months": lambda plan: plan.months(4, "heart", "month", "share"),
}
ODD = [None, ..., Odd(), [Odd()], {"Luhe": Odd()}, {1: Odd(), 2: []}, doubled, levels, doubled.iloc[:0], pd.DataFrame(),
       pd.Series([Odd()]), pd.Series(dtype=object), np.array([[1, 2]]), np.array(Odd(), dtype=object), 10**400, 1j, "", b"x",
       pd.NA, pd.NaT, float("nan"), float("inf"), True, len, range(3), pd.Series([1.0], index=[float("inf")])]  # fmt: skip


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("place", range(len(ODD)))
def test_no_reader_stumbles_over_what_an_answer_may_be(reader, place):
    found: object = None
    with contextlib.suppress(Lacking):
        found = reader(gather({4: {"heart": ODD[place]}}))
    assert found is None or found == 0 or found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (table, {"Luhe": 0.3, "Gulou": 0.2}),
        (table.set_index("district"), {"Luhe": 0.3, "Gulou": 0.2}),
        (table.set_index("district")["share"], {"Luhe": 0.3, "Gulou": 0.2}),
        ({"Luhe": np.float64(0.3), "Gulou": "much"}, {"Luhe": 0.3}),
        ({"Luhe": np.array(0.3)}, {"Luhe": 0.3}),
    ],
)
def test_a_column_is_read_whatever_form_it_came_in(value, found):
    assert gather({4: {"heart": value}}).numbers(4, "heart", "district", "share") == found


@pytest.mark.parametrize(
    "value",
    [
        {1: 0.5, 2: 1.5},
        {1.0: np.float64(0.5), 2: 1.5, "x": 9},
        pd.Series([0.5, 1.5], index=[1, 2]),
        pd.DataFrame({"month": [1, 2], "capacity": [0.5, 1.5], "more": [0, 0]}),
        pd.DataFrame({"equivalents": [0.5, 1.5]}, index=[1, 2]),
    ],
)
def test_months_are_read_whatever_form_they_came_in(value):
    assert gather({9: {"capacity": value}}).months(9, "capacity", "month", "capacity") == {1: 0.5, 2: 1.5}


def test_numbers_and_choices_have_limits():
    plan = gather({9: {"needed": 12}, 13: {"first_step": " sales "}})
    assert plan.number(9, "needed", low=1, high=12) == 12
    assert plan.text(13, "first_step", ("sales", "market")) == "sales"
    with pytest.raises(Lacking):
        plan.number(9, "needed", high=11)
    with pytest.raises(Lacking):
        plan.text(13, "first_step", ("market",))


def test_an_empty_list_is_an_answer_where_nothing_may_be_named():
    plan = gather({6: {"keep_out": set()}})
    assert plan.texts(6, "keep_out", empty=True) == []
    with pytest.raises(Lacking):
        plan.texts(6, "keep_out")
