"""Cities and draws that several tests run on."""

import functools

import pytest

from playbook.cases import load_case
from playbook.simulator import City, Draws, make_city, make_draws


@functools.cache
def city_of(name: str) -> City:
    return make_city(load_case(name))


@functools.cache
def draws_of(name: str, runs: int) -> Draws:
    return make_draws(city_of(name), runs)


@pytest.fixture(scope="session")
def jinhua() -> City:
    return city_of("jinhua")


@pytest.fixture(scope="session")
def jinhua_draws() -> Draws:
    return draws_of("jinhua", 12)


@pytest.fixture(scope="session")
def known():
    """A shipped city made ready, and so many runs of it, by name and number."""
    return lambda name, runs: (city_of(name), draws_of(name, runs))
