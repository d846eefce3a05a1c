"""Judges of chapter 13: the plan, by what the simulator makes of it, and what its author signs for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbook.chapters.defence.answers import OWN_QUESTIONS
from playbook.chapters.defence.levers import NAMES, SAID
from playbook.chapters.defence.rules_people import DENSITIES
from playbook.chapters.defence.trial import HALF, RUNS, WHOLE, ends_known, run_of
from playbook.chapters.defence.trial import simulated as tried
from playbook.chapters.judging import Constraint, Judgement, shown
from playbook.chapters.summing import decimal, share
from playbook.errors import PlaybookError
from playbook.simulator.parameters import CASH_LIMIT, CASH_SHARE
from playbook.simulator.plan import Plan, plan_from
from playbook.words import _

#: Beyond which a run shows a weak spot: share of the sellers who leave in a year, management density, visits a day,
#: months of payback.
LEAVE, THIN, FEW_VISITS, LATE = 0.45, 0.85, 6.0, 16.0
#: How often a plan may be looked at.
REVIEWS = ("day", "week", "month")


def judge_plan(plan: object, case: Any, given: Mapping[str, Any] | None = None) -> Judgement:
    """Run a plan on a case, and say how much of the gap between the naive plan and the reference it closes.

    Args:
        plan: every lever by its name, as plain data.
        case: the case it is tried on.
        given: ``runs``, ``naive`` and ``reference`` (thousand CNY), measured on this very case; default the frozen ends,
            and where there are none the plan is held against its rules alone.

    Returns:
        The objective is 1 from :data:`WHOLE` of the gap on, a half from :data:`HALF` on, else 0.
    """
    levers, wrong = _levers(plan)
    read = wrong or _("Every lever can be read.")
    missing = [name for name in NAMES if name not in plan] if isinstance(plan, Mapping) else list(NAMES)
    lack = _("Every lever is set.")
    if missing:
        lack = _("Your plan does not say: {levers}. Copy all that `start_plan(case)` prints.").format(
            levers=", ".join(f"`{name}` ({_(SAID[name])})" for name in missing[:3])
        )
    stranger = _stranger(levers, case)
    constraints = [
        Constraint("levers", levers is not None, read),
        Constraint("whole", not missing, lack),
        Constraint("districts", not stranger, stranger or _("Every district is one of your city.")),
    ]
    if levers is None or stranger or missing:
        unknown = _("The plan cannot be run, so nobody knows whether its cash lasts.")
        return Judgement((*constraints, Constraint("cash", False, unknown)), 0.0, 1.0)
    runs = int(given["runs"]) if given else RUNS
    ends = given or ends_known(case)
    run = tried(case, levers, ends or {"naive": 0, "reference": 1}, runs)
    constraints.append(_cash(run.cash_broken))
    if ends is None:
        told = _(
            "No reference is known for this version of your city: the plan was held against its rules only."
        )
        return Judgement(tuple(constraints), 1.0, 1.0, told)
    objective = 1.0 if run.gap_share >= WHOLE else 0.5 if run.gap_share >= HALF else 0.0
    return Judgement(tuple(constraints), objective, 1.0, _told(run.gap_share, case, levers, runs))


def _levers(plan: object) -> tuple[Plan | None, str]:
    """A plan that can be run, or what is wrong with it."""
    if not isinstance(plan, Mapping):
        return None, _(
            "Your plan is no list of levers with their values: make it with `set_levers(mine, …)`."
        )
    try:
        return plan_from(plan), ""
    except PlaybookError as error:
        name = str(error.where).removeprefix("lever ")
        said = f"`{name}` ({_(SAID[name])})" if name in SAID else shown(name)
        return None, f"{said}: {error.what[:200]}. {error.remedy[:300]}"
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None, _("A lever of your plan holds something that no plan can hold.")


def _stranger(levers: Plan | None, case: Any) -> str:
    """What to say of a district that is not the city's; empty where there is none."""
    if levers is None:
        return ""
    districts = list(case.city_districts["district"])
    strangers = [name for name in (*levers.areas, *levers.offices) if name not in districts]
    if not strangers:
        return ""
    return _(
        "{stranger} is no district of {city}: this plan was written for another city. Yours has {districts}."
    ).format(stranger=shown(strangers[0]), city=case.city, districts=", ".join(districts))


def _cash(broken: float) -> Constraint:
    limit = decimal(-CASH_LIMIT / 1000, 0)
    if broken <= CASH_SHARE + 1e-9:
        return Constraint("cash", True, _("Cash lasts in nine of ten runs."))
    return Constraint(
        "cash",
        False,
        _(
            "In {part} of the runs cash falls below minus CNY {limit} million, and {most} are allowed: hire later, or fewer."
        ).format(part=share(broken), limit=limit, most=share(CASH_SHARE)),
    )


