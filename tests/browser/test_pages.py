"""The book's pages: read by everyone, in light and dark, on a phone, with nothing from elsewhere."""

import gzip
import json
import re
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from playbook.site.compressed import SMALL
from playbook.site.serve import serving
from tests.browser.axe import grave_findings
from tests.browser.conftest import PATH

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MEGABYTE = 1_000_000
ENGINE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm")


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


def test_python_for_an_exercise_without_heavy_packages_is_small(built_site: Path):
    lite = built_site / "lite"
    text = (lite / "notebooks" / "index.html").read_text(encoding="utf-8")
    site = json.loads(re.search(r'id="playbook-site"[^>]*>(.*?)</script>', text, re.DOTALL)[1])
    archives = site["manifest"]["archives"]
    cities = [entry["size"] for name, entry in archives.items() if name.startswith("case-")]
    packed = sum(archives[name]["size"] for name in ("base", "kit", "figures")) + max(cities)
    python = lite / "python"
    packed += (python / site["manifest"]["python"]).stat().st_size
    packed += sum(len(gzip.compress((python / name).read_bytes(), 6)) for name in ENGINE)
    assert len(cities) == 13
    assert packed < 23 * MEGABYTE  # JupyterLab comes to less than two more


def test_our_server_sends_a_third_of_what_can_be_compressed_and_archives_as_they_are(built_site: Path):
    python = built_site / "lite" / "python"
    application = sorted((built_site / "lite" / "build").rglob("*.js"))
    texts = [python / "pyodide.asm.js", python / "pyodide.asm.wasm", *application]
    with serving(built_site) as address:

        def sent(path: Path) -> tuple[str | None, int]:
            request = urllib.request.Request(address + path.relative_to(built_site).as_posix())
            request.add_header("Accept-Encoding", "gzip")
            with urllib.request.urlopen(request) as answer:
                return answer.headers["Content-Encoding"], len(answer.read())

        for pack in python.glob("*.pack"):
            assert sent(pack) == (None, pack.stat().st_size)
        large = [path for path in texts if path.stat().st_size > SMALL]
        answers = [sent(path) for path in large]
        assert {encoding for encoding, _ in answers} == {"gzip"}
        assert sum(size for _, size in answers) < 0.35 * sum(path.stat().st_size for path in large)
