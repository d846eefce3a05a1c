"""A cohort's plans side by side: how far each came, what the best did differently, and which rule most broke."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any

from playbook.cases.case import find_case
from playbook.chapters.defence.answers import DEFENCE
from playbook.chapters.defence.finding import Severity, Simulated
from playbook.chapters.defence.rules import RULES, check_plan
from playbook.errors import PlaybookError
from playbook.exercises.defence import plan_of
from playbook.exercises.plain import from_plain
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.standing import results_of, standings
from playbook.progress import Progress, no_progress
from playbook.simulator.plan import LEVERS, Plan, plan_from

if TYPE_CHECKING:
    from playbook.cases.roster import Roster

#: The question of the defence that holds the levers.
QUESTION = "plan"
#: How many plans are the best, and how many there must be before they are held against the others.
BEST, ENOUGH = 3, 6
#: Differences that are shown: at most so many, each of at least so many standard deviations of all plans, and of at
#: least such a part of the larger mean.
MOST, CLEAR, LARGE = 3, 0.8, 0.15


@dataclass(frozen=True)
class Trait:
    """A number of a plan that can be compared between cities.

    Attributes:
        field: of the plan. more, less: how the best differ, before the noun. noun: what is counted.
    """

    field: str
    more: str
    less: str
    noun: str
    read: Callable[[Any], float] = float
    digits: int = 2

    @property
    def lever(self) -> str:
        """The lever that it belongs to."""
        return next(lever for lever, fields in LEVERS.items() if self.field in fields)


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0


TRAITS = (
    Trait("sections", "More", "Fewer", "sections of industry entered", len, 1),
    Trait("industry_focus", "Higher", "Lower", "focus on the industries entered, 0 to 1"),
    Trait("areas", "More", "Fewer", "priority districts", len, 1),
    Trait("area_focus", "Higher", "Lower", "focus on the priority districts, 0 to 1"),
    Trait("offices", "More", "Fewer", "offices", len, 1),
    Trait("least", "More", "Fewer", "traits that a firm must show", float, 1),
    Trait("profile_focus", "Higher", "Lower", "focus on the ideal customer, 0 to 1"),
    Trait("rival_weight", "More", "Fewer", "visits to firms of a rival, against 1 to another"),
    Trait("benchmarks", "More", "Fewer", "benchmark customers", float, 1),
    Trait("teams", "More", "Fewer", "supervisors", len, 1),
    Trait("heads", "More", "Fewer", "sellers, mean over the quarters", _mean, 1),
    Trait("veterans", "More", "Fewer", "veterans asked to move", float, 1),
    Trait("package", "Higher", "Lower", "package for a veteran, CNY 1,000", float, 0),
    Trait("guarantee", "More", "Fewer", "months of guaranteed pay", float, 1),
    Trait("bench", "Larger", "Smaller", "bench, share of the ripe sellers"),
    Trait("cadence", "Higher", "Lower", "cadence, where 0.6 is weekly and monthly reviews"),
    Trait("follow_up", "Larger", "Smaller", "share of the visits that follow up"),
    Trait("salons", "More", "Fewer", "salons a month", _mean, 1),
    Trait("online", "More", "Less", "money online a month, CNY 1,000", _mean, 0),
    Trait("ecosystem", "More", "Less", "money for partners a month, CNY 1,000", _mean, 0),
    Trait("gate", "Higher", "Lower", "gate, bookings of a ripe seller a month, CNY 1,000", float, 0),
)


@dataclass(frozen=True)
class Defended:
    """One person's plan.

    Attributes:
        run: the grader's run; None where there is none. plan: None where it can't be read; problem: why.
        broken: numbers of the rules that the plan breaks, stops and warnings.
    """

    trainee: str
    name: str
    city: str
    case: str
    run: Simulated | None
    plan: Plan | None
    problem: str = ""
    broken: tuple[int, ...] = ()

    @property
    def traits(self) -> dict[str, float]:
        """The plan in numbers, by field; none where it can't be read."""
        return {one.field: one.read(getattr(self.plan, one.field)) for one in TRAITS} if self.plan else {}


@dataclass(frozen=True)
class Difference:
    """A trait in which the best plans differ from the others: means of both, and the difference in deviations."""

    trait: Trait
    best: float
    others: float
    deviations: float

    @property
    def words(self) -> str:
        digits = self.trait.digits
        return (
            f"{self.trait.more if self.best > self.others else self.trait.less} {self.trait.noun}: "
            f"{self.best:.{digits}f} in the best {BEST}, {self.others:.{digits}f} in the others."
        )


@dataclass(frozen=True)
class Broken:
    """A rule that plans break: how many, and what it asks for."""

    rule: int
    people: int
    asks: str
    back_to: int
    severity: str


