"""Our own grading as it ships: `playbook grade`, sandbox required, two workers, an empty gradebook each time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from playbook.authoring.solve import MasterRun
from playbook.errors import PlaybookError

from .cohort import Trainee, notebook_of
from .contestant import Lap, spent

_PLAYBOOK = Path(sys.executable).with_name("playbook")


class PlaybookGrade:
    """`playbook grade` over a folder of hand-ins, on each trainee's own city and on an unseen one."""

    name = "playbook"

    def __init__(self, run: MasterRun, folder: Path, workers: int):
        self.run, self.folder, self.workers = run, folder, workers
        self.way = f"`playbook grade`, sandbox on, {workers} workers, every notebook run twice"

    def prepare(self, trainees: Sequence[Trainee]) -> None:
        """Write everybody's notebook, and grade one: the exercise is then ready for the city."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for trainee in trainees:
            notebook = notebook_of(self.run.master, trainee, self.run.case.name)
            path = self.folder / "all" / trainee.id / f"{self.run.master.id}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(notebook, path)
        self._grade(trainees[:1])

    def points(self, trainees: Sequence[Trainee]) -> dict[str, float]:
        """Each trainee's points."""
        said = json.loads(self._grade(trainees))
        return {one["trainee"]: one["points"] for one in said["results"]}

    def lap(self, trainees: Sequence[Trainee]) -> Lap:
        """Grade one of them, which is mostly the command's start, and then all of them."""
        one = spent(lambda: self._grade(trainees[:1]))
        every = spent(lambda: self._grade(trainees))
        count, more = len(trainees), every - one
        each, cpu = more.clock / (count - 1), more.cpu / (count - 1)
        return Lap(count, 2 * count, each * count, one.clock - each, cpu * count)

    def _grade(self, trainees: Sequence[Trainee]) -> str:
        for name in ("handed-in", "results"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for trainee in trainees:
            shutil.copytree(self.folder / "all" / trainee.id, self.folder / "handed-in" / trainee.id)
        masters = self.run.master.path.parents[1]
        options = ("--jobs", self.workers, "--require-sandbox", "--exercises", masters, "--json")
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PLAYBOOK_")}
        variables |= {"PLAYBOOK_SECRET": "benchmark", "PLAYBOOK_CACHE": str(self.folder / "cache")}
        done = subprocess.run(
            list(map(str, (_PLAYBOOK, "grade", "handed-in", *options))),
            cwd=self.folder,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PlaybookError(f"it ended with {done.returncode}: {done.stderr[-1500:]}", where=self.name)
        return done.stdout
