"""The first two phases of a month: people come, learn and leave; what is left of their time is selling time."""

from dataclasses import dataclass

import numpy as np

from playbook.simulator.parameters import (
    CROWDED_MOST,
    FESTIVAL_MONTHS,
    GATE_FROM,
    MOST_HIRES,
    RIPE_AFTER,
    SLOTS,
    Parameters,
)
from playbook.simulator.state import Setting, State


@dataclass
class Team:
    """The people of one month, each an array over runs, R.

    Args:
        reps: sellers at work before anybody leaves. moved: veterans who came. hired: newcomers who came.
        left: sellers who left. ripe: ripe sellers. equivalents: sellers counted as experienced ones.
        density: management density, 0 to 1. guaranteed: newcomers with guaranteed pay.
        ripeness: equivalents over sellers. days: selling days.
    """

    reps: np.ndarray
    moved: np.ndarray
    hired: np.ndarray
    left: np.ndarray
    ripe: np.ndarray
    equivalents: np.ndarray
    density: np.ndarray
    guaranteed: np.ndarray
    ripeness: np.ndarray
    days: np.ndarray


def people(x: Setting, s: State, month: int) -> Team:
    """Phases 1 and 2: who is there, how many have left, and the selling days that they give."""
    supervisors(x, s, month)
    moved = veterans(x, s) if month == 1 else np.zeros(len(s.used), np.intp)
    hired = hire(x, s, month)
    seeded = seeded_groups(x, s)
    reps = s.here.sum(1)
    density = management_density(x, s, month, seeded, reps)
    crowd = learn(x, s)
    left = leave(x, s, month, seeded, density, crowd)
    tenure = month - s.start
    ripe = (s.here & (s.veteran | (tenure >= RIPE_AFTER))).sum(1)
    equivalents = ramped(x, s, seeded)
    return Team(
        reps=reps,
        moved=moved,
        hired=hired,
        left=left,
        ripe=ripe,
        equivalents=equivalents,
        density=density,
        guaranteed=(s.here & ~s.veteran & (tenure < x.plan.guarantee)).sum(1),
        ripeness=equivalents / np.maximum(s.here.sum(1), 1),
        days=selling_days(x, equivalents, density, month),
    )


def supervisors(x: Setting, s: State, month: int) -> None:
    """Supervisors start by plan, leave by chance, and are followed: soon from the bench, late from the market."""
    p, plan = x.p, x.plan
    begins = (month == x.groups) | (month == s.boss_back)
    s.boss |= begins
    s.boss_worn += (s.boss & ~begins) * p.boss_quit * (1 + max(0.0, plan.cadence - p.reviews))
    run, group = np.nonzero(s.boss & ~begins)
    threshold = x.draws.boss[run, group, s.boss_turn[run, group] % x.draws.boss.shape[2]]
    quits = s.boss_worn[run, group] > threshold
    run, group = run[quits], group[quits]
    if not len(run):
        return
    ripe = (s.here & (month - s.start >= RIPE_AFTER)).sum(1)
    gap = np.where(plan.bench * ripe >= 0.5, p.boss_gap_bench, p.boss_gap_market)
    s.boss[run, group], s.boss_worn[run, group] = False, 0.0
    s.boss_turn[run, group] += 1
    s.boss_back[run, group] = month + gap[run]


def veterans(x: Setting, s: State) -> np.ndarray:
    """Veterans who accept move in the first month and are dealt over the groups; how many, R."""
    p, asked = x.p, x.plan.veterans
    wanted = p.move_wanted + p.move_reluctance * np.arange(asked)
    comes = x.draws.move[:, :asked] < 1 / (1 + np.exp(-(x.plan.package - wanted) / p.move_spread))
    moved = comes.sum(1)
    new = np.arange(SLOTS) < moved[:, None]
    s.here |= new
    s.veteran |= new
    s.start[new] = 1
    s.team[:] = np.where(new, np.arange(SLOTS) % len(x.groups), s.team)
    s.used += moved
    return moved


