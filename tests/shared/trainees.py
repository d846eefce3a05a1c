"""Three trainees of Nanjing for tests of the City Playbook: one who has done everything, one half, one nothing.

Their answers are the masters' own, run without a kernel, with two sentences of their own for each chapter.
"""

import copy
import datetime

import pytest

#: The sentences that a trainee writes under each exercise: what is decided, and what speaks against it.
NOTES = {
    "00-first-notebook": {
        "decision": "I look at Jiangning first: 554 of our 2,648 prospects are there, one in five.",
    },
    "01-three-densities": {
        "decision": "I ask for customers first: we cover 619 of 2,133 accounts, a market density of 0.29.",
        "against": "Managers are easier to send than customers are to win. From 1,592 accounts on I ask for sellers.",
    },
    "02-market-capacity": {
        "decision": "I sign for 1.9 million yuan in year one: 6 ready sellers are the limit, the market gives 2.9.",
        "against": "The sellers are promised, not trained. If only 4 are ready in March, I sign for 1.3 million.",
    },
    "03-entry-industries": {
        "decision": "We enter research first: 2.45 times the nation's share, and 26.5 % of the deals won.",
        "against": "It is small, 4 % of the workers. If all large firms are visited, we open software.",
    },
    "04-base-area": {
        "decision": "We rent 6 offices for CNY 27,039 a month with driving; 81 % of the need is near one.",
        "against": "Five offices cost only 0.6 % more. If the rent rises above CNY 3,650, we give up the one in Qixia.",
    },
    "05-customer-profiles": {
        "decision": "Visit exporting factories first; 48 % of those with three traits of four need the product.",
        "against": "Only 143 accounts fit. If fewer than 8 of 50 visits find a need, I change the profile.",
    },
    "06-competitors": {
        "decision": "The next three sellers go to Xuanwu, Gaochun and Qixia; the first adds 4.2 wins. None goes to Gulou and Luhe.",
        "against": "It leaves 72 firms in need to rivals. If we win 4 of the next 10 deals in Luhe, sellers go back.",
    },
    "07-benchmark-customers": {
        "decision": "Win six small customers in 28.5 days; they reach 45 % of the value, the largest six 24 %.",
        "against": "None of the six is a factory. If two are not signed in three weeks, I choose again.",
    },
    "08-city-choice": {
        "decision": "We open Nanjing and Guiyang in quarter 1; the calendar brings CNY 32.3 million by month 24.",
        "against": "Jinhua scores best and waits: we are short of veterans. If 1 more were free, I would plan again.",
    },
    "09-staffing": {
        "decision": "The visits take 19 experienced sellers; the last 9 are hired in month 6. A move is earned back in 5.6 months.",
        "against": "They are paid from day one, and 3.6 % leave in a month. If one veteran refused, I would hire a month earlier.",
    },
    "10-goals-and-cadence": {
        "decision": "We reach 97 of 106 contracts, amber, and need 6.4 a day. I sit down with 3 sellers; one car goes to 6 stops.",
        "against": "Past months differed: it may be 76 as well as 132. If fewer than 45 are signed by Friday, all A customers are visited.",
    },
    "11-phase-and-model": {
        "decision": "Hold: A and B firms stand at 132, and money is due in month 10. CNY 283,000 of 550,000 goes into online "
        "work; the mix brings 29 wins.",
        "against": "The curves are an estimate. If online work brings fewer than 7 wins by the middle of the quarter, half "
        "of its money goes back.",
    },
    "12-gates": {
        "decision": "We hold: payback is 10.3 months and the cover 4.2, but 9 of 14 managers are ready, a density of 0.64.",
        "against": "The pipeline would feed more sellers. If 12 managers are ready in month 15, we scale.",
    },
    "13-defence": {
        "decision": "I sign for what eight of ten runs reach in year one, and begin with 8 sellers and 4 veterans in Jiangning.",
        "against": "The model knows no price. If fewer than 3 veterans have moved by month 2, I hire 6 instead of 8.",
    },
}
TITLES = {"decision": "Your decision", "against": "What speaks against it"}
DAY = datetime.date(2026, 11, 28)


@pytest.fixture(scope="session")
def nanjing():
    from playbook.cases.case import find_case

    return find_case("nanjing")


@pytest.fixture(scope="session")
def outline():
    """The outline of the exercises as a release has it, every chapter with its notes."""
    from playbook.authoring.master import find_masters
    from playbook.authoring.release import describe

    described = [describe(master) for master in find_masters() if master.id in NOTES]
    for one in described:
        known = {question["id"] for question in one["questions"]}
        one["questions"] += [
            {"id": name, "title": TITLES[name], "points": 1, "stretch": False, "playbook": True}
            for name in NOTES[one["exercise"]]
            if name not in known
        ]
    return described


@pytest.fixture(scope="session")
def _solved(nanjing):
    from playbook.authoring.master import find_masters
    from playbook.authoring.solve import run_master

    return {
        master.id: {
            name: {
                "answer": one.expected,
                "outcome": "passed",
                "unit": one.block.question.public().get("unit", ""),
            }
            for name, one in run_master(master, nanjing, wrong=False).solved.items()
            if one.block.question.playbook
        }
        for master in find_masters()
        if master.id in NOTES
    }


@pytest.fixture
def complete(_solved):
    """Answers of a trainee who has done everything, with the sentences above."""
    answers = copy.deepcopy(_solved)
    for exercise, notes in NOTES.items():
        answers[exercise] |= {name: {"answer": text, "outcome": "recorded"} for name, text in notes.items()}
    return answers


@pytest.fixture
def half_done(complete):
    """Answers of one who stopped: missing chapters and notes, a wrong answer, a refused form, an odd shape."""
    diagnosis, industry = complete["01-three-densities"], complete["03-entry-industries"]
    return {
        "01-three-densities": {
            "binding": {**diagnosis["binding"], "outcome": "failed"},
            "regions": {
                **diagnosis["regions"],
                "answer": {"t": "function", "name": "regions"},
                "outcome": "failed",
            },
            "decision": {"answer": "Customers.", "outcome": "failed"},
        },
        "03-entry-industries": {
            "ranking": industry["ranking"],
            "entry": {"answer": "F", "outcome": "recorded"},
            "hhi": {"answer": None, "outcome": "unattempted"},
        },
        "07-benchmark-customers": {
            "plan": {"answer": "all of them", "outcome": "failed"},
            "first": {"answer": {"t": "large", "type": "text", "size": 10**9}, "outcome": "failed"},
        },
    }


@pytest.fixture
def written(nanjing, outline):
    """A function that makes the page of a trainee's answers."""
    from playbook.exercises.city_playbook import page
    from playbook.exercises.compose import compose, sections

    return lambda answers, trainee="Li Wei": page(
        compose(trainee, nanjing, sections(answers, outline, nanjing), DAY)
    )
