"""Run a plan: 24 months in eight phases, many runs side by side."""

from collections.abc import Callable

import numpy as np

from playbook.kept import KeptWith
from playbook.simulator.city import City
from playbook.simulator.draws import Draws
from playbook.simulator.field import Work, cultivate, decide, sow, where
from playbook.simulator.outcome import COLUMNS, Outcome
from playbook.simulator.parameters import CONTRACT, MONTHS, Parameters
from playbook.simulator.people import Team, people
from playbook.simulator.plan import Plan
from playbook.simulator.state import Setting, State, make_setting

#: Runs that go side by side: a hundred together cost a tenth less than by forties, and more gain nothing.
BATCH = 100
#: Outcomes that are kept of each set of draws: to ask for one again costs nothing.
_OUTCOMES = KeptWith(8)


def simulate(city: City, plan: Plan, draws: Draws, parameters: Parameters | None = None) -> Outcome:
    """Let a plan run for 24 months, once for each run that was drawn.

    The same city, plan and draws give the same outcome to the last digits that count, in the browser too.

    Args:
        city: from :func:`playbook.simulator.city.make_city`. draws: of this city.
        parameters: default the course's.

    Raises:
        PlaybookError: the plan names a district that the city does not have.
    """
    p = parameters or Parameters()
    _city, months, value = _OUTCOMES.of(draws, (id(city), plan, p), lambda: _all_runs(city, plan, draws, p))
    return Outcome(months.copy(), value.copy(), p.margin, p.days)


def _all_runs(city: City, plan: Plan, draws: Draws, p: Parameters) -> tuple[City, np.ndarray, np.ndarray]:
    """Months and value of every run; with the city, so that its number stays its own."""
    parts = [
        play(make_setting(city, plan, draws.part(start, min(start + BATCH, draws.runs)), p))
        for start in range(0, draws.runs, BATCH)
    ]
    months, value = (np.concatenate(found) for found in zip(*parts, strict=True))
    return city, months, value


def play(
    x: Setting, watch: Callable[[State, Work, int], None] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The runs of a setting, all months: rows of :data:`COLUMNS`, R × 24 × columns, and the value, R.

    Args:
        watch: called at the end of each month with the state, the field work and the month; it changes neither.
    """
    s = State(x)
    months = np.empty((x.draws.runs, MONTHS, len(COLUMNS)))
    team = None
    for month in range(1, MONTHS + 1):
        team = people(x, s, month)
        work = where(x, s, team, month)
        met, met_place = sow(x, s, work)
        firm, place = cultivate(x, s, work, met, met_place, month)
        won = decide(x, s, team, work, firm, place)
        renewals = keep(x, s, team, firm[won], place[won], month)
        months[:, month - 1] = money(x, s, team, work, firm, place, won, renewals, month)
        if watch is not None:
            watch(s, work, month)
    return months, s.cash + inheritance(x, s, team)


def keep(x: Setting, s: State, team: Team, firm: np.ndarray, place: np.ndarray, month: int) -> np.ndarray:
    """Phase 7: customers leave or renew, new ones begin, rivals answer; renewals in thousand CNY, R."""
    p, city, W = x.p, x.city, len(x.cell_of)
    runs, D = len(s.cash), len(city.districts)
    held = s.customers.count.reshape(runs, W).sum(1)
    load = np.minimum(np.maximum(held / (p.load * np.maximum(team.equivalents, 1.0)) - 1, 0.0), 2.0)
    s.lost_hazard += p.churn * (1 + p.churn_load * load)
    s.customers.pop(np.repeat(s.lost_hazard, W))
    due, due_place = s.customers.came_in(month - CONTRACT)
    renewals = _by_run(x, due, x.run_of[due_place], runs)
    run, spot = x.run_of[place], place % W
    s.customers.add(firm, place, s.lost_hazard[run] + x.draws.leave.reshape(-1)[firm], month)
    provoked = np.where(city.rival[firm % city.firms], p.provoked, 1.0)
    wins = np.bincount(run * D + x.district_of[spot], provoked, runs * D).reshape(runs, D)
    s.rivals += p.answer * wins / np.maximum(city.need, 1) - p.calm * (s.rivals - p.rival * city.rivals)
    counts = s.customers.count.reshape(runs, W)
    cells = s.counted.shape[1]
    s.counted = counts[:, :cells].astype(float)
    s.counted[:, x.cell_of[cells:]] += p.benchmark * counts[:, cells:]
    return renewals


def money(
    x: Setting,
    s: State,
    team: Team,
    work: Work,
    firm: np.ndarray,
    place: np.ndarray,
    won: np.ndarray,
    renewals: np.ndarray,
    month: int,
) -> np.ndarray:
    """Phase 8: the month's books; the row of :data:`COLUMNS` of each run, R × columns."""
    p, plan, W, runs = x.p, x.plan, len(x.cell_of), len(s.cash)
    by_run = x.run_of[place]
    bookings = _by_run(x, firm[won], by_run[won], runs)
    offices = max(len(plan.offices), 1)
    spent = (
        team.reps * p.pay
        + p.pay_veteran * (s.veteran & s.here).sum(1)
        + (plan.package + p.veteran_missed) * team.moved
        + p.hire * team.hired
        + p.guarantee * team.guaranteed
        + p.bench * plan.bench * team.ripe
        + p.supervisor * s.boss.sum(1)
        + p.manager
        + offices * (p.office_month + p.office_once * (month == 1))
        + p.salon * work.salons
        + work.online
        + work.ecosystem
        + p.commission * bookings
        + p.commission_renewal * renewals
    )
    net = p.margin * (bookings + renewals) - spent
    s.cash += net
    s.frozen = s.cash < p.frozen_below
    s.ripe_books += (bookings / np.maximum(team.ripe, 1) - s.ripe_books) / 3
    by_stage = [stage.count.reshape(runs, W).sum(1) for stage in (s.b, s.a, s.customers)]
    return np.array(
        [
            np.full(runs, month),
            team.reps,
            team.ripe,
            team.equivalents,
            team.density,
            work.visits.sum(1),
            by_stage[0],
            by_stage[1],
            np.bincount(by_run[won], minlength=runs),
            np.bincount(by_run, minlength=runs),
            bookings,
            renewals,
            spent,
            s.cash,
            by_stage[2],
            team.left,
            net,
        ]
    ).T


def inheritance(x: Setting, s: State, team: Team) -> np.ndarray:
    """What a successor takes over after 24 months, thousand CNY, R.

    A renewal of each customer, part of a year's margin of each A and B firm, and the experienced sellers. Without it
    the best plan would dismiss everybody in the last year.
    """
    p, runs = x.p, len(s.cash)
    shares = ((s.customers, p.inherit_customer), (s.a, p.inherit_a), (s.b, p.inherit_b))
    standing = ((*stage.standing, share) for stage, share in shares)
    firms = sum(share * _by_run(x, firm, x.run_of[place], runs) for firm, place, share in standing)
    return p.margin * firms + p.inherit_seller * team.equivalents


def _by_run(x: Setting, firm: np.ndarray, run: np.ndarray, runs: int) -> np.ndarray:
    """Contract values of firms, added up by run."""
    return np.bincount(run, x.city.value[firm % x.city.firms], runs)
