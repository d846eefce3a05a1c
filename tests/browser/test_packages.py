"""Packages in Chromium: SCORM 1.2 against scorm-again's API, cmi5 against a record store; the course on another host.

PLAYBOOK_SCORM_AGAIN names the folder `dist` of the npm package scorm-again (`npm pack scorm-again`).
"""

import functools
import http.server
import io
import json
import os
import threading
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from playbook.authoring.master import find_masters
from playbook.site.packages import package
from playbook.site.serve import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = "03-entry-industries"
#: What an exercise keeps of a trainee's checks; the record as store.js writes it.
RECORD = """([slug, questions]) => localStorage.setItem("playbook:/", JSON.stringify(
  {version: 1, trainee: "Li Wei", case: "wuxi", last: slug, exercises: {[slug]: {questions}}}))"""
PLATFORM = """<!doctype html><title>LMS</title><script src="scorm12.min.js"></script>
<script>window.API = new Scorm12API({autocommit: false, logLevel: 5});</script>
<iframe id="sco" src="03-entry-industries.html" width="900" height="600"></iframe>"""
ACTOR = {"objectType": "Agent", "account": {"homePage": "https://lms.example", "name": "001001"}}
LAUNCH = {"launchMode": "Normal", "masteryScore": 0.6, "contextTemplate": {"extensions": {
    "https://w3id.org/xapi/cmi5/context/extensions/sessionid": "s1"}}}  # fmt: skip


class Platform(http.server.SimpleHTTPRequestHandler):
    """A learning platform: serves a package, and keeps statements as a record store does."""

    def log_message(self, format, *args):
        """Say nothing."""

    def _answer(self, data, status=200):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self._answer({"auth-token": "dG9rZW4="})

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: one[0] for name, one in parse_qs(parts.query).items()}
        if parts.path == "/xapi/activities/state":
            self._answer(LAUNCH)
        elif parts.path == "/xapi/agents/profile":
            self._answer({}, 404)
        elif parts.path == "/xapi/statements":
            found = [one for one in self.server.statements if one["verb"]["id"] == query["verb"]]
            self._answer({"statements": found})
        else:
            super().do_GET()

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Authorization"] == "Basic dG9rZW4="
        self.server.statements.append(json.loads(body))
        self.send_response(204)
        self.end_headers()


@pytest.fixture
def questions(root):
    """Every question of the chapter, answered right."""
    [master] = find_masters(root / "exercises", [SLUG])
    return {
        one.id: {"outcome": "passed", "points": one.points, "max_points": one.points, "at": ""}
        for one in master.questions
    }


@pytest.fixture
def site(root, tmp_path):
    """A page of the course with the script that real pages have."""
    folder = tmp_path / "site"
    (folder / "book").mkdir(parents=True)
    (folder / "_static").mkdir()
    (folder / "index.html").write_text("course", encoding="utf-8")
    (folder / "_static" / "asked.js").write_bytes((root / "playbook/site/asked.js").read_bytes())
    page = '<!doctype html><title>Chapter</title><script defer src="../_static/asked.js"></script><p>Chapter'
    (folder / "book" / f"{SLUG}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture
def course(site):
    """The course on a host of its own, as plain web space serves it."""
    server, address = platform(site, "course.test")
    yield address
    server.shutdown()
    server.server_close()


def platform(folder, host="lms.test"):
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Platform, directory=str(folder))
    )
    server.statements = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://{host}:{server.server_address[1]}/"


def unpacked(root, course, form, folder):
    made = package(form, course, "Opening a City", find_masters(root / "exercises", [SLUG]))
    zipfile.ZipFile(io.BytesIO(made)).extractall(folder)
    return folder


def opened(page, within=None):
    """The chapter in the window that the button opens."""
    with page.context.expect_page() as waiting:
        (within or page).get_by_role("button", name="Open the chapter").click()
    waiting.value.wait_for_load_state()
    return waiting.value


#: A platform of the least that SCORM 1.2 asks for, which has called a trainee halfway `failed`.
LEAST = """() => {
  window.say = (text) => text;
  window.kept = {"cmi.core.lesson_status": "failed", "cmi.core.score.raw": "30"};
  window.API = {
    LMSInitialize: () => "true", LMSCommit: () => "true", LMSFinish: () => "true",
    LMSGetLastError: () => "401", LMSGetErrorString: () => "Not implemented error",
    LMSGetValue: (name) => window.kept[name] ?? "",
    LMSSetValue: (name, value) => {
      if (/score\\.m/.test(name)) { return "false"; }
      window.kept[name] = value;
      return "true";
    },
  };
}"""


def test_halfway_is_not_complete_where_the_platform_calls_it_failed(root, chromium_browser):
    """Moodle says `failed` of a score below the least one; the next session told it that the chapter was done."""
    page = chromium_browser.new_page()
    page.evaluate(LEAST)
    page.add_script_tag(content=(root / "playbook/site/packages/scorm12.js").read_text("utf-8"))
    assert page.evaluate("window.playbookPlatform.start()") == {"share": 0.3, "complete": False}
    page.evaluate("window.playbookPlatform.report({share: 0.5, passed: false, complete: false})")
    assert page.evaluate("window.kept") == {
        "cmi.core.lesson_status": "incomplete",
        "cmi.core.score.raw": "50",
    }
    page.close()


