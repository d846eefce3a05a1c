"""Start the exercises: python start.py

Sets up what the notebooks need in a folder beside this file (once, a few minutes), then opens JupyterLab.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETUP = HERE / ".setup"
PYTHON = SETUP / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
DONE = SETUP / "release.txt"
RELEASE = "{{ release }}"


def main() -> int:
    """Set up if need be, then open the notebooks."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is started by whatever Python a desktop has
        print("This needs Python 3.11 or newer; this is", sys.version.split()[0])
        print("Or open the exercises in your browser, on the course's page: nothing to install there.")
        return 1
    if not DONE.is_file() or DONE.read_text() != RELEASE:
        print("Setting up (once, a few minutes) …", flush=True)
        venv.create(SETUP, with_pip=True, clear=True)
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        wheel = next((HERE / "kit").glob("*.whl"))
        for what in (["--requirement", str(HERE / "requirements.txt")], [str(wheel)]):
            if subprocess.call([*pip, *what]) != 0:
                print("The set-up did not finish. Check your internet connection and start again.")
                return 1
        DONE.write_text(RELEASE)
    if "--no-browser" not in sys.argv:
        print("Opening JupyterLab. Close it with Ctrl+C in this window.", flush=True)
    return subprocess.call([str(PYTHON), "-m", "jupyterlab", str(HERE / "notebooks"), *sys.argv[1:]])


if __name__ == "__main__":
    raise SystemExit(main())
