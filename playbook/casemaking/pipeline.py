"""What the company has tried in the city: opportunities, and who spoke for it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.casemaking.truths import Truths

OPPORTUNITIES = 1800
REFERENCES = 900
REFERRERS = 120
#: The records end here.
TODAY = np.datetime64("2025-06-30")
LARGE = 20  # employees
_GRADES = np.array(["A", "B", "C"], dtype=object)
_GRADE_MIX = {True: (0.58, 0.30, 0.12), False: (0.10, 0.30, 0.60)}
_CHANNELS = np.array(["direct", "salon", "referral", "online", "partner"], dtype=object)
_REASONS = np.array(["price", "no_decision", "timing", "competitor"], dtype=object)
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class _Deal:
    """How the opportunities of one case are dealt (fictional).

    Args:
        shares: share of opportunities in sections C and F.
        large: share of large accounts in the better, the worse and the other sections.
        wins: chance of a win by grade.
        edge: how much more often than that the better section wins, and the worse one less often.
        still_open: share not closed yet.
    """

    shares: dict[str, float]
    large: dict[str, float]
    wins: dict[str, float]
    edge: float
    still_open: float


def _deal(rng: np.random.Generator) -> _Deal:
    return _Deal(
        shares={"C": rng.uniform(0.33, 0.38), "F": rng.uniform(0.26, 0.30)},
        large={
            "better": rng.uniform(0.14, 0.20),
            "worse": rng.uniform(0.70, 0.78),
            "other": rng.uniform(0.3, 0.4),
        },
        wins={"A": rng.uniform(0.57, 0.66), "B": rng.uniform(0.26, 0.32), "C": rng.uniform(0.07, 0.1)},
        edge=rng.uniform(0.03, 0.04),
        still_open=rng.uniform(0.17, 0.23),
    )


def clean_opportunities(rng, truths: Truths, accounts: pd.DataFrame) -> pd.DataFrame:
    """Opportunities in which one of C and F wins more within each grade and size, and less overall.

    Wins are dealt as quotas over section × size × grade, so that the reversal is sure; who wins within a cell
    depends on export, the competitor met and the channel.
    """
    deal = _deal(rng)
    frame = _cells(rng, truths, deal, accounts)
    count = len(frame)
    rivals = frame["comp_installed"].fillna("none")
    met = np.where(
        rng.random(count) < 0.15, rng.choice(np.array(["K1", "K2", "K3"], dtype=object), count), rivals
    )
    frame["competitor"] = met
    frame["channel"] = rng.choice(_CHANNELS, count, p=(0.42, 0.16, 0.14, 0.16, 0.12))
    frame["status"] = _status(rng, truths, deal, frame)
    frame["stage"] = _stages(rng, frame["status"].to_numpy())
    frame["amount_cny"] = _amounts(rng, frame["employees"].astype(float).fillna(10).to_numpy())
    frame["loss_reason"] = _reasons(rng, frame)
    frame["rep_id"] = [f"R{number:03d}" for number in rng.integers(1, 13, count)]
    _dates(rng, frame)
    frame = frame.sort_values(["created", "account_id"], kind="stable").reset_index(drop=True)
    frame.insert(0, "opportunity_id", [f"O{number:05d}" for number in range(1, count + 1)])
    return frame


def _cells(rng, truths: Truths, deal: _Deal, accounts: pd.DataFrame) -> pd.DataFrame:
    """Accounts for the opportunities, with the size mix of their section and a grade."""
    pool = accounts[~accounts["twin"] & accounts["known"]]
    large = (pool["employees"] >= LARGE).to_numpy()
    sections = pool["section"].to_numpy()
    weights = np.where(pool["need"], 2.5, 1.0)
    parts = []
    rest = OPPORTUNITIES - sum(round(share * OPPORTUNITIES) for share in deal.shares.values())
    for name in ("C", "F", "other"):
        total = rest if name == "other" else round(deal.shares[name] * OPPORTUNITIES)
        role = "other" if name == "other" else ("better" if name == truths.better else "worse")
        here = ~np.isin(sections, ["C", "F"]) if name == "other" else sections == name
        big = round(deal.large[role] * total)
        for is_large, wanted in ((True, big), (False, total - big)):
            rows = np.flatnonzero(here & (large == is_large))
            chance = weights[rows] / weights[rows].sum()
            part = pool.iloc[rng.choice(rows, wanted, p=chance)].assign(large=is_large)
            parts.append(part.assign(grade=_dealt(rng, _GRADES, _GRADE_MIX[is_large], wanted)))
    return pd.concat(parts, ignore_index=True)


def _dealt(rng, values: np.ndarray, shares, count: int) -> np.ndarray:
    """``count`` values in the given shares to the nearest one, in random order."""
    edges = np.rint(np.cumsum(shares) * count).astype(int)
    return rng.permutation(np.repeat(values, np.diff(edges, prepend=0)))


def _status(rng, truths: Truths, deal: _Deal, frame: pd.DataFrame) -> np.ndarray:
    status = np.full(len(frame), "lost", dtype=object)
    likely = (
        0.6 * frame["export"]
        - 0.7 * (frame["competitor"] != "none")
        + 0.5 * (frame["channel"] == "referral")
        + rng.gumbel(0, 1, len(frame))
    ).to_numpy()
    for (section, _large, grade), rows in frame.groupby(["section", "large", "grade"]).indices.items():
        rows = rng.permutation(rows)
        still_open = round(deal.still_open * len(rows))
        status[rows[:still_open]] = "open"
        closed = rows[still_open:]
        if section in "CF":
            wins = round(
                (deal.wins[grade] + (deal.edge if section == truths.better else -deal.edge)) * len(closed)
            )
        else:
            chance = np.clip(deal.wins[grade] + truths.win_effects[section], 0.02, 0.9)
            wins = int(rng.binomial(len(closed), chance))
        status[closed[np.argsort(-likely[closed], kind="stable")[:wins]]] = "won"
    return status


def _stages(rng, status: np.ndarray) -> np.ndarray:
    early = rng.choice(
        np.array(["S1", "S2", "S3", "S4"], dtype=object), len(status), p=(0.3, 0.3, 0.25, 0.15)
    )
    return np.where(status == "won", "S5", early)


def _amounts(rng, employees: np.ndarray) -> np.ndarray:
    """Annual contract values between CNY 6,000 and 60,000, in hundreds (fictional)."""
    typical = 9_000 * np.maximum(employees, 3) ** 0.28
    return np.clip(np.rint(typical * rng.lognormal(0, 0.35, len(employees)) / 100) * 100, 6_000, 60_000)


def _reasons(rng, frame: pd.DataFrame) -> np.ndarray:
    faced = rng.choice(_REASONS, len(frame), p=(0.3, 0.3, 0.15, 0.25))
    alone = rng.choice(_REASONS[:3], len(frame), p=(0.35, 0.45, 0.2))
    reason = np.where(frame["competitor"] == "none", alone, faced)
    return np.where(frame["status"] == "lost", reason, None)


def _dates(rng, frame: pd.DataFrame) -> None:
    count = len(frame)
    is_open = (frame["status"] == "open").to_numpy()
    days = np.clip(np.rint(rng.lognormal(np.where(frame["grade"] == "A", 4.0, 3.7), 0.5)), 5, 240).astype(int)
    closed = TODAY - rng.integers(0, 480, count) * _DAY
    age = rng.integers(1, 150, count)
    frame["created"] = np.where(is_open, TODAY - age * _DAY, closed - days * _DAY)
    frame["closed"] = np.where(is_open, np.datetime64("NaT", "D"), closed)
    frame["cycle_days"] = pd.array(days, dtype="Int64")
    frame.loc[is_open, "cycle_days"] = pd.NA


def references(rng, accounts: pd.DataFrame, opportunities: pd.DataFrame) -> pd.DataFrame:
    """Who spoke for the company to whom: the best referrers are like their prospects, not large."""
    won = opportunities[opportunities["status"] == "won"].sort_values("closed").drop_duplicates("account_id")
    people = accounts[~accounts["twin"]].set_index("account_id")
    since = won.set_index("account_id")["closed"]
    since = since[since.to_numpy() < TODAY - 30 * _DAY]
    referrers = rng.choice(since.index.to_numpy(dtype=object), min(REFERRERS, len(since)), replace=False)
    eager = rng.lognormal(0, 0.7, len(referrers))
    speaker = rng.choice(len(referrers), REFERENCES, p=eager / eager.sum())
    speaker[: len(referrers)] = np.arange(len(referrers))  # everyone spoke at least once
    listeners = _listeners(rng, people, referrers[speaker])
    first, second = people.loc[referrers[speaker]], people.loc[listeners]
    same = first["section"].to_numpy() == second["section"].to_numpy()
    sizes = [np.log10(part["employees"].astype(float).fillna(10).to_numpy()) for part in (first, second)]
    like = 0.35 * same + 0.35 * np.exp(-np.abs(sizes[0] - sizes[1]))
    influence = np.clip(like * rng.uniform(0.6, 1.4, REFERENCES), 0.02, 0.98).round(2)
    converted = rng.random(REFERENCES) < np.clip(0.05 + 0.6 * influence, 0, 0.9)
    start = since.loc[referrers[speaker]].to_numpy().astype("datetime64[D]")
    room = (TODAY - start) / _DAY
    frame = pd.DataFrame(
        {
            "referrer_id": referrers[speaker],
            "prospect_id": listeners,
            "date": start + np.ceil(rng.random(REFERENCES) * room).astype(int) * _DAY,
            "influence": influence,
            "converted": converted,
            "years_to_convert": np.clip(rng.gamma(2.0, 0.45, REFERENCES), 0.1, 4).round(2),
            "clv_cny": _lifetime_values(rng, second["employees"].astype(float).fillna(10).to_numpy()),
        }
    )
    frame = frame.sort_values(["date", "referrer_id", "prospect_id"], kind="stable").reset_index(drop=True)
    frame.insert(0, "reference_id", [f"F{number:05d}" for number in range(1, REFERENCES + 1)])
    return frame


def _listeners(rng, people: pd.DataFrame, speakers: np.ndarray) -> np.ndarray:
    ids = people.index.to_numpy(dtype=object)
    listeners = rng.choice(ids, len(speakers))
    section = people["section"]
    own = section.loc[speakers].to_numpy()
    for letter in pd.unique(section):
        rows = np.flatnonzero((own == letter) & (rng.random(len(speakers)) < 0.65))
        listeners[rows] = rng.choice(ids[(section == letter).to_numpy()], len(rows))
    while (clash := listeners == speakers).any():
        listeners[clash] = rng.choice(ids, int(clash.sum()))
    return listeners


def _lifetime_values(rng, employees: np.ndarray) -> np.ndarray:
    """Contract value × margin × years of life, in CNY (fictional)."""
    return np.rint(_amounts(rng, employees) * 0.7 * rng.uniform(2, 6, len(employees)) / 100) * 100
