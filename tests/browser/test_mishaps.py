"""Bad luck: nothing is lost in silence, and the page says what to do."""

import json
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from playbook.site.serve import serving
from tests.browser.conftest import (
    HOST,
    PATH,
    SET_SOURCES,
    Course,
    cell_id,
    cell_of,
    check_all,
    masters,
    plain,
    publish,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = "00-first-notebook"
#: Presses Ctrl+Enter on the first code cell as soon as there is one; says whether Python was there.
RUN_AT_ONCE = """() => {
  const panel = window.playbook?.panel;
  if (!panel) return null;
  const content = panel.content;
  content.activeCellIndex = [...content.model.cells].findIndex((cell) => cell.type === "code");
  content.activeCell.node.focus();
  const key = { key: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
  content.activeCell.node.dispatchEvent(new KeyboardEvent("keydown", key));
  return panel.sessionContext.isReady ? "there" : "not yet";
}"""


def say(page, part: str):
    """Wait for the message that holds these words."""
    return page.locator(".playbook-notice", has_text=part)


FIRST_CELL = "playbook.panel.content.model.cells.get(0).sharedModel.getSource()"


def change(page, text: str) -> None:
    """Write a line into the first cell, once the notebook has come from where it is kept."""
    page.wait_for_function("playbook.panel.context.isReady")
    page.evaluate("(text) => playbook.panel.content.model.cells.get(0).sharedModel.setSource(text)", text)


@pytest.fixture
def context(course):
    """A fresh profile."""
    opened = course.context()
    yield opened
    opened.close()


@pytest.mark.long
def test_a_window_that_keeps_nothing_works_and_says_so(course, context):
    context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page = course.open_exercise(context, SLUG)
    notice = say(page, "keeps nothing")
    notice.wait_for()
    with page.expect_download() as download:
        notice.get_by_role("button", name="Download my work").click()
    notebook = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert notebook["metadata"]["playbook"]["exercise"] == SLUG
    page.get_by_role("button", name="Run all").click()
    page.wait_for_function("playbook.store.read().case")


@pytest.mark.long
def test_storage_that_is_nearly_full_is_announced_before_work_is_lost(course, context):
    context.add_init_script(
        "navigator.storage && (navigator.storage.estimate = async () => ({ usage: 95, quota: 100 }));"
        "if (!navigator.storage) Object.defineProperty(navigator, 'storage',"
        " { value: { estimate: async () => ({ usage: 95, quota: 100 }) } });"
    )
    page = course.open_exercise(context, SLUG)
    say(page, "nearly full").get_by_role("button", name="Download my work").wait_for()


@pytest.mark.long
def test_work_that_cannot_be_saved_is_offered_as_a_download(course, context):
    page = course.open_exercise(context, SLUG)
    page.wait_for_function("playbook.panel.context.isReady")
    page.evaluate(
        """() => {
          IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
        }"""
    )
    change(page, "# something new")
    page.evaluate("playbook.panel.context.save().catch(() => {})")
    say(page, "could not be saved").get_by_role("button", name="Download my work").wait_for()


@pytest.mark.long
def test_a_second_tab_does_not_overwrite_the_first(course, context):
    first = course.open_exercise(context, SLUG)
    second = course.open_exercise(context, SLUG)
    notice = say(second, "open in another tab")
    notice.wait_for()
    change(first, "# written in the first tab")
    first.evaluate("playbook.panel.context.save()")
    change(second, "# written in the second tab")
    second.evaluate("playbook.panel.context.save()")
    third = course.open_exercise(context, SLUG)
    third.wait_for_function("playbook.panel.context.isReady")
    assert third.evaluate(FIRST_CELL) == "# written in the first tab"
    notice.get_by_role("button", name="Work here").click()
    say(first, "went on in another tab").wait_for()


@pytest.mark.long
def test_a_cell_that_never_ends_is_stopped_and_the_notebook_stays(course, context):
    page = course.open_exercise(context, SLUG)
    page.evaluate("playbook.panel.sessionContext.ready")
    master = next(master for master in masters() if master.id == SLUG)
    cell = cell_of(page, cell_id(master.blocks[0].question.id))
    run(page, cell, "while True:\n    pass")
    page.wait_for_function("playbook.panel.sessionContext.session.kernel.status === 'busy'")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator(".jp-Dialog").get_by_role("button", name="Stop").click()
    page.wait_for_function("playbook.panel.sessionContext.session.kernel.status === 'idle'")
    assert "while True" in cell.inner_text()
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Your city is").first.wait_for()


@pytest.mark.long
def test_a_cell_run_before_python_is_there_waits_for_it(course, context):
    page = context.new_page()
    page.goto(f"{course.address}lite/notebooks/index.html?path={SLUG}.ipynb", wait_until="commit")
    assert page.wait_for_function(RUN_AT_ONCE, polling=1).json_value() == "not yet"
    page.get_by_text("Your city is").first.wait_for()


@pytest.mark.long
def test_where_the_server_isolates_pages_a_cell_is_interrupted_and_values_stay(chromium_browser, built_site):
    with serving(built_site) as address:
        course = Course(chromium_browser, address)
        context = course.context()
        page = course.open_exercise(context, SLUG)
        cell = cell_of(page, cell_id(masters()[0].blocks[0].question.id))
        run(page, cell, "kept = 41 + 1\nprint('begun')\nwhile True:\n    pass")
        cell.locator(".jp-OutputArea").get_by_text("begun").wait_for()
        page.get_by_role("button", name="Stop", exact=True).click()
        cell.get_by_text("KeyboardInterrupt").first.wait_for()
        run(page, cell, "print('still', kept)")
        cell.locator(".jp-OutputArea").get_by_text("still 42").wait_for()
        context.close()


def run(page, cell, source: str) -> None:
    """Write code into a cell and start it."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    page.keyboard.press("Control+Enter")


@pytest.mark.long
def test_a_newer_version_is_announced_and_hides_nothing(chromium_browser, built_site, tmp_path):
    root = publish(built_site, tmp_path / "server")
    with serving(root) as address:
        course = Course(chromium_browser, f"http://{HOST}:{urlsplit(address).port}/{PATH}/")
        context = course.context()
        page = course.open_exercise(context, SLUG)
        change(page, "# my own work")
        page.evaluate("playbook.panel.context.save()")
        page.wait_for_function("playbook.store.read().exercises[playbook.exercise()].file")
        before = page.evaluate("playbook.panel.context.path")
        page.close()

        after = f"{SLUG}~00000000.ipynb"
        publish(with_another_version(built_site, tmp_path / "site", before, after), root)
        page = course.open_exercise(context, SLUG)
        notice = say(page, "newer version")
        notice.wait_for()
        assert "my own work" in page.locator(".jp-Notebook").inner_text()
        notice.get_by_role("button", name="Open the newer version").click()
        page.wait_for_function(f"window.playbook?.panel?.context.path === '{after}'")
        context.close()


def with_another_version(site: Path, copy: Path, before: str, after: str) -> Path:
    """The site as it is when a notebook has changed: the file goes by another name everywhere."""
    shutil.copytree(site, copy, copy_function=os.link)
    lite = copy / "lite"
    (lite / "files" / before).rename(lite / "files" / after)
    for path in (lite / "notebooks" / "index.html", lite / "api" / "contents" / "all.json"):
        text = path.read_text(encoding="utf-8").replace(before, after)
        path.unlink()
        path.write_text(text, encoding="utf-8")
    return copy


def test_an_old_browser_gets_a_page_that_says_what_to_do(course, context):
    context.add_init_script("delete window.WebAssembly")
    page = context.new_page()
    page.goto(f"{course.address}lite/notebooks/index.html?path={SLUG}.ipynb")
    page.get_by_role("heading", name="This exercise cannot run here").wait_for()
    assert page.get_by_text("too old").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="download the notebook").click()
    assert download.value.suggested_filename == f"{SLUG}.ipynb"


def test_python_that_does_not_load_gets_a_page_that_says_what_to_do(chromium_browser, course_address):
    course = Course(chromium_browser, course_address)
    context = course.context()
    context.route("**/pyodide.asm.wasm", lambda route: route.fulfill(status=404, body=""))
    page = context.new_page()
    page.goto(f"{course.address}lite/notebooks/index.html?path={SLUG}.ipynb")
    page.get_by_text("Python could not be started").wait_for()
    assert page.get_by_role("link", name="try again").is_visible()
    assert page.get_by_role("link", name="download the notebook").get_attribute("href")
    context.close()
    assert course.hosts == {HOST}


@pytest.mark.long
def test_an_error_is_said_in_plain_words_and_its_question_counts_as_open(course, context):
    page = course.open_exercise(context, "03-entry-industries")
    cell = cell_id("hhi")
    page.evaluate(SET_SOURCES, {cell: 'hhi = SUMSQ(table["city_share"])\ncheck("hhi", hhi)'})
    assert check_all(page)["hhi"] == "stopped with an error"
    assert "In plain words. SUMSQ is a function of spreadsheets." in plain(cell_of(page, cell).inner_text())


@pytest.mark.long
def test_a_question_that_lost_its_check_line_is_told_how_to_get_it_back(course, context):
    page = course.open_exercise(context, SLUG)
    lost = "The check of this question is missing"
    line = "To have your answer checked, write this line below it and run the cell again: "
    sources = {
        "prospects": 'prospects = 3\ncheck("prospects", prospects)',
        "share": "share = 0.5",
        "average_size": 'average_size = 3\n# check("average_size", average_size)',
        "joined": "joined = ]",
    }
    page.evaluate(SET_SOURCES, {cell_id(name): source for name, source in sources.items()})
    found = check_all(page, close=False)
    assert found["prospects"] == "not yet right"
    assert (found["share"], found["average_size"], found["joined"]) == (lost, lost, "stopped with an error")
    said = page.locator('.playbook-summary [data-question="share"]').inner_text()
    assert said.endswith(f'{line}check("share", share)')
    assert f"{lost}. {line}" in plain(cell_of(page, cell_id("share")).inner_text())

    page.keyboard.press("Enter")
    page.evaluate(SET_SOURCES, {cell_id("prospects"): ""})  # nothing of what stood below it counts any more
    assert check_all(page)["prospects"] == lost
