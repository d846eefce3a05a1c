"""Whose city is which, for notebooks: from the roster itself, or from what a release carries of it.

What a release carries names nobody: digests of names, and the city that belongs to them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from playbook.cases.case import Case, find_case
from playbook.cases.roster import Enrolled, Roster, look_up, ways_to, without_zeros
from playbook.cases.roster_file import read_rows
from playbook.errors import PlaybookError
from playbook.words import _

#: Where a release keeps what it carries of the roster, among the data.
CARRIED = "roster.json"
#: Rounds of a digest that is published: a guess costs as many.
_ROUNDS = 2_000


def rostered_case(trainee: object, path: Path) -> Case | None:
    """The case of the city that a roster gives one trainee; other rows' cities and dates are not looked at.

    Args:
        path: a roster, or what a release carries of one.

    Raises:
        PlaybookError: the roster can't be read, there is no such city, or it is not clear who is meant.
    """
    if path.name == CARRIED:
        return _carried_case(trainee, path)
    rows = read_rows(path, needed=("city",))
    roster = Roster(tuple(Enrolled(row.id, row.name) for row in rows))
    found, near = roster.named(trainee), roster.nearly(trainee)
    _ask(trainee, len(found), [one.id for one in near])
    return next((row.case() for row in rows if found and row.id == found[0].id), None)


def _ask(trainee: object, found: int, near: Sequence[str]) -> None:
    """Stop where a text does not say who is meant."""
    if found > 1:
        raise PlaybookError(
            _("the roster has {count} people called {name}").format(count=found, name=repr(str(trainee))),
            remedy=_("type your staff number instead of your name"),
        )
    if not found and near:
        raise PlaybookError(
            _("the roster has no number {typed}, but {near}").format(typed=trainee, near=", ".join(near)),
            remedy=_("type your staff number as the roster has it"),
        )


def roster_digest(roster: Roster) -> str:
    """Changes whenever what a release carries of a roster does."""
    people = sorted((one.id, one.name, one.city) for one in roster.trainees)
    return blake2b(repr(people).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def carried(roster: Roster, names: Mapping[str, str] | None = None) -> str:
    """What a release carries of a roster: who knows a name or number finds its city; nobody reads a name in it.

    Somebody who guesses a name can try it, as on the page where trainees type theirs.

    Args:
        names: what the release calls the cases that do not ship, by their folders.
    """
    salt = roster_digest(roster)
    ways = [{_digest(salt, key): places for key, places in way.items()} for way in ways_to(roster.trainees)]
    numbers = [without_zeros(one.id) for one in roster.trainees]
    near = {_digest(salt, number): number for number in numbers if number}
    cities = [(names or {}).get(one.city, one.city) for one in roster.trainees]
    data = {"salt": salt, "ways": ways, "near": sorted(near), "cities": cities}
    return json.dumps(data, separators=(",", ":"))


def _digest(salt: str, key: str) -> str:
    found = key.encode("utf-8", "surrogatepass")
    for _round in range(_ROUNDS):
        found = blake2b(found, digest_size=16, key=salt.encode()).digest()
    return found.hex()


def _carried_case(trainee: object, path: Path) -> Case | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        salt, cities = data["salt"], data["cities"]
        found = look_up(data["ways"], trainee, lambda key: _digest(salt, key))
        number = without_zeros(trainee)
        near = not found and number and _digest(salt, number) in data["near"]
        city = cities[found[0]] if found else ""
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise PlaybookError(
            _("the roster that came with the exercises can't be read"),
            where=str(path),
            remedy=_("download the exercises again"),
        ) from None
    _ask(trainee, len(found), [_("one with other zeros before it")] if near else [])
    return find_case(city) if city else None