def _told(gap: float, case: Any, levers: Plan, runs: int) -> str:
    closes = _("Your plan closes {part} of the gap between the naive plan and the best one known.").format(
        part=share(round(gap, 2) + 0.0)
    )
    if gap >= WHOLE:
        return closes
    asked = _("Half of the points need {half}, all of them {whole}.").format(
        half=share(HALF), whole=share(WHOLE)
    )
    return " ".join([closes, asked, *_weak_spots(run_of(case, levers, runs).totals().mean())])


def _weak_spots(means: Any) -> list[str]:
    """What a run suffers from, in a manager's words: at most two, the first ones first."""
    found = []
    if means["attrition"] > LEAVE:
        found.append(
            _(
                "{part} of the sellers leave within a year: look at veterans, supervisors and the length of the day."
            ).format(part=share(means["attrition"]))
        )
    if means["density"] < THIN:
        found.append(
            _(
                "Management density is {density}: there are too few supervisors, or they have too many newcomers."
            ).format(density=decimal(means["density"], 2))
        )
    if means["visits_day"] < FEW_VISITS:
        found.append(
            _("A seller makes {visits} visits a day: look at the offices and the priority districts.").format(
                visits=decimal(means["visits_day"], 1)
            )
        )
    if means["payback"] > LATE:
        found.append(
            _(
                "A customer is paid back after {months} months: look at the industries, the profile and the follow-up."
            ).format(months=decimal(means["payback"], 0))
        )
    return found[:2] or [_("Change one lever at a time, and keep what helps in most of the runs.")]


def judge_signed(signed: object, case: Any) -> Judgement:
    """Whether what was signed can be read: eight things, each of a form that the rules understand.

    It says nothing of whether they are wise; the rules do, with the answers of all chapters beside them.
    """
    form = _("You signed for a list of things by name.")
    if not isinstance(signed, Mapping):
        form = _("Your signature is no list of things by name: make it with `sign(…)`.")
    read = signed if isinstance(signed, Mapping) else {}
    strangers = [str(name) for name in read if name not in OWN_QUESTIONS]
    if strangers:
        form = _("{name} is not asked for.").format(name=shown(strangers[0]))
    constraints = [Constraint("form", isinstance(signed, Mapping) and not strangers, form)]
    looks = {
        "promise": lambda value: _number(value, 0.01, 1000),
        "first_step": lambda value: _one_of(value, list(DENSITIES)),
        "leader": lambda value: _one_of(value, list(case.bench["person_id"])),
        "attack": lambda value: _all_of(value, list(case.city_districts["district"])),
        "supervisors": lambda value: _number(value, 1, 8, whole=True),
        "reviews": lambda value: _all_of(value, list(REVIEWS)),
        "day_hours": lambda value: _number(value, 4, 16),
        "first_gate": lambda value: _number(value, 1, 24, whole=True),
    }
    for name, look in looks.items():
        problem = look(read[name]) if name in read else _("it is missing")
        said = f"`{name}`: {problem}." if problem else _("`{name}` can be read.").format(name=name)
        constraints.append(Constraint(name, not problem, said))
    return Judgement(tuple(constraints), 1.0, 1.0)


def _number(value: object, low: float, high: float, whole: bool = False) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _("{entry} is no number: write it without quotes and without a unit").format(
            entry=shown(value)
        )
    if not low <= value <= high:
        return _("{entry} is not between {low:g} and {high:g}").format(entry=shown(value), low=low, high=high)
    if whole and value != int(value):
        return _("{entry} is no whole number").format(entry=shown(value))
    return ""


def _one_of(value: object, known: list[str]) -> str:
    if isinstance(value, str) and value.strip().casefold() in [one.casefold() for one in known]:
        return ""
    few = (
        ", ".join(known) if len(known) <= 4 else _("{first} to {last}").format(first=known[0], last=known[-1])
    )
    return _("{entry} is none of {known}").format(entry=shown(value), known=few)


def _all_of(value: object, known: list[str]) -> str:
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list) or not entries:
        return _("it lists nothing: write texts in square brackets")
    spelt = [one.casefold() for one in known]
    for entry in entries:
        if not isinstance(entry, str) or entry.strip().casefold() not in spelt:
            return _("{entry} is none of {known}").format(entry=shown(entry), known=", ".join(known))
    return ""
