"""Where hand-ins come from: a folder, a zip, or one notebook."""

from __future__ import annotations

import os
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from playbook.errors import PlaybookError

#: A notebook larger than this is not read: with its outputs a whole exercise takes a few hundred kilobytes.
MAX_BYTES = 20_000_000
_MAX_FILES = 100_000
_TOO_LARGE = "it is larger than 20 MB"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a source.

    Attributes:
        path: below the source.
        received: when it was written, in seconds since 1970 (UTC).
        size: in bytes.
        read: its bytes.
        problem: why it is not read; empty if it is.
    """

    path: PurePosixPath
    received: float
    size: int
    read: Callable[[], bytes]
    problem: str = ""


def open_source(source: Path) -> Iterator[Entry]:
    """Every notebook file there is.

    Raises:
        PlaybookError: there is no such folder, zip or notebook, or the zip can't be read.
    """
    check_source(source)
    if source.is_dir():
        yield from _folder(source)
    elif source.suffix.casefold() == ".zip":
        yield from _zip(source)
    else:
        yield _file(PurePosixPath(source.name), source)


def check_source(source: Path) -> None:
    """Stop where there is nothing.

    Raises:
        PlaybookError: there is no such folder, zip or notebook.
    """
    if not (source.is_dir() or source.is_file()):
        raise PlaybookError("no such folder, zip or notebook", where=str(source), remedy="check the path")


def _folder(source: Path) -> Iterator[Entry]:
    for folder, names, files in os.walk(source):
        names[:] = sorted(name for name in names if name != ".ipynb_checkpoints")
        for name in sorted(files):
            path = Path(folder, name)
            if name.endswith(".ipynb") and path.is_file() and not path.is_symlink():
                yield _file(PurePosixPath(path.relative_to(source).as_posix()), path)


def _file(relative: PurePosixPath, path: Path) -> Entry:
    stat = path.stat()

    def read() -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise PlaybookError(
                f"the hand-in can't be read: {error.strerror}", where=str(path), remedy="check its rights"
            ) from None

    problem = _TOO_LARGE if stat.st_size > MAX_BYTES else ""
    return Entry(relative, stat.st_mtime, stat.st_size, (lambda: b"") if problem else read, problem)


def _zip(source: Path) -> Iterator[Entry]:
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError) as error:
        raise _unreadable(source, error) from None
    lock = threading.Lock()

    def reader(entry: zipfile.ZipInfo) -> Callable[[], bytes]:
        def read() -> bytes:
            try:
                with lock, archive.open(entry) as file:
                    return file.read(MAX_BYTES)
            except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError) as error:
                raise _unreadable(source, error) from None

        return read

    for entry in archive.infolist()[:_MAX_FILES]:
        path = PurePosixPath(entry.filename)
        if entry.is_dir() or path.suffix != ".ipynb" or "__MACOSX" in path.parts:
            continue
        problem = _TOO_LARGE if entry.file_size > MAX_BYTES else ""
        yield Entry(path, _when(entry), entry.file_size, (lambda: b"") if problem else reader(entry), problem)


def _when(entry: zipfile.ZipInfo) -> float:
    """A zip notes local time without saying which; a date that there is not counts as 1980."""
    try:
        return datetime(*entry.date_time).timestamp()
    except (ValueError, OverflowError):
        return datetime(1980, 1, 1).timestamp()


def _unreadable(source: Path, error: Exception) -> PlaybookError:
    return PlaybookError(
        f"the zip can't be read: {error}",
        where=str(source),
        remedy="download it again from the learning platform",
    )
