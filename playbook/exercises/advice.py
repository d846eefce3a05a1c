"""What to do about an error, in words that a spreadsheet user knows.

A cell that stops shows a long red text. Once an exercise is open, a box beside it says the same plainly.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playbook.errors import PlaybookError
from playbook.exercises.sayings import IN_THE_LINE, OF_SYNTAX, OF_VALUES, PLAIN_SIGNS, STAND_INS, UNKNOWN
from playbook.words import _, ngettext


@dataclass(frozen=True)
class Stop:
    """A cell that stopped.

    Attributes:
        error: what was raised.
        source: the cell as typed.
        names: what the notebook has given names to.
    """

    error: BaseException
    source: str
    names: Mapping[str, Any]

    @property
    def message(self) -> str:
        return str(self.error)

    def used(self) -> list[str]:
        """The names that stand in the cell's lines, notes and texts apart, first one first."""
        nodes = [n for n in ast.walk(_tree(self.source)) if isinstance(n, ast.Name)]
        return list(dict.fromkeys(n.id for n in sorted(nodes, key=lambda n: (n.lineno, n.col_offset))))

    def tables(self) -> dict[str, Any]:
        """The notebook's tables, those that the cell uses first."""
        import pandas as pd

        used = self.used()
        found = [n for n, v in self.names.items() if not n.startswith("_") and isinstance(v, pd.DataFrame)]
        found.sort(key=lambda name: used.index(name) if name in used else len(used))
        return {name: self.names[name] for name in found}


def advise(error: BaseException, source: str, names: Mapping[str, Any]) -> str:
    """Say in plain words what went wrong in a cell and what to do; never raises.

    Args:
        error: what the cell raised.
        source: the cell as typed.
        names: the notebook's namespace.

    Returns:
        One to three sentences with `code` in back-quotes; empty where there is nothing to say.
    """
    if not isinstance(error, Exception):
        return ""
    try:
        stop = Stop(error, source, names)
        return next((words for rule in _RULES if (words := rule(stop))), _(UNKNOWN))
    except Exception:  # a notebook may hold objects that fail when they are looked at
        return _(UNKNOWN)


def watch_errors() -> None:
    """From now on, let a notebook show the advice with every error; nothing happens elsewhere, or in grading."""
    core = sys.modules.get("IPython.core.getipython")
    shell = core.get_ipython() if core is not None else None
    if shell is not None and not os.environ.get("PLAYBOOK_CASE"):
        shell.events.register("post_run_cell", _after_cell)


def _after_cell(result: Any) -> None:
    from IPython import get_ipython

    from playbook.exercises.view import NoteView, show

    errors = [] if result is None else [result.error_before_exec, result.error_in_exec]
    for error in errors:
        words = "" if error is None else advise(error, result.info.raw_cell, get_ipython().user_ns)
        if words:
            show(NoteView(words, title=_("In plain words")))


# The three dots


def _dots(stop: Stop) -> str:
    key = stop.error.args[0] if isinstance(stop.error, KeyError) and stop.error.args else None
    if isinstance(stop.error, SyntaxError) or not (
        "ellipsis" in stop.message.casefold() or key in (..., "...")
    ):
        return ""
    assigned = _assigned(stop.source)
    names = [name for name in stop.used() if name not in assigned]
    places = []
    if lines := _lines_with_dots(stop.source):
        words = ngettext("in the line {lines}", "in the lines {lines}", len(lines))
        places.append(words.format(lines=_listed(f"`{line}`" for line in lines)))
    if open_names := [f"`{name}`" for name in names if stop.names.get(name) is ...]:
        places.append(_("behind {names}, further up").format(names=_listed(open_names)))
    for name, table in stop.tables().items():
        columns = [f"'{c}'" for c in table.columns if any(value is ... for value in table[c].head(1))]
        if columns and name in names:
            words = ngettext(
                "in the column {columns} of `{name}`, further up",
                "in the columns {columns} of `{name}`, further up",
                len(columns),
            )
            places.append(words.format(columns=_listed(columns), name=name))
    if places:
        still = _("The three dots `...` still stand where a value belongs: {places}.")
        still = still.format(places=_listed(places))
    else:
        still = _("The three dots `...` still stand where a value belongs.")
    then = _("Fill the gap and run its cell; then run this one again. (Python calls the dots *ellipsis*.)")
    return f"{still} {then}"


def _listed(parts: Iterable[str]) -> str:
    *others, last = parts
    return _("{others} and {last}").format(others=", ".join(others), last=last) if others else last


