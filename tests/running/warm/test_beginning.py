"""What notebooks begin with is run once for many: nobody can tell, and nothing goes from one to another."""

import contextlib
import dataclasses
import fcntl
import json
import os
import shutil
import threading
from pathlib import Path

import pytest

from playbook.authoring.master import find_masters
from playbook.cases import load_case
from playbook.places import course_root
from playbook.running.extract import OPENED
from playbook.running.runner import Job, Limits, Run
from playbook.running.warm import memory
from playbook.running.warm.beginning import begins_so
from playbook.running.warm.deputies import MAX_DEPUTIES
from playbook.running.warm.runner import WarmRunner
from tests.running.warm.helpers import notebook
from tests.running.warm.test_sandbox import occurrences

OPEN = (
    'from playbook import open_case, open_exercise\ncase = open_case("your name")\ncheck = open_exercise("x")'
)
#: It reads a table, changes it, draws by chance, sets how pandas shows, imports what draws, and shows its last line.
BEGINNING = (
    OPEN,
    "import random, numpy as np, pandas as pd\nimport playbook.figures\npd.set_option('display.precision', 3)",
    "accounts = case.accounts\naccounts['twice'] = 2 * accounts['employees']\nkept = [random.random(), np.random.rand()]",
    "accounts.head()",
)
#: Everything that a notebook could tell its own past by.
LOOK = """
import gc, matplotlib, os, sys, threading
told = {
    "in": list(In), "out": sorted(Out), "last": [_i, _ii, _iii, _i1, _i2], "count": get_ipython().execution_count,
    "chance": [random.random(), float(np.random.rand()), *kept], "columns": list(accounts.columns),
    "fresh": list(case.accounts.columns), "shows": pd.get_option("display.precision"),
    "style": {name: repr(value) for name, value in matplotlib.rcParams.items()},
    "modules": sorted(name for name in sys.modules if name.startswith("playbook")),
    "environment": dict(os.environ), "folder": [os.getcwd(), *os.listdir()], "threads": threading.active_count(),
    "names": sorted(name for name in globals() if not name.startswith("_i")), "case": sorted(os.listdir(case.folder)),
    "open": sorted(os.readlink(f"/proc/self/fd/{n}").split(":")[0] for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}")),
}
told = __import__("json").dumps(told)
"""


@pytest.fixture(scope="module")
def runner() -> WarmRunner:
    with WarmRunner(required=True, shows=False) as runner:
        if runner.level != "namespaces":
            pytest.skip("deputies need namespaces")
        yield runner


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A folder of its own, so that no other test's deputy knows it."""
    return Path(shutil.copytree(load_case("jinhua").folder, tmp_path / "case"))


def begun(runner: WarmRunner, job: Job, most: int = 200) -> Run:
    """A run of a notebook that went on from a beginning; it is run without one until a deputy is ready."""
    wait = threading.Event().wait
    for _ in range(most):
        runner._begun.clear()
        run = runner.run(job)
        if runner._begun or run.reason:
            return run
        wait(0.05)
    raise AssertionError("no deputy got ready")


def holders(runner: WarmRunner, word: str, until: int = -1) -> int:
    """How many processes below the warm parent hold a word; waits a while for so many, as some are on their way out."""
    found, patience = 0, 100
    while patience:
        found, patience = 0, patience - 1
        for pid in memory.descendants(runner._parent._process.pid):
            with contextlib.suppress(OSError):
                found += occurrences(pid, word) > 0
        if until in (-1, found):
            break
        threading.Event().wait(0.02)
    return found


def alone(job: Job) -> Job:
    """The same job without a beginning."""
    return dataclasses.replace(job, beginning=())


def said(run: Run) -> tuple:
    """All of a run that may not depend on how it was run."""
    cells = [(one.index, one.ok, one.error_name, one.error_value) for one in run.cells]
    return run.reason, run.answers, run.returned, cells, sorted(run.sandbox)


def own(*cells: str, name: str = "Li Wei", beginning: tuple[str, ...] = BEGINNING) -> dict:
    return notebook(beginning[0].replace("your name", name), *beginning[1:], *cells)


