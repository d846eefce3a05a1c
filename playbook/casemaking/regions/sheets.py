"""Filled-in forms of a city's public tables, read and converted: thousands of persons, degrees, km²."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.cells import number_in
from playbook.casemaking.regions.checks import check_region
from playbook.casemaking.regions.figures import Region
from playbook.casemaking.regions.forms import ABOUT, CITY, DISTRICTS, FORMS, WORKER_COLUMNS, WORKERS
from playbook.casemaking.yaml_files import read_filled_in
from playbook.cases.columns import SECTIONS
from playbook.cases.sheet import heading, read_sheet
from playbook.errors import PlaybookError

#: Thousands of persons in a unit.
UNITS = {"persons": 0.001, "thousand": 1.0, "10k": 10.0}
RESIDENTS, JOBS = "residents in work", "jobs in units"
#: Further headings that serve, as in the tables that ship and in printed ones.
_ALIKE = {
    "latitude": ("lat", "纬度"),
    "longitude": ("lon", "经度"),
    "population_2020": ("population_2020_thousand", "population_thousand", "常住人口"),
    "urban_population_2020": ("urban_population_2020_thousand", "城镇人口"),
    "population_2010": ("population_2010_thousand",),
    "district_adcode": ("adcode", "行政区划代码"),
    "district_zh": ("区县", "地区"),
    **{name: (f"{name}_thousand", name[-1]) for name in WORKER_COLUMNS},
}
_TEXTS = (
    "adcode",
    "city",
    "city_zh",
    "province",
    "belt",
    "level",
    "district_adcode",
    "district",
    "district_zh",
)
_EXPLAINS = re.compile("DELETE THIS ROW", re.I)


def read_region_sheets(folder: Path, breaches: Breaches) -> Region | None:
    """Read and check the four files; None where something is wrong, which `breaches` takes.

    Raises:
        PlaybookError: a file can't be read at all.
    """
    about = _about(folder / ABOUT, breaches)
    sheets = {name: _sheet(folder / name, breaches) for name in FORMS}
    if about is None or breaches:
        return None
    people = UNITS[str(about["population_unit"])]
    workers = UNITS[str(about["workers_unit"])] / float(about["sampling_rate"])
    if len(sheets[CITY]) != 1:
        breaches.add(CITY, f"{len(sheets[CITY])} rows", "Give the city one row")
        return None
    city = _named(_scaled(sheets[CITY][0], people))
    city["adcode"] = str(city["adcode"])
    districts = pd.DataFrame(
        [_named(_scaled(row, people), "population_thousand") for row in sheets[DISTRICTS]]
    )
    rows = [
        {
            "district_adcode": row["district_adcode"],
            **{letter: row[name] * workers for letter, name in zip(SECTIONS, WORKER_COLUMNS, strict=True)},
        }
        for row in sheets[WORKERS]
    ]
    printed = [row for row in rows if row["district_adcode"] == city["adcode"]]
    table = pd.DataFrame([row for row in rows if row["district_adcode"] != city["adcode"]])
    own = {name: value for name, value in printed[0].items() if name != "district_adcode"} if printed else {}
    region = Region(city, districts, table, own, str(about["source"]), int(about["year"]))
    check_region(region, breaches)
    if about["sampling_rate"] != 1:
        region.notes.append(f"workers were divided by the sampling rate {about['sampling_rate']}")
    return region


def _about(path: Path, breaches: Breaches) -> dict[str, Any] | None:
    again = "or write the forms with `playbook case region form` in another folder and fill in all four files"
    told = read_filled_in(path, ABOUT, again)
    if not isinstance(told, dict):
        raise PlaybookError(
            f"{ABOUT} holds no words with colons", where=str(path), remedy=f"fill it in, {again}"
        )
    rate = told.get("sampling_rate")
    allowed = {
        "source": (bool(str(told.get("source") or "?").strip(" ?")), "say where the figures are printed"),
        "year": (isinstance(told.get("year"), int), "write the year, such as 2020"),
        "counts": (told.get("counts") in (RESIDENTS, JOBS), f"write {RESIDENTS}, or {JOBS}"),
        "workers_unit": (told.get("workers_unit") in UNITS, f"write one of {', '.join(UNITS)}"),
        "population_unit": (told.get("population_unit") in UNITS, f"write one of {', '.join(UNITS)}"),
        "sampling_rate": (
            isinstance(rate, int | float) and not isinstance(rate, bool) and 0 < rate <= 1,
            "write 1, or the share of households asked, such as 0.1",
        ),
    }
    for name, (good, remedy) in allowed.items():
        if not good:
            breaches.add(ABOUT, f"{name} is {told.get(name, 'missing')!r}", remedy.capitalize())
    if told.get("counts") == JOBS:
        breaches.add(
            ABOUT,
            f"counts: {JOBS}: an economic census counts jobs where the unit stands, without farms and most self-employed; "
            "all other cities here have residents in work where they live, so the two can't be compared",
            "Take the tables of the population census",
        )
    return told


def _sheet(path: Path, breaches: Breaches) -> list[dict[str, Any]]:
    """The rows of a form: texts, and numbers as they stand there."""
    columns = FORMS[path.name]
    usual = {heading(alike): name for name in columns for alike in (name, *_ALIKE.get(name, ()))}
    key = next(iter(columns))
    sheet = read_sheet(
        path,
        lambda text: usual.get(text, ""),
        (key,),
        what=path.name,
        ask="write the forms with `playbook case region form`",
    )
    sheet.only_once(columns, what=path.name, path=path)
    missing = [name for name in columns if name not in sheet.headings]
    if path.name == WORKERS and missing:
        letters = ", ".join(name[-1] for name in missing)
        breaches.add(
            path.name, f"{19 - len(missing)} sections of 19: there is no {letters}", "Give all of A to S"
        )
        return []
    if missing:
        breaches.add(path.name, f"there is no column {', '.join(missing)}", "Keep the form's headings")
        return []
    rows = []
    for number, cells in sheet.lines:
        if _EXPLAINS.search(cells.get(key, "")):
            breaches.add(path.name, "the row of explanations is still there", "Delete it", f"row {number}")
            continue
        rows.append({name: _cell(path.name, name, cells.get(name, ""), number, breaches) for name in columns})
    if not rows:
        breaches.add(path.name, "no row is filled in", "Fill it in")
    for name in (key, "district", "district_zh"):
        said = [row[name] for row in rows if row.get(name)]
        for one in sorted({one for one in said if said.count(one) > 1}):
            breaches.add(path.name, f"{one} stands there twice", "Keep one of the rows")
    return rows


def _cell(file: str, name: str, text: str, number: int, breaches: Breaches) -> Any:
    place = f"row {number} {text[:20]!r}" if text else f"row {number}"
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    if not text:
        breaches.add(file, f"{name}: empty", "Fill it in", place)
        return "" if name in _TEXTS else 0.0
    if name.endswith("adcode") and not re.fullmatch(r"\d{6}", text):
        breaches.add(file, f"{name}: no code", "Write six digits", place)
    if name in ("city", "district") and not re.fullmatch(r"[A-Za-z][A-Za-z' -]*", text):
        breaches.add(file, f"{name}: no name in pinyin", "Write letters alone, such as Hefei", place)
    if name in _TEXTS:
        return text
    found = number_in(text)
    if found is None or found < 0:
        breaches.add(file, f"{name}: no number", "Write digits alone, without a unit", place)
        return 0.0
    return found


def _scaled(row: Mapping[str, Any], people: float) -> dict[str, Any]:
    return {name: value * people if "population" in name else value for name, value in row.items()}


def _named(row: dict[str, Any], population: str = "population_2020_thousand") -> dict[str, Any]:
    """A row under our own names, rounded as our tables are."""
    names = {
        "latitude": "lat",
        "longitude": "lon",
        "population_2020": population,
        "urban_population_2020": "urban_population_2020_thousand",
        "population_2010": "population_2010_thousand",
    }
    found: dict[str, Any] = {}
    for name, value in row.items():
        ours = names.get(name, name)
        if ours in ("lat", "lon"):
            value = round(value, 3)
        elif "population" in ours or ours == "area_km2":
            value = round(value)
        found[ours] = value
    return found
