"""Help cells: run alone, recorded for the trainee's check, and proven to hold nobody's answer."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.authoring.master import Block, HelpCell, Master
from playbook.authoring.solve import execute, quiet
from playbook.errors import PlaybookError
from playbook.exercises.ladder import Help, Table

#: Rows of a result that are shown: the table is another city's and small.
MOST_ROWS = 20


@dataclass(frozen=True)
class Ran:
    """A help cell that has run.

    Attributes:
        names: what it bound.
        result: its last expression's value; None where it ends with a statement.
        text: what it prints, and its result if that is no table.
        table: its result if it is one.
    """

    names: Mapping[str, Any]
    result: Any = None
    text: str = ""
    table: Table | None = None


def run_help(cell: HelpCell, where: str) -> Ran:
    """Run a help cell in a namespace of its own, in which no case is open.

    Raises:
        PlaybookError: it stops, or shows nothing.
    """
    import numpy as np

    namespace: dict[str, Any] = {"__name__": "__main__"}
    source: str | ast.Module = cell.source
    with contextlib.suppress(SyntaxError):  # running it says where
        tree = ast.parse(cell.source)
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = tree.body[-1]
            shown = ast.Assign([ast.Name("__shown__", ast.Store())], last.value)
            tree.body[-1] = ast.copy_location(shown, last)
            source = ast.fix_missing_locations(tree)
    printed = io.StringIO()
    with quiet(), contextlib.redirect_stdout(printed):
        execute(source, namespace, where)
    result = namespace.pop("__shown__", None)
    if isinstance(result, np.generic):
        result = result.item()
    names = {name: value for name, value in namespace.items() if not name.startswith("__")}
    table = _table(result, where)
    texts = [printed.getvalue().strip("\n")]
    if table is None and result is not None:
        texts.append(result if isinstance(result, str) else repr(result))
    text = "\n".join(one for one in texts if one)
    if not text and table is None:
        raise PlaybookError(
            "the help cell shows nothing", where=where, remedy="end it with the name of its result"
        )
    return Ran(names, result, text, table)


def _table(result: Any, where: str) -> Table | None:
    """A table or a column as a notebook shows it; None for everything else."""
    import pandas as pd

    if isinstance(result, pd.Series):
        named = result.name is not None
        result = result.to_frame(result.name if named else "")
    if not isinstance(result, pd.DataFrame):
        return None
    if len(result) > MOST_ROWS:
        raise PlaybookError(
            f"the help cell shows a table of {len(result)} rows",
            where=where,
            remedy=f"keep it small: {MOST_ROWS} rows at most",
        )
    index = [" / ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in result.index]
    columns = [_column(result.iloc[:, place]) for place in range(result.shape[1])]
    head = ["" if name is None else str(name) for name in result.columns]
    return Table(
        (str(result.index.name or ""), *head),
        tuple((name, *cells) for name, *cells in zip(index, *columns, strict=True)),
    )


def _column(column: Any) -> list[str]:
    """A column's values as pandas shows them together: as many decimals as the column needs."""
    shown = column.to_string(index=False, header=False).splitlines() if len(column) else []
    if len(shown) != len(column):  # texts of several lines
        shown = list(map(str, column))
    return [one.strip() for one in shown]


def anchor_of(title: str) -> str:
    """The anchor of a heading in a page, as docutils makes it of its words."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))


def headings_of(master: Master) -> dict[str, str]:
    """The headings of a chapter's page, by their anchors; none where it has no page yet."""
    page = _course(master) / "book" / f"{master.id}.md"
    try:
        text = page.read_text(encoding="utf-8")
    except OSError:
        return {}
    titles = re.findall(r"(?m)^#{1,6}\s+(.+?)\s*$", re.sub(r"(?ms)^(```+|:::+).*?^\1\s*$", "", text))
    plain = [re.sub(r"\{[\w:-]+\}(?=`)|[`*]", "", title) for title in titles]
    return {anchor_of(title): title for title in plain}


def site_address(master: Master) -> str:
    """The site's address as the course's `_config.yml` gives it under `html: baseurl:`; empty where it does not."""
    import yaml

    try:
        told = yaml.safe_load((_course(master) / "_config.yml").read_text(encoding="utf-8"))
        address = told["html"]["baseurl"]
    except (OSError, KeyError, TypeError, yaml.YAMLError):
        return ""
    return f"{str(address).rstrip('/')}/" if re.match(r"https?://", str(address)) else ""


def _course(master: Master) -> Path:
    """The course that a master's exercise belongs to."""
    return master.path.resolve().parents[2]


def seal_help(master: Master) -> dict[str, Help]:
    """What a release carries of a master's help cells, by question.

    Raises:
        PlaybookError: one of them stops or shows nothing.
    """
    headings, site = headings_of(master), site_address(master)
    return {
        block.question.id: _sealed(master, block, headings, site) for block in master.blocks if block.help
    }


def _sealed(master: Master, block: Block, headings: Mapping[str, str], site: str) -> Help:
    cell = block.help
    assert cell
    ran = run_help(cell, f"{master.path} cell {cell.cell}")
    heading = headings.get(cell.see, "")
    return Help(cell.step, cell.see, heading, master.chapter, cell.source, ran.text, ran.table, site)
