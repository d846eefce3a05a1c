"""Which veteran goes to which group: at least one each, mixed by how they sell, and the best fit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.ties import first_largest
from playbook.words import _

#: How the columns with the fit begin; what follows is the group's name.
FIT = "fit_"
#: Veterans in one group, at most.
MOST_IN_A_GROUP = 2
#: Most veterans for which every plan is tried.
_MOST_VETERANS = 8


@dataclass(frozen=True)
class Seeding:
    """A plan that sends veterans to groups.

    Attributes:
        group: by veteran.
        fit: points of fit, all together.
        unwilling: veterans who are sent and do not want to go.
        empty: groups without a veteran. crowded: groups with more than two.
        alike: groups in which two sell in the same way.
    """

    group: pd.Series
    fit: float
    unwilling: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    crowded: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    @property
    def feasible(self) -> bool:
        return not (self.unwilling or self.empty or self.crowded or self.alike)


def groups_of(veterans: pd.DataFrame) -> list[str]:
    """The groups for which a table of veterans says how well each fits.

    Raises:
        PlaybookError: a column instead of the table.
    """
    if not isinstance(veterans, pd.DataFrame):
        raise PlaybookError(
            _("one column is not the table of veterans"),
            remedy=_("Keep rows of the table: {rows}.").format(rows='`veterans[veterans["willing"]]`'),
        )
    return [name.removeprefix(FIT) for name in veterans.columns if name.startswith(FIT)]


def seeding_of(plan: Mapping | pd.Series, veterans: pd.DataFrame) -> Seeding:
    """What a plan reaches, and which rules it breaks.

    Args:
        plan: group by veteran; who is not named stays.
        veterans: ``veteran_id, profile, willing`` and one column ``fit_...`` a group, in points.

    Raises:
        PlaybookError: a veteran or a group that the table does not know.

    Source: the course's own; one veteran a group at least, and a mix of ways to sell, are the practice's.
    """
    named = dict(plan)
    known, groups = veterans.set_index("veteran_id"), groups_of(veterans)
    strangers = [str(one) for one in named if one not in known.index]
    nowhere = [str(group) for group in named.values() if group not in groups]
    if strangers or nowhere:
        raise PlaybookError(
            _("{name} is no veteran of the list").format(name=strangers[0])
            if strangers
            else _("{name} is no group").format(name=nowhere[0]),
            remedy=_("The groups are {groups}.").format(groups=", ".join(groups)),
        )
    filled = Counter(named.values())
    alike = []
    for group in groups:
        profiles = [known.loc[one, "profile"] for one, there in named.items() if there == group]
        if len(set(profiles)) < len(profiles):
            alike.append(group)
    return Seeding(
        pd.Series(named, dtype=object, name="group").rename_axis("veteran_id"),
        float(sum(known.loc[one, FIT + group] for one, group in named.items())),
        tuple(one for one in named if not known.loc[one, "willing"]),
        tuple(group for group in groups if not filled[group]),
        tuple(group for group in groups if filled[group] > MOST_IN_A_GROUP),
        tuple(alike),
    )


def best_seeding(veterans: pd.DataFrame) -> Seeding:
    """The plan with the best fit that sends every veteran given, fills every group and mixes profiles.

    .. math:: \\max \\sum_v f_{v, g(v)}, \\quad 1 \\le |\\{v : g(v) = g\\}| \\le 2

    Every plan is tried. Whoever does not want to go must not be among those given: the willing are kept first.

    Args:
        veterans: as for :func:`seeding_of`; at most 8 rows.

    Raises:
        PlaybookError: too many veterans, or no plan keeps the rules.

    Source: assignment, Kuhn (1955), Naval Research Logistics Quarterly 2; the rules are the practice's.
    """
    count, groups = len(veterans), groups_of(veterans)
    if count > _MOST_VETERANS:
        raise PlaybookError(
            _("{count} veterans are too many to try every plan").format(count=count),
            remedy=_("Give at most {most}.").format(most=_MOST_VETERANS),
        )
    plans = seeding_plans(count, len(groups))
    plans = plans[mixes(plans, veterans["profile"].to_numpy())]
    if not len(plans):
        raise PlaybookError(
            _("no plan gives every one of {groups} groups one or two veterans who sell differently").format(
                groups=len(groups)
            ),
            remedy=_("Keep at least one veteran a group, and at most two."),
        )
    fit = veterans[[FIT + group for group in groups]].to_numpy(float)
    best = plans[first_largest(fit[np.arange(count), plans].sum(axis=1))]
    chosen = {one: groups[place] for one, place in zip(veterans["veteran_id"], best, strict=True)}
    return seeding_of(chosen, veterans)


def seeding_by_fit(veterans: pd.DataFrame) -> Seeding:
    """The plan of somebody who sends each veteran where he or she fits best, and looks at nothing else.

    Args:
        veterans: as for :func:`seeding_of`.
    """
    groups = groups_of(veterans)
    fit = veterans[[FIT + group for group in groups]].to_numpy(float)
    chosen = [groups[place] for place in fit.argmax(axis=1)]
    return seeding_of(dict(zip(veterans["veteran_id"], chosen, strict=True)), veterans)


def mixes(plans: np.ndarray, profiles: np.ndarray) -> np.ndarray:
    """Which plans put no two of one profile into a group.

    Args:
        plans: plan x veteran, the place of the group. profiles: by veteran.

    Returns:
        True or False a plan.
    """
    fine = np.ones(len(plans), dtype=bool)
    for one, other in combinations(range(len(profiles)), 2):
        if profiles[one] == profiles[other]:
            fine &= plans[:, one] != plans[:, other]
    return fine


@lru_cache(maxsize=4)
def seeding_plans(veterans: int, groups: int) -> np.ndarray:
    """Every way to give each veteran a group such that every group has one or two, the first groups first."""
    grids = np.meshgrid(*[np.arange(groups, dtype=np.intp)] * veterans, indexing="ij")
    plans = np.stack([grid.ravel() for grid in grids], axis=1)
    sizes = np.stack([(plans == group).sum(axis=1) for group in range(groups)], axis=1)
    plans = plans[(sizes >= 1).all(axis=1) & (sizes <= MOST_IN_A_GROUP).all(axis=1)]
    plans.flags.writeable = False
    return plans
