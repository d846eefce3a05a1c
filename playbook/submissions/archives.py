"""Archives of hand-ins: what is in them, by names as whoever packed them meant."""

from __future__ import annotations

import contextlib
import functools
import io
import shutil
import stat
import struct
import tarfile
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from playbook.clock import seconds_of
from playbook.errors import PlaybookError
from playbook.submissions import reasons

#: Whatever reading a damaged, encrypted or strange archive may raise.
_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    RuntimeError,
    EOFError,
    NotImplementedError,
    ValueError,
    struct.error,
    tarfile.TarError,
    MemoryError,
    OverflowError,
    KeyError,
    IndexError,
)
#: Encodings of names that say none, in the order in which they are tried.
_ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "cp932", "cp437")
_SUFFIXES = (".zip", ".7z", ".rar", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
#: How archives begin that are also called by each other's endings.
_SIGNS = {b"PK\x03\x04": ".zip", b"Rar!\x1a\x07": ".rar", b"7z\xbc\xaf\x27\x1c": ".7z"}
LINK = "it is a link, and links are not followed"
#: Seconds from 1601, from which Windows counts, to 1970.
_SINCE_1601 = 11_644_473_600
#: Moments that a stamp in an archive may mean: from 1980, when zips began, to 2100.
_MOMENTS = (315_532_800.0, 4_102_444_800.0)
#: Files of an archive that are looked at.
_MOST_MEMBERS = 100_000


def is_archive(name: str) -> bool:
    """Whether a file is an archive, by its name."""
    return name.casefold().endswith(_SUFFIXES)


@dataclass(frozen=True)
class Member:
    """One file of an archive.

    Attributes:
        name: its path in there, with slashes.
        received: when it was written, in seconds since 1970 (UTC).
        size: in bytes, unpacked.
        read: at most so many of its bytes.
        problem: why it can't be read; empty if it may be.
    """

    name: str
    received: float
    size: int
    read: Callable[[int], bytes]
    problem: str = ""


@dataclass(frozen=True)
class Archive:
    """What an archive holds, and what was assumed to read its names."""

    members: Sequence[Member]
    remark: str = ""


#: Tells whether a text, read in some encoding, holds a name that is known; or finds names in a notebook's bytes.
Known = Callable[[str], bool]


def open_archive(
    file: Path | bytes, name: str, known: Known, typed_in: Callable[[bytes], Collection[str]]
) -> Archive:
    """Read an archive's list of files.

    Args:
        file: where it stands, or its bytes.
        name: of its file; its ending says which kind it is.
        known: whether a text holds a name that is on the roster.
        typed_in: names that a notebook's bytes give.

    Raises:
        PlaybookError: it can't be read; says what to do.
    """
    try:
        ending = _kind(file) or name.casefold()
        if ending.endswith(".7z"):
            return Archive(list(_seven_zip(file)))
        if ending.endswith(".rar"):
            return Archive(list(_rar(file)))
        if ending.endswith(".zip"):
            return _zip(file, known, typed_in)
        return Archive(list(_tar(file)))
    except PlaybookError:
        raise
    except _FAILURES as error:
        raise unreadable(error) from None


def _kind(file: Path | bytes) -> str:
    """The ending that fits a file's first bytes: many a RAR is called .zip; empty where they tell nothing."""
    with contextlib.ExitStack() as stack:
        opened = io.BytesIO(file[:8]) if isinstance(file, bytes) else stack.enter_context(file.open("rb"))
        head = opened.read(8)
    return next((ending for sign, ending in _SIGNS.items() if head.startswith(sign)), "")


def unreadable(error: BaseException) -> PlaybookError:
    """What a damaged archive means for people."""
    said = str(error) or type(error).__name__
    if "password" in said.casefold() or "encrypted" in said.casefold():
        return PlaybookError(reasons.ENCRYPTED, remedy="unpack it with its password, and grade the folder")
    return PlaybookError(f"{reasons.DAMAGED_ARCHIVE}: {said}", remedy="download it again from where it came")


def _opened(file: Path | bytes) -> Path | IO[bytes]:
    return io.BytesIO(file) if isinstance(file, bytes) else file


def _reader(take: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Reading that tells its failures as one kind."""

    def read(most: int) -> bytes:
        try:
            return take(most)
        except PlaybookError:
            raise
        except Exception as error:  # 7z and RAR have errors of their own
            raise unreadable(error) from None

    return read


# ZIP


def _zip(file: Path | bytes, known: Known, typed_in: Callable[[bytes], Collection[str]]) -> Archive:
    archive = zipfile.ZipFile(_opened(file))
    lock = threading.Lock()
    found = [one for one in archive.infolist()[:_MOST_MEMBERS] if not one.filename.endswith(("/", "\\"))]

    def take(one: zipfile.ZipInfo, most: int) -> bytes:
        with lock, archive.open(one) as opened:
            return opened.read(most)

    unsaid = {place: raw for place, one in enumerate(found) if (raw := _raw_name(one)) is not None}
    encoding = _encoding(list(unsaid.values()), known, lambda: _names_in(found, take, typed_in))
    names = {place: raw.decode(encoding, "replace") for place, raw in unsaid.items()}
    members = [
        Member(
            names.get(place, one.filename),
            _when(one),
            one.file_size,
            _reader(functools.partial(take, one)),
            LINK if stat.S_ISLNK(one.external_attr >> 16) else reasons.ENCRYPTED if one.flag_bits & 1 else "",
        )
        for place, one in enumerate(found)
    ]
    shown = {"gb18030": "GBK", "big5hkscs": "Big5", "cp932": "Shift-JIS"}.get(encoding, encoding.upper())
    return Archive(
        members, f"its names do not say how they are written; they were read as {shown}" if unsaid else ""
    )


def _raw_name(one: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name that does not say how it is written; None where it does, or where that does not matter."""
    if one.flag_bits & 0x800 or one.orig_filename.isascii():
        return None
    for tag, data in _extras(one.extra):
        if tag == 0x7075 and len(data) > 5:  # the name in UTF-8, beside the other
            one.filename = data[5:].decode("utf-8", "replace")
            return None
    try:
        return one.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return None


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        tag, size = struct.unpack("<HH", extra[:4])
        yield tag, extra[4 : 4 + size]
        extra = extra[4 + size :]


def _encoding(raw: Sequence[bytes], known: Known, names: Callable[[], Collection[str]]) -> str:
    """The encoding in which most names hold one that is known; else the first that fits them all."""
    fitting = {}
    for encoding in _ENCODINGS:
        try:
            fitting[encoding] = [one.decode(encoding) for one in raw]
        except UnicodeDecodeError:
            continue
    if "utf-8" in fitting or not raw:  # what reads as UTF-8 by chance is rare
        return "utf-8"
    typed = names() if len(fitting) > 1 else ()

    def confirmed(encoding: str) -> int:
        return sum(known(text) or any(name in text for name in typed) for text in fitting[encoding])

    return max(fitting, key=lambda encoding: (confirmed(encoding), -_ENCODINGS.index(encoding)))


def _names_in(
    found: Sequence[zipfile.ZipInfo],
    take: Callable[[zipfile.ZipInfo, int], bytes],
    typed_in: Callable[[bytes], Collection[str]],
) -> set[str]:
    names: set[str] = set()
    for one in found[:200]:
        if one.orig_filename.casefold().endswith(".ipynb") and one.file_size < 5_000_000:
            try:
                names.update(typed_in(take(one, one.file_size)))
            except _FAILURES:
                continue
    return {name for name in names if not name.isascii()}


def _when(one: zipfile.ZipInfo) -> float:
    """When a file was written: by the stamp that some programs add, else by the archive's own, on the course's clock.

    A zip notes local time without saying which; a date that there is not counts as 1980.
    """
    for tag, data in _extras(one.extra):
        stamp = 0.0
        if tag == 0x5455 and len(data) >= 5 and data[0] & 1:
            stamp = float(struct.unpack("<i", data[1:5])[0])
        elif tag == 0x000A and data[4:8] == b"\x01\x00\x18\x00":  # of 7-Zip and WinRAR
            stamp = struct.unpack("<Q", data[8:16].ljust(8, b"\0"))[0] / 1e7 - _SINCE_1601
        if _MOMENTS[0] <= stamp <= _MOMENTS[1]:
            return stamp
    try:
        return seconds_of(datetime(*one.date_time))
    except (ValueError, OverflowError, OSError):
        return seconds_of(datetime(1980, 1, 1))


# The others


def _tar(file: Path | bytes) -> Iterator[Member]:
    data = file if isinstance(file, bytes) else file.read_bytes()
    archive = tarfile.open(fileobj=io.BytesIO(data))  # noqa: SIM115 - what is in it is read later, from memory
    lock = threading.Lock()

    def take(one: tarfile.TarInfo, most: int) -> bytes:
        with lock:
            inside = archive.extractfile(one)
            return inside.read(most) if inside else b""

    for count, one in enumerate(archive):
        if count >= _MOST_MEMBERS:
            return
        if one.isdir():
            continue
        problem = "" if one.isfile() else LINK
        yield Member(one.name, float(one.mtime), one.size, _reader(functools.partial(take, one)), problem)


def _seven_zip(file: Path | bytes) -> Iterator[Member]:
    try:
        import py7zr
    except ImportError:
        raise _not_installed("7z", "py7zr") from None

    def take(name: str, most: int) -> bytes:
        with (
            tempfile.TemporaryDirectory(prefix="playbook-7z-") as place,
            py7zr.SevenZipFile(_opened(file)) as archive,
        ):
            archive.extract(path=place, targets=[name])
            path = Path(place, name)
            if not path.resolve().is_relative_to(Path(place).resolve()):
                raise ValueError("a name in it leads out of it")
            with path.open("rb") as opened:
                return opened.read(most)

    try:
        with py7zr.SevenZipFile(_opened(file)) as archive:
            if archive.needs_password():
                raise PlaybookError(
                    reasons.ENCRYPTED, remedy="unpack it with its password, and grade the folder"
                )
            listed = archive.list()[:_MOST_MEMBERS]
    except PlaybookError:
        raise
    except Exception as error:  # its own kinds of error, and those of what it unpacks with
        raise unreadable(error) from None
    for one in listed:
        if not one.is_directory:
            when = one.creationtime.timestamp() if one.creationtime else 0.0
            yield Member(
                one.filename, when, one.uncompressed or 0, _reader(functools.partial(take, one.filename))
            )


def _rar(file: Path | bytes) -> Iterator[Member]:
    try:
        import rarfile
    except ImportError:
        raise _not_installed("RAR", "rarfile") from None
    if not any(map(shutil.which, ("unrar", "unar", "7z", "7zz", "bsdtar"))):
        raise PlaybookError(
            "nothing here unpacks RAR",
            remedy="unpack it and grade the folder, or install unar, 7-Zip or bsdtar",
        )
    try:
        archive = rarfile.RarFile(_opened(file))
        listed = archive.infolist()[:_MOST_MEMBERS]
    except Exception as error:  # its own kinds of error
        raise unreadable(error) from None
    lock = threading.Lock()

    def take(one: Any, most: int) -> bytes:
        with lock, archive.open(one) as opened:
            return opened.read(most)

    for one in listed:
        if not one.is_dir():
            when = one.mtime.timestamp() if one.mtime and one.mtime.tzinfo else _rar_time(one.date_time)
            problem = LINK if one.is_symlink() else reasons.ENCRYPTED if one.needs_password() else ""
            yield Member(one.filename, when, one.file_size, _reader(functools.partial(take, one)), problem)


def _rar_time(parts: tuple[int, ...] | None) -> float:
    try:
        return seconds_of(datetime(*(parts or (1980, 1, 1))))
    except (ValueError, OverflowError, OSError, TypeError):
        return seconds_of(datetime(1980, 1, 1))


def _not_installed(kind: str, package: str) -> PlaybookError:
    return PlaybookError(
        f"what reads {kind} is not installed",
        remedy=f"unpack it and grade the folder, or type: pip install {package}",
    )
