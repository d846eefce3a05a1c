"""What can be said of a figure without looking at it: what is cut, how small its letters are."""

import numpy as np
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

#: CSS pixels that a figure has on a phone of 375, beside the page's and the card's edges.
PHONE = 333


def cut_off(fig: Figure) -> list[str]:
    """Marks that reach beyond the axes they stand on, and words that reach beyond the figure."""
    fig.draw_without_rendering()
    found = []
    for ax in fig.axes:
        box = ax.get_window_extent()
        for marks in ax.collections:
            if isinstance(marks, PathCollection):
                points = ax.transData.transform(marks.get_offsets())
                radii = np.broadcast_to(marks.get_sizes() ** 0.5 / 2 * fig.dpi / 72, len(points))
                ends = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(points, radii, strict=True)]
            elif isinstance(marks, LineCollection):
                lines = [ax.transData.transform(line) for line in marks.get_segments()]
                ends = [(*line.min(axis=0), *line.max(axis=0)) for line in lines if len(line)]
            else:
                continue
            for left, low, right, high in ends:
                if left < box.x0 - 1 or right > box.x1 + 1 or low < box.y0 - 1 or high > box.y1 + 1:
                    found.append(
                        f"{type(marks).__name__} from {left:.0f}, {low:.0f} to {right:.0f}, {high:.0f}"
                    )
    paper = fig.bbox
    for words in fig.findobj(
        lambda one: isinstance(one, Text) and one.get_visible() and one.get_text().strip()
    ):
        box = words.get_window_extent()
        if box.x0 < paper.x0 - 1 or box.x1 > paper.x1 + 1 or box.y0 < paper.y0 - 1 or box.y1 > paper.y1 + 1:
            if any(words in (*ax.get_xticklabels(), *ax.get_yticklabels()) for ax in fig.axes):
                continue  # a tick outside the limits is not drawn
            found.append(words.get_text())
    return found


def smallest_letters(fig: Figure) -> float:
    """The size of the smallest letters on a phone, in CSS pixels."""
    texts = fig.findobj(lambda one: isinstance(one, Text) and one.get_visible() and one.get_text().strip())
    inches = fig.get_size_inches()[0]
    return min(one.get_fontsize() for one in texts) / 72 * PHONE / inches
