"""Three lists of the firms of one district, and what year one of a city rests on (chapter 2)."""

from itertools import combinations

import numpy as np
import pandas as pd

from playbook.casemaking.names import firm_names, misspelt
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.seeds import stream
from playbook.errors import PlaybookError
from playbook.market.capacity import chapman, market_size, tornado
from playbook.market.firms import ONE_FIRM, one_row_per_firm

LISTS = ("ours", "exhibition", "chamber")
#: The pairs of lists of which one is dealt: these two know each other.
PAIRS = tuple(f"{one}-{other}" for one, other in combinations(LISTS, 2))
#: The assumptions of which one is dealt: it moves the number of year one most.
SWINGS = ("ready_sellers", "contracts_year", "hoped_share", "reach", "value_cny")
_MOST_DRAWS = 4000
_WANTED_FIRMS = 350
_TWICE = 0.04
_TYPED_OTHERWISE = 0.2
#: No other list holds as many firms as ours, so that counting the wrong one shows.
_DIFFER = 2
#: The two sound estimates differ by so much of the smaller: they agree, and one alone is not their mean.
_APART = (0.02, 0.08)
#: The first assumption moves the number so many times as far as the second.
_LEAD = 1.15
#: Contracts that an experienced seller signs in a year.
_CONTRACTS = (12, 24)


def capacity(ground: Ground) -> dict[str, pd.DataFrame]:
    """`lead_lists`, and the rows of `assumptions` on reach, share, sellers and contracts."""
    lists, completeness = _lead_lists(ground)
    return {"lead_lists": lists, "assumptions": _assumptions(ground, completeness)}


def _lead_lists(ground: Ground) -> tuple[pd.DataFrame, float]:
    """The three lists, and the share of all firms that the company's list holds, as the lists tell it."""
    rng = stream(ground.seed, "lead lists")
    firms = one_row_per_firm(ground.accounts)
    counts = firms["district_adcode"].value_counts().sort_index()
    district = str((counts - _WANTED_FIRMS).abs().idxmin())
    rows = ground.accounts[ground.accounts["district_adcode"] == district]
    number = rows.groupby(list(ONE_FIRM), sort=False, dropna=False).ngroup().to_numpy()
    ours = int(number.max()) + 1
    sizes, both, thrice, mean = _overlaps(rng, ours, ground.deal("dependent lists", PAIRS))
    # Firms 0 to ours - 1 are on our list. Those on two lists are taken from it in any order, then come new ones.
    shuffled = rng.permutation(ours)
    third, one, two = np.split(shuffled[: both[0] + both[1] - thrice], [thrice, both[0]])
    others = ours + np.arange(both[2] - thrice)
    start = ours + len(others)
    only_one = start + np.arange(sizes[1] - both[0] - len(others))
    only_two = start + len(only_one) + np.arange(sizes[2] - both[1] - len(others))
    members = {
        "exhibition": np.concatenate([third, one, others, only_one]),
        "chamber": np.concatenate([third, two, others, only_two]),
    }
    everybody = start + len(only_one) + len(only_two)
    names = _names(rng, ground, rows, number, everybody)
    phones = _phones(rng, everybody)
    frames = [
        pd.DataFrame(
            {
                "list": "ours",
                "account_id": rows["account_id"].to_numpy(),
                "name": rows["name"].to_numpy(),
                "phone": _typed(rng, phones, number),
            }
        )
    ]
    for name, firms_on_it in members.items():
        again = rng.choice(firms_on_it, round(_TWICE * len(firms_on_it)), replace=False)
        entries = rng.permutation(np.concatenate([firms_on_it, again]))
        spelt = [
            misspelt(rng, names[firm], "", "")[0] if wrong else names[firm]
            for firm, wrong in zip(entries, _repeats(entries) | (rng.random(len(entries)) < 0.5), strict=True)
        ]
        frames.append(
            pd.DataFrame(
                {"list": name, "account_id": None, "name": spelt, "phone": _typed(rng, phones, entries)}
            )
        )
    table = pd.concat(frames, ignore_index=True)
    table.insert(0, "entry_id", [f"E{place:05d}" for place in range(1, len(table) + 1)])
    return table.assign(district_adcode=district), ours / mean


