"""What other programs read: every form can be read back, whatever trainees wrote."""

import csv
import io
from xml.etree import ElementTree

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.desk.exports import EXPORTS, Cohort
from playbook.desk.exports.csv_text import cell
from playbook.desk.exports.junit import junit
from playbook.desk.exports.marks import marks_csv
from playbook.desk.exports.questions import questions_csv
from playbook.desk.exports.step_summary import SUMMARY_BYTES, step_summary
from playbook.gradebook.standing import results_of, standings
from tests.desk.samples import question, standing
from tests.grading.fuzz import NASTY

pytestmark = pytest.mark.slow


def cohort(book):
    return Cohort(book, book.roster(), standings(book), ["01-one", "03-two"], "https://course.example")


BEGINNINGS = {
    "csv": '"trainee","name"',
    "questions": '"trainee","exercise"',
    "junit": "<?xml",
    "summary": "## ",
    "messages": "@broken",
    "xapi": "[\n{",
}


@pytest.mark.parametrize("form", EXPORTS)
def test_every_form_of_the_registry_can_be_written(book, form):
    assert "".join(EXPORTS[form].write(cohort(book))).startswith(BEGINNINGS[form])


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1", "＝1", "＋1", "－1", "＠x", "|x", "%x"]
)
def test_no_text_becomes_a_formula(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize("value", ["Li Wei", "a=b", "01-one", "", -1.5, 3, "李伟"])
def test_other_values_stay_as_they_are(value):
    assert cell(value) == value


def test_marks_are_csv_with_a_row_for_who_handed_nothing_in(book):
    text = "".join(marks_csv(cohort(book)))
    rows = list(csv.DictReader(io.StringIO(text)))
    missing = [row for row in rows if row["trainee"] == "t99"]
    assert [row["status"] for row in missing] == ["not handed in", "not handed in"]
    assert missing[0]["name"] == "'=Zhang"
    first = rows[[row["trainee"] for row in rows].index("t00")]
    assert (first["points"], first["max_points"], first["late"]) == ("4.0", "6.0", "yes")
    assert len(rows) == 84


def test_a_name_with_quotes_commas_and_lines_is_one_field():
    name = 'Li, "Wei"\nline;\tx'
    one = Cohort(None, Roster((Enrolled("e1", name),)), [standing("e1")], [])
    [row] = csv.DictReader(io.StringIO("".join(marks_csv(one))))
    assert row["name"] == name


def test_questions_are_csv_too(book):
    rows = list(csv.DictReader(io.StringIO("".join(questions_csv(cohort(book))))))
    assert len(rows) == 3 * 65
    assert {row["outcome"] for row in rows} == {"passed", "failed", "unattempted"}


def test_junit_can_be_read_whatever_stands_in_it():
    results = []
    for text in NASTY:
        one = standing(trainee=text)
        results.append(
            (one, {"status": "graded", "seconds": 1.0, "questions": [question(1, "failed", text)]})
        )
        refused = {"status": "not graded", "reason": text, "seconds": 0.0, "questions": []}
        results.append((one, refused))
    text = "".join(junit(results)).encode("utf-8", "replace")
    root = ElementTree.fromstring(text)
    assert (
        len(root.findall("testsuite/testcase/failure")) == len(root.findall("testsuite/testcase/error")) == 17
    )


def test_the_step_summary_is_plain_and_stays_below_its_limit():
    chosen = [standing(trainee=f"{NASTY[number % 12]}{number}") for number in range(20_000)]
    text = step_summary(chosen)
    assert len(text.encode()) <= SUMMARY_BYTES
    assert "more; the CSV of `playbook export` has all" in text
    assert not any(part in text for part in ("<script", "<img", "](", "{{", "@SUM"))
    assert step_summary(chosen, room=10) == ""


def test_who_could_not_be_graded_comes_first_in_the_summary():
    chosen = [standing(), standing(trainee="zhang", status="not graded", reason="timeout")]
    lines = step_summary(chosen).splitlines()
    assert lines[-2] == "| zhang | 01-one | not graded: timeout | |"


def test_results_come_in_the_order_of_the_standings(book):
    chosen = standings(book)
    assert [one for one, _ in results_of(book, chosen)] == chosen
