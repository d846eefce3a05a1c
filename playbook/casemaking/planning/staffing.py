"""Who is to sell in month nine: visits, newcomers' records, a plan of hires, veterans and their terms (chapter 9)."""

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from playbook.casemaking.dealt import BOOKS_CASE
from playbook.casemaking.parameters import RAMP_SPREAD
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.planning.veterans import veterans
from playbook.casemaking.seeds import stream
from playbook.errors import PlaybookError
from playbook.market.staffing import READY, ramp

#: First month of service at 80 % beside a veteran, and without one; last month to hire. Dealt to the cities.
RAMPS = ((6, 10, 6), (5, 7, 6), (7, 9, 3), (6, 9, 5), (5, 8, 5), (7, 10, 3))
#: Those of the book's own case, whose answers nobody else has; so are the sellers it needs, and its options.
BOOKS_RAMP, BOOKS_SELLERS, BOOKS_OPTIONS = (6, 8, 4), 21, 11_000
#: The month by which the team must be there.
TARGET_MONTH = 9
_MONTHS, _YEAR = 24, 12
_FIRST = np.datetime64("2023-07")
_PEOPLE = {True: 20, False: 20}
#: An experienced seller's month in CNY 10,000 (own): two contracts of the usual value.
_RIPE = 4.0
_RIPE_FROM = 13
#: How far below and above 80 % the means of the two months around the answer stay, as a share of the ripe level.
_CLEAR = 0.015
_FEWEST = 5
_MOST_DRAWS, _MOST_PLANS, _MOST_CALLS = 20_000, 1000, 40_000


@dataclass(frozen=True)
class _Records:
    """What newcomers did: people x months of service, empty where nobody was there.

    Attributes:
        beside: a veteran sits in the group. start: month of hiring, from 0. leaves: last month of service, or 0.
        booked: CNY 10,000.
    """

    beside: np.ndarray
    start: np.ndarray
    leaves: np.ndarray
    booked: np.ndarray

    @property
    def ripe(self) -> float:
        return float(np.nanmean(self.booked[:, _RIPE_FROM - 1 :]))

    @property
    def months(self) -> int:
        return int((~np.isnan(self.booked)).sum())

    @property
    def quits(self) -> float:
        return float((self.leaves > 0).sum() / self.months)

    def curve(self, keep: np.ndarray) -> np.ndarray:
        """Mean by month of service of those to keep, as a share of the ripe level; -1 where nobody was there."""
        some = self.booked[keep]
        counts = (~np.isnan(some)).sum(axis=0)
        return np.where(counts > 0, np.nansum(some, axis=0) / np.maximum(counts, 1) / self.ripe, -1.0)


def staffing(ground: Ground) -> dict[str, pd.DataFrame]:
    """`call_plan`, `sellers`, `seller_months`, `hiring_plan`, `veterans`, and rows of `assumptions`.

    Raises:
        PlaybookError: no draw keeps chapter 9's shortcuts away from its answers.
    """
    beside, alone, last = _dealt(ground)
    books = ground.adcode == BOOKS_CASE and not ground.unseen
    records, hires, together, need = _records_and_plan(ground, beside, alone, last)
    calls, days, hours = _calls(stream(ground.seed, "call plan"), need, 0 if books else BOOKS_SELLERS)
    rows = [
        ("selling_days", "Days a year on which a seller is out selling", "days a year", days, days - 10, days + 10),
        ("selling_hours", "Hours of such a day with customers or on the way", "hours a day", hours, hours - 1, hours + 1),
        ("sellers_month_nine", "Experienced sellers that the work of month 9 takes", "persons", need, need - 2, need + 2),
        ("hired_together", "Newcomers that head office would hire for you, all in one month", "persons", together, together - 2, together + 2),
        *_package(stream(ground.seed, "package")),
        *_options(stream(ground.seed, "options"), 0 if books else BOOKS_OPTIONS),
    ]  # fmt: skip
    return {
        "assumptions": pd.DataFrame(rows, columns=["name", "meaning", "unit", "usual", "low", "high"]),
        "call_plan": calls,
        **_written(stream(ground.seed, "newcomers' days"), records),
        "hiring_plan": pd.DataFrame({"month": range(1, _YEAR + 1), "hires": hires}),
        "veterans": veterans(stream(ground.seed, "veterans")),
    }