class TestBegins:
    def test_a_notebook_with_another_name_begins_so(self):
        assert begins_so([OPEN.replace("your name", "1024"), "a = 1", "b"], (OPEN, "a = 1"))

    @pytest.mark.parametrize(
        "sources",
        [
            [],
            [OPEN],
            [OPEN, "a = 2"],
            ["a = 1", OPEN],
            [OPEN + "\nx = 1", "a = 1"],
            [OPEN + "\nprint(1)", "a = 1"],
            [OPEN.replace('"your name"', "f()"), "a = 1"],
            [OPEN.replace('"your name"', '"a", 2'), "a = 1"],
            [OPEN.replace("case =", "cases ="), "a = 1"],
            ["case = (", "a = 1"],
            ["%matplotlib inline", "a = 1"],
        ],
    )
    def test_one_with_another_line_does_not(self, sources):
        assert not begins_so(sources, (OPEN, "a = 1"))

    def test_nothing_begins_with_nothing(self):
        assert not begins_so([OPEN], ())

    def test_a_first_cell_that_does_more_than_open_is_never_run_ahead(self):
        assert not begins_so([OPEN + "\nprint(1)"], (OPEN + "\nprint(1)",))


@pytest.mark.sandbox
@pytest.mark.slow
class TestTheSame:
    def test_nothing_in_the_notebook_tells_how_it_began(self, runner, case):
        job = Job(own(LOOK), case, ("told", OPENED), beginning=BEGINNING)
        plain, ahead = runner.run(alone(job)), begun(runner, job)
        assert said(ahead) == said(plain)
        assert plain.answers[OPENED] == "Li Wei"
        assert json.loads(plain.answers["told"])["in"][1].count("Li Wei") == 1

    @pytest.mark.parametrize("number", [1, pytest.param(range(14), marks=pytest.mark.long)])
    def test_every_exercise_gives_the_same_answers(self, runner, number):
        from playbook.grading.prepared import Prepared

        city = load_case("jiaxing")
        for master in find_masters(course_root() / "exercises"):
            if master.header.chapter not in (number if isinstance(number, range) else [number]):
                continue
            beginning = Prepared(master, "", None, None).beginning
            solved = [
                cell.block.solution if cell.block else cell.source
                for cell in master.cells
                if cell.block or cell.kind == "code"
            ]
            answers = tuple(question.answer for question in master.questions)
            job = Job(notebook(*solved), city.folder, (*answers, OPENED), beginning=beginning)
            assert said(begun(runner, job)) == said(runner.run(alone(job))), master.id

    def test_nobody_can_tell_what_was_run_ahead(self, runner, case):
        lines = (
            "accounts['ahead'] = 1",
            "new = random.random() + np.random.rand()",
            "kept.append(3)",
            "1 / 0",
            "print(new)",
        )
        job = Job(own(LOOK), case, ("told", OPENED), beginning=BEGINNING, ahead=lines)
        assert said(begun(runner, job)) == said(runner.run(alone(job)))

    def test_what_functions_kept_of_it_is_at_hand(self, runner, case):
        keeps = "import os\nfrom playbook.kept import kept_by_content\ndraw = kept_by_content(lambda x: os.urandom(8).hex())"
        beginning = (OPEN, keeps)
        job = Job(own("a, b = draw(1), draw(2)", beginning=beginning), case, ("a", "b"), beginning=beginning)
        ahead = dataclasses.replace(job, ahead=("draw(1)",))
        one, other = (begun(runner, ahead).answers for _ in range(2))
        assert one["a"] == other["a"]
        assert one["b"] != other["b"]

    def test_a_name_that_stops_the_first_cell_stops_it_either_way(self, runner, case):
        job = Job(own("a = 1", name="\\ud800"), case, ("a", "accounts"), beginning=BEGINNING)
        begun(runner, Job(own(), case, beginning=BEGINNING))
        assert said(runner.run(job)) == said(runner.run(alone(job)))


