"""Where the sellers went and how they fared, section by section: the plan that a city's deals are dealt by.

The plan is drawn again until the dealt section comes third in the director's ranking (chapter 3), behind one
that is too small and one with too few deals to be sure of, and until every shortcut ends somewhere else.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.casemaking.parameters import GRADE_MIX, REVERSAL, SECTIONS, WINS_BY_GRADE
from playbook.casemaking.truths import Truths

#: The director's weights of size, quotient and win rate in the exercise, and the ways to get them wrong.
DIRECTOR = (1.0, 3.0, 6.0)
OTHER_WEIGHTS = ((1, 1, 1), (4, 3, 3), (0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 3, 0), (1, 0, 6), (6, 3, 1))
LEAST_SHARE, LEAST_TO_ENTER = 0.01, 0.03  # of the city's workers
LEAST_DECIDED, SURE = 50, 80  # decided deals: to be compared at all, and to be entered
_DECIDED = 0.86  # of the opportunities, about
_ENOUGH = 82  # accounts of a section that can give eighty decided deals, each account tried, some twice
_ROUNDS, _DRAWS = 4, 6000


@dataclass(frozen=True)
class SectionPlan:
    """The deals planned in one section.

    Args:
        tried: opportunities.
        large: share of them with large accounts; negative where size does not matter to the plan.
        mix: shares of the grades A, B and C.
        wins: chance of a win by grade.
    """

    tried: int
    large: float
    mix: tuple[float, float, float]
    wins: dict[str, float]


def sections_of(workers: pd.DataFrame) -> pd.DataFrame:
    """Share, size and quotient of the sections that the company sells to, agriculture left out.

    Args:
        workers: ``section, city_workers, nation_workers`` (thousand).
    """
    table = workers[workers["section"] != "A"].set_index("section")
    city, nation = (table[name] / table[name].sum() for name in ("city_workers", "nation_workers"))
    frame = pd.DataFrame({"share": city, "size": table["city_workers"], "lq": city / nation})
    return frame.loc[list(SECTIONS)]


def too_small(table: pd.DataFrame, pool: pd.DataFrame) -> bool:
    """Whether some section is too small to be entered and has accounts for eighty decided deals all the same."""
    small = (table["share"] >= LEAST_SHARE) & (table["share"] < LEAST_TO_ENTER)
    return bool((small & (pool["accounts"].reindex(table.index) >= _ENOUGH)).any())


def entry_sections(table: pd.DataFrame) -> str:
    """The sections that are large enough to be entered first."""
    return "".join(table.index[table["share"] >= LEAST_TO_ENTER])


def plan_sections(
    rng: np.random.Generator,
    truths: Truths,
    table: pd.DataFrame,
    pool: pd.DataFrame,
    total: int,
    strict: bool = True,
) -> dict[str, SectionPlan] | None:
    """A plan for every section, or None where the public figures allow none.

    Args:
        table: what :func:`sections_of` returns.
        pool: accounts by section: ``accounts`` and ``large`` (counts).
        total: opportunities in the city, about.
        strict: the section that is too small has enough accounts for eighty decided deals. On published figures
            that leave no such section, whoever looks at the deals alone finds the answer.
    """
    roles = _roles(truths, table, pool, strict)
    if roles is None:
        return None
    entry = truths.dealt.entry
    for _ in range(_ROUNDS):
        small, unsure = (str(rng.choice(list(names))) if names else "" for names in roles)
        if entry and table["lq"][unsure] < 1 <= table["lq"][entry]:
            continue  # whoever asks for a quotient of 1 instead of enough deals would find it
        tried = _tried(rng, truths, pool, total, small, unsure)
        names, lift, best, large = _draws(rng, truths, tried, small, unsure)
        row = 0
        if entry:
            good = np.flatnonzero(_holds(names, tried, lift, best, large, table, entry, small, unsure))
            if not len(good):
                continue
            row = good[0]
        return {
            name: SectionPlan(
                tried[name],
                float(large[row, i]),
                (float(best[row, i]), 0.30, float(0.70 - best[row, i])),
                {grade: float(rate) for grade, rate in zip("ABC", _wins(lift[row, i]), strict=True)},
            )
            for i, name in enumerate(names)
        }
    return None


def _roles(truths: Truths, table: pd.DataFrame, pool: pd.DataFrame, strict: bool) -> tuple[str, str] | None:
    """Sections that can win well and be too small, and such that can win well on too few deals."""
    entry = truths.dealt.entry
    if not entry:
        return "", ""
    big = table["share"] >= LEAST_TO_ENTER
    seen = table["share"] >= LEAST_SHARE
    small = [s for s in table.index[seen & ~big] if pool["accounts"][s] >= (_ENOUGH if strict else 55)]
    unsure = [s for s in table.index[big] if s not in ("C", "F", entry) and pool["accounts"][s] >= 62]
    few = entry not in ("C", "F") and pool["accounts"].get(entry, 0) < 100
    if entry not in table.index[big] or few or not small or not unsure:
        return None
    return "".join(small), "".join(unsure)


def _tried(rng, truths: Truths, pool: pd.DataFrame, total: int, small: str, unsure: str) -> dict[str, int]:
    tried = {}
    for section, share in (("C", rng.uniform(0.24, 0.28)), ("F", rng.uniform(0.22, 0.26))):
        most_large = 0.17 if section == truths.better else 0.74
        room = min(0.62 * pool["accounts"][section], 1.05 * pool["large"][section] / most_large)
        tried[section] = int(min(share * total, room))
    if small:
        tried[small] = int(min(1.15 * pool["accounts"][small], rng.integers(112, 126)))
        tried[unsure] = int(rng.integers(70, 79))
    entry = truths.dealt.entry
    if entry and entry not in tried:
        tried[entry] = int(min(0.95 * pool["accounts"][entry], rng.integers(112, 150)))
    rest = [section for section in SECTIONS if section not in tried]
    left = max(total - sum(tried.values()), 40 * len(rest))
    weight = pool["accounts"][rest] ** 0.7
    for section in rest:
        wanted = left * weight[section] / weight.sum()
        wanted = min(wanted, 0.75 * pool["accounts"][section])
        tried[section] = int(wanted if wanted >= 74 else min(wanted, 44))
    return tried


def _draws(rng, truths: Truths, tried: dict[str, int], small: str, unsure: str):
    """Draws (rows) of each section's (columns) lift of the win rate, share of grade A, and share of large accounts."""
    names, entry = list(tried), truths.dealt.entry
    lift, best, large = (np.empty((_DRAWS, len(names))) for _ in range(3))
    edge, level = rng.uniform(*REVERSAL, _DRAWS), rng.uniform(-0.012, 0.012, _DRAWS)
    for i, section in enumerate(names):
        low, high, first, last = (-0.03, 0.17, 0.16, 0.34) if entry else (-0.03, 0.05, 0.16, 0.34)
        if section == small:
            low, high, first, last = 0.12, 0.27, 0.10, 0.22
        elif section == unsure:
            low, high, first, last = 0.10, 0.27, 0.30, 0.48
        elif section == entry:
            low, high = 0.03, 0.24
        lift[:, i] = rng.uniform(low, high, _DRAWS)
        best[:, i] = rng.uniform(first, last, _DRAWS)
        large[:, i] = -1.0
        if section in "CF":
            better = section == truths.better
            large[:, i] = rng.uniform(0.14, 0.19, _DRAWS) if better else rng.uniform(0.70, 0.77, _DRAWS)
            best[:, i] = large[:, i] * GRADE_MIX[True][0] + (1 - large[:, i]) * GRADE_MIX[False][0]
            lift[:, i] = level + (edge if better else -edge)
    return names, lift, best, large


