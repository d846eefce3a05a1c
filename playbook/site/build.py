"""Build the site: the release, the browser edition if it can be had, and the pages of the book.

There are two editions. Trainees' pages give nothing of the data's secrets away; instructors' are these and more.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playbook.authoring.release import Release, write_release
from playbook.authoring.remembered import Remembered
from playbook.cases.roster import Roster
from playbook.cases.roster_city import roster_digest
from playbook.errors import PlaybookError
from playbook.places import cache_folder, course_root
from playbook.progress import Progress, no_progress
from playbook.site import links
from playbook.site.digest import BROWSER_INPUTS, EXECUTION_INPUTS, SITE_INPUTS, digest
from playbook.site.edition import TEACHING, Edition, contents
from playbook.site.lighten import lighten
from playbook.words import SPEAKING, _, language_tag

_STEP = re.compile(r"(running pages|reading sources|writing output)\.\.\..*?\[ *(\d+)%\]")
_STEPS = {"reading sources": "reading pages", "writing output": "writing pages"}
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Site:
    """A site on disk.

    Attributes:
        folder: open its ``index.html``, or serve it; of the first edition that was asked for.
        folders: one for each edition that was asked for.
        unchanged: nothing had changed, so nothing was built.
        notes: what the reader of the site will miss, and how to get it; empty if nothing.
        refused: what cases of own records do not allow, in sentences; empty where nothing was built.
    """

    folder: Path
    folders: Mapping[Edition, Path]
    unchanged: bool
    notes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def build_site(
    root: Path | None = None,
    out: Path | None = None,
    *,
    editions: tuple[Edition, ...] = tuple(Edition),
    fresh: bool = False,
    roster: Roster | None = None,
    progress: Progress = no_progress,
) -> Site:
    """Build the site, or leave it as it is when nothing it is made from has changed.

    Args:
        root: the course's folder.
        out: where the first of the editions goes; default ``_build/html`` and ``_build/instructors`` of the course.
        editions: for whom.
        fresh: build even if nothing has changed.
        roster: gives trainees their cities.
        progress: told about the steps.

    Raises:
        PlaybookError: a page warns, refers to nothing, or fails to run. The message holds each of these.
    """
    root = (root or course_root()).resolve()
    work = root / "_build"
    html = work / "html"
    places = {Edition.TRAINEES: html, Edition.INSTRUCTORS: work / "instructors"}
    work.mkdir(exist_ok=True)
    with _one_at_a_time(work / "build.lock"):
        stamps = {edition: _Stamp(work / f"{edition}.json") for edition in editions}
        key = f"{digest(root, SITE_INPUTS)} {language_tag()}" + (
            f" {roster_digest(roster)}" if roster else ""
        )
        stale = [
            edition
            for edition, stamp in stamps.items()
            if fresh or not stamp.fits(key) or not (places[edition] / "index.html").is_file()
        ]
        refused: list[str] = []
        if stale:
            for edition in stale:
                stamps[edition].remove()
            release = write_release(
                work / "release",
                masters_folder=root / "exercises",
                jobs=max(2, os.cpu_count() or 1),
                roster=roster,
                progress=progress,
                kept=Remembered(cache_folder("seals")),
            )
            refused = release.refused_in_words()
            _offer_downloads(release, html)
            notes = _browser_edition(root, html, release, progress)
        for edition in stale:
            _build_edition(root, edition, html, places[edition], not notes, key, progress)
            stamps[edition].write(key, notes)
        first = editions[0]
        notes, unchanged = stamps[first].notes, not stale
        folders = {edition: places[edition] for edition in editions}
        if out and out.resolve() != places[first]:
            folders[first] = out.resolve()
            if not (unchanged and _is_copy(folders[first], key)):
                progress("copying the site", 0, 1)
                _copy(places[first], folders[first], key)
                progress("copying the site", 1, 1)
    return Site(folders[first], folders, unchanged, tuple(notes), tuple(refused))


def _build_edition(
    root: Path, edition: Edition, html: Path, place: Path, with_browser: bool, key: str, tell: Progress
) -> None:
    """Build one edition's pages; notebooks and browser edition are there, in the trainees'."""
    if edition is Edition.TRAINEES:
        _build_pages(root, root, edition, with_browser, tell)
        _finish(root, html, edition)
        return
    apart = root / "_build" / "instructors-pages"
    apart.mkdir(exist_ok=True)
    _build_pages(root, apart, edition, with_browser, tell)
    _finish(root, apart / "_build" / "html", edition)
    # Our own folder: a build that was stopped may have left half of it.
    shutil.rmtree(place, ignore_errors=True)
    _copy(apart / "_build" / "html", place, key)
    for shared in (links.NOTEBOOKS, links.LITE):
        if (html / shared).is_dir():
            shutil.copytree(html / shared, place / shared, copy_function=_linked)


def _linked(source: str, target: str) -> None:
    """The same file under another name, or a copy where a disk has no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _finish(root: Path, html: Path, edition: Edition) -> None:
    _front_door(html)
    _drop_leftovers(root, html, edition)
    lighten(html)


