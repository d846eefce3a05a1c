"""Rules on the people: the first step, the work, the calendar, the leaders, the hires, the terms."""

from __future__ import annotations

import pandas as pd

from playbook.chapters.city_choice.reading import quarter_of
from playbook.chapters.defence.answers import DEFENCE, Lacking, Plan
from playbook.chapters.defence.city import City
from playbook.chapters.defence.finding import Said, Severity, Simulated, rule
from playbook.chapters.staffing.reading import seeding_answered
from playbook.chapters.summing import count, decimal, share
from playbook.market.bench import ROLES
from playbook.market.seeding import Seeding, groups_of
from playbook.words import N_, _, ngettext

#: What the three densities are called, and the chapters that widen each.
DENSITIES = {
    "management": (N_("managers"), (8,)),
    "sales": (N_("sellers"), (9,)),
    "market": (N_("relations in the market"), (7, 11)),
}
#: Newcomers whom a supervisor or a veteran can coach at a time, in their first months, and sellers whom one can lead.
COACHED, COACHED_MONTHS, SPAN = 3, 3, 10
#: Chapter 4 rounds visits a day down in each district: half a visit on the average.
ROUNDED_DOWN = 0.5
#: Months after which a veteran's move must be earned back at the latest.
LATEST_BACK = 24
#: Months that the plan of hires covers.
MONTHS = 12


