"""Marks go into the column that is meant: look-alikes, dates in headings, columns that somebody removed or renamed."""

import pytest

from playbook.desk.filling.columns import Wishes, columns_for, named_exercise
from playbook.desk.filling.csv_bytes import CsvBytes
from playbook.desk.filling.fill import fill
from playbook.desk.filling.platforms import find_layout
from playbook.errors import PlaybookError
from playbook.gradebook.records import GradedExercise
from tests.desk.small import EXERCISES, small_book, small_cohort
from tests.desk.test_filling import CANVAS, LI, LOGINS, MOODLE_WORKSHEET, ONE, WANG, blank

BOTH = ("03-entry-industries", "04-base-area")


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    with small_book(tmp_path_factory.mktemp("two"), exercises=BOTH) as book:
        yield small_cohort(book)


def filled(data, cohort, wishes=None, name="f.csv"):
    return fill(CsvBytes(data, name), cohort, LOGINS, wishes or Wishes())


def problem(data, cohort, wishes=None, name="f.csv"):
    with pytest.raises(PlaybookError) as caught:
        filled(data, cohort, wishes, name)
    return str(caught.value)


def test_a_title_that_two_columns_have_names_neither(cohort):
    """Once the first of the two was filled."""
    data = (
        blank(CANVAS).replace(b"Essay (778900)", b"Entry industries (778900)").replace(b",12,20,", b",12,12,")
    )
    assert problem(data, cohort, Wishes(columns={"Entry industries": "03"})).splitlines() == [
        "f.csv: there are 2 columns 'Entry industries' for marks",
        "What to do: write the whole heading: Entry industries (778812), Entry industries (778900)",
    ]
    whole = Wishes(columns={"Entry industries (778900)": "03"})
    assert {one.column for one in filled(data, cohort, whole).changes} == {"Entry industries (778900)"}


def test_a_heading_that_stands_twice_is_told(cohort):
    data = b"ID number,Homework,Homework\n001001,,\n001002,,\n"
    assert problem(data, cohort, Wishes(columns={"Homework": "03"})).splitlines() == [
        "f.csv: there are 2 columns 'Homework' for marks",
        "What to do: download the file again, or give each column a heading of its own",
    ]


def test_a_comment_goes_beside_its_mark_and_not_to_a_column_that_begins_alike(cohort):
    data = (
        b"ID number,Entry industries resit (Real),Entry industries resit (Feedback),"
        b"Entry industries (Real),Entry industries (Feedback)\n001001,,,,\n001002,,,,\n"
    )
    once = filled(data, cohort, Wishes(columns={"Entry industries (Real)": "03"}))
    assert once.content.decode().splitlines()[1:] == [f"001001,,,10,{LI}", f"001002,,,7.5,{WANG}"]


@pytest.mark.parametrize(
    "heading",
    ["3月测验", "3rd quarter", "3/11 attendance", "3-11 attendance", "3.5 bonus", "3 % bonus", "3:30 group"],
)
def test_a_date_or_an_amount_in_front_of_a_heading_is_no_chapter(heading, cohort):
    data = blank(CANVAS).replace(b"Entry industries (", f"{heading} (".encode())
    assert "no column names an exercise that is graded" in problem(data, cohort)


@pytest.mark.parametrize(
    "heading", ["3", "03行业", "第3章 行业", "Chapter 3", "3. Industries", "03-entry", "3 - I"]
)
def test_a_chapters_number_in_front_of_a_heading_names_it(heading, cohort):
    layout = find_layout(
        CsvBytes(blank(CANVAS).replace(b"Entry industries (", f"{heading} (".encode()), "f.csv")
    )
    [(column, exercise)] = columns_for(layout, EXERCISES, Wishes(), "f.csv")
    assert (column.column, exercise.id) == (5, "03-entry-industries")


