"""Commands over the site: build and serve it, work on the release in JupyterLab, picture the panels."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from playbook.progress import progress_bar
from playbook.site.edition import Edition

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; a free one if it is taken.")]


def build(
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder to write; default _build/html for trainees, _build/instructors for instructors."
        ),
    ] = None,
    edition: Annotated[
        Edition | None,
        typer.Option("--for", help="For whom; default both, and --out takes the trainees'."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Build even if nothing has changed.")] = False,
    roster: Annotated[
        Path | None,
        typer.Option(help="Roster that gives trainees their cities; no name of it is handed out."),
    ] = None,
) -> None:
    """Build the site: the book, the notebooks to download, and the browser edition.

    Trainees' pages give nothing of the data's secrets away; instructors have these and their own beside them.
    A page that warns, refers to nothing or fails to run fails the build.

    Examples: playbook build; playbook build --for trainees --out public
    """
    from playbook.cases.roster_file import read_roster
    from playbook.site.build import build_site

    began = time.monotonic()
    with progress_bar(lines=True) as progress:
        enrolled = read_roster(roster) if roster else None
        editions = (edition,) if edition else tuple(Edition)
        site = build_site(out=out, editions=editions, fresh=fresh, roster=enrolled, progress=progress)
    if site.unchanged:
        print(f"Nothing has changed: the site in {site.folder} is up to date.")
    else:
        print(f"Built the site in {site.folder} ({time.monotonic() - began:.0f} s).")
    if not edition:
        print(f"Instructors' pages are apart: {site.folders[Edition.INSTRUCTORS]}")
    for words in (*site.notes, *site.refused):
        print(words)
    if site.notes and site.unchanged:
        print("To try again: playbook build --fresh")


def serve(
    folder: Annotated[Path | None, typer.Argument(help="A built site; default _build/html.")] = None,
    port: Port = 8000,
) -> None:
    """Serve the site on this machine only, until Ctrl+C.

    Example: playbook serve --port 8080
    """
    from playbook.places import course_root
    from playbook.site.serve import address, compress_ahead, open_server

    folder = folder or course_root() / "_build" / "html"
    server = open_server(folder, port)
    compress_ahead(server, folder)
    if port and server.server_address[1] != port:
        print(f"Port {port} is taken by another program; using a free one.")
    print(f"The course is at {address(server)}  (Ctrl+C stops it)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        server.server_close()


def lab(
    folder: Annotated[Path, typer.Option(help="Where you work; notebooks there are kept.")] = Path("my-work"),
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address only.")] = False,
) -> None:
    """Open the exercises as a trainee gets them in JupyterLab, checks included.

    Example: playbook lab --folder my-work
    """
    from playbook.authoring.release import write_release
    from playbook.authoring.remembered import Remembered
    from playbook.places import cache_folder, course_root
    from playbook.site.lab import lay_out, open_lab

    root = course_root()
    with progress_bar() as progress:
        release = write_release(
            root / "_build" / "release", progress=progress, kept=Remembered(cache_folder("seals"))
        )
    added = lay_out(release, folder)
    print(f"Your notebooks are in {folder.resolve()}: {len(added)} added, none overwritten.", flush=True)
    raise typer.Exit(open_lab(release, folder, browser=not no_browser))


def picture_panels(
    exercises: Annotated[
        list[str] | None, typer.Argument(help="Exercises, by id or its beginning; default all.")
    ] = None,
) -> None:
    """Take the pictures of the panels that the book shows, from the live panels in JupyterLab.

    Needs Chromium. The pictures are kept in book/_static/panels and committed.

    Example: playbook picture-panels 03
    """
    from playbook.places import course_root
    from playbook.site.pictures import picture_panels as picture

    with progress_bar() as progress:
        pictures = picture(course_root(), exercises or (), progress=progress)
    for path in pictures:
        print(f"{path}  {path.stat().st_size // 1024} KB")


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(build)
    app.command()(serve)
    app.command()(lab)
    app.command("picture-panels")(picture_panels)
