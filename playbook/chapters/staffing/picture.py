"""The panel's picture of chapter 9: drawn once, then only its bars move, so that it answers at once in a browser."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.chapters.staffing.figures import FILLS, HATCHES, message
from playbook.chapters.staffing.problem import MONTHS, TARGET_MONTH
from playbook.figures.style import COLORS, PageFigure, to_img
from playbook.words import _

#: The panel's picture is drawn at so many dots an inch: enough for a phone, and quick.
_DPI = 80


class CohortPicture:
    """Stacked quarters against what month 9 takes.

    Args:
        need: experienced sellers that month 9 takes.
    """

    def __init__(self, need: float):
        self._need = need
        self._fig = PageFigure(figsize=(5.4, 3.3))
        self._ax = self._fig.add_axes((0.10, 0.15, 0.88, 0.72))
        months = np.arange(1, MONTHS + 1)
        self._layers = [
            self._ax.bar(
                months,
                np.zeros(MONTHS),
                width=0.8,
                color=COLORS[FILLS[place]],
                hatch=HATCHES[place],
                edgecolor=COLORS["paper"],
                linewidth=0.6,
                label=_("quarter {number}").format(number=place + 1),
            ).patches
            for place in range(4)
        ]
        self._ax.plot(
            [TARGET_MONTH - 0.5, MONTHS + 0.5], [need, need], "--", color=COLORS["ink"], linewidth=2.2
        )
        self._ax.annotate(
            _("month {month} takes {need:.0f}").format(month=TARGET_MONTH, need=need),
            (TARGET_MONTH - 0.6, need),
            ha="right",
            va="center",
            fontsize=11.5,
            bbox={"facecolor": COLORS["paper"], "edgecolor": "none", "alpha": 0.8, "pad": 1},
        )
        self._ax.set_xticks(months)
        self._ax.grid(visible=False, axis="x")
        self._ax.set_xlabel(_("Month after the opening"))
        self._ax.legend(loc="upper left", fontsize=10.5, ncols=2)
        self._title = self._fig.text(0.02, 0.93, "", fontsize=12.5, weight="bold")

    def show(self, cohorts: pd.DataFrame) -> str:
        """The picture of these cohorts as HTML, with its alternative text.

        Args:
            cohorts: months x four quarters, experienced sellers.
        """
        floor = np.zeros(MONTHS)
        for layer, column in zip(self._layers, cohorts.columns, strict=True):
            heights = cohorts[column].to_numpy(float)
            for bar, bottom, height in zip(layer, floor, heights, strict=True):
                bar.set_y(bottom)
                bar.set_height(height)
            floor = floor + heights
        self._ax.set_ylim(0, max(self._need, floor.max()) * 1.45)
        title = message(float(floor[TARGET_MONTH - 1]), self._need, 0, "")
        self._title.set_text(title)
        listed = ", ".join(f"{month}: {value:.1f}" for month, value in enumerate(floor, 1))
        alt = _("{title}. Experienced sellers by month: {listed}. Month 9 takes {need:.0f}.").format(
            title=title, listed=listed, need=self._need
        )
        return to_img(self._fig, alt, dpi=_DPI)
