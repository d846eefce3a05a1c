"""A cohort whose pages and sheets are looked at."""

import json
import os

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.exercises.outcomes import Outcome
from playbook.exercises.question import Result
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import GRADED, Graded, QuestionResult
from playbook.grading.marker import blank_result
from playbook.submissions.hand_in import find_hand_ins
from tests.desk.by_hand import Cohort
from tests.desk.samples import HINTS


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Forty trainees, two exercises; the able ones pass, some stop, one is stuck."""

    def result(one, outcomes, hints):
        questions = tuple(
            QuestionResult(
                Result(
                    f"q{n}", Outcome(outcome), 2.0 * (outcome == "passed"), 2.0, "M", hint, f"Question {n}"
                ),
                own=outcome,
            )
            for n, (outcome, hint) in enumerate(zip(outcomes, hints, strict=True), 1)
        )
        return Graded(
            one.trainee, one.exercise, one.source, one.sha256, GRADED, case="wuxi", questions=questions
        )

    tmp_path = tmp_path_factory.mktemp("cohort")
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    for exercise, people in (("01-one", 40), ("03-two", 25)):
        for person in range(people):
            again = 3 if (person, exercise) == (2, "01-one") else 1
            for attempt in range(again):
                notebook["metadata"] = {"n": [exercise, person, attempt]}
                path = tmp_path / "in" / f"t{person:02d}" / f"{exercise} ({attempt}).ipynb"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(notebook))
                moment = 1_700_000_000 + person * 86_400 + attempt
                os.utime(path, (moment, moment))
    (tmp_path / "in" / "broken").mkdir()
    (tmp_path / "in" / "broken" / "01-one.ipynb").write_text("{")
    os.utime(tmp_path / "in" / "broken" / "01-one.ipynb", (1_700_000_000, 1_700_000_000))
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.keep_roster(
            Roster(
                (
                    Enrolled("t00", "李 <b>伟</b>", "wuxi", {"": 1_600_000_000.0}),
                    Enrolled("t99", "=Zhang", "zibo"),
                    Enrolled("t02", "Wang"),
                    *(Enrolled(f"t{person:02d}") for person in range(40) if person not in (0, 2)),
                    Enrolled("broken"),
                )
            )
        )
        hand_ins = find_hand_ins(tmp_path / "in", ["01-one", "03-two"])
        known = book.record(hand_ins)
        for one in hand_ins:
            attempt = known[one.trainee, one.exercise, one.sha256]
            if one.problem:
                book.keep(attempt.id, None, blank_result(one))
                continue
            able = int(one.trainee[1:]) % 40 >= 20
            hint = HINTS[int(one.trainee[1:]) % 4 == 0]
            outcomes = ("passed", "passed" if able else "failed", "unattempted" if able else "passed")
            hints = ("", "" if able or one.trainee == "t01" else hint, "")
            address = Address(one.sha256, "m", "c", "k", "s")
            book.keep(attempt.id, address, result(one, outcomes, hints), notebook)
        yield book


@pytest.fixture
def cohort(tmp_path):
    """A gradebook of two exercises that a test fills person by person."""
    made = Cohort(tmp_path / "g.sqlite")
    made.book.keep_exercises([GradedExercise("01-one", 1, "One", 4), GradedExercise("03-two", 3, "Two", 4)])
    yield made
    made.book.close()
