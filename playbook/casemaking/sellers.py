"""The company's sellers in the city: who joined when, in which team, beside a veteran or not, and who left."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.casemaking.calendar import DAY, pace, working_days
from playbook.casemaking.parameters import (
    MONTHS_OPEN,
    QUIT_A_MONTH,
    RAMP_SPREAD,
    RAMP_T50,
    RIPE_SPREAD,
    TEAM,
    TODAY,
    VETERAN_QUIT,
)

_VETERAN_MONTHS = 30  # service that a veteran brings along


@dataclass(frozen=True)
class Roster:
    """Everybody who has sold in the city.

    Attributes:
        sellers: ``rep_id, team, veteran, seeded`` (a veteran sits in the team), ``hired``, ``left`` (NaT: still
            here), ``ripe`` (full level, 1 on average); in the order of hiring.
        opened: the day on which the company began to sell in the city.
    """

    sellers: pd.DataFrame
    opened: np.datetime64

    @property
    def active(self) -> pd.DataFrame:
        """Who is on the payroll on the last day."""
        return self.sellers[self.sellers["left"].isna()]

    def level(self, days: np.ndarray) -> np.ndarray:
        """What each seller (rows) does on each day (columns), 1 being an experienced one; 0 when not there."""
        sellers = self.sellers
        hired = sellers["hired"].to_numpy().astype("datetime64[D]")[:, None]
        left = sellers["left"].fillna(pd.Timestamp("2099-01-01")).to_numpy().astype("datetime64[D]")[:, None]
        here = (days >= hired) & (days <= left)
        months = np.where(here, (days - hired) / DAY, 0) / 30.4
        months = months + _VETERAN_MONTHS * sellers["veteran"].to_numpy()[:, None]
        half = np.where(sellers["seeded"], RAMP_T50[True], RAMP_T50[False])[:, None]
        return here * ramp(months, half)

    def equivalents(self) -> float:
        """The payroll of the last day, counted as experienced sellers."""
        return float(self.level(np.array([TODAY]))[:, 0].sum())


def ramp(months: np.ndarray, half: np.ndarray | float) -> np.ndarray:
    """Share of the full level after so many months: logistic, one half at ``half``."""
    return 1 / (1 + np.exp(-(months - half) / RAMP_SPREAD))


def roster(rng: np.random.Generator, payroll: int, teams: int) -> Roster:
    """Hire, seed, lose: a roster that ends with about ``payroll`` sellers in ``teams`` teams.

    The first half of the teams gets a veteran each. A small office grows evenly, a large one mostly of late.
    """
    months = int(rng.integers(MONTHS_OPEN[0], MONTHS_OPEN[1] + 1))
    first_month = TODAY.astype("datetime64[M]") - months + 1
    start = min(payroll, max(4, teams))
    power = 1.0 if payroll <= 20 else 2.6
    seeded = np.arange(teams) < (teams + 1) // 2
    people: list[dict] = []
    for step in range(months):
        month = first_month + step
        days = working_days(
            month.astype("datetime64[D]"), min((month + 1).astype("datetime64[D]") - DAY, TODAY)
        )
        wanted = round(start + (payroll - start) * ((step + 1) / months) ** power)
        here = [person for person in people if person["left"] is None]
        for _ in range(max(0, wanted - len(here))):
            counts = [sum(person["team"] == team for person in here) for team in range(teams)]
            team = int(np.argmin(counts))
            veteran = bool(seeded[team]) and not any(p["veteran"] and p["team"] == team for p in here)
            person = {
                "team": team,
                "veteran": veteran,
                "seeded": bool(seeded[team]),
                "hired": days[int(rng.integers(0, min(8, len(days))))],
                "left": None,
                "ripe": float(np.exp(rng.normal(0, RIPE_SPREAD))),
            }
            people.append(person)
            here.append(person)
        if step < months - 1:  # whoever leaves now is replaced next month
            for person in here:
                quits = VETERAN_QUIT if person["veteran"] else QUIT_A_MONTH[person["seeded"]]
                if person["hired"].astype("datetime64[M]") < month and rng.random() < quits:
                    person["left"] = days[-1]
    sellers = pd.DataFrame(people)
    sellers["left"] = pd.to_datetime(sellers["left"])
    sellers["team"] += 1
    sellers = sellers.sort_values(["hired", "team"], kind="stable").reset_index(drop=True)
    sellers.insert(0, "rep_id", [f"R{number:03d}" for number in range(1, len(sellers) + 1)])
    return Roster(sellers, sellers["hired"].min().to_datetime64().astype("datetime64[D]"))


def teams_for(payroll: int, managers_ready: int) -> int:
    """Teams of about nine, as far as somebody is there to lead them."""
    return max(1, min(managers_ready, -(-payroll // TEAM)))


def seller_days(rng: np.random.Generator, people: Roster, count: int) -> tuple[np.ndarray, np.ndarray]:
    """``count`` pairs of a seller's row and a working day, in proportion to what each did on each day."""
    days = working_days(people.opened, TODAY)
    weight = people.level(days) * people.sellers["ripe"].to_numpy()[:, None] * pace(days)
    drawn = rng.choice(weight.size, count, p=(weight / weight.sum()).ravel())
    seller, day = np.unravel_index(drawn, weight.shape)
    return seller, days[day]


def months_of_work(people: Roster) -> float:
    """All that was sold in, counted in months of an experienced seller."""
    days = working_days(people.opened, TODAY)
    return float((people.level(days) * pace(days)).sum() / 20.8)
