"""Whom one meets in a city, why deals are lost, and where the rivals' sellers stand (chapter 6)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.casemaking.dealt import BOOKS_CASE
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.seeds import stream
from playbook.cases.columns import RIVALS
from playbook.errors import PlaybookError
from playbook.market.entry import wilson_interval
from playbook.market.firms import one_row_per_firm
from playbook.market.rivals import PER_HUNDRED

INTERVIEWS, OPEN = 320, 26
#: Why buyers really bought elsewhere, beside the price: one of them leads in each city.
TRUE_REASONS = ("product", "trust", "timing")
#: How far a rate must stay away from the one that it is compared with.
_CLEAR = 0.01
#: No district's rivals stand nearer to the line than this, in sellers for 100 firms in need.
_NEAR = (PER_HUNDRED - 0.6, PER_HUNDRED + 0.6)
#: Gains of neighbouring ranks differ by so much of the highest.
_APART = 0.05
#: Firms in need that make a district large: cold, thick and warm ones are dealt among these.
_LARGE = 20
_MOST_DRAWS = 30_000
#: So long no cold district may be among the first three; later, in a city of few large ones, none to keep out of.
_STRICT_DRAWS = 1000


@dataclass(frozen=True)
class _Plan:
    """Which districts are what.

    Attributes:
        cold: we surely win less there. thick: with rivals' sellers. cool: thick, and we may win less there.
    """

    cold: np.ndarray
    thick: np.ndarray
    cool: np.ndarray


@dataclass(frozen=True)
class _Met:
    """Of each interview: the rival, the district by its place in the list, and the status."""

    rival: np.ndarray
    district: np.ndarray
    status: np.ndarray


def competitors(ground: Ground) -> dict[str, pd.DataFrame]:
    """The interviews and the sellers in the field: `win_loss` and `rivals`."""
    need = _need(ground)
    plan, field = _field(ground, need)
    return {"win_loss": _interviews(ground, need, plan), "rivals": field}


def _need(ground: Ground) -> pd.Series:
    """Firms in need by district, each firm once; in the order of the districts."""
    firms = one_row_per_firm(ground.accounts)
    counts = firms.loc[firms["need"], "district_adcode"].value_counts()
    return counts.reindex(ground.districts["district_adcode"], fill_value=0)


def _field(ground: Ground, need: pd.Series) -> tuple[_Plan, pd.DataFrame]:
    rng = stream(ground.seed, "sellers in the field")
    if (need >= _LARGE).sum() < 3:
        raise PlaybookError(
            f"chapter 6 needs three districts with {_LARGE} firms in need or more",
            where=f"the case {ground.adcode}",
        )
    for draw in range(_MOST_DRAWS):
        plan = _roles(rng, need)
        theirs = _their_sellers(rng, need, plan)
        ours = np.minimum(rng.poisson(18 * need.to_numpy() / need.sum() + 0.4), 9)
        barred = plan.cold if draw < _STRICT_DRAWS else plan.cold & plan.thick
        if theirs is None or not _no_shortcut_to_the_next_seller(need, ours, theirs, barred):
            continue
        if not ground.unseen or _two_more_rank_otherwise(need, ours, theirs):
            break
    else:
        raise PlaybookError(
            "no draw of sellers keeps the shortcuts of chapter 6 away", where=f"the case {ground.adcode}"
        )
    weights = rng.dirichlet(np.full(len(RIVALS), 2.0))
    price = rng.integers(86, 112, len(RIVALS))
    rows = []
    for code, own, all_theirs in zip(need.index, ours, theirs, strict=True):
        rows.append((code, "ours", int(own), 100))
        each = rng.multinomial(int(all_theirs), weights)
        jitter = rng.integers(-2, 3, len(RIVALS))
        rows += [(code, rival, int(each[k]), int(price[k] + jitter[k])) for k, rival in enumerate(RIVALS)]
    return plan, pd.DataFrame(rows, columns=["district_adcode", "seller_of", "sellers", "price_index"])


def _roles(rng: np.random.Generator, need: pd.Series) -> _Plan:
    """One or two districts are cold and thick, one is cold only, at least one thick only."""
    large = rng.permutation(np.flatnonzero(need.to_numpy() >= _LARGE))
    keep = 1 if len(large) < 7 else int(rng.integers(1, 3)) if len(large) < 9 else 2
    cold, thick = np.zeros(len(need), dtype=bool), np.zeros(len(need), dtype=bool)
    cold[large[: keep + 1]] = True
    thick[large[:keep]] = True
    warm = large[keep + 1 :]
    thick[warm[: int(rng.integers(1, max(2, len(warm) - 1)))]] = True
    cool = np.zeros(len(need), dtype=bool)
    cool[warm[0]] = True
    return _Plan(cold, thick, cool)


def _their_sellers(rng: np.random.Generator, need: pd.Series, plan: _Plan) -> np.ndarray | None:
    sellers = []
    for firms, thick in zip(need.to_numpy(), plan.thick, strict=True):
        low, high = (PER_HUNDRED + 0.6, 13.0) if thick else (0.8, PER_HUNDRED - 0.6)
        found = round(firms * rng.uniform(low, high) / 100)
        density = 100 * found / firms if firms else 0.0
        if _NEAR[0] < density < _NEAR[1] or (density > PER_HUNDRED) != thick:
            return None
        sellers.append(found)
    return np.array(sellers)


def _adds(need: pd.Series, ours: np.ndarray, theirs: np.ndarray, more: int = 1) -> np.ndarray:
    """What so many more of our sellers in a district add, in firms' attention."""
    return need.to_numpy() * ((ours + more) / (ours + more + theirs) - ours / np.maximum(ours + theirs, 1))


