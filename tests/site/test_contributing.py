"""The chapter that CONTRIBUTING.md shows is built from its text: proven, released, read, done in the browser."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.browser.conftest import Course, check_all, run_all

#: The paths of a chapter's own files; two commands make the last three.
PICTURE = "book/_static/panels/14-export.png"
RECORDED = ("tests/recorded/book/14-export.ipynb", "tests/recorded/exercises/14-export.ipynb")
MOST_FILES = 10


def files_of(text: str) -> dict[str, str]:
    """The files that the document shows: each path in back-quotes, then its content in a fence."""
    found = re.findall(r"^`([\w/.-]+)`\n\n(`{3,})\w+\n(.*?)^\2$", text, re.DOTALL | re.MULTILINE)
    return {path: content for path, _, content in found}


@pytest.fixture(scope="module")
def example(root):
    return files_of((root / "CONTRIBUTING.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def course_with_it(root, example, tmp_path_factory):
    """A copy of the course in which the worked example is the only chapter; and how to run its commands."""
    copy = tmp_path_factory.mktemp("course")
    for name in ("_config.yml", "_toc.yml", "pyproject.toml", "requirements.txt", "LICENSE"):
        shutil.copy(root / name, copy)
    hidden = shutil.ignore_patterns("__pycache__", "[0-9][0-9]-*")
    for folder in ("book", "data", "playbook"):
        shutil.copytree(root / folder, copy / folder, ignore=hidden)
    sources = (
        copy / "book" / "what-the-sources-say.md"
    )  # the page of ideas points to chapters that are not here
    text = re.sub(r"\[([^\]]*)\]\([0-9]{2}-[\w-]+\.md[^)]*\)", r"\1", sources.read_text(encoding="utf-8"))
    sources.write_text(text, encoding="utf-8")
    for path, content in example.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        assert not (copy / path).exists(), f"{path} is there already: an edit, not a new file"
        (copy / path).write_text(content, encoding="utf-8")

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "playbook", *command],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            timeout=400,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    run.folder = copy
    return run


def test_a_chapter_adds_at_most_ten_files_and_changes_none(example):
    assert {
        "exercises/14-export/master.md",
        "playbook/chapters/export/judge.py",
        "playbook/chapters/export/summary.py",
    } <= set(example)
    assert len({*example, PICTURE, *RECORDED}) <= MOST_FILES


@pytest.mark.slow
def test_the_worked_example_proves_itself(course_with_it):
    assert "Every exercise proves itself." in course_with_it("validate", "14", "--quick")


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.browser
def test_the_worked_example_is_read_and_done_in_the_browser(course_with_it, chromium_browser):
    """The picture is taken, the book is built with every warning an error, and a beginner opens the exercise."""
    from playbook.site.serve import serving

    course_with_it("picture-panels", "14")
    assert (course_with_it.folder / PICTURE).is_file()
    course_with_it("build")
    with serving(course_with_it.folder / "_build" / "html") as address:
        course = Course(chromium_browser, address)
        context = course.context()
        page = context.new_page()
        page.goto(f"{address}book/index.html")
        row = page.locator("table tr", has_text="Exporters").inner_text()
        assert "Which three districts do you visit for their exporters?" in row
        page.locator("table a", has_text="Exporters").click()
        page.get_by_role("button", name="Try the panel here").wait_for()
        assert page.locator(".panel-picture img").evaluate("image => image.naturalWidth") > 300
        page = course.open_exercise(context, "14-export")
        run_all(page)
        done = check_all(page)
        assert set(done) == {"share", "tour", "decision"}
        assert set(done.values()) == {"not answered yet"}
        assert page.locator(".jupyter-widgets img").count() > 0
