"""Right and wrong answers made from a question's solution: what any kind of answer may come as, and go wrong as."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from playbook.exercises.question import Question

Made = tuple[str, Any]


def right_forms(question: Question, value: Any) -> Iterator[Made]:
    """The solution's answer as other people would write it down."""
    yield "as it is", value
    yield from _FORMS[question.kind.name](question, value)


def wrong_forms(question: Question, value: Any) -> Iterator[Made]:
    """Answers near the solution's that are not it, and junk."""
    yield from _JUNK
    yield from _MISTAKES[question.kind.name](question, value)


_JUNK: tuple[Made, ...] = (
    ("a text", "nonsense"),
    ("a list of one text", ["nonsense"]),
    ("an empty list", []),
    ("zero", 0),
    ("a truth", True),
    ("not a number", float("nan")),
    ("an empty table", pd.DataFrame()),
    ("a class", dict),
    ("a function that says nothing", lambda *_: None),
    ("a function that says one thing", lambda *_: 1),
)


def _numbers(question: Question, value: Any) -> Iterator[Made]:
    number = float(value)
    yield "numpy's", np.float64(number)
    yield "an array without length", np.array(number)
    if number.is_integer():
        yield "whole", int(number)
        yield "numpy's whole", np.int64(number)
    if question.kind.atol or question.kind.rtol:
        for decimals in (6, 5, 4):
            yield f"{decimals} decimals", round(number, decimals)
        yield "as written", round(number, 2 if abs(number) < 10 else 1)


def _wrong_numbers(question: Question, value: Any) -> Iterator[Made]:
    number = float(value)
    step = 10 * (question.kind.atol or 1e-9) + 20 * (question.kind.rtol or 0) * abs(number)
    yield "a little more", number + step + 1e-7
    yield "a little less", number - step - 1e-7
    yield "a fifth more", number * 1.2 + 0.0123
    yield "one more", number + 1
    yield "percent", number * 100 + 0.5
    yield "turned", 1 / number if number not in (0, 1, -1) else 17.0
    yield "negative", -number if number else 1.0
    yield "a text", str(value)


def _choices(question: Question, value: str) -> Iterator[Made]:
    yield "capitals", value.upper()
    yield "with blanks", f"  {value} "
    yield "in a list", [value]
    yield "in a set", {value}
    yield "in a tuple", (value,)
    yield "in a column", pd.Series([value])
    yield "as an index", pd.Index([value])
    yield "quoted twice", f'"{value}"'
    yield "with a full stop", f"{value}."
    yield "as a number's name", pd.Series({value: 0.25})


def _wrong_choices(question: Question, value: str) -> Iterator[Made]:
    for choice in question.kind.choices:
        if choice != value:
            yield f"choice {choice}", choice
    yield "all of them", list(question.kind.choices)


def _texts(value: Any) -> list[str]:
    if isinstance(value, pd.DataFrame):
        return value.index.tolist()
    return sorted(value) if isinstance(value, (set, frozenset)) else list(value)


def _sets(question: Question, value: Any) -> Iterator[Made]:
    members = _texts(value)
    yield "turned round", members[::-1]
    yield "a set", set(members)
    yield "a frozen set", frozenset(members)
    yield "with one twice", [*members, members[0]]
    yield from _listed(members)


def _listed(members: list[str]) -> Iterator[Made]:
    yield "a list", list(members)
    yield "a tuple", tuple(members)
    yield "a column", pd.Series(members)
    yield "a named column with an odd index", pd.Series(members, index=range(7, 7 + len(members)), name="x")
    yield "an index", pd.Index(members)
    yield "an array", np.array(members)
    yield "an array of objects", np.array(members, dtype=object)
    yield "a table of one column", pd.DataFrame({"anything": members})
    yield "rows of one", pd.DataFrame({"anything": members}).to_numpy().tolist()
    yield "keys of a dictionary", dict.fromkeys(members, 1.5).keys()
    yield "values of a dictionary", dict(enumerate(members)).values()
    yield "names of numbers", pd.Series(np.linspace(9, 1, len(members)), index=members)
    yield "a table with names as its index", pd.DataFrame({"a": 1.5, "b": "x"}, index=members)
    yield "a dictionary of scores", dict.fromkeys(members, 0.5)
    yield "a queue", collections.deque(members)
    yield "in small letters with blanks", [f" {member.lower()} " for member in members]


