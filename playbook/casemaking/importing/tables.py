"""Tables of a case from a company's own exports. Nothing is filled in: what nobody knows stays an empty cell, and a
column of which nothing is known is absent."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from playbook.casemaking.importing.breaches import Breaches
from playbook.casemaking.importing.joined import Firm, cells_of, join_firms
from playbook.casemaking.importing.mapping import Mapped
from playbook.casemaking.importing.sources import ACCOUNTS, DEALS, REGISTRY
from playbook.casemaking.importing.values import city_key, day_in, firm_key, number_in
from playbook.cases import SCHEMA
from playbook.cases.case import Case

#: The last year in which a firm of a case is founded.
_LAST = int(next(c.high for c in SCHEMA["accounts"].columns if c.name == "founded"))
#: A table's identifiers have so many digits.
_MOST_ROWS, _MOST_REPS = 99_999, 999


@dataclass
class Imported:
    """Tables, who is who in them, and what was left out.

    Attributes:
        tables: name → frame, with the columns of which something is known.
        key: identifier in the case → identifier and name in the customer system.
        left: why rows were left out → how many.
        notes: what was understood in a certain way, in sentences.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    key: list[dict[str, str]] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def import_tables(mapped: Mapped, place: Case, breaches: Breaches, real_names: bool = False) -> Imported:
    """Accounts, and opportunities where there is a file of deals.

    Args:
        place: a case of the same city, for its districts, sections and divisions.
        breaches: takes what is wrong; the tables are of no use then.
        real_names: keep firms' names; without it they and all identifiers are pseudonyms.
    """
    done = Imported()
    firms = _of_the_city(mapped, place, join_firms(mapped, breaches), done)
    random.SystemRandom().shuffle(firms)  # no order tells who is who
    if len(firms) > _MOST_ROWS:
        breaches.add(mapped.files[ACCOUNTS].name, f"more than {_MOST_ROWS} accounts", "Import fewer")
        return done
    numbered = {f"A{number:05d}": firm for number, firm in enumerate(firms, 1)}
    deals = _deals(mapped, numbered, breaches, done)
    done.tables["accounts"] = _accounts(mapped, place, numbered, deals, breaches, real_names)
    if deals is not None:
        done.tables["opportunities"] = deals
    done.key += [
        {"case": number, "system": firm.told.get("id", ""), "name": firm.told["name"]}
        for number, firm in numbered.items()
    ]
    return done


def _of_the_city(mapped: Mapped, place: Case, firms: list[Firm], done: Imported) -> list[Firm]:
    """Firms of the case's city that the registry knows: a firm of no section and district is in no question."""
    kept = []
    names = {city_key(place.city), city_key(place.city_zh)}
    for firm in firms:
        cities = {
            city_key(text) for text in (firm.registered.get("city", ""), firm.told.get("city", "")) if text
        }
        if REGISTRY in mapped.files and not firm.registered:
            done.left["the registry's file has no such firm"] += 1
        elif cities and not cities & names:
            done.left[f"not in {place.city}"] += 1
        else:
            kept.append(firm)
    return kept


def _accounts(
    mapped: Mapped,
    place: Case,
    numbered: Mapping[str, Firm],
    deals: pd.DataFrame | None,
    breaches: Breaches,
    real_names: bool,
) -> pd.DataFrame:
    districts = place.city_districts.set_index("district_zh")
    sections = place.sections.set_index("name_zh")["section"]
    divisions = place.table("divisions").set_index("name_zh")["division"]
    meant = {kind: mapped.values.get(kind, {}) for kind in (ACCOUNTS, REGISTRY)}
    per_10k = 1.0 if mapped.units.get("revenue") == "10k" else 10_000.0
    won = set(deals.loc[deals["status"] == "won", "account_id"]) if deals is not None else set()
    rows = []
    for number, firm in numbered.items():
        read = _Reader(mapped, firm, breaches)
        district = read.registered("district", lambda text: _district(text, districts, meant[REGISTRY]))
        section = read.registered("section", lambda text: sections.get(text))
        division = divisions.get(firm.registered.get("division", ""))
        row: dict[str, Any] = {
            "account_id": number,
            "name": firm.told["name"] if real_names else f"Firm {number[1:]}",
            "name_zh": (firm.registered.get("name") or firm.told["name"])
            if real_names
            else f"企业{number[1:]}",
            "district_adcode": districts["district_adcode"].get(district),
            "district": districts["district"].get(district),
            "section": section,
            "division": division if division and section and division[0] == section else None,
            "employees": read.number("employees"),
            "founded": read.year(),
            "owner_type": _meant(meant[REGISTRY], "owner_type", firm.registered.get("owner_type", "")),
            "source": _meant(meant[ACCOUNTS], "source", firm.told.get("source", "")),
        }
        revenue = read.number("revenue")
        row["revenue_10k"] = None if revenue is None else round(revenue / per_10k, 1)
        if deals is not None:
            row["customer"] = number in won
        rows.append(row)
    return _known(pd.DataFrame(rows), "accounts")


def _district(text: str, districts: pd.DataFrame, meant: Mapping[str, Mapping[str, str]]) -> str | None:
    told = meant.get("district", {}).get(text, text)
    if told in districts.index:
        return told
    by_pinyin = dict(zip(districts["district"], districts.index, strict=True))
    return by_pinyin.get(told)


def _meant(values: Mapping[str, Mapping[str, str]], column: str, text: str) -> str | None:
    return values.get(column, {}).get(text) if text else None


