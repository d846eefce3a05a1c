"""Panel of chapter 7: pick benchmark customers one by one, and see whom they reach, against two other ways."""

import html
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.chapters.benchmark_customers.figures import CoveragePicture
from playbook.market.benchmark import BenchmarkProblem, benchmark_problem, largest_accounts
from playbook.market.reference import THRESHOLD, similarity_coverage
from playbook.market.selection import coverage_curve, greedy_selection, own_coverage
from playbook.words import _, ngettext, pgettext

#: How many benchmarks the curves of greedy and of the largest show while fewer are picked.
AT_LEAST = 6
#: How many of the largest are picked when the panel opens.
FIRST_LARGEST = 3


@dataclass(frozen=True)
class State:
    """What is picked, first won first, and from which similarity a prospect counts as covered."""

    picked: tuple[str, ...] = ()
    threshold: float = THRESHOLD


@dataclass(frozen=True)
class View:
    """What the panel says.

    Attributes:
        share: the part of the prospects' value that the picked cover (0 to 1).
        days: selling days to win them.
        within_budget: whether the days are at hand.
        incongruent: picked accounts outside the entry profile.
        suggestion: the candidate that would add most; empty if nobody adds anything.
        curves: coverage step by step of the picked, of greedy and of the largest, for as many accounts.
        words: all that in sentences.
    """

    share: float
    days: float
    within_budget: bool
    incongruent: tuple[str, ...]
    suggestion: str
    curves: dict[str, pd.DataFrame]
    words: str


def view(problem: BenchmarkProblem, state: State) -> View:
    """What a choice of benchmark customers reaches, in numbers and words. Pure: no widget, no kernel.

    Args:
        problem: the city's choice, see :func:`playbook.market.benchmark.benchmark_problem`.
        state: what is picked; candidates only, each once.
    """
    covered = similarity_coverage(problem.similarity, state.threshold)
    value, picked = problem.value, list(state.picked)
    count = max(len(picked), AT_LEAST)
    largest = largest_accounts(problem.candidates, count)
    curves = {
        _("Your choice"): coverage_curve(covered, value, picked),
        _("Greedy"): coverage_curve(covered, value, greedy_selection(covered, value, k=count).chosen),
        _("{count} largest").format(count=len(largest)): coverage_curve(covered, value, largest),
    }
    reached = covered.loc[picked].any() if picked else pd.Series(False, index=covered.columns)
    adds = own_coverage(covered.loc[:, ~reached], value[~reached])
    suggestion = str(adds.idxmax()) if adds.max() > 0 else ""
    by_id = problem.candidates.set_index("account_id")
    days = float(by_id.loc[picked, "days"].sum())
    incongruent = tuple(account for account in picked if not by_id.loc[account, "congruent"])
    share = float(curves[_("Your choice")]["share"].iloc[-1])
    return View(
        share=share,
        days=days,
        within_budget=days <= problem.budget_days + 1e-9,
        incongruent=incongruent,
        suggestion=suggestion,
        curves=curves,
        words=_words(problem, curves, share, days, incongruent, suggestion, float(adds.max())),
    )


def _words(
    problem: BenchmarkProblem,
    curves: dict[str, pd.DataFrame],
    share: float,
    days: float,
    incongruent: tuple[str, ...],
    suggestion: str,
    gain: float,
) -> str:
    total, yours = problem.value.sum(), curves[_("Your choice")]
    count = len(yours) - 1
    if not count:
        said = [_("Nobody is picked yet.")]
    else:
        _yours, greedy, largest = (
            curve["share"].iloc[min(count, len(curve) - 1)] for curve in curves.values()
        )
        covers = ngettext(
            "Your {count} account covers {share:.0%} of the prospects' value (CNY {part:.2f} of {all:.2f} million a year).",
            "Your {count} accounts cover {share:.0%} of the prospects' value (CNY {part:.2f} of {all:.2f} million a year).",
            count,
        )
        others = _("As many picked greedily cover {greedy:.0%}, the largest {largest:.0%}.")
        winning = (
            _("Winning yours takes {days:g} selling days, within the {budget:g} at hand.")
            if days <= problem.budget_days + 1e-9
            else _("Winning yours takes {days:g} selling days, more than the {budget:g} at hand.")
        )
        said = [
            covers.format(count=count, share=share, part=share * total / 1e6, all=total / 1e6),
            others.format(greedy=greedy, largest=largest),
            winning.format(days=days, budget=problem.budget_days),
        ]
        last = yours["gain"].iloc[-1]
        if count > 1 and last == 0:
            said.append(
                _("{account} adds nothing: those before it cover all it would.").format(
                    account=yours["chosen"].iloc[-1]
                )
            )
        if incongruent:
            said.append(_("Outside your entry profile: {accounts}.").format(accounts=", ".join(incongruent)))
    if suggestion:
        said.append(
            _("{account} would add most now: CNY {millions:.2f} million a year.").format(
                account=suggestion, millions=gain / 1e6
            )
        )
    else:
        said.append(_("Nobody else would add anything."))
    return " ".join(said)


