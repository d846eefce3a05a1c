"""What chapter 2 says to a director: how large the prize is, what may be promised, and what caps it."""

from collections.abc import Mapping
from typing import Any

from playbook.chapters.market_capacity.figures import ASSUMED, PAIRS
from playbook.chapters.market_capacity.problem import capacity_of
from playbook.chapters.summing import (
    Ask,
    Milestone,
    Summary,
    Table,
    count,
    decimal,
    millions,
    number_of,
    sentences,
    share,
    text_of,
)
from playbook.words import N_, _

SOURCE = N_("Lists, accounts, contracts and assumptions: QiHang Cloud (invented company)")


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on the market's capacity.

    Args:
        case: the trainee's case.
        answers: by question; ``unique``, ``dependent``, ``estimate``, ``tam``, ``swing`` are used.
    """
    tam = number_of(answers, "tam")
    if tam is None:
        return Summary()
    capacity = capacity_of(case)
    usual, size = capacity.assumed["usual"], capacity.size_of(tam)
    dependent, swing = text_of(answers, "dependent"), text_of(answers, "swing")
    estimate, unique = number_of(answers, "estimate"), number_of(answers, "unique")
    low, high = (end * capacity.there / capacity.firms for end in capacity.range)
    return Summary(
        weight=70,
        lead=_("Sign for CNY {som} million in year one").format(som=millions(size.som)),
        numbers=sentences(
            _("All firms in need would pay CNY {tam} million a year; within reach are {sam} million.").format(
                tam=decimal(tam, 1), sam=millions(size.sam)
            ),
            _("What is hoped for is {wanted} million, what the team can sign {team} million.").format(
                wanted=millions(size.wanted), team=millions(size.capacity)
            ),
        ),
        ask=Ask(
            people=_("{sellers} sellers, counted as experienced ones").format(
                sellers=count(usual["ready_sellers"])
            ),
            time=_("12 months"),
            money=_("CNY {som} million of contracts").format(som=millions(size.som)),
        ),
        against=_("Two of the three lists know each other ({pair}); they are not used together.").format(
            pair=_(PAIRS[dependent]).lower()
        )
        if dependent in PAIRS
        else "",
        change=_change(capacity, swing),
        milestones=(
            Milestone(
                13,
                _(
                    "Contracts of the first quarter are counted: {contracts} a seller, or the number is made anew"
                ).format(contracts=decimal(usual["contracts_year"] / 4, 1)),
            ),
        ),
        tables=(
            Table(
                caption=_("From the prize to the promise"),
                columns=(_("Step"), _("CNY million a year")),
                rows=(
                    (_("All firms in need"), decimal(tam, 1)),
                    (_("Within reach"), millions(size.sam)),
                    (_("Hoped for"), millions(size.wanted)),
                    (_("The team can sign"), millions(size.capacity)),
                ),
                numbers=(1,),
                note=sentences(
                    _("The team is the limit.")
                    if size.capped_by == "team"
                    else _("The market is the limit."),
                    _(
                        "In the test district our list holds {unique} of about {all} firms ({part}); the range is {low} to {high}."
                    ).format(
                        unique=count(unique),
                        all=count(estimate),
                        part=share(unique / estimate, 1),
                        low=count(low),
                        high=count(high),
                    )
                    if unique and estimate and estimate > 0
                    else "",
                ),
                rests_on=("tam", "unique", "estimate"),
            ),
        ),
        source=_(SOURCE),
        rests_on=("tam",),
    )


def _change(capacity: Any, swing: str) -> str:
    if swing not in ASSUMED:
        return ""
    low, _usual, high = capacity.ranges[swing]
    ends = [capacity.size(**{swing: end}).som for end in (low, high)]
    return _(
        "To check first: {assumption}. Over the range of this assumption year one is {least} to {most} million yuan."
    ).format(assumption=_(ASSUMED[swing]).lower(), least=millions(min(ends)), most=millions(max(ends)))
