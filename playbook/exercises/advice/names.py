"""What to say of names, columns, and what stands behind a dot."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Mapping
from typing import Any

from playbook.exercises.advice.stop import (
    COMPARED_COMMA,
    Stop,
    code_of,
    in_cells,
    is_like_texts_of,
    is_text_of,
    listed,
    near_word,
    owner_of,
    tree_of,
)
from playbook.exercises.sayings import EMPTY, OTHER_WORDS, POINT_IN_NUMBER, STAND_INS
from playbook.words import _


def tried_function(stop: Stop) -> str:
    """In a function: a name of the notebook, or none, where one of the names in its brackets is meant."""
    if not stop.parameters:
        return ""
    names = [name for name in _loaded(stop.source) if name not in stop.parameters]
    if isinstance(stop.error, NameError):
        name = str(stop.error.name or "")
        row = next((one for one in stop.parameters if f"{one}[" in stop.source), "")
        if row and any(name in frame.columns for frame in stop.tables().values()):
            return _('`{name}` is a column. Inside the function it is written `{row}["{name}"]`.').format(
                name=name, row=row
            )
        if owner := owner_of(name, stop):
            return _(
                "Nothing is called `{name}`. It belongs to `{owner}`: write both, with a dot between, `{owner}.{name}`."
            ).format(name=name, owner=owner)
        near = near_word(name, [*stop.parameters, *(n for n in stop.names if n[:1] != "_")])
        if near in stop.parameters:
            return _("Nothing is called `{name}`. Do you mean `{near}`?").format(name=name, near=near)
        if not near and not in_cells(name, stop.tables().values()):
            known = listed(f"`{one}`" for one in stop.parameters)
            return _(
                "Nothing is called `{name}` there. A function knows what stands in the brackets behind `def`: here {listed}."
            ).format(name=name, listed=known)
    elif isinstance(stop.error, (TypeError, ValueError, KeyError)):
        for name in names:
            if (
                name in stop.names
                and not callable(stop.names[name])
                and (near := near_word(name, stop.parameters))
            ):
                return _(
                    "Inside the function use `{near}`, which stands in the brackets behind `def`. `{name}` is something "
                    "else: the same whenever the function is called."
                ).format(near=near, name=name)
    return ""


def _loaded(source: str) -> list[str]:
    """Names that a function's lines use."""
    inside = (n for f in ast.walk(tree_of(source)) if isinstance(f, ast.FunctionDef) for n in ast.walk(f))
    return [n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]


def unknown_name(stop: Stop) -> str:
    """A name that nothing is called by."""
    if not isinstance(stop.error, NameError):
        return ""
    name = str(getattr(stop.error, "name", "") or "")
    called = re.search(rf"(?<![.\w]){re.escape(name)}\s*\(", code_of(stop.source)) is not None
    if name.casefold() in ("true", "false", "none"):
        return _("Write `{name}`, with one capital letter. Capitals count.").format(name=name.capitalize())
    if name.casefold() in EMPTY:
        return _(
            "There is no `{name}` here. Whether a cell is empty is asked with `pd.isna(...)`, the cell in its brackets."
        ).format(name=name)
    if name.isupper() and name.isalpha() and (called or len(name) > 2) and len(name) > 1:
        return _(
            "`{name}` is a function of spreadsheets. Here words behind a dot do the work, such as `.sum()`: "
            "see the text above the cell."
        ).format(name=name)
    if re.search(rf"=\s*{re.escape(name)}\s*[,)]", stop.source) and name in (
        "left",
        "right",
        "inner",
        "outer",
    ):
        return _('A setting that is a text needs quotes: `how="{name}"`.').format(name=name)
    if name in STAND_INS:
        return _(
            "`{name}` is a stand-in in the notes. Write what it stands for: your own table, column or value."
        ).format(name=name)
    noted = re.search(rf"#\s*({re.escape(name)}\s*=[^=].*)", stop.source)
    if noted:
        return _(
            "`{name}` is made in a note only, and the computer skips what stands behind `#`. Write that line "
            "without the `#` above the one that uses it: `{line}`"
        ).format(name=name, line=noted[1])
    if re.search(rf"^\s*{re.escape(name)}\s*==", stop.source, re.MULTILINE):
        return compared(name)
    if near := near_word(name, re.findall(r"\bfor\s+(\w+)\s+in\b", code_of(stop.source))):
        return _("Nothing is called `{name}`. Do you mean `{near}`?").format(name=name, near=near)
    for table, frame in stop.tables().items():
        if len(name) > 1 and name in frame.columns:
            return _(
                '`{name}` is the name of a column, so it needs quotes: `"{name}"`. To calculate with the column, '
                'put it into the brackets of its table: `{table}["{name}"]`.'
            ).format(name=name, table=table)
    if called and (words := _function(name, stop.example())):
        return words
    if is_text_of(name, stop.tables().values()):
        return _('`{name}` is a text that stands in the table, so put it in quotes: `"{name}"`.').format(
            name=name
        )
    if is_like_texts_of(name, stop.tables().values()):
        return _(
            'Codes such as `{name}` are texts here, and a text stands in quotes: `"{name}"`. Those that there are stand in the table.'
        ).format(name=name)
    if re.fullmatch(r"[A-Z]{1,2}\d{1,4}", name):
        return _(
            "`{name}` is the address of a cell in a spreadsheet. Here columns and values have names: use those."
        ).format(name=name)
    near = near_word(name, [n for n in stop.names if n[:1] != "_" and n not in ("In", "Out")])
    near = near or next((n for n in dir(builtins) if n == name.casefold()), "")
    if owner := owner_of(name, stop):
        return _(
            "Nothing is called `{name}`. It belongs to `{owner}`: write both, with a dot between, `{owner}.{name}`."
        ).format(name=name, owner=owner)
    if near:
        return _("Nothing is called `{name}`. Do you mean `{near}`?").format(name=name, near=near)
    return _(
        "Nothing is called `{name}` yet. If another cell makes it, run that cell first, or all from the top. "
        'If it is a text, such as a letter or the name of a city, put it in quotes: `"{name}"`.'
    ).format(name=name)


