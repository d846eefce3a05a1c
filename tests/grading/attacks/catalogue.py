"""Attacks on a grader, each a notebook. Words between `@` are filled in with places on the host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playbook.running.runner import Limits, Run

#: Every attack's notebook starts like this; `honest` is an answer that was earned.
HONEST = "honest = sum([1, 2, 3])"
SHORT = Limits(cell_s=2, notebook_s=12, memory_mb=256, file_mb=16)

Check = Callable[[Run, str], None]


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        aim: what it is after.
        name: what it does.
        cells: its notebook.
        stopped_by: what stops it.
        answers: names that the grader takes out.
        calls: calls that the grader makes.
        limits: what the notebook may use.
        ends: acceptable reasons of the run; "" is a run that ended well.
        check: looks at the run and at what was printed, beyond what holds for every attack.
        control: the same notebook succeeds where there is no sandbox.
    """

    aim: str
    name: str
    cells: tuple[str, ...]
    stopped_by: str
    answers: tuple[str, ...] = ("honest",)
    calls: dict[str, tuple] = field(default_factory=dict)
    limits: Limits = SHORT
    ends: tuple[str, ...] = ("",)
    check: Check | None = None
    control: bool = False

    @property
    def id(self) -> str:
        """For a test's name."""
        return f"{self.aim}: {self.name}"

    def sources(self, places: dict[str, Any]) -> list[str]:
        """The cells with this host's places in them."""
        sources = [HONEST, *self.cells]
        for word, place in places.items():
            sources = [source.replace(f"@{word}@", str(place)) for source in sources]
        return sources


def says(text: str) -> Check:
    """The notebook printed this."""

    def check(run: Run, printed: str) -> None:
        assert text in printed, printed[-2000:]

    return check


def fails_with(*names: str) -> Check:
    """The attack's last cell stopped with one of these errors."""

    def check(run: Run, printed: str) -> None:
        assert run.cells[-1].error_name in names, (run.cells[-1], printed[-2000:])

    return check


def claims(**expected: Any) -> Check:
    """The answers are these plain values and no others."""

    def check(run: Run, printed: str) -> None:
        assert dict(run.answers) == expected

    return check


def kinds(**expected: str) -> Check:
    """The answers are of these kinds: only their tags are looked at."""

    def check(run: Run, printed: str) -> None:
        found = {
            name: value.get("t") if isinstance(value, dict) else value for name, value in run.answers.items()
        }
        assert found == expected

    return check


REFUSED = (
    "PermissionError",
    "FileNotFoundError",
    "OSError",
    "NotADirectoryError",
    "ConnectionError",
    "AssertionError",
)
_READ = "print(open({!r}).read())"


def _reads(name: str, place: str, **more: Any) -> Attack:
    return Attack(
        "read",
        name,
        (_READ.format(f"@{place}@"),),
        "private root",
        check=fails_with(*REFUSED),
        control=True,
        **more,
    )


