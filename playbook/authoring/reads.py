"""Which tables and columns of a case an exercise reads: declared beside its master, and measured.

``exercises/<slug>/reads.yaml`` names the tables of the company's records that the exercise needs. Of those that can
come from a company's own export it names the columns without which the solution stops or answers otherwise.
Measured anew by

    python -m playbook.authoring.reads 03
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from playbook.authoring.master import Master, find_masters
from playbook.authoring.solve import run_master
from playbook.cases import SCHEMA, Case, read_case
from playbook.cases.case import find_case
from playbook.errors import PlaybookError

FILE = "reads.yaml"
#: Tables that a company's own exports fill; of the others an exercise needs all or nothing.
IMPORTED = ("accounts", "opportunities")
_HEADING = """# Tables of the company's records that this exercise reads; of those that an export can fill, the columns.
# Measured: python -m playbook.authoring.reads {chapter}
"""


def read_reads(master: Master) -> dict[str, tuple[str, ...]]:
    """Table -> columns that an exercise reads; no columns where it reads the table as a whole.

    Raises:
        PlaybookError: nothing is declared, or it names what no case has.
    """
    path = master.path.parent / FILE
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found = {str(table): tuple(columns or ()) for table, columns in data.items()}
    except (OSError, yaml.YAMLError, AttributeError, TypeError) as error:
        raise PlaybookError(
            f"what the exercise reads is not declared: {error}",
            where=str(path),
            remedy=f"measure it: python -m playbook.authoring.reads {master.header.chapter:02d}",
        ) from None
    for table, columns in found.items():
        strange = [table] if table not in SCHEMA else sorted(set(columns) - set(SCHEMA[table].names))
        if strange:
            raise PlaybookError(
                f"no case has {strange[0]!r}", where=str(path), remedy="name tables and columns of the schema"
            )
    return found


def measure(master: Master, case: str = "wuxi") -> dict[str, list[str]]:
    """What the solution of an exercise reads: tables, and columns of those that exports fill.

    Runs the solution with tables that note which of their columns are asked for, and once more without all others.

    Raises:
        PlaybookError: without the others it answers otherwise: it reads in a way that is not seen.
    """
    whole = find_case(case)
    with _noting() as (tables, columns):
        expected = run_master(master, whole, wrong=False).expected
    found = {
        name: [one for one in table.names if one in columns] if name in IMPORTED else []
        for name, table in SCHEMA.items()
        if name in tables and table.home == "case"
    }
    if not _enough(master, whole, found, expected):
        every = {name: list(SCHEMA[name].names) if name in IMPORTED else [] for name in found}
        for name in IMPORTED:  # columns whose presence is checked without asking for them
            for column in sorted(set(every.get(name, ())) - set(found.get(name, ()))):
                without = every | {name: [one for one in every[name] if one != column]}
                if not _enough(master, whole, without, expected):
                    found[name].append(column)
    if not _enough(master, whole, found, expected):
        raise PlaybookError(
            "without the columns that it does not read the exercise answers otherwise",
            where=str(master.path),
            remedy=f"add to {FILE} by hand what it reads",
        )
    return found


def _enough(master: Master, whole: Case, kept: Mapping[str, Sequence[str]], expected: object) -> bool:
    """Whether the solution answers the same with these tables and columns alone."""
    with stripped(whole.folder, kept) as folder:
        try:
            return run_master(master, read_case(folder), wrong=False).expected == expected
        except Exception:  # whatever a solution does without a column
            return False


@contextlib.contextmanager
def stripped(whole: Path, kept: Mapping[str, Sequence[str]]) -> Iterator[Path]:
    """A copy of a case's folder, inside a `with` block, with some tables and some columns of them alone."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "case"
        shutil.copytree(whole, folder)
        lacks = {}
        for name, table in SCHEMA.items():
            if table.home == "case" and name not in kept:
                (folder / f"{name}.csv").unlink(missing_ok=True)
            elif name in IMPORTED:
                gone = [one for one in table.names if one not in kept[name]]
                lacks[name] = {"columns": gone, "cells": []}
        record = json.loads((folder / "case.json").read_text(encoding="utf-8")) | {"lacks": lacks}
        (folder / "case.json").write_text(json.dumps(record), encoding="utf-8")
        yield folder


@contextlib.contextmanager
def _noting() -> Iterator[tuple[set[str], set[str]]]:
    """Tables and columns that are asked for inside a `with` block, as sets that fill up."""
    tables: set[str] = set()
    columns: set[str] = set()

    class Noting(pd.DataFrame):
        """A frame that notes the columns asked of it and of all that is made from it."""

        @property
        def _constructor(self) -> type:
            return Noting

        def __getitem__(self, key: Any) -> Any:
            columns.update([key] if isinstance(key, str) else _texts(key))
            return super().__getitem__(key)

        def __getattr__(self, name: str) -> Any:
            columns.add(name)
            return super().__getattr__(name)

        def _get_label_or_level_values(self, key: Any, axis: int = 0) -> Any:
            columns.add(key)
            return super()._get_label_or_level_values(key, axis)

        @property
        def loc(self) -> Any:
            inner = super().loc

            class Locating:
                def __getitem__(self, key: Any) -> Any:
                    columns.update(_texts(key[1]) if isinstance(key, tuple) and len(key) == 2 else ())
                    return inner[key]

                def __setitem__(self, key: Any, value: Any) -> None:
                    inner[key] = value

                def __call__(self, axis: Any = None) -> Any:
                    return inner(axis=axis)

            return Locating()

        def itertuples(self, *more: Any, **named: Any) -> Any:
            columns.update(self.columns)
            return super().itertuples(*more, **named)

    plain = Case.table

    def table(self: Case, name: str) -> pd.DataFrame:
        tables.add(name)
        return Noting(plain(self, name))

    Case.table = table
    try:
        yield tables, columns
    finally:
        Case.table = plain


def _texts(key: Any) -> list[str]:
    """Names of columns in what stands between square brackets."""
    if isinstance(key, str):
        return [key]
    return [one for one in key if isinstance(one, str)] if isinstance(key, list | tuple | pd.Index) else []


def declared(found: Mapping[str, list[str]], master: Master) -> str:
    """The content of the file."""
    body = (
        yaml.safe_dump(dict(found), sort_keys=False, default_flow_style=None, width=110) if found else "{}\n"
    )
    return _HEADING.format(chapter=f"{master.header.chapter:02d}") + body


def main(names: list[str]) -> None:
    """Measure exercises, and write what they read beside their masters."""
    for master in find_masters(None, names):
        found = measure(master)
        print(master.id, found, flush=True)
        (master.path.parent / FILE).write_text(declared(found, master), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
