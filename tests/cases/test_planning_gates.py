"""What is planted in the tables of chapter 12 is found in the data, and no shortcut gives an answer."""

import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from playbook.casemaking.panel import launch_panel
from playbook.casemaking.planning.gates import FOLLOWED, gates
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.public import published
from playbook.casemaking.seeds import shipped_seed, stream
from playbook.casemaking.truths import truths_of
from playbook.cases import list_cases, load_case
from playbook.chapters.gates.problem import NAMES, SCALE, STOP, VERDICTS, averaged, gate_problem, off
from playbook.errors import PlaybookError
from playbook.market.economics import cohort_survival, constant_lifetime, fit_sbg, sbg_lifetime
from playbook.market.effect import did, launch_ratios, rise_before

pytestmark = pytest.mark.slow

CASES = pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)


def ground_of(case, unseen=False, seed=None) -> Ground:
    return Ground(
        seed or shipped_seed(case.adcode),
        case.adcode,
        unseen,
        published(),
        {"densities": case.densities, "opportunities": case.opportunities},
    )


def rises(ratios):
    pilots = rise_before(ratios)
    return (pilots["last"] - pilots["first"]) - (pilots["others_last"] - pilots["others_first"])


@CASES
def test_the_verdict_on_the_own_city_is_the_dealt_one_and_the_dealt_gate_fails(case):
    problem, ground = gate_problem(case), ground_of(case)
    own = problem.verdicts()[case.city]
    assert own == ground.deal("verdict of the own city", VERDICTS)
    failed = off(next(row for row in problem.numbers.itertuples() if row.Index == case.city))
    assert failed == ([] if own == SCALE else [ground.deal("gate that the own city fails", tuple(NAMES))])


@CASES
def test_all_verdicts_occur_and_an_average_lets_a_city_through_that_is_stopped(case):
    problem = gate_problem(case)
    strict, lenient = problem.verdicts(), problem.verdicts(averaged)
    assert set(strict) == set(VERDICTS)
    assert ((strict == STOP) & (lenient == SCALE)).any()


@CASES
def test_six_cities_report_four_quarters_each(case):
    quarters = case.quarters
    assert set(quarters["adcode"]) == set(case.densities["adcode"])
    assert all(list(rows) == [1, 2, 3, 4] for _city, rows in quarters.groupby("city")["quarter"])
    usual = case.assumptions.set_index("name")["usual"]
    assert usual["value_cny"] == ground_of(case).contract_cny


@CASES
def test_the_usual_mistakes_with_payback_are_half_a_month_off_at_least(case):
    problem = gate_problem(case)
    own = case.quarters[case.quarters["city"] == case.city]
    right = problem.numbers.loc[case.city, "payback"]
    selling = 10_000 * own["selling_cost_10k"].sum() / own["new_customers"].sum()
    for wrong in (right * problem.margin, selling / problem.month_cny / problem.margin, right / 12):
        assert abs(wrong - right) > 0.5


@CASES
def test_the_first_years_churn_understates_the_lifetime(case):
    rate = gate_problem(case).rate
    rows = case.cohorts[case.cohorts["channel"] == FOLLOWED]
    curve = fit_sbg(rows)
    lifetime = sbg_lifetime(curve.alpha, curve.beta, rate=rate)
    missed = 1 - constant_lifetime(curve.expected(1)["share"][1], rate) / lifetime
    assert 0.22 <= missed <= 0.33
    shares = cohort_survival(rows)["share"]
    assert (shares.diff().iloc[1:] < 0).all()
    kept = shares / shares.shift()
    assert kept.iloc[1] < kept.iloc[-1]


@CASES
def test_curves_lie_near_the_planted_parameters(case):
    for channel, rows in case.cohorts.groupby("channel"):
        curve = fit_sbg(rows)
        kept = curve.expected(4)["share"]
        # The mildest and the hardest curve that may be drawn, with room for chance.
        assert 0.70 < kept[1] < 0.92, channel
        assert 0.38 < kept[4] < 0.72, channel


@CASES
def test_one_pilot_was_rising_and_no_usual_mistake_gives_the_effect(case):
    ratios = launch_ratios(case.launch_panel)
    rise = rises(ratios).sort_values()
    assert rise.iloc[-1] - rise.iloc[-2] >= 0.08
    change = did(ratios, leave_out=[rise.index[-1]])
    assert (
        abs(change.effect - np.expm1(truths_of(case.adcode, shipped_seed(case.adcode)).launch_effect)) < 0.06
    )
    assert change.pilots - change.effect > 0.02
    assert abs((change.pilots_after - change.others_after) - change.effect) >= 0.008
    assert did(ratios).effect - change.effect >= 0.015


def test_the_book_has_kept_its_launch_panel():
    case = load_case("jinhua")
    rising = rises(launch_ratios(case.launch_panel))
    assert rising.idxmax() == "L03"


@pytest.mark.slow
def test_verdicts_are_spread_over_the_cities():
    trainees = [case for case in list_cases() if case.role != "worked"]
    own = Counter(gate_problem(case).verdicts()[case.city] for case in trainees)
    assert set(own.values()) == {4}
    rising = Counter(rises(launch_ratios(case.launch_panel)).idxmax() for case in trainees)
    assert max(rising.values()) <= 5


def test_the_same_seed_gives_the_same_tables():
    case = load_case("quanzhou")
    once, again = gates(ground_of(case)), gates(ground_of(case))
    for name, frame in once.items():
        pd.testing.assert_frame_equal(frame, again[name])


def test_an_unseen_case_has_another_verdict_and_other_customers():
    case = load_case("quanzhou")
    shipped, unseen = ground_of(case), ground_of(case, unseen=True, seed="a secret")
    for what, options in (
        ("verdict of the own city", VERDICTS),
        ("gate that the own city fails", tuple(NAMES)),
    ):
        assert shipped.deal(what, options) != unseen.deal(what, options)
    assert not gates(unseen)["cohorts"].equals(gates(shipped)["cohorts"])


def test_an_unseen_panels_rising_pilot_is_not_the_last_to_start():
    for secret in range(4):
        truths = truths_of("350500", f"secret {secret}", resample_public=True)
        ratios = launch_ratios(launch_panel(stream(f"secret {secret}", "launch panel"), truths, strict=True))
        assert rise_before(ratios)["launch_month"].idxmax() != rises(ratios).idxmax()


def test_a_city_that_cannot_be_drawn_is_named_instead_of_drawn_for_ever(monkeypatch):
    monkeypatch.setattr(sys.modules[gates.__module__], "_MOST_DRAWS", 0)
    with pytest.raises(PlaybookError, match="keeps chapter 12's shortcuts away"):
        gates(ground_of(load_case("jinhua")))
    monkeypatch.setattr(sys.modules[launch_panel.__module__], "_MOST_DRAWS", 0)
    with pytest.raises(PlaybookError, match="usual mistakes of chapter 12"):
        launch_panel(stream(1, "x"), truths_of("350500", 1))
