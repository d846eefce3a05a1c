"""What chapter 3 says to a director: which industry to enter, why, what speaks against it, and who else was near."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

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
    text_of,
    texts_of,
)
from playbook.market.entry import LEAST_DECIDED, entry_indicators, score_sensitivity, section_overview
from playbook.market.industry import LEAST_SHARE, LEAST_TO_ENTER
from playbook.market.rollout import TEAM_SIZE
from playbook.words import N_, _

SOURCE = N_(
    "Workers: census of 2020 (residents in work). Win rates: QiHang Cloud (invented company), its decided deals"
)
#: What the chapter's director weighs, and how much.
WEIGHTS = {"size": 1, "lq": 3, "win_rate": 6}
#: What the chapter has to give: supervisor groups, and months.
GROUPS, MONTHS = 2, 3
#: Decided deals that a win rate must rest on in this chapter's decision.
ENOUGH = 80
#: Industries passed over that are named.
_MOST_PASSED = 3
_FOR = {
    "size": N_("many people work in it"),
    "lq": N_("the city has more of it than others"),
    "win_rate": N_("we win there often"),
}
_AGAINST = {
    "size": N_("few people work in it"),
    "lq": N_("the city has no more of it than others, or less"),
    "win_rate": N_("we win there seldom"),
}


def compared_sections(case: Any) -> pd.DataFrame:
    """The sections that figure and table compare: large enough, and with enough decided deals.

    Returns:
        ``section``, ``name``, ``city_workers`` (thousand), ``city_share``, ``lq``, ``decided``,
        ``like_for_like``; the most won first.
    """
    table = section_overview(case.workers, case.sections, case.accounts, case.opportunities)
    known = table[(table["decided"] >= LEAST_DECIDED) & (table["city_share"] >= LEAST_SHARE)]
    known = known.dropna(subset=["like_for_like"])
    return known.sort_values("like_for_like", ascending=False, ignore_index=True)


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on the industry to enter.

    Args:
        case: the trainee's case.
        answers: by question; ``entry``, ``entry_reasons``, ``ranking``, ``specialised``, ``hhi``, ``fair`` are used.
    """
    names = {code: _(name) for code, name in case.sections.set_index("section")["name_short"].items()}
    sections = compared_sections(case).set_index("section")
    entry = text_of(answers, "entry").upper()
    ranking = [code.upper() for code in texts_of(answers, "ranking")]
    chosen = sections.loc[entry] if entry in sections.index else None
    name = names.get(entry, "")
    return Summary(
        weight=60,
        lead=_("Enter {industry} first").format(industry=_lower(name)) if name else "",
        numbers=_numbers(chosen) if chosen is not None else "",
        ask=Ask(
            people=_("{groups} supervisors with their groups ({sellers} salespeople)").format(
                groups=GROUPS, sellers=GROUPS * TEAM_SIZE
            ),
            time=_("{months} months").format(months=MONTHS),
        )
        if name
        else Ask(),
        against=_against(answers, sections, names, entry, ranking),
        change=_change(sections, names, entry),
        milestones=(
            Milestone(
                1,
                _("The two supervisor groups make their first visits in {industry}").format(
                    industry=_lower(name)
                ),
            ),
            Milestone(
                13,
                _(
                    "Decided deals in {industry} are counted: at least {rate} won, or the choice is made anew"
                ).format(industry=_lower(name), rate=share(chosen["like_for_like"], 1)),
            ),
        )
        if chosen is not None
        else (),
        tables=(_table(answers, sections, names, ranking),),
        source=_(SOURCE),
        rests_on=("entry",),
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _numbers(chosen: Any) -> str:
    return _(
        "{workers} thousand people work in it, {part} of the city's workers and {times} times the nation's share; "
        "{rate} of {decided} decided deals were won, like for like."
    ).format(
        workers=count(chosen["city_workers"]),
        part=share(chosen["city_share"], 1),
        times=decimal(chosen["lq"]),
        rate=share(chosen["like_for_like"], 1),
        decided=count(chosen["decided"]),
    )


def _against(
    answers: Mapping[str, Any],
    sections: pd.DataFrame,
    names: Mapping[str, str],
    entry: str,
    ranking: list[str],
) -> str:
    against = _reasons(answers, "-", _AGAINST)
    said = (
        _("In {industry}: {reasons}.").format(industry=_lower(names[entry]), reasons="; ".join(against))
        if against and entry in names
        else ""
    )
    passed_over = []
    for code in ranking[: ranking.index(entry)] if entry in ranking else ():
        if code not in sections.index:
            continue
        row = sections.loc[code]
        passed_over.append(
            _("{industry} ({part} of the workers, {decided} decided deals)").format(
                industry=_lower(names[code]), part=share(row["city_share"], 1), decided=count(row["decided"])
            )
        )
    more = len(passed_over) - _MOST_PASSED
    over = (
        _("Higher in the score, and passed over: {industries}.")
        if more <= 0
        else _("Higher in the score, and passed over: {industries}, and {more} more.")
    ).format(industries="; ".join(passed_over[:_MOST_PASSED]), more=more)
    return sentences(said, over if passed_over else "")


def _reasons(answers: Mapping[str, Any], sign: str, words: Mapping[str, str]) -> list[str]:
    """The reasons of one sign that the trainee copied, in words."""
    codes = [one.replace(" ", "").replace("\u2212", "-") for one in texts_of(answers, "entry_reasons")]
    return [_(words[code[1:]]) for code in codes if code.startswith(sign) and code[1:] in words]


def _change(sections: pd.DataFrame, names: Mapping[str, str], entry: str) -> str:
    """How far the choice hangs on the weights, among the industries that pass the same floors as it."""
    sure = sections[(sections["city_share"] >= LEAST_TO_ENTER) & (sections["decided"] >= ENOUGH)]
    if entry not in sure.index:
        sure = sections
    if entry not in sure.index or len(sure) < 2:
        return ""
    rows = sure.reset_index()
    indicators = entry_indicators(
        rows[["section", "city_workers", "city_share", "lq"]], rows[["section", "decided", "like_for_like"]]
    )
    first = score_sensitivity(indicators, WEIGHTS)["first"].sort_values(ascending=False, kind="stable")
    others = first.drop(entry)
    return _(
        "Other priorities: of {number} industries, {industry} comes first under {own} of all ways to weigh size, "
        "specialisation and win rate, {other} under {theirs}."
    ).format(
        number=len(sure),
        industry=_lower(names[entry]),
        own=share(first[entry]),
        other=_lower(names[others.index[0]]),
        theirs=share(others.iloc[0]),
    )


def _table(
    answers: Mapping[str, Any], sections: pd.DataFrame, names: Mapping[str, str], ranking: list[str]
) -> Table:
    hhi = number_of(answers, "hhi")
    spread = (
        _(
            "Concentration of the workers (Herfindahl index) {hhi}: as if {alike} industries of one size shared them."
        ).format(hhi=decimal(hhi, 3), alike=count(1 / hhi))
        if hhi and 0 < hhi <= 1
        else ""
    )
    fair = column_of(answers, "fair", "section", "like_for_like")
    alone = (
        _(
            "Compared with each other alone, {first} wins {one} and {second} {two}, like for like: another mix of leads "
            "than that of all industries above."
        ).format(
            first=_lower(names["C"]),
            one=share(fair["C"], 1),
            second=_lower(names["F"]),
            two=share(fair["F"], 1),
        )
        if {"C", "F"} <= set(fair)
        else ""
    )
    speaks_for = _reasons(answers, "+", _FOR)
    chosen = names.get(text_of(answers, "entry").upper(), "")
    reasons = (
        _("For {industry}: {reasons}.").format(industry=_lower(chosen), reasons="; ".join(speaks_for))
        if speaks_for and chosen
        else ""
    )
    special = [names[code] for code in texts_of(answers, "specialised") if code in names][:3]
    most = (
        _("Of the large industries, the city is most specialised in {industries}.").format(
            industries=", ".join(map(_lower, special))
        )
        if special
        else ""
    )
    return Table(
        caption=_("The industries that were compared"),
        columns=(
            _("Industry"),
            _("Workers, thousand"),
            _("Share of the city"),
            _("Times the nation's share"),
            _("Deals decided"),
            _("Won, like for like"),
            _("Place in the score"),
        ),
        rows=tuple(
            (
                names[str(code)],
                count(row["city_workers"]),
                share(row["city_share"], 1),
                decimal(row["lq"]),
                count(row["decided"]),
                share(row["like_for_like"], 1),
                str(ranking.index(code) + 1) if code in ranking else GAP,
            )
            for code, row in sections.iterrows()
        ),
        numbers=(1, 2, 3, 4, 5, 6),
        note="\n".join(
            filter(
                None,
                (
                    _(
                        "Like for like: as if every industry had the same mix of strong and weak leads. The score weighs the win "
                        "rate 6, specialisation 3, size 1."
                    ),
                    reasons,
                    most,
                    spread,
                    alone,
                ),
            )
        ),
        rests_on=("ranking", "specialised", "hhi", "fair", "entry_reasons"),
    )
