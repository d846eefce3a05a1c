"""What a head of sales would ask of a case's records, answered from the files alone.

``python -m playbook.casemaking.believable jinhua nanjing`` prints the answers side by side.
"""

import sys

import pandas as pd

from playbook.casemaking.calendar import SPRING, working_days
from playbook.cases.case import Case, load_case

END = pd.Timestamp("2025-06-30")
#: Question -> the range in which a head of sales would believe the answer. Shares are fractions.
RANGES: dict[str, tuple[float, float]] = {
    # who sells
    "sellers on the payroll who hold or closed a deal this quarter, over the payroll": (0.75, 1.10),
    "sellers who ever had a deal, over the payroll": (0.85, 2.6),
    "deals a month of the busiest tenth over the average, among sellers of half a year and more": (1.2, 2.5),
    "deals a month of sellers in month 1-3 over those in month 10 and later": (0.10, 0.60),
    # when
    "share of days on which deals open or close that are no working days": (0.0, 0.0),
    "share of won deals signed in the last five working days of a month": (0.38, 0.52),
    "deals opened a day around Spring Festival over those on other days": (0.15, 0.60),
    "deals of the last half year over those of the half year before": (0.8, 2.0),
    # to whom
    "share of wins from firms that said they need it": (0.55, 0.95),
    "win rate with need over win rate without": (2.0, 8.0),
    "win rate of exporters over the others": (0.7, 2.5),
    "win rate against an installed rival over the others": (0.3, 0.9),
    "accounts that signed, over accounts in need": (0.3, 0.8),
    # how fast, how much
    "median days from opening to signing": (20, 60),
    "median days of large firms over small ones": (1.1, 2.0),
    "win rate over decided deals": (0.15, 0.35),
    "share of deals still open": (0.04, 0.20),
    "correlation of contract value and people (ranks)": (0.40, 0.85),
    "share of contract values at an end of the price list": (0.0, 0.02),
    "wins a month of an experienced seller, about": (0.5, 3.0),
    # what comes back
    "share of references that converted": (0.20, 0.45),
    "converted references without a deal won after them by the end": (0.0, 0.0),
    "referrers who had not signed when they spoke": (0.0, 0.0),
    "share of wins that heard a customer speak": (0.25, 0.70),
    "home customers lost in 2024, over those of the year's start": (0.20, 0.30),
    "home customers lost in 2022, over those of the year's start": (0.20, 0.30),
    # what is lost, and why
    "deals opened or lost at an account after it had signed": (0, 0),
    "share of losses to nobody's decision": (0.35, 0.60),
    "share of losses to a competitor where none was met": (0.0, 0.0),
    "second tries that began before the first was closed": (0, 0),
    # who is on the list
    "median people of a firm": (6, 12),
    "share of firms with 300 people or more": (0.003, 0.03),
    "people of the largest firm": (400, 6_000),
    "revenue a head in trade over that in catering and hotels": (3.0, 9.0),
    "share of exporters in manufacturing": (0.15, 0.45),
    "share of exporters in catering and hotels": (0.0, 0.05),
    "names in Chinese that two firms share": (0, 0),
}  # fmt: skip


def answers(case: Case) -> pd.Series:
    """The answers for one case, in the order of :data:`RANGES`."""
    found = {**_who(case), **_when(case), **_whom(case), **_money(case), **_back(case), **_lost(case)}
    found |= _list(case)
    return pd.Series({question: float(found[question]) for question in RANGES}, name=case.city)


def _deals(case: Case) -> pd.DataFrame:
    """Opportunities without the typing errors of the year, with what is known of the account."""
    deals = case.opportunities
    late = deals["created"] > END
    deals.loc[late, "created"] = deals.loc[late, "created"] - pd.Timedelta(days=3652)
    known = ["account_id", "need", "employees", "section", "export"]
    deals = deals.merge(case.accounts[known], on="account_id")
    return deals.assign(won=deals["status"] == "won", decided=deals["status"] != "open")


def _own(case: Case) -> pd.Series:
    return case.densities.set_index("adcode").loc[case.adcode]


