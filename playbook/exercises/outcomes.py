"""How a question can end, and how that is shown: one vocabulary for notebooks, pages and the browser."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


LOOKS: dict[Outcome, Look] = {
    Outcome.UNATTEMPTED: Look("○", "Not answered yet", "not answered yet", "not answered", "#5f6b7a"),
    Outcome.ERRORED: Look(
        "!", "Stopped with an error", "stopped with an error", "stopped with an error", "#b3261e"
    ),
    Outcome.FAILED: Look("✗", "Not yet", "not yet right", "not right", "#b3261e"),
    Outcome.RECORDED: Look("●", "Recorded", "recorded", "recorded", "#1f5fa8"),
    Outcome.PARTIAL: Look("◐", "Partly right", "partly right", "partly right", "#9a6700"),
    Outcome.PASSED: Look("✓", "Right", "right", "passed", "#1a7f4b"),
}
#: Outcomes after which an answer stands in the City Playbook without the word "draft".
SETTLED = (Outcome.PASSED, Outcome.RECORDED)


def for_browser() -> list[dict[str, str]]:
    """The vocabulary for the browser edition's scripts, in order, the least outcome first."""
    return [
        {"outcome": str(outcome), "sign": look.sign, "words": look.listed} for outcome, look in LOOKS.items()
    ]
