"""Who spoke for the company to whom: every talk that converted has its deal, signed after the talk."""

import numpy as np
import pandas as pd

from playbook.casemaking.calendar import DAY, working_days
from playbook.casemaking.history import History, contract_values
from playbook.casemaking.parameters import HEARD, LIFE_YEARS, MARGIN, TALKS_A_WIN, TODAY

_OFFICE = 30  # days after signing before anybody speaks


def references(rng, accounts: pd.DataFrame, history: History) -> pd.DataFrame:
    """The table ``references``; deals that followed a talk get the channel ``referral`` in ``history.deals``.

    The best speakers are like their listeners, not large: influence follows likeness of section and size, and
    how often somebody speaks follows nothing.
    """
    people = accounts[~accounts["twin"]].set_index("account_id")
    customers = history.customers
    eager = rng.lognormal(0, 0.9, len(customers)) * (rng.random(len(customers)) < 0.55)
    talks = [*_heard(rng, people, history, eager), *_in_vain(rng, people, history, eager)]
    frame = pd.DataFrame(talks, columns=["referrer_id", "prospect_id", "date", "closed"])
    frame["converted"] = frame["closed"].notna()
    _influence(rng, people, frame)
    deals = history.deals
    deals.loc[
        deals["account_id"].isin(frame.loc[frame["converted"], "prospect_id"]) & (deals["status"] == "won"),
        "channel",
    ] = "referral"
    _worth(rng, people, history, frame)
    frame = frame.sort_values(["date", "referrer_id", "prospect_id"], kind="stable").reset_index(drop=True)
    frame.insert(0, "reference_id", [f"F{number:05d}" for number in range(1, len(frame) + 1)])
    return frame


def _speakers(history: History, day: np.datetime64, eager: np.ndarray) -> np.ndarray:
    """How eagerly each customer would speak on a day; 0 before it settled in and after it left."""
    since = history.customers["since"].to_numpy().astype("datetime64[D]")
    left = history.customers["left"].to_numpy().astype("datetime64[D]")
    return eager * (since + _OFFICE * DAY <= day) * (np.isnat(left) | (left > day))


def _heard(rng, people: pd.DataFrame, history: History, eager: np.ndarray):
    """Talks with accounts that signed later: one speaker, sometimes two."""
    ids = history.customers["account_id"].to_numpy()
    section = people["section"].loc[ids].to_numpy()
    since = history.customers["since"].to_numpy().astype("datetime64[D]")
    begin = since.min() + _OFFICE * DAY
    for row, signed in enumerate(since):
        last = signed - 8 * DAY
        if last <= begin or rng.random() >= HEARD:
            continue
        for _ in range(1 + (rng.random() < 0.2)):
            back = int(min(8 + rng.gamma(1.6, 95), (signed - begin) / DAY))
            day = _working(signed - back * DAY)
            chance = _speakers(history, day, eager) * np.where(section == section[row], 4.0, 1.0)
            chance[row] = 0
            if chance.sum():
                yield ids[rng.choice(len(ids), p=chance / chance.sum())], ids[row], day, signed


def _in_vain(rng, people: pd.DataFrame, history: History, eager: np.ndarray):
    """Talks with accounts that have not signed."""
    ids = history.customers["account_id"].to_numpy()
    section = people["section"].loc[ids].to_numpy()
    others = people.drop(index=ids)
    pull = np.where(others["need"], 3.0, 1.0)
    by_section = {
        letter: np.flatnonzero(others["section"] == letter) for letter in pd.unique(others["section"])
    }
    days = working_days(history.people.opened, TODAY - 5 * DAY)
    for _ in range(round(TALKS_A_WIN * HEARD * 1.2 * len(ids))):
        day = days[int(len(days) * rng.beta(1.8, 1.0))]
        chance = _speakers(history, day, eager)
        if not chance.sum():
            continue
        speaker = rng.choice(len(ids), p=chance / chance.sum())
        rows = (
            by_section.get(section[speaker], np.arange(0)) if rng.random() < 0.6 else np.arange(len(others))
        )
        if len(rows):
            listener = rng.choice(rows, p=pull[rows] / pull[rows].sum())
            yield ids[speaker], others.index[listener], day, np.datetime64("NaT", "D")


def _working(day: np.datetime64) -> np.datetime64:
    return working_days(day - 14 * DAY, day)[-1]


def _influence(rng, people: pd.DataFrame, frame: pd.DataFrame) -> None:
    first, second = people.loc[frame["referrer_id"]], people.loc[frame["prospect_id"]]
    same = first["section"].to_numpy() == second["section"].to_numpy()
    sizes = [np.log10(part["employees_true"].to_numpy(float)) for part in (first, second)]
    like = 0.35 * same + 0.35 * np.exp(-np.abs(sizes[0] - sizes[1]))
    lift = np.where(frame["converted"], 1.15, 0.8)
    influence = np.clip(like * lift * rng.uniform(0.6, 1.4, len(frame)), 0.02, 0.95)
    shared = frame["converted"] & frame.duplicated("prospect_id", keep=False)
    frame["influence"] = np.where(shared, influence / 2, influence).round(2)  # two spoke: together at most 1


def _worth(rng, people: pd.DataFrame, history: History, frame: pd.DataFrame) -> None:
    """Years to the contract and lifetime value; a guess where nobody has signed."""
    signed = history.customers.set_index("account_id")["acv_cny"]
    size = people.loc[frame["prospect_id"], "employees_true"].to_numpy(float)
    acv = np.where(frame["converted"], frame["prospect_id"].map(signed), contract_values(rng, size))
    frame["clv_cny"] = np.rint(acv * MARGIN * LIFE_YEARS / 100) * 100
    waited = (frame["closed"].to_numpy() - frame["date"].to_numpy()) / np.timedelta64(1, "D") / 365.25
    guess = np.clip(rng.gamma(2.0, 0.3, len(frame)), 0.1, 3)
    frame["years_to_convert"] = np.where(frame["converted"], np.maximum(waited, 0.01), guess).round(2)
