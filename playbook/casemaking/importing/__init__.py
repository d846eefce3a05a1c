"""A company's own records as a case: exports in, a mapping that a person confirms, a case that is whole or none."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.importing.by_hand import check_names, further_tables, write_form
from playbook.casemaking.importing.coverage import Covered, coverage, middle_sums, should_be_known
from playbook.casemaking.importing.files import form_of, read_export
from playbook.casemaking.importing.joined import side_by_side
from playbook.casemaking.importing.mapping import Mapped, check_same, propose, read_mapping
from playbook.casemaking.importing.sources import ACCOUNTS, columns_of
from playbook.casemaking.importing.tables import NOT_REGISTERED, Imported, import_tables
from playbook.casemaking.public import TABLES
from playbook.casemaking.regions import is_region, read_region
from playbook.casemaking.verify import verify_case
from playbook.casemaking.write import write_record, write_table
from playbook.cases import SCHEMA, Case, list_cases, read_case
from playbook.cases.case import find_case
from playbook.cases.imported import IMPORT
from playbook.cases.sheet import heading
from playbook.errors import PlaybookError
from playbook.progress import Progress, no_progress

__all__ = [
    "ImportedCase",
    "check_name",
    "check_same",
    "import_case",
    "list_firms",
    "place_of",
    "propose",
    "read_mapping",
    "write_form",
]


#: How a spreadsheet knows a file as UTF-8.
_MARK = b"\xef\xbb\xbf"
#: What is told while a case is made: its tables, their files, a look at each cell of them.
_STEPS = "Making the case"


@dataclass(frozen=True)
class ImportedCase:
    """A case that was written.

    Attributes:
        covered: what is known, by column. imported: what was left out and how things were understood.
        key: the file that says who is who; it stands outside the case.
        sums: the middle deal and the middle revenue, in words.
    """

    case: Case
    covered: list[Covered]
    imported: Imported
    key: Path
    sums: str


def import_case(
    mapped: Mapped,
    out: Path,
    key: Path,
    tables: Path | None = None,
    real_names: bool = False,
    look_up: Path | None = None,
    report: Progress = no_progress,
) -> ImportedCase:
    """Write a case from mapped exports.

    Args:
        out: the case's folder; must be empty or missing.
        key: file that says who is who; outside the case.
        tables: folder with further tables, in the form of the data dictionary, taken as they are.
        real_names: keep firms' names.
        look_up: file that takes the names of firms that the registry's file does not have.
        report: is told of each step; 50,000 firms take half a minute.

    Raises:
        PlaybookError: names everything that is wrong, once each; nothing is written then.
    """
    out, key = Path(out).expanduser().resolve(), Path(key).expanduser().resolve()
    if out.is_dir() and any(out.iterdir()):
        raise PlaybookError("the folder is not empty", where=str(out), remedy="name another with --out")
    if key.is_relative_to(out):
        raise PlaybookError(
            "the key would stand in the case, which trainees get",
            where=str(key),
            remedy="name a file elsewhere",
        )
    check_name(mapped.case)
    further = further_tables(tables) if tables else ()
    place = place_of(mapped)
    breaches = Breaches()
    report(_STEPS, 0, 3)
    imported = import_tables(mapped, place, breaches, real_names)
    told_names = () if real_names else [row["name"] for row in imported.key]
    check_names(further, told_names, breaches)
    breaches.stop()
    key_text = _key_text(imported.key)
    _check_free(key, key_text)
    unknown = [one["name"] for one in imported.unknown]
    if not len(imported.tables["accounts"]):
        if unknown and look_up:
            write_look_up(unknown, look_up)
        raise _nothing_left(mapped, imported, look_up)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".importing-") as making:
        folder = Path(making) / "case"
        folder.mkdir()
        report(_STEPS, 1, 3)
        _write(folder, imported, further, place, mapped.case)
        report(_STEPS, 2, 3)
        for breach in verify_case(folder):
            breaches.add(
                breach.file,
                f"{breach.column}: not {breach.expected}"
                if breach.column
                else f"{breach.value}, not {breach.expected}",
                "Put it right in the file that it comes from",
                f"row {breach.row} {breach.value}" if breach.row else "",
            )
        breaches.stop()
        if unknown and look_up:
            write_look_up(unknown, look_up)
        _write_own(key, key_text)
        if out.is_dir():
            out.rmdir()
        os.replace(folder, out)
        report(_STEPS, 3, 3)
    return ImportedCase(
        read_case(out), coverage(imported.tables), imported, key, middle_sums(imported.tables)
    )


def check_name(name: str) -> None:
    """Refuse the name of a case that ships: a roster would give that one, and not the records.

    Raises:
        PlaybookError: one is called so, or it is no name.
    """
    words = unicodedata.normalize("NFKC", name).strip().casefold()
    ships = any(
        words in {one.name, one.adcode, one.city.casefold(), one.city_zh, one.city_zh.rstrip("市")}
        for one in list_cases()
    )
    if ships or not re.fullmatch(r"\w[\w -]*", words):
        raise PlaybookError(
            f"a case that ships is called {name!r}" if ships else f"{name!r} is no name of a case",
            remedy="give the case a name of its own in the mapping or with --name, such as our-records: letters, digits and -",
        )


def place_of(mapped: Mapped) -> Case:
    """The city that a mapping is about: one that ships, or that of a region."""
    return read_region(mapped.region) if mapped.region else find_case(mapped.city)


def _nothing_left(mapped: Mapped, imported: Imported, look_up: Path | None) -> PlaybookError:
    """Why no account became one of the case, and the way on."""
    left = {reason: count for reason, count in imported.left.items() if not reason.startswith("a deal")}
    why = ", ".join(f"{count} {reason}" for reason, count in left.items()) or "the file is empty"
    file = str(mapped.files[ACCOUNTS].path)
    if list(left) != [NOT_REGISTERED]:
        remedy = "check the city in the mapping, and that the registry's file is that of these firms"
        return PlaybookError(f"no account is left: {why}", where=file, remedy=remedy)
    listed = (
        f"look up the names in {look_up} in the registry's batch query, and name its result in the mapping"
        * bool(look_up)
    )
    return PlaybookError(
        f"no account is left: {why}: {side_by_side(mapped, imported.unknown)}",
        where=file,
        remedy=f"{listed or 'look these firms up in the registry'}; where it calls a firm otherwise, say so in the "
        f"mapping: firms: {{{imported.unknown[0]['name']}: its name there}}",
    )


def list_firms(accounts: Path, out: Path) -> int:
    """Write the names of an export's firms, to be looked up in a registry; how many there are.

    Raises:
        PlaybookError: it can't be read, or has no form that is known.
    """
    export = read_export(accounts)
    column = heading(columns_of(form_of(export, ACCOUNTS), export.headings)["name"])
    names = dict.fromkeys(name for _place, cells in export.lines if (name := cells.get(column, "")))
    write_look_up(list(names), out)
    return len(names)


def write_look_up(names: Sequence[str], path: Path) -> None:
    """The names of firms to be looked up, one a row, as a registry's batch query takes them."""
    text = io.StringIO()
    csv.writer(text).writerows([["企业名称"], *([name] for name in dict.fromkeys(names))])
    _write_own(path, text.getvalue())


