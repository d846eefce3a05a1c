"""In CI, a browser or sandbox test that was skipped is a failure: nothing passes by not running."""

import os
import shutil
import subprocess
import sys

import pytest

TEST = """
import pytest

@pytest.mark.browser
def test_needs_a_browser(chromium):
    assert chromium
"""


@pytest.fixture
def run(tmp_path, root):
    """Run one test that needs Chromium where there is none; returns pytest's exit code and output."""
    shutil.copy(root / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_one.py").write_text(TEST, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nmarkers =\n  browser: needs Chromium\n  peer: needs another program\n", encoding="utf-8"
    )

    def run(required: str) -> tuple[int, str]:
        environment = {**os.environ, "PATH": "", "PLAYBOOK_CHROMIUM": "", "PLAYBOOK_REQUIRE": required}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-rs"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout

    return run


@pytest.mark.slow
def test_a_skip_is_allowed_on_a_machine_without_a_browser_and_says_how_to_get_one(run):
    code, output = run("")
    assert code == 0
    assert "apt-get install chromium" in output


@pytest.mark.slow
def test_a_skip_fails_where_the_test_is_required(run):
    code, output = run("browser,sandbox")
    assert code == 1
    assert "must run here" in output


@pytest.mark.long
@pytest.mark.slow
def test_the_skip_of_a_test_that_needs_somebody_elses_program_fails_where_that_was_fetched(run, tmp_path):
    code, _ = run("browser,sandbox")
    assert code == 1
    path = tmp_path / "test_one.py"
    path.write_text(
        TEST.replace("@pytest.mark.browser", "@pytest.mark.browser\n@pytest.mark.peer"), encoding="utf-8"
    )
    assert run("browser,sandbox")[0] == 0
    assert run("browser,sandbox,peer")[0] == 1
