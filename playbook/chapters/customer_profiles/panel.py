"""Panel of chapter 5: from which score is an account worth a visit? Precision, recall and visits per win."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.chapters.customer_profiles.figures import LiftPicture
from playbook.market.profile import prepare_accounts
from playbook.market.scoring import VisitList, precision_recall_at
from playbook.market.targeting import KNOWN_BEFORE, hold_out_split, propensity
from playbook.words import _, ngettext


@dataclass(frozen=True)
class State:
    """Where the controls stand.

    Attributes:
        threshold_percent: accounts with at least this score are visited (percent).
        reps: representatives who visit.
        visits_a_day: visits of one representative in a working day.
    """

    threshold_percent: float = 20.0
    reps: int = 4
    visits_a_day: int = 6


@dataclass(frozen=True)
class View:
    """What the panel says.

    Attributes:
        visits: the visit list and what it finds.
        days: working days that the list takes the team, rounded up.
        words: both in sentences.
    """

    visits: VisitList
    days: int
    words: str


def view(state: State, needs: pd.Series, scores: pd.Series) -> View:
    """What a threshold costs and brings, in numbers and in words. Pure: no widget, no kernel.

    Args:
        state: where the controls stand.
        needs: yes/no per held-out account.
        scores: their scores, 0 to 1.

    Returns:
        The view.
    """
    found = precision_recall_at(needs, scores, state.threshold_percent / 100)
    days = ceil(found.visits / (state.reps * state.visits_a_day))
    everybody = len(needs) / needs.sum()
    if not found.visits:
        return View(
            found,
            0,
            _(
                "No account scores {threshold:.0f} % or more: nobody is visited, nobody is found. "
                "Lower the threshold."
            ).format(threshold=state.threshold_percent),
        )
    team = ngettext("one representative", "{reps} representatives", state.reps).format(reps=state.reps)
    words = (
        _(
            "Visit the <b>{visits:,}</b> of {accounts:,} held-out accounts that score {threshold:.0f} % or more: "
            "{wins:,} of them need the product."
        ).format(
            visits=found.visits, accounts=len(needs), threshold=state.threshold_percent, wins=found.wins
        ),
        _(
            "Precision <b>{precision:.0%}</b> of the visits, recall <b>{recall:.0%}</b> of all accounts in need."
        ).format(precision=found.precision, recall=found.recall),
        _(
            "That is <b>{per_win:.1f} visits per win</b> (visiting everybody: {everybody:.1f}), lift {lift:.2f}."
        ).format(per_win=found.visits_per_win, everybody=everybody, lift=found.lift),
        ngettext(
            "It takes {team} at {visits_a_day} visits a day <b>{days}</b> working day; "
            "{missed:,} accounts in need stay unvisited.",
            "It takes {team} at {visits_a_day} visits a day <b>{days}</b> working days; "
            "{missed:,} accounts in need stay unvisited.",
            days,
        ).format(team=team, visits_a_day=state.visits_a_day, days=days, missed=needs.sum() - found.wins),
    )
    return View(found, days, " ".join(words))


class CustomerProfilesPanel(widgets.VBox):
    """A threshold, a team, the result in words, and the lift curve. Only ties `view` to controls."""

    def __init__(self, case: Any):
        accounts = prepare_accounts(case.accounts)
        held = hold_out_split(accounts["account_id"])
        model = propensity(accounts, "need", KNOWN_BEFORE, held)
        self._needs, self._scores = accounts.loc[held, "need"], model.scores[held]
        self._drawn = LiftPicture(self._needs, self._scores)
        start = State()
        style, layout = {"description_width": "225px"}, {"width": "100%", "max_width": "640px"}
        common = {"continuous_update": False, "style": style, "layout": layout}
        self.threshold = widgets.FloatSlider(
            value=start.threshold_percent,
            min=0.0,
            max=60.0,
            step=1.0,
            description=_("Visit from a score of (percent)"),
            readout_format=".0f",
            **common,
        )
        self.reps = widgets.IntSlider(
            value=start.reps, min=1, max=20, description=_("Representatives (persons)"), **common
        )
        self.visits_a_day = widgets.IntSlider(
            value=start.visits_a_day,
            min=1,
            max=10,
            description=_("Visits per representative and day"),
            **common,
        )
        self.words = widgets.HTML()
        self.picture = widgets.HTML()
        super().__init__([self.threshold, self.reps, self.visits_a_day, self.words, self.picture])
        self.threshold.observe(self._draw, names="value")
        for control in (self.threshold, self.reps, self.visits_a_day):
            control.observe(self._tell, names="value")
        self._draw()
        self._tell()

    def _state(self) -> State:
        return State(self.threshold.value, self.reps.value, self.visits_a_day.value)

    def _tell(self, change: Any = None) -> None:
        words = view(self._state(), self._needs, self._scores).words
        self.words.value = f'<p role="status" aria-live="polite">{words}</p>'

    def _draw(self, change: Any = None) -> None:
        self.picture.value = self._drawn.img(self.threshold.value / 100)


def panel(case: Any) -> CustomerProfilesPanel:
    """The panel for a case, scored on its own accounts.

    Args:
        case: a case with ``accounts``.

    Returns:
        A widget.
    """
    return CustomerProfilesPanel(case)
