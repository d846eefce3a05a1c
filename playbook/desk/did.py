"""Wrong answers, grouped by what people did: the first miss only, each group in words with an answer that was given."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from playbook.desk.stands import Stand
from playbook.gradebook.records import MarkedQuestion

#: Shares of the same wrong answer from which on it is a way of its own.
_SAME = 2
#: Answers that a group shows.
_EXAMPLES = 3

#: What a form is not, by the last part of its code.
_FORMS = {
    "text": "gave a text where a number is asked for",
    "series": "gave a whole column where one value is asked for",
    "list": "gave several values where one is asked for",
    "nan": "got no number (NaN): a missing value is in the calculation",
    "infinite": "divided by zero",
    "repeated": "named an entry twice",
    "short": "gave fewer entries than are asked for",
    "set": "gave a set, which has no order",
    "empty": "gave an empty answer",
    "joined": "wrote several entries into one text",
    "run-together": "left out a comma between two entries",
    "unknown": "named something that is not among the choices",
    "row twice": "has a row twice in the table",
    "column twice": "has a column twice in the table",
    "function": "gave a function: its brackets are missing",
    "NoneType": "gave nothing (None)",
}
#: Errors in the words of somebody who has never programmed.
_STOPS = {
    "NameError": "used a name that nothing has yet",
    "KeyError": "asked for a column or row that is not there",
    "SyntaxError": "typed a line that cannot be read: a bracket, comma or quote",
    "IndentationError": "typed a line that does not stand where it belongs",
    "TypeError": "calculated with what cannot be calculated with, such as a gap `...` or a text",
    "AttributeError": "typed a word behind a dot that is not known there",
    "ZeroDivisionError": "divided by zero",
}


_SLIPS = {
    "the sign turned": "came out at the right size with the wrong sign",
    "turned upside down": "divided the wrong way round",
    "the rest instead of the part": "gave the rest instead of the part (one minus the share)",
    "one too many": "counted one too many",
    "one too few": "counted one too few",
    "the right entries in another order": "gave the right entries in another order",
}


@dataclass(frozen=True)
class Way:
    """One wrong way, and who went it.

    Attributes:
        did: what they did, as a sentence without its subject.
        people: how many; share: of those whose answer to the question is marked, 0 to 1.
        trainees: by what they are filed under.
        examples: answers that were really given, the commonest first, each with its city.
        hint: the master has a hint for it, which is then `did`.
    """

    did: str
    people: int
    share: float
    trainees: tuple[str, ...]
    examples: tuple[str, ...] = ()
    hint: bool = False

    @property
    def short(self) -> str:
        """The first sentence of what they did."""
        return re.split(r"(?<=[.!?])\s+(?=[A-Z])", self.did, maxsplit=1)[0]


@dataclass(frozen=True)
class Trouble:
    """A question with its misses.

    Attributes:
        marked: trainees with a mark on it.
        first: trainees whose miss on it is one of its own; following: whose miss comes from an earlier question.
        wrong: of the first, those who answered; open: who did not.
        ways: wrong ways, the commonest first; without who left it open.
        sentence: what is missed are one's own sentences, which a person reads.
    """

    exercise: str
    question: str
    title: str
    place: int
    stretch: bool
    marked: int
    first: int
    following: int
    open: int
    ways: tuple[Way, ...]
    sentence: bool = False

    @property
    def wrong(self) -> int:
        """Trainees who answered it wrong, where nothing earlier is to blame."""
        return self.first - self.open

    @property
    def share(self) -> float:
        """Share of those marked who missed it, where nothing earlier is to blame."""
        return self.first / self.marked if self.marked else 0.0


@dataclass
class _Group:
    """Who went one wrong way, and what they gave: how often each answer came, and the city of the first who gave it."""

    trainees: list[str] = field(default_factory=list)
    given: dict[str, tuple[int, str]] = field(default_factory=dict)

    def note(self, one: Stand, row: MarkedQuestion) -> None:
        self.trainees.append(one.trainee)
        if text := _bare(row.given):
            self._count(text, 1, one.city)

    def add(self, other: _Group) -> None:
        """Put another group behind this one."""
        self.trainees += other.trainees
        for text, (count, city) in other.given.items():
            self._count(text, count, city)

    def _count(self, text: str, count: int, city: str) -> None:
        before, first = self.given.get(text, (0, city))
        self.given[text] = (before + count, first)

    def examples(self) -> tuple[str, ...]:
        common = sorted(self.given, key=lambda text: (-self.given[text][0], text))[:_EXAMPLES]
        cities = {text: self.given[text][1].capitalize() for text in common}
        return tuple(f"{text} ({cities[text]})" if cities[text] else text for text in common)


class Misses:
    """The misses of one question, noted person by person in order of trainee."""

    def __init__(self) -> None:
        self._first = self._following = self._open = self._sentences = 0
        self._groups: dict[tuple[str, str], _Group] = {}

    def note(self, one: Stand, row: MarkedQuestion) -> None:
        """Note that somebody missed points of it."""
        if row.follows:
            self._following += 1
            return
        self._first += 1
        if row.outcome == "unattempted":
            self._open += 1
            return
        self._sentences += row.did in ("sentence", "read")
        self._groups.setdefault(_key(row), _Group()).note(one, row)

    def trouble(self, exercise: str, title: str, row: MarkedQuestion, marked: int) -> Trouble | None:
        """What there is to say; None where nobody missed it.

        Args:
            row: the question as the first trainee has it.
            marked: trainees with a mark on it.
        """
        if not (self._first or self._following):
            return None
        ways = [_way(key, group, marked) for key, group in _same_values(self._groups).items()]
        return Trouble(
            exercise=exercise,
            question=row.question,
            title=title,
            place=row.place,
            stretch=row.stretch,
            marked=marked,
            first=self._first,
            following=self._following,
            open=self._open,
            ways=tuple(sorted(ways, key=lambda way: (-way.people, way.did))),
            sentence=2 * self._sentences > self._first - self._open,
        )


def worst_first(found: Iterable[Trouble]) -> list[Trouble]:
    """The question with the most wrong answers of its own first."""
    return sorted(found, key=lambda one: (-one.wrong, -one.first, one.exercise, one.place))


def _key(row: MarkedQuestion) -> tuple[str, str]:
    """What puts wrong answers into one group."""
    if row.hint:
        return "hint", row.hint
    if not row.did:
        return "earlier", ""
    kind, _colon, code = row.did.partition(":")
    return (kind, code) if kind != "other" else ("other", row.given)


def _same_values(groups: dict[tuple[str, str], _Group]) -> dict[tuple[str, str], _Group]:
    """The same with values that only one person gave put together."""
    found: dict[tuple[str, str], _Group] = {}
    for (kind, what), group in groups.items():
        alone = kind == "other" and len(group.trainees) < _SAME
        found.setdefault((kind, "" if alone else what), _Group()).add(group)
    return found


def _way(key: tuple[str, str], group: _Group, marked: int) -> Way:
    kind, what = key
    people = len(group.trainees)
    return Way(
        did=in_words(kind, what, people),
        people=people,
        share=people / marked,
        trainees=tuple(group.trainees),
        examples=group.examples(),
        hint=kind == "hint",
    )


def _bare(given: str) -> str:
    """An answer without what only a program's own words add: the name of an error, files and lists in its message."""
    text = given
    if "Error: " in text:  # most are plain values, and there are tens of thousands
        text = re.sub(r"^\w+Error: ", "", text)
    if "line " in text or "None of [" in text:
        text = re.sub(r" \([^()]*line \d+\)$|\W*None of \[.*", "", text)
    return text.strip(' "')


def in_words(kind: str, what: str, people: int = 1) -> str:
    """What people of a group did, as a sentence without its subject."""
    if kind == "hint":
        return what
    if kind == "stopped":
        told = _STOPS.get(what, "wrote a line that stops")
        return f"{told} ({what})" if what else told
    if kind == "form":
        last = what.rpartition(":")[2]
        return (
            _FORMS.get(last) or _FORMS.get(last.split(" ")[0]) or f"gave an answer of another form ({last})"
        )
    if kind == "slip":
        return _SLIPS.get(what) or f"came out {what}: a factor, most often of a unit"
    alone = (
        "gave a value that nothing explains"
        if people == 1
        else "gave values that nothing explains, each another one"
    )
    return {
        "typed": "typed the value in instead of working it out: right for their own city only",
        "own city": "found a way that is right for their own city only",
        "sentence": "wrote sentences that lack a part that is asked for",
        "read": "wrote sentences for which a reader did not give all points",
        "other": "gave the same value" if what else alone,
        "earlier": "got their mark before the kit kept what was done; `playbook regrade --apply` fills it in",
    }.get(kind, what or kind)
