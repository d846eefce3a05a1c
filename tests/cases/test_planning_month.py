"""What is planted in the tables of chapter 10 is found in the data, and no shortcut gives an answer."""

import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from playbook.casemaking.calendar import working_days as history_days
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.planning.month import EVENINGS, LIGHTS, month
from playbook.casemaking.planning.stops import stops as stops_of
from playbook.casemaking.public import published
from playbook.casemaking.seeds import shipped_seed
from playbook.cases import list_cases, load_case
from playbook.chapters.cadence.problem import day_problem, month_problem
from playbook.errors import PlaybookError
from playbook.market.goals import light_of, straight_share
from playbook.market.route import best_route, nearest_first, route_of

pytestmark = pytest.mark.slow

CASES = pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)


def ground_of(case, unseen=False, seed=None) -> Ground:
    tables = {"accounts": case.accounts, "densities": case.densities}
    return Ground(seed or shipped_seed(case.adcode), case.adcode, unseen, published(), tables)


def test_the_calendar_has_two_whole_years_and_agrees_with_the_one_that_the_history_runs_on():
    days = load_case("jinhua").calendar
    assert list(days["date"]) == list(pd.date_range("2024-01-01", "2025-12-31"))
    worked = days.loc[days["workday"] & (days["date"] < "2025-07-01"), "date"]
    known = history_days(np.datetime64("2024-01-01"), np.datetime64("2025-06-30"))
    assert (worked.to_numpy().astype("datetime64[D]") == known).all()


@pytest.mark.parametrize(
    ("day", "workday", "holiday"),
    [
        ("2024-02-04", True, None),
        ("2024-02-09", True, None),
        ("2024-02-12", False, "Spring Festival"),
        ("2024-02-18", True, None),
        ("2024-04-07", True, None),
        ("2024-05-01", False, "Labour Day"),
        ("2024-09-14", True, None),
        ("2024-09-16", False, "Mid-Autumn"),
        ("2024-10-12", True, None),
        ("2025-01-26", True, None),
        ("2025-01-28", False, "Spring Festival"),
        ("2025-04-27", True, None),
        ("2025-06-02", False, "Dragon Boat"),
        ("2025-09-28", True, None),
        ("2025-10-08", False, "National Day and Mid-Autumn"),
        ("2025-10-11", True, None),
        ("2025-10-12", False, None),
    ],
)
def test_known_days_are_as_the_state_council_announced_them(day, workday, holiday):
    row = load_case("jinhua").calendar.set_index("date").loc[day]
    assert row["workday"] == workday
    assert row["holiday"] == holiday or (holiday is None and pd.isna(row["holiday"]))


def test_years_have_as_many_working_days_as_announced():
    days = load_case("jinhua").calendar
    assert days.groupby(days["date"].dt.year)["workday"].sum().tolist() == [251, 248]


@CASES
def test_the_light_is_the_dealt_one_and_a_straight_line_is_red(case):
    problem = month_problem(case)
    assert light_of(problem.forecast, problem.target) == ground_of(case).deal("light of the month", LIGHTS)
    assert light_of(problem.booked / straight_share(problem.gone, problem.left), problem.target) == "red"
    assert not problem.limits.low < straight_share(problem.gone, problem.left) < problem.limits.high


@CASES
def test_the_straight_line_by_working_days_is_not_that_by_calendar_days(case):
    problem = month_problem(case)
    by_calendar = problem.today.day / problem.today.days_in_month
    assert abs(straight_share(problem.gone, problem.left) / by_calendar - 1) > 0.01


@CASES
def test_months_fill_late(case):
    past = case.month_share
    assert past["month"].nunique() == 12
    late = 1 - past.loc[past["days_left"] == 5, "share"]
    assert late.between(0.419, 0.481).all()
    assert (past.groupby("month")["share"].diff().dropna() > 0).all()
    assert (past.loc[past["days_left"] == 0, "share"] == 1).all()


@CASES
def test_the_days_of_the_month_are_working_days_and_add_up_to_the_board(case):
    signed, calendar = case.month_days, case.calendar
    assert signed["contracts"].sum() == case.board["booked"].sum()
    assert set(signed["date"]) <= set(calendar.loc[calendar["workday"], "date"])
    rest = calendar[calendar["date"].dt.to_period("M") == signed["date"].max().to_period("M")]
    rest = rest[rest["date"] > signed["date"].max()]
    assert rest["workday"].sum() != (rest["date"].dt.weekday < 5).sum()


