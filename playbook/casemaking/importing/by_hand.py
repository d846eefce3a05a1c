"""Tables that a person fills in by hand, for what no export holds: their forms, and whom they must not name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.cells import firm_key
from playbook.cases import SCHEMA
from playbook.cases.sheet import read_sheet
from playbook.errors import PlaybookError

#: What an import makes of the exports.
_IMPORTED = ("accounts", "opportunities")
#: What the row of explanations says of itself.
_EXPLAINS = "DELETE THIS ROW"
#: A number at which somebody can be called in China: a mobile one, or one with its area's code.
_PHONE = re.compile(r"(?<!\d)(?:(?:(?:\+|00)?86)?1[3-9]\d{9}|0[1-9]\d{1,2}\d{7,8})(?!\d)")
#: What people write between the digits of one.
_BETWEEN = re.compile(r"[\s()（）.-]+")
#: Files that systems leave in folders.
_LEFT_BEHIND = (".ini", ".db")


def write_form(table: str, path: Path) -> None:
    """An empty table to be filled in by hand: its headings, and below them a line that says what each column takes.

    Raises:
        PlaybookError: no case has such a table.
    """
    if table not in SCHEMA or SCHEMA[table].home != "case":
        known = ", ".join(one.name for one in SCHEMA.values() if one.home == "case")
        raise PlaybookError(f"no case has a table {table!r}", remedy=f"use one of {known}")
    own = SCHEMA[table]
    help_row = [
        " ".join(
            filter(
                None,
                (one.meaning, f"({one.unit})" if one.unit else "", _EXPLAINS if place == 0 else ""),
            )
        )
        for place, one in enumerate(own.columns)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame([help_row], columns=list(own.names)).to_csv(path, index=False, encoding="utf-8-sig")


def further_tables(folder: Path) -> list[Path]:
    """The files of a folder with tables filled in by hand, each named after a table of a case.

    Raises:
        PlaybookError: there is no such folder, or it holds something else.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise PlaybookError(
            "there is no such folder of tables", where=str(folder), remedy="check the path in --tables"
        )
    found = sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith((".", "~")) and path.suffix.casefold() not in _LEFT_BEHIND
    )
    for path in found:
        if path.stem not in SCHEMA or SCHEMA[path.stem].home != "case" or path.stem in _IMPORTED:
            raise PlaybookError(
                f"{path.stem!r} is no further table of a case",
                where=str(path),
                remedy="name the file after a table of the data dictionary, such as densities.csv",
            )
        if path.suffix != ".csv":
            raise PlaybookError(
                "a table filled in by hand must be a CSV file",
                where=str(path),
                remedy=f"save it as CSV UTF-8 in your spreadsheet, as {path.stem}.csv",
            )
    return found


def check_names(paths: Sequence[Path], names: Iterable[str], breaches: Breaches) -> None:
    """Note where a table that goes into a case names a firm or seller of the exports, holds a real phone number, or
    still has the row that explains its columns.

    Args:
        names: of firms and sellers that have pseudonyms; none where real names are kept.
    """
    real = {key for name in names if not (key := firm_key(name)).isdecimal()}  # a number is no name
    for path in paths:
        columns = SCHEMA[path.stem].names
        sheet = read_sheet(path, lambda text: text, (columns[0].replace("_", " "),), what=path.name, ask="")
        for row, cells in sheet.lines:
            if any(_EXPLAINS in text for text in cells.values()):
                breaches.add(path.name, "the row of explanations is still there", "Delete it", f"row {row}")
                continue
            for column, text in cells.items():
                place = f"row {row} column {column.replace(' ', '_')}"
                if text and firm_key(text) in real:
                    remedy = "Write the pseudonym that the key gives, for trainees get this table"
                    breaches.add(path.name, "names of your firms or sellers", remedy, place)
                elif "phone" in column and _PHONE.search(
                    _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
                ):
                    remedy = "Write invented ones, such as 10000000001, alike where the real ones are alike"
                    breaches.add(path.name, "phone numbers at which somebody answers", remedy, place)
