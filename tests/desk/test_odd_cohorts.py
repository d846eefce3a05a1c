"""The Monday sheet of cohorts that are unlike most: one person, nothing graded, everything open, people of one name."""

import html
import json
import re

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.desk.analysis import analyse
from playbook.desk.monday import monday
from playbook.desk.reading import read_cohort
from playbook.desk.report import report_json, report_page
from playbook.desk.report_figures import distribution_figure
from playbook.gradebook import schema
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import NOT_GRADED, Graded
from playbook.submissions.hand_in import HandIn
from playbook.submissions.notebook import Facts
from tests.desk.test_monday import DAY, Cohort, question

pytestmark = pytest.mark.slow


@pytest.fixture
def cohort(tmp_path):
    made = Cohort(tmp_path / "g.sqlite")
    made.book.keep_exercises([GradedExercise("01-one", 1, "One", 4), GradedExercise("03-two", 3, "Two", 4)])
    yield made
    made.book.close()


def enrol(cohort, *people):
    cohort.book.keep_roster(Roster(tuple(people)))


def refuse(cohort, trainee, reason, exercise="01-one"):
    """A hand-in that could not be graded for this reason; without one it was not run yet."""
    cohort.count += 1
    sha256 = f"{cohort.count:064d}"
    with cohort.book._writing() as connection:
        connection.execute(schema.notebooks.insert().values(sha256=sha256, content=b"", facts=json.dumps({})))
    one = HandIn(trainee, exercise, "f", sha256, DAY, Facts(problem=""), "", (), lambda: b"")
    attempt = cohort.book.record([one])[trainee, exercise, sha256]
    if reason:
        cohort.book.keep(attempt.id, None, Graded(trainee, exercise, "f", sha256, NOT_GRADED, reason=reason))


def pages(cohort):
    """The report as plain words, its source, and its data."""
    reading = read_cohort(cohort.book)
    analysis = analyse(cohort.book, reading=reading)
    sheet = monday(cohort.book, reading, analysis)
    source = "".join(report_page(analysis, sheet))
    words = html.unescape(
        " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", source, flags=re.DOTALL).split())
    )
    return words, source, json.loads("".join(report_json(analysis, sheet)))


def test_the_first_sentence_ends_with_the_last_reason_there_is(cohort):
    """Once it ended in " · ." wherever nobody was low, which is the last of all reasons."""
    enrol(cohort, Enrolled("a"), Enrolled("b"))
    cohort.hand_in("c", [question("q")])
    assert "2 of 3 trainees need a visit: 2 stopped." in pages(cohort)[0]


def test_one_trainee_with_one_hand_in_is_told_in_the_singular(cohort):
    cohort.hand_in("a", [question("q", "other", "1")])
    words = pages(cohort)[0]
    assert "Opening a City · 1 trainee 1 of" in words
    assert "1 of 1 hand-in that counts is graded. 1 of 1 trainee needs a visit: 1 low." in words
    [axes] = distribution_figure(analyse(cohort.book)).axes
    assert axes.get_title(loc="left") == "The one trainee has 0% of the points"


def test_large_numbers_have_their_commas_on_both_sides(cohort):
    for number in range(1000):
        cohort.count += 1
        one = HandIn(
            f"t{number}",
            "01-one",
            "f",
            f"{cohort.count:064d}",
            DAY,
            Facts(problem="broken"),
            "broken",
            (),
            lambda: b"{",
        )
        cohort.book.record([one])
    assert (
        "0 of 1,000 hand-ins that count are graded. 1,000 of 1,000 trainees need a visit" in pages(cohort)[0]
    )


def test_a_second_reason_is_no_second_chapter(cohort):
    """Once it read "next would be chapter 3 and 1 more"."""
    cohort.hand_in("a", [question("q", "other", "1")])
    for day in (0, 30):
        cohort.hand_in("b", [question("q")], exercise=("01-one", "03-two")[day > 0], day=day)
    assert "next would be chapter 3 and 1 more reason chapter 1, question 1" in pages(cohort)[0]


def test_a_question_that_nobody_answered_is_named(cohort):
    """Once the sheet said that no question was missed, although all had left it open."""
    for number in range(4):
        cohort.hand_in(f"t{number}", [question("a"), question("b", "open")])
    words, _source, data = pages(cohort)
    assert "no question was answered wrong by two people" in words
    assert (
        "Left open by half of those who were marked, or more: chapter 1, question 2 “Title of b” (4 of 4)."
        in words
    )
    assert [(one["question"], one["open"]) for one in data["monday"]["left_open"]] == [("b", 4)]
    assert "No pair: there is nothing to teach again." in words


def test_a_question_that_is_taught_again_is_not_named_twice(cohort):
    for number in range(4):
        cohort.hand_in(f"t{number}", [question("a", "other" if number < 2 else "open", "3")])
    sheet = cohort.sheet()
    assert [one.trouble.question for one in sheet.lessons] == ["a"]
    assert sheet.left_open == ()


def test_where_nobody_can_help_the_sheet_does_not_say_that_nobody_needs_it(cohort):
    for number in range(4):
        cohort.hand_in(f"t{number}", [question("a", "other", "3")])
    words = pages(cohort)[0]
    assert "No pair: whoever has one of these questions right has the same city, or needs help too." in words


def test_what_could_not_be_graded_is_never_nought(cohort):
    """Once a table gave 0 % to somebody whose only notebook could not be run."""
    enrol(cohort, Enrolled("a", "Anna"), Enrolled("b", "Bo"))
    refuse(cohort, "a", "it took too long")
    words, source, data = pages(cohort)
    assert "Nothing yet: no hand-in is graded." in words
    assert re.search(r'data-label="All" class="number">–</td>', source)
    [group] = data["monday"]["groups"]
    assert [row["share"] for row in group["rows"]] == [None, None]


def test_without_discriminations_there_is_no_figure_of_them(cohort):
    """Once nine trainees had an empty figure that said "0 of 0 questions deserve a look"."""
    for number in range(9):
        cohort.hand_in(f"t{number}", [question("a", "other" if number % 2 else "", "3"), question("b")])
    assert "Scatter of" not in pages(cohort)[1]
    cohort.hand_in("t9", [question("a"), question("b", "other", "2")])
    assert "Scatter of 2 questions" in pages(cohort)[1]


def test_the_data_of_a_lesson_has_the_share_that_the_page_tells(cohort):
    for number in range(4):
        cohort.hand_in(f"t{number}", [question("a", f"slip:{number} times too large" if number else "", "3")])
    [lesson] = pages(cohort)[2]["monday"]["lessons"]
    assert (lesson["share"], lesson["others"]) == (0.75, 0)


def test_who_has_no_team_is_not_everybody(cohort):
    enrol(cohort, Enrolled("a", "Anna", team="North"), Enrolled("b", "Bo"))
    cohort.hand_in("a", [question("q")])
    words = pages(cohort)[0]
    assert "Without a team (1), the fewest points first" in words
    assert "All trainees" not in words
    enrol(cohort, Enrolled("a", "Anna"), Enrolled("b", "Bo"))
    assert "All trainees (2), the fewest points first" in pages(cohort)[0]
