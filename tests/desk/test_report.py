"""What instructors read about a cohort, and the numbers in it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from playbook.desk.analysis import analyse, discrimination
from playbook.desk.feedback import write_feedback
from playbook.desk.monday import monday
from playbook.desk.reading import read_cohort
from playbook.desk.report import commonest_wrong, report_json, report_page
from playbook.desk.report_figures import items_figure
from playbook.figures.style import to_img
from playbook.gradebook.gradebook import Gradebook
from tests.desk.samples import HINTS
from tests.grading.fuzz import check_harmless


def sheet_of(book):
    reading = read_cohort(book)
    analysis = analyse(book, reading=reading)
    return analysis, monday(book, reading, analysis)


def whys(analysis, kind):
    return {one.trainee: why.words for one in analysis.visits for why in one.whys if why.kind == kind}


def test_the_report_counts_the_cohort(book):
    analysis = analyse(book)
    assert (len(analysis.trainees), analysis.graded, analysis.not_graded, analysis.late) == (42, 65, 1, 2)
    one, two = analysis.chapters
    assert (one.done, one.below, one.not_graded, one.missing) == (40, 0, 1, 1)
    assert two.missing == 17
    assert whys(analysis, "stopped")["t99"] == "has handed nothing in"
    assert "t25" not in whys(analysis, "stopped")


def test_who_has_stopped_is_who_lags_and_is_silent(book):
    stopped = set(whys(analyse(book, idle_days=10), "stopped"))
    assert {"t25", "t28", "t99"} <= stopped
    assert not {"t00", "t39"} & stopped


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


def test_the_commonest_wrong_answers_come_first(book):
    rows = commonest_wrong(analyse(book).troubles)
    counts = [row["way"].people for row in rows]
    assert counts == sorted(counts, reverse=True)
    first = rows[0]
    assert (first["way"].did, first["trouble"].exercise) == (HINTS[0], "01-one")


@pytest.mark.slow
def test_the_figure_of_questions_names_them_by_chapter_and_title(book):
    analysis = analyse(book)
    two = replace(analysis.chapters[1], title="3 · Two")
    figure = items_figure(replace(analysis, chapters=(analysis.chapters[0], two)))
    assert "chapter 3, “Question 2”" in to_img(figure)
    [legend] = figure.legends
    assert "1: chapter 3, Question 2" in {text.get_text() for text in legend.texts}
    assert "03-two" not in to_img(figure)


@pytest.mark.slow
def test_the_report_is_one_page_with_its_figures_and_their_words(book):
    page = "".join(report_page(*sheet_of(book), "Spring & summer"))
    check_harmless(page)
    assert "<h1>Spring &amp; summer</h1>" in page
    assert page.count("<img") == 4
    assert page.count('alt="') == 4
    assert "李 &lt;b&gt;伟&lt;/b&gt;" in page
    assert "=Zhang" in page


def test_a_report_on_nothing_is_a_page_too(tmp_path):
    with Gradebook(tmp_path / "empty.sqlite") as book:
        page = "".join(report_page(*sheet_of(book)))
    check_harmless(page)
    assert "0 of 0 hand-ins that count are graded" in page


def test_the_reports_data_is_json(book):
    data = json.loads("".join(report_json(*sheet_of(book))))
    assert data["items"][0]["remark"]
    assert data["chapters"][0]["done"] == 40


@pytest.mark.browser
@pytest.mark.slow
def test_pages_can_be_used_by_everyone(book, tmp_path, chromium_browser):
    from tests.browser.axe import grave_findings

    pages = write_feedback(book, tmp_path / "out", ["t02", "broken"])
    report = tmp_path / "report.html"
    report.write_text("".join(report_page(*sheet_of(book))), encoding="utf-8")
    with chromium_browser.new_context(bypass_csp=True) as context:  # axe is a script; the page allows none
        for path in [*pages, report]:
            page = context.new_page()
            page.goto(Path(path).as_uri())
            assert grave_findings(page) == []
            page.set_viewport_size({"width": 375, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.browser
@pytest.mark.slow
def test_the_report_of_forty_is_short_on_paper_and_on_a_phone(book, tmp_path, chromium_browser):
    report = tmp_path / "report.html"
    report.write_text("".join(report_page(*sheet_of(book))), encoding="utf-8")
    with chromium_browser.new_context(viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(report.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("document.documentElement.scrollHeight") < 15_000
        sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
        assert 1 <= len(sheets) <= 6


@pytest.mark.browser
@pytest.mark.slow
def test_the_monday_sheet_takes_one_printed_page(book, tmp_path, chromium_browser):
    """With the longest steps of the course, seven visits, four pairs, and a week in which much has changed."""
    from playbook.authoring.master import find_masters
    from playbook.desk.changes import Changes
    from playbook.desk.did import Trouble, Way
    from playbook.desk.lessons import Board, Lesson
    from playbook.desk.pairs import Pair
    from playbook.desk.visits import Visit, Why

    steps = sorted(
        (block.help.step for master in find_masters() for block in master.blocks if block.help), key=len
    )
    ways = tuple(
        Way(
            "You counted parts of regions: one stroke, /, keeps the rest.",
            4,
            0.1,
            (),
            ("regions: 0, 0, 3.33333, 0.666667, 2.33333, 1 (Wuxi)",),
            True,
        )
        for _ in range(3)
    )
    trouble = Trouble("01-one", "q", "The districts in the order to look at", 6, False, 38, 14, 4, 1, ways)
    asks = ("Wang Yan (Zibo)", "Zhang Rui (Dalian)")
    lessons = tuple(
        Lesson(trouble, "1 · One", 7, "", asks, step, Board("1"), "", ways) for step in steps[-3:]
    )
    pair = Pair(
        "Huang Ming",
        "Sun Qi",
        "3 · Two",
        "Which check stops which section",
        ("Dalian", "Wuxi"),
        "Workers in manufacturing: 21% and 42%",
    )
    lines = (
        "62 notebooks more were handed in.",
        "Done since then: chapter 1 by 8, chapter 3 by 9, chapter 4 by 8.",
        "Came back: Liu Na.",
        "No longer to be visited: Luo Bo, Huang Xia, Sun Lan, Gao Shan, Lin Jun and 6 more.",
        *("Fewer miss chapter 3, “Which check stops which section”: 5%, before 32%.",) * 3,
    )
    analysis, sheet = sheet_of(book)
    stuck = Why("stuck", "chapter 1: 3 of 15 points (20%) after 3 attempts", "01-one")
    begin = "chapter 1, question 3 “Breakthrough index of six cities”"
    visit = Visit("t", "Huang Ming", "South 2", "dalian", 0.2, (stuck, stuck), begin)
    full = replace(
        sheet, visits=(visit,) * 9, lessons=lessons, pairs=(pair,) * 4, changes=Changes(1.0, lines)
    )
    report = tmp_path / "report.html"
    report.write_text("".join(report_page(analysis, full)), encoding="utf-8")
    wide, tall = (210 - 2 * 12) / 25.4 * 96, (297 - 2 * 8) / 25.4 * 96  # A4 within its margins, in pixels
    with chromium_browser.new_context(viewport={"width": round(wide), "height": 800}) as context:
        page = context.new_page()
        page.goto(report.as_uri())
        page.emulate_media(media="print")
        assert page.evaluate("document.querySelector('.sheet').getBoundingClientRect().bottom") <= tall


@pytest.mark.browser
@pytest.mark.slow
def test_no_name_in_a_table_stands_letter_under_letter(book, tmp_path, chromium_browser):
    """Once the heads of "Time and attempts" were so wide that a chapter's title had room for one letter a line."""
    report = tmp_path / "report.html"
    report.write_text("".join(report_page(*sheet_of(book), "Autumn")), encoding="utf-8")
    with chromium_browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(report.as_uri())
        widths = page.evaluate("[...document.querySelectorAll('tbody th')].map(one => one.clientWidth)")
        assert min(widths) > 60
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
