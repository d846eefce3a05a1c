"""Notebooks that are alike: pairs with their evidence, for a person to judge; never a mark.

Whole-code likeness misleads, because a gap has few right fillings. What tells is what nobody was given and few have:
the same bytes, another trainee's name in `open_case`, ids of added cells, the same rare wrong answer, the same odd
names, remarks and sentences.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from playbook.authoring.master import Master
from playbook.cases.roster import Roster
from playbook.desk.did import in_words
from playbook.desk.oral import Card, card
from playbook.desk.pages import render
from playbook.desk.reading import Reading, read_cohort
from playbook.desk.stands import Stand
from playbook.desk.traces import Given, Traces, size, traces
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import MarkedQuestion
from playbook.progress import Progress, no_progress
from playbook.submissions.notebook import Facts, parse_notebook

#: Kinds of evidence that need no other beside them.
STRONG = ("the same file", "another's name", "the same added cells")
#: What is shared by more people than that was seen by all of them somewhere: people, or that share of the cohort.
_MOST_PEOPLE, _MOST_SHARE = 4, 0.04
#: Pieces that a pair without strong evidence needs, and their surprise together, in bits.
_PIECES, _BITS = 3, 10.0
#: Pieces that are shown of one kind.
_SHOWN = 6


@dataclass(frozen=True)
class Evidence:
    """One thing that two notebooks share.

    Attributes:
        kind: what it is; exercise: where, by its id.
        words: the evidence itself, as a person reads it.
        pieces: how many; bits: how surprising they are together, from how many of the cohort have them.
        question: in whose cell it stands; empty for none.
    """

    kind: str
    exercise: str
    words: str
    pieces: int = 1
    bits: float = 0.0
    question: str = ""


@dataclass(frozen=True)
class Alike:
    """Two trainees with alike notebooks in an exercise, the evidence, and two questions for each.

    Attributes:
        exercise: its id; chapter: as people call it.
    """

    exercise: str
    chapter: str
    trainees: tuple[str, str]
    names: tuple[str, str]
    cities: tuple[str, str]
    evidence: tuple[Evidence, ...]
    cards: tuple[Card, ...] = ()

    @property
    def strong(self) -> bool:
        """Whether one piece of evidence is enough by itself."""
        return any(one.kind in STRONG for one in self.evidence)

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {**asdict(self), "strong": self.strong}


@dataclass
class _Shared:
    """Who has what, of one exercise with these titles of questions."""

    exercise: str
    titles: Mapping[str, str]
    people: dict[str, Stand] = field(default_factory=dict)
    traces: dict[str, Traces] = field(default_factory=dict)
    having: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def note(self, kind: str, what: str, trainee: str, question: str = "") -> None:
        self.having.setdefault((kind, what), {})[trainee] = question


def find_pairs(
    gradebook: Gradebook, masters: Iterable[Master], progress: Progress = no_progress
) -> list[Alike]:
    """Pairs that a person should look at, those with strong evidence first.

    Args:
        masters: of the exercises that are looked at; what they and their chapters hold is nobody's own.
    """
    reading = read_cohort(gradebook)
    facts = gradebook.facts()
    hand_ins = {attempt.id: attempt.sha256 for attempt in gradebook.attempts().values()}
    found: list[Alike] = []
    for master in masters:
        own = list(reading.chosen.within(master.id))
        if len(own) > 1:
            found += _of_exercise(gradebook, reading, master, own, facts, hand_ins, progress)
    return sorted(found, key=lambda one: (not one.strong, -sum(e.bits for e in one.evidence), one.trainees))


def _of_exercise(
    gradebook: Gradebook,
    reading: Reading,
    master: Master,
    own: Sequence[Stand],
    facts: Mapping[str, Facts],
    hand_ins: Mapping[int, str],
    progress: Progress,
) -> list[Alike]:
    given = Given.of(master)
    shared = _Shared(master.id, {one.id: one.title for one in master.questions})
    marked = {one.mark: rows for one, rows in reading.marked(master.id)}
    for number, one in enumerate(own, 1):
        notebook, _problem = parse_notebook(gradebook.notebook(hand_ins[one.attempt]))
        shared.people[one.trainee] = one
        shared.traces[one.trainee] = seen = traces(notebook, given)
        _note(shared, one, seen, hand_ins[one.attempt], marked.get(one.mark, ()))
        progress(f"reading {master.id}", number, len(own))
    evidence: dict[tuple[str, str], list[Evidence]] = {}
    for pair, piece in [*_pieces(shared), *_names_of_others(own, facts, hand_ins, reading.roster)]:
        evidence.setdefault(pair, []).append(piece)
    pairs = []
    for pair, pieces in evidence.items():
        together = _together(pieces)
        if _tells(together):
            pairs.append(_alike(gradebook, reading, master, shared, pair, together, hand_ins))
    return pairs


def _note(
    shared: _Shared,
    one: Stand,
    seen: Traces,
    sha256: str,
    rows: Sequence[MarkedQuestion],
) -> None:
    """Note what somebody's notebook has."""
    if any(row.outcome != "unattempted" for row in rows):  # as it was handed out, many hand it in
        shared.note("the same file", sha256, one.trainee)
    for id_ in seen.cells:
        shared.note("the same added cells", id_, one.trainee)
    for kind, found in (
        ("the same odd names", seen.names),
        ("the same remarks", seen.remarks),
        ("the same sentences", seen.sentences),
    ):
        for what, question in found.items():
            shared.note(kind, what, one.trainee, question)
    for row in rows:
        if not row.follows and row.did.partition(":")[0] in ("hint", "other", "slip", "form", "stopped"):
            way = row.hint or f"{row.did} {row.given if row.did == 'other' else ''}"
            shared.note("the same rare wrong answer", f"{row.question}\0{way}", one.trainee, row.given)


