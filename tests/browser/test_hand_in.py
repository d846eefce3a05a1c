"""Hand in: two chapters and a half, one file, a receipt, and the same code on the instructor's side."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.axe import grave_findings
from tests.browser.conftest import SET_SOURCES, answered, cell_id, check_all, masters

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]
COMPLETE = 2
#: How far the storage of the exercises is behind what stands in the notebook.
SAVED = "!playbook.panel.context.model.dirty"


def solve(course, context, master, blocks):
    """Answer some questions of a chapter, check, and leave when all is saved; the page, still open."""
    page = course.open_exercise(context, master.id)
    page.wait_for_function("playbook.panel.content.model.cells.get(1) && playbook.fresh")
    page.evaluate(SET_SOURCES, {cell_id(b.question.id): answered(b.solution, b.question) for b in blocks})
    check_all(page)
    page.wait_for_function(SAVED)
    return page


@pytest.fixture(scope="module")
def handed(course, tmp_path_factory):
    """Walk the way once; the tests below ask what was seen."""
    whole = masters()
    context = course.context(viewport={"width": 390, "height": 844})
    seen = {"masters": whole}
    for master in whole[:COMPLETE]:
        page = solve(course, context, master, master.blocks)
        seen["way on"] = page.locator('[data-notice="way"]').inner_text()
        page.close()
    half = whole[COMPLETE]
    page = solve(course, context, half, half.blocks[: len(half.blocks) // 2])

    page.get_by_role("button", name="Hand in").first.click()
    page.get_by_role("button", name="Make the file").wait_for()
    seen["focus"] = page.evaluate("document.activeElement.textContent")
    seen["dialog"] = page.locator(".jp-Dialog .hand-in").inner_text()
    seen["axe dialog"] = grave_findings(page, ".jp-Dialog")
    page.keyboard.press("Escape")
    page.locator(".jp-Dialog").wait_for(state="detached")
    page.get_by_role("button", name="Hand in").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    page.get_by_text("Receipt of your hand-in").wait_for()
    seen["receipt"] = page.locator(".jp-Dialog .hand-in").inner_text()
    seen["axe receipt"] = grave_findings(page, ".jp-Dialog")
    folder = tmp_path_factory.mktemp("hand-ins")
    seen["name"] = download.value.suggested_filename
    download.value.save_as(folder / seen["name"])
    seen["folder"] = folder
    page.close()

    page = context.new_page()
    page.goto(f"{course.address}book/index.html")
    link = page.locator("[data-resume] a")
    seen["next"] = (link.inner_text(), link.get_attribute("href"))
    overview = page.locator(".course-overview [data-exercise]")
    seen["overview"] = [overview.nth(place).inner_text() for place in range(len(whole))]
    page.get_by_role("link", name="Hand in").first.click()
    page.get_by_text("Your receipts").wait_for()
    page.locator(".hand-in details summary").first.click()
    seen["page"] = page.locator(".hand-in").first.inner_text()
    seen["axe page"] = grave_findings(page, ".hand-in")
    seen["wide"] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()
    return seen


@pytest.fixture(scope="module")
def graded(handed):
    """What `playbook grade` makes of the file, and what `playbook receipt` says of its code."""
    out = handed["folder"].parent / "out"

    def playbook(*arguments):
        program = "from playbook.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "PLAYBOOK_SECRET": "s", "COLUMNS": "200"},
            timeout=400,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    code = re.search(r"[2-9][A-Z]{3}-[2-9][A-Z]{3}", handed["receipt"])[0]
    told = json.loads(playbook("grade", str(handed["folder"]), "--out", str(out), "--json"))
    answer = playbook("receipt", code.lower(), "--gradebook", str(Path(out, "gradebook.sqlite")))
    return code, told, answer


def test_the_dialog_says_what_is_complete_and_what_is_open(handed):
    first, second, third = (master.title for master in handed["masters"][: COMPLETE + 1])
    said = handed["dialog"]
    assert f"{COMPLETE} of {len(handed['masters'])} chapters are complete" in said
    open_questions = handed["masters"][COMPLETE].blocks[-1].question.title
    assert open_questions in said
    assert said.index(first) < said.index(second) < said.index(third)
    assert said.count("complete") >= COMPLETE
    assert "not begun" in said


def test_the_dialog_is_worked_with_the_keyboard_and_keeps_nobody_out(handed):
    assert handed["focus"] == "Make the file"
    assert handed["axe dialog"] == []
    assert handed["axe receipt"] == []


def test_after_the_last_question_the_way_on_is_shown(handed):
    following = handed["masters"][COMPLETE].title
    for words in ("complete", "Hand in", "City Playbook", f"The next chapter: {following}"):
        assert words in handed["way on"]


def test_the_receipt_says_when_who_where_what_and_where_to_send_it(handed, graded):
    code, *_rest = graded
    said = handed["receipt"]
    assert handed["name"] == f"hand-in_Li-Wei_{code}.zip"
    for words in ("Li Wei", "Nanjing", handed["name"], "Send it to your instructor."):
        assert words in said
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d \(\S+\)", said)
    assert re.search(r"points; up to \d+ more when you hand in, complete", said)


def test_the_receipt_can_be_seen_again_on_its_page(handed, graded):
    assert graded[0] in handed["page"]
    assert "Send it to your instructor." in handed["page"]
    assert handed["axe page"] == []
    assert handed["wide"] <= 0


def test_both_chapters_and_the_half_one_are_found_under_the_right_person_with_the_same_code(handed, graded):
    code, told, answer = graded
    results = {one["exercise"]: one for one in told["results"]}
    assert list(results) == [master.id for master in handed["masters"][: COMPLETE + 1]]
    assert {one["trainee"] for one in results.values()} == {"Li Wei"}
    assert all(one["codes"] == [code] for one in results.values())
    assert told["passed_over"] == []
    assert [note for one in results.values() for note in one["notes"]] == []
    for master in handed["masters"][:COMPLETE]:
        assert results[master.id]["points"] == results[master.id]["max_points"]
    assert f"Yes: {code} is a hand-in of Li Wei, made " in answer


def test_the_first_page_leads_to_the_open_chapter_and_says_points_as_everywhere(handed):
    half = handed["masters"][COMPLETE]
    words, href = handed["next"]
    assert words == f"Go on with {half.title}"
    assert href.endswith(f"?path={half.id}.ipynb")
    assert all(re.search(r"points.*, complete", said) for said in handed["overview"][:COMPLETE])
    assert re.search(r"\d of \d+ points.*, \d+ questions? open", handed["overview"][COMPLETE])
