"""What to do about an error, in words that a spreadsheet user knows.

A cell that stops shows a long red text. Once an exercise is open, a box beside it says the same plainly.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import dataclasses
import difflib
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playbook.errors import PlaybookError
from playbook.exercises.sayings import (
    EMPTY,
    IN_THE_LINE,
    MEANT_EQUAL,
    OF_SYNTAX,
    OF_VALUES,
    ONLY_A_NOTE,
    OTHER_WORDS,
    PLAIN_SIGNS,
    POINT_IN_NUMBER,
    SIGNS_BY_HAND,
    STAND_INS,
    UNKNOWN,
)
from playbook.parsing import parse
from playbook.words import _, ngettext

if TYPE_CHECKING:
    from playbook.exercises.view import HelpView


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
        return _code(lines[place - 1] if 0 < place <= len(lines) else self.source)

    def example(self) -> dict[str, str]:
        """A table of the notebook and a column of numbers in it, for sentences that show how it is done."""
        for name, table in self.tables().items():
            numbers = [c for c in table.columns if isinstance(c, str) and table[c].dtype.kind in "iuf"]
            return {"table": name, "column": (numbers or [*map(str, table.columns), "column"])[0]}
        return {"table": "table", "column": "column"}

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


def advise(
    error: BaseException,
    source: str,
    names: Mapping[str, Any],
    file: str = "",
    parameters: tuple[str, ...] = (),
) -> str:
    """Say in plain words what went wrong in a cell and what to do; never raises.

    Args:
        error: what the cell raised.
        source: the cell as typed.
        names: the notebook's namespace.
        file, parameters: of a function of the cell that was tried; see :class:`Stop`.

    Returns:
        One to three sentences with `code` in back-quotes; empty where there is nothing to say.
    """
    if not isinstance(error, Exception):
        return ""
    try:
        stop = Stop(error, source, names, file, parameters)
        return next((words for rule in _RULES if (words := rule(stop))), _(UNKNOWN))
    except Exception:  # a notebook may hold objects that fail when they are looked at
        return _(UNKNOWN)


#: Called with each cell that ran without an error; the latest exercise's.
_reminders: list[Callable[[str], None]] = []


def watch_cells(remind: Callable[[str], None]) -> None:
    """From now on, let a notebook show the advice with every error; nothing happens elsewhere, or in grading.

    Args:
        remind: called with the text of every cell that ran without an error.
    """
    core = sys.modules.get("IPython.core.getipython")
    shell = core.get_ipython() if core is not None else None
    if shell is not None and not os.environ.get("PLAYBOOK_CASE"):
        _reminders[:] = [remind]
        shell.events.register("post_run_cell", _after_cell)


def _after_cell(result: Any) -> None:
    from IPython import get_ipython

    from playbook.exercises.view import NoteView, show

    errors = [] if result is None else [result.error_before_exec, result.error_in_exec]
    for error in errors:
        source, names = result.info.raw_cell, get_ipython().user_ns
        words = "" if error is None else advise(error, source, names)
        if words:
            show(NoteView(words, title=_("In plain words")))
            for help_ in _helps(error, source, names):
                show(help_)
    if result is not None and errors == [None, None]:
        for remind in _reminders:
            with contextlib.suppress(Exception):  # a reminder must never stop a notebook
                remind(result.info.raw_cell)


def _helps(error: BaseException, source: str, names: Mapping[str, Any]) -> list[HelpView]:
    """Count a stopped cell as a try of the questions whose checks stand in it; gives the help that is due now."""
    checks = re.findall(r"""(?m)^[^#\n]*?\b(\w+)\(\s*["']([^"'\n]+)["']\s*,""", source)
    asked = [(getattr(type(names.get(name)), "help_after_stop", None), name, one) for name, one in checks]
    helps = [ask(names[name], question, error, source) for ask, name, question in asked if ask]
    return [one for one in helps if one]


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
        return parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _lines_with_dots(source: str) -> list[str]:
    lines = source.splitlines()
    dots = [n for n in ast.walk(_tree(source)) if isinstance(n, ast.Constant) and n.value in (..., "...")]
    return [lines[place - 1].strip() for place in sorted({node.lineno for node in dots})]


def _assigned(source: str) -> set[str]:
    nodes = ast.walk(_tree(source))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


# Functions that are tried


def _parameter(stop: Stop) -> str:
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
        if owner := _owner(name, stop):
            return _(
                "Nothing is called `{name}`. It belongs to `{owner}`: write both, with a dot between, `{owner}.{name}`."
            ).format(name=name, owner=owner)
        near = _near(name, [*stop.parameters, *(n for n in stop.names if n[:1] != "_")])
        if near in stop.parameters:
            return _("Nothing is called `{name}`. Do you mean `{near}`?").format(name=name, near=near)
        if not near and not _in_cells(name, stop.tables().values()):
            listed = _listed(f"`{one}`" for one in stop.parameters)
            return _(
                "Nothing is called `{name}` there. A function knows what stands in the brackets behind `def`: here {listed}."
            ).format(name=name, listed=listed)
    elif isinstance(stop.error, (TypeError, ValueError, KeyError)):
        for name in names:
            if (
                name in stop.names
                and not callable(stop.names[name])
                and (near := _near(name, stop.parameters))
            ):
                return _(
                    "Inside the function use `{near}`, which stands in the brackets behind `def`. `{name}` is something "
                    "else: the same whenever the function is called."
                ).format(near=near, name=name)
    return ""


def _owner(name: str, stop: Stop) -> str:
    """The notebook's name for a case or a result of the course's own functions that has a part called so."""
    for owner, value in stop.names.items():
        kind = type(value)
        if owner[:1] != "_" and kind.__module__.startswith("playbook.") and not callable(value):
            parts = [one.name for one in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else []
            if name in parts or hasattr(kind, name):
                return owner
    return ""


def _loaded(source: str) -> list[str]:
    """Names that a function's lines use."""
    inside = (n for f in ast.walk(_tree(source)) if isinstance(f, ast.FunctionDef) for n in ast.walk(f))
    return [n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]


# Lines that cannot be read


def _code(text: str) -> str:
    """Lines without their notes, and with nothing between their quotes."""
    return re.sub(r"#.*", "", _without_texts(text))


def _without_texts(text: str) -> str:
    return re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", '""', text)


def _syntax(stop: Stop) -> str:
    error = stop.error
    if not isinstance(error, SyntaxError):
        return ""
    message, line = error.msg or "", (error.text or "").strip()
    strange = re.match(r"invalid (?:character|non-printable character) '?(.)", message)
    if strange:
        return _strange(strange[1] if "U+3000" not in message else "\u3000", line)
    if "invalid syntax" in message or message == "expected ':'":
        if re.search(r"=\s*#", _without_texts(line)):
            return _(ONLY_A_NOTE)
        code = _code(line)
        for pattern, words in IN_THE_LINE:
            if told := re.search(pattern, code):
                found = told.groupdict()
                return _(words).format(**found, small=found.get("word", "").casefold())
        if told := _side_by_side(line):
            return told
    if (
        "cannot assign" in message
        and not _inside_brackets(line)
        and not re.match(r"(?:el)?if\b|while\b|return\b", line)
    ):
        return _(
            "On the left of `=` stands the name that the value is to have: letters, digits and `_`, no quotes and "
            "no other signs. The value stands on the right."
        )
    if "unexpected character after line continuation" in message:
        return _("The stroke leans the wrong way. `/` divides, and `//` divides without the rest.")
    if told := _in_a_choice(message, _code(line)) or _decimal_comma(message, _code(line)):
        return told
    return _(next(words for part, words in OF_SYNTAX if part in message)).format(line=line)


def _in_a_choice(message: str, code: str) -> str:
    """What to say of a choice in one line that is complete, where Python misses its `else`."""
    if "expected 'else'" not in message or not (told := re.search(r"\bif\b(.*)\belse\b", code)):
        return ""
    if re.search(r"(?<![<>=!])=(?!=)", told[1]):
        return _(MEANT_EQUAL)
    if word := re.search(r"\b(AND|OR|And|Or)\b", told[1]):
        return _("Write `{small}` in small letters: capitals count.").format(small=word[1].casefold())
    return ""


#: Something compared with a number that has a comma for its point.
_COMPARED_COMMA = r"[<>]=?\s*\d+,\d"


def _decimal_comma(message: str, code: str) -> str:
    """What to say of a number with a comma between round brackets, behind a setting, or in a condition."""
    if message == "invalid syntax" and re.match(r"(?:el)?if\b", code) and re.search(_COMPARED_COMMA, code):
        return _(POINT_IN_NUMBER)
    if "follows keyword" in message and re.search(r"=[^,=]*\b\d+,\d", code):
        return _(POINT_IN_NUMBER)
    return ""


def _strange(sign: str, line: str) -> str:
    """What to say of a sign that Python does not know, and of others like it in the same line."""
    if plain := SIGNS_BY_HAND.get(sign):
        return _("The computer does not know the sign `{sign}`. Type the plain one: `{plain}`").format(
            sign=sign, plain=plain
        )
    if not sign.strip():
        return _(
            "A wide blank from a Chinese keyboard stands in the line. Delete it, and type it with the English keyboard."
        )
    if not _plain_sign(sign):
        return _(
            "The sign `{sign}` means nothing here. Delete it, or type the plain one from the keyboard."
        ).format(sign=sign)
    told = _(
        "The sign `{sign}` comes from a Chinese keyboard or from a text program. Switch the keyboard to "
        "English and type the plain one: `{plain}`"
    ).format(sign=sign, plain=_plain_sign(sign))
    others = dict.fromkeys(f"`{other}`" for other in line if _plain_sign(other) and other != sign)
    if others:
        more = _("The same goes for the other signs of that kind in the line: {signs}").format(
            signs=" ".join(others)
        )
        return f"{told}. {more}"
    return told


def _plain_sign(sign: str) -> str:
    """The plain sign that is meant by one of another keyboard; empty where there is none."""
    if sign.isascii() or not sign.strip() or sign.isalnum():
        return ""
    plain = PLAIN_SIGNS.get(sign) or unicodedata.normalize("NFKC", sign)
    return plain if plain.isascii() and not plain.isalnum() else ""


def _inside_brackets(line: str) -> bool:
    """Whether a single `=` of a line stands between brackets, behind what is no setting's name."""
    code = _code(line)
    for found in re.finditer(r"(?<![<>=!])=(?!=)", code):
        before = code[: found.start()]
        deep = sum(map(before.count, "([{")) > sum(map(before.count, ")]}"))
        if deep and not re.search(r"[(,]\s*\w+\s*$", before):
            return True
    return False


def _side_by_side(line: str) -> str:
    """What to say where two words follow each other with nothing between them."""
    words = r"and|or|not|in|is|if|else|for|return|import|from|as|lambda|def|with|del"
    told = re.search(rf"\b(?!(?:{words})\b)([A-Za-z_]\w*)\s+(?!(?:{words})\b)([A-Za-z_]\w*)", _code(line))
    if not told:
        return ""
    return _(
        "Something is missing between `{first}` and `{second}`: a dot, a comma, or a sign such as `*`. If the two are "
        'a text, put quotes round it: `"{first} {second}"`.'
    ).format(first=told[1], second=told[2])


# Names, columns, and what stands behind a dot


def _near(word: str, known: Iterable[str]) -> str:
    known = [k for k in known if isinstance(k, str)]
    same = [k for k in known if k.casefold().replace(" ", "_") == word.casefold().replace(" ", "_")]
    return next(iter(same or difflib.get_close_matches(word, known, n=1, cutoff=0.75)), "")


def _name(stop: Stop) -> str:
    if not isinstance(stop.error, NameError):
        return ""
    name = str(getattr(stop.error, "name", "") or "")
    called = re.search(rf"(?<![.\w]){re.escape(name)}\s*\(", _code(stop.source)) is not None
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
    if near := _near(name, re.findall(r"\bfor\s+(\w+)\s+in\b", _code(stop.source))):
        return _("Nothing is called `{name}`. Do you mean `{near}`?").format(name=name, near=near)
    for table, frame in stop.tables().items():
        if len(name) > 1 and name in frame.columns:
            return _(
                '`{name}` is the name of a column, so it needs quotes: `"{name}"`. To calculate with the column, '
                'put it into the brackets of its table: `{table}["{name}"]`.'
            ).format(name=name, table=table)
    if called and (words := _function(name, stop.example())):
        return words
    if _is_text_of(name, stop.tables().values()):
        return _('`{name}` is a text that stands in the table, so put it in quotes: `"{name}"`.').format(
            name=name
        )
    if _is_like_texts_of(name, stop.tables().values()):
        return _(
            'Codes such as `{name}` are texts here, and a text stands in quotes: `"{name}"`. Those that there are stand in the table.'
        ).format(name=name)
    if re.fullmatch(r"[A-Z]{1,2}\d{1,4}", name):
        return _(
            "`{name}` is the address of a cell in a spreadsheet. Here columns and values have names: use those."
        ).format(name=name)
    near = _near(name, [n for n in stop.names if n[:1] != "_" and n not in ("In", "Out")])
    near = near or next((n for n in dir(builtins) if n == name.casefold()), "")
    if owner := _owner(name, stop):
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


def _is_text_of(name: str, tables: Iterable[Any]) -> bool:
    """Whether a name is a text in a column or a label of a table."""
    tables = list(tables)
    return any(name in frame.index or name in frame.columns for frame in tables) or _in_cells(name, tables)


def _is_like_texts_of(name: str, tables: Iterable[Any]) -> bool:
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


def _in_cells(name: str, tables: Iterable[Any]) -> bool:
    for frame in tables:
        for column in frame.columns:
            if frame[column].dtype.kind not in "biufcM" and (frame[column] == name).any():
                return True
    return False


def _unquoted(stop: Stop) -> str:
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


def _key(stop: Stop) -> str:
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
    if near := _near(key, labels):
        return near
    anywhere = [c for frame in stop.tables().values() for c in frame.columns]
    return "" if tables and key in anywhere else _near(key, anywhere)


def _run_together(key: str, tables: Mapping[str, Any]) -> str:
    """Two columns whose names were written one behind the other without a comma, as a list of them."""
    columns = {column for frame in tables.values() for column in frame.columns if isinstance(column, str)}
    for place in range(1, len(key)):
        if key[:place] in columns and key[place:] in columns:
            return f'"{key[:place]}", "{key[place:]}"'
    return ""


def _attribute(stop: Stop) -> str:
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
    near = _near(word, known)
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
    if kind == "tuple" and re.search(_COMPARED_COMMA, stop.line):
        return _(POINT_IN_NUMBER)
    if kind in ("list", "tuple"):
        return _(
            "In front of `.{word}` stands a list, not a table. The name of the table is missing before the square "
            "bracket, or the line belongs to the one above: write it directly behind that."
        ).format(word=word)
    return _(
        "What stands before the dot does not know `.{word}`. Compare the word with the text above the cell."
    ).format(word=word)


def _import(stop: Stop) -> str:
    if not isinstance(stop.error, ImportError):
        return ""
    import playbook.market

    told = re.search(r"No module named '(\w+)'|cannot import name '(\w+)'", stop.message)
    word = (told[1] or told[2]) if told else ""
    near = _near(word, ["pandas", "numpy", "playbook", *playbook.market.__all__])
    if near:
        return _("Nothing is called `{name}`. Do you mean `{near}`?").format(name=word, near=near)
    return _("Nothing is called `{name}`. Compare the line with the one that was handed out.").format(
        name=word
    )


def _brackets(stop: Stop) -> str:
    """A function that stands where its result belongs: its brackets are missing."""
    message = stop.message
    if not isinstance(stop.error, (TypeError, ValueError)) or not re.search(
        r"'(?:builtin_function_or_)?(?:method|function)'|bound method|<function", message
    ):
        return ""
    if "not subscriptable" in message:
        return ""
    for word in re.findall(r"\.(\w+)(?![\w(\[.])", stop.line):
        return _("Round brackets are missing behind `.{word}`: write `.{word}()`.").format(word=word)
    return _("Round brackets are missing behind a word such as `.sum`: write `.sum()`.")


def _ambiguous(stop: Stop) -> str:
    """A whole column where one yes or no is asked for."""
    if not (isinstance(stop.error, ValueError) and "truth value" in stop.message):
        return ""
    line = stop.line
    if re.search(r"\bnot\b", line):
        return _(
            "In front of a whole column `not` is written `~`, and what follows stands in round brackets: `~(...)`."
        )
    if word := re.search(r"\b(and|or)\b", line):
        sign = {"and": "&", "or": "|"}[word[1]]
        return _(
            "Between whole columns `{word}` is written `{sign}`, and each condition stands in round brackets: "
            "`(...) {sign} (...)`."
        ).format(word=word[1], sign=sign)
    if "&" in line or "|" in line:
        return _(
            "With `&` and `|` between them, each condition stands in round brackets of its own: `(...) & (...)`."
        )
    if word := re.search(r"\b(min|max)\(", line):
        return _(
            "`{word}( )` takes single numbers. For two columns, row by row, put them into a table and write "
            "`.{word}(axis=1)` behind it."
        ).format(word=word[1])
    return _(
        "A whole column stands where a single yes or no is asked for. Take one cell of it, or keep rows with "
        "`{table}[...]`."
    ).format(**stop.example())


def _texts(stop: Stop) -> str:
    """Texts where numbers are needed."""
    if not isinstance(stop.error, (TypeError, ValueError)):
        return ""
    if not re.search(r"'str'|concatenate|dtype 'object'|string dtype|dtype->|to numeric", stop.message):
        return ""
    if re.search(r"not supported between|must be integers|a <class 'str'>|of type str", stop.message):
        return ""
    line = stop.line
    if re.search(r"\.groupby\([^()]*\)\s*\.\w+\(", line):
        return _(
            "The groups hold columns of text, too. Say which column to work out, in square brackets before the dot: "
            '`.groupby(...)["column"].mean()`.'
        )
    if re.search(r"\"\"\s*\[|[-+*/]\s*\"\"|\"\"\s*[-+*/]", line):
        return _(
            "You calculate with text: a name in quotes is only a word. Values and tables stand without quotes, and a "
            'column in the brackets of its table: `table["column"]`.'
        )
    return _(
        "You calculate with text. Take a column that holds numbers; and of a whole table, `len(...)` counts the rows."
    )


def _comma(stop: Stop) -> str:
    """A comma in a number."""
    if not (
        type(stop.error).__name__ == "InvalidIndexError" or isinstance(stop.error, (TypeError, ValueError))
    ):
        return ""
    if re.search(r"(?<![\w\[,])\d+,\d", stop.line) and re.search(
        r"tuple|InvalidIndex|broadcast|unhashable|Lengths\s|match\slength", repr(stop.error)
    ):
        return _(POINT_IN_NUMBER)
    if re.search(r"(?<![\w\[,])0,\d", stop.line) and re.search("positional|valid method", stop.message):
        return _(POINT_IN_NUMBER)
    typed = re.findall(r"(?m)^\s*(\w+)\s*=\s*\d+,\d+\s*(?:#.*)?$", stop.source)
    if "tuple" in stop.message and any(re.search(rf"\b{name}\b", stop.line) for name in typed):
        return _(POINT_IN_NUMBER)
    return ""


def _many(stop: Stop) -> str:
    """More between the brackets of `.loc` than rows and columns."""
    if type(stop.error).__name__ != "IndexingError" or "Too many indexers" not in stop.message:
        return ""
    return _(
        "Behind `.loc` stand two things: which rows, a comma, which columns. Several columns go into square brackets of "
        'their own: `["...", "..."]`.'
    )


def _setting(stop: Stop) -> str:
    """A setting in brackets that does not exist."""
    told = re.search(r"unexpected keyword argument '(\w+)'", stop.message)
    if not (told and isinstance(stop.error, TypeError)) or told[1] == "descending":
        return ""
    near = _near(
        told[1], ["ascending", "how", "on", "axis", "k", "cost", "budget", "eligible", "leave_out", "share"]
    )
    if near:
        return _("There is no setting called `{name}`. Do you mean `{near}`?").format(name=told[1], near=near)
    return _("There is no setting called `{name}` here. Compare it with the text above the cell.").format(
        name=told[1]
    )


def _parts(stop: Stop) -> str:
    """A result of several parts where one of them belongs."""
    import playbook.market

    told = re.search(
        r"'(\w+)' object is not (?:iterable|subscriptable)|'(\w+)' and|and '(\w+)'", stop.message
    )
    if not (told and isinstance(stop.error, TypeError)):
        return ""
    for name in filter(None, told.groups()):
        made = [getattr(module, name, None) for module in vars(playbook.market).values()]
        made += [type(value) for value in stop.names.values() if type(value).__name__ == name]
        kind = next((one for one in made if one and dataclasses.is_dataclass(one)), None)
        if kind is not None:
            listed = ", ".join(f"`.{one.name}`" for one in dataclasses.fields(kind))
            return _(
                "The result has several parts. Take the one that is asked for by its name, behind a dot: {listed}."
            ).format(listed=listed)
    return ""


def _value(stop: Stop) -> str:
    if isinstance(stop.error, (TypeError, ValueError, ZeroDivisionError)):
        for pattern, words in OF_VALUES:
            if told := re.search(pattern, stop.message):
                return _(words).format(**told.groupdict(), **stop.example())
    return ""


def _own(stop: Stop) -> str:
    if not isinstance(stop.error, PlaybookError):
        return ""
    what = stop.error.what[:1].upper() + stop.error.what[1:]
    if not stop.error.remedy:
        return f"{what.rstrip('.')}."
    return _("{what}. What to do: {remedy}.").format(
        what=what.rstrip("."), remedy=stop.error.remedy.rstrip(".")
    )


_RULES: tuple[Callable[[Stop], str], ...] = (
    _dots,
    _parameter,
    _syntax,
    _name,
    _unquoted,
    _key,
    _attribute,
    _import,
    _own,
    _comma,
    _many,
    _brackets,
    _ambiguous,
    _texts,
    _setting,
    _parts,
    _value,
)
