"""What chapter 6 says to a director: where the next sellers go, whom they meet, why we lose, where none goes."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.chapters.competitors.field import (
    REASONS,
    SOURCE,
    field_of,
    firms_in_need,
    overall_rate,
    reasons_named,
    rival_rates,
)
from playbook.chapters.summing import (
    GAP,
    Ask,
    Milestone,
    Summary,
    Table,
    count,
    decimal,
    number_of,
    sentences,
    share,
    text_of,
    texts_of,
)
from playbook.market.rivals import installed_shares, next_seller
from playbook.words import N_, _, ngettext

#: Sellers whom the chapter places.
SELLERS = 3
#: Weeks after which a kept-out district is looked at again: a quarter.
_AGAIN = 13


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on competitors.

    Args:
        case: the trainee's case.
        answers: by question; ``next_seller``, ``keep_out``, ``hardest``, ``excuse``, ``nobody`` are used.
    """
    field = field_of(case)
    overall = overall_rate(case.win_loss)
    rates = rival_rates(case.win_loss).set_index("rival")
    gains = next_seller(field, overall).set_index("district")
    going = [name for name in texts_of(answers, "next_seller") if name in gains.index][:SELLERS]
    out = [name for name in field["district"] if name in texts_of(answers, "keep_out")]
    hard = text_of(answers, "hardest").upper()
    return Summary(
        weight=30,
        lead=_lead(going, out),
        numbers=sentences(_gain(gains, going), _hard(rates, hard, overall)),
        ask=Ask(
            people=ngettext("{count} more seller", "{count} more sellers", len(going)).format(
                count=len(going)
            )
        )
        if going
        else Ask(),
        against=_against(field, out, answers),
        change=_change(field, out, overall),
        milestones=_milestones(going, out),
        tables=(_rivals(case, rates, hard, answers), _districts(field, gains, going, out)),
        source=_(SOURCE),
        rests_on=("next_seller", "keep_out", "hardest"),
    )


def _lead(going: list[str], out: list[str]) -> str:
    if going and out:
        return _("Send the next sellers to {districts}, and keep out of {out}").format(
            districts=", ".join(going), out=", ".join(out)
        )
    if going:
        return _("Send the next sellers to {districts}").format(districts=", ".join(going))
    return _("Keep out of {out}").format(out=", ".join(out)) if out else ""


def _gain(gains: pd.DataFrame, going: list[str]) -> str:
    if not going:
        return ""
    return (
        _("One more seller adds {first} wins in {district}; the three together add {sum}.").format(
            first=decimal(gains.loc[going[0], "adds"], 1),
            district=going[0],
            sum=decimal(gains.loc[going, "adds"].sum(), 1),
        )
        if len(going) == SELLERS
        else _("One more seller adds {first} wins in {district}.").format(
            first=decimal(gains.loc[going[0], "adds"], 1), district=going[0]
        )
    )


def _hard(rates: pd.DataFrame, hard: str, overall: float) -> str:
    if hard not in rates.index:
        return ""
    row = rates.loc[hard]
    return _(
        "Against {rival} we win {rate} of {decided} decided deals ({low} to {high}), against {overall} over all."
    ).format(
        rival=hard,
        rate=share(row["win_rate"]),
        decided=count(row["decided"]),
        low=share(row["low"]),
        high=share(row["high"]),
        overall=share(overall),
    )


def _against(field: pd.DataFrame, out: list[str], answers: Mapping[str, Any]) -> str:
    given_up = field.loc[field["district"].isin(out), "need"].sum() if out else 0
    left = (
        _("Keeping out of {out} leaves {firms} firms in need to rivals, {part} of the city's.").format(
            out=", ".join(out), firms=count(given_up), part=share(given_up / max(field["need"].sum(), 1))
        )
        if out
        else ""
    )
    nobody = number_of(answers, "nobody")
    return sentences(
        left,
        _("{part} of our lost deals went to no rival at all: the firm bought from nobody.").format(
            part=share(nobody)
        )
        if nobody is not None and 0 <= nobody <= 1
        else "",
    )


