"""The finished pages in a browser: no other host, nothing too wide, readable by everybody."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from tests.browser.axe import COLOURS, grave_findings

pytestmark = [pytest.mark.slow, pytest.mark.browser]


#: Pages looked at in every run; the others with --long.
ALWAYS = ("index", "03-entry-industries", "search")


@dataclass
class Visit:
    """What was found on one page, opened once."""

    address: str
    violations: dict[str, list[str]] = field(default_factory=dict)
    phone_width: int = 0
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def hosts() -> set[str]:
    """Every host that was asked for anything."""
    return set()


@pytest.fixture(scope="module", params=["some", pytest.param("the others", marks=pytest.mark.long)])
def visits(request, chromium_browser, hosts, instructors_folder, site_address) -> list[Visit]:
    """Pages of the book, looked at in light, in the dark, and at the width of a phone."""
    pages = [*(instructors_folder / "book").rglob("*.html"), instructors_folder / "search.html"]
    pages = [page for page in pages if (page.stem in ALWAYS) == (request.param == "some")]
    with chromium_browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        return [
            visit(context, site_address + page.relative_to(instructors_folder).as_posix())
            for page in sorted(pages)
        ]


def visit(context, address: str) -> Visit:
    page, found = context.new_page(), Visit(address)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda one: one.type in ("error", "warning") and said.append(one.text))
    page.goto(address, wait_until="load")
    found.complaints = said.copy()  # what axe asks for later is not the page's
    for scheme, rules in (("light", None), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
        found.violations[scheme] = grave_findings(page, only=rules)
    page.set_viewport_size({"width": 375, "height": 760})
    found.phone_width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    return found


def test_no_page_asks_another_host(visits, hosts):
    assert hosts - {""} == {urlsplit(visits[0].address).netloc}


def test_nothing_is_wider_than_a_phone(visits):
    assert [(one.address, one.phone_width) for one in visits if one.phone_width > 375] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visits, scheme):
    found = [f"{one.address}: {violation}" for one in visits for violation in one.violations[scheme]]
    assert not found, "\n".join(found)


def test_focus_is_seen(chromium_browser, site_address):
    with chromium_browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site_address}book/glossary.html")
        for _ in range(6):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


@pytest.fixture
def quiz(chromium_browser, site_address):
    """The questions of a chapter's quiz: a number, true or false, a number, true or false, a choice."""
    with quiz_of(chromium_browser, site_address) as questions:
        yield questions


@pytest.fixture(scope="module")
def number(chromium_browser, site_address):
    """A question of it whose answer, 0.25, is typed again and again."""
    with quiz_of(chromium_browser, site_address) as questions:
        yield questions.nth(2)


@contextmanager
def quiz_of(browser, address):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}book/03-entry-industries.html")
        yield page.locator(".quiz").last.locator("fieldset")  # the first one asks about earlier chapters


def said(question) -> str:
    return question.locator(".quiz-verdict").inner_text()


def answered(question, typed: str) -> str:
    question.locator("input").fill(typed)
    question.get_by_role("button", name="Check").click()
    return said(question)


def test_a_quiz_is_answered_by_keyboard_and_gives_its_reason(quiz):
    number, truth = quiz.nth(0), quiz.nth(1)
    number.locator("input").focus()
    number.page.keyboard.type("1.5")
    number.page.keyboard.press("Enter")
    assert said(number) == "Right."
    assert number.locator(".quiz-why").inner_text().startswith("6 over 4")
    truth.locator("input").first.focus()
    truth.page.keyboard.press("Space")
    truth.page.keyboard.press("Tab")
    truth.page.keyboard.press("Enter")
    assert said(truth) == "Not yet. Try again, or show the answer."
    assert not truth.locator(".quiz-why").is_visible()
    truth.page.keyboard.press("Tab")
    truth.page.keyboard.press("Enter")
    assert said(truth) == "The answer: False"
    assert truth.locator(".quiz-why").inner_text().startswith("It is special and tiny")


@pytest.mark.parametrize(
    "typed", ["0.25", "1/4", "25%", "25 %", "０.２５", "２５％", ".25", "0,25", "= 0.25", "1÷4"]
)
def test_a_number_is_read_as_people_write_it(number, typed):
    assert answered(number, "0.5") != "Right."
    assert answered(number, typed) == "Right."


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Answer first."),
        ("a quarter", "Write a number, such as 0.25, 1/4 or 25 %."),
        ("1/0", "Write a number, such as 0.25, 1/4 or 25 %."),
        ("0.5", "Not yet. Try again, or show the answer."),
        ("25", "Not yet. Try again, or show the answer."),
        ("-0.25", "Not yet. Try again, or show the answer."),
    ],
)
def test_what_is_no_right_number_is_told(number, typed, answer):
    assert answered(number, "1/4") == "Right."
    assert answered(number, typed) == answer


def test_no_page_complains_to_the_console(visits):
    assert [f"{one.address}: {said}" for one in visits for said in one.complaints] == []


def test_icons_are_drawn_from_a_font_that_the_theme_brings(chromium_browser, site_address):
    with chromium_browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(site_address + "book/03-entry-industries.html")
        missing = page.evaluate("""async () => {
          await document.fonts.ready;
          const icons = [...document.querySelectorAll("i.fa-solid")];
          const families = new Set(icons.map((icon) => getComputedStyle(icon).fontFamily));
          const brought = new Set([...document.fonts].map((font) => font.family.replaceAll('"', "")));
          const unnamed = icons.filter((icon) => getComputedStyle(icon, "::before").content === "none");
          return [...families].filter((family) => !brought.has(family.replaceAll('"', "")))
            .concat(unnamed.map((icon) => icon.className));
        }""")
        assert missing == []
