"""Phases 3 to 6 of a month: where the days go, sowing, cultivating, deciding."""

from dataclasses import dataclass

import numpy as np

from playbook.simulator.parameters import (
    CHOOSY_POWER,
    HOST_POOL,
    LEAST_MINUTES,
    MOST_TOUCHES,
    NEIGHBOUR,
    PIPELINE_WORTH,
    PRESSED,
    SEAT_REFERENCE,
    TOURS,
    WARM_KNOWING,
    WARM_REFERENCE,
)
from playbook.simulator.people import Team
from playbook.simulator.state import Setting, State


@dataclass
class Work:
    """The field work of one month.

    Args:
        salons, online, ecosystem: what is spent on, R. visits: R × D. touch: visits per firm of full weight, R × D.
        follow: follow-up visits per firm in the pipeline, R × D. extra: visits of each benchmark account, R.
        cover: reference cover, R × D·S. insight: R × S. seat: chance of a seat in a salon, R × D·S.
        ready: readiness of sections this year, R × S.
    """

    salons: np.ndarray
    online: np.ndarray
    ecosystem: np.ndarray
    visits: np.ndarray
    touch: np.ndarray
    follow: np.ndarray
    extra: np.ndarray
    cover: np.ndarray
    insight: np.ndarray
    seat: np.ndarray
    ready: np.ndarray


def response(spend: np.ndarray, half: float, shape: float) -> np.ndarray:
    """ADBUDG without a floor: 0 at nothing, one half at `half`, saturating (Little 1970)."""
    power = np.maximum(spend, 0.0) ** shape
    return power / (power + half**shape)


