"""The public figures that a case is made from: as published, or resampled for an unseen case."""

import numpy as np
import pandas as pd

from playbook.cases.case import NATION
from playbook.cases.tables import read_table
from playbook.places import data_root

TABLES = ("cities", "city_workers", "districts", "district_workers")
#: Columns of `districts` and the sections each holds; agriculture is left out.
GROUPS = {
    "manufacturing": "C",
    "construction": "E",
    "trade": "F",
    "transport": "G",
    "business_services": "IJLM",
    "other": "BDHKNOPQRS",
}


def published() -> dict[str, pd.DataFrame]:
    """The reference tables as they were published."""
    return {name: read_table(data_root() / "reference" / f"{name}.csv", name) for name in TABLES}


def resampled(
    rng: np.random.Generator, adcode: str, real: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """The same tables with the same codes and names, and every number drawn anew.

    Districts still add up to their city. The section in which the city is most specialised is another one, and
    so is the district with the most workers.
    """
    cities = _cities(rng, real["cities"])
    workers = _city_workers(rng, adcode, real["city_workers"])
    while True:
        detail = _district_workers(rng, real["district_workers"], workers)
        districts = _districts(rng, real["districts"], workers, cities, detail)
        if _first_district(districts, adcode) != _first_district(real["districts"], adcode):
            break
    return {"cities": cities, "city_workers": workers, "districts": districts, "district_workers": detail}


def district_sections(public: dict[str, pd.DataFrame], adcode: str, sections: str) -> pd.DataFrame:
    """Workers (thousands) of a city's districts (rows, by code) in sections (columns).

    As published where a table by section exists, else each group is split as in the whole city.
    """
    known = public["district_workers"]
    known = known[known["adcode"] == adcode]
    if len(known):
        return known.pivot(index="district_adcode", columns="section", values="workers_thousand")[
            list(sections)
        ]
    districts = public["districts"]
    districts = districts[districts["adcode"] == adcode].set_index("district_adcode")
    city = public["city_workers"]
    city = city[city["adcode"] == adcode].set_index("section")["workers_thousand"]
    columns = {}
    for section in sections:
        group = next(group for group, letters in GROUPS.items() if section in letters)
        share = city[section] / city[list(GROUPS[group])].sum()
        columns[section] = districts[f"workers_{group}_thousand"] * share
    return pd.DataFrame(columns)


def _noise(rng: np.random.Generator, spread: float, count: int) -> np.ndarray:
    return np.exp(rng.normal(0, spread, count))


def _shift(rng: np.random.Generator, spread: float, count: int) -> np.ndarray:
    """Degrees to either side, never less than 0.005."""
    return (np.abs(rng.normal(0, spread, count)) + 0.005) * rng.choice([-1.0, 1.0], count)


def _cities(rng: np.random.Generator, real: pd.DataFrame) -> pd.DataFrame:
    cities = real.copy()
    rows = len(cities)
    cities["lat"] = (cities["lat"] + _shift(rng, 0.03, rows)).round(3)
    cities["lon"] = (cities["lon"] + _shift(rng, 0.03, rows)).round(3)
    cities["area_km2"] = (cities["area_km2"] * _noise(rng, 0.1, rows)).round().astype("int64")
    size = _noise(rng, 0.25, rows)
    for column in ("population_2020_thousand", "population_2010_thousand"):
        cities[column] = (cities[column] * size * _noise(rng, 0.03, rows)).round().astype("int64")
    urban = real["urban_population_2020_thousand"] / real["population_2020_thousand"]
    urban = np.clip(urban * _noise(rng, 0.08, rows), 0.3, 0.98)
    cities["urban_population_2020_thousand"] = (
        (cities["population_2020_thousand"] * urban).round().astype("int64")
    )
    wealth = size * _noise(rng, 0.15, rows)
    for column in ("gdp_2020_100m_cny", "gdp_2023_100m_cny"):
        cities[column] = (cities[column] * wealth * _noise(rng, 0.05, rows)).round(1)
    return cities


def _city_workers(rng: np.random.Generator, adcode: str, real: pd.DataFrame) -> pd.DataFrame:
    wide = real.pivot(index="adcode", columns="section", values="workers_thousand").loc[
        real["adcode"].unique()
    ]
    spread = np.where(wide.index == NATION, 0.06, 0.25)[:, None]
    drawn = wide * np.exp(rng.normal(0, 1, wide.shape) * spread)
    _reorder(rng, drawn, wide, adcode)
    long = drawn.round(1).clip(lower=0.2).stack().rename("workers_thousand").reset_index()
    names = real.drop_duplicates("adcode").set_index("adcode")["city"]
    long.insert(1, "city", long["adcode"].map(names))
    return long


def _reorder(rng: np.random.Generator, drawn: pd.DataFrame, real: pd.DataFrame, adcode: str) -> None:
    """Give the city other specialities: the most specialised section is none of the three real ones."""
    nation = drawn.loc[NATION] / drawn.loc[NATION].sum()
    before = _quotients(real, adcode)
    large = [
        s for s in before.index if real.loc[adcode, s] > 0.012 * real.loc[adcode].sum() and s not in "AS"
    ]
    ranked = sorted(large, key=lambda section: -before[section])
    chosen = [str(section) for section in rng.permutation(ranked[3:])[:2]]
    total = drawn.loc[adcode].sum()
    top = max(2.0, 1.15 * float((drawn.loc[adcode] / total / nation)[ranked[:3]].max()))
    for section, factor in zip(chosen, (top, top * 0.85), strict=True):
        share = min(float(nation[section] * factor * rng.uniform(1.0, 1.2)), 0.3)
        drawn.loc[adcode, section] = share * total
    fallen = ranked[int(rng.integers(2))]
    drawn.loc[adcode, fallen] = float(nation[fallen] * rng.uniform(0.8, 1.0)) * total


def _quotients(wide: pd.DataFrame, adcode: str) -> pd.Series:
    city, nation = wide.loc[adcode], wide.loc[NATION]
    return (city / city.sum()) / (nation / nation.sum())


def _first_district(districts: pd.DataFrame, adcode: str) -> str:
    here = districts[districts["adcode"] == adcode].set_index("district_adcode")
    return str(here[[f"workers_{group}_thousand" for group in GROUPS]].sum(axis=1).idxmax())


def _districts(rng, real, workers, cities, detail: pd.DataFrame) -> pd.DataFrame:
    districts = real.copy()
    rows = len(districts)
    districts["lat"] = (districts["lat"] + _shift(rng, 0.02, rows)).round(3)
    districts["lon"] = (districts["lon"] + _shift(rng, 0.02, rows)).round(3)
    size = _noise(rng, 0.4, rows)
    population = cities.set_index("adcode")["population_2020_thousand"]
    drawn = districts["population_thousand"] * size * _noise(rng, 0.1, rows)
    districts["population_thousand"] = _scaled(drawn, districts["adcode"], population).round().astype("int64")
    wide = workers.pivot(index="adcode", columns="section", values="workers_thousand")
    for group, letters in GROUPS.items():
        column = f"workers_{group}_thousand"
        drawn = districts[column] * size * _noise(rng, 0.25, rows)
        districts[column] = _scaled(drawn, districts["adcode"], wide[list(letters)].sum(axis=1)).round(1)
        detailed = detail[detail["section"].isin(list(letters))]
        sums = districts["district_adcode"].map(detailed.groupby("district_adcode")["workers_thousand"].sum())
        districts[column] = sums.round(1).fillna(districts[column])
    return districts


def _scaled(values: pd.Series, city: pd.Series, totals: pd.Series) -> pd.Series:
    return values * city.map(totals) / values.groupby(city).transform("sum")


def _district_workers(rng, real: pd.DataFrame, workers: pd.DataFrame) -> pd.DataFrame:
    districts = real.copy()
    size = {code: rng.lognormal(0, 0.4) for code in districts["district_adcode"].unique()}
    drawn = districts["workers_thousand"].clip(lower=0.1) * _noise(rng, 0.25, len(districts))
    drawn = drawn * districts["district_adcode"].map(size)
    totals = (workers["adcode"] + workers["section"]).to_numpy()
    totals = pd.Series(workers["workers_thousand"].to_numpy(), index=totals)
    districts["workers_thousand"] = _scaled(drawn, districts["adcode"] + districts["section"], totals).round(
        1
    )
    return districts
