"""Figures of chapter 4: a city's districts, its offices, and who drives where."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from playbook.chapters.base_area.problem import area_of
from playbook.chapters.judging import entries_of
from playbook.figures.live import Live
from playbook.figures.style import COLORS, finish, legend_above, new_figure
from playbook.market.bases import BaseArea, best_offices, catchments, offices_cost
from playbook.market.distances import distance_table
from playbook.words import N_, _, ngettext

SOURCE = N_("QiHang Cloud (invented), accounts; places of the districts: GeoNames")
#: Area of the largest bubble, points squared.
_LARGEST = 900.0
#: How far from its district a name may stand, points; the first that is free is taken.
_AWAY = (0, 10, 22, 36, 52, 70, 90)
#: In which directions, degrees: above, below, to the sides, between.
_ANGLES = (90, 270, 0, 180, 45, 135, 315, 225, 67, 113, 247, 293)
#: A name that stands farther from its bubble than this is tied to it by a line, points.
_TIED = 9.0
#: Between the outermost districts and the edge of the map, points.
_EDGE = 36.0
KM_A_DEGREE = 111.2
#: A frame round the cheapest bar.
_FRAMED = {"facecolor": "none", "edgecolor": COLORS["accent"], "linewidth": 2.8, "zorder": 4}


class OfficePicture(Live):
    """The city from above with its offices: see :func:`office_map`.

    Args:
        districts, need, hall, city: as there.
        chosen: the offices for which names are placed; without it, every name has a place that suits all choices.
    """

    def __init__(
        self,
        districts: pd.DataFrame,
        need: pd.Series,
        hall: tuple[float, float],
        city: str,
        chosen: Iterable[str] | None = None,
    ):
        self._places, self._city = districts.set_index("district"), city
        places = self._places
        self._at = dict(zip(places.index, places[["lon", "lat"]].to_numpy(float), strict=True))
        self._km = distance_table(districts, districts)
        self._amounts = need.reindex(places.index).fillna(0).to_numpy(float)
        sizes = np.maximum(_LARGEST * self._amounts / max(self._amounts.max(), 1.0), 12)
        figure, axes = new_figure(height=5.2)
        self._ways = [
            axes.plot([lon, lon], [lat, lat], color=COLORS["muted"], lw=1.4, zorder=1)[0]
            for lon, lat in self._at.values()
        ]
        bubbles = axes.scatter(
            places["lon"], places["lat"], s=sizes, color=COLORS["second"], alpha=0.5, lw=0, zorder=2
        )
        self._squares = axes.scatter([], [], s=60, marker="s", color=COLORS["accent"], zorder=4)
        cross = axes.scatter(
            [hall[1]], [hall[0]], s=110, marker="+", color=COLORS["ink"], zorder=5, linewidths=2.2
        )
        axes.set_xticks([])
        axes.set_yticks([])
        axes.grid(visible=False)
        for side in axes.spines.values():
            side.set_visible(False)
        key = (
            _("Bubbles and numbers: accounts in need. Squares: offices."),
            _("Lines: whom they serve. Cross: the place of city hall."),
        )
        axes.text(0, -0.01, "\n".join(key), transform=axes.transAxes, va="top", fontsize=11)
        self.figure, everywhere = figure, list(places.index)
        offices = everywhere if chosen is None else self._offices(chosen)
        # The title first: the map takes the room that it leaves.
        self._say(offices[:1] if chosen is None else offices)
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine("none")
        _true_to_scale(axes, places)
        kept_free = _scale(axes, places, sizes)
        ends = (
            [(name, office) for name in everywhere for office in everywhere]
            if chosen is None
            else self._serves(offices).items()
        )
        lines = [(everywhere.index(name), everywhere.index(office)) for name, office in ends]
        self._names = _name_places(
            axes, places, self._labels(offices), offices, sizes, kept_free, hall, lines
        )
        # What stands over a line has to be drawn after it.
        above = [bubbles, cross, *(line for line in axes.lines if line not in self._ways)]
        super().__init__(figure, [*self._ways, self._squares, *self._names, *above])

    def draw(self, chosen: Iterable[str]) -> Figure:
        """Set squares, lines and the names of districts with an office.

        Args:
            chosen: districts with an office; without one, nobody is served.
        """
        offices = self._offices(chosen)
        serves = self._serves(offices).to_dict()
        for line, name in zip(self._ways, self._places.index, strict=True):
            line.set_data(*zip(self._at[name], self._at[serves.get(name, name)], strict=True))
            line.set_visible(bool(offices))
        self._squares.set_offsets(np.array([self._at[name] for name in offices]).reshape(-1, 2))
        for words, name, label in zip(self._names, self._places.index, self._labels(offices), strict=True):
            words.set(text=label, fontweight="bold" if name in offices else "normal")
        return self._say(offices)

    def _offices(self, chosen: Iterable[str]) -> list[str]:
        wanted = set(chosen)
        return [name for name in self._places.index if name in wanted]

    def _serves(self, offices: list[str]) -> pd.Series:
        return catchments(self._km, offices) if offices else pd.Series(dtype=object)

    def _labels(self, offices: list[str]) -> list[str]:
        return [
            f"{name} {count:.0f}" if count or name in offices else name
            for name, count in zip(self._places.index, self._amounts, strict=True)
        ]

    def _say(self, offices: list[str]) -> Figure:
        """The title, the source and the alternative text."""
        serves = self._serves(offices).to_dict()
        listed = ", ".join(
            _("{district} {count:.0f} (from {office})").format(
                district=name, count=count, office=serves.get(name, "–")
            )
            for name, count in zip(self._places.index, self._amounts, strict=True)
        )
        alt = _(
            "A map of {city}. Accounts in need by district, with the office that serves them: {listed}."
        ).format(city=self._city, listed=listed)
        self.figure.axes[0].set_title(_title(offices, self._amounts, self._places, self._city))
        return finish(self.figure, _(SOURCE), alt)


def office_map(
    districts: pd.DataFrame, need: pd.Series, chosen: Iterable[str], hall: tuple[float, float], city: str
) -> Figure:
    """The city from above: accounts in need by district, the offices, and which office serves whom.

    Args:
        districts: ``district, lat, lon`` in degrees.
        need: accounts in need by district.
        chosen: districts with an office; without one, nobody is served.
        hall: latitude and longitude of city hall.
        city: for the title.

    Returns:
        Bubbles by accounts in need, squares for offices, a line from each district to its office, a cross for city
        hall. Distances look right: a degree east is drawn shorter than a degree north.
    """
    chosen = list(chosen)
    return OfficePicture(districts, need, hall, city, chosen).draw(chosen)


def _title(offices: list[str], amounts: np.ndarray, places: pd.DataFrame, city: str) -> str:
    if not offices:
        return _("{city} without an office").format(city=city)
    at_home = amounts[places.index.isin(offices)].sum() / max(amounts.sum(), 1.0)
    return ngettext(
        "One office in {city}, where {part:.0%} of the need is",
        "{count} offices in {city}, where {part:.0%} of the need is",
        len(offices),
    ).format(count=len(offices), city=city, part=at_home)


def _true_to_scale(axes: Axes, places: pd.DataFrame) -> None:
    """Limits under which a kilometre is as long across as it is up, with room for bubbles and names at the edge."""
    shorter = np.cos(np.radians(places["lat"].mean()))
    box, edge = axes.get_window_extent(), _EDGE * axes.figure.dpi / 72
    across, up = np.ptp(places["lon"]) * shorter, np.ptp(places["lat"])
    degree = min((box.width - 2 * edge) / max(across, 1e-6), (box.height - 2 * edge) / max(up, 1e-6))
    lon, lat = (places[one].agg(["min", "max"]).mean() for one in ("lon", "lat"))
    half_lon, half_lat = box.width / 2 / degree / shorter, box.height / 2 / degree
    axes.set_xlim(lon - half_lon, lon + half_lon)
    axes.set_ylim(lat - half_lat, lat + half_lat)


def _scale(axes: Axes, places: pd.DataFrame, sizes: np.ndarray) -> Bbox:
    """A line of a round number of kilometres in a corner that is free; returns the room it takes, in pixels."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    degree = KM_A_DEGREE * np.cos(np.radians(places["lat"].mean()))
    km = max(one for one in (1, 2, 5, 10, 20, 50, 100) if one == 1 or one <= (right - left) * degree / 4)
    pixel = axes.figure.dpi / 72
    at = axes.transData.transform(places[["lon", "lat"]].to_numpy(float))
    bubbles = [
        Bbox.from_extents(x - r, y - r, x + r, y + r)
        for (x, y), r in zip(at, np.sqrt(sizes) / 2 * pixel, strict=True)
    ]
    corners = []
    for across, up in ((0.02, 0.03), (0.98, 0.03), (0.02, 0.92), (0.98, 0.92)):
        x = left + across * (right - left) - (km / degree if across > 0.5 else 0)
        y = low + up * (high - low)
        (x0, y0), (x1, _y1) = axes.transData.transform([(x, y), (x + km / degree, y)])
        taken = Bbox.from_extents(x0, y0 - 2 * pixel, max(x1, x0 + 42 * pixel), y0 + 15 * pixel)
        corners.append((sum(taken.overlaps(one) for one in bubbles), len(corners), x, y, taken))
    _hits, _order, x, y, taken = min(corners, key=lambda one: one[:2])
    axes.plot([x, x + km / degree], [y, y], color=COLORS["ink"], lw=2, zorder=3, scalex=False, scaley=False)
    axes.annotate(_("{km} km").format(km=km), (x, y), xytext=(0, 3), textcoords="offset points", fontsize=10)
    return taken


