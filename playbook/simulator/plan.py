"""A plan: seventeen levers, as the answers of chapters 2 to 12 set them. Pure data, checked when it is made."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from playbook.errors import PlaybookError
from playbook.market.traits import TRAITS
from playbook.simulator.parameters import MONTHS, MOST_GROUPS, MOST_VETERANS
from playbook.words import _

QUARTERS, HALVES = 8, 4
#: Sections that the company sells to.
SECTIONS = tuple("CEFGHIJKLM")
#: Least and most of a number, or of each number of a list.
BOUNDS: dict[str, tuple[float, float]] = {
    "industry_focus": (0, 1),
    "area_focus": (0, 1),
    "least": (1, len(TRAITS)),
    "profile_focus": (0, 1),
    "rival_weight": (0, 1.5),
    "benchmarks": (0, 40),
    "teams": (1, MONTHS),
    "heads": (0, 60),
    "veterans": (0, MOST_VETERANS),
    "package": (0, 150),
    "guarantee": (0, 24),
    "bench": (0, 0.5),
    "cadence": (0, 1),
    "follow_up": (0, 1),
    "salons": (0, 8),
    "online": (0, 200),
    "ecosystem": (0, 200),
    "gate": (0, 60),
}
#: How many entries a list has.
LENGTHS = {"heads": QUARTERS, "salons": HALVES, "online": HALVES, "ecosystem": HALVES}
#: Numbers that count something.
WHOLE = ("least", "benchmarks", "teams", "heads", "veterans", "guarantee", "salons")
#: Lists of names.
NAMES = ("sections", "areas", "offices", "profile")
#: The levers, each with the fields that set it.
LEVERS: dict[str, tuple[str, ...]] = {
    "industries": ("sections", "industry_focus"),
    "areas": ("areas", "area_focus"),
    "offices": ("offices",),
    "profile": ("profile", "least", "profile_focus"),
    "rivals": ("rival_weight",),
    "benchmarks": ("benchmarks",),
    "supervisors": ("teams",),
    "heads": ("heads",),
    "veterans": ("veterans", "package"),
    "guarantee": ("guarantee",),
    "bench": ("bench",),
    "cadence": ("cadence",),
    "follow_up": ("follow_up",),
    "salons": ("salons",),
    "online": ("online",),
    "ecosystem": ("ecosystem",),
    "gate": ("gate",),
}


@dataclass(frozen=True)
class Plan:
    """What a reserve manager decides for a city's first 24 months. The defaults are nobody's plan: nothing is aimed.

    Args:
        sections: sections of industry that are entered, letters (chapter 3).
        industry_focus: 0, the same visits to all industries, to 1, only to those entered.
        areas: priority districts by name; none means all (chapter 4).
        area_focus: 0, the same days in every district, to 1, by potential in the priority districts only.
        offices: districts with an office, by name; none means where the city government sits (chapter 4).
        profile: traits of the ideal customer, in the words of chapter 5.
        least: how many of them a firm must show.
        profile_focus: 0, the same visits to all firms, to 1, only to those that fit.
        rival_weight: visits to a firm with a rival's product, against 1 to another (chapter 6).
        benchmarks: benchmark customers that are won first (chapter 7).
        teams: month in which each supervisor's group starts (chapter 8).
        heads: sellers wanted in each of eight quarters; who leaves is replaced (chapter 9).
        veterans: veterans who are asked to move (chapter 9).
        package: relocation package for each, thousand CNY.
        guarantee: months of guaranteed pay for a newcomer.
        bench: share of the ripe sellers who are candidates on the bench (chapter 8).
        cadence: 0 none, .6 weekly and monthly reviews, 1 fourteen-hour days (chapter 10).
        follow_up: share of the visits that follow up (chapter 11).
        salons: salons a month in each of four half-years (chapter 11).
        online: online budget a month in each half-year, thousand CNY.
        ecosystem: budget for partners and word of mouth a month in each half-year, thousand CNY.
        gate: from month 9 on nobody is hired while a ripe seller books less than this a month, thousand CNY;
            0 is no gate (chapter 12).

    Raises:
        PlaybookError: a lever is outside its bounds; the error names it.
    """

    sections: tuple[str, ...] = SECTIONS
    industry_focus: float = 0.0
    areas: tuple[str, ...] = ()
    area_focus: float = 0.0
    offices: tuple[str, ...] = ()
    profile: tuple[str, ...] = (
        "exports",
        "20 staff or more",
        "IT maturity 3 or more",
        "no competitor installed",
    )
    least: int = 2
    profile_focus: float = 0.0
    rival_weight: float = 1.0
    benchmarks: int = 0
    teams: tuple[int, ...] = (1, 1)
    heads: tuple[int, ...] = (20,) * QUARTERS
    veterans: int = 0
    package: float = 0.0
    guarantee: int = 0
    bench: float = 0.0
    cadence: float = 0.4
    follow_up: float = 0.3
    salons: tuple[int, ...] = (0,) * HALVES
    online: tuple[float, ...] = (0.0,) * HALVES
    ecosystem: tuple[float, ...] = (0.0,) * HALVES
    gate: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = _read(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)
        for name in ("sections", "profile"):
            known = SECTIONS if name == "sections" else tuple(TRAITS)
            for entry in getattr(self, name):
                _refuse_stranger(name, entry, known)
        if not self.sections:
            raise _wrong("sections", _("it is empty"), _("Name at least one section of industry."))
        if len(self.teams) > MOST_GROUPS:
            raise _wrong(
                "teams",
                _("it has {count} groups").format(count=len(self.teams)),
                _("Plan at most {most} supervisors.").format(most=MOST_GROUPS),
            )

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON-able data: lists for tuples."""
        return {
            field.name: list(value) if isinstance(value := getattr(self, field.name), tuple) else value
            for field in fields(self)
        }

    def to_json(self) -> str:
        """The plan as the text of a JSON file."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n"


def plan_from(data: object, where: str = "") -> Plan:
    """A plan from data as :meth:`Plan.as_dict` makes it; what is not named keeps its default.

    Args:
        where: the file that the data is from, for errors.

    Raises:
        PlaybookError: the data is no mapping, names a lever that there is not, or a lever is out of bounds.
    """
    if not isinstance(data, Mapping):
        raise PlaybookError(
            _("a plan is a list of levers with their values, and this is something else"),
            where=where,
            remedy=_('Write it as {{"heads": [10, 14, 18, 20, 20, 20, 20, 20]}}.'),
        )
    known = [field.name for field in fields(Plan)]
    try:
        for name in data:
            _refuse_stranger(_("plan"), str(name), known)
        return Plan(**{str(name): value for name, value in data.items()})
    except PlaybookError as error:
        if not where:
            raise
        place = f"{where}, {error.where}" if error.where else where
        raise PlaybookError(error.what, where=place, remedy=error.remedy) from None


def plan_from_json(text: str, where: str = "") -> Plan:
    """A plan from the text of a JSON file.

    Raises:
        PlaybookError: as for :func:`plan_from`, or the text is no JSON.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise PlaybookError(
            _("this is no JSON: {error}").format(error=error),
            where=where,
            remedy=_("Let `playbook simulate jinhua --policy book --json` print a plan, and change that."),
        ) from None
    return plan_from(data, where)


