"""What chapter 4 says to a director: where to rent offices, what they cost, who takes which district, and how a day goes."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.chapters.base_area.judge import groups_of
from playbook.chapters.base_area.problem import area_of, assumptions_of, hall_district
from playbook.chapters.judging import entries_of
from playbook.chapters.summing import (
    GAP,
    Ask,
    Milestone,
    Summary,
    Table,
    column_of,
    count,
    decimal,
    number_of,
    sentences,
    share,
)
from playbook.market.bases import BaseArea, catchments, office_choices, offices_cost
from playbook.market.territories import territories_of
from playbook.words import N_, _, ngettext

SOURCE = N_(
    "QiHang Cloud (invented company): its accounts in need, rents and travelling times as assumed; places of the "
    "districts: GeoNames"
)


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on the base area and the priority areas.

    Args:
        case: the trainee's case.
        answers: by question; ``heart``, ``offices``, ``reach``, ``day`` and ``territories`` are used.
    """
    area, usual = area_of(case), assumptions_of(case)
    names = list(area.km.columns)
    offices = _offices(answers, names)
    group = groups_of(as_lists(answers.get("territories")), names)
    table = _table(area, answers, offices, group)
    if not offices:
        return Summary(weight=40, tables=(table,), source=_(SOURCE), rests_on=("offices",))
    mine = offices_cost(area.need, area.km, offices, area.costs)
    hall = offices_cost(area.need, area.km, [hall_district(case)], area.costs)
    return Summary(
        weight=40,
        lead=ngettext(
            "Rent one small office, in {districts}",
            "Rent {count} small offices: {districts}",
            len(offices),
        ).format(count=len(offices), districts=", ".join(offices)),
        numbers=sentences(
            _(
                "Rent and driving come to CNY {cost} a month; one office at city hall would come to CNY {hall}."
            ).format(cost=count(round(mine.cost_cny, -2)), hall=count(round(hall.cost_cny, -2))),
            _reached(answers, usual),
        ),
        ask=Ask(
            people=_("{sellers} salespeople in 2 groups").format(sellers=count(usual["office_sellers"])),
            money=_("CNY {rent} of rent a month").format(rent=count(mine.rent_cny)),
        ),
        against=_against(area, mine.cost_cny, offices, group, usual["balance"]),
        change=_change(area, usual, len(offices)),
        milestones=(
            Milestone(
                4,
                ngettext(
                    "The lease is signed in {districts}", "The leases are signed in {districts}", len(offices)
                ).format(districts=", ".join(offices)),
            ),
            Milestone(
                13,
                _(
                    "Kilometres and visits of a month are counted by office: one that saves less driving than its rent is given up"
                ),
            ),
        ),
        tables=(table,),
        source=_(SOURCE),
        rests_on=("offices",),
    )


def _offices(answers: Mapping[str, Any], names: list[str]) -> list[str]:
    spelled = {name.casefold(): name for name in names}
    value = answers.get("offices")
    said = [] if value is ... else entries_of(value, "district")
    known = {spelled[one.casefold()] for one in said if isinstance(one, str) and one.casefold() in spelled}
    return [name for name in names if name in known]


def as_lists(value: Any) -> Any:
    """An answer as the judge knows it: a series as its values, a table as its columns."""
    if isinstance(value, pd.Series):
        texts = all(isinstance(one, str) for one in value.index)
        nested = any(isinstance(one, list | tuple) for one in value)
        return value.to_dict() if texts and not nested else value.tolist()
    if isinstance(value, pd.DataFrame):
        return {str(name): list(column) for name, column in value.reset_index().items()}
    return None if value is ... else value


def _reached(answers: Mapping[str, Any], usual: Mapping[str, float]) -> str:
    reach = number_of(answers, "reach")
    if reach is None or not 0 <= reach <= 1:
        return ""
    return _("{part} of the accounts in need lie within {km} km of an office.").format(
        part=share(reach), km=count(usual["reach_km"])
    )


def _against(area: BaseArea, cost: float, offices: list[str], group: Mapping[str, str], band: float) -> str:
    choices = office_choices(area.need, area.km, area.costs)
    choices["cost"] = choices["rent_cny"] + choices["driving_cny"]
    others = choices[choices["offices"].map(set) != set(offices)]
    other = others.loc[others["cost"].idxmin()]
    more = other["cost"] / cost - 1
    second = (
        _("Offices in {districts} would cost {more} more, no great difference.")
        if 0 <= more < 0.05
        else _("Offices in {districts} would cost {more} more.")
        if more >= 0
        else _("Offices in {districts} would cost {more} less.")
    ).format(districts=", ".join(other["offices"]), more=share(abs(more), 1))
    return sentences(second, _uneven(area, group, band))


def _uneven(area: BaseArea, group: Mapping[str, str], band: float) -> str:
    if set(group) != set(area.km.index) or len(set(group.values())) != 2:
        return ""
    split = territories_of(area.need, area.km, group)
    return _(
        "The groups have {fuller} and {emptier} of the accounts in need; {band} from an equal part is allowed."
    ).format(fuller=share(max(split.workload)), emptier=share(min(split.workload)), band=share(band))


def _change(area: BaseArea, usual: Mapping[str, float], number: int) -> str:
    """The rent from which one office fewer is cheaper, each number at its best places."""
    shortest = office_choices(area.need, area.km, area.costs).groupby("count")["driving_cny"].min()
    if number < 2 or number not in shortest.index:
        return ""
    saved = shortest[number - 1] - shortest[number]
    return _(
        "The last office saves CNY {saved} of driving a month. At a rent above that, now CNY {rent}, one office fewer is "
        "cheaper."
    ).format(saved=count(round(saved, -1)), rent=count(usual["rent_cny"]))


def _table(area: BaseArea, answers: Mapping[str, Any], offices: list[str], group: Mapping[str, str]) -> Table:
    heart = column_of(answers, "heart", "district", "share")
    day = column_of(answers, "day", "district", "visits")
    serves = catchments(area.km, offices) if offices else {}
    numbers = {
        one: str(place)
        for place, one in enumerate(dict.fromkeys(group.get(n) for n in area.km.index if n in group), 1)
    }
    by_need = area.need.sort_values(ascending=False, kind="stable")
    return Table(
        caption=_("The districts, by their accounts in need"),
        columns=(
            _("District"),
            _("Accounts in need"),
            _("Share"),
            _("Priority"),
            _("Served from"),
            _("Group"),
            _("Visits a day"),
        ),
        rows=tuple(
            (
                name,
                count(need),
                share(need / by_need.sum()),
                (_("yes") if name in heart else GAP),
                serves.get(name, GAP),
                numbers.get(group.get(name), GAP),
                _visits(day.get(name)),
            )
            for name, need in by_need.items()
        ),
        numbers=(1, 2, 5, 6),
        note=_(
            "An account in need is a firm that said so; each firm is counted once. Visits a day and seller."
        ),
        rests_on=("heart", "offices", "territories", "day"),
    )


def _visits(value: Any) -> str:
    try:
        return decimal(float(value), 0)
    except (TypeError, ValueError):
        return GAP
