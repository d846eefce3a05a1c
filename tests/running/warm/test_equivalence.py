"""The fast way and the slow way to run a notebook give the same answers, outputs and errors."""

import dataclasses
from pathlib import Path

import pytest

from playbook.running.needed import runs_directly
from playbook.running.runner import CellRun, Job, Limits
from tests.running.warm.helpers import comparable, neutral, notebook

pytestmark = pytest.mark.slow

READ = "import os, pandas as pd\nshops = pd.read_csv(os.path.join(os.environ['PLAYBOOK_CASE'], 'shops.csv'))"

#: What each notebook is about, its cells, the answers to take out, and the calls to make.
NOTEBOOKS = {
    "values of every kind": (
        [
            "import numpy as np, pandas as pd, datetime, decimal",
            "a, b, c, d = 1, 2.5, 'text ü 储备', None",
            "e = [1, (2, 3), {'x': {4}}]; f = np.arange(3); g = np.float64(0.1); h = float('nan'); i = np.inf",
            "j = pd.Series([1, None, 3], name='s'); k = pd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
            "l = ...; m = datetime.date(2025, 1, 2); n = 10**30; o = 'x' * 30_000; p = object(); q = int",
            "r = k.set_index('a'); s = True; t = pd.Timestamp('2025-01-02 03:04'); u = pd.Categorical(['a', 'b'])",
        ],
        (*"abcdefghijklmnopqrstu", "nowhere"),
        {},
    ),
    "functions": (
        [
            "def double(x):\n    return 2 * x",
            "def fails(x):\n    return 1 / x",
            "def nothing(x): ...",
            "adds = lambda x, y=1: x + y",
            "class Callable:\n    def __call__(self, x):\n        return [x]\ncalls = Callable()\nnumber = 3",
        ],
        ("double", "fails", "nothing", "adds", "calls", "number"),
        {
            "double": ((1,), ("ab",), ({"t": "list", "of": "list", "v": [1, 2]},)),
            "fails": ((0,), (4,)),
            "nothing": ((1,),),
            "adds": ((1,), (1, 2), ()),
            "calls": ((5,),),
            "number": ((1,),),
        },
    ),
    "a case": ([READ, "shops", "total = shops['sales'].sum()\ntotal"], ("shops", "total"), {}),
    "prints": (
        [
            "print('one'); import sys; print('two', file=sys.stderr); print('three')",
            "for i in range(3): print(i, end='\\r')\nprint('done')",
            "sys.stdout.write('no newline'); sys.stdout.flush()",
            "print('\\N{SNOWMAN} 储备经理', flush=True)",
            "import warnings; warnings.warn('careful')",
            "sys.stdout.isatty(), sys.stdout.encoding, sys.stdin is None",
        ],
        ("i",),
        {},
    ),
    "last values": (
        ["1 + 1", "_ + 1", "None", "'text'", "[1, 2];", "(1, 'a')", "Out[1] + len(In)", "...", "{'a': [1] * 40}"],
        (),
        {},
    ),
    "displays": (
        [
            "from IPython.display import HTML, Markdown, display, clear_output, JSON",
            "display('a', [1]); display(HTML('<b>x</b>'))",
            "handle = display('before', display_id='same')",
            "handle.update('after')",
            "display(Markdown('*y*'), metadata={'k': 1}); JSON({'a': 1})",
            "print('gone'); clear_output(); print('stays')",
            "print('gone'); clear_output(wait=True); print('stays')",
            "class Own:\n    def _repr_html_(self): return '<i>own</i>'\n    def __repr__(self): return 'own'\nOwn()",
            "class Broken:\n    def __repr__(self): raise ValueError('no repr')\nBroken()",
            "class Self:\n    def _ipython_display_(self): print('shows itself')\nSelf()",
        ],
        (),
        {},
    ),
    "errors": (
        [
            "x = 1\nundefined_name\ny = 2",
            "def f(n):\n    return 1 / n\n\nf(0)",
            "if True print('x')",
            "  indented = 1\n    more = 2",
            "class Own(Exception):\n    def __str__(self): return 'my own ü'\nraise Own",
            "try:\n    {}['k']\nexcept KeyError as e:\n    raise RuntimeError('second') from e",
            "import pandas as pd; pd.DataFrame({'a': [1]})['b']",
            "def deep(n): return deep(n + 1)\ntry:\n    deep(0)\nexcept RecursionError as e:\n    print('deep')",
            "raise KeyboardInterrupt",
            "raise SystemExit(3)",
            "class Rude(Exception):\n    def __str__(self): raise ValueError\ntry:\n    raise Rude\nexcept Rude: print('ok')",
            "assert 1 == 2, 'unequal'",
            "exec('raise OSError(2, \"none\")')",
            "%no_such_magic",
            "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",
            "after = 'still here'",
        ],
        ("x", "y", "after"),
        {},
    ),
    "magics": (
        [
            "%matplotlib inline",
            "%%capture got\nprint('captured')",
            "print(got.stdout)",
            "%%time\nz = 3",
            "!echo from the shell; exit 3",
            "_exit_code",
            "lines = !printf 'a\\nb\\n'\nlines",
            "%env HOME_CITY=Jinhua",
            "import os; os.environ['HOME_CITY']",
            "%%writefile note.txt\nhello",
            "open('note.txt').read()",
            "%precision 2\n3.14159",
            "?print",
            "%%html\n<b>bold</b>",
        ],
        ("z",),
        {},
    ),
    "asynchronous": (
        [
            "import asyncio\nawait asyncio.sleep(0)\nvalue = 1",
            "async def later():\n    global ran\n    ran = True\ntask = asyncio.create_task(later())",
            "await task; ran",
            "asyncio.run(later())",
            "await asyncio.sleep(0, result=5)",
        ],
        ("value", "ran"),
        {},
    ),
    "input": (["answer = 'kept'", "answer = input('name? ')", "import getpass; getpass.getpass()"], ("answer",), {}),
    "leaving": (["a = 1", "exit()", "b = 2", "quit", "import sys; sys.exit('bye')", "c = 3"], ("a", "b", "c"), {}),
    "programs and descriptors": (
        [
            "import os, subprocess, sys\nos.write(1, b'raw\\n');",
            "subprocess.run(['echo', 'from a program']);",
            "subprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True, text=True).stdout",
        ],
        (),
        {},
    ),
    "figures": (
        [
            "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2, 3], label='line'); ax.legend();",
            "plt.bar(['a', 'b'], [1, 2]); plt.title('Bars'); plt.show()\nprint('after')",
            "fig",
            "from matplotlib.figure import Figure\nbare = Figure(); bare.subplots().pie([1, 2]); bare",
            "import playbook.figures.style\nplt.plot([1, 2]); plt.title('In the kit\'s style');",
            "plt.figure(); plt.savefig('f.png'); plt.close()\nimport os; os.path.getsize('f.png') > 1000",
        ],
        (),
        {},
    ),
    "widgets": (
        [
            "import ipywidgets as w\nslider = w.IntSlider(value=3, description='n'); slider.value",
            "out = w.Output()\nwith out:\n    print('inside')\nprint('outside')",
            "slider.observe(lambda change: print('now', change.new), 'value'); slider.value = 5",
            "box = w.VBox([slider, w.HTML('<b>t</b>')]); len(box.children)",
        ],
        (),
        {},
    ),
    "threads and processes": (
        [
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(2) as pool: squares = list(pool.map(lambda x: x * x, range(4)))",
            "import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as pool: lengths = pool.map(len, ['a', 'bb'])",
        ],
        ("squares", "lengths"),
        {},
    ),
    "forks that come out of their cell": (
        [
            "a, b = 1, 2",
            "import os, sys\nif os.fork() == 0:\n    a, b = 'child', 'child'\n    sys.exit(0)\n_ = os.wait()",
            "if os.fork() == 0:\n    a = 'child'\nelse:\n    _ = os.wait()",
            "if os.fork() == 0:\n    b = 'child'; exit()\n_ = os.wait()",
            "for _ in range(2): os.fork()",
            "def f(x):\n    os.fork()\n    return x\nc = 3",
        ],
        ("a", "f", "b", "c"),
        {"f": ((1,), (2,))},
    ),
    "displays of every wrong shape": (
        [
            "from IPython.display import publish_display_data as show\na = 1",
            "for data in ({'text/plain': object()}, {5: 6}, {'text/html': ['a'] * 5}):\n    try: show(data)\n    except Exception: pass\n    a += 1",
        ],
        ("a",),
        {},
    ),
    "chance": (
        ["import random, numpy as np\nr = random.random(); n = np.random.rand(); h = hash('text'); s = {'b', 'a', 'c'}"],
        ("r", "n", "h", "s"),
        {},
    ),
    "answers that fight back": (
        [
            "class Long:\n    def __len__(self): raise SystemExit\n    def __iter__(self): return iter(())\na = Long()",
            "class Sub(list):\n    def __iter__(self): raise KeyboardInterrupt\nb = Sub([1])",
            "c = []\nc.append(c)\nd = list(range(300_000))\ne = 'ok\\ud800'",
            "def f(x): raise SystemExit\ndef g(x): raise KeyboardInterrupt\ndef h(x): exit()",
        ],
        ("a", "b", "c", "d", "e", "f", "g", "h"),
        {"f": ((1,),), "g": ((1,),), "h": ((1,),)},
    ),
    "modules beside the notebook": (
        ["%%writefile mine.py\nvalue = 5", "import mine; mine.value", "import sys; sys.path"],
        (),
        {},
    ),
    "odd cells": (["", "# only a comment", "   \n", "x = 1 # 储备\n\n\n", "x;", "\n\n  \nprint(x)\n", "x\\\n + 1"], ("x",), {}),
    "the shell": (
        [
            "type(get_ipython()).__name__, str(type(get_ipython()))",
            "__name__, __doc__",
            "get_ipython().run_cell('q = 5'); q",
            "get_ipython().user_ns['q']",
            "import sys; sys.modules['__main__'].q",
            "get_ipython().execution_count",
        ],
        ("q",),
        {},
    ),
}  # fmt: skip


