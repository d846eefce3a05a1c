"""The City Playbook: a trainee's answers, put together as one document that a director reads.

Two pages to read (what is recommended, what it asks for, what speaks against it, what would change it, when what is
done), and a section per chapter to look things up in. It is made in a browser tab as on a desktop, without a library.
"""

from __future__ import annotations

import datetime
import inspect
import io
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playbook import clock
from playbook.cases.imported import is_imported
from playbook.chapters.defence.answers import Plan
from playbook.chapters.summing import GAP, Summary, Table
from playbook.company import source_of, speaking_of
from playbook.errors import PlaybookError
from playbook.exercises.defence import plan_of
from playbook.exercises.outcomes import SETTLED, Outcome
from playbook.exercises.plain import Plain, from_plain
from playbook.lazily import named
from playbook.words import _

#: Rows of an answer that are shown as they came; the rest is counted.
_ROWS = 20
#: The number of an account, wherever it stands in an answer.
_ACCOUNT = re.compile(r"\bA\d{5}\b")
#: The notes that every chapter may end with: what is decided, and what speaks against it.
DECISION, AGAINST = "decision", "against"


@dataclass(frozen=True)
class Note:
    """A sentence of the trainee's own, and whether its form is complete."""

    text: str
    settled: bool


@dataclass(frozen=True)
class Picture:
    """A figure as PNG, with its alternative text."""

    png: bytes
    alt: str


@dataclass(frozen=True)
class Section:
    """One chapter's part of the document.

    Attributes:
        chapter: its number. title: of the section. question: that the chapter decides.
        decision, against: the trainee's sentences, as far as they are there.
        summary: what the chapter says to a director, where it says anything.
        entries: the answers as they came, with names for codes, where the chapter has no summary.
        picture: the chapter's figure, if it has one that the answers so far can be drawn in.
        answered: titles by question, of those that have an answer, notes left out.
        drafts: questions whose answer is there, and not right yet.
        open: titles of what has no answer.
    """

    chapter: int
    title: str
    question: str
    decision: Note | None
    against: Note | None
    summary: Summary | None
    entries: tuple[Table, ...]
    picture: Picture | None
    answered: Mapping[str, str]
    drafts: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def begun(self) -> bool:
        """Whether there is anything of the trainee's to show."""
        return bool(self.answered or self.decision or self.against)

    @property
    def finished(self) -> bool:
        """Whether every answer is there and stands."""
        notes = (self.decision, self.against)
        return self.begun and not self.open and not self.drafts and all(n.settled for n in notes if n)

    @property
    def recommends(self) -> bool:
        """Whether it has a line for the first page."""
        return self.decision is not None or bool(self.summary and self.summary.lead)

    def is_draft(self, rests_on: Sequence[str]) -> bool:
        """Whether one of these answers is there and not right yet."""
        return any(question in self.drafts for question in rests_on)


@dataclass(frozen=True)
class Playbook:
    """A whole City Playbook, before it is a page.

    Attributes:
        city, city_zh: whose market. trainee: who wrote it, or empty. day: its date; milestones count from there.
        sections: in order of chapters.
    """

    city: str
    city_zh: str
    trainee: str
    day: datetime.date
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        return _("City Playbook: {city} ({city_zh})").format(city=self.city, city_zh=self.city_zh)


def sections(answers: Mapping[str, Any], outline: Sequence[Mapping[str, Any]], case: Any) -> list[Section]:
    """Put answers in order of chapters.

    Args:
        answers: exercise → question → ``{"answer": plain, "outcome": …}``.
        outline: the exercises there are, as in a release's ``release.json``.
        case: the trainee's own; gives codes their names and figures their data.
    """
    whole = plan_of(answers, {one["exercise"]: one["chapter"] for one in outline})
    result = []
    for exercise in outline:
        flagged = [question for question in exercise["questions"] if question["playbook"]]
        if flagged:
            result.append(_section(exercise, flagged, answers.get(exercise["exercise"], {}), case, whole))
    return result


def _section(
    exercise: Mapping[str, Any],
    flagged: Sequence[Mapping[str, Any]],
    own: Mapping[str, Any],
    case: Any,
    whole: Plan,
) -> Section:
    given = {
        question["id"]: own[question["id"]]
        for question in flagged
        if own.get(question["id"], {}).get("outcome", Outcome.UNATTEMPTED) != Outcome.UNATTEMPTED
    }
    notes = {name: _note(given[name]) for name in (DECISION, AGAINST) if name in given}
    answered = {
        question["id"]: question["title"]
        for question in flagged
        if question["id"] in given and notes.get(question["id"]) is None
    }
    values = {name: _value(given[name]["answer"]) for name in answered}
    begun = bool(answered) or any(notes.values())
    summary = _summary(exercise.get("summary", ""), case, values, whole) if begun else None
    names = {} if summary or not answered else _names(case, str([given[name]["answer"] for name in answered]))
    return Section(
        chapter=exercise["chapter"],
        title=exercise["section"],
        question=exercise.get("decision", ""),
        decision=notes.get(DECISION),
        against=notes.get(AGAINST),
        summary=summary,
        entries=()
        if summary
        else tuple(_entry(answered[name], name, given[name], names) for name in answered),
        picture=_picture(exercise.get("figure", ""), case, values) if begun else None,
        answered=answered,
        drafts=tuple(name for name in answered if given[name]["outcome"] not in SETTLED),
        open=tuple(question["title"] for question in flagged if question["id"] not in given),
    )