def _change(field: pd.DataFrame, out: list[str], overall: float) -> str:
    if not out:
        return ""
    worst = field[field["district"].isin(out)].sort_values("need", ascending=False).iloc[0]
    return _(
        "In {district} we won {won} of {decided} decided deals; the decision falls if the high end of the next "
        "count, now {high}, comes above {overall}."
    ).format(
        district=worst["district"],
        won=count(worst["won"]),
        decided=count(worst["decided"]),
        high=share(worst["high"]),
        overall=share(overall),
    )


def _milestones(going: list[str], out: list[str]) -> tuple[Milestone, ...]:
    found = []
    if going:
        found.append(
            Milestone(
                4, _("The first of the new sellers calls on firms in {district}").format(district=going[0])
            )
        )
    found.append(
        Milestone(8, _("Every buyer of a lost deal is asked for the reason, by somebody who did not sell"))
    )
    if out:
        found.append(
            Milestone(
                _AGAIN,
                _(
                    "Rivals' sellers and our deals in {out} are counted again, and the keep-out list is made anew"
                ).format(out=", ".join(out)),
            )
        )
    return tuple(found) if going or out else ()


def _reasons(case: Any, answers: Mapping[str, Any]) -> tuple[str, str]:
    """What buyers name most, and by how much sellers name the price more often, as answered."""
    reasons = reasons_named(case.win_loss)
    leading = reasons["buyer"].idxmax()
    excuse = number_of(answers, "excuse")
    note = _(
        "Of the lost deals in which both speak, sellers say {leading} in {said} and buyers in {true}; it is the reason "
        "that buyers name most."
    ).format(
        leading=_(REASONS[leading]),
        said=share(reasons.loc[leading, "seller"]),
        true=share(reasons.loc[leading, "buyer"]),
    )
    price = (
        _("Sellers name the price {points} points more often than the buyers of the same deals.").format(
            points=count(100 * excuse)
        )
        if excuse is not None and 0 < excuse < 1
        else ""
    )
    return note, price


def _rivals(case: Any, rates: pd.DataFrame, hard: str, answers: Mapping[str, Any]) -> Table:
    runs = installed_shares(firms_in_need(case)).set_index("rival")["share"]
    marked = (
        _(
            "▸ the rival against whom we surely win less: the high end of the range lies below our rate over all."
        )
        if hard in rates.index
        else ""
    )
    prices = case.rivals[case.rivals["seller_of"] != "ours"].groupby("seller_of")["price_index"].mean()
    return Table(
        caption=_("The rivals that we meet"),
        columns=(
            _("Rival"),
            _("Firms in need that run it"),
            _("Deals decided"),
            _("Won"),
            _("Range of the rate"),
            _("Price (ours = 100)"),
        ),
        rows=tuple(
            (
                f"▸ {name}" if name == hard else str(name),
                share(runs.get(name, 0.0), 1),
                count(row["decided"]),
                share(row["win_rate"]),
                _("{low} to {high}").format(low=share(row["low"]), high=share(row["high"])),
                count(prices.get(name)),
            )
            for name, row in rates.iterrows()
        ),
        numbers=(1, 2, 3, 5),
        note="\n".join(filter(None, (marked, *_reasons(case, answers)))),
        rests_on=("installed", "rates", "hardest", "excuse"),
    )


_ROLE = {"go": N_("next seller"), "out": N_("keep out")}


def _districts(
    field: pd.DataFrame,
    gains: pd.DataFrame,
    going: list[str],
    out: list[str],
) -> Table:
    rows = field.set_index("district").loc[gains.index]
    return Table(
        caption=_("The districts, by what one more seller adds"),
        columns=(
            _("District"),
            _("Firms in need"),
            _("Our sellers"),
            _("Rivals' sellers"),
            _("Rivals' sellers for 100 firms"),
            _("Won"),
            _("One more adds, wins"),
            _("Decision"),
        ),
        rows=tuple(
            (
                str(name),
                count(row["need"]),
                count(row["own"]),
                count(row["rivals"]),
                decimal(row["per_hundred"], 1),
                share(row["win_rate"]),
                decimal(gains.loc[name, "adds"], 1),
                _(_ROLE["go"]) if name in going else _(_ROLE["out"]) if name in out else GAP,
            )
            for name, row in rows.iterrows()
        ),
        numbers=(1, 2, 3, 4, 5, 6),
        rests_on=("next_seller", "keep_out"),
    )
