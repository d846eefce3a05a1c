"""The thirty-two rules: what each says about a plan that breaks it, in a manager's words, and that it is silent else."""

import dataclasses
from types import SimpleNamespace

import pandas as pd
import pytest

from playbook.chapters.defence.answers import ASKED, CHAPTERS, Origin, gather
from playbook.chapters.defence.finding import Finding, Rule, Severity, Simulated, Waiting
from playbook.chapters.defence.rules import RULES, check_plan
from tests.chapters.defence.right import plan_with

pytestmark = pytest.mark.slow

RUN = Simulated(0.7, 0.0, 0.3, 0.9, gate_passed=0.3, draws=200)
#: By rule: what is changed in the right plan of Nanjing, and what the rule says then.
BROKEN = [
    (
        1,
        {"c3_entry": "E"},
        "stop",
        "You enter Construction, which is not among the first three of your ranking, and pass over Research and "
        "technical services.",
        "Take Research and technical services, or say in the defence why not.",
    ),
    (
        1,
        {"c3_entry": "H", "c3_ranking": ["J", "I", "G"]},
        "stop",
        "You enter Hospitality, which is too small or rests on too few deals.",
        "Take the first of your ranking with 3% of the workers and 80 decided deals, or say why in the defence.",
    ),
    (
        3,
        {"c13_promise": 9},
        "stop",
        "You promise CNY 9.00 million in year one. Your hires are worth 11.3 experienced sellers over the year; they "
        "sign CNY 3.56 million.",
        "Sign for CNY 3.56 million, or hire earlier.",
    ),
    (
        4,
        {"c13_promise": 5},
        "warn",
        "Your first year takes 7.9% of the whole market, more than one firm in twenty.",
        "Name a city where we did that, or sign for less.",
    ),
    (
        5,
        {"c2_tam": 20.0},
        "note",
        "Your whole market is CNY 20 million a year. By your own list and its completeness it is 63.",
        "Go through the chain again: firms, completeness, need, value of a contract.",
    ),
    (
        6,
        {"c13_first_step": "sales"},
        "warn",
        "Chapter 1 says that relations in the market are short, and your first step is about sellers.",
        "Begin with what is short, or say what has changed since the diagnosis.",
    ),
    (
        7,
        {"c4_territories": [["Pukou", "Luhe"], ["Jiangning", "Qixia"]]},
        "stop",
        "Nobody works in Gulou, Qinhuai, and you call it a priority.",
        "Give every priority district to a group.",
    ),
    (
        8,
        {"c4_offices": ["Gaochun"]},
        "warn",
        "Your offices lie away from your priorities: 0% of the accounts in need there are within 8 km, 3% in the "
        "whole city.",
        "Move an office to a priority district, or change the priorities.",
    ),
    (
        9,
        {"c13_attack": ["Luhe", "Qixia"]},
        "warn",
        "You attack in Luhe, where chapter 6 says to keep out.",
        "Drop it from the districts that you work first, or name the rival's weak spot there.",
    ),
    (
        9,
        {},
        "note",
        "Chapter 4 calls Luhe, Gulou a priority, and chapter 6 says to keep out.",
        "Say in the defence whether you attack there, and what is the rival's weak spot.",
    ),
    (
        10,
        {"c4_territories": [["Pukou"], ["Luhe"], ["Jiangning", "Qixia"]]},
        "stop",
        "Your map has 3 groups, and the launch plan sends 2 supervisors.",
        "Draw as many groups as there are supervisors: one leads each.",
    ),
    (
        11,
        {"c6_next_seller": ["Luhe", "Xuanwu", "Qixia"]},
        "warn",
        "Your next seller goes to Luhe, which stands on your keep-out list.",
        "Send the next seller to the best district that you do not keep out of.",
    ),
    (
        11,
        {"c13_attack": ["Qixia", "Pukou"], "c6_next_seller": ["Xuanwu", "Qixia"]},
        "warn",
        "Your next seller goes to Xuanwu, and you do not work there first.",
        "Work it first too, or send the next seller to a district that you do.",
    ),
    (
        11,
        {"c6_next_seller": ["Gaochun", "Qixia"]},
        "note",
        "Your next seller goes to Gaochun, which is none of your priority districts.",
        "Say in the defence which districts you work first, and why this seller goes there.",
    ),
    (
        12,
        {"c9_needed": 14},
        "stop",
        "14 sellers make 25,526 visits a year; the plan asks for 27,480. The roads do not allow so many.",
        "Plan fewer visits to C accounts, or hire more sellers.",
    ),
    (
        17,
        {"c8_sequence": {"Guiyang": 1, "Nanjing": "later"}},
        "stop",
        "You hire for Nanjing up to month 6, and in your calendar Nanjing does not open this year.",
        "Open the city in the calendar, or say in the defence whose sellers these are until it opens.",
    ),
    (
        18,
        {"c13_leader": "P999"},
        "stop",
        "Nobody on the bench is called P999.",
        "Name one of the people whom chapter 8 lets you appoint: P007, P042, P055.",
    ),
    (
        18,
        {"c13_leader": "P003"},
        "stop",
        "P003 is in the pool and may not be appointed yet: chapter 8's list leaves this person out.",
        "Appoint from the pool, or nominate and wait for two reviews.",
    ),
    (
        18,
        {"c13_leader": "p001"},
        "stop",
        "P001 is not in the pool.",
        "Appoint from the pool, or nominate and wait for two reviews.",
    ),
    (
        20,
        {"c1_regions": pd.DataFrame({"city": ["Nanjing"], "regions": [2]})},
        "warn",
        "Your calendar opens 4 cities in a year; by chapter 1 all benches together lead 2.",
        "Name the leaders whom chapter 1 did not count, or open fewer.",
    ),
    (
        21,
        {"c9_seeding": {"V01": "G1", "V02": "G1"}},
        "stop",
        "No veteran goes to G2, G3, G4: newcomers there are ready 2 months later, and more of them leave.",
        "Give every group a veteran who is willing, before a second one goes anywhere.",
    ),
    (
        22,
        {"c13_supervisors": 1},
        "warn",
        "In month 6 you have 17 newcomers; supervisors and veterans together can coach 15.",
        "Stagger the hires, or ask for one more supervisor before that month.",
    ),
    (
        23,
        {"c13_supervisors": 2},
        "warn",
        "In month 10 you have 24 sellers, 12.2 for each supervisor.",
        "Spans beyond 10 thin out management: ask for one more supervisor before that month.",
    ),
    (
        23,
        {},
        "note",
        "In month 10 you have 24 sellers, 12.2 for each supervisor.",
        "Spans beyond 10 thin out management: ask for one more supervisor before that month.",
    ),
    (
        24,
        {"c9_offer": 30},
        "warn",
        "A veteran's move is earned back after 30.0 months, and the package runs for 18.",
        "Ask for more bookings in return, or end the package sooner: a package without an end is a wage.",
    ),
    (
        24,
        {"c9_offer": -2},
        "warn",
        "A veteran's move is never earned back.",
        "Ask for more bookings in return, or end the package sooner: a package without an end is a wage.",
    ),
    (
        25,
        {"payout": "failed"},
        "warn",
        "Your rule of options lets somebody lose money by becoming a supervisor.",
        "Pay the same share of the options as of the goal to whoever is promoted above 90% of it.",
    ),
    (
        26,
        {"c10_cascade": {"Xie": 50.5, "Pan": 50}},
        "stop",
        "Your sellers' targets add up to 100.5 contracts; the month's target is 106.",
        "Share out the whole target by weight, and give what is left by rounding to the largest remainders.",
    ),
    (
        27,
        {"c10_cascade": {"Xie": 5, "Pan": 6, "Zhao": 7}},
        "note",
        "Zhao still learns and carries 7 contracts; an experienced seller carries 5.5.",
        "Let the weights follow the ramp of chapter 9.",
    ),
    (
        28,
        {"c13_day_hours": 14},
        "warn",
        "Your sellers' day has 14 hours: long days cost more sellers than they win.",
        "Plan days of 10 hours at the most.",
    ),
    (
        28,
        {"c13_reviews": {"day"}},
        "warn",
        "Nobody looks at the plan every week.",
        "Set a weekly call and a monthly review: bad news travels only where it is asked for.",
    ),
    (
        28,
        {"c13_reviews": ["Week"]},
        "warn",
        "Nobody looks at the plan every month.",
        "Set a weekly call and a monthly review: bad news travels only where it is asked for.",
    ),
    (
        29,
        {"c11_mix": {"direct": 20}},
        "stop",
        "Your mix spends CNY 200,000 of a budget of 550,000.",
        "Share out the whole budget, and no more.",
    ),
    (
        29,
        {"c11_mix": {"direct": 10, "salon": 15, "online": 15, "ecosystem": 15}},
        "stop",
        "Your money goes 4 ways; nobody can lead more than 3 at a time.",
        "Leave out the way whose next win is dearest.",
    ),
    (
        29,
        {
            "c11_phases": {"own": "sow"},
            "c11_mix": {"direct": 25, "salon": 30},
            "c7_plan": ["A00001", "A00002"],
        },
        "stop",
        "Your city is sowing, and 55% of your money goes into salons.",
        "Salons without references preach to empty chairs: win 3 benchmark customers first.",
    ),
    (
        30,
        {"c13_first_gate": 3},
        "stop",
        "Your gate falls in month 3. The first hires are ready in month 5, and the lag from visits to bookings, in "
        "months, is 1.",
        "Move the gate to month 6 or later: before that no effect can show.",
    ),
    (
        31,
        {"run": RUN},
        "note",
        "In 30% of the simulated runs your plan passes its own gate: it would stop itself.",
        "Move the gate, or mend the plan until it passes in half of the runs.",
    ),
    (
        32,
        {"c4_against": "", "c9_against": None},
        "note",
        "Nothing speaks against your plan in 2 sections: chapters 4, 9.",
        "Write down what does: a plan that hides it is found out in the first month.",
    ),
    (
        32,
        {"c4_against": 7},
        "note",
        "Nothing speaks against your plan in the section of chapter 4.",
        "Write down what does: a plan that hides it is found out in the first month.",
    ),
]


