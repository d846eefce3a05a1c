"""The day's route: published optima, brute force on small days, and what must always hold."""

from itertools import pairwise, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.route import best_route, clock, minutes_between, most_prize, nearest_first, route_of

pytestmark = pytest.mark.slow

#: Tsiligirides (1984), set 2: x, y and prize of 21 points; the first is the start, the last the end.
SET_2 = """4.6 7.1 0; 5.7 11.4 20; 4.4 12.3 20; 2.8 14.3 30; 3.2 10.3 15; 3.5 9.8 15; 4.4 8.4 10; 7.8 11 20; 8.8 9.8 20;
7.7 8.2 20; 6.3 7.9 15; 5.4 8.2 10; 5.8 6.8 10; 6.7 5.8 25; 13.8 13.1 40; 14.1 14.2 40; 11.2 13.6 30; 9.7 16.4 30;
9.5 18.8 50; 4.7 16.8 30; 5 5.6 0"""
POINTS = np.array([[float(cell) for cell in row.split()] for row in SET_2.split(";")])
BETWEEN = np.hypot(*(POINTS[:, None, :2] - POINTS[None, :, :2]).transpose(2, 0, 1))


def stops_of(prize, service=0, opens=0, closes=1e9) -> pd.DataFrame:
    names = [f"K{number:02d}" for number in range(1, len(prize) + 1)]
    table = pd.DataFrame({"stop_id": names, "prize": prize})
    return table.assign(service_min=service, from_min=opens, to_min=closes)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("budget", "prize"),
    [
        *[(15, 120), (20, 200), (23, 210), (25, 230), (27, 230), (30, 265)],
        *[
            pytest.param(*pair, marks=pytest.mark.slow)
            for pair in [(32, 300), (35, 320), (38, 360), (40, 395), (45, 450)]
        ],
    ],
)
def test_the_published_days_are_found_exactly(budget, prize):
    stops = stops_of(POINTS[1:20, 2])
    found = best_route(stops, BETWEEN[:20, :20], budget, 0, back=BETWEEN[1:20, 20])
    assert found.prize == prize


@pytest.mark.parametrize(
    ("path", "length", "prize"),
    [([0, 9, 10, 20], 7.363128, 35), ([0, 6, 11, 12, 13, 20], 6.848207, 55)],
)
def test_published_paths_have_their_published_length(path, length, prize):
    assert sum(BETWEEN[a, b] for a, b in pairwise(path)) == pytest.approx(length, abs=1e-6)
    stops = stops_of(POINTS[1:20, 2])
    walked = route_of([stops["stop_id"][place - 1] for place in path[1:-1]], stops, BETWEEN[:20, :20])
    home = BETWEEN[path[-2], 0]
    assert walked.home - home + BETWEEN[path[-2], 20] == pytest.approx(length, abs=1e-6)
    assert walked.prize == prize


@st.composite
def small_days(draw):
    count = draw(st.integers(1, 5))

    def whole(low, high):
        return draw(st.lists(st.integers(low, high), min_size=count, max_size=count))

    opens = whole(0, 120)
    stops = stops_of(
        whole(1, 9), whole(5, 60), opens, [a + b for a, b in zip(opens, whole(0, 200), strict=True)]
    )
    cells = draw(st.lists(st.integers(0, 60), min_size=(count + 1) ** 2, max_size=(count + 1) ** 2))
    return stops, np.array(cells, float).reshape(count + 1, count + 1), draw(st.integers(30, 300))


@pytest.mark.long
@given(small_days(), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_no_order_of_any_stops_beats_the_best_route(day, least):
    stops, minutes, day_min = day
    tried = [
        route_of(order, stops, minutes)
        for size in range(1, len(stops) + 1)
        for order in permutations(stops["stop_id"], size)
    ]
    kept = [route for route in tried if route.keeps(day_min, least)]
    best = best_route(stops, minutes, day_min, least)
    assert best.prize == max((route.prize for route in kept), default=0)
    assert most_prize(stops, minutes, day_min, least) == best.prize
    if best.order:
        assert best.keeps(day_min, least)
        assert best.home == min(route.home for route in kept if route.prize == best.prize)


@pytest.mark.slow
@given(small_days())
@settings(max_examples=100, deadline=None)
def test_nearest_first_keeps_every_rule_and_is_never_better(day):
    stops, minutes, day_min = day
    near = nearest_first(stops, minutes, day_min)
    assert near.keeps(day_min, 0)
    assert near.prize <= best_route(stops, minutes, day_min, 0).prize


@given(small_days(), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_a_longer_day_is_never_worth_less(day, more):
    stops, minutes, day_min = day
    assert most_prize(stops, minutes, day_min + more, 0) >= most_prize(stops, minutes, day_min, 0)


def test_who_comes_early_waits_and_who_comes_late_is_named():
    stops = stops_of([5, 5], 30, [60, 0], [90, 50])
    minutes = np.array([[0, 10, 10], [10, 0, 20], [10, 20, 0]], float)
    day = route_of(["K01", "K02"], stops, minutes)
    assert day.timetable["begin"].tolist() == [60, 110]
    assert day.timetable["arrive"].tolist() == [10, 110]
    assert (day.late, day.home, day.prize) == (("K02",), 150, 10)
    assert route_of([], stops, minutes).home == 0


def test_nobody_drives_where_no_day_can_be_kept():
    stops = stops_of([5, 5], 300)
    assert best_route(stops, np.full((3, 3), 100.0)).order == ()
    assert most_prize(stops, np.full((3, 3), 100.0)) == 0


@pytest.mark.parametrize(("order", "said"), [(["K01", "K01"], "twice"), (["X"], "no stop")])
def test_a_stop_that_is_unknown_or_doubled_is_said(order, said):
    with pytest.raises(PlaybookError, match=said):
        route_of(order, stops_of([1, 2]), np.zeros((3, 3)))


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (np.zeros((3, 3)), stops_of([1, 2]), "no table of stops"),
        (stops_of([1, 2]), 480, "not the minutes"),
        (stops_of([1, 2]), np.zeros((2, 2)), "not the minutes"),
    ],
)
def test_what_is_not_a_table_of_stops_or_not_its_minutes_is_said(first, second, said):
    with pytest.raises(PlaybookError, match=said):
        best_route(first, second)


def test_more_stops_than_can_be_tried_are_refused():
    with pytest.raises(PlaybookError, match="too many"):
        best_route(stops_of([1] * 21), np.zeros((22, 22)))


def test_the_clock_knows_the_lunch_hour():
    assert [clock(minute) for minute in (0, 65, 180, 181, 480)] == [
        "9:00",
        "10:05",
        "12:00",
        "13:01",
        "18:00",
    ]


def test_driving_takes_the_way_over_the_speed():
    stops = pd.DataFrame({"lat": [30.0, 30.1], "lon": [120.0, 120.0]})
    minutes = minutes_between(stops, 30.0, 120.0, detour=1.5, speed_kmh=30)
    # 0.1 degrees of latitude are 11.12 km: times 1.5, at 30 km an hour, 33 minutes.
    assert minutes[0].tolist() == [0, 0, 33]
    assert (minutes == minutes.T).all()
