"""Rules on the running of the city: targets, cadence, money, gates, and what speaks against it all."""

from __future__ import annotations

from playbook.chapters.defence.answers import AGAINST, CHAPTERS, DEFENCE, Lacking, Plan
from playbook.chapters.defence.city import City
from playbook.chapters.defence.finding import Said, Severity, Simulated, rule
from playbook.chapters.phase.problem import NAMES, PHASE_NAMES, mix_problem
from playbook.chapters.phase.reading import mix_of
from playbook.chapters.summing import count, decimal, share, text_of
from playbook.words import _

#: Hours of a seller's day beyond which more leave than is won.
LONGEST_DAY = 10
#: How often a plan is looked at, at the least.
REVIEWS = ("week", "month")
#: Ways to sell at most, and those that live on what customers say.
MOST_WAYS, ON_REFERENCES = 3, ("salon", "ecosystem")
#: Benchmark customers without whom these ways have nobody to speak.
SPEAKERS = 3
#: A weight on the board below which a seller is a learner, as a share of the highest.
LEARNER = 0.6


def targets_of(plan: Plan, city: City) -> dict[str, float]:
    """Contracts by seller of the board, as answered."""
    people = list(city.case.board["seller"])
    found = {
        name: value
        for name, value in plan.numbers(10, "cascade", "seller", "target").items()
        if name in people
    }
    if not found:
        raise Lacking(10, "cascade")
    return found