def _records_and_plan(
    ground: Ground, beside: int, alone: int, last: int
) -> tuple[_Records, np.ndarray, int, int]:
    """Newcomers' records with the dealt ramps, and a plan of hires under which `last` is the last month."""
    people, plans = stream(ground.seed, "newcomers"), stream(ground.seed, "hiring plan")
    for _ in range(_MOST_DRAWS):
        records = _records(people, beside, alone)
        if not _ramps_are_clear(records, beside, alone):
            continue
        if planned := _plan(plans, records, last):
            return records, *planned
    raise PlaybookError(
        "no draw of newcomers' records and of a plan of hires is clear",
        where=f"the case {ground.adcode}",
        remedy="Use another seed.",
    )


def _dealt(ground: Ground) -> tuple[int, int, int]:
    """The ramp's months and the last month to hire; in an unseen case all three are others."""
    shipped = replace(ground, unseen=False).deal("ramp", RAMPS)
    if ground.adcode == BOOKS_CASE:
        shipped = BOOKS_RAMP
    if not ground.unseen:
        return shipped
    others = [one for one in RAMPS if all(a != b for a, b in zip(one, shipped, strict=True))]
    return others[int(stream(ground.seed, "dealt: ramp").integers(len(others)))]


def _records(rng: np.random.Generator, beside_month: int, alone_month: int) -> _Records:
    """Early newcomers sit mostly without a veteran; slow ones leave."""
    beside = np.repeat([True, False], [_PEOPLE[True], _PEOPLE[False]])
    early, late = np.arange(0, 13), np.arange(4, 19)
    start = np.where(beside, rng.choice(late, len(beside)), rng.choice(early, len(beside)))
    slow = rng.random(len(beside)) < np.where(beside, 0.38, 0.48)
    half = np.where(beside, beside_month, alone_month) - 2.1
    half = half + np.where(slow, 1.1, -0.7) + rng.normal(0, 0.35, len(beside))
    level = _RIPE * np.exp(rng.normal(0, 0.10, len(beside)))
    room = _MONTHS - start
    leaves = np.where(slow, rng.integers(3, 12, len(beside)), 0)
    leaves = np.where((leaves > 0) & (leaves < room), leaves, 0)
    service = np.arange(1, _MONTHS + 1)
    here = service <= np.where(leaves > 0, leaves, room)[:, None]
    booked = level[:, None] * ramp(service[None, :], half[:, None], RAMP_SPREAD)
    booked = (booked * (1 + rng.normal(0, 0.10, here.shape))).clip(0.02).round(2)
    return _Records(beside, start, leaves, np.where(here, booked, np.nan))


def _ramps_are_clear(records: _Records, beside_month: int, alone_month: int) -> bool:
    """Whether the answer comes out as dealt, with room on both sides, and survivors alone look faster."""
    starts = [np.median(records.start[keep]) for keep in (records.beside, ~records.beside)]
    if starts[0] < starts[1] + 2:
        return False
    stay = records.leaves == 0
    survivors_differ = 0
    for keep, month in ((records.beside, beside_month), (~records.beside, alone_month)):
        counts = (~np.isnan(records.booked[keep])).sum(axis=0)
        if counts[:_YEAR].min() < _FEWEST:
            return False
        curve = records.curve(keep)
        if (
            _first(curve) != month
            or curve[: month - 1].max() > READY - _CLEAR
            or curve[month - 1] < READY + _CLEAR
        ):
            return False
        survivors = records.curve(keep & stay)
        early = _first(survivors)
        if early > month or survivors[early - 1] < READY + _CLEAR / 2:
            return False
        survivors_differ += early < month
    pooled = records.curve(np.ones(len(stay), dtype=bool))
    clear = np.abs(pooled[beside_month - 1 : alone_month] - READY).min() > _CLEAR / 2
    return survivors_differ == 2 and clear and 0.02 < records.quits < 0.06


