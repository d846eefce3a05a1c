"""Check the files of a case against the schema and list every breach. Not for the browser: it uses pandera."""

import contextlib
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pandas as pd

from playbook.cases.case import find_table, read_record
from playbook.cases.schema import BOOLEAN, DATE, INTEGER, NUMBER, SCHEMA, Column, Table
from playbook.cases.tables import lacking
from playbook.errors import PlaybookError
from playbook.places import data_root

_SHOWN = 60
_CHANGED = "the file has changed"
#: What an empty cell of own records means.
_NOBODY_KNOWS = "Nobody knows."
_FORMS = {
    INTEGER: (r"-?\d{1,15}", "a whole number"),
    NUMBER: (r"-?\d{1,15}(\.\d+)?([eE][+-]?\d{1,2})?", "a number"),
    BOOLEAN: (r"true|false", "true or false"),
    DATE: (r"\d{4}-\d{2}-\d{2}", "a date such as 2025-06-30"),
}


@dataclass(frozen=True)
class Breach:
    """One thing that is not as the schema says.

    Args:
        file: the file's name.
        row: the line as a spreadsheet counts it, the heading being 1; None for the whole file.
        column: the column's name, "" for a whole row or file.
        value: what was found.
        expected: what was expected, in words.
    """

    file: str
    row: int | None
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        place = "".join(
            [
                self.file,
                f", row {self.row}" if self.row else "",
                f", column {self.column}" if self.column else "",
            ]
        )
        return f"{place}: {self.value}; expected {self.expected}"


def verify_case(folder: str | Path) -> list[Breach]:
    """Every breach in a case's folder: its own tables, their links, and the sums in case.json.

    An empty list says that the case is clean.
    """
    folder = Path(folder).expanduser().resolve()
    if not folder.is_dir():
        raise PlaybookError("no such folder", where=str(folder), remedy="Name a folder that holds a case.")
    told: dict = {}
    with contextlib.suppress(PlaybookError):
        told = read_record(folder)
    absent = told.get("absent", ())
    own = [
        t
        for t in SCHEMA.values()
        if (t.home == "case" and t.name not in absent) or (folder / f"{t.name}.csv").is_file()
    ]
    tables = {table.name: folder / f"{table.name}.csv" for table in own}
    schema = {table.name: _as_imported(table, folder) for table in own}
    breaches = verify_tables(tables, lambda name: find_table(folder, name), schema)
    try:
        record = read_record(folder)
    except PlaybookError as error:
        return [
            Breach("case.json", None, "", error.what, "the record that `playbook case new` writes"),
            *breaches,
        ]
    breaches += [*_in_place(folder, record), *_sums(folder, record)]
    order = [f"{name}.csv" for name in SCHEMA]
    return sorted(breaches, key=lambda breach: (order.index(breach.file), breach.row or 0))


def verify_common() -> list[Breach]:
    """Every breach in the tables that all cases share: data/reference and data/shared."""
    root = data_root()
    tables = {
        table.name: root / table.home / f"{table.name}.csv"
        for table in SCHEMA.values()
        if table.home != "case"
    }
    return verify_tables(tables, tables.__getitem__)


def _as_imported(table: Table, folder: Path) -> Table:
    """A table as own records have it: without the columns that case.json calls absent, some with unknown cells."""
    absent, gaps = lacking(folder, table.name)
    columns = tuple(
        replace(column, missing=_NOBODY_KNOWS) if column.name in gaps else column
        for column in table.columns
        if column.name not in absent
    )
    return replace(table, columns=columns)


def verify_tables(
    tables: dict[str, Path], find: Callable[[str], Path], schema: Mapping[str, Table] = SCHEMA
) -> list[Breach]:
    """Every breach in some tables.

    Args:
        tables: table name -> its file.
        find: table name -> file, for tables that are only pointed to.
        schema: what each must hold.
    """
    breaches, texts = [], {}
    for name, path in tables.items():
        frame, problems = _read(path, schema[name])
        breaches += problems
        if frame is not None:
            texts[name] = frame
    for name, frame in texts.items():
        breaches += _cells(frame, schema[name], tables[name].name)
        breaches += _links(frame, schema[name], tables[name].name, texts, find)
        breaches += _rules(frame, schema[name], tables[name].name)
    return breaches


