"""What the book's pages weigh, and how they are sent."""

import gzip
import json
import re
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from playbook.site.compressed import SMALL
from playbook.site.serve import serving
from tests.browser.conftest import PATH

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MEGABYTE = 1_000_000
ENGINE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm")


CHAPTERS = sorted(
    f"book/{path.stem}.html" for path in (Path(__file__).resolve().parents[2] / "book").glob("[0-9]*.md")
)


@pytest.fixture(scope="module")
def page(course):
    """One tab that goes through the pages."""
    context = course.context(trainee="")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", CHAPTERS)
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
    cities: dict[str, int] = {}
    for name, entry in archives.items():
        if name.startswith("case-"):
            city = name.split("-")[1]
            cities[city] = cities.get(city, 0) + entry["size"]
    packed = sum(archives[name]["size"] for name in ("base", "kit", "figures")) + max(cities.values())
    python = lite / "python"
    packed += (python / site["manifest"]["python"]).stat().st_size
    packed += sum(len(gzip.compress((python / name).read_bytes(), 6)) for name in ENGINE)
    assert len(cities) == 13
    assert packed < 24 * MEGABYTE  # JupyterLab comes to less than two more


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
