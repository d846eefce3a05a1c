"""Panel of chapter 13: one run of a plan, replayed month by month."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import ipywidgets as widgets

from playbook.chapters.defence.replay import LUCK, LUCK_WORDS, Replay, pick_run, words_html
from playbook.chapters.defence.trial import RUNS
from playbook.simulator import Plan, film_run, known_plans, make_city, make_draws, plan_from, simulate
from playbook.simulator.outcome import Outcome
from playbook.simulator.parameters import MONTHS
from playbook.words import N_, _

#: How long a month stands while the replay goes on, thousandths of a second.
PACE_MS = 800
#: What the trainee's own plan is called beside the known ones.
OWN = "own"
PLAN_WORDS = {
    OWN: N_("your plan"),
    "naive": N_("naive: nothing is aimed"),
    "f": N_("company F: many sellers, long days"),
    "book": N_("by the book"),
}


class Theatre:
    """The replays of a case's plans; each is worked out when it is asked for, and kept.

    Args:
        case: with its accounts, districts and rivals.
        plan: the trainee's own, if there is one.
    """

    def __init__(self, case: Any, plan: Plan | Mapping[str, Any] | None = None):
        self._places = case.city_districts
        self._city = make_city(case)
        own = {} if plan is None else {OWN: plan if isinstance(plan, Plan) else plan_from(plan, "plan")}
        self.plans: dict[str, Plan] = own | known_plans(self._city)
        self._outcomes: dict[str, Outcome] = {}
        self._replays: dict[tuple[str, str], Replay] = {}

    @cached_property
    def _draws(self) -> Any:
        return make_draws(self._city, RUNS)

    def replay(self, name: str, luck: str) -> Replay:
        """A plan's run, one of 40: ``typical``, ``lucky`` or ``unlucky``."""
        if (name, luck) not in self._replays:
            plan = self.plans[name]
            if name not in self._outcomes:
                self._outcomes[name] = simulate(self._city, plan, self._draws)
            run = pick_run(self._outcomes[name], luck)
            self._replays[name, luck] = Replay(film_run(self._city, plan, self._draws, run), self._places)
        return self._replays[name, luck]


class DefencePanel(widgets.VBox):
    """Two lists choose the plan and the run; play, two buttons and a slider the month. Only ties the replay to controls."""

    def __init__(self, case: Any, plan: Plan | Mapping[str, Any] | None = None):
        self._theatre = Theatre(case, plan)
        wide = {"width": "100%", "max_width": "480px"}
        style = {"description_width": "4.5em"}
        names = list(self._theatre.plans)
        first = OWN if OWN in names else "book"
        self.controls = {
            "plan": widgets.Dropdown(
                options=[(_(PLAN_WORDS[name]), name) for name in names],
                value=first,
                description=_("Plan"),
                style=style,
                layout=wide,
            ),
            "luck": widgets.Dropdown(
                options=[(_(LUCK_WORDS[name]), name) for name in LUCK],
                value="typical",
                description=_("Run"),
                style=style,
                layout=wide,
            ),
            "month": widgets.IntSlider(
                1,
                min=1,
                max=MONTHS,
                description=_("Month"),
                style=style,
                layout={**wide, "flex": "1 1 260px"},
            ),
        }
        month = self.controls["month"]
        self.play = widgets.Play(value=1, min=1, max=MONTHS, interval=PACE_MS, show_repeat=False)
        # In the browser, so that a month is shown without a way there and back.
        self._tied = widgets.jslink((self.play, "value"), (month, "value"))
        self.back = widgets.Button(description="−1", tooltip=_("One month back"), layout={"width": "3.2em"})
        self.on = widgets.Button(description="+1", tooltip=_("One month on"), layout={"width": "3.2em"})
        self.back.on_click(lambda button: self._step(-1))
        self.on.on_click(lambda button: self._step(1))
        self.words, self.picture = widgets.HTML(), widgets.HTML(layout={"width": "100%"})
        keys = widgets.HTML(
            '<span style="display:block;font-size:.9em;line-height:1.4">'
            + _("Press play, or move the month: click the slider, then the arrow keys.")
            + "</span>"
        )
        steps = widgets.HBox([self.play, self.back, self.on, month], layout={"flex_flow": "row wrap"})
        super().__init__(
            [self.controls["plan"], self.controls["luck"], steps, keys, self.words, self.picture],
            layout={"width": "100%"},
        )
        for control in self.controls.values():
            control.observe(self._show, names="value")
        self._show()

    @property
    def replay(self) -> Replay:
        """What is shown."""
        return self._theatre.replay(self.controls["plan"].value, self.controls["luck"].value)

    def _step(self, by: int) -> None:
        month = self.controls["month"]
        month.value = min(max(month.value + by, month.min), month.max)

    def _show(self, change: Any = None) -> None:
        replay, month = self.replay, self.controls["month"].value
        frame = replay.frame(month)
        self.words.value = words_html(frame.words, replay.story() if month == MONTHS else "")
        self.picture.value = frame.html


def panel(case: Any, plan: Plan | Mapping[str, Any] | None = None) -> DefencePanel:
    """The panel for a case.

    Args:
        case: a case with its accounts, districts and rivals.
        plan: your own plan, as :func:`playbook.simulator.plan_from` reads it; it is then the first to choose.

    Returns:
        A widget.

    Raises:
        PlaybookError: a lever of the plan is unknown or out of bounds, or it names a district of another city.
    """
    return DefencePanel(case, plan)
