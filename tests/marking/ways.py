"""Other ways to the right answers, and ways that lead elsewhere, by exercise and question: code as trainees write it.

A wrong way comes with words of the hints that may be given for it; any other hint would name a mistake that was not
made.
"""

from __future__ import annotations

_CUT = 'revenue_cut = accounts["revenue_10k"].median()\n'


def _grade(free: str, rest: str = "") -> str:
    return f"""{_CUT}
def grade(account):
    fit = int(account["export"]) + int(account["revenue_10k"] >= revenue_cut) + int(bool({free}))
    {rest or 'return "A" if fit >= 2 and account["decision_maker_known"] else "B" if fit >= 2 else "C"'}"""


def _graded(fits: str) -> str:
    return f"""{_CUT}
def grade(account):
    fit = {fits}
    return "A" if fit >= 2 and account["decision_maker_known"] else "B" if fit >= 2 else "C\""""


_POINTS = """fits["large"] = accounts["revenue_10k"] >= accounts["revenue_10k"].median()
points = fits.sum(axis=1)
"""
_LETTERS = """letters = pd.Series("C", index=accounts.index)
letters[good & known] = "A"
letters[good & ~known] = "B"
"""


RIGHT: dict[tuple[str, str], list[str]] = {
    ("00", "prospects"): [
        'prospects = (accounts["district"] == district).sum()',
        'prospects = accounts["district"].value_counts()[district]',
        'prospects = accounts.groupby("district").size().loc[district]',
        'prospects = 0\nfor one in accounts["district"]:\n    if one == district:\n        prospects += 1',
        'prospects = accounts.query("district == @district").shape[0]',
    ],
    ("00", "share"): [
        'share = (accounts["district"] == district).mean()',
        "share = round(prospects / len(accounts), 3)",
        'share = accounts["district"].value_counts(normalize=True)[district]',
    ],
    ("00", "average_size"): [
        'average_size = accounts.groupby("section").agg(average=("employees", "mean")).reset_index()',
        'average_size = accounts.groupby("section")["employees"].agg(["mean", "count"])',
        'average_size = accounts.pivot_table(index="section", values="employees")',
        'average_size = accounts.groupby("section", as_index=False)["employees"].mean()',
        'average_size = accounts.groupby("section")["employees"].mean().round(1).rename("average size")',
        'average_size = {s: g["employees"].mean() for s, g in accounts.groupby("section")}',
        'average_size = accounts.dropna(subset=["employees"]).groupby("section")["employees"].mean().to_dict()',
        'names = case.sections.set_index("section")["name_short"]\n'
        'average_size = accounts.groupby("section")["employees"].mean().rename(index=names)',
    ],
    ("00", "joined"): [
        'joined = workers.merge(counts, how="left").fillna({"prospects": 0})[["section", "workers_thousand", "prospects"]]',
        'joined = workers.set_index("section").join(counts.set_index("section")).fillna({"prospects": 0})',
        'joined = workers.assign(prospects=workers["section"].map(counts.set_index("section")["prospects"]).fillna(0).astype(int))',
    ],
    ("00", "top_five"): [
        'top_five = accounts.nlargest(5, "revenue_10k")["account_id"].tolist()',
        'top_five = accounts.set_index("account_id")["revenue_10k"].sort_values(ascending=False).head(5)',
        'top_five = accounts.sort_values("revenue_10k", ascending=False).head(5)[["account_id"]]',
        'top_five = accounts.sort_values("revenue_10k", ascending=False).head(5).set_index("account_id")',
    ],
    ("00", "bars"): [
        'bars = accounts["source"].value_counts()',
        'bars = accounts["source"].value_counts().rename("prospects").reset_index()',
        'bars = accounts.groupby("source").size().sort_values(ascending=False)',
        'bars = accounts["source"].value_counts().to_dict()',
    ],
    ("00", "order"): [
        'order = list((firms.set_index("district_adcode")["firms"] / districts.set_index("district_adcode")["population_thousand"]).sort_values(ascending=False).index.map(districts.set_index("district_adcode")["district"]))',
        'order = near.assign(x=near["firms"] / near["population_thousand"]).sort_values("x", ascending=False)["district"].tolist()',
    ],
    ("01", "density"): [
        'density = round(own["rep_equivalents"] / own["reps_required"], 3)',
        'density = (cities["rep_equivalents"] / cities["reps_required"])[cities["city"] == case.city].iloc[0]',
        'density = cities.set_index("city").eval("rep_equivalents / reps_required")[case.city]',
    ],
    ("01", "densities"): [
        'densities = cities.assign(management=cities["managers_ready"] / cities["managers_required"], '
        'sales=cities["rep_equivalents"] / cities["reps_required"], '
        'market=cities["accounts_covered"] / cities["accounts_icp"])',
        'densities = pd.DataFrame({"management": cities["managers_ready"] / cities["managers_required"], '
        '"sales": cities["rep_equivalents"] / cities["reps_required"], '
        '"market": cities["accounts_covered"] / cities["accounts_icp"]}).round(3).set_axis(cities["city"])',
    ],
    ("01", "index"): [
        'index = densities.set_index("city").prod(axis=1)',
        'index = densities.set_index("city")[["management", "sales", "market"]].prod(axis=1).rename("x").reset_index()',
    ],
    ("01", "binding"): [
        'binding = densities.set_index("city")[["management", "sales", "market"]].idxmin(axis=1)',
        'three = densities.set_index("city")[["management", "sales", "market"]]\n'
        "binding = {city: min(three.columns, key=lambda name: three.loc[city, name]) for city in three.index}",
        'binding = densities.set_index("city").idxmin(axis=1).rename("lowest").reset_index()',
    ],
    ("01", "lift"): [
        'lift = index.sort_values("index", ascending=False)["city"].tolist()',
        'lift = (index.set_index("city")["index"] * 0.2).sort_values(ascending=False)',
        'lift = index.set_index("city").sort_values("index", ascending=False)',
    ],
    ("01", "regions"): [
        "regions = {row.city: min(row.bench_m15, row.bench_m1 // 3) for row in cities.itertuples()}",
        'regions = cities.set_index("city").apply(lambda row: min(row["bench_m15"], row["bench_m1"] // 3), axis=1)',
    ],
    ("01", "gamma"): [
        "gamma = round(fit_breakthrough_law(case.launch_panel).gamma, 2)",
        "gamma = fit_breakthrough_law(case.launch_panel).exponents[2]",
    ],
    ("03", "lq"): [
        'lq = industry_table(workers, leave_out=["A"]).set_index("section")["lq"].round(2)',
        'lq = industry_table(workers, leave_out=["A"])[["section", "name_short", "lq"]].rename(columns={"lq": "quotient"})',
        'lq = industry_table(workers, leave_out=["A"]).set_index("name_short")["lq"]',
        'b = workers[workers["section"] != "A"]\n'
        'lq = (b.set_index("section")["city_workers"] / b["city_workers"].sum()) / (b.set_index("section")["nation_workers"] / b["nation_workers"].sum())',
    ],
    ("03", "specialised"): [
        'specialised = table[table["city_share"] >= 0.03].set_index("section")["lq"].sort_values(ascending=False)',
        'specialised = table[table["city_share"] >= 0.03].sort_values("lq", ascending=False).set_index("section")',
        'specialised = []\nfor s in table[table["city_share"] >= 0.03].sort_values("lq", ascending=False)["section"]:\n    specialised.append(s)',
        'n = case.sections.set_index("section")["name_short"]\n'
        'specialised = [n[s] for s in table[table["city_share"] >= 0.03].sort_values("lq", ascending=False)["section"]]',
        'n = case.sections.set_index("section")["name_short"]\n'
        'specialised = [f"{s} {n[s]}" for s in table[table["city_share"] >= 0.03].sort_values("lq", ascending=False)["section"]]',
    ],
    ("03", "hhi"): [
        'hhi = 0\nfor share in table["city_share"]:\n    hhi += share ** 2',
        'hhi = round((table["city_share"] ** 2).sum(), 3)',
        'hhi = table["city_share"].pow(2).sum()',
    ],
    ("03", "fair"): [
        'fair = like_for_like(two).set_index("section")["like_for_like"].to_dict()',
        'fair = pd.DataFrame(like_for_like(two)[["section", "like_for_like"]]).rename(columns={"like_for_like": "rate"})',
        'fair = like_for_like(two).set_index("section")[["like_for_like"]].round(3)',
        'fair = list(zip(like_for_like(two)["section"], like_for_like(two)["like_for_like"]))',
    ],
    ("03", "stops"): [
        'stops = pd.DataFrame({"small": facts["city_share"] < 0.03, "few": facts["decided"] < 80})',
        'stops = facts.assign(few=~(facts["decided"] >= 80)).reset_index()[["section", "small", "few"]]',
    ],
    ("03", "ranking"): [
        "ranking = entry_industry_scores(indicators, director)",
        'ranking = entry_industry_scores(indicators, {"size": 0.1, "lq": 0.3, "win_rate": 0.6})["score"].head(3)',
        "ranking = tuple(entry_industry_scores(indicators, director).index[:3])",
    ],
    ("05", "grade"): [
        _grade('account["comp_installed"] != account["comp_installed"]'),
        _grade('isinstance(account["comp_installed"], float)'),
        _grade('not account["competitor"]'),
        _grade("pd.isna(account.comp_installed)"),
        _grade('pd.isnull(account.get("comp_installed"))'),
        _grade('str(account["comp_installed"]) == "nan"'),
        _grade('account["comp_installed"] not in ["K1", "K2", "K3"] and pd.isna(account["comp_installed"])'),
        _CUT
        + "def grade(account):\n    points = [account.export, account.revenue_10k >= revenue_cut, pd.isna(account.comp_installed)]\n"
        "    if sum(map(bool, points)) < 2:\n        return 'C'\n    return 'A' if account.decision_maker_known else 'B'",
    ],
    ("05", "lift"): [
        'model = propensity(accounts, "need", ["export", "it_maturity", "log_employees", "competitor", "industry"], held_out)\n'
        'top = top_decile_lift(accounts["need"][held_out], model.scores[held_out])\n'
        'lift = {"auc": round(model.auc, 4), "lift": round(float(top), 4)}',
    ],
    ("05", "fitting"): [
        _POINTS + "fitting = int((points > 1).sum())",
        _POINTS + "fitting = len(accounts[points >= 2])",
        _POINTS + "fitting = points.isin([2, 3]).sum()",
        _POINTS + "fitting = (fits.astype(int).sum(axis=1) >= 2).sum()",
        _POINTS + "fitting = float((points >= 2).sum())",
    ],
    ("05", "labels"): [
        _LETTERS + "labels = letters.value_counts().to_dict()",
        _LETTERS + "labels = letters.groupby(letters).size()",
        _LETTERS + 'labels = letters.rename("letter").value_counts().reset_index()',
        'labels = {"A": (good & known).sum(), "B": (good & ~known).sum(), "C": (~good).sum()}',
    ],
    ("05", "largest_group"): [
        'largest_group = {"groups": groups.k, "largest": sizes.iloc[0]}',
        'largest_group = pd.Series({"groups": len(sizes), "largest": (groups.labels == 1).sum()})',
    ],
    ("07", "similar"): [
        'similar = pairs.assign(similarity=0.5*pairs["industry"]+0.3*(1-pairs["bands_apart"]/3)+0.2*pairs["place"])'
        '.set_index(["benchmark", "prospect"])["similarity"]',
        'similar = pairs.assign(s=0.5*pairs["industry"]+0.3*(1-pairs["bands_apart"]/3)+0.2*pairs["place"])[["benchmark", "prospect", "s"]]',
        'similar = pairs.assign(similarity=0.5*pairs["industry"]+0.3*(1-pairs["bands_apart"]/3)+0.2*pairs["place"]).round(2)',
    ],
    ("07", "price"): [
        "price = round(reach() - reach(eligible=fits), 3)",
        "price = (best_selection(covered, value, cost=days, budget=30).covered_value - coverage_value(covered, value, plan)) / 1e6",
    ],
    ("07", "brv"): [
        'won = words[words["converted"]]\nbrv = (won["influence"] * won["clv_cny"] / 1.10 ** won["years_to_convert"]).groupby(won["referrer_id"]).sum()',
        'brv = business_reference_value(words)[["referrer_id", "brv_cny"]].round()',
        'brv = business_reference_value(words).set_index("referrer_id")["brv_cny"].to_dict()',
    ],
    ("07", "speakers"): [
        'speakers = business_reference_value(case.references).set_index("referrer_id")["brv_cny"].head(5)',
        'speakers = business_reference_value(case.references).nlargest(5, "brv_cny")[["referrer_id", "brv_cny"]]',
    ],
    ("07", "congruent"): [
        'def congruent(d, s, p):\n    if d not in profile.divisions:\n        return "no"\n'
        '    return "yes" if s in profile.bands or p in profile.districts else "no"',
        "congruent = lambda division, size_band, district: division in profile.divisions and "
        "(size_band in profile.bands or district in profile.districts)",
    ],
    ("07", "plan"): [
        'plan = candidates[candidates["account_id"].isin(best_selection(covered, value, **city.limits()).chosen)].set_index("account_id")',
        'plan = candidates[candidates["account_id"].isin(best_selection(covered, value, **city.limits()).chosen)]',
        "plan = days[list(best_selection(covered, value, **city.limits()).chosen)]",
        "plan = {account: days[account] for account in best_selection(covered, value, **city.limits()).chosen}",
    ],
}