def _read(path: Path, table: Table) -> tuple[pd.DataFrame | None, list[Breach]]:
    """The file as text, its index the line number, and what is wrong with its form."""
    file = path.name
    try:
        raw = path.read_bytes()
    except OSError:
        return None, [Breach(file, None, "", "the file is missing", f"the table {table.name}")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        found = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
        return None, [Breach(file, row, "", found, 'UTF-8 (in a spreadsheet: save as "CSV UTF-8")')]
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return None, [
            Breach(file, None, "", f"not a CSV file: {error}", "values parted by commas, text in quotes")
        ]
    if not lines:
        return None, [Breach(file, None, "", "the file is empty", f"the heading {','.join(table.names)}")]
    heading, breaches, rows = lines[0], [], {}
    for column in table.names:
        if heading.count(column) != 1:
            found = "the column is missing" if column not in heading else "the column is there twice"
            breaches.append(Breach(file, 1, column, found, "one column of that name"))
    for column in dict.fromkeys(heading):
        if column not in table.names:
            breaches.append(
                Breach(file, 1, column, "the column is not in the schema", "only the schema's columns")
            )
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) == len(heading):
            rows[number] = cells
        else:
            breaches.append(
                Breach(file, number, "", f"{len(cells)} cells", f"{len(heading)} cells as in the heading")
            )
    if not rows:
        breaches.append(Breach(file, None, "", "there are no rows", "at least one row"))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=heading, dtype="str")
    frame = frame.loc[:, ~frame.columns.duplicated()]
    kept = [column for column in table.names if column in frame]
    return frame[kept].mask(frame[kept] == ""), breaches


def _cells(frame: pd.DataFrame, table: Table, file: str) -> Iterator[Breach]:
    """What pandera finds in the cells: all of it, not the first."""
    import pandera.pandas as pa

    columns = {
        c.name: pa.Column(None, _checks(pa, c), nullable=True) for c in table.columns if c.name in frame
    }
    keys = [key for key in table.key if key in frame]
    checks = []
    if len(keys) == len(table.key):
        said = f"{_a(' and '.join(table.key))} that no other row has"
        checks = [
            pa.Check(lambda f: ~f[keys].duplicated(keep=False) | f[keys].isna().any(axis=1), error=said)
        ]
    try:
        pa.DataFrameSchema(columns, checks=checks).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        found = error.failure_cases.drop_duplicates(["index", "check", "column"])
        for row in sorted(found.itertuples(), key=lambda r: (int(r.index), str(r.column))):
            if row.check.endswith("that no other row has"):
                if row.column not in (keys[0], "DataFrameSchema") and row.column in table.names:
                    continue
                value = " and ".join(_shown(frame.at[row.index, key]) for key in keys)
                yield Breach(file, int(row.index), keys[0], value, row.check)
            else:
                yield Breach(
                    file, int(row.index), row.column, _shown(frame.at[row.index, row.column]), row.check
                )


def _checks(pa, column: Column) -> list:
    """The pandera checks of one column, each with its expectation in words."""
    checks = []
    form, said = _FORMS.get(column.dtype, ("", ""))
    if not column.missing:
        checks.append(
            pa.Check(lambda s: s.notna(), error=f"{said or 'a text'}, never empty", ignore_na=False)
        )
    if form:
        checks.append(pa.Check(lambda s: _formed(s, form, column.dtype), error=said))
    if column.choices:
        allowed = ", ".join(column.choices)
        checks.append(pa.Check(lambda s: s.isin(column.choices), error=f"one of {allowed}"))
    if column.pattern:
        checks.append(
            pa.Check(
                lambda s: s.str.fullmatch(column.pattern, flags=re.ASCII), error=_in_words(column.pattern)
            )
        )
    if column.low is not None or column.high is not None:
        checks.append(pa.Check(lambda s: _within(s, column, form), error=_limits(column)))
    return checks


def _formed(values: pd.Series, form: str, dtype: str) -> pd.Series:
    good = values.str.fullmatch(form, flags=re.ASCII)
    if dtype == DATE:
        good &= pd.to_datetime(values.where(good), format="%Y-%m-%d", errors="coerce").notna()
    return good


def _within(values: pd.Series, column: Column, form: str) -> pd.Series:
    """Whether numbers keep to their limits; what is no number has been found already."""
    numbers = pd.to_numeric(values.where(values.str.fullmatch(form, flags=re.ASCII)), errors="coerce")
    good = pd.Series(True, index=values.index)
    if column.low is not None:
        good &= ~(numbers < column.low)
    if column.high is not None:
        good &= ~(numbers > column.high)
    return good


def _limits(column: Column) -> str:
    unit = f" (unit: {column.unit})" if column.unit else ""
    if column.high is None:
        return f"at least {column.low:g}{unit}"
    return f"between {column.low:g} and {column.high:g}{unit}"


def _in_words(pattern: str) -> str:
    """`A\\d{5}` -> "A and 5 digits"."""
    if found := re.fullmatch(r"(\[[A-Z-]+\]|[A-Z]?)\\d(?:\{(\d)\})?(\\d)?", pattern):
        letter, count, second = found.groups()
        digits = f"{count or (2 if second else 1)} digits"
        letter = f"a letter {letter.strip('[]')}" if letter.startswith("[") else letter
        return f"{letter} and {digits}" if letter else digits
    return f"the form {pattern}"


