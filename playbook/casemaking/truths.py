"""What is planted in a case: drawn from its seed, kept out of its folder, recovered by tests.

An unseen case is contrary to the shipped case of the same city wherever an answer is a direction or a name,
so that an answer typed in from the shipped case is wrong on it.
"""

from dataclasses import dataclass

import numpy as np

from playbook.casemaking.dealt import BOOKS_ENTRY, DENSITIES, GAPS, Dealt, contrary, dealt_to
from playbook.casemaking.parameters import (
    BASE_NEED,
    LAUNCH_EFFECT,
    LAW,
    NEED_KM,
    NEED_STRONG,
    NEED_TRADE,
    NEED_WEAK,
)
from playbook.casemaking.seeds import COURSE_SEED, Seed, shipped_seed, stream

__all__ = ["DENSITIES", "Truths", "truths_of"]


@dataclass(frozen=True)
class Truths:
    """The planted directions of one case.

    Args:
        dealt: the answers dealt to the city.
        base_need: share of accounts in need.
        need: coefficients of the logit of need; the intercept follows from the base.
        gaps: where headcount is missing, how often there, how often elsewhere.
        law: exponents of the three densities in the launch panel.
        launch_effect: effect of a launch on the logarithm of bookings.
        growing: the section in which the home customers grew most.
    """

    dealt: Dealt
    base_need: float
    need: dict[str, float]
    gaps: tuple[str, float, float]
    law: tuple[float, float, float]
    launch_effect: float
    growing: str

    @property
    def better(self) -> str:
        return self.dealt.better

    @property
    def binding(self) -> str:
        return self.dealt.binding

    @property
    def zero(self) -> str:
        return self.dealt.zero


def truths_of(
    adcode: str, seed: Seed, resample_public: bool = False, entries: str = "CEFGH", draw: str = ""
) -> Truths:
    """The planted truths of a case. All but the shipped cases are dealt anew, contrary to the shipped one.

    Args:
        entries: as for :func:`playbook.casemaking.dealt.contrary`.
        draw: which deal of the contrary truths; those of the first draws may allow no case.
    """
    rng = stream(seed, f"truths {adcode}")
    base = float(rng.uniform(*BASE_NEED))
    scale = rng.uniform(0.93, 1.07, 3)
    growing = growing_at_home()
    effect = LAUNCH_EFFECT
    dealt = dealt_to(adcode)
    rng = stream(seed, "contrary truths" + draw)
    if resample_public:
        # Neither the shipped answer nor the book's; published figures may leave no other.
        rest = [section for section in entries if section not in (dealt.entry, BOOKS_ENTRY)]
        entries = "".join(rest) or entries
    if resample_public or str(seed) != str(shipped_seed(adcode)):
        dealt = contrary(rng, adcode, entries)
    if resample_public:
        growing = str(rng.choice([section for section in "CFGI" if section != growing]))
        effect = float(np.log1p(rng.uniform(0.10, 0.14) if rng.random() < 0.5 else rng.uniform(0.23, 0.30)))
    need = {name: (NEED_STRONG if name in dealt.profile else NEED_WEAK)[name] for name in NEED_STRONG}
    return Truths(
        dealt=dealt,
        base_need=base,
        need={**need, "km": NEED_KM, "trade": NEED_TRADE},
        gaps=(dealt.gap, *GAPS[dealt.gap]),
        law=tuple(round(float(LAW[i] * s), 3) for i, s in zip(dealt.order, scale, strict=True)),
        launch_effect=effect,
        growing=growing,
    )


def growing_at_home() -> str:
    """The section in which the shipped home customers grew most: one table for all shipped cases."""
    return str(stream(COURSE_SEED, "truths shared").choice(list("CFGI")))
