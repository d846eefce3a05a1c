"""A small cohort in a gradebook: two with marks, one that could not be graded, one who handed nothing in."""

import json
import os

from playbook.cases.roster import Enrolled, Roster
from playbook.desk.exports import Cohort
from playbook.exercises.outcomes import Outcome
from playbook.exercises.question import Result
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import GRADED, Graded, QuestionResult
from playbook.gradebook.standing import standings
from playbook.grading.marker import blank_result
from playbook.submissions.hand_in import find_hand_ins

ROSTER = Roster(
    (
        Enrolled("001001", "Li Wei", "wuxi"),
        Enrolled("001002", "Wang Fang", "zibo"),
        Enrolled("001003", "Chen Jie", "wuxi"),
        Enrolled("001004", "李娜", "zibo"),
    )
)
EXERCISES = (
    GradedExercise("03-entry-industries", 3, "Entry industries", 12.0),
    GradedExercise("04-base-area", 4, "Base area", 8.0),
)
#: trainee → points of three questions; each is worth a third.
POINTS = {"001001": (4.0, 4.0, 2.0), "001002": (4.0, 3.5, 0.0)}
HINT = "You divided by the wrong total; use the city's."
#: When hand-ins came, seconds since 1970: 14 November 2023, 22:13:20 UTC.
MOMENT = 1_700_000_000
MOODLE = "{name}_843{number}_assignsubmission_file"


def small_book(folder, named=lambda trainee, name: trainee, exercises=("03-entry-industries",)):
    """The gradebook; close it after use.

    Args:
        named: folder of a hand-in from trainee and name.
    """
    book = Gradebook(folder / "gradebook.sqlite")
    book.keep_roster(ROSTER)
    book.keep_exercises(EXERCISES)
    for enrolled in ROSTER.trainees[:3]:
        for exercise in exercises:
            path = folder / "in" / named(enrolled.id, enrolled.name) / f"{exercise}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            metadata = {"n": [enrolled.id, exercise]}
            content = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": []}
            path.write_text(json.dumps(content) if enrolled.id in POINTS else "{")
            os.utime(path, (MOMENT, MOMENT))
    hand_ins = find_hand_ins(folder / "in", [one.id for one in EXERCISES], roster=ROSTER)
    known = book.record(hand_ins)
    for one in hand_ins:
        attempt = known[one.trainee, one.exercise, one.sha256]
        if one.problem:
            book.keep(attempt.id, None, blank_result(one))
            continue
        book.keep(attempt.id, Address(one.sha256, "m", "c", "k", "s"), _result(one))
    return book


def hand_in_again(book, trainee, folder):
    """Another hand-in for the first exercise, the next day, with all points."""
    path = folder / "again" / trainee / "03-entry-industries.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"n": 2}, "cells": []}))
    os.utime(path, (MOMENT + 86_400, MOMENT + 86_400))
    [one] = find_hand_ins(folder / "again", [EXERCISES[0].id], roster=ROSTER)
    attempt = book.record([one])[one.trainee, one.exercise, one.sha256]
    book.keep(attempt.id, Address(one.sha256, "m", "c", "k", "s"), _result(one, (4.0, 4.0, 4.0)))


def _result(one, points=None):
    def question(number, points):
        outcome = Outcome("passed" if points == 4 else "partial" if points else "failed")
        hint = "" if points == 4 else HINT
        result = Result(f"q{number}", outcome, points, 4.0, "", hint, f"Question {number}")
        return QuestionResult(result, own=outcome.value)

    questions = tuple(question(n, points) for n, points in enumerate(points or POINTS[one.trainee], 1))
    return Graded(one.trainee, one.exercise, one.source, one.sha256, GRADED, case="wuxi", questions=questions)


def small_cohort(book):
    return Cohort(book, book.roster(), standings(book), [one.id for one in book.exercises()])