def _overlaps(rng: np.random.Generator, ours: int, dependent: str) -> tuple[list[int], list[int], int, float]:
    """Firms on each list, on both lists of each pair, and on all three; the mean of the two sound estimates.

    The overlaps are set, within a few per cent of what chance gives, so that the two sound pairs agree in every
    city, and not so well that one of them is as good as their mean; which firms are on two lists is drawn.
    """
    for _ in range(_MOST_DRAWS):
        there = ours / rng.uniform(0.11, 0.14)
        sizes = [ours, *(round(there * rng.uniform(0.12, 0.15)) for _list in LISTS[1:])]
        both, estimates = [], []
        for pair, (one, other) in zip(PAIRS, combinations(range(3), 2), strict=True):
            factor = rng.uniform(1.8, 2.4) if pair == dependent else rng.uniform(0.97, 1.03)
            both.append(round(sizes[one] * sizes[other] / there * factor))
            estimates.append(chapman(sizes[one], sizes[other], both[-1]).total)
        place = PAIRS.index(dependent)
        sound = [value for number, value in enumerate(estimates) if number != place]
        outside = {0: 2, 1: 1, 2: 0}[place]  # the list that knows nothing of the other two
        thrice = round(both[place] * sizes[outside] / there)
        agree = _APART[0] * min(sound) < abs(sound[0] - sound[1]) < _APART[1] * min(sound)
        alike = min(abs(size - ours) for size in sizes[1:]) < _DIFFER
        if agree and not alike and estimates[place] < 0.68 * min(sound) and thrice <= min(both):
            return sizes, both, thrice, float(np.mean(sound))
    raise PlaybookError("no three lists of chapter 2 can be drawn", where=f"{ours} firms")


def _names(rng, ground: Ground, rows: pd.DataFrame, number: np.ndarray, everybody: int) -> list[str]:
    """The name of every firm on any list: ours as our list spells them first, the others invented."""
    known = [""] * (int(number.max()) + 1)
    for firm, name in zip(number[::-1], rows["name"].to_numpy()[::-1], strict=True):
        known[firm] = name
    missing = everybody - len(known)
    like = rng.integers(len(rows), size=missing)
    new = firm_names(
        rng,
        rows["district"].to_numpy()[like],
        np.full(missing, "", dtype=object),
        rows["division"].to_numpy()[like],
        rng.integers(5, 80, missing),
    )
    return [*known, *map(str, new.name)]


def _phones(rng: np.random.Generator, count: int) -> np.ndarray:
    """Invented mobile numbers, no two alike; they begin with 100, which no telephone company gives out."""
    return 10_000_000_000 + rng.choice(99_999_999, count, replace=False)


def _repeats(entries: np.ndarray) -> np.ndarray:
    return pd.Series(entries).duplicated().to_numpy()


def _typed(rng: np.random.Generator, phones: np.ndarray, entries: np.ndarray) -> list[str]:
    """Each entry's number as somebody typed it; a firm's second entry is always typed another way."""
    other = (rng.random(len(entries)) < _TYPED_OTHERWISE) & ~pd.Series(entries).duplicated(
        keep=False
    ).to_numpy()
    other |= _repeats(entries)
    ways = rng.integers(3, size=len(entries))
    typed = []
    for firm, differs, way in zip(entries, other, ways, strict=True):
        digits = str(phones[firm])
        if differs:
            joint = ("-", " ", "")[way]
            digits = joint.join((digits[:3], digits[3:7], digits[7:]))
            digits = f"+86 {digits}" if way == 2 else digits
        typed.append(digits)
    return typed


