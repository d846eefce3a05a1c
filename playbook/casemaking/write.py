"""Write a case's folder: the tables as CSV, and case.json that names and seals them."""

import csv
import io
import json
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

import pandas as pd

from playbook.cases.case import find_table
from playbook.cases.schema import BOOLEAN, DATE, INTEGER, NUMBER, SCHEMA

GENERATOR = "2.0"


def write_table(frame: pd.DataFrame, name: str, folder: Path, absent: Collection[str] = ()) -> None:
    """Write the columns of the schema as UTF-8 CSV, without those that are absent: the same bytes on every machine."""
    columns = [column for column in SCHEMA[name].columns if column.name not in absent]
    cells = [_cells(frame[column.name], column.dtype) for column in columns]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows(zip(*cells, strict=True))
    (Path(folder) / f"{name}.csv").write_bytes(text.getvalue().encode("utf-8"))


def _cells(values: pd.Series, dtype: str) -> list[str]:
    gaps = values.isna().to_numpy()
    match dtype:
        case _ if dtype == NUMBER:
            texts = [repr(value) for value in values.astype(float).to_numpy().tolist()]
        case _ if dtype == INTEGER:
            texts = [
                str(value)
                for value in pd.to_numeric(values).astype("Int64").fillna(0).astype("int64").tolist()
            ]
        case _ if dtype == BOOLEAN:
            texts = ["true" if value else "false" for value in values.tolist()]
        case _ if dtype == DATE:
            texts = [str(value) for value in values.to_numpy().astype("datetime64[D]")]
        case _:
            texts = [str(value) for value in values.tolist()]
    return ["" if gap else text for text, gap in zip(texts, gaps, strict=True)]


def write_record(folder: Path, record: dict) -> dict:
    """Write case.json with the sum of every table that the case uses, and the fingerprint over them.

    Args:
        folder: the case's folder, its own tables already in it.
        record: case, adcode, city, city_zh, role and whatever else is to be kept.
    """
    folder = Path(folder)
    tables = {}
    for name, table in SCHEMA.items():
        path = find_table(folder, name)
        if not path.is_file():
            continue
        raw = path.read_bytes()
        home = "case" if path.parent == folder else table.home
        tables[name] = {"home": home, "rows": raw.count(b"\n") - 1, "sha256": sha256(raw).hexdigest()}
    sums = "\n".join(f"{name} {entry['sha256']}" for name, entry in sorted(tables.items()))
    record = {**record, "tables": tables, "fingerprint": sha256(sums.encode()).hexdigest()}
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    (folder / "case.json").write_bytes(text.encode("utf-8"))
    return record
