"""The Monday sheet: what to teach again, whom to visit, whom to pair, what changed."""

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.desk.analysis import analyse
from playbook.desk.did import in_words
from playbook.desk.monday import pages_beside
from playbook.desk.report import commonest_wrong, report_page
from playbook.gradebook.records import GradedExercise
from tests.desk.by_hand import question

pytestmark = pytest.mark.slow


def test_wrong_answers_that_no_hint_fits_are_grouped_by_what_they_are(cohort):
    """Once they were one heap for each question, larger than every hint: the five commonest all said so."""
    ways = ["slip:100 times too large"] * 3 + ["form:number:text"] * 2 + ["stopped:NameError"] * 2
    for number, did in enumerate(ways):
        cohort.hand_in(f"t{number}", [question("q", did, f"{number}")])
    cohort.hand_in("u1", [question("q", "hint", "7", hint="You divided by the wrong total.")])
    cohort.hand_in("u2", [question("q", "hint", "8", hint="You divided by the wrong total.")])
    rows = commonest_wrong(analyse(cohort.book).troubles)
    assert [row["way"].people for row in rows] == [3, 2, 2, 2]
    words = [row["way"].did for row in rows]
    assert "100 times too large" in words[0]
    assert {"You divided by the wrong total.", "gave a text where a number is asked for"} < set(words)
    assert any("NameError" in one for one in words)
    assert not any("no hint" in one for one in words)


def test_the_same_value_makes_a_group_and_values_of_one_person_make_one_together(cohort):
    for number, given in enumerate(["0.31", "0.31", "0.44", "0.5"]):
        cohort.hand_in(f"t{number}", [question("q", "other", given)])
    [trouble] = analyse(cohort.book).troubles
    assert [(way.people, way.did.partition(",")[0]) for way in trouble.ways] == [
        (2, "gave the same value"),
        (2, "gave values that nothing explains"),
    ]
    assert trouble.ways[0].examples[0].startswith("0.31")


def test_a_miss_that_follows_from_an_earlier_one_is_counted_there(cohort):
    for number in range(4):
        cohort.hand_in(f"t{number}", [question("a", "other", "3"), question("b", "other", "6", follows="a")])
    by_question = {one.question: one for one in analyse(cohort.book).troubles}
    assert (by_question["a"].first, by_question["a"].following) == (4, 0)
    assert (by_question["b"].first, by_question["b"].following, by_question["b"].ways) == (0, 4, ())
    assert [lesson.trouble.question for lesson in cohort.sheet().lessons] == ["a"]


def test_who_left_a_question_open_gave_no_wrong_answer(cohort):
    cohort.hand_in("t1", [question("q", "open")])
    cohort.hand_in("t2", [question("q", "other", "3")])
    [trouble] = analyse(cohort.book).troubles
    assert (trouble.open, trouble.wrong, [way.people for way in trouble.ways]) == (1, 1, [1])


def test_marks_from_before_this_was_kept_say_what_to_do(cohort):
    assert "playbook regrade --apply" in in_words("earlier", "")


def test_sentences_and_stretches_are_no_lesson(cohort):
    for number in range(4):
        cohort.hand_in(f"t{number}", [question("q", "sentence", "'short'")])
    assert cohort.sheet().lessons == ()


def test_somebody_below_sixty_per_cent_is_named_after_one_attempt(cohort):
    """Once only who had tried three times was named."""
    cohort.hand_in("low", [question("a", "other", "1"), question("b", "open")])
    cohort.hand_in("able", [question("a"), question("b")])
    [visit] = cohort.sheet().visits
    assert (visit.trainee, visit.whys[0].kind) == ("low", "low")
    assert visit.whys[0].words == "chapter 1: 0 of 4 points (0%)"
    assert visit.begin == "chapter 1, question 1 “Title of a”"


def test_who_is_low_in_everything_comes_before_who_falls_from_a_height(cohort):
    """Once the weakest of forty, with a third of the points in each of four chapters, stood eleventh, off the sheet."""
    for trainee in ("a", "b", "c", "falls"):
        for week, exercise in enumerate(("01-one", "03-two", "04-three")):
            lost = 3 if trainee == "falls" and week == 2 else 5
            rows = [question(f"q{n}", "other" if n >= lost else "", "1") for n in range(5)]
            cohort.hand_in(trainee, rows, exercise=exercise, day=7 * week)
    for week, exercise in enumerate(("01-one", "03-two", "04-three")):
        rows = [question(f"q{n}", "other" if n else "", "1") for n in range(5)]
        cohort.hand_in("weak", rows, exercise=exercise, day=7 * week)
    assert [(one.trainee, one.whys[0].kind) for one in cohort.sheet().visits] == [
        ("weak", "low"),
        ("falls", "falling"),
    ]


