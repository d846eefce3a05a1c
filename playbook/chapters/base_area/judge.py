"""Judges of chapter 4: offices that cost little, and two groups with equal work and short ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from playbook.chapters.base_area.problem import area_of, assumptions_of
from playbook.chapters.judging import Constraint, Judgement, entries_of, shown
from playbook.kept import once_a_case
from playbook.market.bases import best_offices, offices_cost
from playbook.market.territories import best_territories, territories_of
from playbook.words import _, ngettext

_area = once_a_case(area_of)


@once_a_case
def _least_cost(case: Any) -> float:
    area = _area(case)
    return best_offices(area.need, area.km, area.costs).cost_cny


@once_a_case
def _least_driving(case: Any) -> float:
    area = _area(case)
    return best_territories(area.need, area.km, assumptions_of(case)["balance"]).driving


def judge_offices(plan: object, case: Any) -> Judgement:
    """Judge a list of districts with an office: known, each once, at least one; the less they cost, the better.

    Args:
        plan: names of districts; a list, a set, a column, or a table with the column ``district``, as plain data.
        case: the case it was made for; its accounts, districts and assumptions are used.

    Returns:
        A :class:`Judgement`; the objective is the least monthly cost over the plan's, so 1 is the best.
    """
    area = _area(case)
    names = list(area.km.index)
    entries = _as_spelled(entries_of(plan, "district"), names)
    known = [entry for entry in entries if entry in names]
    constraints = (_known(entries, names), _once(known))
    reached = 0.0
    if known:
        reached = _least_cost(case) / offices_cost(area.need, area.km, known, area.costs).cost_cny
    return Judgement(constraints, reached, 1.0)


def judge_territories(plan: object, case: Any) -> Judgement:
    """Judge a split of the districts: all of them, each in one group, two groups, equal work; short ways are better.

    Args:
        plan: two lists of districts, by themselves or by the name of a group; group by district; or a table with the
            columns ``district`` and ``group``; as plain data.
        case: the case it was made for.

    Returns:
        A :class:`Judgement`; the objective is the least mean distance over the plan's, so 1 is the best.
    """
    area = _area(case)
    names = list(area.km.index)
    pairs = [(_as_spelled([name], names)[0], group) for name, group in _pairs(plan, names)]
    group = {name: number for name, number in pairs if name in names}
    counts = Counter(name for name, _number in pairs if name in names)
    constraints = [
        _known([name for name, _number in pairs], names),
        _everyone(names, group),
        _in_one_group(counts),
        _two_groups(group),
    ]
    reached = 0.0
    if set(group) == set(names) and len(set(group.values())) == 2:
        split = territories_of(area.need, area.km, {name: group[name] for name in names})
        band = assumptions_of(case)["balance"]
        constraints.append(_balanced(split, band))
        reached = _least_driving(case) / split.driving
    return Judgement(tuple(constraints), reached, 1.0)


def groups_of(plan: object, names: Iterable[str]) -> dict[str, str]:
    """Group by district, of the districts that a plan gives to one, whatever it came as."""
    names = list(names)
    pairs = [(_as_spelled([name], names)[0], group) for name, group in _pairs(plan, names)]
    return {name: group for name, group in pairs if name in names}


def _as_spelled(entries: Iterable[object], names: Iterable[str]) -> list[object]:
    spelled = {name.casefold(): name for name in names}
    return [
        spelled.get(entry.strip().casefold(), entry) if isinstance(entry, str) else entry for entry in entries
    ]


def _pairs(plan: object, names: list[str]) -> list[tuple[object, str]]:
    """District and group, for each entry of a split; the group is only told from others."""
    if isinstance(plan, Mapping) and plan.get("t") in ("list", "set"):
        plan = plan.get("v")
    if isinstance(plan, Mapping):
        lists = [(str(name), values) for name, values in plan.items() if isinstance(values, list | tuple)]
        if not lists:
            return [(name, repr(group)) for name, group in plan.items()]
        known = [name for name, values in lists if any(one in names for one in _as_spelled(values, names))]
        if len(known) > 1 or not {"district", "index"} & {name for name, _values in lists}:
            return [(one, name) for name, values in lists for one in values]
        places = entries_of(plan, "district") or entries_of(plan, "index")
        rest = [values for name, values in lists if name not in known]
        groups = plan["group"] if isinstance(plan.get("group"), list) else rest[-1] if rest else []
        return [(one, repr(group)) for one, group in zip(places, groups, strict=False)]
    if isinstance(plan, str) or not isinstance(plan, Iterable):
        return [(one, "") for one in entries_of(plan, "district")]
    return [
        (one, str(number))
        for number, part in enumerate(plan)
        for one in entries_of(part, "district") or [part]
    ]


def _known(entries: list[object], names: Iterable[str]) -> Constraint:
    names = list(names)
    if not entries:
        return Constraint("known", False, _("Your plan names no district."))
    strangers = [entry for entry in entries if entry not in names]
    if strangers:
        message = _("{entry} is no district of this city. They are: {districts}.").format(
            entry=shown(strangers[0]), districts=", ".join(names)
        )
        return Constraint("known", False, message)
    return Constraint("known", True, _("Every entry is a district of this city."))


def _once(known: list[object]) -> Constraint:
    twice = [name for name, count in Counter(known).items() if count > 1]
    if twice:
        message = _("{district} stands in your plan twice: it pays rent once.").format(district=twice[0])
        return Constraint("once", False, message)
    return Constraint("once", True, _("Every district stands there once."))


def _everyone(names: list[str], group: Mapping[str, str]) -> Constraint:
    missing = [name for name in names if name not in group]
    if missing:
        message = ngettext(
            "{districts} has no group: its customers would see nobody.",
            "{districts} have no group: their customers would see nobody.",
            len(missing),
        ).format(districts=", ".join(missing))
        return Constraint("all", False, message)
    return Constraint("all", True, _("Every district has a group."))


def _in_one_group(counts: Counter) -> Constraint:
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        message = _("{district} stands in your plan twice: a customer belongs to one group.").format(
            district=shown(twice[0])
        )
        return Constraint("one", False, message)
    return Constraint("one", True, _("No district is shared."))


def _two_groups(group: Mapping[str, str]) -> Constraint:
    count = len(set(group.values()))
    if count != 2:
        message = ngettext(
            "You have two groups, and your plan has {count}: give two lists of districts.",
            "You have two groups, and your plan has {count}: give two lists of districts.",
            count,
        ).format(count=count)
        return Constraint("two", False, message)
    return Constraint("two", True, _("Two groups share the city."))


def _balanced(split: Any, band: float) -> Constraint:
    fuller, emptier = max(split.workload), min(split.workload)
    words = _("The groups have {fuller:.0%} and {emptier:.0%} of the accounts in need.").format(
        fuller=fuller, emptier=emptier
    )
    ok = split.imbalance <= band + 1e-9
    if not ok:
        words += " " + _(
            "Each may have {low:.2%} to {high:.2%}, {band:.0%} from an equal part: move a district."
        ).format(band=band, low=0.5 * (1 - band), high=0.5 * (1 + band))
    return Constraint("balanced", ok, words)
