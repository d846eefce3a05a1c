"""Two questions for somebody to answer aloud, made from lines of their own notebook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playbook.authoring.master import Master
from playbook.names import clean
from playbook.submissions.notebook import question_of, source_of

#: Questions on a card, and characters of a line that is shown.
_QUESTIONS, _LINE = 2, 160
#: What is asked about a line, by what stands in it; the first that fits.
_ABOUT: tuple[tuple[str, str, str], ...] = (
    (r"ascending\s*=\s*False", "What would stand first if `ascending=False` were left out?", "the smallest instead of the largest"),
    (r"\.head\((\d+)\)|\.nlargest\((\d+)", "What comes into the answer if you take one more than {0}? Is that one nearly as good?", "names the next one, and how far it is behind"),
    (r"\.merge\(", "What happens to a row that finds no partner here, and to one that finds two?", "it falls out or stays empty; it is doubled"),
    (r"\.groupby\(\s*\[?[\"'](\w+)", "What is one row of the result, and how many rows are there in your city?", "one row for each {0}"),
    (r"\]\s*/\s*|\)\s*/\s*|\w\s*/\s*\w", "What stands above the line and what below? What does a result of 1 mean?", "says both in words, and that 1 means the two are equal"),
    (r"\[[^\]]*(?:>=|<=|==|!=|>|<)[^\]]*\]", "Which rows fall out here? Name one of your city that does.", "points at a row and at the condition that it fails"),
    (r"\.(mean|median)\(", "What would one very large firm do to this number, and what would the other average say?", "the mean moves, the median hardly"),
    (r"\.(sum|size|count|value_counts)\(", "What exactly is counted or added up here, and what would be counted twice if the table held a firm twice?", "says the unit: firms, workers or yuan"),
    (r"def\s+(\w+)\(", "Give me a row of your own for which this function answers something else.", "changes one value and follows it line by line"),
    (r"\bif\b|\belse\b", "For which firm of your city does it go the other way?", "names one, and the value that decides"),
)  # fmt: skip
_ELSE = (
    "What does this line do, in one sentence, and what would be missing without it?",
    "says it without reading it out",
)


@dataclass(frozen=True)
class Asked:
    """One question: about which of the exercise, the line it is about, what to ask, and what a good answer has."""

    title: str
    line: str
    ask: str
    good: str


@dataclass(frozen=True)
class Card:
    """What to ask somebody."""

    name: str
    city: str
    questions: tuple[Asked, ...]


def card(
    name: str, city: str, notebook: Mapping[str, Any] | None, master: Master, first: Sequence[str] = ()
) -> Card:
    """Two questions from somebody's own notebook, on two of its questions.

    Args:
        first: questions to ask about before all others: where the evidence stands.
    """
    titles = {
        one.id: one.title for one in master.questions if one.kind.computed
    }  # sentences are read, not asked
    starters = {block.question.id: set(_lines(block.starter)) for block in master.blocks}
    lines = {
        question: found
        for question, source in _cells(notebook)
        if question in titles and (found := _tellable(source, starters[question]))
    }
    order = [
        *dict.fromkeys(one for one in first if one in lines),
        *sorted(lines, key=lambda one: -len(lines[one])),
    ]
    asked, used = [], set()
    for question in dict.fromkeys(order):
        found = next((one for one in map(_ask, lines[question]) if one[1] not in used), None)
        if found and len(asked) < _QUESTIONS:
            line, ask, good = found
            used.add(ask)
            asked.append(Asked(titles[question], line, ask, good))
    return Card(name, city, tuple(asked))


def _cells(notebook: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    cells = notebook.get("cells") if notebook else None
    for cell in cells if isinstance(cells, list) else []:
        if isinstance(cell, Mapping) and cell.get("cell_type") == "code" and question_of(cell):
            yield question_of(cell), clean(source_of(cell)[:20_000])


def _lines(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines()]


def _tellable(source: str, starter: set[str]) -> list[str]:
    """Lines that somebody wrote, those first about which there is most to ask."""
    own = [
        line
        for line in _lines(source)
        if line
        and line not in starter
        and not line.startswith(("#", "check(", "import ", "from "))
        and "..." not in line
    ]
    return sorted(own, key=lambda line: (_rank(line), -len(line)))


def _code(line: str) -> str:
    """A line without its note, and with nothing between the quotes of what is a sentence."""
    return re.sub(r"\s#.*", "", re.sub(r"([\"\'])[^\"\']{25,}\1", '""', line))


def _rank(line: str) -> int:
    code = _code(line)
    return next(
        (place for place, (pattern, _, _) in enumerate(_ABOUT) if re.search(pattern, code)), len(_ABOUT)
    )


def _ask(line: str) -> tuple[str, str, str]:
    shown = line if len(line) <= _LINE else line[: _LINE - 1] + "…"
    for pattern, ask, good in _ABOUT:
        if told := re.search(pattern, _code(line)):
            part = next((one for one in told.groups() if one), "")
            return shown, ask.format(part), good.format(part)
    return shown, *_ELSE
