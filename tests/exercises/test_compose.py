"""The City Playbook: what was answered, and what is still open."""

import datetime
import json
import re
import sys
import time
from pathlib import Path

import pytest

from playbook import open_case, open_exercise
from playbook.errors import PlaybookError
from playbook.exercises.city_playbook import page
from playbook.exercises.compose import compose, graded_answers, sections
from playbook.exercises.plain import to_plain

DAY = datetime.date(2026, 11, 21)
OUTLINE = [
    {
        "exercise": "01-a",
        "chapter": 1,
        "section": "Diagnosis",
        "figure": "playbook.chapters.first_notebook.figures:document_figure",
        "questions": [
            {"id": "n", "title": "How many", "points": 1, "stretch": False, "playbook": True},
            {"id": "t", "title": "By section", "points": 1, "stretch": False, "playbook": True},
            {"id": "x", "title": "Not for print", "points": 1, "stretch": False, "playbook": False},
        ],
    },
    {
        "exercise": "02-b",
        "chapter": 2,
        "section": "Later",
        "figure": "",
        "questions": [{"id": "z", "title": "What next", "points": 1, "stretch": False, "playbook": True}],
    },
]


def answered(**answers):
    return {
        "01-a": {name: {"answer": to_plain(value), "outcome": "passed"} for name, value in answers.items()}
    }


def test_sections_follow_the_chapters_and_name_what_is_open(jinhua):
    first, second = sections(answered(n=1234), OUTLINE, jinhua)
    assert [entry.rows for entry in first.entries] == [(("1,234",),)]
    assert first.open == ("By section",)
    assert first.picture is not None
    assert first.picture.png.startswith(b"\x89PNG")
    assert "Prospects on the company's list" in first.picture.alt
    assert (second.entries, second.open) == ((), ("What next",))


def test_accounts_are_read_only_where_an_answer_names_one(jinhua, monkeypatch):
    read = []
    table = type(jinhua).table
    monkeypatch.setattr(type(jinhua), "table", lambda case, name: read.append(name) or table(case, name))
    outline = [{**OUTLINE[0], "figure": ""}, OUTLINE[1]]
    sections(answered(n=["C", "A1"]), outline, jinhua)
    assert "accounts" not in read
    first = table(jinhua, "accounts").iloc[0]
    [entry] = sections(answered(n=[first["account_id"]]), outline, jinhua)[0].entries
    assert entry.rows == ((first["name"],),)
    assert "accounts" in read


@pytest.mark.slow
def test_codes_get_their_names_and_text_is_escaped(jinhua):
    [entry] = sections(answered(n=["C", "<b>"]), OUTLINE, jinhua)[0].entries
    assert entry.rows == (("Manufacturing",), ("<b>",))
    html = page(compose("Li", jinhua, sections(answered(n=["C", "<b>"]), OUTLINE, jinhua), DAY))
    assert "<li>&lt;b&gt;</li>" in html


def test_an_answer_that_is_not_right_is_a_draft(jinhua):
    answers = {"01-a": {"n": {"answer": 3, "outcome": "failed"}}}
    html = page(compose("Li", jinhua, sections(answers, OUTLINE, jinhua), DAY))
    assert "draft: not right yet" in html
    assert "Draft, not right yet: How many." in html.split("Still open")[1]


def test_a_figure_that_cannot_be_drawn_leaves_the_words(jinhua):
    outline = [{**OUTLINE[0], "figure": "playbook.chapters.first_notebook.figures:no_such_figure"}]
    assert sections(answered(n=3), outline, jinhua)[0].picture is None


def test_the_page_stands_alone_and_prints(jinhua):
    html = page(compose("Li <Wei>", jinhua, sections(answered(n=3), OUTLINE, jinhua), DAY))
    assert "Li &lt;Wei&gt; · 2026-11-21" in html
    assert "<title>City Playbook: Jinhua (金华市)</title>" in html
    assert "@page" in html
    assert not re.findall(r'(?:src|href)="(?!data:)', html)
    assert html.count("<img alt=") == 1


def test_the_page_needs_no_library_that_a_browser_tab_would_have_to_fetch(jinhua, monkeypatch):
    document = compose("Li", jinhua, sections(answered(n=3), OUTLINE, jinhua), DAY)
    for library in ("nbconvert", "nbformat", "jinja2"):
        monkeypatch.setitem(sys.modules, library, None)
    assert document.title in page(document)


@pytest.mark.slow
def test_what_stands_in_answers_is_no_place_in_the_frame(jinhua):
    html = page(compose("$body ${title} $", jinhua, sections(answered(n=["$body"]), OUTLINE, jinhua), DAY))
    assert "$body ${title} $" in html
    assert "<p>$body</p>" in html


def test_a_notebook_writes_its_own_dated_by_the_courses_clock(sealed_folder, capsys, monkeypatch):
    open_case("your name or staff number")
    check = open_exercise("99-mini")
    with pytest.raises(PlaybookError, match="no answers"):
        check.document()
    check("prospects", 7)
    monkeypatch.setenv("PLAYBOOK_TIME_ZONE", "Asia/Shanghai")
    monkeypatch.setattr(time, "time", lambda: 1796068800.0)  # the last evening of a November in London
    assert check.document() == "city-playbook.html"
    assert "2026-12-01" in Path("city-playbook.html").read_text(encoding="utf-8")


def test_graded_results_are_read(tmp_path):
    question = {"question": "n", "playbook": True, "answer": 3, "outcome": "passed", "unit": "firms"}
    data = {"status": "graded", "case": "wuxi", "exercise": "01-a", "questions": [question]}
    (tmp_path / "01-a.json").write_text(json.dumps(data), encoding="utf-8")
    case, answers = graded_answers(tmp_path)
    assert case.name == "wuxi"
    assert answers["01-a"]["n"]["unit"] == "firms"
    with pytest.raises(PlaybookError, match="no graded results"):
        graded_answers(tmp_path / "nobody")
