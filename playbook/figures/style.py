"""How every figure of the course looks: one palette, one font, a white card, a source line.

Importing this module registers the shipped Chinese font and sets matplotlib's defaults, so that a figure
drawn in a notebook, a page of the book, a panel and the City Playbook look the same.
"""

import base64
import dataclasses
import functools
import html
import io
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.text import Text

from playbook.company import source_of
from playbook.words import _

#: Colours that stay apart for readers who do not see red or green (after Okabe and Ito, 2008), with
#: names for what they mean here. Every one has at least 3:1 contrast on white.
COLORS = {
    "main": "#0072B2",  # the thing the figure is about
    "accent": "#C44E00",  # what to look at
    "good": "#00795A",
    "bad": "#B3246B",
    "warn": "#A66F00",
    "second": "#3B8EC2",
    "third": "#7A5195",
    "muted": "#767676",  # context
    "ink": "#1F2933",  # text
    "grid": "#D9DEE3",
    "paper": "#FFFFFF",
}
#: The order in which series take their colours.
CYCLE = [COLORS[name] for name in ("main", "accent", "good", "third", "warn", "bad", "muted")]
#: Markers and line styles to go with CYCLE, so that colour is never the only sign.
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
LINES = ["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1))]

FONT_FILE = Path(__file__).parent / "fonts" / "playbook-han.otf"
#: The family name of the shipped Chinese font.
HAN_FAMILY = "Playbook Han"
DPI = 150
#: Panels draw coarser than pages, to answer fast.
PANEL_DPI = 100
#: Of a figure's title, points.
TITLE_SIZE = 14
#: Width of a figure in inches: narrow enough that its letters can still be read on a phone.
WIDTH = 5.4

_STYLE = {
    "figure.facecolor": COLORS["paper"],
    "figure.dpi": 100,
    "savefig.facecolor": COLORS["paper"],
    "savefig.dpi": DPI,
    "axes.facecolor": COLORS["paper"],
    "axes.edgecolor": COLORS["muted"],
    "axes.labelcolor": COLORS["ink"],
    "axes.titlecolor": COLORS["ink"],
    "axes.titlelocation": "left",
    "axes.titlesize": TITLE_SIZE,
    "axes.titleweight": "bold",
    "axes.titlepad": 12,
    "axes.labelsize": 12.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": mpl.cycler(color=CYCLE),
    "axes.unicode_minus": True,
    "grid.color": COLORS["grid"],
    "grid.linewidth": 0.8,
    "xtick.color": COLORS["ink"],
    "ytick.color": COLORS["ink"],
    "xtick.labelsize": 11.5,
    "ytick.labelsize": 11.5,
    "text.color": COLORS["ink"],
    "legend.frameon": False,
    "legend.fontsize": 11.5,
    "lines.linewidth": 2.2,
    "lines.markersize": 7,
    "font.size": 12,
    "font.family": ["DejaVu Sans", HAN_FAMILY],
}


def use_style() -> None:
    """Register the shipped Chinese font and set matplotlib's defaults. Runs once when this is imported."""
    known = {font.fname for font in font_manager.fontManager.ttflist}
    if str(FONT_FILE) not in known and FONT_FILE.is_file():
        font_manager.fontManager.addfont(FONT_FILE)
        regular = font_manager.fontManager.ttflist[-1]
        # One weight is shipped; bold titles use it too, without a message in the trainee's notebook.
        font_manager.fontManager.ttflist.append(dataclasses.replace(regular, weight="bold"))
    mpl.rcParams.update(_STYLE)


class PageFigure(Figure):
    """A matplotlib figure that shows itself once in any notebook, with an alternative text.

    It belongs to no window manager, so it costs no memory after its cell and is never shown twice.
    """

    alt: str = ""

    def _repr_mimebundle_(self, include=None, exclude=None):
        width, height = self.get_size_inches() * 100
        meta = {"alt": self.alt or describe(self), "width": round(width), "height": round(height)}
        return {"image/png": to_png(self)}, {"image/png": meta}


def new_figure(width: float = WIDTH, height: float = 4.0) -> tuple[Figure, Axes]:
    """A figure with one set of axes, on a white card.

    Args:
        width: in inches; wider, and the letters are too small on a phone.
        height: in inches.

    Returns:
        The figure and its axes. For more axes, use ``fig.subplots`` after ``ax.remove()``.
    """
    fig = PageFigure(figsize=(width, height), layout="constrained")
    return fig, fig.add_subplot()


def finish(fig: Figure, source: str = "", alt: str = "") -> Figure:
    """Add the source line, wrap long titles, and remember the alternative text.

    Args:
        fig: a figure whose titles and labels are set.
        source: where the numbers come from, in a short line; shown below the axes.
        alt: what the figure shows, for readers who do not see it; made from titles and labels if empty.

    Returns:
        The same figure.
    """
    width, _height = fig.get_size_inches()
    if len(fig.axes) == 1:
        _lift_title(fig, width)
    else:
        for ax in fig.axes:
            for place in ("left", "center", "right"):
                if title := ax.get_title(loc=place):
                    columns = ax.get_subplotspec().get_gridspec().ncols if ax.get_subplotspec() else 1
                    ax.set_title(_wrap(title, width / columns, TITLE_SIZE, bold=True), loc=place)
    _wrap_axis_labels(fig)
    if source:
        source = source_of(source)
        line = source if source.lower().startswith("source") else _("Source: {source}").format(source=source)
        _write(
            fig._supxlabel,
            fig.supxlabel,
            _wrap(line, width, 10),
            x=0.01,
            ha="left",
            fontsize=10,
            color=COLORS["muted"],
            multialignment="left",
        )
    if alt and isinstance(fig, PageFigure):
        fig.alt = alt
    return fig


def emphasise(bar: Patch) -> None:
    """Mark the bar to look at: by its colour, and by stripes where colours are not seen or not printed."""
    bar.set(facecolor=COLORS["accent"], hatch="///", edgecolor=COLORS["paper"])


def legend_above(ax: Axes, ncols: int) -> None:
    """A legend above the axes, from their right edge to the left: over the labels, where there is room."""
    ax.legend(
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncols=ncols,
        borderaxespad=0.3,
        columnspacing=1.1,
        handlelength=1.4,
        handletextpad=0.5,
    )


def describe(fig: Figure) -> str:
    """A plain description from a figure's titles and axis labels, for when no better one was given."""
    parts = []
    for ax in fig.axes:
        title = " ".join(filter(None, (ax.get_title(loc=place) for place in ("left", "center", "right"))))
        up, across = ax.get_ylabel(), ax.get_xlabel()
        both = _("{up} against {across}").format(up=up, across=across)
        axes = both if up and across else up or across
        parts.extend(" ".join(part.split()) for part in (title, axes) if part)
    return ". ".join(part.rstrip(".") for part in parts) + "." if parts else _("A figure without a title.")


def to_png(fig: Figure, dpi: int = DPI) -> bytes:
    """The figure as PNG bytes. Panels draw at 100 dots per inch to answer fast, pages at 150."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def to_img(fig: Figure, alt: str = "", dpi: int = PANEL_DPI) -> str:
    """The figure as one HTML ``<img>`` with its alternative text, for panels and the City Playbook.

    Args:
        fig: a finished figure.
        alt: in place of the figure's own alternative text.
        dpi: dots per inch.
    """
    fig.set_dpi(dpi)
    canvas = FigureCanvasAgg(fig)
    canvas.draw()  # once: ``savefig`` of the browser's matplotlib draws twice
    return pixels_img(np.asarray(canvas.buffer_rgba()), alt or getattr(fig, "alt", "") or describe(fig))


def pixels_img(pixels: np.ndarray, alt: str) -> str:
    """Drawn pixels as one HTML ``<img>``, packed quickly rather than tightly.

    Args:
        pixels: height x width x 4, bytes.
        alt: what the picture shows, for readers who do not see it.
    """
    buffer = io.BytesIO()
    imsave(buffer, pixels, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 1})
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    text = html.escape(alt, quote=True)
    return f'<img class="playbook-figure" alt="{text}" src="data:image/png;base64,{data}">'


def _lift_title(fig: Figure, width: float) -> None:
    """Show the only axes' title from the figure's left edge, where a long sentence has room."""
    (ax,) = fig.axes
    for place, artist in (("left", ax._left_title), ("center", ax.title), ("right", ax._right_title)):
        if title := ax.get_title(loc=place):
            artist.set_visible(False)
            _write(
                fig._suptitle,
                fig.suptitle,
                _wrap(title, width, TITLE_SIZE, bold=True),
                x=0.012,
                ha="left",
                fontsize=TITLE_SIZE,
                weight="bold",
            )


def _write(there: Text | None, new: Callable[..., Text], text: str, **looks: Any) -> None:
    """Change the words where there are some, so that they stay where they stand; else write them anew."""
    if there:
        there.set_text(text)
    else:
        new(text, **looks)


def _wrap_axis_labels(fig: Figure) -> None:
    """Break a label that is longer than its axis; measured only where one could be."""
    if not any(len(ax.get_xlabel()) > 30 or len(ax.get_ylabel()) > 24 for ax in fig.axes):
        return
    engine = fig.get_layout_engine()
    engine.execute(fig)
    width, height = fig.get_size_inches()
    for ax in fig.axes:
        place, size = ax.get_position(), ax.xaxis.label.get_fontsize()
        ax.set_xlabel(_wrap(ax.get_xlabel(), place.width * width, size))
        # Where the layout is settled, a second line would have no room.
        if isinstance(engine, ConstrainedLayoutEngine):
            ax.set_ylabel(_wrap(ax.get_ylabel(), place.height * height, size))


@functools.lru_cache(maxsize=500)
def _wrap(text: str, width_inches: float, size_points: float, bold: bool = False) -> str:
    """Break text into lines that fit and are about as long as each other.

    By the mean width of the font's letters; a Chinese one is 1 wide.
    """
    letter = 0.64 if bold else 0.53
    room = width_inches * 72 / size_points
    han = sum(ord(character) > 0x2E80 for character in text)
    needed = letter * (len(text) - han) + han
    letters = max(int(room * len(text) / max(needed, 1)), 12)
    return "\n".join(line for part in text.splitlines() for line in _even_lines(part, letters))


def _even_lines(text: str, letters: int) -> list[str]:
    lines = textwrap.wrap(text, letters) or [""]
    for fewer in range(letters - 1, letters // 2, -1):
        shorter = textwrap.wrap(text, fewer)
        if len(shorter) > len(lines):
            break
        lines = shorter or lines
    return lines


use_style()
