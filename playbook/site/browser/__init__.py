"""The browser edition: the exercises in a browser tab, with nothing installed and nothing sent."""

import json
import shutil
from pathlib import Path

from playbook.errors import PlaybookError
from playbook.exercises.outcomes import for_browser
from playbook.places import cache_folder
from playbook.progress import Progress, no_progress
from playbook.site.browser.needs import heavy_archives
from playbook.site.browser.pyodide import Missing, assemble, read_lock
from playbook.site.links import PAGES, live_page
from playbook.words import _, language

__all__ = ["Missing", "build_browser_edition"]

#: Fetched beside the first cells, because every panel draws with it.
PREFETCH = ["figures"]
#: Imported while the page is still being drawn.
WARM = ["pandas", "playbook.exercises.check", "ipywidgets", "playbook.figures.style"]


def build_browser_edition(
    site: Path, release: Path | None = None, progress: Progress = no_progress, cache: Path | None = None
) -> Path:
    """Build ``lite/`` into a site: every released exercise, ready to run in a browser tab.

    Args:
        site: the site's folder.
        release: a folder that :func:`playbook.authoring.release.write_release` wrote; default beside the site.
        progress: called with what is being done.
        cache: where fetched and packed files stay; default in the user's cache.

    Returns:
        The folder ``lite`` in the site.

    Raises:
        Missing: files of Python in the browser cannot be had; they are named, with what was tried.
        PlaybookError: there is no release, or JupyterLite cannot be built.
    """
    from playbook.site.browser.archives import pack, pack_kit, wheel_of
    from playbook.site.browser.lite import build_application, read_exercises, write_page

    release = release or site.parent / "release"
    if not (release / "release.json").is_file():
        raise PlaybookError(
            "there is no release", where=str(release), remedy="make it first: playbook release"
        )

    def tell(what: str, done: int = 0, total: int = 1) -> None:
        progress(what, done, total)

    lock, cache = read_lock(), cache or cache_folder("pyodide")
    files = assemble(
        lock, cache, lambda done, total, _file: tell("fetching Python for the browser", done, total)
    )
    tell("packing Python for the browser")
    packed = cache / "packed"
    manifest = pack(lock, files, packed)
    tell("packing Python for the browser", 1, 1)

    tell("building the notebook application")
    exercises = read_exercises(release)
    out = site / "lite"
    extension = build_application(out, exercises, files[wheel_of("jupyterlab_widgets", files)])
    _copy_python(out / "python", files, packed, manifest)
    kit = next((release / "kit").glob("*.whl"))
    manifest["archives"] |= pack_kit(kit, files, out / "python")
    manifest |= {"prefetch": PREFETCH, "warm": WARM}
    described = {
        exercise.slug: {
            "exercise": exercise.slug,
            "title": exercise.title,
            "file": exercise.file,
            "points": exercise.points,
            "questions": exercise.questions,
            "page": f"{PAGES}/{exercise.slug}.html",
            "live": live_page(exercise.slug),
            "archives": heavy_archives(exercise.source, kit, manifest["modules"]),
        }
        for exercise in exercises
    }
    data = {
        "title": _("Opening a City"),
        "language": language(),
        "outcomes": for_browser(),
        "pyodide": lock.version,
        "extension": extension,
        "manifest": manifest,
        "exercises": described,
        "sentTo": json.loads((release / "release.json").read_text(encoding="utf-8")).get("hand_in", []),
    }
    write_page(out, data)
    tell("building the notebook application", 1, 1)
    return out


def _copy_python(folder: Path, files: dict[str, Path], packed: Path, manifest: dict) -> None:
    folder.mkdir(parents=True)
    for name in ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm"):
        shutil.copy(files[name], folder / name)
    shutil.copy(Path(__file__).with_name("no-packages.json"), folder)
    for name in [manifest["python"], *(archive["file"] for archive in manifest["archives"].values())]:
        shutil.copy(packed / name, folder / name)
