"""What a function is tried on: real rows of a table, as ``apply`` hands them over.

An author names an account by the fields that matter; a trainee's function may read any column, as an attribute or
in brackets, and meets gaps as the table has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from playbook.exercises.plain import Plain, row_plain, to_plain

#: Rows of the table that are tried beside those that the author chose: evenly over its length, and those with the
#: least and the most of each field that measures something.
_EVENLY, _LEAST, _MOST = 48, 3, 6


def plain_calls(
    calls: Iterable[Iterable[Any]], namespace: Mapping[str, Any]
) -> tuple[tuple[Plain, ...], ...]:
    """A master's ``arguments`` as plain data.

    An argument that is a mapping stands for a row of the table that has its fields: it becomes that row, with every
    column. Fields that no row has together, as of a made-up account, replace those of the row most like it. A
    function of one row is tried on more rows of the table, too.

    Args:
        calls: as the cell tagged `arguments` binds them.
        namespace: what the master has bound so far, its tables among it.
    """
    calls = [tuple(call) for call in calls]
    plain = [tuple(_argument(argument, namespace) for argument in call) for call in calls]
    tables = [_table_of(call[0], namespace) for call in calls if len(call) == 1]
    if tables and len(tables) == len(calls) and tables[0] is not None:
        table = tables[0]
        chosen = (row_plain(table.iloc[place]) for place in _places(table, calls[0][0].keys()))
        plain += [(row,) for row in chosen if (row,) not in plain]
    return tuple(plain)


def _places(table: Any, fields: Iterable[str]) -> list[int]:
    """Positions of the rows that are tried besides, each once."""
    import pandas as pd

    places = list(range(0, len(table), max(1, len(table) // _EVENLY)))
    for name in fields:
        column = table[name].reset_index(drop=True)
        if pd.api.types.is_numeric_dtype(column) and column.nunique() > _EVENLY:
            ordered = column.dropna().sort_values(kind="stable").index
            places += [*ordered[:_LEAST], *ordered[-_MOST:]]
    return list(dict.fromkeys(map(int, places)))


def _argument(argument: Any, namespace: Mapping[str, Any]) -> Plain:
    import pandas as pd

    if isinstance(argument, pd.Series) and argument.dtype == object and argument.index.is_unique:
        return row_plain(argument)
    table = _table_of(argument, namespace)
    return to_plain(argument) if table is None else row_plain(_completed(argument, table))


def _table_of(argument: Any, namespace: Mapping[str, Any]) -> Any:
    """The table whose rows have the fields of a mapping; the one with the most columns if there are several."""
    import pandas as pd

    if not isinstance(argument, (Mapping, pd.Series)) or not len(argument):
        return None
    fields = set(argument.keys())
    tables = [
        value
        for value in namespace.values()
        if isinstance(value, pd.DataFrame) and len(value) and fields <= set(value.columns)
    ]
    return max(tables, key=lambda table: (len(table.columns), len(table)), default=None)


def _weight(column: Any) -> float:
    """How much it matters that a field agrees: other columns hang on names and gaps first, and then on counts."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column):
        return 1.0
    if pd.api.types.is_numeric_dtype(column):
        return 0.5 if pd.api.types.is_float_dtype(column) else 10.0
    return 100.0


def _completed(fields: Mapping[str, Any], table: Any) -> Any:
    """The first of the rows that share most of the fields, with the fields that differ put in their place."""
    import pandas as pd

    alike = pd.Series(0.0, index=range(len(table)))
    for name, value in fields.items():
        column = table[name].reset_index(drop=True)
        same = column.isna() if pd.isna(value) else (column == value).fillna(False)
        alike += same.astype(float) * _weight(column)
    row = table.iloc[int(alike.to_numpy().argmax())].astype(object).copy()
    for name, value in fields.items():
        if pd.isna(value) != pd.isna(row[name]) or (not pd.isna(value) and value != row[name]):
            row[name] = float("nan") if pd.isna(value) else value
    return row