#: The code, and words of the hints that may be given; none may where there are none.
WRONG: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = {
    ("00", "prospects"): [
        ('prospects = accounts["district"].nunique()', ()),
        ('prospects = accounts["employees"].count()', ()),
        ('prospects = len(accounts[accounts["district"] == districts["district"].iloc[1]])', ()),
    ],
    ("00", "share"): [
        ("share = len(accounts)", ()),
        ("share = prospects", ()),
        ("share = 1 - prospects / len(accounts)", ()),
    ],
    ("00", "average_size"): [
        ('average_size = accounts.groupby("section")["employees"].median()', ()),
        ('average_size = accounts.groupby("district")["employees"].mean()', ()),
        ('average_size = accounts.groupby("section")["revenue_10k"].mean()', ()),
        ('average_size = accounts.groupby("section")["employees"].max()', ()),
        ('average_size = accounts["employees"].mean()', ()),
        ('average_size = accounts.groupby("section")["employees"]', ()),
    ],
    ("00", "joined"): [
        ("joined = workers.assign(prospects=0)", ()),
        ('joined = workers.merge(counts, how="left").fillna({"prospects": 1})', ()),
        ('joined = counts.merge(workers, on="section", how="left")', ("Rows got lost",)),
        ('joined = workers.merge(counts, on="section", how="left").dropna()', ("Rows got lost",)),
    ],
    ("00", "top_five"): [
        ('top_five = accounts.sort_values("revenue_10k", ascending=False)["account_id"].head(4)', ()),
        ('top_five = accounts.sort_values("founded")["account_id"].head(5)', ()),
    ],
    ("00", "bars"): [
        ('bars = accounts["section"].value_counts()', ()),
        ('bars = accounts["source"].value_counts(normalize=True)', ()),
    ],
    ("00", "order"): [
        ('order = accounts["district"].value_counts()', ("the most large firms",)),
        ('order = list(districts["district"][::-1])', ()),
    ],
    ("01", "density"): [
        ('density = own["accounts_covered"] / own["accounts_icp"]', ()),
        ("density = 0", ()),
        ('density = own["rep_equivalents"] * own["reps_required"]', ()),
        ('density = round(own["rep_equivalents"] / own["reps_required"], 1)', ()),
    ],
    ("01", "densities"): [
        ("densities = cities", ()),
        ("densities = cities.assign(management=0.5, sales=0.5, market=0.5)", ()),
    ],
    ("01", "index"): [
        ('index = densities.set_index("city").min(axis=1)', ()),
        ('index = densities.set_index("city").sum(axis=1) / 2', ()),
        ('index = densities.set_index("city").max(axis=1)', ()),
    ],
    ("01", "regions"): [
        ('regions = cities.assign(regions=cities["bench_m1"] // 3)[["city", "regions"]]', ()),
        ('regions = cities.set_index("city")["bench_m1"]', ()),
    ],
    ("01", "gamma"): [("gamma = fit_breakthrough_law(case.launch_panel).k", ()), ("gamma = 1.0", ())],
    ("03", "lq"): [
        ('lq = industry_table(workers, leave_out=["A"])[["section", "city_share"]]', ()),
        (
            'lq = industry_table(workers, leave_out=["A"])[["section", "nation_share"]].rename(columns={"nation_share": "lq"})',
            (),
        ),
    ],
    ("03", "specialised"): [
        ('specialised = list(table.nlargest(3, "city_workers")["section"])', ()),
        ("specialised = ['C']", ()),
        ('specialised = list(table["section"])', ()),
    ],
    ("03", "hhi"): [
        ('hhi = table["city_share"].max()', ()),
        ('hhi = 1 - (table["city_share"] ** 2).sum()', ()),
        ('hhi = herfindahl(table["nation_workers"])', ()),
    ],
    ("03", "fair"): [
        ("fair = pd.Series({'C': 0.5, 'F': 0.5})", ()),
        ("fair = two.groupby('section').size()", ()),
    ],
    ("03", "stops"): [
        ('stops = facts.assign(few=True)[["small", "few"]]', ("every section has too few",)),
        ('stops = facts.assign(small=~facts["small"], few=facts["decided"] < 80)[["small", "few"]]', ()),
    ],
    ("03", "ranking"): [
        ('ranking = indicators.sort_values("win_rate").index.tolist()', ("bottom of the list",))
    ],
    ("05", "grade"): [
        (_grade('account["comp_installed"] is None'), ("finds no account without a competitor",)),
        (_grade('account["comp_installed"] == None'), ("finds no account without a competitor",)),
        (_grade('not account["comp_installed"]'), ("finds no account without a competitor",)),
        (_graded('int(account["export"]) + int(pd.isna(account["comp_installed"]))'), ()),
        (_graded('int(account["revenue_10k"] >= revenue_cut) + int(pd.isna(account["comp_installed"]))'), ()),
        (_graded("2"), ()),
        (
            _grade('pd.isna(account["comp_installed"])', 'return "A" if fit >= 2 else "C"'),
            ("the same letter",),
        ),
        (
            _grade('pd.isna(account["comp_installed"])', 'return "B" if fit >= 2 else "C"'),
            ("the same letter",),
        ),
        (
            _grade(
                'pd.isna(account["comp_installed"])',
                'return "A" if fit >= 1 and account["decision_maker_known"] else "B" if fit >= 2 else "C"',
            ),
            (),
        ),
        (_grade('pd.isna(account["comp_installed"])').replace("median()", "quantile(0.25)"), ()),
    ],
    ("05", "fitting"): [
        ("fitting = len(accounts)", ("counts every row",)),
        (_POINTS + "fitting = (points < 2).sum()", ()),
        (_POINTS + "fitting = (points >= 3).sum()", ("all three points",)),
        ("fitting = 0", ()),
    ],
    ("05", "labels"): [
        ('labels = {"A": 1, "B": 2, "C": 3}', ()),
        ('labels = accounts["need"].value_counts()', ()),
    ],
    ("05", "largest_group"): [
        ('largest_group = pd.Series({"groups": 1, "largest": 200})', ()),
        ('largest_group = {"groups": groups.k, "largest": sizes.iloc[1]}', ()),
    ],
    ("05", "leaks"): [
        ('leaks = ["export"]', ()),
        ('leaks = ["quote_asked", "stage"]', ()),
        ('leaks = ["quote_asked", "stage", "cycle_days"]', ()),
        ('leaks = ["it_maturity", "stage", "cycle_days", "loss_reason"]', ()),
    ],
    ("05", "lift"): [('lift = {"auc": 0.5, "lift": 1.0}', ()), ("lift = accounts['need'].mean()", ())],
    ("07", "six"): [
        ("six = list(greedy_selection(covered, value, k=5).chosen)", ()),
        ("six = candidates['account_id'].head(6).tolist()", ()),
    ],
    ("07", "brv"): [
        ('brv = business_reference_value(words, rate=0.05)[["referrer_id", "brv_cny"]]', ()),
        ('brv = words.groupby("referrer_id")["clv_cny"].sum()', ()),
    ],
    ("07", "price"): [("price = 0.0", ("came out as 0",)), ("price = value.sum()", ())],
    ("07", "speakers"): [("speakers = candidates['account_id'].head(5).tolist()", ())],
    ("07", "congruent"): [
        ('def congruent(a, b, c):\n    return "yes"', ()),
        ('def congruent(a, b, c):\n    return "no"', ()),
        (
            'def congruent(division, size_band, district):\n    return "yes" if size_band in profile.bands or district in profile.districts else "no"',
            (),
        ),
        (
            'def congruent(division, size_band, district):\n    return "yes" if division in profile.divisions and size_band in profile.bands else "no"',
            (),
        ),
        (
            'def congruent(division, size_band, district):\n    return "yes" if division in profile.divisions and district in profile.districts else "no"',
            (),
        ),
    ],
    ("07", "plan"): [
        ("plan = candidates.loc[fits.to_numpy(), 'account_id'].head(1).tolist()", ()),
        ("plan = ['nonsense']", ()),
        ("plan = 'hello'", ()),
        ("plan = candidates", ("does not fit the profile",)),
    ],
}