@pytest.mark.sandbox
@pytest.mark.slow
class TestApart:
    def test_what_one_notebook_changes_the_next_does_not_see(self, runner, case):
        spoils = """
import builtins, os, sys, playbook.cases.tables
accounts.iloc[:, :] = None; accounts.drop(columns=list(accounts.columns), inplace=True)
table = playbook.cases.tables._parse(case.path("accounts"), "accounts", 0, case.path("accounts").stat().st_size)
table.loc[:, "employees"] = -1; table["spoilt"] = 1
builtins.spoilt = sys.spoilt = True; os.environ["SPOILT"] = "1"; open("spoilt", "w").write("1")
playbook.cases.tables.read_table = None; kept.clear()
"""
        looks = "total = int(accounts['employees'].sum()); seen = [list(case.accounts.columns), 'spoilt' in dir(__builtins__), len(kept), __import__('os').listdir()]"
        look = Job(own(looks), case, ("total", "seen"), beginning=BEGINNING)
        before = said(begun(runner, look))
        after_spoiling = said(
            begun(runner, Job(own(spoils, "done = 1"), case, ("done",), beginning=BEGINNING))
        )
        assert after_spoiling[1] == {"done": 1}
        assert said(begun(runner, look)) == before == said(runner.run(alone(look)))

    def test_nothing_of_a_notebook_stays_in_the_deputy(self, runner, case):
        word = "W0RD" + os.urandom(8).hex()
        begun(runner, Job(own(f"a = '{word}'", name=word), case, ("a",), beginning=BEGINNING))
        assert holders(runner, word, until=0) == 0

    def test_only_a_case_s_own_deputy_holds_it(self, runner, case, tmp_path):
        word = "C4SE" + os.urandom(8).hex()
        other = Path(shutil.copytree(case, tmp_path / "other"))
        with (other / "accounts.csv").open("a", encoding="utf-8") as file:
            file.write(
                ",".join([word] * len((case / "accounts.csv").read_text().split("\n", 1)[0].split(",")))
            )
        begun(
            runner,
            Job(
                own("a = 1", beginning=(OPEN, "text = open(case.path('accounts')).read()")),
                other,
                beginning=(OPEN, "text = open(case.path('accounts')).read()"),
            ),
        )
        assert holders(runner, word) > 0
        for number in range(MAX_DEPUTIES):
            beginning = (*BEGINNING, f"number = {number}")
            begun(runner, Job(own("a = 1", beginning=beginning), case, beginning=beginning))
        assert holders(runner, word, until=0) == 0

    def test_a_case_that_changes_is_read_anew(self, runner, case):
        job = Job(own("rows = len(case.accounts)"), case, ("rows",), beginning=BEGINNING)
        before = begun(runner, job).answers["rows"]
        path = case / "accounts.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:-1]), encoding="utf-8")
        assert runner.run(job).answers["rows"] == before - 1
        assert begun(runner, job).answers["rows"] == before - 1


@pytest.mark.sandbox
@pytest.mark.slow
class TestWithout:
    @pytest.mark.parametrize(
        "cell",
        [
            "1 / 0",
            "open('left behind', 'w').write('x')",
            "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        ],
    )
    def test_a_beginning_that_cannot_be_forked_runs_in_each_notebook(self, runner, case, cell):
        beginning = (*BEGINNING, cell)
        job = Job(
            own("a = 1", "left = __import__('os').listdir()", beginning=beginning),
            case,
            ("a", "left"),
            beginning=beginning,
        )
        runs = [said(runner.run(job)) for _ in range(4)]
        assert not runner._begun & {"x"}
        assert runs == [said(runner.run(alone(job)))] * 4

    def test_a_deputy_reads_the_case_through_an_opening_of_its_own(self, runner, case, monkeypatch):
        """Two that list a folder through one opening share how far they are: each misses what the other has read."""
        shared, fork = [], runner._parent.fork

        def watched(kind, files, *rest):
            if len(files) == 4:
                fcntl.fcntl(files[1], fcntl.F_SETFL, os.O_NONBLOCK)  # holds for an opening, not for a number
                shared.append(bool(fcntl.fcntl(files[3], fcntl.F_GETFL) & os.O_NONBLOCK))
                assert os.path.samestat(os.fstat(files[1]), os.fstat(files[3]))
            return fork(kind, files, *rest)

        monkeypatch.setattr(runner._parent, "fork", watched)
        beginning = (*BEGINNING, "number = 19")
        job = Job(own("a = number", beginning=beginning), case, ("a",), beginning=beginning)
        runs = [runner.run(job) for _ in range(3)]
        assert [run.answers["a"] for run in runs] == [19] * 3
        assert shared
        assert not any(shared)

    def test_a_notebook_that_ends_while_a_deputy_gets_ready_is_not_waited_for(self, runner, case):
        beginning = (*BEGINNING, "number = 17")
        for code, reason in (("a = 1", ""), ("import os; os._exit(3)", "dead kernel")):
            run = runner.run(Job(own(code, beginning=beginning), case, beginning=beginning))
            assert run.reason == reason
            assert run.seconds < Limits().cell_s

    def test_more_beginnings_than_deputies_all_run(self, runner, case):
        jobs = [
            Job(
                own(f"b = {number} + a", beginning=(*BEGINNING, f"a = {number}")),
                case,
                ("b",),
                beginning=(*BEGINNING, f"a = {number}"),
            )
            for number in range(8)
        ]
        for number, job in enumerate(jobs):
            assert begun(runner, job).answers["b"] == 2 * number
        assert [runner.run(job).answers["b"] for job in jobs] == [2 * number for number in range(8)]

    def test_figures_are_kept_only_where_everything_is_run(self, runner, case):
        job = Job(own(), case, figures=True, beginning=BEGINNING)
        run = [runner.run(job) for _ in range(3)][-1]
        assert [bool(cell["outputs"]) for cell in run.notebook["cells"]] == [True, False, False, True]
