"""The texts that wait for a reader: of the attempts that count, one question after the other, and nobody's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playbook.authoring.master import Master
from playbook.exercises.question import Question
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED
from playbook.gradebook.reviews import ReadText
from playbook.gradebook.standing import results_of, standings


@dataclass(frozen=True)
class Asked:
    """A question that asks for a text.

    Attributes:
        chapter: its number and title; title: of the question.
        prose: what the exercise asks, in its author's words.
        form: the fewest and the most words, and what must be mentioned.
        review: what a reader may ask about the chapter's section.
    """

    exercise: str
    question: str
    chapter: str
    title: str
    prose: str
    form: str
    review: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """One text to read, what was asked, and what the check of its form found."""

    read: ReadText
    asked: Asked
    outcome: str
    found: str


def texts_to_read(gradebook: Gradebook, masters: Sequence[Master], policy: str = "last") -> list[Text]:
    """The texts of the attempts that count; who wrote nothing is left out.

    All answers to one question come together, for they are judged by comparing; within it the order is by the
    text's digest, so that it tells nothing of who wrote.
    """
    asked = {(one.exercise, one.question): one for master in masters for one in questions_of(master)}
    exercises = {exercise for exercise, _question in asked}
    chosen = [
        one for one in standings(gradebook, policy) if one.status == GRADED and one.exercise in exercises
    ]
    found: list[Text] = []
    for one, data in results_of(gradebook, chosen):
        for question in data["questions"]:
            what = asked.get((one.exercise, question["question"]))
            text = question.get("answer")
            if what is None or not isinstance(text, str) or not text.strip() or one.mark is None:
                continue
            read = ReadText(one.trainee, one.exercise, what.question, one.mark, text, question["max_points"])
            found.append(Text(read, what, question["own"], _found(question)))
    place = {key: number for number, key in enumerate(asked)}
    return sorted(found, key=lambda one: (place[one.read.exercise, one.read.question], one.read.key.digest))


def _found(question: Mapping[str, Any]) -> str:
    """What the check said of the form; nothing where a reader's words stand in its place."""
    return "" if "read" in question else question["message"]


def not_kept(masters: Sequence[Master]) -> list[str]:
    """Questions whose texts the gradebook does not keep, for they are not part of the City Playbook."""
    return [
        f"{master.id}, {one.id}"
        for master in masters
        for one in master.questions
        if _is_read(one) and not one.playbook
    ]


def questions_of(master: Master) -> Iterator[Asked]:
    """The questions of an exercise that ask for a text, in order."""
    prose: list[str] = []
    for cell in master.cells:
        if cell.kind == "markdown":
            prose.append(cell.source)
        elif cell.block:
            question = cell.block.question
            if _is_read(question):
                chapter = f"{master.chapter} · {master.title}"
                told = (_asked("\n\n".join(prose)), _form(question), tuple(master.header.review))
                yield Asked(master.id, question.id, chapter, question.title, *told)
            prose = []


def _is_read(question: Question) -> bool:
    return not question.kind.computed


def _asked(prose: str) -> str:
    """What an exercise says since its last heading, without the marks of a link, a role or a quotation."""
    last = re.split(r"^#+ .*$", prose, flags=re.MULTILINE)[-1]
    last = re.sub(r"^> ?", "", last, flags=re.MULTILINE)
    plain = re.sub(r"\{\w+\}`([^`<]+?)\s*(?:<[^>`]*>)?`", r"\1", last)
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", plain).strip()


def _form(question: Question) -> str:
    """The words that are counted, and what must be mentioned."""
    kind: Any = question.kind
    least, most = kind.words
    said = [one.rpartition(":")[0].strip() for one in kind.mentions]
    return f"{least} to {most} words" + (f"; it says {', '.join(said)}" if said else "")
