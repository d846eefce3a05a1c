"""What to do about a hand-in that is not graded, by the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbook.running.runner import Run
from playbook.submissions import reasons
from playbook.submissions.notebook import source_of
from playbook.words import _

#: Cells that are named as the slowest, and seconds from which a cell is slow.
_SLOWEST, _SLOW_S = 3, 0.5


def remedy_for(reason: str, run: Run | None = None, notebook: Mapping[str, Any] | None = None) -> str:
    """What to do, in a sentence for whoever reads the result; empty where the reason says it itself."""
    table = (
        ("timeout", _slow(run, notebook)),
        ("dead kernel", _died(run, notebook)),
        ("out of memory", _("Let the notebook hold less at a time: look for a table or a list that grows in a loop.")),
        ("out of disk", _("Let the notebook write less: nothing that it writes is needed.")),
        ("sandbox missing", _("Nothing is wrong with the hand-in: grade it on a machine with a sandbox.")),
        ("unreadable notebook", _("Open the exercise anew, copy the answers into it, and hand that in.")),
        (reasons.ENCRYPTED, _("Hand it in without a password, or unpack it and grade the folder.")),
        (reasons.DAMAGED_ARCHIVE, _("Download the archive again, or ask for the file once more.")),
        (reasons.UNREADABLE, _("Check the file's rights, and grade again.")),
        (reasons.TOO_LARGE, _("Clear the outputs (Edit, Clear Outputs of All Cells), save, and hand it in again.")),
        (reasons.CHANGED, _("Grade again when nobody is copying into the folder.")),
        (reasons.CALLED_OTHERWISE, _("Hand in each notebook under the name it came with.")),
        (reasons.NONE_OF_OURS, _("Hand in the notebook of this exercise, as it was downloaded.")),
        (reasons.WHICH_EXERCISE, _("Name the file as the exercise, or give its exercise in the map.")),
    )  # fmt: skip
    for beginning, remedy in table:
        if reason.startswith(beginning):
            return remedy
    if reason.startswith((reasons.NO_NOTEBOOK, reasons.NOT_TEXT, reasons.EMPTY, reasons.TOO_DEEP)):
        return _("Save the notebook in Jupyter (File, Save), and hand in the file that ends in .ipynb.")
    return ""


def _place(index: int, notebook: Mapping[str, Any] | None) -> str:
    """A cell for people: which of all cells it is, with how it begins."""
    cells = notebook.get("cells", []) if notebook else []
    source = (
        source_of(cells[index]).strip() if index < len(cells) and isinstance(cells[index], Mapping) else ""
    )
    first = source.splitlines()[0][:50] if source else ""
    place = _("cell {number}").format(number=index + 1)
    return f"{place} ({first})" if first else place


def _stood_in(run: Run | None, notebook: Mapping[str, Any] | None) -> int | None:
    """The code cell behind the last one that ended, where the run stood."""
    done = max((cell.index for cell in run.cells), default=-1) if run else -1
    for index, cell in enumerate(notebook.get("cells", []) if notebook else []):
        if (
            isinstance(cell, Mapping)
            and index > done
            and cell.get("cell_type") == "code"
            and source_of(cell).strip()
        ):
            return index
    return None


def _slow(run: Run | None, notebook: Mapping[str, Any] | None) -> str:
    slow = sorted(run.cells if run else (), key=lambda cell: -cell.seconds)
    told = [
        _("{cell} took {seconds} s").format(cell=_place(cell.index, notebook), seconds=f"{cell.seconds:.0f}")
        for cell in slow[:_SLOWEST]
        if cell.seconds >= _SLOW_S
    ]
    stood = _stood_in(run, notebook)
    if stood is not None:
        told.append(_("{cell} did not end").format(cell=_place(stood, notebook)))
    if not told:
        return _("Look for a loop that never ends or that asks for input, and let slow cells do less.")
    return _("Let these do less: {cells}.").format(cells=", ".join(told))


def _died(run: Run | None, notebook: Mapping[str, Any] | None) -> str:
    stood = _stood_in(run, notebook)
    if stood is None:
        return _("Take out what ends Python itself, such as `exit()` or `os._exit`.")
    return _(
        "Python ended in {cell}: take out what ends it, such as `os._exit`, and run the notebook anew."
    ).format(cell=_place(stood, notebook))
