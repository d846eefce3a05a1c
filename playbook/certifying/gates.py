"""Four gates, each passed on its own evidence: no strong gate lifts a weak one.

The four dimensions are the source's (S24); the thresholds are the course's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from playbook.certifying.evidence import Chapter, Evidence
from playbook.certifying.marks import ASSESSORS, LEAST, Mark
from playbook.chapters.defence.answers import DEFENCE
from playbook.chapters.defence.finding import Severity, Simulated
from playbook.chapters.defence.rules import RULES, Checked
from playbook.chapters.defence.trial import WHOLE
from playbook.simulator.parameters import CASH_SHARE
from playbook.words import _, ngettext, pgettext

#: Share of the way from the naive plan to the reference, which also earns all points; cash limit kept in so many draws.
GAP, CASH_KEPT = WHOLE, 1 - CASH_SHARE
#: Passed computed answers that pass on the unseen case too.
UNSEEN = 0.90
#: Points of chapters 8, 9 and 10, as a share.
CHAPTER = 0.70
#: Sellers who leave in a year at the most; mean management density at the least.
ATTRITION, DENSITY = 0.45, 0.85
#: Points of the chapters on strategy: their mean, and each of them.
MEAN, EACH = 0.75, 0.60
#: Warnings that a strategy may keep.
WARNINGS = 3
EXERCISES = tuple(range(13))
TEAM_CHAPTERS, STRATEGY_CHAPTERS = (8, 9), (2, 3, 4, 5, 6, 7, 11, 12)
TEAM_RULES = frozenset(range(17, 26))
STRATEGY_RULES = frozenset(range(1, 33)) - TEAM_RULES


class Status(StrEnum):
    """How a gate, or one of its checks, stands."""

    PASSED = "passed"
    FAILED = "failed"
    OUTSTANDING = "outstanding"

    @property
    def word(self) -> str:
        """In the reader's language, with a sign."""
        return {
            Status.PASSED: "✓ " + pgettext("a gate", "passed"),
            Status.FAILED: "✗ " + pgettext("a gate", "not passed"),
            Status.OUTSTANDING: "○ " + pgettext("a gate", "outstanding"),
        }[self]


@dataclass(frozen=True)
class Check:
    """One piece of evidence: what was asked, what was found, and whether that is enough; None while it is missing."""

    what: str
    found: str
    ok: bool | None

    @property
    def status(self) -> Status:
        return {True: Status.PASSED, False: Status.FAILED, None: Status.OUTSTANDING}[self.ok]


@dataclass(frozen=True)
class Gate:
    """One of the four, with its evidence."""

    name: str
    checks: tuple[Check, ...]

    @property
    def title(self) -> str:
        """In the reader's language."""
        return {
            "results": _("Results"),
            "process": _("Process"),
            "team": _("Team"),
            "strategy": _("Strategy"),
        }[self.name]

    @property
    def status(self) -> Status:
        """Failed where one check fails, outstanding where one is missing, else passed. Nothing is averaged."""
        found = {one.status for one in self.checks}
        return next(one for one in (Status.FAILED, Status.OUTSTANDING, Status.PASSED) if one in found)

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {
            "gate": self.name,
            "status": str(self.status),
            "checks": [
                {"what": one.what, "found": one.found, "status": str(one.status)} for one in self.checks
            ],
        }


def four_gates(evidence: Evidence, checked: Checked | None, marks: Sequence[Mark]) -> tuple[Gate, ...]:
    """The four gates of a person.

    Args:
        checked: what the rules say about the plan; None where there is no plan yet.
        marks: of the defence.
    """
    return (
        results_gate(evidence.simulated),
        process_gate(evidence),
        team_gate(evidence, checked),
        strategy_gate(evidence, checked, marks),
    )


