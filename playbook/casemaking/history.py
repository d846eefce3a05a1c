"""One history for every account: tried by a seller, won, lost or open, then renewed or left.

All records of a city are cut from it: opportunities here, references in :mod:`references`, what the company has in
the city in :mod:`network`. Tables of chapters to come (sellers by month, visits, cohorts) belong here, too.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.casemaking.calendar import DAY, closing_day
from playbook.casemaking.parameters import (
    ACV,
    ACV_AT_ONE,
    ACV_POWER,
    ACV_SPREAD,
    AGAIN,
    CHANNELS,
    CHURN,
    CYCLE_GRADE,
    CYCLE_LARGE,
    CYCLE_LOG_DAYS,
    CYCLE_SPREAD,
    GRADE_MIX,
    LARGE,
    LOSS_ALONE,
    LOSS_WITH_RIVAL,
    MONTH_END,
    NEED_PULL,
    TODAY,
)
from playbook.casemaking.sections import SectionPlan
from playbook.casemaking.sellers import Roster, seller_days

_GRADES = np.array(["A", "B", "C"], dtype=object)
#: What a deal carries of its account.
_KNOWN = (
    "account_id",
    "section",
    "employees_true",
    "need",
    "export",
    "comp_installed",
    "decision_maker_known",
)
_LEAST_DAYS = 4  # from opening to closing
_PAUSE = 45  # days between a loss and the next try


@dataclass(frozen=True)
class History:
    """What happened between the company and the accounts of one city.

    Attributes:
        people: the sellers.
        deals: one row per try, in the order of ``created``: ``account_id, rep_id, created, closed`` (NaT:
            open), ``status, grade, channel, competitor, amount_cny, stage, loss_reason, cycle_days``, and what
            is known of the account (``section, employees_true, need``).
        customers: one row per account won: ``account_id, since, acv_cny, left`` (NaT: still a customer).
    """

    people: Roster
    deals: pd.DataFrame
    customers: pd.DataFrame


def histories(
    rng,
    people: Roster,
    plans: dict[str, SectionPlan],
    accounts: pd.DataFrame,
    holds: Callable[[pd.DataFrame], bool] = lambda deals: True,
) -> History | None:
    """Live through the plan; None where the outcomes of the deals do not hold what they must.

    Args:
        accounts: the list with its impurities; ``twin`` marks second entries, which nobody sells to, and
            ``employees_true`` holds what some firms did not say.
        holds: asked of the deals once their outcomes are known, before days, money and reasons are.
    """
    deals = _tries(rng, plans, accounts[~accounts["twin"]])
    deals = _when_and_who(rng, people, deals)
    deals = _outcomes(rng, plans, deals)
    if not holds(deals):
        return None
    _closings(rng, people, deals)
    _money_and_reasons(rng, deals)
    deals = deals.sort_values(["created", "account_id"], kind="stable").reset_index(drop=True)
    return History(people, deals, _customers(rng, deals))


def _tries(rng, plans: dict[str, SectionPlan], pool: pd.DataFrame) -> pd.DataFrame:
    """Which accounts are tried, some of them twice, and the seller's grade of each."""
    large = (pool["employees_true"] >= LARGE).to_numpy()
    sections = pool["section"].to_numpy()
    need, known = pool["need"].to_numpy(bool), pool["decision_maker_known"].to_numpy(bool)
    pull = np.where(need, NEED_PULL, 1.0) * np.where(known, 1.3, 1.0)
    tried, grades = [], []
    for section, plan in plans.items():
        here = sections == section
        if plan.large < 0:
            cells = [(here, plan.tried, plan.mix)]
        else:
            big = round(plan.large * plan.tried)
            cells = [
                (here & large, big, GRADE_MIX[True]),
                (here & ~large, plan.tried - big, GRADE_MIX[False]),
            ]
        for rows, wanted, mix in cells:
            rows = np.flatnonzero(rows)
            once = min(len(rows), max(-(-wanted // 2), round(wanted / (1 + AGAIN))))
            chance = pull[rows] / pull[rows].sum()
            first = rng.choice(rows, once, replace=False, p=chance)
            again = first[np.argsort(rng.random(once) / pull[first])[: max(0, wanted - once)]]
            both = np.concatenate([first, again])
            fits = rng.gumbel(0, 1, len(both)) + 0.9 * need[both] + 0.5 * known[both]
            tried.append(both)
            grades.append(_ranked_into(fits, _GRADES, mix))
    deals = pool[list(_KNOWN)].iloc[np.concatenate(tried)].reset_index(drop=True)
    deals["grade"] = np.concatenate(grades)
    deals["large"] = deals["employees_true"] >= LARGE
    deals["last"] = ~deals.duplicated("account_id", keep="last")
    return deals


def _ranked_into(fits: np.ndarray, values: np.ndarray, shares) -> np.ndarray:
    """The best fits get the first value, and so on, in the given shares to the nearest one."""
    edges = np.rint(np.cumsum(shares) * len(fits)).astype(int)
    edges[-1] = len(fits)
    result = np.empty(len(fits), dtype=object)
    result[np.argsort(-fits, kind="stable")] = np.repeat(values, np.diff(edges, prepend=0))
    return result


def _when_and_who(rng, people: Roster, deals: pd.DataFrame) -> pd.DataFrame:
    """A seller and a day for each try; of two tries at one account the second comes well after the first."""
    seller, day = seller_days(rng, people, len(deals))
    deals["seller"], deals["created"] = seller, day
    spread = CYCLE_SPREAD * rng.normal(0, 1, len(deals))
    grade = deals["grade"].map({"A": 0, "B": 1, "C": 2}).to_numpy()
    usual = CYCLE_LOG_DAYS + CYCLE_LARGE * deals["large"].to_numpy() + CYCLE_GRADE * grade
    deals["days"] = np.clip(np.rint(np.exp(usual + spread)), _LEAST_DAYS + 1, 300).astype(int)
    twice = deals.loc[deals["account_id"].duplicated(keep=False)].sort_values(["account_id", "created"])
    first, second = twice.index[::2], twice.index[1::2]
    deals.loc[first, "last"], deals.loc[second, "last"] = False, True
    gap = (deals.loc[second, "created"].to_numpy() - deals.loc[first, "created"].to_numpy()) / DAY
    room = gap - _PAUSE - 31
    close = room < _LEAST_DAYS + 8
    deals.loc[first, "days"] = np.minimum(
        deals.loc[first, "days"].to_numpy(), np.maximum(room, _LEAST_DAYS + 8)
    ).astype(int)
    gone = second[close]  # too soon for another try: it did not happen
    deals.loc[first[close], "last"] = True
    return deals.drop(index=gone).reset_index(drop=True)


def _outcomes(rng, plans: dict[str, SectionPlan], deals: pd.DataFrame) -> pd.DataFrame:
    """Open where the time has not come; won by quota within section and grade; the rest is lost.

    Who wins within a cell: firms in need above all, exporters, those without a rival, and those that had heard
    a customer speak.
    """
    count = len(deals)
    wanted = deals["created"].to_numpy().astype("datetime64[D]") + deals["days"].to_numpy() * DAY
    is_open = (wanted > TODAY) & deals["last"].to_numpy()
    rivals = deals["comp_installed"].fillna("none").to_numpy(dtype=object)
    elsewhere = rng.choice(np.array(["K1", "K2", "K3"], dtype=object), count)
    deals["competitor"] = np.where((rng.random(count) < 0.15) & (rivals == "none"), elsewhere, rivals)
    likely = (
        3.2 * deals["need"]
        + 0.4 * deals["export"]
        - 0.7 * (deals["competitor"] != "none")
        + 0.4 * deals["decision_maker_known"]
        - 0.25 * (np.log10(deals["employees_true"].astype(float)) - 1)
        + rng.gumbel(0, 1, count)
    ).to_numpy()
    status = np.where(is_open, "open", "lost").astype(object)
    able = deals["last"].to_numpy() & ~is_open
    for (section, grade), rows in deals.groupby(["section", "grade"]).indices.items():
        closed = rows[~is_open[rows]]
        quota = round(plans[section].wins[grade] * len(closed))
        rows = rows[able[rows]]
        status[rows[np.argsort(-likely[rows], kind="stable")[:quota]]] = "won"
    deals["status"], deals["wanted"] = status, np.minimum(wanted, TODAY)
    return deals


def _closings(rng, people: Roster, deals: pd.DataFrame) -> None:
    """Closing days on the calendar, and who had the deal then: whoever leaves hands over within the team."""
    created = deals["created"].to_numpy().astype("datetime64[D]")
    is_open = (deals["status"] == "open").to_numpy()
    last_five = np.where(deals["status"] == "won", MONTH_END["won"], MONTH_END["lost"])
    closed = np.full(len(deals), np.datetime64("NaT", "D"))
    rows = np.flatnonzero(~is_open)
    wanted = deals["wanted"].to_numpy().astype("datetime64[D]")
    closed[rows] = closing_day(
        rng,
        wanted[rows],
        np.minimum(created + _LEAST_DAYS * DAY, wanted)[rows],
        last_five[rows],
    )
    closed = np.minimum(closed, TODAY)
    deals["closed"] = closed
    cycle = pd.array(((closed - created) / DAY), dtype="Float64")
    deals["cycle_days"] = cycle.astype("Int64")
    deals["cycle_days"] = deals["cycle_days"].mask(is_open)
    until = np.where(is_open, TODAY, closed)
    sellers = people.sellers
    hired = sellers["hired"].to_numpy().astype("datetime64[D]")
    left = sellers["left"].fillna(pd.Timestamp("2099-01-01")).to_numpy().astype("datetime64[D]")
    team = sellers["team"].to_numpy()
    holder = deals["seller"].to_numpy().copy()
    for row in np.flatnonzero(left[holder] < until):
        there = np.flatnonzero((hired <= until[row]) & (left >= until[row]))
        mates = there[team[there] == team[holder[row]]]
        holder[row] = rng.choice(mates if len(mates) else there)
    deals["rep_id"] = sellers["rep_id"].to_numpy()[holder]


def _money_and_reasons(rng, deals: pd.DataFrame) -> None:
    count = len(deals)
    deals["amount_cny"] = contract_values(rng, deals["employees_true"].to_numpy(float))
    deals["channel"] = rng.choice(np.array(CHANNELS[0], dtype=object), count, p=CHANNELS[1])
    age = (TODAY - deals["created"].to_numpy().astype("datetime64[D]")) / DAY
    reach = np.where(deals["status"] == "open", np.clip(age / deals["days"], 0.05, 1.2), rng.random(count))
    early = 1 + np.searchsorted([0.30, 0.60, 0.88], reach * rng.uniform(0.7, 1.15, count))
    deals["stage"] = np.where(deals["status"] == "won", "S5", np.char.add("S", early.astype(str)))
    faced = rng.choice(np.array(LOSS_WITH_RIVAL[0], dtype=object), count, p=LOSS_WITH_RIVAL[1])
    alone = rng.choice(np.array(LOSS_ALONE[0], dtype=object), count, p=LOSS_ALONE[1])
    # Whoever has no need does not decide; he does not buy from somebody else.
    alone = np.where(~deals["need"] & (rng.random(count) < 0.3), "no_decision", alone)
    reason = np.where(deals["competitor"] == "none", alone, faced)
    deals["loss_reason"] = np.where(deals["status"] == "lost", reason, None)


def contract_values(rng, employees: np.ndarray) -> np.ndarray:
    """Annual contract values in hundreds of CNY: more for more people, drawn again outside the price list."""
    values = np.zeros(len(employees))
    typical = np.clip(ACV_AT_ONE * np.maximum(employees, 2) ** ACV_POWER, ACV[0] * 1.25, ACV[1] * 0.6)
    left = np.arange(len(employees))
    while len(left):
        drawn = typical[left] * rng.lognormal(0, ACV_SPREAD, len(left))
        values[left] = np.rint(drawn / 100) * 100
        left = left[(values[left] <= ACV[0]) | (values[left] >= ACV[1])]
    return values


def _customers(rng, deals: pd.DataFrame) -> pd.DataFrame:
    """Who signed, and who did not renew at the end of a contract year."""
    won = deals[deals["status"] == "won"].sort_values(["closed", "account_id"], kind="stable")
    since = won["closed"].to_numpy().astype("datetime64[D]")
    years = rng.geometric(CHURN, len(won))
    left = since + years * 365 * DAY
    return pd.DataFrame(
        {
            "account_id": won["account_id"].to_numpy(),
            "since": since,
            "acv_cny": won["amount_cny"].to_numpy(),
            "left": np.where(left > TODAY, np.datetime64("NaT", "D"), left),
        }
    )


def opportunities(history: History) -> pd.DataFrame:
    """The table ``opportunities``, in the order in which they were opened."""
    table = history.deals.copy()
    table.insert(0, "opportunity_id", [f"O{number:05d}" for number in range(1, len(table) + 1)])
    return table
