"""A root directory with only what a notebook needs: nothing that is not listed here can be seen from inside.

The list names paths; it is never derived from `sys.path`, which may hold an instructor's own folder.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from playbook.running.warm import linux
from playbook.running.warm.linux import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY, MS_REC, MS_REMOUNT

#: Where a sandbox finds its scratch folder and its case: names that hide nothing of the host's that is shown.
SCRATCH, CASE = "/sandbox/scratch", "/sandbox/case"

_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
)
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {
    "/dev/fd": "/proc/self/fd",
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
    "/dev/ptmx": "pts/ptmx",
    "/dev/shm": SCRATCH,
    "/tmp": SCRATCH,
}
_FILES = {
    "/etc/passwd": "root:x:0:0:root:/:/bin/false\ntrainee:x:{uid}:{uid}:trainee:/sandbox/scratch:/bin/sh\n",
    "/etc/group": "root:x:0:\ntrainee:x:{uid}:\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


def readable_paths(data: Path | None = None, cases: bool = False) -> list[str]:
    """What a notebook may read: the system's programs, Python, this package, the public tables.

    Args:
        data: the data root; of it only ``reference`` and ``shared`` are shown.
        cases: show the data root's cases too: for reading the course, not for grading.
    """
    import playbook

    package = Path(playbook.__file__).resolve().parent
    paths = [*_SYSTEM, sys.base_prefix, sys.exec_prefix, sys.prefix, str(package)]
    if data is not None:
        paths += [str(data / "reference"), str(data / "shared"), *([str(data / "cases")] if cases else [])]
    return [path for path in dict.fromkeys(paths) if os.path.exists(path)]


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def plan(paths: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Split paths into folders and files to bind, none inside another, and symbolic links to make."""
    binds: list[str] = []
    links: dict[str, str] = {}
    for path in paths:
        real = os.path.realpath(path)
        if real != path:
            links[path] = os.readlink(path) if os.path.islink(path) else real
        binds.append(real)
    binds = [p for p in dict.fromkeys(binds) if not any(p != q and _within(p, q) for q in binds)]
    links = {path: to for path, to in links.items() if not any(_within(path, bind) for bind in binds)}
    return binds, links


def _bind(source: str, target: str, flags: int) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    linux.mount(source, target, None, MS_BIND | MS_REC)
    locked = os.statvfs(source).f_flag & (os.ST_NOSUID | os.ST_NODEV | os.ST_NOEXEC)  # a user must keep these
    linux.mount(None, target, None, MS_REMOUNT | MS_BIND | MS_NOSUID | flags | locked)


def _link(place: str, target: str) -> None:
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.symlink(target, place)


def enter(paths: Iterable[str], uid: int) -> None:
    """Build the root on a memory file system and move this process into it. Needs a mount namespace of its own.

    Args:
        paths: what is shown, read-only, at the same place.
        uid: the user that notebooks are said to run as.
    """
    binds, links = plan(paths)
    base = "/tmp"
    linux.mount(None, "/", None, MS_REC | linux.MS_SLAVE)
    linux.mount("tmpfs", base, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1m")
    os.chdir(base)
    os.mkdir("old")
    linux.pivot_root(base, "old")
    os.chdir("/")
    for path in binds:
        _bind(f"/old{path}", path, MS_RDONLY | MS_NODEV)
    for device in _DEVICES:
        _bind(f"/old/dev/{device}", f"/dev/{device}", 0)
    for place, target in {**links, **_LINKS}.items():
        _link(place, target)
    _write(_FILES, uid)
    for folder in (SCRATCH, CASE, "/proc", "/dev/pts"):
        os.makedirs(folder, exist_ok=True)
    mount_proc()
    linux.mount("tmpfs", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700,size=16m")
    linux.umount("/old")
    os.rmdir("/old")
    linux.mount(None, "/", None, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _write(files: Mapping[str, str], uid: int) -> None:
    for name, text in files.items():
        os.makedirs(os.path.dirname(name), exist_ok=True)
        Path(name).write_text(text.format(uid=uid), encoding="utf-8")


def mount_proc() -> bool:
    """Show only this process namespace's processes; where that is not granted, show none."""
    quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC
    try:
        linux.mount("proc", "/proc", "proc", quiet)
    except OSError:
        linux.mount("tmpfs", "/proc", "tmpfs", quiet | MS_RDONLY, "size=4k")
        return False
    return True


_QUIET = MS_NOSUID | MS_NODEV | MS_NOEXEC


def mount_private(uid: int, gid: int, with_case: bool = True) -> None:
    """Give one sandbox its own scratch folder, an empty place for its case, its processes and terminals.

    Args:
        with_case: False where the case stands in its place already.
    """
    mount_scratch(uid, gid)
    if with_case:
        mount_case()
    mount_proc()
    with contextlib.suppress(OSError):  # only `!command` in a cell needs a terminal
        linux.mount(
            "devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620"
        )


def mount_scratch(uid: int, gid: int) -> None:
    """An empty folder that this user may write to."""
    linux.mount("tmpfs", SCRATCH, "tmpfs", _QUIET, f"mode=0700,uid={uid},gid={gid},size=1m,nr_inodes=20k")


def mount_case() -> None:
    """An empty place for a case."""
    linux.mount("tmpfs", CASE, "tmpfs", _QUIET, "mode=0755,size=64m,nr_inodes=1k")


def close_case() -> None:
    """Nobody writes to the case any more."""
    linux.mount(None, CASE, None, MS_REMOUNT | MS_RDONLY | _QUIET)


def copy_files(folder: int, target: str) -> None:
    """Copy the plain files of an open folder; a copy, so that no mount table tells where the case came from."""
    for name in sorted(os.listdir(folder)):
        with contextlib.suppress(OSError):
            source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
            _copy(source, os.path.join(target, name))


def _copy(source: int, target: str) -> None:
    try:
        about = os.fstat(source)
        if not stat.S_ISREG(about.st_mode):
            return
        copy = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o444)
        try:
            while os.sendfile(copy, source, None, 1 << 24):
                pass
            os.utime(copy, ns=(0, 0))
        finally:
            os.close(copy)
    finally:
        os.close(source)


def size_scratch(scratch_mb: int) -> None:
    """The scratch folder gets its size."""
    linux.mount(None, SCRATCH, None, MS_REMOUNT | _QUIET, f"size={scratch_mb}m")