def results_gate(run: Simulated | None) -> Gate:
    """What the plan is worth in the simulator, and whether the cash holds."""
    missing = _("no simulated run is recorded")
    return Gate(
        "results",
        (
            Check(
                _("At least {share} of the way from the naive plan to the reference").format(
                    share=_percent(GAP)
                ),
                missing if run is None else _percent(run.gap_share),
                None if run is None else run.gap_share >= GAP,
            ),
            Check(
                _("Cash above the limit in at least {share} of the draws").format(share=_percent(CASH_KEPT)),
                missing if run is None else _percent(1 - run.cash_broken),
                None if run is None else 1 - run.cash_broken >= CASH_KEPT - 1e-9,
            ),
        ),
    )


def process_gate(evidence: Evidence) -> Gate:
    """Clean runs, answers that hold on unseen figures, and chapter 10."""
    chapters = [evidence.chapters[number] for number in EXERCISES if number in evidence.chapters]
    absent = [number for number in EXERCISES if number not in {one.number for one in chapters}]
    unsettled = [one.number for one in chapters if not one.graded]
    errored = [one.number for one in chapters if one.errored]
    own, unseen = sum(one.own for one in chapters), sum(one.unseen for one in chapters)
    told = {
        "absent": _("not handed in: {chapters}").format(chapters=_listed(absent)),
        "unsettled": _("not graded: {chapters}").format(chapters=_listed(unsettled)),
        "errored": _("stopped with an error: {chapters}").format(chapters=_listed(errored)),
    }
    wrong = [told[name] for name, some in (("absent", absent), ("unsettled", unsettled)) if some]
    return Gate(
        "process",
        (
            Check(
                _("Exercises 0 to 12 handed in and run"),
                "; ".join(wrong) or _("all"),
                None if wrong else True,
            ),
            Check(
                _("No answer stopped with an error"),
                told["errored"] if errored else _("none"),
                False if errored else True if chapters else None,
            ),
            Check(
                _("At least {share} of the computed answers that pass also pass on unseen figures").format(
                    share=_percent(UNSEEN)
                ),
                _held(own, unseen),
                unseen >= UNSEEN * own - 1e-9 if own else None,
            ),
            _chapter_check(evidence, 10, CHAPTER),
        ),
    )


def _held(own: int, unseen: int) -> str:
    """How many answers hold on unseen figures; that the others do not says nothing about why."""
    if not own:
        return _("no computed answer passes yet")
    found = _("{unseen} of {own}").format(unseen=unseen, own=own)
    if unseen >= UNSEEN * own - 1e-9:
        return found
    return _("{found}. What passes on the own city alone is not right; it is no proof of intent.").format(
        found=found
    )


def team_gate(evidence: Evidence, checked: Checked | None) -> Gate:
    """Chapters 8 and 9, the rules on people, and what the simulator says about them."""
    run, missing = evidence.simulated, _("no simulated run is recorded")
    return Gate(
        "team",
        (
            *(_chapter_check(evidence, number, CHAPTER) for number in TEAM_CHAPTERS),
            _no_stop(checked, TEAM_RULES, _("No stop by the rules on people (17 to 25)")),
            Check(
                _("At most {share} of the sellers leave in a year").format(share=_percent(ATTRITION)),
                missing if run is None else _percent(run.attrition),
                None if run is None else run.attrition <= ATTRITION,
            ),
            Check(
                _("Mean management density at least {density}").format(density=f"{DENSITY:.2f}"),
                missing if run is None else f"{run.mean_density:.2f}",
                None if run is None else run.mean_density >= DENSITY,
            ),
        ),
    )


