"""Rules on the market half: the prize, the industry, the map, the rivals, the first customers."""

from __future__ import annotations

from playbook.chapters.base_area.judge import groups_of
from playbook.chapters.defence.answers import DEFENCE, Lacking, Plan
from playbook.chapters.defence.city import FEW, SMALL, City
from playbook.chapters.defence.finding import Said, Severity, Simulated, rule
from playbook.chapters.summing import count, decimal, share
from playbook.market.traits import TRAITS
from playbook.words import _

#: How many of a director's sections are ranked.
RANKED = 3
#: Of so many benchmark customers that show the profile, one is needed at least.
FITTING = 3
#: How far the whole market may be from what list and completeness make of it.
LEAST_FACTOR, MOST_FACTOR = 0.8, 1.25
#: Most of the whole market that a first year takes: one firm in twenty.
MOST_YEAR_ONE = 0.05
#: How far the share near an office may fall, in the priority districts, behind that of the whole city; and the least.
AWAY, LEAST_NEAR = 0.05, 0.25


@rule(1, Severity.STOP, (3,), 3)
def entry_is_ranked(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The entry industry is among the first three, or everything before it fails one of chapter 3's checks."""
    entry, ranking = plan.text(3, "entry"), plan.texts(3, "ranking")
    if entry in ranking[:RANKED]:
        return None
    before = ranking[: ranking.index(entry)] if entry in ranking else ranking
    open_ones = [
        one for one in before if one in city.checks.index and not bool(city.checks.loc[one, "stopped"])
    ]
    stopped = entry not in city.checks.index or bool(city.checks.loc[entry, "stopped"])
    if not open_ones and not stopped:
        return None
    name = city.section_names.get
    if not open_ones:
        return (
            _("You enter {entry}, which is too small or rests on too few deals.").format(
                entry=name(entry, entry)
            ),
            _(
                "Take the first of your ranking with {small} of the workers and {few} decided deals, or say why in the defence."
            ).format(small=share(SMALL), few=FEW),
        )
    return (
        _(
            "You enter {entry}, which is not among the first three of your ranking, and pass over {first}."
        ).format(entry=name(entry, entry), first=name(open_ones[0], open_ones[0])),
        _("Take {first}, or say in the defence why not.").format(first=name(open_ones[0], open_ones[0])),
    )


@rule(2, Severity.WARN, (2, 3), 3)
def entry_is_large(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The entry industry holds a fair part of the firms that chapter 2 counts."""
    entry = plan.text(3, "entry")
    if entry not in city.firms.index:
        raise Lacking(3, "entry")
    part = float(city.firms[entry] / city.firms.sum())
    if part >= SMALL:
        return None
    return (
        _(
            "The industry that you enter, {entry}, holds {part} of the city's firms: a small part of the prize."
        ).format(entry=city.section_names.get(entry, entry), part=share(part)),
        _("Promise less for year one, or name a second industry that you open when the first is visited."),
    )


def able_cny(plan: Plan, city: City) -> tuple[float, float]:
    """What the hires of chapter 9 can sign in twelve months: experienced sellers over the year, and CNY."""
    months = plan.months(9, "capacity", "month", "capacity")
    draft = sum(max(value, 0.0) for month, value in months.items() if 1 <= month <= 12)
    late = plan.number(9, "hire_by", low=1, high=12)
    added = city.staffing.together * float(city.staffing.worth.loc[: 13 - int(late)].sum())
    sellers = (draft + added) / 12
    return sellers, sellers * city.usual["contracts_year"] * city.usual["value_cny"]


@rule(3, Severity.STOP, (9, DEFENCE), 9)
def promise_can_be_sold(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """What is promised for year one is no more than the sellers of chapter 9 can sign in twelve months."""
    promise = 1e6 * plan.number(DEFENCE, "promise", low=0, high=1e6)
    sellers, able = able_cny(plan, city)
    if promise <= able:
        return None
    able_million = decimal(int(able / 1e4) / 100, 2)
    return (
        _(
            "You promise CNY {promise} million in year one. Your hires are worth {sellers} experienced sellers over the year; they sign CNY {able} million."
        ).format(promise=decimal(promise / 1e6, 2), sellers=decimal(sellers, 1), able=able_million),
        _("Sign for CNY {able} million, or hire earlier.").format(able=able_million),
    )


@rule(4, Severity.WARN, (2, DEFENCE), 2)
def promise_is_modest(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """Year one takes no more than one firm in twenty."""
    tam = plan.number(2, "tam", low=1e-9)
    promise = plan.number(DEFENCE, "promise", low=0, high=1e6)
    if promise <= MOST_YEAR_ONE * tam:
        return None
    return (
        _("Your first year takes {part} of the whole market, more than one firm in twenty.").format(
            part=share(promise / tam, 1)
        ),
        _("Name a city where we did that, or sign for less."),
    )


@rule(5, Severity.NOTE, (2,), 2)
def market_follows_from_the_lists(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The whole market is what the list, its completeness, the need and the value of a contract make of it."""
    tam, unique = plan.number(2, "tam", low=0), plan.number(2, "unique", low=1)
    estimate, size = plan.number(2, "estimate", low=1), city.capacity
    told = size.listed * estimate / unique * size.need * size.value_cny / 1e6
    if LEAST_FACTOR <= tam / told <= MOST_FACTOR:
        return None
    return (
        _(
            "Your whole market is CNY {tam} million a year. By your own list and its completeness it is {told}."
        ).format(tam=count(tam), told=count(told)),
        _("Go through the chain again: firms, completeness, need, value of a contract."),
    )


def heart_of(plan: Plan, city: City) -> list[str]:
    """The priority districts that were answered, as the city spells them."""
    found = city.known(list(plan.column(4, "heart", "district", "share")))
    if not found:
        raise Lacking(4, "heart")
    return found


def offices_of(plan: Plan, city: City) -> list[str]:
    """The districts with an office that were answered."""
    found = city.known(plan.texts(4, "offices"))
    if not found:
        raise Lacking(4, "offices")
    return found


def territories_of_plan(plan: Plan, city: City) -> dict[str, str]:
    """Group by district, of the districts that the answer gives to one."""
    value = plan.value(4, "territories")
    try:
        from playbook.chapters.base_area.summary import as_lists

        found = groups_of(as_lists(value), city.districts)
    except Exception:  # an answer is whatever a notebook bound to a name
        found = {}
    if not found:
        raise Lacking(4, "territories")
    return found


@rule(7, Severity.STOP, (4,), 4)
def priorities_are_worked(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """Every priority district belongs to a group."""
    groups = territories_of_plan(plan, city)
    left = [name for name in heart_of(plan, city) if name not in groups]
    if not left:
        return None
    return (
        _("Nobody works in {districts}, and you call it a priority.").format(districts=", ".join(left)),
        _("Give every priority district to a group."),
    )


@rule(8, Severity.WARN, (4,), 4)
def offices_reach_priorities(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The offices are no farther from the accounts in need of the priority districts than from those of the city."""
    offices, heart = offices_of(plan, city), heart_of(plan, city)
    near, everywhere = city.near_share(offices, heart), city.near_share(offices)
    if near is None or everywhere is None or near >= max(everywhere - AWAY, LEAST_NEAR):
        return None
    return (
        _(
            "Your offices lie away from your priorities: {near} of the accounts in need there are within {km} km, {everywhere} in the whole city."
        ).format(near=share(near), km=count(city.usual["reach_km"]), everywhere=share(everywhere)),
        _("Move an office to a priority district, or change the priorities."),
    )


def worked_first(plan: Plan, city: City) -> tuple[list[str], bool]:
    """The districts that are worked first, and whether the defence says so; else they are the priority districts."""
    if (DEFENCE, "attack") in plan.given:
        return city.known(plan.texts(DEFENCE, "attack")), True
    return heart_of(plan, city), False


@rule(9, Severity.WARN, (4, 6, DEFENCE), 6)
def no_attack_is_kept_out_of(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """No district that is worked first stands on the keep-out list.

    Where the defence does not say which these are, they are the priority districts that are not kept out of; that the
    two lists meet is then worth a note.
    """
    kept_out = city.known(plan.texts(6, "keep_out", empty=True))
    first, chosen = worked_first(plan, city)
    both = [name for name in first if name in kept_out]
    if not both:
        return None
    if chosen:
        return (
            _("You attack in {districts}, where chapter 6 says to keep out.").format(
                districts=", ".join(both)
            ),
            _("Drop it from the districts that you work first, or name the rival's weak spot there."),
        )
    return (
        _("Chapter 4 calls {districts} a priority, and chapter 6 says to keep out.").format(
            districts=", ".join(both)
        ),
        _("Say in the defence whether you attack there, and what is the rival's weak spot."),
        Severity.NOTE,
    )


@rule(10, Severity.STOP, (4, 8), 4)
def groups_have_supervisors(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """There are as many groups on the map as supervisors in the launch plan."""
    groups = len(set(territories_of_plan(plan, city).values()))
    if groups == city.supervisors:
        return None
    return (
        _("Your map has {groups} groups, and the launch plan sends {supervisors} supervisors.").format(
            groups=groups, supervisors=city.supervisors
        ),
        _("Draw as many groups as there are supervisors: one leads each."),
    )


@rule(11, Severity.WARN, (4, 6, DEFENCE), 6)
def next_seller_goes_where_you_attack(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """The next seller goes to a district that is worked first, and to none of the keep-out list.

    Where the defence does not say which are worked first, a district that is no priority is worth a note.
    """
    wanted = city.known(plan.texts(6, "next_seller"))
    if not wanted:
        raise Lacking(6, "next_seller")
    if wanted[0] in city.known(plan.texts(6, "keep_out", empty=True)):
        return (
            _("Your next seller goes to {district}, which stands on your keep-out list.").format(
                district=wanted[0]
            ),
            _("Send the next seller to the best district that you do not keep out of."),
        )
    first, chosen = worked_first(plan, city)
    if wanted[0] in first:
        return None
    if chosen:
        return (
            _("Your next seller goes to {district}, and you do not work there first.").format(
                district=wanted[0]
            ),
            _("Work it first too, or send the next seller to a district that you do."),
        )
    return (
        _("Your next seller goes to {district}, which is none of your priority districts.").format(
            district=wanted[0]
        ),
        _("Say in the defence which districts you work first, and why this seller goes there."),
        Severity.NOTE,
    )


def chosen_accounts(plan: Plan, city: City) -> list[str]:
    """The benchmark customers that were answered, those that are accounts of the city."""
    found = [one for one in plan.texts(7, "plan") if one in city.accounts.index]
    if not found:
        raise Lacking(7, "plan")
    return found


@rule(13, Severity.STOP, (5, 7), 7)
def benchmarks_show_the_profile(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """A third of the benchmark customers, at the least, show half of the profile's traits."""
    chosen, traits = chosen_accounts(plan, city), [one for one in plan.texts(5, "icp") if one in TRAITS]
    if not traits:
        raise Lacking(5, "icp")
    met = city.traits_of(chosen, traits)
    fitting = int((2 * met >= len(traits)).sum())
    if FITTING * fitting >= len(chosen):
        return None
    return (
        _(
            "{fitting} of your {all} benchmark customers show half of your {traits} traits: they are not the kind you look for."
        ).format(fitting=fitting, all=len(chosen), traits=len(traits)),
        _("Choose benchmark customers of the profile, or change the profile."),
    )


@rule(14, Severity.NOTE, (3, 7), 7)
def benchmarks_speak_to_the_entry(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """At least one benchmark customer belongs to the entry industry, if there is a candidate of it."""
    chosen, entry = chosen_accounts(plan, city), plan.text(3, "entry")
    inside = int((city.accounts.loc[chosen, "section"] == entry).sum())
    candidates = city.accounts.loc[city.benchmarks.candidates["account_id"], "section"]
    if inside or not (candidates == entry).any():
        return None
    return (
        _("None of your {all} benchmark customers is in {entry}: nobody there can call a peer.").format(
            all=len(chosen), entry=city.section_names.get(entry, entry)
        ),
        _("Win one of the entry industry too, or say in the defence who speaks for you there."),
    )


@rule(15, Severity.WARN, (4, 7), 7)
def benchmarks_live_where_you_sell(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """At least half of the benchmark customers are in priority districts."""
    chosen, heart = chosen_accounts(plan, city), heart_of(plan, city)
    inside = int(city.accounts.loc[chosen, "district"].isin(heart).sum())
    if 2 * inside >= len(chosen):
        return None
    return (
        _("{inside} of your {all} benchmark customers are in your priority districts.").format(
            inside=inside, all=len(chosen)
        ),
        _("Your references live where you do not sell: choose nearer ones, or say who travels."),
    )


@rule(16, Severity.NOTE, (7,), 7)
def words_fit_the_choice(plan: Plan, city: City, run: Simulated | None = None) -> Said:
    """Who says *typical* has not chosen the largest."""
    if plan.text(7, "first") != "typical":
        return None
    chosen = set(chosen_accounts(plan, city))
    candidates = city.benchmarks.candidates
    largest = set(candidates.nlargest(len(chosen), "employees")["account_id"])
    among = len(chosen & largest)
    if 2 * among <= len(chosen):
        return None
    return (
        _(
            "You say *typical*, and {among} of your {all} benchmark customers are the largest there are."
        ).format(among=among, all=len(chosen)),
        _("Say *famous*, or choose customers that others recognise themselves in."),
    )
