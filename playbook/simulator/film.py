"""One run watched: who was there in each month, what each district held, and how the money stood."""

from dataclasses import dataclass

import numpy as np

from playbook.errors import PlaybookError
from playbook.simulator.city import City
from playbook.simulator.draws import Draws
from playbook.simulator.field import Work
from playbook.simulator.outcome import COLUMNS
from playbook.simulator.parameters import MONTHS, RIPE_AFTER, Parameters
from playbook.simulator.plan import Plan
from playbook.simulator.run import play
from playbook.simulator.state import Setting, State, make_setting
from playbook.words import _


@dataclass(frozen=True)
class Film:
    """One run of a plan in a city, month by month; P sellers in the order in which they came.

    Attributes:
        months: 24 × columns of :data:`playbook.simulator.outcome.COLUMNS`. value: of the run, thousand CNY.
        limit: cash below which hiring and budgets stop, thousand CNY.
        here: the seller is there at the end of the month, 24 × P.
        start, group, veteran: month of the start, number of the group, and whether a veteran, P.
        begins: month in which each group starts, K. boss: the group has its supervisor, 24 × K.
        customers: at the end of the month, 24 × D.
        cover: reference cover of the firms in need that the plan's sections have, as the month begins, 24 × D.
        need: firms in need, D.
    """

    city: City
    plan: Plan
    months: np.ndarray
    value: float
    limit: float
    here: np.ndarray
    start: np.ndarray
    group: np.ndarray
    veteran: np.ndarray
    begins: np.ndarray
    boss: np.ndarray
    customers: np.ndarray
    cover: np.ndarray
    need: np.ndarray

    def column(self, name: str) -> np.ndarray:
        """One column of the books, 24."""
        return self.months[:, COLUMNS.index(name)]

    @property
    def joined(self) -> np.ndarray:
        """The seller came in this month, 24 × P."""
        return self.start == np.arange(1, MONTHS + 1)[:, None]

    @property
    def left(self) -> np.ndarray:
        """The seller left in this month, 24 × P; some leave in the month in which they came."""
        before = np.vstack([np.zeros_like(self.here[:1]), self.here[:-1]])
        return (before | self.joined) & ~self.here

    @property
    def ripe(self) -> np.ndarray:
        """The seller is there, and a veteran or past the first months, 24 × P."""
        served = np.arange(1, MONTHS + 1)[:, None] - self.start
        return self.here & (self.veteran | (served >= RIPE_AFTER))


def film_run(city: City, plan: Plan, draws: Draws, run: int, parameters: Parameters | None = None) -> Film:
    """Watch one of the runs that were drawn; it comes to the same as beside all the others.

    Args:
        run: number of the run among the draws, from 0.

    Raises:
        PlaybookError: there is no such run, or the plan names a district that the city does not have.
    """
    if not 0 <= run < draws.runs:
        raise PlaybookError(
            _("there is no run {run}: {runs} were drawn").format(run=run, runs=draws.runs),
            where=city.name,
            remedy=_("Choose a run from 0 to {last}.").format(last=draws.runs - 1),
        )
    x = make_setting(city, plan, draws.part(run, run + 1), parameters or Parameters())
    camera = _Camera(x)
    months, value = play(x, camera)
    return camera.develop(months[0], float(value[0]))


class _Camera:
    """Takes a still at the end of each month of a setting's only run."""

    def __init__(self, x: Setting):
        self._x = x
        D, S = len(x.city.districts), len(x.city.sections)
        listed = np.bincount(x.city.district * S + x.city.section, minlength=D * S).reshape(D, S)
        self._asked = listed * x.entered
        self._stills: dict[str, list[np.ndarray]] = {"here": [], "boss": [], "customers": [], "cover": []}

    def __call__(self, s: State, work: Work, month: int) -> None:
        x, asked = self._x, self._asked
        D = len(x.city.districts)
        cover = (work.cover[0].reshape(asked.shape) * asked).sum(1) / np.maximum(asked.sum(1), 1)
        stills = self._stills
        stills["here"].append(s.here[0].copy())
        stills["boss"].append(s.boss[0].copy())
        stills["customers"].append(np.bincount(x.district_of, s.customers.count, D).astype(np.intp))
        stills["cover"].append(cover)
        self._state = s

    def develop(self, months: np.ndarray, value: float) -> Film:
        x, s = self._x, self._state
        stills = {name: np.array(taken) for name, taken in self._stills.items()}
        count = int(s.used[0])
        return Film(
            city=x.city,
            plan=x.plan,
            months=months,
            value=value,
            limit=x.p.frozen_below,
            here=stills["here"][:, :count],
            start=s.start[0, :count],
            group=s.team[0, :count],
            veteran=s.veteran[0, :count],
            begins=x.groups,
            boss=stills["boss"],
            customers=stills["customers"],
            cover=stills["cover"],
            need=x.city.need,
        )
