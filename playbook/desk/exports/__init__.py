"""The gradebook for other programs: one entry and one module for each form, and nothing else to change for a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from playbook.desk.exports.cohort import Cohort
from playbook.lazily import named

__all__ = ["EXPORTS", "Cohort", "Export", "forms_in_words"]


@dataclass(frozen=True)
class Export:
    """A form in which marks leave the gradebook.

    Attributes:
        words: what it is, for people who choose one.
        function: ``module:function`` that turns a cohort into text, in pieces; imported when it is used.
        endings: of a file of it.
        spreadsheet: a file of it begins with the mark by which spreadsheets know UTF-8.
        cannot: what it does not carry, in sentences.
    """

    words: str
    function: str
    endings: tuple[str, ...]
    spreadsheet: bool = False
    cannot: tuple[str, ...] = ()

    def write(self, cohort: Cohort) -> Iterable[str]:
        """The text of it, in pieces."""
        return named(self.function)(cohort)


#: Every form, by what `--format` calls it.
EXPORTS: dict[str, Export] = {
    "csv": Export(
        "marks, as CSV", "playbook.desk.exports.marks:marks_csv", (".csv", ".txt"), spreadsheet=True
    ),
    "questions": Export(
        "each question's outcome, as CSV",
        "playbook.desk.exports.questions:questions_csv",
        (".csv", ".txt"),
        spreadsheet=True,
    ),
    "junit": Export("JUnit XML, for CI", "playbook.desk.exports.junit:junit_xml", (".xml",)),
    "summary": Export(
        "Markdown, for GitHub's step page", "playbook.desk.exports.step_summary:summary", (".md", ".txt")
    ),
    "messages": Export(
        "one message for each trainee, for chats",
        "playbook.desk.exports.messages:messages",
        (".txt", ".md"),
        cannot=("A message holds marks: send each to its trainee alone.",),
    ),
    "xapi": Export(
        "xAPI statements, for a record store",
        "playbook.desk.exports.xapi:xapi",
        (".json",),
        cannot=(
            "xAPI statements say nothing of single questions, hints and lateness.",
            "Raw points are whole numbers there: half points are in the scaled score alone.",
        ),
    ),
}


def forms_in_words() -> str:
    """Every form with what it is."""
    return ", ".join(f"{name} ({export.words})" for name, export in EXPORTS.items())
