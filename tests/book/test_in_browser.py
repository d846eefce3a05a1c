"""The finished pages in a browser: no other host, nothing too wide, readable by everybody."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@dataclass
class Visit:
    """What was found on one page, opened once."""

    address: str
    violations: dict[str, list[str]] = field(default_factory=dict)
    phone_width: int = 0


@pytest.fixture(scope="module")
def hosts() -> set[str]:
    """Every host that was asked for anything."""
    return set()


@pytest.fixture(scope="module")
def visits(chromium_browser, hosts, site_folder, site_address) -> list[Visit]:
    """Every page of the book, looked at in light, in the dark, and at the width of a phone."""
    pages = [*(site_folder / "book").rglob("*.html"), site_folder / "search.html"]
    with chromium_browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        return [
            visit(context, site_address + page.relative_to(site_folder).as_posix()) for page in sorted(pages)
        ]


def visit(context, address: str) -> Visit:
    from axe_playwright_python.sync_playwright import Axe

    page, found = context.new_page(), Visit(address)
    page.goto(address, wait_until="load")
    page.add_style_tag(content="* { transition: none !important; }")  # colours are measured at rest
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
        found.violations[scheme] = [
            f"{violation['id']} ({len(violation['nodes'])}×) {violation['nodes'][0]['html'][:200]}"
            for violation in Axe().run(page).response["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
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


def test_a_quiz_is_answered_by_keyboard(chromium_browser, site_address):
    with chromium_browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site_address}book/03-entry-industries.html")
        quiz = page.locator(".yaq-root").first
        quiz.locator("input, button, select").first.focus()
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").startswith("Check answers"):
                break
        page.keyboard.press("Enter")
        quiz.locator(".yaq-status").filter(has_text="unanswered").wait_for(state="attached")


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
