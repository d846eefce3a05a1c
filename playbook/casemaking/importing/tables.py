"""Tables of a case from a company's own exports. Nothing is filled in: what nobody knows stays an empty cell, and a
column of which nothing is known is absent."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from math import inf
from typing import Any

import pandas as pd

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.cells import city_key, day_in, full_key, limits_said, money_in, number_in
from playbook.casemaking.importing.deals import import_deals
from playbook.casemaking.importing.joined import Firm, join_firms
from playbook.casemaking.importing.mapping import FLAGS, Mapped
from playbook.casemaking.importing.sources import ACCOUNTS, REGISTRY
from playbook.cases import SCHEMA
from playbook.cases.case import Case

#: The last year in which a firm of a case is founded.
_LAST = int(next(c.high for c in SCHEMA["accounts"].columns if c.name == "founded"))
#: Limits of the columns of accounts; beyond those of the first two no firm is.
_LIMITS = {
    **{
        one.name: (-inf if one.low is None else one.low, inf if one.high is None else one.high)
        for one in SCHEMA["accounts"].columns
    },
    "employees": (0, 5_000_000),
    "revenue": (0, 10_000_000_000_000),
}
#: A table's identifiers have so many digits.
_MOST_ROWS = 99_999
#: Why an account is left out that the registry does not know.
NOT_REGISTERED = "the registry's file has no such firm"


@dataclass
class Imported:
    """Tables, who is who in them, and what was left out.

    Attributes:
        tables: name → frame, with the columns of which something is known.
        key: identifier in the case → identifier and name in the customer system.
        left: why rows were left out → how many.
        unknown: accounts that the registry's file does not have, or all of them without one.
        notes: what was understood in a certain way, in sentences.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    key: list[dict[str, str]] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    unknown: list[Mapping[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def import_tables(mapped: Mapped, place: Case, breaches: Breaches, real_names: bool = False) -> Imported:
    """Accounts, and opportunities where there is a file of deals.

    Args:
        place: a case of the same city, for its districts, sections and divisions.
        breaches: takes what is wrong; the tables are of no use then.
        real_names: keep firms' names; without it they and all identifiers are pseudonyms.
    """
    done = Imported()
    all_firms = join_firms(mapped, breaches)
    called = {full_key(firm.told["name"]) for firm in all_firms}
    done.notes += [
        f"the mapping has {ours!r} under firms, and no account is called so"
        for ours in mapped.firms
        if full_key(ours) not in called
    ]
    firms = _of_the_city(mapped, place, all_firms, done)
    lot = random.Random(_content(mapped))
    lot.shuffle(firms)  # no order tells who is who
    if len(firms) > _MOST_ROWS:
        breaches.add(mapped.files[ACCOUNTS].name, f"more than {_MOST_ROWS} accounts", "Import fewer")
        return done
    numbered = {f"A{number:05d}": firm for number, firm in enumerate(firms, 1)}
    found = import_deals(mapped, numbered, breaches, done.left, lot)
    done.notes += found.notes
    deals = (
        None if found.table is None else known(found.table, "opportunities", keep=("closed", "cycle_days"))
    )
    done.tables["accounts"] = _accounts(mapped, place, numbered, deals, breaches, real_names)
    if deals is not None:
        done.tables["opportunities"] = deals
    done.key += [
        {"case": number, "system": firm.told.get("id", ""), "name": firm.told["name"]}
        for number, firm in numbered.items()
    ]
    done.key += [{"case": number, "system": "", "name": name} for name, number in found.reps.items()]
    if "comp_installed" in done.tables["accounts"]:
        done.notes.append("an empty cell of comp_installed says that no competitor's product is in use")
    return done


def _content(mapped: Mapped) -> bytes:
    """What all files say, shortened: the same files give the same pseudonyms, and only who has them all can tell any."""
    digest = sha256()
    for kind in sorted(mapped.files):
        export = mapped.files[kind]
        for cells in (export.headings, *(cells.values() for _number, cells in export.lines)):
            digest.update("\x1f".join((kind, *cells, "\n")).encode("utf-8", "surrogatepass"))
    return digest.digest()


def _of_the_city(mapped: Mapped, place: Case, firms: list[Firm], done: Imported) -> list[Firm]:
    """Firms of the case's city that the registry knows: a firm of no section and district is in no question."""
    kept = []
    names = {city_key(place.city), city_key(place.city_zh)}
    for firm in firms:
        cities = {
            city_key(text) for text in (firm.registered.get("city", ""), firm.told.get("city", "")) if text
        }
        if not firm.registered:
            done.unknown.append(firm.told)
        if REGISTRY in mapped.files and not firm.registered:
            done.left[NOT_REGISTERED] += 1
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
    meant = mapped.values.get(REGISTRY, {})
    won = set(deals.loc[deals["status"] == "won", "account_id"]) if deals is not None else set()
    rows = []
    for number, firm in numbered.items():
        read = _Reader(mapped, firm, breaches)
        district = read.registered("district", lambda text: _district(text, districts, meant))
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
            "employees": read.employees(),
            "founded": read.year(),
            "owner_type": mapped.meaning(REGISTRY, "owner_type", firm.registered.get("owner_type", "")),
            "source": mapped.meaning(ACCOUNTS, "source", firm.told.get("source", "")),
            **{name: read.flag(name) for name in FLAGS},
            **{name: read.own_number(name) for name in ("it_maturity", "visits_12m", "contacts")},
            **{name: read.own_number(name, whole=False) for name in ("lat", "lon")},
        }
        rival = mapped.meaning(ACCOUNTS, "comp_installed", firm.told.get("comp_installed", ""))
        row["comp_installed"] = None if rival == "none" else rival
        revenue = read.revenue()
        row["revenue_10k"] = None if revenue is None else round(revenue / 10_000, 1)
        if deals is not None:
            row["customer"] = number in won
        rows.append(row)
    asked = ("comp_installed",) if mapped.columns[ACCOUNTS].get("comp_installed") else ()
    return known(pd.DataFrame(rows), "accounts", keep=asked)


def _district(text: str, districts: pd.DataFrame, meant: Mapping[str, Mapping[str, str]]) -> str | None:
    told = meant.get("district", {}).get(text, text)
    if told in districts.index:
        return told
    by_pinyin = dict(zip(districts["district"], districts.index, strict=True))
    return by_pinyin.get(told)


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
            text = self.mapped.values.get(REGISTRY, {}).get(column, {}).get(text, text)
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

    def employees(self) -> int | None:
        """How many the customer system says, else the registry; nobody has 0."""
        for told, place, kind in (
            (self.firm.told, self.firm.place, ACCOUNTS),
            (self.firm.registered, self.firm.registered_place, REGISTRY),
        ):
            text = told.get("employees", "")
            found = number_in(text) if text else None
            if text:
                self._check("employees", found, True, text, (kind, place))
            if found:
                return round(found)
        return None

    def flag(self, column: str) -> bool | None:
        """Yes or no, in the words that the mapping gives."""
        meant = self.mapped.meaning(ACCOUNTS, column, self.firm.told.get(column, ""))
        return None if meant is None else meant == "yes"

    def own_number(self, column: str, whole: bool = True) -> float | None:
        """A number that only the company itself knows."""
        text = self.firm.told.get(column, "")
        found = number_in(text) if text else None
        return found if text and self._check(column, found, whole, text) else None

    def revenue(self) -> float | None:
        """Revenue in yuan."""
        text = self.firm.told.get("revenue", "")
        found = money_in(text, self.mapped.units.get("revenue") == "10k") if text else None
        return found if text and self._check("revenue", found, False, text) else None

    def _check(
        self,
        column: str,
        found: float | None,
        whole: bool,
        text: str,
        at: tuple[str, int] = (ACCOUNTS, 0),
    ) -> bool:
        """Whether a cell holds a number that can be right; notes what is wrong.

        Args:
            at: kind of file, and row in it; 0 for the account's own.
        """
        what, remedy = "", "Put it right, or leave the cell empty"
        if found is None or (whole and found % 1):
            what, remedy = (
                "no whole number" if whole else "no number",
                "Write digits alone, or leave the cell empty",
            )
        else:
            what = limits_said(found, *_LIMITS[column])
        if what:
            column = "revenue, in yuan" if column == "revenue" and found is not None else column
            place = f"row {at[1] or self.firm.place} {text[:20]!r}"
            self.breaches.add(self.mapped.files[at[0]].name, f"{column}: {what}", remedy, place)
        return not what

    def year(self) -> int | None:
        """The year of registration; one that a case cannot hold stays unknown."""
        text = self.firm.registered.get("founded", "")
        if not text:
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


def known(frame: pd.DataFrame, table: str, keep: tuple[str, ...] = ()) -> pd.DataFrame:
    """The columns of the schema of which something is known, in its order."""
    names = [one for one in SCHEMA[table].names if one in frame and (one in keep or frame[one].notna().any())]
    return frame[names]
