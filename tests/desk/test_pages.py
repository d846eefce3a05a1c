"""What trainees and instructors read: pages that tell what they should, and run nothing."""

import base64
import csv
import io
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.desk.analysis import _stuck, analyse, discrimination
from playbook.desk.exports.junit import junit
from playbook.desk.exports.spreadsheets import cell, marks_csv, questions_csv
from playbook.desk.exports.step_summary import SUMMARY_BYTES, step_summary
from playbook.desk.feedback import (
    Piece,
    _exporter,
    _render,
    feedback_notebook,
    next_steps,
    trainees_of,
    write_feedback,
)
from playbook.desk.report import commonest_wrong, report_data, report_page
from playbook.desk.safe_notebook import prose, shown_cells
from playbook.errors import PlaybookError
from playbook.exercises.outcomes import Outcome
from playbook.exercises.question import Result
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED, Graded, QuestionResult
from playbook.gradebook.standing import Standing, results_of, standings
from playbook.grading.marker import blank_result
from playbook.submissions.hand_in import find_hand_ins
from tests.grading.fuzz import NASTY, check_harmless

PNG = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg=="
    )
).decode()
HINTS = ("You divided by the wrong total.", "That is a share, not a number.")


def question(number, outcome, hint=""):
    points = {"passed": 2.0, "partial": 1.0}.get(outcome, 0.0)
    return {
        "question": f"q{number}",
        "title": f"Question {number}",
        "outcome": outcome,
        "points": points,
        "max_points": 2.0,
        "message": "" if outcome == "passed" else f"Message {number}",
        "hint": hint,
        "own": outcome,
        "unseen": outcome,
        "stretch": number == 3,
        "playbook": False,
    }


