"""The map of hand-ins as CSV: to be looked through, filled in, and given to the next grading."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.desk.exports.csv_text import write_csv
from playbook.submissions.hand_in import Found
from playbook.submissions.settling import COLUMNS, map_rows


def map_csv(found: Found) -> Iterator[str]:
    """Lines of the sheet."""
    return write_csv(COLUMNS, map_rows(found))
