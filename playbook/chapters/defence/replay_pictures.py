"""The three pictures of a replay, as SVG: the city's districts, the sellers, the money.

Text and lines take the colour of the page around them, so that a dark page stays dark; shapes differ, not only
colours. What does not move is worked out once; a month costs the writing of a few hundred short marks.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from playbook.figures.style import COLORS
from playbook.simulator.film import Film
from playbook.simulator.parameters import MONTHS
from playbook.words import _

#: Size of a picture in its own units; on a phone of 375 px one unit is about one pixel.
WIDTH = 340
_TOP = 30
#: How much more one direction of the map may be stretched than the other.
_STRETCH = 1.8
_FONT = 'font-family="system-ui,Noto Sans,DejaVu Sans,sans-serif"'
_MAIN, _ACCENT, _BAD = COLORS["main"], COLORS["accent"], COLORS["bad"]


def _frame(title: str, alt: str, height: float, marks: Sequence[str]) -> str:
    """A picture with its title and its alternative text."""
    return (
        f'<svg class="playbook-replay" role="img" aria-label="{html.escape(alt, quote=True)}" viewBox="0 0 {WIDTH} '
        f'{height:g}" style="flex:1 1 {WIDTH - 40}px;width:100%;max-width:470px;min-width:0;height:auto" {_FONT} '
        f'font-size="13" fill="currentColor">{_text(2, 18, title, size=16, bold=True)}{"".join(marks)}</svg>'
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: float = 0, bold: bool = False
) -> str:
    looks = "" if anchor == "start" else f' text-anchor="{anchor}"'
    looks += f' font-size="{size:g}"' if size else ""
    looks += ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.4g}" y="{y:.4g}"{looks}>{html.escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, looks: str) -> str:
    return f'<line x1="{x1:.4g}" y1="{y1:.4g}" x2="{x2:.4g}" y2="{y2:.4g}" {looks}/>'


class MapPicture:
    """Districts as circles near their places: the size is the need, the filled part the reference cover.

    Args:
        at: latitude and longitude, D × 2. need: firms in need, D. names: D.
    """

    HEIGHT = 292

    def __init__(self, at: np.ndarray, need: np.ndarray, names: Sequence[str]):
        self._names = names
        letters = np.array([sum(1.9 if ord(one) > 0x2E80 else 1.0 for one in name) for name in names])
        label = 4.1 * letters + 12  # half the width of a name in bold with its sign, and some room beside it
        root = np.sqrt(np.maximum(need, 0) / max(need.max(), 1))
        for largest in (54, 48, 43, 38, 34, 30, 26, 22, 18):
            self._radius = np.maximum(largest * root, 6)
            wide = np.maximum(self._radius + 4, label)
            tall = self._radius + 18  # the name and the number stand below the circle
            self._x, self._y, free = _apart(at, wide, tall, (1, _TOP, WIDTH - 1, self.HEIGHT - 40))
            if free:
                break

    def svg(
        self,
        title: str,
        cover: np.ndarray,
        customers: np.ndarray,
        turned: np.ndarray,
        new: np.ndarray,
        alt: str,
    ) -> str:
        """A month of it.

        Args:
            cover: reference cover, 0 to 1, D. customers: D. turned, new: yes or no, D; new turned in this month.
        """
        marks = []
        for place, name in enumerate(self._names):
            x, r = self._x[place], self._radius[place]
            y = self._y[place] - 16
            edge = (
                f'stroke="{_ACCENT}" stroke-width="3.5"'
                if turned[place]
                else 'stroke="currentColor" stroke-opacity=".55" stroke-width="1.2"'
            )
            inner = r * float(np.sqrt(np.clip(cover[place], 0, 1)))
            if new[place]:
                marks.append(
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r + 6:.1f}" fill="none" stroke="{_ACCENT}" stroke-width="2" stroke-dasharray="4 3"/>'
                )
            marks.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{inner:.1f}" fill="{_MAIN}" fill-opacity=".8"/>'
            )
            marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="none" {edge}/>')
            sign = "✓ " if turned[place] else ""
            marks.append(
                _text(x, y + r + 15, sign + name, anchor="middle", size=12.5, bold=bool(turned[place]))
            )
            marks.append(_text(x, y + r + 29, str(customers[place]), anchor="middle", size=12.5))
        foot = self.HEIGHT - 24
        marks.append(_text(2, foot, _("Circle: firms in need. Filled: reference cover."), size=12))
        marks.append(_text(2, foot + 16, _("Number: customers. ✓ Turned: cover of a half or more."), size=12))
        return _frame(title, alt, self.HEIGHT, marks)


def _apart(
    at: np.ndarray, wide: np.ndarray, tall: np.ndarray, box: tuple[float, float, float, float]
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Places near the true ones at which no two boxes overlap, and whether there was room for that.

    Args:
        at: latitude and longitude. wide, tall: half widths and heights. box: left, top, right, bottom.
    """
    left, top, right, bottom = box
    lat, lon = at[:, 0], at[:, 1]
    flat = np.column_stack([(lon - lon.mean()) * np.cos(np.radians(lat.mean())), lat.mean() - lat])
    low, high = np.array([left + wide, top + tall]).T, np.array([right - wide, bottom - tall]).T
    span = np.maximum(np.ptp(flat, axis=0), 1e-9)
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    size = np.array([right - left, bottom - top]) - 2 * np.array([wide.mean(), tall.mean()])
    scale = size / span
    # The wider direction may be stretched, so that a long narrow city fills the picture.
    scale = np.minimum(scale, _STRETCH * scale.min())
    spot = middle + (flat - (flat.min(0) + flat.max(0)) / 2) * scale
    for turn in range(300):
        spot = np.clip(spot, np.minimum(low, high), np.maximum(low, high))
        gap = spot[:, None] - spot[None]
        need = np.stack([wide[:, None] + wide[None], tall[:, None] + tall[None]], axis=2)
        over = need - np.abs(gap)
        hit = (over > 0.5).all(2)
        np.fill_diagonal(hit, val=False)
        if not hit.any():
            return spot[:, 0], spot[:, 1], True
        # Along the direction in which less has to be given way; now and then across, out of a stack.
        across = (over[..., 0] < over[..., 1]) | (turn % 3 == 2)
        sign = np.where(
            gap == 0, np.sign(np.arange(len(at))[:, None] - np.arange(len(at))[None])[..., None], np.sign(gap)
        )
        push = np.where(np.stack([across, ~across], axis=2), over * sign, 0.0) * hit[..., None]
        spot = spot + 0.35 * push.sum(1)
    spot = np.clip(spot, np.minimum(low, high), np.maximum(low, high))
    return spot[:, 0], spot[:, 1], False


