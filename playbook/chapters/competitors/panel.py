"""Panel of chapter 6: one rival or all, our sellers by district, and what the next seller adds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.chapters.competitors.field import field_of, overall_rate, rival_rates
from playbook.chapters.competitors.figures import GainsPicture
from playbook.chapters.panels import status_html
from playbook.chapters.tables import panel_table
from playbook.market.rivals import attraction_share, next_seller
from playbook.words import _

#: Sellers of ours that a slider can put into one district.
MOST_SELLERS = 12


@dataclass(frozen=True)
class State:
    """Where the controls stand.

    Args:
        rival: the one whose sellers count; empty for all.
        own: our sellers by district; a district that is left out keeps those it has.
    """

    rival: str = ""
    own: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """What the panel says.

    Attributes:
        words: sentences.
        gains: ``district``, ``need``, ``own``, ``rivals``, ``share``, ``wins``, ``adds``; the most added first.
    """

    words: tuple[str, ...]
    gains: pd.DataFrame


def view(
    table: pd.DataFrame, by_rival: pd.DataFrame, rates: Mapping[str, float], city: str, state: State
) -> View:
    """What a setting means, in words and a table. Pure: no widget, no kernel.

    Args:
        table: ``district``, ``need``, ``own``, ``rivals``, one row per district.
        by_rival: sellers by district (index) and rival (columns).
        rates: our win rate against each rival; under an empty name the rate over all.
        city: the city's name.
        state: the setting.
    """
    own = table["district"].map(dict(state.own)).fillna(table["own"]).astype(int)
    theirs = by_rival[state.rival].loc[table["district"]].to_numpy() if state.rival else table["rivals"]
    rows = table.assign(own=own, rivals=theirs)
    rate = rates[state.rival]
    rows["share"] = attraction_share(rows["own"], rows["rivals"])
    gains = next_seller(rows, rate).merge(rows[["district", "need", "own", "rivals", "share"]], on="district")
    best = gains.iloc[0]
    against = _("all rivals") if not state.rival else state.rival
    words = (
        _(
            "Against {against}, {sellers} sellers of ours win {wins:.1f} firms in {city}: "
            "{rate:.0%} of those that listen to us."
        ).format(against=against, sellers=int(own.sum()), wins=gains["wins"].sum(), city=city, rate=rate),
        _("One more adds most in {district}: {adds:.1f} wins.").format(
            district=best["district"], adds=best["adds"]
        ),
        _nothing(gains),
    )
    return View(tuple(filter(None, words)), gains)


def _nothing(gains: pd.DataFrame) -> str:
    full = gains.loc[(gains["adds"] < 0.05) & (gains["own"] > 0), "district"]
    if not len(full):
        return ""
    return _("It adds next to nothing in {districts}: nobody else is there, or hardly a firm.").format(
        districts=", ".join(full)
    )


class CompetitorsPanel(widgets.VBox):
    """A rival and a slider for each district; words, bars and a table. Only ties `view` to controls."""

    def __init__(self, case: Any):
        self._city = case.city
        self._table = field_of(case)
        self._drawn = GainsPicture(len(self._table), case.city)
        names = case.city_districts.set_index("district_adcode")["district"]
        sellers = case.rivals.assign(district=case.rivals["district_adcode"].map(names))
        self._by_rival = sellers.pivot(index="district", columns="seller_of", values="sellers")
        self._rates = {
            "": overall_rate(case.win_loss),
            **rival_rates(case.win_loss).set_index("rival")["win_rate"],
        }
        style = {"description_width": "initial"}
        layout = {"width": "100%", "max_width": "640px"}
        options = [(_("All rivals"), ""), *((rival, rival) for rival in sorted(self._rates) if rival)]
        self.rival = widgets.Dropdown(
            options=options, value="", description=_("Rival"), style=style, layout=layout
        )
        self.own = {
            row.district: widgets.IntSlider(
                row.own,
                min=0,
                max=max(MOST_SELLERS, row.own),
                description=row.district,
                tooltip=_("Our sellers in {district}").format(district=row.district),
                continuous_update=False,
                style={"description_width": "90px"},
                layout={"width": "auto", "flex": "1 1 280px", "max_width": "340px", "margin": "0 8px 0 0"},
            )
            for row in self._table.itertuples()
        }
        self.words, self.picture, self.table = widgets.HTML(), widgets.HTML(), widgets.HTML()
        heading = widgets.HTML('<p style="margin:.4em 0 0">' + _("Our sellers in each district") + "</p>")
        sliders = widgets.HBox(
            list(self.own.values()), layout={"flex_flow": "row wrap", "max_width": "720px"}
        )
        super().__init__([self.rival, heading, sliders, self.words, self.picture, self.table])
        for control in (self.rival, *self.own.values()):
            control.observe(self._show, names="value")
        self._show()

    @property
    def controls(self) -> dict[str, widgets.Widget]:
        """The controls by name: the rival, and each district."""
        return {"rival": self.rival, **self.own}

    @property
    def state(self) -> State:
        """Where the controls stand."""
        return State(self.rival.value, {name: slider.value for name, slider in self.own.items()})

    def _show(self, change: Any = None) -> None:
        seen = view(self._table, self._by_rival, self._rates, self._city, self.state)
        self.words.value = status_html(seen.words)
        self.picture.value = self._drawn.img(seen.gains)
        self.table.value = _table_html(seen.gains)


def _table_html(gains: pd.DataFrame) -> str:
    return panel_table(
        _("Districts by what one more seller adds; share: our sellers over all sellers"),
        (_("District"), _("In need"), _("Ours"), _("Theirs"), _("Share"), _("Wins"), _("Adds")),
        [
            (
                row.district,
                str(row.need),
                str(row.own),
                str(row.rivals),
                f"{row.share:.0%}",
                f"{row.wins:.1f}",
                f"{row.adds:.1f}",
            )
            for row in gains.itertuples(index=False)
        ],
    )


def panel(case: Any) -> CompetitorsPanel:
    """The panel for a case with ``accounts``, ``rivals``, ``win_loss`` and ``city_districts``."""
    return CompetitorsPanel(case)
