"""A cohort that has defended its plans, each in a city of its own, as grading keeps it."""

import json

from playbook.cases.roster import Enrolled, Roster
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import to_plain
from playbook.exercises.question import Result
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import GRADED, Graded, QuestionResult
from playbook.submissions.hand_in import find_hand_ins

CAPSTONE = "13-defence"
NAMES = ("Li Wei", "Wang Fang", "Zhang Lei", "Chen Jie", "Zhao Min", "Sun Hao")
NAMES += ("Zhou Yu", "Wu Tao", "Xu Jing", "He Ping", "Ma Lan", "Guo Bin")
CITIES = ("jinhua", "jiaxing", "wuxi", "nanjing", "zibo", "foshan")
CITIES += ("xiamen", "dalian", "guiyang", "mianyang", "quanzhou", "xiangyang")


def defended_plan(number):
    """The plan of person `number`: the first three ask four veterans to move, the others none or one."""
    return {
        "veterans": 4 if number < 3 else number % 2,
        "package": 65 if number < 3 else 30,
        "heads": [8 + number, 12, 14, 16, 18, 18, 18, 18],
        "teams": [1, 1] if number % 2 else [1, 4],
        "follow_up": 0.5 if number < 3 else 0.3,
        "benchmarks": number % 5,
        "cadence": 0.6,
        "salons": [0, 1, 1, 1],
    }


def record(number):
    """What a grader recorded of the run; invented, the first has the largest share."""
    return {
        "gap_share": round(0.82 - 0.05 * number, 3),
        "cash_broken": round(0.03 * number, 3),
        "attrition": round(0.3 + 0.02 * number, 3),
        "mean_density": 0.9,
        "gate_passed": None,
        "draws": 200,
    }


def _question(name, value):
    return QuestionResult(
        Result(name, Outcome.PASSED, 1.0, 1.0, "", "", name),
        own="passed",
        playbook=True,
        answer=to_plain(value),
    )


def debriefed_book(folder, people=6, cities=CITIES, plan=defended_plan, simulated=record):
    """The gradebook; close it after use. Every second person works days of twelve hours, against a rule."""
    book = Gradebook(folder / "gradebook.sqlite")
    book.keep_roster(
        Roster(tuple(Enrolled(f"t{n:02d}", NAMES[n], cities[n % len(cities)]) for n in range(people)))
    )
    book.keep_exercises([GradedExercise(CAPSTONE, 13, "Defence", 10.0)])
    for number in range(people):
        path = folder / "in" / f"t{number:02d}" / f"{CAPSTONE}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"n": number}, "cells": []}
        path.write_text(json.dumps(notebook))
    hand_ins = find_hand_ins(folder / "in", [CAPSTONE])
    known = book.record(hand_ins)
    for one in hand_ins:
        number = int(one.trainee[1:])
        answers = {
            "plan": plan(number),
            "reviews": {"week", "month"},
            "day_hours": 12 if number % 2 else 8,
        }
        graded = Graded(
            one.trainee,
            one.exercise,
            one.source,
            one.sha256,
            GRADED,
            case=cities[number % len(cities)],
            questions=tuple(_question(name, value) for name, value in answers.items() if value is not None),
            simulated=simulated(number) or {},
        )
        attempt = known[one.trainee, one.exercise, one.sha256]
        book.keep(attempt.id, Address(one.sha256, "m", "c", "k", "s"), graded)
    return book