def _wrong_sets(question: Question, value: Any) -> Iterator[Made]:
    members = _texts(value)
    others = [one for one in question.kind.choices if one not in members] or ["stranger"]
    yield "one left out", members[1:]
    yield "one too many", [*members, others[0]]
    yield "one replaced", [*members[1:], others[-1]]
    if len(members) > 1:
        yield "only one", members[:1]
    yield "none of them", others
    yield "in one text", " ".join(members) if len(members) > 1 else "a b"


def _rankings(question: Question, value: Any) -> Iterator[Made]:
    members = _texts(value)
    if question.kind.top:
        yield "only the places asked for", members[: question.kind.top]
        members = members[: question.kind.top + 2]
    yield from _listed(members)


def _wrong_rankings(question: Question, value: Any) -> Iterator[Made]:
    members = _texts(value)
    yield "turned round", members[::-1]
    yield "the first two swapped", [*members[1::-1], *members[2:]]
    yield "without the first", members[1:]
    yield "without order", set(members)
    yield "the first twice", [members[0], *members]
    place = (question.kind.top or len(members)) - 1
    yield "a stranger last", [*members[:place], "stranger", *members[place + 1 :]]


def _frame(question: Question, value: Any) -> pd.DataFrame:
    """The table with its keys as columns, and no more columns than are asked for."""
    keys = list(question.kind.key)
    table = value.to_frame(value.name or "value") if isinstance(value, pd.Series) else value.copy()
    if table.index.names != [None] or not isinstance(table.index, pd.RangeIndex):
        named = dict(zip(range(len(table.index.names)), keys, strict=False))
        table.index.names = [name or named.get(i, f"i{i}") for i, name in enumerate(table.index.names)]
        table = table.reset_index() if set(keys) - set(table.columns) else table.reset_index(drop=True)
    wanted = [name for name in question.kind.columns or table.columns if name not in keys]
    return table[[*keys, *wanted]].reset_index(drop=True)


def _tables(question: Question, value: Any) -> Iterator[Made]:
    keys = list(question.kind.key)
    table = _frame(question, value)
    columns = [name for name in table.columns if name not in keys]
    yield "a plain table", table
    yield "columns turned round", table[table.columns[::-1]]
    yield "keys as index", table.set_index(keys)
    yield "index without a name", table.set_index(keys).rename_axis([None] * len(keys))
    yield "an odd index", table.set_axis(range(5, 5 + len(table)))
    yield "a column more", table.assign(note="seen", more=1)
    yield "a dictionary of columns", {name: table[name].tolist() for name in table.columns}
    yield "a list of records", table.to_dict("records")
    yield "column names in capitals", table.rename(columns={name: name.upper() for name in columns})
    yield "objects", table.astype(object)
    if not question.kind.ordered:
        yield "rows turned round", table.iloc[::-1]
        yield "sorted by values", table.sort_values(columns[0], ignore_index=True)
    if len(columns) == 1:
        column = table.set_index(keys)[columns[0]]
        yield "a column", column
        yield "a column called otherwise", column.rename("average")
        yield "a column without a name", column.rename(None)
        yield "a table with another name", table.rename(columns={columns[0]: "x"})
        yield "pairs", list(table.itertuples(index=False, name=None))
        if columns[0] != "count":
            counted = table.rename(columns={columns[0]: "mean"})
            yield "mean and count", counted.assign(count=range(1001, 1001 + len(table)))
        if len(keys) == 1:
            yield "a dictionary", column.to_dict()
            yield (
                "beside names",
                table.rename(columns={columns[0]: "x"}).assign(name=[*"ab" * len(table)][: len(table)]),
            )
    if question.kind.atol or question.kind.rtol:
        numbers = table[columns].astype(float)
        # to as many decimals as leave two digits of most
        least = numbers.abs().stack().loc[lambda v: v > 0].quantile(0.25, interpolation="lower")
        decimals = max(0, int(np.ceil(1 - np.log10(least))))
        yield "rounded", table.assign(**numbers.round(decimals))
        yield "rounded to more", table.assign(**numbers.round(decimals + 1))


