"""What a trainee's mix says: money by way to sell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from playbook.chapters.summing import column_of


def money_of(value: object) -> float | None:
    """An amount of money, 0 or more; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def mix_of(answers: Mapping[str, Any], ways: list[str]) -> dict[str, float]:
    """The mix that was answered, its ways in their order; empty where it spends nothing."""
    said = {
        name.strip().casefold(): money_of(_plain(value))
        for name, value in column_of(answers, "mix", "channel", "spend").items()
    }
    found = {way: said[way] for way in ways if said.get(way)}
    return {way: float(money) for way, money in found.items() if money}


def _plain(value: object) -> object:
    """A number of numpy as one of Python."""
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", None) == 0 else value
