"""A walk through an exercise in the browser, with the mistakes that beginners make, up the ladder to the solution.

``python -m tests.browser.walk 03 --out walk.md`` walks through chapter 3 after a build and writes what was shown;
the test suite takes a few steps. Exit code 1 where something else was shown than the mistakes' list expects.
"""

import argparse
import itertools
import sys
from dataclasses import dataclass, field
from pathlib import Path

from playbook.authoring.beginners import CITY, Mistake, compare, read_mistakes
from playbook.authoring.master import Block, Master, find_masters
from playbook.cases.draw import draw_city
from playbook.exercises.ladder import Rung, Tries
from playbook.exercises.outcomes import Outcome
from playbook.exercises.view import HELP_MIME, RESULT_MIME
from tests.browser.conftest import TRAINEE, answered, cell_id, cell_of, type_in

#: Widths at which the ladder is photographed, and a height that takes a whole cell.
WIDTHS, TALL = (1280, 390), 2_400
BOX = ".jp-OutputArea-output [role=status]"
STEP, BUTTON = "A worked step.", "Show me the solution"
CELLS = """() => [...playbook.panel.content.model.cells].filter((cell) => cell.type === "code")
  .map((cell) => [cell.id, cell.getMetadata("playbook") || {}])
  .filter(([, told]) => !told.panel).map(([id, told]) => [id, told.question || ""])"""
SOURCE = (
    "(id) => [...playbook.panel.content.model.cells].find((cell) => cell.id === id).sharedModel.getSource()"
)
DATA = f"""(id) => {{
  const cell = [...playbook.panel.content.model.cells].find((cell) => cell.id === id);
  const all = cell.outputs.toJSON().map((output) => output.data || {{}});
  return Object.assign({{}}, ...all.map((data) => data["{RESULT_MIME}"] || data["{HELP_MIME}"] || {{}}));
}}"""


@dataclass(frozen=True)
class Step:
    """One cell as it was run.

    Attributes:
        typed: what was typed, in a few words.
        shown: what was shown, without the ladder's help.
        rung: the highest rung of the ladder that was shown.
        differs: what differs from what is expected; empty where all fits.
    """

    question: str
    typed: str
    shown: str
    rung: Rung = Rung.NONE
    differs: str = ""


@dataclass
class _Seen:
    """What stands below a cell after it ran."""

    shown: str
    rung: Rung
    data: dict = field(default_factory=dict)


