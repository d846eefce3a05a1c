"""What the lists and assumptions of chapter 2 hide is found again in every city."""

import importlib
from collections import Counter

import pytest

from playbook.casemaking import make_case, shipped_seed
from playbook.casemaking.planning import Ground
from playbook.casemaking.planning.capacity import SWINGS
from playbook.cases import list_cases, load_case
from playbook.chapters.market_capacity.problem import capacity_of
from playbook.errors import PlaybookError
from playbook.market.capacity import clean_phones, tornado
from playbook.market.firms import one_row_per_firm

pytestmark = pytest.mark.slow

CASES = list_cases()


def swing_of(capacity) -> str:
    return tornado(lambda **five: capacity.size(**five).som, capacity.ranges)["assumption"][0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_two_pairs_of_lists_agree_and_the_third_is_far_below(case):
    capacity = capacity_of(case)
    low, middle, high = sorted(capacity.pairs["all"])
    assert low < 0.75 * middle
    assert 1.02 * middle < high < 1.08 * middle
    assert 0.10 < capacity.completeness < 0.15
    assert 200 < capacity.unique < 450


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_lists_together_hold_far_fewer_firms_than_there_are(case):
    seen = clean_phones(case.lead_lists["phone"]).nunique()
    assert seen < 0.45 * capacity_of(case).there


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_our_list_has_each_firm_of_the_district_under_one_number(case):
    ours = case.lead_lists[case.lead_lists["list"] == "ours"]
    firms = one_row_per_firm(case.accounts)
    assert clean_phones(ours["phone"]).nunique() == firms["account_id"].isin(ours["account_id"]).sum()
    assert len(ours) - clean_phones(ours["phone"]).nunique() >= 3


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_other_list_holds_as_many_firms_as_ours(case):
    pairs = capacity_of(case).pairs
    assert min(abs(pairs["second"] - capacity_of(case).unique)) >= 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_team_is_the_limit_and_the_widest_range_does_not_swing_most(case):
    capacity = capacity_of(case)
    assert capacity.size().capped_by == "team"
    assumed = capacity.assumed
    widest = ((assumed["high"] - assumed["low"]) / assumed["usual"]).idxmax()
    assert widest != swing_of(capacity)


def test_answers_are_spread_over_the_cities():
    told = [capacity_of(case) for case in CASES if case.role == "trainee"]
    assert max(Counter(one.dependent for one in told).values()) == 4
    swings = Counter(map(swing_of, told))
    assert set(swings) == set(SWINGS)
    assert max(swings.values()) == 3


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_seller_signs_one_or_two_contracts_a_month(case):
    assert 12 <= capacity_of(case).assumed["usual"]["contracts_year"] <= 24


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [("_APART", (9, 9), "no three lists of chapter 2"), ("_LEAD", 99, "shortcuts away")],
)
def test_a_case_in_which_no_draw_serves_is_refused(monkeypatch, setting, value, said):
    case = load_case("jinhua")
    maker = importlib.import_module("playbook.casemaking.planning.capacity")
    monkeypatch.setattr(maker, "_MOST_DRAWS", 3)
    monkeypatch.setattr(maker, setting, value)
    tables = {"accounts": case.accounts, "opportunities": case.opportunities}
    with pytest.raises(PlaybookError, match=said):
        maker.capacity(Ground(shipped_seed(case.adcode), case.adcode, False, {}, tables))


@pytest.mark.long
@pytest.mark.slow
def test_an_unseen_case_has_other_answers_and_the_shipped_one_is_made_again_byte_for_byte(tmp_path):
    shipped = load_case("wuxi")
    again = make_case(shipped.adcode, shipped_seed(shipped.adcode), tmp_path / "again")
    for name in ("lead_lists", "assumptions"):
        assert again.path(name).read_bytes() == shipped.path(name).read_bytes()
    unseen = make_case(shipped.adcode, "a secret", tmp_path / "unseen", resample_public=True)
    before, after = capacity_of(shipped), capacity_of(unseen)
    assert before.dependent != after.dependent
    assert swing_of(before) != swing_of(after)