def hire(x: Setting, s: State, month: int) -> np.ndarray:
    """Vacancies are filled, the smallest group first; how many, R. Nobody is hired where there is no group."""
    lively = month >= x.groups
    wanted = np.minimum(np.maximum(x.plan.heads[(month - 1) // 3] - s.here.sum(1), 0), MOST_HIRES)
    stopped = s.frozen | (not lively.any())
    if x.plan.gate and month >= GATE_FROM:
        stopped = stopped | (s.ripe_books < x.plan.gate)
    wanted = np.where(stopped, 0, wanted)
    runs = np.arange(len(s.used))
    hired = np.minimum(x.draws.filled[runs, month - 1, wanted], SLOTS - s.used)
    if not hired.any():
        return hired
    size = np.where(lively, by_group(x, s, s.here), SLOTS)
    for number in range(hired.max()):
        run = np.flatnonzero(hired > number)
        group = size[run].argmin(1)
        slot = s.used[run]
        s.here[run, slot], s.team[run, slot], s.start[run, slot] = True, group, month
        size[run, group] += 1
        s.used[run] += 1
    return hired


def by_group(x: Setting, s: State, who: np.ndarray) -> np.ndarray:
    """How many of some sellers (R × SLOTS, yes or no) each group has, R × K."""
    K = len(x.groups)
    base = np.arange(len(who), dtype=np.intp)[:, None] * K
    return np.bincount((base + s.team)[who], minlength=len(who) * K).reshape(-1, K)


def seeded_groups(x: Setting, s: State) -> np.ndarray:
    """Groups with a veteran, or with somebody who has become one, R × K."""
    return by_group(x, s, s.here & (s.veteran | (s.clock >= x.p.grown))) > 0


def management_density(x: Setting, s: State, month: int, seeded: np.ndarray, reps: np.ndarray) -> np.ndarray:
    """Supervisors over those that groups and sellers ask for, at most 1; one without a veteran counts less."""
    worth = (s.boss * np.where(seeded, 1.0, x.p.overload)).sum(1)
    asked = np.maximum((month >= x.groups).sum(), reps / x.p.span)
    return np.minimum(1.0, worth / np.maximum(asked, 1e-9))


def learn(x: Setting, s: State) -> np.ndarray:
    """Clocks of sellers move on, the slower the more newcomers there are for each who can coach; the crowding, R."""
    p = x.p
    new = (s.here & ~s.veteran & (s.clock < p.learning)).sum(1)
    can = p.coach * s.boss.sum(1) + p.coach_veteran * (s.here & s.veteran).sum(1)
    crowd = np.maximum(1.0, new / np.maximum(can, 0.5 * p.coach))
    s.clock += s.here / (crowd**p.crowding)[:, None]
    return crowd


def leave(
    x: Setting, s: State, month: int, seeded: np.ndarray, density: np.ndarray, crowd: np.ndarray
) -> np.ndarray:
    """Sellers whose collected hazard passes their threshold leave; how many, R."""
    p, plan = x.p, x.plan
    tenure = month - s.start
    runs = np.arange(len(crowd))[:, None]
    risk = np.where(seeded[runs, s.team], p.quit_beside, p.quit_alone) * np.where(
        s.veteran, p.quit_veteran, 1.0
    )
    risk *= np.where(tenure < plan.guarantee, p.quit_guaranteed, 1.0)
    new = ~s.veteran & (s.clock < p.learning)
    risk *= 1 + new * (p.quit_new + p.quit_crowded * np.minimum(crowd - 1, CROWDED_MOST)[:, None])
    thin = np.minimum(1.0, 1 / np.maximum(density, 0.3) - 1)
    risk *= (1 + p.quit_thin * thin)[:, None] * (1 + p.quit_long_days * max(0.0, plan.cadence - p.reviews))
    s.worn += np.where(s.here, risk, 0.0)
    gone = s.here & (s.worn > x.draws.stay)
    s.here &= ~gone
    return gone.sum(1)


def ramped(x: Setting, s: State, seeded: np.ndarray) -> np.ndarray:
    """Sellers counted as experienced ones, less what candidates on the bench spend on learning, R."""
    p = x.p
    runs = np.arange(len(seeded))[:, None]
    half = np.where(s.veteran, p.t50_veteran, np.where(seeded[runs, s.team], p.t50_beside, p.t50_alone))
    level = np.where(s.here, 1 / (1 + np.exp(-(s.clock - half) / p.ramp_spread)), 0.0)
    return level.sum(1) * (1 - p.bench_time * x.plan.bench)


def cadence_factor(cadence: float, p: Parameters) -> float:
    """Share of a full month that is worked at a cadence."""
    return (
        p.cadence_floor
        + p.cadence_gain * min(cadence, p.reviews)
        + p.cadence_beyond * max(cadence - p.reviews, 0.0)
    )


def selling_days(x: Setting, equivalents: np.ndarray, density: np.ndarray, month: int) -> np.ndarray:
    """Phase 2: days of experienced sellers, by season, cadence and management density, R."""
    p = x.p
    season = p.festival if month in FESTIVAL_MONTHS else 1.0
    return equivalents * p.days * season * cadence_factor(x.plan.cadence, p) * density**p.density_power
