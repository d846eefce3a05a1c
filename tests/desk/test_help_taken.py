"""How much help was taken: the notebooks' own word, read with care."""

import json

import pytest
from typer.testing import CliRunner

from playbook.cli import app
from playbook.desk.help_taken import help_taken, told
from playbook.exercises.ladder import Rung
from playbook.exercises.view import HELP_MIME, RESULT_MIME
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise
from playbook.submissions.hand_in import find_hand_ins


def notebook(*outputs):
    cells = [{"cell_type": "code", "source": "", "metadata": {}, "outputs": list(outputs)}]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def says(mime=RESULT_MIME, **data):
    return {"output_type": "display_data", "metadata": {}, "data": {mime: data}}


def test_the_most_that_any_attempt_tells_counts(tmp_path):
    first = notebook(says(question="lq", tries=4, help=3), says(question="fine", tries=0, help=0))
    second = notebook(says(question="lq", tries=2, help=2), says(HELP_MIME, question="base", tries=2, help=2))
    for number, one in enumerate((first, second)):
        path = tmp_path / "in" / "li-wei" / f"01-one ({number}).ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(one), encoding="utf-8")
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.record(find_hand_ins(tmp_path / "in", ["01-one"]))
        rows = help_taken(book)
    assert [(row.trainee, row.question, row.tries, row.help) for row in rows] == [
        ("li-wei", "base", 2, Rung.STEP),
        ("li-wei", "lq", 4, Rung.SOLUTION),
    ]
    assert rows[0].as_dict()["help"] == "step"


def test_the_command_calls_an_exercise_by_its_chapter_and_title(tmp_path):
    path = tmp_path / "in" / "li-wei" / "01-one.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook(says(question="lq", tries=2, help=2))), encoding="utf-8")
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.keep_exercises([GradedExercise("01-one", 1, "One", 4)])
        book.record(find_hand_ins(tmp_path / "in", ["01-one"]))
    call = ["report", "--help-taken", "--gradebook", str(tmp_path / "gradebook.sqlite")]
    said = CliRunner().invoke(app, call).output
    assert "li-wei · Chapter 1 · One · lq: 2 wrong tries, " in said


@pytest.mark.parametrize(
    "data",
    [
        {"question": "<script>", "tries": 1, "help": 1},
        {"question": ["lq"], "tries": 1},
        {"question": "lq", "tries": -1, "help": 99},
        {"question": "lq", "tries": "4", "help": True},
        {"question": "lq", "tries": 10**40, "help": 1.5},
        {},
    ],
)
def test_what_a_notebook_makes_up_counts_for_nothing(data):
    assert [(tries, rung) for _question, tries, rung in told(notebook(says(**data)))] in (
        [],
        [(0, Rung.NONE)],
    )


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"cells": 3},
        {"cells": [3, None, {"outputs": 4}, {"outputs": [None, {"data": []}, {"data": {RESULT_MIME: "x"}}]}]},
    ],
)
def test_a_notebook_of_another_form_tells_nothing(broken):
    assert list(told(broken)) == []
