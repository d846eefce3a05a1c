"""A run told month by month: its words agree with its numbers, its pictures with its words."""

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from playbook.chapters.defence.replay import TURNED, Replay, millions, pick_run
from playbook.chapters.defence.replay_pictures import WIDTH
from playbook.simulator import film_run, make_draws, simulate
from tests.simulator.tiny import small_plan, tiny_city

CITY, PLAN = tiny_city(), small_plan()
DRAWS = make_draws(CITY, 9)
PLACES = pd.DataFrame({"district": ["Here", "There"], "lat": [29.0, 29.2], "lon": [119.0, 119.3]})


@pytest.fixture(scope="module")
def replay():
    return Replay(film_run(CITY, PLAN, DRAWS, 2), PLACES)


def test_lucky_runs_end_above_typical_ones_and_these_above_unlucky_ones():
    outcome = simulate(CITY, PLAN, DRAWS)
    low, middle, high = (outcome.value[pick_run(outcome, luck)] for luck in ("unlucky", "typical", "lucky"))
    assert low < middle < high
    assert middle == np.median(outcome.value)


def test_each_month_says_who_came_and_how_the_money_stands(replay):
    film = replay.film
    for month in range(1, 25):
        words = replay.words(month)
        assert words.startswith(f"Month {month}: ")
        assert f"cash {millions(film.column('cash')[month - 1])} million" in words
        assert ("came" in words.replace("nobody came", "")) == bool(film.joined[month - 1].any())
        assert ("seller left" in words or "sellers left" in words) == bool(film.left[month - 1].any())


def test_a_district_turns_in_one_month_and_is_named_there(replay):
    for name, when in zip(replay.districts, replay.turned, strict=True):
        said = [month for month in range(1, 25) if re.search(rf"\b{name}\b.* turned", replay.words(month))]
        assert said == ([when] if when else [])
        cover = replay.film.cover[:, CITY.districts.index(name)]
        assert bool(when) == bool((cover >= TURNED).any())


def test_every_picture_says_what_it_shows_to_who_does_not_see_it(replay):
    pictures = replay.frame(12).pictures
    assert len(pictures) == 3
    assert all(re.search(r'role="img" aria-label="[^"]{40,}"', one) for one in pictures)


def test_marks_of_sellers_are_as_many_as_sellers(replay):
    """Beside those of the legend: a veteran, an experienced, a new one, one who came, one who left."""
    film = replay.film
    for month in (1, 7, 24):
        _map, people, _cash = replay.frame(month).pictures
        crosses = people.count("m0-9l-9 9") - 1
        assert crosses == film.left[month - 1].sum()
        there = len(re.findall(r'r="(?:5\.2|4\.4)"', people)) + people.count("-6.5-7z") - 4
        assert there == film.here[month - 1].sum()


def test_nobody_sits_on_another_and_nothing_stands_outside(replay):
    people = replay._people
    film = replay.film
    for month in range(24):
        seen = film.here[month] | film.left[month]
        spots = list(zip(people._x[seen], people._y[seen], strict=True))
        assert len(set(spots)) == len(spots)
    assert (people._x < WIDTH).all()


def test_a_replay_shows_other_names_where_nobody_is_to_know_the_city():
    shown = Replay(film_run(CITY, PLAN, DRAWS, 2), PLACES, {"Here": "District A", "There": "District B"})
    told = "".join(frame.words + frame.html for frame in map(shown.frame, range(1, 25))) + shown.story()
    assert "District A" in told
    assert "There" not in told
    assert ">Here" not in told


def test_circles_of_crowded_districts_do_not_overlap():
    from playbook.chapters.defence.replay_pictures import MapPicture

    at = np.array([[29.0, 119.0], [29.01, 119.0], [29.0, 119.02], [29.3, 119.5], [29.02, 119.01]])
    picture = MapPicture(at, np.array([900, 500, 300, 200, 100]), ["Aaa", "Bbbbbb", "Cc", "Dddd", "Eeeee"])
    for one in range(5):
        for other in range(one):
            apart = np.hypot(picture._x[one] - picture._x[other], picture._y[one] - picture._y[other])
            assert apart > picture._radius[one] + picture._radius[other]


@pytest.mark.parametrize(("thousand", "text"), [(-2140, "−2.1"), (0, "0.0"), (-20, "0.0"), (1650, "1.6")])
def test_millions_have_a_true_minus_and_no_minus_zero(thousand, text):
    assert millions(thousand) == text


def test_months_follow_each_other_in_the_cash_line(replay):
    lengths = [
        len(re.search(r'points="([^"]+)"', replay.frame(m).pictures[2])[1].split(", ")[0].split())
        for m in (1, 2, 3)
    ]
    assert all(later > earlier for earlier, later in pairwise(lengths))
