"""The City Playbook of three trainees: what a director reads of it, whatever was answered."""

import html
import re

import pytest

from playbook.chapters.summing import Ask, Milestone, Summary
from playbook.exercises import compose as composing
from playbook.exercises.plain import to_plain
from tests.shared.trainees import DAY, NOTES

pytestmark = pytest.mark.slow

#: Codes that no director knows.
CODES = re.compile(
    r"\bA\d{5}\b|\b[A-S]\d\d\b|[+-](?:lq|size|win_rate)\b|\btypical\b|ln\(|account_id|referrer_id"
)


def words(page: str) -> str:
    """What is read on the page, in one line."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def sheets(page: str) -> list[str]:
    """The words of the first page, the second, and of each section."""
    parts = re.split(r'<div class="sheet">|<section>', page)
    return [words(part) for part in parts[1:]]


@pytest.mark.usefixtures("without_figures")
def test_a_complete_one_names_city_person_and_day(complete, written):
    first = sheets(written(complete))[0]
    assert first.startswith("City Playbook Nanjing 南京市 Li Wei · 2026-11-28")


@pytest.mark.usefixtures("without_figures")
def test_the_recommendation_is_five_lines_in_the_trainees_words_with_the_numbers_that_carry_them(
    complete, written
):
    page = written(complete)
    lines = re.findall(r"<li>(.*?)</li>", page.split('<ol class="lines">')[1].split("</ol>")[0], re.DOTALL)
    assert len(lines) == 5
    for line, exercise in zip(
        map(words, lines),
        ("13-defence", "02-market", "03-entry", "07-benchmark", "04-base"),
        strict=True,
    ):
        [own] = [notes["decision"] for name, notes in NOTES.items() if name.startswith(exercise)]
        assert own in line
        assert len(re.findall(r"\d", line.replace(own, ""))) > 1


@pytest.mark.usefixtures("without_figures")
def test_the_ask_names_people_time_and_what_it_brings(complete, written):
    first = sheets(written(complete))[0]
    ask = first.split("The ask")[1]
    assert "3 managers and 9 supervisors from the city's own bench" in ask
    assert "2 supervisors with their groups (20 salespeople) 3 months" in ask
    assert "143 visits" in ask
    assert "28.5 selling days (6 weeks)" in ask


@pytest.mark.usefixtures("without_figures")
def test_the_second_page_has_what_speaks_against_it_what_would_change_it_and_dated_milestones(
    complete, written
):
    second = sheets(written(complete))[1]
    against, change = second.split("What would change it")
    assert [name for name, notes in NOTES.items() if notes.get("against", "–") in against] == [
        "02-market-capacity",
        "03-entry-industries",
        "04-base-area",
        "07-benchmark-customers",
        "13-defence",
    ]
    assert "To check first: ready sellers" in change
    assert "2027-01-09 (week 6) All 6 benchmark customers are won" in change


def test_a_director_meets_names_and_no_codes(complete, written):
    page = written(complete)
    assert CODES.findall(words(page)) == []
    assert CODES.findall(" ".join(re.findall(r'alt="([^"]*)"', page))) == []
    assert "Gulou Zhongrun Trading Store" in page
    assert "鼓楼中润贸易商行" in page


def test_each_section_has_a_decision_a_figure_a_table_and_a_source(complete, written):
    page = written(complete)
    assert len(re.findall("<section>", page)) == len(NOTES)
    for part in page.split("<section>")[1:]:
        assert "<blockquote>" in part
        assert "<figure>" in part
        assert "<table" in part
        assert "Source: " in part
        assert "draft" not in part


@pytest.mark.usefixtures("without_figures")
def test_the_rules_speak_of_all_chapters_and_name_the_one_to_go_back_to(complete, written):
    """Chapter 1 calls relations short, chapter 6 keeps out of Luhe, and chapter 8 lets P007 be appointed."""
    signed = {"first_step": "sales", "attack": ["Luhe"], "leader": "P007", "day_hours": 8, "supervisors": 3}
    complete["13-defence"]["signed"]["answer"] = to_plain(signed)
    page = written(complete)
    assert "The rules: 0 stop, 3 warn, 0 note." in sheets(page)[0]
    verdict = sheets(page)[-1].split("The rules' verdict: where the sections contradict each other")[1]
    assert verdict.startswith(" Rule What it found What to do Back to chapter 6 warning Chapter 1 says that")
    assert "9 warning You attack in Luhe, where chapter 6 says to keep out." in verdict
    assert "rules wait for answers of chapters 9, 13." in verdict


@pytest.mark.usefixtures("without_figures")
def test_a_half_done_one_says_in_words_what_is_a_draft_and_what_is_open(half_done, written):
    page = written(half_done)
    first, second, *parts = sheets(page)
    assert f"Draft: 0 of {len(NOTES)} sections are complete." in first
    assert (
        "Ask for customers first: cover more accounts. draft: not right yet Customers. draft: not complete yet"
        in first
    )
    assert "Enter trade first. The sentence is still to be written." in first
    assert "Draft, not right yet: Benchmark customers to win first" in second
    assert [part[0] for part in parts] == ["1", "3", "7"]
    assert "Not begun yet. 0 · The city at a glance; 2 · Market capacity; 4 · Base area" in second


def test_an_empty_one_says_what_will_stand_there(written):
    first, second = sheets(written({}))
    assert "Nothing is decided yet." in first
    assert "Not begun yet. 0 · The city at a glance; 1 · " in second


@pytest.mark.usefixtures("without_figures")
def test_who_gave_no_name_has_a_document_too(complete, written):
    assert "南京市 2026-11-28" in sheets(written(complete, ""))[0]


ODD = [
    None,
    True,
    "",
    "<b>$body</b>",
    -1,
    float("nan"),
    10**12,
    [],
    [None, 3, ["x"]],
    {"a": [1, 2]},
    {"t": "unknown"},
    ...,
    len,
]


@pytest.fixture
def without_figures(monkeypatch):
    """Nothing is drawn: that takes most of the time."""
    monkeypatch.setattr(composing, "_picture", lambda *_: None)


def test_a_figure_that_cannot_be_drawn_is_left_out(complete, written):
    for questions in complete.values():
        for given in questions.values():
            given |= {"answer": None, "outcome": "failed"}
    assert written(complete).count("<figure>") < len(NOTES)


@pytest.mark.usefixtures("without_figures")
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_whatever_was_answered_the_document_comes(odd, complete, written):
    plain = odd if isinstance(odd, dict) and "t" in odd else to_plain(odd)
    for questions in complete.values():
        for given in questions.values():
            given |= {"answer": plain, "outcome": "failed"}
    page = written(complete)
    assert "<b>" not in page
    assert f"Draft: 0 of {len(NOTES)} sections are complete." in words(page)


@pytest.mark.usefixtures("without_figures")
@pytest.mark.parametrize("shape", ["series", "dict", "renamed"])
def test_a_plan_or_a_table_may_come_in_another_shape(shape, complete, written):
    import pandas as pd

    plan = complete["07-benchmark-customers"]["plan"]["answer"]["v"]
    value = {
        "series": pd.Series(plan),
        "dict": dict.fromkeys(plan, 1),
        "renamed": pd.DataFrame({"x": plan, "days": 3}),
    }[shape]
    complete["07-benchmark-customers"]["plan"] = {"answer": to_plain(value), "outcome": "passed"}
    assert "Win 6 benchmark customers first" in sheets(written(complete))[0]


def test_a_summary_that_fails_leaves_the_answers_with_names(complete, outline, nanjing):
    broken = [
        {**one, "summary": "playbook.nowhere:summary", "figure": "playbook.nowhere:draw"} for one in outline
    ]
    parts = composing.sections(complete, broken, nanjing)
    shown = {table.caption: table for part in parts for table in part.entries}
    assert shown["The section to enter first"].rows == (("Research and technical services",),)
    assert shown["Benchmark customers to win first"].rows[0] == ("Gulou Zhongrun Trading Store",)
    assert all(part.picture is None for part in parts)


@pytest.mark.usefixtures("without_figures")
def test_of_many_chapters_the_five_that_weigh_most_are_recommended(monkeypatch, complete, outline, nanjing):
    from playbook.exercises.city_playbook import page

    many = [{**outline[0], "chapter": n, "section": f"Part {n}"} for n in range(7)]
    heavy = iter([1, 7, 3, 5, 2, 6, 4])
    monkeypatch.setattr(
        composing,
        "_summary",
        lambda *_: Summary(weight=(w := next(heavy)), lead=f"Do {w}", ask=Ask(people="1")),
    )
    parts = composing.sections(complete, many, nanjing)
    first = sheets(page(composing.compose("Li", nanjing, parts, DAY)))[0]
    assert re.findall(r"Do (\d)", first) == ["7", "6", "5", "4", "3"]


@pytest.mark.usefixtures("without_figures")
def test_milestones_stand_in_the_order_of_their_days(monkeypatch, complete, outline, nanjing):
    from playbook.exercises.city_playbook import page

    late = Summary(lead="Go", milestones=(Milestone(9, "late"), Milestone(1, "early")))
    monkeypatch.setattr(composing, "_summary", lambda *_: late)
    parts = composing.sections(complete, outline[:1], nanjing)
    second = sheets(page(composing.compose("Li", nanjing, parts, DAY)))[1]
    assert "2026-12-05 (week 1) early 2027-01-30 (week 9) late" in second


@pytest.mark.usefixtures("without_figures")
def test_a_note_that_is_too_long_is_cut_on_the_first_page_and_whole_in_its_section(complete, written):
    long = " ".join(f"word{n}" for n in range(200))
    complete["04-base-area"]["decision"]["answer"] = long
    first, _second, *parts = sheets(written(complete))
    assert "word22 …" in first
    assert "word199" not in first
    assert any(long in part for part in parts)


@pytest.mark.usefixtures("without_figures")
def test_a_chinese_note_that_is_too_long_is_cut_too(complete, written):
    complete["04-base-area"]["decision"]["answer"] = "先拜访出口企业" * 30
    first, *_rest = sheets(written(complete))
    assert "先拜访出口企业" * 10 + "先拜访出口 …" in first


@pytest.mark.usefixtures("without_figures")
@pytest.mark.slow
@pytest.mark.browser
def test_its_first_two_pages_are_two_pages_of_a4_and_it_fits_a_phone(
    chromium_browser, complete, half_done, written
):
    """Also when every note is as long as it may be."""
    for questions in complete.values():
        for name in questions.keys() & {"decision", "against"}:
            questions[name]["answer"] = " ".join(["customer"] * 60)
    for answers in (complete, half_done, {}):
        tab = chromium_browser.new_page(viewport={"width": 390, "height": 800})
        tab.set_content(written(answers))
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
        tab.add_style_tag(content="section { display: none !important }")
        pdf = tab.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
        assert b"/MediaBox [0 0 595" in pdf or b"/MediaBox [0 0 594" in pdf
        tab.close()