def strategy_gate(evidence: Evidence, checked: Checked | None, marks: Sequence[Mark]) -> Gate:
    """The chapters on the market and the money, the rules on them, and the defence."""
    chapters = [evidence.chapters.get(number) for number in STRATEGY_CHAPTERS]
    shares = {one.number: one.share for one in chapters if one and one.graded}
    open_ones = [number for number in STRATEGY_CHAPTERS if number not in shares]
    mean = sum(shares.values()) / len(shares) if shares else 0.0
    low = [number for number, share in shares.items() if share < EACH]
    waits = _("outstanding: {chapters}").format(chapters=_listed(open_ones))
    return Gate(
        "strategy",
        (
            Check(
                _("Chapters 2 to 7, 11 and 12: at least {mean} on average").format(mean=_percent(MEAN)),
                waits if open_ones else _percent(mean),
                None if open_ones else mean >= MEAN - 1e-9,
            ),
            Check(
                _("None of them below {each}").format(each=_percent(EACH)),
                _("below: {chapters}").format(chapters=_listed(low))
                if low
                else waits
                if open_ones
                else _("none"),
                False if low else None if open_ones else True,
            ),
            _no_stop(checked, STRATEGY_RULES, _("No stop by the other rules")),
            _few_warnings(checked),
            _defence(marks),
        ),
    )


def _chapter_check(evidence: Evidence, number: int, least: float) -> Check:
    one: Chapter | None = evidence.chapters.get(number)
    what = _("Chapter {number}: at least {share} of the points").format(number=number, share=_percent(least))
    if one is None:
        return Check(what, _("not handed in"), None)
    if not one.graded:
        return Check(what, _("not graded: {reason}").format(reason=one.reason), None)
    return Check(what, _percent(one.share), one.share >= least - 1e-9)


def _no_stop(checked: Checked | None, rules: Iterable[int], what: str) -> Check:
    if checked is None:
        return Check(what, _("there is no plan yet"), None)
    stops = checked.of(Severity.STOP, rules)
    if stops:
        return Check(
            what, _("stopped by rule {rules}").format(rules=_listed(one.rule for one in stops)), False
        )
    return _unless_waiting(checked, rules, (Severity.STOP,), Check(what, _("none"), True))


def _few_warnings(checked: Checked | None) -> Check:
    what = _("At most {most} warnings by them").format(most=WARNINGS)
    if checked is None:
        return Check(what, _("there is no plan yet"), None)
    warned = checked.of(Severity.WARN, STRATEGY_RULES)
    if len(warned) > WARNINGS:
        found = _("{count}: rules {rules}").format(
            count=len(warned), rules=_listed(one.rule for one in warned)
        )
        return Check(what, found, False)
    return _unless_waiting(checked, STRATEGY_RULES, (Severity.WARN,), Check(what, str(len(warned)), True))


def _unless_waiting(checked: Checked, rules: Iterable[int], of: Sequence[Severity], check: Check) -> Check:
    """The check, unless a rule of this weight could not speak: its answer is missing."""
    weight = {one.number: one.severity for one in RULES}
    waiting = [one for one in checked.waiting if one.rule in rules and weight[one.rule] in of]
    if not waiting:
        return check
    chapters = sorted({one.chapter for one in waiting})
    found = ngettext(
        "answers are missing in chapter {chapters}",
        "answers are missing in chapters {chapters}",
        len(chapters),
    )
    return Check(check.what, found.format(chapters=_listed(chapters)), None)


def _defence(marks: Sequence[Mark]) -> Check:
    what = _("Defence: at least {least} of 5 points from each of {assessors} assessors").format(
        least=LEAST, assessors=ASSESSORS
    )
    found = ", ".join(f"{one.assessor} {one.sum}" for one in marks)
    if any(one.sum < LEAST for one in marks):
        return Check(what, found, False)
    if len(marks) < ASSESSORS:
        there = ngettext(
            "{count} of {all} assessors has marked", "{count} of {all} assessors have marked", len(marks)
        ).format(count=len(marks), all=ASSESSORS)
        return Check(what, f"{there}: {found}" if found else there, None)
    return Check(what, found, True)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _listed(numbers: Iterable[int]) -> str:
    """Numbers in words, three or more that follow each other as a range."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(
        f"{some[0]}–{some[-1]}" if len(some) > 2 else ", ".join(map(str, some)) for some in found
    )


#: The chapter whose exercise is the capstone.
CAPSTONE = DEFENCE
