"""Plans on trial: a city and its draws made once, a plan run once, and what rules and gates read of the run."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from playbook.chapters.defence.finding import Simulated
from playbook.errors import PlaybookError
from playbook.kept import Kept
from playbook.simulator.city import City, make_city
from playbook.simulator.draws import Draws, make_draws
from playbook.simulator.outcome import Outcome
from playbook.simulator.plan import Plan
from playbook.simulator.run import simulate
from playbook.simulator.yardstick import yardstick_of

#: Runs on which a notebook looks at a plan; a mark stands on more.
RUNS = 40
#: How much of the gap earns all points, and how much half of them. Over the cities the plan by the book closes .47 to
#: .61, company F .22 to .33: the first earns all, the second half at best, and it breaks the cash rule.
WHOLE, HALF = 0.45, 0.30


#: Cities and draws: those of a grader's two workers. Outcomes, 140 KB each: of a plan and of all its levers, a few times over.
_cities, _draws, _outcomes = Kept(4), Kept(6), Kept(160)


def city_of(case: Any) -> City:
    """A case made ready for the simulator; made once, kept for the next call."""
    return _cities.of(case.fingerprint, lambda: make_city(case))


def wind_tunnel(case: Any, runs: int = RUNS) -> tuple[City, Draws]:
    """A case made ready for the simulator, and the chance that every plan meets there.

    Returns:
        The city and its draws, for :func:`playbook.simulator.simulate`; made once, kept for the next call.
    """
    city = city_of(case)
    return city, _draws.of((case.fingerprint, runs), lambda: make_draws(city, runs))


class _Runs:
    """A plan's runs on a case, as many as were asked for so far: more are added, fewer are its first ones."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Outcome | None = None

    def first(self, runs: int, play: Callable[[int, int], Outcome]) -> Outcome:
        """The first runs of it.

        Args:
            play: makes those from one number to before another.
        """
        with self._lock:
            known = len(self._known.value) if self._known else 0
            if runs > known:
                more = play(known, runs)
                self._known = self._known.joined(more) if self._known else more
            return self._known.first(runs)


@dataclass(frozen=True)
class _Players:
    """Who plays plans.

    Attributes:
        play: as :func:`play` does. abreast: how many plans it plays at a time.
    """

    play: Callable[[Any, Plan, int, int, int], Outcome]
    abreast: int


def play(case: Any, plan: Plan, start: int, stop: int, drawn: int) -> Outcome:
    """Runs of a plan on a case, from one number to before another.

    Args:
        drawn: how many runs have their chance drawn at once, and kept; no fewer than `stop`.

    Raises:
        PlaybookError: the plan names a district that the city does not have.
    """
    city, draws = wind_tunnel(case, drawn)
    return simulate(city, plan, draws if (start, stop) == (0, drawn) else draws.part(start, stop))


_players = [_Players(play, 1)]


@contextlib.contextmanager
def played_by(play: Callable[[Any, Plan, int, int, int], Outcome], abreast: int) -> Iterator[None]:
    """Inside a ``with`` block, let somebody else play plans, several at a time."""
    players = _Players(play, abreast)
    _players.append(players)
    try:
        yield
    finally:
        _players.remove(players)


def run_of(case: Any, plan: Plan, runs: int = RUNS) -> Outcome:
    """A plan's runs on a case; those that ran last are not run again.

    Raises:
        PlaybookError: the plan names a district that the city does not have.
    """
    drawn, players = max(runs, RUNS), _players[-1]
    known = _outcomes.of((case.fingerprint, plan), _Runs)
    return known.first(runs, lambda start, stop: players.play(case, plan, start, stop, drawn))


def runs_of(case: Any, plans: Sequence[Plan], runs: int = RUNS) -> Iterator[Outcome]:
    """The same of several plans, in their order."""
    abreast = _players[-1].abreast
    if abreast == 1:
        yield from (run_of(case, plan, runs) for plan in plans)
        return
    with ThreadPoolExecutor(abreast) as asking:
        yield from asking.map(lambda plan: run_of(case, plan, runs), plans)


def ends_known(case: Any) -> dict[str, float] | None:
    """The frozen ends of the gap in a city, thousand CNY; None where none were frozen for this version."""
    try:
        frozen = yardstick_of(city_of(case))
    except PlaybookError:
        return None
    return {"runs": frozen.runs, "naive": frozen.naive, "reference": frozen.reference}


def share_of(value: float, ends: Mapping[str, Any]) -> float:
    """How much of the gap a mean value closes: 0 is the naive plan, 1 the reference; 0 where there is no gap."""
    gap = float(ends["reference"]) - float(ends["naive"])
    return (value - float(ends["naive"])) / gap if gap > 0 else 0.0


def simulated(case: Any, plan: Plan, ends: Mapping[str, Any], runs: int = RUNS) -> Simulated:
    """What rules and gates read of a plan that was run on a case.

    Args:
        ends: `naive` and `reference`, thousand CNY.
    """
    outcome = run_of(case, plan, runs)
    totals = outcome.totals()
    own_gate = None
    if plan.gate > 0:
        own_gate = float((totals["ripe_books"] >= plan.gate).mean())
    return Simulated(
        gap_share=share_of(float(totals["value"].mean()), ends),
        cash_broken=outcome.cash_broken,
        attrition=float(totals["attrition"].mean()),
        mean_density=float(totals["density"].mean()),
        gate_passed=own_gate,
        draws=len(totals),
    )
