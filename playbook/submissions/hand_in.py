"""Hand-ins: which notebooks there are, whose they are, and for which exercise; and what became of every other file."""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from playbook.cases.roster import Roster
from playbook.clock import shown
from playbook.errors import PlaybookError
from playbook.exercises.handing_in import Receipt
from playbook.names import clean
from playbook.submissions import reasons
from playbook.submissions.archives import is_archive
from playbook.submissions.notebook import Facts, facts_of, names_in, parse_notebook
from playbook.submissions.owner import Clues, Owner, owner_by_path, settle
from playbook.submissions.people import Finder
from playbook.submissions.platforms import stem_of, version_of
from playbook.submissions.receipts import Belongs, bundle
from playbook.submissions.sources import Entry, PassedOver, is_nobodys, walk

#: Seconds that a clock may be ahead of this one.
_AHEAD_S = 300.0
LEFT_OUT = "left out by the map"


@dataclass(frozen=True, slots=True)
class HandIn:
    """One notebook that was handed in. Its content is read when it is wanted: thousands of them weigh little.

    Attributes:
        trainee: who handed it in, safe as a file name.
        exercise: which exercise it answers; empty if that cannot be told.
        source: file it came from, for people.
        sha256: of its bytes.
        received: when its file was written last, in seconds since 1970 (UTC).
        facts: what the notebook says about itself.
        problem: why it cannot be graded, whatever a run would give; empty if it can be.
        notes: what was settled about it, for its trainee too.
        remarks: what looks odd, for the instructor: a name that differs, a date in the future.
        read: its bytes; empty for a file that is too large.
        others: trainees whom it names though it is somebody else's.
        receipts: what the hand-ins say that it came with; none for a notebook alone.
        again: when the same notebook came last, in seconds since 1970 (UTC); 0 if it came once.
    """

    trainee: str
    exercise: str
    source: str
    sha256: str
    received: float
    facts: Facts
    problem: str
    notes: tuple[str, ...]
    read: Callable[[], bytes]
    remarks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    again: float = 0.0

    @property
    def last(self) -> float:
        """When its file was written last, of all that hold it."""
        return max(self.received, self.again)

    @property
    def release(self) -> str:
        """The release the notebook says it comes from."""
        return self.facts.release

    def open(self) -> tuple[Mapping[str, Any] | None, str]:
        """The notebook's content, or None and why it can't be had.

        Raises:
            PlaybookError: its file can no longer be read.
        """
        if self.problem:
            return None, self.problem
        data = self.read()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            return None, reasons.CHANGED
        return parse_notebook(data)


@dataclass(frozen=True, slots=True)
class Held:
    """A hand-in whose owner is not certain: it is not graded.

    Attributes:
        source: its file, for people; path: below the source.
        why: what is not certain.
        candidates: who it may be from.
    """

    source: str
    path: PurePosixPath
    exercise: str
    why: str
    candidates: tuple[str, ...]
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Passed:
    """A file or folder that is no hand-in.

    Attributes:
        source: where it stands, for people.
        reason: why it was passed over.
        trainee: whose it is, as far as its path says.
        nobodys: a system or a program left it there.
        left: its owner is left without any hand-in.
    """

    source: str
    reason: str
    trainee: str = ""
    nobodys: bool = False
    left: bool = False


