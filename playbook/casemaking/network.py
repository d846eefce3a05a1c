"""What the company has, and would need, in the city and in five pilot cities (fictional)."""

import numpy as np
import pandas as pd

from playbook.casemaking.truths import DENSITIES, Truths

PILOTS = 5


def densities(rng, truths: Truths, cities: pd.DataFrame, adcode: str) -> pd.DataFrame:
    """Six cities: each density binds in one of them at least, and one pilot has a density of zero."""
    own = cities[cities["adcode"] == adcode]
    others = cities[(cities["adcode"] != adcode) & (cities["role"] != "home")]
    pilots = others.iloc[np.sort(rng.choice(len(others), PILOTS, replace=False))]
    rest = [name for name in DENSITIES if name != truths.binding]
    binding = [truths.binding, *rng.permutation([*rest, *rng.choice(DENSITIES, PILOTS - 2)])]
    zero = int(rng.choice([row for row in range(1, PILOTS + 1) if binding[row] == truths.zero] or [1]))
    binding[zero] = truths.zero
    rows = []
    for number, city in enumerate(pd.concat([own, pilots]).itertuples()):
        aims = dict(zip(DENSITIES, rng.uniform(0.62, 1.15, 3), strict=True))
        aims[binding[number]] = rng.uniform(0.15, 0.42)
        rows.append(_city(rng, city, aims, truths.zero if number == zero else None))
    return pd.DataFrame(rows)


def _city(rng, city, aims: dict[str, float], zero: str | None) -> dict:
    managers = int(rng.integers(8, 17))
    reps = managers * int(rng.integers(7, 11))
    icp = int(rng.integers(260, 720))
    ready = 0 if zero == "md" else max(1, round(aims["md"] * managers))
    covered = 0 if zero == "kd" else round(aims["kd"] * icp)
    equivalents = round(aims["sd"] * reps, 1)
    return {
        "city": city.city,
        "adcode": city.adcode,
        "managers_ready": ready,
        "managers_required": managers,
        "reps": int(np.ceil(equivalents * rng.uniform(1.15, 1.6))),
        "rep_equivalents": equivalents,
        "reps_required": reps,
        "accounts_icp": icp,
        "accounts_covered": covered,
        "accounts_a": round(covered * rng.uniform(0.15, 0.4)),
        "bench_m0": int(rng.integers(6, 31)),
        "bench_m1": int(rng.integers(2, 13)),
        "bench_m15": int(rng.integers(0, 6)),
    }
