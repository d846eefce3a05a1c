"""A plan as a trainee writes it: levers taken from earlier answers or borrowed, those set here, and the signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from playbook.chapters.defence.answers import DEFENCE, OWN_QUESTIONS, Lacking
from playbook.chapters.defence.answers import Plan as Answers
from playbook.chapters.defence.city import City as Facts
from playbook.chapters.defence.rules_market import heart_of, offices_of
from playbook.chapters.defence.rules_people import hires_of, seeding_of_plan
from playbook.errors import PlaybookError
from playbook.market.traits import TRAITS
from playbook.simulator.parameters import MOST_GROUPS, MOST_VETERANS
from playbook.simulator.plan import BOUNDS, SECTIONS, Plan, plan_from
from playbook.words import N_, _

#: Levers that chapter 13 asks for: shares from 0 to 1, and no other chapter answers them.
SET_HERE = ("industry_focus", "area_focus", "profile_focus", "follow_up")
#: Sections that are taken from earlier answers at most.
MOST_SECTIONS = 3
#: Every lever of a plan, by its name in the plan.
NAMES = tuple(field.name for field in fields(Plan))
#: What a lever is, in a manager's words.
SAID = {
    "sections": N_("the industry of chapter 3, and the largest"),
    "industry_focus": N_("share of the visits aimed at them"),
    "areas": N_("priority districts"),
    "area_focus": N_("share of the days aimed at them"),
    "offices": N_("districts with an office"),
    "profile": N_("traits of the ideal customer"),
    "least": N_("how many of them a firm must show"),
    "profile_focus": N_("share of the visits aimed at such firms"),
    "rival_weight": N_("visits to a rival's customer, against 1 elsewhere"),
    "benchmarks": N_("benchmark customers"),
    "teams": N_("month in which each supervisor starts"),
    "heads": N_("sellers wanted, by quarter"),
    "veterans": N_("veterans who are asked to move"),
    "package": N_("package for each, CNY 1,000"),
    "guarantee": N_("months of guaranteed pay"),
    "bench": N_("share of the experienced sellers on the bench"),
    "cadence": N_("reviews: 0.6 weekly and monthly, 1 fourteen-hour days"),
    "follow_up": N_("share of the visits that follow up"),
    "salons": N_("salons a month, by half-year"),
    "online": N_("online, CNY 1,000 a month, by half-year"),
    "ecosystem": N_("partners, CNY 1,000 a month, by half-year"),
    "gate": N_("bookings of a seller below which hiring stops, CNY 1,000 a month"),
}


@dataclass(frozen=True)
class Lever:
    """One lever of a plan: its value, and the chapter whose own answer it is; None where it is borrowed."""

    name: str
    value: Any
    chapter: int | None = None


def levers_of(answers: Answers, facts: Facts, book: Plan) -> list[Lever]:
    """Every lever but those set here: from the trainee's own answers, else borrowed from the plan by the book.

    Args:
        answers: from :func:`playbook.chapters.defence.answers.gather`. facts: of the case.
        book: the plan by the book in this city.
    """
    found = []
    for name in NAMES:
        if name in SET_HERE:
            continue
        value, chapter = getattr(book, name), None
        if name in _READ:
            chapter, read = _READ[name]
            try:
                value = _fitting(name, read(answers, facts))
            except (Lacking, PlaybookError):
                chapter = None
        found.append(Lever(name, list(value) if isinstance(value, tuple) else value, chapter))
    return found


def _fitting(name: str, value: Any) -> Any:
    """A value as a plan holds it."""
    return getattr(plan_from({name: value}), name)


def _sections(answers: Answers, facts: Facts) -> tuple[str, ...]:
    """The section that is entered first, then the largest: two years are longer than an entry."""
    first = answers.text(3, "entry")
    if first not in SECTIONS:
        raise Lacking(3, "entry")
    return tuple(dict.fromkeys((first, *facts.largest)))[:MOST_SECTIONS]


def _profile(answers: Answers, facts: Facts) -> list[str]:
    found = [one for one in answers.texts(5, "icp") if one in TRAITS]
    if not found:
        raise Lacking(5, "icp")
    return found


def _teams(answers: Answers, facts: Facts) -> list[int]:
    answers.value(8, "sequence")
    return [1] * min(facts.supervisors, MOST_GROUPS)


def _heads(answers: Answers, facts: Facts) -> list[int]:
    """Heads at the end of each quarter of the plan of hires; from then on what chapter 9 says is needed."""
    needed = min(answers.number(9, "needed", low=1, high=1e6), BOUNDS["heads"][1])
    heads = facts.newcomers(hires_of(answers, facts), 12)
    first = [min(round(float(heads.iloc[month])), round(needed)) for month in (2, 5, 8, 11)]
    return [*(max(one, 1) for one in first), *[round(needed)] * 4]


def _veterans(answers: Answers, facts: Facts) -> int:
    return min(len(seeding_of_plan(answers, facts).group), MOST_VETERANS)


def _package(answers: Answers, facts: Facts) -> float:
    answers.number(9, "offer")
    return round(facts.usual["move_once_cny"] / 1000, 1)


def _channel(channel: str) -> Callable[[Answers, Facts], list[float]]:
    """A yearly budget of chapter 11, CNY 10,000, as thousand CNY a month; the first half-year sows by visits alone."""

    def read(answers: Answers, facts: Facts) -> list[float]:
        budget = answers.numbers(11, "mix", "channel", "budget").get(channel, 0.0)
        month = round(max(budget, 0.0) * 10 / 12, 1)
        return [0.0, month, month, month]

    return read


def _salons(answers: Answers, facts: Facts) -> list[int]:
    month = round(_channel("salon")(answers, facts)[1] / 20)
    return [0, month, month, month]


#: By lever, the chapter whose answer it is, and how it is read.
_READ: dict[str, tuple[int, Callable[[Answers, Facts], Any]]] = {
    "sections": (3, _sections),
    "areas": (4, heart_of),
    "offices": (4, offices_of),
    "profile": (5, _profile),
    "benchmarks": (7, lambda answers, facts: len(answers.texts(7, "plan"))),
    "teams": (8, _teams),
    "heads": (9, _heads),
    "veterans": (9, _veterans),
    "package": (9, _package),
    "salons": (11, _salons),
    "online": (11, _channel("online")),
    "ecosystem": (11, _channel("ecosystem")),
}


def set_levers(plan: Any, **levers: Any) -> Any:
    """A plan with some levers set anew: ``set_levers(plan, veterans=0)``.

    Args:
        plan: a plan, or its levers as a dictionary; ``...`` where it is still to come.

    Returns:
        What came in, changed: a plan for a plan, a dictionary for a dictionary; ``...`` while something is open.

    Raises:
        PlaybookError: names the lever that there is not, or that is out of bounds.
    """
    if plan is ... or any(value is ... for value in levers.values()):
        return ...
    if isinstance(plan, Plan):
        return plan_from({**plan.as_dict(), **levers})
    if not isinstance(plan, Mapping):
        raise PlaybookError(
            _("a plan is a list of levers in curly brackets, and this is something else"),
            where="set_levers",
            remedy=_("Copy all that `start_plan(case)` has printed, from the first bracket to the last."),
        )
    plan_from({**{name: plan[name] for name in plan if name in NAMES}, **levers})
    return {**plan, **levers}


def sign(**signed: Any) -> Any:
    """What you sign for, as a dictionary; ``...`` while something is open.

    Raises:
        PlaybookError: names what is not asked for.
    """
    strangers = [name for name in signed if name not in OWN_QUESTIONS]
    if strangers:
        raise PlaybookError(
            _("`{name}` is not asked for").format(name=strangers[0]),
            where="sign",
            remedy=_("Sign for {names}.").format(names=", ".join(OWN_QUESTIONS)),
        )
    if any(value is ... for value in signed.values()):
        return ...
    return dict(signed)


def signed_for(value: Any) -> dict[str, Any]:
    """The answers of chapter 13 that stand in what was signed, by question; empty where it is no such thing."""
    if not isinstance(value, Mapping):
        return {}
    given = {name: value.get(name) for name in OWN_QUESTIONS}
    return {name: one for name, one in given.items() if one is not None and one is not ...}


def own_chapter(plan: Any, signed: Any) -> dict[int, dict[str, Any]]:
    """What chapter 13 adds to the answers of the others."""
    own = signed_for(signed)
    return {DEFENCE: own} if own else {}
