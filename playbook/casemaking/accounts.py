"""The company's account list in one city: who is there, and who needs the product."""

import numpy as np
import pandas as pd

from playbook.casemaking.names import firm_names
from playbook.casemaking.public import district_sections
from playbook.casemaking.truths import Truths

ROWS = 3000
SECTIONS = "CEFGHIJKLM"
#: Persons a unit. Manufacturing: Fourth National Economic Census; the others are assumptions.
UNIT_SIZE = dict(zip(SECTIONS, (32.0, 40, 10, 20, 10, 15, 40, 18, 12, 15), strict=True))
#: How much more likely a firm of the section is on the company's list (fictional).
LISTED = dict(zip(SECTIONS, (2.0, 0.9, 0.8, 0.9, 0.6, 1.1, 0.9, 0.8, 0.9, 1.0), strict=True))
#: Share of exporters by section (fictional).
EXPORTERS = dict(zip(SECTIONS, (0.34, 0.03, 0.24, 0.10, 0.02, 0.10, 0.02, 0.02, 0.06, 0.06), strict=True))
_IT = {"I": 1.0, "J": 0.7, "M": 0.5, "H": -0.3, "E": -0.2}
_REVENUE = {"F": 2.2, "K": 1.8, "J": 2.0, "H": 0.4, "L": 0.6}
DIVISIONS = {
    "C": "13 14 15 17 18 19 20 21 22 23 24 26 27 28 29 30 32 33 34 35 36 37 38 39 40 41",
    "E": "47 48 49 50",
    "F": "51 52",
    "G": "54 55 58 59 60",
    "H": "61 62",
    "I": "63 64 65",
    "J": "66 68 69",
    "K": "70",
    "L": "71 72",
    "M": "73 74 75",
}
RIVALS = np.array(["K1", "K2", "K3", "K4", "K5"], dtype=object)
OWNERS = (["private", "foreign", "state", "collective"], (0.82, 0.08, 0.06, 0.04))
_KM_PER_DEGREE = 111.195


def clean_accounts(rng, truths: Truths, public: dict[str, pd.DataFrame], adcode: str) -> pd.DataFrame:
    """The list without its impurities, ``km`` and ``known`` included for what is made from it."""
    city = public["cities"].set_index("adcode").loc[adcode]
    places = _places(rng, public, adcode)
    sections = places["section"].to_numpy()
    frame = places.assign(division=divisions(rng, sections, places["district_adcode"].to_numpy()))
    frame["name"] = firm_names(rng, frame["district"].to_numpy(), frame["division"].to_numpy())
    coastal = 1.0 if city["belt"] == "East" else 0.6
    frame = frame.assign(**firmographics(rng, sections, coastal * float(rng.uniform(0.9, 1.1))))
    alike = frame.duplicated(["district", "division", "founded", "revenue_10k"])
    frame.loc[alike, "revenue_10k"] = (frame.loc[alike, "revenue_10k"] + 0.1).round(
        1
    )  # two firms, not one twice
    frame["km"] = _distance_km(frame["lat"], frame["lon"], city["lat"], city["lon"])
    frame["comp_installed"] = _rivals(rng, frame["it_maturity"].to_numpy())
    frame["source"] = rng.choice(
        np.array(["registry", "exhibition", "referral", "web"], dtype=object),
        len(frame),
        p=(0.55, 0.2, 0.1, 0.15),
    )
    small = frame["employees"] < 10
    frame["known"] = rng.random(len(frame)) >= np.where(small, *truths.gaps)
    frame["need"] = _need(rng, truths, frame)
    _contacts(rng, frame)
    return frame


def _places(rng, public, adcode) -> pd.DataFrame:
    workers = district_sections(public, adcode, SECTIONS)
    weights = workers / pd.Series(UNIT_SIZE) * pd.Series(LISTED)
    weights = weights[list(SECTIONS)].to_numpy()
    counts = rng.multinomial(ROWS, (weights / weights.sum()).ravel())
    rows = rng.permutation(np.repeat(np.arange(weights.size), counts))
    district, section = np.unravel_index(rows, weights.shape)
    centres = public["districts"].set_index("district_adcode").loc[workers.index]
    radius = np.where(rng.random(ROWS) < 0.75, 3.5, 9.0)
    north, east = np.clip(rng.normal(0, 1, (2, ROWS)), -2.2, 2.2) * radius
    lat = centres["lat"].to_numpy()[district] + north / _KM_PER_DEGREE
    lon = centres["lon"].to_numpy()[district] + east / _KM_PER_DEGREE / np.cos(np.radians(lat))
    return pd.DataFrame(
        {
            "district_adcode": workers.index.to_numpy(dtype=object)[district],
            "district": centres["district"].to_numpy(dtype=object)[district],
            "lat": lat.round(5),
            "lon": lon.round(5),
            "section": np.array(list(SECTIONS), dtype=object)[section],
        }
    )