def compared(name: str) -> str:
    """What to say of a line that asks whether a name equals something where it was to be given that value."""
    return _(
        "`{name} == ...` compares and changes nothing. To give the value a name, write one equal sign: `{name} = ...`."
    ).format(name=name)


def _function(name: str, example: Mapping[str, str]) -> str:
    """What to say of a function that is called without what it belongs to."""
    import numpy as np
    import pandas as pd

    word = OTHER_WORDS.get(name.casefold(), name)
    if word and any(hasattr(kind, word) for kind in (pd.DataFrame, pd.Series)):
        return _(
            '`{word}` stands behind what it works on, after a dot: `{table}["{column}"].{word}()`.'
        ).format(word=word, **example)
    for short, module in (("pd", pd), ("np", np)):
        if word and hasattr(module, word):
            return _("In front of `{word}` stands where it comes from: `{short}.{word}(...)`.").format(
                word=word, short=short
            )
    return ""


def unquoted_column(stop: Stop) -> str:
    """A column's name stands in the brackets without quotes, and another cell has made something of that name."""
    if not isinstance(stop.error, (KeyError, TypeError, ValueError)):
        return ""
    for name in stop.used():
        value = stop.names.get(name)
        made = hasattr(value, "iloc") and str(getattr(value, "dtype", "")) != "bool"
        column = any(name in frame.columns for table, frame in stop.tables().items() if table in stop.used())
        if made and column and re.search(rf"\w\[\s*{re.escape(name)}\s*\]", stop.source):
            return _(
                "`{name}` without quotes stands for values that another cell has made. The column is called "
                '`"{name}"`, with quotes.'
            ).format(name=name)
    return ""


def missing_key(stop: Stop) -> str:
    """A column, row or key that there is not."""
    if not isinstance(stop.error, KeyError) or not stop.error.args:
        return ""
    key = stop.error.args[0]
    if isinstance(key, tuple) and len(key) > 1 and all(isinstance(part, str) for part in key):
        listed = ", ".join(f'"{part}"' for part in key)
        return _(
            "Several columns are asked for as a list, with two pairs of brackets: `[[{listed}]]`."
        ).format(listed=listed)
    if isinstance(key, bool) or type(key).__name__ == "bool":
        table = stop.example()["table"]
        return _(
            'The table\'s name is missing in the condition. It is written twice: `{table}[{table}["column"] == value]`.'
        ).format(table=table)
    key = str(key)
    if new := re.search(rf"""^\s*(\w+\[["']{re.escape(key)}["']\])\s*==""", stop.source, re.MULTILINE):
        return compared(new[1])
    told = re.match(r"Column not found: (.+)|\['(.+?)'.*\] not in index|None of \[Index\(\['(.+?)'", key)
    key = next(filter(None, told.groups()), key) if told else key
    tables = {name: frame for name, frame in stop.tables().items() if name in stop.used()}
    for name in stop.used():
        value = stop.names.get(name)
        if (
            isinstance(value, str)
            and value == key
            and any(name in frame.columns for frame in tables.values())
        ):
            return _(
                "`{name}` without quotes stands for '{key}'. The column is called `\"{name}\"`, with quotes."
            ).format(name=name, key=key)
    if (near := _near_column(key, stop, tables)) and near != key:
        return _(
            "No column is called '{key}'. Do you mean '{near}'? Every letter counts, capitals too."
        ).format(key=key, near=near)
    if key in STAND_INS or re.fullmatch("[a-z]", key):
        return _(
            "'{key}' is a stand-in in the notes. Write the name of your own column in its place."
        ).format(key=key)
    if columns := _run_together(key, tables):
        return _("A comma is missing between two names: `[[{columns}]]`.").format(columns=columns)
    elsewhere = [name for name, frame in stop.tables().items() if key in frame.columns]
    lacking = [name for name, frame in tables.items() if key not in frame.columns]
    if key in stop.names and not elsewhere:
        return _("`{key}` is the name of a value, so it has no quotes. In quotes it is only a word.").format(
            key=key
        )
    if re.fullmatch(r"[A-Za-z_]\w*\.[\w.]*", key) and key.split(".")[0] in stop.names:
        return _("`{key}` is the name of a value, so it has no quotes. In quotes it is only a word.").format(
            key=key
        )
    if lacking and elsewhere:
        return _(
            "`{table}` has no column '{key}'; `{other}` has one. If it stood in `{table}` before, a cell has taken it "
            "away: run all cells from the top."
        ).format(table=lacking[0], key=key, other=elsewhere[0])
    for name in lacking:
        columns = ", ".join(f"'{column}'" for column in list(tables[name].columns)[:15])
        return _("Nothing is called '{key}' there. The columns of `{name}`: {columns}.").format(
            key=key, name=name, columns=columns
        )
    return _("No column or row is called '{key}'. Look for a typing error in the name.").format(key=key)


