"""Six cities after their first year, and how long customers stay (chapter 12)."""

import numpy as np
import pandas as pd

from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.seeds import stream
from playbook.cases.unit_economics import COHORT_CHANNELS
from playbook.chapters.gates.problem import HOLD, NAMES, SCALE, STOP, VERDICTS, averaged, verdict
from playbook.errors import PlaybookError
from playbook.market.economics import (
    constant_lifetime,
    fit_sbg_counts,
    gate_numbers,
    sbg_lifetime,
    sbg_survival,
)

#: The channel whose customers the exercise follows.
FOLLOWED = "direct"
YEARS = (2020, 2021, 2022, 2023, 2024)
#: Where the three numbers lie when they are green, amber, red: away from the limits.
_RANGES = {
    "payback": {"green": (9, 16.5), "amber": (19.2, 22.8), "red": (26, 36)},
    "cover": {"green": (3.3, 4.6), "amber": (2.2, 2.8), "red": (0.8, 1.7)},
    "density": {"green": (0.86, 1.1), "amber": (0.56, 0.74), "red": (0.2, 0.42)},
}
#: Numbers that are good beyond doubt: those of a city that fails one gate only.
_STRONG = {"payback": (10, 13), "cover": (4.2, 5.5), "density": (0.95, 1.2)}
#: A usual mistake ends at least so far from the answer, as a share of it; the exercise lets half a per cent pass.
_APART = 0.015
#: And so far in at least one of the shares still there; the exercise lets 0.0005 pass.
_SHARES_APART = 0.002
#: The first year's churn for ever understates a lifetime by so much.
_UNDERSTATES = (0.22, 0.33)
_MOST_DRAWS = 4000


def gates(ground: Ground) -> dict[str, pd.DataFrame]:
    """`quarters`, `cohorts`, and the rows of `assumptions` on margin and discount."""
    rng = stream(ground.seed, "gates: assumptions")
    margin = round(float(rng.uniform(0.68, 0.80)), 2)
    rate = float(rng.choice([0.08, 0.09, 0.11, 0.12]))
    rows = [
        (
            "customer_margin",
            "Gross margin: what is left of a yuan that a customer pays after serving him",
            "share",
            margin,
            round(margin - 0.05, 2),
            round(margin + 0.04, 2),
        ),
        (
            "yearly_discount",
            "How much less a yuan counts that comes a year later",
            "share a year",
            rate,
            round(rate - 0.02, 2),
            round(rate + 0.03, 2),
        ),
    ]
    return {
        "assumptions": pd.DataFrame(rows, columns=["name", "meaning", "unit", "usual", "low", "high"]),
        "quarters": _quarters(stream(ground.seed, "quarters"), ground, margin),
        "cohorts": _cohorts(stream(ground.seed, "cohorts"), rate),
    }


def _quarters(rng: np.random.Generator, ground: Ground, margin: float) -> pd.DataFrame:
    own = ground.deal("verdict of the own city", VERDICTS)
    failing = ground.deal("gate that the own city fails", tuple(NAMES))
    month = ground.contract_cny / 12
    cities = ground.tables["densities"][["city", "adcode"]]
    for _ in range(_MOST_DRAWS):
        others = rng.permutation([*(one for one in VERDICTS if one != own), *rng.choice(VERDICTS, 3)])
        parts = []
        rest = iter(others.tolist())
        for row in cities.itertuples(index=False):
            if row.adcode == ground.adcode:
                wanted = _wanted(rng, own, failing)
            else:
                wanted = _wanted(rng, next(rest), str(rng.choice(list(NAMES))))
            parts.append(_year(rng, wanted, month, margin).assign(city=row.city, adcode=row.adcode))
        table = pd.concat(parts, ignore_index=True)
        if _verdicts_hold(table, ground, own, month, margin) and _shortcuts_miss(
            table[table["adcode"] == ground.adcode], month, margin
        ):
            first = ["city", "adcode"]
            return table[[*first, *(name for name in table.columns if name not in first)]]
    raise PlaybookError(
        "no draw of quarters keeps chapter 12's shortcuts away", where=f"the case {ground.adcode}"
    )


def _wanted(rng: np.random.Generator, outcome: str, failing: str) -> dict[str, float]:
    """The three numbers that lead to an outcome; where one fails, the others are strong."""
    if outcome == SCALE:
        limits = {name: _RANGES[name]["green"] for name in NAMES}
    else:
        limits = _STRONG | {failing: _RANGES[failing]["amber" if outcome == HOLD else "red"]}
    return {name: float(rng.uniform(*limits[name])) for name in NAMES}


