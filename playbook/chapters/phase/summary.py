"""What chapter 11 says to a director: the phase and its evidence, the verdict, and where the quarter's money goes."""

from collections.abc import Mapping
from typing import Any

from playbook.chapters.phase.problem import (
    NAMES,
    OWN,
    PHASE_NAMES,
    MixProblem,
    PhaseProblem,
    mix_problem,
    phase_problem,
)
from playbook.chapters.phase.reading import mix_of
from playbook.chapters.summing import (
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
from playbook.market.channels import adbudg, mix_wins, next_cost
from playbook.market.phases import VERDICTS
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (invented company): this city, its pilots, and its ways to sell")
_LEADS = {
    "continue": N_("Continue in {city}, and put CNY {money} of the next quarter into {way}"),
    "hold": N_("Hold in {city}: hire nobody, and put CNY {money} of the next quarter into {way}"),
    "stop": N_("Stop hiring and opening in {city}; what is spent, CNY {money} of it, goes into {way}"),
    "": N_("Put CNY {money} of the next quarter into {way}"),
}


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section on phase and model.

    Args:
        case: the trainee's case.
        answers: by question; ``phases``, ``lag``, ``verdict``, ``mix``, ``guests`` are used.
    """
    cities, money = phase_problem(case), mix_problem(case)
    mix = mix_of(answers, list(money.curves.index))
    named = _texts(answers, "phases", "phase", PHASE_NAMES)
    verdict = _texts(answers, "verdict", "verdict", VERDICTS)
    tables = (*_phases(cities, named, verdict), *_mix(money, mix))
    if not mix:
        return Summary(tables=tables, source=_(SOURCE))
    largest = max(mix, key=lambda way: mix[way])
    as_today = money.today * money.budget / money.today.sum()
    own = cities.own
    waits = own["due"] > own["month"]
    return Summary(
        weight=28,
        lead=_(_LEADS[verdict.get(OWN, "")]).format(
            city=case.city, money=count(round(mix[largest], 1) * 10_000), way=_(NAMES[largest])
        ),
        numbers=sentences(
            _(
                "{stock} A and B firms, {growth} times those of a quarter ago; a visit pays after {lag} months, so money is "
                "due in month {due}."
            ).format(
                stock=count(own["ab_stock"]),
                growth=decimal(own["growth"]),
                lag=count(number_of(answers, "lag") if number_of(answers, "lag") is not None else cities.lag),
                due=count(own["due"]),
            ),
            _("The mix brings {wins} wins in the quarter; today's, with the same money, {today}.").format(
                wins=decimal(mix_wins(mix, money.curves), 1),
                today=decimal(mix_wins(as_today, money.curves), 1),
            ),
        ),
        ask=Ask(
            time=_("1 quarter"),
            money=_("CNY {money} for the ways to sell").format(money=count(sum(mix.values()) * 10_000)),
        ),
        against=sentences(
            _("The curves are the company's estimate, and the lag is that of one pilot, {pilot}.").format(
                pilot=cities.oldest
            ),
            _guests(answers),
        ),
        change=_(
            "If bookings do not reach the cost of a quarter, CNY {cost}, by month {month}, one sign less speaks for going on."
        ).format(cost=count(own["cost"] * 10_000), month=count(max(own["due"], own["month"] + 1))),
        milestones=(
            Milestone(
                13,
                _("the mix has run for a quarter, and its wins stand beside the {wins} expected").format(
                    wins=decimal(mix_wins(mix, money.curves), 0)
                ),
            ),
            *(
                (
                    Milestone(
                        round(13 / 3 * (own["due"] - own["month"])),
                        _("the first bookings of the complete team are due"),
                    ),
                )
                if waits
                else ()
            ),
        ),
        tables=tables,
        source=_(SOURCE),
        rests_on=("mix", "verdict", "lag"),
    )


def _texts(answers: Mapping[str, Any], question: str, column: str, known: Any) -> dict[str, str]:
    """What an answered table says of each city, as far as it is one of the words that are known."""
    found = column_of(answers, question, "city_id", column)
    return {
        city: word.strip().casefold()
        for city, word in found.items()
        if isinstance(word, str) and word.strip().casefold() in known
    }


def _phases(cities: PhaseProblem, named: Mapping[str, str], verdict: Mapping[str, str]) -> tuple[Table, ...]:
    if not named and not verdict:
        return ()
    return (
        Table(
            caption=_("Phase and verdict of this city and its pilots"),
            columns=(
                _("City"),
                _("Month"),
                _("A and B firms"),
                _("Rise of bookings"),
                _("Wins not from single talks"),
                _("Phase"),
                _("Verdict"),
            ),
            rows=tuple(
                (
                    _("this city") if row.city_id == OWN else row.city_id,
                    count(row.month),
                    count(row.ab_stock),
                    decimal(row.rise),
                    share(row.beyond),
                    _(PHASE_NAMES[named[row.city_id]]) if row.city_id in named else "–",
                    _verdict_word(verdict.get(row.city_id, "")),
                )
                for row in cities.cities.itertuples()
            ),
            numbers=(1, 2, 3, 4),
            note=_(
                "Rise: bookings of the last three months over those of the three before. The rule is the course's own."
            ),
            rests_on=("phases", "verdict"),
        ),
    )


def _verdict_word(verdict: str) -> str:
    return {"continue": _("continue"), "hold": _("hold"), "stop": _("stop")}.get(verdict, "–")


def _mix(money: MixProblem, mix: Mapping[str, float]) -> tuple[Table, ...]:
    if not mix:
        return ()
    after = next_cost(money.curves, mix)
    return (
        Table(
            caption=_("The mix of the next quarter"),
            columns=(
                _("Way to sell"),
                _("Last quarter, CNY 10,000"),
                _("Next quarter, CNY 10,000"),
                _("Wins"),
                _("A win of the last year, CNY"),
                _("Then the next win, CNY"),
            ),
            rows=tuple(
                (
                    _(NAMES[way]),
                    decimal(money.today[way], 1),
                    decimal(mix.get(way, 0.0), 1),
                    decimal(
                        float(adbudg(mix.get(way, 0.0), *money.curves.loc[way, ["top", "c", "half_10k"]])), 1
                    ),
                    count(money.average[way] * 10_000),
                    count(after[way] * 10_000) if way in mix else "–",
                )
                for way in money.curves.index
            ),
            numbers=(1, 2, 3, 4, 5),
            note=_("Sellers' pay included. Wins are read from the company's response curves."),
            rests_on=("mix",),
        ),
    )


def _guests(answers: Mapping[str, Any]) -> str:
    guests = number_of(answers, "guests")
    if guests is None or guests <= 0:
        return ""
    return _("A salon with fewer than {guests} guests costs more a win than the next single talk.").format(
        guests=count(guests)
    )
