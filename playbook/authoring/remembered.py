"""Results that are kept between runs, by the content that they follow from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: Days after which what was not used is removed.
_KEPT_DAYS = 30


def libraries() -> tuple[str, ...]:
    """Versions that what is computed can depend on."""
    return (sys.version, *(version(name) for name in ("numpy", "pandas", "scipy")))


class Remembered:
    """JSON-able results in a folder, one file each; a file's name is a digest of everything the result follows from.

    Safe to use from several processes at once: a result appears in one step.

    Args:
        folder: made when something is kept.
    """

    def __init__(self, folder: Path):
        self._folder = folder

    def _path(self, follows_from: Iterable[str]) -> Path:
        digest = hashlib.sha256("\0".join(follows_from).encode()).hexdigest()[:32]
        return self._folder / f"{digest}.json"

    def get(self, follows_from: Iterable[str]) -> Any | None:
        """What was kept for this, or None."""
        path = self._path(follows_from)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return found

    def keep(self, follows_from: Iterable[str], result: Any) -> None:
        """Keep a result; a folder that can't be written is no error, for it can be had again."""
        path = self._path(follows_from)
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, making = tempfile.mkstemp(dir=self._folder, prefix=".making-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(result, file, ensure_ascii=False)
            os.replace(making, path)

    def sweep(self) -> None:
        """Remove what was not used for a month."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                with contextlib.suppress(OSError):
                    if time.time() - path.stat().st_mtime > _KEPT_DAYS * 86_400:
                        path.unlink()
