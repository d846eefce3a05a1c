"""The debrief of chapter 13: shares side by side, what the best did, the rule that most broke, one run on the wall."""

import json
import re

import pytest
from typer.testing import CliRunner

from playbook.cli import app
from playbook.desk.debrief import debrief
from playbook.desk.debrief_page import debrief_page, replay_for
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from tests.desk.debriefed import CITIES, NAMES, debriefed_book, defended_plan, record

pytestmark = pytest.mark.slow
TWO = ("jinhua", "jiaxing")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("debrief")
    debriefed_book(made, 7, TWO).close()
    return made


@pytest.fixture(scope="module")
def told(folder):
    with Gradebook(folder / "gradebook.sqlite") as book:
        return debrief(book)


@pytest.fixture(scope="module")
def hidden(folder):
    with Gradebook(folder / "gradebook.sqlite") as book:
        found = debrief(book, anonymous=True)
    return found, debrief_page(found, replay_for(found))


def test_plans_stand_in_the_order_of_their_shares(told):
    shares = [one.run.gap_share for one in told.plans]
    assert shares == sorted(shares, reverse=True) == [record(n)["gap_share"] for n in range(7)]


def test_what_only_the_best_three_did_is_said_in_words(told):
    fields = {one.trait.lever for one in told.differences}
    assert "veterans" in fields
    assert "Larger share of the visits that follow up: 0.50 in the best 3, 0.30 in the others." in [
        one.words for one in told.differences
    ]
    assert len(fields) == len(told.differences) <= 3


def test_the_rule_that_most_broke_comes_first(told):
    most = told.broken[0]
    assert (most.rule, most.people, most.back_to) == (28, 3, 10)
    assert most.people == sum(28 in one.broken for one in told.plans)


def test_the_page_shows_all_months_and_runs_no_script_but_its_own(told):
    page = debrief_page(told, replay_for(told))
    assert page.count('class="frame"') == 24
    assert re.search(r"script-src 'sha256-[\w+/=]{44}'", page)
    assert page.count("<script>") == 1
    assert "http" not in page.replace("http-equiv", "")
    assert all(name in page for name in NAMES[:7])


def test_an_anonymous_page_names_nobody_no_city_and_no_district(hidden):
    found, page = hidden
    text = page + json.dumps(found.as_dict())
    for word in (
        *NAMES,
        *CITIES,
        "Jinhua",
        "Jiaxing",
        "Yiwu",
        "Wucheng",
        "Nanhu",
        *(f"t{n:02d}" for n in range(7)),
    ):
        assert word not in text
    assert "Plan 7" in page
    assert "District A" in page


#: Words in the map of the last month that touch each other.
TOUCH = """() => {
  const map = [...document.querySelectorAll(".frame")].at(-1).querySelector("svg");
  const boxes = [...map.querySelectorAll("text")].map((one) => [one.textContent, one.getBoundingClientRect()]);
  const pairs = boxes.flatMap((one, place) => boxes.slice(place + 1).map((other) => [one, other]));
  return pairs.filter(([[, a], [, b]]) => a.left < b.right + 2 && b.left < a.right + 2
    && a.top + 3 < b.bottom && b.top + 3 < a.bottom).map(([[a], [b]]) => a + " | " + b);
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_no_name_on_the_map_touches_another(told, hidden, tmp_path, chromium_browser, width):
    context = chromium_browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    for name, text in (("wall", debrief_page(told, replay_for(told))), ("hidden", hidden[1])):
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
        page.goto((tmp_path / f"{name}.html").as_uri())
        page.keyboard.press("End")
        page.get_by_text("After 24 months").wait_for()
        assert page.evaluate(TOUCH) == []
    context.close()


@pytest.mark.browser
def test_on_paper_the_run_stands_together_and_its_pictures_are_of_one_size(told, tmp_path, chromium_browser):
    (tmp_path / "wall.html").write_text(debrief_page(told, replay_for(told)), encoding="utf-8")
    page = chromium_browser.new_page(viewport={"width": 718, "height": 1000})
    page.emulate_media(media="print")
    page.goto((tmp_path / "wall.html").as_uri())
    widths = page.locator(".frame:visible svg").evaluate_all(
        "all => all.map((one) => Math.round(one.getBoundingClientRect().width))"
    )
    run = page.locator("section[aria-labelledby=run]")
    assert len(widths) == 3
    assert len(set(widths)) == 1
    assert run.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    assert run.bounding_box()["height"] < 900
    page.close()


def test_a_plan_that_cannot_be_read_stays_in_the_table_and_is_not_compared(tmp_path):
    def plan(number):
        return {"veteran": 3} if number == 0 else None if number == 1 else defended_plan(number)

    with debriefed_book(tmp_path, 3, TWO, plan) as book:
        found = debrief(book)
    first, second, _third = found.plans
    assert "veteran" in first.problem
    assert second.problem == "no plan was kept"
    assert not found.differences
    with pytest.raises(PlaybookError, match="t00 can't be replayed") as error:
        replay_for(found, "t00")
    assert "--replay" in error.value.remedy
    assert replay_for(found).of.trainee == "t02"


def test_a_plan_without_a_run_stands_last(tmp_path):
    with debriefed_book(tmp_path, 3, TWO, simulated=lambda n: None if n == 0 else record(n)) as book:
        found = debrief(book)
    assert found.plans[-1].trainee == "t00"
    assert "not run by the grader" in debrief_page(found, None)


def test_the_command_writes_the_page_and_json(folder, tmp_path):
    common = ["debrief", "--gradebook", str(folder / "gradebook.sqlite")]
    into = tmp_path / "wall.html"
    done = CliRunner().invoke(
        app, [*common, "--into", str(into), "--replay", "Wang Fang", "--run", "unlucky"]
    )
    assert done.exit_code == 0, done.output
    assert "One run: Wang Fang" in into.read_text(encoding="utf-8")
    data = json.loads(CliRunner().invoke(app, [*common, "--json"]).stdout)
    assert [one["name"] for one in data["plans"]] == list(NAMES[:7])


def test_without_a_plan_the_error_says_what_to_do(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as book, pytest.raises(PlaybookError) as error:
        debrief(book)
    assert "playbook grade" in error.value.remedy
