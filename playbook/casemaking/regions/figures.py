"""A city's public figures, as read from its forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass
class Region:
    """A city's public tables.

    Attributes:
        city: as a row of `cities`. districts: as rows of `districts`, without workers.
        workers: district_adcode, and thousands of residents in work by section.
        printed: the city's own row of workers as printed, by section; empty where there is none.
        notes: what was computed or looks odd, in sentences.
    """

    city: dict[str, Any]
    districts: pd.DataFrame
    workers: pd.DataFrame
    printed: dict[str, float]
    source: str
    year: int
    notes: list[str] = field(default_factory=list)
