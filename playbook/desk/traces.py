"""What in a notebook is its writer's own: added cells, odd names, remarks and sentences outside what was handed out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playbook.authoring.help import headings_of
from playbook.authoring.master import Master
from playbook.exercises.kinds.note import HAN
from playbook.names import clean
from playbook.submissions.notebook import question_of, source_of

#: Ids that a release gives its cells; every other one was made at random when a cell was added.
_RELEASED = re.compile(r"(?:step-\d+|question-[\w-]+|hand-in[\w-]*)")
_BOUND = re.compile(
    r"^[ \t]*(?:([A-Za-z_]\w*)[ \t]*=(?!=)|def[ \t]+(\w+)|for[ \t]+(\w+)[ \t]+in\b)", re.MULTILINE
)
_REMARK = re.compile(r"(?m)#[ \t]*(.+)$")
_SENTENCE = re.compile(r"[\"\']{1,3}([^\"\'\n]{20,})[\"\']")
_HAN = re.compile(f"[{HAN}]")
#: Letters of a remark, signs of a sentence (a Chinese one is two) and words of it that nobody was given, from which on
#: they are somebody's own.
_LETTERS, _SIGNS, _WORDS = 8, 40, 6
#: Letters of a name that is odd: shorter ones are chosen by everybody.
_NAME = 3
#: Cells and characters of a cell that are looked at.
_MOST_CELLS, _MOST_CHARS = 400, 20_000


@dataclass(frozen=True)
class Given:
    """What everybody was given: names, remarks and words of the master and of the chapter's page."""

    names: frozenset[str]
    text: str
    words: frozenset[str]

    @classmethod
    def of(cls, master: Master) -> Given:
        """Of an exercise and its chapter."""
        text = master.path.read_text(encoding="utf-8")
        page = master.path.resolve().parents[2] / "book" / f"{master.id}.md"
        if headings_of(master):
            text += page.read_text(encoding="utf-8")
        return cls(
            frozenset(re.findall(r"[A-Za-z_]\w*", text)),
            _plain(text),
            frozenset(_plain(text).split()),
        )


@dataclass(frozen=True)
class Traces:
    """What is somebody's own in a notebook.

    Attributes:
        cells: ids of added cells, each with the beginning of its text.
        names, remarks, sentences: each with the question in whose cell it stands; empty for a cell between.
    """

    cells: Mapping[str, str]
    names: Mapping[str, str]
    remarks: Mapping[str, str]
    sentences: Mapping[str, str]


def traces(notebook: Mapping[str, Any] | None, given: Given) -> Traces:
    """What is somebody's own in a notebook, whatever it holds."""
    cells: dict[str, str] = {}
    names: dict[str, str] = {}
    remarks: dict[str, str] = {}
    sentences: dict[str, str] = {}
    for cell in _cells(notebook):
        source = clean(source_of(cell)[:_MOST_CHARS])
        id_ = cell.get("id")
        if isinstance(id_, str) and id_ and not _RELEASED.fullmatch(id_):
            cells[id_[:64]] = source.strip()[:60]
        if cell.get("cell_type") != "code":
            continue
        question = question_of(cell)
        for found in _BOUND.findall(source):
            name = next(filter(None, found))
            if len(name) >= _NAME and name not in given.names:
                names.setdefault(name, question)
        for text in map(_plain, _REMARK.findall(source)):
            if sum(letter.isalpha() for letter in text) >= _LETTERS and text not in given.text:
                remarks.setdefault(text[:200], question)
        for found in _SENTENCE.findall(source):
            text = _plain(found)
            own = " ".join(word for word in text.split() if word not in given.words)
            if len(found) + len(_HAN.findall(found)) >= _SIGNS and size(own) >= _WORDS:
                sentences.setdefault(text[:400], question)
    return Traces(cells, names, remarks, sentences)


def _cells(notebook: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    cells = notebook.get("cells") if notebook else None
    for cell in (cells if isinstance(cells, list) else [])[:_MOST_CELLS]:
        if isinstance(cell, Mapping):
            yield cell


def size(text: str) -> int:
    """How many words a plain text has; a Chinese character is half a word, as where the course counts them."""
    return len(_HAN.sub("", text).split()) + len(_HAN.findall(text)) // 2


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w ]+", " ", text.casefold()).split())
