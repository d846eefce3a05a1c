"""Digests of what a page is made from, so that a change re-executes it and no change costs nothing."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

#: A change in one of these changes what the code of a page computes.
EXECUTION_INPUTS = (
    "data/**/*",
    "playbook/*.py",
    "playbook/cases/**/*.py",
    "playbook/market/**/*.py",
    "playbook/figures/**/*",
    "playbook/chapters/**/*.py",
    "requirements.txt",
)
#: A change in one of these changes how every page is made, whatever it computes.
PAGE_INPUTS = (
    "book/_static/*",
    "book/_templates/**/*",
    "playbook/locale/**/*",
    "playbook/site/*.py",
    "playbook/site/*.js",
    "playbook/site/*.css",
    "playbook/authoring/master.py",
    "playbook/authoring/sending.py",
    "playbook/exercises/question.py",
)
#: A change in one of these, or in the release, changes the browser edition.
BROWSER_INPUTS = (
    "playbook/locale/**/*",
    "playbook/site/browser/**/*",
    "playbook/site/links.py",
    "playbook/site/*.js",
    "playbook/site/*.css",
    "playbook/site/words.py",
    "requirements.txt",
)
#: A change in one of these changes the site.
SITE_INPUTS = (
    *EXECUTION_INPUTS,
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
    "book/**/*",
    "exercises/*/master.md",
    "playbook/**/*",
)
_PASSED_OVER = {"__pycache__", ".ipynb_checkpoints"}


def inputs(root: Path, patterns: Iterable[str]) -> list[Path]:
    """The files below `root` that match, sorted, without caches and hidden files."""
    root = Path(root)
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    return sorted(
        path
        for path in found
        if not any(part in _PASSED_OVER or part.startswith(".") for part in path.relative_to(root).parts)
    )


def digest(root: Path, patterns: Iterable[str]) -> str:
    """SHA-256 over the names and bytes of the files that match, in sorted order."""
    total = hashlib.sha256()
    for path in inputs(root, patterns):
        name = path.relative_to(root).as_posix().encode()
        total.update(len(name).to_bytes(4, "big") + name)
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
