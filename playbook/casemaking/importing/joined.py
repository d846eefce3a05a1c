"""The customer system's accounts and the registry's rows side by side: by credit code, else by the firm's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.cells import firm_key, full_key
from playbook.casemaking.importing.mapping import Mapped
from playbook.casemaking.importing.sources import ACCOUNTS, REGISTRY
from playbook.cases.sheet import shortened

#: Firms of a side that a message shows.
_SHOWN = 3


@dataclass(frozen=True)
class Firm:
    """One account of the customer system, with what the registry says of it.

    Attributes:
        place: row of the export. told: what we look for → its cell. registered: the registry's cells; empty if it
            has no such firm. registered_place: row there.
    """

    place: int
    told: Mapping[str, str]
    registered: Mapping[str, str]
    registered_place: int = 0


def cells_of(mapped: Mapped, kind: str) -> list[tuple[int, dict[str, str]]]:
    """Rows of a file: number, and what we look for → its cell."""
    export, columns = mapped.files[kind], mapped.columns[kind]
    return [
        (number, {field: cells.get(column, "") for field, column in columns.items() if column})
        for number, cells in export.lines
    ]


def join_firms(mapped: Mapped, breaches: Breaches) -> list[Firm]:
    """Every account once, with its row of the registry where there is exactly one.

    Compared are credit codes, else whole names, else names without their legal form: where two firms differ in that
    alone, the whole name decides.
    """
    registry = _Registry(mapped)
    file = mapped.files[ACCOUNTS].name
    firms: list[Firm] = []
    seen: dict[str, int] = {}
    for place, told in cells_of(mapped, ACCOUNTS):
        key = told.get("id") or full_key(told.get("name", ""))
        if not told.get("name"):
            breaches.add(
                file, "an account without a name", "Give it its name, or delete the row", f"row {place}"
            )
            continue
        if shortened(told.get("id", "")):
            note_shortened(breaches, file, place, told["id"])
            continue
        if key in seen:
            breaches.add(
                file,
                "an account that stands there twice",
                "Keep one of the rows",
                f"row {seen[key]} and row {place}",
            )
            continue
        seen[key] = place
        found = _differing(registry.rows_of(told))
        if len(found) > 1:
            breaches.add(
                mapped.files[REGISTRY].name,
                "a firm that stands there twice",
                "Keep the row that is meant, or say in the mapping under firms by what name the registry has it",
                f"rows {found[0][0]} and {found[1][0]}",
            )
        at, registered = found[0] if found else (0, {})
        firms.append(Firm(place, told, registered, at))
    return firms


def note_shortened(breaches: Breaches, file: str, place: int, text: str) -> None:
    """Note a number of which a spreadsheet has left the beginning alone."""
    breaches.add(
        file,
        "a number that a spreadsheet has shortened",
        'Export the file again and give it as it is; or write "" for that column in the mapping, and firms are told '
        "apart by name",
        f"row {place} {text[:20]!r}",
    )


def _differing(rows: Sequence[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a registry that differ in more than the name asked for: one firm, asked for by two names, is one."""
    found = {tuple((k, v) for k, v in cells.items() if k != "asked"): (at, cells) for at, cells in rows[::-1]}
    return list(found.values())[::-1]


class _Registry:
    """The registry's rows by credit code, and by the name that was asked for and the one it found."""

    def __init__(self, mapped: Mapped):
        self._ways: tuple[dict[str, list], ...] = tuple(defaultdict(list) for _ in range(3))
        self._renamed = {full_key(ours): theirs for ours, theirs in mapped.firms.items()}
        for row in cells_of(mapped, REGISTRY) if REGISTRY in mapped.files else ():
            names = [row[1].get("name", ""), row[1].get("asked", "")]
            keys = (
                {row[1].get("credit_code", "").upper()},
                set(map(full_key, names)),
                set(map(firm_key, names)),
            )
            for way, found in zip(self._ways, keys, strict=True):
                for key in found - {""}:
                    way[key].append(row)

    def rows_of(self, told: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
        """Rows of one account, by the surest way that finds any."""
        name = self._renamed.get(full_key(told["name"]), told["name"])
        keys = (told.get("credit_code", "").upper(), full_key(name), firm_key(name))
        return next((way[key] for way, key in zip(self._ways, keys, strict=True) if key in way), [])


def side_by_side(mapped: Mapped, unknown: Sequence[Mapping[str, str]]) -> str:
    """Accounts that the registry's file does not have, and what it has instead: a few of both, as they were compared."""
    registered = [cells for _place, cells in cells_of(mapped, REGISTRY)]
    ours = [f"{one['name']!r} (compared as {firm_key(one['name'])!r})" for one in unknown[:_SHOWN]]
    theirs = [
        f"{one.get('name', '')!r} (as {firm_key(one.get('name', ''))!r})" for one in registered[:_SHOWN]
    ]
    by_code = bool(mapped.columns[ACCOUNTS].get("credit_code"))
    how = (
        "by credit code, then by name"
        if by_code
        else "by name alone, for no column of accounts holds credit codes"
    )
    return (
        f"{mapped.files[ACCOUNTS].name} has {', '.join(ours)}; "
        f"{mapped.files[REGISTRY].name} has {', '.join(theirs) or 'no row'}; they were compared {how}"
    )
