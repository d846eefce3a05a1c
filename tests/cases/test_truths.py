"""What was planted can be dug out again, on every case that ships and on unseen ones."""

import numpy as np
import pandas as pd
import pytest

from playbook.casemaking import shipped_seed, write_case
from playbook.casemaking.city import city_records
from playbook.casemaking.guarantee import TRAIT
from playbook.casemaking.impurities import DUPLICATES, FUTURE, OUT_OF_CITY, SWAPPED, UNIT_ERRORS
from playbook.casemaking.public import published
from playbook.casemaking.truths import DENSITIES, truths_of
from playbook.cases import list_cases
from playbook.market.benchmark import benchmark_problem, largest_accounts

CASES = list_cases()
SECRET = b"truths"


@pytest.fixture(
    scope="module",
    params=[*CASES, pytest.param("unseen", marks=pytest.mark.long)],
    ids=lambda case: getattr(case, "name", case),
)
def planted(request, tmp_path_factory):
    """A case and what was planted in it."""
    if request.param == "unseen":
        records = city_records("420600", SECRET, published(), True)
        return write_case("420600", SECRET, records, tmp_path_factory.mktemp("unseen"), True), records.truths
    return request.param, truths_of(request.param.adcode, shipped_seed(request.param.adcode))


def logit_fit(design, outcome):
    """Coefficients and standard errors by Newton's method, the constant first."""
    design = np.column_stack([np.ones(len(design)), design])
    beta = np.zeros(design.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-design @ beta))
        information = design.T @ (design * (chance * (1 - chance))[:, None])
        beta = beta + np.linalg.solve(information, design.T @ (outcome - chance))
    return beta, np.sqrt(np.diag(np.linalg.inv(information))), design @ beta


def ols(design, response):
    """Coefficients without the constant, and R²."""
    design = np.column_stack([np.ones(len(response)), design])
    beta = np.linalg.lstsq(design, response, rcond=None)[0]
    return beta[1:], 1 - np.var(response - design @ beta) / np.var(response)


def km_from(accounts, city):
    phi, phi0 = np.radians(accounts["lat"]), np.radians(city["lat"])
    wide = np.cos(phi) * np.cos(phi0) * np.sin(np.radians(accounts["lon"] - city["lon"]) / 2) ** 2
    return 2 * 6371 * np.arcsin(np.sqrt(np.sin((phi - phi0) / 2) ** 2 + wide))


def from_district_km(case):
    """Distance of each account from the centre of its own district."""
    accounts = case.accounts
    centres = case.districts.set_index("district_adcode").loc[accounts["district_adcode"], ["lat", "lon"]]
    return km_from(accounts, centres.reset_index(drop=True))


def needs(case):
    """Accounts once cleaned, the design of the planted logit, and who needs."""
    accounts = case.accounts
    accounts["km"] = km_from(accounts, case.cities.set_index("adcode").loc[case.adcode])
    twins = accounts.duplicated(["district", "division", "founded", "revenue_10k"])
    accounts = accounts[~twins & accounts["employees"].notna() & (from_district_km(case) < 60)]
    design = pd.DataFrame(
        {
            "export": accounts["export"],
            "it_maturity": accounts["it_maturity"] - 2,
            "log10_employees": np.log10(accounts["employees"].astype(float)) - 1,
            "competitor": accounts["comp_installed"].notna(),
            "km": accounts["km"],
            "manufacturing": accounts["section"] == "C",
            "young": accounts["founded"] >= 2015,
            "state": accounts["owner_type"] == "state",
            "exhibition": accounts["source"] == "exhibition",
            "trade": accounts["section"] == "F",
        }
    ).astype(float)
    return design, accounts["need"].to_numpy(float)


def test_every_coefficient_of_need_is_within_two_standard_errors(planted):
    case, truths = planted
    design, need = needs(case)
    beta, error, _ = logit_fit(design, need)
    planted_ones = np.array([truths.need[name] for name in design])
    away = pd.Series((beta[1:] - planted_ones) / error[1:], index=design.columns)
    assert away.abs().max() < 2, away