@rule(26, Severity.STOP, (10,), 10)
def persons_add_up(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The targets of all persons add up to the month's."""
    total, target = sum(targets_of(plan, city).values()), city.usual["month_target"]
    if abs(total - target) < 0.5:
        return None
    return (
        _("Your sellers' targets add up to {total} contracts; the month's target is {target}.").format(
            total=decimal(total, 0) if total == round(total) else decimal(total, 1), target=count(target)
        ),
        _(
            "Share out the whole target by weight, and give what is left by rounding to the largest remainders."
        ),
    )


@rule(27, Severity.NOTE, (9, 10), 10)
def learners_carry_less(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """Nobody who still learns carries the target of an experienced seller."""
    targets = targets_of(plan, city)
    weights = city.case.board.set_index("seller")["weight"].astype(float)
    learners = [name for name in targets if weights[name] < LEARNER * weights.max()]
    full = [targets[name] for name in targets if weights[name] >= LEARNER * weights.max()]
    if not learners or not full:
        return None
    usual = sum(full) / len(full)
    loaded = [name for name in learners if targets[name] >= usual]
    if not loaded:
        return None
    return (
        _(
            "{names} still learns and carries {target} contracts; an experienced seller carries {usual}."
        ).format(names=loaded[0], target=count(targets[loaded[0]]), usual=decimal(usual, 1)),
        _("Let the weights follow the ramp of chapter 9."),
    )


@rule(28, Severity.WARN, (10, DEFENCE), 10)
def cadence_is_kept_and_human(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The plan is looked at every week and every month, and no day is longer than ten hours."""
    reviews = [one.casefold() for one in plan.texts(DEFENCE, "reviews")]
    hours = plan.number(DEFENCE, "day_hours", low=0, high=24)
    if hours > LONGEST_DAY:
        return (
            _("Your sellers' day has {hours} hours: long days cost more sellers than they win.").format(
                hours=decimal(hours, 1) if hours != round(hours) else count(hours)
            ),
            _("Plan days of {most} hours at the most.").format(most=LONGEST_DAY),
        )
    if missing := [one for one in REVIEWS if one not in reviews]:
        return (
            _("Nobody looks at the plan every week.")
            if missing[0] == "week"
            else _("Nobody looks at the plan every month."),
            _("Set a weekly call and a monthly review: bad news travels only where it is asked for."),
        )
    return None


@rule(29, Severity.STOP, (7, 11), 11)
def money_is_shared_out(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The mix spends the budget in at most three ways, and no way that lives on references while the city sows."""
    plan.value(11, "mix")
    problem = mix_problem(city.case)
    try:
        mix = mix_of(plan.answers(11), list(problem.curves.index))
    except Exception:  # an answer is whatever a notebook bound to a name
        mix = {}
    if not mix:
        raise Lacking(11, "mix")
    total = sum(mix.values())
    if abs(total - problem.budget) > 0.01 * problem.budget:
        return (
            _("Your mix spends CNY {total} of a budget of {budget}.").format(
                total=count(1e4 * total), budget=count(1e4 * problem.budget)
            ),
            _("Share out the whole budget, and no more."),
        )
    if len(mix) > MOST_WAYS:
        return (
            _("Your money goes {ways} ways; nobody can lead more than {most} at a time.").format(
                ways=len(mix), most=MOST_WAYS
            ),
            _("Leave out the way whose next win is dearest."),
        )
    preached = [way for way in ON_REFERENCES if way in mix]
    if not preached:
        return None
    phase = plan.column(11, "phases", "city_id", "phase").get("own")
    if phase is None:
        raise Lacking(11, "phases")
    if phase != "sow":
        return None
    if len(plan.texts(7, "plan", empty=True)) < SPEAKERS:
        return (
            _("Your city is {phase}, and {money} of your money goes into {way}.").format(
                phase=_(PHASE_NAMES["sow"]), money=share(mix[preached[0]] / total), way=_(NAMES[preached[0]])
            ),
            _(
                "Salons without references preach to empty chairs: win {count} benchmark customers first."
            ).format(count=SPEAKERS),
        )
    return None


@rule(30, Severity.STOP, (9, 11, DEFENCE), DEFENCE)
def gate_waits_for_the_effect(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The first gate falls when the first hires are ready and their visits have had time to become bookings."""
    gate = plan.number(DEFENCE, "first_gate", low=0, high=120)
    ready = plan.numbers(9, "ramp_months", "beside", "service_month").get("with")
    if ready is None:
        raise Lacking(9, "ramp_months")
    lag = plan.number(11, "lag", low=0, high=24)
    hires = city.staffing.hires
    first = int(hires[hires > 0].index.min())
    earliest = first + ready - 1 + lag
    if gate >= earliest:
        return None
    return (
        _(
            "Your gate falls in month {gate}. The first hires are ready in month {ready}, and the lag from visits to bookings, in months, is {lag}."
        ).format(gate=count(gate), ready=count(first + ready - 1), lag=count(lag)),
        _("Move the gate to month {earliest} or later: before that no effect can show.").format(
            earliest=count(earliest)
        ),
    )


@rule(31, Severity.NOTE, (12, DEFENCE), 12)
def plan_passes_its_own_gate(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The simulated plan passes its own gate in half of the draws."""
    if run is None or run.gate_passed is None:
        raise Lacking(DEFENCE, "")
    if run.gate_passed >= 0.5:
        return None
    return (
        _("In {part} of the simulated runs your plan passes its own gate: it would stop itself.").format(
            part=share(run.gate_passed)
        ),
        _("Move the gate, or mend the plan until it passes in half of the runs."),
    )


@rule(32, Severity.NOTE, (*CHAPTERS,), DEFENCE)
def something_speaks_against_it(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """Every section names a reason against it."""
    begun = [chapter for chapter in CHAPTERS if plan.answers(chapter)]
    if not begun:
        raise Lacking(CHAPTERS[0], AGAINST)
    silent = [chapter for chapter in begun if not text_of(plan.answers(chapter), AGAINST)]
    if not silent:
        return None
    return (
        _("Nothing speaks against your plan in {count} sections: chapters {chapters}.").format(
            count=len(silent), chapters=", ".join(map(str, silent))
        )
        if len(silent) > 1
        else _("Nothing speaks against your plan in the section of chapter {chapter}.").format(
            chapter=silent[0]
        ),
        _("Write down what does: a plan that hides it is found out in the first month."),
    )
