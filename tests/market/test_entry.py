"""Win rates, their ranges, like-for-like comparison, and the score that ranks sections for entry."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.errors import PlaybookError
from playbook.market.entry import (
    entry_indicators,
    entry_industry_scores,
    like_for_like,
    score_parts,
    score_sensitivity,
    section_overview,
    wilson_interval,
    win_rates,
)

pytestmark = pytest.mark.slow


def deals(**groups: tuple[int, int]) -> pd.DataFrame:
    """Opportunities: ``C_A=(won, lost)`` is section C, grade A."""
    rows = []
    for name, (won, lost) in groups.items():
        section, grade = name.split("_")
        rows += [{"section": section, "grade": grade, "status": "won"}] * won
        rows += [{"section": section, "grade": grade, "status": "lost"}] * lost
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("won", "decided"), [(7, 12), (0, 30), (55, 400), (9, 9)])
def test_wilson_interval_agrees_with_scipy(won, decided):
    from scipy.stats import binomtest

    expected = binomtest(won, decided).proportion_ci(method="wilson")
    assert wilson_interval(won, decided) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_interval_at_the_ends():
    assert wilson_interval(0, 0) == (0, 1)
    assert wilson_interval(0, 10)[0] == 0
    assert wilson_interval(10, 10)[1] == 1
    # Of 0 in n the upper end is z²/(n + z²).
    assert wilson_interval(0, 10)[1] == pytest.approx(3.8415 / 13.8415, abs=1e-4)


def test_a_higher_confidence_widens_the_interval():
    narrow, wide = wilson_interval(7, 12, 0.8), wilson_interval(7, 12, 0.99)
    assert wide[0] < narrow[0] < 7 / 12 < narrow[1] < wide[1]


@pytest.mark.parametrize(("won", "decided"), [(3, 2), (-1, 5)])
def test_impossible_counts_are_refused(won, decided):
    with pytest.raises(PlaybookError, match="cannot be"):
        wilson_interval(won, decided)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_contains_the_rate_and_narrows_with_more_deals(won, lost):
    n = won + lost
    low, high = wilson_interval(won, n)
    assert 0 <= low <= won / n <= high <= 1
    tighter_low, tighter_high = wilson_interval(4 * won, 4 * n)
    assert tighter_high - tighter_low < high - low


def test_open_deals_are_not_lost():
    table = deals(C_A=(3, 1))
    table.loc[len(table)] = ["C", "A", "open"]
    rates = win_rates(table).set_index("section")
    assert rates.loc["C", ["decided", "won", "win_rate"]].to_list() == [4, 3, 0.75]


# The kidney-stone figures of Charig and others (1986), known from every account of the paradox.
STONES = {"open_small": (81, 6), "open_large": (192, 71), "pcnl_small": (234, 36), "pcnl_large": (55, 25)}


def test_like_for_like_turns_simpsons_paradox_around():
    table = like_for_like(deals(**STONES)).set_index("section")
    assert table.loc["open", "win_rate"] == pytest.approx(273 / 350)
    assert table.loc["pcnl", "win_rate"] == pytest.approx(289 / 350)
    small = (87 + 270) / 700
    assert table.loc["open", "like_for_like"] == pytest.approx(small * 81 / 87 + (1 - small) * 192 / 263)
    assert table.loc["open", "like_for_like"] > table.loc["pcnl", "like_for_like"]


def test_rows_that_share_a_label_count_each():
    deals = pd.DataFrame(
        {"section": ["C", "C", "F"], "grade": ["A", "A", "A"], "status": ["won", "lost", "won"]}
    )
    twice = pd.concat([deals, deals])
    assert win_rates(twice)["decided"].tolist() == [4, 2]
    assert win_rates(twice)["won"].tolist() == [2, 2]
    assert like_for_like(twice)["like_for_like"].tolist() == [0.5, 1.0]


def test_a_group_without_deals_in_a_stratum_has_no_like_for_like_rate():
    table = like_for_like(deals(C_A=(1, 1), C_B=(1, 1), F_A=(1, 1))).set_index("section")
    assert table["like_for_like"].isna().to_dict() == {"C": False, "F": True}


def test_indicators_leave_out_small_sections_and_those_with_few_deals():
    table = pd.DataFrame(
        {
            "section": ["C", "F", "J", "N"],
            "city_workers": [50.0, 30.0, 15.0, 0.5],
            "city_share": [0.5, 0.3, 0.15, 0.005],
            "lq": [2.0, 1.0, 0.5, 3.0],
        }
    )
    rates = pd.DataFrame(
        {"section": ["C", "F", "J", "N"], "decided": [60, 50, 49, 99], "like_for_like": [0.3, 0.2, 0.9, 0.9]}
    )
    indicators = entry_indicators(table, rates)
    assert list(indicators.index) == ["C", "F"]
    assert indicators.loc["C"].to_dict() == {"size": 50, "lq": 2, "win_rate": 0.3}


INDICATORS = pd.DataFrame(
    {"lq": [2.0, 1.0, 0.5], "workers": [100.0, 200.0, 50.0], "win_rate": [0.2, 0.1, 0.3]},
    index=pd.Index(["C", "F", "I"], name="section"),
)


def test_scores_by_hand():
    scores = entry_industry_scores(INDICATORS, {"lq": 2, "workers": 1, "win_rate": 1})
    # C: 1, 1/3, 1/2; F: 1/3, 1, 0; I: 0, 0, 1
    assert scores["score"].to_dict() == pytest.approx(
        {"C": 0.5 + 1 / 12 + 1 / 8, "F": 1 / 6 + 1 / 4, "I": 1 / 4}
    )
    assert scores["rank"].to_dict() == {"C": 1, "F": 2, "I": 3}
    assert scores["reasons"].to_dict() == {
        "C": "+lq -workers",
        "F": "-lq -win_rate +workers",
        "I": "-lq +win_rate -workers",
    }


def test_the_parts_of_a_score_add_up_to_it():
    weights = {"lq": 2, "workers": 1, "win_rate": 1}
    parts = score_parts(INDICATORS, weights)
    scores = entry_industry_scores(INDICATORS, weights)["score"]
    assert parts.sum(axis=1).to_dict() == pytest.approx(scores.to_dict())
    assert list(parts.index) == list(scores.index)


def test_an_overview_has_every_section_but_agriculture_and_rates_where_there_are_deals():
    case = load_case("jinhua")
    table = section_overview(case.workers, case.sections, case.accounts, case.opportunities)
    assert len(table) == 18
    assert table.set_index("section").loc["C", "name"] == "Manufacturing"
    assert table["decided"].sum() == case.opportunities["status"].isin(["won", "lost"]).sum()
    assert set(table.loc[table["decided"].isna(), "section"]) >= {"P", "Q", "S"}


def test_a_criterion_on_which_all_are_equal_decides_nothing():
    equal = INDICATORS.assign(lq=1.0)
    scores = entry_industry_scores(equal, {"lq": 5, "workers": 1})
    assert scores["rank"].to_dict() == {"F": 1, "C": 2, "I": 3}


@pytest.mark.slow
@given(st.permutations(list(INDICATORS.columns)), st.permutations(list(INDICATORS.index)))
def test_neither_the_order_of_columns_nor_of_rows_matters(columns, rows):
    weights = {"lq": 0.5, "workers": 0.3, "win_rate": 0.2}
    shuffled = entry_industry_scores(
        INDICATORS.loc[rows, columns], {column: weights[column] for column in columns}
    )
    pd.testing.assert_frame_equal(shuffled, entry_industry_scores(INDICATORS, weights))


@pytest.mark.slow
@given(st.lists(st.floats(0.01, 10), min_size=3, max_size=3), st.floats(0.1, 100))
def test_scores_lie_between_zero_and_one_and_do_not_depend_on_the_weights_sum(weights, factor):
    weighted = dict(zip(INDICATORS.columns, weights, strict=True))
    scores = entry_industry_scores(INDICATORS, weighted)["score"]
    assert scores.between(-1e-12, 1 + 1e-12).all()
    scaled = entry_industry_scores(INDICATORS, {name: weight * factor for name, weight in weighted.items()})
    assert scaled["score"].to_dict() == pytest.approx(scores.to_dict())


def test_a_section_best_in_everything_is_first_under_all_weights():
    dominant = INDICATORS.copy()
    dominant.loc["C"] = [3.0, 300.0, 0.9]
    table = score_sensitivity(dominant, {"lq": 1, "workers": 1, "win_rate": 1}, draws=200)
    assert table.loc["C", ["first", "best", "worst"]].to_list() == [1, 1, 1]


def test_first_rank_acceptability_of_two_criteria_is_the_crossing_weight():
    # C wins on lq, F on workers; their scores are equal at a weight of one half on each.
    two = pd.DataFrame({"lq": [1.0, 0.0], "workers": [0.0, 1.0]}, index=["C", "F"])
    table = score_sensitivity(two, {"lq": 1, "workers": 1}, draws=20_000)
    assert table.loc["C", "first"] == pytest.approx(0.5, abs=0.02)
    assert table["first"].sum() == pytest.approx(1)


def test_the_same_seed_gives_the_same_shares_whatever_the_order_of_columns():
    weights = {"lq": 1, "workers": 1, "win_rate": 1}
    table = score_sensitivity(INDICATORS, weights)
    turned = score_sensitivity(INDICATORS[["win_rate", "lq", "workers"]], dict(reversed(weights.items())))
    pd.testing.assert_frame_equal(table, turned)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"size": 1}, "no criterion 'size'"),
        ({"lq": -1, "workers": 2}, "zero or more"),
        ({"lq": 0}, "not all zero"),
    ],
)
def test_weights_that_cannot_be_are_refused(weights, message):
    with pytest.raises(PlaybookError, match=message):
        entry_industry_scores(INDICATORS, weights)


def test_a_missing_indicator_is_named_by_row_and_column():
    holed = INDICATORS.copy()
    holed.loc["F", "win_rate"] = None
    with pytest.raises(PlaybookError) as caught:
        score_sensitivity(holed, {"lq": 1, "win_rate": 1})
    assert "row F, column win_rate" in str(caught.value)


def test_a_criterion_that_is_the_same_for_all_is_no_reason():
    same = pd.DataFrame({"a": [1.0, 1.0], "b": [0.0, 1.0]}, index=["C", "F"])
    reasons = entry_industry_scores(same, {"a": 1, "b": 1})["reasons"]
    assert reasons.to_dict() == {"F": "+b", "C": "-b"}


def test_of_two_that_are_equal_both_come_first():
    same = pd.DataFrame({"a": [1.0, 1.0, 0.0], "b": [1.0, 1.0, 0.0]}, index=["C", "F", "G"])
    found = score_sensitivity(same, {"a": 1, "b": 2}, draws=50)
    assert found["first"].to_dict() == {"C": 1.0, "F": 1.0, "G": 0.0}
    assert found.loc["F", "best"] == 1


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_an_indicator_that_is_no_number_is_refused(value):
    with pytest.raises(PlaybookError, match="missing or infinite"):
        entry_industry_scores(pd.DataFrame({"a": [1, value]}), {"a": 1})
    with pytest.raises(PlaybookError, match="weights"):
        entry_industry_scores(pd.DataFrame({"a": [1.0, 2.0]}), {"a": value})
