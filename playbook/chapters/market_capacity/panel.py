"""Panel of chapter 2: what year one rests on, and which of two limits holds."""

from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from playbook.chapters.market_capacity.figures import PromisePicture
from playbook.chapters.market_capacity.problem import Capacity, capacity_of
from playbook.chapters.panels import COMMON, ControlPanel, status_html
from playbook.market.capacity import MarketSize, firms_from_workers
from playbook.words import _


@dataclass(frozen=True)
class State:
    """Where the controls stand.

    Args:
        people: people in a firm, persons.
        need, share: in percent.
        value: of a contract, CNY a year.
        sellers: ready ones, persons.
    """

    people: float
    need: float
    value: float
    share: float
    sellers: int


@dataclass(frozen=True)
class View:
    """What the panel says: sentences, and the market's size that its picture shows."""

    words: tuple[str, ...]
    size: MarketSize


def view(capacity: Capacity, workers_thousand: float, state: State) -> View:
    """What a setting means. Pure: no widget, no kernel.

    Args:
        capacity: what the case says.
        workers_thousand: who works in the city in the sections that the company sells to.
    """
    size = capacity.size(
        need=state.need / 100,
        value_cny=state.value,
        hoped_share=state.share / 100,
        ready_sellers=state.sellers,
    )
    contracts = capacity.assumed["usual"]["contracts_year"]
    enough = size.wanted / (contracts * state.value) if contracts * state.value else 0.0
    limit = (
        _(
            "The team is the limit: the market would give {more:.2f} million more, for {enough:.0f} sellers."
        ).format(more=(size.wanted - size.capacity) / 1e6, enough=-(-enough // 1))
        if size.capped_by == "team"
        else _("The market is the limit: one more seller adds nothing from {enough:.0f} on.").format(
            enough=-(-enough // 1)
        )
    )
    above = workers_thousand * 1000 / state.people
    return View(
        (
            _(
                "You may promise {som:.2f} million yuan in year one, of {tam:.1f} million that all would pay."
            ).format(som=size.som / 1e6, tam=size.tam / 1e6),
            limit,
            _(
                "Counted from the lists there are {below:,.0f} firms; from workers, {people:g} to a firm, {above:,.0f}: "
                "{times:.1f} times as many, most of them too small to stand on any list."
            ).format(below=capacity.firms, people=state.people, above=above, times=above / capacity.firms)
            if above > capacity.firms
            else _("Counted from the lists there are {below:,.0f} firms; from workers, {above:,.0f}.").format(
                below=capacity.firms, above=above
            ),
        ),
        size,
    )


class MarketCapacityPanel(ControlPanel):
    """Five sliders, words and bars. Only ties `view` to controls."""

    def __init__(self, case: Any):
        self._drawn = PromisePicture(case.city)
        self._capacity = capacity_of(case)
        sections = case.unit_sizes.merge(case.workers, on="section")
        self._workers = float(sections["city_workers"].sum())
        from_above = firms_from_workers(sections["city_workers"], sections["people_per_unit"]).sum()
        usual = self._capacity.assumed["usual"]
        controls = {
            "sellers": widgets.IntSlider(
                int(usual["ready_sellers"]), min=0, max=30, description=_("Ready sellers"), **COMMON
            ),
            "share": widgets.FloatSlider(
                100 * usual["hoped_share"],
                min=1,
                max=50,
                step=1,
                readout_format=".0f",
                description=_("Share hoped for (%)"),
                **COMMON,
            ),
            "need": widgets.FloatSlider(
                round(100 * self._capacity.need, 1),
                min=1,
                max=40,
                step=0.1,
                readout_format=".1f",
                description=_("Firms in need (%)"),
                **COMMON,
            ),
            "value": widgets.FloatSlider(
                usual["value_cny"],
                min=5000,
                max=40000,
                step=100,
                readout_format=",.0f",
                description=_("Contract value (CNY a year)"),
                **COMMON,
            ),
            "people": widgets.FloatSlider(
                round(self._workers * 1000 / from_above),
                min=2,
                max=100,
                step=1,
                readout_format=".0f",
                description=_("People in a firm, on average"),
                **COMMON,
            ),
        }
        super().__init__(controls, ("words", "picture"))

    @property
    def state(self) -> State:
        """Where the controls stand."""
        return State(**self.values)

    def _show(self, change: Any = None) -> None:
        seen = view(self._capacity, self._workers, self.state)
        self.words.value = status_html(seen.words)
        self.picture.value = self._drawn.img(seen.size)


def panel(case: Any) -> MarketCapacityPanel:
    """The panel for a case with ``lead_lists``, ``unit_sizes`` and ``assumptions``."""
    return MarketCapacityPanel(case)
