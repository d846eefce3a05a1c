"""Tabs closed, reloaded and left at random moments: nothing that was run is lost.

``python -m tests.browser.closings --count 500`` closes as many as you like; the test suite closes a few.
"""

import argparse
import random
import sys

from tests.browser.conftest import cell_id, masters

SLUG = "00-first-notebook"
#: Milliseconds after the run began at which the tab goes: mostly at once, sometimes late.
MOMENTS = (0, 0, 0, 1, 3, 10, 30, 100, 300, 1_000)

#: Writes into the cell, starts it as a trainee does with Ctrl+Enter, and does not wait.
RUN = """([id, source]) => {
  const { content } = playbook.panel;
  const place = [...content.model.cells].findIndex((cell) => cell.id === id);
  content.model.cells.get(place).sharedModel.setSource(source);
  content.activeCellIndex = place;
  content.activeCell.node.focus();
  const key = { key: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
  content.activeCell.node.dispatchEvent(new KeyboardEvent("keydown", key));
}"""
READ = """(id) => [...playbook.panel.content.model.cells].find((cell) => cell.id === id)
  .sharedModel.getSource()"""
OPEN = "window.playbook && playbook.panel && playbook.fresh && playbook.panel.context.isReady"


def close_at_random(course, count: int, seed: int, tell=lambda done: None) -> list[str]:
    """Run a cell and leave, `count` times; what was lost, in words.

    Args:
        course: the site in a browser.
        seed: the same closings come again with the same seed.
        tell: told after each closing how many were done.
    """
    chance = random.Random(seed)
    cell = cell_id(next(one for one in masters() if one.id == SLUG).blocks[0].question.id)
    context = course.context()
    # Python would not be there yet at any of these moments: it need not even come.
    context.route("**/*.wasm", lambda route: None)
    page = course.open_exercise(context, SLUG)
    page.wait_for_function(OPEN)
    lost = []
    for number in range(count):
        way, moment = chance.choice(("reload", "close", "navigate")), chance.choice(MOMENTS)
        source = f"kept = {number}"
        page.evaluate(RUN, [cell, source])
        if moment:
            page.wait_for_timeout(moment)
        page = _leave(course, context, page, way)
        page.wait_for_function(OPEN)
        found = page.evaluate(READ, cell)
        if found != source:
            lost.append(f"{number}: {way} after {moment} ms: {found!r} instead of {source!r}")
        tell(number + 1)
    context.close()
    return lost


def _leave(course, context, page, way: str):
    if way == "reload":
        page.reload(wait_until="commit")
        return page
    if way == "close":
        page.close()
        return course.open_exercise(context, SLUG)
    page.goto(f"{course.address}book/index.html", wait_until="commit")
    page.goto(f"{course.address}lite/notebooks/index.html?path={SLUG}.ipynb", wait_until="commit")
    return page


def main() -> int:
    """Close as many tabs as asked for; exit code 1 if anything was lost."""
    from playbook.places import course_root
    from playbook.site.serve import serving
    from tests.browser.conftest import Course
    from tests.conftest import open_chromium

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=9)
    given = parser.parse_args()
    site = course_root() / "_build" / "html"
    with serving(site) as address, open_chromium() as browser:
        lost = close_at_random(
            Course(browser, address),
            given.count,
            given.seed,
            lambda done: print(f"{done} closings", flush=True) if done % 50 == 0 else None,
        )
    print(f"{given.count} closings, {len(lost)} lost", *lost, sep="\n")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