def _two_more_rank_otherwise(need: pd.Series, ours: np.ndarray, theirs: np.ndarray) -> bool:
    """Whether the first three are others, or in another order, when two come instead of one."""
    one, two = (np.argsort(-_adds(need, ours, theirs, more), kind="stable")[:3] for more in (1, 2))
    return list(one) != list(two)


def _no_shortcut_to_the_next_seller(
    need: pd.Series, ours: np.ndarray, theirs: np.ndarray, barred: np.ndarray
) -> bool:
    firms = need.to_numpy().astype(float)
    share = ours / np.maximum(ours + theirs, 1)
    adds = _adds(need, ours, theirs)
    order = np.argsort(-adds, kind="stable")
    if (adds[order[:3]] - adds[order[1:4]] < _APART * adds[order[0]]).any() or barred[order[:3]].any():
        return False
    # A beginner's slip: one more of ours above the line, and not below. Alone in a district it divides by nothing.
    alone = np.where(firms > 0, -np.inf, 0.0)
    slip = np.divide(-firms, ours + theirs, out=alone, where=ours + theirs > 0)
    shortcuts = (
        -firms,
        theirs - firms / 1e4,
        -firms * share,
        slip,
        theirs / np.maximum(firms, 1) - firms / 1e6,
        -firms * (1 - share),
        ours - firms / 1e4,
        share - firms / 1e6,
        -firms / (ours + theirs + 1),
        -firms / (ours + 1),
        -firms * (ours + 1) / (ours + 1 + theirs),
    )
    tops = [list(np.argsort(one, kind="stable")[:3]) for one in shortcuts]
    # Wrong ways with hints of their own, the first four, must not end at the same three.
    if any(tops[one] in tops[:one] for one in range(1, 4)):
        return False
    right = list(order[:3])
    return all(top != right for top in tops) and all(set(top) != set(right) for top in tops[:2])


def _interviews(ground: Ground, need: pd.Series, plan: _Plan) -> pd.DataFrame:
    rng = stream(ground.seed, "interviews")
    hard = ground.deal("hard rival", RIVALS)
    step = ground.deal("rival met seldom", (1, 2, 3, 4))
    seldom = RIVALS[(RIVALS.index(hard) + step) % len(RIVALS)]
    reason = ground.deal("true reason", TRUE_REASONS)
    for _ in range(_MOST_DRAWS):
        met = _met(rng, need, plan, hard, seldom)
        if _rates_are_clear(met, hard, seldom, plan):
            break
    else:
        raise PlaybookError(
            "no draw of interviews keeps the shortcuts of chapter 6 away", where=f"the case {ground.adcode}"
        )
    table = pd.DataFrame(
        {"district_adcode": need.index.to_numpy()[met.district], "rival": met.rival, "status": met.status}
    )
    table = table.iloc[rng.permutation(len(table))].reset_index(drop=True)
    for _ in range(_MOST_DRAWS):
        said = _reasons(rng, table, reason)
        if _excuse_is_clear(said, answered=ground.adcode != BOOKS_CASE):
            break
    else:
        raise PlaybookError("no draw of reasons is clear", where=f"the case {ground.adcode}")
    said.insert(0, "interview_id", [f"V{number:04d}" for number in range(1, len(said) + 1)])
    return said


def _met(rng: np.random.Generator, need: pd.Series, plan: _Plan, hard: str, seldom: str) -> _Met:
    """Rival, district and status of each interview, those of one rival together."""
    most, third, fourth = rng.permutation([name for name in RIVALS if name not in (hard, seldom)])
    decided = {
        hard: int(rng.integers(62, 71)),
        seldom: int(rng.integers(9, 12)),
        most: int(rng.integers(84, 93)),
        third: int(rng.integers(40, 49)),
        fourth: int(rng.integers(32, 39)),
    }
    decided["none"] = INTERVIEWS - OPEN - sum(decided.values())
    rate = {
        hard: rng.uniform(0.135, 0.17),
        most: rng.uniform(0.25, 0.29),
        third: rng.uniform(0.40, 0.50),
        fourth: rng.uniform(0.40, 0.50),
        "none": rng.uniform(0.42, 0.52),
    }
    names = list(decided)
    left = rng.multinomial(OPEN - 2, np.array([decided[name] for name in names]) / sum(decided.values()))
    left[names.index(seldom)] += 2
    rival = np.repeat(names, [decided[name] for name in names])
    place = np.sqrt(need.to_numpy() + 4.0) * np.select([plan.cold, plan.cool], [1.5, 0.8], 1.0)
    district = rng.choice(len(need), INTERVIEWS, p=place / place.sum())
    status = np.full(len(rival), "lost", dtype=object)
    for name in names:
        rows = np.flatnonzero(rival == name)
        won = 1 if name == seldom else round(decided[name] * rate[name])
        chance = np.select([plan.cold[district[rows]], plan.cool[district[rows]]], [0.14, 0.45], 1.0)
        status[rng.choice(rows, won, replace=False, p=chance / chance.sum())] = "won"
    still_open = np.full(OPEN, "open", dtype=object)
    return _Met(
        np.concatenate([rival, np.repeat(names, left)]), district, np.concatenate([status, still_open])
    )


