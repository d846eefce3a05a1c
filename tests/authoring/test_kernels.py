"""Every master gives the same answers whatever processor adds up its numbers: ties are no matter of rounding."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from playbook.authoring.master import find_masters
from playbook.authoring.solve import run_master, seal_run
from playbook.cases import load_case
from playbook.exercises.marking import mark
from playbook.exercises.outcomes import Outcome

#: Kernels of OpenBLAS, and what a processor must have for each.
KERNELS = {"Nehalem": "sse4_2", "Sandybridge": "avx", "Haswell": "avx2", "SkylakeX": "avx512f"}
SCRIPT = """
import json, sys
from playbook.cases import load_case
from playbook.authoring.master import find_masters
from playbook.authoring.solve import run_master
case = load_case(sys.argv[1])
print(json.dumps({m.id: run_master(m, case, wrong=False).expected for m in find_masters()}))
"""


def kernels() -> list[str]:
    """Those that this processor can run, the first three."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        flags = set()
    return [name for name, flag in KERNELS.items() if flag in flags][:3]


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the kernels are those of x86")
@pytest.mark.parametrize("city", ["dalian", "zibo"])
def test_answers_are_the_same_under_three_kernels(city):
    case = load_case(city)
    masters = find_masters()
    runs = {master.id: run_master(master, case, wrong=False) for master in masters}
    seals = {name: seal_run(run, "kernels") for name, run in runs.items()}
    for kernel in kernels():
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, city],
            env={**os.environ, "OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        for exercise, answers in json.loads(done.stdout).items():
            for question, plain in answers.items():
                result = mark(seals[exercise][question], plain, case)
                assert result.outcome is Outcome.PASSED, (kernel, exercise, question, result.message)
                if seals[exercise][question].question.kind.name in ("set", "ranking", "choice"):
                    assert plain == json.loads(json.dumps(runs[exercise].expected[question]))
