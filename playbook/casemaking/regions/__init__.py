"""Public tables of a city that does not ship: forms to fill in, and a region that cases can be made of.

A region is a folder with the four tables of public figures in our schema: those that ship, and the city's own rows
among them. A case of its city carries them.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pandas as pd

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.public import GROUPS, TABLES, published
from playbook.casemaking.regions.figures import Region
from playbook.casemaking.regions.forms import FORMS, write_forms
from playbook.casemaking.regions.sheets import read_region_sheets
from playbook.casemaking.verify import verify_tables
from playbook.casemaking.write import write_table
from playbook.cases.case import Case, find_table
from playbook.cases.schema import SCHEMA
from playbook.errors import PlaybookError

__all__ = ["FORMS", "import_region", "is_region", "read_region", "write_forms"]

#: What says that a folder holds a region, and of which city.
RECORD = "region.json"


def import_region(folder: Path, out: Path) -> tuple[Case, list[str]]:
    """Take in a city's public tables from filled-in forms, and write them as a region.

    Args:
        folder: holds the files of :data:`FORMS`.
        out: the region's folder; must be empty or missing.

    Returns:
        The city, and notes on what was computed or looks odd.

    Raises:
        PlaybookError: names everything that is wrong, once each; nothing is written then.
    """
    out = Path(out).expanduser().resolve()
    if out.is_dir() and any(out.iterdir()):
        raise PlaybookError("the folder is not empty", where=str(out), remedy="name another with --out")
    breaches = Breaches()
    region = read_region_sheets(Path(folder).expanduser(), breaches)
    breaches.stop()
    assert region is not None
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".importing-") as making:
        made = Path(making) / "region"
        made.mkdir()
        for name, frame in _tables(region).items():
            write_table(frame, name, made)
        for breach in verify_tables(
            {name: made / f"{name}.csv" for name in TABLES}, lambda name: find_table(made, name)
        ):
            breaches.add(
                breach.file,
                f"{breach.column}: not {breach.expected}",
                "Put it right in the form",
                breach.value,
            )
        breaches.stop()
        told = {key: str(region.city[key]) for key in ("adcode", "city", "city_zh")}
        record = {"format": 1, **told, "source": region.source, "year": region.year}
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        (made / RECORD).write_text(text, encoding="utf-8", newline="\n")
        if out.is_dir():
            out.rmdir()
        os.replace(made, out)
    return read_region(out), region.notes


def is_region(folder: Path | str) -> bool:
    """Whether a folder holds a region."""
    return (Path(folder).expanduser() / RECORD).is_file()


def read_region(folder: Path | str) -> Case:
    """A region as a case without records: its city and its public tables.

    Raises:
        PlaybookError: the folder holds none.
    """
    folder = Path(folder).expanduser().resolve()
    remedy = "make one: `playbook case region form`, fill in the files, `playbook case region import`"
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        adcode, city, city_zh = (str(record[key]) for key in ("adcode", "city", "city_zh"))
    except FileNotFoundError:
        raise PlaybookError(
            f"no region here: {RECORD} is missing", where=str(folder), remedy=remedy
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PlaybookError(f"{RECORD} can't be read: {error}", where=str(folder), remedy=remedy) from None
    return Case(city.lower(), adcode, city, city_zh, "trainee", "", folder)


def _tables(region: Region) -> dict[str, pd.DataFrame]:
    """The public tables that ship, with the region's rows behind them."""
    city, districts, workers = region.city, region.districts, region.workers
    adcode = city["adcode"]
    wide = workers.set_index("district_adcode")
    groups = {
        f"workers_{group}_thousand": wide[list(letters)].sum(axis=1).round(1)
        for group, letters in GROUPS.items()
    }
    long = wide.stack().rename("workers_thousand").rename_axis(["district_adcode", "section"]).reset_index()
    names = districts.set_index("district_adcode")["district"]
    totals = wide.sum().round(1).clip(lower=0.1)
    new = {
        "cities": pd.DataFrame([{**city, "role": "trainee"}]),
        "city_workers": pd.DataFrame(
            {
                "adcode": adcode,
                "city": city["city"],
                "section": totals.index,
                "workers_thousand": totals.to_numpy(),
            }
        ),
        "districts": districts.assign(
            adcode=adcode,
            **{name: districts["district_adcode"].map(values) for name, values in groups.items()},
        ),
        "district_workers": long.assign(adcode=adcode, district=long["district_adcode"].map(names)),
    }
    return {
        name: pd.concat([ours, new[name][list(SCHEMA[name].names)]], ignore_index=True)
        for name, ours in published().items()
    }
