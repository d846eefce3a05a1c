"""Where hand-ins come from: a folder, an archive, or one notebook. One walk, by the same rules for all of them.

Every file that is there is either read as a hand-in or passed over with a reason; archives in folders and in
archives are walked as if they were folders.
"""

from __future__ import annotations

import functools
import os
import re
import stat
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from playbook.errors import PlaybookError
from playbook.exercises.handing_in import MANIFEST
from playbook.submissions import reasons
from playbook.submissions.archives import LINK, Archive, Member, is_archive, open_archive

#: A notebook larger than this is not read: with its outputs a whole exercise takes a few hundred kilobytes.
MAX_BYTES = 20_000_000
#: An archive inside another one is held in memory while it is read.
_MAX_INNER = 200_000_000
#: Archives inside archives, and files in all.
_MOST_DEEP, _MOST_FILES = 4, 200_000
#: Inner archives that stay open.
_AT_ONCE = 4
#: Characters that the beginning of a notebook holds.
_BEGINNING = 4_096
#: What systems and programs leave beside people's files.
_NOBODYS = re.compile(
    r"^(?:\._.*|__MACOSX|\.ipynb_checkpoints|\.DS_Store|\.[A-Za-z_][\w.-]*|Thumbs\.db|desktop\.ini|__pycache__|~\$.*)$",
    re.IGNORECASE,
)