class _Stamp:
    """What the site on disk was built from."""

    def __init__(self, path: Path):
        self.path = path
        self.data = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def fits(self, key: str) -> bool:
        return self.data.get("digest") == key

    @property
    def notes(self) -> list[str]:
        return self.data.get("notes", [])

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def write(self, key: str, notes: list[str]) -> None:
        self.data = {"digest": key, "notes": notes}
        self.path.write_text(json.dumps(self.data, indent=1) + "\n", encoding="utf-8")


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Hold a lock on the build folder, so that two builds do not write into each other."""
    with open(path, "w", encoding="utf-8") as lock:
        try:
            import fcntl
        except ImportError:  # no such lock on Windows
            yield
            return
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _offer_downloads(release: Release, html: Path) -> None:
    """Put the notebooks, and all of the release in one archive, where the cards point."""
    folder = html / links.NOTEBOOKS
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for notebook in release.notebooks:
        shutil.copyfile(notebook, html / links.notebook_file(notebook.stem))
    with zipfile.ZipFile(html / links.bundle_file(), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(release.folder.rglob("*")):
            if path.is_file():
                archive.write(path, Path("opening-a-city") / path.relative_to(release.folder))


def _browser_edition(root: Path, html: Path, release: Release, tell: Progress) -> list[str]:
    """Build the browser edition, unless the one there is of this release; say what is missing if it cannot be."""
    from playbook.site.browser import build_browser_edition

    lite = html / links.LITE
    mark = root / "_build" / "browser.txt"
    key = f"{release.name} {digest(root, BROWSER_INPUTS)} {language_tag()}"
    if (lite / "index.html").is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == key:
        return []
    mark.unlink(missing_ok=True)
    try:
        build_browser_edition(html, release.folder, tell)
    except PlaybookError as error:
        shutil.rmtree(lite, ignore_errors=True)
        return [f"The site has no browser edition. {error}"]
    mark.write_text(key, encoding="utf-8")
    return []


def _build_pages(root: Path, apart: Path, edition: Edition, with_browser: bool, tell: Progress) -> None:
    """Run Jupyter Book, every warning an error, and keep only the results that fit the data."""
    work = apart / "_build"
    work.mkdir(exist_ok=True)
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(root)]
    command += ["--path-output", str(apart), "--toc", str(contents(root, work, edition))]
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PLAYBOOK_") or name in SPEAKING
        },
        "PLAYBOOK_BROWSER_EDITION": "1" if with_browser else "0",
        "PYTHONUNBUFFERED": "1",
    }
    shutil.rmtree(work / "html" / "reports", ignore_errors=True)
    lines = []
    tell("running pages", 0, 100)
    with subprocess.Popen(
        [*command, "-W", "-n", "--keep-going"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout:
            line = _COLOUR.sub("", line.rstrip())
            lines.append(line)
            if step := _STEP.search(line):
                tell(_STEPS.get(step[1], step[1]), int(step[2]), 100)
    (work / "book.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if process.returncode:
        # Sphinx would take the pages that it has read for good, and the next build would succeed.
        (work / ".doctrees" / "environment.pickle").unlink(missing_ok=True)
        raise PlaybookError(
            "the book does not build:\n" + _complaints(lines, work / "html" / "reports"),
            where=str(root),
            remedy=f"mend what is listed; the whole report is in {work / 'book.log'}",
        )
    _drop_old_results(root / "_build" / ".jupyter_cache", digest(root, EXECUTION_INPUTS)[:16])


def _complaints(lines: list[str], reports: Path) -> str:
    """Every warning and error of a build, and for each page that failed to run, where it failed."""
    own = [line for line in lines if not line.startswith("[IPKernelApp]")]
    kept = [line for line in own if re.search(r"WARNING|ERROR|CRITICAL|SEVERE", line)]
    if not kept:
        kept = [line for line in own if line.strip()][-12:]
    for report in sorted(reports.rglob("*.err.log")):
        ends = [line for line in report.read_text(encoding="utf-8").splitlines() if line.strip()]
        kept.append(f"{report.name.removesuffix('.err.log')} ended with: {_COLOUR.sub('', ends[-1])}")
    return "\n".join(f"  {line.strip()}" for line in kept)


def _drop_old_results(cache: Path, keep: str) -> None:
    for folder in cache.iterdir() if cache.is_dir() else ():
        if folder.name != keep:
            shutil.rmtree(folder, ignore_errors=True)


def _drop_leftovers(root: Path, html: Path, edition: Edition) -> None:
    """Remove pages whose source is gone or not for this edition, and pictures that no page shows any more."""
    for page in list((html / links.PAGES).rglob("*.html")):
        if not (root / page.relative_to(html).with_suffix(".md")).is_file():
            page.unlink()
    if edition is Edition.TRAINEES:
        shutil.rmtree(html / TEACHING, ignore_errors=True)
    shown = set()
    for page in html.glob(f"{links.PAGES}/**/*.html"):
        shown |= set(re.findall(r"_images/([^\"'?#]+)", page.read_text(encoding="utf-8")))
    for picture in (html / "_images").glob("*"):
        if picture.name not in shown:
            picture.unlink()


def _front_door(html: Path) -> None:
    """The site's own address leads to the book's first page, with words for those who are not led."""
    title, label = escape(_("Opening a City")), escape(_("Open the course"))
    (html / "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="{language_tag()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="refresh" content="0; url={links.PAGES}/index.html">\n'
        f"<title>{title}</title>\n</head>\n"
        f'<body><main><h1>{title}</h1><p><a href="{links.PAGES}/index.html">{label}</a></p>'
        "</main></body>\n</html>\n",
        encoding="utf-8",
    )


def _is_copy(out: Path, key: str) -> bool:
    mark = out / ".built-from"
    return mark.is_file() and mark.read_text(encoding="utf-8").strip() == key


def _copy(html: Path, out: Path, key: str) -> None:
    if out.exists() and any(out.iterdir()) and not (out / ".built-from").is_file():
        raise PlaybookError(
            "the folder is not empty and holds no site", where=str(out), remedy="name another folder"
        )
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(html, out, ignore=shutil.ignore_patterns(".buildinfo", "reports"))
    (out / ".built-from").write_text(key + "\n", encoding="utf-8")