def _first(curve: np.ndarray) -> int:
    return int(np.argmax(curve >= READY)) + 1


def _plan(rng: np.random.Generator, records: _Records, last: int) -> tuple[np.ndarray, int, int] | None:
    """Hires by month, people to be hired together, and the need of month 9, so that `last` is the last month."""
    level = records.curve(records.beside)[:_YEAR].clip(max=1.0)
    alive = (1 - records.quits) ** np.arange(_YEAR)
    worth = level * alive
    service = TARGET_MONTH - last + 1
    low = max(worth[: service - 1].max(), (level * (1 - records.quits))[: service - 2].max())
    high = min(worth[service - 1], level[service - 2])
    if high <= low:
        return None
    for _ in range(_MOST_PLANS):
        hires = np.zeros(_YEAR, dtype=int)
        hires[[0, int(rng.integers(2, 4)), int(rng.integers(5, 7)), 9]] = rng.integers(
            (5, 3, 2, 2), (10, 8, 6, 6)
        )
        there = float((hires[:TARGET_MONTH] * worth[TARGET_MONTH - 1 :: -1]).sum())
        together = int(rng.integers(6, 14))
        need = round(there + together * (low + high) / 2)
        gap = need - there
        margin = 0.15 * (high - low) * together
        clear = max(margin, 0.11)
        if low * together + clear < gap < high * together - clear and gap < 0.65 * need:
            return hires, together, need
    return None


def _calls(rng: np.random.Generator, need: int, taken: int) -> tuple[pd.DataFrame, int, float]:
    """Accounts by grade and their visits; a seller's days and hours. More than month 9 needs, and no round number."""
    for draw in range(_MOST_CALLS):
        # A small team has a smaller area; tried where the usual one gives no clear draw.
        scale = 1.0 if draw < _MOST_CALLS // 8 else (0.4, 0.55, 0.7, 0.85)[draw % 4]
        calls = 2 * rng.integers((15, 6, 1), (25, 11, 3))
        minutes = 5 * rng.integers((11, 8, 4), (16, 12, 7))
        days, hours = 5 * int(rng.integers(44, 50)), 0.5 * int(rng.integers(9, 13))
        accounts = rng.integers((140, 320, 0), (330, 740, 1))
        accounts[:2] = (accounts[:2] * scale).astype(int)
        a_year = days * hours * 60
        # As many of grade C as bring the sum where it should be.
        wanted = need + int(rng.integers(1, 8)) + rng.uniform(0.3, 0.7)
        accounts[2] = round((wanted * a_year - (accounts * calls * minutes).sum()) / (calls[2] * minutes[2]))
        sellers = (accounts * calls * minutes).sum() / a_year
        if not (accounts[1] < accounts[2] <= 1400 and 0.25 <= sellers % 1 <= 0.75):
            continue
        # The ways with hints of their own give different whole numbers, and so does an hour a visit.
        hinted = (
            sellers,
            sellers * hours / 8,
            sellers * days / 365,
            accounts.sum() * calls[0] * minutes[0] / a_year,
        )
        whole = {math.floor(sellers), *(math.ceil(one) for one in hinted)}
        an_hour = (accounts * calls).sum() / (days * hours)
        if (
            math.ceil(sellers) != taken
            and len(whole) == 1 + len(hinted)
            and math.ceil(an_hour) != math.ceil(sellers)
        ):
            table = {"grade": list("ABC"), "accounts": accounts, "calls_year": calls, "minutes": minutes}
            return pd.DataFrame(table), days, hours
    raise PlaybookError("no plan of visits is clear", remedy="Use another seed.")


#: From here on a number of months may be written without decimals, for it has two digits then.
_ROUNDED_FROM = 9.4


