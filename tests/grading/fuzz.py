"""Hand-ins as nobody would make them: mutated notebooks, hostile names, forged claims.

As a command it tries as many as told, and says what became of them:

    python -m tests.grading.fuzz --count 3000 --runner claims
    python -m tests.grading.fuzz --count 500 --runner warm
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook.authoring import load_master
from playbook.desk.exports import EXPORTS, Cohort
from playbook.desk.feedback import write_feedback
from playbook.exercises.plain import MISSING
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import standings
from playbook.grading.crew import LocalCrew
from playbook.grading.grade import grade_pending, plan_grading
from playbook.grading.marker import Marker
from playbook.running.claims import read_answer
from playbook.running.runner import CellRun, Job, Limits, Run, Runner, UnreadableNotebook, code_cells
from playbook.submissions.hand_in import find_hand_ins
from tests.grading.cohort import notebook_of, solved
from tests.shared.mini import write_master

#: Hand-ins between two lines that say how far a run is.
_STEP = 250
NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "../../../etc/passwd",
    "]]>&<!--",
    "{{ 7 * 7 }}{% raw %}",
    "[x](javascript:alert(1)) ![y](http://example.invalid/z.png)",
    "\x1b[31m\x00\x07",
    "\ud800",
    "\u202etxt.exe",
    "李伟",
    "'; DROP TABLE marks; --",
    "x" * 5000,
    "> " * 300,
    "[" * 300,
)
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=()), max_size=20))
numbers = st.one_of(st.integers(), st.integers(-(10**30), 10**30), st.floats(), st.just(1e308))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)
_TAGS = (
    "list",
    "set",
    "dict",
    "table",
    "nan",
    "infinite",
    "ellipsis",
    "missing",
    "function",
    "raised",
    "large",
)
_FIELDS = (
    "v",
    "of",
    "columns",
    "data",
    "dtypes",
    "index",
    "rows",
    "name",
    "returned",
    "error",
    "message",
    "type",
)


def _tagged(inner: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(
        lambda tag, fields: {"t": tag, **fields},
        st.sampled_from(_TAGS),
        st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=5),
    )


#: Answers as a tampered exporter may claim them.
claims = st.recursive(
    values, lambda inner: st.one_of(_tagged(inner), st.lists(inner, max_size=3)), max_leaves=12
)


@st.composite
def mutated(draw: Any, base: dict) -> bytes:
    """A notebook's bytes after a few changes, to its tree and then to its text."""
    notebook: Any = copy.deepcopy(base)
    for _ in range(draw(st.integers(0, 4))):
        notebook = _change(draw, notebook)
    data = json.dumps(notebook).encode()
    kind = draw(st.sampled_from(["whole", "whole", "whole", "cut", "spliced"]))
    if kind == "cut":
        return data[: draw(st.integers(0, len(data)))]
    if kind == "spliced":
        place = draw(st.integers(0, len(data)))
        return data[:place] + draw(st.binary(max_size=8)) + data[place + draw(st.integers(0, 8)) :]
    return data


def _change(draw: Any, tree: Any) -> Any:
    """Walk to some node and change it."""
    keys = list(range(len(tree))) if isinstance(tree, list) else list(tree) if isinstance(tree, dict) else []
    if not keys:
        return draw(values)
    key = draw(st.sampled_from(keys))
    if isinstance(tree[key], (list, dict)) and draw(st.integers(0, 3)):
        tree[key] = _change(draw, tree[key])
        return tree
    action = draw(st.sampled_from(["replace", "delete", "copy", "text"]))
    if action == "delete":
        del tree[key]
    elif action == "copy" and isinstance(tree, list):
        tree.insert(draw(st.integers(0, len(tree))), copy.deepcopy(tree[key]))
    elif action == "text" and isinstance(tree[key], str):
        text = tree[key]
        place = draw(st.integers(0, len(text)))
        tree[key] = text[:place] + draw(texts) + text[place + draw(st.integers(0, 5)) :]
    else:
        tree[key] = draw(values)
    return tree


