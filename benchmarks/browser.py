"""How long a trainee waits in the browser: from opening an exercise to the first check's answer.

Ours beside a stock JupyterLite with the same notebook, kit, Pyodide and machine, in turns, in one run.
Cold is a fresh profile; warm is the same profile once more. Run it with nothing else running:

    python benchmarks/browser.py [--rounds 5] [--exercise 03-entry-industries]
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from browser_edition.counting import counting
from browser_edition.stock import build_stock
from playwright.sync_api import sync_playwright

from playbook.authoring.release import write_release
from playbook.site.browser import build_browser_edition

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 180_000
NAME = "Li Wei"
#: A check has answered when its box stands in the page.
CHECKED = ".jp-OutputArea-output [role=status]"
PANEL = ".jp-OutputArea-output .jupyter-widgets"


def prepare(work: Path, slug: str) -> None:
    """Both sites, with the trainee's name already in the notebook."""
    release = write_release(ROOT / "_build" / "release")
    copy = work / "release"
    shutil.copytree(release.folder, copy)
    for path in (copy / "notebooks").glob("*.ipynb"):
        text = path.read_text(encoding="utf-8").replace("your name or staff number", NAME)
        path.write_text(text, encoding="utf-8")
    site = work / "site" / "ours"
    site.mkdir(parents=True)
    build_browser_edition(site, copy)
    build_stock(
        work / "site" / "stock", copy / "notebooks" / f"{slug}.ipynb", next((copy / "kit").glob("*.whl"))
    )


def run_ours(page, address: str, slug: str) -> dict[str, float]:
    """Open, press "Run all", wait for the first check."""
    began = time.perf_counter()
    page.goto(f"{address}ours/lite/notebooks/index.html?path={slug}.ipynb", wait_until="commit")
    page.get_by_role("button", name="Run all").click()
    return _times(page, began)


def run_stock(page, address: str, slug: str) -> dict[str, float]:
    """Open, choose Run All Cells once the kernel is there, wait for the first check."""
    began = time.perf_counter()
    page.goto(f"{address}stock/notebooks/index.html?path=exercise.ipynb", wait_until="commit")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text("Python (Pyodide)").first.wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    return _times(page, began)


def _times(page, began: float) -> dict[str, float]:
    page.locator(PANEL).first.wait_for(state="attached")
    panel = time.perf_counter() - began
    page.locator(CHECKED).first.wait_for(state="attached")
    return {"panel": panel, "first check": time.perf_counter() - began}


def measure(site: Path, slug: str, rounds: int, chromium: str) -> dict[str, dict[str, list[float]]]:
    """Time both in turns; name → what → one number per round."""
    found: dict[str, dict[str, list[float]]] = {"ours": {}, "stock": {}}
    ways = {"ours": run_ours, "stock": run_stock}
    with sync_playwright() as playwright, counting(site) as (address, count):
        for number in range(rounds):
            for name, way in ways.items():
                # A profile on disk: what a private window keeps in memory is too little for Python.
                context = playwright.chromium.launch_persistent_context(
                    site.parent / f"profile-{name}-{number}", executable_path=chromium, args=["--no-sandbox"]
                )
                context.set_default_timeout(PATIENCE)
                for state in ("cold", "warm"):
                    count.take()
                    page = context.new_page()
                    for what, seconds in way(page, address, slug).items():
                        found[name].setdefault(f"{state}, {what} [s]", []).append(seconds)
                    page.wait_for_timeout(500)
                    found[name].setdefault(f"{state}, transfer [MB]", []).append(count.take() / 1e6)
                    page.close()
                context.close()
            print(f"round {number + 1} of {rounds} done", file=sys.stderr)
    return found


def transfers(site: Path, chromium: str) -> dict[str, float]:
    """MB over the wire, cold, of each exercise run from its first to its last cell."""
    sizes = {}
    described = json.loads((site.parent / "release" / "release.json").read_text(encoding="utf-8"))
    with sync_playwright() as playwright, counting(site) as (address, count):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for entry in described["exercises"]:
            context = browser.new_context()
            context.set_default_timeout(PATIENCE)
            count.take()
            page = context.new_page()
            page.goto(f"{address}ours/lite/notebooks/index.html?path={entry['exercise']}.ipynb")
            page.get_by_role("button", name="Check my work").click()
            page.locator(".playbook-summary").wait_for()
            sizes[entry["exercise"]] = count.take() / 1e6
            context.close()
        browser.close()
    return sizes


def report(found: dict, sizes: dict[str, float]) -> None:
    """Print medians, ranges and the ratio of stock to ours, round by round."""
    print(f"\n{'':34}{'ours':>22}{'stock':>22}{'stock / ours':>14}")
    for what, ours in found["ours"].items():
        stock = found["stock"][what]
        pairs = [theirs / mine for mine, theirs in zip(ours, stock, strict=True) if mine > 0.05]
        ratio = f"{statistics.median(pairs):.1f}" if pairs else "-"
        print(f"{what:34}{_spread(ours):>22}{_spread(stock):>22}{ratio:>14}")
    print("\nTransfer of a whole exercise, cold [MB]")
    for name, size in sizes.items():
        print(f"  {name:32}{size:8.1f}")
    print(f"\nload of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"


def main() -> None:
    """Prepare, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--exercise", default="03-entry-industries")
    options = parser.parse_args()
    chromium = os.environ.get("PLAYBOOK_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise SystemExit("no Chromium here: apt-get install chromium, or name it in PLAYBOOK_CHROMIUM")
    with tempfile.TemporaryDirectory(prefix="playbook-bench-") as folder:
        work = Path(folder)
        prepare(work, options.exercise)
        found = measure(work / "site", options.exercise, options.rounds, chromium)
        report(found, transfers(work / "site", chromium))


if __name__ == "__main__":
    main()
