"""A cell that stopped, and what can be found out of its lines and of the notebook's tables."""

from __future__ import annotations

import ast
import dataclasses
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playbook.parsing import parse
from playbook.words import _


@dataclass(frozen=True)
class Stop:
    """A cell that stopped.

    Attributes:
        error: what was raised.
        source: the cell as typed.
        names: what the notebook has given names to.
        file: what the cell is called in a traceback; found out where it is not given.
        parameters: the names in the brackets of the function that stopped, where one was tried.
    """

    error: BaseException
    source: str
    names: Mapping[str, Any]
    file: str = ""
    parameters: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        return str(self.error)

    @property
    def line(self) -> str:
        """The line of the cell that stopped, without its note; the whole cell where that is not known."""
        place, trace, file = 0, self.error.__traceback__, self.file
        while trace is not None:
            code = trace.tb_frame.f_code
            if trace.tb_frame.f_globals is self.names and code.co_filename == (file or code.co_filename):
                place, file = trace.tb_lineno, code.co_filename
            trace = trace.tb_next
        lines = self.source.splitlines()
        return code_of(lines[place - 1] if 0 < place <= len(lines) else self.source)

    def example(self) -> dict[str, str]:
        """A table of the notebook and a column of numbers in it, for sentences that show how it is done."""
        for name, table in self.tables().items():
            numbers = [c for c in table.columns if isinstance(c, str) and table[c].dtype.kind in "iuf"]
            return {"table": name, "column": (numbers or [*map(str, table.columns), "column"])[0]}
        return {"table": "table", "column": "column"}

    def used(self) -> list[str]:
        """The names that stand in the cell's lines, notes and texts apart, first one first."""
        nodes = [n for n in ast.walk(tree_of(self.source)) if isinstance(n, ast.Name)]
        return list(dict.fromkeys(n.id for n in sorted(nodes, key=lambda n: (n.lineno, n.col_offset))))

    def tables(self) -> dict[str, Any]:
        """The notebook's tables, those that the cell uses first."""
        import pandas as pd

        used = self.used()
        found = [n for n, v in self.names.items() if not n.startswith("_") and isinstance(v, pd.DataFrame)]
        found.sort(key=lambda name: used.index(name) if name in used else len(used))
        return {name: self.names[name] for name in found}


def listed(parts: Iterable[str]) -> str:
    """Several things in a row, the last with `and`."""
    *others, last = parts
    return _("{others} and {last}").format(others=", ".join(others), last=last) if others else last


def tree_of(source: str) -> ast.AST:
    """A cell taken apart; empty where it is no Python."""
    try:
        return parse(source)
    except SyntaxError:
        return ast.Module([], [])


def code_of(text: str) -> str:
    """Lines without their notes, and with nothing between their quotes."""
    return re.sub(r"#.*", "", without_texts(text))


def without_texts(text: str) -> str:
    """Lines with nothing between their quotes."""
    return re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", '""', text)


def near_word(word: str, known: Iterable[str]) -> str:
    """Which of the known words is meant by one that is spelled nearly so; empty where none is."""
    known = [k for k in known if isinstance(k, str)]
    same = [k for k in known if k.casefold().replace(" ", "_") == word.casefold().replace(" ", "_")]
    return next(iter(same or difflib.get_close_matches(word, known, n=1, cutoff=0.75)), "")


def owner_of(name: str, stop: Stop) -> str:
    """The notebook's name for a case or a result of the course's own functions that has a part called so."""
    for owner, value in stop.names.items():
        kind = type(value)
        if owner[:1] != "_" and kind.__module__.startswith("playbook.") and not callable(value):
            parts = [one.name for one in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else []
            if name in parts or hasattr(kind, name):
                return owner
    return ""


def in_cells(name: str, tables: Iterable[Any]) -> bool:
    """Whether a text stands in a column of a table."""
    for frame in tables:
        for column in frame.columns:
            if frame[column].dtype.kind not in "biufcM" and (frame[column] == name).any():
                return True
    return False


def is_text_of(name: str, tables: Iterable[Any]) -> bool:
    """Whether a name is a text in a column or a label of a table."""
    tables = list(tables)
    return any(name in frame.index or name in frame.columns for frame in tables) or in_cells(name, tables)


def is_like_texts_of(name: str, tables: Iterable[Any]) -> bool:
    """Whether a name is letters and digits, and a column holds codes that begin with these letters and are as long."""
    code = re.fullmatch(r"([A-Z]{1,2})(\d{2,})", name)
    if not code:
        return False
    form = rf"{code[1]}\d{{{len(code[2])}}}"
    columns = (frame[column] for frame in tables for column in frame.columns)
    return any(
        len(column) and all(isinstance(cell, str) and re.fullmatch(form, cell) for cell in column.head(5))
        for column in columns
    )


#: Something compared with a number that has a comma for its point.
COMPARED_COMMA = r"[<>]=?\s*\d+,\d"