@rule(6, Severity.WARN, (1, DEFENCE), 1)
def first_step_serves_the_bottleneck(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The first step widens the density that binds."""
    binding = plan.column(1, "binding", "city", "binding").get(city.name)
    if binding not in DENSITIES:
        raise Lacking(1, "binding")
    step = plan.text(DEFENCE, "first_step", tuple(DENSITIES))
    if step == binding:
        return None
    return (
        _("Chapter 1 says that {binding} are short, and your first step is about {step}.").format(
            binding=_(DENSITIES[str(binding)][0]), step=_(DENSITIES[step][0])
        ),
        _("Begin with what is short, or say what has changed since the diagnosis."),
    )


def visits_able(plan: Plan, city: City) -> tuple[float, float]:
    """Visits a year that the sellers of chapter 9 can make on the roads of chapter 4, and those that are planned."""
    needed = plan.number(9, "needed", low=0, high=1e6)
    visits = city.mean_visits(plan.numbers(4, "day", "district", "visits"))
    if visits is None:
        raise Lacking(4, "day")
    calls = float((city.case.call_plan["accounts"] * city.case.call_plan["calls_year"]).sum())
    return needed * city.usual["selling_days"] * (max(visits, 0.0) + ROUNDED_DOWN), calls


@rule(12, Severity.STOP, (4, 9), 9)
def roads_allow_the_visits(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The sellers of chapter 9 can make the year's visits on the roads of chapter 4."""
    able, planned = visits_able(plan, city)
    if able >= planned:
        return None
    return (
        _(
            "{needed} sellers make {able} visits a year; the plan asks for {planned}. The roads do not allow so many."
        ).format(needed=count(plan.number(9, "needed")), able=count(able), planned=count(planned)),
        _("Plan fewer visits to C accounts, or hire more sellers."),
    )


def openings_of(plan: Plan, city: City) -> dict[str, int]:
    """Quarter of opening by city, of the cities that open within the year."""
    spelt = {name.casefold(): name for name in city.launch.cities["city"]}
    found = {}
    for name, value in plan.column(8, "sequence", "city", "quarter").items():
        quarter = quarter_of(
            value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
        )
        known = spelt.get(name.strip().casefold())
        if known and isinstance(quarter, int) and 1 <= quarter <= len(city.launch.people):
            found[known] = quarter
    if not found:
        raise Lacking(8, "sequence")
    return found


@rule(17, Severity.STOP, (8, 9), 8)
def hires_wait_for_the_opening(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The plan of hires begins when the city opens; a city that waits hires nobody."""
    openings = openings_of(plan, city)
    hire_by = plan.number(9, "hire_by", low=1, high=MONTHS)
    if city.name in openings:
        return None
    return (
        _(
            "You hire for {city} up to month {month}, and in your calendar {city} does not open this year."
        ).format(city=city.name, month=count(hire_by)),
        _("Open the city in the calendar, or say in the defence whose sellers these are until it opens."),
    )


@rule(18, Severity.STOP, (8, DEFENCE), 8)
def leader_is_in_the_pool(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """Whoever is to lead the city may be appointed."""
    leader = plan.text(DEFENCE, "leader").upper()
    eligible = [one.upper() for one in plan.texts(8, "eligible")]
    if leader in eligible:
        return None
    people = city.case.bench.set_index("person_id")
    if leader not in people.index:
        return (
            _("Nobody on the bench is called {leader}.").format(leader=leader[:20]),
            _("Name one of the people whom chapter 8 lets you appoint: {people}.").format(
                people=", ".join(eligible[:6])
            ),
        )
    in_pool = bool(people.loc[leader, "in_pool"])
    top = leader == people["bookings_10k"].idxmax()
    if in_pool:
        why = _(
            "{leader} is in the pool and may not be appointed yet: chapter 8's list leaves this person out."
        )
    elif top:
        why = _("{leader} sells most of all, and is not in the pool: nobody is appointed from outside it.")
    else:
        why = _("{leader} is not in the pool.")
    return why.format(leader=leader), _("Appoint from the pool, or nominate and wait for two reviews.")


@rule(19, Severity.STOP, (8,), 8)
def bench_carries_the_calendar(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """In no quarter do the openings take more people than there are."""
    openings = openings_of(plan, city)
    people = city.launch.people.copy()
    for role, column in (("supervisors", "M1"), ("leaders", "M2")):
        for quarter, value in plan.months(8, "supply", "quarter", column).items():
            if quarter in people.index:
                people.loc[quarter, role] = value
    takes = city.launch.cities.set_index("city")
    for quarter in people.index:
        opened = [name for name, when in openings.items() if when <= quarter]
        for role in ROLES:
            wanted, there = float(takes.loc[opened, role].sum()), float(people.loc[quarter, role])
            if wanted > there // 1 + 1e-9:
                return (
                    _("In quarter {quarter} your cities take {wanted} {role}, and {there} are there.").format(
                        quarter=quarter,
                        wanted=count(wanted),
                        role=_(ROLE_NAMES[role]),
                        there=count(there // 1),
                    ),
                    _("You open before the bench is ready: let a city wait a quarter."),
                )
    return None


ROLE_NAMES = {"leaders": N_("managers"), "supervisors": N_("supervisors"), "veterans": N_("veterans")}


@rule(20, Severity.WARN, (1, 8), 8)
def calendar_keeps_to_the_benches(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """No more cities open in a year than chapter 1's benches can lead."""
    regions = sum(plan.numbers(1, "regions", "city", "regions").values())
    openings = len(openings_of(plan, city))
    if openings <= regions:
        return None
    return (
        _(
            "Your calendar opens {openings} cities in a year; by chapter 1 all benches together lead {regions}."
        ).format(openings=openings, regions=count(regions)),
        _("Name the leaders whom chapter 1 did not count, or open fewer."),
    )


def seeding_of_plan(plan: Plan, city: City) -> Seeding:
    """The veterans and their groups that were answered."""
    plan.value(9, "seeding")
    try:
        seeding = seeding_answered(plan.answers(9), city.case.veterans)
    except Exception:  # an answer is whatever a notebook bound to a name
        seeding = None
    if seeding is None:
        raise Lacking(9, "seeding")
    return seeding


@rule(21, Severity.STOP, (9,), 9)
def every_group_has_a_veteran(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """At least one veteran in each group."""
    there = set(seeding_of_plan(plan, city).group)
    empty = [group for group in groups_of(city.case.veterans) if group not in there]
    if not empty:
        return None
    ready = city.staffing.ready
    later = int(ready["without"] - ready["with"])
    return (
        ngettext(
            "No veteran goes to {groups}: newcomers there are ready {months} month later, and more of them leave.",
            "No veteran goes to {groups}: newcomers there are ready {months} months later, and more of them leave.",
            later,
        ).format(groups=", ".join(empty), months=later),
        _("Give every group a veteran who is willing, before a second one goes anywhere."),
    )


def hires_of(plan: Plan, city: City) -> pd.Series:
    """People who start in each month: the director's plan, and those whom head office adds in the month answered."""
    month = plan.number(9, "hire_by", low=1, high=MONTHS)
    return city.staffing.with_more(int(month))


def supervisors_of(plan: Plan, city: City) -> tuple[int, Severity]:
    """Supervisors within the year, and what a finding about them weighs: a note where nobody has been asked for them.

    The chapters fix both the hires and the supervisors of the launch; only the defence can ask for more.
    """
    if (DEFENCE, "supervisors") not in plan.given:
        return city.supervisors, Severity.NOTE
    return max(1, int(plan.number(DEFENCE, "supervisors", low=0, high=1000))), Severity.WARN


@rule(22, Severity.WARN, (8, 9, DEFENCE), 9)
def newcomers_are_coached(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """No supervisor and no veteran has more newcomers than can be coached."""
    supervisors, severity = supervisors_of(plan, city)
    seeding = seeding_of_plan(plan, city)
    veterans = sum(group in groups_of(city.case.veterans)[: city.supervisors] for group in seeding.group)
    newcomers = city.newcomers(hires_of(plan, city), COACHED_MONTHS)
    most = COACHED * (supervisors + veterans)
    if newcomers.max() <= most + 0.5:
        return None
    return (
        _(
            "In month {month} you have {people} newcomers; supervisors and veterans together can coach {most}."
        ).format(month=int(newcomers.idxmax()), people=count(newcomers.max()), most=most),
        _("Stagger the hires, or ask for one more supervisor before that month."),
        severity,
    )


@rule(23, Severity.WARN, (8, 9, DEFENCE), 9)
def spans_are_short(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """No supervisor leads more than ten sellers."""
    supervisors, severity = supervisors_of(plan, city)
    heads = city.newcomers(hires_of(plan, city), MONTHS)
    span = float(heads.max() / supervisors)
    if span <= SPAN + 0.05:
        return None
    return (
        _("In month {month} you have {people} sellers, {span} for each supervisor.").format(
            month=int(heads.idxmax()), people=count(heads.max()), span=decimal(span, 1)
        ),
        _("Spans beyond {most} thin out management: ask for one more supervisor before that month.").format(
            most=SPAN
        ),
        severity,
    )


@rule(24, Severity.WARN, (9,), 9)
def package_ends_and_pays(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """A veteran's move is earned back before the package ends."""
    offer, ends = plan.number(9, "offer"), city.usual["move_months"]
    latest = min(ends, LATEST_BACK)
    if 0 < offer <= latest:
        return None
    return (
        _("A veteran's move is earned back after {offer} months, and the package runs for {ends}.").format(
            offer=decimal(offer, 1), ends=count(ends)
        )
        if offer > 0
        else _("A veteran's move is never earned back."),
        _("Ask for more bookings in return, or end the package sooner: a package without an end is a wage."),
    )


@rule(25, Severity.WARN, (9,), 9)
def promotion_costs_nobody(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """Chapter 9's rule of options is right: nobody loses them by being promoted."""
    outcome = plan.outcome(9, "payout")
    if not outcome or outcome == "unattempted":
        raise Lacking(9, "payout")
    if outcome == "passed":
        return None
    return (
        _("Your rule of options lets somebody lose money by becoming a supervisor."),
        _(
            "Pay the same share of the options as of the goal to whoever is promoted above {part} of it."
        ).format(part=share(0.9)),
    )