def test_need_can_be_told_better_than_by_chance(planted):
    case, truths = planted
    design, need = needs(case)
    score = logit_fit(design, need)[2]
    ranks = pd.Series(score).rank()
    auc = (ranks[need == 1].mean() - (need.sum() + 1) / 2) / (need == 0).sum()
    assert 0.66 < auc < 0.80
    assert abs(case.accounts["need"].mean() - truths.base_need) < 0.015


def test_the_dealt_four_traits_make_the_largest_differences(planted):
    case, truths = planted
    firms = case.accounts.drop_duplicates(["district", "division", "founded", "revenue_10k"])
    apart = {}
    for name, rule in TRAIT.items():
        has = rule(firms).to_numpy(bool)
        apart[name] = firms["need"][has].mean() - firms["need"][~has].mean()
    ranked = sorted(apart, key=apart.get, reverse=True)
    assert set(ranked[:4]) == truths.dealt.profile
    assert apart[ranked[3]] - apart[ranked[4]] > 0.01


def test_manufacturing_and_trade_reverse_when_split_by_grade(planted):
    case, truths = planted
    deals = case.opportunities.merge(case.accounts[["account_id", "section"]], on="account_id")
    deals = deals[(deals["status"] != "open") & deals["section"].isin(["C", "F"])]
    deals = deals.assign(won=deals["status"] == "won")
    worse = "F" if truths.better == "C" else "C"
    overall = deals.groupby("section")["won"].mean()
    assert overall[worse] - overall[truths.better] > 0.02
    within = deals.groupby(["grade", "section"])["won"].mean().unstack()
    assert (within[truths.better] - within[worse] > 0.025).all(), within


def test_the_largest_referrers_are_not_the_best(planted):
    case, _ = planted
    spoken = case.references
    value = spoken["influence"] * spoken["clv_cny"] / 1.1 ** spoken["years_to_convert"]
    brv = (value * spoken["converted"]).groupby(spoken["referrer_id"]).sum()
    size = case.accounts.set_index("account_id")["employees"].astype(float).reindex(brv.index)
    assert set(brv.nlargest(5).index) != set(size.nlargest(5).index)
    assert brv.idxmax() != size.idxmax()
    assert brv.rank().corr(size.rank()) < 0.35
    assert brv.nlargest(6).is_unique


def test_each_density_binds_somewhere_and_one_pilot_has_none(planted):
    case, truths = planted
    rows = case.densities
    values = pd.DataFrame(
        {
            "md": rows["managers_ready"] / rows["managers_required"],
            "sd": rows["rep_equivalents"] / rows["reps_required"],
            "kd": rows["accounts_covered"] / rows["accounts_icp"],
        }
    )
    assert rows["adcode"].iloc[0] == case.adcode
    assert rows["adcode"].is_unique
    binding = values.idxmin(axis=1)
    assert binding[0] == truths.binding
    assert set(binding) == set(DENSITIES)
    assert ((values == 0).sum().sum(), (values == 0).sum()[truths.zero]) == (1, 1)
    assert (values.loc[0] > 0).all()
    assert 1.03 < values.max().max() <= 1.2, "a density above 1, so that cutting off at 1 is wrong"
    ordered = np.sort(values.to_numpy(), axis=1)
    assert (ordered[:, 1] - ordered[:, 0] > 0.1).all()


def test_home_customers_grow_at_rates_that_exist(planted):
    case, truths = planted
    home = case.customers_home
    counts = {
        year: home[(home["start"] <= f"{year}-12-31") & ~(home["churn_date"] <= f"{year}-12-31")]
        .groupby(["home_city", "section"])
        .size()
        for year in (2023, 2024)
    }
    assert len(counts[2023]) == len(counts[2024]) == 30
    assert min(counts[2023].min(), counts[2024].min()) >= 3
    by_section = {year: count.groupby("section").sum() for year, count in counts.items()}
    growth = by_section[2024] / by_section[2023] - 1
    assert growth[truths.growing] > 0.2
    if truths.growing in "CF":
        assert growth[truths.growing] > growth["C" if truths.growing == "F" else "F"]


