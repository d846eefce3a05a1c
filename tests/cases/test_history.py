"""The sellers and the calendar behind the records: who joins, ramps and leaves, and on which days work is done."""

import numpy as np
import pandas as pd
import pytest

from playbook.casemaking.calendar import WORKED, closing_day, holidays, working_days
from playbook.casemaking.dealt import SHIPPED
from playbook.casemaking.parameters import QUIT_A_MONTH, RAMP_T50, TODAY
from playbook.casemaking.seeds import stream
from playbook.casemaking.sellers import ramp, roster, seller_days, teams_for


@pytest.fixture(scope="module")
def rosters():
    return [roster(stream(number, "roster"), 40, 5) for number in range(25)]


def test_weekends_worked_in_exchange_are_working_days_and_holidays_are_not():
    days = set(working_days(np.datetime64("2024-01-01"), np.datetime64("2024-12-31")))
    assert np.datetime64("2024-02-12") not in days  # Spring Festival
    assert np.datetime64("2024-02-18") in days  # a Sunday worked in exchange
    assert np.datetime64("2024-06-08") not in days  # a Saturday
    assert len(days) == 251


def test_days_worked_in_exchange_are_weekends_outside_the_holidays():
    assert ((WORKED.astype("int64") + 3) % 7 >= 5).all()
    assert not np.isin(WORKED, holidays()).any()


def test_closing_days_are_worked_and_gather_at_the_end_of_the_month():
    rng = np.random.default_rng(1)
    wanted = np.datetime64("2024-03-01") + rng.integers(0, 300, 4000) * np.timedelta64(1, "D")
    drawn = closing_day(rng, wanted, wanted - 30 * np.timedelta64(1, "D"), np.full(4000, 0.45))
    every = working_days(np.datetime64("2024-01-01"), np.datetime64("2025-03-01"))
    assert np.isin(drawn, every).all()
    assert (drawn.astype("datetime64[M]") == wanted.astype("datetime64[M]")).mean() > 0.9
    months = pd.Series(every).groupby(every.astype("datetime64[M]")).apply(lambda days: list(days[-5:]))
    ends = {day for days in months for day in days}
    assert 0.40 < pd.Series(drawn).isin(ends).mean() < 0.52


def test_the_payroll_of_the_last_day_is_what_was_planned(rosters):
    assert all(len(people.active) == 40 for people in rosters)


def test_half_of_the_full_level_is_reached_as_planted_with_and_without_a_veteran():
    for seeded, half in RAMP_T50.items():
        assert ramp(np.array([half]), np.array([half]))[0] == 0.5, seeded
    eighty = [half + 1.2 * np.log(4) for half in (3.5, 5.5)]
    assert [round(months, 1) for months in eighty] == [5.2, 7.2]
    assert ramp(np.array(eighty), np.array([3.5, 5.5])).round(3).tolist() == [0.8, 0.8]


def test_people_leave_at_the_planted_rate_and_veterans_keep_them(rosters):
    rate = {}
    for seeded in (True, False):
        left = months = 0
        for people in rosters:
            some = people.sellers[~people.sellers["veteran"] & (people.sellers["seeded"] == seeded)]
            end = some["left"].fillna(pd.Timestamp(TODAY))
            months += ((end - some["hired"]).dt.days / 30.4).clip(lower=0).sum()
            left += some["left"].notna().sum()
        rate[seeded] = left / months
    assert rate[True] < rate[False]
    for seeded, planted in QUIT_A_MONTH.items():
        assert abs(rate[seeded] - planted) < 0.012


def test_nobody_sells_before_joining_or_after_leaving(rosters):
    people = rosters[0]
    seller, day = seller_days(np.random.default_rng(2), people, 3000)
    rows = people.sellers.iloc[seller]
    assert (day >= rows["hired"].to_numpy().astype("datetime64[D]")).all()
    left = rows["left"].fillna(pd.Timestamp("2099-01-01")).to_numpy().astype("datetime64[D]")
    assert (day <= left).all()


def test_a_team_needs_somebody_to_lead_it():
    assert teams_for(40, 9) == 5
    assert teams_for(40, 3) == 3
    assert teams_for(4, 9) == 1


def test_answers_are_dealt_evenly():
    trainees = [dealt for code, dealt in SHIPPED.items() if code != "330700"]
    for part in ("entry", "gap", "binding", "zero"):
        counts = pd.Series([getattr(dealt, part) for dealt in trainees]).value_counts()
        assert counts.max() <= 5, part
    assert len({dealt.profile for dealt in SHIPPED.values()}) == len(SHIPPED)
