"""Panel of chapter 11: a budget and four shares in; wins, averages, next wins and the curves out."""

from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.chapters.panels import COMMON, ControlPanel, status_html
from playbook.chapters.phase.figures import CurvesPicture
from playbook.chapters.phase.problem import NAMES, MixProblem, mix_problem
from playbook.chapters.tables import panel_table
from playbook.market.channels import MODELS, MOST_WAYS, adbudg, best_mix, mix_wins, next_cost
from playbook.words import _

#: Least and most money of a quarter, and the step, CNY 10,000.
LEAST, MOST, STEP = 10, 100, 5
#: A mix that brings so large a part of the best is as good as it.
_AS_GOOD = 0.995


@dataclass(frozen=True)
class State:
    """Where the controls stand.

    Args:
        budget: money of the quarter, CNY 10,000.
        direct, salon, online, ecosystem: parts, 0 to 10; only their proportions count.
        best: the best mix of the budget instead of the parts.
    """

    budget: int
    direct: int = 6
    salon: int = 2
    online: int = 2
    ecosystem: int = 0
    best: bool = False


@dataclass(frozen=True)
class View:
    """What the panel says.

    Attributes:
        words: sentences.
        table: by way: ``money``, ``wins``, ``average``, ``next`` (CNY 10,000 a win).
    """

    words: tuple[str, ...]
    table: pd.DataFrame


def view(problem: MixProblem, state: State) -> View:
    """What a setting means. Pure: no widget, no kernel.

    Args:
        problem: the money of a case.
        state: the setting.
    """
    curves = problem.curves
    best = best_mix(curves, state.budget)
    parts = pd.Series({way: getattr(state, way) for way in curves.index}, dtype=float)
    shared = parts * state.budget / max(parts.sum(), 1)
    money = best.spend if state.best else shared
    wins = adbudg(money, curves["top"], curves["c"], curves["half_10k"])
    table = pd.DataFrame(
        {
            "money": money,
            "wins": wins,
            "average": (money / wins).where(money > 0),
            "next": next_cost(curves, money),
        }
    )
    total = mix_wins(money, curves)
    if not total:
        return View((_("Give at least one way a part of the money."),), table)
    words = [
        _("CNY {money:,.0f} brings {wins:.1f} wins, CNY {cost:,.0f} each.").format(
            money=state.budget * 10_000, wins=total, cost=state.budget * 10_000 / total
        )
    ]
    used = table[table["money"] > 1e-9]
    if len(used) > MOST_WAYS:
        words.append(_("These are {count} ways: a team runs three well.").format(count=len(used)))
    words.append(
        _("This is as good as any mix.")
        if total >= _AS_GOOD * best.wins
        else _("The best mix brings {wins:.1f}.").format(wins=best.wins)
    )
    dear, cheap = used["next"].idxmax(), used["next"].idxmin()
    if table.loc[dear, "next"] > 1.1 * table.loc[cheap, "next"]:
        words.append(
            _(
                "The next win costs CNY {dear:,.0f} in {one}, and CNY {cheap:,.0f} in {other}: move money."
            ).format(
                dear=table.loc[dear, "next"] * 10_000,
                one=_(NAMES[str(dear)]),
                cheap=table.loc[cheap, "next"] * 10_000,
                other=_(NAMES[str(cheap)]),
            )
        )
    else:
        words.append(_("The next win costs about the same in each way that is used."))
    return View(tuple(words), table)


class PhasePanel(ControlPanel):
    """A budget, four parts, one tick; words, table and curves. Only ties `view` to controls."""

    def __init__(self, case: Any):
        self.problem = mix_problem(case)
        start = State(int(min(max(round(self.problem.budget / STEP) * STEP, LEAST), MOST)))
        controls = {
            "budget": widgets.IntSlider(
                start.budget,
                min=LEAST,
                max=MOST,
                step=STEP,
                description=_("Money of the quarter (CNY 10,000)"),
                **COMMON,
            )
        }
        for way in self.problem.curves.index:
            controls[way] = widgets.IntSlider(
                getattr(start, way),
                min=0,
                max=10,
                description=_("Part for {way} ({year} model)").format(way=_(NAMES[way]), year=MODELS[way]),
                **COMMON,
            )
        controls["best"] = widgets.Checkbox(
            start.best,
            description=_("The best mix of this money instead"),
            indent=False,
            layout=COMMON["layout"],
        )
        self._curves = CurvesPicture(self.problem, case.city, MOST)
        super().__init__(controls, ("words", "table", "picture"))

    @property
    def state(self) -> State:
        """Where the controls stand."""
        return State(**self.values)

    def _show(self, change: Any = None) -> None:
        seen = view(self.problem, self.state)
        self.words.value = status_html(seen.words)
        self.table.value = _table_html(seen.table)
        self.picture.value = self._curves.img(seen.table["money"].to_dict())


def _table_html(table: pd.DataFrame) -> str:
    """The ways with their money, wins, average and next win."""
    return panel_table(
        _("Ways to sell: what a win has cost with this money, and what one more costs"),
        (_("Way to sell"), _("Money, CNY"), _("Wins"), _("A win so far, CNY"), _("Next win, CNY")),
        [
            (
                _(NAMES[str(row.Index)]),
                f"{row.money * 10_000:,.0f}",
                f"{row.wins:.1f}",
                "–" if pd.isna(row.average) else f"{row.average * 10_000:,.0f}",
                f"{row.next * 10_000:,.0f}" if row.next < 1000 else _("over 10 million"),
            )
            for row in table.itertuples()
        ],
    )


def panel(case: Any) -> PhasePanel:
    """The panel for a case with its curves, its channel months and its assumptions."""
    return PhasePanel(case)
