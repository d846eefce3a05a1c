"""The Monday sheet of cohorts that are unlike most: one person, nothing graded, everything open, people of one name."""

import html
import json
import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from playbook.cases.roster import Enrolled, Roster
from playbook.cli import app
from playbook.desk.analysis import Item, analyse
from playbook.desk.did import in_words
from playbook.desk.feedback import write_feedback
from playbook.desk.monday import monday
from playbook.desk.reading import read_cohort
from playbook.desk.report import report_json, report_page
from playbook.desk.report_figures import distribution_figure
from playbook.gradebook import schema
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import NOT_GRADED, Graded
from playbook.gradebook.reviews import Judged, laid_over
from playbook.submissions.hand_in import HandIn
from playbook.submissions.notebook import Facts
from tests.desk.by_hand import DAY, question
from tests.gradebook.reading import read_book, read_text

pytestmark = pytest.mark.slow


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


def test_who_left_the_roster_is_neither_visited_nor_asked_to_help(cohort):
    """Once the sheet said to sit beside somebody who had gone, and to let them help."""
    for trainee, city in (("a", "wuxi"), ("b", "wuxi"), ("gone", "zibo"), ("weak", "zibo")):
        cohort.hand_in(trainee, [question("q", *(() if trainee == "gone" else ("ratio", "1")))], city=city)
    enrol(cohort, Enrolled("a", "An", "wuxi"), Enrolled("b", "Bo", "wuxi"))
    words, _source, data = pages(cohort)
    assert [one["trainee"] for one in data["monday"]["visits"]] == ["a", "b"]
    [lesson] = data["monday"]["lessons"]
    assert lesson["volunteers"] == []
    assert data["monday"]["pairs"] == []
    assert data["monday"]["left"] == ["gone", "weak"]
    assert "Not on the roster, so nobody is sent to them: gone, weak. Their marks are in the table." in words
    enrol(cohort, Enrolled("a", "An", "wuxi"), Enrolled("b", "Bo", "wuxi"), Enrolled("gone", "Ge", "zibo"))
    words, _source, data = pages(cohort)
    assert [one["tells"] for one in data["monday"]["pairs"]] == ["Ge"]
    assert data["monday"]["lessons"][0]["volunteers"] == ["Ge (Zibo)"]
    assert "No longer to be visited" not in words, "weak has gone, and is none the better for it"
    enrol(cohort)
    words, _source, data = pages(cohort)
    assert (data["monday"]["left"], "Not on the roster" in words) == ([], False)


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


def test_two_of_one_name_are_told_apart_wherever_they_are_named(cohort):
    """Once "Li Wei asks Li Wei"; 李 伟 and 李伟 look the same on paper, too."""
    names = {"E1": "Li Wei", "E2": "Ｌｉ　Ｗｅｉ", "E3": "李伟", "E4": "李 伟", "E5": "Anna"}
    enrol(cohort, *(Enrolled(one, name) for one, name in names.items()))
    for one in names:
        cohort.hand_in(one, [question("q", "" if one == "E5" else "other", "3")], city="wuxi")
    reading = read_cohort(cohort.book)
    told = [reading.name(one) for one in names]
    assert told == ["Li Wei (E1)", "Ｌｉ　Ｗｅｉ (E2)", "李伟 (E3)", "李 伟 (E4)", "Anna"]
    assert {one.name for one in cohort.sheet().visits} == set(told[:4])
    assert reading.own_name("E1") == "Li Wei"  # on their City Playbook stands their name alone


def test_nobody_is_named_twice_in_one_line(cohort):
    """Once the list of all visits read "t1 t1" for people without a name."""
    named = (Enrolled("E1", "Li Wei"), Enrolled("E2", "Li Wei"), Enrolled("E3", "Anna"))
    enrol(cohort, *named, *(Enrolled(f"t{number}") for number in range(6)))
    for number in range(6):
        cohort.hand_in(f"t{number}", [question("q", "other", "3")])
    source = pages(cohort)[1].partition('id="visits"')[2]
    assert re.search(r'<th scope="row">t1 <span class="quiet"></span>', source)
    assert re.search(r'<th scope="row">Li Wei \(E1\) <span class="quiet"></span>', source)
    assert re.search(r'<th scope="row">Anna <span class="quiet">E3</span>', source)


def test_who_left_the_roster_did_not_come_back(cohort):
    """Once who had handed nothing in and left the roster was said to have come back."""
    enrol(cohort, Enrolled("a", "Anna"), Enrolled("b", "Bo"))
    cohort.hand_in("a", [question("q")])
    cohort.sheet()
    enrol(cohort, Enrolled("a", "Anna"))
    assert cohort.sheet().changes.lines == ("Nothing that matters here.",)


def test_who_had_an_exercise_done_and_has_it_no_longer_is_counted(cohort):
    """Once a second attempt that was worse than the first, or a regrade, changed "nothing that matters"."""
    for one in ("a", "b"):
        cohort.hand_in(one, [question("p"), question("q")])
    cohort.sheet()
    cohort.hand_in("a", [question("p", "other", "3"), question("q")], day=1)
    assert cohort.sheet().changes.lines[:2] == (
        "1 notebook more was handed in.",
        "No longer done: chapter 1 by 1.",
    )


