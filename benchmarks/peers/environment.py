"""A virtual environment for each peer: its pinned release beside the same scientific stack and kit as ours."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from playbook.authoring.release import build_wheel
from playbook.errors import PlaybookError

_REQUIREMENTS = Path(__file__).parent / "requirements"
#: What runs the cells is of the same version everywhere.
_SAME = (
    "ipykernel",
    "ipython",
    "ipywidgets",
    "jupyter_client",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "nbformat",
    "numpy",
    "pandas",
    "pyzmq",
    "scikit-learn",
    "scipy",
    "tornado",
    "traitlets",
)
#: Where our environment has it, tables are kept in another way: then the peers have it as well.
_OPTIONAL = ("pyarrow",)


@dataclass(frozen=True)
class Environment:
    """A peer's own environment.

    Attributes:
        name: of the peer.
        folder: of its virtual environment.
        case: folder of the case that notebooks are to see.
    """

    name: str
    folder: Path
    case: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def variables(self) -> dict[str, str]:
        """What its processes see of the environment: nothing of ours, nothing of the user's settings."""
        home = self.folder / "home"
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        return kept | {
            "PATH": os.pathsep.join([str(self.folder / "bin"), kept.get("PATH", os.defpath)]),
            "HOME": str(home),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "MPLCONFIGDIR": str(home / "matplotlib"),
            "LANG": "C.UTF-8",
            "PLAYBOOK_CASE": str(self.case),
        }

    def run(self, *command: str | Path, cwd: Path) -> str:
        """Run one of its commands and return what it printed.

        Raises:
            PlaybookError: it ended with an error; shows the end of what it said.
        """
        words = [str(self.folder / "bin" / command[0]), *map(str, command[1:])]
        done = subprocess.run(
            words, cwd=cwd, env=self.variables, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode:
            said = (done.stdout + done.stderr)[-2000:]
            raise PlaybookError(f"`{' '.join(words)}` ended with {done.returncode}: {said}", where=self.name)
        return done.stdout + done.stderr


def set_up(name: str, folder: Path, kit: Path, case: Path) -> Environment:
    """Make a peer's environment, or bring the one there is up to date; the first time takes a minute.

    Args:
        folder: in which each peer has its environment.
        kit: the kit's wheel.
        case: folder of the case that its notebooks are to see.
    """
    environment = Environment(name, folder / name, case)
    constraints = "".join(f"{package}=={version(package)}\n" for package in _SAME)
    also = [f"{package}=={version(package)}" for package in _OPTIONAL if find_spec(package)]
    wanted = "\n".join(
        [(_REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8"), constraints, *also, sys.version]
    )
    if _changed(environment.folder / ".peer", wanted):
        print(f"Setting up {name} in {environment.folder} (once)", flush=True)
        venv.create(environment.folder, clear=True, with_pip=True)
        pins = environment.folder / "constraints.txt"
        pins.write_text(constraints, encoding="utf-8")
        _pip(environment, "-c", pins, "-r", _REQUIREMENTS / f"{name}.txt", *also, kit)
        _note(environment.folder / ".peer", wanted)
        _note(environment.folder / ".kit", _digest(kit))
    if _changed(environment.folder / ".kit", _digest(kit)):
        _pip(environment, "--no-deps", "--force-reinstall", kit)
        _note(environment.folder / ".kit", _digest(kit))
    for part in ("config", "data", "ipython", "matplotlib"):
        (environment.folder / "home" / part).mkdir(parents=True, exist_ok=True)
    environment.run("python", "-c", "import matplotlib.pyplot", cwd=environment.folder)  # lists fonts once
    return environment


def kit_wheel(folder: Path) -> Path:
    """The kit as trainees get it, without seals: in no grader does a notebook's own check know an answer."""
    seals = folder / "no-seals"
    seals.mkdir(parents=True, exist_ok=True)
    return build_wheel(folder, seals)


def _pip(environment: Environment, *arguments: str | Path) -> None:
    options = ("--disable-pip-version-check", "--quiet", "install")
    environment_run = [environment.python, "-m", "pip", *options, *arguments]
    done = subprocess.run(list(map(str, environment_run)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise PlaybookError(
            f"{environment.name} could not be installed: {done.stderr[-1500:]}",
            where=str(environment.folder),
            remedy="check the connection to your package index, or leave this peer out with --without",
        )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _changed(mark: Path, content: str) -> bool:
    return not mark.is_file() or mark.read_text(encoding="utf-8") != content


def _note(mark: Path, content: str) -> None:
    mark.write_text(content, encoding="utf-8")
