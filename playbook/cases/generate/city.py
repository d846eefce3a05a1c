"""All records of one city, drawn again until they hold what the chapters need."""

from dataclasses import dataclass

import pandas as pd

from playbook.cases.case import NATION
from playbook.cases.generate.accounts import clean_accounts
from playbook.cases.generate.guarantee import (
    benchmarks_hold,
    entry_holds,
    groups_hold,
    profile_holds,
    references_hold,
)
from playbook.cases.generate.history import History, histories, opportunities
from playbook.cases.generate.home import customers_home
from playbook.cases.generate.impurities import soil_accounts, soil_opportunities
from playbook.cases.generate.network import Office, counted, densities, office
from playbook.cases.generate.parameters import LARGE, OPENED_A_MONTH, OPPORTUNITIES
from playbook.cases.generate.public import resampled
from playbook.cases.generate.references import references
from playbook.cases.generate.sections import entry_sections, plan_sections, sections_of
from playbook.cases.generate.seeds import COURSE_SEED, Seed, shipped_seed, stream
from playbook.cases.generate.sellers import Roster, months_of_work, roster, teams_for
from playbook.cases.generate.truths import Truths, truths_of
from playbook.errors import PlaybookError

_MOST_LISTS, _MOST_HISTORIES = 60, 4
_NO_PLAN: tuple = ()
#: Shipped cities whose public figures leave one shortcut of the decision of chapter 3 open: in Nanjing the only
#: section that is too small has too few firms, in Zibo manufacturing has the highest quotient.
LENIENT = ("320100", "370300")
#: The draw of a shipped case that holds; the draws before it do not, so that nobody need try them again.
FIRST_DRAW: dict[str, tuple[int, int]] = {
    "330700": (0, 0),
    "320400": (8, 1),
    "210200": (6, 1),
    "440600": (4, 0),
    "520100": (9, 3),
    "330400": (46, 0),
    "510700": (10, 1),
    "320100": (24, 3),
    "350500": (35, 0),
    "320200": (17, 2),
    "350200": (3, 2),
    "420600": (19, 0),
    "370300": (2, 2),
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
    adcode: str, seed: Seed, real: dict[str, pd.DataFrame], resample_public: bool
) -> CityRecords:
    """Draw a city's records.

    Raises:
        PlaybookError: no draw holds; the seed is no good for this city.
    """
    shipped = str(seed) == str(shipped_seed(adcode)) and not resample_public
    first, first_again = FIRST_DRAW.get(adcode, (0, 0)) if shipped else (0, 0)
    strict = resample_public or not (shipped and adcode in LENIENT)
    for attempt in range(first, first + _MOST_LISTS):
        draw = f" {attempt}" if attempt else ""
        public = resampled(stream(seed, "public" + draw), adcode, real) if resample_public else real
        table = sections_of(city_workers(public, adcode))
        truths = truths_of(adcode, seed, resample_public, entry_sections(table), draw)
        accounts = soil_accounts(
            stream(seed, "impurities of accounts" + draw),
            clean_accounts(stream(seed, "accounts" + draw), truths, public, adcode),
        )
        if not (profile_holds(truths, accounts) and groups_hold(accounts)):
            continue
        home_seed = seed if resample_public else COURSE_SEED
        home = customers_home(stream(home_seed, "customers"), truths, public["city_workers"])
        for again in range(first_again if attempt == first else 0, _MOST_HISTORIES):
            found = _live(seed, f"{draw}.{again}", truths, table, accounts, home, public, adcode, strict)
            if found is _NO_PLAN:
                break
            if found:
                return CityRecords(truths, public, home, *found, draw=(attempt, again))
    raise PlaybookError(
        f"no draw of {_MOST_LISTS} holds what the chapters need",
        where=f"the case {adcode}",
        remedy="Use another seed.",
    )


def _live(seed: Seed, draw: str, truths: Truths, table, accounts, home, public, adcode, strict: bool):
    """One history and the tables cut from it, or None where a shortcut would give an answer."""
    plan = office(stream(seed, "office" + draw), truths)
    people = _staff(stream(seed, "sellers" + draw), plan)
    total = int(min(max(months_of_work(people) * OPENED_A_MONTH, OPPORTUNITIES[0]), OPPORTUNITIES[1]))
    once = accounts[~accounts["twin"]]
    pool = pd.DataFrame(
        {
            "accounts": once.groupby("section").size(),
            "large": once[once["employees_true"] >= LARGE].groupby("section").size(),
        }
    ).fillna(0)
    plans = plan_sections(stream(seed, "plan" + draw), truths, table, pool, total, strict)
    if plans is None:
        return _NO_PLAN
    history = histories(stream(seed, "history" + draw), people, plans, accounts)
    workers = city_workers(public, adcode)
    if not entry_holds(truths, accounts, history.deals, workers, strict):
        return None
    signed = accounts.loc[accounts["account_id"].isin(history.customers["account_id"]), "firm"]
    accounts = accounts.assign(customer=accounts["firm"].isin(signed))
    if not benchmarks_hold(accounts, home):
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
