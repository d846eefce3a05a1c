"""Figures that move with a panel's controls: what stays is drawn once, a move draws the rest on it.

Axes, ticks, legend and layout take most of the time that a whole figure takes, and at a move they stay.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from playbook.figures.style import PANEL_DPI, TITLE_SIZE, PageFigure, pixels_img

#: Ends of an axis, each at most a quarter above the one before.
_ROUND = (1.0, 1.25, 1.5, 1.8, 2.2, 2.7, 3.3, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0)


class Live:
    """A figure with one drawing code for a page, which shows it once, and for a panel, which moves it.

    A chapter's picture builds in ``__init__`` what stays, and hands over the artists that move. Its ``draw`` sets them,
    may add more, gives limits to the axes, and ends with ``finish``. What it added is taken away before the next move.

    Args:
        figure: with one set of axes, its labels and its legend; of constrained layout.
        moving: artists that ``draw`` changes; a whole axis belongs here if its label or the places of its ticks change
            at every move, and then all that stands at its numbers does as well.
        names: labels of ticks of which ``draw`` changes the words alone.
    """

    def __init__(self, figure: Figure, moving: Iterable[Artist] = (), names: Iterable[Text] = ()):
        self.figure = figure
        # The axes' edges stand over the marks, so they are drawn after them.
        self.__moving = [*moving, *self._axes.spines.values()]
        self.__names = list(names)
        self.__kept = set(map(id, self._axes.get_children()))
        self.__drawn_before = self._in_panel = False
        self.__canvas = FigureCanvasAgg(figure)
        self.__ground: tuple[tuple, Any] | None = None
        self.__last: tuple[Any, str] = (None, "")

    def draw(self, *values: Any, **named: Any) -> Figure:
        """Set what moves, and finish the figure."""
        raise NotImplementedError

    def widest(self) -> None:
        """Make the labels as wide as a move may make them, before it is settled where things stand."""

    def img(self, *values: Any, key: Any = None, **named: Any) -> str:
        """One HTML ``<img>`` with its alternative text, of the figure that ``draw`` makes of these values.

        Args:
            key: what tells these values from others, where that is known; a figure of the key before is not drawn again.
        """
        if key is None or self.__last[0] != key:
            self.__last = key, pixels_img(self.pixels(*values, **named), self.figure.alt)
        return self.__last[1]

    def pixels(self, *values: Any, **named: Any) -> np.ndarray:
        """What ``draw`` makes of these values: height x width x 4, bytes."""
        self._in_panel = True
        if not self.__drawn_before:
            self.draw(*values, **named)
            self.widest()
            self._settle()
        for artist in self._added():
            artist.remove()
        del self._axes.containers[:]
        self.draw(*values, **named)
        self._place()
        moving = self._changing()
        for artist in moving:
            artist.set_animated(True)
        self._lay_ground()
        for artist in (*moving, *self.__names):
            self.figure.draw_artist(artist)
        return np.asarray(self.__canvas.buffer_rgba())

    def end(self, value: float) -> float:
        """Where an axis ends that is to reach ``value``: there on a page, at the next round number in a panel.

        So that an axis stays at most moves, and need not be drawn anew.
        """
        if not self._in_panel or value <= 0:
            return value
        step = 10.0 ** np.floor(np.log10(value))
        return float(next(one * step for one in _ROUND if one * step >= value * (1 - 1e-9)))

    @property
    def _axes(self):
        (axes,) = self.figure.axes
        return axes

    def _added(self) -> list[Artist]:
        return [artist for artist in self._axes.get_children() if id(artist) not in self.__kept]

    def _changing(self) -> list[Artist]:
        """What a move draws, in the order in which a whole figure is drawn."""
        known = set(map(id, self.__moving))
        found = [one for one in self._axes.get_children() if id(one) in known or id(one) not in self.__kept]
        return [*sorted(found, key=Artist.get_zorder), self.figure._suptitle]

    def _settle(self) -> None:
        """Find out once where things stand: no later move may shift them, or the way to a setting would show."""
        figure = self.figure
        figure.set_dpi(PANEL_DPI)
        self.__drawn_before = True
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        self.__box = self._axes.get_position(original=False)
        self.__lines = _lines(figure)

    def _place(self) -> None:
        """A title with more lines than the first takes its room from the axes."""
        more = max(_lines(self.figure) - self.__lines, 0)
        line = 1.2 * TITLE_SIZE / 72 / self.figure.get_figheight()
        self._axes.set_position([*self.__box.p0, self.__box.width, self.__box.height - more * line])

    def _lay_ground(self) -> None:
        """What stays; drawn anew only where the axes have other limits or another height."""
        axes = self._axes
        stays = [axis for axis in (axes.xaxis, axes.yaxis) if axis not in self.__moving]
        known = (axes.get_position().bounds, *(tuple(axis.get_view_interval()) for axis in stays))
        if self.__ground is None or self.__ground[0] != known:
            for name in self.__names:
                name.set_visible(False)
            self.__canvas.draw()
            for name in self.__names:
                name.set_visible(True)
            self.__ground = known, self.__canvas.copy_from_bbox(self.figure.bbox)
        else:
            self.__canvas.restore_region(self.__ground[1])


def _lines(figure: PageFigure) -> int:
    return figure.get_suptitle().count("\n")
