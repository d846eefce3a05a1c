"""Make one exercise ready for one city, in a process of its own; `python -m playbook.cluster.preparing`.

A master runs with the case that it is held to, which is the whole process's: beside hand-ins that are being marked
it must not run. Orders come as JSON on stdin; "" or what went wrong goes to stdout.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from playbook.errors import PlaybookError


def prepare_apart(master: Path, case: Path, secret: str, folder: Path) -> None:
    """Make an exercise ready for a city, and leave it in a folder.

    Args:
        master: the master's file; case: the case's folder.
        folder: where seals are kept.

    Raises:
        PlaybookError: the master stops on this case, or the process ended.
    """
    orders = {"master": str(master), "case": str(case), "secret": secret, "folder": str(folder)}
    command = [sys.executable, "-m", "playbook.cluster.preparing"]
    done = subprocess.run(command, input=json.dumps(orders).encode(), capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise PlaybookError(f"it could not be made ready: {''.join(said) or f'exit {done.returncode}'}")
    if wrong := json.loads(done.stdout):
        raise PlaybookError(wrong["what"], where=wrong["where"], remedy=wrong["remedy"])


def main() -> None:
    """Do as the orders on stdin say."""
    from playbook.authoring.master import load_master
    from playbook.cases import read_case
    from playbook.grading.prepared import prepare_exercise

    orders = json.load(sys.stdin)
    answer, sys.stdout = sys.stdout, sys.stderr  # a master may print
    wrong: dict[str, str] | None = None
    try:
        prepare_exercise(
            load_master(orders["master"]),
            read_case(orders["case"]),
            orders["secret"],
            Path(orders["folder"]),
        )
    except PlaybookError as error:
        wrong = {"what": error.what, "where": error.where, "remedy": error.remedy}
    json.dump(wrong, answer)
    answer.flush()


if __name__ == "__main__":
    main()
