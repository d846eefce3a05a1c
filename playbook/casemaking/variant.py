"""A hidden variant of a case of own records: the same tables and columns, other firms, deals and numbers.

Firms are drawn from the own case with replacement, some kinds of them more often than others, each with its deals;
some move to another district; every number is moved. So what was counted or summed on the own case comes out
otherwise, and what an honest line works out is right on both. Firms bear numbers, never names. The public figures
and the home customers are drawn anew as for any unseen case.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from playbook.casemaking.home import customers_home
from playbook.casemaking.public import TABLES, resampled
from playbook.casemaking.seeds import Seed, stream
from playbook.casemaking.truths import truths_of
from playbook.casemaking.write import write_record, write_table
from playbook.cases.case import Case, read_case, read_record
from playbook.cases.columns import RIVALS
from playbook.cases.schema import INTEGER, NUMBER, SCHEMA, Column
from playbook.cases.tables import lacking

#: What two entries of one firm have in common.
_ONE_FIRM = ["district_adcode", "division", "founded", "revenue_10k"]
#: Columns by which some firms are drawn more often than others: alone, and together with what is known of them.
_KINDS = ("district_adcode", "section", "source", "owner_type", "comp_installed")
_KNOWN = ("customer", "need", "export", "decision_maker_known", "quote_asked")
#: Spread (of the logarithm) of how often a kind is drawn, and of a number.
_KIND_SPREAD, _SPREAD = 0.4, 0.25
#: Firms of a variant, as a share of the own case's, and how many more at least at the upper end.
_ROWS, _MORE = (0.8, 1.2), 4
#: Numbers of a further table that tell when or where, and are kept.
_PLACES = ("month", "year", "quarter", "day", "week", "lat", "lon", "founded", "launch_month")
#: Spread of the days by which a deal is moved.
_DAYS = 25.0
#: Column that says which own account a drawn one was copied from; it is not written.
_OLD = "copy of"
#: A usual value and its range move together.
_RANGE = ("usual", "low", "high")


def make_variant(case: Case, seed: Seed, out: str | Path) -> Case:
    """Make a hidden variant of a case of own records; the same seed gives the same bytes.

    Args:
        case: the own case.
        seed: secret; it is not written into the variant.
        out: the variant's folder; made if missing.
    """
    folder = Path(out).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    public = resampled(stream(seed, "public"), case.adcode, {name: case.table(name) for name in TABLES})
    tables: dict[str, pd.DataFrame] = dict(public)
    truths = truths_of(case.adcode, seed, resample_public=True)
    tables["customers_home"] = customers_home(stream(seed, "customers"), truths, public["city_workers"])
    accounts = case.accounts
    drawn = _drawn_firms(stream(seed, "firms"), accounts)
    tables["accounts"] = _accounts(stream(seed, "accounts"), accounts, drawn, case, public["districts"])
    for name, table in SCHEMA.items():
        if table.home != "case" or name == "accounts" or not (case.folder / f"{name}.csv").is_file():
            continue
        rng, frame = stream(seed, name), case.table(name)
        if name == "opportunities":
            tables[name] = _deals(rng, frame, tables["accounts"])
        else:
            tables[name] = _further(rng, name, frame, tables["accounts"])
    _relabel(seed, tables)
    for name, frame in tables.items():
        absent, _cells = lacking(case.folder, name)
        write_table(frame, name, folder, absent)
    record = read_record(case.folder)
    kept = ("format", "case", "adcode", "city", "city_zh", "role", "company", "generator", "lacks", "absent")
    write_record(folder, {key: record[key] for key in kept if key in record})
    return read_case(folder)


def _drawn_firms(rng: np.random.Generator, accounts: pd.DataFrame) -> np.ndarray:
    """Rows of the own accounts, by place, drawn with replacement; two entries of one firm are drawn together."""
    known = [name for name in _ONE_FIRM if name in accounts]
    alone = accounts[known].isna().any(axis=1).to_numpy() | (len(known) < len(_ONE_FIRM))
    firm = (
        accounts.groupby(known, dropna=False, sort=False).ngroup().to_numpy()
        if known
        else np.zeros(len(accounts))
    )
    firm = np.where(alone, len(accounts) + np.arange(len(accounts)), firm)
    _codes, first, firm = np.unique(firm, return_index=True, return_inverse=True)
    weight = np.ones(len(accounts))
    for kind in (name for name in _KINDS if name in accounts):
        for by in ([kind], *([kind, flag] for flag in _KNOWN if flag in accounts)):
            group = accounts.groupby(by, dropna=False, sort=True).ngroup().to_numpy()
            weight *= np.exp(rng.normal(0, _KIND_SPREAD / len(by), group.max() + 1))[group]
    count = len(first)
    size = int(rng.integers(max(2, int(_ROWS[0] * count)), int(_ROWS[1] * count) + _MORE))
    picked = rng.choice(count, size, p=weight[first] / weight[first].sum())
    rows = [np.flatnonzero(firm == one) for one in picked]
    twins = np.repeat(np.arange(size), [len(one) for one in rows])
    return np.column_stack([np.concatenate(rows), twins])


def _accounts(
    rng: np.random.Generator, own: pd.DataFrame, drawn: np.ndarray, case: Case, districts: pd.DataFrame
) -> pd.DataFrame:
    """The variant's accounts under new numbers; `_OLD` says whose copy each is."""
    frame = own.iloc[drawn[:, 0]].reset_index(drop=True)
    frame[_OLD] = frame["account_id"]
    firm = drawn[:, 1]
    if "district_adcode" in frame:
        _move_out(rng, frame, firm, case.city_districts, districts[districts["adcode"] == case.adcode])
    for column in SCHEMA["accounts"].columns:
        if column.name not in frame or column.dtype not in (INTEGER, NUMBER) or column.name in ("lat", "lon"):
            continue
        frame[column.name] = _by_firm(rng, column, frame[column.name], firm)
    order = rng.permutation(len(frame))
    numbers = np.empty(len(frame), dtype=object)
    numbers[order] = [f"A{number:05d}" for number in range(1, len(frame) + 1)]
    frame["account_id"] = numbers
    for name, word in (("name", "Firm "), ("name_zh", "企业")):
        if name in frame:
            frame[name] = [word + number[1:] for number in numbers]
    return frame.sort_values("account_id", ignore_index=True)