def _package(rng: np.random.Generator) -> list[tuple]:
    """Terms under which a veteran moves; the usual mistakes give other months."""
    while True:
        once = 5_000 * int(rng.integers(12, 25))
        base, rent = 500 * int(rng.integers(5, 11)), 500 * int(rng.integers(4, 9))
        tilt, margin = 0.01 * int(rng.integers(2, 6)), 0.01 * int(rng.integers(62, 79))
        adds = 1_000 * int(rng.integers(30, 56))
        months = int(rng.choice([12, 15, 18]))
        monthly = base + rent + tilt * adds
        back = once / (margin * adds - monthly)
        found = sorted(
            [
                back,
                float(round(back)),
                1 / back,
                once / (adds - monthly),
                once / (margin * adds),
                once / (margin * adds - base - rent),
                monthly / (margin * adds),
                once / monthly,
                (once + monthly) / (margin * adds),
                once / (margin * (adds - monthly)),
            ]
        )
        if 3.5 <= back <= min(months - 3, _ROUNDED_FROM) and all(b - a > 0.11 for a, b in pairwise(found)):
            break
    margin, tilt = round(margin, 2), round(tilt, 2)
    return [
        ("move_once_cny", "Moving, a month's hotel and a grant, paid once to a veteran", "CNY", once, once - 20_000, once + 20_000),
        ("move_base_cny", "Base pay on top, while the package runs", "CNY a month", base, base - 1_000, base + 1_000),
        ("move_rent_cny", "Rent and journeys home, while the package runs", "CNY a month", rent, rent - 500, rent + 1_000),
        ("move_tilt", "Commission on top of the usual, while the package runs", "share of bookings", tilt, round(tilt - 0.01, 2), round(tilt + 0.02, 2)),
        ("move_months", "How long the package runs; then it ends", "months", months, months - 3, months + 6),
        ("veteran_adds_cny", "What a veteran adds to the bookings of a group", "CNY a month", adds, adds - 10_000, adds + 10_000),
        ("margin", "Gross margin", "share of bookings", margin, round(margin - 0.05, 2), round(margin + 0.05, 2)),
    ]  # fmt: skip


def _options(rng: np.random.Generator, taken: int) -> list[tuple]:
    goal, options = 50_000 * int(rng.integers(12, 25)), 500 * int(rng.integers(8, 25))
    while options == taken:
        options = 500 * int(rng.integers(8, 25))
    return [
        ("option_goal_cny", "Bookings of a year for which a veteran gets all options", "CNY a year", goal, goal - 100_000, goal + 100_000),
        ("options", "Options for reaching that goal", "options", options, options - 1_000, options + 1_000),
    ]  # fmt: skip


def _written(rng: np.random.Generator, records: _Records) -> dict[str, pd.DataFrame]:
    """The records as the case ships them: in the order of hiring, with days instead of months."""
    people = []
    for one in np.lexsort((rng.random(len(records.start)), records.start)):
        month = _FIRST + int(records.start[one])
        left = pd.NaT
        if records.leaves[one]:
            after = _FIRST + int(records.start[one] + records.leaves[one])
            left = pd.Timestamp(after.astype("datetime64[D]") - np.timedelta64(int(rng.integers(1, 8)), "D"))
        hired = pd.Timestamp(month.astype("datetime64[D]") + np.timedelta64(int(rng.integers(0, 5)), "D"))
        beside = bool(records.beside[one])
        group = f"T{int(rng.integers(4, 7) if beside else rng.integers(1, 4))}"
        people.append((one, f"N{len(people) + 1:03d}", group, beside, hired, left))
    sellers = pd.DataFrame(
        [row[1:] for row in people], columns=["rep_id", "group", "veteran_in_group", "hired", "left"]
    )
    months = [
        (rep, str(_FIRST + int(records.start[one]) + service), service + 1, float(booked))
        for one, rep, *_rest in people
        for service, booked in enumerate(records.booked[one])
        if not np.isnan(booked)
    ]
    return {
        "sellers": sellers,
        "seller_months": pd.DataFrame(months, columns=["rep_id", "month", "service_month", "bookings_10k"]),
    }