def where(x: Setting, s: State, team: Team, month: int) -> Work:
    """Phase 3: days go to districts, days become visits, visits follow up or sow."""
    p, plan, city = x.p, x.plan, x.city
    half = (month - 1) // 6
    runs, D, S = len(s.cash), len(city.districts), len(city.sections)
    able = ~s.frozen & (team.density > 0) & (team.equivalents > 0)
    salons, online, ecosystem = (
        np.where(able, budget[half], 0.0) for budget in (plan.salons, plan.online, plan.ecosystem)
    )
    days, extra = special_days(x, s, team, salons)
    weight = s.untouched * x.aim
    other = s.other_left * x.other_aim
    pool = weight @ x.to_district + other @ x.other_to_district
    b, a = in_places(x, s)
    pipeline = (b + PRESSED * a) @ x.place_to_district
    worth = x.chosen * (pool + PIPELINE_WORTH * pipeline + 1e-9)
    alike = p.scatter / D + (1 - p.scatter) * x.listed
    share = (1 - plan.area_focus) * alike + plan.area_focus * worth / worth.sum(1, keepdims=True)
    between = p.park + 60 * p.detour * NEIGHBOUR / p.town_speed * np.sqrt(
        city.area_km2 / np.maximum(pool + pipeline, 1) / TOURS
    )
    checking = p.choosy * (plan.profile_focus**CHOOSY_POWER + plan.industry_focus**CHOOSY_POWER)
    a_day = np.maximum(p.minutes - 2 * x.drive, LEAST_MINUTES) / (p.service + checking + between)
    visits = days[:, None] * share * a_day
    follow = np.minimum(visits * plan.follow_up, p.follow_most * pipeline)
    touch = np.minimum((visits - follow) / np.maximum(pool, 1e-9), MOST_TOUCHES)
    counted = s.counted.reshape(runs, D, S)
    elsewhere, beside = counted.sum(1, keepdims=True), counted.sum(2, keepdims=True)
    cover = 1 - np.exp(-x.near * counted - p.far * elsewhere - p.town * beside)
    hosts = ranks(pipeline + HOST_POOL * pool) < salons[:, None]
    asked = ((b + a) * x.entered[x.section_of]) @ x.place_to_district
    seats = hosts * np.minimum(1.0, p.salon_seats / np.maximum(asked, 1))
    year = x.draws.year[:, :, (month - 1) // 12]
    return Work(
        salons=salons,
        online=online,
        ecosystem=ecosystem,
        visits=visits,
        touch=touch,
        follow=follow / np.maximum(pipeline, 1),
        extra=extra,
        cover=cover.reshape(runs, D * S),
        insight=1 - np.exp(-s.seen / p.learn),
        seat=(seats[:, :, None] * x.entered).reshape(runs, D * S),
        ready=year * x.draws.city[:, None],
    )


def special_days(x: Setting, s: State, team: Team, salons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days left after benchmark accounts and salons took theirs, and visits that each benchmark account gets, R."""
    W = len(x.cell_of)
    waiting = s.b.count.reshape(-1, W)[:, W - len(x.benchmarks) :].sum(1)
    wanted = x.p.benchmark_days * waiting + x.p.salon_days * salons
    extra = x.p.benchmark_visits * np.minimum(1.0, team.days / np.maximum(wanted, 1e-9))
    return team.days - np.minimum(team.days, wanted), extra


def in_places(x: Setting, s: State) -> tuple[np.ndarray, np.ndarray]:
    """B and A firms by run and place, R × W each."""
    return tuple(stage.count.reshape(-1, len(x.cell_of)).astype(float) for stage in (s.b, s.a))


def ranks(values: np.ndarray) -> np.ndarray:
    """Rank of each entry in its row, 0 for the largest."""
    return (-values).argsort(axis=1, kind="stable").argsort(axis=1)


def met_by(visits: np.ndarray) -> np.ndarray:
    """What visits of one month to one firm are worth, in first visits: the second one says little that is new."""
    return 1 - np.exp(-visits)


def tired(knocked: np.ndarray, half: float) -> np.ndarray:
    """By what a visit's chance is divided after so many in vain: doors that stayed shut open ever more seldom."""
    return 1 + knocked / half


def sow(x: Setting, s: State, work: Work) -> tuple[np.ndarray, np.ndarray]:
    """Phase 4: visits, word of mouth, salons and online find firms in need; others turn out to have none.

    Returns:
        Firms that were found, and their places.
    """
    p, city = x.p, x.city
    visits = work.touch[:, x.way_district] * x.way_aim
    met = met_by(visits) * x.way_meet / tired(s.knocked, p.tired)
    s.knocked += visits
    s.seen += (visits[:, x.way] * s.untouched) @ x.to_section
    s.seen += (visits[:, x.other_way] * s.other_left) @ x.other_to_section
    s.other_left *= np.exp(-met)[:, x.other_way]
    spread = p.talk * (1 + p.ecosystem_gain * response(work.ecosystem, p.ecosystem_half, p.ecosystem_shape))
    inbound = spread[:, None] * work.cover + p.salon_sow * work.seat
    online = p.online_gain * response(work.online, p.online_half, p.online_shape)
    s.heard += met[:, x.way] + inbound[:, x.place] + online[:, None] * city.modern
    firm = np.flatnonzero(s.contact <= s.heard[:, None])
    s.contact.reshape(-1)[firm] = np.inf
    run, listed = firm // (city.copies * city.firms), firm % city.firms
    s.untouched -= np.bincount(run * city.firms + listed, minlength=s.heard.size).reshape(s.heard.shape)
    return firm, run * len(x.cell_of) + x.place[listed]


def cultivate(
    x: Setting, s: State, work: Work, met: np.ndarray, met_place: np.ndarray, month: int
) -> tuple[np.ndarray, np.ndarray]:
    """Phase 5: B firms become ready, A firms decide, firms just found become B firms.

    Returns:
        Firms that decide, and their places.
    """
    p = x.p
    cover, seat = work.cover[:, x.cell_of], work.seat[:, x.cell_of]
    insight, ready = work.insight[:, x.section_of], work.ready[:, x.section_of]
    extra = np.zeros_like(cover)
    if len(x.benchmarks):
        extra[:, -len(x.benchmarks) :] = work.extra[:, None]
    follow = work.follow[:, x.district_of]
    b, a = follow + extra, PRESSED * follow + extra
    warmed = (
        p.warm
        * b
        / (b + 1)
        * (1 - WARM_KNOWING + WARM_KNOWING * insight)
        * (1 + WARM_REFERENCE * cover)
        * ready
    )
    s.warmed += (warmed + p.salon_warm * seat * (1 - SEAT_REFERENCE + SEAT_REFERENCE * cover)).ravel()
    s.decided += (p.close * a / (a + 1) + p.salon_close * seat * cover).ravel()
    firm, place = s.a.pop(s.decided)
    warm, warm_place = s.b.pop(s.warmed)
    s.a.add(warm, warm_place, s.decided[warm_place] + x.decision[warm], month)
    s.b.add(met, met_place, s.warmed[met_place] + x.warming[met], month)
    return firm, place


def decide(x: Setting, s: State, team: Team, work: Work, firm: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Phase 6: who of those that decide signs with us: attraction over all attractions (Bell, Keeney & Little 1975).

    Returns:
        Yes or no for each firm that decides.
    """
    p, city = x.p, x.city
    beside = len(x.cell_of) - len(x.benchmarks)
    cover, ready = work.cover[:, x.cell_of], work.ready[:, x.section_of]
    pull = (
        p.attract
        + p.by_reference * cover
        + p.by_insight * work.insight[:, x.section_of]
        + p.by_ripeness * (team.ripeness - 1)[:, None]
    )
    rivals = s.rivals[:, x.district_of]
    listed = firm % city.firms
    ours = np.exp(pull.ravel()[place] + p.suits * city.score[listed]) * ready.ravel()[place]
    ours *= np.where(np.arange(len(x.cell_of)) < beside, 1.0, p.benchmark_pull)[place % len(x.cell_of)]
    theirs = rivals.ravel()[place] * np.where(city.rival, p.installed, 1.0)[listed]
    return x.draws.win.reshape(-1)[firm] < ours / (ours + 1 + theirs)
