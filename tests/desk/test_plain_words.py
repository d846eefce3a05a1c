"""What stopped a cell stands on the page in plain words."""

import pytest

from playbook.desk.plain_words import in_plain_words


def question(did, given, message="The cell stopped: x"):
    return {"message": message, "did": did, "given": given}


@pytest.mark.parametrize(
    ("did", "given", "source", "words"),
    [
        (
            "stopped:NameError",
            "NameError: name 'false' is not defined",
            "a = false",
            "Write `False`, with one capital",
        ),
        (
            "stopped:SyntaxError",
            "SyntaxError: invalid character",
            "a = 1，2",
            "comes from a Chinese keyboard",
        ),
        ("stopped:ZeroDivisionError", "ZeroDivisionError: division by zero", "a = 1 / 0", "zero"),
    ],
)
def test_the_page_says_what_to_do_about_it(did, given, source, words):
    said = in_plain_words(question(did, given), source)
    assert words in said
    assert said.endswith("(The cell stopped: x)")


@pytest.mark.parametrize(
    ("did", "given", "source"),
    [
        ("other", "3", "a = 3"),
        ("stopped:KeyError", "KeyError: 'x'", "a = b['x']"),  # which columns there are, nobody knows here
        ("stopped:Strange", "Strange: x", "a"),
        ("stopped:NameError", "NameError: name 'x' is not defined", ""),
        ("stopped:SyntaxError", "SyntaxError: x", "a = 1"),
        ("stopped:UnicodeDecodeError", "UnicodeDecodeError: x", "a"),
    ],
)
def test_where_the_text_does_not_tell_the_message_stays(did, given, source):
    assert in_plain_words(question(did, given), source) == "The cell stopped: x"


def test_marks_from_before_have_their_message():
    assert in_plain_words({"message": "m"}, "a") == "m"
