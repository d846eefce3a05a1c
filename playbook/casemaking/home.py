"""The company's customers in its home markets: contracts by the year, a quarter of them not renewed."""

import numpy as np
import pandas as pd

from playbook.casemaking.accounts import divisions, firmographics
from playbook.casemaking.calendar import DAY, pace, working_days
from playbook.casemaking.history import contract_values
from playbook.casemaking.names import firm_names, place_zh
from playbook.casemaking.parameters import CHURN, LISTED, MONTH_END, SECTIONS, TODAY, UNIT_SIZE
from playbook.casemaking.truths import Truths

CUSTOMERS = 1_800  # present and past, about
_HOMES = np.array(["Hangzhou", "Ningbo", "Shaoxing"], dtype=object)
_HOMES_ZH = dict(zip(_HOMES, ("杭州市", "宁波市", "绍兴市"), strict=True))
_HOME_SHARES = (0.46, 0.33, 0.21)
_FIRST_YEAR, _LAST_YEAR = 2016, 2025
_GROWTH = 1.20  # own: new contracts a year over the year before, until 2023
_STAYERS = 3  # of each home city and section: customers at both year-ends 2023 and 2024, whatever is drawn


def customers_home(rng, truths: Truths, workers: pd.DataFrame) -> pd.DataFrame:
    """Customers in the home markets, with growth from 2023 to 2024 that differs by city and section."""
    home, section, year, stays = _who(rng, truths, workers)
    count = len(home)
    start, left = _stay(rng, year, stays)
    firms = firmographics(rng, section, 1.0)
    division = divisions(rng, section, home)
    zh = np.array([place_zh(_HOMES_ZH[city]) for city in home], dtype=object)
    names = firm_names(rng, home, zh, division, firms["employees"])
    gone = ~np.isnat(left)
    health = np.where(gone, rng.beta(2.2, 4, count), rng.beta(5, 2.2, count)).round(2)
    frame = pd.DataFrame(
        {
            "name": names.name,
            "name_zh": names.name_zh,
            "home_city": home,
            "section": section,
            "division": division,
            **firms,
            "start": start,
            "acv_cny": contract_values(rng, firms["employees"].astype(float)),
            "channel": rng.choice(
                np.array(["direct", "salon", "referral", "online", "partner"], dtype=object),
                count,
                p=(0.4, 0.15, 0.22, 0.13, 0.1),
            ),
            "health": health,
            "reference_ok": ~gone & (rng.random(count) < 0.1 + 0.6 * health**2),
            "churn_date": left,
        }
    )
    frame = frame.sort_values(["start", "name"], kind="stable").reset_index(drop=True)
    frame.insert(0, "customer_id", [f"H{number:05d}" for number in range(1, count + 1)])
    return frame


def _who(rng, truths: Truths, workers: pd.DataFrame):
    """Home city, section, year of the first contract, and whether it surely stays; one entry a customer."""
    wide = workers.pivot(index="section", columns="city", values="workers_thousand").loc[list(SECTIONS)]
    years = np.arange(_FIRST_YEAR, _LAST_YEAR + 1)
    new = _GROWTH ** (np.minimum(years, 2023) - _FIRST_YEAR)
    new = np.where(years == 2025, new * 0.55, new)  # half a year
    pull = dict(zip(SECTIONS, rng.uniform(0.65, 1.30, len(SECTIONS)), strict=True))
    pull[truths.growing] = 1.75
    cells = []
    for home, part in zip(_HOMES, _HOME_SHARES, strict=True):
        weights = wide[home] / pd.Series(UNIT_SIZE) * pd.Series(LISTED)
        for section in SECTIONS:
            local = rng.lognormal(0, 0.22)
            share = part * weights[section] / weights.sum()
            growth = np.where(years == 2024, pull[section] * local * 1.12, 1.0)
            cells += [
                (home, section, year, share * n * g) for year, n, g in zip(years, new, growth, strict=True)
            ]
    mass = np.array([cell[3] for cell in cells])
    fixed = [(home, section, 2022, True) for home in _HOMES for section in SECTIONS for _ in range(_STAYERS)]
    drawn = rng.multinomial(CUSTOMERS - len(fixed), mass / mass.sum())
    rows = [(*cell[:3], False) for cell, number in zip(cells, drawn, strict=True) for _ in range(number)]
    home, section, year, stays = (np.array(column) for column in zip(*fixed, *rows, strict=True))
    return home.astype(object), section.astype(object), year.astype(int), stays.astype(bool)


def _stay(rng, year: np.ndarray, stays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First day, in the rhythm of the sales year, and last day: the end of a contract year."""
    start = np.empty(len(year), dtype="datetime64[D]")
    for one in np.unique(year):
        rows = np.flatnonzero(year == one)
        days = working_days(np.datetime64(f"{one}-01-01"), min(np.datetime64(f"{one}-12-31"), TODAY))
        weight = pace(days)
        month = days.astype("datetime64[M]")
        for value in np.unique(month):
            here = np.flatnonzero(month == value)
            total = weight[here].sum()
            weight[here[-5:]] *= MONTH_END["won"] * total / weight[here[-5:]].sum()
            weight[here[:-5]] *= (1 - MONTH_END["won"]) * total / weight[here[:-5]].sum()
        start[rows] = rng.choice(days, len(rows), p=weight / weight.sum())
    life = np.where(stays, 12, rng.geometric(CHURN, len(year)))
    left = start + life * 365 * DAY
    return start, np.where(left > TODAY, np.datetime64("NaT", "D"), left)
