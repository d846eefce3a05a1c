"""What was run is kept, and each person's answers stay their own."""

import pytest

from tests.browser.closings import OPEN, close_at_random
from tests.browser.conftest import cell_id, cell_of, masters, run_all

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]
SLUG = "00-first-notebook"
#: Closings in this test; `python -m tests.browser.closings` closes as many as you like.
CLOSINGS = 2


@pytest.fixture
def page(course):
    """The first exercise in a fresh profile."""
    context = course.context()
    page = course.open_exercise(context, SLUG)
    page.wait_for_function(OPEN)
    yield page
    context.close()


def question_cell() -> str:
    return cell_id(next(one for one in masters() if one.id == SLUG).blocks[0].question.id)


def write(page, cell: str, source: str) -> None:
    page.evaluate(
        "([id, text]) => [...playbook.panel.content.model.cells].find((c) => c.id === id)"
        ".sharedModel.setSource(text)",
        [cell, source],
    )


def start(page, cell) -> None:
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def test_closing_a_tab_at_any_moment_loses_nothing_that_was_run(course):
    assert close_at_random(course, CLOSINGS, seed=1) == []


def test_uneven_indentation_gets_plain_words(page):
    write(page, question_cell(), "if True:\n        x = 1\n    y = 2")
    run_all_but = cell_of(page, question_cell())
    page.evaluate("playbook.panel.sessionContext.ready")
    start(page, page.locator(".jp-CodeCell").first)
    page.get_by_text("Your city is").first.wait_for()
    start(page, run_all_but)
    run_all_but.get_by_text("These lines do not begin at the same place").wait_for()


def test_after_a_reload_old_results_say_so_and_a_run_starts_what_it_needs(page):
    run_all(page)
    page.wait_for_function("!playbook.panel.context.model.dirty")
    page.reload(wait_until="commit")
    page.wait_for_function(OPEN)
    page.get_by_text("From before:").first.wait_for()
    cell = cell_of(page, question_cell())
    start(page, cell)
    cell.get_by_text("From before:").wait_for(state="detached")
    page.wait_for_function("playbook.panel.sessionContext.session?.kernel?.status === 'idle'")
    words = page.locator(".jp-Notebook").inner_text()
    assert "NameError" not in words
    assert "model not found" not in words


def test_another_name_is_asked_about_and_both_keep_their_answers(page):
    run_all(page)
    opening = page.locator(".jp-CodeCell").first
    page.evaluate(
        """() => { for (const cell of playbook.panel.content.model.cells) {
          const text = cell.sharedModel.getSource();
          if (text.includes("open_case(")) {
            cell.sharedModel.setSource(text.replace(/open_case\\(.*\\)/, 'open_case("Wang Fang")'));
            return; } } }"""
    )
    start(page, opening)
    page.get_by_text("Are you somebody else?").wait_for()
    page.get_by_role("button", name="Yes, I am Wang Fang").click()
    page.wait_for_function("playbook.store.read().trainee === 'Wang Fang'")
    assert "liwei" in page.evaluate("Object.keys(playbook.store.read().people)")
