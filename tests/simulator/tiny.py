"""A city small enough to follow by hand: two districts, two sections, a dozen listed firms in need."""

import numpy as np

from playbook.market.traits import TRAITS
from playbook.simulator.city import City
from playbook.simulator.plan import Plan


def tiny_city() -> City:
    """Twelve listed firms in need, 40 kinds' worth of others; the second district is 30 km away."""
    firms = 12
    number = np.arange(firms)
    traits = np.zeros((firms, len(TRAITS)), bool)
    traits[:, 0] = number % 2 == 0
    traits[:, 2] = number % 3 > 0
    traits[:, 3] = number % 4 > 0
    other = np.zeros((4, len(TRAITS)), bool)
    other[:, 3] = True
    return City(
        name="tiny",
        fingerprint="tiny",
        districts=("Here", "There"),
        sections="CF",
        copies=10,
        district=np.repeat([0, 1], 6).astype(np.intp),
        section=(number % 2).astype(np.intp),
        traits=traits,
        named=number % 3 == 0,
        rival=~traits[:, 3],
        modern=traits[:, 2],
        score=(traits.sum(1) - traits.sum(1).mean()) / traits.sum(1).std(),
        value=np.where(number % 2, 25.0, 18.0),
        other_district=np.array([0, 0, 1, 1], np.intp),
        other_section=np.array([0, 1, 0, 1], np.intp),
        other_traits=other,
        other_named=np.array([True, False, True, False]),
        other_rival=np.zeros(4, bool),
        other_count=np.array([60.0, 80.0, 40.0, 60.0]),
        km=np.array([[0.0, 30.0], [30.0, 0.0]]),
        area_km2=np.array([80.0, 200.0]),
        rivals=np.array([1.0, 0.8]),
        seat=0,
    )


def small_plan() -> Plan:
    """Everything is used a little, by a team of four."""
    return Plan(
        sections=("C",),
        industry_focus=0.5,
        areas=("Here",),
        area_focus=0.6,
        offices=("Here",),
        profile=("exports", "IT maturity 3 or more"),
        least=1,
        profile_focus=0.5,
        rival_weight=0.5,
        teams=(1, 4),
        heads=(3, 4, 4, 4, 4, 4, 4, 4),
        veterans=1,
        package=50,
        guarantee=4,
        bench=0.2,
        cadence=0.6,
        follow_up=0.5,
        salons=(0, 0, 1, 1),
        online=(0, 10, 10, 10),
        ecosystem=(0, 10, 10, 10),
    )
