"""Names that people type are compared with tolerance and filed with care."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playbook.names import clean, normalise, safe_name


@pytest.mark.parametrize(
    "name",
    ["李伟", "Li Wei", "li-wei", "O'Brien", "li.wei@firm.example", "E1 (2)", "阿依·古丽（一部）", "x" * 80],
)
def test_a_name_that_a_path_can_hold_stays_as_it_is(name):
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("../../etc/passwd", "etc-passwd-"),
        ("..", "unnamed-"),
        ("", "unnamed-"),
        ("a/b\\c\0d", "a-b-c-d-"),
        ("x" * 300, "x" * 71 + "-"),
        ("\U00020bb7" * 80, "\U00020bb7" * 47 + "-"),
        ("\ud800", "unnamed-"),
        ("junit.xml", "junit-xml-"),
        ("Gradebook.SQLite-wal", "Gradebook-SQLite-wal-"),
        ("nul", "nul-"),
        (".hidden", "hidden-"),
    ],
)
def test_a_name_that_loses_something_gets_a_digest_of_what_it_was(text, beginning):
    name = safe_name(text)
    assert name.startswith(beginning)
    assert len(name) == len(beginning) + 8
    assert len(name) <= 80
    assert len(name.encode()) <= 200


@given(st.text(), st.text())
@example("O'Brien", "O Brien")
@example("Li Wei", "Li-Wei")
@example("😀", "🎉")
@example("a&b", "a;b")
@example("x" * 85 + "1", "x" * 85 + "2")
def test_two_names_are_two_people(one, other):
    def as_read(text):
        return " ".join(unicodedata.normalize("NFC", text).split())

    assert (safe_name(one) == safe_name(other)) == (as_read(one) == as_read(other))


@pytest.mark.parametrize("typed", ["Li Wei", " li  WEI ", "Ｌｉ Ｗｅｉ"])
def test_width_case_and_spaces_do_not_tell_names_apart(typed):
    assert normalise(typed) == "li wei"


@pytest.mark.parametrize("nothing", [None, True, 1.5, "…", "Your name", b"Li"])
def test_what_is_no_name_counts_as_nothing_typed(nothing):
    assert normalise(nothing) == ""


def test_text_keeps_its_lines_and_loses_what_no_page_can_hold():
    assert clean("a\tb\nc") == "a\tb\nc"
    assert clean("a\x1b[0m\ud800") == "a\ufffd[0m?"
