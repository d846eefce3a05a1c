"""What chapter 5 says to a director: whom to visit first, how many visits that is, and how many will be in vain."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.chapters.summing import (
    Ask,
    Milestone,
    Summary,
    Table,
    column_of,
    count,
    decimal,
    share,
    texts_of,
)
from playbook.market.profile import prepare_accounts
from playbook.market.traits import TRAITS, rate_by_traits_met, trait_flags, trait_table
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (invented company), its accounts, each firm once")
#: So many visits tell whether the profile is worth anything.
FIRST_VISITS = 50


def chosen_traits(answers: Mapping[str, Any]) -> list[str]:
    """Those of the chosen traits that exist, in the course's order."""
    chosen = {trait.casefold() for trait in texts_of(answers, "icp")}
    return [trait for trait in TRAITS if trait.casefold() in chosen]


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on the ideal customer.

    Args:
        case: the trainee's case.
        answers: by question; ``icp`` and ``lift`` are used.
    """
    accounts = prepare_accounts(case.accounts)
    traits = chosen_traits(answers)
    lift = column_of(answers, "lift", "measure", "value").get("lift")
    scored = (
        _(
            "The tenth of the accounts with the highest score needs the product {lift} times as often as all."
        ).format(lift=decimal(lift, 1))
        if isinstance(lift, int | float)
        else ""
    )
    if not traits:
        return Summary(weight=30, numbers=scored, source=_(SOURCE), rests_on=("lift",))
    flags = trait_flags(accounts, traits)
    met = rate_by_traits_met(flags, accounts["need"])
    needy, every = int(met["wins"].sum()), met["wins"].sum() / met["accounts"].sum()
    least = _traits_to_visit(met)
    visits, finds = int(met.loc[least:, "accounts"].sum()), int(met.loc[least:, "wins"].sum())
    lead = _("Visit the firms first that fit the profile")
    if not finds:
        return Summary(
            weight=30,
            lead=lead,
            numbers=_("No firm in need has any of these traits: {traits}.").format(traits=_listed(traits)),
            tables=_tables(flags, accounts, met, scored),
            source=_(SOURCE),
            rests_on=("icp",),
        )
    first = min(visits, FIRST_VISITS)
    fit = (
        _("all {count} of these traits").format(count=len(traits))
        if least == len(traits)
        else _("at least {least} of these {count} traits").format(least=least, count=len(traits))
    )
    return Summary(
        weight=30,
        lead=lead,
        numbers=_(
            "{traits}: {visits} accounts have {fit}, and {rate} of them need the product; of all accounts it is {every}."
        ).format(
            traits=_first_up(_listed(traits)),
            visits=count(visits),
            fit=fit,
            rate=share(finds / visits),
            every=share(every),
        ),
        ask=Ask(
            time=_("{visits} visits").format(visits=count(visits)),
            money=_("{each} visits for each firm in need, instead of {other}").format(
                each=decimal(visits / finds, 1), other=decimal(1 / every, 1)
            ),
        ),
        against=_(
            "By the records, {vain} of the {visits} visits find no need, and {missed} of all firms in need do not fit."
        ).format(vain=count(visits - finds), visits=count(visits), missed=share(1 - finds / needy)),
        change=_(
            "If no more than {few} of the first {first} visits find a need, the profile is no better than the list as it "
            "stands."
        ).format(few=count(round(every * first)), first=count(first)),
        milestones=(
            Milestone(
                4,
                _("{first} visits are made, and about {finds} firms in need are found").format(
                    first=count(first), finds=count(round(finds / visits * first))
                ),
            ),
        ),
        tables=_tables(flags, accounts, met, scored),
        source=_(SOURCE),
        rests_on=("icp",),
    )


def _traits_to_visit(met: pd.DataFrame) -> int:
    """The most traits that at least 50 accounts have, or one: a list that is too short is no plan."""
    enough = met["accounts"][::-1].cumsum() >= FIRST_VISITS
    return max(int(enough.idxmax()) if enough.any() else 1, 1)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(traits: list[str]) -> str:
    return ", ".join(map(_, traits))


def _tables(flags: pd.DataFrame, accounts: pd.DataFrame, met: pd.DataFrame, note: str) -> tuple[Table, ...]:
    traits = trait_table(flags, accounts["need"]).loc[list(flags)]
    return (
        Table(
            caption=_("The profile, trait by trait"),
            columns=(_("Trait"), _("Accounts with it"), _("In need, with it"), _("In need, without it")),
            rows=tuple(
                (
                    _(str(trait)),
                    count(row["accounts"]),
                    share(row["rate_with"], 1),
                    share(row["rate_without"], 1),
                )
                for trait, row in traits.iterrows()
            ),
            numbers=(1, 2, 3),
            rests_on=("icp",),
        ),
        Table(
            caption=_("The more traits, the more need"),
            columns=(_("Traits met"), _("Accounts"), _("In need"), _("Share in need")),
            rows=tuple(
                (str(number), count(row["accounts"]), count(row["wins"]), share(row["rate"]))
                for number, row in met.iterrows()
            ),
            numbers=(1, 2, 3),
            note=note,
            rests_on=("icp", "lift"),
        ),
    )
