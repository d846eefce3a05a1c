"""Pictures of the live panels, taken in JupyterLab with Chromium, for the pages of the book."""

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playbook.authoring.master import Master, find_masters
from playbook.errors import PlaybookError
from playbook.progress import Progress, no_progress

LIMIT_BYTES = 150_000
_SECONDS = 60
#: Times that a cell is asked to run.
_TRIES = 6
_SETTINGS = {"fetchNews": "false", "checkForUpdates": False}


def picture_panels(
    root: Path,
    exercises: Iterable[str] = (),
    *,
    progress: Progress = no_progress,
) -> list[Path]:
    """Take one picture per exercise into ``book/_static/panels/<exercise>.png``.

    Raises:
        PlaybookError: there is no Chromium, or a panel does not appear.
    """
    chromium = os.environ.get("PLAYBOOK_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise PlaybookError(
            "pictures are taken with Chromium, and there is none",
            remedy="install it (on Debian: apt-get install chromium), or name it in PLAYBOOK_CHROMIUM.",
        )
    masters = [one for one in find_masters(root / "exercises", exercises) if one.header.panel]
    folder = root / "book" / "_static" / "panels"
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with tempfile.TemporaryDirectory(prefix="playbook-panels-") as temporary:
        work = Path(temporary)
        for master in masters:
            (work / f"{master.id}.ipynb").write_text(_notebook(master), encoding="utf-8")
        with _jupyterlab(work) as address, _page(chromium) as page:
            for done, master in enumerate(masters):
                progress("picturing panels", done, len(masters))
                target = folder / f"{master.id}.png"
                target.write_bytes(_small(_picture(page, f"{address}doc/tree/{master.id}.ipynb", master.id)))
                taken.append(target)
            progress("picturing panels", len(masters), len(masters))
    return taken


def _notebook(master: Master) -> str:
    """A notebook whose only cell shows the panel on the city that the book works through."""
    import nbformat
    import nbformat.v4 as v4

    module, _, function = master.header.panel.partition(":")
    source = f"""from playbook import load_case
from {module} import {function} as panel
panel(load_case("jinhua"))"""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.writes(v4.new_notebook(cells=[v4.new_code_cell(source)], metadata={"kernelspec": kernel}))


@contextmanager
def _jupyterlab(work: Path) -> Iterator[str]:
    """JupyterLab on a free port of this machine, for the length of a block."""
    settings = work / ".settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(_SETTINGS), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={work}"]
    command += ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    environment = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(work / ".settings")}
    with open(work / ".log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait_until_up(server, address, work / ".log")
        yield address
    finally:
        server.terminate()
        server.wait(_SECONDS)


def _wait_until_up(server: subprocess.Popen, address: str, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}api", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise PlaybookError(
        "JupyterLab does not start: " + log.read_text(encoding="utf-8")[-500:],
        remedy="start it by hand with `playbook lab` and see what it says.",
    )


@contextmanager
def _page(chromium: str) -> Iterator:
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=flags)
        yield browser.new_page(viewport={"width": 900, "height": 2400}, device_scale_factor=1.5)
        browser.close()


def _picture(page, address: str, name: str) -> bytes:
    """Open the notebook, run its cell, wait for the panel's figure, and picture the panel."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

    limit = _SECONDS * 1000
    try:
        page.goto(address)
        _run_cell(page, limit)
        panel = page.locator(".jp-OutputArea-output .jupyter-widgets").first
        panel.wait_for(timeout=limit)
        panel.locator("img, svg[role=img], table").first.wait_for(timeout=limit)
        page.wait_for_function(
            "[...document.querySelectorAll('.jupyter-widgets img')].every(i => i.complete && i.naturalWidth)",
            timeout=limit,
        )
        return panel.screenshot(animations="disabled")
    except PlaywrightTimeoutError as error:
        raise PlaybookError(
            f"the panel does not appear: {str(error).splitlines()[0]}",
            where=name,
            remedy="run its cell in `playbook lab` and see what it says.",
        ) from None


def _run_cell(page, limit: float) -> None:
    """Run the notebook's first cell; JupyterLab may take the focus away while it starts, so it is asked until it does.

    Args:
        limit: milliseconds for each thing that is waited for.
    """
    from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    cell.locator(".cm-content").wait_for(timeout=limit)
    page.wait_for_selector('.jp-NotebookPanel-toolbar [data-status="idle"]', timeout=limit)
    for left in reversed(range(_TRIES)):
        cell.locator(".cm-content").click(timeout=limit)
        page.keyboard.press("Control+Enter")
        try:
            cell.locator(".jp-InputPrompt", has_text=re.compile(r"[*\d]")).wait_for(timeout=limit / _TRIES)
        except PlaywrightTimeoutError:
            if not left:
                raise
        else:
            return


def _small(png: bytes) -> bytes:
    """The picture cut to what is drawn, with fewer colours, and, if it is still too large, smaller."""
    from PIL import Image, ImageChops

    with Image.open(io.BytesIO(png)) as picture:
        flat = picture.convert("RGB")
    drawn = ImageChops.difference(flat, Image.new("RGB", flat.size, "white")).getbbox()
    if drawn:
        flat = flat.crop((0, 0, min(drawn[2] + 12, flat.width), min(drawn[3] + 12, flat.height)))
    while True:
        buffer = io.BytesIO()
        flat.quantize(192, dither=Image.Dither.NONE).save(buffer, format="PNG", optimize=True)
        if buffer.tell() <= LIMIT_BYTES:
            return buffer.getvalue()
        flat = flat.resize((flat.width * 9 // 10, flat.height * 9 // 10), Image.Resampling.LANCZOS)
