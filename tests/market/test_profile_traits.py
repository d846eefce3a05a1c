"""Traits of accounts, and accounts made ready for profiles."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.errors import PlaybookError
from playbook.market import (
    KNOWN_BEFORE,
    TRAITS,
    prepare_accounts,
    rate_by_traits_met,
    trait_flags,
    trait_table,
)

FLAGS = pd.DataFrame(
    {
        "exports": [True, True, True, False, False, False, False, False],
        "large": [True, False, True, False, True, False, True, False],
    }
)
NEEDS = pd.Series([True, True, False, False, False, False, True, False])


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua").accounts


def test_rates_with_and_without_a_trait_are_those_of_the_hand_count():
    table = trait_table(FLAGS, NEEDS)
    exports = table.loc["exports"]
    assert exports["accounts"] == 3
    assert exports["rate_with"] == pytest.approx(2 / 3)
    assert exports["rate_without"] == pytest.approx(1 / 5)
    assert exports["difference"] == pytest.approx(2 / 3 - 1 / 5)
    assert exports["lift"] == pytest.approx((2 / 3) / (3 / 8))
    assert table.index.tolist() == ["exports", "large"]


def test_need_is_counted_by_the_number_of_traits_met():
    table = rate_by_traits_met(FLAGS, NEEDS)
    assert table["accounts"].to_dict() == {0: 3, 1: 3, 2: 2}
    assert table["wins"].to_dict() == {0: 0, 1: 2, 2: 1}
    assert table.loc[2, "rate"] == 0.5


def test_a_number_of_traits_that_nobody_meets_has_no_rate():
    flags = pd.DataFrame({"a": [True, False], "b": [False, False]})
    table = rate_by_traits_met(flags, pd.Series([True, False]))
    assert table.loc[2, "accounts"] == 0
    assert np.isnan(table.loc[2, "rate"])


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_the_counts_by_traits_met_add_up_to_all(rows):
    frame = pd.DataFrame(rows, columns=["need", "a", "b"])
    assume(frame["need"].any())
    table = rate_by_traits_met(frame[["a", "b"]], frame["need"])
    assert table["accounts"].sum() == len(frame)
    assert table["wins"].sum() == frame["need"].sum()


def test_what_is_unknown_is_a_no(jinhua):
    unknown = jinhua[jinhua["employees"].isna()]
    assert not trait_flags(unknown)["20 staff or more"].any()


def test_every_trait_splits_the_accounts_of_a_city(jinhua):
    flags = trait_flags(jinhua)
    assert flags.columns.tolist() == list(TRAITS)
    assert flags.dtypes.eq(bool).all()
    assert flags.mean().between(0.01, 0.99).all()


def test_an_unknown_trait_is_named(jinhua):
    with pytest.raises(PlaybookError, match="friendly"):
        trait_flags(jinhua, ["friendly"])


@pytest.mark.parametrize("needs", [NEEDS[:3], NEEDS & False])
def test_traits_need_the_same_rows_and_somebody_in_need(needs):
    with pytest.raises(PlaybookError):
        trait_table(FLAGS, needs)


def test_a_firm_listed_twice_is_kept_once(jinhua):
    prepared = prepare_accounts(jinhua)
    assert len(jinhua) - len(prepared) == 76
    assert prepared.index.tolist() == list(range(len(prepared)))
    assert set(prepared["account_id"]) < set(jinhua["account_id"])


def test_size_competitor_and_industry_are_added(jinhua):
    prepared = prepare_accounts(jinhua)
    known = prepared["employees"].notna()
    assert prepared["log_employees"].notna().equals(known)
    assert np.allclose(
        10 ** prepared.loc[known, "log_employees"], prepared.loc[known, "employees"].astype(float)
    )
    assert set(prepared["industry"]) == {"manufacturing", "wholesale and retail", "other"}
    assert (prepared["industry"] == "manufacturing").equals(prepared["section"] == "C")
    assert prepared["competitor"].equals(prepared["comp_installed"].notna())
    assert set(KNOWN_BEFORE) <= set(prepared.columns)


def test_a_table_without_the_columns_is_refused():
    with pytest.raises(PlaybookError, match="founded"):
        prepare_accounts(pd.DataFrame({"employees": [1]}))