def _wins(lift: np.ndarray) -> np.ndarray:
    """Chances of a win by grade (last axis) for lifts of the usual ones."""
    return np.clip(np.asarray(lift)[..., None] + np.array(list(WINS_BY_GRADE.values())), 0.012, 0.92)


def _holds(
    names, tried, lift, best, large, table: pd.DataFrame, entry: str, small: str, unsure: str
) -> np.ndarray:
    """Which draws, if they come out as planned, keep every shortcut away from the answers."""
    count = np.array([tried[name] for name in names], dtype=float)
    mix = np.stack([best, np.full_like(best, 0.30), 0.70 - best], axis=-1)
    overall = np.einsum("nsg,s->ng", mix, count / count.sum())
    kept = [
        i
        for i, name in enumerate(names)
        if tried[name] * _DECIDED >= LEAST_DECIDED + 3 and table["share"][name] >= LEAST_SHARE
    ]
    compared = [names[i] for i in kept]
    highest = table["lq"].reindex(compared).idxmax() == entry if compared else True
    if len(kept) < 6 or highest or not {entry, small, unsure} <= set(compared):
        return np.zeros(len(lift), dtype=bool)
    wins = _wins(lift)[:, kept]
    fair, raw = np.einsum("nsg,ng->ns", wins, overall), (wins * mix[:, kept]).sum(axis=-1)
    seen = [names[i] for i in kept]
    public = _stretch(table.loc[seen, ["size", "lq"]].to_numpy())
    fair_parts, raw_parts = (
        np.concatenate(
            [
                np.broadcast_to(public, (len(rate), *public.shape)),
                _stretch(rate.T[:, :, None]).transpose(1, 0, 2),
            ],
            axis=2,
        )
        for rate in (fair, raw)
    )
    scores = fair_parts @ np.array(DIRECTOR) / sum(DIRECTOR)
    order = np.argsort(-scores, axis=1)[:, :3]
    steps = -np.diff(-np.sort(-scores, axis=1)[:, :4], axis=1)
    third, one, two = (seen.index(name) for name in (entry, small, unsure))
    good = (
        (order[:, 2] == third) & np.isin(order[:, :2], [one, two]).all(axis=1) & (steps > 0.030).all(axis=1)
    )
    for weights in OTHER_WEIGHTS:
        good &= (np.argsort(-(fair_parts @ np.array(weights, dtype=float)), axis=1)[:, :3] != order).any(
            axis=1
        )
    good &= (np.argsort(-(raw_parts @ np.array(DIRECTOR)), axis=1)[:, :3] != order).any(axis=1)
    own = fair_parts[:, third]
    clear = ~((np.abs(own - 1 / 3) < 0.04) | (np.abs(own - 2 / 3) < 0.04)).any(axis=1)
    return good & (own > 2 / 3).any(axis=1) & (own < 1 / 3).any(axis=1) & clear


def _stretch(values: np.ndarray) -> np.ndarray:
    """From 0, the least of the first axis, to 1, the most."""
    span = np.ptp(values, axis=0)
    return (values - values.min(axis=0)) / np.where(span > 0, span, 1)