READING = [
    _reads("the master", "MASTER"),
    _reads("another trainee's submission", "SUBMISSION"),
    _reads("the gradebook", "GRADEBOOK"),
    _reads("the seals of the answers", "SEALS"),
    _reads("a file in the instructor's home", "HOME"),
    _reads("a file in the host's temporary folder", "TMP"),
    Attack(
        "read",
        "search the disk for masters and secrets",
        (
            "import os\nfound = []\nfor top in '/tmp', os.path.expanduser('~'), '/':\n"
            "    for folder, _, files in os.walk(top):\n"
            "        if folder.startswith(('/proc', '/usr', '/sys')): continue\n"
            "        for file in files:\n"
            "            if file != 'master.md' and 'secret' not in file.lower(): continue\n"
            "            if file.endswith(('.py', '.pyc', '.so', '.js', '.txt')): continue\n"
            "            try: text = open(os.path.join(folder, file)).read()\n"
            "            except (OSError, ValueError): continue\n"
            "            print(folder, file, text, flush=True)\n"
            "            found.append(file)\n"
            "            assert os.path.join(folder, file) != '@TMP@', 'what was hidden is found'",
            "assert not found",
        ),
        "private root",
        limits=Limits(cell_s=20, notebook_s=40),
        control=True,
    ),
    Attack(
        "read",
        "the environment's secrets",
        ("import os; print(dict(os.environ)); print(os.popen('env').read())",),
        "clean environment",
    ),
    Attack(
        "read",
        "the grader's environment through /proc",
        (
            "import os\nfor pid in os.listdir('/proc'):\n    try: environment = open(f'/proc/{pid}/environ').read()\n"
            "    except OSError: continue\n    print([e for e in environment.split(chr(0)) if 'PLAYBOOK_TEST_SECRET' in e])\nprint(os.getppid(), [p for p in os.listdir('/proc') if p.isdigit()])",
        ),
        "process namespace",
        check=lambda run, printed: _sees_nobody(run, printed),
        control=True,
    ),
    Attack(
        "read",
        "the grader's memory",
        ("print(open('/proc/@GRADER@/mem', 'rb').read(1))",),
        "process namespace",
        check=fails_with(*REFUSED),
    ),
    Attack(
        "read",
        "what other notebooks left in the warm parent's memory",
        (
            "import re\nfound, looked = set(), 0\nfor line in open('/proc/self/maps').readlines():\n"
            "    where, rights, *_ = line.split()\n    if 'w' not in rights: continue\n"
            "    low, high = (int(x, 16) for x in where.split('-'))\n"
            "    with open('/proc/self/mem', 'rb', 0) as memory:\n        memory.seek(low)\n"
            "        try: part = memory.read(min(high - low, 1 << 27))\n        except OSError: continue\n"
            "        looked += len(part)\n        found |= set(re.findall(rb'LEFT-BEHIND-[0-9a-f]{16}', part))\n"
            "print(found, looked > 50_000_000)",
        ),
        "nothing goes through the warm parent",
        limits=Limits(cell_s=20, notebook_s=40),
        check=says("set() True"),
    ),
    Attack(
        "read",
        "through a link to a file outside",
        ("import os; os.symlink('@HOME@', 'link'); print(open('link').read())",),
        "private root",
        check=fails_with(*REFUSED),
        control=True,
    ),
    Attack(
        "read",
        "up from the case's folder",
        (
            "import os\ncase = os.environ['PLAYBOOK_CASE']\nprint(os.listdir(case + '/..'), os.listdir(case + '/../../..'))\n"
            "print(open(case + '/../../../../../../@TMP@').read())",
        ),
        "private root",
        check=fails_with(*REFUSED),
        control=True,
    ),
    Attack(
        "read",
        "through files that the parent left open",
        (
            "import os\nkinds = set()\nfor name in os.listdir('/proc/self/fd'):\n    try: kinds.add(os.readlink('/proc/self/fd/' + name))\n"
            "    except OSError: pass\nprint(kinds)\n"
            "for name in range(3, 300):\n    try: print(os.listdir(f'/proc/self/fd/{name}'))\n    except OSError: pass\n"
            "    try: print(os.listdir(name)); os.fchdir(name)\n    except OSError: pass\nprint(os.getcwd())",
        ),
        "every other file is closed",
        check=says("/scratch\n"),
    ),
    Attack(
        "read",
        "the masters through the kit itself",
        (
            "from playbook.authoring import find_masters\ntry: print(find_masters())\nexcept Exception as e: print('none:', e)",
            "import playbook, pathlib; print(sorted(p.name for p in pathlib.Path(playbook.__file__).parents[1].iterdir()))",
        ),
        "private root",
        check=says("none:"),
    ),
    Attack(
        "read",
        "files by handle, past all folders",
        (
            "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nassert libc.syscall(304, -100, b'\\0' * 16, 0) != -1",
        ),
        "seccomp, no privileges",
        check=fails_with(*REFUSED),
    ),
]