def test_a_worksheet_whose_grade_column_somebody_removed_is_refused(cohort):
    """Marks went into the column before the maximum: the marker's."""
    data = blank(MOODLE_WORKSHEET).replace(b",Grade,", b",").replace(b",,,,12.00", b",,,12.00")
    said = problem(data, cohort, ONE)
    assert "no column names an exercise" in said
    assert "--column 'Identifier'" not in said


def test_a_row_of_somebodys_own_leaves_a_worksheet_what_it_is(cohort):
    data = blank(MOODLE_WORKSHEET) + b"Average,,,,,,,8.75,,,,,,\r\n"
    once = filled(data, cohort, ONE)
    assert once.platform == "Moodle's offline grading worksheet"
    assert once.content.endswith(b"\r\nAverage,,,,,,,8.75,,,,,,\r\n")


@pytest.mark.parametrize(
    ("number", "share", "letter"),
    [
        ("ID number", "Percentage", "Letter"),
        ("学号", "百分比", "字母"),
        ("ID-Nummer", "Prozentsatz", "Buchstabe"),
    ],
)
def test_shares_in_percent_letters_and_texts_take_no_marks(cohort, number, share, letter):
    data = (
        f"{number},Department,Entry industries ({share}),Entry industries ({letter})\n"
        "001001,East,-,-\n001002,West,,\n"
    ).encode()
    assert "the headings fit no platform that is known" in problem(data, cohort, ONE)


def test_one_graded_exercise_alone_is_no_reason_to_fill_any_file(tmp_path):
    """In the first week one exercise is graded: its marks went into whatever worksheet was named."""
    with small_book(tmp_path) as book:
        book.exercises = lambda: list(EXERCISES[:1])
        one = small_cohort(book)
        essay = "Grades-CITY-Essay-778900.csv"
        assert "no column names an exercise" in problem(blank(MOODLE_WORKSHEET), one, name=essay)
        assert filled(blank(MOODLE_WORKSHEET), one, ONE, name=essay).changes


def test_a_files_name_that_says_another_exercise_is_told(cohort):
    other = "Grades-CITY-Base area-778900.csv"
    assert problem(blank(MOODLE_WORKSHEET), cohort, ONE, name=other).splitlines() == [
        f"{other}: --exercise says 03-entry-industries, and the file's name says 'Base area'",
        "What to do: name the other file, or the other exercise: --exercise 04-base-area",
    ]


def test_an_exercise_that_was_asked_for_and_has_no_column_is_told(cohort):
    said = problem(blank(CANVAS), cohort, Wishes(exercises=("03", "04")))
    assert "no column names 04-base-area: Entry industries (778812), Essay (778900)" in said


def test_marks_without_a_column_are_told_though_others_have_theirs(cohort):
    """A heading that somebody renamed left its marks out, and nothing said so."""
    assert filled(blank(CANVAS), cohort).left == [
        "graded, and no column in the file names it: 04-base-area",
    ]


def test_a_number_that_may_be_two_chapters_is_told():
    some = [GradedExercise(f"{n:02}-x", n, "X", 1.0) for n in (1, 3, 10)]
    with pytest.raises(PlaybookError, match="'1' names more than one exercise that is graded") as caught:
        named_exercise("1", some, "--exercise")
    assert caught.value.remedy == "use one of 01-x, 10-x"
    assert [named_exercise(start, some, "").id for start in ("3", "03", "10", "01")] == [
        "03-x",
        "03-x",
        "10-x",
        "01-x",
    ]


def test_all_columns_with_other_points_are_told_at_once(cohort):
    data = blank(CANVAS).replace(b"Essay (778900)", b"Base area (778900)").replace(b",12,20,", b",100,20,")
    assert problem(data, cohort).splitlines()[0] == (
        "f.csv: the column 'Entry industries (778812)' has 100 points, and 03-entry-industries has 12; "
        "the column 'Base area (778900)' has 20 points, and 04-base-area has 8"
    )
