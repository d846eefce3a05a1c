"""The references of the simulator: the best plan found in each city, kept with the planted truths.

They stand in this room, which ships to nobody. What a trainee's kit needs of them, two values a city, is frozen into
the simulator's `yardsticks.json`.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from playbook.errors import PlaybookError
from playbook.places import write_whole
from playbook.simulator.city import City
from playbook.simulator.draws import make_draws
from playbook.simulator.plan import Plan, plan_from
from playbook.simulator.policies import by_the_book, naive
from playbook.simulator.run import simulate
from playbook.simulator.search import WIDER, Standing, climb, keeps_cash, model_digest, widened, with_numbers
from playbook.simulator.yardstick import FILE, Yardstick, yardsticks

#: Where references stand, a file a city.
FOLDER = Path(__file__).with_name("best_plans")
#: Runs on which a reference is measured; those of the grader.
RUNS = 200


def standing_of(city: City, folder: Path = FOLDER) -> Standing | None:
    """How far the search in a city is; None where there is none for this case and these parameters.

    Raises:
        PlaybookError: the file cannot be read.
    """
    data = read_standing(folder / f"{city.name}.json")
    if data is None or (data["fingerprint"], data["model"]) != (city.fingerprint, model_digest()):
        return None
    numbers = (data[name] for name in ("value", "round", "since", "wider"))
    return Standing(plan_from(data["plan"], city.name), *numbers)


def reference(city: City, folder: Path = FOLDER) -> Plan:
    """The best plan found in a city.

    Raises:
        PlaybookError: none was searched for this case and these parameters.
    """
    standing = standing_of(city, folder)
    if standing is None:
        raise _no_reference(city)
    return standing.plan


def _no_reference(city: City) -> PlaybookError:
    return PlaybookError(
        "no reference was computed for this version of the city and the simulator",
        where=city.name,
        remedy=f"compute it with `playbook simulate --reference --cities {city.name}`",
    )


def find_reference(
    city: City,
    folder: Path = FOLDER,
    rounds: int | None = None,
    tell: Callable[[Standing], None] = lambda standing: None,
) -> Standing:
    """Search a city's reference; a search that was stopped goes on, one that is over is not repeated.

    Where the best plan breaks the cash rule on the grader's runs, the search goes on with more cash to keep free.

    Args:
        rounds: most rounds in all; default the search's own.
        tell: called after each round, when the round is on disk.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def keep(standing: Standing) -> None:
        data = {
            "city": city.name,
            "fingerprint": city.fingerprint,
            "model": model_digest(),
            "round": standing.round,
            "since": standing.since,
            "wider": standing.wider,
            "value": standing.value,
            "plan": standing.plan.as_dict(),
        }
        write_whole(folder / f"{city.name}.json", [json.dumps(data, ensure_ascii=False, indent=1), "\n"])
        tell(standing)

    more = {} if rounds is None else {"rounds": rounds}
    elsewhere, draws = _found_elsewhere(folder, city), make_draws(city, RUNS)
    standing = climb(city, standing_of(city, folder), elsewhere=elsewhere, tell=keep, **more)
    while standing.wider < WIDER and not keeps_cash(simulate(city, standing.plan, draws)):
        standing = climb(city, widened(city, standing), tell=keep, **more)
    if standing.round == 0:
        keep(standing)
    return standing


def ends_on(city: City, folder: Path = FOLDER, runs: int = RUNS) -> Yardstick:
    """The two ends of the gap on an unseen version of a city, for the grader: the naive plan, and the reference.

    Nothing is searched there. The frozen reference of the shipped city runs on the version as it stands, and once
    more with its numbers kept and its places, industries and traits chosen anew by the chapters' rules: an unseen
    version has other first ranks. The better of the two is the upper end.

    Args:
        city: a version of a city that has a reference; its districts have the same names.
        runs: of the grader, about 15 ms each.

    Raises:
        PlaybookError: the city has no reference for these parameters.
    """
    data = read_standing(folder / f"{city.name}.json")
    if data is None or data["model"] != model_digest():
        raise _no_reference(city)
    frozen = plan_from(data["plan"], city.name)
    plans = [with_numbers(by_the_book(city), frozen)]
    if {*frozen.areas, *frozen.offices} <= set(city.districts):
        plans.append(frozen)
    return measure(city, *plans, runs=runs)


def measure(city: City, *plans: Plan, runs: int = RUNS) -> Yardstick:
    """The yardstick that a reference plan gives, on the grader's runs; of several plans the best one counts."""
    draws = make_draws(city, runs)
    nobody, *found = (simulate(city, one, draws).value for one in (naive(city), *plans))
    best = max(found, key=np.mean)
    return Yardstick(
        city=city.name,
        fingerprint=city.fingerprint,
        model=model_digest(),
        runs=runs,
        naive=round(float(nobody.mean()), 3),
        naive_sd=round(float(nobody.std(ddof=1)), 3),
        reference=round(float(best.mean()), 3),
        reference_sd=round(float(best.std(ddof=1)), 3),
    )


def freeze(yardstick: Yardstick, path: Path = FILE) -> None:
    """Put a city's yardstick into the frozen file, in place of an older one of that city."""
    kept = yardsticks(path) | {yardstick.city: yardstick}
    rows: list[dict[str, Any]] = [vars(kept[name]) for name in sorted(kept)]
    write_whole(path, [json.dumps(rows, ensure_ascii=False, indent=1), "\n"])


def _found_elsewhere(folder: Path, city: City, most: int = 3) -> list[Plan]:
    """Plans to begin from: the city's own of an earlier model, then others', those of this model and of the longest
    searches first. They are only tried: what counts is their value now."""
    found = [
        data | {"city": path.stem}
        for path in sorted(folder.glob("*.json"))
        if path.name != FILE.name and (data := read_standing(path))
    ]
    model = model_digest()
    found.sort(key=lambda one: (one["city"] != city.name, one["model"] != model, -one["round"]))
    return [plan_from(one["plan"]) for one in found[:most]]


def read_standing(path: Path) -> dict[str, Any] | None:
    """How far the search of a city's reference stands, as its file says; None where there is none.

    Raises:
        PlaybookError: the file cannot be read.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: data[name] for name in ("fingerprint", "model", "plan", "value", "round", "since", "wider")
        }
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PlaybookError(
            f"the reference cannot be read: {error}",
            where=str(path),
            remedy="delete the file, and compute it anew with `playbook simulate --reference`",
        ) from None
