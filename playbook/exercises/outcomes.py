"""How a question can end, and how that is shown: one vocabulary for notebooks, pages and the browser."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from playbook.words import _, pgettext


class Outcome(StrEnum):
    """How a question ends, the least first. `recorded` exists in the notebook only: noted, marked later."""

    UNATTEMPTED = "unattempted"
    ERRORED = "errored"
    FAILED = "failed"
    RECORDED = "recorded"
    PARTIAL = "partial"
    PASSED = "passed"


@dataclass(frozen=True)
class Look:
    """How an outcome is shown: never by colour alone.

    Attributes:
        sign: one character.
        word: said at once, in the notebook.
        listed: said in a list of a notebook's questions.
        marked: said of the mark that counts.
        colour: of the sign's ground, dark enough for white letters.
    """

    sign: str
    word: str
    listed: str
    marked: str
    colour: str


def look_of(outcome: Outcome) -> Look:
    """How an outcome is shown, in the language of who reads it."""
    return {
        Outcome.UNATTEMPTED: Look(
            "○",
            _("Not answered yet"),
            pgettext("in a list", "not answered yet"),
            pgettext("mark", "not answered"),
            "#5f6b7a",
        ),
        Outcome.ERRORED: Look(
            "!",
            _("Stopped with an error"),
            pgettext("in a list", "stopped with an error"),
            pgettext("mark", "stopped with an error"),
            "#b3261e",
        ),
        Outcome.FAILED: Look(
            "✗",
            _("Not yet"),
            pgettext("in a list", "not yet right"),
            pgettext("mark", "not right"),
            "#b3261e",
        ),
        Outcome.RECORDED: Look(
            "●", _("Recorded"), pgettext("in a list", "recorded"), pgettext("mark", "recorded"), "#1f5fa8"
        ),
        Outcome.PARTIAL: Look(
            "◐",
            _("Partly right"),
            pgettext("in a list", "partly right"),
            pgettext("mark", "partly right"),
            "#9a6700",
        ),
        Outcome.PASSED: Look(
            "✓", _("Right"), pgettext("in a list", "right"), pgettext("mark", "passed"), "#1a7f4b"
        ),
    }[outcome]


#: Outcomes after which an answer stands in the City Playbook without the word "draft".
SETTLED = (Outcome.PASSED, Outcome.RECORDED)


def for_browser() -> list[dict[str, str]]:
    """The vocabulary for the browser edition's scripts, in order, the least outcome first."""
    looks = [(outcome, look_of(outcome)) for outcome in Outcome]
    return [{"outcome": str(outcome), "sign": look.sign, "words": look.listed} for outcome, look in looks]
