"""What a chapter says to a director: its part of the City Playbook, and how it reads a trainee's answers.

A summary is made of a case and the answers, by question; it shows whatever it finds of them, and nothing where an
answer is missing or has a shape that it does not know. Codes do not leave it: it gives names, units and sources.
A master names it in its front matter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: What a gap in a table looks like.
GAP = "–"


@dataclass(frozen=True)
class Table:
    """A table in a director's words.

    Attributes:
        caption: what it shows.
        columns: headings, with units. rows: cells as they are read, as many in each as there are columns.
        numbers: positions of the columns that hold numbers.
        note: what to know when reading it.
        rests_on: the questions whose answers stand in it; while one is not right, the table is a draft.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    note: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """What a decision asks for and what it brings, each in a few words, or empty."""

    people: str = ""
    time: str = ""
    money: str = ""

    def __bool__(self) -> bool:
        return bool(self.people or self.time or self.money)


@dataclass(frozen=True)
class Milestone:
    """Something that can be seen to be done, so many weeks after the document's date."""

    week: int
    what: str


@dataclass(frozen=True)
class Summary:
    """What a chapter adds to the City Playbook, beside the sentences that the trainee writes.

    Attributes:
        weight: of the chapters with a recommendation, those with the most stand on the first page.
        lead: the recommendation in a few words, such as "Enter manufacturing first".
        numbers: the figures that carry it, in a sentence or two.
        ask: people, time and money.
        against: what the figures have to say against it.
        change: the figure at which another decision would be right.
        milestones: by which it is followed up.
        tables: to look up.
        source: where the figures come from.
        rests_on: the questions whose answers lead, numbers, ask, and milestones are made of.
    """

    weight: int = 0
    lead: str = ""
    numbers: str = ""
    ask: Ask = field(default_factory=Ask)
    against: str = ""
    change: str = ""
    milestones: tuple[Milestone, ...] = ()
    tables: tuple[Table, ...] = ()
    source: str = ""
    rests_on: tuple[str, ...] = ()


def sentences(*parts: str) -> str:
    """The parts that are there, one after the other."""
    return " ".join(part for part in parts if part)


def count(value: Any) -> str:
    """A whole number with thousands set apart; a gap for what is none."""
    return GAP if _missing(value) else f"{value:,.0f}"


def share(value: Any, decimals: int = 0) -> str:
    """A fraction in percent; a gap for what is none."""
    return GAP if _missing(value) else f"{value:.{decimals}%}"


def decimal(value: Any, decimals: int = 2) -> str:
    """A number with as many decimals; a gap for what is none."""
    return GAP if _missing(value) else f"{value:,.{decimals}f}"


def millions(value_cny: Any) -> str:
    """Yuan in millions, without the unit; a gap for what is none."""
    return GAP if _missing(value_cny) else f"{value_cny / 1e6:,.1f}"


def _missing(value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return True
    try:
        return not math.isfinite(value)
    except (TypeError, OverflowError):
        return True


def text_of(answers: Mapping[str, Any], question: str) -> str:
    """A text that was answered, without blanks around it; empty where it is none."""
    value = answers.get(question)
    return value.strip() if isinstance(value, str) else ""


def number_of(answers: Mapping[str, Any], question: str) -> float | None:
    """A number that was answered; None where it is none."""
    value = answers.get(question)
    return None if _missing(value) else float(value)


def texts_of(answers: Mapping[str, Any], question: str) -> list[str]:
    """The texts that an answer lists, each once; none where it is no list of texts."""
    import numpy as np
    import pandas as pd

    value = answers.get(question)
    if isinstance(value, pd.DataFrame):
        value = value.iloc[:, 0] if value.shape[1] else []
    if not isinstance(value, list | tuple | set | dict | pd.Series | pd.Index | np.ndarray):
        return []
    return list(dict.fromkeys(entry.strip() for entry in value if isinstance(entry, str)))


def column_of(answers: Mapping[str, Any], question: str, key: str, column: str) -> dict[str, Any]:
    """One column of a table that was answered, by its key; a series or a dictionary counts as such a column.

    Args:
        key: the column, or the row labels, that says what a row is about.
        column: the wanted one; if there is no such column, the only one beside the key.
    """
    import pandas as pd

    value = answers.get(question)
    if isinstance(value, pd.Series):
        found = value.to_dict()
    elif isinstance(value, pd.DataFrame):
        labelled = value.set_index(key) if key in value.columns else value
        if column not in labelled.columns and labelled.shape[1] != 1:
            return {}
        chosen = labelled[column] if column in labelled.columns else labelled.iloc[:, 0]
        found = chosen.to_dict()
    else:
        found = value if isinstance(value, dict) else {}
    return {name: one for name, one in found.items() if isinstance(name, str)}
