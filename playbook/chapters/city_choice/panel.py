"""Panel of chapter 8: weights, promotions and veterans in; ranking and a calendar of openings out."""

from dataclasses import dataclass, replace
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.cases.planning import CRITERIA
from playbook.chapters.city_choice.figures import BenchPicture
from playbook.chapters.city_choice.judge import NAMES
from playbook.chapters.city_choice.problem import LaunchProblem, launch_problem
from playbook.chapters.city_choice.reading import scarce_role
from playbook.chapters.panels import COMMON, ControlPanel, status_html
from playbook.chapters.tables import panel_table
from playbook.market.bench import Sequence, best_sequence, sequence_in_turn
from playbook.words import N_, _

#: The roles as headings of narrow columns, with the places where a long word may break.
BROKEN = {
    "leaders": N_("Man\u00adagers"),
    "supervisors": N_("Super\u00advisors"),
    "veterans": N_("Vet\u00aderans"),
}
LABELS = {
    "market": N_("market"),
    "pressure": N_("little pressure from rivals"),
    "cost": N_("low cost"),
    "distance": N_("short distance"),
}


@dataclass(frozen=True)
class State:
    """Where the controls stand.

    Args:
        market, pressure, cost, distance: weights, 0 to 10; only their proportions count.
        promoted: managers more in each quarter than the bench gives.
        supervisors: supervisors more in every quarter. veterans: veterans more in every quarter.
        down: go down the ranking instead of trying every calendar.
    """

    market: int = 4
    pressure: int = 2
    cost: int = 2
    distance: int = 2
    promoted: int = 0
    supervisors: int = 0
    veterans: int = 0
    down: bool = False


@dataclass(frozen=True)
class View:
    """What the panel says: sentences, the table of cities, the calendar, the people, and who is scarce."""

    words: tuple[str, ...]
    table: pd.DataFrame
    calendar: Sequence
    people: pd.DataFrame
    scarce: str


def view(problem: LaunchProblem, state: State) -> View:
    """What a setting means. Pure: no widget, no kernel.

    Args:
        problem: the choice of a case.
        state: the setting.

    Returns:
        The view. ``table`` has one row per city in the order of the score, or of the list if all weights are zero:
        ``city``, ``score``, ``quarter`` (0 for later), and people it takes.
    """
    people = problem.people.assign(
        leaders=problem.people["leaders"] + [state.promoted * number for number in problem.people.index],
        supervisors=problem.people["supervisors"] + state.supervisors,
        veterans=problem.people["veterans"] + state.veterans,
    )
    changed = replace(problem, people=people)
    weights = {name: getattr(state, name) for name in CRITERIA}
    if any(weights.values()):
        scores = problem.scores(weights)["score"]
    else:
        scores = pd.Series(float("nan"), index=problem.indicators.index)
    best = best_sequence(problem.cities, people)
    calendar = sequence_in_turn(list(scores.index), problem.cities, people) if state.down else best
    scarce = scarce_role(changed)
    table = problem.cities.set_index("city").loc[scores.index]
    table = table.assign(score=scores, quarter=calendar.quarter)[
        ["score", "quarter", "leaders", "supervisors", "veterans"]
    ].reset_index()
    waits = [row.city for row in table.itertuples() if row.quarter == 0]
    words = [
        _("{city} ranks first by your weights.").format(city=table["city"][0])
        if any(weights.values())
        else _("Give at least one criterion a weight to see a ranking."),
        _("The calendar brings CNY {value:.1f} million by month 24.").format(value=calendar.value / 100),
    ]
    if state.down and calendar.value < best.value:
        words.append(
            _("Going down the ranking gives up CNY {less:.1f} million against the best calendar.").format(
                less=(best.value - calendar.value) / 100
            )
        )
    if waits:
        words.append(_("Later: {cities}.").format(cities=", ".join(waits)))
    words.append(
        _("One more of the {role} would bring most: they set the pace.").format(role=_(NAMES[scarce]))
        if scarce
        else _("No role is short: one more person would bring nothing.")
    )
    return View(tuple(words), table, calendar, people, scarce)


class CityChoicePanel(ControlPanel):
    """Four weights, three roles, one way to choose; words, calendar and picture. Only ties `view` to controls."""

    def __init__(self, case: Any):
        self.problem = launch_problem(case)
        self._drawn = BenchPicture(self.problem.cities, list(self.problem.people.index), case.city)
        start = State()
        controls = {
            name: widgets.IntSlider(
                getattr(start, name),
                min=0,
                max=10,
                description=_("Weight of {label} (0–10)").format(label=_(label)),
                **COMMON,
            )
            for name, label in LABELS.items()
        } | {
            "promoted": widgets.IntSlider(
                start.promoted, min=0, max=2, description=_("More promotions to manager a quarter"), **COMMON
            ),
            "supervisors": widgets.IntSlider(
                start.supervisors, min=0, max=6, description=_("More supervisors from today"), **COMMON
            ),
            "veterans": widgets.IntSlider(
                start.veterans, min=0, max=6, description=_("More veterans from today"), **COMMON
            ),
            "down": widgets.Checkbox(
                start.down,
                description=_("Go down the ranking, each city as soon as it can be staffed"),
                indent=False,
                layout=COMMON["layout"],
            ),
        }
        super().__init__(controls, ("words", "table", "picture"))

    @property
    def state(self) -> State:
        """Where the controls stand."""
        return State(**self.values)

    def _show(self, change: Any = None) -> None:
        seen = view(self.problem, self.state)
        self.words.value = status_html(seen.words)
        self.table.value = _calendar_html(seen.table, seen.scarce)
        key = (*seen.people.to_numpy().flat, *seen.calendar.quarter, seen.scarce)
        self.picture.value = self._drawn.img(seen.people, seen.calendar, seen.scarce, key=key)


def _calendar_html(table: pd.DataFrame, scarce: str) -> str:
    """The cities with their quarters; the scarce role in bold, with a star."""
    roles = [_(BROKEN[role]) + ("*" if role == scarce else "") for role in NAMES]
    rows = [
        (
            row.city,
            "–" if pd.isna(row.score) else f"{row.score:.2f}",
            str(row.quarter) if row.quarter else _("later"),
            f"{row.leaders}",
            f"{row.supervisors}",
            f"{row.veterans}",
        )
        for row in table.itertuples(index=False)
    ]
    titles = (_("City"), _("Score"), _("Quarter"), *roles)
    loud = [3 + place for place, role in enumerate(NAMES) if role == scarce]
    return panel_table(_("Cities by score, with the people each takes; * sets the pace"), titles, rows, loud)


def panel(case: Any) -> CityChoicePanel:
    """The panel for a case.

    Args:
        case: a case with its launch options, judgements, bench, moves and assumptions.

    Returns:
        A widget.
    """
    return CityChoicePanel(case)