#: What these show hangs on which process is faster, or is not for a notebook to hold.
ANSWERS_ONLY = (
    "programs and descriptors",
    "forks that come out of their cell",
    "displays of every wrong shape",
)


#: What both runners are compared on in `make test`; `make prove` takes all.
_SAMPLE = (
    "values of every kind",
    "errors",
    "a case",
    "answers that fight back",
    "widgets",
    "functions",
    "leaving",
)


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize(
    "about", [pytest.param(one, marks=[pytest.mark.long] * (one not in _SAMPLE)) for one in NOTEBOOKS]
)
def test_both_runners_agree_on(about, warm_runner, kernel_runner, tiny_case: Path):
    sources, answers, calls = NOTEBOOKS[about]
    job = Job(notebook(*sources), tiny_case, answers, calls, Limits(cell_s=30), figures=True)
    fast, slow = warm_runner.run(job), kernel_runner.run(job)
    assert (fast.reason, slow.reason) == ("", "")
    assert fast.answers == slow.answers
    assert fast.returned == slow.returned
    if about not in ANSWERS_ONLY:
        assert comparable(fast) == comparable(slow)


@pytest.mark.sandbox
@pytest.mark.parametrize("about", NOTEBOOKS)
def test_marking_mode_takes_out_the_same(about, warm_runner, tiny_case: Path):
    sources, answers, calls = NOTEBOOKS[about]
    shown = warm_runner.run(Job(notebook(*sources), tiny_case, answers, calls, figures=True))
    marked = warm_runner.run(Job(notebook(*sources), tiny_case, answers, calls, figures=False))
    assert marked.notebook is None
    assert marked.answers == shown.answers
    assert marked.returned == shown.returned
    for quietly, loudly in zip(marked.cells, shown.cells, strict=True):
        if loudly.error_name != "NoneType":  # a kernel's name for an error while it shows a value
            assert (quietly.index, quietly.ok, quietly.error_name) == (
                loudly.index,
                loudly.ok,
                loudly.error_name,
            )


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "about", [one for one, (sources, *_) in NOTEBOOKS.items() if runs_directly(list(enumerate(sources)))]
)
def test_what_may_run_directly_gives_the_same(about, warm_runner, tiny_case: Path):
    sources, answers, calls = NOTEBOOKS[about]
    job = Job(notebook(*sources), tiny_case, answers, calls)
    usual, direct = warm_runner.run(job), warm_runner.run(dataclasses.replace(job, direct=True))
    assert (direct.reason, direct.answers, direct.returned) == ("", usual.answers, usual.returned)
    assert [_went(cell) for cell in direct.cells] == [_went(cell) for cell in usual.cells]