def test_who_tries_again_and_again_is_stuck(cohort):
    for day in range(3):
        cohort.hand_in("t", [question("a", "other", str(day)), question("b", "open")], day=day)
    [visit] = cohort.sheet().visits
    assert [(why.kind, why.words) for why in visit.whys] == [
        ("stuck", "chapter 1: 0 of 4 points (0%) after 3 attempts")
    ]


def test_who_falls_more_than_the_cohort_is_named(cohort):
    for trainee in ("a", "b", "c"):
        cohort.hand_in(trainee, [question(f"q{n}") for n in range(5)])
        cohort.hand_in(trainee, [question(f"q{n}") for n in range(5)], exercise="03-two", day=7)
    cohort.hand_in("f", [question(f"q{n}") for n in range(5)])
    cohort.hand_in(
        "f",
        [
            question("q0"),
            question("q1"),
            question("q2"),
            question("q3", "other", "1"),
            question("q4", "open"),
        ],
        exercise="03-two",
        day=7,
    )
    [visit] = cohort.sheet().visits
    assert (visit.trainee, visit.whys[0].kind) == ("f", "falling")
    assert "after 100% in what came before" in visit.whys[0].words


def test_a_chapter_that_is_hard_for_all_makes_nobody_fall(cohort):
    for trainee in ("a", "b", "c"):
        cohort.hand_in(trainee, [question(f"q{n}") for n in range(5)])
        hard = [
            question("q0"),
            question("q1"),
            question("q2"),
            question("q3", "open"),
            question("q4", "open"),
        ]
        cohort.hand_in(trainee, hard, exercise="03-two", day=7)
    assert cohort.sheet().visits == ()


def test_pairs_have_contrasting_cities_and_one_of_the_two_has_it_right(cohort):
    for number in range(3):
        cohort.hand_in(f"wrong{number}", [question("q", "other", "3")], city="wuxi")
    cohort.hand_in("neighbour", [question("q")], city="wuxi")
    cohort.hand_in("far", [question("q")], city="zibo")
    [pair] = cohort.sheet().pairs
    assert (pair.asks, pair.tells, pair.cities) == ("wrong0", "far", ("Wuxi", "Zibo"))
    assert pair.contrast == "Workers in manufacturing: 42% and 24%"


def test_who_is_to_be_visited_helps_nobody_and_is_asked_last(cohort):
    """Once the one with nothing else right was sent to help, and asked to show how it is done."""
    for number in range(2):
        cohort.hand_in(f"wrong{number}", [question("q", "other", "3"), question("r")], city="wuxi")
    cohort.hand_in("able", [question("q"), question("r")], city="guiyang")
    cohort.hand_in("a-low", [question("q"), question("r", "open"), question("s", "open")], city="foshan")
    sheet = cohort.sheet()
    assert [one.trainee for one in sheet.visits][:1] == ["a-low"]
    assert [pair.tells for pair in sheet.pairs] == ["able"]
    assert sheet.lessons[0].volunteers[0] == "able (Guiyang)"


def test_a_visit_begins_where_its_reason_is(cohort):
    """Once somebody who fell in chapter 3 was to begin at a small miss in chapter 1."""
    cohort.book.keep_exercises(
        [GradedExercise("01-one", 1, "One", 10), GradedExercise("03-two", 3, "Two", 10)]
    )
    for trainee in ("a", "b", "c", "f"):
        earlier = [question(f"q{n}") for n in range(4)] + [
            question("q4", "other" if trainee == "f" else "", "1")
        ]
        cohort.hand_in(trainee, earlier)
        later = [question(f"q{n}", "other" if trainee == "f" and n > 2 else "", "1") for n in range(5)]
        cohort.hand_in(trainee, later, exercise="03-two", day=7)
    [visit] = cohort.sheet().visits
    assert (visit.whys[0].kind, visit.begin) == ("falling", "chapter 3, question 4 “Title of q3”")


