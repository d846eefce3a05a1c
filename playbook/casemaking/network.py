"""What the company has, and would need, in the city and in five pilot cities (fictional).

What it has in the city itself is counted in its history; the five pilots have no records but these.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.casemaking.calendar import DAY
from playbook.casemaking.dealt import DENSITIES
from playbook.casemaking.history import History
from playbook.casemaking.parameters import TODAY
from playbook.casemaking.truths import Truths

PILOTS = 5
_SUPERVISORS = 3  # for a new region, in the exercise
#: So near to a whole tenth, two decimals show no more than one; with the tolerance of chapter 1's first question.
_ROUND_NUMBER = 0.006


#: The answer of the worked example to "what helps the city at zero": a city and its density.
BOOKS_ZERO = ("Quanzhou", "kd")


@dataclass(frozen=True)
class Office:
    """What the plan asks for in the city: densities to aim at, managers, and sellers on the payroll."""

    aims: dict[str, float]
    managers_required: int
    managers_ready: int
    payroll: int


def office(rng, truths: Truths) -> Office:
    """Draw the plan of the city's own office; the dealt density is the lowest by far."""
    aims = {name: float(rng.uniform(0.64, 0.90)) for name in DENSITIES}
    aims[truths.binding] = float(rng.uniform(0.22, 0.38))
    required = int(rng.integers(9, 14))
    ready = max(2, round(aims["md"] * required))
    payroll = int(rng.integers(15, 23) if truths.binding == "sd" else rng.integers(30, 43))
    return Office(aims, required, ready, payroll)


def densities(
    rng, truths: Truths, cities: pd.DataFrame, adcode: str, plan: Office, own: dict
) -> pd.DataFrame:
    """Six cities: each density binds in one of them at least, and one pilot has a density of zero.

    Drawn again until no shortcut of chapter 1 gives its answers.
    """
    others = cities[(cities["adcode"] != adcode) & (cities["role"] != "home")]
    city = cities[cities["adcode"] == adcode].iloc[0]
    while True:
        pilots = others.iloc[np.sort(rng.choice(len(others), PILOTS, replace=False))]
        rest = [name for name in DENSITIES if name != truths.binding]
        binding = [*rng.permutation([*rest, *rng.choice(DENSITIES, PILOTS - 2)])]
        rich = int(rng.integers(PILOTS))  # more than needed of one thing
        zero = int(rng.choice([n for n in range(PILOTS) if n != rich]))
        binding[zero] = truths.zero
        rows = [{"city": city["city"], "adcode": adcode, **own, **_bench(rng)}]
        for number, pilot in enumerate(pilots.itertuples()):
            aims = {name: float(rng.uniform(0.62, 0.97)) for name in DENSITIES}
            aims[binding[number]] = rng.uniform(0.15, 0.42)
            if number == zero and (pilot.city, truths.zero) == BOOKS_ZERO and truths.dealt.entry:
                break  # the book's answer would be this city's
            if number == rich:
                free = [name for name in DENSITIES if name != binding[number]]
                aims[free[int(rng.integers(2))]] = rng.uniform(1.07, 1.17)
            rows.append(_pilot(rng, pilot, aims, truths.zero if number == zero else None))
        table = pd.DataFrame(rows)
        if len(rows) == PILOTS + 1 and _holds(table, truths):
            return table


def counted(history: History, accounts: pd.DataFrame, plan: Office) -> dict:
    """The city's own row, from its sellers and from who has a running relation with the company."""
    people, deals = history.people, history.deals
    equivalents = round(people.equivalents(), 1)
    customers = history.customers
    still = customers["left"].isna()
    running = set(customers.loc[still, "account_id"]) | set(
        deals.loc[deals["status"] == "open", "account_id"]
    )
    warm = deals[(deals["closed"] >= TODAY - 270 * DAY) & deals["grade"].isin(["A", "B"])]
    running |= set(warm["account_id"])
    known = accounts[~accounts["twin"] & accounts["decision_maker_known"] & (accounts["visits_12m"] > 0)]
    running |= set(known.loc[known["need"], "account_id"])
    graded = deals.drop_duplicates("account_id", keep="last").set_index("account_id")["grade"]
    return {
        "managers_ready": plan.managers_ready,
        "managers_required": plan.managers_required,
        "reps": len(people.active),
        "rep_equivalents": equivalents,
        "reps_required": reps_required(equivalents, plan.aims["sd"]),
        "accounts_icp": round(len(running) / plan.aims["kd"]),
        "accounts_covered": len(running),
        "accounts_a": int((graded.reindex(sorted(running)) == "A").sum()),
    }


