"""The reference of a city: the best plan that a search uphill finds, under common random numbers and the cash rule.

Each round tries some small changes of the best plan so far on a few runs, the better half of them on more, and
keeps the best if it beats the plan so far on all. The runs are others than those that report and grade. A search
can be stopped at any time and goes on from its last round.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace

import numpy as np

from playbook.simulator.city import City
from playbook.simulator.draws import Draws, make_draws
from playbook.simulator.moves import neighbour
from playbook.simulator.outcome import Outcome
from playbook.simulator.parameters import CASH_LIMIT, CASH_SHARE, Parameters
from playbook.simulator.plan import BOUNDS, Plan
from playbook.simulator.policies import by_the_book
from playbook.simulator.run import simulate

#: Number of the first run that searches use; those below report and grade.
FIRST_RUN = 10_000
#: Runs on which a change is tried: at first, and at last.
FEW, MANY = 8, 24
#: Changes that are tried in a round, and those of them that are tried on many runs.
TRIED, KEPT = 8, 2
#: Cash in thousand CNY that is kept free above the limit, as a search sees few runs; and what each thousand CNY that is
#: missing there costs a plan, in thousand CNY of value: more than it could earn. Where that was too little, as many
#: runs show, another so much is kept free, a few times at the most.
SPARE, MISSING, WIDER = 300.0, 20.0, 3
#: Rounds of a search; so many without a better plan end it before.
ROUNDS, PATIENCE = 240, 60


@dataclass(frozen=True)
class Standing:
    """How far a search is.

    Args:
        plan: the best so far. value: its worth over the search's runs, thousand CNY (see :func:`worth`).
        round: rounds done. since: rounds since it was found. wider: how often more cash had to be kept free.
    """

    plan: Plan
    value: float
    round: int = 0
    since: int = 0
    wider: int = 0

    @property
    def spare(self) -> float:
        """Cash above the limit that is kept free, thousand CNY."""
        return SPARE * (1 + self.wider)

    @property
    def over(self) -> bool:
        """Nothing more is tried."""
        return self.round >= ROUNDS * (1 + self.wider) or self.since >= PATIENCE


def worth(outcome: Outcome, spare: float = SPARE) -> float:
    """What a search makes as large as it can: the mean value, less what a broken cash rule costs; thousand CNY.

    The rule is the certificate's: at most one run in ten may fall below the limit at any time.

    Args:
        spare: thousand CNY that are kept free above the limit.
    """
    lowest = float(np.quantile(outcome.column("cash").min(1), CASH_SHARE))
    return float(outcome.value.mean()) - MISSING * max(0.0, CASH_LIMIT + spare - lowest)


#: Levers that mean the same in every city.
EVERYWHERE = tuple(name for name in BOUNDS if name not in ("area_focus",))


def with_numbers(plan: Plan, other: Plan) -> Plan:
    """The plan's places, industries and traits with the numbers of another plan."""
    return replace(plan, **{name: getattr(other, name) for name in EVERYWHERE})


def begin(
    city: City, draws: Draws, parameters: Parameters | None = None, elsewhere: Iterable[Plan] = ()
) -> Standing:
    """A search that has not tried anything yet: it starts from the plan by the book, or from a better one.

    Args:
        elsewhere: plans found before, here or in other cities. They are tried as they stand where their districts are
            this city's, and their numbers with this city's places, industries and traits.
    """
    book = by_the_book(city)
    starts = [book]
    for plan in elsewhere:
        starts.append(with_numbers(book, plan))
        if {*plan.areas, *plan.offices} <= set(city.districts):
            starts.append(plan)
    values = [worth(simulate(city, plan, draws, parameters)) for plan in starts]
    best = int(np.argmax(values))
    return Standing(starts[best], values[best])


def search_draws(city: City, runs: int = MANY, parameters: Parameters | None = None) -> Draws:
    """The runs that a search tries plans on."""
    return make_draws(city, runs, FIRST_RUN, parameters)


def one_round(city: City, standing: Standing, draws: Draws, parameters: Parameters | None = None) -> Standing:
    """Try some changes, and keep the best if it beats the plan so far on all runs."""
    rng = np.random.default_rng([FIRST_RUN, standing.round])
    tried = [neighbour(standing.plan, city, rng) for _ in range(TRIED)]
    few, spare = draws.part(0, min(FEW, draws.runs)), standing.spare
    quick = [worth(simulate(city, plan, few, parameters), spare) for plan in tried]
    best = sorted(range(len(tried)), key=lambda number: -quick[number])[:KEPT]
    slow = [(worth(simulate(city, tried[number], draws, parameters), spare), number) for number in best]
    value, number = max(slow)
    if value > standing.value:
        return replace(standing, plan=tried[number], value=value, round=standing.round + 1, since=0)
    return replace(standing, round=standing.round + 1, since=standing.since + 1)


def keeps_cash(outcome: Outcome) -> bool:
    """Whether a plan's runs keep the certificate's rule."""
    return outcome.cash_broken <= CASH_SHARE


def widened(city: City, standing: Standing, parameters: Parameters | None = None) -> Standing:
    """The same plan with more cash to keep free: a search that was over goes on."""
    wider = replace(standing, wider=standing.wider + 1, since=0)
    outcome = simulate(city, standing.plan, search_draws(city, parameters=parameters), parameters)
    return replace(wider, value=worth(outcome, wider.spare))


def climb(
    city: City,
    standing: Standing | None = None,
    parameters: Parameters | None = None,
    rounds: int = ROUNDS,
    elsewhere: Iterable[Plan] = (),
    tell: Callable[[Standing], None] = lambda standing: None,
) -> Standing:
    """Search until nothing better is found; the standing when it ends.

    Args:
        standing: of an interrupted search, to go on from.
        rounds: most rounds in all. elsewhere: as for :func:`begin`.
        tell: called after each round, to keep the standing.
    """
    draws = search_draws(city, parameters=parameters)
    standing = standing or begin(city, draws, parameters, elsewhere)
    while not standing.over and standing.round < rounds * (1 + standing.wider):
        standing = one_round(city, standing, draws, parameters)
        tell(standing)
    return standing


def model_digest(parameters: Parameters | None = None) -> str:
    """Eight letters that change with any parameter and with the cash rule: a reference holds for one set of them."""
    p = parameters or Parameters()
    text = repr([(field.name, getattr(p, field.name)) for field in fields(p)] + [CASH_SHARE, SPARE, MISSING])
    return hashlib.sha256(text.encode()).hexdigest()[:8]