def _rates_are_clear(met: _Met, hard: str, seldom: str, plan: _Plan) -> bool:
    known = met.status != "open"
    won = met.status == "won"
    overall = won.sum() / known.sum()
    # By district: the cold ones are surely below, no other is, and a rate without its range says otherwise.
    here = np.bincount(met.district[known], minlength=len(plan.cold))
    signed = np.bincount(met.district[won], minlength=len(plan.cold))
    if not here.all():
        return False
    below = signed / here < overall
    if (below == plan.cold).all() or ((below & plan.thick) == (plan.cold & plan.thick)).all():
        return False
    for cold, one, total in zip(plan.cold, signed, here, strict=True):
        high = wilson_interval(int(one), int(total))[1]
        if cold != (high < overall) or abs(high - overall) < _CLEAR:
            return False
    # By rival: one is surely below; another has the lowest rate, and a third has most deals and a rate below.
    counts = {
        name: (int(won[met.rival == name].sum()), int(known[met.rival == name].sum())) for name in RIVALS
    }
    highs = {name: wilson_interval(*both)[1] for name, both in counts.items()}
    sure = [name for name, high in highs.items() if high < overall + 2 * _CLEAR]
    if sure != [hard] or highs[hard] > overall - 2 * _CLEAR:
        return False
    if min(counts, key=lambda name: counts[name][0] / counts[name][1]) != seldom:
        return False
    most = max(counts, key=lambda name: counts[name][1])
    return counts[most][0] / counts[most][1] < overall - 2 * _CLEAR


def _reasons(rng: np.random.Generator, table: pd.DataFrame, leading: str) -> pd.DataFrame:
    """What sellers and buyers say about lost deals, and how much dearer the offer was."""
    others = [name for name in TRUE_REASONS if name != leading]
    lost = np.flatnonzero(table["status"] == "lost")
    buyers = rng.choice(
        ["price", leading, *others], len(lost), p=[0.19, 0.43, *rng.permutation([0.23, 0.15])]
    )
    silent = rng.random(len(lost)) < 0.17
    # A seller who knows the reason says it; another one mostly says that it was the price.
    knows = ~silent & (rng.random(len(lost)) < 0.62)
    guesses = rng.choice(["price", *TRUE_REASONS], len(lost), p=[0.67, 0.11, 0.11, 0.11])
    sellers = np.where(knows, buyers, guesses)
    said = table.copy()
    for column in ("reason_seller", "reason_buyer"):
        said[column] = pd.Series(pd.NA, index=said.index, dtype="string")
    said.loc[said.index[lost], "reason_seller"] = sellers
    said.loc[said.index[lost[~silent]], "reason_buyer"] = buyers[~silent]
    dearer = said["reason_buyer"].eq("price").fillna(False).to_numpy(dtype=bool)
    gap = np.where(dearer, rng.normal(15, 5, len(said)), rng.normal(3, 6, len(said))).round(1)
    said["price_gap_pct"] = pd.Series(gap, index=said.index).where(said["rival"] != "none")
    return said


def _excuse_is_clear(said: pd.DataFrame, *, answered: bool) -> bool:
    """Whether no shortcut gives the points by which sellers say price more often; the book's city is only read."""
    lost = said[said["status"] == "lost"]
    both = lost.dropna(subset=["reason_buyer"])
    sellers, buyers = (both[name].eq("price").mean() for name in ("reason_seller", "reason_buyer"))
    other = lost["reason_seller"].eq("price").mean() - buyers
    # Over all interviews, those without a reason left out, or counted as a reader of the table does.
    price = [said[name].eq("price") for name in ("reason_seller", "reason_buyer")]
    everywhere = [np.subtract(*(one.mean() for one in price))]
    if answered:
        everywhere.append(np.subtract(*(one.sum() for one in price)) / len(said))
    same = both["reason_seller"].eq(both["reason_buyer"]).mean()
    return (
        0.35 <= sellers <= 0.45
        and 0.15 <= buyers <= 0.25
        and abs(other - (sellers - buyers)) > 0.008
        and all(abs(one - (sellers - buyers)) > 0.007 for one in everywhere)
        and abs(sellers - 2 * buyers) > 0.003
        and abs((1 - same) - (sellers - buyers)) > 0.02
        and both["reason_buyer"].value_counts().index[0] != "price"
    )