class Walk:
    """A trainee in front of an exercise that has just been opened."""

    def __init__(self, page, master: Master, pictures: Path | None = None):
        self._page, self._master, self._pictures = page, master, pictures
        self._blocks: dict[str, Block] = {block.question.id: block for block in master.blocks}
        self._tries, self._taken = 0, set[str]()
        self._before: dict[str, list[str]] = {}  # the cells between a question and the one before it
        cells: list[str] = []
        for name, question in page.evaluate(CELLS):
            if question:
                self._before[question], cells = cells, []
            else:
                cells.append(name)

    def lead_up(self, question: str) -> None:
        """Run the cells that stand between a question and the one before it."""
        for name in self._before[question]:
            type_in(self._page, cell_of(self._page, name))

    def question(self, question: str, mistakes: list[Mistake], climb: bool) -> list[Step]:
        """Make the mistakes at a question, climb the ladder to its end if asked to, then give the right answer."""
        self._tries, steps = 0, []
        for mistake in mistakes:
            steps.append(self._mistake(mistake))
            self._photograph(steps[-1], climb)
        if climb:
            steps += self._climb(question, steps[-1].rung if steps else Rung.NONE)
        return [*steps, self._solve(question)]

    def _mistake(self, mistake: Mistake) -> Step:
        block = self._blocks[mistake.question]
        typed = _typed(mistake, block.starter)
        if mistake.not_run or mistake.open:
            return Step(mistake.question, typed, "(not walked: it needs earlier cells that are open)")
        self.lead_up(mistake.question)
        source = mistake.source(block.starter)
        for _ in range(1 + mistake.twice):
            seen = self._run(mistake.question, source)
        told = compare(mistake, seen.shown)
        differs = [f"lacks {piece!r}" for piece in told.lacking]
        differs += [f"must not say {piece!r}" for piece in told.wrongly]
        return self._step(block, typed, seen, differs)

    def _climb(self, question: str, rung: Rung) -> list[Step]:
        """Answer wrongly until the solution on another city's table is offered, open it and read."""
        block = self._blocks[question]
        steps = []
        nonsense = (f'{block.question.answer} = "try {number}"' for number in itertools.count())
        judged = block.question.feedback == "recorded"  # what it would say of a wrong answer is not said here
        wrongs = itertools.chain((wrong.source for wrong in block.wrongs if not judged), nonsense)
        while rung < Rung.SOLUTION and len(steps) < 8:
            self.lead_up(question)
            seen = self._run(question, answered(next(wrongs), block.question))
            steps.append(self._step(block, "another wrong answer", seen, []))
            self._photograph(steps[-1], True)
            rung = seen.rung
        cell = cell_of(self._page, cell_id(question))
        cell.get_by_text(BUTTON).click()
        told = _line(cell.locator("details").inner_text())
        lines = block.help.source.splitlines() if block.help else []
        missing = [line for line in map(_line, [*lines, "Its result:"]) if line not in told]
        differs = f"lacks {missing[0]!r}" if missing else ""
        steps.append(Step(question, f"(presses “{BUTTON}”)", told, Rung.SOLUTION, differs))
        self._photograph(steps[-1], True, "-pressed")
        return steps

    def _solve(self, question: str) -> Step:
        block = self._blocks[question]
        self.lead_up(question)
        seen = self._run(question, answered(block.solution, block.question))
        recorded = block.question.feedback == "recorded"
        outcome, points = (Outcome.RECORDED, 0) if recorded else (Outcome.PASSED, block.question.points)
        differs = []
        if seen.data.get("outcome") != outcome:
            differs.append(f"is {seen.data.get('outcome')}, not {outcome}")
        if seen.data.get("points") != points or seen.data.get("max_points") != block.question.points:
            differs.append(f"gives {seen.data.get('points')} of {block.question.points:g} points")
        if seen.rung:
            differs.append("a right answer is given help")
        return Step(question, "the right answer", seen.shown, seen.rung, "; ".join(differs))

    def _run(self, question: str, source: str) -> _Seen:
        """Type into a question's cell, run it, and read what stands below."""
        name = cell_id(question)
        cell = cell_of(self._page, name)
        type_in(self._page, cell, source)
        typed = self._page.evaluate(SOURCE, name)
        if typed != source:
            raise AssertionError(f"the cell of {question} does not hold what was typed: {typed!r}")
        help_ = cell.locator(BOX).locator(f"div:has(> strong:text-is('{STEP}')), details")
        shown = _line(" ".join(cell.locator(BOX).all_inner_texts()))
        for part in help_.all_inner_texts():
            shown = shown.replace(_line(part), "")
        rung = Rung.WHERE if shown else Rung.NONE
        rung = Rung.STEP if help_.count() else rung
        rung = Rung.SOLUTION if cell.locator("details").count() else rung
        data = self._page.evaluate(DATA, name)
        return _Seen(shown, Rung.NONE if data.get("outcome") in _NO_TRY else rung, data)

    def _step(self, block: Block, typed: str, seen: _Seen, differs: list[str]) -> Step:
        """A wrong try, with the rung that it has reached held against the ladder's rule."""
        if seen.data.get("outcome") not in _NO_TRY:
            self._tries = seen.data.get("tries", self._tries + 1)
            expected = Tries(self._tries).reached(block.help)  # type: ignore[arg-type]
            if seen.rung != expected:
                differs.append(f"try {self._tries} is on rung {seen.rung:d}, not {expected:d}")
        return Step(block.question.id, typed, seen.shown, seen.rung, "; ".join(differs))

    def _photograph(self, step: Step, climb: bool, note: str = "") -> None:
        """A picture of a question's cell at each width, where pictures are asked for; one for each rung."""
        if not (self._pictures and climb and step.rung):
            return
        name = f"{step.question}-{step.rung:d}{note}"
        self._pictures.mkdir(parents=True, exist_ok=True)
        if name in self._taken:
            return
        self._taken.add(name)
        before = self._page.viewport_size
        for width in WIDTHS:
            self._page.set_viewport_size({"width": width, "height": TALL})
            self._page.wait_for_function(
                "(width) => document.querySelector('.jp-Notebook').clientWidth <= width", arg=width
            )
            cell = cell_of(self._page, cell_id(step.question))
            cell.screenshot(path=self._pictures / f"{name}-{width}.png")
        self._page.set_viewport_size(before)


#: Outcomes that are no wrong try.
_NO_TRY = (Outcome.UNATTEMPTED, Outcome.RECORDED, Outcome.PASSED)


