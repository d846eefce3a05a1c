"""All chance of a run, drawn before any decision: two plans meet the same people and the same firms.

Each purpose has its own stream, so that a plan that hires more does not shift what firms draw (common random
numbers). An event comes when the hazard that somebody has collected passes an exponential threshold drawn here.
"""

from dataclasses import dataclass, fields

import numpy as np

from playbook.simulator.city import City, keep_still
from playbook.simulator.parameters import (
    MONTHS,
    MOST_GROUPS,
    MOST_HIRES,
    MOST_TURNS,
    MOST_VETERANS,
    SLOTS,
    Parameters,
)

#: Purposes, each with a stream of its own; never reorder.
_STREAMS = ("firms", "wins", "sellers", "moves", "supervisors", "churn", "hiring", "years", "city")


@dataclass(frozen=True)
class Draws:
    """The chance of R runs in a city with F listed firms, each standing for C.

    Args:
        contact, warming, decision: thresholds of firms, exponential, R × C × F.
        win: marks of firms, uniform, R × C × F. leave: thresholds of customers, exponential, R × C × F.
        stay: thresholds of sellers, exponential, R × SLOTS.
        move: marks of veterans, uniform, R × MOST_VETERANS.
        boss: thresholds of supervisors, exponential, R × MOST_GROUPS × MOST_TURNS.
        filled: of so many vacancies of a month, how many are filled, R × months × (MOST_HIRES + 1).
        year: a section's year, factor on its readiness, R × S × 2. city: the city's, R.
    """

    contact: np.ndarray
    warming: np.ndarray
    decision: np.ndarray
    win: np.ndarray
    leave: np.ndarray
    stay: np.ndarray
    move: np.ndarray
    boss: np.ndarray
    filled: np.ndarray
    year: np.ndarray
    city: np.ndarray

    def __post_init__(self) -> None:
        keep_still(self)

    @property
    def runs(self) -> int:
        """How many runs, R."""
        return len(self.city)

    def part(self, start: int, stop: int) -> "Draws":
        """The runs from `start` to before `stop`; nothing is copied."""
        return Draws(**{field.name: getattr(self, field.name)[start:stop] for field in fields(self)})


def make_draws(city: City, runs: int, first: int = 0, parameters: Parameters | None = None) -> Draws:
    """Draw the chance of `runs` runs, numbered from `first`; a run's chance depends on its number alone.

    Numbers below 10,000 are for reports and grades; the search for references takes those from 10,000, and whoever sets
    parameters takes those from 20,000.
    """
    p = parameters or Parameters()
    shape = (runs, city.copies, city.firms)
    contact, warming, decision, win, leave = (np.empty(shape) for _ in range(5))
    stay = np.empty((runs, SLOTS))
    move = np.empty((runs, MOST_VETERANS))
    boss = np.empty((runs, MOST_GROUPS, MOST_TURNS))
    filled = np.zeros((runs, MONTHS, MOST_HIRES + 1), np.intp)
    year, luck = np.empty((runs, len(city.sections), 2)), np.empty(runs)
    one = (city.copies, city.firms)
    for run in range(runs):
        stream = {
            name: np.random.Generator(np.random.PCG64([first + run, number]))
            for number, name in enumerate(_STREAMS)
        }
        for thresholds in (contact, warming, decision):
            thresholds[run] = stream["firms"].standard_exponential(one)
        win[run] = stream["wins"].random(one)
        leave[run] = stream["churn"].standard_exponential(one)
        stay[run] = stream["sellers"].standard_exponential(SLOTS)
        move[run] = stream["moves"].random(MOST_VETERANS)
        boss[run] = stream["supervisors"].standard_exponential((MOST_GROUPS, MOST_TURNS))
        filled[run, :, 1:] = np.cumsum(stream["hiring"].random((MONTHS, MOST_HIRES)) < p.fill, axis=1)
        year[run] = stream["years"].standard_normal((len(city.sections), 2))
        luck[run] = stream["city"].standard_normal()
    return Draws(
        contact,
        warming,
        decision,
        win,
        leave,
        stay,
        move,
        boss,
        filled,
        _factor(year, p.year_spread),
        _factor(luck, p.city_spread),
    )


def _factor(normal: np.ndarray, spread: float) -> np.ndarray:
    """Lognormal with mean 1."""
    return np.exp(spread * normal - spread**2 / 2)
