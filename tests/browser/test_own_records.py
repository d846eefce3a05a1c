"""A company's own records in the browser edition: imported, built into it, solved, checked, and a document made."""

from urllib.parse import urlsplit

import pytest

from playbook.authoring.release import write_release
from playbook.authoring.remembered import Remembered
from playbook.cases.roster_file import read_roster
from playbook.places import cache_folder
from playbook.site.browser import Missing, build_browser_edition
from playbook.site.serve import serving
from tests.browser.conftest import (
    HOST,
    PATH,
    SET_SOURCES,
    Course,
    answered,
    cell_id,
    check_all,
    masters,
    publish,
)
from tests.browser.test_exercises import AWAIT_DOCUMENT, PATIENCE
from tests.cases.companies import whole_company

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]

WORKING, LACKING = ("03-entry-industries", "05-customer-profiles"), "07-benchmark-customers"
MASTERS = {master.id: master for master in masters() if master.id in (*WORKING, LACKING)}


@pytest.fixture(scope="module")
def own(tmp_path_factory, chromium_browser):
    """The browser edition of three exercises, as `playbook build --roster` makes it, in Chromium."""
    folder = tmp_path_factory.mktemp("own")
    whole_company(folder)
    (folder / "roster.csv").write_text("id,name,city\n1001,Li Wei,ours\n", encoding="utf-8")
    release = write_release(
        folder / "release",
        exercises=MASTERS,
        cases=["jinhua"],
        roster=read_roster(folder / "roster.csv"),
        kept=Remembered(cache_folder("seals")),
    )
    try:
        build_browser_edition(folder / "site", release.folder)
    except Missing as error:
        pytest.skip(f"no browser edition here: {error}")
    with serving(publish(folder / "site", folder / "server")) as address:
        course = Course(chromium_browser, f"http://{HOST}:{urlsplit(address).port}/{PATH}/")
        yield course
    assert course.hosts <= {HOST}
    assert course.failed == []


@pytest.fixture(scope="module")
def opened(own):
    """Opens an exercise as a trainee on the company's own records does, the next one in the same browser."""
    context = own.context(trainee="1001")
    yield lambda exercise: own.open_exercise(context, exercise)
    context.close()


@pytest.mark.parametrize("exercise", WORKING)
def test_right_answers_on_own_records_pass_and_the_document_is_made_of_them(opened, exercise, tmp_path):
    page, blocks = opened(exercise), MASTERS[exercise].blocks
    page.evaluate(SET_SOURCES, {cell_id(b.question.id): answered(b.solution, b.question) for b in blocks})
    page.evaluate(AWAIT_DOCUMENT, PATIENCE)
    outcomes = check_all(page)
    assert outcomes == {
        b.question.id: "recorded" if b.question.feedback == "recorded" else "right" for b in blocks
    }
    assert page.evaluate("playbook.store.read().case") == "ours"
    page.evaluate("documentKept")
    with page.expect_download() as download:
        page.get_by_role("toolbar").get_by_role("button", name="City Playbook").click()
    document = download.value.path().read_text(encoding="utf-8")
    assert "Jiaxing" in document
    assert MASTERS[exercise].header.section in document
    assert "<img" in document
    assert "Source: our company, " in document or "our company, its decided deals" in document
    assert "QiHang" not in document


def test_an_exercise_that_the_records_do_not_allow_says_so_as_soon_as_it_is_opened(opened):
    page = opened(LACKING)
    page.get_by_role("button", name="Run all").click()
    page.get_by_text("This exercise does not work on your company's records of Jiaxing").first.wait_for()
