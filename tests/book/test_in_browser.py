"""The finished pages in a browser: no other host, nothing too wide, readable by everybody."""

from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def addresses(site_folder, site_address) -> list[str]:
    """Every page of the book."""
    pages = [*(site_folder / "book").rglob("*.html"), site_folder / "search.html"]
    return [site_address + page.relative_to(site_folder).as_posix() for page in sorted(pages)]


def open_page(context, address):
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


def test_no_page_asks_another_host(browser, addresses):
    hosts = set()
    with browser.new_context() as context:
        context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        for address in addresses:
            open_page(context, address).close()
    assert hosts - {""} == {urlsplit(addresses[0]).netloc}


def test_nothing_is_wider_than_a_phone(browser, addresses):
    with browser.new_context(viewport={"width": 375, "height": 760}) as context:
        for address in addresses:
            page = open_page(context, address)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 375, f"{address} is {width} px wide"
            page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser, addresses, scheme):
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    with browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}) as context:
        for address in addresses:
            page = open_page(context, address)
            for violation in axe.run(page).response["violations"]:
                if violation["impact"] in ("serious", "critical"):
                    example = violation["nodes"][0]["html"][:200]
                    found.append(f"{address}: {violation['id']} ({len(violation['nodes'])}×) {example}")
            page.close()
    assert not found, "\n".join(found)


def test_focus_is_seen(browser, addresses):
    with browser.new_context() as context:
        page = open_page(context, next(address for address in addresses if "glossary" in address))
        for _ in range(6):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
