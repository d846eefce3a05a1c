"""Market capacity: the published values, the edges, and what must always hold."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.capacity import (
    chapman,
    clean_phones,
    firms_from_workers,
    lincoln_petersen,
    market_size,
    tornado,
)

USUAL = {"need": 0.12, "value_cny": 20_000, "reach": 0.5, "share": 0.05, "sellers": 20, "contracts": 12}


def test_two_lists_of_a_hundred_with_twenty_in_common_speak_of_485_firms():
    estimate = chapman(100, 100, 20)
    assert estimate.total == pytest.approx(484.7619, abs=1e-4)
    assert estimate.error == pytest.approx(82.03, abs=0.01)
    assert estimate.seen == 180


def test_the_turtles_of_the_textbook_are_twenty_eight():
    assert chapman(10, 15, 5).total == pytest.approx(28.3333, abs=1e-4)
    assert chapman(10, 15, 5).error == pytest.approx(5.909, abs=0.001)
    assert lincoln_petersen(10, 15, 5) == 30


def test_lists_without_a_common_firm_give_a_finite_number():
    assert chapman(9, 9, 0).total == 99
    assert lincoln_petersen(9, 9, 0) == math.inf


def test_a_list_that_holds_the_other_one_is_complete():
    estimate = chapman(80, 50, 50)
    assert (estimate.total, estimate.error, estimate.low) == (80, 0, 80)
    assert estimate.completeness(50) == 0.625


@given(st.integers(0, 400), st.integers(0, 400), st.data())
def test_the_estimate_is_never_below_what_was_seen(first, second, data):
    both = data.draw(st.integers(0, min(first, second)))
    estimate = chapman(first, second, both)
    assert estimate.total >= estimate.seen - 1e-9
    assert estimate.low <= estimate.total <= estimate.high


@pytest.mark.parametrize("counts", [(-1, 2, 0), (5, 5, 6), (3, 9, 4)])
def test_more_firms_on_both_lists_than_on_one_cannot_be(counts):
    with pytest.raises(PlaybookError, match="cannot be"):
        chapman(*counts)
    with pytest.raises(PlaybookError, match="Count each firm once"):
        lincoln_petersen(*counts)


def test_a_phone_is_its_digits_however_it_was_typed():
    typed = pd.Series(
        ["0571-8812 3456", "(0571)88123456", "+86 0571 88123456", "０５７１ ８８１２３４５６", "", None, "–"]
    )
    assert clean_phones(typed).dropna().unique().tolist() == ["057188123456"]
    assert clean_phones(typed).isna().tolist() == [False] * 4 + [True] * 3
    assert clean_phones(pd.Series(["138 0000 1234", "008613800001234"])).nunique() == 1
    assert clean_phones(pd.Series(["86123456"])).tolist() == ["86123456"]


def test_manufacturing_has_thirty_two_people_a_unit():
    firms = firms_from_workers(pd.Series({"C": 104_700.0}), 104_700 / 3_270)
    assert firms["C"] == pytest.approx(3_270_000)
    assert firms["C"] * 32.0 == pytest.approx(104_700_000, rel=0.001)


def test_a_section_whose_size_is_unknown_is_named():
    with pytest.raises(PlaybookError, match="no size of a firm for F"):
        firms_from_workers(pd.Series({"C": 1.0, "F": 2.0}), pd.Series({"C": 32.0}))
    with pytest.raises(PlaybookError, match="a firm of 0 people"):
        firms_from_workers(pd.Series({"C": 1.0}), 0)


def test_the_promise_is_what_the_team_can_sign_where_the_market_is_larger():
    size = market_size(20_000, **USUAL)
    assert (size.tam, size.sam, size.wanted) == pytest.approx((48e6, 24e6, 1.2e6))
    assert (size.som, size.capped_by) == (pytest.approx(1.2e6), "market")
    size = market_size(200_000, **USUAL)
    assert (size.som, size.capped_by) == (pytest.approx(4.8e6), "team")


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1))
def test_no_promise_is_above_the_team_or_the_market(firms, reach, share):
    size = market_size(firms, **{**USUAL, "reach": reach, "share": share})
    assert size.som <= size.capacity
    assert size.som <= size.sam <= size.tam


@pytest.mark.parametrize(
    ("change", "said"), [({"need": 12}, "a share goes from 0 to 1"), ({"sellers": -1}, "cannot be negative")]
)
def test_a_share_in_percent_and_a_negative_number_are_refused(change, said):
    with pytest.raises(PlaybookError, match=said):
        market_size(1000, **{**USUAL, **change})


def test_in_a_plain_product_equal_percentages_matter_equally_and_the_cap_makes_them_differ():
    ranges = {name: (0.8, 1.0, 1.2) for name in ("a", "b", "c")}
    assert tornado(lambda a, b, c: a * b * c, ranges)["swing"].round(12).nunique() == 1
    capped = tornado(lambda a, b, c: min(2 * a * b, c), ranges)
    assert capped["assumption"].tolist() == ["c", "a", "b"]
    assert capped["swing"].round(12).tolist() == [0.4, 0, 0]


def test_of_equal_swings_the_first_named_comes_first():
    ranges = {"later": (0.8, 1.0, 1.2), "earlier": (0.8, 1.0, 1.2)}
    assert tornado(lambda later, earlier: later * earlier, ranges)["assumption"].tolist() == [
        "later",
        "earlier",
    ]


def test_a_usual_value_outside_its_range_is_refused():
    with pytest.raises(PlaybookError, match="lies outside"):
        tornado(lambda a: a, {"a": (1, 3, 2)})


@pytest.mark.parametrize("name", ["firms", "value_cny", "sellers", "contracts"])
@pytest.mark.parametrize("value", [-1, math.inf, math.nan])
def test_a_number_that_no_market_has_is_named(name, value):
    with pytest.raises(PlaybookError, match=f"{name} is .*: it cannot be negative or endless"):
        market_size(**{"firms": 1000, **USUAL, name: value})