def divisions(rng, sections: np.ndarray, places: np.ndarray) -> np.ndarray:
    """A division for every firm; each place has its own mix (fictional)."""
    result = np.empty(len(sections), dtype=object)
    for place in pd.unique(pd.Series(places)):
        for section in pd.unique(pd.Series(sections)):
            here = np.flatnonzero((places == place) & (sections == section))
            codes = np.array([section + digits for digits in DIVISIONS[section].split()], dtype=object)
            mix = rng.gamma(0.6, 1, len(codes)) + 0.02
            result[here] = rng.choice(codes, len(here), p=mix / mix.sum())
    return result


def firmographics(rng, sections: np.ndarray, openness: float) -> dict[str, np.ndarray]:
    """Size, revenue, age, export, use of IT and owner of firms (sizes after Axtell 2001)."""
    count = len(sections)
    tail = 18 * (1 + rng.pareto(1.06, count))
    size = np.where(rng.random(count) < 0.88, rng.lognormal(2.1, 0.9, count), tail)
    employees = np.clip(np.rint(size), 1, 20_000).astype("int64")
    per_head = rng.lognormal(np.log(55), 0.6, count) * _by_section(_REVENUE, sections, 1.0)
    export = rng.random(count) < np.minimum(_by_section(EXPORTERS, sections) * openness, 0.9)
    it = (
        1.7
        + 0.5 * np.log10(employees)
        + 0.3 * export
        + _by_section(_IT, sections, 0.0)
        + rng.normal(0, 0.9, count)
    )
    return {
        "employees": employees,
        "revenue_10k": (employees * per_head).round(1),
        "founded": np.clip(2024 - rng.gamma(2.2, 4.5, count), 1980, 2024).astype("int64"),
        "export": export,
        "it_maturity": np.clip(np.rint(it), 1, 5).astype("int64"),
        "owner_type": rng.choice(np.array(OWNERS[0], dtype=object), count, p=OWNERS[1]),
    }


def _by_section(values: dict[str, float], sections: np.ndarray, default: float = 0.0) -> np.ndarray:
    return np.array([values.get(section, default) for section in sections], dtype=float)


def _distance_km(lat, lon, lat0: float, lon0: float) -> np.ndarray:
    """Great-circle distance in km (haversine, radius 6,371 km)."""
    phi, phi0 = np.radians(lat), np.radians(lat0)
    half = (
        np.sin((phi - phi0) / 2) ** 2 + np.cos(phi) * np.cos(phi0) * np.sin(np.radians(lon - lon0) / 2) ** 2
    )
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(half)))


def _rivals(rng, it_maturity: np.ndarray) -> np.ndarray:
    shares = rng.dirichlet(np.array([4.0, 3.0, 2.0, 1.5, 1.0]))
    rivals = rng.choice(RIVALS, len(it_maturity), p=shares)
    return np.where(rng.random(len(it_maturity)) < 0.14 + 0.06 * it_maturity, rivals, None)


def need_design(frame: pd.DataFrame) -> np.ndarray:
    """The columns of the planted logit, in the order of `Truths.need`."""
    return np.column_stack(
        [
            frame["export"],
            frame["it_maturity"] - 2,
            np.log10(frame["employees"].astype(float)) - 1,
            frame["comp_installed"].notna(),
            frame["km"],
            frame["section"] == "C",
            frame["section"] == "F",
        ]
    ).astype(float)


def _need(rng, truths: Truths, frame: pd.DataFrame) -> np.ndarray:
    """Draw who needs the product, again until each planted coefficient can be recovered.

    A draw is taken when one Newton step from the planted coefficients, on the accounts whose size is known,
    moves none of them by more than 1.5 standard errors.
    """
    design = need_design(frame)
    planted = design @ np.array(list(truths.need.values()))
    low, high = -12.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _logistic(planted + middle).mean() < truths.base_need else (low, middle)
    chance = _logistic(planted + low)
    full = np.column_stack([np.ones(len(frame)), design])[frame["known"]]
    weight = (chance * (1 - chance))[frame["known"]]
    inverse = np.linalg.inv(full.T @ (full * weight[:, None]))
    error = np.sqrt(np.diag(inverse))
    while True:
        need = rng.random(len(frame)) < chance
        step = inverse @ (full.T @ (need - chance)[frame["known"]])
        if (np.abs(step) < 1.5 * error).all() and abs(need.mean() - truths.base_need) < 0.006:
            return need


def _logistic(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))


def _contacts(rng, frame: pd.DataFrame) -> None:
    count = len(frame)
    wanted = 0.7 + 0.8 * (frame["employees"] >= 20) + 0.5 * (frame["source"] == "referral")
    frame["visits_12m"] = rng.poisson(wanted)
    frame["contacts"] = rng.poisson(0.5 + 0.3 * frame["visits_12m"])
    known = np.minimum(0.12 + 0.16 * frame["contacts"], 0.85)
    frame["decision_maker_known"] = rng.random(count) < known
    frame["quote_asked"] = rng.random(count) < np.where(frame["need"], 0.45, 0.02)
