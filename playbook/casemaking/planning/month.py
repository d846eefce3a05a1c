"""A month past its middle: the board, how months fill, the daily reports, and fourteen stops (chapter 10)."""

from functools import lru_cache

import numpy as np
import pandas as pd

from playbook.casemaking.calendar import working_days
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.planning.stops import CHANCES, stops
from playbook.casemaking.seeds import stream
from playbook.cases.tables import read_table
from playbook.errors import PlaybookError
from playbook.market.goals import AMBER, largest_remainder
from playbook.places import data_root

#: The evenings on which boards are read. The book's comes first; in each month a weekend day is still to be worked.
EVENINGS = (
    "2025-04-18",
    "2024-04-16",
    "2025-01-20",
    "2024-04-15",
    "2025-04-17",
    "2025-01-14",
    "2024-04-18",
    "2025-04-15",
    "2024-09-18",
    "2025-01-15",
    "2024-04-17",
    "2025-01-17",
    "2025-04-16",
)
#: Which light the forecast has; on a straight line it is red in every city.
LIGHTS = ("green", "amber")
_REACHES = {"green": (0.98, 1.07), "amber": (0.88, 0.925)}
_PAST, _LAST_FIVE, _GROUPS = 12, (0.42, 0.48), 3
_NAMES = [
    "Wang",
    "Li",
    "Zhang",
    "Liu",
    "Chen",
    "Yang",
    "Zhao",
    "Huang",
    "Zhou",
    "Wu",
    "Xu",
    "Sun",
    "Hu",
    "Zhu",
    "Gao",
    "Lin",
    "He",
    "Guo",
    "Ma",
    "Luo",
    "Liang",
    "Song",
    "Zheng",
    "Xie",
    "Han",
    "Tang",
    "Feng",
    "Yu",
    "Dong",
    "Xiao",
    "Cheng",
    "Cao",
    "Yuan",
    "Deng",
    "Fu",
    "Shen",
    "Zeng",
    "Peng",
    "Lu",
    "Su",
    "Jiang",
    "Cai",
    "Jia",
    "Ding",
    "Wei",
    "Xue",
    "Ye",
    "Yan",
    "Pan",
    "Du",
]
_WEIGHTS = (1.2, 1.0, 1.0, 1.0, 1.0, 0.8, 0.8, 0.6, 0.6, 0.4, 0.3)
_MOST_MONTHS, _MOST_BOARDS, _MOST_REPORTS = 200, 4000, 400


def month(ground: Ground) -> dict[str, pd.DataFrame]:
    """`board`, `month_share`, `month_days`, `visit_reports`, `stops`, and the rows of `assumptions` on them.

    Raises:
        PlaybookError: no draw keeps chapter 10's shortcuts away from its answers.
    """
    rng = stream(ground.seed, "month")
    today = np.datetime64(ground.deal("evening", EVENINGS))
    days = _days_of(today)
    gone, left = int((days <= today).sum()), int((days > today).sum())
    past = _past_months(rng, today, left, gone)
    share = past.loc[past["days_left"] == left, "share"].mean()
    light = ground.deal("light of the month", LIGHTS)
    board, target = _board(rng, share, gone / (gone + left), light)
    rows = [
        ("month_target", "Contracts that head office expects this month", "contracts", target, 0.9, 1.1),
        *((name, f"Chance that an open deal of grade {name[-1].upper()} is signed this month", "share", chance,
           0.7, 1.3) for name, chance in zip(("chance_a", "chance_b"), CHANCES, strict=True)),
        ("town_kmh", "Speed between the customers of one day, the search for the door included", "km an hour",
         30, 0.8, 1.2),
    ]  # fmt: skip
    assumptions = pd.DataFrame(
        [(*row[:4], round(row[3] * row[4], 2), round(row[3] * row[5], 2)) for row in rows],
        columns=["name", "meaning", "unit", "usual", "low", "high"],
    )
    signed = days[days <= today]
    weight = rng.uniform(0.6, 1.4, len(signed))
    return {
        "assumptions": assumptions,
        "board": board,
        "month_share": past,
        "month_days": pd.DataFrame(
            {"date": signed, "contracts": rng.multinomial(board["booked"].sum(), weight / weight.sum())}
        ),
        "visit_reports": _reports(stream(ground.seed, "visit reports"), list(board["seller"])),
        "stops": stops(ground),
    }


