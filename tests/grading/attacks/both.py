"""Run attacks under both runners and compare the marks that come of them.

    python -m tests.grading.attacks.both

Only attacks that harm nobody where there is no sandbox, and that do not aim at one runner's own insides.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from pathlib import Path

from playbook.running.kernel import KernelRunner
from playbook.running.runner import Job, Limits, Run, Runner
from playbook.running.warm.runner import WarmRunner
from tests.grading.attacks.catalogue import PATCHING, Attack
from tests.grading.attacks.more import KILLING, PRINTING
from tests.running.warm.helpers import notebook

#: Parts of attacks that aim at a runner's own insides, at other processes, or leave some behind.
_NOT_HERE = ("running.warm", "range(3, 300)", "@GRADER@", "SIGSTOP", "setsid")
HARMLESS = [
    a for a in [*PATCHING, *PRINTING, *KILLING] if not any(p in c for c in a.cells for p in _NOT_HERE)
]
#: Breaking the tools by which a kernel speaks ends it; the warm runner may do without them.
_PATIENT = Limits(cell_s=20, notebook_s=60)


def mark_of(attack: Attack, runner: Runner, case: Path) -> str:
    """What becomes of the answer that was earned: right, wrong, or not graded."""
    attack = dataclasses.replace(attack, limits=_PATIENT)
    run = runner.run(Job(notebook(*attack.sources({})), case, attack.answers, attack.calls, attack.limits))
    return _mark(run)


def _mark(run: Run) -> str:
    if run.reason:
        return "not graded"
    return "right" if run.answers.get("honest") == 6 else "wrong"


def main() -> None:
    """Compare, print a line for each attack, and end with 1 if an answer that was earned is marked in two ways."""
    kernel, apart = KernelRunner(), 0
    with tempfile.TemporaryDirectory() as name, WarmRunner(required=True) as warm:
        case = Path(name)
        (case / "case.json").write_text("{}\n")
        for attack in HARMLESS:
            fast, slow = mark_of(attack, warm, case), mark_of(attack, kernel, case)
            apart += {fast, slow} == {"right", "wrong"}
            print(f"{fast:>10} {slow:>10}  {attack.id}", flush=True)
    print(f"{len(HARMLESS)} attacks under both runners, {apart} marked in two ways")
    sys.exit(bool(apart))


if __name__ == "__main__":
    main()