class Claiming:
    """A runner that runs nothing and says what it was told to say."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}

    def run(self, job: Job) -> Run:
        """Claim answers; see :class:`playbook.running.runner.Runner`."""
        try:
            cells = [CellRun(index, False, "E" * 300, "<b>") for index, _ in code_cells(job.notebook)]
        except UnreadableNotebook as problem:
            return Run(reason=f"unreadable notebook: {problem}")
        answers, returned = {}, {}
        for name in job.answers:
            claim = self.claims.get(name, MISSING)
            answers[name] = read_answer(json.dumps(claim))
            if isinstance(answers[name], dict) and isinstance(answers[name].get("returned"), list):
                returned[name] = tuple(answers[name].pop("returned"))
        return Run(answers, returned, tuple(cells), dict(job.notebook))


class Fuzz:
    """One gradebook that everything is graded into."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.master = load_master(write_master(folder) / "99-mini")
        self.base = json.loads(json.dumps(notebook_of(self.master, solved)))
        self.base["cells"].append(
            {"cell_type": "markdown", "metadata": {}, "source": "# Mine\n" + "\n\n".join(NASTY[:9])}
        )
        limits = Limits(cell_s=3, notebook_s=12)
        self.marker = Marker(
            {self.master.id: self.master}, "s", folder / "cache", limits=limits, figures=True
        )
        self.book = Gradebook(folder / "gradebook.sqlite")
        self.outcomes: Counter[str] = Counter()
        self.count = 0

    def grade(self, content: bytes, name: str, runner: Runner) -> None:
        """Grade one hand-in: it ends with a mark or a reason, whatever it is."""
        self.count += 1
        place = self.folder / f"in-{self.count}"
        folder = os.fsencode(str(place)) + b"/" + _file_name(name) + b"~%d" % self.count
        os.makedirs(folder)
        with open(folder + b"/99-mini.ipynb", "wb") as file:
            file.write(content)
        hand_ins = find_hand_ins(place, [self.master.id])
        plan = plan_grading(hand_ins, self.book, self.marker)
        tally = grade_pending(plan, self.book, LocalCrew(self.marker, runner, jobs=1))
        assert tally.graded + len(tally.refused) == 1
        reason = tally.refused[0][1] if tally.refused else ""
        assert not reason.startswith("the grader stopped at it"), reason
        assert not tally.refused or reason
        self.outcomes[reason.split(":")[0] or "graded"] += 1

    def show(self) -> None:
        """Everything that is made from the gradebook can be made, and nothing in it runs."""
        chosen = standings(self.book)
        assert all(one.status == GRADED or one.reason for one in chosen)
        cohort = Cohort(self.book, self.book.roster(), chosen, [], site="https://course.example")
        written = {form: "".join(export.write(cohort)).encode() for form, export in EXPORTS.items()}
        ElementTree.fromstring(written["junit"])
        trainees = sorted({one.trainee for one in chosen})
        for path in write_feedback(self.book, self.folder / "feedback", trainees):
            check_harmless(path.read_text(encoding="utf-8"))

    def close(self) -> None:
        """Let go of the gradebook."""
        self.book.close()


def _file_name(name: str) -> bytes:
    data = name.encode("utf-8", "replace").replace(b"/", b"-").replace(b"\0", b"-")[:60]
    return data


_TAGS_SHOWN = (
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "header",
        "h1",
        "h2",
        "h3",
        "p",
        "main",
        "section",
    ),
    *("ol", "ul", "li", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("pre", "code", "figure", "img", "strong", "em", "br", "span", "blockquote", "hr", "del"),
)


class _Page(HTMLParser):
    """Looks at every tag of a page."""

    allowed = frozenset(_TAGS_SHOWN)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in self.allowed, tag
        for name, value in attributes:
            assert not name.startswith("on"), name
            if name == "src":
                assert (value or "").startswith("data:image/png;base64,"), value
            if name == "href":
                assert (value or "").startswith(("#", "http://", "https://")), value


def check_harmless(page: str) -> None:
    """A page holds known tags only, no handler, no script, and loads nothing."""
    assert "default-src 'none'" in page
    _Page(convert_charrefs=True).feed(page)


def run_fuzz(fuzz: Fuzz, runner: Runner, count: int, derandomize: bool = False, tell: bool = False) -> None:
    """Grade `count` hand-ins.

    Args:
        runner: a :class:`Claiming` one gets a claim for each answer.
        tell: print how far it is.
    """
    names = [block.question.answer for block in fuzz.master.blocks]

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=derandomize,
        suppress_health_check=list(HealthCheck),
    )
    @given(mutated(fuzz.base), texts, st.fixed_dictionaries(dict.fromkeys(names, claims)))
    def one(content: bytes, name: str, said: dict[str, Any]) -> None:
        if isinstance(runner, Claiming):
            runner.claims = said
        fuzz.grade(content, name, runner)
        if tell and fuzz.count % _STEP == 0:
            print(f"{fuzz.count} of {count} hand-ins", flush=True)

    one()


@contextlib.contextmanager
def _runner(name: str) -> Iterator[Runner]:
    if name == "claims":
        yield Claiming()
    else:
        from playbook.running.warm.runner import WarmRunner

        with WarmRunner(required=True) as runner:
            yield runner


def main() -> None:
    """Fuzz, and say what became of the hand-ins."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--runner", choices=["claims", "warm"], default="claims")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="playbook-fuzz-") as name, _runner(told.runner) as runner:
        fuzz = Fuzz(Path(name))
        try:
            run_fuzz(fuzz, runner, told.count, tell=True)
            fuzz.show()
        finally:
            print(f"{fuzz.count} hand-ins:", dict(fuzz.outcomes.most_common()))
            fuzz.close()


if __name__ == "__main__":
    main()
