"""Six cities to choose from, three judges, and the bench that sets the pace (chapter 8)."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.seeds import stream
from playbook.cases.planning import CRITERIA, LEVELS
from playbook.errors import PlaybookError
from playbook.market.bench import RANDOM_INDEX, ROLES, SCORES, most_value
from playbook.market.distances import haversine_km

JUDGES = ("Fang", "Lin", "Tang")
QUARTERS = 4
#: Weights of a judge on the scale of one to nine, and how far apart two scores are that count as apart.
_STEPS = np.array([1 / 9, 1 / 8, 1 / 7, 1 / 6, 1 / 5, 1 / 4, 1 / 3, 1 / 2, *range(1, 10)])
_APART = 0.05
#: A calendar that a shortcut gives reaches at most so much of the best: twice what the exercise lets pass.
_CLEARLY_LESS = 0.94
_HEAD_OFFICE, _DETOUR = "330100", 1.3
_PEOPLE, _RESERVES, _CANDIDATES = 60, 13, 13
_PROFILES = ("offensive", "explosive", "market", "activity", "farming")
#: From a level, to a level or out of the company, people in a year.
_Move = tuple[str, str, int]
_MOST_DRAWS, _MOST_CITIES, _MOST_LISTS, _MOST_STAFFINGS = 4000, 400, 60, 20


def launch(ground: Ground) -> dict[str, pd.DataFrame]:
    """`launch_options`, `judgements`, `bench`, `bench_moves`, and the rows of `assumptions` on veterans."""
    rng = stream(ground.seed, "launch options")
    odd = ground.deal("inconsistent judge", JUDGES)
    scarce = ground.deal("scarce role", ROLES)
    sound = [judge != odd for judge in JUDGES]
    judging, moving = stream(ground.seed, "judgements"), stream(ground.seed, "bench moves")
    for _ in range(_MOST_CITIES):
        judged = _judgements(judging, odd)
        weights = np.array([judged[judge][0] for judge in JUDGES])
        listed = _options(rng, ground, weights[sound].mean(axis=0), weights.mean(axis=0))
        if listed is None:
            continue
        options, order = listed
        if staffed := _staffed(moving, ground, options, order, scarce):
            needs, moves, stock, veterans = staffed
            break
    else:
        raise PlaybookError(f"no draw lets {scarce} set the pace", where=f"the case {ground.adcode}")
    rows = [
        ("veterans_now", "Experienced sellers free to move in the first quarter", "persons", veterans[0]),
        ("veterans_quarter", "More of them in each quarter that follows", "persons", veterans[1]),
    ]
    assumptions = pd.DataFrame(
        [(*row, max(row[3] - 2, 0), row[3] + 2) for row in rows],
        columns=["name", "meaning", "unit", "usual", "low", "high"],
    )
    return {
        "assumptions": assumptions,
        "launch_options": needs,
        "judgements": _pairs({judge: ratios for judge, (_weights, ratios) in judged.items()}),
        "bench": _bench(stream(ground.seed, "bench"), stock, ground.deal("best seller's gap", SCORES[1:])),
        "bench_moves": moves,
    }


def _judgements(rng: np.random.Generator, odd: str) -> dict[str, tuple[np.ndarray, list[float]]]:
    """Weights and answers of each judge; those of the odd one contradict each other."""
    return {judge: _judge(rng, judge == odd) for judge in JUDGES}


def _judge(rng: np.random.Generator, odd: bool) -> tuple[np.ndarray, list[float]]:
    low, high = (0.15, 0.30) if odd else (0.01, 0.08)
    for _ in range(_MOST_DRAWS):
        weight = rng.dirichlet(np.full(len(CRITERIA), 2.0)).clip(0.05)
        ratios = []
        for first, second in combinations(range(len(CRITERIA)), 2):
            true = weight[first] / weight[second] * np.exp(rng.normal(0, 0.9 if odd else 0.25))
            ratios.append(round(float(_STEPS[np.argmin(np.abs(np.log(_STEPS / true)))]), 4))
        found, ratio = _judged(ratios)
        if low <= ratio <= high and np.diff(np.sort(found)).min() > 0.02:
            return found, ratios
    raise PlaybookError("no judge judges like that")


def _pairs(answers: dict[str, list[float]]) -> pd.DataFrame:
    """The answers as the case ships them, one row a pair."""
    rows = [
        (judge, *pair, ratio)
        for judge, ratios in answers.items()
        for pair, ratio in zip(combinations(CRITERIA, 2), ratios, strict=True)
    ]
    return pd.DataFrame(rows, columns=["judge", "criterion_a", "criterion_b", "ratio"])


def _judged(ratios: list[float]) -> tuple[np.ndarray, float]:
    """Weights and consistency ratio, as `ahp_weights` has them."""
    size = len(CRITERIA)
    square = np.eye(size)
    for (first, second), ratio in zip(combinations(range(size), 2), ratios, strict=True):
        square[first, second], square[second, first] = ratio, 1 / ratio
    weights = np.exp(np.log(square).mean(axis=1))
    weights /= weights.sum()
    largest = (square @ weights / weights).mean()
    return weights, (largest - size) / (size - 1) / RANDOM_INDEX[size]


def _options(
    rng: np.random.Generator, ground: Ground, sound: np.ndarray, everybody: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray] | None:
    """The six cities with what they hold and cost, drawn until no shortcut gives the three best; or none.

    Args:
        sound: mean weights of the judges who are consistent. everybody: of all three.

    Returns:
        The table, and its rows by score, the best first.
    """
    cities = ground.public["cities"].set_index("adcode")
    listed = ground.tables["densities"]
    places = cities.loc[listed["adcode"]]
    home = cities.loc[_HEAD_OFFICE]
    km = haversine_km(places["lat"].to_numpy(), places["lon"].to_numpy(), home["lat"], home["lon"])
    accounts = listed["accounts_icp"].to_numpy()
    km = (_DETOUR * np.asarray(km) / 10).round().astype(int) * 10
    for _ in range(_MOST_LISTS):
        value = (accounts * rng.uniform(0.04, 0.055, len(listed))).round(1)
        cost = 5 * rng.integers(16, 50, len(listed))
        pressure = rng.uniform(0.1, 0.9, len(listed)).round(2)
        table = np.column_stack([accounts, -pressure, -cost, -km])
        if _no_shortcut_to_the_order(table, value, sound, everybody):
            options = pd.DataFrame(
                {
                    "city": listed["city"].to_numpy(),
                    "adcode": listed["adcode"].to_numpy(),
                    "market_accounts": accounts,
                    "value_10k": value,
                    "cost_10k": cost,
                    "km": km,
                    "rival_pressure": pressure,
                }
            )
            return options, np.argsort(-_stretched(table) @ sound)
    return None


def _no_shortcut_to_the_order(
    table: np.ndarray, value: np.ndarray, weights: np.ndarray, everybody: np.ndarray
) -> bool:
    scaled = _stretched(table)
    score = scaled @ weights
    best = np.argsort(-score)
    gaps = -np.diff(score[best])[:3]
    if (gaps < _APART * np.ptp(score)).any():
        return False
    top = best[:3].tolist()
    cost, all_for = table * [1, 1, -1, 1], np.abs(table)
    # The ways that have a hint of their own lead to four different answers.
    hinted = [
        _stretched(cost) @ weights,
        table @ weights,
        scaled.mean(axis=1),
        scaled @ everybody,
    ]
    others = [_stretched(all_for) @ weights, scaled @ weights[::-1], value, *table.T]
    found = {tuple(np.argsort(-one)[:3].tolist()) for one in hinted}
    return (
        len(found) == len(hinted)
        and tuple(top) not in found
        and all(np.argsort(-other)[:3].tolist() != top for other in others)
    )


def _stretched(table: np.ndarray) -> np.ndarray:
    return (table - table.min(axis=0)) / np.ptp(table, axis=0)


def _staffed(
    rng: np.random.Generator, ground: Ground, options: pd.DataFrame, by_score: np.ndarray, scarce: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, tuple[int, int]] | None:
    """The people each city takes and those there will be, drawn until the dealt role sets the pace; or none."""
    own = (options["adcode"] == ground.adcode).to_numpy()
    value = options["value_10k"].to_numpy(float)
    size = options["value_10k"].rank().to_numpy()
    for _ in range(_MOST_STAFFINGS):
        managers = np.where(own, 1, 1 + (size + rng.uniform(-1, 1, len(size)) > 4))
        supervisors = np.where(own, 2, 2 * managers + (rng.random(len(size)) < 0.4))
        veterans = supervisors + rng.integers(0, 2, len(size)) + (managers > 1)
        stock, moves = _moves(rng, scarce)
        free = (
            (int(rng.integers(4, 7)), int(rng.integers(1, 3)))
            if scarce == "veterans"
            else (int(rng.integers(8, 11)), int(rng.integers(3, 6)))
        )
        wanted = np.column_stack([managers, supervisors, veterans]).astype(float)
        if _paced_by(scarce, wanted, value, _people(stock, moves, free), by_score):
            columns = ["city", "adcode", "market_accounts", "value_10k", "cost_10k", "km"]
            needs = options.assign(managers=managers, supervisors=supervisors, veterans=veterans)
            return (
                needs[[*columns, "managers", "supervisors", "veterans", "rival_pressure"]],
                pd.DataFrame(moves, columns=["from_level", "to_level", "people"]),
                pd.Series(stock, index=list(LEVELS), dtype=float),
                free,
            )
    return None


def _people(stock: list[int], moves: list[_Move], free: tuple[int, int]) -> np.ndarray:
    """Leaders, supervisors and veterans (across) that there are by quarter, those already sent included."""
    levels = {level: place for place, level in enumerate(LEVELS)}
    counted = np.zeros((len(LEVELS), len(LEVELS) + 1))
    for level, to, people in moves:
        counted[levels[level], levels.get(to, len(LEVELS))] = people
    rates = counted[:, :-1] / counted.sum(axis=1, keepdims=True)
    now, rows = np.array(stock, dtype=float), []
    for number in range(QUARTERS):
        now = now @ rates
        rows.append((now[levels["M2"]], now[levels["M1"]], free[0] + free[1] * number))
    return np.array(rows)


def _moves(rng: np.random.Generator, scarce: str) -> tuple[list[int], list[_Move]]:
    """Who is on the bench, and how people moved in the last year."""
    leaders = int(rng.integers(1, 3)) if scarce == "leaders" else int(rng.integers(4, 6))
    supervisors = int(rng.integers(4, 7)) if scarce == "supervisors" else int(rng.integers(11, 15))
    rest = _PEOPLE - leaders - supervisors - _RESERVES - _CANDIDATES
    stock = [rest, _CANDIDATES, supervisors, _RESERVES, leaders]
    # Of those at a level at the start of a quarter: how many rose, and how many left.
    up = {"S": 0.04, "M0": rng.uniform(0.06, 0.13), "M1": rng.uniform(0.03, 0.08)}
    up["M1.5"] = rng.uniform(0.04, 0.08) if scarce == "leaders" else rng.uniform(0.08, 0.12)
    rows = []
    for place, level in enumerate(LEVELS):
        whole = round(4 * max(stock[place], 6) * rng.uniform(0.9, 1.1))
        rise = round(whole * up.get(level, 0.0))
        back = int(rng.integers(1, 3)) if level in ("M0", "M1") else 0
        left = max(round(whole * rng.uniform(0.03, 0.07)), 1)
        if place:
            rows.append((level, LEVELS[place - 1], back))
        rows.append((level, level, whole - rise - left - back))
        if place + 1 < len(LEVELS):
            rows.append((level, LEVELS[place + 1], rise))
        rows.append((level, "left", left))
    return stock, [row for row in rows if row[2] > 0]


def _paced_by(
    scarce: str, needs: np.ndarray, value: np.ndarray, there: np.ndarray, by_score: np.ndarray
) -> bool:
    """Whether one more of the dealt role brings most, and no shortcut comes near the best calendar.

    Args:
        needs: city x role. value: by city. there: quarter x role, people that there are.
        by_score: the cities in the order of their scores.
    """
    # A cell that is whole but for the last digit would be one more or one fewer elsewhere.
    if (np.abs(there[:, :2] - there[:, :2].round()) < 0.02).any():
        return False
    whole = np.floor(there)
    one_more = np.eye(len(ROLES))[:, None, :]
    reach, *more = most_value(value, needs, np.concatenate([whole[None], whole + one_more]))
    gain = more.pop(ROLES.index(scarce))
    if reach <= 0 or gain <= 1.03 * reach or gain - max(more) <= 0.02 * reach:
        return False
    orders = (np.argsort(-value), by_score, np.argsort(value), range(len(value)))
    return all(_in_turn(order, needs, value, whole) <= _CLEARLY_LESS * reach for order in orders)


def _in_turn(order: Iterable[int], needs: np.ndarray, value: np.ndarray, whole: np.ndarray) -> float:
    """What the calendar of somebody who goes down a list brings, as `sequence_in_turn` has it."""
    left, room, brings = whole.copy(), [2] * len(whole), 0.0
    for place in order:
        for number in range(len(left)):
            if room[number] and (left[number:] >= needs[place]).all():
                left[number:] -= needs[place]
                room[number] -= 1
                brings += value[place] * (18 - 3 * number)
                break
    return brings


def _bench(rng: np.random.Generator, stock: pd.Series, gap: str) -> pd.DataFrame:
    """Sixty people: a few pass every gate, for each gate somebody fails it alone, and the best seller fails one."""
    people = []
    for level in LEVELS:
        for _ in range(int(stock[level])):
            people.append(_person(rng, level))
    reserves = [person for person in people if person["level"] == "M1.5"]
    passing = int(rng.integers(3, 7))
    fails = [
        {"pool_quarters": 1},
        {"in_pool": False, "pool_quarters": 0},
        {"course_done": False},
        {"led_team": False},
        {"markets": 1},
        {"red_line": True},
        {"results": 97, "process": 88, "team": 86, "strategy": 85, gap: int(rng.integers(44, 57))},
    ]
    for number, person in enumerate(reserves):
        person.update(_passes(rng))
        if number >= passing:
            person.update(fails[(number - passing) % len(fails)])
        if number >= passing + len(fails):
            weak = SCORES[int(rng.integers(len(SCORES)))]
            person[weak] = int(rng.integers(45, 59))
    if all(person["markets"] > 2 for person in reserves[:passing]):
        # Else somebody who asks for more than two kinds of market would find the same people.
        reserves[0]["markets"] = 2
    star = next(person for person in reserves if person["results"] == 97)
    star["bookings_10k"] = round(max(person["bookings_10k"] for person in people) * 1.12, 1)
    table = pd.DataFrame([people[place] for place in rng.permutation(len(people))])
    table.insert(0, "person_id", [f"P{number:03d}" for number in range(1, len(table) + 1)])
    return table


def _passes(rng: np.random.Generator) -> dict[str, object]:
    return {
        "in_pool": True,
        "pool_quarters": int(rng.integers(2, 7)),
        "course_done": True,
        "led_team": True,
        **{score: int(rng.integers(61, 93)) for score in SCORES},
        "red_line": False,
        "markets": int(rng.integers(2, 4)),
    }


def _person(rng: np.random.Generator, level: str) -> dict[str, object]:
    """Somebody of a level; only a reserve manager can be in the pool."""
    rank = LEVELS.index(level)
    scores = rng.normal(58 + 4 * rank, 12, len(SCORES)).round().clip(30, 95).astype(int)
    return {
        "level": level,
        "in_pool": False,
        "pool_quarters": 0,
        "course_done": bool(rng.random() < 0.2 * rank),
        "led_team": bool(rng.random() < 0.25 * rank) or level in ("M1", "M2"),
        **{name: int(score) for name, score in zip(SCORES, scores, strict=True)},
        "red_line": bool(rng.random() < 0.05),
        "markets": int(rng.integers(1, 3 + (rank > 2))),
        "bookings_10k": round(float(rng.lognormal(4.4 - 0.1 * rank, 0.35)), 1),
        "profile": _PROFILES[int(rng.integers(len(_PROFILES)))],
        "would_move": bool(rng.random() < 0.55),
    }