@pytest.mark.peer
def test_a_scorm_platform_hears_of_part_and_whole_and_never_of_less(
    root, course, questions, chromium_browser, tmp_path
):
    there = os.environ.get("PLAYBOOK_SCORM_AGAIN")
    if not there:
        pytest.skip("PLAYBOOK_SCORM_AGAIN names no copy of scorm-again")
    folder = unpacked(root, course, "scorm12", tmp_path / "package")
    (folder / "scorm12.min.js").write_bytes((Path(there) / "scorm12.min.js").read_bytes())
    (folder / "lms.html").write_text(PLATFORM, encoding="utf-8")
    server, address = platform(folder)
    page = chromium_browser.new_page()
    page.goto(f"{address}lms.html")
    page.wait_for_function("API.cmi.core.lesson_status === 'incomplete'")
    chapter = opened(page, page.frame_locator("#sco"))
    first = next(iter(questions))
    share = questions[first]["points"] / sum(one["points"] for one in questions.values())
    chapter.evaluate(RECORD, [SLUG, {first: questions[first]}])
    page.wait_for_function("Number(API.cmi.core.score.raw) > 0")
    assert float(page.evaluate("API.cmi.core.score.raw")) == pytest.approx(100 * share, abs=0.01)
    assert page.evaluate("API.cmi.core.lesson_status") == "incomplete"
    chapter.evaluate(RECORD, [SLUG, questions])
    page.wait_for_function("API.cmi.core.lesson_status === 'passed'")
    assert page.evaluate("[API.cmi.core.score.raw, API.cmi.core.score.max]") == ["100", "100"]
    line = page.frame_locator("#sco").locator("#line")
    line.get_by_text("Your learning platform knows").wait_for()
    page.evaluate("document.querySelector('#sco').contentWindow.dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("API.isTerminated()") is True
    page.close()
    server.shutdown()
    server.server_close()


def test_without_a_platform_the_page_says_that_nothing_is_reported(root, course, chromium_browser, tmp_path):
    server, address = platform(unpacked(root, course, "scorm12", tmp_path / "package"))
    page = chromium_browser.new_page()
    page.goto(f"{address}{SLUG}.html")
    page.get_by_text(
        "There is no learning platform here: open the chapter from your course there."
    ).wait_for()
    page.close()
    server.shutdown()
    server.server_close()


def test_a_cmi5_store_gets_each_statement_once_over_two_sessions(
    root, course, questions, chromium_browser, tmp_path
):
    server, address = platform(unpacked(root, course, "cmi5", tmp_path / "package"))
    launched = {"endpoint": f"{address}xapi", "fetch": f"{address}fetch", "actor": json.dumps(ACTOR),
                "registration": "7f1b8a52-0000-4000-8000-000000000001", "activityId": f"{course}{SLUG}"}  # fmt: skip
    context = chromium_browser.new_context()
    for _session in range(2):
        page = context.new_page()
        page.goto(f"{address}{SLUG}.html?{urlencode(launched)}")
        page.get_by_text("Your learning platform hears how far you are").wait_for()
        chapter = opened(page)
        chapter.evaluate(RECORD, [SLUG, questions])
        page.get_by_text("Your learning platform knows").wait_for()
        with page.expect_response("**/statements?*"):
            page.evaluate("window.dispatchEvent(new Event('pagehide'))")
        page.close()
    context.close()
    verbs = [one["verb"]["id"].rpartition("/")[2] for one in server.statements]
    assert verbs == ["initialized", "completed", "passed", "terminated", "initialized", "terminated"]
    passed = server.statements[2]
    assert passed["actor"] == ACTOR
    assert passed["result"]["score"]["scaled"] == 1
    assert [one["id"].rpartition("/")[2] for one in passed["context"]["contextActivities"]["category"]] == [
        "cmi5",
        "moveon",
    ]
    assert passed["context"]["registration"] == launched["registration"]
    assert (
        passed["context"]["extensions"]["https://w3id.org/xapi/cmi5/context/extensions/masteryscore"] == 0.6
    )
    server.shutdown()
    server.server_close()


def test_windows_that_the_course_keeps_apart_and_frames_that_keep_nothing_are_told(
    root, site, chromium_browser, tmp_path
):
    with serving(
        site
    ) as course:  # on 127.0.0.1, which browsers trust: elsewhere they heed the header over https alone
        folder = unpacked(root, course, "scorm12", tmp_path / "package")
        (folder / "platform.js").write_text(
            "window.playbookPlatform = {start: async () => ({share: -1, complete: false}), report() {}, stop() {}};",
            "utf-8",
        )
        server, address = platform(folder)
        page = chromium_browser.new_page()
        page.goto(f"{address}{SLUG}.html")
        opened(page)
        page.get_by_text("This page cannot hear the window").wait_for()
        page.get_by_role("button", name="Show it in this page").click()
        page.get_by_text("Your browser keeps nothing for a course that is shown in this page").wait_for()
        page.context.close()
        server.shutdown()
        server.server_close()
