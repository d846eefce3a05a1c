"""How long one run of the simulator takes: by plan, by number of runs side by side, and to draw its chance.

    python benchmarks/simulator.py [--city jinhua] [--times 5]

Wanted: under 10 ms a run here, under 20 ms in the browser. Times are of the processor, so that what else runs on the
machine counts less.
"""

import argparse
import statistics
import time

from playbook.cases import load_case
from playbook.simulator import known_plans, make_city, make_draws, simulate

#: Milliseconds a run.
WANTED = 10.0
#: Runs side by side: a first look, a panel, a grade.
RUNS = (1, 40, 200)


def milliseconds(do, times: int) -> float:
    """Processor time of the middle one of several calls."""
    found = []
    for _ in range(times):
        began = time.process_time()
        do()
        found.append(1000 * (time.process_time() - began))
    return statistics.median(found)


def main() -> None:
    """Time every known plan, and print what a run takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--city", default="jinhua")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    case = load_case(options.city)
    city = make_city(case)
    print(f"{case}: made ready in {milliseconds(lambda: make_city(case), options.times):.0f} ms")
    for runs in RUNS:
        drawing = milliseconds(lambda runs=runs: make_draws(city, runs), options.times) / runs
        draws = make_draws(city, runs)
        print(f"{runs:4} runs side by side: {drawing:.2f} ms a run to draw")
        for name, plan in known_plans(city).items():
            took = (
                milliseconds(lambda plan=plan, draws=draws: simulate(city, plan, draws), options.times) / runs
            )
            late = "" if took < WANTED or runs == 1 else f"  more than {WANTED:g} ms"
            print(f"     {name:8} {took:6.2f} ms a run{late}")


if __name__ == "__main__":
    main()
