"""The panel of a chapter, opened in the chapter's own page."""

import json
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import PATIENCE, TRAINEE, cell_id, masters

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]
SLUG = "01-three-densities"
#: Everything that the course keeps in the browser: names and values, and what stands in each database.
KEPT = """async () => {
  const kept = { local: { ...localStorage } };
  for (const { name, version } of await indexedDB.databases()) {
    const database = await new Promise((done) => { indexedDB.open(name, version).onsuccess = (e) => done(e.target.result); });
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store);
      const get = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
      kept[name + " " + store] = [await get(all.getAllKeys()), await get(all.getAll())];
    }
    database.close();
  }
  return JSON.stringify(kept);
}"""
SHOWN = '.panel-frame[data-state="shown"]'


#: What is wider than the panel's frame.
WIDE = """() => [...document.querySelectorAll(".playbook-alone *")]
  .filter((part) => part.getBoundingClientRect().right > innerWidth).map((part) => part.outerHTML.slice(0, 120))"""


def open_panel(page, address: str, slug: str = SLUG):
    page.goto(f"{address}book/{slug}.html")
    page.get_by_role("button", name="Try the panel here").click()
    page.wait_for_selector(SHOWN, timeout=3 * PATIENCE)
    return page.frame_locator(".panel-frame")


@pytest.fixture(scope="module")
def seen(course) -> dict:
    """A trainee with half a notebook opens the panel in the page on a phone, moves it, closes it, and goes on."""
    found = {}
    context = course.context(viewport={"width": 390, "height": 780})
    page = course.open_exercise(context, SLUG)
    first = next(one for one in masters() if one.id == SLUG).blocks[0].question.id
    page.evaluate(
        "async ([id, text]) => { [...playbook.panel.content.model.cells].find((c) => c.id === id)"
        ".sharedModel.setSource(text); await playbook.panel.context.save(); }",
        [cell_id(first), "# half done"],
    )
    page.goto(f"{course.address}book/{SLUG}.html")
    found["before"] = page.evaluate(KEPT)
    course.files.clear()
    inside = open_panel(page, course.address)
    found["other hosts"] = course.hosts - {urlsplit(course.address).hostname}
    found["city"] = inside.locator(".playbook-city").inner_text()
    found["cells"] = inside.locator(".jp-Cell:visible").count()
    found["code"] = inside.locator(".cm-content:visible").count()
    words = inside.locator("[role=status]:visible").first
    found["words"] = words.inner_text()
    slider = inside.locator(".noUi-handle").first
    slider.focus()
    page.keyboard.press("Home")
    inside.get_by_text("Management density is zero").wait_for()
    found["where focus stays"] = slider.evaluate("node => document.activeElement === node")
    frame = page.locator(".panel-frame")
    inner = frame.element_handle().content_frame()
    inner.wait_for_function("document.documentElement.scrollHeight <= window.innerHeight")
    found["width"] = page.evaluate("document.documentElement.scrollWidth")
    found["inner width"] = inner.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.get_by_role("button", name="Close the panel").click()
    found["closed"] = frame.count() == 0 and page.locator(".panel-picture").is_visible()
    found["focus"] = page.evaluate("document.activeElement.textContent")
    found["after"] = page.evaluate(KEPT)
    page = course.open_exercise(context, SLUG)
    page.wait_for_function("playbook.drafts")
    found["notebook"] = page.evaluate(
        "(id) => [...playbook.panel.content.model.cells].find((c) => c.id === id).sharedModel.getSource()",
        cell_id(first),
    )
    context.close()
    return found


def test_it_shows_the_panel_alone_on_the_trainees_city(seen):
    assert seen["city"].startswith("Your city is ")
    assert (seen["cells"], seen["code"]) == (1, 0)
    assert "density binds" in seen["words"]


def test_its_keys_stay_in_the_panel_and_closing_gives_the_focus_back(seen):
    assert seen["where focus stays"]
    assert seen["closed"]
    assert seen["focus"] == "Try the panel here"


def test_it_fits_a_phone(seen):
    assert seen["width"] <= 390
    assert seen["inner width"] <= 0


def test_it_asks_no_other_host(seen):
    assert seen["other hosts"] == set()


def test_nothing_that_is_saved_is_changed(seen):
    assert json.loads(seen["after"]) == json.loads(seen["before"])
    assert seen["notebook"] == "# half done"
    assert TRAINEE in seen["before"]


@pytest.mark.long
def test_who_is_not_known_sees_the_books_city_and_leaves_no_trace(course):
    context = course.context(trainee="")
    page = context.new_page()
    inside = open_panel(page, course.address)
    assert inside.locator(".playbook-city").inner_text().startswith("This is Jinhua, the city of the book.")
    kept = json.loads(page.evaluate(KEPT))
    assert "Li Wei" not in str(kept)
    assert list(kept) == ["local"]
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("slug", [one.id for one in masters() if one.id != SLUG])
def test_every_panel_fits_a_phone(course, slug):
    context = course.context(viewport={"width": 390, "height": 780})
    page = context.new_page()
    open_panel(page, course.address, slug).locator("img, svg[role=img], table").first.wait_for()
    inner = page.locator(".panel-frame").element_handle().content_frame()
    assert inner.evaluate(WIDE) == []
    context.close()


def test_from_a_folder_the_card_keeps_its_link_and_the_exercise_says_what_to_do(chromium_browser, built_site):
    context = chromium_browser.new_context()
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto((built_site / "book" / f"{SLUG}.html").as_uri())
    assert page.get_by_role("button", name="Try the panel here").count() == 0
    page.get_by_role("link", name="Try the panel live").click()
    page.get_by_text("opened from a folder").wait_for()
    assert page.get_by_role("link", name="download the notebook").is_visible()
    assert complaints == []
    context.close()


def test_without_what_python_needs_the_card_keeps_its_link(course):
    context = course.context()
    context.add_init_script("delete window.WebAssembly")
    page = context.new_page()
    page.goto(f"{course.address}book/{SLUG}.html")
    link = page.get_by_role("link", name="Try the panel live")
    assert link.get_attribute("href").endswith(f"{SLUG}.ipynb#panel")
    assert page.get_by_role("button", name="Try the panel here").count() == 0
    context.close()
