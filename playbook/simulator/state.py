"""What a run knows: the plan put onto the city, and everything that changes from month to month."""

from dataclasses import dataclass

import numpy as np

from playbook.market.traits import TRAITS
from playbook.simulator.city import City
from playbook.simulator.draws import Draws
from playbook.simulator.parameters import SLOTS, Parameters
from playbook.simulator.plan import Plan, refuse_strangers

#: A month that never comes.
NEVER = 99
#: Weight of a firm that the plan does not look for: it is not quite nothing, so that shares are defined.
_HARDLY = 1e-9
#: Firms for which a stage has room at first, and the share of gaps at which it closes them.
_ROOM, _MOST_GAPS = 4096, 0.5


@dataclass(frozen=True)
class Setting:
    """A plan in a city. Firms of one district and section are a cell; each benchmark account has a place of its own
    behind the D × S cells, W places in all.

    Args:
        aim: weight of listed firms, F. other_aim, other_count: of kinds without need, G. other_district,
            other_section: theirs.
        way, other_way: which of the ways to visit a firm, F and G. way_aim, way_meet, way_district: weight, hazard a
            visit, and district of each way, V.
        entered: the section is entered, S. chosen: the district is a priority, D.
        listed: share of all firms, in need or not, D. drive: minutes from the nearest office, D.
        place: place of each listed firm, F; the benchmark accounts of the plan: `benchmarks`, numbers of firms.
        district_of, section_of, cell_of: of each place, W. run_of: of each run × W + place.
        near: what a customer counts for firms of its cell, D × S.
        groups: month in which each group starts, K.
        warming, decision: hazards at which firms leave the two stages, less for whom need presses, R × C × F flattened.
    """

    city: City
    plan: Plan
    p: Parameters
    draws: Draws
    aim: np.ndarray
    other_aim: np.ndarray
    other_count: np.ndarray
    other_district: np.ndarray
    other_section: np.ndarray
    way: np.ndarray
    other_way: np.ndarray
    way_aim: np.ndarray
    way_meet: np.ndarray
    way_district: np.ndarray
    entered: np.ndarray
    chosen: np.ndarray
    listed: np.ndarray
    drive: np.ndarray
    place: np.ndarray
    benchmarks: np.ndarray
    district_of: np.ndarray
    section_of: np.ndarray
    cell_of: np.ndarray
    run_of: np.ndarray
    near: np.ndarray
    groups: np.ndarray
    warming: np.ndarray
    decision: np.ndarray
    to_district: np.ndarray
    to_section: np.ndarray
    other_to_district: np.ndarray
    other_to_section: np.ndarray
    place_to_district: np.ndarray