#: Folders around a file, and characters of its path, of which nobody has more.
_DEEPEST, _LONGEST = 40, 1_500
#: No file is from later than 2100.
_LATEST = 4_102_444_800.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that may be a hand-in.

    Attributes:
        path: below the source; an archive counts as a folder.
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


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something that is no hand-in: where it stands, and why.

    Attributes:
        nobodys: left there by a system or a program; nobody handed it in.
    """

    path: PurePosixPath
    reason: str
    nobodys: bool = False


@dataclass
class Walk:
    """What a source holds: possible notebooks, what "Hand in" wrote beside them, and what is neither."""

    entries: list[Entry] = field(default_factory=list)
    manifests: list[Entry] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def is_nobodys(name: str) -> bool:
    """Whether systems and programs leave files or folders of this name behind."""
    return bool(_NOBODYS.match(name))


def check_source(source: Path) -> None:
    """Stop where there is nothing.

    Raises:
        PlaybookError: there is no such folder, zip or notebook.
    """
    if not (source.is_dir() or source.is_file()):
        raise PlaybookError("no such folder, zip or notebook", where=str(source), remedy="check the path")


def walk(
    source: Path,
    known: Callable[[str], bool] = lambda text: False,
    typed_in: Callable[[bytes], Collection[str]] = lambda data: (),
) -> Walk:
    """Look at everything there is.

    Args:
        known, typed_in: confirm how an archive's names are written; see :func:`open_archive`.

    Raises:
        PlaybookError: there is no such folder, archive or notebook, or the archive can't be read.
    """
    check_source(source)
    walker = _Walker(known, typed_in)
    if source.is_dir():
        walker.folder(source)
    elif is_archive(source.name):
        try:
            opened = open_archive(source, source.name, known, typed_in)
        except PlaybookError as error:
            raise PlaybookError(error.what, where=str(source), remedy=error.remedy) from None
        walker.archive(PurePosixPath(), source.name, opened, 1)
    else:
        walker.take(_of_file(PurePosixPath(source.name), source), asked=True)
    for remark, archives in walker.odd.items():
        many = f" and {len(archives) - 1} more archives" if len(archives) > 1 else ""
        walker.found.remarks.append(f"{archives[0]}{many}: {remark}")
    return walker.found


class _Walker:
    """Gathers what a source holds."""

    def __init__(self, known: Callable[[str], bool], typed_in: Callable[[bytes], Collection[str]]):
        self.known, self.typed_in = known, typed_in
        self.found = Walk()
        self.odd: dict[str, list[str]] = {}
        self._opened = functools.lru_cache(_AT_ONCE)(self._open)

    def folder(self, source: Path) -> None:
        def tell(error: OSError) -> None:
            where = PurePosixPath(Path(error.filename).relative_to(source).as_posix())
            if where == PurePosixPath("."):
                raise PlaybookError(
                    f"the folder can't be read: {error.strerror}",
                    where=str(source),
                    remedy="check its rights",
                ) from None
            self.pass_over(where, f"the folder can't be opened: {error.strerror}; check its rights")

        for place, folders, files in os.walk(source, onerror=tell):
            below = PurePosixPath(Path(place).relative_to(source).as_posix())
            for name in sorted(folders):
                if is_nobodys(name):
                    self.pass_over(below / name, "left there by a program", nobodys=True)
                elif os.path.islink(os.path.join(place, name)):
                    self.pass_over(below / name, LINK)
                else:
                    continue
                folders.remove(name)
            folders.sort()
            for name in sorted(files):
                self.take(_of_file(below / name, Path(place, name)))

    def archive(self, below: PurePosixPath, name: str, archive: Archive, depth: int) -> None:
        if archive.remark:
            self.odd.setdefault(archive.remark, []).append(str(below) if below.parts else name)
        for one in archive.members:
            path = below / _inside(one.name)
            nobodys = next((part for part in path.parts[len(below.parts) :] if is_nobodys(part)), "")
            if nobodys:
                self.pass_over(path, "left there by a program", nobodys=True)
            else:
                self.take(_of_member(path, one), depth=depth)

    def take(self, entry: Entry, depth: int = 0, asked: bool = False) -> None:
        """One file: a hand-in, an archive to look into, or neither."""
        found, parts = self.found, entry.path.parts
        if len(parts) > _DEEPEST or len(str(entry.path)) > _LONGEST:
            shown = PurePosixPath(*(part[:60] for part in parts[:3]), "…", entry.path.name[-60:])
            self.pass_over(shown, "it lies in too many folders, or their names are too long")
            return
        if len(found.entries) + len(found.manifests) + len(found.passed) >= _MOST_FILES:
            raise PlaybookError(f"there are more than {_MOST_FILES} files", remedy="grade a part at a time")
        name = entry.path.name
        if is_nobodys(name) and not asked:
            self.pass_over(entry.path, "left there by a program", nobodys=True)
        elif entry.problem == LINK:
            self.pass_over(entry.path, LINK)
        elif asked or name.casefold().endswith(".ipynb"):
            self.found.entries.append(entry)
        elif name == MANIFEST:
            self.found.manifests.append(entry)
        elif is_archive(name):
            self._look_into(entry, depth)
        elif entry.problem:
            self.pass_over(entry.path, f"it is no notebook (*.ipynb), and {entry.problem}")
        elif _looks_like_a_notebook(entry):
            self.found.entries.append(entry)
        else:
            self.pass_over(entry.path, "it is no notebook (*.ipynb)")

    def _look_into(self, entry: Entry, depth: int) -> None:
        if depth >= _MOST_DEEP:
            self.pass_over(entry.path, f"it lies in more than {_MOST_DEEP} archives; unpack it")
            return
        if entry.size > _MAX_INNER:
            self.pass_over(entry.path, f"it is larger than {_MAX_INNER // 1_000_000} MB; unpack it")
            return
        if entry.problem and entry.problem != reasons.TOO_LARGE:
            self.pass_over(entry.path, entry.problem)
            return
        try:
            opened = self._opened(entry)
        except PlaybookError as error:
            self.pass_over(entry.path, f"{error.what}; {error.remedy}" if error.remedy else error.what)
            return
        if not opened.members:
            self.pass_over(entry.path, "it is an empty archive")
        members = [replace(one, read=self._again(entry, place)) for place, one in enumerate(opened.members)]
        self.archive(entry.path, entry.path.name, replace(opened, members=members), depth + 1)

    def _again(self, entry: Entry, place: int) -> Callable[[int], bytes]:
        """Reads a file of an inner archive, which is opened anew: a thousand of them do not stay in memory."""
        return lambda most: self._opened(entry).members[place].read(most)

    def _open(self, entry: Entry) -> Archive:
        return open_archive(entry.read(), entry.path.name, self.known, self.typed_in)

    def pass_over(self, path: PurePosixPath, reason: str, nobodys: bool = False) -> None:
        self.found.passed.append(PassedOver(path, reason, nobodys))


def _inside(name: str) -> PurePosixPath:
    """A path inside an archive: backslashes part it too, and nothing leads out."""
    parts = name.replace("\\", "/").replace("\0", "").split("/")
    return PurePosixPath(*[part for part in parts if part.strip() not in ("", ".", "..")] or ["unnamed"])


def _of_file(relative: PurePosixPath, path: Path) -> Entry:
    try:
        about = path.lstat()
    except OSError as error:  # it vanished, or its folder was closed, since it was listed
        return Entry(relative, 0.0, 0, lambda: b"", f"{reasons.UNREADABLE}: {error.strerror}")
    if not stat.S_ISREG(about.st_mode):
        what = LINK if stat.S_ISLNK(about.st_mode) else "it is no file that can be read"
        return Entry(relative, about.st_mtime, 0, lambda: b"", what)
    most = _MAX_INNER if is_archive(path.name) else MAX_BYTES

    def read() -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(most + 1)
        except OSError as error:
            raise PlaybookError(
                f"{reasons.UNREADABLE}: {error.strerror}", where=str(path), remedy="check its rights"
            ) from None

    problem = reasons.TOO_LARGE if about.st_size > most else ""
    return Entry(relative, _moment(about.st_mtime), about.st_size, read, problem)


def _of_member(path: PurePosixPath, one: Member) -> Entry:
    most = _MAX_INNER if is_archive(path.name) else MAX_BYTES
    problem = one.problem or (reasons.TOO_LARGE if one.size > most else "")
    return Entry(path, _moment(one.received), one.size, functools.partial(one.read, most + 1), problem)


def _moment(told: float) -> float:
    """When a file was written, as far as that can be a day: whoever packs an archive may write anything."""
    return min(max(told, 0.0), _LATEST) if told == told else 0.0


def _looks_like_a_notebook(entry: Entry) -> bool:
    """Whether a file with another ending holds a notebook: browsers and chats save them as text."""
    name = entry.path.name.casefold()
    try:
        data = entry.read()
    except PlaybookError:
        return ".ipynb" in name
    head = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    return (head.startswith(b"{") and b'"cells"' in data and b'"nbformat"' in data) or ".ipynb" in name