@dataclass(frozen=True)
class Found(Sequence[HandIn]):
    """What a source holds: the hand-ins, the earliest first, and what became of every other file.

    Attributes:
        remarks: what is to be said about the source as a whole.
    """

    hand_ins: tuple[HandIn, ...]
    held: tuple[Held, ...] = ()
    passed: tuple[Passed, ...] = ()
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.hand_ins)

    def __getitem__(self, place: Any) -> Any:
        return self.hand_ins[place]

    def __iter__(self) -> Iterator[HandIn]:
        return iter(self.hand_ins)

    @property
    def left(self) -> tuple[Passed, ...]:
        """Files of people who are left without any hand-in."""
        return tuple(one for one in self.passed if one.left)

    @property
    def people_left(self) -> set[str]:
        """Who they are: by id where that is known, else by folder or file."""
        return {one.trainee or one.source.partition("/")[0] for one in self.left}


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person has decided about one file; see :mod:`playbook.submissions.settling`.

    Attributes:
        trainee: whose it is; empty to find out as usual.
        exercise: which it answers; empty to find out as usual.
        left_out: it is no hand-in.
    """

    trainee: str = ""
    exercise: str = ""
    left_out: bool = False


@dataclass
class _Read:
    """One file that may be a hand-in, read."""

    entry: Entry
    facts: Facts
    sha256: str
    exercise: str = ""
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def find_hand_ins(
    source: Path,
    exercises: Mapping[str, Collection[str]] | Iterable[str],
    known: Callable[[str], Facts | None] = lambda sha256: None,
    roster: Roster | None = None,
    settled: Mapping[str, Settled] | None = None,
) -> Found:
    """Find every notebook handed in, the earliest first, and its owner; each one is an attempt.

    Accepts a folder, an archive as a learning platform or a person makes it, or one notebook. Nothing in it is
    lost: what is no hand-in is named with the reason.

    Args:
        source: folder, archive or notebook.
        exercises: ids of the exercises there are, with the names of their questions and answers if these are to be
            looked for.
        known: facts of a notebook that was read before, by its SHA-256.
        roster: who is in the cohort; without one everyone may be.
        settled: what a person has decided, by file.

    Raises:
        PlaybookError: there is nothing to read there.
    """
    names = dict(exercises) if isinstance(exercises, Mapping) else dict.fromkeys(exercises, ())
    roster, settled = roster or Roster(), settled or {}
    walked = walk(source, Finder(roster).known, names_in)
    entries = sorted(
        walked.entries, key=lambda entry: (entry.received, version_of(entry.path.parts), _order(entry.path))
    )
    read = [_read(entry, names, known, settled) for entry in entries]
    passed = [*walked.passed]
    for one in read:
        if settled.get(_as_in_map(one.entry.path), Settled()).left_out:
            passed.append(PassedOver(one.entry.path, LEFT_OUT))
    read = [one for one in read if not settled.get(_as_in_map(one.entry.path), Settled()).left_out]
    if not read and not any(not one.nobodys for one in passed):
        raise PlaybookError(
            "no notebooks (*.ipynb) found",
            where=str(source),
            remedy="name a folder, a zip or a notebook that was handed in",
        )
    own_name = source.name if source.is_dir() or is_archive(source.name) else ""
    homes, none = bundle({one.entry.path: one.sha256 for one in read}, walked.manifests, source.name)
    passed += none
    clues = [_clues(one, homes[one.entry.path]) for one in read]
    owners, remarks = settle(
        clues,
        roster,
        names,
        own_name,
        [settled.get(_as_in_map(one.entry.path), Settled()).trainee for one in read],
    )
    there = {_as_in_map(entry.path) for entry in entries}
    if strangers := [file for file in settled if file not in there]:
        remarks.append(f"the map names {len(strangers)} files that are not here, such as {strangers[0]}")
    hand_ins = _hand_ins(read, owners, homes)
    return Found(
        hand_ins,
        tuple(_held(one, owner) for one, owner in zip(read, owners, strict=True) if not owner.trainee),
        tuple(_passed(passed, read, hand_ins, roster, names, own_name)),
        tuple(map(clean, [*walked.remarks, *remarks])),
    )


def _as_in_map(path: PurePosixPath) -> str:
    """A file as the map names it: tables keep no blanks around their cells, and no quote before them."""
    return clean(str(path)).strip().removeprefix("'").strip()


def certain_exercise(exercise: str, problem: str) -> str:
    """The exercise of a hand-in; empty where its name and its content differ, which a person has to settle."""
    return "" if problem.startswith(reasons.CALLED_OTHERWISE) else exercise


def _clues(one: _Read, home: Belongs) -> Clues:
    handed = home.receipt.trainee if home.receipt else ""
    path = PurePosixPath(*(unicodedata.normalize("NFC", part) for part in home.path.parts))
    return Clues(path, one.exercise, one.facts.name, one.facts.trainee, handed)


def _hand_ins(
    read: Sequence[_Read], owners: Sequence[Owner], homes: Mapping[PurePosixPath, Belongs]
) -> tuple[HandIn, ...]:
    found: dict[tuple[str, str, str], HandIn] = {}
    for one, owner in zip(read, owners, strict=True):
        if owner.trainee:
            hand_in = HandIn(
                trainee=owner.trainee,
                exercise=one.exercise,
                source=clean(str(one.entry.path)),
                sha256=one.sha256,
                received=one.entry.received,
                facts=one.facts,
                problem=one.problem,
                notes=tuple(map(clean, one.notes)),
                read=one.entry.read,
                remarks=tuple(map(clean, (*one.remarks, *homes[one.entry.path].remarks, *owner.notes))),
                others=owner.others,
                receipts=(receipt,) if (receipt := homes[one.entry.path].receipt) else (),
            )
            key = (hand_in.trainee, hand_in.exercise, hand_in.sha256)
            if before := found.get(key):  # the same notebook once more, such as a chapter that did not change
                hand_in = replace(
                    before,
                    again=hand_in.received,
                    receipts=(*before.receipts, *hand_in.receipts),
                    remarks=tuple(dict.fromkeys((*before.remarks, *hand_in.remarks))),
                )
            found[key] = hand_in
    return tuple(found.values())


def _held(one: _Read, owner: Owner) -> Held:
    path = one.entry.path
    return Held(
        clean(str(path)),
        path,
        certain_exercise(one.exercise, one.problem),
        clean(owner.why),
        tuple(map(clean, owner.candidates)),
        one.entry.read,
    )


def _passed(
    passed: Sequence[PassedOver],
    read: Sequence[_Read],
    hand_ins: Sequence[HandIn],
    roster: Roster,
    names: Mapping[str, Collection[str]],
    source: str,
) -> Iterator[Passed]:
    """Every other file, with its owner where its path says so, and whether that leaves somebody without a hand-in."""
    have = {one.trainee for one in hand_ins}
    owner_of = owner_by_path(roster, names, source)
    homes: dict[str, set[str]] = defaultdict(set)
    for one in read:
        homes[_top(one.entry.path)].add("")
    for hand_in in hand_ins:
        homes[_top(PurePosixPath(hand_in.source))].add(hand_in.trainee)
    theirs = homes.keys() | {_top(one.path) for one in passed if not one.nobodys}
    for one in passed:
        trainee, left, nobodys, reason = "", False, one.nobodys, one.reason
        home = _top(one.path)
        if nobodys and home and _of_notebook(one.path) and home not in theirs:
            nobodys, reason = False, f"{reason}, and nothing else lies beside it: ask for the notebook itself"
        if not nobodys and reason != LEFT_OUT:
            trainee = owner_of(one.path)
            named = exercise_in_name(stem_of(one.path.name), names)
            alone = home not in homes if home else bool(named) or "." not in one.path.name
            packed = is_archive(one.path.name) and (not home or len(homes.get(home, set()) - {""}) > 1)
            left = trainee not in have if trainee else alone or packed
        yield Passed(clean(str(one.path)), clean(reason), trainee, nobodys, left)


def _top(path: PurePosixPath) -> str:
    """The folder below the source that something lies in; empty where it lies in none."""
    return path.parts[0] if len(path.parts) > 1 else ""


def _of_notebook(path: PurePosixPath) -> bool:
    """Whether what a program left behind is a notebook's shadow or copy, and lies in somebody's folder."""
    shadow = path.name.casefold().endswith((".ipynb", ".ipynb_checkpoints"))
    return shadow and not is_nobodys(path.parts[0])


def _order(path: PurePosixPath) -> tuple[str, int, str]:
    """Copies in the order in which they were saved: ``a.ipynb``, ``a (1).ipynb``, ``a (2).ipynb``."""
    copy = re.search(r"[ _-]?(?:\((\d{1,6})\)|(?<=[a-z])-(\d{1,3}))$", path.stem)
    return (str(path.parent), int(copy[1] or copy[2]) if copy else 0, path.name)


def _read(
    entry: Entry,
    names: Mapping[str, Collection[str]],
    known: Callable[[str], Facts | None],
    settled: Mapping[str, Settled],
) -> _Read:
    sha256, facts = _read_facts(entry, known)
    one = _Read(entry, facts, sha256, problem=facts.problem)
    stem, named = stem_of(entry.path.name), facts.exercise
    called = exercise_in_name(stem, names)
    told = settled.get(_as_in_map(entry.path), Settled()).exercise
    one.exercise = told or (named if named in names else called)
    if named and named not in names:
        one.notes.append(f"the notebook calls its exercise {named[:60]!r}, which there is not")
    if told and told != named:
        one.notes.append(f"the map says that it answers {told}")
    elif not told and called and named in names and called != named and not _is_date(stem):
        one.exercise = called
        one.problem = one.problem or f"{reasons.CALLED_OTHERWISE} {called}, the notebook is {named}"
    looked_for = set(names.get(one.exercise, ()))
    if not one.exercise:
        one.problem = one.problem or reasons.WHICH_EXERCISE
    elif looked_for and facts.names is not None and not looked_for & set(facts.names):
        one.problem = one.problem or f"{reasons.NONE_OF_OURS} of {one.exercise} is in this notebook"
    if entry.received > time.time() + _AHEAD_S:
        one.remarks.append(f"its file is dated in the future: {shown(entry.received)}")
    return one


def _is_date(stem: str) -> bool:
    """Whether the number that a name begins with is that of a day."""
    return bool(re.match(r"\d{2}[-._ ]\d{1,2}(?!\d)|\d{2}\s+[A-Za-z]{3}|\d{1,2}月", stem))


def _read_facts(entry: Entry, known: Callable[[str], Facts | None]) -> tuple[str, Facts]:
    """The digest of a file, and what its notebook says about itself; one that can't be read costs only itself."""
    data, problem = b"", entry.problem
    if not problem:
        try:
            data = entry.read()
        except PlaybookError as error:
            problem = error.what
    if problem:
        about = f"{problem}{entry.path}{entry.size}{entry.received}"
        return hashlib.sha256(about.encode("utf-8", "replace")).hexdigest(), Facts(problem=clean(problem))
    sha256 = hashlib.sha256(data).hexdigest()
    before = known(sha256)
    return sha256, before if before and before.names is not None else facts_of(*parse_notebook(data))


def exercise_in_name(stem: str, exercises: Iterable[str]) -> str:
    """The exercise that a file's name names, or nothing.

    It is named by its full id, anywhere (of several the longest), or by the number that the name begins with:
    ``03 my answers`` is 03-…, ``030`` is not.
    """
    ids = sorted(exercises, key=len, reverse=True)
    number = re.match(r"\d+", stem)
    return next(
        (one for one in ids if one in stem),
        next((one for one in ids if number and one.partition("-")[0] == number[0]), ""),
    )
