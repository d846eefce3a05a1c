"""What chapter 0 says to a director: where the company's list stands, how large its firms are, whence it comes."""

from collections.abc import Mapping
from typing import Any

from playbook.chapters.summing import Milestone, Summary, Table, column_of, count, decimal, sentences, share
from playbook.market.firms import ONE_FIRM
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (invented company), its list of prospects as it stands")
#: Where a record of the list comes from, in words.
CAME_FROM = {
    "registry": N_("Business register"),
    "exhibition": N_("Exhibitions"),
    "referral": N_("Recommendations"),
    "web": N_("Website"),
}


def chosen_district(case: Any, answers: Mapping[str, Any]) -> tuple[str, str]:
    """The district that an answer names, and the question it answers; both empty where none does."""
    known = {name.casefold(): name for name in case.accounts["district"].dropna().unique()}
    for question, value in answers.items():
        if isinstance(value, str) and value.strip().casefold() in known:
            return known[value.strip().casefold()], question
    return "", ""


def summary(case: Any, answers: Mapping[str, Any]) -> Summary:
    """The section "The city at a glance".

    Args:
        case: the trainee's case.
        answers: by question; ``average_size`` and ``bars`` are shown, and whichever answer names a district.
    """
    accounts = case.accounts
    counts = accounts["district"].value_counts()
    chosen, question = chosen_district(case, answers)
    first = chosen or str(counts.index[0])
    inside = accounts[accounts["district"] == first]
    twice = int(inside.duplicated(list(ONE_FIRM)).sum())
    behind = counts.drop(first)
    second, most = str(behind.index[0]), int(behind.iloc[0])
    gap = int(counts[first]) - most
    return Summary(
        weight=10,
        lead=_("Look at {district} first").format(district=chosen) if chosen else "",
        numbers=_(
            "{inside} of the {total} prospects on the company's list are in {district} ({part}); {second} has {most}."
        ).format(
            inside=count(len(inside)),
            total=count(len(accounts)),
            district=first,
            part=share(len(inside) / len(accounts)),
            second=second,
            most=count(most),
        ),
        against=_(
            "The list is a list, not the city: in {district}, {twice} entries are firms that stand in it already, "
            "and for {unknown} nobody knows how many people work there."
        ).format(district=first, twice=count(twice), unknown=share(inside["employees"].isna().mean())),
        change=(
            _(
                "If more than {gap} of the entries in {district} turn out to be no prospects, {second} comes first."
            )
            if gap > 0
            else _("By number alone, {second} would come first: it has {less} entries more than {district}.")
        ).format(gap=count(gap), less=count(-gap), district=first, second=second),
        milestones=(
            Milestone(
                2,
                _("The {inside} entries in {district} are checked, and the doubles taken out").format(
                    inside=count(len(inside)), district=first
                ),
            ),
        )
        if chosen
        else (),
        tables=tuple(filter(None, (_districts(case, counts), _sizes(case, answers), _sources(answers)))),
        source=_(SOURCE),
        rests_on=(question,) if question else (),
    )


def _districts(case: Any, counts: Any) -> Table:
    rows = case.city_districts.set_index("district")
    chinese = rows["district_zh"].to_dict()
    people = rows["population_thousand"].to_dict()
    total = counts.sum()
    return Table(
        caption=_("Prospects by district"),
        columns=(
            _("District"),
            _("Prospects on the list"),
            _("Share of the list"),
            _("Residents, thousand (census 2020)"),
        ),
        rows=tuple(
            (
                f"{name}\n{chinese.get(name, '')}".strip(),
                count(number),
                share(number / total),
                count(people.get(name)),
            )
            for name, number in counts.items()
        ),
        numbers=(1, 2, 3),
    )


def _sizes(case: Any, answers: Mapping[str, Any]) -> Table | None:
    sizes = column_of(answers, "average_size", "section", "employees")
    names = case.sections.set_index("section")["name_short"].to_dict()
    known = {section: size for section, size in sizes.items() if section in names}
    if not known:
        return None
    counts = case.accounts["section"].value_counts()
    return Table(
        caption=_("How large the prospects are, by industry"),
        columns=(_("Industry"), _("Employees on average"), _("Prospects on the list")),
        rows=tuple(
            (_(names[section]), decimal(size, 1), count(counts.get(section)))
            for section, size in known.items()
        ),
        numbers=(1, 2),
        note=_("Firms whose headcount nobody knows are left out of the average."),
        rests_on=("average_size",),
    )


def _sources(answers: Mapping[str, Any]) -> Table | None:
    bars = column_of(answers, "bars", "source", "prospects")
    if not bars:
        return None
    numbers = [value for value in bars.values() if isinstance(value, int | float)]
    total = sum(numbers)
    return Table(
        caption=_("Where the list comes from"),
        columns=(_("Origin of the record"), _("Prospects"), _("Share")),
        rows=tuple(
            (
                _(CAME_FROM.get(name, name)),
                count(value),
                share(value / total) if isinstance(value, int | float) and total else sentences(),
            )
            for name, value in bars.items()
        ),
        numbers=(1, 2),
        rests_on=("bars",),
    )