def with_lever(plan: Plan, lever: str, other: Plan) -> Plan:
    """The plan with one lever set as in another plan.

    Raises:
        PlaybookError: there is no such lever.
    """
    _refuse_stranger(_("levers"), lever, tuple(LEVERS))
    return replace(plan, **{name: getattr(other, name) for name in LEVERS[lever]})


def _read(name: str, value: object) -> Any:
    """A field as the plan keeps it: tuples, whole numbers, decimals."""
    listed = name in NAMES or name in LENGTHS or name == "teams"
    if not listed:
        return _number(name, value)
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise _wrong(name, _("{value!r} is no list").format(value=value), _("Write it in square brackets."))
    entries = tuple(value)
    if name in NAMES:
        for entry in entries:
            if not isinstance(entry, str):
                raise _wrong(name, _("{value!r} is no name").format(value=entry), _("Write names in quotes."))
        return tuple(dict.fromkeys(entries))
    if len(entries) != LENGTHS.get(name, len(entries)):
        raise _wrong(
            name,
            _("it has {count} entries").format(count=len(entries)),
            _("Give {wanted} numbers, one for each {period}.").format(
                wanted=LENGTHS[name], period=_("quarter") if name == "heads" else _("half-year")
            ),
        )
    return tuple(_number(name, entry) for entry in entries)


def _number(name: str, value: object) -> int | float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise _wrong(name, _("{value!r} is no number").format(value=value), _("Write a number.")) from None
    low, high = BOUNDS[name]
    if not low <= number <= high:
        raise _wrong(
            name,
            _("{value:g} is out of bounds").format(value=number),
            _("Choose between {low:g} and {high:g}.").format(low=low, high=high),
        )
    if name not in WHOLE:
        return number
    if number != int(number):
        raise _wrong(name, _("{value:g} is no whole number").format(value=number), _("Round it."))
    return int(number)


def _refuse_stranger(name: str, entry: str, known: tuple[str, ...] | list[str]) -> None:
    if entry in known:
        return
    near = difflib.get_close_matches(entry, known, 1)
    remedy = _("Choose among {names}.").format(names=", ".join(known))
    if near:
        remedy = _("Did you mean {name}?").format(name=near[0]) + " " + remedy
    raise _wrong(name, _("there is no {entry!r}").format(entry=entry), remedy)


def refuse_strangers(plan: Plan, districts: tuple[str, ...]) -> None:
    """Check that the districts of a plan are those of a city.

    Raises:
        PlaybookError: one of them is not.
    """
    for name in ("areas", "offices"):
        for entry in getattr(plan, name):
            _refuse_stranger(name, entry, districts)


def _wrong(name: str, what: str, remedy: str) -> PlaybookError:
    return PlaybookError(what, where=_("lever {name}").format(name=name), remedy=remedy)