@lru_cache(maxsize=1)
def _calendar() -> pd.DataFrame:
    return read_table(data_root() / "reference" / "calendar.csv", "calendar")


def _days_of(today: np.datetime64) -> np.ndarray:
    """The working days of the month of a day."""
    days = _calendar()
    dates = days.loc[days["workday"], "date"].to_numpy().astype("datetime64[D]")
    return dates[dates.astype("datetime64[M]") == today.astype("datetime64[M]")]


def _past_months(rng: np.random.Generator, today: np.datetime64, left: int, gone: int) -> pd.DataFrame:
    """How the twelve months before filled: 42 to 48 % of each in its last five working days.

    Drawn until neither one month alone nor the mean over all days is taken for the usual month at this point.
    """
    this = today.astype("datetime64[M]")
    for _ in range(_MOST_MONTHS):
        rows = []
        for back in range(_PAST, 0, -1):
            start = this - back
            days = working_days(start.astype("datetime64[D]"), (start + 1).astype("datetime64[D]") - 1)
            late = rng.uniform(*_LAST_FIVE)
            early = rng.uniform(0.7, 1.3, len(days) - 5)
            end = np.linspace(0.8, 1.2, 5) * rng.uniform(0.85, 1.15, 5)
            part = np.concatenate([(1 - late) * early / early.sum(), late * end / end.sum()])
            shares = np.append(part.cumsum()[:-1], 1.0).round(3)
            rows += [(str(start), len(days) - 1 - number, one) for number, one in enumerate(shares.tolist())]
        past = pd.DataFrame(rows, columns=["month", "days_left", "share"])
        now = past.loc[past["days_left"] == left, "share"].to_numpy()
        others = np.array([now[0], now[-1], now.min(), now.max(), gone / (gone + left), past["share"].mean()])
        if (np.abs(others / now.mean() - 1) > 0.015).all():
            return past
    raise PlaybookError("no twelve months fill so that the usual one stands apart")


def _board(rng: np.random.Generator, share: float, straight: float, light: str) -> tuple[pd.DataFrame, int]:
    """The board and the month's target, drawn until each known mistake names other sellers or numbers."""
    for _ in range(_MOST_BOARDS):
        count = int(rng.integers(18, 23))
        weight = (rng.choice(_WEIGHTS, count) * rng.uniform(0.94, 1.06, count)).round(2)
        target = round(weight.sum() * rng.uniform(7.0, 8.6))
        quota = target * weight / weight.sum()
        if quota.round().sum() == target or not _gap_at_the_cut(quota, target) > 0.01:
            continue
        parts = largest_remainder(pd.Series(weight), target).to_numpy()
        if (parts == np.round(np.full(count, target / count))).all():
            continue
        reach = rng.uniform(*_REACHES[light])
        booked, deals = _sold(rng, parts, share, round(reach * share * target))
        if booked is None or not _told_apart(parts, booked, deals, share, straight):
            continue
        reached = booked.sum() / share / target
        if (
            min(abs(reached - edge) for edge in (0.95, 0.85)) < 0.015
            or booked.sum() / straight > 0.8 * target
        ):
            continue
        names = rng.choice(_NAMES, count, replace=False)
        groups = np.arange(count) * _GROUPS // count + 1
        board = pd.DataFrame(
            {
                "seller": names,
                "group": [f"G{number}" for number in groups],
                "weight": weight,
                "booked": booked,
                "pipeline_a": deals[:, 0],
                "pipeline_b": deals[:, 1],
            }
        )
        return board, target
    raise PlaybookError("no board keeps the known mistakes away from chapter 10's answers")


def _gap_at_the_cut(quota: np.ndarray, target: int) -> float:
    """How far the smallest remainder that is rounded up lies above the largest that is rounded down."""
    rest = np.sort(quota - np.floor(quota))[::-1]
    left = int(target - np.floor(quota).sum())
    return float(rest[left - 1] - rest[left]) if 0 < left < len(rest) else 0.0


