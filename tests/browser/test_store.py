"""The browser's memory keeps what every exercise's notebook noted, answers and wrong tries, of each person."""

import json

import pytest

from playbook.site.browser import __file__ as browser

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ADDRESS = "http://course.test/lite/notebooks/index.html"


def noted(slug, count):
    entry = {"trainee": "Li Wei", "case": "wuxi", "answers": {slug: {"q": {"answer": count}}}}
    entry["tries"] = {slug: {"q": {"wrong": count, "rung": 2, "seen": []}}}
    return json.dumps({"version": 2, "last": "liwei wuxi", "people": {"liwei wuxi": entry}})


def test_tries_of_all_exercises_come_back(chromium_browser):
    from pathlib import Path

    store = Path(browser).with_name("page") / "store.js"
    page = chromium_browser.new_page()
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body="<p>page</p>"))
    page.goto(ADDRESS)
    page.add_script_tag(content=store.read_text(encoding="utf-8"))
    before = {
        "version": 2,
        "last": "",
        "people": {"liwei wuxi": {"trainee": "Li Wei", "case": "wuxi", "answers": {}}},
    }
    for text, slug in (
        (json.dumps(before), "01-a"),
        (noted("01-a", 2), "01-a"),
        (noted("03-b", 1), "03-b"),
        (noted("01-a", 4), "01-a"),
    ):
        page.evaluate("([text, slug]) => window.playbook.store.keepAnswers(text, slug)", [text, slug])
    own = json.loads(page.evaluate("window.playbook.store.answers()"))["people"]["liwei wuxi"]
    assert {slug: one["q"]["wrong"] for slug, one in own["tries"].items()} == {"01-a": 4, "03-b": 1}
    assert {slug: one["q"]["answer"] for slug, one in own["answers"].items()} == {"01-a": 4, "03-b": 1}
    page.close()