class BenchmarkPanel(widgets.VBox):
    """Pick from the list, see the coverage in words and as curves. Only ties `view` to controls.

    It opens with the largest names picked, the choice that most people bring along.
    """

    def __init__(self, case: Any):
        self._drawn = CoveragePicture(case.city)
        self.problem = benchmark_problem(case.accounts, case.customers_home)
        trades = case.table("divisions").set_index("division")["name"].to_dict()
        self._picked = tuple(largest_accounts(self.problem.candidates, FIRST_LARGEST))
        self._view: View | None = None
        style = {"description_width": "initial"}
        wide = {"width": "100%", "max_width": "640px"}
        self.candidate = widgets.Dropdown(
            options=[(_label(row, trades), row.account_id) for row in self.problem.candidates.itertuples()],
            description=_("Candidate (trade, employees, district, days to win)"),
            style=style,
            layout=wide,
        )
        self.add, self.add_best, self.undo, self.clear = (
            widgets.Button(description=text, tooltip=tip, layout={"width": "auto"})
            for text, tip in {
                _("Pick this one"): _("Add the candidate in the list to your choice"),
                _("Pick the one that adds most"): _(
                    "Add the candidate that covers most value not covered yet"
                ),
                _("Undo last"): _("Take the last one out again"),
                _("Start again"): _("Take all out"),
            }.items()
        )
        self.threshold = widgets.FloatSlider(
            value=THRESHOLD,
            min=0.5,
            max=1.0,
            step=0.05,
            description=_("Covered from a similarity of (0 to 1)"),
            continuous_update=False,
            style=style,
            layout=wide,
        )
        self.words = widgets.HTML()
        self.picture = widgets.HTML()
        buttons = widgets.HBox(
            [self.add, self.add_best, self.undo, self.clear], layout={"flex_flow": "row wrap"}
        )
        super().__init__([self.candidate, buttons, self.threshold, self.words, self.picture])
        self.add.on_click(lambda _button: self._pick(self.candidate.value))
        self.add_best.on_click(lambda _button: self._pick(self._view.suggestion))
        self.undo.on_click(lambda _button: self._set(self._picked[:-1]))
        self.clear.on_click(lambda _button: self._set(()))
        self.threshold.observe(lambda _change: self._show(), names="value")
        self._show()

    @property
    def picked(self) -> tuple[str, ...]:
        """The accounts picked so far, first won first."""
        return self._picked

    def _pick(self, account: str) -> None:
        if account and account not in self._picked:
            self._set((*self._picked, account))

    def _set(self, picked: tuple[str, ...]) -> None:
        self._picked = picked
        self._show()

    def _show(self) -> None:
        self._view = seen = view(self.problem, State(self._picked, self.threshold.value))
        label = html.escape(_("Share of the prospects' value covered"), quote=False)
        meter = (
            f'<meter min="0" max="1" value="{seen.share:.3f}" style="width:100%;max-width:640px" '
            f'aria-label="{label}">{seen.share:.0%}</meter>'
        )
        picked = " → ".join(html.escape(account) for account in self._picked) or pgettext("nobody", "none")
        first = _("Your choice, first won first: {accounts}").format(accounts=picked)
        self.words.value = (
            f'<div role="status" aria-live="polite" style="line-height:1.45">{meter}'
            f"<div>{html.escape(seen.words)}</div><div>{first}</div></div>"
        )
        self.undo.disabled = self.clear.disabled = not self._picked
        self.add_best.disabled = not seen.suggestion
        self.picture.value = self._drawn.img(seen.curves)


def panel(case: Any) -> BenchmarkPanel:
    """The panel for a case.

    Args:
        case: a case, with its accounts and home customers.

    Returns:
        A widget.
    """
    return BenchmarkPanel(case)


def _label(row: Any, trades: dict[str, str]) -> str:
    """A candidate in one line; brackets mark those outside the entry profile."""
    trade = trades.get(row.division, row.division)
    days = _("{days:g} days").format(days=row.days)
    line = f"{row.account_id} · {trade} · {row.size_band} · {row.district} · {days}"
    return line if row.congruent else _("{line} (outside your entry profile)").format(line=line)
