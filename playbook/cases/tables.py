"""Read one table file as its schema says: codes stay text, gaps stay gaps. Each file is parsed once."""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from playbook.cases.schema import BOOLEAN, DATE, INTEGER, NUMBER, SCHEMA, STRING, Table
from playbook.errors import PlaybookError
from playbook.words import _

# As objects: pandas looks a name up anew for every column.
_TEXT = pd.api.types.pandas_dtype("str")
_DTYPES = {
    STRING: _TEXT,
    NUMBER: pd.api.types.pandas_dtype("float64"),
    BOOLEAN: pd.api.types.pandas_dtype("bool"),
    DATE: _TEXT,
}
_WHOLE = {missing: pd.api.types.pandas_dtype("Int64" if missing else "int64") for missing in (False, True)}


def read_table(path: Path, name: str) -> pd.DataFrame:
    """A fresh DataFrame of the table ``name`` from a CSV file.

    Codes are text, ``true``/``false`` are booleans, dates are datetimes; whole numbers are int64, and
    Int64 where cells may be empty. The parsed frame is kept, so a second call costs a copy.

    Raises:
        PlaybookError: the file is missing or does not read as its schema says.
    """
    path = Path(path)
    try:
        stamp = path.stat()
    except OSError:
        raise PlaybookError(
            _("the table {name} is missing").format(name=name),
            where=str(path),
            remedy=_("`playbook case verify` lists all gaps."),
        ) from None
    return _parse(path, name, stamp.st_mtime_ns, stamp.st_size).copy()


@lru_cache(maxsize=64)
def _parse(path: Path, name: str, _modified: int, _size: int) -> pd.DataFrame:
    table = SCHEMA[name]
    try:
        frame = pd.read_csv(
            path,
            dtype=_dtypes(table),
            keep_default_na=False,
            na_values=[""],
            true_values=["true"],
            false_values=["false"],
            encoding="utf-8",
            usecols=list(table.names),
        )
        for column in table.columns:
            if column.dtype == DATE:
                frame[column.name] = pd.to_datetime(frame[column.name], format="%Y-%m-%d")
    except (ValueError, TypeError) as error:  # a UnicodeDecodeError and pandas' ParserError are ValueErrors
        raise PlaybookError(
            _("the table {name} cannot be read: {error}").format(name=name, error=error),
            where=str(path),
            remedy=_("`playbook case verify {folder}` lists every cell that breaks the schema.").format(
                folder=path.parent
            ),
        ) from None
    return frame[list(table.names)]


def _dtypes(table: Table) -> dict[str, object]:
    return {
        column.name: _WHOLE[bool(column.missing)] if column.dtype == INTEGER else _DTYPES[column.dtype]
        for column in table.columns
    }
