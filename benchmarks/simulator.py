"""How long one run of the simulator takes: by plan, by number of runs side by side, and to draw its chance.

    python benchmarks/simulator.py [--city jinhua] [--times 5] [--browser]

With --browser the same 40 runs side by side are timed in Chromium, in exercise 13 of the built site; there it is the
time on the clock, so nothing else should be running.

Wanted: under 10 ms a run here, under 20 ms in the browser. Times are of the processor, so that what else runs on the
machine counts less.
"""

import argparse
import os
import shutil
import statistics
import time
from pathlib import Path

from playbook.cases import load_case
from playbook.simulator import known_plans, make_city, make_draws, simulate

#: Milliseconds a run.
WANTED = 10.0
#: The same in a browser.
WANTED_BROWSER = 20.0
PATIENCE = 120_000
#: What a cell of the exercise runs, and prints: milliseconds a run of each plan.
CELL = """
import statistics, time
from playbook import load_case
from playbook.simulator import known_plans, make_city, make_draws, simulate

timed_city = make_city(load_case("{city}"))
timed_draws = make_draws(timed_city, {runs})
for timed_name, timed_plan in known_plans(timed_city).items():
    timed = []
    for _ in range({times} + 1):
        began = time.perf_counter()
        simulate(timed_city, timed_plan, timed_draws)
        timed.append(1000 * (time.perf_counter() - began) / {runs})
    print("timed", timed_name, round(statistics.median(timed[1:]), 2))
print("timed all")
"""
#: Who opens the exercise, as the browser keeps it: else a dialog asks for the name.
KNOWN = """localStorage.setItem("playbook:" + location.pathname.replace(/lite\\/.*/, ""), JSON.stringify(
  { version: 1, trainee: "Li Wei", case: "", last: "", exercises: {} }))"""
ADD = """(source) => {
  const { model } = playbook.panel.content;
  model.sharedModel.insertCell(model.cells.length, { cell_type: "code", source, metadata: {}, id: "timed" });
}"""
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


def in_browser(city: str, times: int, runs: int = 40) -> dict[str, float]:
    """Milliseconds a run of each known plan in Chromium, by name."""
    from playwright.sync_api import sync_playwright

    from playbook.site.serve import serving

    chromium = os.environ.get("PLAYBOOK_CHROMIUM") or shutil.which("chromium")
    site = Path(__file__).resolve().parents[1] / "_build" / "html"
    if not chromium:
        raise SystemExit("no Chromium here: apt-get install chromium, or name it in PLAYBOOK_CHROMIUM")
    if not (site / "lite").is_dir():
        raise SystemExit("there is no site to measure: run `playbook build` first")
    with sync_playwright() as playwright, serving(site) as address:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script(KNOWN)
        page.goto(f"{address}lite/notebooks/index.html?path=13-defence.ipynb", wait_until="commit")
        page.wait_for_function("window.playbook && playbook.panel")
        page.evaluate(ADD, CELL.format(city=city, times=times, runs=runs))
        cell = page.locator(".jp-Notebook .jp-Cell").last
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        cell.locator(".jp-OutputArea").get_by_text("timed all").wait_for()
        lines = [line.split() for line in cell.locator(".jp-OutputArea").inner_text().splitlines()]
        browser.close()
    return {line[1]: float(line[2]) for line in lines if len(line) == 3}


def main() -> None:
    """Time every known plan, and print what a run takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--city", default="jinhua")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--browser", action="store_true")
    options = parser.parse_args()
    if options.browser:
        for name, took in in_browser(options.city, options.times).items():
            late = "" if took < WANTED_BROWSER else f"  more than {WANTED_BROWSER:g} ms"
            print(f"in the browser {name:8} {took:6.2f} ms a run{late}")
        return
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
