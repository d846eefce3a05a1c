"""The launch panel: fictional cities over two years that follow the law of three densities."""

import numpy as np
import pandas as pd

from playbook.casemaking.parameters import PANEL_CITIES as CITIES
from playbook.casemaking.parameters import PANEL_MONTHS as MONTHS
from playbook.casemaking.parameters import PANEL_TREATED as TREATED
from playbook.casemaking.truths import Truths


def launch_panel(rng, truths: Truths) -> pd.DataFrame:
    """Bookings that follow the product law, twelve launches, one of them in a city that was rising already."""
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
