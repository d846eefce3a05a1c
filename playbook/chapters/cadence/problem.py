"""What chapter 10 decides on: a month past its middle, the people on the board, and tomorrow's stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from playbook.market.goals import (
    Limits,
    at_risk,
    control_limits,
    days_left,
    largest_remainder,
    projection,
    to_talk_to,
    usual_share,
)
from playbook.market.route import minutes_between

#: Column of open deals on the board, and the assumption that holds its chance.
CHANCES = {"pipeline_a": "chance_a", "pipeline_b": "chance_b"}


@dataclass(frozen=True)
class MonthProblem:
    """The month of a case.

    Attributes:
        today: the evening of the board. gone, left: working days of the month up to today, and after it.
        target: contracts of the month. booked: signed so far.
        signed: contracts by working day so far, in order.
        past: ``month, days_left, share`` of the past months.
        chances: of an open deal, by column of the board.
        board: as of today, with ``target, projected, weighted, gap, at_risk``.
        reports: daily reports, with ``found_share, round_share, talk``.
    """

    today: pd.Timestamp
    gone: int
    left: int
    target: int
    booked: int
    signed: tuple[int, ...]
    past: pd.DataFrame
    chances: dict[str, float]
    board: pd.DataFrame
    reports: pd.DataFrame

    @property
    def share(self) -> float:
        """Which part of a usual month is signed by now."""
        return usual_share(self.past, self.left)

    @property
    def forecast(self) -> float:
        """Contracts at the end of the month, if it fills as usual."""
        return float(projection(self.booked, self.share))

    @property
    def limits(self) -> Limits:
        """Between what the share signed by now lay in past months."""
        return control_limits(self.past.loc[self.past["days_left"] == self.left, "share"])

    @property
    def daily(self) -> float:
        """Contracts that each working day left must bring."""
        return (self.target - self.booked) / self.left


def month_problem(case: Any) -> MonthProblem:
    """The month of a case with its board, its reports and its calendar."""
    usual = case.assumptions.set_index("name")["usual"]
    signed = case.month_days.sort_values("date")
    today = signed["date"].max()
    left = days_left(case.calendar, today)
    past, target = case.month_share, int(usual["month_target"])
    chances = {column: float(usual[name]) for column, name in CHANCES.items()}
    board = case.board
    board["target"] = largest_remainder(board["weight"], target)
    return MonthProblem(
        today=today,
        gone=len(signed),
        left=left,
        target=target,
        booked=int(board["booked"].sum()),
        signed=tuple(signed["contracts"].tolist()),
        past=past,
        chances=chances,
        board=at_risk(board, usual_share(past, left), chances),
        reports=to_talk_to(case.visit_reports),
    )


@dataclass(frozen=True)
class DayProblem:
    """Tomorrow's stops, and how far they are from each other and from the office.

    Attributes:
        stops: as the case has them. minutes: of driving; row and column 0 are the office.
        lat, lon: of the office.
    """

    stops: pd.DataFrame
    minutes: np.ndarray
    lat: float
    lon: float


def day_problem(case: Any) -> DayProblem:
    """Tomorrow's stops of a case."""
    usual = case.assumptions.set_index("name")["usual"]
    home = case.cities.set_index("adcode").loc[case.adcode]
    stops = case.stops
    lat, lon = float(home["lat"]), float(home["lon"])
    return DayProblem(stops, minutes_between(stops, lat, lon, speed_kmh=usual["town_kmh"]), lat, lon)