def _move_out(
    rng: np.random.Generator, frame: pd.DataFrame, firm: np.ndarray, before: pd.DataFrame, after: pd.DataFrame
) -> None:
    """Move some firms to another district of the city, and all of them with their district's centre."""
    codes = after["district_adcode"].to_numpy(dtype=object)
    pull = rng.dirichlet(np.full(len(codes), 2.0))
    moves = rng.random(firm.max() + 1) < rng.uniform(0.15, 0.4)
    goal = codes[rng.choice(len(codes), firm.max() + 1, p=pull)]
    old = frame["district_adcode"].to_numpy(dtype=object)
    new = np.where(moves[firm] & pd.notna(old), goal[firm], old)
    known = pd.notna(new)
    centre = {True: after.set_index("district_adcode"), False: before.set_index("district_adcode")}
    for axis in ("lat", "lon"):
        if axis in frame:
            shift = pd.Series(new[known]).map(centre[True][axis]).to_numpy()
            shift = shift - pd.Series(old[known]).map(centre[False][axis]).to_numpy()
            moved = frame.loc[known, axis].to_numpy(float) + shift + rng.normal(0, 0.004, known.sum())
            frame.loc[known, axis] = moved.round(4)
    frame["district_adcode"] = new
    if "district" in frame:
        names = after.set_index("district_adcode")["district"]
        frame["district"] = pd.Series(new).map(names).to_numpy(dtype=object)


def _by_firm(rng: np.random.Generator, column: Column, values: pd.Series, firm: np.ndarray) -> pd.Series:
    """A number moved by the same for all entries of one firm."""
    count = firm.max() + 1
    number = values.to_numpy(dtype=float, na_value=np.nan)
    if column.name == "founded":
        moved = number + rng.integers(-2, 3, count)[firm]
    elif column.dtype == INTEGER and column.name != "employees":
        moved = number + rng.choice([-1, 0, 0, 1], count)[firm]
    else:
        moved = number * np.exp(rng.normal(0, _SPREAD, count))[firm]
    return _within(column, moved, values)


def _within(column: Column, moved: np.ndarray, like: pd.Series) -> pd.Series:
    """Numbers rounded as the column is and kept to its limits, of the same type as before."""
    digits = 0 if column.dtype == INTEGER else _decimals(like)
    moved = np.clip(np.round(moved, digits), column.low, column.high)
    moved = np.where(like.isna(), np.nan, moved)
    if column.dtype == INTEGER:
        return pd.Series(moved, index=like.index).astype("Float64").round().astype("Int64").astype(like.dtype)
    return pd.Series(moved, index=like.index)


def _decimals(values: pd.Series) -> int:
    """Decimals that some numbers are written with, at most six; one more where all are whole."""
    written = [repr(one).rpartition(".")[2] for one in values.dropna().astype(float).head(200)]
    return min(max((0 if one == "0" else len(one) for one in written), default=0), 6) or 1


