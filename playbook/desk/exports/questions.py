"""Each question's outcome as CSV, a line for each trainee and question."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.desk.exports.cohort import Cohort
from playbook.desk.exports.csv_text import write_csv
from playbook.gradebook.standing import results_of

COLUMNS = ("trainee", "exercise", "question", "title", "outcome", "points", "max_points", "own", "unseen", "message", "hint")  # fmt: skip


def questions_csv(cohort: Cohort) -> Iterator[str]:
    """Lines of the sheet."""
    rows = (
        {"trainee": one.trainee, "exercise": one.exercise, **question}
        for one, data in results_of(cohort.gradebook, cohort.chosen)
        for question in data["questions"]
    )
    return write_csv(COLUMNS, rows)
