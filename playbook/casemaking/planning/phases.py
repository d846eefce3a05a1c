"""A city in its ninth month and four pilots, month by month (chapter 11)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.casemaking.dealt import BOOKS_CASE
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.seeds import stream
from playbook.cases.market_density import CITY_IDS
from playbook.errors import PlaybookError
from playbook.market.phases import (
    BEYOND_LEAST,
    GROWTH_LEAST,
    LONGEST,
    PHASES,
    RISE_LEAST,
    STOCK_LEAST,
    VERDICTS,
    lagged,
)

#: Months from visits to bookings, of which one is dealt to a city; the book's own is another, so that copying it fails.
LAGS, LAG_OF_THE_BOOK = (1, 2, 4), 3
#: The own city is no longer new and does not yet harvest.
OWN_PHASES = ("cultivate", "grow", "sow")
OWN_MONTH, OLDEST = 9, 24
_CONTRACT_10K = 1.8
#: Sellers of the oldest pilot, and of the one that harvests: few of them, so that bookings do not give it away.
_SELLERS = {"oldest": (7, 10), "harvest": (3, 5)}
_MOST_DRAWS, _MOST_CITIES = 400, 60
#: The best lag's correlation leads the next one by so much, and the field is at least so clear.
_LEAD, _CLEAR = 0.06, 0.35
#: How far a sign stays from the number that decides: firms, and shares of it.
_STOCK_OFF, _OFF = 12, 0.06


@dataclass(frozen=True)
class _Plan:
    """What a city is to show.

    Attributes:
        months: its age. full_since: the first month with all its sellers.
        phase: of the four. grows: its stock of A and B firms. pays: its bookings reach its cost.
    """

    months: int
    full_since: int
    sellers: int
    phase: str
    grows: bool
    pays: bool


def phases(ground: Ground) -> dict[str, pd.DataFrame]:
    """`city_months`: the own city and four pilots; lag, own phase and own verdict as dealt."""
    rng = stream(ground.seed, "city months")
    lag = lag_of(ground)
    own = ground.deal("own phase", OWN_PHASES)
    verdict = ground.deal("own verdict", VERDICTS[::-1])
    for _ in range(_MOST_CITIES):
        plans = {"own": _own(rng, lag, own, verdict), **_pilots(rng, lag)}
        if not _told_by_rule_only(plans, lag):
            continue
        oldest = max(plans, key=lambda name: plans[name].months)
        checks = {oldest: _tells, "own": _does_not_tell}
        months: dict[str, dict[str, np.ndarray]] = {}
        for name in sorted(plans, key=lambda one: (one != oldest, one != "own")):
            found = _months(rng, plans[name], lag, checks.get(name))
            if found is None:
                break
            months[name] = found
        if len(months) < len(plans) or _by_bookings(plans, months):
            continue
        frames = [pd.DataFrame({"city_id": name, **months[name]}) for name in CITY_IDS]
        return {"city_months": pd.concat(frames, ignore_index=True)}
    raise PlaybookError("no draw shows the phases of chapter 11", where=f"the case {ground.adcode}")


def lag_of(ground: Ground) -> int:
    """The lag that is planted."""
    book = ground.adcode == BOOKS_CASE and not ground.unseen
    return LAG_OF_THE_BOOK if book else ground.deal("lag", LAGS)


def _own(rng: np.random.Generator, lag: int, phase: str, verdict: str) -> _Plan:
    """Month nine, with costs ahead of the bookings; two signs as the verdict wants them."""
    grows = verdict == "continue" or (verdict == "hold" and rng.random() < 0.5)
    waits = verdict == "continue" or (verdict == "hold" and not grows)
    full = (
        int(rng.integers(OWN_MONTH - lag + 1, max(OWN_MONTH, OWN_MONTH - lag + 2)))
        if waits
        else int(rng.integers(3, OWN_MONTH - lag + 1))
    )
    return _Plan(OWN_MONTH, full, int(rng.integers(4, 8)), phase, grows, False)


def _pilots(rng: np.random.Generator, lag: int) -> dict[str, _Plan]:
    """Four pilots: the oldest is not the one that harvests; at least three phases; one waits for its money."""
    names = [CITY_IDS[1 + place] for place in rng.permutation(4)]
    ages = [OLDEST, *(int(age) for age in rng.choice(np.arange(11, 21), 3, replace=False))]
    old = str(rng.choice(PHASES[1:3]))
    rest = [str(one) for one in rng.choice([one for one in PHASES[:3] if one != old], 2, replace=False)]
    plans = {}
    for place, (name, age, found) in enumerate(zip(names, ages, (old, "harvest", *rest), strict=True)):
        waits = place == 3
        full = (
            int(rng.integers(age - lag + 1, max(age, age - lag + 2)))
            if waits
            else int(rng.integers(3, age - lag - 3))
        )
        pays = found == "harvest" or (found == "grow" and rng.random() < 0.5 and not waits)
        sellers = int(rng.integers(*_SELLERS.get(found if place else "oldest", (5, 8))))
        plans[name] = _Plan(age, full, sellers, found, bool(rng.random() < 0.6), pays)
    return plans


def _told_by_rule_only(plans: dict[str, _Plan], lag: int) -> bool:
    """Whether all three verdicts occur, and none of the shortcuts gives the same phases or verdicts."""
    by_age = {name: PHASES[min(plan.months // 7, 3)] for name, plan in plans.items()}
    right = {name: _verdict(plan, lag) for name, plan in plans.items()}
    impatient = {name: _verdict(plan, 0) for name, plan in plans.items()}
    by_money = {name: VERDICTS[2 * plan.pays] for name, plan in plans.items()}
    return (
        by_age != {name: plan.phase for name, plan in plans.items()}
        and len(set(right.values())) == len(VERDICTS)
        and right not in (impatient, by_money)
    )


def _verdict(plan: _Plan, lag: int) -> str:
    return VERDICTS[plan.grows + (plan.pays or plan.full_since + lag > plan.months)]


def _months(
    rng: np.random.Generator,
    plan: _Plan,
    lag: int,
    check: Callable[[np.ndarray, np.ndarray, int], bool] | None,
) -> dict[str, np.ndarray] | None:
    """The months of a city that shows what is planned; none if no draw does.

    Args:
        check: of visits, bookings and the lag; none for a city whose lag nobody looks at.
    """
    for _ in range(_MOST_DRAWS):
        visits, sellers = _visits(rng, plan)
        raw = lagged(visits, _weights(lag)) * np.exp(rng.normal(0, 0.06, plan.months))
        cost = (1.3 * sellers + rng.uniform(2.4, 3.2)).round(1)
        bookings = _bookings(rng, plan, raw, cost)
        if check and not check(visits, bookings, lag):
            continue
        rise = bookings[-3:].sum() / bookings[-6:-3].sum()
        pays = bookings[-3:].sum() / cost[-3:].sum()
        wins = _wins(rng, plan, bookings)
        beyond = 1 - wins[0][-3:].sum() / sum(part[-3:].sum() for part in wins)
        signs = ((rise, RISE_LEAST), (pays, 1.0), (beyond, BEYOND_LEAST))
        if any(abs(value - edge) < _OFF * edge for value, edge in signs):
            continue
        stock, added = _stock(rng, plan)
        found = _phase(stock[-1], rise, beyond)
        if found != plan.phase or (pays >= 1) != plan.pays or not _stock_is_clear(stock, plan.grows):
            continue
        return {
            "month": np.arange(1, plan.months + 1),
            "sellers": sellers,
            "visits": visits,
            "ab_added": added,
            "ab_stock": stock,
            "bookings_10k": bookings,
            **dict(zip(("wins_talk", "wins_referral", "wins_salon", "wins_peer"), wins, strict=True)),
            "cost_10k": cost,
        }
    return None


def _weights(lag: int) -> np.ndarray:
    """How a visit's effect is spread over the months after it, its peak at the lag."""
    weights = np.exp(-1.3 * np.abs(np.arange(LONGEST + 1) - lag))
    return weights / weights.sum()