def test_a_lesson_counts_everybody_who_missed_it(cohort):
    given = (("other", "3"), ("slip", "4"), ("stopped NameError", "x"), ("form text", "'t'"), ("other", "9"))
    for number, (did, value) in enumerate(given):
        cohort.hand_in(f"t{number}", [question("q", did, value)])
    cohort.hand_in("open", [question("q", "open")])
    sheet = cohort.sheet()
    [lesson] = sheet.lessons
    assert sum(way.people for way in lesson.ways) + lesson.others + lesson.trouble.open == 6
    assert lesson.others > 0
    assert f"<strong>{lesson.others}</strong> in other ways" in "".join(
        report_page(analyse(cohort.book), sheet)
    )


def test_nobody_is_in_two_pairs(cohort):
    for number in range(5):
        cohort.hand_in(f"w{number}", [question("q", "other", "3")], city="wuxi")
        cohort.hand_in(f"r{number}", [question("q")], city="zibo")
    people = [name for pair in cohort.sheet().pairs for name in (pair.asks, pair.tells)]
    assert len(people) == len(set(people)) == 10


def test_the_first_report_has_nothing_to_compare_with(cohort):
    cohort.hand_in("t", [question("a")])
    assert cohort.sheet().changes.since is None


def test_a_report_says_what_changed_and_says_it_again_when_nothing_has(cohort):
    cohort.hand_in("t", [question("a", "other", "1"), question("b", "open")])
    cohort.hand_in("u", [question("a", "other", "1"), question("b")])
    cohort.sheet()
    cohort.hand_in("t", [question("a"), question("b")], day=1)
    first, again = cohort.sheet().changes, cohort.sheet().changes
    assert first == again
    said = " ".join(first.lines)
    assert "1 notebook more was handed in." in said
    assert "Done since then: chapter 1 by 1." in said
    assert "No longer to be visited: t." in said
    assert "Fewer miss chapter 1, “Title of a”: 50%, before 100%." in said


def test_a_kept_report_of_another_form_is_no_obstacle(cohort):
    from playbook.gradebook.records import KeptReport

    cohort.book.keep_report(KeptReport(1.0, "x", {"shares": 3, "visits": None}))
    cohort.hand_in("t", [question("a")])
    assert cohort.sheet().changes.since == 1.0


@pytest.mark.slow
def test_the_table_is_by_region_and_team_and_links_to_feedback_that_is_there(cohort, tmp_path):
    cohort.book.keep_roster(
        Roster(
            (
                Enrolled("a", "Anna", team="North 1", region="North"),
                Enrolled("b", "Bo", team="South 1", region="South"),
            )
        )
    )
    cohort.hand_in("a", [question("q")])
    cohort.hand_in("b", [question("q", "other", "1")])
    (tmp_path / "feedback").mkdir()
    (tmp_path / "feedback" / "a.html").write_text("x")
    pages = pages_beside(tmp_path / "results" / "report.html", tmp_path / "feedback", ["a", "b"])
    assert pages == {"a": "../feedback/a.html"}
    sheet = cohort.sheet(pages=pages)
    assert [(group.called, [row.name for row in group.rows]) for group in sheet.groups] == [
        ("North · North 1", ["Anna"]),
        ("South · South 1", ["Bo"]),
    ]
    page = "".join(report_page(analyse(cohort.book), sheet))
    assert 'href="../feedback/a.html#exercise-01-one"' in page
    assert "b.html" not in page


def test_a_lesson_takes_its_two_minutes_from_the_master(cohort):
    from playbook.authoring.master import find_masters

    [master] = find_masters(names=["03"])
    cohort.book.keep_exercises([GradedExercise(master.id, 3, master.title, 4)])
    for number in range(3):
        cohort.hand_in(f"t{number}", [question("lq", "other", "3")], exercise=master.id)
    cohort.hand_in("able", [question("lq")], exercise=master.id)
    [lesson] = cohort.sheet(masters=lambda exercise: master).lessons
    assert lesson.asks == "What the city has more of"
    assert "which share stands on top" in lesson.step
    assert lesson.board.head[1:] == ("section", "lq")
    assert lesson.volunteers[0].startswith("able (")
    assert "What Jinhua has more of" in lesson.see
