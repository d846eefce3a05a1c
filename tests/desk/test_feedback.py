"""What trainees read: pages that tell what they should, and run nothing."""

import base64
import re

import pytest

from playbook.authoring.master import find_masters
from playbook.desk.feedback import (
    Piece,
    feedback_page,
    next_steps,
    trainees_of,
    write_feedback,
)
from playbook.desk.pages.notebook import prose, shown_cells
from playbook.errors import PlaybookError
from playbook.gradebook.records import GradedExercise
from tests.desk.samples import HINTS, PNG, question, standing
from tests.grading.fuzz import NASTY, check_harmless


def test_a_page_says_what_became_of_each_question_and_what_is_next(book, tmp_path):
    [path] = write_feedback(book, tmp_path / "out", ["t02"])
    page = path.read_text(encoding="utf-8")
    for words in ("Feedback for Wang", "✓ passed", "✗ not right", "Attempt 3 of 3", HINTS[0], "to gain"):
        assert words in page
    check_harmless(page)


def test_a_page_of_what_could_not_be_graded_says_why(book, tmp_path):
    [path] = write_feedback(book, tmp_path / "out", ["broken"])
    assert "Not graded yet: it is not a notebook" in path.read_text(encoding="utf-8")


def test_what_could_not_be_graded_is_the_first_thing_to_look_at():
    """Once a trainee whose only notebook could not be run read that every question is answered right."""
    data = {"questions": [], "notes": [], "remedy": "Let the notebook hold less at a time."}
    refused = standing(status="not graded", reason="out of memory", points=0.0, most=0.0, mark=None)
    piece = Piece(refused, data, None, False)
    step = "Chapter 1 · One, not graded yet: out of memory. Let the notebook hold less at a time."
    assert next_steps([piece], {"01-one": "Chapter 1 · One"}, []) == [step]
    page = feedback_page("Li Wei", [piece], [GradedExercise("01-one", 1, "One", 8.0)])
    assert "Opening a City · nothing is graded yet" in page
    marked = Piece(standing(exercise="03-two"), {"questions": [], "notes": []}, None, False)
    page = feedback_page("Li Wei", [piece, marked], [GradedExercise("01-one", 1, "One", 8.0)])
    assert "4 of 8 points in 1 exercise<" in page


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
    page = feedback_page(NASTY[0], [piece], [])
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
    page = feedback_page("x", [Piece(standing(), data, None, False)], [])
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


def test_paper_has_what_is_still_open_and_names_the_rest():
    questions = [question(n, "failed" if n > 1 else "passed") for n in range(1, 40)]
    page = feedback_page("x", [Piece(standing(), {"notes": [], "questions": questions}, None, False)], [])
    assert page.count('<tr class="screen">') == 39 - 30
    assert "Right: Question 1." in page
    assert "Also still open: Question 32, " in page


RAN = {
    "gap_share": 0.474,
    "cash_broken": 0.03,
    "attrition": 0.3,
    "mean_density": 0.9,
    "gate_passed": None,
    "draws": 200,
}


def page_of_run(record):
    data = {"notes": [], "questions": [question(1, "passed")], "simulated": record}
    return feedback_page("x", [Piece(standing(), data, None, False)], [])


def test_a_page_says_what_the_simulator_made_of_a_plan_and_what_cost_it_most():
    page = page_of_run({**RAN, "costs": [["veterans", 9.2], ["offices", 5.6], ["gate", 0.2]]})
    assert (
        "In 200 runs your plan closes 47% of the gap between the naive plan and the best one known; cash falls below "
        "the limit in 3% of them. Set as in the best plan known, one at a time, these would bring most: veterans and "
        "their package, 9% of the gap (chapter 9); offices, 6% of the gap (chapter 4)."
    ) in page


@pytest.mark.parametrize("record", [None, {}, {**RAN, "draws": "many"}])
def test_a_page_says_nothing_of_a_plan_that_was_not_run(record):
    assert "the gap" not in page_of_run(record)


def test_a_plan_that_no_lever_would_mend_hears_of_none():
    page = page_of_run({**RAN, "gap_share": -0.001, "costs": [["gate", 0.2]]})
    assert "closes 0% of the gap" in page
    assert "would bring most" not in page


@pytest.mark.slow
def test_several_processes_write_the_same_pages(book, tmp_path, monkeypatch):
    from playbook.desk import feedback

    monkeypatch.setattr(feedback, "_AT_ONCE", 3)
    trainees = trainees_of(book)
    alone = write_feedback(book, tmp_path / "alone", trainees)
    together = write_feedback(book, tmp_path / "together", trainees, jobs=2)
    assert [path.name for path in together] == [path.name for path in alone]
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(alone, together, strict=True))


def test_a_miss_that_comes_from_an_earlier_one_says_so_and_is_no_next_step():
    first = {**question(1, "failed", "a"), "did": "hint"}
    second = {**question(2, "failed", "b"), "did": "hint", "follows": "q1"}
    piece = Piece(standing(), {"notes": [], "questions": [first, second]}, None, False)
    assert [step.rpartition(": ")[2] for step in next_steps([piece], {}, [])] == ["a"]
    page = feedback_page("x", [piece], [])
    assert "It is worked out from “Question 1”, which is not right yet: mend that first. Message 2" in page


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("missed", [1.0, 0.5])
def test_the_whole_course_printed_is_three_sheets_at_most(tmp_path, chromium_browser, missed):
    """Once it took five sheets after fourteen exercises, and four for who had more than half of the points."""
    pieces, exercises = [], []
    for master in find_masters():
        exercises.append(GradedExercise(master.id, master.chapter, master.title, 15.0))
        questions = []
        for number, block in enumerate(master.blocks):
            hint = max((one.hint for one in block.wrongs), key=len, default="")
            outcome = "failed" if number < missed * len(master.blocks) else "passed"
            one = question(number, outcome, hint if outcome == "failed" else "")
            questions.append({**one, "title": block.question.title})
        data = {
            "questions": questions,
            "notes": ["the notebook opens xiamen, the roster says foshan: the roster decides"],
        }
        due = standing(exercise=master.id, due=0.0)
        pieces.append(Piece(due, data, None, False))
    path = tmp_path / "page.html"
    path.write_text(feedback_page("Li Wei", pieces, exercises), encoding="utf-8")
    with chromium_browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 3
