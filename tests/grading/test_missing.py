"""Where there is no answer, the message fits what is in the notebook; where there is no mark, a remedy is named."""

import pytest

from playbook.exercises.question import Question
from playbook.grading.missing import why_missing
from playbook.grading.remedies import remedy_for
from playbook.running.runner import CellRun, Run
from playbook.submissions import reasons

QUESTION = Question.from_dict(
    {"id": "lead", "title": "Lead", "kind": "number", "points": 2, "answer": "leader", "atol": 0}
)


def cell(source, kind="code", question=""):
    return {
        "cell_type": kind,
        "source": source,
        "metadata": {"playbook": {"question": question}} if question else {},
    }


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([cell("leader = 3", "markdown", "lead")], "is text now, so it was not run. Click on it, choose Code"),
        ([cell("leader = 3", "raw", "lead")], "is text now"),
        ([cell("%%timeit\nleader = 3", question="lead")], "begins with `%%timeit`, which keeps `leader` to itself"),
        ([cell("def work():\n    leader = 3\nwork()", question="lead")], "is set inside a function only"),
        ([cell("x = 1")], "The cell of this question is not in this notebook any more. Open the exercise anew"),
        ([cell("winner = 3\ncheck('lead', winner)", question="lead")], "Nothing called `leader` was left"),
        ([cell("leader = 3", question="lead"), cell("del leader")], "a line takes it away again"),
        ([cell("%matplotlib inline\nleader = 3", question="lead"), cell("%reset -f")], "a line takes it away again"),
        ([cell("x = 1", question="other"), cell("leader = 3"), cell("del leader")], "a line takes it away again"),
        ([cell("# leader comes later\n", question="lead")], ""),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_as_it_was_found(cells, words):
    said = why_missing({"cells": cells}, QUESTION)
    assert words in said
    assert bool(said) == bool(words)
    assert "..." not in said


@pytest.mark.parametrize(
    "cells",
    [
        [None, 3, "x"],
        [{"cell_type": "code"}],
        [cell("(" * 500, question="lead")],
        [cell(["leader", 3], question="lead")],
    ],
)
def test_no_notebook_is_too_odd_for_it(cells):
    assert isinstance(why_missing({"cells": cells}, QUESTION), str)


NOTEBOOK = {
    "cells": [
        cell("# Title", "markdown"),
        cell("import time"),
        cell("time.sleep(9)\n"),
        cell("while True: pass"),
        cell("x = 1"),
    ]
}


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("timeout", "Let these do less: cell 3 (time.sleep(9)) took 9 s, cell 4 (while True: pass) did not end."),
        ("dead kernel", "Python ended in cell 4 (while True: pass): take out what ends it"),
        ("out of memory", "Let the notebook hold less at a time"),
        ("out of disk", "Let the notebook write less"),
        ("sandbox missing: none", "Nothing is wrong with the hand-in"),
        ("unreadable notebook: it has no list of cells", "Open the exercise anew"),
        ("it is not a notebook: Expecting value", "hand in the file that ends in .ipynb"),
        ("the file is empty", "hand in the file that ends in .ipynb"),
        ("it is not UTF-8 text", "hand in the file that ends in .ipynb"),
        (reasons.ENCRYPTED, "without a password"),
        ("the archive can't be read: Bad CRC", "Download the archive again"),
        ("it can't be read: Permission denied", "Check the file's rights"),
        ("it is larger than 20 MB", "Clear the outputs"),
        (reasons.CHANGED, "Grade again"),
        ("the file is called 03, the notebook is 05", "under the name it came with"),
        ("none of the questions of 03 is in this notebook", "as it was downloaded"),
        (reasons.WHICH_EXERCISE, "in the map"),
        ("something new", ""),
    ],
)  # fmt: skip
def test_a_reason_names_its_remedy(reason, words):
    run = Run(reason=reason, cells=(CellRun(1, True, seconds=0.1), CellRun(2, True, seconds=9.2)))
    said = remedy_for(reason, run, NOTEBOOK)
    assert words in said
    assert bool(said) == bool(words)


def test_without_a_run_the_remedy_is_general():
    assert "a loop that never ends" in remedy_for("timeout")
    assert "what ends Python itself" in remedy_for("dead kernel")


def test_every_reason_of_a_hand_in_has_a_remedy():
    said = {name: remedy_for(text) for name, text in vars(reasons).items() if name.isupper()}
    assert [name for name, remedy in said.items() if not remedy] == []
