"""Whatever is handed in, and whatever a notebook claims, ends with a mark or a named reason."""

import pytest

from tests.grading.fuzz import Claiming, Fuzz, run_fuzz

pytestmark = pytest.mark.slow


@pytest.fixture
def fuzz(tmp_path):
    fuzz = Fuzz(tmp_path)
    yield fuzz
    fuzz.close()


@pytest.mark.long
def test_mutated_notebooks_and_forged_claims_never_stop_the_grader(fuzz):
    run_fuzz(fuzz, Claiming(), 120, derandomize=True)
    assert fuzz.outcomes["graded"] > 30
    fuzz.show()


@pytest.mark.sandbox
def test_mutated_notebooks_that_are_run_never_stop_the_grader(fuzz, warm_runner):
    run_fuzz(fuzz, warm_runner, 20, derandomize=True)
    assert fuzz.outcomes["graded"] > 5
    fuzz.show()
