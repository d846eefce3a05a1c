"""The ladder: each step takes all that it asks for, and no strong gate lifts a weak one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.certifying.evidence import Chapter, Evidence
from playbook.certifying.gates import (
    Check,
    Gate,
    Status,
    process_gate,
    results_gate,
    strategy_gate,
    team_gate,
)
from playbook.certifying.ladder import Facts, Level, crowded, place
from playbook.certifying.marks import Mark
from playbook.certifying.reviews import DIMENSIONS, Reviewed
from playbook.chapters.defence.finding import Finding, Severity, Simulated, Waiting
from playbook.chapters.defence.rules import Checked

GATES = ("results", "process", "team", "strategy")
KEPT = Checked((), (), tuple(range(1, 33)))
RUN = Simulated(0.73, 0.02, 0.32, 0.93, 0.8, 200)
THREE = tuple(Mark(name, ("decision", "evidence", "next_step")) for name in ("Qian", "Feng", "Luo"))


def gate(name, ok=True):
    return Gate(name, (Check("asked", "found", ok),))


def reviewed(**mean):
    numbers = dict.fromkeys(DIMENSIONS, 75.0) | mean
    return Reviewed(("2026-Q2", "2026-Q3"), 3, numbers, numbers, numbers)


ALL = Facts(
    name="Li Wei",
    shares=dict.fromkeys(range(14), 0.9),
    capstone=True,
    gates=tuple(map(gate, GATES)),
    nominated=True,
    pool_quarters=2,
    from_outside=False,
    red_line=False,
    reviews_given=True,
    reviews=reviewed(),
)


def without(*chapters, share=0.0):
    return {number: share if number in chapters else 0.9 for number in range(14)}


@pytest.mark.parametrize(
    ("changed", "level", "missing"),
    [
        ({}, Level.M2_ELIGIBLE, ()),
        ({"shares": {}}, Level.NONE, ("Chapters 0, 1, 2, 3, 4 with at least 60 % of the points each",)),
        ({"shares": without(4)}, Level.NONE, ("Chapter 4 with at least 60 % of the points",)),
        ({"nominated": None}, Level.NONE, ("A nomination: the roster's column `nominated` says nothing",)),
        ({"from_outside": True}, Level.NONE, ("The ten scenarios on culture, for people from outside",)),
        ({"from_outside": True, "culture": True}, Level.M2_ELIGIBLE, ()),
        ({"shares": without(5, 10)}, Level.M0, ("Chapters 5, 10 with at least 60 % of the points each",)),
        ({"shares": without(10, share=0.59)}, Level.M0, ("Chapter 10 with at least 60 % of the points",)),
        ({"shares": without(12)}, Level.M1_ELIGIBLE, ("Chapter 12 with at least 60 % of the points",)),
        ({"capstone": False}, Level.M1_ELIGIBLE, ("The defended plan of chapter 13",)),
        ({"gates": ()}, Level.M1_ELIGIBLE, ("The four gates",)),
        (
            {"gates": tuple(gate(name, name != "team") for name in GATES)},
            Level.M1_ELIGIBLE,
            ("The gate Team: ✗ not passed",),
        ),
        (
            {"gates": tuple(gate(name, None if name == "results" else True) for name in GATES)},
            Level.M1_ELIGIBLE,
            ("The gate Results: ○ outstanding",),
        ),
        ({"pool_quarters": 1}, Level.M15, ("2 quarters in the pool; it is 1",)),
        (
            {"pool_quarters": None},
            Level.M15,
            ("Quarters in the pool: the roster's column `pool_quarters` says nothing",),
        ),
        ({"reviews": None}, Level.M15, ("2 quarterly reviews; there are 0",)),
        ({"reviews": reviewed(team=41.0)}, Level.M15, ("A review of team of 60 or more; it is 41",)),
        # as a whole number it would be the 60 that is asked for
        ({"reviews": reviewed(team=59.97)}, Level.M15, ("A review of team of 60 or more; it is 59.9",)),
        (
            {"reviews": replace(reviewed(), quarters=("2026-Q3",))},
            Level.M15,
            ("2 quarterly reviews; there is 1",),
        ),
    ],
)
def test_each_step_takes_all_that_it_asks_for(changed, level, missing):
    found = place(replace(ALL, **changed))
    assert (found.level, found.missing, found.refused) == (level, missing, "")


def test_without_a_table_of_reviews_the_certificate_says_that_they_are_outstanding():
    found = place(replace(ALL, reviews_given=False, reviews=None))
    assert (found.level, found.outstanding) == (Level.M15, "reviews outstanding")
    assert found.missing == ("Reviews of two quarters in the pool: no table of reviews was given",)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (
            {"red_line": True},
            "Li Wei has crossed the red line, as a person has decided: no points make up for it.",
        ),
        (
            {"nominated": False, "top_seller": True},
            "Li Wei sells most of all, and is not in the pool. Nobody is appointed from outside it: nominate, and wait "
            "for two reviews.",
        ),
        ({"nominated": False}, "Li Wei is not in the pool. Nominate first, and wait for two reviews."),
        (
            {"from_outside": True, "culture": False},
            "Li Wei comes from outside and has not passed the scenarios on culture. Talk them through before the pool "
            "is entered.",
        ),
    ],
)
def test_some_are_refused_whatever_the_points_are(changed, why):
    found = place(replace(ALL, **changed))
    assert (found.level, found.refused) == (Level.NONE, why)


def test_a_large_team_may_nominate_three_of_ten():
    assert crowded({"A": (10, 3), "": (5, 5), "C": (2, 1)}) == []
    assert crowded({"B": (10, 4)}) == ["Team B has 4 of 10 nominated; two or three of ten are usual."]


def evidence(**more):
    chapters = {
        number: Chapter(number, f"{number:02d}-x", "X", share=0.9, graded=True, own=6, unseen=6)
        for number in range(13)
    }
    return Evidence("t1", chapters=chapters | more.pop("chapters", {}), simulated=RUN, **more)


numbers = st.floats(0, 1)


@pytest.mark.slow
@given(
    gap=numbers,
    cash=numbers,
    attrition=numbers,
    density=numbers,
    share=numbers,
    given_points=st.integers(0, 5),
)
def test_raising_one_gate_never_mends_another(gap, cash, attrition, density, share, given_points):
    """Whatever is best in one dimension, the status of a gate that does not look at it stays as it was."""
    run = Simulated(gap, cash, attrition, density, 0.5, 200)
    own = replace(evidence(chapters={8: Chapter(8, "08-x", "X", share=share, graded=True)}), simulated=run)
    marks = (*THREE[:2], Mark("Luo", tuple(map(str, range(given_points)))))
    before = {
        "results": results_gate(run).status,
        "process": process_gate(own).status,
        "team": team_gate(own, KEPT).status,
        "strategy": strategy_gate(own, KEPT, marks).status,
    }
    rich = replace(run, gap_share=1.0, cash_broken=0.0)
    assert team_gate(replace(own, simulated=rich), KEPT).status is before["team"]
    assert strategy_gate(replace(own, simulated=rich), KEPT, marks).status is before["strategy"]
    calm = replace(run, attrition=0.0, mean_density=1.0)
    assert results_gate(calm).status is before["results"]
    known = replace(own, chapters=own.chapters | {8: Chapter(8, "08-x", "X", share=1.0, graded=True)})
    assert strategy_gate(known, KEPT, marks).status is before["strategy"]
    assert process_gate(replace(own, simulated=rich)).status is before["process"]
    level = place(
        replace(ALL, gates=tuple(gate(name, before[name] is Status.PASSED) for name in GATES))
    ).level
    assert (level >= Level.M15) == (set(before.values()) == {Status.PASSED})


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=6))
def test_a_gate_is_as_its_weakest_check(oks):
    found = Gate("team", tuple(Check("a", "b", ok) for ok in oks)).status
    assert (found is Status.FAILED) == (False in oks)
    assert (found is Status.PASSED) == (set(oks) == {True})


@pytest.mark.parametrize(
    ("changed", "ok"),
    [
        ({}, True),
        ({"gap_share": 0.45, "cash_broken": 0.10}, True),
        ({"gap_share": 0.449}, False),
        ({"cash_broken": 0.11}, False),
    ],
)
def test_results_are_held_against_two_thresholds(changed, ok):
    assert (results_gate(replace(RUN, **changed)).status is Status.PASSED) is ok


def test_what_is_not_recorded_is_outstanding_and_no_number_is_made_up():
    found = results_gate(None)
    assert found.status is Status.OUTSTANDING
    assert {check.found for check in found.checks} == {"no simulated run is recorded"}


@pytest.mark.parametrize(
    ("chapter", "found", "status"),
    [
        (
            Chapter(10, "10-x", "X", share=0.69, graded=True, own=6, unseen=6),
            ("Chapter 10: at least 70 % of the points", "69 %"),
            Status.FAILED,
        ),
        (
            Chapter(10, "10-x", "X", share=0.0, graded=False, reason="a timeout"),
            ("Chapter 10: at least 70 % of the points", "not graded: a timeout"),
            Status.OUTSTANDING,
        ),
        (
            Chapter(10, "10-x", "X", share=0.9, graded=True, errored=("route",), own=6, unseen=6),
            ("No answer stopped with an error", "stopped with an error: 10"),
            Status.FAILED,
        ),
        (
            Chapter(10, "10-x", "X", share=0.9, graded=True, own=60, unseen=45),
            (
                "At least 90 % of the computed answers that pass also pass on unseen figures",
                "117 of 132. What passes on the own city alone is not right; it is no proof of intent.",
            ),
            Status.FAILED,
        ),
    ],
)
def test_the_process_gate_says_what_is_not_as_it_should_be(chapter, found, status):
    gate = process_gate(evidence(chapters={10: chapter}))
    assert gate.status is status
    assert found in [(check.what, check.found) for check in gate.checks]


def test_strategy_takes_every_chapter_every_assessor_and_few_warnings():
    low = Chapter(6, "06-x", "X", share=0.55, graded=True)
    found = {c.what: c.found for c in strategy_gate(evidence(chapters={6: low}), KEPT, THREE).checks}
    assert found["None of them below 60 %"] == "below: 6"
    assert found["Defence: at least 3 of 5 points from each of 3 assessors"] == "Qian 3, Feng 3, Luo 3"

    def finding(rule, severity):
        return Finding(rule, severity, "m", "r", (1,), 1)

    warned = Checked(tuple(finding(rule, Severity.WARN) for rule in (2, 4, 8, 9)), (), ())
    assert {c.what: c.found for c in strategy_gate(evidence(), warned, THREE).checks}[
        "At most 3 warnings by them"
    ] == "4: rules 2, 4, 8, 9"
    three = replace(warned, findings=warned.findings[:3])
    assert strategy_gate(evidence(), three, THREE).status is Status.PASSED
    of_people = Checked((finding(22, Severity.WARN), *three.findings), (), ())
    assert strategy_gate(evidence(), of_people, THREE).status is Status.PASSED
    stopped = Checked((finding(7, Severity.STOP),), (), ())
    assert ("No stop by the other rules", "stopped by rule 7") in [
        (c.what, c.found) for c in strategy_gate(evidence(), stopped, THREE).checks
    ]
    assert team_gate(evidence(), stopped).status is Status.PASSED
    waiting = Checked((), (Waiting(31, 13, ""), Waiting(7, 4, "heart")), ())
    assert ("No stop by the other rules", "answers are missing in chapter 4") in [
        (c.what, c.found) for c in strategy_gate(evidence(), waiting, THREE).checks
    ]
    more = replace(waiting, waiting=(*waiting.waiting, Waiting(7, 5, "")))
    checks = strategy_gate(evidence(), more, THREE).checks
    assert any(c.found == "answers are missing in chapters 4, 5" for c in checks), [c.found for c in checks]


@pytest.mark.parametrize(
    ("marks", "found", "status"),
    [
        ((), "0 of 3 assessors have marked", Status.OUTSTANDING),
        (THREE[:1], "1 of 3 assessors has marked: Qian 3", Status.OUTSTANDING),
        (THREE[:2], "2 of 3 assessors have marked: Qian 3, Feng 3", Status.OUTSTANDING),
        ((*THREE[:2], Mark("Luo", ("decision",))), "Qian 3, Feng 3, Luo 1", Status.FAILED),
        ((Mark("Luo", ()),), "Luo 0", Status.FAILED),
    ],
)
def test_a_defence_takes_three_points_from_each_of_three_people(marks, found, status):
    gate = strategy_gate(evidence(), KEPT, marks)
    assert gate.status is status
    assert gate.checks[-1].found == found


@pytest.mark.parametrize(
    "record",
    [None, {}, "x", {**RUN.as_record(), "gap_share": "1"}, {**RUN.as_record(), "attrition": True},
     {**RUN.as_record(), "cash_broken": 1.2}, {**RUN.as_record(), "mean_density": float("nan")}],
)  # fmt: skip
def test_a_record_that_is_none_is_no_evidence(record):
    assert Simulated.from_record(record) is None
    assert Simulated.from_record(RUN.as_record()) == RUN
