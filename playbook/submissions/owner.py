"""Whose hand-in is this? All that speaks for somebody is gathered and weighed in one place.

Two kinds of evidence: **where it lies** (what whoever collected it called it: every part of its path, in folders
and archives) and **what it says** (the name in ``open_case``, the notebook's own word; the trainee's words). With a
roster, evidence must lead to one person on it; without one, the folder below the source decides. What is not
certain is held: a person settles it in the map.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from playbook.cases.roster import Enrolled, Roster, name_forms
from playbook.exercises.handing_in import without_code
from playbook.names import normalise, safe_name, squash
from playbook.submissions.people import Finder, Found, bare_name, holds_name, same_person
from playbook.submissions.platforms import Said, read_path, stem_of

#: A folder for the hand-ins of one chapter.
_CHAPTER = re.compile(
    r"(?:第|chapter|ch|exercise|ex|练习|作业)?[\s_-]*(\d{1,2}|[一二三四五六七八九])[章次课]?(?:练习|作业)?"
)
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")


@dataclass(frozen=True, slots=True)
class Clues:
    """One file, and what speaks for its owner.

    Attributes:
        path: below the source; an archive counts as a folder.
        exercise: which one it answers; empty if that cannot be told.
        typed: the name in ``open_case("…")``.
        claimed: the notebook's own word for who it is from.
        handed: the word of the hand-in that it came with (see :mod:`playbook.submissions.receipts`); its path is
            then the hand-in's.
    """

    path: PurePosixPath
    exercise: str = ""
    typed: str = ""
    claimed: str = ""
    handed: str = ""

    @property
    def said(self) -> list[tuple[str, str]]:
        """What it says: in which place, and whom."""
        words = (
            ("open_case(…) says", self.typed),
            ("the notebook says", self.claimed),
            ("the hand-in says", self.handed),
        )
        return [(where, text) for where, text in words if normalise(text)]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose it is, or why that is not certain.

    Attributes:
        trainee: what it is filed under; empty if it is held.
        notes: what does not agree and was settled.
        why: why it is held.
        candidates: who it may be from, for people.
        others: ids of trainees whom the notebook names though it is somebody else's.
    """

    trainee: str = ""
    notes: tuple[str, ...] = ()
    why: str = ""
    candidates: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def settle(
    clues: Sequence[Clues],
    roster: Roster,
    exercises: Iterable[str],
    source: str = "",
    settled: Sequence[str] = (),
) -> tuple[list[Owner], list[str]]:
    """Find the owner of each file.

    Args:
        clues: all files of one call: what one is called tells what others' names mean.
        exercises: ids, which are no names.
        source: name of the folder or archive that holds them all.
        settled: owners that a person has named, one for each file; empty for those that nobody has.

    Returns:
        An owner for each file, and what is to be said about them all.
    """
    judge = _Judge(clues, roster, sorted(exercises, key=len, reverse=True), source)
    owners = judge.with_roster() if roster.trainees else judge.without_roster()
    for place, named in enumerate(settled):
        if named:
            before = owners[place]
            trainee = roster.id_of(named) if roster.trainees else safe_name(named)
            other = f"the map says that it is from {trainee}; all else says, from {before.trainee}"
            strange = (other,) if before.trainee not in ("", trainee) else ()
            owners[place] = Owner(trainee, (*strange, *before.notes))
    return owners, judge.remarks


def owner_by_path(
    roster: Roster, exercises: Iterable[str], source: str = ""
) -> Callable[[PurePosixPath], str]:
    """What tells whom a path surely names, where there is nothing else to go by; empty if nobody."""
    judge = _Judge([], roster, sorted(exercises, key=len, reverse=True), source)

    def owner(path: PurePosixPath) -> str:
        if roster.trainees:
            agreed = judge.place_of(Clues(path))[0].agreed
            return agreed[0].filed if len(agreed) == 1 else ""
        said = read_path(path.parts, source)
        return safe_name(_label(said)) if said else ""

    return owner


def _label(said: Said) -> str:
    """What somebody is called whom only a platform knows."""
    return said.id or said.name