def _visits(rng: np.random.Generator, plan: _Plan) -> tuple[np.ndarray, np.ndarray]:
    month = np.arange(1, plan.months + 1)
    rising = np.clip(np.round(plan.sellers * month / plan.full_since), 1, plan.sellers - 1)
    sellers = np.where(month >= plan.full_since, plan.sellers, rising).astype(int)
    return np.round(sellers * 118 * np.exp(rng.normal(0, 0.27, plan.months).clip(-0.45, 0.45))).astype(
        int
    ), sellers


def _bookings(rng: np.random.Generator, plan: _Plan, raw: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Bookings with the rise and the part of the cost that the phase asks for; one early contract is a quick win."""
    rising = plan.phase == "grow" or (plan.phase == "harvest" and rng.random() < 0.7)
    rise = rng.uniform(1.38, 1.75) if rising else rng.uniform(0.86, 1.12)
    reached = rng.uniform(1.1, 1.4) if plan.pays else rng.uniform(0.5, 0.88)
    bookings = raw.copy()
    bookings[-6:-3] *= raw[-3:].sum() / rise / raw[-6:-3].sum()
    bookings *= reached * cost[-3:].sum() / bookings[-3:].sum()
    if plan.months == OWN_MONTH:
        bookings[1] += 0.3 * bookings[-3:].mean()
    return bookings.round(1).clip(0.4)


def _wins(rng: np.random.Generator, plan: _Plan, bookings: np.ndarray) -> list[np.ndarray]:
    """Contracts in single talks, and by referral, salon and peer."""
    count = np.maximum(np.round(bookings / _CONTRACT_10K), 1).astype(int)
    reached = rng.uniform(0.57, 0.75) if plan.phase == "harvest" else rng.uniform(0.12, 0.4)
    share = np.minimum(np.linspace(0.0, reached, plan.months) * 1.1, reached)
    beyond = np.diff(np.floor(np.cumsum(count * share) + rng.random()), prepend=0).astype(int)
    beyond = np.minimum(np.maximum(beyond, 0), count)
    parts = rng.multinomial(beyond, rng.dirichlet([5, 4, 3]))
    return [count - beyond, *parts.T]


def _stock(rng: np.random.Generator, plan: _Plan) -> tuple[np.ndarray, np.ndarray]:
    """A and B firms at the end of each month, and those newly graded in it."""
    last = rng.integers(44, 86) if plan.phase == "sow" else rng.integers(118, 240)
    if plan.phase in ("grow", "harvest") and rng.random() < 0.3:
        last = rng.integers(62, 86)
    before = last / (rng.uniform(1.18, 1.45) if plan.grows else rng.uniform(0.92, 1.03))
    early = (
        before * np.linspace(0.12, 1, plan.months - 3) ** 0.8 * np.exp(rng.normal(0, 0.02, plan.months - 3))
    )
    early[-1] = before
    late = np.linspace(before, last, 4)[1:]
    stock = np.round(np.concatenate([early, late])).astype(int)
    lost = np.round(0.07 * stock).astype(int)
    return stock, np.maximum(np.diff(stock, prepend=0) + lost, 0)


def _stock_is_clear(stock: np.ndarray, grows: bool) -> bool:
    growth = stock[-1] / stock[-4]
    return (
        abs(stock[-1] - STOCK_LEAST) >= _STOCK_OFF
        and (growth >= GROWTH_LEAST) == grows
        and abs(growth - GROWTH_LEAST) >= _OFF * GROWTH_LEAST
    )


def _phase(stock: float, rise: float, beyond: float) -> str:
    met = (True, stock >= STOCK_LEAST, rise >= RISE_LEAST, beyond >= BEYOND_LEAST)
    return PHASES[max(place for place, one in enumerate(met) if one)]


def _correlations(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Of a series with the other so many months later, 0 to 5."""
    size, found = len(first), []
    for lag in range(LONGEST + 1):
        one, other = first[: size - lag], second[lag:]
        one, other = one - one.sum() / len(one), other - other.sum() / len(other)
        found.append(one @ other / np.sqrt((one @ one) * (other @ other)))
    return np.array(found)


def _tells(visits: np.ndarray, bookings: np.ndarray, lag: int) -> bool:
    """Whether the planted lag leads clearly, and neither sums nor the other direction nor the least give it."""
    found = _correlations(visits, bookings)
    if found.argmax() != lag or found[lag] - np.sort(found)[-2] < _LEAD or found[lag] < _CLEAR:
        return False
    backwards = _correlations(bookings, visits).argmax()
    summed = _correlations(np.cumsum(visits), np.cumsum(bookings)).argmax()
    least = found.argmin()
    return backwards not in (0, lag, lag + 1, least) and least not in (0, lag, lag + 1) and summed != lag


def _does_not_tell(visits: np.ndarray, bookings: np.ndarray, lag: int) -> bool:
    """Whether somebody who looks at nine months only finds another lag."""
    return int(_correlations(visits, bookings).argmax()) != lag


def _by_bookings(plans: dict[str, _Plan], months: dict[str, dict[str, np.ndarray]]) -> bool:
    """Whether ranking the cities by their bookings would give their phases."""
    order = sorted(plans, key=lambda name: -months[name]["bookings_10k"][-3:].sum())
    ranked = {name: PHASES[max(3 - place, 0)] for place, name in enumerate(order)}
    return plans[order[0]].phase == "harvest" or ranked == {name: plan.phase for name, plan in plans.items()}
