"""Rivals: published ranges, the axioms of attraction, and what one more seller adds."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.entry import wilson_interval
from playbook.market.rivals import (
    attraction_share,
    installed_shares,
    keep_out,
    next_seller,
    reason_gap,
    rival_field,
    square_law_survivors,
)

amounts = st.floats(0.01, 1e4)


@pytest.mark.parametrize(
    ("won", "decided", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (7, 12, 0.3195, 0.8067),
    ],
)
def test_the_ranges_are_the_published_ones(won, decided, low, high):
    assert wilson_interval(won, decided) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.slow
@given(st.integers(1, 300), st.floats(0, 1))
def test_the_ranges_are_those_of_statsmodels(decided, part):
    from statsmodels.stats.proportion import proportion_confint

    won = round(part * decided)
    expected = proportion_confint(won, decided, method="wilson")
    assert wilson_interval(won, decided) == pytest.approx(expected, abs=1e-9)


def test_an_empty_cell_is_no_rival():
    firms = pd.DataFrame({"comp_installed": ["K2", None, "K1", "K2", None]})
    table = installed_shares(firms)
    assert table["rival"].tolist() == ["K2", "K1"]
    assert table["share"].tolist() == [0.4, 0.2]
    with pytest.raises(PlaybookError, match="no firms"):
        installed_shares(firms.head(0))


def test_sellers_name_the_price_more_often_than_buyers_of_the_same_deals():
    interviews = pd.DataFrame(
        {
            "status": ["lost"] * 4 + ["won", "lost"],
            "reason_seller": ["price", "price", "product", "price", "price", "price"],
            "reason_buyer": ["price", "service", "product", "timing", "price", None],
        }
    )
    assert reason_gap(interviews, "price") == 0.5
    with pytest.raises(PlaybookError, match="in no lost deal do both the seller and the buyer give a reason"):
        reason_gap(interviews[interviews["status"] == "won"], "price")


@given(amounts, st.integers(1, 6), amounts)
def test_equal_rivals_share_equally_and_the_unit_does_not_matter(amount, rivals, scale):
    share = attraction_share(amount, amount * rivals)
    assert share == pytest.approx(1 / (rivals + 1))
    assert attraction_share(amount * scale, amount * rivals * scale) == pytest.approx(share)


def test_an_empty_field_belongs_to_the_first_and_nobody_s_attraction_is_nothing():
    assert attraction_share(1, 0) == 1
    assert attraction_share(0, 0) == 0
    with pytest.raises(PlaybookError, match="cannot be negative"):
        attraction_share(-1, 2)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 900))
def test_the_next_seller_adds_what_the_wins_grow_by(own, rivals, need):
    field = pd.DataFrame({"district": ["d"], "need": [need], "own": [own], "rivals": [rivals]})
    now, more = next_seller(field, 0.2), next_seller(field.assign(own=own + 1), 0.2)
    assert now.loc[0, "wins"] + now.loc[0, "adds"] == pytest.approx(more.loc[0, "wins"])
    assert more.loc[0, "adds"] <= now.loc[0, "adds"] + 1e-9


def test_of_equal_gains_the_first_district_comes_first():
    field = pd.DataFrame({"district": ["b", "a", "c"], "need": [10, 10, 90], "own": 1, "rivals": 2})
    assert next_seller(field, 0.1)["district"].tolist() == ["c", "b", "a"]


def test_both_conditions_keep_us_out():
    districts = pd.DataFrame(
        {
            "district": ["thick and bad", "thick", "bad", "at the border", "nobody there"],
            "need": [100, 100, 100, 200, 0],
            "rivals": [6, 6, 1, 10, 0],
            "high": [0.1, 0.4, 0.1, 0.1, 0.1],
        }
    )
    assert keep_out(districts, 0.2) == ["thick and bad", "at the border"]


def test_ten_against_eight_leave_six():
    assert square_law_survivors(10, 8) == 6
    assert square_law_survivors(8, 10) == -6
    assert square_law_survivors(8, 10, skill=100 / 64) == pytest.approx(0)
    with pytest.raises(PlaybookError, match="strength"):
        square_law_survivors(-1, 2)


def test_the_field_counts_both_sides_and_a_district_without_deals_may_win_any_share():
    districts = pd.DataFrame({"district_adcode": ["1", "2"], "district": ["North", "South"]})
    need = pd.DataFrame({"district_adcode": ["1", "1", "1"]})
    sellers = pd.DataFrame(
        {
            "district_adcode": ["1", "1", "1", "2"],
            "seller_of": ["ours", "K1", "K2", "K1"],
            "sellers": [2, 3, 1, 4],
        }
    )
    interviews = pd.DataFrame({"district_adcode": ["1", "1", "1"], "status": ["won", "lost", "open"]})
    table = rival_field(need, sellers, interviews, districts).set_index("district")
    assert table[["need", "own", "rivals", "decided", "won"]].to_numpy().tolist() == [
        [3, 2, 4, 2, 1],
        [0, 0, 4, 0, 0],
    ]
    assert table.loc["North", "win_rate"] == 0.5
    assert table.loc["South", ["low", "high"]].tolist() == [0, 1]


@pytest.mark.parametrize("numbers", [(-1, 2), (1, -2), (1, 2, 0)])
def test_the_square_law_refuses_what_is_no_strength(numbers):
    with pytest.raises(PlaybookError, match="a strength cannot be negative, and skill is above 0"):
        square_law_survivors(*numbers)