def standing(trainee="li-wei", exercise="01-one", points=4.0, most=8.0, status="graded", **more):
    plain = {"reason": "", "city": "wuxi", "number": 1, "attempts": 1, "first": 0.0, "last": 0.0}
    plain |= {"received": 0.0, "due": None, "attempt": 1, "mark": 1, "source": "s"}
    return Standing(trainee, exercise, status, points=points, max_points=most, **{**plain, **more})


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Forty trainees, two exercises; the able ones pass, some stop, one is stuck."""

    def result(one, outcomes, hints):
        questions = tuple(
            QuestionResult(
                Result(
                    f"q{n}", Outcome(outcome), 2.0 * (outcome == "passed"), 2.0, "M", hint, f"Question {n}"
                ),
                own=outcome,
            )
            for n, (outcome, hint) in enumerate(zip(outcomes, hints, strict=True), 1)
        )
        return Graded(
            one.trainee, one.exercise, one.source, one.sha256, GRADED, case="wuxi", questions=questions
        )

    tmp_path = tmp_path_factory.mktemp("cohort")
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    for exercise, people in (("01-one", 40), ("03-two", 25)):
        for person in range(people):
            again = 3 if (person, exercise) == (2, "01-one") else 1
            for attempt in range(again):
                notebook["metadata"] = {"n": [exercise, person, attempt]}
                path = tmp_path / "in" / f"t{person:02d}" / f"{exercise} ({attempt}).ipynb"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(notebook))
                moment = 1_700_000_000 + person * 86_400 + attempt
                os.utime(path, (moment, moment))
    (tmp_path / "in" / "broken").mkdir()
    (tmp_path / "in" / "broken" / "01-one.ipynb").write_text("{")
    os.utime(tmp_path / "in" / "broken" / "01-one.ipynb", (1_700_000_000, 1_700_000_000))
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.keep_roster(
            Roster(
                (
                    Enrolled("t00", "李 <b>伟</b>", "wuxi", {"": 1_600_000_000.0}),
                    Enrolled("t99", "=Zhang", "zibo"),
                    Enrolled("t02", "Wang"),
                )
            )
        )
        hand_ins = find_hand_ins(tmp_path / "in", ["01-one", "03-two"])
        known = book.record(hand_ins)
        for one in hand_ins:
            attempt = known[one.trainee, one.exercise, one.sha256]
            if one.problem:
                book.keep(attempt.id, None, blank_result(one))
                continue
            able = int(one.trainee[1:]) % 40 >= 20
            hint = HINTS[int(one.trainee[1:]) % 4 == 0]
            outcomes = ("passed", "passed" if able else "failed", "unattempted" if able else "passed")
            hints = ("", "" if able or one.trainee == "t01" else hint, "")
            address = Address(one.sha256, "m", "c", "k", "s")
            book.keep(attempt.id, address, result(one, outcomes, hints), notebook)
        yield book


# Feedback


def test_a_page_says_what_became_of_each_question_and_what_is_next(book, tmp_path):
    [path] = write_feedback(book, tmp_path / "out", ["t02"])
    page = path.read_text(encoding="utf-8")
    for words in ("Feedback for Wang", "✓ passed", "✗ not right", "Attempt 3 of 3", HINTS[0], "to gain"):
        assert words in page
    check_harmless(page)


def test_a_page_of_what_could_not_be_graded_says_why(book, tmp_path):
    [path] = write_feedback(book, tmp_path / "out", ["broken"])
    assert "Not graded yet: it is not a notebook" in path.read_text(encoding="utf-8")


def test_trainees_are_found_by_id_and_by_name(book):
    assert trainees_of(book, ["t02", "Wang"]) == ["t02", "t02"]
    assert len(trainees_of(book)) == 41
    with pytest.raises(PlaybookError, match="'nobody' has handed nothing in"):
        trainees_of(book, ["nobody"])


def test_what_a_trainee_wrote_is_shown_and_never_runs(tmp_path, book):
    cells = [
        {"cell_type": kind, "metadata": {}, "source": text, "outputs": outputs}
        for text in NASTY
        for kind, outputs in (
            ("markdown", []),
            (
                "code",
                [
                    {"output_type": "stream", "name": "stdout", "text": text},
                    {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]},
                    {"output_type": "display_data", "data": {"text/html": text, "image/svg+xml": text}},
                    {"output_type": "display_data", "data": {"application/javascript": text}},
                    {
                        "output_type": "display_data",
                        "data": {"image/png": PNG, "text/plain": text},
                        "metadata": {},
                    },
                    {"output_type": "display_data", "data": {"image/png": text}},
                ],
            ),
        )
    ]
    data = {"notes": list(NASTY), "questions": [question(1, "failed", text) for text in NASTY]}
    piece = Piece(standing(), data, {"cells": cells}, True)
    page = _render(_exporter(), feedback_notebook(NASTY[0], [piece], []))
    check_harmless(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert page.count("data:image/png;base64,") == len(NASTY)


@pytest.mark.parametrize(
    ("text", "gone", "there"),
    [
        ("<b>x</b>", "<b>", "&lt;b&gt;"),
        ("[x](javascript:alert(1))", "<a", "x"),
        ("![pic](http://a.invalid/b.png)", "<img", "[pic]"),
        ("[x](https://a.invalid/?q=\"')", "\"'", 'rel="noopener noreferrer nofollow"'),
        ("<https://a.invalid>", "<https", "https://a.invalid"),
        ("# Title", "<h1", "<strong>Title</strong>"),
    ],
)
def test_markdown_is_prose_without_html_pictures_and_odd_links(text, gone, there):
    shown = prose(text)
    assert gone not in shown
    assert there in shown


def test_only_pictures_that_are_png_are_shown():
    def outputs(value):
        cells = [{"cell_type": "code", "source": "x", "outputs": [
            {"output_type": "display_data", "data": {"image/png": value, "text/plain": "t"}}]}]  # fmt: skip
        return shown_cells({"cells": cells})[0]["outputs"][0]["data"]

    assert outputs(PNG)["image/png"] == PNG
    assert "image/png" not in outputs(base64.b64encode(b"<svg onload=alert(1)>").decode())
    assert "image/png" not in outputs('x" onerror="alert(1)')


def test_a_panel_is_named_rather_than_shown_as_code():
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "VBox(children=…)"}
    cells = [{"cell_type": "code", "source": "panel(case)", "outputs": [{"output_type": "display_data", "data": data}]}]  # fmt: skip
    [output] = shown_cells({"cells": cells})[0]["outputs"]
    assert output["data"]["text/plain"] == "[A panel to work with: it shows in the notebook only.]"


def test_hidden_values_are_on_no_page():
    data = {"notes": [], "questions": [{**question(1, "failed"), "unseen": "UNSEEN", "answer": "ANSWER"}]}
    page = json.dumps(feedback_notebook("x", [Piece(standing(), data, None, False)], []))
    assert "UNSEEN" not in page
    assert "ANSWER" not in page


def test_next_come_the_core_questions_with_most_to_gain_and_one_advice_once():
    questions = [question(3, "failed", "stretch"), question(1, "partial", "a"), question(2, "failed", "b")]
    steps = next_steps([Piece(standing(), {"questions": questions}, None, False)], {"01-one": "One"}, ["Two"])
    assert [step.rpartition(": ")[2] for step in steps] == ["b", "a", "stretch", "not handed in yet."]
    same = [question(1, "failed", "a"), question(2, "failed", "a")]
    [step] = next_steps([Piece(standing(), {"questions": same}, None, False)], {}, [])
    assert "“Question 1”, “Question 2”, 4 points to gain: a" in step


def test_where_nothing_is_open_the_page_says_so():
    piece = Piece(standing(), {"questions": [question(1, "passed")]}, None, False)
    assert next_steps([piece], {}, []) == ["Nothing is open here: every question is answered right."]


# The cohort's report


def test_the_report_counts_the_cohort(book):
    analysis = analyse(book)
    assert (len(analysis.trainees), analysis.graded, analysis.not_graded, analysis.late) == (42, 65, 1, 2)
    one, two = analysis.chapters
    assert (one.done, one.below, one.not_graded, one.missing) == (40, 0, 1, 1)
    assert two.missing == 17
    assert [person.why for person in analysis.stopped if person.trainee == "t99"] == ["has handed nothing in"]
    assert "t25" not in {person.trainee for person in analysis.stopped}


def test_who_has_stopped_is_who_lags_and_is_silent(book):
    stopped = {person.trainee for person in analyse(book, idle_days=10).stopped}
    assert {"t25", "t28", "t99"} <= stopped
    assert not {"t00", "t39"} & stopped


def test_stuck_are_those_who_try_again_and_again(book):
    analysis = analyse(book)
    assert analysis.stuck == ()  # three attempts, but four of six points
    chosen = [standing(points=1.0, attempts=3), standing(trainee="b", points=1.0, attempts=2)]
    assert [person.trainee for person in _stuck(chosen, Roster(), {})] == ["li-wei"]


def test_questions_are_judged_by_difficulty_and_discrimination(book):
    items = {(one.exercise, one.question): one for one in analyse(book).items}
    first, second, third = (items["01-one", f"q{n}"] for n in (1, 2, 3))
    assert (first.difficulty, first.discrimination, first.remark) == (
        1.0,
        None,
        "easy: hardly anyone loses points",
    )
    assert second.difficulty == 0.5
    assert second.discrimination < 0
    assert "does worse here" in second.remark
    assert third.outcomes == {"passed": 20, "unattempted": 20}


@pytest.mark.parametrize(
    ("shares", "rest", "expected"),
    [
        ([0, 1] * 10, [0, 5] * 10, 1.0),
        ([0, 1] * 10, [5, 0] * 10, -1.0),
        ([1] * 20, range(20), None),
        ([0, 1], [0, 1], None),
    ],
)
def test_discrimination_is_the_correlation_with_the_rest(shares, rest, expected):
    assert discrimination(np.array(shares, float), np.array(rest, float)) == (
        expected if expected is None else pytest.approx(expected)
    )


def test_the_commonest_wrong_answers_come_first_and_those_without_a_hint_are_counted(book):
    rows = commonest_wrong(analyse(book).items)
    assert [row["count"] for row in rows] == sorted((row["count"] for row in rows), reverse=True)
    first = rows[0]
    assert (first["hint"], first["item"].exercise) == (HINTS[0], "01-one")
    assert any(row["hint"] == "" for row in rows)


def test_the_report_is_one_page_with_its_figures_and_their_words(book):
    page = report_page(analyse(book), "Spring & summer")
    check_harmless(page)
    assert "<h1>Spring &amp; summer</h1>" in page
    assert page.count("<img") == 4
    assert page.count('alt="') == 4
    assert "李 &lt;b&gt;伟&lt;/b&gt;" not in page  # t00 has not stopped
    assert "=Zhang" in page


def test_a_report_on_nothing_is_a_page_too(tmp_path):
    with Gradebook(tmp_path / "empty.sqlite") as book:
        page = report_page(analyse(book))
    check_harmless(page)
    assert "0 notebooks were handed in" in page


def test_the_reports_data_is_json(book):
    data = json.loads(json.dumps(report_data(analyse(book))))
    assert data["items"][0]["remark"]
    assert data["chapters"][0]["done"] == 40


# Sheets


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1", "＝1", "＋1", "－1", "＠x", "|x", "%x"]
)
def test_no_text_becomes_a_formula(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize("value", ["Li Wei", "a=b", "01-one", "", -1.5, 3, "李伟"])
def test_other_values_stay_as_they_are(value):
    assert cell(value) == value


def test_marks_are_csv_with_a_row_for_who_handed_nothing_in(book):
    text = "".join(marks_csv(standings(book), book.roster(), ["01-one", "03-two"]))
    rows = list(csv.DictReader(io.StringIO(text)))
    missing = [row for row in rows if row["trainee"] == "t99"]
    assert [row["status"] for row in missing] == ["not handed in", "not handed in"]
    assert missing[0]["name"] == "'=Zhang"
    first = rows[[row["trainee"] for row in rows].index("t00")]
    assert (first["points"], first["max_points"], first["late"]) == ("4.0", "6.0", "yes")
    assert len(rows) == 68


def test_a_name_with_quotes_commas_and_lines_is_one_field():
    name = 'Li, "Wei"\nline;\tx'
    roster = Roster((Enrolled("e1", name),))
    [row] = csv.DictReader(io.StringIO("".join(marks_csv([standing("e1")], roster, []))))
    assert row["name"] == name


def test_questions_are_csv_too(book):
    rows = list(csv.DictReader(io.StringIO("".join(questions_csv(book, standings(book))))))
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


# In a browser


@pytest.mark.browser
@pytest.mark.slow
def test_pages_can_be_used_by_everyone(book, tmp_path, chromium_browser):
    from tests.browser.axe import grave_findings

    pages = write_feedback(book, tmp_path / "out", ["t02", "broken"])
    report = tmp_path / "report.html"
    report.write_text(report_page(analyse(book)), encoding="utf-8")
    with chromium_browser.new_context(bypass_csp=True) as context:  # axe is a script; the page allows none
        for path in [*pages, report]:
            page = context.new_page()
            page.goto(Path(path).as_uri())
            assert grave_findings(page) == []
            page.set_viewport_size({"width": 375, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= 375
