"""Slips that a cell's text shows: what is said of them, and what is passed over."""

import pytest

from playbook.exercises.slips import lacks_check, line_as_handed_out, slip_in


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('share == 3\ncheck("share", share)', "`share == ...` compares and changes nothing"),
        ('base["lq"] == base["a"]\nshare = 3', '`base["lq"] == ...` compares'),
        ('share = 3\nshare = ...\ncheck("share", share)', "Delete that line"),
        ('shares = 3\ncheck("share", share)', "gives a value to `shares`, and none to `share`"),
        ('Share = 3\ncheck("share", share)', "gives a value to `Share`"),
        ('share = 3\ncheck("share", prospects)', 'write `check("share", share)`'),
        ('share = "prospects / len(accounts)"\ncheck("share", share)', "Delete the quotes"),
    ],
)
def test_a_slip_is_named(cell, words):
    assert words in slip_in(cell, "share", "share")


@pytest.mark.parametrize(
    "cell",
    [
        'share = prospects / 3\ncheck("share", share)',
        'share = ...\ncheck("share", share)',
        'check("share", share)',
        'share = "manufacturing"\ncheck("share", share)',
        'accounts["x"] > 3\nshare = 3',
        "share = (",
        'total = 3\nshare = total\ncheck("share", share)',
    ],
)
def test_nothing_is_said_where_the_text_shows_no_slip(cell):
    assert slip_in(cell, "share", "share") == ""


def test_a_cell_that_answers_and_does_not_ask_the_check_is_found():
    answers = {"share": "share", "grade": "rule"}
    assert lacks_check("share = 3", answers) == "share"
    assert lacks_check("def grade(account):\n    return 1", answers) == "rule"
    assert lacks_check('share = 3\ncheck("share", share)', answers) == ""
    assert lacks_check("total = 3", answers) == ""
    assert lacks_check("share = (", answers) == ""


def test_a_line_that_stands_as_it_was_handed_out_is_found_outside_notes():
    cell = "# change >= 0.01\nlarge = table[table >= 0.01]  # the floor"
    assert line_as_handed_out(cell, [">= 0.01"]) == "large = table[table >= 0.01]"
    assert line_as_handed_out("# >= 0.01\nlarge = table[table >= 0.03]", [">= 0.01"]) == ""
    assert line_as_handed_out(cell, []) == ""
