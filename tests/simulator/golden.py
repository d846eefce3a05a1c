"""What a few runs must come to, to six decimals, on every machine and in the browser.

``python -m tests.simulator.golden`` writes the file anew, after a change of the model that is meant. The same function
runs in the browser: it needs the kit alone.
"""

import json
from pathlib import Path

from playbook.simulator import by_the_book, f_company, make_draws, naive, simulate
from playbook.simulator.city import City

FILE = Path(__file__).with_name("golden.json")
RUNS = 3


def golden_of(city: City, plans: dict) -> dict[str, list[float]]:
    """Value, bookings, customers won and lowest cash of each run of each plan, to six decimals."""
    found = {}
    for name, plan in plans.items():
        outcome = simulate(city, plan, make_draws(city, RUNS))
        totals = outcome.totals()[["value", "bookings", "wins", "lowest"]]
        found[f"{city.name} {name}"] = [round(float(number), 6) for number in totals.to_numpy().ravel()]
    return found


def all_golden() -> dict[str, list[float]]:
    """The tiny city with a plan that uses everything a little, and Jinhua with three known plans."""
    from playbook.cases import load_case
    from playbook.simulator import make_city
    from tests.simulator.tiny import small_plan, tiny_city

    jinhua = make_city(load_case("jinhua"))
    known = {"naive": naive(jinhua), "f": f_company(jinhua), "book": by_the_book(jinhua)}
    return golden_of(tiny_city(), {"small": small_plan()}) | golden_of(jinhua, known)


if __name__ == "__main__":
    FILE.write_text(json.dumps(all_golden(), indent=1) + "\n", encoding="utf-8")
