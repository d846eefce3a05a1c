"""What chapter 12 decides on: six cities after a year, three numbers each, and the limits they are held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from playbook.market.economics import StayCurve, fit_sbg, gate_numbers, sbg_lifetime
from playbook.words import N_, _

SCALE, HOLD, STOP = N_("scale"), N_("hold"), N_("stop")
VERDICTS = (SCALE, HOLD, STOP)
#: What the three numbers are called.
NAMES = {"payback": N_("payback"), "cover": N_("pipeline cover"), "density": N_("management density")}


@dataclass(frozen=True)
class Limits:
    """Up to where a number is green, and from where it is red; between the two it is amber.

    Attributes:
        payback: months: green up to the first, red above the second.
        cover: ratio: green from the first, red below the second.
        density: ratio: as cover.
    """

    payback: tuple[float, float] = (18, 24)
    cover: tuple[float, float] = (3, 2)
    density: tuple[float, float] = (0.8, 0.5)


LIMITS = Limits()


def colour(name: str, value: float, limits: Limits = LIMITS) -> str:
    """``green``, ``amber`` or ``red`` for one of the three numbers."""
    green, red = getattr(limits, name)
    if name == "payback":
        return "green" if value <= green else "red" if value > red else "amber"
    return "green" if value >= green else "red" if value < red else "amber"


def verdict(payback: float, cover: float, density: float, limits: Limits = LIMITS) -> str:
    """Scale where all three are green, stop where one is red, else hold. No number makes up for another."""
    found = {
        colour(name, value, limits)
        for name, value in (("payback", payback), ("cover", cover), ("density", density))
    }
    return SCALE if found == {"green"} else STOP if "red" in found else HOLD


def averaged(payback: float, cover: float, density: float, limits: Limits = LIMITS) -> str:
    """The verdict of somebody who lets a strong number make up for a weak one. For contrast only.

    Each number over its green limit (payback: the limit over the number), the mean of the three: scale from 1, stop
    below 0.75.
    """
    mean = (limits.payback[0] / payback + cover / limits.cover[0] + density / limits.density[0]) / 3
    return SCALE if mean >= 1 else STOP if mean < 0.75 else HOLD


@dataclass(frozen=True)
class GateProblem:
    """The cities of a case after a year.

    Attributes:
        city: the trainee's own.
        numbers: by city: ``payback`` (months), ``cover``, ``density``.
        month_cny: what a customer pays a month. margin: the part of it that is left.
        rate: discount a year.
        curves: of those who stay, by channel.
    """

    city: str
    numbers: pd.DataFrame
    month_cny: float
    margin: float
    rate: float
    curves: Mapping[str, StayCurve]

    def verdicts(self, rule: Callable[..., str] = verdict, limits: Limits = LIMITS) -> pd.Series:
        """What is to be done, by city."""
        rows = self.numbers.itertuples()
        found = {row.Index: rule(row.payback, row.cover, row.density, limits) for row in rows}
        return pd.Series(found, name="verdict")

    def lifetimes(self) -> pd.Series:
        """Discounted lifetime in years, by channel, the longest first."""
        found = {name: sbg_lifetime(one.alpha, one.beta, rate=self.rate) for name, one in self.curves.items()}
        return pd.Series(found).sort_values(ascending=False, kind="stable")


def gate_problem(case: Any) -> GateProblem:
    """The cities of a case.

    Args:
        case: with ``quarters``, ``cohorts`` and ``assumptions``.
    """
    usual = case.assumptions.set_index("name")["usual"]
    month, margin = usual["value_cny"] / 12, usual["customer_margin"]
    return GateProblem(
        city=case.city,
        numbers=gate_numbers(case.quarters, month, margin),
        month_cny=float(month),
        margin=float(margin),
        rate=float(usual["yearly_discount"]),
        curves={str(name): fit_sbg(rows) for name, rows in case.cohorts.groupby("channel")},
    )


def off(row: Any, limits: Limits = LIMITS) -> list[str]:
    """The numbers of a city that are not green, by name, the red ones first."""
    colours = {name: colour(name, getattr(row, name), limits) for name in NAMES}
    return [name for wanted in ("red", "amber") for name, one in colours.items() if one == wanted]


def said(name: str) -> str:
    """A number's name in the reader's language."""
    return _(NAMES[name])
