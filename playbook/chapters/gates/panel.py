"""Panel of chapter 12: three limits in; six cities under scale, hold and stop out."""

from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.chapters.gates.figures import GatesPicture
from playbook.chapters.gates.problem import (
    HOLD,
    LIMITS,
    SCALE,
    STOP,
    VERDICTS,
    GateProblem,
    Limits,
    averaged,
    gate_problem,
    off,
    said,
    verdict,
)
from playbook.chapters.panels import COMMON, ControlPanel, status_html
from playbook.chapters.tables import panel_table
from playbook.words import N_, _

HEADS = {
    SCALE: N_("Scale: more people and money"),
    HOLD: N_("Hold: keep what is there"),
    STOP: N_("Stop: nothing new until it is mended"),
}


@dataclass(frozen=True)
class State:
    """Where the controls stand.

    Args:
        payback: months up to which payback is green. cover, density: from where they are green.
        average: let a strong number make up for a weak one.
    """

    payback: float = LIMITS.payback[0]
    cover: float = LIMITS.cover[0]
    density: float = LIMITS.density[0]
    average: bool = False

    @property
    def limits(self) -> Limits:
        """The limits; amber stays as wide as in the course's own gates."""
        wide = {
            name: getattr(LIMITS, name)[1] - getattr(LIMITS, name)[0]
            for name in ("payback", "cover", "density")
        }
        return Limits(
            payback=(self.payback, self.payback + wide["payback"]),
            cover=(self.cover, max(self.cover + wide["cover"], 0)),
            density=(self.density, max(self.density + wide["density"], 0)),
        )


@dataclass(frozen=True)
class View:
    """What the panel says: sentences, and the verdict by city."""

    words: tuple[str, ...]
    verdicts: pd.Series


def view(problem: GateProblem, state: State) -> View:
    """What a setting means. Pure: no widget, no kernel."""
    strict = problem.verdicts(verdict, state.limits)
    verdicts = problem.verdicts(averaged, state.limits) if state.average else strict
    own = next(row for row in problem.numbers.itertuples() if row.Index == problem.city)
    words = [
        {
            SCALE: _("{city}: scale."),
            HOLD: _("{city}: hold."),
            STOP: _("{city}: stop."),
        }[verdicts[problem.city]].format(city=problem.city)
    ]
    failed = off(own, state.limits)
    if failed and verdicts[problem.city] != SCALE:
        words.append(_("Not green: {names}.").format(names=", ".join(said(name) for name in failed)))
    if state.average:
        through = [city for city in verdicts.index if verdicts[city] == SCALE and strict[city] != SCALE]
        for city in through:
            row = next(row for row in problem.numbers.itertuples() if row.Index == city)
            words.append(
                _("{city} comes through on its average, although it fails: {names}.").format(
                    city=city, names=", ".join(said(name) for name in off(row, state.limits))
                )
            )
        if not through:
            words.append(_("With these limits the average lets nobody through who fails a gate."))
    elif not (strict == SCALE).any():
        words.append(_("No city passes all three gates with these limits."))
    return View(tuple(words), verdicts)


class GatesPanel(ControlPanel):
    """Three limits and one way to judge; words, table and picture. Only ties `view` to controls."""

    def __init__(self, case: Any):
        self.problem = gate_problem(case)
        self.drawing = GatesPicture(self.problem.numbers)
        start = State()
        controls = {
            "payback": widgets.IntSlider(
                int(start.payback), min=6, max=36, description=_("Payback at most, months"), **COMMON
            ),
            "cover": widgets.FloatSlider(
                start.cover,
                min=1,
                max=6,
                step=0.5,
                readout_format=".1f",
                description=_("Pipeline cover at least"),
                **COMMON,
            ),
            "density": widgets.FloatSlider(
                start.density,
                min=0.3,
                max=1.2,
                step=0.05,
                readout_format=".2f",
                description=_("Management density at least"),
                **COMMON,
            ),
            "average": widgets.Checkbox(
                start.average,
                description=_("Take the average: a strong number makes up for a weak one"),
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
        state = self.state
        seen = view(self.problem, state)
        self.words.value = status_html(seen.words)
        self.table.value = _verdicts_html(seen.verdicts)
        self.picture.value = self.drawing.img(seen.verdicts, state.limits)


def _verdicts_html(verdicts: pd.Series) -> str:
    """What is to be done, with the cities for which it is."""
    rows = [(_(HEADS[one]), ", ".join(verdicts.index[verdicts == one]) or _("none")) for one in VERDICTS]
    return panel_table(_("Six cities after their first year"), (_("What is done"), _("Cities")), rows)


def panel(case: Any) -> GatesPanel:
    """The panel for a case.

    Args:
        case: a case with its quarters, cohorts and assumptions.

    Returns:
        A widget.
    """
    return GatesPanel(case)
