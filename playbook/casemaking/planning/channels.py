"""What four ways to sell cost and bring, their response curves, and the salons of the last year (chapter 11)."""

from itertools import combinations

import numpy as np
import pandas as pd

from playbook.casemaking.dealt import BOOKS_CASE
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.seeds import stream
from playbook.cases.market_density import WAYS
from playbook.errors import PlaybookError
from playbook.market.channels import adbudg

#: The way whose next win is cheapest, dealt; single talks are full in every city.
CHEAPEST_NEXT = WAYS[1:]
#: The three cheapest of the book's own case; no other case has this order, so that copying it fails.
ORDER_OF_THE_BOOK = ("salon", "ecosystem", "online")
#: Small and large money of the chapter's figure, CNY 10,000 a quarter.
SMALL, LARGE = 10.0, 50.0
_AT_ONCE, _MOST_DRAWS, _MOST_SALONS = 4000, 40, 400
#: A shortcut reaches at most so much of the best mix: twice what the exercise lets pass.
_CLEARLY_LESS, _FULL = 0.94, 0.75
#: Costs of a win that follow each other in a ranking differ by this factor.
_APART = 1.12
#: Least and most of top, shape, half, and of today's money, by way.
_TOP = ((16, 24), (20, 36), (22, 40), (34, 60))
_SHAPE = ((1.0, 1.3), (1.3, 1.9), (1.3, 2.0), (1.6, 2.4))
_HALF = ((14, 22), (18, 36), (20, 42), (35, 60))
_TODAY = ((24, 38), (5, 16), (5, 16), (3, 16))
#: Of the money the part that is pay, and of the leads the part that is won.
_PAY, _WON = (0.78, 0.45, 0.35, 0.55), (0.2, 0.12, 0.05, 0.16)
_MONTHS, _SALONS = 12, 40
#: A budget in thirty parts, and all ways to give them to three.
_PARTS = 30
_STEPS_OF_THREE = np.array(
    [(one, two, _PARTS - one - two) for one in range(_PARTS + 1) for two in range(_PARTS + 1 - one)]
).T


def channels(ground: Ground) -> dict[str, pd.DataFrame]:
    """`channel_months`, `channel_curves`, `salons`, and the rows of `assumptions` on the budget and a guest's cost."""
    rng = stream(ground.seed, "channels")
    first = WAYS.index(ground.deal("cheapest next win", CHEAPEST_NEXT))
    book = ground.adcode == BOOKS_CASE and not ground.unseen
    for _ in range(_MOST_DRAWS):
        for shape, spent in _candidates(rng, first):
            if not _no_shortcut(shape, 5.0 * round(spent.sum() / 5)):
                continue
            months = _months(rng, shape, spent)
            budget = 5.0 * round(_today(months).sum() / 5)
            if _answers_differ(shape, months, first, book) and _no_shortcut(shape, budget):
                salons, guest = _salons(rng, ground, shape, _today(months)[0])
                top, c, half = shape
                return {
                    "channel_months": _listed(months),
                    "channel_curves": pd.DataFrame({"channel": WAYS, "top": top, "c": c, "half_10k": half}),
                    "salons": salons,
                    "assumptions": _assumptions(budget, guest),
                }
    raise PlaybookError("no draw of curves fits chapter 11", where=f"the case {ground.adcode}")


def _candidates(rng: np.random.Generator, first: int):
    """Curves and today's money by way, drawn many at once: what can be told without a search is told here."""
    size = (_AT_ONCE, len(WAYS))
    top = rng.uniform(*np.transpose(_TOP), size).round(1)
    shape = rng.uniform(*np.transpose(_SHAPE), size).round(2)
    half = rng.uniform(*np.transpose(_HALF), size).round(1)
    today = rng.uniform(*np.transpose(_TODAY), size).round(1)
    small, large = adbudg(SMALL, top, shape, half), adbudg(LARGE, top, shape, half)
    now = adbudg(today, top, shape, half)
    after = 1 / (adbudg(today + 1, top, shape, half) - now)
    average = today / now
    ranked = np.sort(after, axis=1)
    good = (
        (small[:, 0] > 1.15 * small[:, 1:].max(axis=1))
        & (large[:, 0] < 0.9 * large[:, 1:].min(axis=1))
        & (now.min(axis=1) >= 1)
        & (after.argmin(axis=1) == first)
        & (average.argmin(axis=1) != first)
        & ((ranked[:, 1:] / ranked[:, :-1]).min(axis=1) > _APART)
        & (after[:, 0] < 9)
    )
    for row in np.flatnonzero(good):
        yield np.array([top[row], shape[row], half[row]]), today[row]


def _months(rng: np.random.Generator, shape: np.ndarray, today: np.ndarray) -> dict[str, np.ndarray]:
    """Twelve months, month x way, that agree with the curves within a few contracts."""
    size = (_MONTHS, len(WAYS))
    grows = np.repeat(np.linspace(rng.uniform(0.82, 0.95, len(WAYS)), 1, 4), 3, axis=0)
    grows[:, 0] = 1
    money = today / 3 * grows * np.exp(rng.normal(0, 0.05, size))
    pay = (money * _PAY * np.exp(rng.normal(0, 0.03, size))).round(1)
    expected = adbudg(3 * money, *shape) / 3 * np.exp(rng.normal(0, 0.06, size))
    wins = np.diff(np.floor(np.cumsum(expected, axis=0) + rng.random(len(WAYS))), axis=0, prepend=0)
    leads = wins + rng.poisson(expected * (1 / np.array(_WON) - 1))
    spend = (money - pay).clip(0.1).round(1)
    return {"spend_10k": spend, "pay_10k": pay, "leads": leads.astype(int), "wins": wins.astype(int)}