@dataclass(frozen=True)
class Debrief:
    """What is said to the room.

    Attributes:
        plans: the largest share of the gap first; those without a run last.
        differences: the clearest first. broken: the rule that most broke first.
    """

    plans: tuple[Defended, ...]
    differences: tuple[Difference, ...]
    broken: tuple[Broken, ...]
    anonymous: bool = False

    def called(self, one: Defended) -> str:
        """What a plan is called on the wall: its maker's name, or a number."""
        return f"Plan {self.plans.index(one) + 1}" if self.anonymous else one.name

    def city(self, one: Defended) -> str:
        """The plan's city; empty where nobody is to be known by it."""
        return "" if self.anonymous else one.city

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data; without names, numbers and cities of people where they are not to be known."""
        plans = []
        for one in self.plans:
            who = {} if self.anonymous else {"trainee": one.trainee, "name": one.name, "city": one.city}
            plans.append(
                {
                    "called": self.called(one),
                    **who,
                    "simulated": one.run.as_record() if one.run else None,
                    "levers": one.traits,
                    "readable": one.plan is not None,
                    "broken": list(one.broken),
                }
            )
        return {
            "schema": 1,
            "anonymous": self.anonymous,
            "plans": plans,
            "differences": [
                {
                    "lever": one.trait.lever,
                    "field": one.trait.field,
                    "best": one.best,
                    "others": one.others,
                    "deviations": one.deviations,
                    "words": one.words,
                }
                for one in self.differences
            ],
            "broken": [vars(one) for one in self.broken],
        }


def debrief(
    book: Gradebook,
    roster: Roster | None = None,
    policy: str = "last",
    anonymous: bool = False,
    progress: Progress = no_progress,
) -> Debrief:
    """Read everybody's plan of chapter 13 and hold them side by side.

    Args:
        roster: for people's names. policy: which attempt counts, ``last`` or ``best``.
        anonymous: name nobody.

    Raises:
        PlaybookError: nobody handed in a plan.
    """
    plans = _read(book, roster or book.roster(), policy, progress)
    if not plans:
        raise PlaybookError(
            "no plan of chapter 13 is in this gradebook",
            where=f"exercise {DEFENCE}",
            remedy="grade the hand-ins of chapter 13 first: playbook grade hand-ins/",
        )
    ranked = sorted(
        plans, key=lambda one: (one.run is None, -(one.run.gap_share if one.run else 0), one.trainee)
    )
    return Debrief(tuple(ranked), tuple(differences(ranked)), tuple(rules_broken(ranked)), anonymous)


def differences(ranked: Sequence[Defended]) -> list[Difference]:
    """What the best plans have more or less of than the others; at most one trait of a lever, the clearest first."""
    read = [one for one in ranked if one.run is not None and one.plan is not None]
    if len(read) < ENOUGH:
        return []
    best, others = ([one.traits for one in some] for some in (read[:BEST], read[BEST:]))
    found: dict[str, Difference] = {}
    for trait in TRAITS:
        here, there = ([values[trait.field] for values in some] for some in (best, others))
        spread = pstdev(here + there)
        if not spread or abs(fmean(here) - fmean(there)) < LARGE * max(fmean(here), fmean(there)):
            continue
        one = Difference(trait, fmean(here), fmean(there), (fmean(here) - fmean(there)) / spread)
        known = found.get(trait.lever)
        if abs(one.deviations) >= CLEAR and (known is None or abs(one.deviations) > abs(known.deviations)):
            found[trait.lever] = one
    return sorted(found.values(), key=lambda one: -abs(one.deviations))[:MOST]


def rules_broken(plans: Sequence[Defended]) -> list[Broken]:
    """Rules that plans break, the most broken first; of two alike, the heavier."""
    counts = Counter(number for one in plans for number in one.broken)
    rules = {one.number: one for one in RULES}
    weight = list(Severity)
    order = sorted(counts, key=lambda number: (-counts[number], weight.index(rules[number].severity), number))
    return [
        Broken(
            rule=number,
            people=counts[number],
            asks=(rules[number].look.__doc__ or "").strip().splitlines()[0],
            back_to=rules[number].back_to,
            severity=str(rules[number].severity),
        )
        for number in order
    ]


def _read(book: Gradebook, roster: Roster, policy: str, progress: Progress) -> list[Defended]:
    numbers = {one.id: one.chapter for one in book.exercises()}
    chosen = [one for one in standings(book, policy, roster) if numbers.get(one.exercise) is not None]
    defended = {one.trainee for one in chosen if numbers[one.exercise] == DEFENCE}
    results: dict[str, dict[str, Mapping[str, Any]]] = {}
    cities: dict[str, str] = {}
    for one, result in results_of(book, [one for one in chosen if one.trainee in defended]):
        results.setdefault(one.trainee, {})[one.exercise] = result
        cities[one.trainee] = one.city or cities.get(one.trainee, "")
    names = {one.filed: one.name for one in roster.trainees if one.name}
    found = []
    for done, (trainee, by_exercise) in enumerate(sorted(results.items()), 1):
        found.append(_defended(trainee, names.get(trainee, trainee), cities[trainee], by_exercise, numbers))
        progress("plans", done, len(results))
    return found


def _defended(
    trainee: str, name: str, city: str, results: Mapping[str, Mapping[str, Any]], numbers: Mapping[str, int]
) -> Defended:
    capstone = next((result for exercise, result in results.items() if numbers[exercise] == DEFENCE), {})
    answers = {
        exercise: {one["question"]: one for one in result.get("questions", ())}
        for exercise, result in results.items()
    }
    run = Simulated.from_record(capstone.get("simulated"))
    asked = next((answers[exercise] for exercise in answers if numbers[exercise] == DEFENCE), {})
    plan, problem = read_plan(asked.get(QUESTION, {}).get("answer"), name)
    case = str(capstone.get("case") or city)
    try:
        known = find_case(case) if case else None
    except PlaybookError:
        known = None
    broken: tuple[int, ...] = ()
    if known is not None:
        findings = check_plan(plan_of(answers, numbers), known, run).findings
        broken = tuple(one.rule for one in findings if one.severity is not Severity.NOTE)
    return Defended(trainee, name, known.city if known else case, case, run, plan, problem, broken)


def read_plan(answer: Any, where: str) -> tuple[Plan | None, str]:
    """A plan from an answer as grading kept it; or None, and what is wrong with it in a sentence."""
    if answer is None:
        return None, "no plan was kept"
    try:
        return plan_from(from_plain(answer), where), ""
    except PlaybookError as error:
        return None, str(error)
    except Exception:  # an answer is whatever a notebook bound to a name
        return None, "its plan has a form that nothing can be read from"
