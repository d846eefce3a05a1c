"""The scripts' own words: a sentence comes in the reader's language, with its values and the right plural."""

import pytest

from playbook.site.words import script

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CATALOGUE = """var catalogue = {
  plural: function (n) { return Number(n > 2); },
  messages: { "Close": "关闭", "{n} cell": ["{n} few", "{n} many"], "{a} of {b}": "{b} / {a}" },
};"""


@pytest.fixture(scope="module")
def page(chromium_browser):
    page = chromium_browser.new_page()
    yield page
    page.close()


def test_english_is_said_as_it_stands(page):
    page.evaluate(script())
    assert page.evaluate('say("{a} of {b}", {a: 0, b: "x"})') == "0 of x"
    assert page.evaluate('say("no {value}")') == "no {value}"
    assert page.evaluate('[0, 1, 2].map((n) => sayMany("{n} cell", "{n} cells", n, { n }))') == [
        "0 cells",
        "1 cell",
        "2 cells",
    ]


def test_another_language_has_its_own_order_and_plurals(page):
    page.evaluate(script().replace("var catalogue = {};", CATALOGUE))
    assert page.evaluate('say("Close")') == "关闭"
    assert page.evaluate('say("{a} of {b}", {a: 1, b: 2})') == "2 / 1"
    assert page.evaluate('[1, 2, 3].map((n) => sayMany("{n} cell", "{n} cells", n, { n }))') == [
        "1 few",
        "2 few",
        "3 many",
    ]
    assert page.evaluate('say("Open")') == "Open"