def panel(case):
    frame = case.launch_panel
    frame["y"] = np.log(frame["bookings_10k"])
    frame["after"] = (frame["treated"] & (frame["month"] >= frame["launch_month"].fillna(99))).astype(float)
    return frame.join(np.log(frame[list(DENSITIES)]).add_prefix("ln_"))


def test_the_law_of_densities_is_recovered(planted):
    case, truths = planted
    frame = panel(case)
    powers, fit = ols(frame[["ln_md", "ln_sd", "ln_kd"]], frame["y"])
    assert np.abs(powers - truths.law).max() < 0.1
    assert list(np.argsort(powers)) == list(np.argsort(truths.law))
    for response in ("y", "bookings_10k"):
        assert ols(frame[list(DENSITIES)], frame[response])[1] < fit - 0.01


def test_the_effect_of_a_launch_is_recovered_without_the_city_that_was_rising(planted):
    case, truths = planted
    frame = panel(case)
    before = frame[frame["treated"] & (frame["after"] == 0)]
    rest = before["y"] - before[["ln_md", "ln_sd", "ln_kd"]] @ np.array(truths.law)
    slope = {
        city: np.polyfit(before.loc[rows, "month"], rest[rows], 1)[0]
        for city, rows in before.groupby("city_id").groups.items()
    }
    ranked = pd.Series(slope).sort_values()
    assert ranked.iloc[-1] > 0.03
    kept = frame[frame["city_id"] != ranked.index[-1]]
    columns = ["y", "after", "ln_md", "ln_sd", "ln_kd"]
    demeaned = kept[columns] - kept.groupby("city_id")[columns].transform("mean")
    demeaned = demeaned - demeaned.groupby(kept["month"]).transform("mean")
    effect = ols(demeaned[columns[1:]], demeaned["y"])[0][0]
    assert abs(effect - truths.launch_effect) < 0.04


def test_the_planted_dirt_is_there_in_the_stated_shares(planted):
    case, truths = planted
    accounts = case.accounts
    firms = len(accounts.drop_duplicates(["district", "division", "founded", "revenue_10k"]))
    assert len(accounts) == firms + round(firms * DUPLICATES)
    swapped = accounts["lat"] > 60
    assert swapped.sum() == round(firms * SWAPPED)
    away = ~swapped & (from_district_km(case) > 150)
    assert away.sum() == round(firms * OUT_OF_CITY)
    per_head = accounts["revenue_10k"] / accounts["employees"].astype(float)
    assert abs((per_head > 20_000).sum() - round(firms * UNIT_ERRORS)) <= 12
    late = case.opportunities["created"] > "2025-06-30"
    assert late.sum() == round(len(case.opportunities) * FUTURE)
    gaps = accounts["employees"].isna()
    where, often, _ = truths.gaps
    size = gaps.groupby(pd.qcut(accounts["revenue_10k"], 4, labels=False)).mean()
    source = gaps.groupby(accounts["source"]).mean()
    if where in source.index:
        assert source.idxmax() == where
        assert source[where] > 1.8 * source.median()
        assert abs(source[where] - often) < 0.08
    else:
        few, many = (size[3], size[0]) if where == "small firms" else (size[0], size[3])
        assert many > 1.8 * few
        assert source.max() < 1.8 * source.median()


def test_the_public_figures_hold_no_planted_dirt(planted):
    case, _ = planted
    workers = case.workers
    assert (workers[["city_workers", "nation_workers"]] > 0).all().all()
    assert (workers["city_workers"] < workers["nation_workers"]).all()


def test_six_chosen_greedily_reach_more_than_the_six_largest(planted):
    case, _ = planted
    problem = benchmark_problem(case.accounts, case.customers_home)
    reaches = problem.covered.to_numpy(bool)
    value = problem.value.reindex(problem.covered.columns).to_numpy()
    reached = np.zeros(len(value), dtype=bool)
    for _ in range(6):
        reached |= reaches[((reaches & ~reached) @ value).argmax()]
    rows = problem.covered.index.get_indexer(largest_accounts(problem.candidates, 6))
    assert value[reached].sum() > 1.15 * value[reaches[rows].any(axis=0)].sum()
