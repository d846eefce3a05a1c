"""Benchmark customers: hand-computed values, what must always hold, and errors that help."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.reference import (
    BANDS,
    WEIGHTS,
    EntryProfile,
    business_reference_value,
    congruency,
    entry_profile,
    lifetime_value,
    similarity,
    similarity_coverage,
    size_band,
)

REFERENCES = pd.DataFrame(
    {
        "referrer_id": ["A1", "A1", "A2", "A1", "A3"],
        "converted": [True, True, True, False, False],
        "influence": [0.5, 0.2, 0.9, 0.8, 0.4],
        "clv_cny": [100_000.0, 50_000.0, 40_000.0, 900_000.0, np.nan],
        "years_to_convert": [1.0, 2.0, 0.0, 0.5, np.nan],
    }
)

ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["A1", "A2", "A3", "A4"],
        "section": ["C", "C", "C", "F"],
        "division": ["C33", "C33", "C34", "F51"],
        "size_band": ["1-9", "10-49", "1-9", "200+"],
        "district": ["Yongkang", "Yongkang", "Wuyi", "Yiwu"],
    }
)


def test_reference_value_by_hand():
    table = business_reference_value(REFERENCES, rate=0.10)
    # A1: 0.5 * 100,000 / 1.1 + 0.2 * 50,000 / 1.21; the prospect that stayed away adds nothing.
    assert table["referrer_id"].tolist() == ["A1", "A2", "A3"]
    assert table["brv_cny"].tolist() == pytest.approx([45_454.545 + 8_264.463, 36_000, 0])
    assert table["given"].tolist() == [3, 1, 1]
    assert table["converted"].tolist() == [2, 1, 0]


def test_reference_value_without_discount_is_the_attributed_value():
    table = business_reference_value(REFERENCES, rate=0.0)
    assert table["brv_cny"].tolist() == pytest.approx([60_000, 36_000, 0])


@pytest.mark.slow
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_rate_never_raises_reference_value(low, high):
    low, high = sorted((low, high))
    dear = business_reference_value(REFERENCES, rate=low).set_index("referrer_id")["brv_cny"]
    cheap = business_reference_value(REFERENCES, rate=high).set_index("referrer_id")["brv_cny"]
    assert (cheap <= dear.reindex(cheap.index) + 1e-9).all()


def test_reference_value_does_not_depend_on_the_order_of_rows():
    shuffled = REFERENCES.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(business_reference_value(shuffled), business_reference_value(REFERENCES))


def test_references_that_cannot_be_valued_are_named():
    with pytest.raises(PlaybookError, match="column influence is missing"):
        business_reference_value(REFERENCES.drop(columns="influence"))
    with pytest.raises(PlaybookError, match="row 0: influence is 50"):
        business_reference_value(REFERENCES.assign(influence=[50, 0.2, 0.9, 0.8, 0.4]))
    with pytest.raises(PlaybookError, match="row 1: clv_cny is missing in 1 converted"):
        business_reference_value(REFERENCES.assign(clv_cny=[1.0, np.nan, 1.0, 1.0, 1.0]))
    with pytest.raises(PlaybookError, match="write 10 % as"):
        business_reference_value(REFERENCES, rate=-1)


def test_lifetime_value_is_contract_times_margin_times_years():
    value = lifetime_value(pd.Series([10_000.0, 24_000.0], index=["A1", "A2"]), years=4, margin=0.7)
    assert value.to_dict() == pytest.approx({"A1": 28_000, "A2": 67_200})
    with pytest.raises(PlaybookError, match="cannot be"):
        lifetime_value(pd.Series([1.0]), years=-1)


def test_size_bands_start_where_they_say():
    employees = pd.Series([1, 9, 10, 49, 50, 199, 200, 5000, pd.NA], dtype="Int64")
    bands = size_band(employees)
    assert bands.tolist()[:-1] == [band for band in BANDS for _ in range(2)]
    assert bands.isna().tolist() == [False] * 8 + [True]


def test_similarity_by_hand():
    scores = similarity(ACCOUNTS, ACCOUNTS)
    assert scores.loc["A1", "A1"] == 1
    assert scores.loc["A1", "A2"] == pytest.approx(0.5 + 0.3 * 2 / 3 + 0.2)  # one band apart
    assert scores.loc["A1", "A3"] == pytest.approx(0.4 * 0.5 + 0.3)  # another division, another place
    assert scores.loc["A1", "A4"] == 0  # nothing in common
    assert scores.loc["A2", "A4"] == pytest.approx(0.3 / 3)


accounts = st.lists(
    st.tuples(
        st.sampled_from(["C33", "C34", "F51"]), st.sampled_from(BANDS), st.sampled_from(["Yiwu", "Wuyi"])
    ),
    min_size=1,
    max_size=8,
).map(
    lambda rows: pd.DataFrame(rows, columns=["division", "size_band", "district"]).assign(
        account_id=[f"A{n}" for n in range(len(rows))], section=[row[0][0] for row in rows]
    )
)


@pytest.mark.slow
@given(accounts)
def test_similarity_is_symmetric_between_zero_and_one_and_full_with_oneself(table):
    scores = similarity(table, table)
    assert scores.to_numpy().min() >= 0
    assert scores.to_numpy().max() <= 1
    assert np.array_equal(scores, scores.T)
    assert (np.diag(scores) == 1).all()


@given(accounts, st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_covers_more(table, low, high):
    low, high = sorted((low, high))
    scores = similarity(table, table)
    assert (similarity_coverage(scores, high) <= similarity_coverage(scores, low)).all().all()


def test_a_similarity_equal_to_the_threshold_counts():
    scores = similarity(ACCOUNTS, ACCOUNTS)
    assert similarity_coverage(scores, 0.9).loc["A1", "A2"]


def test_similarity_says_what_it_cannot_compare():
    with pytest.raises(PlaybookError, match=r"account A1: size band 'large' is not known"):
        similarity(ACCOUNTS.assign(size_band="large"), ACCOUNTS)
    with pytest.raises(PlaybookError, match="column district is missing"):
        similarity(ACCOUNTS, ACCOUNTS.drop(columns="district"))
    with pytest.raises(PlaybookError, match="together 1"):
        similarity(ACCOUNTS, ACCOUNTS, weights=WEIGHTS | {"place": 0.5})
    with pytest.raises(PlaybookError, match="between 0 and 1"):
        similarity_coverage(similarity(ACCOUNTS, ACCOUNTS), 75)


def test_the_entry_profile_lists_where_most_value_lies():
    prospects = ACCOUNTS.assign(value_cny=[10.0, 20.0, 25.0, 40.0])
    profile = entry_profile(prospects, divisions=2, bands=1, districts=2)
    assert profile == EntryProfile(("F51", "C33"), ("200+",), ("Yiwu", "Yongkang"))


def test_congruent_is_the_trade_and_the_size_or_the_place():
    profile = EntryProfile(("C33", "C34"), ("1-9",), ("Yongkang",))
    # trade, size and place; trade and place; trade and size; not the trade.
    assert congruency(ACCOUNTS, profile).tolist() == [True, True, True, False]
    elsewhere = ACCOUNTS.assign(district="Pan'an", size_band="200+")
    assert not congruency(elsewhere, profile).any()


def test_converted_as_text_is_read_as_it_is_meant():
    given = {"referrer_id": ["a", "a"], "influence": [0.5, 0.5], "clv_cny": [100.0, 100.0]}
    table = pd.DataFrame({**given, "years_to_convert": [0.0, 0.0], "converted": ["false", "true"]})
    found = business_reference_value(table).iloc[0]
    assert (found["given"], found["converted"], found["brv_cny"]) == (2, 1, 50.0)
    with pytest.raises(PlaybookError, match="neither yes nor no"):
        business_reference_value(table.assign(converted=["perhaps", "true"]))


@pytest.mark.parametrize("unknown", [None, float("nan"), pd.NA])
def test_what_is_unknown_is_like_nothing(unknown):
    one = pd.DataFrame(
        {
            "account_id": ["x"],
            "section": ["C"],
            "division": ["C33"],
            "size_band": ["1-9"],
            "district": [unknown],
        }
    )
    other = one.assign(account_id="y", section="F", division="F51")
    assert similarity(one, other).iloc[0, 0] == pytest.approx(0.3)
    assert similarity(one, one.assign(division=unknown, section=unknown)).iloc[0, 0] == pytest.approx(0.3)
