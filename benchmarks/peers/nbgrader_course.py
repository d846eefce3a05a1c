"""nbgrader as it ships: `nbgrader autograde` over a course with our exercise as its assignment."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

from playbook.authoring.release import release_notebook
from playbook.authoring.solve import MasterRun

from .asserts import check_source
from .cohort import Trainee, notebook_of, question_in
from .contestant import Lap, spent
from .environment import Environment

_ASSIGNMENT = "exercise"
_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.CourseDirectory.root = {root!r}
"""


class NbgraderCourse:
    """An nbgrader course with one assignment."""

    name = "nbgrader"
    way = "nbgrader 0.9.6 `autograde`, one notebook after another"

    def __init__(self, environment: Environment, run: MasterRun, folder: Path):
        self.environment, self.run, self.folder = environment, run, folder

    def prepare(self, trainees: Sequence[Trainee]) -> None:
        """Write the course, generate the assignment, and hand in everybody's notebook."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        root = str(self.folder)
        (self.folder / "nbgrader_config.py").write_text(_CONFIG.format(root=root), encoding="utf-8")
        self._write(self.folder / "source" / _ASSIGNMENT, self._source())
        self._nbgrader("generate_assignment", _ASSIGNMENT)
        released = self.folder / "release" / _ASSIGNMENT / f"{_ASSIGNMENT}.ipynb"
        hidden = {cell.id: cell.source for cell in nbformat.read(released, as_version=4).cells}
        for trainee in trainees:
            notebook = self._with_tests(notebook_of(self.run.master, trainee, self.run.case.name))
            for cell in notebook.cells:
                if cell.id.startswith("test-"):
                    cell.source = hidden[cell.id]
            self._write(self.folder / "submitted" / trainee.id / _ASSIGNMENT, notebook)

    def points(self, trainees: Sequence[Trainee]) -> dict[str, float]:
        """Each trainee's score in the gradebook."""
        self._grade(trainees)
        self._nbgrader("export", "--to", "grades.csv")
        with (self.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            return {row["student_id"]: float(row["score"] or 0) for row in csv.DictReader(file)}

    def lap(self, trainees: Sequence[Trainee]) -> Lap:
        """Autograde; then once more with nothing left to do, which shows what the command's start takes."""
        self._clear()
        whole = spent(lambda: self._grade(trainees))
        start = spent(lambda: self._grade(trainees))
        rest = whole - start
        return Lap(len(trainees), len(trainees), rest.clock, start.clock, rest.cpu)

    def _grade(self, trainees: Sequence[Trainee]) -> None:
        """Hide who is not asked for: without a list, nbgrader grades all who have handed in."""
        handed_in, away = self.folder / "submitted", self.folder / "away"
        away.mkdir(exist_ok=True)
        asked = {trainee.id for trainee in trainees}
        for folder in [*handed_in.iterdir()]:
            if folder.name not in asked:
                folder.rename(away / folder.name)
        try:
            self._nbgrader("autograde", _ASSIGNMENT)
        finally:
            for folder in away.iterdir():
                folder.rename(handed_in / folder.name)

    def _clear(self) -> None:
        shutil.rmtree(self.folder / "autograded", ignore_errors=True)

    def _nbgrader(self, *arguments: str) -> None:
        self.environment.run("nbgrader", *arguments, cwd=self.folder)

    def _source(self) -> Any:
        """The assignment as its author writes it."""
        notebook = self._with_tests(release_notebook(self.run.master, "benchmark"))
        for cell in notebook.cells:
            question = question_in(cell)
            if question:
                solution = self.run.solved[question].block.solution
                cell.source = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
        return notebook

    def _with_tests(self, notebook: Any) -> Any:
        """Mark the answers' cells, and put a locked one with a hidden test behind each."""
        cells = []
        for cell in notebook.cells:
            cells.append(cell)
            question = question_in(cell)
            if question:
                solved = self.run.solved[question]
                grade_id = question.replace("_", "-")
                cell.metadata = {"nbgrader": _marked(grade_id, solution=True)}
                source = f"### BEGIN HIDDEN TESTS\n{check_source(solved)}\n### END HIDDEN TESTS"
                test = new_code_cell(source, id=f"test-{grade_id}"[:64])
                points = solved.block.question.points
                test.metadata = {
                    "nbgrader": _marked(f"test-{grade_id}", grade=True, locked=True, points=points)
                }
                cells.append(test)
                cell.metadata["playbook"] = {"question": question}
        notebook.cells = cells
        return notebook

    @staticmethod
    def _write(folder: Path, notebook: Any) -> None:
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{_ASSIGNMENT}.ipynb")


def _marked(grade_id: str, **what: Any) -> dict[str, Any]:
    marks = {"solution": False, "grade": False, "locked": False, "task": False, "schema_version": 3}
    return marks | {"grade_id": grade_id, "cell_type": "code"} | what
