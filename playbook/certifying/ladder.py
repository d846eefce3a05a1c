"""The ladder: what somebody may be appointed to, why not higher, and who is refused whatever the points are.

Levels, and that leaders come from the pool alone, are the source's (S12, S13); what each level takes is the course's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from playbook.certifying.gates import Gate, Status
from playbook.certifying.reviews import DIMENSIONS, Reviewed
from playbook.words import _, ngettext

#: Share of the points from which a chapter counts for the ladder.
DONE = 0.60
#: Chapters that each level takes.
M0_CHAPTERS, M1_CHAPTERS, ALL_CHAPTERS = tuple(range(5)), tuple(range(11)), tuple(range(13))
#: Reviews in the pool that M2 takes, and what each of their four numbers must be on average, as in chapter 8.
QUARTERS, SCORE = 2, 60
#: Of a team of ten, two or three are nominated.
TEAM, NOMINATED = 10, 3


class Level(IntEnum):
    """What somebody may be appointed to."""

    NONE = 0
    M0 = 1
    M1_ELIGIBLE = 2
    M15 = 3
    M2_ELIGIBLE = 4

    @property
    def word(self) -> str:
        """In the reader's language."""
        return {
            Level.NONE: _("not on the ladder yet"),
            Level.M0: _("M0, in the pool"),
            Level.M1_ELIGIBLE: _("M1-eligible: may become a supervisor"),
            Level.M15: _("M1.5, reserve manager"),
            Level.M2_ELIGIBLE: _("M2-eligible: may lead a city"),
        }[self]


@dataclass(frozen=True)
class Facts:
    """What the ladder looks at; None where nobody has said.

    Attributes:
        name: for sentences. shares: of the points, by chapter that is graded.
        capstone: whether the defended plan is graded. gates: the four.
        reviews: the company's, if the file was given and has this person; reviews_given: whether there is a file.
    """

    name: str
    shares: Mapping[int, float] = field(default_factory=dict)
    capstone: bool = False
    gates: tuple[Gate, ...] = ()
    nominated: bool | None = None
    pool_quarters: int | None = None
    from_outside: bool | None = None
    culture: bool | None = None
    red_line: bool | None = None
    top_seller: bool = False
    reviews_given: bool = False
    reviews: Reviewed | None = None


@dataclass(frozen=True)
class Place:
    """Where somebody stands on the ladder.

    Attributes:
        level: the highest that all evidence carries. missing: what the next one takes.
        refused: why nothing is certified whatever the points are; empty if nothing is in the way.
        outstanding: what stands beside the level while something from outside the course is not known.
    """

    level: Level
    missing: tuple[str, ...] = ()
    refused: str = ""
    outstanding: str = ""


def place(facts: Facts) -> Place:
    """The place on the ladder: each step takes all that it asks for, and everything below it."""
    if refused := refusal(facts):
        return Place(Level.NONE, (), refused)
    level = Level.NONE
    for step, asks in _STEPS:
        missing = tuple(asks(facts))
        if missing:
            return Place(level, missing, outstanding=_outstanding(facts, level))
        level = step
    return Place(level)


def refusal(facts: Facts) -> str:
    """Why somebody is refused, whatever the points are; empty if nothing is in the way."""
    if facts.red_line:
        return _(
            "{name} has crossed the red line, as a person has decided: no points make up for it."
        ).format(name=facts.name)
    if facts.nominated is False and facts.top_seller:
        return _(
            "{name} sells most of all, and is not in the pool. Nobody is appointed from outside it: nominate, and wait for two reviews."
        ).format(name=facts.name)
    if facts.nominated is False:
        return _("{name} is not in the pool. Nominate first, and wait for two reviews.").format(
            name=facts.name
        )
    if facts.from_outside and facts.culture is False:
        return _(
            "{name} comes from outside and has not passed the scenarios on culture. Talk them through before the pool is entered."
        ).format(name=facts.name)
    return ""


def _chapters(facts: Facts, wanted: tuple[int, ...]) -> list[str]:
    lacking = [number for number in wanted if facts.shares.get(number, 0.0) < DONE - 1e-9]
    if not lacking:
        return []
    return [
        ngettext(
            "Chapter {chapters} with at least {share} % of the points",
            "Chapters {chapters} with at least {share} % of the points each",
            len(lacking),
        ).format(chapters=", ".join(map(str, lacking)), share=round(100 * DONE))
    ]


def _for_m0(facts: Facts) -> list[str]:
    missing = _chapters(facts, M0_CHAPTERS)
    if facts.nominated is None:
        missing.append(_("A nomination: the roster's column `nominated` says nothing"))
    if facts.from_outside and facts.culture is None:
        missing.append(_("The ten scenarios on culture, for people from outside"))
    return missing


def _for_m1(facts: Facts) -> list[str]:
    return _chapters(facts, M1_CHAPTERS)


def _for_m15(facts: Facts) -> list[str]:
    missing = _chapters(facts, ALL_CHAPTERS)
    if not facts.capstone:
        missing.append(_("The defended plan of chapter 13"))
    for gate in facts.gates:
        if gate.status is not Status.PASSED:
            missing.append(_("The gate {gate}: {status}").format(gate=gate.title, status=gate.status.word))
    if len(facts.gates) < 4:
        missing.append(_("The four gates"))
    return missing


def _for_m2(facts: Facts) -> list[str]:
    if not facts.reviews_given:
        return [_("Reviews of two quarters in the pool: no table of reviews was given")]
    missing = []
    if facts.pool_quarters is None:
        missing.append(_("Quarters in the pool: the roster's column `pool_quarters` says nothing"))
    elif facts.pool_quarters < QUARTERS:
        missing.append(
            _("{needed} quarters in the pool; it is {there}").format(
                needed=QUARTERS, there=facts.pool_quarters
            )
        )
    reviewed = len(facts.reviews.quarters) if facts.reviews else 0
    if reviewed < QUARTERS:
        missing.append(
            ngettext(
                "{needed} quarterly reviews; there is {there}",
                "{needed} quarterly reviews; there are {there}",
                reviewed,
            ).format(needed=QUARTERS, there=reviewed)
        )
    if facts.reviews:
        missing += [
            _("A review of {dimension} of {score} or more; it is {there}").format(
                dimension=said(name), score=SCORE, there=f"{math.floor(10 * facts.reviews.mean[name]) / 10:g}"
            )
            for name in DIMENSIONS
            if facts.reviews.mean[name] < SCORE
        ]
    return missing


_STEPS = (
    (Level.M0, _for_m0),
    (Level.M1_ELIGIBLE, _for_m1),
    (Level.M15, _for_m15),
    (Level.M2_ELIGIBLE, _for_m2),
)


def _outstanding(facts: Facts, level: Level) -> str:
    return _("reviews outstanding") if level is Level.M15 and not facts.reviews_given else ""


def said(dimension: str) -> str:
    """One of the four numbers of a review, in the reader's language."""
    return {
        "results": _("results"),
        "process": _("process"),
        "team": _("team"),
        "strategy": _("strategy"),
    }[dimension]


def crowded(teams: Mapping[str, tuple[int, int]]) -> list[str]:
    """Teams that nominate more than three in ten, in words.

    Args:
        teams: by name, how many there are and how many of them are nominated.
    """
    return [
        _("Team {team} has {nominated} of {all} nominated; two or three of ten are usual.").format(
            team=team, nominated=nominated, all=members
        )
        for team, (members, nominated) in sorted(teams.items())
        if team and nominated > max(1, round(NOMINATED * members / TEAM))
    ]
