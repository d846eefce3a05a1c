"""A plan's whole way in the browser: from a beginner's first version to a certificate, with pictures on the way.

``python -m tests.browser.certified --out way`` works through all chapters after a build as Li Wei of Nanjing would,
defends four versions of a plan, hands in, grades and certifies. Pictures and pages land in the folder.
Exit code 1 where the way ends without the certificate.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path

from playbook.authoring.master import Master
from tests.browser.conftest import (
    SET_SOURCES,
    answered,
    cell_id,
    cell_of,
    check_all,
    masters,
    type_in,
)
from tests.browser.walk import WIDTHS

DEFENCE = "13-defence"
SAVED = "!playbook.panel.context.model.dirty"
CODE_CELLS = """() => [...playbook.panel.content.model.cells]
  .filter((cell) => cell.type === "code").map((cell) => cell.id)"""
FIND = """(start) => [...playbook.panel.content.model.cells]
  .find((cell) => cell.sharedModel.getSource().trim().startsWith(start))?.id"""
ROSTER = "id,name,city,nominated,pool_quarters,from_outside,red_line,bookings_10k\nt1,Li Wei,nanjing,yes,3,no,no,310\n"
REVIEWS = """person,quarter,rater,results,process,team,strategy
Li Wei,2026-Q2,Director Qian,78,81,74,70
Li Wei,2026-Q3,Director Qian,82,84,78,75
"""
MARKS = "person,name,assessor,decision,evidence,counter_evidence,next_step,plain_words,remark\n" + "".join(
    f"t1,Li Wei,{assessor},1,1,{counter},1,1,\n"
    for assessor, counter in (("Qian", 1), ("Feng", 0), ("Luo", 1))
)


@dataclass(frozen=True)
class Version:
    """A plan as it is typed: what is set anew in the gathered levers, the shares, the signature, and the reason."""

    name: str
    why: str
    set: dict = field(default_factory=dict)
    shares: tuple[float, float, float, float] = (0.5, 0.5, 0.5, 0.3)
    signed: dict = field(default_factory=dict)


def versions(city, eligible: list[str], outsider: str) -> tuple[Version, ...]:
    """A beginner's plan that the rules stop, one that may run and does badly, and two that mend what costs most.

    Args:
        city: whose plan; its priority districts by the book are worked first.
        eligible: who may lead it. outsider: somebody who may not.
    """
    from playbook.simulator import by_the_book

    book = by_the_book(city)
    signed = {
        "promise": 60.0,
        "first_step": "sales",
        "leader": outsider,
        "attack": list(book.areas)[:2],
        "supervisors": 2,
        "reviews": ["month"],
        "day_hours": 14,
        "first_gate": 3,
    }
    hasty = {"heads": [20] * 8, "veterans": 0, "cadence": 1.0}
    mended = {
        **signed,
        "promise": 2.0,
        "leader": eligible[0],
        "supervisors": 3,
        "day_hours": 8,
        "first_gate": 12,
    }
    mended["reviews"] = ["week", "month"]
    shares = (book.industry_focus, book.area_focus, book.profile_focus, book.follow_up)
    steps = {name: _plain(getattr(book, name)) for name in ("heads", "veterans", "cadence", "teams")}
    money = {name: _plain(getattr(book, name)) for name in ("salons", "ecosystem")}
    return (
        Version("1-stopped", "many sellers at once, long days, a large promise", hasty, signed=signed),
        Version(
            "2-runs", "a leader from the pool, and a promise that the sellers can keep", hasty, signed=mended
        ),
        Version("3-aimed", "veterans first, sellers in steps, and visits aimed", steps, shares, mended),
        Version("4-partners", "salons and partners, for these cost most", steps | money, shares, mended),
    )


def _plain(value):
    return list(value) if isinstance(value, tuple) else value


@dataclass
class Way:
    """What was seen.

    Attributes:
        started: what `start_plan` showed. shown: by version, what the trial said. kept: the table of versions.
        receipt: of the hand-in. graded: what `playbook grade --json` told. certificate: of `playbook certify --json`.
    """

    started: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    kept: str = ""
    receipt: str = ""
    graded: dict = field(default_factory=dict)
    certificate: dict = field(default_factory=dict)


def certified(course, out: Path, answer: Container[int] = range(13), tell=lambda words: None) -> Way:
    """Go the whole way.

    Args:
        course: the site in a browser. out: a folder for pictures, hand-in and pages.
        answer: chapters that are worked through before the plan. tell: told each stage.
    """
    out.mkdir(parents=True, exist_ok=True)
    way, context = Way(), course.context(viewport={"width": WIDTHS[0], "height": 900})
    *chapters, defence = masters()
    for master in (one for one in chapters if one.chapter in answer):
        _solve(course, context, master, out if master is chapters[-1] else None)
        tell(f"{master.id}: answered")
    page = course.open_exercise(context, defence.id)
    page.wait_for_function("playbook.panel.content.model.cells.get(1) && playbook.fresh")
    _defend(page, defence, way, out, tell)
    _hand_in(page, way, out)
    context.close()
    tell("handed in")
    _grade(way, out)
    tell("graded and certified")
    pages = course.browser.new_context(viewport={"width": 900, "height": 1270})
    for path in sorted((out / "certificates").glob("*.html")):
        sheet = pages.new_page()
        sheet.goto(path.resolve().as_uri())
        sheet.screenshot(path=out / f"{path.stem}.png", full_page=True)
    pages.close()
    return way


def _solve(course, context, master: Master, pictures: Path | None) -> None:
    """Answer a chapter as its master does."""
    page = course.open_exercise(context, master.id)
    page.wait_for_function("playbook.panel.content.model.cells.get(1) && playbook.fresh")
    page.evaluate(
        SET_SOURCES, {cell_id(b.question.id): answered(b.solution, b.question) for b in master.blocks}
    )
    check_all(page, close=not pictures)
    if pictures:
        page.screenshot(path=pictures / "0-chapters-checked.png")
        page.keyboard.press("Enter")
    page.wait_for_function(SAVED)
    page.close()


def _defend(page, master: Master, way: Way, out: Path, tell) -> None:
    """Answer chapter 13; the plan in three versions, each on trial."""
    from playbook.cases import load_case
    from playbook.market import eligible_managers
    from playbook.simulator import make_city

    case = load_case("nanjing")
    eligible = list(eligible_managers(case.bench)["person_id"])
    outside = case.bench[~case.bench["in_pool"]]
    plans = versions(make_city(case), eligible, outside.loc[outside["bookings_10k"].idxmax(), "person_id"])
    blocks = {block.question.id: block for block in master.blocks}
    order = page.evaluate(CODE_CELLS)
    trial, kept = (page.evaluate(FIND, start) for start in ("why =", "versions(case)"))
    start = page.evaluate(FIND, "start_plan(case)")

    def run(upto: str) -> None:
        """Run the cells from the top, or from the last one that ran, to one that is typed into."""
        while order and order[0] != upto:
            cell = order.pop(0)
            question = cell.removeprefix("question-").replace("-", "_")
            block = blocks.get(question) if cell.startswith("question-") else None
            type_in(page, cell_of(page, cell), answered(block.solution, block.question) if block else "")

    run(start)
    type_in(page, cell_of(page, start))
    order.pop(0)
    shown = cell_of(page, start)
    way.started = shown.locator(".jp-OutputArea").inner_text()
    levers = shown.locator(".jp-OutputArea pre").last.inner_text()
    shown.screenshot(path=out / "1-levers-gathered.png")
    for number, version in enumerate(plans):
        _type_plan(page, levers, version)
        if not number:  # the rest of the chapter up to the trial, once
            order.remove(cell_id("plan"))
            run(cell_id("signed"))
            order.remove(cell_id("signed"))
        _type_signature(page, version)
        type_in(page, cell_of(page, trial), f'why = "{version.why}"\ndefend(case, plan, signed, why)')
        cell = cell_of(page, trial)
        cell.locator("img, li").first.wait_for()
        way.shown[version.name] = cell.locator(".jp-OutputArea").inner_text()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 2400})
            cell_of(page, trial).screenshot(path=out / f"2-version-{version.name}-{width}.png")
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        tell(f"version {version.name}: {way.shown[version.name].splitlines()[0]}")
    order[:] = [one for one in order if one not in (trial, kept)]
    type_in(page, cell_of(page, kept))
    way.kept = cell_of(page, kept).locator(".jp-OutputArea").inner_text()
    cell_of(page, kept).screenshot(path=out / "3-versions.png")
    run("")


def _type_plan(page, levers: str, version: Version) -> None:
    names = ("industry_focus", "area_focus", "profile_focus", "follow_up")
    shares = "".join(f"    {name}={share},\n" for name, share in zip(names, version.shares, strict=True))
    text = levers
    for name, value in version.set.items():
        text = re.sub(
            rf'"{name}": .*?,  #', lambda found, name=name, value=value: f'"{name}": {value!r},  #', text
        )
    source = f'mine = {text}\nplan = set_levers(\n    mine,\n{shares})\n\ncheck("plan", plan)'
    type_in(page, cell_of(page, cell_id("plan")), source)


def _type_signature(page, version: Version) -> None:
    given = "".join(f"    {name}={value!r},\n" for name, value in version.signed.items())
    type_in(page, cell_of(page, cell_id("signed")), f'signed = sign(\n{given})\n\ncheck("signed", signed)')


def _hand_in(page, way: Way, out: Path) -> None:
    page.wait_for_function(SAVED)
    page.get_by_role("button", name="Hand in").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    page.get_by_text("Receipt of your hand-in").wait_for()
    way.receipt = page.locator(".jp-Dialog .hand-in").inner_text()
    page.screenshot(path=out / "4-receipt.png")
    (out / "hand-ins").mkdir(exist_ok=True)
    download.value.save_as(out / "hand-ins" / download.value.suggested_filename)


def _grade(way: Way, out: Path) -> None:
    """Grade the hand-in and certify its trainee, with the commands."""
    for name, text in (("roster", ROSTER), ("reviews", REVIEWS), ("marks", MARKS)):
        (out / f"{name}.csv").write_text(text, encoding="utf-8")

    def playbook(*arguments: str) -> dict:
        program = "from playbook.cli import main; main()"
        environment = {**os.environ, "PLAYBOOK_SECRET": "s", "COLUMNS": "200"}
        command = [sys.executable, "-c", program, *arguments, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=out, timeout=900)
        if done.returncode or not done.stdout.startswith("{"):
            raise AssertionError(f"{arguments[0]}: {done.returncode} {done.stderr} {done.stdout}")
        return json.loads(done.stdout)

    book = ("--gradebook", "results/gradebook.sqlite")
    way.graded = playbook("grade", "hand-ins", "--roster", "roster.csv", "--out", "results")
    tables = ("--roster", "roster.csv", "--reviews", "reviews.csv", "--marks", "marks.csv")
    way.certificate = playbook("certify", *book, *tables)
    program = "from playbook.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", program, "certify", *book, *tables],
        check=True,
        cwd=out,
        stdout=subprocess.DEVNULL,
    )


def main() -> int:
    """Go the way once, tell it, and say whether it ended with the certificate."""
    from playbook.places import course_root
    from playbook.site.serve import serving
    from tests.browser.conftest import Course
    from tests.conftest import open_chromium

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("way"), help="a folder for pictures and pages")
    given = parser.parse_args()
    with serving(course_root() / "_build" / "html") as address, open_chromium() as browser:
        way = certified(Course(browser, address), given.out, tell=lambda words: print(words, flush=True))
    [one] = way.certificate["certificates"]
    print(way.kept)
    for gate in one["gates"]:
        print(
            gate["gate"], gate["status"], *(f"{check['what']}: {check['found']}." for check in gate["checks"])
        )
    print(one["name"], one["level"], "; ".join(one["missing"]))
    return int(one["level"] != "M2-eligible")


if __name__ == "__main__":
    sys.exit(main())