def _assumptions(ground: Ground, completeness: float) -> pd.DataFrame:
    """What year one rests on: the team is the limit, and the dealt assumption moves the number most."""
    rng = stream(ground.seed, "assumptions of capacity")
    firms = one_row_per_firm(ground.accounts)
    value = ground.contract_cny
    need = float(firms["need"].mean())
    most = ground.deal("assumption that swings most", SWINGS)
    for _ in range(_MOST_DRAWS):
        usual = {
            "reach": round(rng.uniform(0.3, 0.5), 2),
            "hoped_share": round(rng.uniform(0.12, 0.25), 2),
            "ready_sellers": int(rng.integers(6, 13)),
            "value_cny": value,
        }
        wanted = len(firms) / completeness * need * usual["reach"] * usual["hoped_share"]
        usual["contracts_year"] = round(wanted / rng.uniform(1.2, 1.6) / usual["ready_sellers"])
        if not _CONTRACTS[0] <= usual["contracts_year"] <= _CONTRACTS[1]:
            continue
        ranges = {}
        for name in SWINGS:
            down, up = _width(rng, name, most)
            digits = 2 if name in ("reach", "hoped_share") else (-2 if name == "value_cny" else 0)
            low, high = (round(usual[name] * part, digits) for part in (1 - down, 1 + up))
            ranges[name] = (low, usual[name], high)
        if ranges["reach"][2] > 1 or wanted < 1.15 * usual["ready_sellers"] * usual["contracts_year"]:
            continue
        if not _shortcuts_miss(ranges, len(firms) / completeness, need, most):
            continue
        break
    else:
        raise PlaybookError(
            "no assumptions keep chapter 2's shortcuts away", where=f"the case {ground.adcode}"
        )
    said = {
        "reach": ("Part of the market in the industries and districts that the team serves", "share"),
        "hoped_share": ("Part of that which the director hopes to sign in year one", "share"),
        "ready_sellers": ("Sellers who are ready, counted as experienced ones", "persons"),
        "contracts_year": ("Contracts that an experienced seller signs in a year", "contracts a year"),
        "value_cny": ("Mean value of a contract", "CNY a year"),
    }
    rows = [
        (name, *said[name], float(ranges[name][1]), float(ranges[name][0]), float(ranges[name][2]))
        for name in said
    ]
    return pd.DataFrame(rows, columns=["name", "meaning", "unit", "usual", "low", "high"])


def _width(rng: np.random.Generator, name: str, most: str) -> tuple[float, float]:
    """How far below and above its usual value an assumption may lie, as parts of it.

    The market's assumptions range far, most of all upward, where the team cannot follow. The dealt one ranges
    downward, if it is the market's, and to both sides, if it is the team's.
    """
    of_market = name in ("hoped_share", "reach")
    if name == most:
        return (
            (rng.uniform(0.5, 0.65), rng.uniform(0.05, 0.2))
            if of_market
            else tuple(rng.uniform(0.25, 0.4, 2))
        )
    if of_market:
        return rng.uniform(0.08, 0.25), rng.uniform(0.5, 0.9)
    return tuple(rng.uniform(0.05, 0.2, 2))


def _shortcuts_miss(ranges: dict, firms: float, need: float, most: str) -> bool:
    """Whether the dealt assumption swings most, and the widest range and the sum without a cap name others."""

    def size(reach, hoped_share, ready_sellers, contracts_year, value_cny):
        return market_size(
            firms,
            need=need,
            value_cny=value_cny,
            reach=reach,
            share=hoped_share,
            sellers=ready_sellers,
            contracts=contracts_year,
        )

    bars = tornado(lambda **all_five: size(**all_five).som, ranges)
    if bars["assumption"][0] != most or bars["swing"][0] < _LEAD * bars["swing"][1]:
        return False
    wide = {name: (high - low) / usual for name, (low, usual, high) in ranges.items()}
    widest = sorted(wide, key=wide.get, reverse=True)
    without = tornado(lambda **all_five: size(**all_five).wanted, ranges)
    return most not in (widest[0], without["assumption"][0])
