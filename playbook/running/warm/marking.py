"""Marking mode: nobody will look at figures, panels or displays, so none is rendered."""

from __future__ import annotations

import base64
import functools
import os
import sys
from collections.abc import Callable
from typing import Any

from ipywidgets import VBox

from playbook.running.warm.drawer import Drawer

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
    for drawer in sys.meta_path:
        if isinstance(drawer, Drawer):
            for module in drawer.held("playbook.chapters"):
                if callable(make := vars(module).get("panel")):
                    module.panel = _deferred(make)  # type: ignore[attr-defined]


def _deferred(make: Callable[..., Any]) -> Callable[..., Any]:
    """Panels that are made only when a notebook asks them for more than to be shown."""

    @functools.wraps(make)
    def panel(*args: Any, **kwargs: Any) -> Any:
        return _Deferred(functools.partial(make, *args, **kwargs))

    return panel


class _Deferred(VBox):
    """Stands where a panel would be shown, and becomes one when something is read from it."""

    def __init__(self, make: Callable[[], Any]):
        super().__init__()
        self.__dict__["made"] = functools.cache(make)

    def __getattr__(self, name: str) -> Any:
        if name == "made" or "made" not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.made(), name)

    def __getattribute__(self, name: str) -> Any:
        if name == "children" and "made" in super().__getattribute__("__dict__"):
            return self.made().children
        return super().__getattribute__(name)


def _lay_out_nothing(self: Any, fig: Any) -> None:
    """Measuring every label, which is what laying out is, costs as much as drawing."""


def _kind(filename: Any, format: str | None) -> str:
    if format is None and isinstance(filename, (str, os.PathLike)):
        format = os.path.splitext(os.fspath(filename))[1][1:]
    if not format:
        import matplotlib

        format = matplotlib.rcParams["savefig.format"]
    return str(format).lower()
