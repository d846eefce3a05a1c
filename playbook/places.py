"""Where the course's data is; imports nothing heavy, for commands that start before pandas does."""

import os
from pathlib import Path


def data_root() -> Path:
    """The folder that holds reference/, shared/ and cases/.

    ``PLAYBOOK_DATA`` decides; else the data inside an installed kit; else the repository's ``data/``.
    """
    if told := os.environ.get("PLAYBOOK_DATA"):
        return Path(told)
    package = Path(__file__).resolve().parent
    packed = package / "_data"
    return packed if packed.is_dir() else package.parent / "data"
