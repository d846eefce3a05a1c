"""A live figure shows what a whole drawing of the same values shows, whatever it showed before."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from playbook.figures.live import Live
from playbook.figures.style import COLORS, finish, new_figure, to_png

pytestmark = pytest.mark.slow

LONG = "A title that says in a whole sentence what the figure shows, and why it matters"


class Bars(Live):
    """Two bars that are set, a dot that is added, and names that change."""

    def __init__(self):
        figure, ax = new_figure(height=3)
        self.bars = ax.barh([0, 1], 0, color=COLORS["main"])
        ax.set_yticks([0, 1])
        ax.set_xlabel("Units")
        self.times = 0
        super().__init__(figure, self.bars, ax.get_yticklabels())

    def draw(self, first, second, title="Bars", names=("A", "B")):
        self.times += 1
        ax = self.figure.axes[0]
        for bar, value in zip(self.bars, (first, second), strict=True):
            bar.set_width(value)
        ax.plot([second], [0.5], "o", color=COLORS["accent"])
        ax.set_yticklabels(names)
        ax.set_xlim(0, self.end(1.1 * max(first, second)))
        ax.set_title(title)
        return finish(self.figure, "nobody", f"{title}: {first}, {second}")


def drawn_whole(live: Live) -> np.ndarray:
    """The figure as it stands, with nothing kept from before."""
    for artist in live.figure.findobj():
        artist.set_animated(False)
    canvas = FigureCanvasAgg(live.figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


MOVES = [
    {"first": 3, "second": 5},
    {"first": 5, "second": 0.5},
    {"first": 40, "second": 2, "names": ("B", "A")},
    {"first": 3, "second": 5, "title": LONG},
]


@pytest.mark.parametrize("move", MOVES, ids=["the same axis", "other bars", "other limits", "a longer title"])
def test_a_move_shows_what_a_whole_drawing_shows(move):
    live = Bars()
    live.pixels(4, 4)
    assert np.array_equal(live.pixels(**move).copy(), drawn_whole(live))


@pytest.mark.slow
@pytest.mark.parametrize("move", MOVES, ids=["the same axis", "other bars", "other limits", "a longer title"])
def test_a_move_leaves_no_traces_of_those_before(move):
    straight, round_about = Bars(), Bars()
    for live in (straight, round_about):
        live.img(4, 4)
    for other in (*MOVES, *reversed(MOVES)):
        round_about.img(**other)
    assert round_about.img(**move) == straight.img(**move)


def test_a_page_shows_the_exact_end_of_an_axis_and_a_panel_a_round_one():
    still, live = Bars(), Bars()
    still.draw(4.2, 1)
    live.img(4.2, 1)
    assert still.figure.axes[0].get_xlim()[1] == pytest.approx(4.62)
    assert live.figure.axes[0].get_xlim()[1] == 5


def test_an_axis_stays_while_the_bars_fit():
    live, ends = Bars(), set()
    for value in (3.7, 3.9, 4.1, 4.4):
        live.img(value, 1)
        ends.add(live.figure.axes[0].get_xlim()[1])
    assert ends == {5}


@pytest.mark.parametrize(("value", "end"), [(0.1, 0.1), (0.11, 0.125), (1, 1), (7.2, 8), (83, 100), (-2, -2)])
def test_round_ends_reach_the_value(value, end):
    live = Bars()
    live.img(1, 1)
    assert live.end(value) == pytest.approx(end)


def test_what_is_known_is_not_drawn_again():
    live = Bars()
    first = live.img(1, 2, key="a")
    times = live.times
    assert live.img(1, 2, key="a") == first
    assert live.times == times
    assert live.img(1, 3, key="b") != first
    assert live.times == times + 1


def test_the_picture_says_in_words_what_it_shows():
    assert 'alt="Bars: 1, 2"' in Bars().img(1, 2)


def test_a_still_figure_shows_all_of_it():
    still = Bars()
    empty = to_png(still.draw(1e-9, 1e-9), 50)
    assert to_png(Bars().draw(4, 4), 50) != empty
