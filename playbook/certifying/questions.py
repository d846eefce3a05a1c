"""Three questions for a defence of ten minutes, drawn from the weakest places of this plan."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from playbook.certifying.evidence import Evidence
from playbook.certifying.gates import STRATEGY_CHAPTERS, TEAM_CHAPTERS
from playbook.chapters.defence.answers import DEFENCE, Lacking, Plan
from playbook.chapters.defence.city import City
from playbook.chapters.defence.finding import Finding
from playbook.chapters.defence.rules import Checked
from playbook.chapters.defence.rules_market import able_cny
from playbook.chapters.defence.rules_people import visits_able
from playbook.chapters.gates.problem import LIMITS
from playbook.chapters.phase.problem import NAMES, mix_problem
from playbook.chapters.phase.reading import mix_of
from playbook.chapters.summing import count, decimal, share
from playbook.words import _

#: Cash in month 9 that the third question supposes, CNY million.
CASH = "−3"
#: Chapters that a question can be about.
_ASKED = tuple(sorted((*STRATEGY_CHAPTERS, *TEAM_CHAPTERS, 10)))


@dataclass(frozen=True)
class Question:
    """What an assessor asks, why this one, and what to listen for."""

    ask: str
    why: str
    listen: str


def three_questions(evidence: Evidence, checked: Checked | None, city: City | None) -> tuple[Question, ...]:
    """The weakest section, the number that would change the decision, and the month in which the cash is short.

    Args:
        checked, city: of the plan, where there is one.
    """
    return (
        _weakest(evidence, checked),
        _number(evidence.plan, city),
        _short_of_cash(evidence.plan, city),
    )


def _weakest(evidence: Evidence, checked: Checked | None) -> Question:
    """About the most serious finding of the rules; without one, about the chapter with the fewest points."""
    finding: Finding | None = next(iter(checked.findings), None) if checked else None
    if finding:
        return Question(
            _("{finding} What do you say to that, and what would you change first?").format(
                finding=finding.message
            ),
            _("Rule {rule} ({severity}), chapter {chapter}.").format(
                rule=finding.rule, severity=finding.severity.word, chapter=finding.back_to
            ),
            finding.remedy,
        )
    graded = [one for one in evidence.chapters.values() if one.graded and one.number in _ASKED]
    if not graded:
        return Question(
            _("Which section of your plan would you not sign today, and what is missing in it?"),
            _("No chapter is graded yet."),
            _("A section by name, and the number that is missing."),
        )
    lowest = min(graded, key=lambda one: (one.share, one.number))
    return Question(
        _(
            "Your section on {title} is the weakest. Which of its numbers would you not sign, and what hangs on it?"
        ).format(title=lowest.title),
        _("Chapter {number} has the fewest points: {share}.").format(
            number=lowest.number, share=share(lowest.share)
        ),
        _("A number of that section, where it comes from, and which other section uses it."),
    )


def _number(plan: Plan, city: City | None) -> Question:
    """About the number that is nearest to the limit at which another decision would be right."""
    near = sorted(_margins(plan, city), key=lambda one: one[0]) if city else []
    ask = _("Which number of your plan would change your mind, and from which value on?")
    listen = _("A number with its limit, and who would see it first.")
    if not near:
        return Question(ask, _("No number of the plan can be held against its limit yet."), listen)
    return Question(
        f"{near[0][1]} {ask}", _("Of the plan's numbers this one is nearest to its limit."), listen
    )


def _margins(plan: Plan, city: City) -> list[tuple[float, str]]:
    """By number: how far it is from its limit, as a share of the limit, and the two in words."""

    def payback() -> tuple[float, str]:
        months, (green, _red) = plan.number(12, "payback", low=0), LIMITS.payback
        told = _("A customer is paid back after {months} months; up to {green} the number is green.")
        return abs(months - green) / green, told.format(months=decimal(months, 1), green=green)

    def offer() -> tuple[float, str]:
        months, ends = plan.number(9, "offer", low=0), city.usual["move_months"]
        told = _("A veteran's move is earned back after {months} months, and the package runs for {ends}.")
        return abs(months - ends) / ends, told.format(months=decimal(months, 1), ends=count(ends))

    def promise() -> tuple[float, str]:
        signed, able = plan.number(DEFENCE, "promise", low=0), able_cny(plan, city)[1] / 1e6
        told = _("You sign for CNY {signed} million, and your hires can sell {able} million.")
        return abs(signed - able) / max(able, 1e-9), told.format(
            signed=decimal(signed, 2), able=decimal(able, 2)
        )

    def visits() -> tuple[float, str]:
        able, planned = visits_able(plan, city)
        told = _("Your sellers can make {able} visits a year, and the plan asks for {planned}.")
        return abs(able - planned) / planned, told.format(able=count(able), planned=count(planned))

    found = []
    for look in (payback, offer, promise, visits):
        with contextlib.suppress(Lacking):
            found.append(look())
    return found


def _short_of_cash(plan: Plan, city: City | None) -> Question:
    ask = _(
        "It is month 9, and cash stands at CNY {cash} million. What do you stop, and who hears of it first?"
    ).format(cash=CASH)
    why, listen = (
        _("Every plan is asked this."),
        _("One thing that is stopped, with its saving, and one that is not."),
    )
    try:
        plan.value(11, "mix")
        mix = mix_of(plan.answers(11), list(mix_problem(city.case).curves.index)) if city else {}
    except Exception:  # an answer is whatever a notebook bound to a name
        mix = {}
    if not mix:
        return Question(ask, why, listen)
    largest = max(mix, key=lambda way: mix[way])
    told = _("{part} of your next quarter's money goes into {way}.").format(
        part=share(mix[largest] / sum(mix.values())), way=_(NAMES[largest])
    )
    return Question(f"{ask} {told}", why, listen)