def _typed(mistake: Mistake, starter: str) -> str:
    """A mistake in a few words, with the lines that were changed for it."""
    before = starter.splitlines()
    lines = [line.strip() for line in mistake.source(starter).splitlines() if line not in before]
    return ": ".join(filter(None, (mistake.does, "; ".join(lines))))


def open_as_trainee(course, context, slug: str, trainee: str):
    """Go from a chapter's page into its exercise, and say who one is; the page with the notebook."""
    page = context.new_page()
    page.goto(f"{course.address}book/{slug}.html")
    page.locator(".exercise-card").get_by_role("link", name="Open in the browser").click()
    page.get_by_label("Your name or staff number").fill(trainee)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "window.playbook?.panel?.content.model.cells.get(1) && playbook.store.read().trainee"
    )
    return page


def walk(
    course, master: Master, mistakes, city: str = CITY, pictures: Path | None = None, tell=lambda one: None
):
    """Walk through the questions that the mistakes belong to; every step, in order.

    Args:
        course: the site in a browser.
        mistakes: of `master`; the questions without one are answered rightly up to the last that has some.
        pictures: a folder for pictures of the ladder.
        tell: told each step.
    """
    trainee = next(
        name
        for name in itertools.chain([TRAINEE], (f"Trainee {number}" for number in itertools.count(1)))
        if draw_city(name) == city
    )
    context = course.context(trainee="", viewport={"width": WIDTHS[0], "height": 900})
    page = open_as_trainee(course, context, master.id, trainee)
    here = Walk(page, master, pictures)
    steps, climbed = [], set()
    left = {mistake.question for mistake in mistakes}
    for block in master.blocks:
        if not left:
            break
        question = block.question
        own = [mistake for mistake in mistakes if mistake.question == question.id]
        if not own:
            here.lead_up(question.id)
        climb = bool(own and block.help and question.kind.name not in climbed)
        for step in here.question(question.id, own, climb):
            steps.append(step)
            tell(step)
        climbed |= {question.kind.name} if climb else set()
        left.discard(question.id)
    assert page.evaluate("playbook.store.read().case") == city
    context.close()
    return steps


def table(steps: list[Step]) -> str:
    """The steps as a table in Markdown."""
    rows = ["| Question | Typed | Shown | Rung | Fits |", "|---|---|---|---|---|"]
    for one in steps:
        cells = (one.question, _short(one.typed, 140), _short(one.shown, 160), _RUNGS[one.rung])
        rows.append(f"| {' | '.join(cells)} | {_short(one.differs, 200) or 'yes'} |")
    return "\n".join([*rows, "", summary(steps), ""])


_RUNGS = {Rung.NONE: "–", Rung.WHERE: "1 where", Rung.STEP: "2 worked step", Rung.SOLUTION: "3 solution"}


def summary(steps: list[Step]) -> str:
    """How many steps there were, and how many showed what is expected."""
    differing = sum(bool(one.differs) for one in steps)
    questions = len({one.question for one in steps})
    return (
        f"{questions} questions, {len(steps)} steps, {len(steps) - differing} as expected, {differing} not."
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, most: int) -> str:
    text = _line(text).replace("|", "\\|")
    return text if len(text) <= most else f"{text[: most - 1]}…"


def main() -> int:
    """Walk through one exercise; exit code 1 if anything differs from what is expected."""
    from playbook.places import course_root
    from playbook.site.serve import serving
    from tests.browser.conftest import Course
    from tests.conftest import open_chromium

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exercise", nargs="?", default="03", help="its id or the beginning of it")
    parser.add_argument("--city", default=CITY)
    parser.add_argument("--question", help="only this question's mistakes")
    parser.add_argument("--out", type=Path, help="a file for the table; default the terminal")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the ladder")
    given = parser.parse_args()
    master = find_masters(names=[given.exercise])[0]
    mistakes = [one for one in read_mistakes(master) if given.question in (None, one.question)]

    def tell(step: Step) -> None:
        if given.out:
            print("differs" if step.differs else "fits", step.question, step.typed, step.differs, flush=True)

    site = course_root() / "_build" / "html"
    with serving(site) as address, open_chromium() as browser:
        steps = walk(Course(browser, address), master, mistakes, given.city, given.pictures, tell)
    if given.out:
        given.out.write_text(table(steps), encoding="utf-8")
        print(summary(steps))
    else:
        print(table(steps))
    return int(any(step.differs for step in steps))


if __name__ == "__main__":
    sys.exit(main())
