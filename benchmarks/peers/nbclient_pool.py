"""Plain nbclient: notebooks run in fresh kernels by two worker processes, and nothing is marked."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import nbformat

from playbook.authoring.solve import MasterRun
from playbook.errors import PlaybookError

from .cohort import Trainee, notebook_of
from .contestant import Lap
from .environment import Environment

_WORKER = Path(__file__).parent / "inside" / "nbclient_worker.py"


class NbclientPool:
    """As many workers as we use, started and warm before the clock runs.

    Args:
        kernel: name of the kernelspec to run notebooks with.
    """

    name = "nbclient"

    def __init__(self, environment: Environment, run: MasterRun, folder: Path, workers: int):
        self.environment, self.run, self.folder, self.workers = environment, run, folder, workers
        self.way = f"nbclient 0.11.0, {workers} workers, nothing marked"

    def prepare(self, trainees: Sequence[Trainee]) -> None:
        """Write everybody's notebook."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for trainee in trainees:
            notebook = notebook_of(self.run.master, trainee, self.run.case.name)
            nbformat.write(notebook, self.folder / f"{trainee.id}.ipynb")

    def points(self, trainees: Sequence[Trainee]) -> dict[str, float]:
        """None: it runs notebooks. How many cells stopped is seen instead."""
        return {}

    def lap(self, trainees: Sequence[Trainee]) -> Lap:
        """Run everybody's notebook once."""
        said = self.work(trainees)
        return Lap(len(trainees), len(trainees), said["seconds"], cpu=said["cpu"])

    def stopped(self, trainees: Sequence[Trainee]) -> dict[str, int]:
        """How many cells of each trainee's notebook stopped with an error."""
        return dict(zip((trainee.id for trainee in trainees), self.work(trainees)["stopped"], strict=True))

    def work(self, trainees: Sequence[Trainee]) -> dict:
        """Let the workers run the notebooks; what they say."""
        names = [f"{trainee.id}.ipynb" for trainee in trainees]
        done = subprocess.run(
            [str(self.environment.python), str(_WORKER), str(self.workers), *names],
            cwd=self.folder,
            env=self.environment.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PlaybookError(f"its workers stopped: {done.stderr[-1500:]}", where=self.name)
        return json.loads(done.stdout.splitlines()[-1])