def _name_places(
    axes: Axes,
    places: pd.DataFrame,
    labels: list[str],
    offices: list[str],
    sizes: np.ndarray,
    kept_free: Bbox,
    hall: tuple[float, float],
    lines: list[tuple[int, int]],
) -> list[Annotation]:
    """Write each district's name near it, none over another; the crowded ones are tied to their place by a line.

    Returns the names in the order of the places. They keep off the cross of city hall, and off the lines from a district to its office where there is room.
    """
    figure = axes.figure
    pixel = figure.dpi / 72
    at = axes.transData.transform(places[["lon", "lat"]].to_numpy(float))
    radii = np.sqrt(sizes) / 2 * pixel
    cross = axes.transData.transform([(hall[1], hall[0])])
    middles = np.vstack([at, cross])
    middles = np.hstack([middles - 7 * pixel, middles + 7 * pixel])
    part = np.linspace(0, 1, 25)[:, None]
    drawn = [at[one] + part * (at[other] - at[one]) for one, other in lines if one != other]
    drawn = np.vstack([np.empty((0, 2)), *drawn])
    drawn = np.hstack([drawn - pixel, drawn + pixel])
    room = (figure.bbox.x0 + 4, axes.bbox.y0 + 1, figure.bbox.x1 - 4, axes.bbox.y1 - 1)
    away, angle = (one.ravel() for one in np.meshgrid(_AWAY, np.radians(_ANGLES), indexing="ij"))
    taken, names = np.array([kept_free.extents]), {}
    for row in np.argsort(-sizes, kind="stable"):
        names[row] = words = axes.annotate(
            labels[row],
            at[row],
            xycoords="figure pixels",
            textcoords="figure pixels",
            xytext=tuple(at[row]),
            ha="center",
            va="center",
            fontsize=10,
            fontweight="bold" if places.index[row] in offices else "normal",
            annotation_clip=False,
            zorder=6,
        )
        size = words.get_window_extent()
        reach = radii[row] * 0.8 + away * pixel + 2
        x = at[row][0] + np.cos(angle) * (reach + size.width / 2)
        y = at[row][1] + np.sin(angle) * (reach + size.height / 2)
        half = np.array([size.width, size.height]) / 2
        boxes = np.column_stack([x - half[0], y - half[1], x + half[0], y + half[1]])
        outside = (boxes[:, :2] < room[:2]).any(axis=1) | (boxes[:, 2:] > room[2:]).any(axis=1)
        # First whole and readable, then off places and the cross; off lines counts for as much as some points nearer.
        off = away + 6 * np.minimum(_hits(boxes, drawn), 5)
        best = int(np.lexsort((off, _hits(boxes, middles), _hits(boxes, taken), outside))[0])
        box = boxes[best]
        words.set_position((x[best], y[best]))
        taken = np.vstack([taken, box + np.array([-3, -3, 3, 3])])
        if away[best] > _TIED:
            near = np.clip(at[row], box[:2], box[2:])
            line = axes.transData.inverted().transform([at[row], near])
            axes.plot(*line.T, color=COLORS["ink"], lw=0.7, zorder=3, scalex=False, scaley=False)
    to_figure = figure.transFigure.inverted()
    for (
        words
    ) in names.values():  # from pixels to the figure's own measure, so that any resolution may be drawn
        words.set_position(tuple(to_figure.transform(words.get_position())))
        words.xy = tuple(to_figure.transform(words.xy))
        words.xycoords = words.anncoords = "figure fraction"
    return [names[row] for row in range(len(places))]