def _wrong_tables(question: Question, value: Any) -> Iterator[Made]:
    keys = list(question.kind.key)
    table = _frame(question, value)
    columns = [name for name in table.columns if name not in keys]
    numeric = all(pd.api.types.is_numeric_dtype(table[name]) for name in columns)
    yield "the first row left out", table.iloc[1:]
    if len(table) > 1:
        yield "only one row", table.iloc[:1]
    yield "a row more", pd.concat([table, table.iloc[:1].assign(**dict.fromkeys(keys, "stranger"))])
    yield "a row twice", pd.concat([table, table.iloc[:1]])
    if numeric:
        numbers = table[columns].astype(float)
        yield "a fifth more", table.assign(**numbers * 1.2 + 0.0123)
        yield "percent", table.assign(**numbers * 100 + 0.5)
        yield "the mean for all", table.assign(**{name: numbers[name].mean() + 0.01234 for name in columns})
    yield "the same for all", table.assign(**dict.fromkeys(columns, 0.0))
    yield "without values", table[keys]
    yield "without keys", table[columns].reset_index(drop=True)
    yield "values as texts", table.astype(dict.fromkeys(columns, str)).assign(**{columns[0]: "much"})
    if table[columns[0]].nunique() > 2:
        rolled = {name: np.roll(table[name].to_numpy(), 1) for name in columns}
        yield "values of the row above", table.assign(**rolled)
        if numeric:
            first = table[columns[0]].astype(float).copy()
            first.iloc[0] = first.iloc[0] * 1.3 + 0.71234
            yield "one row wrong", table.assign(**{columns[0]: first})
    if question.kind.ordered:
        yield "rows turned round", table.iloc[::-1]
    if len(columns) > 1:
        swapped = dict(zip(columns, [table[name] for name in columns[1:] + columns[:1]], strict=True))
        yield "columns swapped", table.assign(**swapped)


def _functions(question: Question, value: Any) -> Iterator[Made]:
    yield "in a lambda", lambda *given: value(*given)
    yield "with any names", lambda *args, **more: value(*args, **more)
    if question.kind.returns == "choice":
        yield "in small letters", lambda *given: value(*given).lower()
    else:
        yield "numpy's", lambda *given: np.float64(value(*given))


def _wrong_functions(question: Question, value: Any) -> Iterator[Made]:
    yield "always the same", lambda *given: "C" if question.kind.returns == "choice" else 0.5
    yield "a list of it", lambda *given: [value(*given), value(*given)]
    yield "called", 1.25
    yield "with one argument too many", lambda *given, more: value(*given)
    if question.kind.returns == "number":
        yield "one more", lambda *given: value(*given) + 1
        yield "capped at 0.2", lambda *given: min(value(*given), 0.2)


def _plans(question: Question, value: Any) -> Iterator[Made]:
    for label, made in _listed(list(value)):
        if "small letters" not in label:
            yield label, made
    yield "turned round", list(value)[::-1]
    yield "a set", set(value)
    yield "a table", pd.DataFrame({"account_id": list(value), "days": 3.0, "name": "x"})
    yield (
        "a table by id",
        pd.DataFrame({"name": "x", "days": 3.0}, index=pd.Index(list(value), name="account_id")),
    )
    yield "a dictionary of days", dict.fromkeys(value, 3.0)


def _wrong_plans(question: Question, value: Any) -> Iterator[Made]:
    chosen = list(value)
    yield "only its first", chosen[:1]
    yield "its first twice", [chosen[0], *chosen]
    yield "a stranger added", [*chosen, "stranger"]
    yield "nonsense and its first", ["nonsense", chosen[0]]
    yield "its names", pd.DataFrame({"name": chosen, "band": chosen})
    yield "half of it", chosen[: len(chosen) // 2]


def _notes(question: Question, value: str) -> Iterator[Made]:
    yield "with blanks", f"  {value} "
    yield "in capitals", value.upper()
    yield "a word in each line", value.replace(" ", "\n")
    yield "numpy's", np.str_(value)


def _wrong_notes(question: Question, value: str) -> Iterator[Made]:
    words = value.split()
    yield "its first words", " ".join(words[:5])
    yield "its last word again and again", " ".join(words[-1:] * 20)
    yield "in two texts", (value, value)
    yield "with a gap", f"{value} …"
    yield "its title", question.title


_FORMS = {
    "number": _numbers,
    "choice": _choices,
    "set": _sets,
    "ranking": _rankings,
    "table": _tables,
    "function": _functions,
    "plan": _plans,
    "note": _notes,
}
_MISTAKES = {
    "number": _wrong_numbers,
    "choice": _wrong_choices,
    "set": _wrong_sets,
    "ranking": _wrong_rankings,
    "table": _wrong_tables,
    "function": _wrong_functions,
    "plan": _wrong_plans,
    "note": _wrong_notes,
}
