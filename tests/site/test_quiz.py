"""A quiz that an author has left half written is named, and the build fails."""

import pytest

from playbook.site.quiz import fault

WHOLE = {"ask": "What is 1 + 1?", "answer": 2, "why": "One more than one."}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"answer": 0.5}, ""),
        ({"answer": False}, ""),
        ({"answer": "two", "options": ["one", "two"]}, ""),
        ({"answer": "two"}, "neither a number, true or false"),
        ({"answer": "three", "options": ["one", "two"]}, "its answer among at least two options"),
        ({"answer": "two", "options": ["two"]}, "its answer among at least two options"),
        ({"reason": "because"}, "has reason, which nobody reads"),
    ],
)
def test_what_a_question_lacks_is_named(changes, words):
    said = fault(WHOLE | changes)
    assert words in said if words else said == ""


@pytest.mark.parametrize("key", WHOLE)
def test_a_question_needs_all_three(key):
    assert fault({name: value for name, value in WHOLE.items() if name != key}) == "needs ask, answer and why"


def test_a_line_of_text_is_no_question():
    assert fault("What is 1 + 1?") == "needs ask, answer and why"
