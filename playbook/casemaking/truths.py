"""What is planted in a case: drawn from its seed, kept out of its folder, recovered by tests.

An unseen case is contrary to the shipped case of the same city wherever an answer is a direction or a name,
so that an answer typed in from the shipped case is wrong on it.
"""

from dataclasses import dataclass, replace

import numpy as np

from playbook.casemaking.seeds import COURSE_SEED, Seed, shipped_seed, stream

#: Logit of need: fictional, but of a size that 3,000 accounts can recover.
NEED_LOGIT = {
    "export": 0.90,
    "it_maturity": 0.35,  # per step above 2
    "log10_employees": 0.60,  # per tenfold above 10
    "competitor": -0.80,
    "km": -0.015,  # per km from the city's centre
    "C": 0.50,
    "F": 0.35,
}
#: What an unseen case has instead: size and trade count most, export and manufacturing least.
CONTRARY_NEED_LOGIT = {
    "export": 0.30,
    "it_maturity": 0.30,
    "log10_employees": 1.10,
    "competitor": -0.60,
    "km": -0.015,
    "C": 0.10,
    "F": 0.90,
}
#: Share of accounts without a number of employees: under 10 people, 10 and more.
GAPS = (0.14, 0.03)
#: The law of three densities, as planted in the shipped launch panel.
LAW = (0.5, 0.7, 0.9)
LAUNCH_EFFECT = float(np.log(1.18))
DENSITIES = ("md", "sd", "kd")


@dataclass(frozen=True)
class Truths:
    """The planted directions of one case.

    Args:
        base_need: share of accounts in need.
        need: coefficients of the logit of need; the intercept follows from the base.
        gaps: share of accounts without a number of employees: under 10 people, 10 and more.
        better: of manufacturing (C) and trade (F), the one that wins more often grade for grade and size for
            size, though less often overall.
        win_effects: what the other sections add to the chance of a win.
        binding: the lowest density of the case's own city.
        zero: the density that is zero in one pilot city.
        law: exponents of the three densities in the launch panel.
        launch_effect: effect of a launch on the logarithm of bookings.
        growing: the section in which the home customers grew most.
    """

    base_need: float
    need: dict[str, float]
    gaps: tuple[float, float]
    better: str
    win_effects: dict[str, float]
    binding: str
    zero: str
    law: tuple[float, float, float]
    launch_effect: float
    growing: str


def truths_of(adcode: str, seed: Seed, resample_public: bool = False) -> Truths:
    """The planted truths of a case."""
    own = _drawn(adcode, seed)
    if not resample_public:
        shared = _drawn("shared", COURSE_SEED)
        return replace(own, law=LAW, launch_effect=LAUNCH_EFFECT, growing=shared.growing)
    shipped = truths_of(adcode, shipped_seed(adcode))
    rng = stream(seed, "contrary truths")
    order = _other_order(rng)
    return replace(
        own,
        need=CONTRARY_NEED_LOGIT,
        gaps=GAPS[::-1],
        better="F" if shipped.better == "C" else "C",
        binding=_another(rng, DENSITIES, shipped.binding),
        zero="kd" if shipped.zero == "md" else "md",
        law=tuple(round(float(LAW[i] * rng.uniform(0.9, 1.1)), 3) for i in order),
        launch_effect=float(
            np.log1p(rng.uniform(0.10, 0.14) if rng.random() < 0.5 else rng.uniform(0.23, 0.30))
        ),
        growing=_another(rng, "CFGI", shipped.growing),
    )


def _drawn(adcode: str, seed: Seed) -> Truths:
    rng = stream(seed, f"truths {adcode}")
    return Truths(
        base_need=float(rng.uniform(0.15, 0.17)),
        need=NEED_LOGIT,
        gaps=GAPS,
        better=str(rng.choice(["C", "F"])),
        win_effects={section: float(rng.uniform(-0.10, 0.12)) for section in "EGHIJKLM"},
        binding=str(rng.choice(DENSITIES)),
        zero=str(rng.choice(["md", "kd"])),
        law=LAW,
        launch_effect=LAUNCH_EFFECT,
        growing=str(rng.choice(list("CFGI"))),
    )


def _another(rng: np.random.Generator, choices, taken: str) -> str:
    return str(rng.choice([choice for choice in choices if choice != taken]))


def _other_order(rng: np.random.Generator) -> list[int]:
    """An order of the exponents in which the largest is not the third, as in the shipped panel."""
    return [[2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 2, 0]][int(rng.integers(4))]
