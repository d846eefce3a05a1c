"""Plans that nobody searched for: the naive one, the one of the F company, and the one by the book."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from playbook.market.traits import TRAITS
from playbook.simulator.city import City
from playbook.simulator.plan import Plan

#: Part of the need that the priority districts hold.
HEART = 0.75
#: Part of the need that the sections hold which are entered.
ENTERED = 0.5
#: Part of the firms in need that must show as many traits as the profile asks for.
SHOWN = 1 / 3
#: Most offices that are compared.
MOST_OFFICES = 3


def naive(city: City) -> Plan:
    """Nothing is aimed: an office at the city hall, the same days everywhere, twenty sellers at once, visits alone."""
    return Plan()


def by_the_book(city: City) -> Plan:
    """What the chapters' rules answer in this city, without any search on this model."""
    offices, traits = office_districts(city), best_traits(city)
    return Plan(
        sections=entry_sections(city),
        industry_focus=0.8,
        areas=heart_districts(city, offices),
        area_focus=0.7,
        offices=offices,
        profile=traits,
        least=most_traits(city, traits),
        profile_focus=0.8,
        rival_weight=0.25,
        benchmarks=8,
        teams=(1, 1),
        heads=(8, 12, 16, 20, 20, 20, 20, 20),
        veterans=4,
        package=65,
        guarantee=6,
        bench=0.2,
        cadence=0.6,
        follow_up=0.5,
        salons=(0, 2, 3, 4),
        online=(0, 10, 20, 20),
        ecosystem=(0, 20, 30, 30),
        gate=10,
    )


def f_company(city: City) -> Plan:
    """Well aimed, and then sheer numbers: sixty sellers in six groups, fourteen-hour days, visits alone.

    After the case of the F company: about 2,000 sellers, one customer at a time.
    """
    return replace(
        by_the_book(city),
        heads=(30,) + (60,) * 7,
        teams=(1, 1, 1, 4, 4, 4),
        cadence=1.0,
        follow_up=0.3,
        benchmarks=0,
        guarantee=0,
        bench=0,
        salons=(0,) * 4,
        online=(0,) * 4,
        ecosystem=(0,) * 4,
        gate=0,
    )


def known_plans(city: City) -> dict[str, Plan]:
    """The plans that are known for every city, by the name that the command takes."""
    return {"naive": naive(city), "f": f_company(city), "book": by_the_book(city)}


def entry_sections(city: City) -> tuple[str, ...]:
    """The sections with the most firms in need, as few as hold half of the need (chapter 3)."""
    count = np.bincount(city.section, minlength=len(city.sections))
    largest = np.argsort(-count, kind="stable")
    held = np.cumsum(count[largest]) / count.sum()
    return tuple(city.sections[number] for number in largest[: np.searchsorted(held, ENTERED) + 1])


def office_districts(city: City) -> tuple[str, ...]:
    """One to three offices with the least sum of driving and rent (chapter 4)."""

    def burden(offices: tuple[int, ...]) -> float:
        km = (city.km[:, list(offices)].min(1) * city.need).sum() / city.need.sum()
        hours = 20 * 20 * 2 * km * 1.3 / 45  # 20 sellers drive out and back on 20 days
        return 0.085 * hours + 4 * len(offices)

    places = range(len(city.districts))
    every = (found for count in range(1, MOST_OFFICES + 1) for found in combinations(places, count))
    return tuple(city.districts[number] for number in min(every, key=burden))


def heart_districts(city: City, offices: tuple[str, ...]) -> tuple[str, ...]:
    """Districts that hold three quarters of the need, those near the offices first (chapter 4)."""
    near = np.argsort(-city.need / (1 + city.km[:, city.numbers(offices)].min(1) / 20), kind="stable")
    held = np.cumsum(city.need[near]) / city.need.sum()
    return tuple(city.districts[number] for number in near[: np.searchsorted(held, HEART) + 1])


def best_traits(city: City, count: int = 4) -> tuple[str, ...]:
    """The traits with which firms are most often in need, against those without (chapter 5)."""
    with_need = city.traits.sum(0)
    without = (city.other_traits * city.other_count[:, None]).sum(0) / city.copies
    rate = with_need / np.maximum(with_need + without, 1)
    rest = (city.firms - with_need) / np.maximum(
        city.firms - with_need + city.other_count.sum() / city.copies - without, 1
    )
    order = np.argsort(-(rate - rest), kind="stable")
    return tuple(list(TRAITS)[number] for number in order[:count])


def most_traits(city: City, traits: tuple[str, ...]) -> int:
    """The most of some traits that enough firms in need show together (chapter 5)."""
    met = city.traits[:, [list(TRAITS).index(name) for name in traits]].sum(1)
    return max((least for least in range(1, len(traits) + 1) if (met >= least).mean() >= SHOWN), default=1)
