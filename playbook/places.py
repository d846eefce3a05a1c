"""Where the course's data is; imports nothing heavy, for commands that start before pandas does."""

import os
from collections.abc import Callable
from pathlib import Path


def _is_there(name: str) -> None:
    """Everywhere but in the browser, the files of all cases are there."""


#: Called with the name of a case before its tables or seals are read; the browser fetches them then.
fetch_case: Callable[[str], None] = _is_there


def data_root() -> Path:
    """The folder that holds reference/, shared/ and cases/.

    ``PLAYBOOK_DATA`` decides; else the data inside an installed kit; else the repository's ``data/``.
    """
    if told := os.environ.get("PLAYBOOK_DATA"):
        return Path(told)
    package = Path(__file__).resolve().parent
    packed = package / "_data"
    return packed if packed.is_dir() else package.parent / "data"
