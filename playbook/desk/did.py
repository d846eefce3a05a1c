"""Wrong answers, grouped by what people did: the first miss only, each group in words with an answer that was given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from playbook.desk.reading import Reading
from playbook.gradebook.records import MarkedQuestion, Miss
from playbook.gradebook.standing import Standing

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
    "the sign turned": "have the right size with the wrong sign",
    "turned upside down": "divided the wrong way round",
    "the rest instead of the part": "gave the rest instead of the part (one minus the share)",
    "one too many": "counted one too many",
    "one too few": "counted one too few",
    "the right entries in another order": "have the right entries in another order",
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


def troubles(reading: Reading) -> list[Trouble]:
    """Every question that somebody missed, the one with the most wrong answers of its own first."""
    found = [
        _trouble(reading, exercise, question, own)
        for (exercise, question), own in reading.by_question.items()
    ]
    found = [one for one in found if one.first or one.following]
    return sorted(found, key=lambda one: (-one.wrong, -one.first, one.exercise, one.place))


def _trouble(
    reading: Reading, exercise: str, question: str, rows: Sequence[tuple[Standing, MarkedQuestion]]
) -> Trouble:
    first, following, left_open, sentences = 0, 0, 0, 0
    gathered: dict[tuple[str, str], list[tuple[Standing, MarkedQuestion, Miss | None]]] = {}
    for one, row in rows:
        if row.points >= row.max_points:
            continue
        miss = reading.misses.get((row.mark, question))
        if miss and miss.follows:
            following += 1
            continue
        first += 1
        if row.outcome == "unattempted":
            left_open += 1
            continue
        sentences += bool(miss and miss.did == "sentence")
        gathered.setdefault(_key(row, miss), []).append((one, row, miss))
    ways = [_way(key, own, len(rows)) for key, own in _same_values(gathered).items()]
    return Trouble(
        exercise=exercise,
        question=question,
        title=reading.question(exercise, question),
        place=rows[0][1].place,
        stretch=rows[0][1].stretch,
        marked=len(rows),
        first=first,
        following=following,
        open=left_open,
        ways=tuple(sorted(ways, key=lambda way: (-way.people, way.did))),
        sentence=2 * sentences > first - left_open,
    )


def _key(row: MarkedQuestion, miss: Miss | None) -> tuple[str, str]:
    """What puts wrong answers into one group."""
    if row.hint:
        return "hint", row.hint
    if miss is None:
        return "earlier", ""
    kind, _colon, code = miss.did.partition(":")
    return (kind, code) if kind != "other" else ("other", miss.given)


_Gathered = dict[tuple[str, str], list[tuple[Standing, MarkedQuestion, Miss | None]]]


def _same_values(gathered: _Gathered) -> _Gathered:
    """The same with values that only one person gave put together."""
    found: _Gathered = {}
    for (kind, what), own in gathered.items():
        alone = kind == "other" and len(own) < _SAME
        found.setdefault((kind, "" if alone else what), []).extend(own)
    return found


def _way(
    key: tuple[str, str], own: Sequence[tuple[Standing, MarkedQuestion, Miss | None]], marked: int
) -> Way:
    kind, what = key
    return Way(
        did=in_words(kind, what, len(own)),
        people=len(own),
        share=len(own) / marked,
        trainees=tuple(one.trainee for one, _row, _miss in own),
        examples=_examples(own),
        hint=kind == "hint",
    )


def _examples(own: Iterable[tuple[Standing, MarkedQuestion, Miss | None]]) -> tuple[str, ...]:
    given: dict[str, int] = {}
    cities: dict[str, str] = {}
    for one, _row, miss in own:
        if miss and miss.given:
            text = _bare(miss.given)
            if not text:
                continue
            given[text] = given.get(text, 0) + 1
            cities.setdefault(text, one.city.capitalize())
    common = sorted(given, key=lambda text: (-given[text], text))[:_EXAMPLES]
    return tuple(f"{text} ({cities[text]})" if cities[text] else text for text in common)


def _bare(given: str) -> str:
    """An answer without what only a program's own words add: the name of an error, files and lists in its message."""
    text = re.sub(r"^\w+Error: ", "", given)
    text = re.sub(r" \([^()]*line \d+\)$|\W*None of \[.*", "", text).strip(' "')
    return text


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
    return {
        "typed": "typed the value in instead of working it out: right for their own city only",
        "own city": "found a way that is right for their own city only",
        "sentence": "wrote sentences that lack a part that is asked for",
        "other": "all gave the same value" if what else "gave values that nothing explains, each another one",
        "earlier": "were marked before the kit kept what was done; `playbook regrade` fills it in",
    }.get(kind, what or kind)


def first_misses(reading: Reading) -> Mapping[str, list[tuple[str, MarkedQuestion]]]:
    """Each trainee's misses of their own as exercise and question, in order: where to begin beside them."""
    found: dict[str, list[tuple[str, MarkedQuestion]]] = {}
    for one in reading.graded:
        for row in reading.questions.get(one.mark or 0, ()):
            miss = reading.misses.get((row.mark, row.question))
            if row.points < row.max_points and not row.stretch and not (miss and miss.follows):
                found.setdefault(one.trainee, []).append((one.exercise, row))
    return found
