"""The data dictionary: a page of the book, made from the schema so that it cannot drift from the files."""

import json

from playbook.cases.schema import INTEGER, NUMBER, SCHEMA, Column, Table
from playbook.places import data_root

_HOMES = {
    "case": "Records of the company in one city",
    "shared": "Records of the company that all cities share",
    "reference": "Public figures",
}
_INTRO = """# Data dictionary

Every table that a chapter or an exercise uses, with every column: what it says, in which unit, and what an
empty cell means. `case.accounts` gives you the table *accounts*, and so on. `playbook case verify` checks files
against exactly what stands here.

A **case** is one city: its public figures, which are real, and the records of *QiHang Cloud* (启航云) there.

:::{important}
QiHang Cloud is fiction. It sells software for customer relations and cross-border trade to small and medium
businesses. Its accounts, customers, contract values, churn, lifetime values, competitors and their shares, sales
cycles, win rates and representatives are invented, and no parameter behind them is calibrated on a real firm.
Names of firms are put together from a place, two characters of good omen, a trade and a legal form; a likeness to a
real firm is accident. Do not quote these numbers.
:::

The records end on 30 June 2025. Money is in yuan (CNY).

Workers (`workers_thousand`) are residents in work, the self-employed included. They are not jobs in firms. A number
of firms that you derive from them is an estimate.

## Words for types

| Type | In the file | In Python |
|---|---|---|
| text | as it is; a code such as `330784` is text, too | `str` |
| whole number | digits | `int64`, or `Int64` where cells may be empty |
| number | digits, decimal point | `float64` |
| true/false | `true`, `false` | `bool` |
| date | `2025-06-30` | `datetime64` |

Files are CSV in UTF-8 with one line of headings. An empty cell is a missing value, never a zero.
"""


def dictionary_markdown() -> str:
    """The page book/data-dictionary.md."""
    parts = [_INTRO]
    for home, title in _HOMES.items():
        parts.append(f"## {title}\n")
        parts += [_table(table) for table in SCHEMA.values() if table.home == home]
    parts.append(_sources())
    return "\n".join(parts)


def _table(table: Table) -> str:
    lines = [
        f"(table-{table.name.replace('_', '-')})=",
        f"### `{table.name}`",
        "",
        f"{table.meaning} {_rows(table)}",
        f"Key: {' and '.join(f'`{key}`' for key in table.key)}. Source: {table.source}.",
        "",
        "| Column | Type | Unit | Meaning | Empty cell |",
        "|---|---|---|---|---|",
    ]
    lines += [_row(column) for column in table.columns]
    links = [f"`{column}` occurs in `{target}.{key}`" for column, target, key in table.links]
    if links:
        lines += ["", f"Joins: {'; '.join(links)}."]
    return "\n".join([*lines, ""])


def _rows(table: Table) -> str:
    record = json.loads((data_root() / "cases" / "jinhua" / "case.json").read_text(encoding="utf-8"))
    count = record["tables"][table.name]["rows"]
    return f"{count:,} rows{' a city' if table.home == 'case' else ''}."


def _row(column: Column) -> str:
    meaning = column.meaning
    if column.choices and column.dtype not in (INTEGER, NUMBER) and len(column.choices) < 10:
        meaning += " One of " + ", ".join(f"`{choice}`" for choice in column.choices) + "."
    cells = [f"`{column.name}`", column.dtype, column.unit or "–", meaning, column.missing or "never"]
    return "| " + " | ".join(cells) + " |"


def _sources() -> str:
    manifest = json.loads((data_root() / "reference" / "manifest.json").read_text(encoding="utf-8"))
    lines = ["## Sources of the public figures", ""]
    for what, entry in manifest.items():
        tables = ", ".join(f"`{name}`" for name in entry["tables"])
        lines.append(f"**{what.capitalize()}** ({tables}). {entry['source']}.")
        facts = [("Year", "year"), ("Unit", "unit"), ("How it was made", "made"), ("Rounded", "rounding")]
        lines += [f"{label}: {entry[key]}." for label, key in facts if key in entry]
        lines += [f"{entry[key][0].upper()}{entry[key][1:]}." for key in ("means", "note") if key in entry]
        lines.append("")
    return "\n".join(lines)
