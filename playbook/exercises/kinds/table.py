"""Tables: rows named by a key, compared in any order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict, not_this, text_key
from playbook.exercises.kinds.number import UNROUNDED, looks_rounded, rounding_of, tolerance_problems
from playbook.exercises.plain import ELLIPSIS, Plain
from playbook.exercises.sealing import Grid, Tolerance, digest
from playbook.words import _, ngettext

#: How many rows of a wrong answer are sealed: enough to know it again.
_SAMPLE = 24


#: Columns that may stand for the one asked for, where none has its name.
_MOST_OTHERS = 6

#: What pandas calls an index that has no name, once it is a column.
_NAMELESS = ("index", "level_0", "0")

_Columns = tuple[list[str], list[list[Plain]]]


@dataclass(frozen=True)
class Rows:
    """A table as compared: a text key for each row, and the other columns' cells."""

    keys: list[str]
    shown: list[str]
    columns: dict[str, list[Plain]]

    def row(self, key: str) -> int:
        return self.keys.index(key)


def _as_table(plain: Plain, key: tuple[str, ...], asked: tuple[str, ...]) -> _Columns | None:
    """Columns and data, with the index brought in where it carries the key."""
    if not isinstance(plain, dict):
        return None
    columns: list[str]
    if plain.get("t") == "list" and plain.get("of") == "series":
        columns, data, index = [plain.get("name") or "value"], [plain["v"]], None
        if plain.get("index_names"):
            levels = [_tuple(entry) for entry in plain["index"]]
            if all(len(level) == len(plain["index_names"]) for level in levels):
                index = {
                    "names": plain["index_names"],
                    "levels": [list(level) for level in zip(*levels, strict=True)],
                }
        elif not plain.get("counted"):
            index = {"names": [plain.get("index_name")], "levels": [plain["index"]]}
    elif plain.get("t") == "table":
        columns, data, index = list(plain["columns"]), list(plain["data"]), plain.get("index")
    else:
        made = _of_pairs(plain, key, asked)
        if made is None:
            return None
        (columns, data), index = made, None
    if index:
        names = list(index["names"])
        missing = [name for name in key if name not in columns and name not in names]
        free = [place for place, name in enumerate(names) if name not in key]
        if len(missing) == len(free) and len(names) + len(columns) >= len(key):
            for place, name in zip(free, missing, strict=True):
                if names[place] is None or all(isinstance(one, str) for one in index["levels"][place]):
                    names[place] = name
        for name, level in zip(names, index["levels"], strict=True):
            if name and name not in columns:
                columns.append(name)
                data.append(level)
    if len(key) == 1 and key[0] not in columns and len(columns) > 1:
        texts = [
            place for place, values in enumerate(data) if values and all(isinstance(v, str) for v in values)
        ]
        if len(texts) == 1 and (asked or columns[texts[0]] in _NAMELESS):
            columns[texts[0]] = key[0]
    return columns, data


def _of_pairs(plain: Plain, key: tuple[str, ...], asked: tuple[str, ...]) -> _Columns | None:
    """A table given as a dictionary (of values, or of columns), as a list of dictionaries, or of tuples."""
    tag = plain.get("t")
    if tag == "dict" and plain["v"]:
        names, values = [pair[0] for pair in plain["v"]], [pair[1] for pair in plain["v"]]
        lists = [
            value["v"] if isinstance(value, dict) and value.get("t") == "list" else None for value in values
        ]
        if all(one is not None and len(one) == len(lists[0]) for one in lists) and set(key) <= set(
            map(str, names)
        ):
            return [str(name) for name in names], lists  # type: ignore[return-value]
        if len(key) == 1 and not any(isinstance(value, dict) for value in values):
            return [*key, asked[0] if asked else "value"], [names, values]
    if tag != "list" or not plain["v"]:
        return None
    rows = plain["v"]
    if all(isinstance(row, dict) and row.get("t") == "dict" for row in rows):
        names = [pair[0] for pair in rows[0]["v"]]
        if all([pair[0] for pair in row["v"]] == names for row in rows):
            return [str(name) for name in names], [
                [row["v"][i][1] for row in rows] for i in range(len(names))
            ]
        return None
    tuples = [_tuple(row) for row in rows]
    names = [*key, *(asked or ("value",))]
    if all(len(row) == len(names) for row in tuples) and len(names) > 1:
        return names, [list(column) for column in zip(*tuples, strict=True)]
    return None