def test_the_commands_count_in_the_singular_too(cohort, tmp_path):
    enrol(cohort, Enrolled("a", "Anna", due={"": DAY}))
    cohort.hand_in("a", [question("p"), question("q")], day=2)
    (tmp_path / "late.csv").write_text("exercise,days,keep\n,,50\n", encoding="utf-8")
    book = ["--gradebook", str(tmp_path / "g.sqlite")]
    said = CliRunner().invoke(app, ["report", "--out", str(tmp_path / "r.html"), *book]).output
    assert "The report on 1 trainee is in" in said
    assert "1 hand-in changes by late.csv." in CliRunner().invoke(app, ["late", str(tmp_path), *book]).output


@pytest.mark.parametrize("code", ["other", "slip:the sign turned", "slip:the right entries in another order"])
def test_what_one_person_did_reads_right_behind_the_number_one(cohort, code):
    """Once "1 gave values that nothing explains, each another one" and "1 have the right size"."""
    kind, _colon, what = code.partition(":")
    said = in_words(kind, what, 1)
    assert said.split()[0] in ("gave", "came")
    assert "values" not in said


def test_who_waits_for_the_grader_is_not_visited_and_has_handed_in(cohort, tmp_path):
    """Once, after a grading that was broken off, the sheet said "hand it in again" and the trainee's page "not handed in"."""
    refuse(cohort, "a", "")
    words = pages(cohort)[0]
    assert "0 of 1 trainee needs a visit." in words
    assert "Not graded because it was not run yet (1)" in words
    [page] = write_feedback(cohort.book, tmp_path, ["a"])
    said = page.read_text(encoding="utf-8")
    assert "Not graded yet: it was not run yet. It is tried again at the next grading." in said
    assert "Chapter 1" not in said.partition("Not handed in yet")[2]
    assert "Chapter 1 · One: not handed in yet" not in said


def test_what_a_reader_took_points_for_is_no_lesson_and_no_mark_of_an_older_kit(tmp_path):
    """Once sentences that somebody had read led what is to be taught again, and `playbook regrade` was to fill them in."""
    with read_book(tmp_path) as book:
        for trainee in ("t1", "t2", "t3"):
            book.review(read_text(book, trainee, "decision"), "Wang Fang", 0)
        reading = read_cohort(book)
        analysis = analyse(book, reading=reading)
        [decision] = [one for one in analysis.troubles if one.question == "decision"]
        assert decision.sentence
        assert [way.did for way in decision.ways] == [
            "wrote sentences for which a reader did not give all points"
        ]
        sheet = monday(book, reading, analysis)
        assert "decision" not in [one.trouble.question for one in sheet.lessons]
        assert "regrade" not in "".join(report_page(analysis, sheet))


def test_a_text_that_was_read_waits_for_no_earlier_answer():
    """Once the trainee read "worked out from …, which is not right yet" before what the reader wrote."""
    judged = {"decision": Judged(0.5, 1.0, 1.0, "Say which.", "Wang Fang")}
    question = {"question": "decision", "outcome": "partial", "points": 1.0, "message": "m", "hint": "h"}
    question |= {"did": "sentence", "given": "'x'", "follows": "share"}
    [read] = laid_over({"questions": [question]}, judged)["questions"]
    assert not {"did", "given", "follows"} & set(read)


def test_no_correlation_to_speak_of_is_not_below_nothing():
    """Once a question with -0.001 stood as "-0.00" and was to be checked, for who does well does worse."""
    item = Item("01-one", "q", "Q", 40, 0.5, -0.001, {})
    assert item.remark == "hardly tells strong from weak"
    assert replace(item, discrimination=-0.3).remark.startswith("who does well elsewhere")


def test_no_correlation_is_printed_without_a_sign(cohort):
    cohort.hand_in("a", [question("q")])
    analysis = analyse(cohort.book)
    analysis = replace(analysis, items=(Item("01-one", "q", "Q", 40, 0.5, -0.001, {}),))
    assert '"number">0.00</td>' in "".join(report_page(analysis, cohort.sheet()))


def test_who_is_low_in_the_whole_course_takes_no_more_room_than_others(cohort):
    """Once fourteen chapters were listed one by one, three lines a person, and the sheet ran over its page."""
    exercises = [f"{number:02d}-ex" for number in range(6)]
    cohort.book.keep_exercises([GradedExercise(one, n, f"E{n}", 2) for n, one in enumerate(exercises)])
    for day, exercise in enumerate(exercises):
        cohort.hand_in("low", [question("q", "other", "3")], exercise=exercise, day=day)
    [visit] = cohort.sheet().visits
    assert visit.whys[0].words == (
        "chapter 0 0%, chapter 1 0%, chapter 2 0%, chapter 3 0% and 2 more chapters"
    )
