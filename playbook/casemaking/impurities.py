"""The dirt in the records: what a manager's list looks like before somebody has looked after it.

Shares are of the rows of the table. Instructors read them on the page that `dictionary.py` writes.
"""

import numpy as np
import pandas as pd

from playbook.casemaking.names import misspelt

DUPLICATES = 0.03
UNIT_ERRORS = 0.01
SWAPPED = 0.005
OUT_OF_CITY = 0.007
FUTURE = 0.02
_TEN_YEARS = np.timedelta64(3652, "D")

#: (table, column) -> what was done to it.
NOTES = {
    (
        "accounts",
        "account_id",
    ): "3 % of the firms are listed twice under two numbers: same "
    "district, division, size and nearly the same place, the name typed another way.",
    (
        "accounts",
        "name",
    ): "The second entry of a firm lacks the place or the legal form, is in capitals, or has a "
    "double space; its Chinese form differs, too.",
    (
        "accounts",
        "employees",
    ): "Missing by a pattern that is dealt to the city: mostly small firms (14 % against "
    "3 %), mostly large ones (17 against 4), or mostly firms of one source (15 to 24 against 4 or 5). "
    "Where size decides, leaving the gaps out misstates the average.",
    ("accounts", "revenue_10k"): "1 % are in CNY, not in CNY 10,000: ten thousand times too large.",
    (
        "accounts",
        "lat",
    ): "0.5 % have latitude and longitude swapped; 0.7 % lie two to five degrees outside the city.",
    (
        "accounts",
        "need",
    ): "Drawn from a logit of eight traits, four of them strong: which four is dealt to the city.",
    ("accounts", "customer"): "Known only after selling: a leak, as is every field of a deal.",
    (
        "accounts",
        "quote_asked",
    ): "Leak: asked after the need was stated (45 % of those in need, 2 % of the others). "
    "Not to be used to predict need.",
    ("opportunities", "created"): "2 % are ten years late (a typing error in the year).",
    (
        "opportunities",
        "grade",
    ): "Simpson's paradox: of manufacturing (C) and trade (F) one wins more often overall, "
    "the other within every grade. Which is which depends on the case.",
    ("opportunities", "cycle_days"): "Leak: known only after closing. So are closed, stage and loss_reason.",
    (
        "references",
        "influence",
    ): "The largest referrers are not the best ones: influence follows likeness of section "
    "and size, and how often a customer speaks follows neither.",
    ("densities", "managers_ready"): "One pilot city has a density of zero.",
    (
        "launch_panel",
        "bookings_10k",
    ): "One treated city has a rising trend before its launch (broken pre-trend); "
    "months 2 and 14 hold the Spring Festival. Drawn until before against after overstates the effect by 0.02 or more, the "
    "rising pilot in it by 0.015 or more, and the lead afterwards is 0.008 or more off.",
    (
        "customers_home",
        "churn_date",
    ): "A quarter of the customers leave at the end of each contract year. Every home "
    "city has customers in every section at both year-ends 2023 and 2024, so that each rate of growth exists.",
    (
        "lead_lists",
        "phone",
    ): "A fifth are typed with blanks, dashes or +86 in front; 4 % of the firms of a list stand on it twice "
    "(3 % on ours), spelt and typed in two ways.",
    (
        "lead_lists",
        "list",
    ): "Two of the three lists share 1.8 to 2.4 times as many firms as chance gives: their estimate is below 68 % of "
    "the others. Which two is dealt to the city. The two other pairs agree within 2 to 8 %.",
    (
        "unit_sizes",
        "people_per_unit",
    ): "Only manufacturing (C) is published; the others are assumed. The count from workers is five to fifteen "
    "times that from the lists: firms so small that they stand on no list.",
    (
        "assumptions",
        "low",
    ): "Chapter 2: what is hoped for is 1.2 to 1.6 times what the team can sign, and the assumption that swings year one most (dealt "
    "to the city) leads by 15 % or more. It never has the widest range in per cent, nor is it the one that counts "
    "most without the cap.",
    (
        "win_loss",
        "rival",
    ): "One rival is truly hard (13 to 17 % won, on 62 to 70 decided deals), another has the lowest "
    "rate on 9 to 11; the one that is met most often wins a little more than usual, which may be luck.",
    (
        "win_loss",
        "reason_seller",
    ): "A seller who does not know the reason writes `price` twice in three times.",
    (
        "win_loss",
        "reason_buyer",
    ): "Missing for a sixth of the lost deals, and most often where the seller says `price`.",
    (
        "win_loss",
        "status",
    ): "In one or two districts that are thick with rivals, and in one that is not, deals are won "
    "a seventh as often as elsewhere.",
    (
        "assumptions",
        "usual",
    ): "Drawn until the best offices of chapter 4 stand apart from all others, and until "
    "city hall alone, an office everywhere, and the first one to three districts by need or by workers cost at "
    "least 1 % more (in most cities 4 %). The nearness, the share of the priority districts, the balance of the "
    "groups and the length of a visit are chosen so that the usual mistakes give other answers.",
    (
        "judgements",
        "ratio",
    ): "One of the three judges contradicts himself (a consistency ratio of 0.15 to 0.30), the two "
    "others hardly (below 0.08). Which one is dealt to the city.",
    (
        "bench",
        "bookings_10k",
    ): "The best seller has an average of 75 or more and one score of process, team or strategy "
    "between 44 and 56.",
    (
        "bench",
        "in_pool",
    ): "Three to six people pass every gate; for each gate somebody in or near the pool fails it alone.",
    (
        "bench_moves",
        "people",
    ): "Counts for twelve cities in which managers, supervisors or veterans set the pace, four "
    "each; going down a list, by size or by score, reaches at most 94 % of the best calendar.",
    (
        "sellers",
        "left",
    ): "Slow newcomers leave: in both groups those who are still here reach 80 % a month earlier than all.",
    (
        "sellers",
        "veteran_in_group",
    ): "Later newcomers sit more often beside a veteran, so that all in one pot mislead.",
    (
        "seller_months",
        "bookings_10k",
    ): "The ramps are dealt to the city: ready in month 5, 6 or 7 beside a veteran, 7 to 10 without, at least two "
    "months apart. The months around the answer stay 1.5 % away from the line.",
    (
        "hiring_plan",
        "hires",
    ): "Month 9 is short by what those hired together bring if they start in month 3, 5 or 6 (dealt to the city).",
    (
        "veterans",
        "willing",
    ): "Two of eight do not want to go, and they fit best. Fit alone leaves a group empty or too full, and the best plan "
    "without a look at profiles puts two of a kind together.",
    (
        "month_share",
        "share",
    ): "42 to 48 % of each month in its last five working days. One month alone, or the straight line, is at least 1.5 % "
    "off the mean at today's point.",
    (
        "board",
        "booked",
    ): "The forecast is green in six cities and amber in six; on a straight line it is red in all. Two to five sellers "
    "are at risk; one of them has next to no open deals, others are slow and saved, or fast and short of deals. "
    "Rounding the quotas one by one misses the target.",
    (
        "visit_reports",
        "round_days",
    ): "Two to four sellers have both signs of made-up reports; three have only few visits found, three only like round "
    "numbers, two are newcomers with few days.",
    (
        "stops",
        "prize",
    ): "Worth is chance by grade times a margin that differs widely; A customers sit farther out. The nearest first and "
    "the grades as numbers reach at most 90 % of the best day.",
    ("stops", "from_min"): "Drawn until forgetting the windows, the visits or the way home breaks a rule.",
    (
        "city_months",
        "visits",
    ): "Bookings follow visits after 1, 2 or 4 months, four cities each (Jinhua: 3), found in the oldest pilot; there the "
    "correlation at the lag leads by 0.06 or more. Neither the same month, nor sums, nor the own nine months tell it.",
    (
        "city_months",
        "ab_stock",
    ): "The own city cultivates, grows or sows in its month 9, and is to be continued, held or stopped, four cities "
    "each. The oldest pilot does not harvest, and the one that harvests does not book most.",
    (
        "channel_curves",
        "half_10k",
    ): "Single talks win most with CNY 100,000 and least with 500,000 in every city. The way whose next win is "
    "cheapest is dealt, and its average is not the lowest. Everything in one way, or equal parts of two or three, "
    "reach at most 94 % of the best mix.",
    (
        "channel_months",
        "wins",
    ): "Agree with the curves within some per cent.",
    (
        "salons",
        "wins_90d",
    ): "The break-even is a number of guests between 12 and 45 that forgetting a cost moves by two or more.",
    (
        "quarters",
        "pipeline_10k",
    ): "The verdict on the trainee's own city is dealt: scale, hold or stop, four cities each. Where it is not scale, "
    "one of the three numbers fails, by deal, and the two others are strong, so that an average would let the city pass.",
    (
        "cohorts",
        "active",
    ): "Customers differ in their chance of leaving (shifted beta-geometric, alpha 0.6 to 0.9, beta 2.5 to 4.5). The first "
    "year's churn for ever understates the lifetime of direct customers by 22 to 33 %.",
}


