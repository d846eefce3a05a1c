"""Recorded notebooks: what every chapter and every master computes, kept so that a change is noticed.

    python -m playbook.site.recorded        # accept what they compute now (make accept)

A recorded notebook holds the code of a chapter, or of a master with its solutions, and what it puts out.
Prose is not recorded: it may change without asking. Pictures are recorded as being there, not by their bytes.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playbook.authoring.master import find_masters
from playbook.errors import PlaybookError
from playbook.places import course_root

FOLDER = Path("tests") / "recorded"
#: What stands in a recorded notebook where a picture was: a PNG of one white pixel, in base64.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="

#: The same for a picture that stands within HTML: what to look for, and what is put in its place.
INLINED = (r"data:image/png;base64,[A-Za-z0-9+/=]+", f"data:image/png;base64,{PIXEL}")


def sources(root: Path) -> Iterator[tuple[Path, Any]]:
    """For each chapter and master: where its recorded notebook stands, and its code as it is now."""
    import jupytext

    for page in sorted((root / "book").glob("[0-9][0-9]-*.md")):
        notebook = jupytext.reads(page.read_text(encoding="utf-8"), fmt="md:myst")
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        yield root / FOLDER / "book" / f"{page.stem}.ipynb", _notebook(code)
    for master in find_masters(root / "exercises"):
        code = [cell.source for cell in master.cells if cell.kind != "markdown"]
        yield root / FOLDER / "exercises" / f"{master.id}.ipynb", _notebook(code)


def _notebook(code: list[str]) -> Any:
    import nbformat.v4 as v4

    cells = [v4.new_code_cell(source, id=f"cell-{place:02d}") for place, source in enumerate(code, 1)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def record(path: Path, notebook: Any) -> bool:
    """Run a notebook and keep it as the recorded one; whether anything changed.

    Raises:
        PlaybookError: a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    path.parent.mkdir(parents=True, exist_ok=True)
    quiet = ["--log-level=ERROR"]  # else each kernel warns about its open ports
    try:
        # Notebooks keep a trainee's answers beside them: none may stay.
        with tempfile.TemporaryDirectory(prefix="playbook-recorded-") as place:
            resources = {"metadata": {"path": place}}
            client = NotebookClient(notebook, timeout=120, resources=resources, extra_arguments=quiet)
            client.coalesce_streams = True  # else a busy machine cuts what one cell prints in two
            client.execute()
    except CellExecutionError as error:
        raise PlaybookError(
            f"a cell fails, so nothing is recorded:\n{error}",
            where=path.stem,
            remedy="mend the chapter or the master first",
        ) from None
    text = nbformat.writes(plain(notebook)) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def plain(notebook: Any) -> Any:
    """The notebook without what differs from run to run: pictures' bytes, widgets' ids, times."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                data["image/png"] = PIXEL
            if "text/html" in data:
                data["text/html"] = re.sub(*INLINED, data["text/html"])
            view = "application/vnd.jupyter.widget-view+json"
            if view in data:
                data[view]["model_id"] = "panel"
                data["text/plain"] = "a panel"
    return notebook


def accept(root: Path, tell: Callable[[str], None] = print) -> None:
    """Record everything anew, and drop recorded notebooks whose chapter or exercise is gone."""
    kept = set()
    for path, notebook in sources(root):
        kept.add(path)
        changed = record(path, notebook)
        tell(f"{'changed  ' if changed else 'the same '} {path.relative_to(root)}")
    for path in sorted((root / FOLDER).rglob("*.ipynb")):
        if path not in kept:
            path.unlink()
            tell(f"removed   {path.relative_to(root)}")


if __name__ == "__main__":
    try:
        accept(course_root())
    except PlaybookError as error:
        sys.exit(f"Error {error}")
