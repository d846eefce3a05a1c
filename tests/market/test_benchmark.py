"""A city's choice of benchmark customers: put together from records, with a planted city where it matters."""

import numpy as np
import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.errors import PlaybookError
from playbook.market.benchmark import (
    benchmark_problem,
    candidate_accounts,
    largest_accounts,
    prospect_accounts,
    winning_days,
)
from playbook.market.selection import best_selection, coverage_value, greedy_selection, own_coverage

HOME = pd.DataFrame(
    {"employees": [5, 7, 20, 100, 500], "acv_cny": [6_000.0, 8_000.0, 14_000.0, 30_000, 50_000]}
)


def account(number, employees, division, district, **fields):
    return {
        "account_id": f"A{number:05d}", "name": f"Firm {number}", "district": district, "district_adcode": district, "section": division[0],
        "division": division, "employees": employees, "founded": 2000, "revenue_10k": 100.0 + number,
        "it_maturity": 2, "comp_installed": None, "decision_maker_known": False, "need": True,
    } | fields  # fmt: skip


def planted_city():
    """Six trades of small firms with one well-known small firm in each, and six big names apart from them.

    Each big one covers itself and five like it; each small one its whole trade.
    """
    rows, number = [], 0
    ready = {"it_maturity": 4, "decision_maker_known": True}
    for trade in range(6):
        for _ in range(10 + trade):
            number += 1
            rows.append(account(number, 20, f"C{20 + trade}", f"North {trade}"))
        number += 1
        rows.append(account(number, 20, f"C{20 + trade}", f"North {trade}", **ready))
    for big in range(6):
        number += 1
        rows.append(account(number, 400, f"F{60 + big}", f"South {big}", **ready))
        for _ in range(5):
            number += 1
            rows.append(account(number, 400, f"F{60 + big}", f"South {big}"))
    frame = pd.DataFrame(rows)
    return frame.astype({"employees": "Int64", "comp_installed": "str"})


@pytest.fixture(scope="module")
def jinhua():
    case = load_case("jinhua")
    return benchmark_problem(case.accounts, case.customers_home)


def test_the_six_largest_cover_about_half_of_what_greedy_covers():
    problem = benchmark_problem(planted_city(), HOME.assign(acv_cny=10_000.0))
    largest = coverage_value(problem.covered, problem.value, largest_accounts(problem.candidates, 6))
    greedy = greedy_selection(problem.covered, problem.value, k=6).covered_value
    # Six trades of 11 to 16 firms against six groups of 6: no trade covers another.
    assert greedy == pytest.approx(10_000 * sum(range(11, 17)))
    assert largest == pytest.approx(10_000 * 36)


def test_in_jinhua_the_six_largest_fall_far_short_of_greedy(jinhua):
    covered, value = jinhua.covered, jinhua.value
    largest = coverage_value(covered, value, largest_accounts(jinhua.candidates, 6))
    by_own = own_coverage(covered, value).nlargest(6).index
    greedy = greedy_selection(covered, value, k=6).covered_value
    assert largest < 0.75 * greedy
    assert coverage_value(covered, value, by_own) < 0.7 * greedy


def test_in_jinhua_every_rule_binds(jinhua):
    rules = jinhua.limits()
    best = best_selection(jinhua.covered, jinhua.value, **rules).covered_value
    for left_out in (("eligible",), ("budget", "cost")):
        freer = {name: rule for name, rule in rules.items() if name not in left_out} | {"k": 12}
        assert best_selection(jinhua.covered, jinhua.value, **freer).covered_value > best


def test_a_prospect_is_worth_the_mean_contract_of_its_size_at_home():
    prospects = prospect_accounts(
        pd.DataFrame([account(1, 3, "C33", "Yiwu"), account(2, 60, "C33", "Yiwu")]).astype(
            {"employees": "Int64", "comp_installed": "str"}
        ),
        HOME,
    )
    assert prospects["value_cny"].tolist() == [7_000, 30_000]
    assert prospects["size_band"].tolist() == ["1-9", "50-199"]


def test_prospects_need_the_product_are_known_in_size_and_stand_there_once():
    frame = pd.DataFrame(
        [
            account(1, 3, "C33", "Yiwu"),
            account(2, 3, "C33", "Yiwu", need=False),
            account(3, None, "C33", "Yiwu"),
            account(4, 3, "C33", "Yiwu", name="Firm 1, misspelt", revenue_10k=101.0),
        ]
    ).astype({"employees": "Int64", "comp_installed": "str"})
    assert prospect_accounts(frame, HOME)["account_id"].tolist() == ["A00001"]


def test_candidates_are_ready_to_be_shown_and_the_larger_stay():
    prospects = prospect_accounts(planted_city(), HOME)
    assert len(candidate_accounts(prospects)) == 12
    assert candidate_accounts(prospects, most=6)["employees"].tolist() == [400] * 6


def test_a_competitor_makes_winning_dearer():
    accounts = pd.DataFrame({"size_band": ["1-9", "1-9", "200+"], "comp_installed": [np.nan, "K2", np.nan]})
    assert winning_days(accounts).tolist() == [3.0, 4.5, 16.0]


def test_largest_are_by_employees_and_then_by_id():
    table = pd.DataFrame({"account_id": ["A3", "A1", "A2"], "employees": [9, 5, 9]})
    assert largest_accounts(table, 2) == ["A2", "A3"]


def test_the_problem_of_a_city_hangs_together(jinhua):
    assert list(jinhua.covered.index) == jinhua.candidates["account_id"].tolist()
    assert list(jinhua.covered.columns) == jinhua.prospects["account_id"].tolist()
    assert set(jinhua.candidates["account_id"]) <= set(jinhua.prospects["account_id"])
    assert all(jinhua.covered.loc[one, one] for one in jinhua.covered.index)
    assert jinhua.candidates["congruent"].any()
    assert not jinhua.candidates["congruent"].all()


def test_records_that_cannot_carry_the_choice_are_named():
    with pytest.raises(PlaybookError, match="accounts: column need is missing"):
        benchmark_problem(planted_city().drop(columns="need"), HOME)
    with pytest.raises(PlaybookError, match=r"no home customer has 200\+ employees"):
        benchmark_problem(planted_city(), HOME[HOME["employees"] < 200])
    with pytest.raises(PlaybookError, match="no account qualifies"):
        benchmark_problem(planted_city().assign(it_maturity=1), HOME)
