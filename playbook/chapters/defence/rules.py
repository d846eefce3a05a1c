"""The thirty-two rules that speak before the simulator does: do the sections of a plan agree with each other?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playbook.chapters.defence import rules_cadence, rules_market, rules_people
from playbook.chapters.defence.answers import Plan
from playbook.chapters.defence.city import City
from playbook.chapters.defence.finding import Finding, Rule, Severity, Simulated, Waiting

#: Every rule, by its number.
RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            one
            for module in (rules_market, rules_people, rules_cadence)
            for one in vars(module).values()
            if isinstance(one, Rule)
        ),
        key=lambda one: one.number,
    )
)


@dataclass(frozen=True)
class Checked:
    """What the rules say about a plan.

    Attributes:
        findings: the most serious first. waiting: rules that could not speak yet. kept: numbers of the others.
    """

    findings: tuple[Finding, ...]
    waiting: tuple[Waiting, ...]
    kept: tuple[int, ...]

    def of(self, severity: Severity, rules: Any = None) -> tuple[Finding, ...]:
        """Findings of one severity, of some rules or all."""
        return tuple(
            one for one in self.findings if one.severity is severity and (rules is None or one.rule in rules)
        )

    @property
    def may_run(self) -> bool:
        """Whether the plan may be simulated: no finding stops it."""
        return not self.of(Severity.STOP)

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {
            "findings": [one.as_dict() for one in self.findings],
            "waiting": [
                {"rule": one.rule, "chapter": one.chapter, "question": one.question, "message": one.message}
                for one in self.waiting
            ],
            "kept": list(self.kept),
        }


def check_plan(plan: Plan, case: Any, run: Simulated | None = None) -> Checked:
    """Hold a plan against all rules.

    Args:
        plan: from :func:`playbook.chapters.defence.answers.gather`.
        case: the trainee's own.
        run: of the simulated plan, if it was simulated.
    """
    city = case if isinstance(case, City) else City(case)
    said = [(one, one.apply(plan, city, run)) for one in RULES]
    weight = list(Severity)
    findings = sorted(
        (found for _rule, found in said if isinstance(found, Finding)),
        key=lambda one: (weight.index(one.severity), one.rule),
    )
    return Checked(
        tuple(findings),
        tuple(found for _rule, found in said if isinstance(found, Waiting)),
        tuple(one.number for one, found in said if found is None),
    )
