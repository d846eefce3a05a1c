"""The certificate of each person: gates, place on the ladder, what is missing, and what a person should look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playbook.cases.case import Case, find_case
from playbook.cases.roster import Roster
from playbook.certifying.evidence import Evidence, gather_evidence
from playbook.certifying.gates import CAPSTONE, Gate, four_gates
from playbook.certifying.ladder import Facts, Place, crowded, place
from playbook.certifying.marks import Mark
from playbook.certifying.people import People, Person
from playbook.certifying.questions import Question, three_questions
from playbook.certifying.reviews import DIMENSIONS, Reviewed
from playbook.chapters.defence.city import City
from playbook.chapters.defence.rules import Checked, check_plan
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from playbook.words import _


@dataclass(frozen=True)
class Certificate:
    """One person's.

    Attributes:
        city: as it is called. place: on the ladder. gates: the four.
        checked: what the rules say; None without a plan. reviews: the company's, shown as they are.
        to_look_at: what looked odd about hand-ins: a person decides, with the notebooks in hand.
        questions: three for the defence.
    """

    person: str
    name: str
    city: str
    place: Place
    gates: tuple[Gate, ...]
    checked: Checked | None
    marks: tuple[Mark, ...]
    reviews: Reviewed | None
    to_look_at: tuple[str, ...]
    questions: tuple[Question, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {
            "person": self.person,
            "name": self.name,
            "city": self.city,
            "level": self.place.level.name,
            "refused": self.place.refused,
            "outstanding": self.place.outstanding,
            "missing": list(self.place.missing),
            "gates": [one.as_dict() for one in self.gates],
            "rules": self.checked.as_dict() if self.checked else None,
            "marks": [{"assessor": one.assessor, "points": list(one.points)} for one in self.marks],
            "reviews": None
            if self.reviews is None
            else {
                "quarters": list(self.reviews.quarters),
                "raters": self.reviews.raters,
                **{
                    name: {
                        "mean": round(self.reviews.mean[name], 1),
                        "low": self.reviews.low[name],
                        "high": self.reviews.high[name],
                    }
                    for name in DIMENSIONS
                },
            },
            "to_look_at": list(self.to_look_at),
        }


@dataclass(frozen=True)
class Cohort:
    """Everybody's certificates, in order of names, and what is odd about teams."""

    certificates: tuple[Certificate, ...]
    remarks: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {
            "schema": 1,
            "certificates": [one.as_dict() for one in self.certificates],
            "remarks": list(self.remarks),
        }


#: People of whom nobody knows that are named.
_SHOWN = 10


@dataclass
class Cities:
    """Facts of cities, each computed once for a cohort."""

    found: dict[str, City] = field(default_factory=dict)

    def get(self, name: str) -> City | None:
        """The facts of a case that ships, or of one in a folder; None where there is no such case."""
        if not name:
            return None
        if name not in self.found:
            try:
                case: Case = find_case(name)
            except PlaybookError:
                return None
            self.found[name] = City(case)
        return self.found[name]


def certify(
    book: Gradebook,
    *,
    roster: Roster | None = None,
    people: People | None = None,
    reviews: Mapping[str, Reviewed] | None = None,
    marks: Mapping[str, Sequence[Mark]] | None = None,
    wanted: Iterable[str] | None = None,
    policy: str = "last",
) -> Cohort:
    """Certificates from what a gradebook holds and from what the company says.

    Args:
        roster: names and cities; default the gradebook's. Whoever is on it gets a certificate, handed in or not.
        people: what the roster says about the pool. reviews: the company's; None where no table was given.
        marks: of the defences. wanted: certificates of these alone.
        policy: which attempt counts.
    """
    roster = book.roster() if roster is None else roster
    everybody = {*book.trainees(), *(one.filed for one in roster.trainees)}
    chosen = sorted(everybody if wanted is None else set(wanted))
    people = people or People({})
    cities = Cities()
    certificates = []
    for person, evidence in gather_evidence(book, chosen, policy).items():
        enrolled = roster.find(person)
        known = people.get(person)
        given = (marks or {}).get(person, ())
        reviewed = (reviews or {}).get(person)
        city = cities.get(enrolled.city if enrolled and enrolled.city else evidence.city)
        certificates.append(
            certificate(
                evidence,
                known,
                name=known.name or (enrolled.name if enrolled else "") or person,
                city=city,
                marks=tuple(given),
                reviews=reviewed,
                reviews_given=reviews is not None,
                top_seller=people.top_seller == person,
            )
        )
    teams: dict[str, tuple[int, int]] = {}
    for one in people.by_id.values():
        members, nominated = teams.get(one.team, (0, 0))
        teams[one.team] = (members + 1, nominated + bool(one.nominated))
    strangers = sorted({*(reviews or {}), *(marks or {})} - everybody)
    return Cohort(
        tuple(sorted(certificates, key=lambda one: (one.name.casefold(), one.person))),
        (*crowded(teams), *_unknown(strangers, roster)),
    )


def _unknown(names: Sequence[str], roster: Roster) -> list[str]:
    """Whose reviews or marks count for nobody, and why; the first of them, and how many more there are."""
    told = []
    for name in names[:_SHOWN]:
        alike = ", ".join(one.id for one in roster.named(name))
        if near := ", ".join(one.id for one in roster.nearly(name)):
            said = _("{name} has reviews or marks, and has lost its zeros: the roster has {near}.")
            told.append(said.format(name=name, near=near))
        elif alike:
            said = _("{name} has reviews or marks, and may be {alike}: write the id.")
            told.append(said.format(name=name, alike=alike))
        else:
            said = _("{name} has reviews or marks, and nobody of that name or id is on the roster.")
            told.append(said.format(name=name))
    if len(names) > _SHOWN:
        told.append(_("and {count} more").format(count=len(names) - _SHOWN))
    return told


def certificate(
    evidence: Evidence,
    known: Person,
    *,
    name: str,
    city: City | None,
    marks: tuple[Mark, ...] = (),
    reviews: Reviewed | None = None,
    reviews_given: bool = False,
    top_seller: bool = False,
) -> Certificate:
    """One person's certificate."""
    checked = check_plan(evidence.plan, city, evidence.simulated) if city and evidence.plan.given else None
    gates = four_gates(evidence, checked, marks)
    capstone = evidence.chapters.get(CAPSTONE)
    culture = known.culture if known.culture is not None else evidence.culture
    facts = Facts(
        name=name,
        shares={one.number: one.share for one in evidence.chapters.values() if one.graded},
        capstone=bool(capstone and capstone.graded),
        gates=gates,
        nominated=known.nominated,
        pool_quarters=known.pool_quarters,
        from_outside=known.from_outside,
        culture=culture,
        red_line=known.red_line,
        top_seller=top_seller,
        reviews_given=reviews_given,
        reviews=reviews,
    )
    return Certificate(
        person=evidence.person,
        name=name,
        city=str(city.case) if city else "",
        place=place(facts),
        gates=gates,
        checked=checked,
        marks=marks,
        reviews=reviews,
        to_look_at=evidence.remarks,
        questions=three_questions(evidence, checked, city),
    )
