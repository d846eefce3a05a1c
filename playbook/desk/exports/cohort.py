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
    """

    gradebook: Gradebook
    roster: Roster
    chosen: Sequence[Standing]
    exercises: Sequence[str]
