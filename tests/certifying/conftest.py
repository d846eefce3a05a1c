"""Six trainees of Nanjing whose certificates differ, and why: a gradebook, a roster, reviews and marks."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from playbook.cases.roster_file import read_roster
from playbook.certifying.certificate import certify
from playbook.certifying.culture import SCENARIOS
from playbook.certifying.marks import read_marks
from playbook.certifying.people import people_of
from playbook.certifying.reviews import read_reviews
from playbook.exercises.outcomes import Outcome
from playbook.exercises.question import Result
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import GRADED, Graded, QuestionResult
from playbook.submissions.hand_in import find_hand_ins
from tests.shared.trainees import NOTES

CAPSTONE = "13-defence"
GOOD = {
    "gap_share": 0.73,
    "cash_broken": 0.02,
    "attrition": 0.32,
    "mean_density": 0.93,
    "gate_passed": 0.8,
    "draws": 200,
}
#: Much is sold, the cash breaks in every draw, the team burns out.
F_COMPANY = {**GOOD, "gap_share": 0.25, "cash_broken": 1.0, "attrition": 0.71, "mean_density": 0.7}


@dataclass(frozen=True)
class Person:
    """One trainee of the example: which chapters, how well, and what the simulator gave."""

    id: str
    chapters: tuple[int, ...] = tuple(range(14))
    typed: tuple[int, ...] = ()  # answers typed in: right on the own case, wrong on the unseen one
    simulated: dict = field(default_factory=lambda: dict(GOOD))
    culture_right: int = 10


PEOPLE = (
    Person("t1"),
    Person("t2", simulated=F_COMPANY),
    Person("t3"),
    Person("t4", typed=(5, 6, 7)),
    Person("t5", culture_right=5),
    Person("t6", chapters=(0, 1, 2, 3, 4)),
)
ROSTER = """id,name,city,team,nominated,pool_quarters,from_outside,red_line,bookings_10k
t1,Li Wei,nanjing,A,yes,3,no,no,310
t2,Wang Fang,nanjing,A,yes,2,no,no,280
t3,Zhang Lei,nanjing,A,no,,no,no,990
t4,Chen Jie,nanjing,A,yes,1,no,no,150
t5,Zhao Min,nanjing,B,yes,0,yes,no,
t6,Sun Hao,nanjing,B,yes,1,no,no,90
"""
REVIEWS = """person,quarter,rater,results,process,team,strategy
Li Wei,2026-Q2,Director Qian,78,81,74,70
Li Wei,2026-Q2,HR Feng,70,79,80,72
Li Wei,2026Q3,Director Qian,82,84,78,75
Wang Fang,2026-Q3,Director Qian,90,60,40,70
"""
MARKS = "person,name,assessor,decision,evidence,counter_evidence,next_step,plain_words,remark\n" + "".join(
    f"{person},,{assessor},1,1,{counter},1,1,\n"
    for person in ("t1", "t2", "t3", "t4", "t5")
    for assessor, counter in (("Qian", 1), ("Feng", 0), ("Luo", 0))
)


def _question(name, title, outcome, unseen, answer=None, points=2.0):
    won = points if outcome == "passed" else 0.0
    return QuestionResult(
        Result(name, Outcome(outcome), won, points, "", "", title),
        own="passed",
        unseen=unseen,
        playbook=answer is not None,
        answer=answer,
    )


def _chapter(person: Person, chapter: int, answers) -> tuple[QuestionResult, ...]:
    typed = chapter in person.typed
    made = []
    for name, one in answers.items():
        note = name in ("decision", "against")
        outcome = "failed" if typed and not note else "passed"
        made.append(
            _question(name, name, outcome, "" if note else "failed" if typed else "passed", one["answer"])
        )
    if chapter == 9:
        made.append(_question("payout", "payout", "passed", "passed"))
    return tuple(made)


def capstone_answers(solved) -> dict:
    """What a trainee who plans well answers in the defence, as plain data."""
    first = solved["08-city-choice"]["eligible"]["answer"]["v"][0]
    return {
        "promise": 1.9,
        "first_step": "market",
        "leader": first,
        "supervisors": 3,
        "reviews": {"t": "set", "v": ["month", "week"]},
        "day_hours": 8,
        "first_gate": 12,
    }


def _capstone(person: Person, solved) -> tuple[QuestionResult, ...]:
    asked = [_question(name, name, "passed", "", value) for name, value in capstone_answers(solved).items()]
    culture = [
        _question(one.id, one.id, "passed" if number < person.culture_right else "failed", "")
        for number, one in enumerate(SCENARIOS)
    ]
    return tuple(asked + culture)


def keep(book: Gradebook, folder: Path, solved) -> None:
    """Hand everything in and give every mark, through the gradebook's own methods."""
    exercises = [*solved, CAPSTONE]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    for person in PEOPLE:
        for exercise in exercises:
            if int(exercise[:2]) in person.chapters:
                notebook["metadata"] = {"of": [person.id, exercise]}
                path = folder / person.id / f"{exercise}.ipynb"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(notebook))
    by_id = {person.id: person for person in PEOPLE}
    hand_ins = find_hand_ins(folder, exercises)
    known = book.record(hand_ins)
    for one in hand_ins:
        person, chapter = by_id[one.trainee], int(one.exercise[:2])
        capstone = one.exercise == CAPSTONE
        graded = Graded(
            one.trainee,
            one.exercise,
            one.source,
            one.sha256,
            GRADED,
            case="nanjing",
            questions=_capstone(person, solved)
            if capstone
            else _chapter(person, chapter, solved[one.exercise]),
            simulated=person.simulated if capstone else {},
        )
        book.keep(
            known[one.trainee, one.exercise, one.sha256].id, Address(one.sha256, "m", "d", "k", "s"), graded
        )
    book.keep_exercises(
        [
            GradedExercise(exercise, int(exercise[:2]), exercise[3:].replace("-", " ").title(), 10.0)
            for exercise in exercises
        ]
    )


@pytest.fixture(scope="session")
def solved(_solved):
    """The right answers of Nanjing with the notes of chapters, by exercise and question."""
    return {
        exercise: {
            **questions,
            **{name: {"answer": text, "outcome": "recorded"} for name, text in NOTES[exercise].items()},
        }
        for exercise, questions in _solved.items()
    }


@pytest.fixture(scope="session")
def example(tmp_path_factory, solved) -> Path:
    """A folder with `gradebook.sqlite`, `roster.csv`, `reviews.csv` and `marks.csv`."""
    folder = tmp_path_factory.mktemp("certifying")
    for name, text in (("roster", ROSTER), ("reviews", REVIEWS), ("marks", MARKS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with Gradebook(folder / "gradebook.sqlite") as book:
        keep(book, folder / "in", solved)
    return folder


@pytest.fixture(scope="session")
def cohort(example):
    """Everybody's certificates, with all that the company says."""
    roster = read_roster(example / "roster.csv")
    with Gradebook(example / "gradebook.sqlite") as book:
        return certify(
            book,
            roster=roster,
            people=people_of(example / "roster.csv", roster),
            reviews=read_reviews(example / "reviews.csv", roster),
            marks=read_marks(example / "marks.csv", roster),
        )