def _went(cell: CellRun) -> tuple:
    return cell.index, cell.ok, cell.error_name, neutral(cell.error_value), cell.timed_out


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("which", ["warm_runner", "kernel_runner"])
class TestEach:
    """What holds for each runner alone."""

    @pytest.fixture
    def runner(self, which, request):
        return request.getfixturevalue(which)

    def test_an_endless_cell_costs_only_itself(self, runner, tiny_case):
        job = Job(
            notebook("a = 1", "while True: pass", "b = 2"), tiny_case, ("a", "b"), limits=Limits(cell_s=4)
        )
        run = runner.run(job)
        assert (run.answers, run.reason) == ({"a": 1, "b": 2}, "")
        assert [cell.timed_out for cell in run.cells] == [False, True, False]

    def test_an_endless_answer_costs_only_itself(self, runner, tiny_case):
        sources = ["class L(list):\n    def __iter__(self):\n        while True: pass", "a = L([1]); b = 2"]
        sources.append("def f(x):\n    while True: pass")
        limits = Limits(cell_s=1)
        run = runner.run(Job(notebook(*sources), tiny_case, ("a", "f", "b"), {"f": ((1,),)}, limits))
        assert run.reason == ""
        assert (run.answers["a"]["error"], run.answers["f"]["error"]) == ("TimeoutError", "TimeoutError")
        assert run.answers["b"] == 2

    def test_what_takes_answers_out_is_loaded_before_an_interrupt_can_hit_it_half_loaded(
        self, runner, tiny_case
    ):
        asked = (
            "import sys; loaded = all(name in sys.modules for name in ('pandas', 'playbook.running.extract'))"
        )
        assert runner.run(Job(notebook(asked), tiny_case, ("loaded",))).answers == {"loaded": True}

    def test_a_cell_that_ignores_its_interrupt_ends_the_run(self, runner, tiny_case):
        stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
        run = runner.run(Job(notebook("a = 1", stubborn), tiny_case, ("a",), limits=Limits(cell_s=1)))
        assert (run.reason, run.answers) == ("timeout", {})

    def test_the_whole_notebook_has_a_time(self, runner, tiny_case):
        cells = ["import time\ntime.sleep(5)"] * 8
        run = runner.run(Job(notebook(*cells), tiny_case, limits=Limits(cell_s=20, notebook_s=3)))
        assert run.reason == "timeout"
        assert run.seconds < 30  # all of them would take forty

    def test_a_process_that_ends_itself_is_no_zero(self, runner, tiny_case):
        run = runner.run(Job(notebook("a = 1", "import os; os._exit(0)", "b = 2"), tiny_case, ("a", "b")))
        assert (run.reason, run.answers) == ("dead kernel", {})

    def test_output_is_cut_once_and_answers_survive(self, runner, tiny_case):
        sources = ["print('x' * 3000)", "for _ in range(2000): print('y' * 1000)", "print('z')", "a = 1"]
        run = runner.run(
            Job(notebook(*sources), tiny_case, ("a",), limits=Limits(output_kb=16), figures=True)
        )
        text = "".join(o["text"] for c in run.notebook["cells"] for o in c["outputs"])
        assert run.answers == {"a": 1}
        assert text.count("was left out") == 1
        assert 3000 < len(text) < 17_000
        assert "z" not in text

    def test_answers_have_a_size(self, runner, tiny_case):
        sources = ["a = list(range(100_000)); b = 1"]
        run = runner.run(Job(notebook(*sources), tiny_case, ("a", "b"), limits=Limits(answers_kb=64)))
        assert run.answers["a"]["t"] == "large"
        assert run.answers["b"] == 1

    @pytest.mark.parametrize(
        "broken",
        [
            {},
            {"cells": 3},
            {"cells": [1]},
            {"cells": [{"cell_type": "code", "source": 5}]},
            {"cells": [{}] * 2000},
        ],
    )
    def test_what_is_no_notebook_is_named(self, runner, tiny_case, broken):
        assert runner.run(Job(broken, tiny_case)).reason.startswith("unreadable notebook: ")

    def test_sources_may_be_lists_and_hold_half_characters(self, runner, tiny_case):
        cell = {"cell_type": "code", "source": ["a = 1\n", "b = 'x\ud800'\n"]}
        run = runner.run(
            Job({"cells": [cell, {"cell_type": "markdown", "source": 4}]}, tiny_case, ("a", "b"))
        )
        assert run.answers == {"a": 1, "b": "x?"}