@dataclass(frozen=True)
class _Reader:
    """Reads a firm's cells, and notes what can't be."""

    mapped: Mapped
    firm: Firm
    breaches: Breaches

    def registered(self, column: str, find: Callable[[str], Any]) -> Any:
        """What a registry's cell means; a text that means nothing is a breach."""
        text = self.firm.registered.get(column, "")
        found = find(text) if text else None
        if text and found is None:
            file = self.mapped.files[REGISTRY].name
            remedy = (
                "Say in the mapping which district it is, under values, district"
                if column == "district"
                else ("Put the cell right")
            )
            self.breaches.add(
                file,
                f"{text!r} is no {column} of this city"
                if column == "district"
                else (f"{text!r} is no {column} of GB/T 4754"),
                remedy,
                f"row {self.firm.registered_place}",
            )
        return found

    def number(self, column: str) -> float | None:
        """A number of the customer system, else of the registry; nobody has 0 employees."""
        for told, place, kind in (
            (self.firm.told, self.firm.place, ACCOUNTS),
            (self.firm.registered, self.firm.registered_place, REGISTRY),
        ):
            text = told.get(column, "")
            if not text or text == "-":
                continue
            found = number_in(text)
            if found is None or found < 0:
                self.breaches.add(
                    self.mapped.files[kind].name,
                    f"{column}: no number",
                    "Write digits alone, or leave the cell empty",
                    f"row {place} {text[:20]!r}",
                )
            elif found > 0 or column != "employees":
                return round(found) if column == "employees" else found
        return None

    def year(self) -> int | None:
        """The year of registration; one that a case cannot hold stays unknown."""
        text = self.firm.registered.get("founded", "")
        if not text or text == "-":
            return None
        day = day_in(text)
        if day is None:
            self.breaches.add(
                self.mapped.files[REGISTRY].name,
                "founded: no day",
                "Write it as 2020-01-02, or leave the cell empty",
                f"row {self.firm.registered_place} {text[:20]!r}",
            )
        return day.year if day and 1949 <= day.year <= _LAST else None


def _deals(
    mapped: Mapped, numbered: Mapping[str, Firm], breaches: Breaches, done: Imported
) -> pd.DataFrame | None:
    if DEALS not in mapped.files:
        return None
    by_name = {firm_key(firm.told["name"]): number for number, firm in numbered.items()}
    by_id = {firm.told["id"]: number for number, firm in numbered.items() if firm.told.get("id")}
    meant = mapped.values.get(DEALS, {})
    file, reps, rows = mapped.files[DEALS].name, {}, []
    per_yuan = 10_000.0 if mapped.units.get("amount") == "10k" else 1.0
    for place, told in cells_of(mapped, DEALS):
        account = by_id.get(told.get("account", "")) or by_name.get(firm_key(told.get("account", "")))
        if account is None:
            done.left["a deal of no account that is kept"] += 1
            continue
        stage = _meant(meant, "stage", told.get("stage", ""))
        if stage is None:
            breaches.add(
                file,
                f"the stage {told.get('stage', '')!r} means nothing",
                "Say in the mapping what it is",
                f"row {place}",
            )
            continue
        created, closed = (
            _day(told.get(name, ""), name, file, place, breaches) for name in ("created", "closed")
        )
        if created is None:
            breaches.add(
                file,
                "a deal without the day of its opening",
                "Give the day, or delete the row",
                f"row {place}",
            )
            continue
        status = stage if stage in ("won", "lost") else "open"
        if status == "open":
            closed = None
        if status != "open" and closed is None:
            breaches.add(file, "a deal that ended on no day", "Give the day of closing", f"row {place}")
        if closed and closed < created:
            breaches.add(
                file, "a deal that closed before it was opened", "Put one of the days right", f"row {place}"
            )
        amount = number_in(told.get("amount", "")) if told.get("amount") else None
        if told.get("amount") and amount is None:
            breaches.add(
                file, "amount: no number", "Write digits alone", f"row {place} {told['amount'][:20]!r}"
            )
        rep = reps.setdefault(told.get("rep", ""), f"R{len(reps) + 1:03d}") if told.get("rep") else None
        rows.append(
            {
                "account_id": account,
                "rep_id": rep,
                "created": pd.Timestamp(created),
                "stage": {"won": "S5", "lost": None}.get(stage, stage),
                "amount_cny": None if amount is None else amount * per_yuan,
                "competitor": _meant(meant, "competitor", told.get("competitor", "")),
                "status": status,
                "closed": pd.Timestamp(closed) if closed else pd.NaT,
                "cycle_days": (closed - created).days if closed else None,
            }
        )
    if len(reps) > _MOST_REPS:
        breaches.add(file, f"more than {_MOST_REPS} owners of deals", "Import fewer deals")
    if not rows:
        done.notes.append(
            "no deal is of an account that is kept: nothing is known of opportunities and customers"
        )
        return None
    done.key += [{"case": number, "system": "", "name": name} for name, number in reps.items()]
    done.notes.append("the day of closing of an open deal is a plan, and was left out")
    frame = pd.DataFrame(rows).sort_values(["created", "account_id"], ignore_index=True)
    frame.insert(0, "opportunity_id", [f"O{number:05d}" for number in range(1, len(frame) + 1)])
    return _known(frame, "opportunities", keep=("closed", "cycle_days"))


def _day(text: str, column: str, file: str, place: int, breaches: Breaches) -> Any:
    found = day_in(text) if text else None
    if text and found is None:
        breaches.add(file, f"{column}: no day", "Write it as 2026-01-31", f"row {place} {text[:20]!r}")
    return found


def _known(frame: pd.DataFrame, table: str, keep: tuple[str, ...] = ()) -> pd.DataFrame:
    """The columns of the schema of which something is known, in its order."""
    names = [one for one in SCHEMA[table].names if one in frame and (one in keep or frame[one].notna().any())]
    return frame[names]
