"""Small drawings of chapter 10's panel, as text: they are made anew at every touch, faster than a figure."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import pandas as pd

from playbook.chapters.cadence.problem import DayProblem
from playbook.figures.style import COLORS
from playbook.market.goals import light_of
from playbook.market.route import Route
from playbook.words import _

_WIDE, _HIGH, _EDGE = 340, 210, 30
#: A light has a shape of its own, so that colour is never the only sign.
SHAPES = {"green": "●", "amber": "▲", "red": "■"}
#: Cells of the board, narrow enough for a phone.
_CELL = "text-align:left;padding:0 .6em .1em 0"


def month_svg(usual: Sequence[float], gone: int, booked: int, target: int, alt: str) -> str:
    """The usual month that makes the target, today's point, the way on as months fill, and the straight line.

    Args:
        usual: share signed by each working day. gone: working days gone. booked: signed. target: of the month.
        alt: what the drawing shows, for readers who do not see it.
    """
    days = len(usual)
    forecast, line = booked / usual[gone - 1], booked / gone * days
    top = 1.1 * max(target, forecast, line, 1)

    def at(day: float, count: float) -> tuple[float, float]:
        across = _EDGE + (_WIDE - _EDGE - 8) * (day - 1) / max(days - 1, 1)
        return across, _HIGH - 24 - (_HIGH - 34) * count / top

    fills = [at(day, share * target) for day, share in enumerate(usual, 1)]
    goes_on = [at(day, usual[day - 1] * forecast) for day in range(gone, days + 1)]
    parts = [
        _line([at(1, target), at(days, target)], COLORS["ink"], 1),
        _line(fills, COLORS["muted"], 2),
        _line(goes_on, COLORS["main"], 2.5, "2 4"),
        _line([at(gone, booked), at(days, line)], COLORS["accent"], 2, "7 4"),
        _dot(*at(gone, booked), 5, COLORS["main"]),
        _text(_EDGE, at(1, target)[1] - 4, _("target {target}").format(target=target), COLORS["ink"]),
        _text(_WIDE - 8, goes_on[-1][1] - 5, f"{forecast:.0f}", COLORS["main"], "end"),
        _text(_WIDE - 8, at(days, line)[1] + 14, f"{line:.0f}", COLORS["accent"], "end"),
        _text(_EDGE, _HIGH - 6, _("working day 1"), COLORS["ink"]),
        _text(_WIDE - 8, _HIGH - 6, f"{days}", COLORS["ink"], "end"),
    ]
    legend = _("Grey: usual month. Dots: as months fill. Dashes: straight line.")
    return _card(parts, alt) + f'<p style="margin:0">{html.escape(legend)}</p>'


def map_svg(day: DayProblem, route: Route, alt: str) -> str:
    """The stops, the larger the more they bring, with the way of the day."""
    wide = 111.2 * math.cos(math.radians(day.lat))
    places = {
        row.stop_id: ((row.lon - day.lon) * wide, (row.lat - day.lat) * 111.2)
        for row in day.stops.itertuples()
    }
    east, north = zip((0.0, 0.0), *places.values(), strict=True)
    scale = min((_WIDE - 40) / max(max(east) - min(east), 1), (_HIGH + 20) / max(max(north) - min(north), 1))

    def at(x: float, y: float) -> tuple[float, float]:
        return 16 + (x - min(east)) * scale, 16 + (max(north) - y) * scale

    way = [at(0, 0), *(at(*places[name]) for name in route.order), at(0, 0)]
    parts = [_line(way, COLORS["main"], 2)]
    for row in day.stops.itertuples():
        x, y = at(*places[row.stop_id])
        color = COLORS["accent"] if row.stop_id in route.order else COLORS["muted"]
        parts.append(_dot(x, y, 3 + 0.9 * math.sqrt(row.prize), color))
        number = f" ({route.order.index(row.stop_id) + 1})" if row.stop_id in route.order else ""
        parts.append(_text(x + 6, y - 4, row.stop_id + number, COLORS["ink"]))
    x, y = at(0, 0)
    parts.append(f'<rect x="{x - 4:.0f}" y="{y - 4:.0f}" width="9" height="9" fill="{COLORS["ink"]}"/>')
    parts.append(_text(x + 7, y + 12, _("office"), COLORS["ink"]))
    return _card(parts, alt, _HIGH + 50)


def board_html(board: pd.DataFrame) -> str:
    """The board on the wall: group by group, person by person; done, target, gap, and the light of each.

    Args:
        board: ``seller, group, target, booked, projected, gap, at_risk``.
    """
    titles = [_("Seller"), _("Done"), _("Target"), _("Gap"), _("Light")]
    rows = []
    for group, people in board.groupby("group", sort=False):
        total = people[["booked", "target", "gap", "projected"]].sum()
        named = _("{group} together").format(group=group)
        rows.append(_row(named, total, total["projected"], bold=True))
        rows += [_row(one["seller"], one, one["projected"]) for _place, one in people.iterrows()]
    head = "".join(f'<th scope="col" style="{_CELL}">{html.escape(title)}</th>' for title in titles)
    caption = html.escape(_("The board of this evening, branch to group to person"))
    return (
        f'<table style="font-size:.92em;font-variant-numeric:tabular-nums"><caption style="text-align:left">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _row(name: str, counts: pd.Series, projected: float, bold: bool = False) -> str:
    light = light_of(projected, max(counts["target"], 1))
    cells = [name, f"{counts['booked']:.0f}", f"{counts['target']:.0f}", f"{counts['gap']:.0f}"]
    loud = ";font-weight:bold" if bold else ""
    words = {"green": _("green"), "amber": _("amber"), "red": _("red")}
    cells.append(f"{SHAPES[light]} {words[light]}")
    told = "".join(f'<td style="{_CELL}{loud}">{html.escape(text)}</td>' for text in cells)
    return f"<tr>{told}</tr>"


def _card(parts: list[str], alt: str, high: int = _HIGH) -> str:
    return (
        f'<svg role="img" aria-label="{html.escape(alt, quote=True)}" viewBox="0 0 {_WIDE} {high}" '
        f'style="width:100%;max-width:560px;background:{COLORS["paper"]};border-radius:6px" '
        f'font-size="11" font-family="sans-serif">{"".join(parts)}</svg>'
    )


def _line(points: list[tuple[float, float]], color: str, width: float, dash: str = "") -> str:
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{told}" fill="none" stroke="{color}" stroke-width="{width}"{dashed}/>'


def _dot(x: float, y: float, radius: float, color: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{color}" fill-opacity="0.85"/>'


def _text(x: float, y: float, text: str, color: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}">{html.escape(text)}</text>'
