"""Names that people type are compared with tolerance and filed with care."""

import pytest

from playbook.names import clean, normalise, safe_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("..", "unnamed"),
        ("李伟", "李伟"),
        ("a/b\\c\0d", "a-b-c-d"),
        ("x" * 300, "x" * 80),
        ("\ud800", "unnamed"),
    ],
)
def test_names_are_safe_in_paths(text, name):
    assert safe_name(text) == name


@pytest.mark.parametrize("typed", ["Li Wei", " li  WEI ", "Ｌｉ Ｗｅｉ"])
def test_width_case_and_spaces_do_not_tell_names_apart(typed):
    assert normalise(typed) == "li wei"


@pytest.mark.parametrize("nothing", [None, True, 1.5, "…", "Your name", b"Li"])
def test_what_is_no_name_counts_as_nothing_typed(nothing):
    assert normalise(nothing) == ""


def test_text_keeps_its_lines_and_loses_what_no_page_can_hold():
    assert clean("a\tb\nc") == "a\tb\nc"
    assert clean("a\x1b[0m\ud800") == "a\ufffd[0m?"
