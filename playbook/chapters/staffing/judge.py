"""Judge of chapter 9: which veteran goes to which group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from playbook.chapters.judging import Constraint, Judgement, entries_of, shown
from playbook.kept import once_a_case
from playbook.market.seeding import MOST_IN_A_GROUP, Seeding, best_seeding, groups_of, seeding_of
from playbook.words import _

#: What people write for a veteran who stays.
_STAYS = ("stay", "stays", "none", "home", "")


@once_a_case
def _best_fit(case: Any) -> float:
    veterans = case.veterans
    return best_seeding(veterans[veterans["willing"]]).fit


def judge_seeding(plan: object, case: Any) -> Judgement:
    """Judge who goes where: the willing alone, each once, one or two a group, no two of a kind together.

    Args:
        plan: group by veteran: a dictionary, or a table with the columns ``veteran_id`` and ``group``, as plain data.
        case: the case it was made for; its veterans are used.

    Returns:
        A :class:`Judgement`; the objective is the fit in points.
    """
    veterans = case.veterans
    names, groups = list(veterans["veteran_id"]), groups_of(veterans)
    pairs = pairs_of_plan(plan)
    known = [(one, group) for one, group in pairs if one in names]
    sent = {one: group for one, group in known if group in groups}
    found = seeding_of(sent, veterans)
    willing = veterans[veterans["willing"]]
    constraints = (
        _on_the_list([one for one, _group in pairs], names, groups),
        _once([one for one, _group in known]),
        _in_a_group(known, groups),
        _willing(found, sent),
        _all_go(sent, list(willing["veteran_id"])),
        _seeded(found),
        _not_crowded(found, sent),
        _mixed(found, sent),
    )
    return Judgement(constraints, found.fit, _best_fit(case))


def pairs_of_plan(plan: object) -> list[tuple[object, object]]:
    """Veterans and groups of a plan, whatever it came as; whoever is said to stay is left out."""
    if not isinstance(plan, Mapping):
        return [(_name(entry), None) for entry in entries_of(plan, "veteran_id")]
    columns = {name: values for name, values in plan.items() if isinstance(values, list)}
    if columns:
        # Both columns hold texts, so only names tell which is which.
        people = columns.get("veteran_id", columns.get("index", []))
        groups = columns.get("group", [])
        pairs: list[tuple[object, object]] = list(zip(people, groups, strict=False))
        if not pairs:
            pairs = [(entry, None) for entry in entries_of(plan, "veteran_id")]
    else:
        pairs = list(plan.items())
    named = [(_name(one), _name(group)) for one, group in pairs]
    return [(one, group) for one, group in named if not _stays(group)]


def _stays(group: object) -> bool:
    return isinstance(group, str) and group.casefold() in _STAYS


def _name(value: object) -> object:
    """A number of a veteran or group as it is written in the table; anything else as it can be shown to people."""
    if isinstance(value, str):
        return value.strip().upper()
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return shown(value)


def _on_the_list(entries: list[object], names: list[str], groups: list[str]) -> Constraint:
    if not entries:
        return Constraint("known", False, _("Your plan sends nobody. Give each veteran who moves a group."))
    strangers = [entry for entry in entries if entry not in names]
    if entries and set(map(str, entries)) <= set(groups):
        message = _(
            "Your plan has groups and does not say who goes there. End your line with `.group.to_dict()`."
        )
        return Constraint("known", False, message)
    if strangers:
        message = _("{entry} is not on the list of veterans. They are: {names}.").format(
            entry=shown(strangers[0]), names=", ".join(names)
        )
        return Constraint("known", False, message)
    return Constraint("known", True, _("Everybody whom you send is on the list."))


def _once(known: list[object]) -> Constraint:
    twice = [str(name) for name, times in Counter(known).items() if times > 1]
    if twice:
        message = _("{name} is sent to two places at once.").format(name=twice[0])
        return Constraint("once", False, message)
    return Constraint("once", bool(known), _("Nobody is in two places.") if known else _("Nobody is sent."))


def _in_a_group(known: list[tuple[object, object]], groups: list[str]) -> Constraint:
    for one, group in known:
        if group is None:
            message = _(
                "Your plan does not say where {name} goes. End your line with `.group.to_dict()`."
            ).format(name=one)
            return Constraint("groups", False, message)
        if group not in groups:
            message = _("{name} is sent to {group}. The groups are: {groups}.").format(
                name=one, group=shown(group), groups=", ".join(groups)
            )
            return Constraint("groups", False, message)
    message = _("Every group is one of the four.") if known else _("Nobody is sent to a group.")
    return Constraint("groups", bool(known), message)


def _willing(found: Seeding, sent: Mapping) -> Constraint:
    if found.unwilling:
        message = _("{names} does not want to move: ask again, or plan without.").format(
            names=found.unwilling[0]
        )
        return Constraint("willing", False, message)
    message = _("All whom you send want to go.") if sent else _("Nobody is sent who wants to go.")
    return Constraint("willing", bool(sent), message)


def _all_go(sent: Mapping, willing: list[str]) -> Constraint:
    missing = [name for name in willing if name not in sent]
    if missing:
        message = _("{names} would go, and your plan leaves them at home.").format(names=", ".join(missing))
        return Constraint("all", False, message)
    return Constraint("all", True, _("All who want to go are sent."))


def _seeded(found: Seeding) -> Constraint:
    if found.empty:
        message = _(
            "{groups} has no veteran: its newcomers would learn from nobody, and its supervisor would sell and lead at once."
        ).format(groups=_(" and ").join(found.empty))
        return Constraint("one a group", False, message)
    return Constraint("one a group", True, _("Every group has a veteran."))


def _not_crowded(found: Seeding, sent: Mapping) -> Constraint:
    if found.crowded:
        message = _("{group} has more than {most} veterans.").format(
            group=found.crowded[0], most=MOST_IN_A_GROUP
        )
        return Constraint("two a group", False, message)
    message = _("No group has more than two.") if sent else _("No group has anybody.")
    return Constraint("two a group", bool(sent), message)


def _mixed(found: Seeding, sent: Mapping) -> Constraint:
    if found.alike:
        message = _("In {group} two veterans sell in the same way: mix them.").format(group=found.alike[0])
        return Constraint("mixed", False, message)
    message = _("No two in a group sell in the same way.") if sent else _("There is nobody to mix.")
    return Constraint("mixed", bool(sent), message)
