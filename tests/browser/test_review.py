"""A reader at work in Chromium who never touches the mouse; what trainees wrote stays text."""

import pytest

from playbook.authoring.master import find_masters
from playbook.desk.review.server import reviewing
from playbook.desk.review.sitting import Sitting
from playbook.desk.review.texts import texts_to_read
from tests.browser.axe import grave_findings
from tests.gradebook.reading import EXERCISE, hand_in, read_book

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOSTILE = (
    "</blockquote><script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">"
)


@pytest.fixture
def book(tmp_path):
    book = read_book(tmp_path)
    hand_in(book, tmp_path, "t1", 2, {"decision": HOSTILE})
    yield book
    book.close()


@pytest.fixture
def served(book):
    sitting = Sitting(book, texts_to_read(book, find_masters(names=[EXERCISE])), "Wang Fang")
    with reviewing(sitting) as server:
        yield server


@pytest.fixture
def page(chromium_browser, served):
    context = chromium_browser.new_context()
    context.set_default_timeout(60_000)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served.address)
    yield page
    context.close()
    assert all(url.startswith(served.address) for url in asked)


def heading(page):
    return page.locator("h1").inner_text()


def press(page, *keys, to):
    """Press keys, and wait for the page that the last one leads to."""
    for key in keys:
        page.keyboard.press(key)
    page.get_by_role("heading", level=1, name=to, exact=True).wait_for()


def test_answers_are_judged_taken_back_and_gone_through_by_keyboard_alone(page, book, served):
    assert heading(page) == "Answer 1 of 6"
    page.keyboard.press("Enter")
    assert page.locator("#said").inner_text() == "Choose points first: press their key."
    page.keyboard.press("7")
    assert page.locator("#said").inner_text() == "No answer here can have 3.5 points."
    press(page, "2", "Enter", to="Answer 2 of 6")
    page.keyboard.press("1")
    page.keyboard.press("c")
    page.keyboard.type("Which month? 2 of 3 are unsure")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("u")
    press(page, "Enter", to="Answer 3 of 6")
    assert [(row.points, row.comment) for row in book.reviews()] == [
        (1, ""),
        (0.5, "Which month? 2 of 3 are unsure\nu"),
    ]
    press(page, "u", to="Answer 2 of 6")
    assert page.locator("input:checked").count() == 0
    press(page, "ArrowLeft", to="Answer 1 of 6")
    assert page.locator("input:checked").get_attribute("value") == "2"
    press(page, "ArrowRight", to="Answer 2 of 6")
    for place in (2, 3, 4, 5):
        press(page, "0", "Enter", to=f"Answer {place + 1} of 6")
    press(page, "0", "Enter", to="All 6 answers are judged")
    press(page, "u", to="Answer 6 of 6")
    press(page, "2", "c", "Escape", "Enter", to="All 6 answers are judged")
    assert served.sitting.done == 6


def test_every_digit_chooses_its_points_and_nothing_else(page):
    for digit, points in (("0", "0"), ("1", "0.5"), ("2", "1")):
        page.keyboard.press(digit)
        assert page.locator("label:has(:checked)").inner_text().split()[0] == points
    assert page.locator("input[name=seen]").input_value() == "0"


def test_a_second_window_is_told_of_the_first_and_sent_again_it_counts(page, book, served):
    other = page.context.new_page()
    for window in (page, other):
        window.goto(f"{served.address}1")
    press(page, "2", "Enter", to="Answer 2 of 6")
    other.keyboard.press("0")
    other.keyboard.press("Enter")
    other.get_by_text("in another window you have changed this judgement meanwhile").wait_for()
    assert "what stands now: 1" in other.locator("#said").inner_text()
    assert other.locator("input:checked").get_attribute("value") == "0"
    assert [row.points for row in book.reviews()] == [1]
    press(other, "Enter", to="Answer 2 of 6")
    assert [row.points for row in book.reviews()] == [1, 0]


def test_a_key_that_is_held_down_acts_once(page, book):
    for place in (1, 2, 3):
        press(page, "1", "Enter", to=f"Answer {place + 1} of 6")
    page.keyboard.down("u")
    page.get_by_role("heading", level=1, name="Answer 3 of 6", exact=True).wait_for()
    page.keyboard.down("u")  # the same key again, and not let go between: what a browser calls repeat
    page.keyboard.down("u")
    page.keyboard.up("u")
    press(page, "ArrowLeft", to="Answer 2 of 6")
    assert [row.withdraws for row in book.reviews()] == [None, None, None, 3]
    page.keyboard.press("c")
    page.keyboard.type("Which month?")
    page.keyboard.press("Escape")
    for _ in range(3):
        page.keyboard.down("ArrowRight")
    page.keyboard.up("ArrowRight")
    assert page.locator("#said").inner_text().startswith("Your comment is not kept yet")
    assert heading(page) == "Answer 2 of 6"