def soil_accounts(rng: np.random.Generator, clean: pd.DataFrame) -> pd.DataFrame:
    """The list with gaps, duplicates, unit errors and wrong places; ids follow the new order of rows.

    The column ``firm`` holds the row of ``clean`` that an entry stands for, ``twin`` marks a second entry.
    """
    first = clean.assign(firm=np.arange(len(clean)), twin=False)
    first["employees_true"] = first["employees"]
    first["employees"] = first["employees"].astype("Int64").mask(~first["known"])
    picked = rng.choice(len(clean), round(DUPLICATES * len(clean)), replace=False)
    second = first.iloc[picked].copy()
    second["twin"] = True
    spelt = [
        misspelt(rng, *row)
        for row in second[["name", "name_zh", "place_zh"]].itertuples(index=False, name=None)
    ]
    second["name"], second["name_zh"] = zip(*spelt, strict=True)
    second["lat"] = (second["lat"] + rng.normal(0, 0.0004, len(second))).round(4)
    second["lon"] = (second["lon"] + rng.normal(0, 0.0004, len(second))).round(4)
    second["source"] = np.where(second["source"] == "registry", "exhibition", "registry")
    entries = pd.concat([first, second], ignore_index=True)
    entries = entries.iloc[rng.permutation(len(entries))].reset_index(drop=True)
    entries.insert(0, "account_id", [f"A{number:05d}" for number in range(1, len(entries) + 1)])
    wrong = rng.permutation(np.flatnonzero(~entries["firm"].isin(picked)))
    errors, swapped, away = (round(share * len(clean)) for share in (UNIT_ERRORS, SWAPPED, OUT_OF_CITY))
    units = wrong[:errors]
    entries.loc[units, "revenue_10k"] = (entries.loc[units, "revenue_10k"] * 10_000).round(1)
    rows = wrong[errors : errors + swapped]
    entries.loc[rows, ["lat", "lon"]] = entries.loc[rows, ["lon", "lat"]].to_numpy()
    rows = wrong[errors + swapped : errors + swapped + away]
    for column in ("lat", "lon"):
        shift = rng.uniform(2, 5, away) * rng.choice([-1.0, 1.0], away)
        entries.loc[rows, column] = (entries.loc[rows, column] + shift).round(4)
    return entries


def soil_opportunities(rng: np.random.Generator, clean: pd.DataFrame) -> pd.DataFrame:
    """The opportunities with some years typed wrongly."""
    frame = clean.copy()
    rows = rng.choice(len(frame), round(FUTURE * len(frame)), replace=False)
    created = frame["created"].to_numpy().copy()
    created[rows] = created[rows] + _TEN_YEARS
    frame["created"] = created
    return frame