@pytest.mark.parametrize(("number", "changed", "severity", "message", "remedy"), BROKEN)
def test_a_plan_that_breaks_a_rule_is_told_so_with_its_own_numbers(
    says, number, changed, severity, message, remedy
):
    assert says(number, **changed) == (severity, message, remedy)


def test_the_entry_industry_is_no_small_part_of_the_prize(says, city):
    small = dataclasses.replace(RULES[1], look=RULES[1].look)
    firms = pd.Series({"M": 10.0, "C": 990.0})
    found = small.apply(
        gather({3: {"entry": "M"}}), SimpleNamespace(firms=firms, section_names={"M": "Research"})
    )
    assert isinstance(found, Finding)
    assert found.message == (
        "The industry that you enter, Research, holds 1% of the city's firms: a small part of the prize."
    )
    assert found.remedy.startswith("Promise less for year one, or name a second industry")


def test_benchmark_customers_of_another_kind_are_refused(says, city, answers):
    candidates = city.benchmarks.candidates
    misfits = [one for one in candidates["account_id"] if city.traits_of([one], answers[5]["icp"])[one] < 2]
    assert says(13, c7_plan=misfits[:6]) == (
        "stop",
        "0 of your 6 benchmark customers show half of your 4 traits: they are not the kind you look for.",
        "Choose benchmark customers of the profile, or change the profile.",
    )


