"""Panel of chapter 9: hires by quarter, veterans, leavers and the ramp in; capacity against need out."""

from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.chapters.panels import COMMON, ControlPanel, status_html
from playbook.chapters.staffing.figures import CohortPicture
from playbook.chapters.staffing.problem import MONTHS, TARGET_MONTH, StaffingProblem, staffing_problem
from playbook.chapters.staffing.reading import heads_by_quarter
from playbook.chapters.tables import panel_table
from playbook.market.staffing import SPREAD, cohort_table, hire_worth, latest_hire, ramp, ramp_month
from playbook.words import _, ngettext

#: Sliders go so far, in people, per cent a month, and months.
MOST_HIRES, MOST_QUITS, HALF_FROM, HALF_TO = 24, 10.0, 2.0, 7.0


@dataclass(frozen=True)
class State:
    """Where the controls stand.

    Args:
        hires: people who start in the first month of quarter 1 to 4.
        quits: per cent that leave in a month. half: months until a newcomer beside a veteran reaches half.
        seeded: every group has a veteran.
    """

    hires: tuple[int, int, int, int]
    quits: float
    half: float
    seeded: bool = True


@dataclass(frozen=True)
class View:
    """What the panel says: sentences, a row a quarter, and the cohorts of the picture."""

    words: tuple[str, ...]
    table: pd.DataFrame
    cohorts: pd.DataFrame = field(repr=False)

    @property
    def capacity(self) -> pd.Series:
        return self.cohorts.sum(axis=1)


def start_of(problem: StaffingProblem) -> State:
    """The setting that the case begins with: the director's draft, and what was measured."""
    quits = round(200 * problem.quits) / 2
    half = min(max(round(2 * problem.halves["with"]) / 2, HALF_FROM), HALF_TO)
    first, second, third, fourth = heads_by_quarter(problem, None)
    return State((first, second, third, fourth), quits, half)


def view(problem: StaffingProblem, state: State) -> View:
    """What a setting means. Pure: no widget, no kernel.

    Args:
        problem: of a case. state: the setting.

    Returns:
        The view; ``table`` has ``quarter``, ``start``, ``heads`` (still there) and ``worth`` at the quarter's end.
    """
    months = pd.Index(range(1, MONTHS + 1), name="month")
    later = problem.halves["without"] - problem.halves["with"]
    half = state.half if state.seeded else state.half + later
    level = pd.Series(ramp(months.to_numpy(float), half, SPREAD), index=months)
    worth = hire_worth(level, state.quits / 100)
    hires = pd.Series(0, index=months)
    hires.loc[[1, 4, 7, 10]] = list(state.hires)
    # Every quarter keeps its layer, so that the picture has the same four all the time.
    starts = [1, 4, 7, 10]
    cohorts = cohort_table(hires, worth).reindex(columns=starts, fill_value=0.0)
    there = cohort_table(hires, hire_worth(level * 0 + 1, state.quits / 100)).sum(axis=1)
    capacity = cohorts.sum(axis=1)
    table = pd.DataFrame(
        {
            "quarter": [1, 2, 3, 4],
            "start": list(state.hires),
            "heads": [float(there[3 * number]) for number in (1, 2, 3, 4)],
            "worth": [float(capacity[3 * number]) for number in (1, 2, 3, 4)],
        }
    )
    return View(_words(problem, state, half, worth, capacity), table, cohorts)


def _words(
    problem: StaffingProblem, state: State, half: float, worth: pd.Series, capacity: pd.Series
) -> tuple[str, ...]:
    there = float(capacity[TARGET_MONTH])
    short = [
        int(month) for month in capacity.index if month >= TARGET_MONTH and capacity[month] < problem.need
    ]
    words = [
        _("A newcomer is ready after {ready:.1f} months ({how}).").format(
            ready=ramp_month(half, SPREAD),
            how=_("beside a veteran") if state.seeded else _("no veteran in the group"),
        ),
        _(
            "In month {target} the team is worth {there:.1f} experienced sellers; the work takes {need:.0f}."
        ).format(target=TARGET_MONTH, there=there, need=problem.need),
    ]
    if not short:
        words.append(_("From month {target} on, no month is short.").format(target=TARGET_MONTH))
        return tuple(words)
    words.append(
        ngettext(
            "It is short in {count} of the last four months.",
            "It is short in {count} of the last four months.",
            len(short),
        ).format(count=len(short))
    )
    gap = problem.need - there
    if gap > 0:
        last = latest_hire(gap, problem.together, worth, TARGET_MONTH)
        words.append(
            _("{people} more would have to start by month {month}.").format(
                people=problem.together, month=last
            )
            if last
            else _("Not even {people} more from month 1 on would be enough.").format(people=problem.together)
        )
    return tuple(words)


class StaffingPanel(ControlPanel):
    """Four quarters, leavers, the ramp and veterans; words, a table and a picture. Only ties `view` to controls."""

    def __init__(self, case: Any):
        self.problem = staffing_problem(case)
        start = start_of(self.problem)
        controls: dict[str, widgets.Widget] = {
            f"q{number}": widgets.IntSlider(
                people,
                min=0,
                max=max(MOST_HIRES, people),
                description=_("Start in quarter {number}").format(number=number),
                **COMMON,
            )
            for number, people in enumerate(start.hires, 1)
        } | {
            "quits": widgets.FloatSlider(
                start.quits,
                min=0,
                max=MOST_QUITS,
                step=0.5,
                readout_format=".1f",
                description=_("Leave in a month (%)"),
                **COMMON,
            ),
            "half": widgets.FloatSlider(
                start.half,
                min=HALF_FROM,
                max=HALF_TO,
                step=0.5,
                readout_format=".1f",
                description=_("Months to half of the ripe level, beside a veteran"),
                **COMMON,
            ),
            "seeded": widgets.Checkbox(
                start.seeded,
                description=_("Every group has a veteran"),
                indent=False,
                layout=COMMON["layout"],
            ),
        }
        quarters = [_("quarter {number}").format(number=number) for number in range(1, 5)]
        self._drawn = CohortPicture(quarters, range(1, MONTHS + 1), self.problem.need)
        super().__init__(controls)

    @property
    def state(self) -> State:
        """Where the controls stand."""
        value = self.values
        hires = (value["q1"], value["q2"], value["q3"], value["q4"])
        return State(hires, value["quits"], value["half"], value["seeded"])

    def _show(self, change: Any = None) -> None:
        seen = view(self.problem, self.state)
        self.words.value = status_html(seen.words)
        self.picture.value = self._drawn.img(seen.cohorts)
        self.table.value = _table_html(seen.table)


def _table_html(table: pd.DataFrame) -> str:
    return panel_table(
        _("People and what they are worth, by quarter"),
        (_("Quarter"), _("Start"), _("Still there at its end"), _("Worth then, experienced sellers")),
        [
            (f"{row.quarter}", f"{row.start}", f"{row.heads:.1f}", f"{row.worth:.1f}")
            for row in table.itertuples()
        ],
    )


def panel(case: Any) -> StaffingPanel:
    """The panel for a case.

    Args:
        case: a case with its call plan, sellers, their months, the plan of hires and assumptions.

    Returns:
        A widget.
    """
    return StaffingPanel(case)
