"""Answers as plain data: what leaves a notebook, and what a check looks at.

A trainee's variable may hold anything: a number, a table, a generator, an object whose comparison fails.
:func:`to_plain` turns it into data that JSON can carry and never raises; everything after it works on that
data alone, in the notebook and in the grader alike.

Plain data is a bool, an int, a float, a text, ``None``, or a dict with a tag ``"t"``:

====================  =======================================================================
``{"t": "list"}``     ``of`` (list, tuple, array, series, index), ``v`` values; a series has ``index``, ``name``,
                      and ``index_names`` where its index has several levels
``{"t": "set"}``      ``v`` values, sorted
``{"t": "dict"}``     ``v`` pairs
``{"t": "table"}``    ``columns``, ``dtypes``, ``data`` (one list a column), ``index`` (``None`` if it only counts rows)
``{"t": "row"}``      one row of a table, as an argument of a function: ``columns``, ``v``, ``name`` (its label);
                      a missing value in it is ``nan`` or ``na``, as it is in the table
``{"t": "nan"}``      not a number; inside containers a missing value is ``None``
``{"t": "na"}``       the missing value of pandas' own types; only in a row
``{"t": "infinite"}`` ``v``: 1 or -1
``{"t": "ellipsis"}`` the starter's ``...``
``{"t": "missing"}``  no variable of that name
``{"t": "function"}`` ``name``; ``returned`` once it has been called
``{"t": "raised"}``   ``error``, ``message``: what a called function did instead of returning
``{"t": "large"}``    too large for an answer: ``type``, ``size``
``{"t": "other"}``    ``type``: anything else
====================  =======================================================================
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import math
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from typing import Any

from playbook.words import _, ngettext

Plain = Any

#: The largest answer that is taken: values in all, and characters in one text.
MAX_VALUES = 200_000
MAX_TEXT = 20_000
MAX_DEPTH = 6

ELLIPSIS: Plain = {"t": "ellipsis"}
MISSING: Plain = {"t": "missing"}


class _TooLarge(Exception):
    def __init__(self, type_: str, size: int):
        self.plain = {"t": "large", "type": type_, "size": int(size)}


class _Budget:
    """How many values may still be taken out."""

    def __init__(self, values: int):
        self.left = values

    def take(self, count: int, type_: str) -> None:
        if count > self.left:
            raise _TooLarge(type_, count)
        self.left -= count


def to_plain(value: object, max_values: int = MAX_VALUES) -> Plain:
    """Turn any Python value into plain data; never raises (a person's interrupt excepted).

    Args:
        value: anything a notebook can bind to a name.
        max_values: the number of single values above which the answer is ``large``.
    """
    try:
        return _plain(value, 0, _Budget(max_values))
    except _TooLarge as large:
        return large.plain
    except (Exception, SystemExit, GeneratorExit) as error:
        return {"t": "other", "type": _type_name(value), "error": type(error).__name__}


def _type_name(value: object) -> str:
    kind = type(value)
    try:
        name = f"{kind.__module__}.{kind.__qualname__}"
    except (Exception, SystemExit, GeneratorExit):
        return "unknown"
    return _text(name.removeprefix("builtins."))[:120]


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise _TooLarge("text", len(value))
    return str.__str__(value).encode("utf-8", "replace").decode("utf-8")


def _number(value: object, inside: bool) -> Plain:
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        whole = int(value)
        return whole if abs(whole) < 2**63 else {"t": "large", "type": "int", "size": whole.bit_length()}
    number = float(value)  # type: ignore[arg-type]
    if math.isnan(number):
        return None if inside else {"t": "nan"}
    if math.isinf(number):
        return {"t": "infinite", "v": 1 if number > 0 else -1}
    return number


def _plain(value: Any, depth: int, budget: _Budget) -> Plain:
    import numpy as np
    import pandas as pd

    inside = depth > 0
    if value is None:
        return None
    if value is Ellipsis:
        return dict(ELLIPSIS)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, str):
        return _text(value)
    if value is pd.NA or value is pd.NaT:
        return None if inside else {"t": "nan"}
    if isinstance(value, (numbers.Real, np.number, decimal.Decimal, fractions.Fraction)):
        return _number(value, inside)
    if isinstance(value, (datetime.date, datetime.datetime, np.datetime64)):
        stamp = pd.Timestamp(value)
        return stamp.isoformat().removesuffix("T00:00:00")
    if depth >= MAX_DEPTH:
        raise _TooLarge("nesting", depth)

    def items(values: Iterable[Any]) -> list[Plain]:
        return [_plain(item, depth + 1, budget) for item in values]

    if isinstance(value, pd.DataFrame):
        return _table(value, items, budget)
    if isinstance(value, pd.Series):
        budget.take(len(value), "Series")
        several = isinstance(value.index, pd.MultiIndex)
        levels = (
            {"index_names": [None if n is None else str(n) for n in value.index.names]} if several else {}
        )
        return {
            "t": "list",
            "of": "series",
            "v": items(value.tolist()),
            "index": items(value.index.tolist()),
            "index_name": None if value.index.name is None else str(value.index.name),
            "counted": isinstance(value.index, pd.RangeIndex),
            "name": None if value.name is None else str(value.name),
            **levels,
        }
    if isinstance(value, pd.Index):
        budget.take(len(value), "Index")
        return {"t": "list", "of": "index", "v": items(value.tolist())}
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return _plain(value.item(), depth, budget)
        budget.take(value.size, "array")
        return {"t": "list", "of": "array", "v": items(value.tolist())}
    if isinstance(value, pd.api.extensions.ExtensionArray):
        budget.take(len(value), "array")
        return {"t": "list", "of": "array", "v": items(list(value))}
    if isinstance(value, (list, tuple)):
        budget.take(len(value), type(value).__name__)
        return {"t": "list", "of": "tuple" if isinstance(value, tuple) else "list", "v": items(list(value))}
    if isinstance(value, (set, frozenset)):
        budget.take(len(value), "set")
        return {"t": "set", "v": sorted(items(list(value)), key=repr)}
    if isinstance(value, Mapping):
        budget.take(2 * len(value), "dict")
        pairs = [[_plain(k, depth + 1, budget), _plain(v, depth + 1, budget)] for k, v in value.items()]
        return {"t": "dict", "v": pairs}
    if isinstance(value, (AbstractSet, Sequence, ValuesView)) and not isinstance(value, (bytes, bytearray)):
        budget.take(len(value), type(value).__name__)  # dict keys and values, ranges, queues
        return {"t": "list", "of": "list", "v": items(list(value))}
    if isinstance(value, type):
        return {"t": "other", "type": _("the class {name}").format(name=_type_name_of(value))}
    if callable(value):
        return {"t": "function", "name": _text(str(getattr(value, "__name__", "function")))[:80]}
    return {"t": "other", "type": _type_name(value)}


def _type_name_of(kind: type) -> str:
    return _text(str(kind.__name__))[:80]


def _table(frame: Any, items: Callable[[Iterable[Any]], list[Plain]], budget: _Budget) -> Plain:
    import pandas as pd

    rows, width = frame.shape
    budget.take(rows * max(width, 1), "DataFrame")
    index = frame.index
    counted = isinstance(index, pd.RangeIndex)
    named = [None if name is None else str(name) for name in index.names]
    levels = [items(index.get_level_values(level).tolist()) for level in range(index.nlevels)]
    columns = [" / ".join(map(str, c)) if isinstance(c, tuple) else _text(str(c)) for c in frame.columns]
    return {
        "t": "table",
        "columns": columns,
        "dtypes": [str(frame.dtypes.iloc[position]) for position in range(width)],
        "data": [items(frame.iloc[:, position].tolist()) for position in range(width)],
        "index": None if counted else {"names": named, "levels": levels},
        "rows": rows,
    }


_DTYPES = frozenset(["int64", "float64", "bool", "str", "object", "Int64", "Float64", "boolean", "string"])


def from_plain(plain: Plain) -> Any:
    """Rebuild the value that plain data stands for: how a function's arguments reach it.

    Tables become DataFrames, series Series, ``nan`` a float; builds nothing but data.

    Raises:
        ValueError: the tag stands for no value (a function, something too large, …).
    """
    import numpy as np
    import pandas as pd

    if plain is None or isinstance(plain, (bool, int, float, str)):
        return plain
    tag = plain.get("t") if isinstance(plain, dict) else None
    if tag == "nan":
        return math.nan
    if tag == "na":
        return pd.NA
    if tag == "row":
        values = [from_plain(value) for value in plain["v"]]
        return pd.Series(values, index=plain["columns"], name=plain["name"], dtype=object)
    if tag == "infinite":
        return math.inf * plain["v"]
    if tag == "ellipsis":
        return ...
    if tag == "list":
        values = [from_plain(item) for item in plain["v"]]
        if plain["of"] == "tuple":
            return tuple(values)
        if plain["of"] == "array":
            return np.array(values)
        if plain["of"] == "series":
            index = None if plain.get("counted") else pd.Index([from_plain(i) for i in plain["index"]])
            series = pd.Series(values, index=index, name=plain.get("name"))
            if plain.get("index_names"):
                series.index.names = plain["index_names"]
            else:
                series.index.name = plain.get("index_name")
            return series
        return pd.Index(values) if plain["of"] == "index" else values
    if tag == "set":
        return {from_plain(item) for item in plain["v"]}
    if tag == "dict":
        return {from_plain(key): from_plain(value) for key, value in plain["v"]}
    if tag == "table":
        series = [
            pd.Series([from_plain(v) for v in values], dtype=dtype if dtype in _DTYPES else None)
            for values, dtype in zip(plain["data"], plain["dtypes"], strict=True)
        ]
        frame = pd.concat(series, axis=1) if series else pd.DataFrame()
        frame.columns = pd.Index(plain["columns"])
        if plain["index"]:
            frame.index = pd.MultiIndex.from_arrays(plain["index"]["levels"], names=plain["index"]["names"])
            if len(plain["index"]["levels"]) == 1:
                frame.index = frame.index.get_level_values(0)
        return frame
    raise ValueError(f"no value stands behind {tag!r}")


def row_plain(row: Any) -> Plain:
    """A row of a table, as ``apply`` hands it to a function: every column, and each gap as the table has it.

    Args:
        row: a Series whose index are the table's columns.
    """
    import pandas as pd

    def one(value: Any) -> Plain:
        return {"t": "na"} if value is pd.NA or value is pd.NaT else to_plain(value)

    return {
        "t": "row",
        "columns": [str(column) for column in row.index],
        "v": [one(value) for value in row.tolist()],
        "name": to_plain(row.name),
    }


def call_plain(function: Callable[..., Any], arguments: Iterable[Iterable[Plain]]) -> Plain:
    """Call a trainee's function on plain arguments and return the answer it amounts to; never raises."""
    returned = []
    for call in arguments:
        try:
            value = function(*[from_plain(argument) for argument in call])
            returned.append(to_plain(value, max_values=2_000))
        except (Exception, SystemExit, GeneratorExit) as error:
            try:
                message = str(error)[:300]
            except (Exception, SystemExit, GeneratorExit):
                message = ""
            returned.append({"t": "raised", "error": type(error).__name__[:80], "message": message})
    return {**to_plain(function), "returned": returned}


def is_unattempted(plain: Plain) -> bool:
    """Whether this is what a starter leaves: ``...``, no such variable, or a function that answers nothing."""
    if not isinstance(plain, dict):
        return False
    if plain.get("t") in ("ellipsis", "missing"):
        return True
    if plain.get("t") == "function" and plain.get("returned"):
        return all(value is None or value == ELLIPSIS for value in plain["returned"])
    return False


def describe(plain: Plain) -> str:
    """Say in a spreadsheet user's words what kind of thing an answer is: 'a text', 'a table of 3 rows'."""
    if plain is None:
        return _("nothing (None)")
    if isinstance(plain, bool):
        return _("a yes/no value ({plain})").format(plain=plain)
    if isinstance(plain, (int, float)):
        return _("a number")
    if isinstance(plain, str):
        return _("a text")
    tag, kind = plain.get("t"), str(plain.get("type", ""))
    if tag == "list":
        count = len(plain["v"])
        words = {
            "series": ngettext("a column of {count:,} value", "a column of {count:,} values", count),
            "array": ngettext("an array of {count:,} value", "an array of {count:,} values", count),
        }.get(plain["of"], ngettext("a list of {count:,} value", "a list of {count:,} values", count))
        return words.format(count=count)
    if tag == "other" and "GroupBy" in kind:
        return _('groups without a result; say what to work out, such as `.size()` or `["column"].mean()`')
    if tag == "other" and kind.startswith("playbook."):
        return _("a result of several parts ({kind}); take the one that is asked for").format(
            kind=kind.rpartition(".")[2]
        )
    if tag == "table":
        return _("a table of {rows:,} rows and {columns} columns").format(
            rows=plain["rows"], columns=len(plain["columns"])
        )
    return {
        "set": _("a set"),
        "dict": _("a list of pairs (a dictionary)"),
        "nan": _("not a number (NaN): a missing value got into the calculation"),
        "infinite": _("infinite: somewhere you divide by zero"),
        "ellipsis": _("still `...`"),
        "missing": _("not defined"),
        "function": _("a function; perhaps its brackets `()` are missing at the end"),
        "large": _("too large for an answer ({kind}, size {size})").format(
            kind=plain.get("type"), size=plain.get("size")
        ),
    }.get(str(tag), _("of a kind this question cannot use ({kind})").format(kind=plain.get("type", tag)))


def well_formed(plain: Plain, depth: int = 0) -> bool:
    """Whether this is what :func:`to_plain` could have written. Data from outside is asked before it is used."""
    if plain is None or isinstance(plain, (bool, int, str)):
        return True
    if isinstance(plain, float):
        return math.isfinite(plain)
    if not isinstance(plain, dict) or depth > MAX_DEPTH + 2:
        return False

    def all_well(values: Any) -> bool:
        return isinstance(values, list) and all(well_formed(value, depth + 1) for value in values)

    def text(name: str) -> bool:
        return plain.get(name) is None or isinstance(plain[name], str)

    tag = plain.get("t")
    if tag in ("nan", "ellipsis", "missing"):
        return True
    if tag == "infinite":
        return plain.get("v") in (1, -1)
    if tag == "set":
        return all_well(plain.get("v"))
    if tag == "list":
        series = plain.get("of") == "series"
        if series and not (all_well(plain.get("index")) and len(plain["index"]) == len(plain.get("v") or [])):
            return False
        names = plain.get("index_names", [])
        return (
            isinstance(plain.get("of"), str)
            and isinstance(names, list)
            and all(name is None or isinstance(name, str) for name in names)
            and text("name")
            and text("index_name")
            and all_well(plain.get("v"))
        )
    if tag == "dict":
        pairs = plain.get("v")
        return isinstance(pairs, list) and all(
            isinstance(pair, list) and len(pair) == 2 and all_well(pair) for pair in pairs
        )
    if tag == "table":
        return _table_well_formed(plain, all_well)
    if tag == "function":
        return text("name") and ("returned" not in plain or all_well(plain["returned"]))
    if tag == "raised":
        return isinstance(plain.get("error"), str) and isinstance(plain.get("message"), str)
    return tag in ("large", "other")


def _table_well_formed(plain: dict, all_well: Callable[[Any], bool]) -> bool:
    columns, data, rows, index = (plain.get(name) for name in ("columns", "data", "rows", "index"))
    if not (isinstance(columns, list) and isinstance(data, list) and len(columns) == len(data)):
        return False
    if not (isinstance(rows, int) and all(isinstance(name, str) for name in columns)):
        return False
    if not all(all_well(column) and len(column) == rows for column in data):
        return False
    if index is None:
        return True
    if not isinstance(index, dict):
        return False
    names, levels = index.get("names"), index.get("levels")
    return (
        isinstance(names, list)
        and isinstance(levels, list)
        and len(names) == len(levels) > 0
        and all(name is None or isinstance(name, str) for name in names)
        and all(all_well(level) and len(level) == rows for level in levels)
    )
