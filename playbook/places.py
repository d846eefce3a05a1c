"""Where things are: the course, its data, caches, the instructor's secret, and files that are written whole.

Imports nothing heavy, for commands that start before pandas does.
"""

import contextlib
import errno
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from playbook.errors import PlaybookError

#: Where the instructor's secret stands, unless PLAYBOOK_SECRET holds it.
SECRET_FILE = Path(".playbook-secret")
#: What a disk says when nothing more can be written to it; whatever else it says is about one file.
FULL = (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
#: Beginning of the name of a file that is being written.
WRITING = ".writing-"


def _is_there(name: str, table: str = "") -> None:
    """Everywhere but in the browser, the files of all cases are there."""


#: Called with the name of a case before its seals are read, or with that and the name of a table before that table
#: is read; the browser fetches them then.
fetch_case: Callable[..., None] = _is_there


def data_root() -> Path:
    """The folder that holds reference/, shared/ and cases/.

    ``PLAYBOOK_DATA`` decides; else the data inside an installed kit; else the repository's ``data/``.
    """
    if told := os.environ.get("PLAYBOOK_DATA"):
        return Path(told)
    package = Path(__file__).resolve().parent
    packed = package / "_data"
    return packed if packed.is_dir() else package.parent / "data"


def course_root(holds: str = "_config.yml") -> Path:
    """The course's folder: the nearest at or above the working folder, else the checkout that this kit is from.

    Args:
        holds: what a folder must hold to be it, as a glob pattern.

    Raises:
        PlaybookError: the command runs outside a course.
    """
    for folder in (Path.cwd(), *Path.cwd().parents, Path(__file__).resolve().parents[1]):
        if any(folder.glob(holds)):
            return folder
    raise PlaybookError(
        f"there is no course here: no {holds} here or above",
        where=str(Path.cwd()),
        remedy="run the command in the course's folder",
    )


def cache_folder(name: str) -> Path:
    """Where things are kept that can be made or fetched again: below PLAYBOOK_CACHE, else in this user's cache.

    Args:
        name: of the things. Prepared exercises hold unseen cases: private.
    """
    told = os.environ.get("PLAYBOOK_CACHE")
    if told:
        return Path(told) / "reserve-manager-playbook" / name
    import platformdirs

    return platformdirs.user_cache_path("reserve-manager-playbook", appauthor=False) / name


def instructor_secret(path: Path = SECRET_FILE) -> str:
    """The secret that seeds unseen cases: from PLAYBOOK_SECRET, else from a file made on first use.

    Keep it: with another secret the unseen cases are others, and regrading is no longer repeatable.
    """
    told = os.environ.get("PLAYBOOK_SECRET", "").strip()
    if told:
        return told
    for _ in range(2):
        try:
            secret = path.read_text(encoding="utf-8").strip()
            if secret:
                return secret
        except FileNotFoundError:
            pass
        except OSError as error:
            raise PlaybookError(
                f"the secret can't be read: {error.strerror}", where=str(path), remedy="check its rights"
            ) from None
        _make_secret(path)
    raise PlaybookError("the file of the secret is empty", where=str(path), remedy="delete it")


def _make_secret(path: Path) -> None:
    """Write a new secret in one step, so that nobody ever reads half of one."""
    making = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        try:
            os.link(making, path)
        except FileExistsError:
            return
        finally:
            making.unlink()
    except OSError as error:
        raise PlaybookError(
            f"no secret could be kept: {error.strerror}",
            where=str(path.absolute()),
            remedy="set PLAYBOOK_SECRET",
        ) from None


def site_address(text: str) -> str:
    """The address of a published course, without what may stand at its end.

    Raises:
        PlaybookError: it is none.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        parts = urlsplit("")
    odd = parts.query or parts.fragment or re.search(r"\s", text.strip())
    if parts.scheme not in ("https", "http") or not parts.netloc or odd:
        raise PlaybookError(
            f"{text!r} is no address of a site",
            remedy="give the address of your published course, as in --site https://example.org/opening-a-city",
        )
    return text.strip().rstrip("/").removesuffix("/index.html")


def write_whole(path: Path, parts: Iterable[str]) -> None:
    """Write a file so that nobody ever sees half of it."""
    write_whole_bytes(path, (part.encode("utf-8", "replace") for part in parts))


def write_whole_bytes(path: Path, parts: Iterable[bytes]) -> None:
    """The same with bytes; a file that is there keeps who may read it, and a device such as /dev/null stays one.

    A link gives way and is not followed: in a folder that trainees can write to, it may lead anywhere.
    """
    if path.is_char_device() and not path.is_symlink():
        with path.open("wb") as file:
            file.writelines(parts)
        return
    mode = path.stat().st_mode & 0o777 if path.is_file() and not path.is_symlink() else 0o644
    handle, making = tempfile.mkstemp(dir=path.parent, prefix=WRITING)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        os.chmod(making, mode)
        os.replace(making, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(making)
        raise


def write_named(path: Path, parts: Iterable[str | bytes]) -> None:
    """Write a file that a person named: a link stays one, and so does a pipe."""
    data = (part.encode("utf-8", "replace") if isinstance(part, str) else part for part in parts)
    if path.is_fifo():
        with path.open("wb") as file:
            file.writelines(data)
    else:
        write_whole_bytes(Path(os.path.realpath(path)), data)
