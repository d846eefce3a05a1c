"""A watched run: the same as beside all the others, and told without gaps."""

import numpy as np
import pytest

from playbook.errors import PlaybookError
from playbook.simulator import film_run, make_draws, simulate
from tests.simulator.tiny import small_plan, tiny_city

CITY, PLAN = tiny_city(), small_plan()
DRAWS = make_draws(CITY, 5)


@pytest.fixture(scope="module")
def film():
    return film_run(CITY, PLAN, DRAWS, 3)


def test_a_watched_run_comes_to_the_same_as_beside_the_others(film):
    outcome = simulate(CITY, PLAN, DRAWS)
    np.testing.assert_allclose(film.months, outcome.months[3], rtol=1e-9, atol=1e-9)
    assert film.value == pytest.approx(outcome.value[3])


def test_who_came_and_who_left_add_up_to_who_is_there(film):
    there = np.cumsum(film.joined.sum(1) - film.left.sum(1))
    assert (there == film.here.sum(1)).all()
    assert (film.left.sum(1) == film.column("left")).all()


def test_customers_of_the_districts_are_those_in_the_books(film):
    assert film.customers.sum() > 0
    assert (film.customers.sum(1) == film.column("customers")).all()


def test_cover_is_a_share_and_follows_customers(film):
    assert ((film.cover >= 0) & (film.cover < 1)).all()
    without = film.customers.sum(1).argmax() == 0
    assert film.cover[0].sum() == 0 or without


def test_veterans_are_experienced_from_the_first_month(film):
    assert film.veteran.any()
    assert (film.ripe[0] >= (film.here[0] & film.veteran)).all()


def test_a_run_that_was_not_drawn_is_refused_by_its_number():
    with pytest.raises(PlaybookError, match="there is no run 5") as told:
        film_run(CITY, PLAN, DRAWS, 5)
    assert told.value.remedy == "Choose a run from 0 to 4."
