"""The panel of chapter 10: its models without a kernel, its view by moving the controls."""

import pytest

from playbook.cases import load_case
from playbook.chapters.cadence.panel import State, day_view, panel, share_by, view
from playbook.chapters.cadence.problem import day_problem, month_problem
from playbook.market.route import best_route, nearest_first

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def problem():
    return month_problem(load_case("jinhua"))


@pytest.fixture(scope="module")
def day():
    return day_problem(load_case("jinhua"))


@pytest.fixture
def shown():
    return panel(load_case("jinhua"))


def start(problem, **changes) -> State:
    late = 1 - share_by(problem, 5, 0.45)
    assert late == pytest.approx(0.45)
    usual = problem.past.loc[problem.past["days_left"] == 5, "share"].mean()
    return State(
        **{"gone": problem.gone, "booked": problem.booked, "target": problem.target, "late": 1 - usual}
        | changes
    )


def test_today_the_panel_says_what_the_exercise_asks(problem):
    seen = view(problem, start(problem))
    assert seen.forecast == pytest.approx(problem.forecast)
    assert seen.daily == pytest.approx(problem.daily)
    assert seen.straight_light == "red"
    assert "On a straight line it would look red" in seen.words[-1]


def test_on_the_last_day_the_forecast_is_what_is_booked(problem):
    seen = view(problem, start(problem, gone=problem.gone + problem.left))
    assert seen.forecast == pytest.approx(problem.booked)
    assert "The month is over." in seen.words


def test_the_later_months_fill_the_more_the_same_contracts_promise(problem):
    early, late = (view(problem, start(problem, late=part)).forecast for part in (0.25, 0.6))
    assert late > early
    days = problem.gone + problem.left
    shares = [share_by(problem, left, 0.6) for left in range(days)]
    assert shares[0] == 1
    assert shares == sorted(shares, reverse=True)


def test_an_empty_day_asks_for_a_stop_and_a_full_one_is_compared(day):
    best, near = best_route(day.stops, day.minutes), nearest_first(day.stops, day.minutes)
    assert "Press a stop" in day_view(day, (), best, near).words[0]
    words = " ".join(day_view(day, best.order, best, near).words)
    assert "That is 100% of the best day" in words
    everything = day_view(day, tuple(day.stops["stop_id"]), best, near)
    assert "Too late at" in " ".join(everything.words)
    assert "leave a stop out" in " ".join(everything.words)


def test_pressed_stops_are_driven_to_in_turn_and_taken_back(shown):
    for name in ("K03", "K01"):
        shown.stops[name].value = True
    assert shown.order == ("K03", "K01")
    assert "2 stops bring" in shown.day_words.value
    assert "K03 (1)" in shown.day_picture.value
    shown.stops["K03"].value = False
    assert shown.order == ("K01",)
    shown.clear.click()
    assert shown.order == ()
    assert not any(button.value for button in shown.stops.values())


def test_moving_a_slider_moves_words_and_picture(shown):
    before = shown.words.value, shown.picture.value
    shown.controls["booked"].value = 2
    assert shown.words.value != before[0]
    assert shown.picture.value != before[1]
    assert 'role="status"' in shown.words.value
    assert "aria-label" in shown.picture.value


def test_the_board_shows_groups_and_persons_with_a_light_of_shape_and_word(shown, problem):
    table = shown.board.value
    assert table.count("together") == problem.board["group"].nunique()
    assert all(seller in table for seller in problem.board["seller"])
    assert "■ red" in table
    assert "● green" in table
