"""Panel of chapter 3: two floors and three weights, the map of sections, and the ranking with its reasons."""

from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.chapters.entry_industries.figures import SectionMap
from playbook.chapters.panels import COMMON, ControlPanel, status_html
from playbook.chapters.tables import panel_table
from playbook.market.entry import (
    LEAST_DECIDED,
    entry_indicators,
    entry_industry_scores,
    score_sensitivity,
    section_overview,
)
from playbook.market.industry import LEAST_TO_ENTER, SPECIALISED, specialised_sections
from playbook.words import N_, _, ngettext

CRITERIA = {"size": N_("size"), "lq": N_("location quotient"), "win_rate": N_("win rate")}


@dataclass(frozen=True)
class State:
    """Where the controls stand.

    Args:
        threshold: the least location quotient of a specialised section.
        least_share: the least share of the city's workers, in percent.
        size, lq, win_rate: weights, 0 to 10; only their proportions count.
        fair: compare win rates like for like (same mix of grades) instead of as they stand.
    """

    threshold: float = SPECIALISED
    least_share: float = 100 * LEAST_TO_ENTER
    size: int = 4
    lq: int = 3
    win_rate: int = 3
    fair: bool = True


@dataclass(frozen=True)
class View:
    """What the panel says: sentences, the ranking, and the rows of the map."""

    words: tuple[str, ...]
    ranking: pd.DataFrame
    map: pd.DataFrame


def view(overview: pd.DataFrame, city: str, state: State) -> View:
    """What a setting means, in words and tables. Pure: no widget, no kernel.

    Args:
        overview: what :func:`playbook.market.section_overview` returns.
        city: the city's name.
        state: the setting.

    Returns:
        The view. ``ranking`` has one row per section compared, best first: ``section``, ``name``, ``score``,
        ``first`` (a fraction) and ``reasons``; it is empty while all weights are zero.
    """
    share = state.least_share / 100
    names = overview.set_index("section")["name"]
    special = specialised_sections(overview, state.threshold, share)
    floors = _("a quotient of {threshold:.2f} and {least_share:g} % of the workers").format(
        threshold=state.threshold, least_share=state.least_share
    )
    if len(special):
        listed = ", ".join(f"{row.name} ({row.lq:.2f})" for row in _named(special))
        reach = ngettext(
            "In {city} {count} of {all} sections reaches {floors}: {listed}.",
            "In {city} {count} of {all} sections reach {floors}: {listed}.",
            len(special),
        )
        words = [reach.format(city=city, count=len(special), all=len(overview), floors=floors, listed=listed)]
    else:
        words = [
            _("In {city} no section reaches {floors}. Lower a floor, or enter on size and win rate.").format(
                city=city, floors=floors
            )
        ]
    rows = _mapped(overview, state.fair)
    weights = {name: getattr(state, name) for name in CRITERIA}
    if not any(weights.values()):
        return View(
            (*words, _("Give at least one criterion a weight to see a ranking.")), pd.DataFrame(), rows
        )
    indicators = entry_indicators(
        overview[["section", "city_workers", "city_share", "lq"]],
        rows[["section", "decided", "win_rate"]],
        rate="win_rate",
    )
    scores = entry_industry_scores(indicators, weights)
    first = score_sensitivity(indicators, weights)["first"]
    ranking = scores.join(first).reset_index().assign(name=lambda table: table["section"].map(names))
    words += _leader(ranking)
    return View(tuple(words), ranking[["section", "name", "score", "first", "reasons"]], rows)


def _mapped(overview: pd.DataFrame, fair: bool) -> pd.DataFrame:
    """The sections with enough decided deals; like-for-like rates come without a range."""
    rows = overview[overview["decided"] >= LEAST_DECIDED]
    if not fair:
        return rows
    rate = rows["like_for_like"]
    return rows.assign(win_rate=rate, low=rate, high=rate).dropna(subset=["win_rate"])


def _leader(ranking: pd.DataFrame) -> list[str]:
    best = ranking.iloc[0]
    signs = best["reasons"].split()
    for_it = [_(CRITERIA[sign[1:]]) for sign in signs if sign[0] == "+"]
    against = [_(CRITERIA[sign[1:]]) for sign in signs if sign[0] == "-"]
    words = _("{name} ranks first with {score:.2f} of 1").format(name=best["name"], score=best["score"])
    if for_it:
        words += _("; for it: {criteria}").format(criteria=", ".join(for_it))
    if against:
        words += _("; against it: {criteria}").format(criteria=", ".join(against))
    if len(ranking) > 1:
        words += _(". Next: {name} with {score:.2f}").format(
            name=ranking.iloc[1]["name"], score=ranking.iloc[1]["score"]
        )
    return [
        f"{words}.",
        _("With weights drawn at random it would be first in {percent:.0f} % of the draws.").format(
            percent=100 * best["first"]
        ),
    ]


def _named(table: pd.DataFrame):
    return table[["name", "lq"]].itertuples(index=False)


class EntryIndustriesPanel(ControlPanel):
    """Two floors, a choice of rate, three weights; words, map and ranking. Only ties `view` to controls."""

    def __init__(self, case: Any):
        self._drawn = SectionMap(case.city)
        self._case = case
        self._overview = section_overview(case.workers, case.sections, case.accounts, case.opportunities)
        start = State()
        controls = {
            "threshold": widgets.FloatSlider(
                start.threshold,
                min=0.5,
                max=3.0,
                step=0.05,
                description=_("Least location quotient (1 = as in China)"),
                **COMMON,
            ),
            "least_share": widgets.FloatSlider(
                start.least_share,
                min=0.0,
                max=20.0,
                step=0.5,
                readout_format=".1f",
                description=_("Least share of the city's workers (%)"),
                **COMMON,
            ),
            "fair": widgets.Checkbox(
                start.fair,
                description=_("Compare win rates like for like (same mix of grades)"),
                indent=False,
                layout=COMMON["layout"],
            ),
        } | {
            name: widgets.IntSlider(
                getattr(start, name),
                min=0,
                max=10,
                description=_("Weight of {label} (0–10)").format(label=_(label)),
                **COMMON,
            )
            for name, label in CRITERIA.items()
        }
        super().__init__(controls)

    @property
    def state(self) -> State:
        """Where the controls stand."""
        return State(**self.values)

    def _show(self, change: Any = None) -> None:
        state = self.state
        seen = view(self._overview, self._case.city, state)
        self.words.value = status_html(seen.words)
        first = list(seen.ranking["section"][:1]) if len(seen.ranking) else []
        self.picture.value = self._drawn.img(
            seen.map,
            state.threshold,
            state.least_share / 100,
            key=(state.threshold, state.least_share, state.fair, *first),
            highlight=first,
            rate_label=_("Win rate like for like") if state.fair else _("Win rate, with 95 % range"),
        )
        self.table.value = _ranking_html(seen.ranking)


def _ranking_html(ranking: pd.DataFrame) -> str:
    return panel_table(
        _("Sections by score; ‘first in’ is the share of random weights under which a section leads"),
        (_("Rank"), _("Section"), _("Score"), _("First in"), _("Reasons")),
        [
            (str(place), row.name, f"{row.score:.2f}", f"{100 * row.first:.0f} %", row.reasons or "–")
            for place, row in enumerate(ranking.itertuples(index=False), start=1)
        ],
    )


def panel(case: Any) -> EntryIndustriesPanel:
    """The panel for a case.

    Args:
        case: a case with ``city``, ``workers``, ``sections``, ``accounts`` and ``opportunities``.

    Returns:
        A widget.
    """
    return EntryIndustriesPanel(case)
