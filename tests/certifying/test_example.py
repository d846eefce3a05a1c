"""The example cohort: six trainees, the certificate each gets, and why."""

import pytest

from playbook.certifying.certificate import certify
from playbook.certifying.gates import Status
from playbook.certifying.ladder import Level
from playbook.gradebook.gradebook import Gradebook

pytestmark = pytest.mark.slow


def of(cohort, name):
    return next(one for one in cohort.certificates if one.name == name)


def gates(one):
    return {gate.name: gate.status for gate in one.gates}


def test_who_passes_everything_and_was_reviewed_twice_may_lead_a_city(cohort):
    li = of(cohort, "Li Wei")
    assert li.place.level is Level.M2_ELIGIBLE
    assert li.place.missing == ()
    assert li.place.refused == ""
    assert set(gates(li).values()) == {Status.PASSED}


def test_a_plan_that_sells_much_and_burns_cash_and_people_fails_two_gates(cohort):
    wang = of(cohort, "Wang Fang")
    assert wang.place.level is Level.M1_ELIGIBLE
    assert gates(wang) == {
        "results": Status.FAILED,
        "process": Status.PASSED,
        "team": Status.FAILED,
        "strategy": Status.PASSED,
    }
    assert wang.place.missing == ("The gate Results: ✗ not passed", "The gate Team: ✗ not passed")


def test_the_top_seller_outside_the_pool_is_refused_with_that_reason(cohort):
    zhang = of(cohort, "Zhang Lei")
    assert set(gates(zhang).values()) == {Status.PASSED}
    assert zhang.place.level is Level.NONE
    assert zhang.place.refused == (
        "Zhang Lei sells most of all, and is not in the pool. Nobody is appointed from outside it: nominate, and "
        "wait for two reviews."
    )


def test_answers_that_were_typed_in_fail_the_process_gate(cohort):
    chen = of(cohort, "Chen Jie")
    [unseen] = [check for gate in chen.gates for check in gate.checks if "unseen" in check.what]
    assert unseen.ok is False
    assert unseen.found.endswith("What passes on the own city alone is not right; it is no proof of intent.")
    assert gates(chen)["process"] is Status.FAILED
    assert chen.place.missing == ("Chapters 5, 6, 7 with at least 60 % of the points each",)


def test_somebody_from_outside_talks_the_scenarios_through_before_the_pool(cohort):
    assert of(cohort, "Zhao Min").place.refused == (
        "Zhao Min comes from outside and has not passed the scenarios on culture. Talk them through before the pool "
        "is entered."
    )


def test_who_has_done_five_chapters_is_in_the_pool_and_everything_else_is_outstanding(cohort):
    sun = of(cohort, "Sun Hao")
    assert sun.place.level is Level.M0
    assert set(gates(sun).values()) == {Status.OUTSTANDING}
    found = {check.what: check.found for gate in sun.gates for check in gate.checks}
    assert found["Exercises 0 to 12 handed in and run"] == "not handed in: 5–12"
    assert found["At most 45 % of the sellers leave in a year"] == "no simulated run is recorded"


def test_a_team_with_too_many_nominated_is_named(cohort):
    assert cohort.remarks[0] == "Team A has 3 of 4 nominated; two or three of ten are usual."


def test_the_plans_of_the_example_are_stopped_by_no_rule(cohort):
    for one in cohort.certificates:
        assert one.checked.may_run
        assert not [finding for finding in one.checked.findings if finding.borrowed]


def test_reviews_and_marks_of_nobody_are_told(example):
    with Gradebook(example / "gradebook.sqlite") as book:
        found = certify(book, wanted=["t6"], marks={"li wie": (), "t1": ()})
    assert found.remarks == ("li wie has reviews or marks, and nobody of that name or id is on the roster.",)


def test_the_questions_of_a_defence_have_the_plans_own_numbers(cohort):
    _first, second, third = of(cohort, "Li Wei").questions
    assert second.ask.startswith("Your sellers can make 34,642 visits a year, and the plan asks for 27,480.")
    assert third.ask.endswith("52% of your next quarter's money goes into online work.")
