"""Assemble the files of Python in the browser: Pyodide and its packages, each accepted by its hash.

``pyodide.lock.json`` names every file with its SHA-256, its size and the sources that may hold it,
the official release first. Files are kept in a cache and fetched once; a broken download goes on
where it stopped, file by file.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playbook.errors import PlaybookError
from playbook.places import cache_folder
from playbook.site.browser.sources import KINDS, Unavailable

LOCK = Path(__file__).with_name("pyodide.lock.json")

#: Called after each file with (bytes done, bytes in all, what happened).
Fetched = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Lock:
    """What the browser edition is made of.

    Attributes:
        version: the Pyodide release.
        sources: name → how to ask it, in the words of :mod:`playbook.site.browser.sources`.
        files: one entry per file: file, sha256, size, sources and, for wheels, requirement.
        digest: a hash of the lock's own text; what is made from it is kept under that name.
    """

    version: str
    sources: dict[str, dict]
    files: tuple[dict, ...]
    digest: str = field(default="")


class Missing(PlaybookError):
    """Some files of the lock could not be had from any source."""

    def __init__(self, files: list[dict], tried: list[str]):
        self.files = files
        names = "\n".join(f"  {file['file']} ({file['size'] / 1e6:.1f} MB)" for file in files)
        reasons = "\n".join(f"  {reason}" for reason in tried)
        super().__init__(
            f"{len(files)} file{'s' * (len(files) != 1)} of Python in the browser could not be had:\n"
            f"{names}\nWhat was tried:\n{reasons}",
            remedy="connect to the internet (or to your package index) once and build again; "
            f"or put the files into {cache_folder('pyodide')}.",
        )


def read_lock(path: Path = LOCK) -> Lock:
    """The lock as data."""
    text = path.read_text(encoding="utf-8")
    data = json.loads(text)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Lock(data["pyodide"], data["sources"], tuple(data["files"]), digest)


def assemble(
    lock: Lock | None = None, cache: Path | None = None, progress: Fetched | None = None
) -> dict[str, Path]:
    """Every file of the lock, from the cache or from the first source that has it.

    Returns:
        file name → its path in the cache.

    Raises:
        Missing: naming each file that no source could give, and why.
    """
    lock = lock or read_lock()
    cache = cache or cache_folder("pyodide")
    cache.mkdir(parents=True, exist_ok=True)
    total = sum(file["size"] for file in lock.files)
    done = 0

    def tell(what: str) -> None:
        if progress:
            progress(done, total, what)

    found: dict[str, Path] = {}
    for file in lock.files:
        path = cache / file["file"]
        if path.is_file() and path.stat().st_size == file["size"] and _sha256(path) == file["sha256"]:
            found[file["file"]] = path
            done += file["size"]
    tell("already here")
    tried: list[str] = []
    for name, entry in lock.sources.items():
        wanted = [file for file in lock.files if file["file"] not in found and name in file["sources"]]
        if not wanted:
            continue
        by_name = {file["file"]: file for file in wanted}
        try:
            for got, data in KINDS[entry["kind"]](entry, wanted):
                if hashlib.sha256(data).hexdigest() != by_name[got]["sha256"]:
                    tried.append(f"{name}: {got} came with another content than the lock names; not used")
                    continue
                found[got] = _store(cache / got, data)
                done += len(data)
                tell(got)
        except Unavailable as reason:
            tried.append(f"{name}: {reason}")
    missing = [file for file in lock.files if file["file"] not in found]
    if missing:
        raise Missing(missing, tried)
    return found


def _store(path: Path, data: bytes) -> Path:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)
    return path


def _sha256(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
