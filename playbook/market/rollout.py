"""What a roll-out asks of the bench, and how many regions a bench can lead.

The source warns of attacking everywhere with an organisation that cannot follow (处处进攻, 组织能力捉襟见肘). It
gives the ratios - 1 manager with 2 to 3 supervisors, 2 to 3 candidates in a team of 10 - and the arithmetic
follows from them.
"""

import math
from dataclasses import dataclass
from numbers import Real

from playbook.errors import PlaybookError
from playbook.words import _


@dataclass(frozen=True)
class RolloutNeed:
    """The people that new regions ask for; pairs are (at 2, at 3) supervisors per manager.

    Attributes:
        new_regions: regions to open.
        managers: managers (M2), one per region.
        supervisors: supervisors (M1).
        salespeople: 10 per supervisor.
        veterans: experienced salespeople to seed the groups, one per supervisor.
    """

    new_regions: int
    managers: int
    supervisors: tuple[int, int]
    salespeople: tuple[int, int]
    veterans: tuple[int, int]


#: A manager opens a market with 2 or 3 supervisors (source, S26).
SUPERVISORS_PER_REGION = (2, 3)
#: A supervisor leads a team of 10 (source, S07).
TEAM_SIZE = 10
#: 2 or 3 of a team of 10 are chosen as M0 (source, S07).
BENCH_PER_TEAM = (2, 3)


def rollout_need(regions: int, existing: int = 3) -> RolloutNeed:
    """The people needed to grow from ``existing`` to ``regions`` regions, by the source's ratios.

    Per new region 1 manager (M2) and 2 to 3 supervisors (M1); per supervisor a team of 10 and at least one
    experienced salesperson.

    Args:
        regions: regions to work in afterwards.
        existing: regions worked in now.

    Returns:
        Whole numbers of people.

    Raises:
        PlaybookError: when a number is negative or ``regions`` is below ``existing``.
    """
    _check_counts(regions=regions, existing=existing)
    if regions < existing:
        raise PlaybookError(_("A roll-out does not shrink the number of regions."), where="regions")
    new = regions - existing
    supervisors = tuple(new * each for each in SUPERVISORS_PER_REGION)
    return RolloutNeed(
        new_regions=new,
        managers=new,
        supervisors=supervisors,
        salespeople=tuple(TEAM_SIZE * each for each in supervisors),
        veterans=supervisors,
    )


def bench_pool(regions: int) -> tuple[int, int]:
    """How many M0 the teams of ``regions`` regions can put on the bench: fewest and most.

    ``regions x (2 to 3 supervisors) x (2 to 3 M0 per team of 10)``, the source's ratios.

    Args:
        regions: regions worked in now.

    Returns:
        (fewest, most) people.

    Raises:
        PlaybookError: when ``regions`` is negative or not whole.
    """
    _check_counts(regions=regions)
    low, high = (
        regions * teams * each for teams, each in zip(SUPERVISORS_PER_REGION, BENCH_PER_TEAM, strict=True)
    )
    return low, high


def regions_supported(m1: int, m15: int, supervisors_per_region: int = 2, m0_ready: int = 0) -> int:
    """The most new regions a bench can lead: ``min(m15, (m1 + m0_ready) // supervisors_per_region)``.

    One round of promotions, one rung each, from the bench only: an M1.5 becomes the region's manager (M2);
    an M1, or an M0 who is ready to be made M1, becomes one of its supervisors. Nobody skips a rung. Opening
    more than this is the over-extension the source warns of. The source gives the ratios; this formula is
    ours.

    Args:
        m1: supervisors free to move.
        m15: reserve managers ready to lead a region.
        supervisors_per_region: 2 or 3 by the source.
        m0_ready: candidates who pass this review and become supervisors now.

    Returns:
        Whole regions.

    Raises:
        PlaybookError: when a number is negative or not whole, or ``supervisors_per_region`` is zero.
    """
    _check_counts(m1=m1, m15=m15, supervisors_per_region=supervisors_per_region, m0_ready=m0_ready)
    if supervisors_per_region == 0:
        raise PlaybookError(
            _("A region without a supervisor cannot be opened."), where="supervisors_per_region"
        )
    return int(min(m15, (m1 + m0_ready) // supervisors_per_region))


def _check_counts(**counts: int) -> None:
    for name, count in counts.items():
        if not (isinstance(count, Real) and math.isfinite(count) and count == int(count) and count >= 0):
            raise PlaybookError(
                _("People and regions are counted in whole numbers, not {count}.").format(count=count),
                where=name,
            )