def _tuple(plain: Plain) -> tuple[Plain, ...]:
    return tuple(plain["v"]) if isinstance(plain, dict) and plain.get("t") == "list" else ()


def _cell_text(value: Plain) -> str:
    if isinstance(value, str):
        return text_key(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return repr(value)


def _is_number(value: Plain) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@dataclass(frozen=True, kw_only=True)
class Table(Kind):
    """A table whose rows are named by one or more key columns.

    Attributes:
        key: columns that name the rows.
        columns: columns that count; empty means all of the expected table's.
        ordered: the order of the rows matters.
        atol, rtol: how far numbers may be off, absolute or as a share of the value; not both.
    """

    name: ClassVar[str] = "table"
    called: ClassVar[str] = "table"
    shared: ClassVar[bool] = True
    key: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    ordered: bool = False
    atol: float | None = None
    rtol: float | None = None

    def problems(self) -> Iterator[str]:
        if not self.key:
            yield "a table needs `key: column`, which names its rows"
        yield from tolerance_problems(self.atol, self.rtol)

    def normalise(self, plain: Plain) -> Rows | Problem:
        table = _as_table(plain, self.key, self.columns)
        if table is None:
            return not_this("table", "a table", plain)
        columns, data = table
        for name in self.key:
            if name not in columns:
                lacks = _(
                    "The table has no column {name!r}, which names its rows. It has: {columns}."
                ).format(name=name, columns=_names(columns))
                if isinstance(plain, dict) and plain["t"] == "list":
                    lacks = _(
                        "Your answer is one column; {name!r}, the column that names its rows, is missing."
                    ).format(name=name)
                return Problem(f"table:no key {name}", lacks)
        counted = [c for c in columns if not self.columns or c in self.columns or c in self.key]
        if len(set(counted)) < len(counted):
            twice = next(c for c in counted if counted.count(c) > 1)
            return Problem(
                "table:column twice", _("The table has two columns named {twice!r}.").format(twice=twice)
            )
        key_data = [data[columns.index(name)] for name in self.key]
        shown = [" / ".join(_shown(part) for part in row) for row in zip(*key_data, strict=True)]
        keys = [" / ".join(_cell_text(part) for part in row) for row in zip(*key_data, strict=True)]
        if len(set(keys)) < len(keys):
            seen: set[str] = set()
            twice = next(s for k, s in zip(keys, shown, strict=True) if k in seen or seen.add(k))
            return Problem(
                "table:row twice",
                _("The row {twice!r} stands in the table more than once.").format(twice=twice),
            )
        rest = {c: d for c, d in zip(columns, data, strict=True) if c not in self.key}
        if self.columns and all(name in rest or name in self.key for name in self.columns):
            rest = {name: rest[name] for name in self.columns if name in rest}
        return Rows(keys, shown, rest)

    def seal(self, normal: Rows, salt: str) -> tuple[dict[str, Any], str]:
        return self._seal(normal, salt, list(range(len(normal.keys))))

    def seal_wrong(self, normal: Rows, salt: str) -> tuple[dict[str, Any], str]:
        """Seal only some rows: enough to recognise a wrong answer."""
        order = sorted(range(len(normal.keys)), key=lambda i: digest(salt, "row", normal.keys[i]))
        return self._seal(normal, salt, sorted(order[:_SAMPLE]))

    def _seal(self, normal: Rows, salt: str, rows: list[int]) -> tuple[dict[str, Any], str]:
        tolerance = Tolerance(self.atol, self.rtol)
        cells: dict[str, Any] = {}
        for column, values in normal.columns.items():
            grids = [tolerance.grid(values[i]) if _is_number(values[i]) else None for i in rows]
            cells[column] = {
                "hash": [self._cell(salt, column, normal, i, g) for i, g in zip(rows, grids, strict=True)],
                "number": any(g is not None for g in grids),
            }
            if cells[column]["number"]:
                first = next(g for g in grids if g)
                same = all(g is None or (g.scale, g.width) == (first.scale, first.width) for g in grids)
                cells[column]["grid"] = (
                    {
                        "scale": first.scale[:3],
                        "width": first.width,
                        "offset": [g.offset if g else None for g in grids],
                    }
                    if same
                    else [g.pack() if g else None for g in grids]
                )
        sealed = {
            "count": len(normal.keys),
            "rows": [digest(salt, "row", normal.keys[i]) for i in rows],
            "cells": cells,
        }
        if self.ordered:
            sealed["order"] = digest(salt, "order", normal.keys)
        return sealed, self._key(sealed, normal, salt)

    def _named(
        self, cells: Mapping[str, Any], normal: Rows, rows: list[str], salt: str
    ) -> tuple[dict[str, list[Plain]], list[str]]:
        """The columns under the names of the sealed ones, and which of these are lacking.

        Capitals and blanks do not matter. Where one column is lacking, the only other one is taken for it, or, of
        several, the one that is right.
        """
        columns = dict(normal.columns)
        for name in [c for c in cells if c not in columns]:
            alike = [c for c in columns if c not in cells and text_key(c) == text_key(name)]
            if len(alike) == 1:
                columns[name] = columns.pop(alike[0])
        lacking = [c for c in cells if c not in columns]
        if len(lacking) != 1:
            return columns, lacking
        name, cell = lacking[0], cells[lacking[0]]
        others = [c for c in columns if c not in cells]
        if cell["number"]:
            others = [c for c in others if any(map(_is_number, columns[c]))] if len(others) > 1 else others
        if len(others) > 1:
            others = [
                c for c in others[:_MOST_OTHERS] if self._right(cell, name, columns[c], normal, rows, salt)
            ]
        if len(others) != 1:
            return columns, lacking
        columns[name] = columns.pop(others[0])
        return columns, []

    def _right(
        self,
        cell: Mapping[str, Any],
        name: str,
        values: list[Plain],
        normal: Rows,
        rows: list[str],
        salt: str,
    ) -> bool:
        """Whether a column is right in every sealed row."""
        found = {digest(salt, "row", key): i for i, key in enumerate(normal.keys)}
        renamed, reach = Rows(normal.keys, normal.shown, {name: values}), self._reach(values)
        return all(
            row in found and self._same(salt, name, renamed, found[row], cell, position, reach)
            for position, row in enumerate(rows)
        )

    def _reach(self, values: list[Plain]) -> float:
        return rounding_of(values, self.rtol is not None) if self.atol or self.rtol else 0.0

    def _same(
        self,
        salt: str,
        column: str,
        normal: Rows,
        row: int,
        cell: Mapping[str, Any],
        position: int,
        reach: float,
    ) -> bool:
        """Whether a cell is the sealed one, or what is left of it after rounding."""
        return self._bucket(salt, column, normal, row, cell, position, reach) is not None

    def _bucket(
        self,
        salt: str,
        column: str,
        normal: Rows,
        row: int,
        cell: Mapping[str, Any],
        position: int,
        reach: float,
    ) -> str | None:
        """How the sealed cell reads, if this cell is the same."""
        grid, value, wanted = _grid(cell, position), normal.columns[column][row], cell["hash"][position]
        if grid is None or not _is_number(value):
            shown = [f"={_cell_text(value)}"]
        else:
            shown = [grid.bucket(value), *(grid.near(value, reach) if reach else ())]
        key = normal.keys[row]
        return next((one for one in shown if digest(salt, "cell", column, key, one, size=6) == wanted), None)

    @staticmethod
    def _cell(salt: str, column: str, normal: Rows, row: int, grid: Grid | None) -> str:
        value = normal.columns[column][row]
        shown = grid.bucket(value) if grid and _is_number(value) else f"={_cell_text(value)}"
        return digest(salt, "cell", column, normal.keys[row], shown, size=6)

    def _key(self, sealed: Mapping[str, Any], normal: Rows, salt: str) -> str:
        """What only a holder of the sealed cells can work out: their buckets, not their hashes."""
        found = {digest(salt, "row", key): i for i, key in enumerate(normal.keys)}
        buckets = []
        for column in sorted(sealed["cells"]):
            cell, reach = sealed["cells"][column], self._reach(normal.columns[column])
            for position, row_hash in enumerate(sealed["rows"]):
                row = found[row_hash]
                shown = self._bucket(salt, column, normal, row, cell, position, reach)
                buckets.append([normal.keys[row], shown])
        return digest(salt, "key", buckets, normal.keys if self.ordered else 0, size=24)

    def compare(self, sealed: Mapping[str, Any], normal: Rows, salt: str) -> Verdict:
        cells: Mapping[str, Any] = sealed["cells"]
        columns, lacking = self._named(cells, normal, sealed["rows"], salt)
        if lacking:
            others = [c for c in columns if c not in cells]
            told = _("The table has no column {name!r}. It has: {columns}.")
            if len(cells) == 1 < len(others) and len(others) == len(columns):
                told = _(
                    "One column beside the names of the rows is asked for, {name!r}, and none is called that. "
                    "Keep the one that holds it. The table has: {columns}."
                )
            return Verdict(
                0.0,
                told.format(name=lacking[0], columns=_names([*self.key, *columns])),
                code=f"table:no column {lacking[0]}",
            )
        normal = Rows(normal.keys, normal.shown, columns)
        for column, cell in cells.items():
            texts = [v for v in columns[column] if isinstance(v, str)]
            if cell["number"] and texts:
                return Verdict(
                    0.0,
                    _("Column {column!r} holds text ({text!r}); numbers are asked for.").format(
                        column=column, text=texts[0]
                    ),
                    code=f"table:text in {column}",
                )
        found = {digest(salt, "row", key): i for i, key in enumerate(normal.keys)}
        wanted = sealed["rows"]
        absent = [row for row in wanted if row not in found]
        whole = len(wanted) == sealed["count"]
        strangers = [i for row, i in found.items() if row not in set(wanted)] if whole else []
        wrong: list[tuple[int, str]] = []
        reach = {column: self._reach(columns[column]) for column in cells}
        for position, row_hash in enumerate(wanted):
            row = found.get(row_hash)
            if row is None:
                continue
            for column, cell in cells.items():
                if not self._same(salt, column, normal, row, cell, position, reach[column]):
                    wrong.append((row, column))
                    break
        right = len(wanted) - len(absent) - len(wrong)
        if not absent and not strangers and not wrong and len(normal.keys) == sealed["count"]:
            if self.ordered and digest(salt, "order", normal.keys) != sealed["order"]:
                return Verdict(
                    0.5,
                    _("Every row is right, but the rows are not in the order asked for."),
                    code="table:order",
                )
            return Verdict(1.0, key=self._key(sealed, normal, salt))
        share = max(0.0, (right - len(strangers)) / max(len(wanted), 1))
        if any(_says_nothing(columns[column]) for column in {column for _row, column in wrong}):
            share = 0.0
        gap = _first_gap(normal)
        if gap:
            return Verdict(
                share, _("The three dots `...` still stand in {gap}. Replace them first.").format(gap=gap)
            )
        where = _where(normal, len(wanted), right, absent, strangers, sorted(wrong))
        rounded = looks_rounded([columns[column][row] for row, column in wrong])
        return Verdict(share, f"{where} {_(UNROUNDED)}" if rounded else where)

    def mutants(self) -> Iterator[ValueMutant]:
        yield ValueMutant("the first row left out", _rows(lambda v: v[1:]))
        yield ValueMutant("the last row left out", _rows(lambda v: v[:-1]))
        yield ValueMutant("the first row twice", _rows(lambda v: [v[0], *v]))
        yield ValueMutant("values shifted by a row", _cells(lambda v: [*v[1:], v[0]], self.key))
        yield ValueMutant("numbers a tenth larger", _cells(_larger, self.key))
        if self.ordered:
            yield ValueMutant("rows reversed", _rows(lambda v: v[::-1]))


def _larger(values: list) -> list:
    return [v * 1.1 + 1e-3 if isinstance(v, (int, float)) and not isinstance(v, bool) else v for v in values]


def _rows(change: Callable[[list], list]) -> Callable[[Plain], Plain]:
    """Change which rows there are, and in which order."""

    def make(plain: Plain) -> Plain:
        if plain.get("t") == "list":
            index = change(list(plain["index"])) if not plain.get("counted") else plain["index"]
            return {**plain, "v": change(list(plain["v"])), "index": index}
        index = plain["index"] and {
            **plain["index"],
            "levels": [change(list(level)) for level in plain["index"]["levels"]],
        }
        data = [change(list(column)) for column in plain["data"]]
        return {**plain, "data": data, "index": index, "rows": len(change([0] * plain["rows"]))}

    return make


def _cells(change: Callable[[list], list], key: tuple[str, ...]) -> Callable[[Plain], Plain]:
    """Change the columns that are no key, and leave the index."""

    def make(plain: Plain) -> Plain:
        if plain.get("t") == "list":
            return {**plain, "v": change(list(plain["v"]))}
        data = [
            column if name in key else change(list(column))
            for name, column in zip(plain["columns"], plain["data"], strict=True)
        ]
        return {**plain, "data": data}

    return make


def _says_nothing(values: list[Plain]) -> bool:
    """Whether a column says the same of three rows and more: a row that it gets right is luck."""
    return len(values) > 2 and all(value == values[0] for value in values)


def _first_gap(normal: Rows) -> str:
    """Where a table still holds a starter's dots: a whole column, or a row of one."""
    for column, values in normal.columns.items():
        rows = [normal.shown[i] for i, value in enumerate(values) if value == ELLIPSIS]
        if rows:
            return (
                _("column {column!r}").format(column=column)
                if len(rows) == len(values)
                else _("row {row!r}").format(row=rows[0])
            )
    return ""


def _grid(cells: Mapping[str, Any], position: int) -> Grid | None:
    if not cells["number"]:
        return None
    packed = cells["grid"]
    if isinstance(packed, dict):
        offset = packed["offset"][position]
        return None if offset is None else Grid.unpack([packed["scale"], packed["width"], offset])
    return None if packed[position] is None else Grid.unpack(packed[position])


def _where(
    normal: Rows, size: int, right: int, absent: list, strangers: list[int], wrong: list[tuple[int, str]]
) -> str:
    parts = [_("{right} of {size} rows are right").format(right=right, size=size)]
    if strangers:
        names = ", ".join(normal.shown[i] for i in strangers[:3])
        parts.append(
            _("{count} should not be there (first: {names})").format(count=len(strangers), names=names)
        )
    if absent:
        parts.append(
            ngettext("{count} is missing", "{count} are missing", len(absent)).format(count=len(absent))
        )
    if wrong:
        by_column: dict[str, list[str]] = {}
        for row, column in wrong[:60]:
            by_column.setdefault(column, []).append(normal.shown[row])
        column, rows = next(iter(by_column.items()))
        listed = ", ".join(rows[:3])
        if len(wrong) > 3:
            listed = _("{listed} and {count} more").format(listed=listed, count=len(wrong) - 3)
        parts.append(_("column {column!r} differs in row {listed}").format(column=column, listed=listed))
    return "; ".join(parts) + "."


def _names(columns: list[str]) -> str:
    shown = ", ".join(repr(c) for c in columns[:12])
    return shown + (", …" if len(columns) > 12 else "")


def _shown(value: Plain) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:g}"
    return _("(missing)") if value is None else str(value)
