"""Tables that people fill in for the certification: read by their headings, and every breach told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from playbook.cases.sheet import heading, read_sheet
from playbook.errors import PlaybookError
from playbook.names import clean
from playbook.words import _, ngettext

if TYPE_CHECKING:
    from pandera.pandas import Check, DataFrameSchema

#: Breaches that an error names; the rest is counted.
_SHOWN = 20
YES = ("yes", "y", "true", "1", "x", "是", "有")
NO = ("no", "n", "false", "0", "否", "无")


def matches(pattern: str, remedy: str) -> Check:
    """A cell that matches a pattern as a whole."""
    import pandera.pandas as pa

    return pa.Check.str_matches(rf"^(?:{pattern})$", error=remedy)


def once(keys: Mapping[str, Callable[[str], str]], remedy: str) -> Check:
    """No two lines that say the same in some columns, each as its function reads it: an id is its owner's name."""
    import pandera.pandas as pa

    def first(frame: pd.DataFrame) -> pd.Series:
        return ~pd.DataFrame({name: frame[name].map(read) for name, read in keys.items()}).duplicated()

    return pa.Check(first, error=remedy)


def each(holds: Callable[[Mapping[str, str]], bool], remedy: str) -> Check:
    """What every line as a whole must hold."""
    import pandera.pandas as pa

    def of_rows(frame: pd.DataFrame) -> pd.Series:
        return pd.Series([holds(row) for row in frame.to_dict("records")], index=frame.index, dtype=bool)

    return pa.Check(of_rows, error=remedy)


def read_checked(
    path: Path,
    schema: DataFrameSchema,
    also: Mapping[str, Sequence[str]],
    *,
    what: str,
    ask: str,
    optional: Sequence[str] = (),
    keep: Callable[[Mapping[str, str]], bool] = lambda row: True,
) -> pd.DataFrame:
    """A table as texts, its index the lines of the file, after every check of its schema.

    Args:
        schema: what each column holds. also: headings that serve, by the usual one.
        what: what the table is, for messages. ask: what to do where it is not there.
        optional: columns that may be missing; they come empty then.
        keep: which lines are looked at.

    Raises:
        PlaybookError: it can't be read, a column is missing, or cells break the schema: each is named once.
    """
    import pandera.errors

    known = {heading(other): usual for usual in schema.columns for other in (usual, *also.get(usual, ()))}
    sheet = read_sheet(
        path, lambda text: known.get(text, ""), [next(iter(schema.columns))], what=what, ask=ask
    )
    columns = list(schema.columns)
    missing = [one for one in columns if one not in sheet.headings and one not in optional]
    if missing:
        raise PlaybookError(
            _("the {table} has no column `{column}`").format(table=what, column=missing[0]),
            where=str(path),
            remedy=_("its headings must be: {headings}").format(headings=",".join(columns)),
        )
    rows = {number: {name: clean(cells.get(name, "")) for name in columns} for number, cells in sheet.lines}
    kept = {number: row for number, row in rows.items() if keep(row)}
    frame = pd.DataFrame(list(kept.values()), columns=columns, index=list(kept), dtype="str")
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        raise _told(path, what, error.failure_cases, columns) from None
    return frame


def _told(path: Path, what: str, cases: pd.DataFrame, columns: Sequence[str]) -> PlaybookError:
    """One error that names every breach: line, column, what stands there, what to write."""
    lines = {}
    for row in cases.to_dict("records"):
        of_row = row["schema_context"] == "DataFrameSchema"
        place = (int(row["index"]), "" if of_row else str(row["column"]))
        found = "" if of_row else f": {str(row['failure_case'])[:40]!r}"
        column = "" if of_row else ", " + _("column {column}").format(column=row["column"])
        line = _("row {row}").format(row=place[0])
        lines.setdefault(
            (*place, str(row["check"]) if of_row else ""), f"{line}{column}{found}: {row['check']}"
        )
    order = sorted(lines, key=lambda one: (one[0], columns.index(one[1]) if one[1] else -1, one[2]))
    told = [lines[place] for place in order[:_SHOWN]]
    if len(order) > _SHOWN:
        told.append(_("and {count} more").format(count=len(order) - _SHOWN))
    return PlaybookError(
        ngettext(
            "the {table} has a cell or line that can't be used:\n{lines}",
            "the {table} has {count} cells or lines that can't be used:\n{lines}",
            len(order),
        ).format(table=what, count=len(order), lines="\n".join(told)),
        where=str(path),
        remedy=ngettext(
            "mend it in your spreadsheet and save the table again",
            "mend them in your spreadsheet and save the table again",
            len(order),
        ),
    )


def yes_no(text: str) -> bool | None:
    """What a cell says; None where it is empty."""
    said = text.strip().casefold()
    return None if not said else said in YES


#: A cell that says yes or no, in any way that is known, or nothing.
YES_OR_NO = rf"(?i:{'|'.join((*YES, *NO))})?"