def _pieces(shared: _Shared) -> Iterator[tuple[tuple[str, str], Evidence]]:
    """What few share, for each pair of these."""
    cohort = len(shared.people)
    most = max(_MOST_PEOPLE, round(_MOST_SHARE * cohort))
    for (kind, what), having in shared.having.items():
        if not 2 <= len(having) <= (cohort if kind == "the same file" else most):
            continue
        bits = math.log2(cohort / len(having))
        for first, second in itertools.combinations(sorted(having), 2):
            words, question = what, having[first]
            if kind == "the same rare wrong answer":
                question, _, way = what.partition("\0")
                title = shared.titles.get(question) or question
                words = _wrong(title, way, having[first], having[second])
            elif kind == "the same added cells":
                words = f"{what}: {shared.traces[first].cells[what]}"
            elif kind == "the same file":
                words = "the same to the byte"
            yield (first, second), Evidence(kind, shared.exercise, words, _weight(kind, what), bits, question)


def _weight(kind: str, what: str) -> int:
    """How many pieces a remark or a sentence is: several words of one's own are rarer than one name."""
    return 2 if kind == "the same sentences" or (kind == "the same remarks" and size(what) >= 3) else 1


def _wrong(title: str, way: str, first: str, second: str) -> str:
    kind, _, code = way.partition(" ")[0].partition(":")
    known = kind in ("other", "slip", "form", "stopped")
    told = in_words(kind, code or way.partition(":")[2].strip()) if known else way
    values = first if first == second else f"{first}; {second}"
    return f"“{title}”: {told}" + (f" ({values})" if values else "")


def _names_of_others(
    own: Sequence[Stand], facts: Mapping[str, Facts], hand_ins: Mapping[int, str], roster: Roster
) -> Iterator[tuple[tuple[str, str], Evidence]]:
    """Notebooks that open the case with a name that is another trainee's."""
    there = {one.trainee for one in own} | {one.filed for one in roster.trainees}
    for one in own:
        said = facts.get(hand_ins[one.attempt])
        for name in dict.fromkeys((said.name, said.trainee) if said else ()):
            other = roster.find(name) if name else None
            whose = other.filed if other else name
            if whose and whose != one.trainee and whose in there and not _is(roster, name, one.trainee):
                first, second = sorted((one.trainee, whose))
                words = f"the notebook of {one.trainee} opens with the name of {whose}"
                yield (first, second), Evidence("another's name", one.exercise, words)


def _is(roster: Roster, name: str, trainee: str) -> bool:
    """Whether a name may be this trainee's own: two people may share one."""
    return any(one.filed == trainee for one in roster.named(name))


def _together(pieces: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The pieces of a kind as one, the most surprising first."""
    found = []
    for kind in dict.fromkeys(one.kind for one in pieces):
        own = sorted((one for one in pieces if one.kind == kind), key=lambda one: -one.bits)
        words = "; ".join(dict.fromkeys(one.words for one in own[:_SHOWN]))
        if len(own) > _SHOWN:
            words += f" and {len(own) - _SHOWN} more"
        counted = sum(one.pieces for one in own)
        found.append(replace(own[0], words=words, pieces=counted, bits=sum(one.bits for one in own)))
    return tuple(sorted(found, key=lambda one: (one.kind not in STRONG, -one.bits)))


def _tells(evidence: Sequence[Evidence]) -> bool:
    """Whether it is worth a person's look."""
    if any(one.kind in STRONG for one in evidence):
        return True
    return sum(one.pieces for one in evidence) >= _PIECES and sum(one.bits for one in evidence) >= _BITS


def _alike(
    gradebook: Gradebook,
    reading: Reading,
    master: Master,
    shared: _Shared,
    pair: tuple[str, str],
    evidence: tuple[Evidence, ...],
    hand_ins: Mapping[int, str],
) -> Alike:
    cards = []
    for trainee in pair:
        one = shared.people.get(trainee)
        if one is not None:
            notebook, _problem = parse_notebook(gradebook.notebook(hand_ins[one.attempt]))
            asked = [piece.question for piece in evidence if piece.question]
            cards.append(card(reading.name(trainee), one.city, notebook, master, asked))
    cities = tuple(shared.people[one].city if one in shared.people else "" for one in pair)
    first, second = pair
    return Alike(
        master.id,
        f"Chapter {master.chapter} · {master.title}",
        pair,
        (reading.name(first), reading.name(second)),
        (cities[0], cities[1]),
        evidence,
        tuple(cards),
    )


def likeness_page(found: Sequence[Alike]) -> str:
    """Pairs with their evidence and cards, as one HTML page that needs no other file."""
    return render("likeness.html.j2", pairs=found)