class PeoplePicture:
    """Sellers as marks, a row for each group; each keeps a seat, which is given anew a month after it was left."""

    #: Left edge of the seats, and room of one.
    LEFT, PITCH = 58, 18

    def __init__(self, film: Film):
        self._film = film
        groups = len(film.begins)
        seat = _seats(film)
        most = [int(seat[film.group == one].max(initial=0)) + 1 for one in range(groups)]
        a_line = (WIDTH - self.LEFT) // self.PITCH
        lines = [-(-count // a_line) for count in most]
        top = _TOP + 14 + np.concatenate([[0], np.cumsum([19 * one + 7 for one in lines])])
        self._top = top
        self._height = float(top[-1]) + 44
        self._x = self.LEFT + self.PITCH * (seat % a_line) + self.PITCH / 2
        self._y = top[film.group] + 19 * (seat // a_line)

    def svg(self, title: str, month: int, alt: str) -> str:
        """A month of it."""
        film, at = self._film, month - 1
        marks = [self._group(number, month) for number in range(len(film.begins))]
        seen = np.flatnonzero(film.here[at] | film.left[at])
        ripe, joined, here = film.ripe[at], film.joined[at], film.here[at]
        for one in seen:
            if here[one]:
                marks.append(_seller(self._x[one], self._y[one], film.veteran[one], ripe[one], joined[one]))
            else:
                marks.append(_cross(self._x[one], self._y[one]))
        return _frame(title, alt, self._height, [*marks, self._legend()])

    def _group(self, number: int, month: int) -> str:
        """The supervisor: a filled square, an empty one where nobody is, nothing before the group starts."""
        film, y = self._film, self._top[number]
        name = _text(2, y + 4.5, _("Gr. {number}").format(number=number + 1), size=12)
        if month < film.begins[number]:
            return name
        there = film.boss[month - 1, number]
        fill = "currentColor" if there else "none"
        dash = "" if there else ' stroke-dasharray="3 2"'
        square = f'<rect x="36" y="{y - 7:.4g}" width="14" height="14" rx="2" fill="{fill}" stroke="currentColor"{dash}/>'
        return name + square

    def _legend(self) -> str:
        low = self._height - 8
        high = low - 19
        square = 'width="14" height="14" rx="2"'
        signs = (
            (8, high, _seller(8, high - 4, True, True, False), _("veteran")),
            (90, high, _seller(90, high - 4, False, True, False), _("experienced")),
            (192, high, _seller(192, high - 4, False, False, False), _("in the first 6 months")),
            (8, low, _seller(8, low - 4, False, False, True), _("came")),
            (90, low, _cross(90, low - 4), _("left")),
            (192, low, f'<rect x="185" y="{low - 11:.4g}" {square}/>', _("supervisor")),
        )
        return "".join(mark + _text(x + 12, y, word, size=12) for x, y, mark, word in signs)


def _seats(film: Film) -> np.ndarray:
    """A seat in the group for each seller: the lowest that nobody has, and nobody has just left."""
    seat = np.zeros(len(film.start), int)
    last = np.where(film.here.any(0), MONTHS - film.here[::-1].argmax(0), film.start)
    free_from: dict[tuple[int, int], int] = {}
    for one in np.argsort(film.start, kind="stable"):
        group, start = int(film.group[one]), int(film.start[one])
        number = 0
        while free_from.get((group, number), 0) > start:
            number += 1
        seat[one] = number
        free_from[group, number] = int(last[one]) + 2
    return seat


def _seller(x: float, y: float, veteran: bool, ripe: bool, came: bool) -> str:
    ring = (
        f'<circle cx="{x:.4g}" cy="{y:.4g}" r="8" fill="none" stroke="{_ACCENT}" stroke-width="1.8"/>'
        if came
        else ""
    )
    if veteran:
        return ring + f'<path d="M{x:.4g} {y - 7:.4g}l6.5 7-6.5 7-6.5-7z" fill="{_ACCENT}"/>'
    fill = _MAIN if ripe else "none"
    return (
        ring
        + f'<circle cx="{x:.4g}" cy="{y:.4g}" r="{5.2 if ripe else 4.4}" fill="{fill}" stroke="{_MAIN}" stroke-width="1.8"/>'
    )


def _cross(x: float, y: float) -> str:
    return f'<path d="M{x - 4.5:.4g} {y - 4.5:.4g}l9 9m0-9l-9 9" stroke="{_BAD}" stroke-width="2.6" fill="none"/>'


class CashPicture:
    """The cash line up to a month, with the limit under it.

    Args:
        cash: thousand CNY at the end of each month, 24. limit: below which hiring stops.
    """

    HEIGHT = 196
    _LEFT, _RIGHT, _BOTTOM = 34, WIDTH - 12, 160

    def __init__(self, cash: np.ndarray, limit: float):
        self._cash, self._limit = cash, limit
        low, high = min(cash.min(), limit) - 900, max(cash.max(), 0) + 900
        self._ys = _TOP + 8 + (high - cash) / (high - low) * (self._BOTTOM - _TOP - 8)
        self._xs = self._LEFT + np.arange(1, MONTHS + 1) / MONTHS * (self._RIGHT - self._LEFT)
        self._at = lambda value: _TOP + 8 + (high - value) / (high - low) * (self._BOTTOM - _TOP - 8)
        step = next(one for one in (2000, 3000, 5000, 10000, 20000, 50000, 1e9) if (high - low) / one <= 6)
        ticks = np.arange(np.ceil(low / step) * step, high + 1, step)
        still = []
        for tick in ticks:
            y = self._at(tick)
            looks = 'stroke="currentColor" ' + (
                'stroke-opacity=".8"' if tick == 0 else 'stroke-opacity=".18"'
            )
            still.append(_line(self._LEFT, y, self._RIGHT, y, looks))
            still.append(
                _text(self._LEFT - 5, y + 4, f"{tick / 1000:.0f}".replace("-", "−"), anchor="end", size=12)
            )
        for month in (6, 12, 18, 24):
            still.append(_text(self._xs[month - 1], self._BOTTOM + 15, str(month), anchor="middle", size=12))
        y = self._at(limit)
        still.append(
            _line(self._LEFT, y, self._RIGHT, y, f'stroke="{_BAD}" stroke-width="2" stroke-dasharray="7 4"')
        )
        still.append(_text(self._RIGHT, y - 5, _("limit"), anchor="end", size=12))
        still.append(
            _text(2, self.HEIGHT - 4, _("CNY million, by month. ● a month below the limit"), size=12)
        )
        self._still = "".join(still)

    def svg(self, title: str, month: int, alt: str) -> str:
        """The line up to a month."""
        points = [f"{self._LEFT} {self._at(0):.4g}"]
        points += [f"{x:.4g} {y:.4g}" for x, y in zip(self._xs[:month], self._ys[:month], strict=True)]
        marks = [
            self._still,
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{_MAIN}" stroke-width="2.6"/>',
        ]
        marks += [
            f'<circle cx="{self._xs[at]:.4g}" cy="{self._ys[at]:.4g}" r="4.2" fill="{_BAD}"/>'
            for at in np.flatnonzero(self._cash[:month] < self._limit)
        ]
        x, y = self._xs[month - 1], self._ys[month - 1]
        marks.append(
            f'<circle cx="{x:.4g}" cy="{y:.4g}" r="5.5" fill="{_MAIN}" stroke="currentColor" stroke-width="1.5"/>'
        )
        return _frame(title, alt, self.HEIGHT, marks)