def _hits(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How many of the others each box overlaps."""
    apart = (boxes[:, None, :2] > others[None, :, 2:]).any(axis=2) | (
        boxes[:, None, 2:] < others[None, :, :2]
    ).any(axis=2)
    return (~apart).sum(axis=1)


def cost_bars(choices: Mapping[str, tuple[float, float]], city: str) -> Figure:
    """What some ways to place offices cost a month: rent and driving, one bar each; the cheapest stands out.

    Args:
        choices: (rent, driving) in CNY a month by label.
        city: for the title.
    """
    figure, axes = new_figure(height=1.9 + 0.5 * len(choices))
    labels = list(choices)[::-1]
    rent = np.array([choices[label][0] for label in labels]) / 1000
    driving = np.array([choices[label][1] for label in labels]) / 1000
    axes.barh(labels, rent, color=COLORS["muted"], label=_("Rent"))
    axes.barh(labels, driving, left=rent, color=COLORS["main"], label=_("Driving"))
    total = rent + driving
    least = int(np.argmin(total))
    axes.barh(least, total[least], **_FRAMED)
    for row, one in enumerate(total):
        axes.annotate(
            f"{one:.1f}",
            (one, row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=11,
            fontweight="bold" if row == least else "normal",
        )
    axes.margins(x=0.16)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(_("CNY 1,000 a month"))
    legend_above(axes, 2)
    most = int(np.argmax(total))
    title = _("In {city} the dearest way, {dear}, costs {times:.1f} times the cheapest").format(
        city=city, dear=labels[most][:1].lower() + labels[most][1:], times=total[most] / total[least]
    )
    axes.set_title(title)
    alt = _("Bars of rent and driving, CNY 1,000 a month: {listed}.").format(
        listed=", ".join(
            f"{label} {r:.1f} + {d:.1f}"
            for label, r, d in zip(labels[::-1], rent[::-1], driving[::-1], strict=True)
        )
    )
    return finish(figure, _(SOURCE), alt)


def best_by_count(choices: pd.DataFrame, city: str) -> Figure:
    """The cheapest cost a month for each number of offices: rent grows, driving shrinks, the sum has a bottom.

    Args:
        choices: what :func:`playbook.market.bases.office_choices` gives.
        city: for the title.
    """
    cost = choices["rent_cny"] + choices["driving_cny"]
    best = choices.loc[cost.groupby(choices["count"]).idxmin()]
    total = (best["rent_cny"] + best["driving_cny"]) / 1000
    least = int(best["count"].iloc[int(np.argmin(total))])
    figure, axes = new_figure(height=3.8)
    axes.bar(best["count"], best["rent_cny"] / 1000, color=COLORS["muted"], label=_("Rent"))
    axes.bar(
        best["count"],
        best["driving_cny"] / 1000,
        bottom=best["rent_cny"] / 1000,
        color=COLORS["main"],
        label=_("Driving"),
    )
    axes.bar(least, total.min(), **_FRAMED)
    for number, one in zip(best["count"], total, strict=True):
        weight = "bold" if number == least else "normal"
        axes.annotate(
            f"{one:.0f}",
            (number, one),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=11,
            fontweight=weight,
        )
    axes.set_xticks(best["count"])
    axes.margins(y=0.12)
    axes.grid(visible=False, axis="x")
    axes.set_xlabel(_("Offices, each number at its best places"))
    axes.set_ylabel(_("CNY 1,000 a month"))
    legend_above(axes, 2)
    axes.set_title(
        ngettext(
            "In {city} one office costs least: a second saves less than its rent",
            "In {city} {count} offices cost least: one more saves less than its rent",
            least,
        ).format(city=city, count=least)
    )
    alt = _("Bars of the least cost for each number of offices, CNY 1,000 a month: {listed}.").format(
        listed=", ".join(f"{number}: {one:.1f}" for number, one in zip(best["count"], total, strict=True))
    )
    return finish(figure, _(SOURCE), alt)


def compared(area: BaseArea, chosen: Iterable[str], hall: str) -> dict[str, tuple[float, float]]:
    """Rent and driving of a choice, of city hall alone, of an office everywhere, and of the best.

    Args:
        hall: the district in which city hall stands.
    """
    ways = {
        _("Your choice"): list(chosen),
        _("City hall only"): [hall],
        _("Every district"): list(area.km.columns),
        _("The best"): list(best_offices(area.need, area.km, area.costs).chosen),
    }
    costs = {
        label: offices_cost(area.need, area.km, sites, area.costs) for label, sites in ways.items() if sites
    }
    return {label: (one.rent_cny, one.driving_cny) for label, one in costs.items()}


def map_of(case: Any, chosen: Iterable[str]) -> Figure:
    """The map of a case's city with some offices; see :func:`office_map`."""
    city = case.cities.set_index("adcode").loc[case.adcode]
    return office_map(case.city_districts, area_of(case).need, chosen, (city["lat"], city["lon"]), case.city)


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook: the map with the trainee's offices.

    Args:
        answers: by question; of ``offices``, what the trainee chose.
    """
    names = {one.casefold(): one for one in case.city_districts["district"]}
    said = (one for one in entries_of(answers.get("offices"), "district") if isinstance(one, str))
    return map_of(case, [names[one.casefold()] for one in said if one.casefold() in names])
