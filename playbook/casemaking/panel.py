"""The launch panel: fictional cities over two years that follow the law of three densities.

A draw is thrown away in which a usual mistake of chapter 12 comes near the effect of the launch.
"""

import numpy as np
import pandas as pd

from playbook.casemaking.parameters import PANEL_CITIES as CITIES
from playbook.casemaking.parameters import PANEL_MONTHS as MONTHS
from playbook.casemaking.parameters import PANEL_TREATED as TREATED
from playbook.casemaking.truths import Truths
from playbook.errors import PlaybookError
from playbook.market.effect import did, launch_ratios, rise_before

#: How far from the effect the usual mistakes end at least: the change of the pilots alone, the lead of the pilots
#: afterwards, and the effect with the rising pilot in it.
_ALONE, _AFTERWARDS, _KEPT = 0.02, 0.008, 0.015
#: The pilot that was rising already rose so much more than any other.
_CLEAR = 0.08
_MOST_DRAWS = 200


def launch_panel(rng, truths: Truths, strict: bool = False) -> pd.DataFrame:
    """Bookings that follow the product law, twelve launches, one of them in a city that was rising already.

    Args:
        strict: nor is the rising pilot the last one to start.

    Raises:
        PlaybookError: no draw keeps chapter 12's usual mistakes away from its answers.
    """
    for _ in range(_MOST_DRAWS):
        panel = _drawn(rng, truths)
        if _no_mistake_ends_right(panel, strict):
            return panel
    raise PlaybookError("no launch panel keeps the usual mistakes of chapter 12 away from its answers")


def _no_mistake_ends_right(panel: pd.DataFrame, strict: bool) -> bool:
    ratios = launch_ratios(panel)
    pilots = rise_before(ratios)
    rise = (pilots["last"] - pilots["first"]) - (pilots["others_last"] - pilots["others_first"])
    rising, launch = rise.idxmax(), pilots["launch_month"]
    # The pilot that is asked for, and those that the usual mistakes name: the first to start, the one that rose least,
    # the highest before its launch.
    if len({rising, launch.idxmin(), rise.idxmin(), pilots["last"].idxmax()}) < 4:
        return False
    change = did(ratios, leave_out=[rising])
    return bool(
        rise[rising] - rise.drop(rising).max() >= _CLEAR
        and abs(change.others) >= _ALONE
        and abs(change.pilots_before - change.others_before) >= _AFTERWARDS
        and abs(did(ratios).effect - change.effect) >= _KEPT
        and not (strict and launch.idxmax() == rising)
    )


def _drawn(rng, truths: Truths) -> pd.DataFrame:
    city, month = np.repeat(np.arange(CITIES), MONTHS), np.tile(np.arange(1, MONTHS + 1), CITIES)
    levels = np.exp(rng.normal(-0.45, 0.42, (3, CITIES)))[:, city]
    drift = np.cumsum(rng.normal(0, 0.05, (3, CITIES, MONTHS)), axis=2).reshape(3, -1)
    md, sd, kd = np.clip(levels * np.exp(drift), 0.08, 1.6).round(3)
    treated = np.zeros(CITIES, dtype=bool)
    treated[rng.choice(CITIES, TREATED, replace=False)] = True
    launch = rng.integers(8, 17, CITIES)
    rising = int(rng.choice(np.flatnonzero(treated)))
    launch[rising] = 15  # a trend of fourteen months before its launch
    after = treated[city] & (month >= launch[city])
    trend = np.where(city == rising, 0.045 * np.minimum(month - launch[rising], 0), 0.0)
    season = 0.08 * np.sin(2 * np.pi * (month - 4) / 12) - 0.25 * (month % 12 == 2)
    law = sum(power * np.log(value) for power, value in zip(truths.law, (md, sd, kd), strict=True))
    noise = rng.normal(0, 0.03, CITIES)[city] + rng.normal(0, 0.08, len(city))
    bookings = np.exp(4.6 + law + season + trend + truths.launch_effect * after + noise)
    months = pd.array(launch[city], dtype="Int64")
    months[~treated[city]] = pd.NA
    return pd.DataFrame(
        {
            "city_id": [f"L{number + 1:02d}" for number in city],
            "month": month,
            "treated": treated[city],
            "launch_month": months,
            "bookings_10k": bookings.round(2),
            "md": md,
            "sd": sd,
            "kd": kd,
        }
    )
