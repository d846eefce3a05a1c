"""What to say of values of the wrong kind: dots, texts, whole columns, functions without brackets."""

from __future__ import annotations

import ast
import dataclasses
import re

from playbook.errors import PlaybookError
from playbook.exercises.advice.stop import Stop, listed, near_word, tree_of
from playbook.exercises.sayings import OF_VALUES, POINT_IN_NUMBER
from playbook.words import _, ngettext


def three_dots(stop: Stop) -> str:
    """Dots that still stand where a value belongs."""
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
        places.append(words.format(lines=listed(f"`{line}`" for line in lines)))
    if open_names := [f"`{name}`" for name in names if stop.names.get(name) is ...]:
        places.append(_("behind {names}, further up").format(names=listed(open_names)))
    for name, table in stop.tables().items():
        columns = [f"'{c}'" for c in table.columns if any(value is ... for value in table[c].head(1))]
        if columns and name in names:
            words = ngettext(
                "in the column {columns} of `{name}`, further up",
                "in the columns {columns} of `{name}`, further up",
                len(columns),
            )
            places.append(words.format(columns=listed(columns), name=name))
    if places:
        still = _("The three dots `...` still stand where a value belongs: {places}.")
        still = still.format(places=listed(places))
    else:
        still = _("The three dots `...` still stand where a value belongs.")
    then = _("Fill the gap and run its cell; then run this one again. (Python calls the dots *ellipsis*.)")
    return f"{still} {then}"


def _lines_with_dots(source: str) -> list[str]:
    lines = source.splitlines()
    dots = [n for n in ast.walk(tree_of(source)) if isinstance(n, ast.Constant) and n.value in (..., "...")]
    return [lines[place - 1].strip() for place in sorted({node.lineno for node in dots})]


def _assigned(source: str) -> set[str]:
    nodes = ast.walk(tree_of(source))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def missing_brackets(stop: Stop) -> str:
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


def whole_column(stop: Stop) -> str:
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


def texts_for_numbers(stop: Stop) -> str:
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


def comma_in_number(stop: Stop) -> str:
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


def too_many_in_loc(stop: Stop) -> str:
    """More between the brackets of `.loc` than rows and columns."""
    if type(stop.error).__name__ != "IndexingError" or "Too many indexers" not in stop.message:
        return ""
    return _(
        "Behind `.loc` stand two things: which rows, a comma, which columns. Several columns go into square brackets of "
        'their own: `["...", "..."]`.'
    )


def unknown_setting(stop: Stop) -> str:
    """A setting in brackets that does not exist."""
    told = re.search(r"unexpected keyword argument '(\w+)'", stop.message)
    if not (told and isinstance(stop.error, TypeError)) or told[1] == "descending":
        return ""
    near = near_word(
        told[1], ["ascending", "how", "on", "axis", "k", "cost", "budget", "eligible", "leave_out", "share"]
    )
    if near:
        return _("There is no setting called `{name}`. Do you mean `{near}`?").format(name=told[1], near=near)
    return _("There is no setting called `{name}` here. Compare it with the text above the cell.").format(
        name=told[1]
    )


def result_of_parts(stop: Stop) -> str:
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


def wrong_value(stop: Stop) -> str:
    """Values that do not suit what is done with them."""
    if isinstance(stop.error, (TypeError, ValueError, ZeroDivisionError)):
        for pattern, words in OF_VALUES:
            if told := re.search(pattern, stop.message):
                return _(words).format(**told.groupdict(), **stop.example())
    return ""


def own_error(stop: Stop) -> str:
    """An error of the course's own, which says itself what to do."""
    if not isinstance(stop.error, PlaybookError):
        return ""
    what = stop.error.what[:1].upper() + stop.error.what[1:]
    if not stop.error.remedy:
        return f"{what.rstrip('.')}."
    return _("{what}. What to do: {remedy}.").format(
        what=what.rstrip("."), remedy=stop.error.remedy.rstrip(".")
    )
