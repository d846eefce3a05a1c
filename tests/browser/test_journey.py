"""One trainee's way through an exercise: from the book's card to a graded hand-in."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import answered, cell_id, cell_of, check_all, masters, plain, run_all, type_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = "03-entry-industries"


@pytest.fixture(scope="module")
def journey(course, tmp_path_factory):
    """Walk the way once; the tests below ask what was seen."""
    master = next(master for master in masters() if master.id == SLUG)
    first = master.blocks[0]
    seen = {"master": master, "hint": first.wrongs[0].hint}
    context = course.context(trainee="")
    page = context.new_page()
    page.goto(f"{course.address}book/{SLUG}.html")
    seen["progress before"] = page.locator(".course-card [data-exercise]").is_visible()
    page.locator(".exercise-card").get_by_role("link", name="Open in the browser").click()

    page.get_by_label("Your name or staff number").fill("Li Wei")
    page.keyboard.press("Enter")
    page.wait_for_function("playbook.panel.content.model.cells.get(1) && playbook.store.read().trainee")
    run_all(page)
    seen["city"] = page.evaluate("playbook.store.read().case")
    seen["first cells"] = page.locator(".jp-Notebook").inner_text()

    cell = cell_of(page, cell_id(first.question.id))
    seen["wrong"] = type_in(page, cell, answered(first.wrongs[0].source, first.question))
    seen["right"] = type_in(page, cell, answered(first.solution, first.question))

    sources = {cell_id(b.question.id): answered(b.solution, b.question) for b in master.blocks}
    page.evaluate("(sources) => { window.sources = sources }", sources)
    half = dict(list(sources.items())[: len(sources) // 2])
    page.evaluate(
        """(sources) => { for (const cell of playbook.panel.content.model.cells)
             if (cell.id in sources) cell.sharedModel.setSource(sources[cell.id]); }""",
        half,
    )
    seen["checked"] = check_all(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my work").click()
    folder = tmp_path_factory.mktemp("hand-in")
    seen["name"] = download.value.suggested_filename
    (folder / "browser").mkdir()
    download.value.save_as(folder / "browser" / f"{SLUG}.ipynb")
    seen["folder"], seen["half"] = folder, half
    with page.expect_download() as download:
        page.get_by_role("button", name="City Playbook").click()
    seen["document"] = Path(download.value.path()).read_text(encoding="utf-8")
    page.wait_for_function("!playbook.panel.context.model.dirty")

    page.reload(wait_until="commit")
    page.wait_for_function("window.playbook && playbook.panel")
    seen["after reload"] = cell_of(page, cell_id(first.question.id)).inner_text()
    page.locator(".jp-OutputArea .jupyter-widgets").first.wait_for()
    page.close()

    page = context.new_page()
    page.goto(f"{course.address}book/{SLUG}.html")
    seen["card"] = page.locator(".course-card [data-exercise]").inner_text()
    seen["button"] = page.locator(".exercise-card [data-open]").inner_text()
    page.get_by_role("button", name="Try the panel here").click()
    page.frame_locator(".panel-frame").locator(".jupyter-widgets img").first.wait_for()
    seen["panel in the page"] = page.frame_locator(".panel-frame").locator(".playbook-city").inner_text()
    page.get_by_role("link", name="Open the notebook").click()
    page.locator(".jp-OutputArea .jupyter-widgets").first.wait_for()
    page.goto(f"{course.address}book/index.html")
    seen["overview"] = page.locator(f'.course-overview [data-exercise="{SLUG}"]').inner_text()
    seen["resume"] = page.get_by_role("link", name="Go on with").get_attribute("href")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my progress").click()
    seen["record"] = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my City Playbook").click()
    seen["document again"] = Path(download.value.path()).read_text(encoding="utf-8")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear my data").click()
    page.get_by_text("is cleared").wait_for()
    seen["left"] = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    seen["overview after"] = page.locator(f'.course-overview [data-exercise="{SLUG}"]').is_visible()
    context.close()
    return seen


def test_a_chapter_shows_no_progress_to_who_has_none(journey):
    assert not journey["progress before"]


def test_the_panel_in_the_page_shows_the_trainees_city(journey):
    assert journey["city"] in journey["panel in the page"].casefold()


def test_the_name_is_asked_once_and_opens_the_trainees_city(journey):
    assert journey["city"]
    assert 'open_case("Li Wei")' in journey["first cells"]


def test_a_wrong_answer_earns_its_hint(journey):
    assert "Not yet" in journey["wrong"]
    assert plain(journey["hint"]) in journey["wrong"]


def test_the_right_answer_passes(journey):
    assert "Right" in journey["right"]


def test_check_my_work_tells_how_each_question_stands(journey):
    blocks = journey["master"].blocks
    half = len(journey["half"])
    stands = [journey["checked"][block.question.id] for block in blocks]
    assert set(stands[:half]) <= {"right", "recorded"}
    assert "right" not in stands[half:]


def test_work_survives_a_reload_and_the_panel_lives_again(journey):
    assert journey["master"].blocks[0].solution.strip().splitlines()[-1] in journey["after reload"]


def test_the_book_shows_what_was_reached(journey):
    assert "points" in journey["card"]
    assert "open" in journey["overview"]
    assert journey["button"].startswith("Continue in the browser")
    assert journey["resume"].endswith(f"lite/notebooks/index.html?path={SLUG}.ipynb")


def test_progress_and_city_playbook_can_be_taken_along(journey):
    questions = journey["record"]["exercises"][SLUG]["questions"]
    assert sum(question["outcome"] == "passed" for question in questions.values()) >= 1
    assert "<html" in journey["document"]
    assert journey["document again"] == journey["document"]
    assert journey["master"].header.section in journey["document"]


def test_clear_my_data_clears_everything(journey):
    assert journey["left"] == []
    assert not journey["overview after"]


def test_a_download_grades_to_the_same_marks_as_the_same_answers_from_a_desktop(journey, built_site):
    folder = journey["folder"]
    assert journey["name"] == f"{SLUG}.ipynb"
    notebook = json.loads((built_site / "exercises" / f"{SLUG}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        cell["source"] = (
            journey["half"].get(cell["id"], source).replace("your name or staff number", "Li Wei")
        )
    (folder / "desktop").mkdir()
    (folder / "desktop" / f"{SLUG}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    program = "from playbook.cli import main; main()"
    command = [sys.executable, "-c", program, "grade", str(folder), "--out", str(folder.parent / "out")]
    environment = {**os.environ, "PLAYBOOK_SECRET": "s"}
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)["results"]
    assert first["points"] == second["points"] > 0
    assert [q["outcome"] for q in first["questions"]] == [q["outcome"] for q in second["questions"]]
