"""Eight veterans and four groups: two do not want to go, and fit alone mixes nothing (chapter 9)."""

import numpy as np
import pandas as pd

from playbook.cases.staffing import GROUPS, VETERAN_PROFILES
from playbook.errors import PlaybookError
from playbook.market.seeding import MOST_IN_A_GROUP, mixes, seeding_plans

_VETERANS, _UNWILLING = 8, 2
_MOST_DRAWS = 4000


def veterans(rng: np.random.Generator) -> pd.DataFrame:
    """Drawn until the best plan is found neither by fit alone, nor in turn, nor without a look at profiles.

    Raises:
        PlaybookError: no such draw.
    """
    for _ in range(_MOST_DRAWS):
        profile = rng.permutation(list(VETERAN_PROFILES) * 2)
        willing = np.ones(_VETERANS, dtype=bool)
        willing[rng.choice(_VETERANS, _UNWILLING, replace=False)] = False
        fit = rng.integers(2, 9, (_VETERANS, len(GROUPS)))
        # One group is a favourite, and those who will not go fit best.
        fit[:, rng.integers(len(GROUPS))] += 1
        fit[~willing] = rng.integers(7, 11, (_UNWILLING, len(GROUPS)))
        if _no_shortcut(fit[willing], profile[willing]):
            break
    else:
        raise PlaybookError("no draw of veterans keeps the shortcuts of chapter 9 away")
    table = pd.DataFrame(
        {
            "veteran_id": [f"V{number:02d}" for number in range(1, _VETERANS + 1)],
            "profile": profile,
            "willing": willing,
        }
    )
    return table.assign(**{f"fit_{group}": fit[:, place] for place, group in enumerate(GROUPS)})


def _no_shortcut(fit: np.ndarray, profile: np.ndarray) -> bool:
    everywhere = np.bincount(fit.argmax(axis=1).astype(np.intp), minlength=len(GROUPS))
    if everywhere.min() >= 1 and everywhere.max() <= MOST_IN_A_GROUP:
        return False
    plans = seeding_plans(len(fit), len(GROUPS))
    reached = fit[np.arange(len(fit)), plans].sum(axis=1)
    mixed = mixes(plans, profile)
    # Whoever does not look at how people sell gets a plan that fits better, and two of one kind in a group.
    if not mixed.any() or reached.max() == reached[mixed].max():
        return False
    best = reached[mixed].max()
    orders = (range(len(fit)), range(len(fit))[::-1], np.argsort(-fit.max(axis=1), kind="stable"))
    return all(_in_turn(fit, profile, order) < best for order in orders)


def _in_turn(fit: np.ndarray, profile: np.ndarray, order) -> int:
    """What somebody reaches who goes down a list: each to the best group that has room and none of the kind."""
    filled: list[list[str]] = [[] for _ in GROUPS]
    reached = 0
    for one in order:
        free = [
            place
            for place, kinds in enumerate(filled)
            if len(kinds) < MOST_IN_A_GROUP and profile[one] not in kinds
        ]
        if not free:
            return 0
        best = max(free, key=lambda place: fit[one, place])
        filled[best].append(profile[one])
        reached += int(fit[one, best])
    return reached if all(filled) else 0