def test_benchmark_customers_of_another_industry_are_noted_where_there_are_candidates(says, city):
    candidates = city.benchmarks.candidates["account_id"]
    section = city.accounts["section"]
    traders = [one for one in candidates if section[one] == "F"]
    assert says(14, c3_entry="C", c7_plan=traders[:3]) == (
        "note",
        "None of your 3 benchmark customers is in Manufacturing: nobody there can call a peer.",
        "Win one of the entry industry too, or say in the defence who speaks for you there.",
    )
    assert says(14, c3_entry="A", c7_plan=traders[:3]) is None


def test_benchmark_customers_outside_the_priorities_are_warned_about(says, city, answers):
    heart = set(answers[4]["heart"].index)
    away = [
        one
        for one in city.benchmarks.candidates["account_id"]
        if city.accounts.loc[one, "district"] not in heart
    ]
    assert says(15, c7_plan=away[:6]) == (
        "warn",
        "0 of your 6 benchmark customers are in your priority districts.",
        "Your references live where you do not sell: choose nearer ones, or say who travels.",
    )


def test_who_says_typical_has_not_chosen_the_largest(says, city):
    largest = list(city.benchmarks.candidates.nlargest(6, "employees")["account_id"])
    assert says(16, c7_plan=largest) == (
        "note",
        "You say *typical*, and 6 of your 6 benchmark customers are the largest there are.",
        "Say *famous*, or choose customers that others recognise themselves in.",
    )
    assert says(16, c7_plan=largest, c7_first="famous") is None


