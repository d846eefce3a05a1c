"""Deals of a customer system as the opportunities of a case."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.cells import day_in, firm_key, full_key, limits_said, money_in
from playbook.casemaking.importing.joined import Firm, cells_of, note_shortened
from playbook.casemaking.importing.mapping import Mapped
from playbook.casemaking.importing.sources import DEALS
from playbook.cases.sheet import shortened

_MOST_REPS = 999
#: A table's identifiers have so many digits.
_MOST_DEALS = 99_999
#: No customer system is older, and a spreadsheet's empty day is one of 1899 or 1900.
_FIRST_DAY = date(1990, 1, 1)
#: Yuan a year; a deal of more is a slip.
_MOST_YUAN = 10_000_000_000


@dataclass
class ImportedDeals:
    """What became of a file of deals.

    Attributes:
        table: opportunities; None where there is no file, or no deal is of an account that is kept.
        reps: owner of deals → identifier in the case.
        notes: what was understood in a certain way, in sentences.
    """

    table: pd.DataFrame | None = None
    reps: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def import_deals(
    mapped: Mapped, numbered: Mapping[str, Firm], breaches: Breaches, left: Counter[str], lot: random.Random
) -> ImportedDeals:
    """Opportunities of the accounts that are kept.

    Args:
        numbered: identifier in the case → account.
        breaches: takes what is wrong; the table is of no use then.
        left: takes why deals were left out, and how many.
        lot: draws the order of owners, which tells nobody who is who.
    """
    done = ImportedDeals()
    if DEALS not in mapped.files:
        return done
    whose = _Whose(numbered)
    file, rows = mapped.files[DEALS].name, []
    seen: dict[str, int] = {}
    for place, told in cells_of(mapped, DEALS):
        own = told.get("id", "")
        if own and not shortened(own) and (before := seen.setdefault(own, place)) != place:
            breaches.add(
                file,
                "a deal that stands there twice",
                "Keep one of the rows",
                f"row {before} and row {place}",
            )
            continue
        if short := next((told[one] for one in ("id", "account") if shortened(told.get(one, ""))), ""):
            note_shortened(breaches, file, place, short)
            continue
        accounts = whose.accounts(told.get("account", ""))
        if len(accounts) != 1:
            left[
                "a deal of a name that two accounts have" if accounts else "a deal of no account that is kept"
            ] += 1
            continue
        read = _Deal(mapped, told, file, place, breaches)
        stage, created, closed = read.stage(), read.day("created"), read.day("closed")
        if stage is None or created is None:
            if created is None and not told.get("created"):
                read.say("a deal without the day of its opening", "Give the day, or delete the row")
            continue
        status = read.meaning("status") or (stage if stage in ("won", "lost") else "open")
        read.past("created", created)
        if status == "open":
            closed = None
        elif closed is None and not told.get("closed"):
            read.say("a deal that ended on no day", "Give the day of closing")
        elif closed and closed < created:
            read.say("a deal that closed before it was opened", "Put one of the days right")
        read.past("closed", closed)
        rows.append(
            {
                "account_id": accounts[0],
                "rep_id": told.get("rep") or None,
                "created": pd.Timestamp(created),
                "stage": "S5" if status == "won" else None if stage in ("won", "lost") else stage,
                "amount_cny": read.amount(),
                **{name: read.meaning(name) for name in ("grade", "channel", "competitor")},
                "status": status,
                "loss_reason": read.meaning("loss_reason") if status == "lost" else None,
                "closed": pd.Timestamp(closed) if closed else pd.NaT,
                "cycle_days": (closed - created).days if closed else None,
            }
        )
    owners = sorted({row["rep_id"] for row in rows} - {None})
    lot.shuffle(owners)
    done.reps = {owner: f"R{number:03d}" for number, owner in enumerate(owners, 1)}
    if len(owners) > _MOST_REPS:
        breaches.add(file, f"more than {_MOST_REPS} owners of deals", "Import fewer deals")
    if len(rows) > _MOST_DEALS:
        breaches.add(file, f"more than {_MOST_DEALS} deals", "Import fewer")
    if not rows:
        done.notes.append(
            "no deal is of an account that is kept: nothing is known of opportunities and customers"
        )
        return done
    done.notes.append("the day of closing of an open deal is a plan, and was left out")
    for row in rows:
        row["rep_id"] = done.reps.get(row["rep_id"])
    done.table = pd.DataFrame(rows).sort_values(["created", "account_id"], ignore_index=True)
    done.table.insert(0, "opportunity_id", [f"O{number:05d}" for number in range(1, len(rows) + 1)])
    return done


class _Whose:
    """Finds the account of a deal: by number, else by whole name, else by name without its legal form."""

    def __init__(self, numbered: Mapping[str, Firm]):
        self._ways: tuple[dict[str, list[str]], ...] = ({}, {}, {}, {})
        for number, firm in numbered.items():
            own, name = firm.told.get("id", ""), firm.told["name"]
            for way, key in zip(self._ways, (own, _bare(own), full_key(name), firm_key(name)), strict=True):
                if key:
                    way.setdefault(key, []).append(number)

    def accounts(self, text: str) -> list[str]:
        """Accounts that a text means: more than one where it does not say which."""
        keys = (text, _bare(text), full_key(text), firm_key(text))
        return next((way[key] for way, key in zip(self._ways, keys, strict=True) if text and key in way), [])


def _bare(number: str) -> str:
    """A number without the zeros before it, which spreadsheets drop; nothing for other text."""
    return number.lstrip("0") if number.isdecimal() else ""


@dataclass(frozen=True)
class _Deal:
    """Reads a deal's cells, and notes what can't be."""

    mapped: Mapped
    told: Mapping[str, str]
    file: str
    place: int
    breaches: Breaches

    def say(self, what: str, remedy: str, text: str = "") -> None:
        """Note what is wrong with the row."""
        shown = f" {text[:20]!r}" if text else ""
        self.breaches.add(self.file, what, remedy, f"row {self.place}{shown}")

    def meaning(self, name: str) -> str | None:
        """What a cell means in our words; None where nobody knows."""
        return self.mapped.meaning(DEALS, name, self.told.get(name, ""))

    def stage(self) -> str | None:
        """S1 to S4, won or lost."""
        found = self.meaning("stage")
        if found is None and not self.told.get("stage"):
            self.say("a deal without a stage", "Give it one, or delete the row")
        elif found is None:
            self.say(
                f"the stage {self.told.get('stage', '')!r} means nothing", "Say in the mapping what it is"
            )
        return found

    def day(self, column: str) -> Any:
        """A day, or None."""
        text = self.told.get(column, "")
        found = day_in(text, self.mapped.units.get("days") == "day first") if text else None
        if text and found is None:
            self.say(
                f"{column}: no day",
                "Write it as 2026-01-31; where numbers such as 45931 stand, give the column the form of a day in your "
                "spreadsheet",
                text,
            )
        elif found and found < _FIRST_DAY:
            self.say(f"{column}: a day before {_FIRST_DAY.year}", "Put the day right", text)
        return found

    def past(self, column: str, day: date | None) -> None:
        """Note a day of something that has happened, and is still to come."""
        if day and day > date.today():
            text = self.told.get(column, "")
            self.say(
                f"{column}: a day that is still to come",
                "Put the day right, or say in the mapping how days are written",
                text,
            )

    def amount(self) -> float | None:
        """Yuan a year."""
        text = self.told.get("amount", "")
        found = money_in(text, self.mapped.units.get("amount") == "10k") if text else None
        if text and found is None:
            self.say("amount: no number", "Write digits alone, or leave the cell empty", text)
        elif found is not None and (wrong := limits_said(found, 0, _MOST_YUAN)):
            self.say(f"amount, in yuan: {wrong}", "Put it right, or leave the cell empty", text)
        return found