PATCHING = [
    Attack(
        "patch",
        "`check` says passed to everything",
        (
            "import playbook.exercises.check as c\nc.Checker.__call__ = lambda *a: print('passed')\n"
            "from playbook import open_exercise\nopen_exercise('03-entry-industries')('lq', 1)\nlq = 'wrong'",
        ),
        "marks are decided outside",
        answers=("honest", "lq", "city"),
        check=claims(honest=6, lq="wrong"),
    ),
    Attack(
        "patch",
        "the exporter of answers",
        (
            "import playbook.exercises.plain as p, playbook.running.extract as e\n"
            "e.to_plain = p.to_plain = lambda value, *a: {'score': 100, 'passed': True}\nlq = 1",
        ),
        "answers are only claimed values",
        answers=("honest", "lq", "city"),
        check=kinds(honest="other", lq="other"),
    ),
    Attack(
        "patch",
        "the exporter of answers, to hand in what was not computed",
        (
            "import sys\nmodule = sys.modules['playbook.running.warm.interpreter']\n"
            "module.export_answer = lambda namespace, name, *a: '7'",
        ),
        "answers are only claimed values",
        answers=("honest", "lq"),
        check=claims(honest=7, lq=7),
    ),
    Attack(
        "patch",
        "the JSON encoder",
        (
            'import json\njson.dumps = lambda *a, **k: \'{"t": "number", "points": 9, "passed": true}\'\n'
            "json.JSONEncoder.encode = json.dumps",
        ),
        "answers are only claimed values",
        ends=("", "dead kernel"),
    ),
    Attack(
        "patch",
        "builtins",
        (
            "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.len = lambda x: 8\n"
            "builtins.abs = lambda x: 0\nbuiltins.AssertionError = type('E', (BaseException,), {})",
        ),
        "marks are decided outside",
        ends=("", "dead kernel"),
    ),
    Attack(
        "patch",
        "pandas' comparisons",
        (
            "import pandas as pd\npd.DataFrame.equals = pd.Series.equals = lambda *a: True\n"
            "pd.testing.assert_frame_equal = lambda *a, **k: None\npd.DataFrame.__eq__ = lambda *a: True\n"
            "t = pd.DataFrame({'a': [1]})",
        ),
        "answers leave as plain data",
        answers=("honest", "t"),
        check=kinds(honest=6, t="table"),
    ),
    Attack(
        "patch",
        "objects equal to everything",
        (
            "class Any:\n    def __eq__(self, other): return True\n    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__\n"
            "    def __len__(self): return 8\n    def __bool__(self): return True\n    def __float__(self): return 1.0\n"
            "    def __hash__(self): return 0\nlq = Any()",
        ),
        "answers leave as plain data",
        answers=("honest", "lq"),
        check=kinds(honest=6, lq="other"),
    ),
    Attack(
        "patch",
        "numbers that lie",
        (
            "class I(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\n"
            "class F(float):\n    def __abs__(self): return 0.0\n    def __sub__(self, other): return 0.0\n"
            "a, b = I(3), F(2.5)",
        ),
        "answers leave as plain data",
        answers=("honest", "a", "b"),
        check=claims(honest=6, a=3, b=2.5),
    ),
    Attack(
        "patch",
        "a table that lies",
        (
            "import pandas as pd\nclass Lie(pd.DataFrame):\n    def equals(self, other): return True\n"
            "    def __getitem__(self, key): return 0\n    @property\n    def shape(self): return (8, 8)\nt = Lie({'a': [1]})",
        ),
        "answers leave as plain data",
        answers=("honest", "t"),
        check=lambda run, printed: _plain_only(run.answers["t"]),
    ),
    Attack(
        "patch",
        "asserts stripped by a syntax transformer",
        (
            "import ast\nclass Strip(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
            "get_ipython().ast_transformers.append(Strip())",
            "assert False\nlq = 'wrong'",
        ),
        "no check runs inside",
        answers=("honest", "lq"),
        check=claims(honest=6, lq="wrong"),
    ),
    Attack(
        "patch",
        "a namespace that has every name",
        (
            "class Every(dict):\n    def __contains__(self, name): return True\n    def __missing__(self, name): return 'mine'\n"
            "get_ipython().user_ns = Every()",
        ),
        "answers are only claimed values",
        answers=("honest", "lq"),
        check=claims(honest="mine", lq="mine"),
    ),
    Attack(
        "patch",
        "a function with invented results",
        (
            "import playbook.running.extract as e\n"
            "e.call_plain = lambda f, calls: {'t': 'function', 'returned': [1] * 50}\ndef f(x): return x",
        ),
        "one result for each call, or none",
        answers=("honest", "f"),
        calls={"f": ((1,), (2,))},
        check=lambda run, printed: _nothing_returned(run),
    ),
    Attack(
        "patch",
        "pickles that run code where they are loaded",
        ("class P:\n    def __reduce__(self): return (print, ('run by the grader',))\nlq = P()",),
        "no pickle is ever loaded",
        answers=("honest", "lq"),
        check=kinds(honest=6, lq="other"),
    ),
]


def _sees_nobody(run: Run, printed: str) -> None:
    assert "0 ['1']" in printed or run.cells[-1].error_name == "PermissionError"


def _plain_only(value: Any) -> None:
    assert isinstance(value, dict)
    assert value["t"] in ("table", "other", "large")


def _nothing_returned(run: Run) -> None:
    assert run.answers["f"] == {"t": "function"}
    assert run.returned == {}
