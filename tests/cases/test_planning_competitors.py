"""What was planted about rivals can be dug out again, and no shortcut finds it."""

import sys
from collections import Counter

import pandas as pd
import pytest

from playbook.casemaking import Ground, shipped_seed
from playbook.casemaking.planning.competitors import INTERVIEWS, TRUE_REASONS, competitors
from playbook.casemaking.public import published
from playbook.cases import list_cases
from playbook.cases.columns import RIVALS
from playbook.chapters.competitors.field import reasons_named
from playbook.errors import PlaybookError
from playbook.market import (
    keep_out,
    next_seller,
    one_row_per_firm,
    rival_field,
    win_rates,
)

pytestmark = pytest.mark.slow

CASES = {case.name: case for case in list_cases()}
TRAINEES = [name for name in CASES if name != "jinhua"]


def ground_of(case, seed=None, unseen=False):
    tables = {"accounts": case.accounts}
    return Ground(
        shipped_seed(case.adcode) if seed is None else seed, case.adcode, unseen, published(), tables
    )


def rates_of(case):
    decided = case.win_loss[case.win_loss["status"] != "open"]
    overall = (decided["status"] == "won").mean()
    rates = win_rates(case.win_loss, "rival")
    return rates[rates["rival"] != "none"], overall


def districts_of(case):
    firms = one_row_per_firm(case.accounts)
    return rival_field(firms[firms["need"]], case.rivals, case.win_loss, case.city_districts)


def kept_out(case):
    return keep_out(districts_of(case), rates_of(case)[1])


@pytest.fixture(params=CASES, scope="module")
def case(request):
    return CASES[request.param]


def test_the_rival_that_was_dealt_is_the_one_against_whom_we_surely_win_less(case):
    rates, overall = rates_of(case)
    assert rates.loc[rates["high"] < overall, "rival"].tolist() == [
        ground_of(case).deal("hard rival", RIVALS)
    ]


def test_the_lowest_rate_stands_on_few_deals_and_the_most_met_rival_is_another(case):
    rates, overall = rates_of(case)
    hard = rates[rates["high"] < overall].iloc[0]
    lowest = rates.loc[rates["win_rate"].idxmin()]
    assert 8 <= lowest["decided"] <= 12
    assert lowest["high"] > overall
    assert hard["decided"] >= 60
    most = rates.loc[rates["decided"].idxmax()]
    assert most["rival"] != hard["rival"]
    assert most["win_rate"] < overall < most["high"]


def test_sellers_blame_the_price_and_buyers_name_what_was_dealt(case):
    both = case.win_loss[case.win_loss["status"] == "lost"].dropna(subset=["reason_buyer"])
    assert 0.35 <= (both["reason_seller"] == "price").mean() <= 0.45
    assert 0.15 <= (both["reason_buyer"] == "price").mean() <= 0.25
    price = reasons_named(case.win_loss).loc["price"]
    assert price["seller"] - price["buyer"] > 0.1
    assert both["reason_buyer"].value_counts().index[0] == ground_of(case).deal("true reason", TRUE_REASONS)


def test_one_to_three_districts_are_to_be_kept_out_of_and_neither_condition_alone_says_which(case):
    out = set(kept_out(case))
    table = districts_of(case).set_index("district")
    overall = rates_of(case)[1]
    thick = set(table.index[100 * table["rivals"] >= 5 * table["need"]])
    cold = set(table.index[table["high"] < overall])
    assert 1 <= len(out) <= 3
    assert out == thick & cold
    assert out < thick
    assert out < cold
    assert thick & set(table.index[table["win_rate"] < overall]) != out


def test_the_next_sellers_go_neither_by_need_nor_by_fewest_rivals_nor_to_where_we_keep_out(case):
    table = districts_of(case)
    gains = next_seller(table, 0.3)
    right = gains["district"].tolist()[:3]
    assert (gains["adds"].iloc[:3].to_numpy() - gains["adds"].iloc[1:4].to_numpy()).min() > 0.04 * gains[
        "adds"
    ].max()
    by_need = table.sort_values("need", ascending=False)["district"].tolist()[:3]
    by_rivals = table.sort_values(["rivals", "need"], ascending=[True, False])["district"].tolist()[:3]
    by_wins = gains.sort_values("wins", ascending=False)["district"].tolist()[:3]
    assert set(right) not in (set(by_need), set(by_rivals))
    assert right != by_wins
    assert not set(right) & set(kept_out(case))


def test_no_rival_is_the_hard_one_in_more_than_five_cities():
    hard = Counter(ground_of(CASES[name]).deal("hard rival", RIVALS) for name in TRAINEES)
    assert max(hard.values()) <= 5
    assert len(hard) == len(RIVALS)


def test_the_same_seed_gives_the_same_tables():
    case = CASES["zibo"]
    first, second = competitors(ground_of(case)), competitors(ground_of(case))
    for name in ("win_loss", "rivals"):
        pd.testing.assert_frame_equal(first[name], second[name])
    assert len(first["win_loss"]) == INTERVIEWS


@pytest.mark.parametrize("name", TRAINEES)
def test_an_unseen_case_has_another_hard_rival(name):
    case = CASES[name]
    table = competitors(ground_of(case, seed=b"unseen", unseen=True))["win_loss"]
    rates = win_rates(table[table["rival"] != "none"], "rival")
    overall = (table.loc[table["status"] != "open", "status"] == "won").mean()
    [found] = rates.loc[rates["high"] < overall, "rival"].tolist()
    assert found != ground_of(case).deal("hard rival", RIVALS)


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("_no_shortcut_to_the_next_seller", "no draw of sellers keeps the shortcuts of chapter 6 away"),
        ("_rates_are_clear", "no draw of interviews keeps the shortcuts of chapter 6 away"),
        ("_excuse_is_clear", "no draw of reasons is clear"),
    ],
)
def test_a_city_that_cannot_be_drawn_is_named(monkeypatch, check, message):
    maker = sys.modules[competitors.__module__]  # the room's function of the same name hides the file
    monkeypatch.setattr(maker, "_MOST_DRAWS", 3)
    checks = ("_no_shortcut_to_the_next_seller", "_rates_are_clear", "_excuse_is_clear")
    for name in checks:
        monkeypatch.setattr(maker, name, lambda *_, passes=name != check, **_options: passes)
    with pytest.raises(PlaybookError, match=message) as stopped:
        competitors(ground_of(CASES["zibo"], seed=b"none"))
    assert CASES["zibo"].adcode in str(stopped.value)


@pytest.mark.parametrize(
    "case", [case for case in list_cases() if case.role != "worked"], ids=lambda case: case.name
)
def test_all_interviews_together_do_not_give_the_points_of_the_excuse(case):
    interviews = case.win_loss
    said = interviews[interviews["status"] == "lost"].dropna(subset=["reason_seller", "reason_buyer"])
    right, together = (
        (rows["reason_seller"] == "price").mean() - (rows["reason_buyer"] == "price").mean()
        for rows in (said, interviews)
    )
    assert abs(right - together) > 0.002
