"""Read one table file as its schema says: codes stay text, gaps stay gaps. Each file is parsed once."""

import json
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


def lacking(folder: Path, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns that a table of one's own records does not have, and those with cells that nobody knows.

    A case that was made has every column; case.json of an imported one says under `lacks` what is missing.
    """
    try:
        record = json.loads((Path(folder) / "case.json").read_text(encoding="utf-8"))
        lacks = record["lacks"][name]
        return tuple(lacks["columns"]), tuple(lacks["cells"])
    except (OSError, ValueError, KeyError, TypeError):
        return (), ()


@lru_cache(maxsize=64)
def _parse(path: Path, name: str, _modified: int, _size: int) -> pd.DataFrame:
    table = SCHEMA[name]
    absent, gaps = lacking(path.parent, name)
    names = [column for column in table.names if column not in absent]
    try:
        frame = pd.read_csv(
            path,
            dtype=_dtypes(table, gaps),
            keep_default_na=False,
            na_values=[""],
            true_values=["true"],
            false_values=["false"],
            encoding="utf-8",
            usecols=names,
        )
        for column in table.columns:
            if column.dtype == DATE and column.name in names:
                frame[column.name] = pd.to_datetime(frame[column.name], format="%Y-%m-%d")
    except (ValueError, TypeError) as error:  # a UnicodeDecodeError and pandas' ParserError are ValueErrors
        raise PlaybookError(
            _("the table {name} cannot be read: {error}").format(name=name, error=error),
            where=str(path),
            remedy=_("`playbook case verify {folder}` lists every cell that breaks the schema.").format(
                folder=path.parent
            ),
        ) from None
    return frame[names]


def _dtypes(table: Table, gaps: tuple[str, ...]) -> dict[str, object]:
    found: dict[str, object] = {}
    for column in table.columns:
        unknown = column.name in gaps
        if column.dtype == INTEGER:
            found[column.name] = _WHOLE[bool(column.missing) or unknown]
        elif column.dtype == BOOLEAN and unknown:
            found[column.name] = pd.api.types.pandas_dtype("boolean")
        else:
            found[column.name] = _DTYPES[column.dtype]
    return found
