"""What there is to export; imports nothing heavy, for commands that only name the forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook.cases.roster import Roster
    from playbook.gradebook.gradebook import Gradebook
    from playbook.gradebook.standing import Standing


@dataclass(frozen=True)
class Cohort:
    """A cohort's marks.

    Attributes:
        chosen: the attempts that count.
        exercises: ids of all that were graded.
        site: address of the published course, for forms that name things by addresses.
        pass_share: share of the points from which an exercise counts as passed, where a form must say so.
    """

    gradebook: Gradebook
    roster: Roster
    chosen: Sequence[Standing]
    exercises: Sequence[str]
    site: str = ""
    pass_share: float = 0.6
