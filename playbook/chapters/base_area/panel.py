"""Panel of chapter 4: tick offices, move rent, speed and the length of a visit, and see what a month of it costs."""

import html
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.chapters.base_area.figures import OfficePicture
from playbook.chapters.base_area.problem import area_of, assumptions_of, hall_district
from playbook.chapters.panels import status_html
from playbook.chapters.tables import panel_table
from playbook.market.bases import (
    BaseArea,
    OfficeCosts,
    best_offices,
    catchments,
    offices_cost,
    visits_a_day,
)
from playbook.words import _, ngettext

#: A choice that costs so little more than the cheapest is as good as it.
_AS_GOOD = 1.0005


@dataclass(frozen=True)
class State:
    """Where the controls stand: districts with an office, CNY a month, km an hour, minutes of a visit."""

    chosen: tuple[str, ...]
    rent_cny: float
    speed_kmh: float
    service_min: float


@dataclass(frozen=True)
class View:
    """What the panel says.

    Attributes:
        words: rent, driving, the sum, and how far it is from the cheapest.
        offices: one row per office: ``office, serves, need, km, visits``; empty without an office.
    """

    words: tuple[str, ...]
    offices: pd.DataFrame


def view(area: BaseArea, usual: dict[str, float], state: State) -> View:
    """What a choice of offices costs a month, in words and by office. Pure: no widget, no kernel.

    Args:
        area: the city's choice, see :func:`playbook.market.bases.base_area`.
        usual: the case's assumptions, by name.
        state: the setting.
    """
    costs = OfficeCosts(
        rent_cny=state.rent_cny,
        sellers=usual["office_sellers"],
        days=usual["office_days"],
        detour=usual["detour"],
        speed_kmh=state.speed_kmh,
        hour_cny=usual["hour_cny"],
    )
    if not state.chosen:
        return View((_("Tick a district to rent an office there."),), pd.DataFrame())
    mine = offices_cost(area.need, area.km, state.chosen, costs)
    best = best_offices(area.need, area.km, costs)
    hours = mine.driving_cny / costs.hour_cny
    over = mine.cost_cny / best.cost_cny
    words = [
        ngettext(
            "{count} office: CNY {rent:,.0f} of rent and CNY {driving:,.0f} of driving ({hours:,.0f} hours) a month, "
            "CNY {sum:,.0f} in all.",
            "{count} offices: CNY {rent:,.0f} of rent and CNY {driving:,.0f} of driving ({hours:,.0f} hours) a month, "
            "CNY {sum:,.0f} in all.",
            len(mine.chosen),
        ).format(
            count=len(mine.chosen),
            rent=mine.rent_cny,
            driving=mine.driving_cny,
            hours=hours,
            sum=mine.cost_cny,
        )
    ]
    if over <= _AS_GOOD:
        words.append(_("No other choice costs less at these figures."))
    else:
        words.append(
            _("The cheapest choice costs CNY {best:,.0f}: yours is {more:.1%} dearer.").format(
                best=best.cost_cny, more=over - 1
            )
        )
    table = _by_office(area, usual, state, costs)
    mean = (table["visits"] * table["need"]).sum() / table["need"].sum()
    words.append(_("A seller makes {visits:.1f} visits a day on average.").format(visits=mean))
    return View(tuple(words), table)


def _by_office(area: BaseArea, usual: dict[str, float], state: State, costs: OfficeCosts) -> pd.DataFrame:
    serves = catchments(area.km, state.chosen)
    km = pd.Series({name: area.km.loc[name, office] for name, office in serves.items()})
    minutes = (km * costs.detour / costs.speed_kmh * 60).clip(upper=usual["day_min"] / 2)
    visits = visits_a_day(
        minutes, day_min=usual["day_min"], service_min=state.service_min, leg_min=usual["leg_min"]
    )
    rows = []
    for office in [name for name in area.km.columns if name in set(serves)]:
        here = serves.index[serves == office]
        need = area.need[here]
        share = need / need.sum() if need.sum() else pd.Series(1 / len(here), index=here)
        rows.append(
            {
                "office": office,
                "serves": ", ".join(here),
                "need": int(need.sum()),
                "km": float((km[here] * share).sum()),
                "visits": float((visits[here] * share).sum()),
            }
        )
    return pd.DataFrame(rows)


class BaseAreaPanel(widgets.VBox):
    """A tick for each district and three sliders; words, map and offices. Only ties `view` to controls.

    It opens with one office, in the district of city hall: the choice that most people bring along.
    """

    def __init__(self, case: Any):
        self._area, self._usual = area_of(case), assumptions_of(case)
        city = case.cities.set_index("adcode").loc[case.adcode]
        hall = (float(city["lat"]), float(city["lon"]))
        self._drawn = OfficePicture(case.city_districts, self._area.need, hall, case.city)
        usual = self._usual
        style = {"description_width": "initial"}
        wide = {"width": "100%", "max_width": "640px"}
        at_hall = hall_district(case)
        self.ticks = {
            name: widgets.Checkbox(
                name == at_hall, description=name, indent=False, layout={"width": "9.5em", "margin": "0"}
            )
            for name in self._area.km.columns
        }
        self.controls = {
            "rent_cny": widgets.IntSlider(
                int(usual["rent_cny"]),
                min=500,
                max=12_000,
                step=500,
                description=_("Rent of an office (CNY a month)"),
                continuous_update=False,
                style=style,
                layout=wide,
            ),
            "speed_kmh": widgets.IntSlider(
                int(usual["speed_kmh"]),
                min=20,
                max=80,
                step=5,
                description=_("Speed on the road (km an hour)"),
                continuous_update=False,
                style=style,
                layout=wide,
            ),
            "service_min": widgets.IntSlider(
                int(usual["service_min"]),
                min=15,
                max=120,
                step=5,
                description=_("One visit (minutes)"),
                continuous_update=False,
                style=style,
                layout=wide,
            ),
        }
        self.words, self.picture, self.table = widgets.HTML(), widgets.HTML(), widgets.HTML()
        asked = widgets.HTML("<strong>" + html.escape(_("An office in")) + "</strong>")
        ticks = widgets.HBox(list(self.ticks.values()), layout={"flex_flow": "row wrap"})
        super().__init__([asked, ticks, *self.controls.values(), self.words, self.picture, self.table])
        for control in (*self.ticks.values(), *self.controls.values()):
            control.observe(self._show, names="value")
        self._show()

    @property
    def state(self) -> State:
        """Where the controls stand."""
        chosen = tuple(name for name, tick in self.ticks.items() if tick.value)
        return State(chosen, **{name: float(control.value) for name, control in self.controls.items()})

    def _show(self, change: Any = None) -> None:
        state = self.state
        seen = view(self._area, self._usual, state)
        self.words.value = status_html(seen.words)
        self.table.value = _offices_html(seen.offices)
        if change is None or change["owner"] in self.ticks.values():  # the sliders do not move the map
            self.picture.value = self._drawn.img(state.chosen)


def _offices_html(offices: pd.DataFrame) -> str:
    return panel_table(
        _("Each office, whom it serves, and what a day there brings"),
        (_("Office"), _("Serves"), _("Accounts in need"), _("Mean way, km"), _("Visits a day")),
        [
            (row.office, row.serves, str(row.need), f"{row.km:.1f}", f"{row.visits:.1f}")
            for row in offices.itertuples(index=False)
        ],
    )


def panel(case: Any) -> BaseAreaPanel:
    """The panel for a case.

    Args:
        case: a case with its accounts, districts and assumptions.

    Returns:
        A widget.
    """
    return BaseAreaPanel(case)