@dataclass(eq=False)
class _Judge:
    """Weighs the evidence of one call's files."""

    clues: Sequence[Clues]
    roster: Roster
    exercises: Sequence[str]
    source: str
    remarks: list[str] = field(default_factory=list)

    @functools.cached_property
    def finder(self) -> Finder:
        return Finder(self.roster)

    # With a roster

    def with_roster(self) -> list[Owner]:
        owners = [self._on_roster(one) for one in self.clues]
        return self._look_across(owners)

    @functools.cache  # noqa: B019 - a judge lives as long as one call
    def place_of(self, one: Clues) -> tuple[Found, str]:
        """Whom the place of a file names, and who a platform says it is though the roster does not know them."""
        said = read_path(one.path.parts, self.source)
        if said:
            found = Found()
            for text in filter(None, (said.id, said.name)):
                found += self.finder.find(text)
            if found.sure:
                return found, ""
            return found, said.name  # a login may be anything; a name is somebody
        found = Found()
        *folders, file = one.path.parts
        for part in folders:
            found += self.finder.find(stem_of(part))
        found += self.finder.find(self._without_exercise(without_code(stem_of(file)), one.exercise))
        if not found.sure and not found.weak and self.source:
            found = self.finder.find(stem_of(self.source))
        return found, ""

    def _without_exercise(self, stem: str, exercise: str) -> str:
        for known in self.exercises:
            stem = stem.replace(known, " ")
        number = exercise.partition("-")[0]
        return re.sub(rf"^{number}(?!\d)", " ", stem) if number.isdecimal() else stem

    def _on_roster(self, one: Clues) -> Owner:
        place, stranger = self.place_of(one)
        said = [(where, text, self.finder.find(text)) for where, text in one.said]
        words = [(where, text, found.people or list(found.weak)) for where, text, found in said]
        if len(place.agreed) == 1:
            if number := self._other_number(one, place.agreed[0]):
                why = f"its number {number!r} is not on the roster, though its name is"
                return self._held(why, place.agreed, words)
            owner, within = self._by_place(place.agreed[0], words), self._handed_within(one)
            return replace(owner, notes=(*owner.notes, *self._by_place(place.agreed[0], within).notes))
        if len(place.agreed) > 1:  # a name that several have
            fitting = [who for who in place.agreed if any(who in found.agreed for *_w, found in said)]
            if len(fitting) == 1:
                return self._by_place(fitting[0], words)
            return self._held("several people on the roster are called so", place.agreed, words)
        if place.sure:
            return self._held("its path names more than one person", place.people, words)
        spoken = [found for *_w, found in said if found.sure]
        agreed = [who for who in (spoken[0].agreed if spoken else []) if all(who in f.agreed for f in spoken)]
        if stranger:
            return self._held(
                f"it is from {stranger!r}, who is not on the roster", [*place.weak, *agreed], words
            )
        if len(agreed) == 1 and (not place.weak or agreed[0] in place.weak):
            strange = [f"{where} {text!r}, who is not on the roster" for where, text, who in words if not who]
            return Owner(agreed[0].filed, tuple(strange))
        if len(agreed) > 1:
            return self._held("several people on the roster are called so", agreed, words)
        people = [*place.weak, *(who for *_w, found in said for who in (*found.people, *found.weak))]
        if spoken:
            return self._held("what it says and where it lies do not agree", people, words)
        if people:
            return self._held("nobody on the roster is named by it for certain", people, words)
        return self._held("nobody on the roster is named by its path or in it", [], words)

    def _handed_within(self, one: Clues) -> list[tuple[str, str, Sequence[Enrolled]]]:
        """People whom folders and files name that lie in what a platform had from one person."""
        said, parts = read_path(one.path.parts, self.source), one.path.parts
        if not said:
            return []
        own = next((place for place, part in enumerate(parts) if (said.name or said.id) in part), len(parts))
        inside = [
            *parts[own + 1 : -1],
            self._without_exercise(without_code(stem_of(said.file)), one.exercise),
        ]
        named = [(stem_of(part).strip(), self.finder.find(stem_of(part))) for part in inside]
        return [("its path says", text, found.people) for text, found in named if found.sure]

    def _other_number(self, one: Clues, who: Enrolled) -> str:
        """A number of the roster's kind that a platform gives a namesake of somebody's; empty if there is none."""
        said = read_path(one.path.parts, self.source)
        number, own = normalise(said.id) if said else "", normalise(who.id)
        alike = number.isdecimal() and own.isdecimal() and len(number) == len(own) and number != own
        alike = alike and self._numbers_tell
        told = any(normalise(text) == own for _where, text in one.said)
        return number if alike and not told else ""

    @functools.cached_property
    def _numbers_tell(self) -> bool:
        """Whether the platform's numbers are the roster's: at least one file's is somebody's id."""
        ids = {normalise(one.id) for one in self.roster.trainees}
        read = (read_path(one.path.parts, self.source) for one in self.clues)
        return any(said is not None and normalise(said.id) in ids for said in read)

    def _by_place(self, owner: Enrolled, words: Iterable[tuple[str, str, Sequence[Enrolled]]]) -> Owner:
        notes, others = [], []
        for where, text, people in words:
            if not people:
                notes.append(f"{where} {text[:60]!r}, who is not on the roster: its place decides, {owner}")
            elif owner not in people:
                others += [who.filed for who in people]
                notes.append(f"{where} {text[:60]!r}, but it lies with {owner}: its place decides")
        return Owner(owner.filed, tuple(notes), others=tuple(dict.fromkeys(others)))

    def _held(self, why: str, people: Iterable[Enrolled], words: Iterable[tuple[str, str, object]]) -> Owner:
        said = "".join(f"; {where} {text[:60]!r}" for where, text, _people in words)
        return Owner(why=why + said, candidates=tuple(dict.fromkeys(map(str, people))))

    def _look_across(self, owners: list[Owner]) -> list[Owner]:
        """Hold what only looks certain: a folder with several people's notebooks, one name from several folders."""
        named: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one, owner in zip(self.clues, owners, strict=True):
            if owner.trainee and owner.others:
                named[owner.trainee, _home(one.path)].update(owner.others)
        for place, (one, owner) in enumerate(zip(self.clues, owners, strict=True)):
            others = named.get((owner.trainee, _home(one.path)), set())
            if owner.others and len(others) > 1:
                people = [self.roster.find(name) for name in (owner.trainee, *owner.others)]
                words = [(*said, None) for said in one.said]
                why = "its folder holds notebooks that name several others"
                owners[place] = self._held(why, filter(None, people), words)
        self._two_of_one_name(owners)
        return self._one_name_one_folder(owners)

    def _one_name_one_folder(self, owners: list[Owner]) -> list[Owner]:
        """Where only the notebook says whose it is, the same name from another folder makes it uncertain."""
        homes: dict[tuple[str, str], set[str]] = defaultdict(set)
        alone = []
        for one, owner in zip(self.clues, owners, strict=True):
            alone.append(bool(owner.trainee) and not self.place_of(one)[0].sure)
            if owner.trainee and one.exercise:
                homes[owner.trainee, one.exercise].add(_home(one.path))
        for place, (one, owner) in enumerate(zip(self.clues, owners, strict=True)):
            if alone[place] and len(homes.get((owner.trainee, one.exercise), ())) > 1:
                who = self.roster.find(owner.trainee)
                why = "only the notebook says whose it is, and another folder's says the same"
                owners[place] = self._held(why, [who] if who else [], [(*said, None) for said in one.said])
        return owners

    # Without one

    def without_roster(self) -> list[Owner]:
        owners: list[Owner] = [Owner()] * len(self.clues)
        plain = []
        for place, one in enumerate(self.clues):
            said = read_path(one.path.parts, self.source)
            if said:
                owners[place] = self._called(_label(said), one, said.name or said.id)
            else:
                plain.append(place)
        self._two_of_one_name(owners)
        self._split(plain, 0, owners)
        there = {form: owner.trainee for owner in owners for form in name_forms(owner.trainee)}
        for place, (one, owner) in enumerate(zip(self.clues, owners, strict=True)):
            others = {there.get(squash(text), "") for _where, text in one.said} - {"", owner.trainee}
            if owner.trainee and owner.notes and others:
                owners[place] = replace(owner, others=tuple(sorted(others)))
        return owners

    def _two_of_one_name(self, owners: list[Owner]) -> None:
        """Where a platform's numbers differ in one download, one name is two people."""
        numbers: dict[tuple[object, ...], set[str]] = defaultdict(set)
        where = []
        for one, owner in zip(self.clues, owners, strict=True):
            said = read_path(one.path.parts, self.source) if owner.trainee else None
            number = self._number(said) if said else ""
            parts = one.path.parts
            own = [place for place, part in enumerate(parts) if said and number in part and said.name in part]
            above = parts[: own[0]] if own else ()
            where.append((owner.trainee, one.exercise, above) if number else None)
            if number:
                numbers[owner.trainee, one.exercise, above].add(number)
        for place, owner in enumerate(owners):
            found = numbers[where[place]] if where[place] else set()
            if len(found) > 1:
                who = self.roster.find(owner.trainee) or owner.trainee
                name = who.name if isinstance(who, Enrolled) else who
                candidates = tuple(f"{who} ({number})" for number in sorted(found))
                owners[place] = Owner(why=f"two people are called {name}", candidates=candidates)

    def _number(self, said: Said) -> str:
        """The platform's number of somebody whom only the name tells; empty where an id does."""
        if self.roster.trainees and said.id and not self.finder.find(said.id).sure:
            return said.id
        return "" if said.id else said.number

    def _split(self, places: Sequence[int], depth: int, owners: list[Owner]) -> None:
        """Give files to the folders at this depth; where a folder holds several people's, look below it."""
        groups: dict[str, list[int]] = defaultdict(list)
        for place in places:
            parts = self.clues[place].path.parts
            if len(parts) == depth + 1:
                owners[place] = self._flat(self.clues[place], depth)
            else:
                groups[parts[depth]].append(place)
        chapters = all(self._of_chapter(folder, inside) for folder, inside in groups.items())
        for folder, inside in groups.items():
            alone = (len(groups) == 1 and len(inside) == len(places)) or self._of_chapter(folder, inside)
            self._folder(folder, inside, depth, owners, alone, chapter=chapters and len(groups) > 1)

    def _of_chapter(self, folder: str, places: Sequence[int]) -> bool:
        """Whether a folder is called as the exercise that all in it answer: ``03``, ``Chapter 3``, ``第三章``."""
        label = unicodedata.normalize("NFKC", stem_of(folder)).casefold().strip()
        found = _CHAPTER.fullmatch(label)
        number = found[1].translate(_NUMERALS) if found else ""
        return all(
            bool(exercise)
            and (label == exercise or number.lstrip("0") == exercise.partition("-")[0].lstrip("0"))
            for exercise in {self.clues[place].exercise for place in places}
        )

    def _folder(
        self, folder: str, places: Sequence[int], depth: int, owners: list[Owner], alone: bool, chapter: bool
    ) -> None:
        label = stem_of(folder)
        spoken = {squash(text): text for place in places for _where, text in self.clues[place].said}
        wrong = [text for key, text in spoken.items() if not same_person(key, label)]
        several = chapter or (alone and self._several(places, depth))
        if (len(spoken) > 1 and len(wrong) == len(spoken)) or several:
            shown = "/".join(self.clues[places[0]].path.parts[: depth + 1])
            self.remarks.append(f"{shown} holds hand-ins of several people: what stands below it decides")
            self._split(places, depth + 1, owners)
            return
        if not spoken and (names := self._apart(places, depth, label)):
            for place in places:
                why = f"nothing in {folder!r} says whether that is a person: what lies in it bears several names"
                owners[place] = Owner(why=why, candidates=tuple(dict.fromkeys([folder, *names])))
            return
        for place in places:
            one = self.clues[place]
            strange = [text for _where, text in one.said if not same_person(squash(text), label)]
            if len(spoken) > 1 and strange:
                listed = ", ".join(f"{where} {text[:60]!r}" for where, text in one.said)
                why = f"{listed}, and others in its folder say otherwise"
                owners[place] = Owner(why=why, candidates=tuple(dict.fromkeys([folder, *strange])))
            else:
                owners[place] = self._called(label, one, label)

    def _several(self, places: Sequence[int], depth: int) -> bool:
        """Whether what lies in a folder is from several people: each of them has the same exercise in it."""
        return any(len(found) > 1 for found in self._names_below(places, depth).values())

    def _names_below(self, places: Sequence[int], depth: int) -> dict[str, set[str]]:
        """By exercise, what the folders below a folder and the files in it are called beside their exercise."""
        homes: dict[str, set[str]] = defaultdict(set)
        for place in places:
            one = self.clues[place]
            parts = one.path.parts
            below = parts[depth + 1] if len(parts) > depth + 2 else self._person_in(one)
            if below:
                homes[one.exercise].add(below)
        return homes

    def _apart(self, places: Sequence[int], depth: int, label: str) -> list[str]:
        """Names of people, as far as letters alone tell, whose same exercise lies in a folder that is called otherwise."""
        for found in self._names_below(places, depth).values():
            names = sorted(name for part in found if squash(name := bare_name(stem_of(part))).isalpha())
            if len({squash(name) for name in names}) > 1 and not any(
                same_person(squash(n), label) for n in names
            ):
                return names
        return []

    def _called(self, label: str, one: Clues, shown: str) -> Owner:
        strange = [(where, text) for where, text in one.said if not same_person(squash(text), label, shown)]
        notes = [
            f"{where} {text[:60]!r}, its place {shown[:60]!r}: its place decides" for where, text in strange
        ]
        return Owner(safe_name(label), tuple(notes))

    def _flat(self, one: Clues, depth: int) -> Owner:
        """A file that lies among other people's files: the notebook's word, then what its name says, then the typed name."""
        if normalise(one.handed):
            return self._handed(one)
        person = self._person_in(one)
        said = [text for text in (one.claimed, one.typed) if normalise(text)]
        if normalise(one.claimed):
            label = one.claimed
        elif person and not (said and holds_name(person, said[0]) and squash(person) != squash(said[0])):
            label = person
        elif said and (depth == 0 or person):
            label = said[0]
        else:
            found = tuple(said) or one.path.parts[depth - 1 : depth]
            why = "neither its path nor its name says whose it is" if depth else "nothing says whose it is"
            return Owner(why=why, candidates=found)
        strange = [text for text in said if not same_person(squash(text), label)]
        return Owner(
            safe_name(label),
            tuple(f"it names {text[:60]!r}, and is filed under {label[:60]!r}" for text in strange),
        )

    def _handed(self, one: Clues) -> Owner:
        """A notebook that came with a hand-in: its word decides, unless the notebook's own is another's."""
        strange = [(where, text) for where, text in one.said if not same_person(squash(text), one.handed)]
        if not strange:
            return Owner(safe_name(one.handed))
        listed = ", ".join(f"{where} {text[:60]!r}" for where, text in one.said)
        people = tuple(dict.fromkeys([one.handed, *(text for _where, text in strange)]))
        return Owner(why=f"what it says does not agree: {listed}", candidates=people)

    def _person_in(self, one: Clues) -> str:
        """What a file's name says beside its exercise; nothing where it says no more than that."""
        stem = without_code(stem_of(one.path.name))
        for known in self.exercises:
            if known in stem:
                before, _, after = stem.partition(known)
                return bare_name(before) or bare_name(after)
        number = one.exercise.partition("-")[0]
        if number.isdecimal():
            stem = re.sub(rf"[\W_]*第?\s*0*{int(number)}(?!\d).*$", "", stem)
        return bare_name(stem)


def _home(path: PurePosixPath) -> str:
    """The folder below the source that a file lies in; empty for one that lies in none."""
    return path.parts[0] if len(path.parts) > 1 else ""
