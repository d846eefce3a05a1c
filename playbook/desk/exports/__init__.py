"""The gradebook for other programs: one entry for each form, and nothing else to change for a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from playbook.cases.roster import Roster
from playbook.desk.exports.junit import junit
from playbook.desk.exports.spreadsheets import marks_csv, questions_csv
from playbook.desk.exports.step_summary import step_summary
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.standing import Standing, results_of


@dataclass(frozen=True)
class Cohort:
    """What there is to export.

    Attributes:
        chosen: the attempts that count.
        exercises: ids of all that were graded.
    """

    gradebook: Gradebook
    roster: Roster
    chosen: Sequence[Standing]
    exercises: Sequence[str]


@dataclass(frozen=True)
class Export:
    """A form in which marks leave the gradebook.

    Attributes:
        words: what it is, for people who choose one.
        write: gives its text, in pieces.
        spreadsheet: a file of it begins with the mark by which spreadsheets know UTF-8.
    """

    words: str
    write: Callable[[Cohort], Iterable[str]]
    spreadsheet: bool = False


#: Every form, by what `--format` calls it.
EXPORTS: dict[str, Export] = {
    "csv": Export(
        "marks, as CSV", lambda all: marks_csv(all.chosen, all.roster, all.exercises), spreadsheet=True
    ),
    "questions": Export(
        "each question's outcome, as CSV",
        lambda all: questions_csv(all.gradebook, all.chosen),
        spreadsheet=True,
    ),
    "junit": Export("JUnit XML, for CI", lambda all: junit(results_of(all.gradebook, all.chosen))),
    "summary": Export("Markdown, for GitHub's step page", lambda all: [step_summary(all.chosen)]),
}
