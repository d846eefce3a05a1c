"""All records of one city, drawn again until they hold what the chapters need."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from playbook.casemaking.accounts import clean_accounts, expected_pool
from playbook.casemaking.guarantee import (
    benchmarks_hold,
    entry_holds,
    floors_hold,
    gaps_hold,
    groups_hold,
    profile_holds,
    references_hold,
)
from playbook.casemaking.history import History, histories, opportunities
from playbook.casemaking.home import customers_home
from playbook.casemaking.impurities import soil_accounts, soil_opportunities
from playbook.casemaking.network import Office, counted, densities, office
from playbook.casemaking.parameters import LARGE, OPENED_FOR_EACH
from playbook.casemaking.public import resampled
from playbook.casemaking.references import references
from playbook.casemaking.sections import entry_sections, plan_sections, sections_of, too_small
from playbook.casemaking.seeds import COURSE_SEED, Seed, shipped_seed, stream
from playbook.casemaking.sellers import Roster, months_of_work, roster, teams_for
from playbook.casemaking.truths import Truths, truths_of
from playbook.cases.case import NATION
from playbook.errors import PlaybookError

_MOST_LISTS, _LISTS_A_GROUND, _MOST_HISTORIES = 400, 6, 10
_MOST_GROUNDS, _DEALS = 60, 5
_FULL_WORK = 260  # months of an experienced seller from which no more is opened
_WINS_IN_NEED = 0.56  # most wins come from firms that said they need the product
_NO_PLAN: tuple = ()
#: The draw of a shipped case that holds and that a head of sales believes: `python -m playbook.casemaking.search`
#: finds it. The draws before it do not, so that nobody need try them again.
FIRST_DRAW: dict[str, tuple[int, int]] = {
    "330700": (1, 9),
    "320400": (37, 1),
    "210200": (1, 0),
    "440600": (2, 8),
    "520100": (36, 8),
    "330400": (10, 2),
    "510700": (7, 0),
    "320100": (6, 3),
    "350500": (0, 8),
    "320200": (4, 8),
    "350200": (57, 1),
    "420600": (0, 5),
    "370300": (0, 7),
}


@dataclass(frozen=True)
class CityRecords:
    """What was drawn for a city.

    Attributes:
        truths: what was planted.
        public: the public figures, by table.
        home: the home customers.
        history: what happened between the company and the accounts, sellers included.
        tables: the case's own tables: accounts, opportunities, references, densities.
        draw: the list and the history on it that held, counted from 0.
    """

    truths: Truths
    public: dict[str, pd.DataFrame]
    home: pd.DataFrame
    history: History
    tables: dict[str, pd.DataFrame]
    draw: tuple[int, int]


def city_records(
    adcode: str,
    seed: Seed,
    real: dict[str, pd.DataFrame],
    resample_public: bool,
    accept: Callable[["CityRecords"], bool] = lambda records: True,
) -> CityRecords:
    """Draw a city's records.

    Args:
        accept: asked of a draw that holds what the chapters need; the search for shipped cases asks more of it.

    Raises:
        PlaybookError: no draw holds; the seed is no good for this city.
    """
    shipped = str(seed) == str(shipped_seed(adcode)) and not resample_public
    first, first_again = FIRST_DRAW.get(adcode, (0, 0)) if shipped else (0, 0)
    most = _MOST_LISTS if shipped else _LISTS_A_GROUND
    for ground in _grounds(adcode, seed, real, resample_public, shipped):
        home_seed = seed if resample_public else COURSE_SEED
        home = customers_home(stream(home_seed, "customers"), ground.truths, ground.public["city_workers"])
        for attempt in range(first, most):
            draw = f"{ground.draw} {attempt}"
            accounts = soil_accounts(
                stream(seed, "impurities of accounts" + draw),
                clean_accounts(stream(seed, "accounts" + draw), ground.truths, ground.public, adcode),
            )
            on_list = (profile_holds, gaps_hold, groups_hold)
            if not all(holds(ground.truths, accounts) for holds in on_list):
                continue
            for again in range(first_again if attempt == first else 0, _MOST_HISTORIES):
                found = _live(seed, f"{draw}.{again}", ground, accounts, home, adcode)
                if found is _NO_PLAN:
                    break
                if found:
                    records = CityRecords(ground.truths, ground.public, home, *found, draw=(attempt, again))
                    if accept(records):
                        return records
    raise PlaybookError(
        "no draw holds what the chapters need",
        where=f"the case {adcode}",
        remedy="Use another seed.",
    )


@dataclass(frozen=True)
class _Ground:
    """What a city's records are drawn on: public figures, their sections, and what is planted."""

    public: dict[str, pd.DataFrame]
    table: pd.DataFrame
    truths: Truths
    draw: str
    strict: bool