def make_setting(city: City, plan: Plan, draws: Draws, p: Parameters) -> Setting:
    """Put a plan onto a city.

    Raises:
        PlaybookError: the plan names a district that the city does not have.
    """
    refuse_strangers(plan, city.districts)
    D, S = len(city.districts), len(city.sections)
    entered = np.isin(list(city.sections), plan.sections)
    chosen = np.zeros(D, bool)
    chosen[city.numbers(plan.areas)] = True
    chosen |= not plan.areas
    offices = city.numbers(plan.offices) or [city.seat]
    aim = _aims(plan, entered[city.section], city.traits, city.rival)
    other = _merged_kinds(city, plan, entered)
    named = other.pop("other_named")
    cell = city.district * S + city.section
    first = _benchmarks(city, plan, entered, chosen, cell)
    cells = np.arange(D * S)
    crowd = city.copies * np.bincount(cell, minlength=D * S)
    cell_of = np.concatenate([cells, cell[first]])
    slow = np.exp(-p.keen * city.score)
    return Setting(
        city=city,
        plan=plan,
        p=p,
        draws=draws,
        aim=aim,
        **other,
        **_ways(city, aim, other, named, p),
        entered=entered,
        chosen=chosen,
        listed=_listed(city),
        drive=city.km[:, offices].min(1) * p.detour / p.road_speed * 60,
        place=cell,
        benchmarks=first,
        district_of=cell_of // S,
        section_of=cell_of % S,
        cell_of=cell_of,
        run_of=np.repeat(np.arange(draws.runs), len(cell_of)),
        near=p.near * (p.circle / np.maximum(crowd, city.copies)).reshape(D, S) ** p.circle_power,
        groups=np.array(plan.teams or (NEVER,)),
        warming=(draws.warming * slow).ravel(),
        decision=(draws.decision * slow).ravel(),
        to_district=_one_hot(city.district, D),
        to_section=_one_hot(city.section, S),
        other_to_district=_one_hot(other["other_district"], D),
        other_to_section=_one_hot(other["other_section"], S),
        place_to_district=_one_hot(cell_of // S, D),
    )


def _listed(city: City) -> np.ndarray:
    """Share of a city's firms, in need or not, that each district holds, D."""
    count = city.need + np.bincount(city.other_district, city.other_count, len(city.districts))
    return count / count.sum()


def _aims(plan: Plan, entered: np.ndarray, traits: np.ndarray, rival: np.ndarray) -> np.ndarray:
    """How much of a visit firms get, against 1 for the ideal one."""
    columns = [list(TRAITS).index(name) for name in plan.profile]
    fits = traits[:, columns].sum(1) >= min(plan.least, len(columns))
    weight = np.where(entered, 1.0, 1 - plan.industry_focus) * np.where(fits, 1.0, 1 - plan.profile_focus)
    return weight * np.where(rival, plan.rival_weight, 1.0) + _HARDLY


def _merged_kinds(city: City, plan: Plan, entered: np.ndarray) -> dict[str, np.ndarray]:
    """Firms without need that the plan treats alike, taken together."""
    aim = _aims(plan, entered[city.other_section], city.other_traits, city.other_rival)
    levels, level = np.unique(aim, return_inverse=True)
    S = len(city.sections)
    key = ((city.other_district * S + city.other_section) * 2 + city.other_named) * len(levels) + level
    kinds, first, which = np.unique(key, return_index=True, return_inverse=True)
    return {
        "other_aim": aim[first],
        "other_named": city.other_named[first],
        "other_count": np.bincount(which, city.other_count, len(kinds)),
        "other_district": city.other_district[first],
        "other_section": city.other_section[first],
    }


def _ways(
    city: City, aim: np.ndarray, other: dict[str, np.ndarray], other_named: np.ndarray, p: Parameters
) -> dict[str, np.ndarray]:
    """Firms of one district that are visited alike: what visits come to is worked out once for all of them."""
    named = np.concatenate([city.named, other_named])
    district = np.concatenate([city.district, other["other_district"]])
    levels, level = np.unique(np.concatenate([aim, other["other_aim"]]), return_inverse=True)
    _ways, first, way = np.unique(
        (district * 2 + named) * len(levels) + level, return_index=True, return_inverse=True
    )
    return {
        "way": way[: city.firms],
        "other_way": way[city.firms :],
        "way_aim": levels[level[first]],
        "way_meet": p.meet * np.where(named[first], p.meet_known, 1.0),
        "way_district": district[first],
    }


def _benchmarks(
    city: City, plan: Plan, entered: np.ndarray, chosen: np.ndarray, cell: np.ndarray
) -> np.ndarray:
    """One account in each of the most crowded cells of the entered sections and priority districts (chapter 7)."""
    likely = np.flatnonzero(city.named & entered[city.section] & chosen[city.district] & ~city.rival)
    first = likely[np.unique(cell[likely], return_index=True)[1]]
    crowd = np.bincount(cell, minlength=cell.max() + 1)[cell[first]]
    return first[np.argsort(-crowd, kind="stable")[: plan.benchmarks]]


def _one_hot(numbers: np.ndarray, width: int) -> np.ndarray:
    return (numbers[:, None] == np.arange(width)).astype(float)


class Stage:
    """Firms of all runs that stand at one stage, each until its due level of hazard is reached.

    A firm that is let out leaves a gap, which is closed when there are many: what stands is not moved each month.

    Args:
        places: how many places there are in all runs, R × W.

    Attributes:
        count: firms by run × W + place.
    """

    def __init__(self, places: int):
        self.count = np.zeros(places, np.intp)
        self._size = self._gaps = 0
        self._firm, self._place, self._since = (np.empty(_ROOM, np.intp) for _ in range(3))
        self._due = np.empty(_ROOM)

    @property
    def standing(self) -> tuple[np.ndarray, np.ndarray]:
        """Firms that stand here, each an index into thresholds, R × C × F flattened; and their places."""
        here = self._due[: self._size] < np.inf
        return self._firm[: self._size][here], self._place[: self._size][here]

    def came_in(self, month: int) -> tuple[np.ndarray, np.ndarray]:
        """Firms that stand here since a month, and their places."""
        start, stop = self._since[: self._size].searchsorted((month, month + 1))
        here = self._due[start:stop] < np.inf
        return self._firm[start:stop][here], self._place[start:stop][here]

    def add(self, firm: np.ndarray, place: np.ndarray, due: np.ndarray, month: int) -> None:
        """Let firms in; a month is never before that of the firms let in before."""
        start, stop = self._size, self._size + len(firm)
        if stop > len(self._firm):
            self._move(slice(start), max(stop, 2 * len(self._firm)))
        self._firm[start:stop], self._place[start:stop] = firm, place
        self._due[start:stop], self._since[start:stop] = due, month
        self._size = stop
        self.count += np.bincount(place, minlength=len(self.count))

    def pop(self, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Let those out whose due level is reached: their firms and places.

        Args:
            level: hazard collected so far, by run × W + place.
        """
        due = self._due[: self._size]
        out = np.flatnonzero(due <= level.take(self._place[: self._size]))
        firm, place = self._firm[out], self._place[out]
        due[out] = np.inf
        self.count -= np.bincount(place, minlength=len(self.count))
        self._gaps += len(out)
        if self._gaps > _MOST_GAPS * self._size:
            standing = np.flatnonzero(due < np.inf)
            self._move(standing, len(self._firm))
            self._size, self._gaps = len(standing), 0
        return firm, place

    def _move(self, which: slice | np.ndarray, room: int) -> None:
        """Keep some of the firms, in arrays that have room for so many."""
        for name in ("_firm", "_place", "_since", "_due"):
            kept = getattr(self, name)[which]
            setattr(self, name, moved := np.empty(room, kept.dtype))
            moved[: len(kept)] = kept


class State:
    """Everything that changes, R runs side by side."""

    def __init__(self, setting: Setting):
        city, draws, p = setting.city, setting.draws, setting.p
        R, K, W = draws.runs, len(setting.groups), len(setting.cell_of)
        D, S = len(city.districts), len(city.sections)
        # People: sellers by slot, in the order in which they came; supervisors by group.
        self.used = np.zeros(R, np.intp)
        self.team, self.start = np.zeros((R, SLOTS), np.intp), np.zeros((R, SLOTS), np.intp)
        self.here, self.veteran = np.zeros((R, SLOTS), bool), np.zeros((R, SLOTS), bool)
        self.clock, self.worn = np.zeros((R, SLOTS)), np.zeros((R, SLOTS))
        self.boss, self.boss_worn = np.zeros((R, K), bool), np.zeros((R, K))
        self.boss_turn, self.boss_back = np.zeros((R, K), np.intp), np.zeros((R, K), np.intp)
        # Firms: hazard of contact by listed firm, firms without need still unvisited by kind; stages of the pipeline.
        self.contact = draws.contact.copy()
        self.untouched = np.full((R, city.firms), float(city.copies))
        self.heard = np.zeros((R, city.firms))
        self.other_left = np.tile(setting.other_count, (R, 1))
        # Visits that a firm has had while nobody opened, by way.
        self.knocked = np.zeros((R, len(setting.way_aim)))
        self.warmed, self.decided = np.zeros(R * W), np.zeros(R * W)
        self.b, self.a = Stage(R * W), Stage(R * W)
        # Customers: a stage whose hazard is churn.
        self.customers = Stage(R * W)
        self.lost_hazard = np.zeros(R)
        self.counted = np.zeros((R, D * S))
        self.seen = np.zeros((R, S))
        self.rivals = np.tile(p.rival * city.rivals, (R, 1))
        self.cash, self.frozen = np.zeros(R), np.zeros(R, bool)
        self.ripe_books = np.zeros(R)
        self._start_benchmarks(setting, R, W)

    def _start_benchmarks(self, setting: Setting, R: int, W: int) -> None:
        """Benchmark accounts are known from the first day: one copy of each is a B firm."""
        count = len(setting.benchmarks)
        if not count:
            return
        run = np.repeat(np.arange(R), count)
        listed = np.tile(setting.benchmarks, R)
        firm = run * (setting.city.copies * setting.city.firms) + listed
        place = run * W + W - count + np.tile(np.arange(count), R)
        self.contact.reshape(-1)[firm] = np.inf
        self.untouched[run, listed] -= 1
        self.b.add(firm, place, setting.warming[firm], 0)