def _year(rng: np.random.Generator, wanted: dict[str, float], month: float, margin: float) -> pd.DataFrame:
    """Four quarters of a city that end at the wanted numbers."""
    customers = int(rng.integers(110, 220))
    growth = np.array([0.14, 0.23, 0.29, 0.34]) * rng.uniform(0.85, 1.15, 4)
    new = np.maximum((customers * growth / growth.sum()).round().astype(int), 4)
    total = wanted["payback"] * month * margin * new.sum() / 10_000
    opening = total * rng.uniform(0.17, 0.26)
    once = opening * np.array([0.7, 0.3, 0, 0])
    pay = np.array([0.19, 0.24, 0.27, 0.30]) * rng.uniform(0.96, 1.04, 4)
    selling = (total - opening) * pay / pay.sum()
    there = np.concatenate([[0], np.cumsum(new)[:-1]]) + new / 2
    revenue = there * 3 * month / 10_000 * rng.uniform(0.98, 1.02, 4)
    required = int(rng.integers(9, 15))
    ready = np.round(required * wanted["density"] * np.array([0.6, 0.75, 0.9, 1])).astype(int)
    target = revenue * rng.uniform(1.5, 1.9) + rng.uniform(15, 30, 4)
    cover = wanted["cover"] * rng.uniform(0.8, 1.2, 4)
    cover[-1] = wanted["cover"]
    return pd.DataFrame(
        {
            "quarter": [1, 2, 3, 4],
            "revenue_10k": revenue.round(1),
            "selling_cost_10k": selling.round(1),
            "opening_cost_10k": once.round(1),
            "new_customers": new,
            "pipeline_10k": (cover * target).round(1),
            "target_10k": target.round(1),
            "managers_ready": ready,
            "managers_required": required,
        }
    )


def _verdicts_hold(table: pd.DataFrame, ground: Ground, own: str, month: float, margin: float) -> bool:
    """Whether all three verdicts occur, the own one is the dealt one, and an average would let a city through."""
    numbers = gate_numbers(table, month, margin)
    rows = [(row.Index, (row.payback, row.cover, row.density)) for row in numbers.itertuples()]
    found = {city: verdict(*three) for city, three in rows}
    lenient = {city: averaged(*three) for city, three in rows}
    names = table.drop_duplicates("adcode").set_index("adcode")["city"]
    return (
        found[names[ground.adcode]] == own
        and set(found.values()) == set(VERDICTS)
        and any(found[city] != SCALE and lenient[city] == SCALE for city in found)
        and any(found[city] == STOP and lenient[city] == SCALE for city in found)
    )


def _shortcuts_miss(own: pd.DataFrame, month: float, margin: float) -> bool:
    """Whether the usual mistakes with payback and with the magic number end elsewhere."""
    selling, once = own["selling_cost_10k"].to_numpy(), own["opening_cost_10k"].to_numpy()
    new, revenue = own["new_customers"].to_numpy(), own["revenue_10k"].to_numpy()
    every = (selling + once).sum()
    payback = every / new.sum() / margin
    paybacks = [
        every / new.sum(),
        every / new.sum() * margin,
        selling.sum() / new.sum() / margin,
        selling[-1] / new[-1] / margin,
        (selling + once)[0] / new[0] / margin,
        ((selling + once) / new).mean() / margin,
        every / new.sum() / (1 - margin),
        every / new.sum() / margin**2,
    ]
    magic = 4 * (revenue[3] - revenue[2]) / selling[2]
    magics = [
        4 * (revenue[3] - revenue[2]) / selling[3],
        (revenue[3] - revenue[2]) / selling[2],
        4 * (revenue[2] - revenue[1]) / selling[1],
        4 * revenue[3] / selling[2],
        4 * (revenue[3] - revenue[0]) / selling[:3].sum(),
        revenue.sum() / selling.sum(),
        4 * revenue.sum() / selling.sum(),
        12 * (revenue[3] - revenue[2]) / selling[2],
        4 * (revenue[3] - revenue[2]) / (selling + once).sum(),
        revenue[3] / revenue[2],
    ]
    return _apart(payback, paybacks, _APART) and _apart(magic, magics, _APART) and 0.4 <= magic <= 3


