"""Grading refuses plainly to run without a sandbox where one is required."""

import pytest

from playbook.errors import PlaybookError
from playbook.running import choose


@pytest.mark.parametrize(
    ("name", "required", "ci", "words"),
    [
        ("kernel", True, "", "a fresh kernel has no sandbox, and one is required"),
        ("kernel", None, "true", "a fresh kernel has no sandbox, and one is required"),
        ("fast", None, "", "there is no runner 'fast'"),
    ],
)
def test_a_runner_that_may_not_be_used_is_refused_plainly(monkeypatch, name, required, ci, words):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(PlaybookError, match=words), choose.open_runner(name, required):
        pass


def test_a_fresh_kernel_warns_that_it_has_no_sandbox(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with choose.open_runner("kernel", False) as (_, warning):
        assert "No sandbox" in warning()


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_sandboxed_runner_is_the_default(monkeypatch):
    monkeypatch.setenv("CI", "true")
    try:
        with choose.open_runner() as (runner, warning):
            assert type(runner).__name__ == "WarmRunner"
            assert warning() == ""
    except PlaybookError as error:
        pytest.skip(error.what)