def test_the_top_seller_outside_the_pool_is_refused_with_that_reason():
    bench = pd.DataFrame(
        {"person_id": ["P1", "P2"], "in_pool": [False, True], "bookings_10k": [900.0, 100.0]}
    )
    found = RULES[17].apply(
        gather({8: {"eligible": ["P2"]}, 13: {"leader": "P1"}}),
        SimpleNamespace(case=SimpleNamespace(bench=bench)),
    )
    assert isinstance(found, Finding)
    assert found.message == (
        "P1 sells most of all, and is not in the pool: nobody is appointed from outside it."
    )


@pytest.mark.parametrize(
    ("role", "people"), [("managers", {"M2": 1.9}), ("supervisors", {"M1": 3.0}), ("veterans", {})]
)
def test_a_calendar_beyond_the_bench_names_quarter_and_role(says, answers, role, people):
    quarters = pd.DataFrame({"quarter": [1, 2, 3, 4], "M1": 99.0, "M2": 99.0})
    told = says(19, c8_supply=quarters.assign(**people), c8_sequence=dict.fromkeys(answers[8]["sequence"], 1))
    assert told[0] == "stop"
    assert told[1].startswith("In quarter 1 your cities take ")
    assert f" {role}, and " in told[1]
    assert told[2] == "You open before the bench is ready: let a city wait a quarter."


def test_a_next_seller_who_goes_where_is_worked_first_is_no_matter(says):
    assert says(11, c13_attack=["qixia"], c6_next_seller=["Qixia", "Xuanwu"]) is None


def test_salons_wait_for_the_answer_that_says_the_citys_own_phase(says):
    elsewhere = pd.DataFrame({"city_id": ["K01"], "phase": ["sow"]})
    said = says(29, c11_phases=elsewhere, c11_mix={"direct": 25, "salon": 30})
    assert said == "This rule waits for chapter 11: its answer `phases` is missing or can't be read."


def test_the_right_plan_is_stopped_and_warned_about_by_no_rule(answers, city):
    checked = check_plan(plan_with(answers), city, dataclasses.replace(RUN, gate_passed=0.9))
    assert {one.severity for one in checked.findings} <= {Severity.NOTE}
    assert checked.waiting == ()
    assert checked.may_run


def test_there_are_thirty_two_rules_each_with_a_number_of_its_own():
    assert [one.number for one in RULES] == list(range(1, 33))
    assert {one.number for one in RULES} - {number for number, *_ in BROKEN} == {2, 13, 14, 15, 16, 19}, (
        "those have a test of their own"
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"rule-{rule.number}")
def test_a_rule_without_its_answers_says_which_chapter_is_missing(rule: Rule, city):
    found = rule.apply(gather({}), city)
    assert isinstance(found, Waiting)
    assert found.chapter in rule.chapters
    if found.question and rule.number != 32:
        assert found.question in (*ASKED[found.chapter], "payout")
        assert found.message == (
            f"This rule waits for chapter {found.chapter}: its answer `{found.question}` is missing or can't be read."
        )


def test_a_rule_on_the_simulated_plan_waits_for_it(says):
    assert says(31) == "This rule waits for the simulated plan."


def test_what_is_borrowed_is_marked_wherever_it_was_read(answers, city):
    own = {chapter: dict(questions) for chapter, questions in answers.items()}
    needed = own[9].pop("needed")
    plan = gather(own | {4: {**own[4], "day": None}}, book={9: {"needed": 14}, 4: answers[4]})
    assert needed != 14
    assert plan.origin(9, "needed") is Origin.BORROWED
    assert plan.origin(9, "offer") is Origin.OWN
    assert plan.origin(9, "nothing") is Origin.MISSING
    found = next(one for one in check_plan(plan, city).findings if one.rule == 12)
    assert found.borrowed == ((4, "day"), (9, "needed"))


def test_what_nobody_has_given_is_named_in_order(answers):
    missing = gather({1: answers[1]}).missing()
    assert missing[:4] == [(2, "unique"), (2, "estimate"), (2, "tam"), (3, "ranking")]
    assert [chapter for chapter, _question in missing] == sorted(chapter for chapter, _question in missing)
    assert set(CHAPTERS) <= {chapter for chapter, _question in gather({}).missing()} | {10, 12}


def test_findings_come_as_data_the_most_serious_first(answers, city):
    changed = plan_with(answers, c13_first_gate=3, c13_day_hours=14)
    data = check_plan(changed, city).as_dict()
    assert [one["severity"] for one in data["findings"]][:2] == ["stop", "warn"]
    assert data["findings"][0]["back_to"] == 13
    assert data["waiting"] == [
        {"rule": 31, "chapter": 13, "question": "", "message": "This rule waits for the simulated plan."}
    ]
