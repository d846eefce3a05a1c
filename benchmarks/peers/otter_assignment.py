"""otter-grader as it ships: `otter run` for each submission, with an autograder made by `otter generate`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

import nbformat

from playbook.authoring.solve import MasterRun, Solved

from .asserts import check_source
from .cohort import Trainee, notebook_of
from .contestant import Lap, spent
from .environment import Environment

_TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}


@test_case(hidden=True)
def test_{name}({names}):
{check}
"""


class OtterAssignment:
    """An otter assignment with a test file per question."""

    name = "otter"
    way = "otter-grader 7.0.0 `otter run`, one notebook after another"

    def __init__(self, environment: Environment, run: MasterRun, folder: Path):
        self.environment, self.run, self.folder = environment, run, folder

    def prepare(self, trainees: Sequence[Trainee]) -> None:
        """Write the tests, generate the autograder, and write everybody's notebook."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "tests").mkdir(parents=True)
        (self.folder / "submissions").mkdir()
        for question, solved in self.run.solved.items():
            (self.folder / "tests" / f"{question}.py").write_text(_test(solved), encoding="utf-8")
        generate = (
            "generate",
            "-t",
            "tests",
            "-o",
            "autograder.zip",
            "--no-requirements",
            "--no-environment",
        )
        self.environment.run("otter", *generate, cwd=self.folder)
        for trainee in trainees:
            notebook = notebook_of(self.run.master, trainee, self.run.case.name)
            nbformat.write(notebook, self._notebook(trainee))

    def points(self, trainees: Sequence[Trainee]) -> dict[str, float]:
        """Each trainee's score, as otter writes it into its results."""
        scores = {}
        for trainee in trainees:
            results = self._grade(trainee) / "results.json"
            tests = json.loads(results.read_text(encoding="utf-8"))["tests"]
            scores[trainee.id] = sum(float(test.get("score", 0)) for test in tests)
        return scores

    def lap(self, trainees: Sequence[Trainee]) -> Lap:
        """One command per submission, which is how it is used; each pays for its own start."""
        took = spent(lambda: [self._grade(trainee) for trainee in trainees])
        return Lap(len(trainees), len(trainees), took.clock, cpu=took.cpu)

    def _notebook(self, trainee: Trainee) -> Path:
        return self.folder / "submissions" / f"{trainee.id}.ipynb"

    def _grade(self, trainee: Trainee) -> Path:
        results = self.folder / "results" / trainee.id
        results.mkdir(parents=True, exist_ok=True)
        options = ("-a", "autograder.zip", "-o", results, "--no-logo")
        self.environment.run("otter", "run", *options, self._notebook(trainee), cwd=self.folder)
        return results


def _test(solved: Solved) -> str:
    question = solved.block.question
    return _TEST.format(
        name=question.id,
        points=question.points,
        names=f"{question.answer}, case"
        if question.kind.name == "plan"
        else question.answer,  # judges read the case
        check=indent(check_source(solved), "    "),
    )
