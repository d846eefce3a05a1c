"""Work on the release in JupyterLab, on this machine."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from playbook.authoring.release import Release


def lay_out(release: Release, folder: Path) -> list[Path]:
    """Put the release's notebooks into a working folder; a notebook that is there already is never touched.

    Where the release holds a newer version than the one worked on, the newer one is put beside it, with the
    release in its name.

    Returns:
        The notebooks that were added.
    """
    folder.mkdir(parents=True, exist_ok=True)
    added = []
    for notebook in release.notebooks:
        target = folder / notebook.name
        if target.is_file():
            if _release_of(target) == _release_of(notebook):
                continue
            target = folder / f"{notebook.stem}.{release.name}.ipynb"
            if target.is_file():
                continue
        shutil.copyfile(notebook, target)
        added.append(target)
    return added


def _release_of(notebook: Path) -> str | None:
    try:
        metadata = json.loads(notebook.read_text(encoding="utf-8")).get("metadata", {})
    except (ValueError, AttributeError):
        return None
    return metadata.get("playbook", {}).get("release")


def open_lab(release: Release, folder: Path, *, browser: bool = True) -> int:
    """Open JupyterLab on the working folder, with the release's sealed answers; returns when it is closed."""
    command = [sys.executable, "-m", "jupyterlab", str(folder), "--ip=127.0.0.1"]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    environment = {**os.environ, "PLAYBOOK_SEALS": str(release.seals)}
    try:
        return subprocess.call(command, env=environment)
    except KeyboardInterrupt:
        return 0
