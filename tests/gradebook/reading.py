"""A gradebook with texts to read: three people, two questions of one point, as grading keeps them."""

import json

from playbook.cases.roster import Enrolled, Roster
from playbook.exercises.outcomes import Outcome
from playbook.exercises.question import Result
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import GRADED, Graded, QuestionResult
from playbook.gradebook.reviews import ReadText
from playbook.submissions.hand_in import find_hand_ins

EXERCISE = "03-entry-industries"
PEOPLE = ("t1", "t2", "t3")


def text_of(trainee, question):
    """What somebody wrote."""
    return f"{trainee} goes to Yiwu first, because 12 firms export; {question}."


def read_book(folder):
    """The gradebook; close it after use."""
    book = Gradebook(folder / "gradebook.sqlite")
    book.keep_roster(Roster(tuple(Enrolled(one, f"Name of {one}", "wuxi") for one in PEOPLE)))
    book.keep_exercises([GradedExercise(EXERCISE, 3, "Entry industries", 6.0)])
    for trainee in PEOPLE:
        hand_in(book, folder, trainee)
    return book


def hand_in(book, folder, trainee, number=1, texts=None, master="m", points=1.0):
    """Grade one more notebook of somebody; `texts` by question, where they are not those of :func:`text_of`."""
    path = folder / f"in-{trainee}-{number}" / trainee / f"{EXERCISE}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"n": [trainee, number]}, "cells": []}
    path.write_text(json.dumps(notebook))
    [one] = find_hand_ins(path.parent.parent, [EXERCISE])
    attempt = book.record([one])[one.trainee, one.exercise, one.sha256]
    given = {name: text_of(trainee, name) for name in ("decision", "against")} | (texts or {})
    questions = [QuestionResult(Result("n", Outcome.PASSED, 4.0, 4.0, "", "", "Number"), own="passed")]
    for name, text in given.items():
        outcome = Outcome.PASSED if text else Outcome.UNATTEMPTED
        result = Result(name, outcome, points if text else 0.0, points, "Form", "", name.title())
        questions.append(QuestionResult(result, own=str(outcome), playbook=True, answer=text))
    graded = Graded(
        trainee, EXERCISE, one.source, one.sha256, GRADED, case="wuxi", questions=tuple(questions)
    )
    address = Address(one.sha256, master, "c", "k", "s")
    if attempt.mark is None:
        book.keep(attempt.id, address, graded)
    else:
        book.replace(attempt, address, graded, "the master was mended")
    return one.sha256


def read_text(book, trainee="t1", question="decision", max_points=1.0):
    """Somebody's text as a reader gets it, of their first notebook."""
    mark = next(one.mark for one in book.attempts().values() if one.trainee == trainee)
    return ReadText(trainee, EXERCISE, question, mark, text_of(trainee, question), max_points)
