"""Marking mode: nobody will look at figures or displays, so none is rendered."""

from __future__ import annotations

import base64
import os
from typing import Any

#: A picture of one white point.
BLANK_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg=="
)


def render_nothing(shell: Any) -> None:
    """Make displays and PNG files in this process cost nothing; computations stay as they are."""
    shell.display_formatter.format = lambda *_args, **_kwargs: ({}, {})
    from matplotlib import layout_engine
    from matplotlib.backend_bases import FigureCanvasBase

    for engine in (layout_engine.ConstrainedLayoutEngine, layout_engine.TightLayoutEngine):
        engine.execute = _lay_out_nothing
    draw = FigureCanvasBase.print_figure

    def print_figure(self: Any, filename: Any, *args: Any, format: str | None = None, **kwargs: Any) -> Any:
        if _kind(filename, format) != "png":
            return draw(self, filename, *args, format=format, **kwargs)
        if hasattr(filename, "write"):
            filename.write(BLANK_PNG)
        else:
            with open(filename, "wb") as file:
                file.write(BLANK_PNG)
        return None

    FigureCanvasBase.print_figure = print_figure


def _lay_out_nothing(self: Any, fig: Any) -> None:
    """Measuring every label, which is what laying out is, costs as much as drawing."""


def _kind(filename: Any, format: str | None) -> str:
    if format is None and isinstance(filename, (str, os.PathLike)):
        format = os.path.splitext(os.fspath(filename))[1][1:]
    if not format:
        import matplotlib

        format = matplotlib.rcParams["savefig.format"]
    return str(format).lower()
