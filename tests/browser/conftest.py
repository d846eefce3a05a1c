"""The site in Debian's Chromium: under a sub-path, over plain http, every request on record."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from playbook.authoring.master import Master, load_master

#: A host that is not this machine's own name: the browser grants it nothing that needs https.
HOST = "course.test"
PATH = "some/courses/opening"
TRAINEE = "Li Wei"
#: Milliseconds that a page may take, on a machine that also runs other tests.
PATIENCE = 60_000

KNOWN = """(([key, record]) => {
  try {
    if (!localStorage.getItem(key)) localStorage.setItem(key, JSON.stringify(record));
  } catch {}
})"""
SET_SOURCES = """(sources) => {
  for (const cell of playbook.panel.content.model.cells) {
    if (cell.id in sources) cell.sharedModel.setSource(sources[cell.id]);
  }
}"""
PLACE = "(id) => [...playbook.panel.content.model.cells].findIndex((cell) => cell.id === id)"
ALL_RAN = """() => [...playbook.panel.content.model.cells]
  .filter((cell) => cell.type === "code" && cell.sharedModel.getSource().trim())
  .every((cell) => cell.executionCount)"""


def cell_id(question: str) -> str:
    """The cell of a question in a released notebook."""
    return f"question-{question}".replace("_", "-")[:64]


def answered(source: str, question) -> str:
    """A solution, or a wrong one, as a trainee would have it in the question's cell."""
    return f'{source}\n\ncheck("{question.id}", {question.answer})'


@dataclass
class Course:
    """Chromium with the site: opens pages and notebooks, and keeps a list of what they asked for."""

    browser: object
    address: str
    hosts: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    def context(self, *, trainee: str = TRAINEE, **options):
        """A fresh profile; with a name, the exercises know the trainee already."""
        context = self.browser.new_context(accept_downloads=True, **options)
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: self._note(request.url))
        context.on("response", self._note_failure)
        if trainee:
            key = "playbook:" + urlsplit(self.address).path
            record = {"version": 1, "trainee": trainee, "case": "", "last": "", "exercises": {}}
            context.add_init_script(f"({KNOWN})({[key, record]!r})".replace("'", '"'))
        return context

    def open_exercise(self, context, slug: str):
        """Open an exercise as the book's button does, and wait until it is drawn."""
        page = context.new_page()
        page.goto(f"{self.address}lite/notebooks/index.html?path={slug}.ipynb", wait_until="commit")
        page.wait_for_function("window.playbook && playbook.panel")
        return page

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(parts.hostname)
            self.files.add(parts.path.rpartition("/")[2])

    def _note_failure(self, response) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")


def run_all(page) -> None:
    """Press "Run all" and wait until every cell has run."""
    page.get_by_role("button", name="Run all").click()
    page.wait_for_function(ALL_RAN)


def check_all(page, close: bool = True) -> dict[str, str]:
    """Press "Check my work"; question → how it stands, in the words of the summary."""
    page.get_by_role("button", name="Check my work").click()
    page.wait_for_selector(".playbook-summary")
    items = page.locator(".playbook-summary li")
    found = {}
    for place in range(items.count()):
        item = items.nth(place)
        found[item.get_attribute("data-question")] = item.inner_text().splitlines()[0].rsplit(": ", 1)[1]
    if close:
        page.keyboard.press("Enter")
        page.wait_for_selector(".playbook-summary", state="detached")
    return found


def cell_of(page, cell: str):
    """The cell with an id, as drawn."""
    return page.locator(".jp-Notebook .jp-Cell").nth(page.evaluate(PLACE, cell))


def type_in(page, cell, source: str = "") -> str:
    """Type into a cell, or leave it as it stands, run it with the keyboard, and read what stands below it."""
    cell.locator(".cm-content").click()
    if source:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(source)
    count = cell.locator(".jp-InputPrompt").inner_text()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        "([prompt, before]) => prompt.innerText !== before && /\\d/.test(prompt.innerText)",
        arg=[cell.locator(".jp-InputPrompt").element_handle(), count],
    )
    return plain(cell.locator(".jp-OutputArea").inner_text())


def plain(text: str) -> str:
    """Words alone: without the marks around code, and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[`*_]", "", text)).strip()


def masters() -> list[Master]:
    """Every exercise of the course."""
    folder = Path(__file__).resolve().parents[2] / "exercises"
    return [load_master(path.parent) for path in sorted(folder.glob("*/master.md"))]


@pytest.fixture(scope="session")
def built_site(request: pytest.FixtureRequest) -> Path:
    """The site to look at: built from this checkout, or one that is there (PLAYBOOK_SITE names it)."""
    there = os.environ.get("PLAYBOOK_SITE")
    return Path(there).resolve() if there else request.getfixturevalue("site_folder")


@pytest.fixture(scope="session")
def course_address(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site below a path of another server, under a name that is not localhost."""
    from playbook.site.serve import serving

    if not (built_site / "lite" / "index.html").is_file():
        pytest.skip("this site has no browser edition: playbook build says what is missing")
    with serving(publish(built_site, tmp_path_factory.mktemp("server"))) as address:
        yield f"http://{HOST}:{urlsplit(address).port}/{PATH}/"


def publish(site: Path, root: Path) -> Path:
    """Put a site below a path of a server's folder; one that is there already gives way."""
    root.mkdir(exist_ok=True)
    (root / "index.html").write_text("<title>Another page</title>", encoding="utf-8")
    (root / PATH).parent.mkdir(parents=True, exist_ok=True)
    (root / PATH).unlink(missing_ok=True)
    (root / PATH).symlink_to(site, target_is_directory=True)
    return root


@pytest.fixture(scope="module")
def course(chromium_browser, course_address: str) -> Iterator[Course]:
    """The site in Chromium. Whatever a module's tests open: a request to another host fails them."""
    opened = Course(chromium_browser, course_address)
    yield opened
    assert opened.hosts <= {HOST}
    assert opened.failed == []