def _deals(rng: np.random.Generator, own: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """The deals of every drawn account, each moved for itself."""
    frame = accounts[["account_id", _OLD]].rename(columns={"account_id": "new", _OLD: "account_id"})
    frame = frame.merge(own, on="account_id", how="inner")
    frame["account_id"] = frame.pop("new")
    count = len(frame)
    schema = {column.name: column for column in SCHEMA["opportunities"].columns}
    if "amount_cny" in frame:
        moved = frame["amount_cny"].to_numpy(float) * np.exp(rng.normal(0, _SPREAD, count))
        frame["amount_cny"] = _within(schema["amount_cny"], moved, frame["amount_cny"])
    if "created" in frame:
        shift = pd.to_timedelta(rng.normal(0, _DAYS, count).round(), unit="D")
        frame["created"] = frame["created"] + shift
        if "cycle_days" in frame:
            cycle = frame["cycle_days"].to_numpy(float, na_value=np.nan) * np.exp(
                rng.normal(0, _SPREAD, count)
            )
            frame["cycle_days"] = _within(schema["cycle_days"], cycle, frame["cycle_days"])
            if "closed" in frame:
                length = pd.to_timedelta(
                    frame["cycle_days"].astype("Float64").fillna(0).to_numpy(float), unit="D"
                )
                frame["closed"] = (frame["created"] + length).where(frame["closed"].notna())
        frame = frame.sort_values(["created", "account_id"], kind="stable", ignore_index=True)
    if "rep_id" in frame:
        reps = sorted(frame["rep_id"].dropna().unique())
        frame["rep_id"] = frame["rep_id"].map(dict(zip(reps, rng.permutation(reps), strict=True)))
    frame["opportunity_id"] = [f"O{number:05d}" for number in range(1, count + 1)]
    return frame


def _further(
    rng: np.random.Generator, name: str, frame: pd.DataFrame, accounts: pd.DataFrame
) -> pd.DataFrame:
    """A further table: rows about accounts go with one copy of theirs, numbers are moved, the rest stays."""
    table = SCHEMA[name]
    copies = accounts.groupby(_OLD)["account_id"].agg(list)
    for column in (one for one, target, _key in table.links if target == "accounts" and one in frame):
        told = frame[column].notna()
        frame = frame[~told | frame[column].isin(copies.index)].reset_index(drop=True)
        picks = rng.random(len(frame))
        frame[column] = [
            copies[old][int(pick * len(copies[old]))] if pd.notna(old) else old
            for old, pick in zip(frame[column], picks, strict=True)
        ]
        if column == "account_id" and "district_adcode" in frame:
            here = frame[column].map(accounts.set_index("account_id")["district_adcode"])
            frame["district_adcode"] = here.where(here.notna(), frame["district_adcode"])
    row = np.exp(rng.normal(0, _SPREAD, len(frame)))
    for column in table.columns:
        if column.name not in frame or column.dtype not in (INTEGER, NUMBER):
            continue
        if column.name in table.key or column.name in _PLACES:
            continue
        number = frame[column.name].to_numpy(float, na_value=np.nan)
        if column.name in _RANGE:
            moved = number * row
        elif column.high == 1:
            moved = _share(number, rng.normal(0, _SPREAD, len(frame)))
        else:
            moved = number * np.exp(rng.normal(0, _SPREAD, len(frame)))
        frame[column.name] = _within(column, moved, frame[column.name])
    return frame


def _relabel(seed: Seed, tables: dict[str, pd.DataFrame]) -> None:
    """Give competitors one another's codes, in all tables alike, and places one another's rows in further tables."""
    codes = dict(zip(RIVALS, stream(seed, "rivals").permutation(RIVALS), strict=True))
    for name, frame in tables.items():
        table = SCHEMA[name]
        if table.home != "case":
            continue
        for column in table.columns:
            if column.name in frame and set(RIVALS) <= set(column.choices):
                frame[column.name] = frame[column.name].map(lambda one: codes.get(one, one))
        for place, label in (("adcode", "city"), ("district_adcode", "district")):
            if place not in table.key or place not in frame:
                continue
            known = sorted(frame[place].dropna().unique())
            goal = dict(zip(known, stream(seed, f"{place} of {name}").permutation(known), strict=True))
            if label in frame:
                words = frame.drop_duplicates(place).set_index(place)[label]
                frame[label] = frame[place].map(goal).map(words)
            frame[place] = frame[place].map(goal)


def _share(number: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Shares moved on the scale of their odds; 0 and 1 stay."""
    odds = np.clip(number, 1e-9, 1 - 1e-9)
    moved = 1 / (1 + np.exp(-(np.log(odds / (1 - odds)) + shift)))
    return np.where((number <= 0) | (number >= 1), number, moved)
