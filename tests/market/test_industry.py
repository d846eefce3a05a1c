"""The structure of a city's industry: published figures, values by hand, and what must always hold."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.errors import PlaybookError
from playbook.market.industry import (
    customers_at,
    herfindahl,
    industry_table,
    krugman_index,
    location_quotient,
    shares,
    shift_share,
    specialised_sections,
)

NATION = "000000"


def workers_of(adcode: str) -> pd.Series:
    """One city's workers by section (thousand)."""
    long = load_case("jinhua").city_workers
    return long[long["adcode"] == adcode].set_index("section")["workers_thousand"]


@pytest.fixture(scope="module")
def jinhua() -> pd.DataFrame:
    return load_case("jinhua").workers


def test_manufacturing_in_jinhua_is_more_than_twice_the_national_share(jinhua):
    table = industry_table(jinhua).set_index("section")
    assert table.loc["C", "lq"] == pytest.approx(2.267, abs=0.002)


def test_leaving_agriculture_out_of_the_base_lowers_the_quotient(jinhua):
    table = industry_table(jinhua, leave_out=["A"]).set_index("section")
    assert table.loc["C", "lq"] == pytest.approx(1.902, abs=0.002)
    assert "A" not in table.index


def test_information_technology_in_hangzhou():
    quotient = location_quotient(workers_of("330100"), workers_of(NATION))
    assert quotient["I"] == pytest.approx(3.471, abs=0.003)


@pytest.mark.parametrize(
    ("district", "section", "published"), [("Yongkang", "C", 3.256), ("Yiwu", "F", 2.118)]
)
def test_districts_are_more_specialised_than_their_city(district, section, published):
    long = load_case("jinhua").table("district_workers")
    own = long[long["district"] == district].set_index("section")["workers_thousand"]
    assert location_quotient(own, workers_of(NATION))[section] == pytest.approx(published, abs=0.003)


@pytest.mark.parametrize(("adcode", "published"), [("330100", 0.1118), ("330700", 0.2206)])
def test_herfindahl_over_nineteen_sections(adcode, published):
    assert herfindahl(workers_of(adcode)) == pytest.approx(published, abs=0.0001)


def test_quotients_of_a_city_of_two_sections_by_hand():
    city = pd.Series({"C": 60.0, "F": 40.0})
    nation = pd.Series({"C": 300.0, "F": 700.0})
    # 0.6 over 0.3, and 0.4 over 0.7
    assert location_quotient(city, nation).to_dict() == pytest.approx({"C": 2.0, "F": 0.4 / 0.7})


def test_a_section_that_the_nation_lacks_has_no_quotient():
    quotient = location_quotient(pd.Series({"C": 1.0, "B": 1.0}), pd.Series({"C": 1.0, "B": 0.0}))
    assert quotient.isna().to_dict() == {"C": False, "B": True}


def test_quotients_match_by_section_whatever_the_order():
    city = pd.Series({"C": 60.0, "F": 40.0})
    nation = pd.Series({"F": 700.0, "C": 300.0})
    assert location_quotient(city, nation)["C"] == pytest.approx(2.0)


def test_specialised_sections_leave_the_tiny_ones_out():
    table = pd.DataFrame(
        {"section": ["C", "B", "F"], "lq": [1.5, 9.0, 1.25], "city_share": [0.5, 0.009, 0.491]},
    )
    assert list(specialised_sections(table)["section"]) == ["C", "F"]
    assert list(specialised_sections(table, least_share=0)["section"]) == ["B", "C", "F"]
    assert list(specialised_sections(table, threshold=1.3)["section"]) == ["C"]


def test_industry_table_keeps_names_and_puts_the_largest_first(jinhua):
    table = industry_table(jinhua, leave_out=["A"])
    assert table["section"].iloc[0] == "C"
    assert set(jinhua.columns) <= set(table.columns)


def test_a_repeated_section_is_named(jinhua):
    with pytest.raises(PlaybookError, match="section C appears more than once"):
        industry_table(pd.concat([jinhua, jinhua[jinhua["section"] == "C"]]))


def test_herfindahl_by_hand():
    assert herfindahl(pd.Series([50, 30, 20])) == pytest.approx(0.25 + 0.09 + 0.04)


def test_krugman_index_by_hand():
    one, other = pd.Series({"C": 60, "F": 40}), pd.Series({"C": 30, "F": 70})
    assert krugman_index(one, other) == pytest.approx(0.6)
    assert krugman_index(one, one) == 0
    assert krugman_index(pd.Series({"C": 5, "F": 0}), pd.Series({"C": 0, "F": 5})) == pytest.approx(2)


