"""The customer system's accounts and the registry's rows side by side: by credit code, else by the firm's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from playbook.casemaking.importing.breaches import Breaches
from playbook.casemaking.importing.mapping import Mapped
from playbook.casemaking.importing.sources import ACCOUNTS, REGISTRY
from playbook.casemaking.importing.values import firm_key


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
    """Every account once, with its row of the registry where there is exactly one."""
    by_code, by_name = _registry(mapped)
    file = mapped.files[ACCOUNTS].name
    firms: list[Firm] = []
    seen: dict[str, int] = {}
    for place, told in cells_of(mapped, ACCOUNTS):
        key = told.get("id") or firm_key(told.get("name", ""))
        if not told.get("name"):
            breaches.add(
                file, "an account without a name", "Give it its name, or delete the row", f"row {place}"
            )
            continue
        if key in seen:
            breaches.add(
                file,
                "an account that stands there twice",
                "Keep one of the rows",
                f"row {place} and row {seen[key]}",
            )
            continue
        seen[key] = place
        found = by_code.get(told.get("credit_code", "").upper()) or by_name.get(firm_key(told["name"])) or []
        if len(found) > 1:
            breaches.add(
                mapped.files[REGISTRY].name,
                "a firm that stands there twice",
                "Keep the row that is meant",
                f"rows {found[0][0]} and {found[1][0]}",
            )
        at, registered = found[0] if found else (0, {})
        firms.append(Firm(place, told, registered, at))
    return firms


def _registry(mapped: Mapped) -> tuple[dict[str, list], dict[str, list]]:
    """The registry's rows by credit code, and by the name that was asked for and the one it found."""
    by_code: dict[str, list] = defaultdict(list)
    by_name: dict[str, list] = defaultdict(list)
    if REGISTRY not in mapped.files:
        return by_code, by_name
    for place, cells in cells_of(mapped, REGISTRY):
        row = (place, cells)
        if code := cells.get("credit_code", "").upper():
            by_code[code].append(row)
        for key in {firm_key(cells.get("name", "")), firm_key(cells.get("asked", ""))} - {""}:
            by_name[key].append(row)
    return by_code, by_name