def _listed(months: dict[str, np.ndarray]) -> pd.DataFrame:
    """The months as the case ships them, way by way."""
    rows = {"channel": np.repeat(WAYS, _MONTHS), "month": np.tile(np.arange(1, _MONTHS + 1), len(WAYS))}
    return pd.DataFrame(rows | {name: table.T.ravel() for name, table in months.items()})


def _today(months: dict[str, np.ndarray]) -> np.ndarray:
    """Money of the last quarter, by way."""
    return (months["spend_10k"] + months["pay_10k"])[-3:].sum(axis=0)


def _answers_differ(shape: np.ndarray, months: dict[str, np.ndarray], first: int, book: bool) -> bool:
    """Whether averages and next wins are ranked clearly and differently, and no other reading gives the answer."""
    spend, pay, leads, wins = (months[name].sum(axis=0) for name in ("spend_10k", "pay_10k", "leads", "wins"))
    if wins.min() < 4:
        return False
    today = _today(months)
    now = adbudg(today, *shape)
    after = 1 / (adbudg(today + 1, *shape) - now)
    average = (spend + pay) / wins
    ranked = np.sort(after)
    top = after.argsort()[:3].tolist()
    # The ways that have a hint of their own lead to different answers.
    hinted = [average, -after, -now]
    others = [*hinted, today / now, leads / (spend + pay), spend / wins, now, today, -wins, wins]
    if len({tuple(one.argsort()[:3].tolist()) for one in hinted}) < len(hinted):
        return False
    return (
        after.argmin() == first
        and (tuple(WAYS[place] for place in top) == ORDER_OF_THE_BOOK) == book
        and average.argmin() != first
        and (ranked[1:] / ranked[:-1]).min() > 1.06
        and all(other.argsort()[:3].tolist() != top for other in others)
    )


def _no_shortcut(shape: np.ndarray, budget: float) -> bool:
    """Whether all in one way, and equal parts of two or three, reach clearly less than a mix in steps of a thirtieth.

    The best mix of all brings at least as much as the best of those in steps.
    """
    wins = adbudg(np.arange(_PARTS + 1)[:, None] * budget / _PARTS, *shape)
    alone = wins[-1]
    equal = max(
        wins[_PARTS // size, list(some)].sum()
        for size in (2, 3)
        for some in combinations(range(len(WAYS)), size)
    )
    one, two, three = _STEPS_OF_THREE
    best = max(
        (wins[one, a] + wins[two, b] + wins[three, c]).max() for a, b, c in combinations(range(len(WAYS)), 3)
    )
    return max(equal, alone.max()) <= _CLEARLY_LESS * best and alone[0] <= _FULL * best


def _salons(
    rng: np.random.Generator, ground: Ground, shape: np.ndarray, today: float
) -> tuple[pd.DataFrame, int]:
    """Forty salons, and what a guest costs, so that the break-even is a clear number of guests."""
    direct = shape[:, 0]
    win = 10_000 / (adbudg(today + 1, *direct) - adbudg(today, *direct))
    codes = ground.districts["district_adcode"].to_numpy()
    for _ in range(_MOST_SALONS):
        guest = 10 * int(rng.integers(16, 41))
        cost = 100 * np.round(rng.uniform(120, 320) * np.exp(rng.normal(0, 0.25, _SALONS)))
        invited = rng.integers(60, 160, _SALONS)
        attended = np.round(invited * rng.uniform(0.22, 0.42, _SALONS)).astype(int)
        wins = rng.binomial(attended, rng.uniform(0.02, 0.045))
        share, asked = wins.sum() / attended.sum(), wins.sum() / invited.sum()
        worth = share * win - guest
        exact = cost.mean() / worth if worth > 0 else 0.0
        if not 12 < exact < 45 or not 0.2 < exact % 1 < 0.8:
            continue
        others = [cost.mean() / (share * win), cost.mean() / (win - guest)]
        others += [cost.mean() / (asked * win - guest)] if asked * win > guest else []
        if min(abs(np.ceil(other) - np.ceil(exact)) for other in others) < 2:
            continue
        days = pd.Timestamp("2024-01-08") + pd.to_timedelta(np.sort(rng.integers(0, 350, _SALONS)), unit="D")
        table = pd.DataFrame(
            {
                "salon_id": [f"L{number:02d}" for number in range(1, _SALONS + 1)],
                "date": days,
                "district_adcode": rng.choice(codes, _SALONS),
                "cost_cny": cost,
                "invited": invited,
                "attended": attended,
                "wins_90d": wins,
            }
        )
        return table, guest
    raise PlaybookError("no draw of salons breaks even in chapter 11", where=f"the case {ground.adcode}")


def _assumptions(budget: float, guest: int) -> pd.DataFrame:
    rows = [
        (
            "mix_budget_10k",
            "Money for the next quarter, all ways to sell together",
            "CNY 10,000",
            budget,
            15.0,
        ),
        (
            "guest_cny",
            "What each guest of a salon adds: meal, papers, two calls afterwards",
            "CNY",
            guest,
            60.0,
        ),
    ]
    return pd.DataFrame(
        [(*row[:4], row[3] - row[4], row[3] + row[4]) for row in rows],
        columns=["name", "meaning", "unit", "usual", "low", "high"],
    )