def _tree(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _lines_with_dots(source: str) -> list[str]:
    lines = source.splitlines()
    dots = [n for n in ast.walk(_tree(source)) if isinstance(n, ast.Constant) and n.value in (..., "...")]
    return [lines[place - 1].strip() for place in sorted({node.lineno for node in dots})]


def _assigned(source: str) -> set[str]:
    nodes = ast.walk(_tree(source))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


# Lines that cannot be read


def _syntax(stop: Stop) -> str:
    error = stop.error
    if not isinstance(error, SyntaxError):
        return ""
    message, line = error.msg or "", (error.text or "").strip()
    strange = re.match(r"invalid (?:character|non-printable character) '?(.)", message)
    if strange:
        sign = strange[1]
        plain = PLAIN_SIGNS.get(sign) or unicodedata.normalize("NFKC", sign)
        if plain == sign or not plain.isascii():
            return _(
                "The sign `{sign}` means nothing here. Delete it, or type the plain one from the keyboard."
            ).format(sign=sign)
        return _(
            "The sign `{sign}` comes from a Chinese keyboard or from a text program. Switch the keyboard to "
            "English and type the plain one: `{plain}`"
        ).format(sign=sign, plain=plain)
    if "invalid syntax" in message:
        for pattern, words in IN_THE_LINE:
            if re.search(pattern, line):
                return _(words)
    return _(next(words for part, words in OF_SYNTAX if part in message)).format(line=line)


# Names, columns, and what stands behind a dot


def _near(word: str, known: Iterable[str]) -> str:
    known = [k for k in known if isinstance(k, str)]
    same = [k for k in known if k.casefold().replace(" ", "_") == word.casefold().replace(" ", "_")]
    return next(iter(same or difflib.get_close_matches(word, known, n=1, cutoff=0.75)), "")


def _name(stop: Stop) -> str:
    if not isinstance(stop.error, NameError):
        return ""
    name = str(getattr(stop.error, "name", "") or "")
    if name.casefold() in ("true", "false", "none"):
        return _("Write `{name}`, with one capital letter. Capitals count.").format(name=name.capitalize())
    if len(name) > 2 and name.isupper() and name.isalpha():
        return _(
            "`{name}` is a function of spreadsheets. Here words behind a dot do the work, such as `.sum()`: "
            "see the notes in the cell."
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
    for table, frame in stop.tables().items():
        if len(name) > 1 and name in frame.columns:
            return _(
                '`{name}` is the name of a column, so it needs quotes: `"{name}"`. To calculate with the column, '
                'put it into the brackets of its table: `{table}["{name}"]`.'
            ).format(name=name, table=table)
    near = _near(name, [n for n in stop.names if n[:1] != "_" and n not in ("In", "Out")])
    near = near or next((n for n in dir(builtins) if n == name.casefold()), "")
    if near:
        return _("Nothing is called `{name}`. Do you mean `{near}`?").format(name=name, near=near)
    return _(
        "Nothing is called `{name}` yet. If another cell makes it, run that cell first, or all from the top. "
        'If it is a text, such as a letter or the name of a city, put it in quotes: `"{name}"`.'
    ).format(name=name)


def _key(stop: Stop) -> str:
    if not isinstance(stop.error, KeyError) or not stop.error.args:
        return ""
    key = stop.error.args[0]
    if isinstance(key, tuple) and len(key) > 1 and all(isinstance(part, str) for part in key):
        listed = ", ".join(f'"{part}"' for part in key)
        return _(
            "Several columns are asked for as a list, with two pairs of brackets: `[[{listed}]]`."
        ).format(listed=listed)
    key = str(key)
    told = re.match(r"Column not found: (.+)|\['(.+?)'.*\] not in index|None of \[Index\(\['(.+?)'", key)
    key = next(filter(None, told.groups()), key) if told else key
    tables = {name: frame for name, frame in stop.tables().items() if name in stop.used()}
    if key in STAND_INS or re.fullmatch("[a-z]", key):
        return _(
            "'{key}' is a stand-in in the notes. Write the name of your own column in its place."
        ).format(key=key)
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
    lacking = [frame for frame in tables.values() if key not in frame.columns]
    near = _near(key, [column for frame in lacking for column in frame.columns])
    if near:
        return _(
            "No column is called '{key}'. Do you mean '{near}'? Every letter counts, capitals too."
        ).format(key=key, near=near)
    if re.fullmatch(r"[A-Za-z_][\w.]*", key) and key.split(".")[0] in stop.names:
        return _("`{key}` is the name of a value, so it has no quotes. In quotes it is only a word.").format(
            key=key
        )
    for name, frame in tables.items():
        if key in frame.columns:
            continue
        columns = ", ".join(f"'{column}'" for column in list(frame.columns)[:15])
        return _("Nothing is called '{key}' there. The columns of `{name}`: {columns}.").format(
            key=key, name=name, columns=columns
        )
    return _("No column or row is called '{key}'. Look for a typing error in the name.").format(key=key)


def _attribute(stop: Stop) -> str:
    if not isinstance(stop.error, AttributeError):
        return ""
    told = re.search(r"'(\w+)' object has no attribute '(\w+)'", stop.message)
    if not told:
        return ""
    kind, word = told.groups()
    if kind.endswith("GroupBy"):
        return _(
            "The groups do not know yet what to work out. Right behind `.groupby(...)` comes `.size()`, which "
            'counts the rows, or a column and what to do with it: `["employees"].mean()`.'
        )
    near = _near(word, [n for n in dir(stop.error.obj) if n[0] != "_"]) if stop.error.obj is not None else ""
    if near:
        return _(
            "Nothing is called `.{word}`. Do you mean `.{near}`? Every letter counts, capitals too."
        ).format(word=word, near=near)
    if kind in ("int", "float", "str", "float64", "int64"):
        return _(
            "A single number or text has no `.{word}`. Put brackets round the whole part before the dot."
        ).format(word=word)
    return _(
        "What stands before the dot does not know `.{word}`. Compare the word with the notes in the cell."
    ).format(word=word)


def _value(stop: Stop) -> str:
    if isinstance(stop.error, (TypeError, ValueError, ZeroDivisionError)):
        for pattern, words in OF_VALUES:
            if told := re.search(pattern, stop.message):
                return _(words).format(**told.groupdict())
    return ""


def _own(stop: Stop) -> str:
    if not isinstance(stop.error, PlaybookError):
        return ""
    what = stop.error.what[:1].upper() + stop.error.what[1:]
    if not stop.error.remedy:
        return f"{what}."
    return _("{what}. What to do: {remedy}.").format(what=what, remedy=stop.error.remedy)


_RULES: tuple[Callable[[Stop], str], ...] = (_dots, _syntax, _name, _key, _attribute, _own, _value)
