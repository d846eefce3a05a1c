"""What chapter 1 says to a director: what the city lacks most, and how many regions its bench can lead."""

import math
from collections.abc import Mapping
from typing import Any

from playbook.chapters.summing import (
    GAP,
    Ask,
    Milestone,
    Summary,
    Table,
    column_of,
    count,
    decimal,
    sentences,
)
from playbook.market.density import FACTORS, city_densities
from playbook.words import N_, _, ngettext

SOURCE = N_("QiHang Cloud (invented company), its head counts and customers in six cities")
#: Supervisors that a new region has in this chapter's exercise.
SUPERVISORS = 3
#: What the exercise calls a density, and the columns that it divides.
RATIOS = {
    "management": ("managers_ready", "managers_required"),
    "sales": ("rep_equivalents", "reps_required"),
    "market": ("accounts_covered", "accounts_icp"),
}
LACKING = {
    "management": N_("managers"),
    "sales": N_("salespeople"),
    "market": N_("customer relations"),
}
_LEADS = {
    "management": N_("Ask for managers first"),
    "sales": N_("Ask for salespeople first"),
    "market": N_("Ask for customers first: cover more accounts"),
}


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on what binds.

    Args:
        case: the trainee's case; the first row of its densities is the trainee's city.
        answers: by question; ``index``, ``binding`` and ``regions`` are used.
    """
    cities = case.densities
    own = cities[cities["city"] == case.city].iloc[0]
    ratios = {name: float(own[have] / own[need]) for name, (have, need) in RATIOS.items()}
    binding = column_of(answers, "binding", "city", "binding")
    regions = column_of(answers, "regions", "city", "regions")
    lacks = str(binding.get(case.city, "")).strip().casefold()
    opened = regions.get(case.city)
    opened = int(opened) if isinstance(opened, int | float) and math.isfinite(opened) and opened > 0 else 0
    known = lacks in RATIOS
    return Summary(
        weight=20,
        lead=_(_LEADS[lacks]) if known else "",
        numbers=sentences(
            _(
                "Of what is needed: {ready} of {required} managers, {sellers} of {needed} experienced salespeople, "
                "{covered} of {worth} accounts."
            ).format(
                ready=count(own["managers_ready"]),
                required=count(own["managers_required"]),
                sellers=decimal(own["rep_equivalents"], 1),
                needed=count(own["reps_required"]),
                covered=count(own["accounts_covered"]),
                worth=count(own["accounts_icp"]),
            ),
            _bench_sentence(opened) if regions else "",
        ),
        ask=_ask(own, lacks, opened),
        against=_against(own, opened) if opened else "",
        change=_change(own, ratios, lacks) if known else "",
        milestones=_milestones(own, ratios, lacks, opened),
        tables=(_table(cities, answers, binding, regions),),
        source=_(SOURCE),
        rests_on=("binding", "regions"),
    )


def _bench_sentence(opened: int) -> str:
    if not opened:
        return _("The city's bench can lead no new region.")
    return ngettext(
        "The city's bench can lead {opened} new region.",
        "The city's bench can lead {opened} new regions.",
        opened,
    ).format(opened=opened)


def _gap(own: Any, lacks: str) -> int:
    """How many are missing of what is missing most."""
    have, need = RATIOS[lacks]
    return math.ceil(max(float(own[need]) - float(own[have]), 0))


def _ask(own: Any, lacks: str, opened: int) -> Ask:
    gap = _gap(own, lacks) if lacks in ("management", "sales") else 0
    more = _("{gap} more {what}").format(gap=count(gap), what=_(LACKING[lacks])) if gap else ""
    bench = (
        _("{managers} managers and {supervisors} supervisors from the city's own bench").format(
            managers=opened, supervisors=SUPERVISORS * opened
        )
        if opened
        else ""
    )
    return Ask(people="; ".join(filter(None, (more, bench))))


def _against(own: Any, opened: int) -> str:
    return _(
        "Opening {opened} new regions takes {managers} of the {ready} reserve managers and {supervisors} of the "
        "{all} supervisors on the bench away from the teams they lead today."
    ).format(
        opened=opened,
        managers=opened,
        ready=count(own["bench_m15"]),
        supervisors=SUPERVISORS * opened,
        all=count(own["bench_m1"]),
    )


def _next(ratios: Mapping[str, float], lacks: str) -> str:
    """What would be lacking most if this were not."""
    return min((name for name in ratios if name != lacks), key=lambda name: ratios[name])


def _change(own: Any, ratios: Mapping[str, float], lacks: str) -> str:
    second = _next(ratios, lacks)
    have, need = RATIOS[lacks]
    if ratios[second] <= ratios[lacks]:
        return _(
            "By the figures, {second} are lacking more: {one} of what is needed, against {other}."
        ).format(second=_(LACKING[second]), one=decimal(ratios[second]), other=decimal(ratios[lacks]))
    return _("From {least} {what} on (today {today}), {second} are what the city lacks most.").format(
        least=count(math.ceil(ratios[second] * float(own[need]))),
        what=_(LACKING[lacks]),
        today=decimal(own[have], 1) if lacks == "sales" else count(own[have]),
        second=_(LACKING[second]),
    )


def _milestones(own: Any, ratios: Mapping[str, float], lacks: str, opened: int) -> tuple[Milestone, ...]:
    found = []
    if opened:
        found.append(
            Milestone(
                4,
                _("{managers} managers and {supervisors} supervisors for the new regions are named").format(
                    managers=opened, supervisors=SUPERVISORS * opened
                ),
            )
        )
    if lacks in RATIOS and ratios[_next(ratios, lacks)] > ratios[lacks]:
        need = float(own[RATIOS[lacks][1]])
        least = math.ceil(ratios[_next(ratios, lacks)] * need)
        found.append(
            Milestone(
                26,
                _("{least} {what}: what the city lacks most is looked at again").format(
                    least=count(least), what=_(LACKING[lacks])
                ),
            )
        )
    return tuple(found)


def _table(
    cities: Any, answers: Mapping[str, Any], binding: Mapping[str, Any], regions: Mapping[str, Any]
) -> Table:
    index = column_of(answers, "index", "city", "index")
    ratios = city_densities(cities).set_index("city")[list(FACTORS)]

    def pair(row: Any, factor: str, have: str, need: str) -> str:
        decimals = 1 if have == "rep_equivalents" else 0
        return _("{ratio} ({have} of {need})").format(
            ratio=decimal(ratios.loc[row["city"], factor]),
            have=decimal(row[have], decimals),
            need=count(row[need]),
        )

    rows = []
    for _label, row in cities.iterrows():
        lacks = str(binding.get(row["city"], "")).strip().casefold()
        rows.append(
            (
                row["city"],
                *(
                    pair(row, factor, *columns)
                    for factor, columns in zip(FACTORS, RATIOS.values(), strict=True)
                ),
                decimal(index.get(row["city"])),
                _(LACKING[lacks]) if lacks in LACKING else GAP,
                count(regions.get(row["city"])),
            )
        )
    return Table(
        caption=_("What is there of what is needed"),
        columns=(
            _("City"),
            _("Managers ready"),
            _("Salespeople"),
            _("Accounts covered"),
            _("Product of the three"),
            _("Lacks most"),
            _("New regions"),
        ),
        rows=tuple(rows),
        numbers=(1, 2, 3, 4, 6),
        note=_("Salespeople in their first months count as part of an experienced one."),
        rests_on=("index", "binding", "regions"),
    )