def _note(given: Mapping[str, Any]) -> Note | None:
    """A note, if it is a text with anything in it."""
    text = given["answer"]
    if not isinstance(text, str) or not text.strip():
        return None
    return Note(" ".join(text.split()), given["outcome"] in SETTLED)


def _names(case: Any, answers: str) -> dict[str, str]:
    """Codes that stand in answers, with the words that belong to them; the accounts are read if one is named."""
    names = {
        code: _(name)
        for code, name in zip(case.sections["section"], case.sections["name_short"], strict=True)
    }
    if not _ACCOUNT.search(answers):
        return names
    return names | dict(zip(case.accounts["account_id"], case.accounts["name"], strict=True))


def _entry(title: str, question: str, given: Mapping[str, Any], names: Mapping[str, str]) -> Table:
    """An answer as it came, as a table; one of a single column without a heading where it is no table."""
    columns, rows, more = _shape(given["answer"])
    shown = tuple(tuple(_text(value, names) for value in row) for row in rows)
    if len(shown) == 1 and len(shown[0]) == 1 and given.get("unit"):
        shown = ((f"{shown[0][0]} {given['unit']}",),)
    numbers = tuple(
        place
        for place in range(len(columns))
        if all(isinstance(row[place], int | float) or row[place] is None for row in rows)
    )
    note = _("and {count} more rows").format(count=more) if more else ""
    return Table(title, tuple(columns), shown, numbers, note, (question,))


def _shape(plain: Plain) -> tuple[list[str], list[tuple[Plain, ...]], int]:
    """An answer's headings, its first rows, and how many more there are."""
    tag = plain.get("t") if isinstance(plain, dict) else ""
    if tag == "table":
        columns, data = list(plain["columns"]), list(plain["data"])
        if plain.get("index"):
            columns = [name or "" for name in plain["index"]["names"]] + columns
            data = [*plain["index"]["levels"], *data]
        rows = list(zip(*data, strict=True))
    elif tag == "list" and plain.get("of") == "series" and not plain.get("counted"):
        columns = [plain.get("index_name") or "", plain.get("name") or _("value")]
        rows = list(zip(plain["index"], plain["v"], strict=True))
    else:
        columns = []
        rows = [(one,) for one in plain["v"]] if tag in ("list", "set") else [(plain,)]
    return [str(name) for name in columns], rows[:_ROWS], max(len(rows) - _ROWS, 0)


def _text(value: Plain, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict) and value.get("t") == "function":
        return _("A rule, written as the function {name}.").format(name=value.get("name", ""))
    return GAP


def _value(plain: Plain) -> Any:
    """What an answer stands for; None where nothing does, whatever came in."""
    try:
        return from_plain(plain)
    except Exception:
        return None


def _summary(name: str, case: Any, values: Mapping[str, Any], whole: Plan) -> Summary | None:
    """What a chapter says to a director; None where it has nothing to say to answers of this shape.

    A summary with a parameter `whole` is given the answers of all chapters, too.
    """
    if not name:
        return None
    try:
        summary = named(name)
        more = {"whole": whole} if "whole" in inspect.signature(summary).parameters else {}
        with speaking_of(is_imported(case)):
            told = summary(case, dict(values), **more)
            return replace(told, source=source_of(told.source))
    except Exception:  # whatever was answered, the rest of the document comes
        return None


def _picture(name: str, case: Any, values: Mapping[str, Any]) -> Picture | None:
    """A section's figure; None where the answers so far can't be drawn."""
    if not name:
        return None
    import matplotlib

    before = matplotlib.get_backend()
    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    try:
        with speaking_of(is_imported(case)):
            figure = named(name)(case, dict(values))
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=144)
        return Picture(picture.getvalue(), getattr(figure, "alt", ""))
    except Exception:  # whatever was answered, the rest of the document comes
        return None
    finally:
        plt.close("all")
        matplotlib.use(before)


def compose(trainee: str, case: Any, parts: Sequence[Section], day: datetime.date | None = None) -> Playbook:
    """The City Playbook.

    Args:
        trainee: name on the first page.
        day: its date; today on the course's calendar if left out.
    """
    return Playbook(
        case.city, case.city_zh, trainee.strip(), day or clock.wall(time.time()).date(), tuple(parts)
    )


def graded_answers(folder: Path, own: Any = None) -> tuple[Any, dict[str, Any]]:
    """The case and the answers in a trainee's folder of graded results.

    Args:
        own: the case that the roster gives the trainee, if it is none that ships.

    Raises:
        PlaybookError: there are none.
    """
    from playbook.cases import load_case

    answers: dict[str, Any] = {}
    case = ""
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("status") == "graded":
            case = data["case"]
            answers[data["exercise"]] = {
                one["question"]: {
                    "answer": one.get("answer"),
                    "outcome": one["outcome"],
                    "unit": one.get("unit", ""),
                }
                for one in data["questions"]
            }
    if not case:
        raise PlaybookError(
            "no graded results",
            where=str(folder),
            remedy="grade the trainee's hand-ins first: playbook grade",
        )
    return own or load_case(case), answers