def _near_column(key: str, stop: Stop, tables: Mapping[str, Any]) -> str:
    """A column, or a row of a column with names, that is spelled nearly so: of what the cell uses, else of any table."""
    import pandas as pd

    lacking = [frame for frame in tables.values() if key not in frame.columns]
    labels = [c for frame in lacking for c in frame.columns]
    for name in stop.used():
        if isinstance(value := stop.names.get(name), pd.Series):
            labels += [label for label in value.index if isinstance(label, str)]
    if near := near_word(key, labels):
        return near
    anywhere = [c for frame in stop.tables().values() for c in frame.columns]
    return "" if tables and key in anywhere else near_word(key, anywhere)


def _run_together(key: str, tables: Mapping[str, Any]) -> str:
    """Two columns whose names were written one behind the other without a comma, as a list of them."""
    columns = {column for frame in tables.values() for column in frame.columns if isinstance(column, str)}
    for place in range(1, len(key)):
        if key[:place] in columns and key[place:] in columns:
            return f'"{key[:place]}", "{key[place:]}"'
    return ""


def unknown_word(stop: Stop) -> str:
    """A word behind a dot that there is not."""
    if not isinstance(stop.error, AttributeError):
        return ""
    told = re.search(
        r"(?:'(?:numpy\.)?(\w+)' object|module '([\w.]+)') has no attribute '(\w+)'", stop.message
    )
    if not told:
        return ""
    kind, _module, word = told.groups()
    kind = kind or ""
    if kind in ("function", "method", "builtin_function_or_method"):
        before = re.search(rf"([\w.]+)\.{re.escape(word)}\b", stop.line)
        name = before[1].rpartition(".")[2] if before else word
        return _("Round brackets are missing behind `{name}`: without them nothing is worked out.").format(
            name=name
        )
    known = [n for n in dir(stop.error.obj) if n[0] != "_"] if stop.error.obj is not None else []
    near = near_word(word, known)
    other = OTHER_WORDS.get(word.casefold(), "")
    if other in known:
        near = other
    if kind.endswith("GroupBy") and not near:
        return _(
            "The groups do not know yet what to work out. Right behind `.groupby(...)` comes `.size()`, which "
            'counts the rows, or a column and what to do with it: `["employees"].mean()`.'
        )
    if near:
        return _(
            "Nothing is called `.{word}`. Do you mean `.{near}`? Every letter counts, capitals too."
        ).format(word=word, near=near)
    if kind in ("int", "float", "str", "float64", "int64"):
        return _(
            "A single number or text has no `.{word}`. Put brackets round the whole part before the dot."
        ).format(word=word)
    if kind == "tuple" and re.search(COMPARED_COMMA, stop.line):
        return _(POINT_IN_NUMBER)
    if kind in ("list", "tuple"):
        return _(
            "In front of `.{word}` stands a list, not a table. The name of the table is missing before the square "
            "bracket, or the line belongs to the one above: write it directly behind that."
        ).format(word=word)
    return _(
        "What stands before the dot does not know `.{word}`. Compare the word with the text above the cell."
    ).format(word=word)


def unknown_import(stop: Stop) -> str:
    """A module, or a name in one, that there is not."""
    if not isinstance(stop.error, ImportError):
        return ""
    import playbook.market

    told = re.search(r"No module named '(\w+)'|cannot import name '(\w+)'", stop.message)
    word = (told[1] or told[2]) if told else ""
    near = near_word(word, ["pandas", "numpy", "playbook", *playbook.market.__all__])
    if near:
        return _("Nothing is called `{name}`. Do you mean `{near}`?").format(name=word, near=near)
    return _("Nothing is called `{name}`. Compare the line with the one that was handed out.").format(
        name=word
    )
