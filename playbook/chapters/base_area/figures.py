"""Figures of chapter 4: a city's districts, its offices, and who drives where."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from playbook.chapters.base_area.problem import area_of
from playbook.chapters.judging import entries_of
from playbook.figures.style import COLORS, finish, new_figure
from playbook.market.bases import BaseArea, best_offices, catchments, distance_table, offices_cost
from playbook.words import N_, _, ngettext

SOURCE = N_("QiHang Cloud (fictional), accounts; centres of districts: GeoNames")
#: Area of the largest bubble, points squared.
_LARGEST = 900.0


def office_map(
    districts: pd.DataFrame, need: pd.Series, chosen: Iterable[str], hall: tuple[float, float], city: str
) -> Figure:
    """The city from above: accounts in need by district, the offices, and which office serves whom.

    Args:
        districts: ``district, lat, lon`` in degrees.
        need: accounts in need by district.
        chosen: districts with an office, at least one.
        hall: latitude and longitude of city hall.
        city: for the title.

    Returns:
        Bubbles by accounts in need, squares for offices, a line from each district to its office, a cross for city
        hall. Distances look right: a degree east is drawn shorter than a degree north.
    """
    places = districts.set_index("district")
    offices = [name for name in places.index if name in set(chosen)]
    serves = catchments(distance_table(districts, districts), offices)
    figure, axes = new_figure(height=4.8)
    for name, office in serves.items():
        axes.plot(
            places.loc[[name, office], "lon"],
            places.loc[[name, office], "lat"],
            color=COLORS["muted"],
            lw=1.2,
            zorder=1,
        )
    amounts = need.reindex(places.index).to_numpy(float)
    sizes = _LARGEST * amounts / max(amounts.max(), 1.0)
    axes.scatter(
        places["lon"], places["lat"], s=np.maximum(sizes, 12), color=COLORS["second"], alpha=0.55, zorder=2
    )
    at = places.loc[offices]
    axes.scatter(at["lon"], at["lat"], s=70, marker="s", color=COLORS["accent"], zorder=4)
    axes.scatter([hall[1]], [hall[0]], s=90, marker="+", color=COLORS["ink"], zorder=5, linewidths=2)
    for name, place in places.iterrows():
        axes.annotate(
            f"{name} {need.get(name, 0):.0f}",
            (place["lon"], place["lat"]),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=10,
            fontweight="bold" if name in offices else "normal",
            zorder=6,
        )
    axes.set_aspect(1 / np.cos(np.radians(places["lat"].mean())))
    axes.margins(0.16)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.set_title(
        ngettext(
            "{city}: one office, in {offices}",
            "{city}: offices where the need is: {offices}",
            len(offices),
        ).format(city=city, offices=", ".join(offices))
    )
    axes.set_xlabel(
        _("Bubbles: accounts in need. Squares: offices. Cross: city hall. Lines: who serves whom.")
    )
    listed = ", ".join(f"{name} {office}" for name, office in serves.items())
    alt = _("A map of {city}. Each district with the office that serves it: {listed}.").format(
        city=city, listed=listed
    )
    return finish(figure, _(SOURCE), alt)


def cost_bars(choices: Mapping[str, tuple[float, float]], city: str) -> Figure:
    """What some ways to place offices cost a month: rent and driving, one bar each.

    Args:
        choices: (rent, driving) in CNY a month by label.
        city: for the title.
    """
    figure, axes = new_figure(height=1.6 + 0.45 * len(choices))
    labels = list(choices)[::-1]
    rent = np.array([choices[label][0] for label in labels]) / 1000
    driving = np.array([choices[label][1] for label in labels]) / 1000
    axes.barh(labels, rent, color=COLORS["muted"], label=_("Rent"))
    axes.barh(
        labels, driving, left=rent, color=COLORS["main"], hatch="//", edgecolor="white", label=_("Driving")
    )
    for row, total in enumerate(rent + driving):
        axes.text(total, row, f" {total:.1f}", va="center", fontsize=11)
    axes.margins(x=0.14)
    axes.set_xlabel(_("CNY 1,000 a month"))
    axes.legend(loc="lower right")
    cheapest = labels[int(np.argmin(rent + driving))]
    axes.set_title(_("{way} costs least in {city}").format(way=cheapest, city=city))
    alt = _("Bars of rent and driving, CNY 1,000 a month: {listed}.").format(
        listed=", ".join(
            f"{label} {r:.1f} + {d:.1f}"
            for label, r, d in zip(labels[::-1], rent[::-1], driving[::-1], strict=True)
        )
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


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook: the map with the trainee's offices.

    Args:
        answers: by question; of ``offices``, what the trainee chose.

    Raises:
        KeyError: no offices are chosen yet.
    """
    area = area_of(case)
    chosen = [one for one in entries_of(answers["offices"], "district") if one in area.km.columns]
    city = case.cities.set_index("adcode").loc[case.adcode]
    return office_map(case.city_districts, area.need, chosen, (city["lat"], city["lon"]), case.city)