def reps_required(equivalents: float, aim: float) -> int:
    """The sellers that the plan asks for: by the aim, and more where the density would be a round number.

    Chapter 1 asks for the density and must tell it from the same number rounded to one digit.
    """
    required = max(1, round(equivalents / aim))
    while abs(equivalents / required - round(equivalents / required, 1)) < _ROUND_NUMBER:
        required += 1
    return required


def ratios(table: pd.DataFrame) -> pd.DataFrame:
    """The three densities of each row."""
    return pd.DataFrame(
        {
            "md": table["managers_ready"] / table["managers_required"],
            "sd": table["rep_equivalents"] / table["reps_required"],
            "kd": table["accounts_covered"] / table["accounts_icp"],
        }
    )


def _pilot(rng, city, aims: dict[str, float], zero: str | None) -> dict:
    managers = int(rng.integers(8, 17))
    reps = managers * int(rng.integers(4, 8))
    icp = int(rng.integers(260, 720))
    ready = 0 if zero == "md" else max(1, round(aims["md"] * managers))
    covered = 0 if zero == "kd" else round(aims["kd"] * icp)
    equivalents = 0.0 if zero == "sd" else round(aims["sd"] * reps, 1)
    return {
        "city": city.city,
        "adcode": city.adcode,
        "managers_ready": ready,
        "managers_required": managers,
        "reps": 0 if zero == "sd" else int(np.ceil(equivalents * rng.uniform(1.25, 1.7))),
        "rep_equivalents": equivalents,
        "reps_required": reps,
        "accounts_icp": icp,
        "accounts_covered": covered,
        "accounts_a": round(covered * rng.uniform(0.15, 0.4)),
        **_bench(rng),
    }


def _bench(rng) -> dict[str, int]:
    return {
        "bench_m0": int(rng.integers(6, 31)),
        "bench_m1": int(rng.integers(2, 13)),
        "bench_m15": int(rng.integers(0, 6)),
    }


def _holds(table: pd.DataFrame, truths: Truths) -> bool:
    """Whether densities bind as dealt, by a clear margin, and every shortcut of chapter 1 fails."""
    values = ratios(table)
    ordered = np.sort(values.to_numpy(), axis=1)
    binding = values.idxmin(axis=1)
    if binding[0] != truths.binding or set(binding) != set(DENSITIES) or (values > 1.2).any(axis=None):
        return False
    if (ordered[:, 1] - ordered[:, 0] <= 0.12).any() or (values == 0).to_numpy().sum() != 1:
        return False
    index = values.prod(axis=1)
    gaps = np.diff(np.sort(index.to_numpy()))
    if (gaps < 0.015).any() or (values.clip(upper=1).prod(axis=1) - index).abs().max() < 0.004:
        return False
    best = index.sort_values(ascending=False).index.tolist()
    shortcuts = [
        values.mean(axis=1),
        values.max(axis=1),
        values.min(axis=1),
        values["md"],
        values["sd"],
        values["kd"],
        table["reps"],
        table["accounts_covered"],
        values.assign(sd=table["reps"] / table["reps_required"]).prod(axis=1),
        values["md"] * values["kd"],
        values["md"] * values["sd"],
        values["sd"] * values["kd"],
    ]
    if any(way.sort_values(ascending=False, kind="stable").index.tolist() == best for way in shortcuts):
        return False
    m15, m1 = table["bench_m15"], table["bench_m1"]
    regions = np.minimum(m15, m1 // _SUPERVISORS)
    ways = [
        m15,
        m1 // _SUPERVISORS,
        np.minimum(m15, m1 // 2),
        np.minimum(m15, (m1 / _SUPERVISORS).round()),
        np.minimum(m15, m1 / _SUPERVISORS),
        np.minimum(table["bench_m0"], m1 // _SUPERVISORS),
    ]
    pooled = min(m15.sum(), m1.sum() // _SUPERVISORS)
    return regions.sum() >= 3 and pooled > regions.sum() and not any((way == regions).all() for way in ways)