def _grounds(adcode: str, seed: Seed, real, resample_public: bool, shipped: bool) -> Iterator[_Ground]:
    """What a shipped case stands on; or, for another one, deals that can be had at all on its public figures.

    An unseen case has resampled public figures, a case from a seed of one's own the published ones.
    """
    if shipped:
        table = sections_of(city_workers(real, adcode))
        strict = too_small(table, expected_pool(real, adcode))
        yield _Ground(real, table, truths_of(adcode, seed), "", strict)
        return
    for number in range(_MOST_GROUNDS):
        public = resampled(stream(seed, f"public {number}"), adcode, real) if resample_public else real
        workers = city_workers(public, adcode)
        if resample_public and not floors_hold(workers):
            continue
        table = sections_of(workers)
        pool = expected_pool(public, adcode)
        for deal in range(_DEALS):
            draw = f" {number}.{deal}"
            truths = truths_of(adcode, seed, resample_public, entry_sections(table), draw)
            total = round(sum(OPENED_FOR_EACH) / 2 * pool["accounts"].sum())
            strict = resample_public or too_small(table, pool)
            if plan_sections(stream(seed, "could be" + draw), truths, table, pool, total, strict):
                yield _Ground(public, table, truths, draw, strict)
                break


def _live(seed: Seed, draw: str, ground: _Ground, accounts, home, adcode: str):
    """One history and the tables cut from it, or None where a shortcut would give an answer."""
    truths, public, table = ground.truths, ground.public, ground.table
    plan = office(stream(seed, "office" + draw), truths)
    people = _staff(stream(seed, "sellers" + draw), plan)
    work = min(1.0, months_of_work(people) / _FULL_WORK)
    share = OPENED_FOR_EACH[0] + (OPENED_FOR_EACH[1] - OPENED_FOR_EACH[0]) * work
    total = round(share * len(accounts))
    once = accounts[~accounts["twin"]]
    pool = pd.DataFrame(
        {
            "accounts": once.groupby("section").size(),
            "large": once[once["employees_true"] >= LARGE].groupby("section").size(),
        }
    ).fillna(0)
    plans = plan_sections(stream(seed, "plan" + draw), truths, table, pool, total, ground.strict)
    if plans is None:
        return _NO_PLAN
    workers = city_workers(public, adcode)

    def holds(deals: pd.DataFrame) -> bool:
        in_need = deals.loc[deals["status"] == "won", "need"].mean()
        return in_need >= _WINS_IN_NEED and entry_holds(truths, accounts, deals, workers, ground.strict)

    history = histories(stream(seed, "history" + draw), people, plans, accounts, holds)
    if history is None:
        return None
    signed = accounts.loc[accounts["account_id"].isin(history.customers["account_id"]), "firm"]
    accounts = accounts.assign(customer=accounts["firm"].isin(signed))
    if not benchmarks_hold(truths, accounts, home):
        return None
    spoken = references(stream(seed, "references" + draw), accounts, history)
    if not references_hold(spoken):
        return None
    own = counted(history, accounts, plan)
    tables = {
        "accounts": accounts,
        "opportunities": soil_opportunities(stream(seed, "impurities" + draw), opportunities(history)),
        "references": spoken,
        "densities": densities(stream(seed, "densities" + draw), truths, public["cities"], adcode, plan, own),
    }
    return history, tables


def _staff(rng, plan: Office) -> Roster:
    return roster(rng, plan.payroll, teams_for(plan.payroll, plan.managers_ready))


def city_workers(public: dict[str, pd.DataFrame], adcode: str) -> pd.DataFrame:
    """``section, city_workers, nation_workers``, as a case gives them."""
    wide = public["city_workers"].pivot(index="section", columns="adcode", values="workers_thousand")
    frame = wide[[adcode, NATION]].reset_index()
    frame.columns = pd.Index(["section", "city_workers", "nation_workers"])
    return frame
