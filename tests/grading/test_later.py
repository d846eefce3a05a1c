"""The message names the later cell that changed an answer, and accuses no cell that did not."""

import pytest

from playbook.grading.later import later_change

OWN = 'hhi = 951\ncheck("hhi", hhi)'


def book(*sources, marked=False):
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    if marked:
        cells[0]["metadata"] = {"playbook": {"question": "hhi"}}
    return {"cells": cells}


@pytest.mark.parametrize(
    "change",
    [
        "hhi = round(hhi * 10_000)",
        "for hhi in ['A', 'B']:\n    pass",
        "del hhi",
        "hhi += 1",
        "a, (hhi, b) = 1, (2, 3)",
        "with open('x') as hhi:\n    pass",
        "import math as hhi",
        "def hhi():\n    return 1",
        "def f():\n    global hhi\n    hhi = 3\nf()",
        "if (hhi := 3):\n    pass",
        "%matplotlib inline\nhhi = 3",
        "hhi['C'] = 0",
        "hhi.loc['C', 'x'] = 0",
        "hhi.sort_values('x', inplace=True)",
        "hhi.append('A')",
        "print([hhi := one for one in 'ab'])",
    ],
)
def test_a_later_cell_that_changes_an_answer_is_named_with_its_line(change):
    said = later_change(book(OWN, "x = 1", change), "hhi", "hhi")
    assert "A later cell changes `hhi`" in said
    assert "cell 3" in said
    assert "Use another name there" in said


@pytest.mark.parametrize(
    "harmless",
    [
        "print(hhi)",
        "hhi == 3",
        "[hhi for hhi in 'ab']",
        "def f(hhi):\n    hhi = 3\n    return hhi",
        "hhi.sort_values('x')",
        "other['hhi'] = hhi",
        "this is no Python",
        "# hhi = 3",
    ],
)
def test_a_later_cell_that_only_uses_an_answer_is_not_named(harmless):
    assert later_change(book(OWN, harmless), "hhi", "hhi") == ""


def test_what_stands_above_the_last_check_is_no_later_change():
    assert later_change(book("hhi = 1", OWN), "hhi", "hhi") == ""
    assert later_change(book(OWN, "hhi = 2", OWN), "hhi", "hhi") == ""


def test_a_question_is_known_by_its_mark_where_its_check_was_deleted():
    assert "cell 2" in later_change(book("hhi = 1", "hhi = 2", marked=True), "hhi", "hhi")


@pytest.mark.parametrize(
    "notebook", [{}, {"cells": None}, {"cells": [None, {"cell_type": "code", "source": 3}]}]
)
def test_a_notebook_of_any_form_is_read(notebook):
    assert later_change(notebook, "hhi", "hhi") == ""
