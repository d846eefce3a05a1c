"""How long a panel takes to answer in the browser: from a key pressed on a control to the new words, and to the figure.

Every panel, opened alone as a chapter's page opens it, on the trainee's city. Run it after `playbook build`, with
nothing else running:

    python benchmarks/panels.py [--times 15] [--exercise 06-competitors]
"""

import argparse
import os
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import sync_playwright

from playbook.authoring.master import find_masters, masters_folder
from playbook.site.serve import serving

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 180_000
#: What a panel should take at most.
WANTED = 200
#: Milliseconds until the first words change, and until a panel has stood still for half a second after a control's event, less that half second.
ANSWER = """([control, back]) => new Promise((done) => {
  const panel = document.querySelector(".jupyter-widgets");
  const began = performance.now();
  let first = 0, last = 0, timer = null;
  const watcher = new MutationObserver((changes) => {
    if (!changes.some((one) => one.target.closest && one.target.closest(".widget-html, .widget-html-content"))) return;
    last = performance.now() - began;
    first ||= last;
    clearTimeout(timer);
    timer = setTimeout(() => { watcher.disconnect(); done([first, last]); }, 500);
  });
  watcher.observe(panel, { childList: true, subtree: true, attributes: true });
  setTimeout(() => { if (!last) { watcher.disconnect(); done(null); } }, 8000);
  if (control.matches(".noUi-handle")) {
    const key = back ? "ArrowLeft" : "ArrowRight";
    control.dispatchEvent(new KeyboardEvent("keydown", { key, keyCode: back ? 37 : 39, bubbles: true, cancelable: true }));
  } else if (control.matches("select")) {
    control.selectedIndex = (control.selectedIndex + 1) % control.options.length;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  } else control.click();
})"""


def measure(page, address: str, slug: str, times: int) -> list[list[float]]:
    """Milliseconds to the words and to the end of each answer, over the panel's first controls in turn."""
    page.goto(f"{address}book/{slug}.html")
    page.get_by_role("button", name="Try the panel here").click()
    page.wait_for_selector('.panel-frame[data-state="shown"]')
    inner = page.locator(".panel-frame").element_handle().content_frame()
    inner.locator(".jupyter-widgets :is(img, svg[role=img], table)").first.wait_for()
    controls = inner.locator(
        ".jupyter-widgets .noUi-handle, .jupyter-widgets select, .jupyter-widgets input[type=checkbox]"
    )
    count = min(controls.count(), 4)
    found = []
    for number in range(times):
        control = controls.nth(number % count).element_handle()
        control.scroll_into_view_if_needed()
        took = inner.evaluate(ANSWER, [control, number // count % 2 == 1])
        if took is not None:
            found.append(took)
    return found


def main() -> None:
    """Open every panel, move it, and print medians and the slowest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--exercise", default="")
    options = parser.parse_args()
    chromium = os.environ.get("PLAYBOOK_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise SystemExit("no Chromium here: apt-get install chromium, or name it in PLAYBOOK_CHROMIUM")
    site = ROOT / "_build" / "html"
    if not (site / "lite").is_dir():
        raise SystemExit("there is no site to measure: run `playbook build` first")
    print(
        f"{'panel':28}{'words':>10}{'figure':>10}{'slowest':>10}   milliseconds, medians; wanted: at most {WANTED}"
    )
    with sync_playwright() as playwright, serving(site) as address:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for master in find_masters(masters_folder()):
            if not master.header.panel or not master.id.startswith(options.exercise):
                continue
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.set_default_timeout(PATIENCE)
            found = measure(context.new_page(), address, master.id, options.times)
            words, figure = (statistics.median(one) for one in zip(*found, strict=True))
            slowest = max(last for _, last in found)
            print(f"{master.id:28}{words:>10.0f}{figure:>10.0f}{slowest:>10.0f}", flush=True)
            context.close()
        browser.close()
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