@CASES
def test_two_to_five_are_at_risk_and_each_mistake_names_others(case):
    problem = month_problem(case)
    board = problem.board
    slow, thin = board["projected"] < 0.85 * board["target"], board["weighted"] < board["gap"]
    deals = board["pipeline_a"] + board["pipeline_b"]
    risk = board["at_risk"]
    assert 2 <= risk.sum() <= 5
    ways = [
        risk,
        slow,
        thin,
        slow | thin,
        slow & (deals < board["gap"]),
        slow & (board["weighted"] < board["target"]),
    ]
    assert len({tuple(way) for way in ways}) == len(ways)
    assert (board["weighted"] - board["gap"]).abs().min() > 0.1


@CASES
def test_plain_rounding_leaks(case):
    board, target = case.board, month_problem(case).target
    assert (target * board["weight"] / board["weight"].sum()).round().sum() != target


@CASES
def test_two_to_four_are_talked_to_and_either_sign_alone_names_more(case):
    reports = month_problem(case).reports
    talk = reports["talk"]
    assert 2 <= talk.sum() <= 4
    assert (reports["found_share"] < 0.8).sum() > talk.sum()
    assert (reports["round_share"] > 0.6).sum() > talk.sum()
    assert set(reports["seller"]) == set(case.board["seller"])


@CASES
def test_no_shortcut_makes_a_good_day(case):
    day = day_problem(case)
    best = best_route(day.stops, day.minutes)
    assert best.keeps()
    assert nearest_first(day.stops, day.minutes).prize <= 0.9 * best.prize
    grades = day.stops.assign(prize=day.stops["grade"].map({"A": 3, "B": 2, "C": 1}))
    by_grade = route_of(best_route(grades, day.minutes).order, day.stops, day.minutes)
    assert by_grade.prize <= 0.9 * best.prize
    for changed in ({"service_min": 0}, {"from_min": 0, "to_min": 480}):
        forgetful = best_route(day.stops.assign(**changed), day.minutes).order
        assert not route_of(forgetful, day.stops, day.minutes).keeps()
    no_way_back = best_route(day.stops, day.minutes, back=0 * day.minutes[1:, 0]).order
    assert route_of(no_way_back, day.stops, day.minutes).home > 480


def test_evenings_and_lights_are_spread_over_the_cities():
    trainees = [case for case in list_cases() if case.role != "worked"]
    evenings = Counter(str(case.month_days["date"].max().date()) for case in trainees)
    assert max(evenings.values()) == 1
    lights = Counter(light_of(one.forecast, one.target) for one in map(month_problem, trainees))
    assert set(lights.values()) == {6}


def test_the_book_reads_its_board_on_the_eighteenth():
    assert load_case("jinhua").month_days["date"].max() == pd.Timestamp(EVENINGS[0])
    assert EVENINGS[0].endswith("-18")


def test_the_same_seed_gives_the_same_tables():
    case = load_case("quanzhou")
    once, again = month(ground_of(case)), month(ground_of(case))
    for name, frame in once.items():
        pd.testing.assert_frame_equal(frame, again[name])


def test_an_unseen_case_has_another_evening_another_light_and_other_people():
    case = load_case("quanzhou")
    shipped, unseen = ground_of(case), ground_of(case, unseen=True, seed="a secret")
    for what, options in (("evening", EVENINGS), ("light of the month", LIGHTS)):
        assert shipped.deal(what, options) != unseen.deal(what, options)
    mine, other = month(shipped), month(unseen)
    assert not mine["board"].equals(other["board"])
    assert not mine["stops"]["account_id"].equals(other["stops"]["account_id"])


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("_MOST_MONTHS", "no twelve months"),
        ("_MOST_BOARDS", "no board"),
        ("_MOST_REPORTS", "no reports"),
    ],
)
def test_a_month_that_cannot_be_drawn_is_named_instead_of_drawn_for_ever(monkeypatch, limit, said):
    monkeypatch.setattr(sys.modules[month.__module__], limit, 0)
    with pytest.raises(PlaybookError, match=said):
        month(ground_of(load_case("jinhua")))


def test_a_day_that_cannot_be_drawn_is_named_instead_of_drawn_for_ever(monkeypatch):
    monkeypatch.setattr(sys.modules[stops_of.__module__], "_MOST_LISTS", 0)
    with pytest.raises(PlaybookError, match="no list of stops"):
        stops_of(ground_of(load_case("jinhua")))