def test_points_that_were_chosen_and_not_kept_are_not_left_behind_unsaid(page, book):
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    assert page.locator("#said").inner_text() == (
        "Your points are not kept yet: Enter keeps them. Do the same once more to go on without."
    )
    page.keyboard.press("1")  # something new: it is said anew
    page.keyboard.press("n")
    assert page.locator("#said").inner_text().startswith("Your points are not kept yet")
    press(page, "Enter", to="Answer 2 of 6")
    press(page, "ArrowLeft", to="Answer 1 of 6")
    press(page, "ArrowRight", to="Answer 2 of 6")  # nothing was changed: nothing is said
    assert [row.points for row in book.reviews()] == [0.5]


def test_a_comment_that_is_pasted_too_long_is_told_and_nothing_of_it_cut_off(page, book):
    page.keyboard.press("1")
    page.keyboard.press("c")
    page.keyboard.insert_text("密" * 2_001)
    page.keyboard.press("Enter")
    assert page.locator("#said").inner_text() == (
        "Your comment has 2001 characters; it may have 2000. Shorten it first."
    )
    assert page.locator("#comment").input_value() == "密" * 2_001
    press(page, "Backspace", "Enter", to="Answer 2 of 6")
    assert book.reviews()[0].comment == "密" * 2_000


def test_the_browsers_way_back_to_the_end_leads_to_what_was_taken_back(page, served):
    for place in range(1, 6):
        press(page, "1", "Enter", to=f"Answer {place + 1} of 6")
    press(page, "1", "Enter", to="All 6 answers are judged")
    press(page, "u", to="Answer 6 of 6")
    page.go_back()
    page.get_by_role("heading", level=1, name="Answer 6 of 6", exact=True).wait_for()
    page.goto(f"{served.address}end")
    assert heading(page) == "Answer 6 of 6"


@pytest.mark.long
def test_the_tab_key_alone_reaches_everything(page):
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.name || document.activeElement.innerText"
            )
        )
    assert "halves" in seen
    assert "comment" in seen
    assert any(one.startswith("Keep, and next") for one in seen)
    assert any(one.startswith("Undo") for one in seen)
    assert "after" in seen


@pytest.mark.long
def test_a_command_that_has_ended_is_told_and_what_was_typed_stays(page, book, served):
    page.keyboard.press("2")
    page.keyboard.press("c")
    page.keyboard.type("Which month?")
    served.shutdown()
    served.server_close()
    for key in ("Enter", "Escape", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.get_by_text("The command has ended, and this is not kept").wait_for()
    page.get_by_role("button", name="Keep, and next").click()
    assert heading(page) == "Answer 1 of 6"
    assert page.locator("#comment").input_value() == "Which month?"
    assert page.locator("input:checked").get_attribute("value") == "2"
    assert book.reviews() == []


@pytest.mark.long
def test_a_comment_is_not_left_behind_unsaid(page, book):
    page.keyboard.press("c")
    page.keyboard.type("Which month?")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert page.locator("#said").inner_text().startswith("Your comment is not kept yet: Enter keeps it.")
    assert heading(page) == "Answer 1 of 6"
    press(page, "ArrowRight", to="Answer 2 of 6")
    page.keyboard.press("1")
    page.get_by_role("button", name="Keep, and next").click()
    page.get_by_role("heading", level=1, name="Answer 3 of 6", exact=True).wait_for()
    page.get_by_role("link", name="Answer before").click()
    page.get_by_role("heading", level=1, name="Answer 2 of 6", exact=True).wait_for()
    page.get_by_role("button", name="Undo").click()
    page.locator("#done").get_by_text("0 of 6 judged").wait_for()
    assert [row.withdraws for row in book.reviews()] == [None, 1]


@pytest.mark.long
def test_what_a_trainee_wrote_runs_nothing_and_the_page_keeps_nobody_out(page, served):
    place = next(n for n, one in enumerate(served.sitting.texts, 1) if one.read.text == HOSTILE)
    page.goto(f"{served.address}{place}")
    assert page.locator("#text").inner_text() == HOSTILE
    assert page.title() == f"Answer {place} of 6"
    assert page.locator("img, #text *").count() == 0


@pytest.mark.long
def test_the_page_has_no_grave_findings_and_fits_a_phone(page):
    page.set_viewport_size({"width": 375, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= 375")
    assert grave_findings(page) == []