def _apart(answer: float, others: list[float], least: float) -> bool:
    return all(abs(other - answer) >= least * abs(answer) for other in others)


def _cohorts(rng: np.random.Generator, rate: float) -> pd.DataFrame:
    """Cohorts of five years by four channels, drawn until no usual mistake gives what the followed one's give."""
    others = [_grid(rng, 110, 300) for channel in COHORT_CHANNELS if channel != FOLLOWED]
    for _ in range(_MOST_DRAWS):
        own = _grid(rng, 280, 640)
        if _shares_hold(own, own + sum(others)) and _lifetime_holds(own, rate):
            break
    else:
        raise PlaybookError("no draw of cohorts keeps chapter 12's shortcuts away")
    left = iter(others)
    rows = []
    for channel in COHORT_CHANNELS:
        grid = own if channel == FOLLOWED else next(left)
        rows += [
            (channel, start, year, int(grid[place, year]))
            for place, start in enumerate(YEARS)
            for year in range(len(YEARS) - place)
        ]
    return pd.DataFrame(rows, columns=["channel", "start_year", "year", "active"])


def _grid(rng: np.random.Generator, fewest: int, most: int) -> np.ndarray:
    """Customers of one channel: cohorts down, years across; missing where a year is not over.

    Args:
        fewest, most: about how many came in the first year and in the last one.
    """
    many = len(YEARS)
    kept = sbg_survival(rng.uniform(0.6, 0.9), rng.uniform(2.5, 4.5), many - 1)
    grid = np.full((many, many), np.nan)
    for place in range(many):
        ages = many - place
        leaving = np.append(-np.diff(kept[:ages]), kept[ages - 1])
        size = int((fewest + (most - fewest) * place / (many - 1)) * rng.uniform(0.8, 1.25))
        gone = np.cumsum(rng.multinomial(size, leaving)[:-1])
        grid[place, :ages] = size - np.append(0, gone)
    return grid


def _shares_hold(own: np.ndarray, whole: np.ndarray) -> bool:
    """Whether the shares still there fall, and differ from what the usual mistakes give."""
    first, shares = own[:, 0], _shares(own)
    risk, kept = _counts(own)
    others = [
        own[0, 1:] / first[0],
        _shares(whole),
        np.nanmean(own[:, 1:] / first[:, None], axis=0),
        np.nansum(own[:, 1:], axis=0) / first.sum(),
        kept / risk,
    ]
    return bool((np.diff(shares) < -0.01).all()) and all(
        np.abs(other - shares).max() >= _SHARES_APART for other in others
    )


def _lifetime_holds(own: np.ndarray, rate: float) -> bool:
    """Whether no usual mistake gives the lifetime, and the first year's churn understates it as it should."""
    curve = fit_sbg_counts(*_counts(own))
    lifetime = sbg_lifetime(curve.alpha, curve.beta, rate=rate)
    fitted, shares = sbg_survival(curve.alpha, curve.beta, 100), _shares(own)
    low, high = _UNDERSTATES
    if not low <= 1 - constant_lifetime(fitted[1], rate) / lifetime <= high:
        return False
    years = np.arange(101.0)
    weights, last = (1 + rate) ** -years, shares[-1] / shares[-2]
    wrong = [
        1 / (1 - shares[0]),
        1 / (1 - fitted[1]),
        constant_lifetime(shares[0], rate),
        1 / (1 - last),
        1 / (1 - fitted[4] / fitted[3]),
        fitted.sum(),
        lifetime - 1,
        lifetime / (1 + rate),
        (fitted * weights)[:5].sum(),
        (fitted * weights)[:11].sum(),
        fitted[:5].sum(),
        fitted[:11].sum(),
        (fitted * weights[1]).sum(),
        (fitted * 1.1**-years).sum(),
        (fitted * (1 - rate) ** years).sum(),
    ]
    return _apart(lifetime, wrong, _APART)


def _counts(grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Customers at the start of each year, and those of them who stayed."""
    risk = np.where(np.isnan(grid[:, 1:]), 0, grid[:, :-1]).sum(axis=0)
    return risk, np.nansum(grid[:, 1:], axis=0)


def _shares(grid: np.ndarray) -> np.ndarray:
    """Of those cohorts that have come so far: the share still there after 1, 2, … years."""
    come = ~np.isnan(grid[:, 1:])
    return np.nansum(grid[:, 1:], axis=0) / (come * grid[:, :1]).sum(axis=0)
