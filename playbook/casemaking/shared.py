"""What all cases share: the home customers and the launch panel."""

import numpy as np
import pandas as pd

from playbook.casemaking.accounts import LISTED, SECTIONS, UNIT_SIZE, divisions, firmographics
from playbook.casemaking.names import firm_names
from playbook.casemaking.pipeline import TODAY
from playbook.casemaking.truths import Truths

CUSTOMERS = 1800
CITIES, MONTHS, TREATED = 32, 24, 12
_HOMES = np.array(["Hangzhou", "Ningbo", "Shaoxing"], dtype=object)
_HOME_SHARES = (0.46, 0.33, 0.21)
_STAYERS = 4  # of each home city and section: customers at both year-ends, whatever is drawn
_DAY = np.timedelta64(1, "D")


def customers_home(rng, truths: Truths, workers: pd.DataFrame) -> pd.DataFrame:
    """Customers in the home markets, with growth from 2023 to 2024 that differs by city and section."""
    home, section = _who(rng, workers)
    firms = firmographics(rng, section, 1.0)
    division = divisions(rng, section, home)
    start, churn = _stay(rng, truths, home, section)
    health = np.where(np.isnat(churn), rng.beta(5, 2.2, CUSTOMERS), rng.beta(2.2, 4, CUSTOMERS)).round(2)
    typical = 9_000 * np.maximum(firms["employees"], 3) ** 0.28 * rng.lognormal(0, 0.3, CUSTOMERS)
    frame = pd.DataFrame(
        {
            "name": firm_names(rng, home, division),
            "home_city": home,
            "section": section,
            "division": division,
            **firms,
            "start": start,
            "acv_cny": np.clip(np.rint(typical / 100) * 100, 6_000, 60_000),
            "channel": rng.choice(
                np.array(["direct", "salon", "referral", "online", "partner"], dtype=object),
                CUSTOMERS,
                p=(0.4, 0.15, 0.22, 0.13, 0.1),
            ),
            "health": health,
            "reference_ok": rng.random(CUSTOMERS) < 0.1 + 0.6 * health**2,
            "churn_date": churn,
        }
    )
    frame = frame.sort_values(["start", "name"], kind="stable").reset_index(drop=True)
    frame.insert(0, "customer_id", [f"H{number:05d}" for number in range(1, CUSTOMERS + 1)])
    return frame


def _who(rng, workers: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    sections = np.array(list(SECTIONS), dtype=object)
    home, section = (
        grid.repeat(_STAYERS) for grid in (np.repeat(_HOMES, len(sections)), np.tile(sections, 3))
    )
    drawn = rng.choice(_HOMES, CUSTOMERS - len(home), p=_HOME_SHARES)
    wide = workers.pivot(index="section", columns="city", values="workers_thousand").loc[list(SECTIONS)]
    picked = np.empty(len(drawn), dtype=object)
    for city in _HOMES:
        weights = (wide[city] / pd.Series(UNIT_SIZE) * pd.Series(LISTED))[list(SECTIONS)].to_numpy()
        rows = np.flatnonzero(drawn == city)
        picked[rows] = rng.choice(sections, len(rows), p=weights / weights.sum())
    return np.concatenate([home, drawn]), np.concatenate([section, picked])


def _stay(rng, truths: Truths, home: np.ndarray, section: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last day. New contracts of 2024 follow the section's pull and the city's own."""
    sections = np.array(list(SECTIONS), dtype=object)
    pull = dict(zip(sections, rng.uniform(0.5, 1.2, len(sections)), strict=True))
    pull[truths.growing] = 1.9
    local = {(city, letter): rng.lognormal(0, 0.25) for city in _HOMES for letter in sections}
    new = np.array([0.19 * pull[s] * local[h, s] for h, s in zip(home, section, strict=True)])
    in_2024 = rng.random(CUSTOMERS) < np.clip(new, 0.02, 0.7)
    before = np.datetime64("2024-01-01") - np.ceil(rng.gamma(2.0, 420, CUSTOMERS)).astype(int) * _DAY
    before = np.maximum(before, np.datetime64("2016-03-01"))
    during = np.datetime64("2024-01-01") + rng.integers(0, 366, CUSTOMERS) * _DAY
    later = np.datetime64("2025-01-01") + rng.integers(0, 181, CUSTOMERS) * _DAY
    start = np.where(in_2024, during, np.where(rng.random(CUSTOMERS) < 0.08, later, before))
    life = np.ceil(rng.exponential(365 * rng.uniform(4, 9, CUSTOMERS))).astype(int) + 90
    churn = start + life * _DAY
    stayers = len(_HOMES) * len(sections) * _STAYERS
    start[:stayers] = before[:stayers]
    churn[:stayers] = TODAY + _DAY
    return start, np.where(churn > TODAY, np.datetime64("NaT", "D"), churn)


def launch_panel(rng, truths: Truths) -> pd.DataFrame:
    """Bookings that follow the product law, twelve launches, one of them in a city that was rising already."""
    city, month = np.repeat(np.arange(CITIES), MONTHS), np.tile(np.arange(1, MONTHS + 1), CITIES)
    levels = np.exp(rng.normal(-0.45, 0.42, (3, CITIES)))[:, city]
    drift = np.cumsum(rng.normal(0, 0.05, (3, CITIES, MONTHS)), axis=2).reshape(3, -1)
    md, sd, kd = np.clip(levels * np.exp(drift), 0.08, 1.6).round(3)
    treated = np.zeros(CITIES, dtype=bool)
    treated[rng.choice(CITIES, TREATED, replace=False)] = True
    launch = rng.integers(8, 17, CITIES)
    rising = int(rng.choice(np.flatnonzero(treated)))
    launch[rising] = 15  # a trend of fourteen months before its launch
    after = treated[city] & (month >= launch[city])
    trend = np.where(city == rising, 0.045 * np.minimum(month - launch[rising], 0), 0.0)
    season = 0.08 * np.sin(2 * np.pi * (month - 4) / 12) - 0.25 * (month % 12 == 2)
    law = sum(power * np.log(value) for power, value in zip(truths.law, (md, sd, kd), strict=True))
    noise = rng.normal(0, 0.03, CITIES)[city] + rng.normal(0, 0.08, len(city))
    bookings = np.exp(4.6 + law + season + trend + truths.launch_effect * after + noise)
    months = pd.array(launch[city], dtype="Int64")
    months[~treated[city]] = pd.NA
    return pd.DataFrame(
        {
            "city_id": [f"L{number + 1:02d}" for number in city],
            "month": month,
            "treated": treated[city],
            "launch_month": months,
            "bookings_10k": bookings.round(2),
            "md": md,
            "sd": sd,
            "kd": kd,
        }
    )