def test_customers_are_counted_at_the_end_of_the_day():
    customers = pd.DataFrame(
        {
            "section": ["C", "C", "C", "F"],
            "start": ["2022-12-31", "2023-01-01", "2021-05-01", "2021-05-01"],
            "churn_date": [None, None, "2022-12-31", "2023-06-30"],
        }
    )
    assert customers_at(customers, "2022-12-31").to_dict() == {"C": 1, "F": 1}
    assert customers_at(customers, "2023-12-31").to_dict() == {"C": 2, "F": 0}


def test_shift_share_by_hand():
    before, after = pd.Series({"C": 100, "F": 50}), pd.Series({"C": 130, "F": 50})
    all_before, all_after = pd.Series({"C": 400, "F": 600}), pd.Series({"C": 480, "F": 620})
    # All markets grew 10 %, C 20 %, F 3.333 %.
    table = shift_share(before, after, all_before, all_after)
    assert table.loc["C"].to_dict() == pytest.approx(
        {"reference_growth": 10, "mix": 10, "local": 10, "change": 30}
    )
    assert table.loc["F", "mix"] == pytest.approx(50 * (20 / 600 - 0.1))


def test_what_the_reference_did_not_have_before_is_local():
    table = shift_share(
        pd.Series({"C": 10, "M": 0}),
        pd.Series({"C": 10, "M": 4}),
        pd.Series({"C": 100, "M": 0}),
        pd.Series({"C": 100, "M": 9}),
    )
    assert table.loc["M"].to_dict() == {"reference_growth": 0, "mix": 0, "local": 4, "change": 4}


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (pd.Series({"C": 1.0, "F": -2.0}), "row F: -2.0 is not a count"),
        (pd.Series({"C": 1.0, "F": None}), "row F: nan is not a count"),
        (pd.Series({"C": 0, "F": 0}), "all counts are zero"),
    ],
)
def test_what_is_not_a_count_is_refused_by_row(counts, message):
    with pytest.raises(PlaybookError) as caught:
        shares(counts)
    assert message in str(caught.value)


def test_different_sections_are_refused_by_name():
    with pytest.raises(PlaybookError) as caught:
        location_quotient(pd.Series({"C": 1, "F": 1}), pd.Series({"A": 1, "C": 1, "F": 1}))
    assert "row A" in str(caught.value)


count = st.floats(0.1, 1e6, allow_nan=False)


@st.composite
def several(draw, series: int, kind=count):
    """As many series of counts as asked for, over the same sections."""
    sections = list("ABCDEFGHIJKLMNOPQRS")[: draw(st.integers(2, 19))]
    return [pd.Series([draw(kind) for _ in sections], index=sections, dtype=float) for _ in range(series)]


@given(several(2))
def test_the_quotients_weighted_with_national_shares_average_one(pair):
    city, nation = pair
    assert (location_quotient(city, nation) * shares(nation)).sum() == pytest.approx(1)


@given(several(2), st.floats(0.01, 100))
def test_quotients_do_not_depend_on_the_unit(pair, unit):
    city, nation = pair
    expected = location_quotient(city, nation)
    assert location_quotient(city * unit, nation).to_list() == pytest.approx(expected.to_list())


@given(several(1, st.floats(0, 1e6).filter(lambda count: count == 0 or count > 1e-3)))
def test_herfindahl_lies_between_even_and_one(single):
    (counts,) = single
    if counts.sum() > 0:
        assert 1 / len(counts) - 1e-12 <= herfindahl(counts) <= 1 + 1e-12


@given(several(2))
def test_krugman_index_is_symmetric_and_at_most_two(pair):
    one, other = pair
    assert 0 <= krugman_index(one, other) <= 2 + 1e-12
    assert krugman_index(one, other) == pytest.approx(krugman_index(other, one))


@given(several(4))
def test_the_three_components_add_up_to_the_change(four):
    before, after, reference_before, reference_after = four
    table = shift_share(before, after, reference_before, reference_after)
    total = table["reference_growth"] + table["mix"] + table["local"]
    scale = max(before.max(), after.max(), (before * reference_after / reference_before).max())
    assert (total - (after - before)).abs().max() <= 1e-9 * scale * 10


@given(several(2))
def test_the_mix_of_the_reference_itself_cancels_out(pair):
    before, after = pair
    table = shift_share(before, after, before, after)
    assert table["local"].abs().max() == pytest.approx(0, abs=1e-6 * max(before.max(), after.max()))
    assert table["mix"].sum() == pytest.approx(0, abs=1e-6 * max(before.max(), after.max()))


def test_a_change_where_the_reference_had_nothing_is_local_as_a_whole():
    before, after = pd.Series({"C": 2.0, "F": 3.0}), pd.Series({"C": 4.0, "F": 3.0})
    table = shift_share(before, after, pd.Series({"C": 0.0, "F": 5.0}), pd.Series({"C": 3.0, "F": 6.0}))
    assert table.loc["C"].to_dict() == {"reference_growth": 0, "mix": 0, "local": 2, "change": 2}
    parts = table[["reference_growth", "mix", "local"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(table["change"].tolist())
