"""Who is in a cohort, and whom an id or a name means; whose city is which, and what is due when."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from playbook.names import normalise, safe_name, squash

#: Names of more words are compared as they stand.
_MOST_WORDS = 4


@dataclass(frozen=True)
class Enrolled:
    """One trainee on the roster.

    Attributes:
        id: what their hand-ins are filed under.
        name: may be empty.
        city: name of a case that ships, or the folder of another; may be empty.
        due: exercise (or the beginning of its id; "" for all) → the last moment, extension included, in
            seconds since 1970 (UTC).
        team, region: where they belong; may be empty.
    """

    id: str
    name: str = ""
    city: str = ""
    due: Mapping[str, float] = field(default_factory=dict)
    team: str = ""
    region: str = ""

    def due_for(self, exercise: str) -> float | None:
        """When an exercise is due for this trainee, or None; the longest beginning of its id decides."""
        fitting = [start for start in self.due if exercise.startswith(start)]
        return self.due[max(fitting, key=len)] if fitting else None

    def extended(self, until: Mapping[str, float]) -> Enrolled:
        """The same with later last moments by exercise; an earlier one changes nothing."""
        if not until:
            return self
        later = {name: max(end, self.due_for(name) or end) for name, end in until.items()}
        return replace(self, due={**self.due, **later})

    @property
    def filed(self) -> str:
        """The id as it is filed: safe as a file's name."""
        return safe_name(self.id)

    def __str__(self) -> str:
        return f"{self.id} ({self.name})" if self.name and self.name != self.id else self.id


def name_forms(name: str) -> set[str]:
    """A name's letters alone, with its words in any order: platforms put either first.

    What stands in brackets behind a name is no part of it, and may be: ``李伟（销售一部）`` is found as 李伟 too.
    """
    bare = without_brackets(name)
    if bare and bare != name:
        return _forms(bare) | _forms(name)
    return _forms(name)


def without_brackets(name: str) -> str:
    """A name without what stands in brackets beside it."""
    return " ".join(re.sub(r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]|【[^【】]*】", " ", name).split())


def _forms(name: str) -> set[str]:
    words = [squash(word) for word in re.split(r"[\W_]+", name) if squash(word)]
    if not 1 < len(words) <= _MOST_WORDS:
        return {squash(name)} - {""}
    return {"".join(some) for some in itertools.permutations(words)} | {squash(name)}


def without_zeros(text: object) -> str:
    """A number without the zeros before it, which spreadsheets drop; nothing for other text."""
    key = normalise(bare_id(text))
    return key.lstrip("0") or "0" if key.isdecimal() else ""


def bare_id(text: object) -> object:
    """An id without what programs write around or behind one to keep it text, or a number: ``="0071"``, ``'0071``, ``1001.0``."""
    if not isinstance(text, str):
        return text
    text = re.sub(r'^="?(.*?)"?$', r"\1", text.strip()).removeprefix("'").strip()
    return re.sub(r"^(\d+)\.0$", r"\1", text)


#: Ways to look somebody up, the surest first: of the text that is looked for, and of a person.
_WAYS: tuple[tuple[Callable[[object], str], Callable[[Enrolled], set[str]]], ...] = (
    (normalise, lambda one: {normalise(one.id), normalise(one.filed)}),
    (normalise, lambda one: {normalise(one.name)}),
    (lambda text: squash(normalise(text)), lambda one: {squash(one.id)}),
    (lambda text: squash(normalise(text)), lambda one: name_forms(one.name)),
)
#: For each way, the places of those whom a key means.
Ways = Sequence[Mapping[str, Sequence[int]]]


def ways_to(people: Sequence[Enrolled]) -> list[dict[str, list[int]]]:
    """The keys that people are found by, a table for each way, the surest first."""
    ways: list[dict[str, list[int]]] = []
    for _key, keys in _WAYS:
        way: dict[str, list[int]] = {}
        for place, one in enumerate(people):
            for key in keys(one) - {""}:
                way.setdefault(key, []).append(place)
        ways.append(way)
    return ways


def look_up(ways: Ways, text: object, key_as: Callable[[str], str] = lambda key: key) -> Sequence[int]:
    """Places of those that a text means, by the surest way that finds anybody.

    Args:
        ways: what :func:`ways_to` gave, as it was or with other keys.
        key_as: what a key is called in them.
    """
    text = bare_id(text)
    for (key_of, _keys), way in zip(_WAYS, ways, strict=True):
        key = key_of(text)
        found = way.get(key_as(key)) if key else None
        if found:
            return found
    return ()


@dataclass(frozen=True)
class Roster:
    """The cohort, by id and by name; empty means that everyone who hands in is in it."""

    trainees: tuple[Enrolled, ...] = ()
    _ways: Ways = field(init=False, compare=False, repr=False, default=())

    def __post_init__(self):
        object.__setattr__(self, "_ways", ways_to(self.trainees))

    def named(self, text: object) -> tuple[Enrolled, ...]:
        """Everybody that a text means, as id or name: more than one where a name is not enough."""
        return tuple(self.trainees[place] for place in look_up(self._ways, text))

    def nearly(self, text: object) -> tuple[Enrolled, ...]:
        """Whose id is this number but for zeros before it."""
        number = without_zeros(text)
        return tuple(one for one in self.trainees if number and without_zeros(one.id) == number)

    def find(self, trainee: object) -> Enrolled | None:
        """The one trainee that a text means, or None."""
        found = self.named(trainee)
        return found[0] if len(found) == 1 else None

    def city_of(self, trainee: str) -> str:
        """The city the roster gives a trainee, or nothing."""
        one = self.find(trainee)
        return one.city if one else ""

    def id_of(self, trainee: str) -> str:
        """What a trainee's results are filed under."""
        one = self.find(trainee)
        return one.filed if one else trainee