def _links(frame, table: Table, file: str, texts: dict, find) -> Iterator[Breach]:
    """Values that must occur in another table, and do not."""
    for column, target, key in table.links:
        if column not in frame:
            continue
        other = texts.get(target)
        if other is None:
            other, _ = _read(find(target), SCHEMA[target])
        if other is None or key not in other:
            continue  # that table's own breach says so
        known = set(other[key].dropna())
        for row, value in frame[column].dropna().items():
            if value not in known:
                yield Breach(file, int(row), column, _shown(value), f"{_a(key)} of the table {target}")


#: table -> (column, expectation, rows that break it): what one column says about another.
_RULES: dict[str, list[tuple[str, str, Callable[[pd.DataFrame], pd.Series]]]] = {
    "opportunities": [
        (
            "closed",
            "a date where status is won or lost",
            lambda f: f.status.isin(["won", "lost"]) & f.closed.isna(),
        ),
        ("closed", "nothing while status is open", lambda f: (f.status == "open") & f.closed.notna()),
        (
            "loss_reason",
            "a reason where status is lost",
            lambda f: (f.status == "lost") & f.loss_reason.isna(),
        ),
        (
            "loss_reason",
            "nothing where status is not lost",
            lambda f: f.status.isin(["won", "open"]) & f.loss_reason.notna(),
        ),
    ],
    "accounts": [
        (
            "division",
            "a division of the row's section",
            lambda f: f.division.notna() & f.section.notna() & (f.division.str[:1] != f.section),
        )
    ],
    "references": [
        ("prospect_id", "another account than the referrer", lambda f: f.prospect_id == f.referrer_id)
    ],
    "customers_home": [("churn_date", "a day after start", lambda f: f.churn_date < f.start)],
}


def _rules(frame: pd.DataFrame, table: Table, file: str) -> Iterator[Breach]:
    if not set(SCHEMA[table.name].names) <= set(frame.columns):
        return
    unknown = {column.name for column in table.columns if column.missing == _NOBODY_KNOWS}
    for column, expected, broken in _RULES.get(table.name, []):
        found = broken(frame).fillna(False).astype(bool)
        if column in unknown:
            found &= frame[column].notna()
        for row in frame.index[found]:
            yield Breach(file, int(row), column, _shown(frame.at[row, column]), expected)


def _in_place(folder: Path, record: dict) -> Iterator[Breach]:
    """Accounts lie in the case's city, and the densities have a row for it."""
    districts, _ = _read(find_table(folder, "districts"), SCHEMA["districts"])
    accounts, _ = _read(folder / "accounts.csv", SCHEMA["accounts"])
    if districts is not None and accounts is not None and "district_adcode" in accounts:
        here = set(districts.loc[districts["adcode"] == record["adcode"], "district_adcode"])
        known = set(districts["district_adcode"])
        for row, code in accounts["district_adcode"].dropna().items():
            if code in known - here:
                yield Breach(
                    "accounts.csv",
                    int(row),
                    "district_adcode",
                    _shown(code),
                    f"a district of {record['city']}",
                )
    densities, _ = _read(folder / "densities.csv", SCHEMA["densities"])
    if densities is not None and "adcode" in densities and record["adcode"] not in set(densities["adcode"]):
        yield Breach(
            "densities.csv", None, "adcode", "no row for the case's city", f"a row {record['adcode']}"
        )


def _sums(folder: Path, record: dict) -> Iterator[Breach]:
    """Files that are not the ones that case.json was written for."""
    for name, entry in record["tables"].items():
        path = find_table(folder, name) if name in SCHEMA else folder / f"{name}.csv"
        if not path.is_file():
            if SCHEMA.get(name) is None or SCHEMA[name].home != "case":
                yield Breach(f"{name}.csv", None, "", "the file is missing", "the file that case.json names")
            continue
        found = sha256(path.read_bytes()).hexdigest()
        if found != entry.get("sha256"):
            said = (
                f"SHA-256 {str(entry.get('sha256'))[:12]}… as in case.json (`playbook case verify --accept`)"
            )
            yield Breach(path.name, None, "", f"{_CHANGED}: SHA-256 {found[:12]}…", said)


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def _shown(value: object) -> str:
    if not isinstance(value, str):
        return "an empty cell"
    text = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
    return repr(text)


def accept_sums(folder: str | Path) -> None:
    """Write the sums of case.json anew, for records of one's own or after a mended cell.

    Does nothing where anything else is wrong. A stated seed is dropped: the files no longer follow from it.
    """
    from playbook.casemaking.write import write_record

    breaches = verify_case(folder)
    if breaches and all(breach.value.startswith(_CHANGED) for breach in breaches):
        record = read_record(Path(folder))
        write_record(
            Path(folder).resolve(), {k: v for k, v in record.items() if k not in ("seed", "generator")}
        )
