"""CSV that a spreadsheet opens as it is meant: UTF-8, every text quoted, and no text that turns into a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

#: What a spreadsheet takes for the beginning of a formula, in both widths.
_FORMULA = re.compile(r"^[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]")


def cell(value: Any) -> Any:
    """A value as it may stand in a sheet: a text that a spreadsheet would run as a formula gets a quote before it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and (_FORMULA.match(value) or value[:1] in ("\t", "\r", "\n")):
        return "'" + value
    return value


def write_csv(headings: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Lines of a CSV file: every text quoted, numbers as they are."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(headings)
    yield _taken(buffer)
    for row in rows:
        writer.writerow([cell(row[heading]) for heading in headings])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
