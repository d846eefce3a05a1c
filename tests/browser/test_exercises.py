"""Every exercise, done in a browser tab: all checks, the panel by mouse and keyboard, read by everyone."""

import importlib
import inspect

import pytest

from playbook.authoring.reads import read_reads
from tests.browser.axe import COLOURS, grave_findings
from tests.browser.conftest import PATIENCE, SET_SOURCES, answered, cell_id, check_all, masters

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]  # the journey walks through one

#: The words and the figure of the panel, which is the first set of widgets in an exercise.
PANEL = ".jp-OutputArea-output .jupyter-widgets"
STATE = f"""() => {{
  const panel = document.querySelector("{PANEL}");
  return [...panel.querySelectorAll(".widget-html-content")].map((part) => part.innerHTML).join();
}}"""
CHINESE = """
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    from playbook.figures.style import new_figure
    figure, axes = new_figure()
    axes.set_title(f"{case.city_zh} 储备经理")
    figure.canvas.draw()
print("missing:", [str(one.message) for one in caught if "missing" in str(one.message)])
"""
#: Notes when the City Playbook is kept, which is written behind the summary of a check.
AWAIT_DOCUMENT = """(patience) => {
  const { store } = playbook;
  const keep = store.keepDocument;
  window.documentKept = new Promise((kept, failed) => {
    store.keepDocument = (html) => keep(html).then(kept);
    setTimeout(() => failed(new Error("no City Playbook was kept")), patience);
  });
}"""


#: A trainee and the city, which has firms and divisions that are nearly alike: another order of adding up could
#: tell them apart.
TRAINEE, CITY = "Zhu Lin", "dalian"
#: Another one, where this exercise's plan chooses among such firms.
OTHER_TRAINEE, OTHER_CITY, ITS_EXERCISE = "Zhou Hao", "zibo", "07-benchmark-customers"
EXERCISES = masters()

#: Names of the files that each exercise asked for, by exercise.
FETCHED: dict[str, set[str]] = {}


@pytest.fixture(scope="module", params=EXERCISES, ids=lambda master: master.id)
def done(request, course):
    """An exercise with every solution in its cell, checked, in a city where the browser's arithmetic could differ."""
    context = course.context(trainee=TRAINEE)
    asked = FETCHED.setdefault(request.param.id, set())
    context.on("request", lambda one: asked.add(one.url.rpartition("/")[2]))
    page, outcomes = solve(course, context, request.param, CITY)
    yield request.param, page, outcomes
    context.close()


def solve(course, context, master, city):
    """Put every solution into its cell, check, and wait for the document; the page, and how each question stands."""
    page = course.open_exercise(context, master.id)
    page.evaluate(
        SET_SOURCES, {cell_id(b.question.id): answered(b.solution, b.question) for b in master.blocks}
    )
    page.evaluate(AWAIT_DOCUMENT, PATIENCE)
    outcomes = check_all(page)
    page.evaluate("documentKept")
    assert page.evaluate("playbook.store.read().case") == city
    return page, outcomes


def test_every_right_answer_passes(done):
    master, _, outcomes = done
    expected = {
        b.question.id: "recorded" if b.question.feedback == "recorded" else "right" for b in master.blocks
    }
    assert outcomes == expected


def test_the_browsers_arithmetic_gives_the_same_plan_in_another_city(course):
    context = course.context(trainee=OTHER_TRAINEE)
    master = next(master for master in EXERCISES if master.id == ITS_EXERCISE)
    _, outcomes = solve(course, context, master, OTHER_CITY)
    assert set(outcomes) == {block.question.id for block in master.blocks}
    assert set(outcomes.values()) <= {"right", "recorded"}
    context.close()


def test_nothing_warns_or_fails(done):
    _, page, _ = done
    complaints = page.locator(
        '.jp-OutputArea-output[data-mime-type$="stderr"], .jp-OutputArea-output[data-mime-type$="error"]'
    )
    assert complaints.all_inner_texts() == []


def test_an_exercise_fetches_the_tables_that_it_reads_and_no_time_zones(done, course):
    master, _, _ = done
    section = inspect.getsource(importlib.import_module(master.header.summary.partition(":")[0]))
    code = " ".join((section, *(cell.source for cell in master.cells)))
    for table in ("accounts", "opportunities", "launch_panel"):
        fetched = any(f"-{table}-" in name for name in FETCHED[master.id])
        # Chapter 13 reads them through the simulator.
        assert fetched == (f"case.{table}" in code or table in read_reads(master)), table
    assert [file for file in course.files if file.startswith("zones-")] == []


def test_the_panel_answers_the_keyboard(done):
    _, page, _ = done
    before = page.evaluate(STATE)
    slider, choice = page.locator(f"{PANEL} .noUi-handle").first, page.locator(f"{PANEL} select").first
    control, key = (slider, "Home") if slider.count() else (choice, "End")
    if slider.count() and slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemin"):
        key = "End"
    control.focus()
    page.keyboard.press(key)
    page.wait_for_function(f"(before) => ({STATE})() !== before", arg=before)


def test_the_panel_answers_the_mouse(done):
    _, page, _ = done
    before = page.evaluate(STATE)
    slider = page.locator(f"{PANEL} .noUi-target").first
    if slider.count():
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        slider.click(position={"x": box["width"] * 0.9, "y": box["height"] / 2})
    else:
        page.locator(f"{PANEL} select").first.select_option(index=1)  # the keyboard chose the last
    page.wait_for_function(f"(before) => ({STATE})() !== before", arg=before)


def test_figures_are_there_and_say_what_they_show(done):
    _, page, _ = done
    texts = page.locator(".jp-OutputArea :is(img, svg[role=img])").evaluate_all(
        "(all) => all.map((one) => one.naturalWidth > 0 ? one.alt : one.getAttribute('aria-label') || '')"
    )
    assert texts
    assert all(len(text) > 20 for text in texts)


def test_chinese_text_shows_in_figures(done):
    _, page, _ = done
    page.evaluate(
        """(source) => {
          const { model } = playbook.panel.content;
          model.sharedModel.insertCell(model.cells.length, { cell_type: "code", source, metadata: {}, id: "chinese" });
        }""",
        CHINESE,
    )
    cell = page.locator(".jp-Notebook .jp-Cell").last
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    output = cell.locator(".jp-OutputArea").get_by_text("missing: [")
    assert output.inner_text().strip() == "missing: []"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_read_and_use_it(done, scheme: str):
    _, page, _ = done
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "(dark) => document.body.dataset.jpThemeLight === String(!dark)", arg=scheme == "dark"
    )
    assert grave_findings(page, ".jp-Notebook", COLOURS if scheme == "dark" else None) == []


def test_nothing_overflows_on_a_phone(done):
    _, page, _ = done
    page.set_viewport_size({"width": 375, "height": 740})
    page.wait_for_function("document.querySelector('.jp-Notebook').clientWidth <= 375")
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".jp-OutputArea-output img, .jp-OutputArea-output .jupyter-widgets, "
          + ".jp-RenderedMarkdown, .playbook-notices")]
          .filter((part) => part.getBoundingClientRect().right > 376).map((part) => part.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
