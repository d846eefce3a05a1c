"""The same model once more, one run at a time, as processes of simpy: people and firms who act month by month.

Written from the equations, not from the simulator's code: no arrays, no thresholds; each event is a coin thrown in its
month. What it leaves out is told apart by `left_out`.
"""

import math
import random
from dataclasses import dataclass, field

from playbook.simulator import Parameters, Plan
from playbook.simulator.city import City

MONTHS = 24


def left_out(plan: Plan) -> list[str]:
    """Levers of a plan that the twin does not know."""
    return [name for name in ("benchmarks", "salons", "gate") if any([*(getattr(plan, name) if isinstance(getattr(plan, name), tuple) else [getattr(plan, name)])])]  # fmt: skip


def happens(chance: random.Random, hazard: float) -> bool:
    return chance.random() < 1 - math.exp(-hazard)


@dataclass(eq=False)
class Seller:
    group: int
    start: int
    veteran: bool = False
    clock: float = 0.0


@dataclass(eq=False)
class Firm:
    district: int
    section: int
    value: float
    weight: float
    meet: float
    rival: bool
    modern: bool
    need: bool
    score: float = 0.0
    state: str = "untouched"
    signed: int = 0
    knocked: float = 0.0


@dataclass
class Twin:
    """One run; `books` holds each month's bookings, wins, leavers and cash."""

    env: object
    city: City
    plan: Plan
    p: Parameters
    chance: random.Random
    sellers: list = field(default_factory=list)
    bosses: dict = field(default_factory=dict)
    firms: list = field(default_factory=list)
    books: list = field(default_factory=list)
    cash: float = 0.0

    def __post_init__(self):
        p, c = self.p, self.city
        self.D, self.S = len(c.districts), len(c.sections)
        self.customers = {(d, s): 0 for d in range(self.D) for s in range(self.S)}
        self.seen = [0.0] * self.S
        self.rivals = [p.rival * r for r in c.rivals]
        self.need = [0] * self.D
        self.crowd = dict.fromkeys(self.customers, 0)
        for i in range(c.firms):
            self.need[c.district[i]] += c.copies
            self.crowd[c.district[i], c.section[i]] += c.copies
            for _ in range(c.copies):
                self.firms.append(self.firm(c, i, "", c.value[i], True))
        for i in range(len(c.other_count)):
            for _ in range(int(c.other_count[i])):
                self.firms.append(self.firm(c, i, "other_", 0.0, False))
        spread = [self.lognormal(p.year_spread) for _ in range(2 * self.S)]
        luck = self.lognormal(p.city_spread)
        self.ready = [[spread[2 * s + y] * luck for y in range(2)] for s in range(self.S)]
        for group, start in enumerate(self.plan.teams):
            self.env.process(self.supervise(group, start))
        self.env.process(self.months())

    def lognormal(self, spread):
        return math.exp(self.chance.gauss(0, spread) - spread**2 / 2)

    def firm(self, c, i, kind, value, need):
        from playbook.market.traits import TRAITS

        get = lambda name: getattr(c, kind + name)[i]  # noqa: E731
        plan, traits = self.plan, get("traits")
        fits = sum(traits[list(TRAITS).index(name)] for name in plan.profile) >= min(
            plan.least, len(plan.profile)
        )
        weight = 1.0 if c.sections[get("section")] in plan.sections else 1 - plan.industry_focus
        weight *= (1.0 if fits else 1 - plan.profile_focus) * (plan.rival_weight if get("rival") else 1.0)
        meet = self.p.meet * (self.p.meet_known if get("named") else 1.0)
        modern, score = (bool(c.modern[i]), float(c.score[i])) if need else (False, 0.0)
        place = int(get("district")), int(get("section"))
        return Firm(*place, value, weight, meet, bool(get("rival")), modern, need, score)

    def supervise(self, group, start):
        """A supervisor comes, stays as long as chance lets, and is followed."""
        p, plan = self.p, self.plan
        yield self.env.timeout(start - 1)
        while True:
            self.bosses[group] = True
            yield self.env.timeout(1)
            while not happens(self.chance, p.boss_quit * (1 + max(0.0, plan.cadence - p.reviews))):
                yield self.env.timeout(1)
            self.bosses[group] = False
            month = int(self.env.now) + 1
            ripe = sum(month - seller.start >= 6 for seller in self.sellers)
            yield self.env.timeout(p.boss_gap_bench if plan.bench * ripe >= 0.5 else p.boss_gap_market)

    def months(self):
        for month in range(1, MONTHS + 1):
            yield self.env.timeout(0.5)
            self.month(month)
            yield self.env.timeout(0.5)

    def seeded(self, group):
        return any(s.group == group and (s.veteran or s.clock >= self.p.grown) for s in self.sellers)

    def month(self, month):
        p, plan, chance = self.p, self.plan, self.chance
        cost = p.manager + max(len(plan.offices), 1) * (p.office_month + (p.office_once if month == 1 else 0))
        if month == 1:
            for asked in range(plan.veterans):
                wanted = p.move_wanted + p.move_reluctance * asked
                if chance.random() < 1 / (1 + math.exp(-(plan.package - wanted) / p.move_spread)):
                    self.sellers.append(Seller(len(self.sellers) % len(plan.teams), 1, True))
                    cost += plan.package + p.veteran_missed
        lively = [g for g, start in enumerate(plan.teams) if month >= start]
        frozen = self.cash < p.frozen_below
        missing = plan.heads[(month - 1) // 3] - len(self.sellers)
        if lively and not frozen:
            for _ in range(max(0, min(missing, 12))):
                if chance.random() < p.fill:
                    group = min(lively, key=lambda g: sum(s.group == g for s in self.sellers))
                    self.sellers.append(Seller(group, month))
                    cost += p.hire
        bosses = sum(self.bosses.values())
        worth = sum((1.0 if self.seeded(g) else p.overload) for g, there in self.bosses.items() if there)
        density = min(1.0, worth / max(len(lively), len(self.sellers) / p.span, 1e-9))
        cost += p.pay * len(self.sellers) + p.supervisor * bosses
        new = [s for s in self.sellers if not s.veteran and s.clock < p.learning]
        old = sum(s.veteran for s in self.sellers)
        crowd = max(1.0, len(new) / max(p.coach * bosses + p.coach_veteran * old, 0.5 * p.coach))
        seeds = {g: self.seeded(g) for g in range(len(plan.teams))}
        for s in self.sellers:
            s.clock += crowd**-p.crowding
        left = [s for s in self.sellers if happens(chance, self.quit_hazard(s, month, seeds, density, crowd))]
        self.sellers = [s for s in self.sellers if s not in left]
        equivalents = sum(self.level(s, seeds) for s in self.sellers) * (1 - p.bench_time * plan.bench)
        ripe = sum(s.veteran or month - s.start >= 6 for s in self.sellers)
        cost += p.guarantee * sum(not s.veteran and month - s.start < plan.guarantee for s in self.sellers)
        cost += p.bench * plan.bench * ripe + p.pay_veteran * sum(s.veteran for s in self.sellers)
        cadence = p.cadence_floor + p.cadence_gain * min(plan.cadence, p.reviews)
        cadence += p.cadence_beyond * max(plan.cadence - p.reviews, 0)
        days = (
            equivalents
            * p.days
            * (p.festival if month in (2, 14) else 1)
            * cadence
            * density**p.density_power
        )
        able = not frozen and density > 0 and equivalents > 0
        half = (month - 1) // 6
        online, ecosystem = (plan.online[half], plan.ecosystem[half]) if able else (0.0, 0.0)
        cost += online + ecosystem
        won, decided = self.sell(month, days, online, ecosystem, equivalents / max(len(self.sellers), 1))
        bookings = sum(f.value for f in won)
        renewals = self.keep(month, equivalents, won)
        cost += p.commission * bookings + p.commission_renewal * renewals
        self.cash += p.margin * (bookings + renewals) - cost
        self.equivalents = equivalents
        self.books.append((bookings, len(won), decided, len(left), self.cash, equivalents))

    def level(self, s, seeds):
        p = self.p
        half = p.t50_veteran if s.veteran else p.t50_beside if seeds[s.group] else p.t50_alone
        return 1 / (1 + math.exp(-(s.clock - half) / p.ramp_spread))

    def quit_hazard(self, s, month, seeds, density, crowd):
        p, plan = self.p, self.plan
        risk = (p.quit_beside if seeds[s.group] else p.quit_alone) * (p.quit_veteran if s.veteran else 1)
        if month - s.start < plan.guarantee:
            risk *= p.quit_guaranteed
        if not s.veteran and s.clock < p.learning:
            risk *= 1 + p.quit_new + p.quit_crowded * min(crowd - 1, 1)
        risk *= 1 + p.quit_thin * min(1, 1 / max(density, 0.3) - 1)
        return risk * (1 + p.quit_long_days * max(0, plan.cadence - p.reviews))

    def sell(self, month, days, online, ecosystem, ripeness):
        p, plan, c, chance = self.p, self.plan, self.city, self.chance
        year = (month - 1) // 12
        pool, pipe, listed = [0.0] * self.D, [0.0] * self.D, [0] * self.D
        for f in self.firms:
            listed[f.district] += 1
            if f.state == "untouched":
                pool[f.district] += f.weight
            elif f.state in "BA":
                pipe[f.district] += 1 if f.state == "B" else 2
        chosen = [not plan.areas or name in plan.areas for name in c.districts]
        worth = [chosen[d] * (pool[d] + 4 * pipe[d] + 1e-9) for d in range(self.D)]
        offices = [c.districts.index(name) for name in plan.offices] or [c.seat]
        visits, follow, touch = [], [], []
        for d in range(self.D):
            alike = p.scatter / self.D + (1 - p.scatter) * listed[d] / sum(listed)
            share = (1 - plan.area_focus) * alike + plan.area_focus * worth[d] / sum(worth)
            drive = min(c.km[d][o] for o in offices) * p.detour / p.road_speed * 60
            between = p.park + 60 * p.detour * 0.7 / p.town_speed * math.sqrt(
                c.area_km2[d] / max(pool[d] + pipe[d], 1) / 30
            )
            there = (
                days
                * share
                * max(p.minutes - 2 * drive, 60)
                / (p.service + p.choosy * (plan.profile_focus**4 + plan.industry_focus**4) + between)
            )
            back = min(there * plan.follow_up, p.follow_most * pipe[d])
            visits.append(there)
            follow.append(back / max(pipe[d], 1))
            touch.append(min((there - back) / max(pool[d], 1e-9), 1.5))
        cover = {cell: self.cover(cell) for cell in self.customers}
        insight = [1 - math.exp(-seen / p.learn) for seen in self.seen]
        curve = lambda x, half, shape: x**shape / (x**shape + half**shape) if x else 0.0  # noqa: E731
        talk = p.talk * (1 + p.ecosystem_gain * curve(ecosystem, p.ecosystem_half, p.ecosystem_shape))
        web = p.online_gain * curve(online, p.online_half, p.online_shape)
        won, decided = [], 0
        for f in self.firms:
            cell = (f.district, f.section)
            ready = self.ready[f.section][year]
            if f.state == "untouched":
                self.seen[f.section] += touch[f.district] * f.weight
                visits = touch[f.district] * f.weight
                hazard = (1 - math.exp(-visits)) * f.meet / (1 + f.knocked / p.tired)
                f.knocked += visits
                if f.need:
                    hazard += talk * cover[cell] + web * f.modern
                if happens(chance, hazard):
                    f.state = "B" if f.need else "no need"
            elif f.state == "B":
                v = follow[f.district]
                hazard = (
                    p.warm * v / (v + 1) * (0.5 + 0.5 * insight[f.section]) * (1 + 0.6 * cover[cell]) * ready
                )
                if happens(chance, hazard * math.exp(p.keen * f.score)):
                    f.state = "A"
            elif f.state == "A":
                v = 2 * follow[f.district]
                if happens(chance, p.close * v / (v + 1) * math.exp(p.keen * f.score)):
                    decided += 1
                    pull = p.attract + p.by_reference * cover[cell] + p.by_insight * insight[f.section]
                    pull += p.by_ripeness * (ripeness - 1) + p.suits * f.score
                    ours = math.exp(pull) * ready
                    theirs = self.rivals[f.district] * (p.installed if f.rival else 1)
                    f.state = "lost"
                    if chance.random() < ours / (ours + 1 + theirs):
                        won.append(f)
        return won, decided

    def cover(self, cell):
        p = self.p
        near = p.near * (p.circle / max(self.crowd[cell], self.city.copies)) ** p.circle_power
        elsewhere = sum(count for (d, s), count in self.customers.items() if s == cell[1])
        beside = sum(count for (d, s), count in self.customers.items() if d == cell[0])
        return 1 - math.exp(-near * self.customers[cell] - p.far * elsewhere - p.town * beside)

    def keep(self, month, equivalents, won):
        p = self.p
        held = [f for f in self.firms if f.state == "customer"]
        load = min(max(len(held) / (p.load * max(equivalents, 1)) - 1, 0), 2)
        renewals = 0.0
        for f in held:
            if happens(self.chance, p.churn * (1 + p.churn_load * load)):
                f.state = "gone"
                self.customers[f.district, f.section] -= 1
            elif f.signed == month - 12:
                renewals += f.value
        hits = [0.0] * self.D
        for f in won:
            f.state, f.signed = "customer", month
            self.customers[f.district, f.section] += 1
            hits[f.district] += p.provoked if f.rival else 1
        for d in range(self.D):
            self.rivals[d] += p.answer * hits[d] / max(self.need[d], 1) - p.calm * (
                self.rivals[d] - p.rival * self.city.rivals[d]
            )
        return renewals

    def value(self):
        p = self.p
        share = {"customer": p.inherit_customer, "A": p.inherit_a, "B": p.inherit_b}
        firms = sum(share[f.state] * f.value for f in self.firms if f.state in share)
        return self.cash + p.margin * firms + p.inherit_seller * self.equivalents


def run_twin(city: City, plan: Plan, seed: int, p: Parameters | None = None) -> dict[str, float]:
    """Totals of one run."""
    import simpy

    env = simpy.Environment()
    twin = Twin(env, city, plan, p or Parameters(), random.Random(seed))
    env.run(until=MONTHS + 0.9)
    bookings, wins, decided, left, cash, equivalents = zip(*twin.books, strict=True)
    return {
        "value": twin.value(), "bookings": sum(bookings), "wins": sum(wins), "decided": sum(decided),
        "left": sum(left), "lowest": min(cash), "equivalents": sum(equivalents),
    }  # fmt: skip