def _who(case: Case) -> dict[str, float]:
    deals, payroll = _deals(case), _own(case)["reps"]
    now = deals[(deals["status"] == "open") | (deals["closed"] > END - pd.Timedelta(days=91))]
    counts = deals["rep_id"].value_counts()
    first = deals.groupby("rep_id")["created"].transform("min")
    age = (deals["created"] - first).dt.days // 30
    last = (END - deals.groupby("rep_id")["created"].min()).dt.days // 30
    final = deals.groupby("rep_id")["created"].max()
    span = ((final - deals.groupby("rep_id")["created"].min()).dt.days // 30).clip(upper=last)
    young = (age <= 2).sum() / (span.clip(upper=2) + 1).sum()
    old = (age >= 9).sum() / max((span - 8).clip(lower=0).sum(), 1)
    stayed = span[span >= 6]
    pace = (counts.reindex(stayed.index) / (stayed + 1)).sort_values(ascending=False)
    tenth = pace.head(max(1, len(pace) // 10)).mean()
    return {
        "sellers on the payroll who hold or closed a deal this quarter, over the payroll": now[
            "rep_id"
        ].nunique()
        / payroll,
        "sellers who ever had a deal, over the payroll": counts.size / payroll,
        "deals a month of the busiest tenth over the average, among sellers of half a year and more": tenth
        / pace.mean(),
        "deals a month of sellers in month 1-3 over those in month 10 and later": young / old,
    }


def _when(case: Case) -> dict[str, float]:
    deals = _deals(case)
    first = deals["created"].min().to_datetime64().astype("datetime64[D]")
    days = pd.DatetimeIndex(working_days(first, END.to_datetime64().astype("datetime64[D]")))
    acts = pd.concat([deals["created"], deals["closed"].dropna()])
    closing = days.to_series().groupby(days.to_period("M")).apply(lambda month: list(month.iloc[-5:]))
    ends = {day for month in closing for day in month}
    near = pd.Series(False, index=days)
    for start in pd.DatetimeIndex(SPRING):
        near |= (days >= start - pd.Timedelta(days=14)) & (days < start + pd.Timedelta(days=15))
    opened = deals["created"].value_counts().reindex(days, fill_value=0)
    before = near & (days >= days[0] + pd.Timedelta(days=240))
    around = opened.rolling(120, center=True, min_periods=30).mean()[before].mean()
    half = pd.Timedelta(days=182)
    return {
        "share of days on which deals open or close that are no working days": (~acts.isin(days)).mean(),
        "share of won deals signed in the last five working days of a month": deals.loc[
            deals["won"], "closed"
        ]
        .isin(ends)
        .mean(),
        "deals opened a day around Spring Festival over those on other days": opened[before].mean() / around,
        "deals of the last half year over those of the half year before": (
            deals["created"] > END - half
        ).sum()
        / ((deals["created"] <= END - half) & (deals["created"] > END - 2 * half)).sum(),
    }


def _whom(case: Case) -> dict[str, float]:
    deals = _deals(case)
    done = deals[deals["decided"]]
    by_need, by_export = (done.groupby(name)["won"].mean() for name in ("need", "export"))
    rival = done.groupby(done["competitor"] != "none")["won"].mean()
    firms = case.accounts.drop_duplicates(["district", "division", "founded", "revenue_10k"])
    return {
        "share of wins from firms that said they need it": done.loc[done["won"], "need"].mean(),
        "win rate with need over win rate without": by_need[True] / by_need[False],
        "win rate of exporters over the others": by_export[True] / by_export[False],
        "win rate against an installed rival over the others": rival[True] / rival[False],
        "accounts that signed, over accounts in need": firms["customer"].sum() / firms["need"].sum(),
    }


def _money(case: Case) -> dict[str, float]:
    deals = _deals(case)
    won = deals[deals["won"]]
    large = won["employees"].fillna(0) >= 20
    amounts, own = deals["amount_cny"], _own(case)
    year = won[won["closed"] > END - pd.Timedelta(days=91)]
    return {
        "median days from opening to signing": won["cycle_days"].median(),
        "median days of large firms over small ones": won.loc[large, "cycle_days"].median()
        / won.loc[~large, "cycle_days"].median(),
        "win rate over decided deals": deals["won"].sum() / deals["decided"].sum(),
        "share of deals still open": (deals["status"] == "open").mean(),
        "correlation of contract value and people (ranks)": amounts.rank().corr(
            deals["employees"].astype(float).rank()
        ),
        "share of contract values at an end of the price list": amounts.isin([6_000, 60_000]).mean(),
        "wins a month of an experienced seller, about": len(year) / 3 / own["rep_equivalents"],
    }


def _back(case: Case) -> dict[str, float]:
    deals, spoken, home = _deals(case), case.references, case.customers_home
    signed = deals[deals["won"]].groupby("account_id")["closed"].min()
    converted = spoken[spoken["converted"]]
    later = converted["prospect_id"].map(signed)
    since = spoken["referrer_id"].map(signed)
    churn = {}
    for year in (2022, 2024):
        start, end = pd.Timestamp(f"{year - 1}-12-31"), pd.Timestamp(f"{year}-12-31")
        there = (home["start"] <= start) & ~(home["churn_date"] <= start)
        churn[year] = (there & (home["churn_date"] <= end)).sum() / there.sum()
    return {
        "share of references that converted": spoken["converted"].mean(),
        "converted references without a deal won after them by the end": (
            ~(later > converted["date"])
        ).mean(),
        "referrers who had not signed when they spoke": (~(since < spoken["date"])).mean(),
        "share of wins that heard a customer speak": signed.index.isin(converted["prospect_id"]).mean(),
        "home customers lost in 2024, over those of the year's start": churn[2024],
        "home customers lost in 2022, over those of the year's start": churn[2022],
    }


def _lost(case: Case) -> dict[str, float]:
    deals = _deals(case)
    signed = deals["account_id"].map(deals[deals["won"]].groupby("account_id")["closed"].min())
    lost = deals[deals["status"] == "lost"]
    ordered = deals.sort_values(["account_id", "created"])
    before = ordered.groupby("account_id")["closed"].shift()
    again = ordered["account_id"].duplicated()
    return {
        "deals opened or lost at an account after it had signed": (
            (deals["created"] > signed) | ((deals["status"] != "won") & (deals["closed"] > signed))
        ).sum(),
        "share of losses to nobody's decision": (lost["loss_reason"] == "no_decision").mean(),
        "share of losses to a competitor where none was met": (
            (lost["loss_reason"] == "competitor") & (lost["competitor"] == "none")
        ).mean(),
        "second tries that began before the first was closed": (again & ~(ordered["created"] > before)).sum(),
    }


def _list(case: Case) -> dict[str, float]:
    firms = case.accounts.drop_duplicates(["district", "division", "founded", "revenue_10k"])
    head = (firms["revenue_10k"] / firms["employees"].astype(float)).groupby(firms["section"]).median()
    export = firms.groupby("section")["export"].mean()
    return {
        "median people of a firm": firms["employees"].median(),
        "share of firms with 300 people or more": (firms["employees"] >= 300).mean(),
        "people of the largest firm": firms["employees"].max(),
        "revenue a head in trade over that in catering and hotels": head["F"] / head["H"],
        "share of exporters in manufacturing": export["C"],
        "share of exporters in catering and hotels": export["H"],
        "names in Chinese that two firms share": firms["name_zh"].duplicated().sum(),
    }


def doubtful(case: Case) -> list[str]:
    """The questions whose answer a head of sales would not believe."""
    told = answers(case)
    return [name for name, (low, high) in RANGES.items() if not low - 1e-9 <= told[name] <= high + 1e-9]


def table(names: list[str]) -> pd.DataFrame:
    """The answers of some cities side by side, with the range that a head of sales would believe."""
    columns = [answers(load_case(name)) for name in names]
    frame = pd.concat(columns, axis=1)
    ends = pd.DataFrame(RANGES, index=["from", "to"]).T
    return frame.join(ends)


if __name__ == "__main__":
    with pd.option_context("display.max_colwidth", 90, "display.width", 200, "display.max_rows", 99):
        print(table(sys.argv[1:] or ["jinhua", "nanjing", "quanzhou", "mianyang"]).round(2).to_string())
