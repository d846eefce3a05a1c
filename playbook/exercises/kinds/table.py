"""Tables: rows named by a key, compared in any order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict, not_this, text_key
from playbook.exercises.kinds.number import UNROUNDED, looks_rounded, tolerance_problems
from playbook.exercises.plain import ELLIPSIS, Plain
from playbook.exercises.sealing import Grid, Tolerance, digest
from playbook.words import _, ngettext

#: How many rows of a wrong answer are sealed: enough to know it again.
_SAMPLE = 24


@dataclass(frozen=True)
class Rows:
    """A table as compared: a text key for each row, and the other columns' cells."""

    keys: list[str]
    shown: list[str]
    columns: dict[str, list[Plain]]

    def row(self, key: str) -> int:
        return self.keys.index(key)


def _as_table(plain: Plain, key: tuple[str, ...]) -> tuple[list[str], list[list[Plain]]] | None:
    """Columns and data, with the index brought in where it carries the key."""
    if not isinstance(plain, dict):
        return None
    if plain.get("t") == "list" and plain.get("of") == "series":
        index = None
        if not plain.get("counted"):
            index = {"names": [plain.get("index_name")], "levels": [plain["index"]]}
        plain = {
            "t": "table",
            "columns": [plain.get("name") or "value"],
            "data": [plain["v"]],
            "index": index,
            "series": True,
        }
    if plain.get("t") != "table":
        return None
    columns, data = list(plain["columns"]), list(plain["data"])
    index = plain.get("index")
    if index:
        missing = [name for name in key if name not in columns]
        names = [name for name in index["names"]]
        if len(missing) == len(names) and all(n is None or n in missing for n in names):
            names = [n or missing[i] for i, n in enumerate(names)]
        for name, level in zip(names, index["levels"], strict=True):
            if name and name not in columns:
                columns.append(name)
                data.append(level)
    return columns, data


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
    words: ClassVar[str] = "table"
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
        table = _as_table(plain, self.key)
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
        if len(set(columns)) < len(columns):
            twice = next(c for c in columns if columns.count(c) > 1)
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
        if self.columns:
            for name in self.columns:
                if name not in rest and name not in self.key:
                    if (
                        len(rest) == 1 == len(self.columns)
                        and isinstance(plain, dict)
                        and plain["t"] == "list"
                    ):
                        rest = {name: next(iter(rest.values()))}
                        break
                    return Problem(
                        f"table:no column {name}",
                        _("The table has no column {name!r}. It has: {columns}.").format(
                            name=name, columns=_names(columns)
                        ),
                    )
            rest = {c: rest[c] for c in self.columns if c in rest}
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
            cells = sealed["cells"][column]
            for position, row_hash in enumerate(sealed["rows"]):
                row = found[row_hash]
                grid, value = _grid(cells, position), normal.columns[column][row]
                shown = grid.bucket(value) if grid and _is_number(value) else f"={_cell_text(value)}"
                buckets.append([normal.keys[row], shown])
        return digest(salt, "key", buckets, normal.keys if self.ordered else 0, size=24)

    def compare(self, sealed: Mapping[str, Any], normal: Rows, salt: str) -> Verdict:
        cells: Mapping[str, Any] = sealed["cells"]
        columns = dict(normal.columns)
        lacking = [c for c in cells if c not in columns]
        if len(lacking) == 1 == len(columns) == len(cells):
            columns, lacking = {lacking[0]: next(iter(columns.values()))}, []
        if lacking:
            return Verdict(
                0.0,
                _("The table has no column {name!r}. It has: {columns}.").format(
                    name=lacking[0], columns=_names([*self.key, *columns])
                ),
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
        for position, row_hash in enumerate(wanted):
            row = found.get(row_hash)
            if row is None:
                continue
            for column, cell in cells.items():
                if self._cell(salt, column, normal, row, _grid(cell, position)) != cell["hash"][position]:
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