def _write_own(path: Path, text: str) -> None:
    """A file that its owner alone may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        os.chmod(path, 0o600)  # also where the file was there, and open to others
        file.write(_MARK + text.encode("utf-8"))


def _write(folder: Path, imported: Imported, further: Sequence[Path], place: Case, name: str) -> None:
    lacks = {}
    for table, frame in imported.tables.items():
        own = SCHEMA[table]
        absent = [one for one in own.names if one not in frame]
        gaps = [
            one.name
            for one in own.columns
            if one.name in frame and (should_be_known(frame, one) & frame[one.name].isna()).any()
        ]
        write_table(frame, table, folder, absent)
        lacks[table] = {"columns": absent, "cells": gaps}
    for table in TABLES if is_region(place.folder) else ():
        shutil.copyfile(place.path(table), folder / f"{table}.csv")
    for path in further:
        shutil.copyfile(path, folder / path.name)
    absent_tables = [
        one.name
        for one in SCHEMA.values()
        if one.home == "case" and not (folder / f"{one.name}.csv").is_file()
    ]
    record = {
        "format": 1,
        "case": name,
        "adcode": place.adcode,
        "city": place.city,
        "city_zh": place.city_zh,
        "role": "trainee",
        "company": "own records",
        "generator": IMPORT,
        "lacks": lacks,
        "absent": absent_tables,
    }
    write_record(folder, record)


def _key_text(rows: list[dict[str, str]]) -> str:
    """Who is who, as the key says it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ("case", "system", "name"), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _check_free(key: Path, text: str) -> None:
    """Refuse to write a key over a file that says something else: it may be an export, or another case's key."""
    if key.exists() and not (key.is_file() and key.read_bytes() == _MARK + text.encode("utf-8")):
        raise PlaybookError(
            "the key would be written over a file that is there already",
            where=str(key),
            remedy="name another file with --key, or take this one away",
        )
