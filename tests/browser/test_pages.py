"""The book's pages: read by everyone, in light and dark, on a phone, with nothing from elsewhere."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.axe import grave_findings
from tests.browser.conftest import PATH

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MEGABYTE = 1_000_000


def pages(root: Path) -> list[str]:
    """The pages of the book, as their sources name them."""
    return sorted(
        path.relative_to(root).with_suffix(".html").as_posix() for path in (root / "book").rglob("*.md")
    )


ALL = pages(Path(__file__).resolve().parents[2])


@pytest.fixture(scope="module")
def page(course):
    """One tab that goes through the pages."""
    context = course.context(trainee="")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", ALL)
def test_everyone_can_read_a_page(course, page, name: str):
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(course.address + name)
        found[scheme] = grave_findings(page)
    assert found == {"light": [], "dark": []}


@pytest.mark.parametrize("name", ALL)
def test_a_page_fits_a_phone(course, page, name: str):
    page.set_viewport_size({"width": 375, "height": 740})
    page.goto(course.address + name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("name", [name for name in ALL if name.startswith("book/0")])
def test_a_chapter_weighs_less_than_a_megabyte(course, page, built_site: Path, name: str):
    loaded = []
    page.on("requestfinished", lambda request: loaded.append(request.url))
    page.goto(course.address + name, wait_until="networkidle")
    files = {urlsplit(url).path.removeprefix(f"/{PATH}/") for url in loaded}
    weight = sum(len(gzip.compress((built_site / file).read_bytes())) for file in files if file)
    assert 0 < weight < MEGABYTE