def _sold(
    rng: np.random.Generator, parts: np.ndarray, share: float, total: int
) -> tuple[np.ndarray | None, np.ndarray]:
    """Contracts signed and deals open by seller: a few are slow and short of deals, others only the one."""
    count = len(parts)
    kind = np.zeros(count, int)
    # At risk, with next to no deals, saved by deals, saved twice over, fast but short of deals; the rest is fine.
    roles = [1] * int(rng.integers(1, 3)) + [2] + [3] * int(rng.integers(1, 3)) + [4] + [5] * 2
    able = np.flatnonzero(parts >= 4)
    if len(able) < len(roles) + 3:
        return None, np.empty(0)
    kind[rng.choice(able, len(roles), replace=False)] = roles
    slow = np.isin(kind, (1, 2, 3, 4))
    usual = share * parts
    booked = np.where(
        slow, np.floor(usual * rng.uniform(0.2, 0.7, count)), np.ceil(usual * rng.uniform(0.9, 1.3, count))
    )
    booked = booked.astype(int)
    # The rest of the total goes to those who are not slow.
    fast = np.flatnonzero(~slow)
    for _ in range(200):
        short = total - booked.sum()
        if not short:
            break
        one = int(rng.choice(fast))
        booked[one] = max(booked[one] + np.sign(short), 0)
    gap = parts - booked
    low, high = np.array([[1.1, 1.6], [0.5, 0.8], [0.15, 0.35], [1.05, 1.15], [1.4, 1.7], [0.6, 0.85]])[
        kind
    ].T
    wanted = np.maximum(gap, 1) * rng.uniform(low, high)
    of_a = np.where(kind == 2, 1.0, rng.uniform(0.5, 0.9, count))
    a = np.floor(wanted / CHANCES[0] * of_a).astype(int)
    b = np.maximum(np.round((wanted - CHANCES[0] * a) / CHANCES[1]), 0).astype(int)
    return booked, np.column_stack([a, b])


def _told_apart(
    parts: np.ndarray, booked: np.ndarray, deals: np.ndarray, share: float, straight: float
) -> bool:
    """Whether two to five are at risk, nobody at an edge, and each known mistake names other sellers."""
    reaches, weighted, gap = booked / share / parts, deals @ np.array(CHANCES), parts - booked
    if (np.abs(reaches - AMBER) < 0.02).any() or (np.abs(weighted - gap) < 0.15).any():
        return False
    slow, thin = reaches < AMBER, weighted < gap
    risk = slow & thin
    hinted = [risk, slow & (deals.sum(axis=1) < gap), slow & (weighted < parts), slow | thin, slow, thin]
    others = [(booked / straight < AMBER * parts) & thin, booked == booked.min()]
    return (
        2 <= risk.sum() <= 5
        and len({tuple(way) for way in hinted}) == len(hinted)
        and all(way.any() for way in hinted)
        and not any((way == risk).all() for way in others)
    )


def _reports(rng: np.random.Generator, sellers: list[str]) -> pd.DataFrame:
    """Daily reports: two to four have both signs, others one of them, and a newcomer has few visits."""
    for _ in range(_MOST_REPORTS):
        count = len(sellers)
        kind = np.zeros(count, int)
        roles = [1] * int(rng.integers(2, 5)) + [2] * 3 + [3] * 3 + [4] * 2
        kind[rng.choice(count, len(roles), replace=False)] = roles
        days = np.where(kind == 4, rng.integers(16, 26, count), rng.integers(46, 62, count))
        low, high = np.array([[0.86, 0.97], [0.52, 0.76], [0.60, 0.76], [0.85, 0.95], [0.84, 0.95]])[kind].T
        found = rng.uniform(low, high)
        low, high = np.array([[0.22, 0.5], [0.66, 0.9], [0.25, 0.5], [0.66, 0.85], [0.25, 0.5]])[kind].T
        rounded = np.round(days * rng.uniform(low, high)).astype(int)
        reported = np.round(days * rng.uniform(5.2, 7.8, count)).astype(int)
        matched = np.round(reported * found).astype(int)
        few, many = matched / reported < 0.8, rounded / days > 0.6
        edges = (np.abs(matched / reported - 0.8) < 0.015).any() or (
            np.abs(rounded / days - 0.6) < 0.02
        ).any()
        talk = few & many
        size = talk.sum()
        ways = [
            talk,
            few,
            many,
            few | many,
            *(
                np.isin(np.arange(count), np.argsort(by, kind="stable")[:3])
                for by in (matched, -rounded, matched - reported)
            ),
        ]
        if not edges and 2 <= size <= 4 and len({tuple(way) for way in ways}) == len(ways):
            return pd.DataFrame(
                {
                    "seller": sellers,
                    "days_reported": days,
                    "round_days": rounded,
                    "visits_reported": reported,
                    "visits_found": matched,
                }
            )
    raise PlaybookError("no reports keep the known mistakes away from chapter 10's answers")
