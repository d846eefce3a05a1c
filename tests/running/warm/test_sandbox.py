"""What a sandbox is on this host, as root and as an ordinary user, and what is left when it ends."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path

import pytest

from playbook.errors import PlaybookError
from playbook.running.runner import Job, Limits
from playbook.running.warm import memory
from playbook.running.warm.runner import WarmRunner
from tests.running.warm.helpers import notebook, printed, sandboxed_processes

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]

LOOK = """
import json, os
status = dict(line.rstrip().split(':', 1) for line in open('/proc/self/status'))
seen = {
    'root': sorted(os.listdir('/')), 'env': dict(os.environ), 'cwd': os.getcwd(), 'uid': os.getuid(),
    'pids': sum(name.isdigit() for name in os.listdir('/proc')), 'interfaces': open('/proc/net/dev').read().count(':'),
    'caps': {status[k].strip() for k in ('CapEff', 'CapPrm', 'CapBnd')}, 'seccomp': status['Seccomp'].strip(),
    'masters': os.path.exists(@MASTERS@), 'tests': os.path.exists(@TESTS@), 'git': os.path.exists(@GIT@),
    'seals': os.path.exists(@SEALS@), 'kit': __import__('playbook').__file__, 'case': sorted(os.listdir(os.environ['PLAYBOOK_CASE'])),
}
print(json.dumps(seen, default=sorted))
"""  # fmt: skip


def look(runner, case) -> dict:
    source = LOOK
    for word, path in {
        "MASTERS": "exercises",
        "TESTS": "tests",
        "GIT": ".git",
        "SEALS": "data/seals",
    }.items():
        source = source.replace(f"@{word}@", repr(str(ROOT / path)))
    run = runner.run(Job(notebook(source), case, figures=True))
    assert not run.reason, run.reason
    return json.loads(printed(run))


@pytest.mark.sandbox
class TestNamespaces:
    @pytest.fixture(autouse=True)
    def _namespaces(self, warm_runner):
        if warm_runner.level != "namespaces":
            pytest.skip(
                "this host allows no namespaces: " + "; ".join(warm_runner._parent.about()["missing"])
            )

    def test_only_what_is_listed_can_be_seen(self, warm_runner, tiny_case):
        seen = look(warm_runner, tiny_case)
        assert (seen["masters"], seen["tests"], seen["git"], seen["seals"]) == (False, False, False, False)
        assert "home" not in seen["root"]
        assert seen["case"] == ["case.json", "shops.csv"]
        assert seen["kit"] == str(ROOT / "playbook/__init__.py")

    def test_it_is_alone_and_may_nothing(self, warm_runner, tiny_case):
        seen = look(warm_runner, tiny_case)
        assert seen["pids"] == 1
        assert seen["interfaces"] <= 1
        assert seen["caps"] == ["0000000000000000"]
        assert seen["seccomp"] == "2"
        assert seen["cwd"] == "/sandbox/scratch"

    def test_the_environment_is_clean(self, warm_runner, tiny_case, monkeypatch):
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        seen = look(warm_runner, tiny_case)
        assert "AWS_SECRET_ACCESS_KEY" not in seen["env"]
        assert not [name for name in seen["env"] if "SECRET" in name or "TOKEN" in name or name == "PWD"]

    def test_every_sandbox_is_another_user(self, warm_runner, tiny_case):
        uid = look(warm_runner, tiny_case)["uid"]
        assert uid == os.geteuid() or (os.geteuid() == 0 and uid > 1 << 12)
        assert uid != 0

    def test_the_layers_are_written_into_the_result(self, warm_runner, tiny_case):
        run = warm_runner.run(Job(notebook("a = 1"), tiny_case))
        expected = {
            "private root",
            "process namespace",
            "network namespace",
            "seccomp",
            "limits",
            "memory watch",
        }
        assert expected <= set(run.sandbox)
        assert any(layer.startswith("landlock") for layer in run.sandbox)

    def test_nothing_of_a_notebook_stays_in_the_warm_parent(self, warm_runner, tiny_case):
        word = "W0RD" + os.urandom(8).hex()
        case = tiny_case.parent / word
        if not case.exists():
            case.symlink_to(tiny_case)
        job = Job(
            notebook(f"a = '{word}'; print(a)\ndef f(x): return x"),
            case,
            ("a", "f"),
            {"f": ((word,),)},
            figures=True,
        )
        run = warm_runner.run(job)
        assert run.returned == {"f": (word,)}
        relay = warm_runner._parent._process.pid
        zygote = next(pid for pid, parent in memory.parents().items() if parent == relay)
        for pid in (relay, zygote):
            assert occurrences(pid, word) == 0
        assert occurrences(os.getpid(), word) > 0

    def test_public_tables_are_read_once_for_all_notebooks(self, warm_runner, tiny_case):
        code = "from playbook.cases.tables import _parse\nread = _parse.cache_info().currsize"
        public = sum(len(list((ROOT / "data" / home).glob("*.csv"))) for home in ("reference", "shared"))
        assert warm_runner.run(Job(notebook(code), tiny_case, ("read",))).answers == {"read": public}

    def test_the_scratch_folder_is_fresh_each_time(self, warm_runner, tiny_case):
        for _ in range(2):
            run = warm_runner.run(
                Job(
                    notebook("import os; old = os.listdir('.'); open('x', 'w').write('1')"),
                    tiny_case,
                    ("old",),
                )
            )
            assert run.answers["old"]["v"] == []


def occurrences(pid: int, word: str) -> int:
    """How often a word lies in the writable memory of a process."""
    found = 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            where, rights, *_, name = line.split(maxsplit=5) if line.count(" ") > 5 else (*line.split(), "")
            if "w" not in rights or "[v" in name:
                continue
            low, high = (int(part, 16) for part in where.split("-"))
            mem.seek(low)
            found += mem.read(high - low).count(word.encode())
    return found


def gone(pids) -> None:
    """Wait until processes have ended; fail if one does not."""
    wait, patience = threading.Event().wait, 1000
    while [pid for pid in pids if alive(pid)] and patience:
        wait(0.01)
        patience -= 1
    assert [pid for pid in pids if alive(pid)] == []


@pytest.mark.sandbox
@pytest.mark.slow
class TestEnd:
    def test_a_runner_leaves_nothing(self, tiny_case):
        with WarmRunner(required=True) as runner:
            code = "import os, time\nfor _ in range(3):\n    if not os.fork(): os.setsid(); time.sleep(600)"
            assert runner.run(Job(notebook(code), tiny_case)).reason == ""
            assert sandboxed_processes(runner, wait=threading.Event().wait) == []
            relay = runner._parent._process.pid
            below = [relay, *memory.descendants(relay)]
        assert [pid for pid in below if alive(pid)] == []

    @pytest.mark.parametrize("level", ["namespaces", "landlock"])
    def test_a_runner_that_was_not_needed_ends_at_once_and_leaves_nothing(self, level):
        runner = WarmRunner(level=level)
        runner.start()
        process = runner._parent._process
        below = [process.pid, *memory.descendants(process.pid)]
        runner.close()
        assert process.returncode in (128 + signal.SIGTERM, -signal.SIGTERM)
        gone(below)

    def test_a_grader_that_is_killed_takes_everything_along(self, tiny_case):
        script = f"""
            import os, sys, threading
            from pathlib import Path
            from playbook.running.runner import Job
            from playbook.running.warm.runner import WarmRunner
            runner = WarmRunner()
            runner.level
            cells = [{{"cell_type": "code", "source": "while True: pass"}}]
            threading.Thread(target=runner.run, args=(Job({{"cells": cells}}, Path({str(tiny_case)!r})),), daemon=True).start()
            print(runner._parent._process.pid, flush=True)
            sys.stdin.read()
        """
        grader = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        relay = int(grader.stdout.readline())
        below = [relay, *memory.descendants(relay)]
        grader.kill()
        grader.wait()
        grader.stdin.close()
        grader.stdout.close()
        gone(below)

    def test_a_warm_parent_that_is_killed_is_replaced(self, tiny_case):
        with WarmRunner(required=True) as runner:
            assert runner.run(Job(notebook("a = 1"), tiny_case, ("a",))).answers == {"a": 1}
            runner._parent._process.kill()
            runner._parent._process.wait()
            assert runner.run(Job(notebook("a = 1"), tiny_case, ("a",))).answers == {"a": 1}

    def test_many_threads_share_a_runner(self, warm_runner, tiny_case):
        from concurrent.futures import ThreadPoolExecutor

        jobs = [
            Job(notebook(f"import os; a = {n}; b = os.getpid()"), tiny_case, ("a", "b")) for n in range(12)
        ]
        with ThreadPoolExecutor(6) as pool:
            runs = list(pool.map(warm_runner.run, jobs))
        assert [run.answers for run in runs] == [{"a": n, "b": 1} for n in range(12)]


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.sandbox
class TestLesserLevels:
    """What is used where namespaces are forbidden."""

    @pytest.fixture(scope="class", params=["landlock", "limits"])
    def runner(self, request):
        with WarmRunner(level=request.param) as runner:
            if runner.level != request.param:
                pytest.skip(
                    f"this host has no {request.param}: " + "; ".join(runner._parent.about()["missing"])
                )
            yield runner

    def test_answers_come_out(self, runner, tiny_case):
        code = "import os, pandas as pd\na = pd.read_csv(os.environ['PLAYBOOK_CASE'] + '/shops.csv')['sales'].sum()"
        run = runner.run(Job(notebook(code, "open('x', 'w').write('y')"), tiny_case, ("a",)))
        assert (run.reason, run.answers) == ("", {"a": 60})
        assert {"seccomp", "limits", "no privileges"} <= set(run.sandbox)

    def test_there_is_no_network_and_nobody_to_signal(self, runner, tiny_case):
        code = f"""
import os, signal, socket
def tried(what, *args):
    try: what(*args)
    except OSError as error: return type(error).__name__
    return 'allowed'
a = [tried(socket.socket), tried(os.kill, {os.getpid()}, 0), tried(os.kill, os.getppid(), 0)]
"""
        run = runner.run(Job(notebook(code), tiny_case, ("a",)))
        assert run.answers["a"]["v"] == ["PermissionError"] * 3

    def test_daemons_are_swept_up(self, runner, tiny_case):
        code = "import os, time\nfor _ in range(4):\n    if not os.fork():\n        os.setsid()\n        if os.fork(): os._exit(0)\n        time.sleep(600)"
        run = runner.run(Job(notebook(code), tiny_case))
        assert run.reason == ""
        zygote = runner._parent._process.pid
        wait, patience = threading.Event().wait, 1000
        while runner._parent.about()["busy"] and patience:
            wait(0.01)
            patience -= 1
        supervised = [pid for pid in memory.descendants(zygote) if alive(pid)]
        assert len(supervised) <= 2 * 4  # spares: a supervisor and its child each

    def test_memory_is_watched(self, runner, tiny_case):
        code = "import os, time\nfor _ in range(8):\n    if not os.fork():\n        x = bytearray(150 << 20)\n        x[::4096] = b'1' * len(x[::4096])\n        time.sleep(20); os._exit(0)\ntime.sleep(20)"
        run = runner.run(Job(notebook(code), tiny_case, limits=Limits(cell_s=30, memory_mb=256)))
        assert run.reason == "out of memory"


@pytest.mark.slow
@pytest.mark.sandbox
class TestEachLesserLevel:
    @pytest.fixture(scope="class")
    def runner(self):
        with WarmRunner(level="landlock") as runner:
            if runner.level != "landlock":
                pytest.skip("this host has no Landlock: " + "; ".join(runner._parent.about()["missing"]))
            yield runner

    def test_files_are_out_of_reach(self, runner, tiny_case, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("CANARY")
        code = f"""
got = []
for path in ({str(secret)!r}, '/etc/shadow', '/proc/{os.getpid()}/environ', {str(ROOT / "exercises")!r}, {str(Path.home())!r}):
    try: got.append(open(path).read())
    except IsADirectoryError: got.append(__import__('os').listdir(path))
    except OSError as error: got.append(type(error).__name__)
"""
        run = runner.run(Job(notebook(code), tiny_case, ("got",)))
        assert set(run.answers["got"]["v"]) <= {"PermissionError", "FileNotFoundError"}

    @pytest.mark.long
    def test_what_is_no_sandbox_is_refused_where_one_is_required(self, tiny_case):
        with WarmRunner(required=True, level="limits") as strict:
            with pytest.raises(PlaybookError, match="no sandbox"):
                assert strict.level
            assert strict.run(Job(notebook("a = 1"), tiny_case)).reason.startswith("sandbox missing: ")


ORDINARY = """
import json, sys
from pathlib import Path
from playbook.running.runner import Job, Limits
from playbook.running.warm.runner import WarmRunner

def notebook(*sources):
    return {"cells": [{"cell_type": "code", "source": source} for source in sources]}

secret = Path(sys.argv[1])
assert secret.read_text() == "CANARY"
with WarmRunner(required=True) as runner:
    level = runner.level
    missing = runner._parent.about()["missing"]
    code = [
        "import os, socket\\ndef tried(what, *args):\\n    try: return str(what(*args))\\n    except OSError as e: return type(e).__name__",
        f"read = tried(open, {str(secret)!r}); net = tried(socket.socket); sig = tried(os.kill, {__import__('os').getpid()}, 0)",
        "import pandas as pd; total = pd.read_csv(os.environ['PLAYBOOK_CASE'] + '/shops.csv')['sales'].sum()",
        "n = 0\\ntry:\\n    while n < 300:\\n        if not os.fork(): __import__('time').sleep(30); os._exit(0)\\n        n += 1\\nexcept OSError: pass",
        "stopped = n < 300",
    ]
    run = runner.run(Job(notebook(*code), Path(sys.argv[2]), ("read", "net", "sig", "total", "stopped"), limits=Limits(cell_s=20)))
    dead = runner.run(Job(notebook("x = bytearray(10 << 30)"), Path(sys.argv[2]), ("x",)))
print(json.dumps({"level": level, "missing": missing, "reason": run.reason, "layers": run.sandbox,
                  "answers": run.answers, "errors": [cell.error_name for cell in (*run.cells, *dead.cells)]}))
"""  # fmt: skip

#: Run a program as user 65534, who sees Python wherever it lies; "no" forbids namespaces to it.
AS_NOBODY = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
root, folders, forbid, program = os.geteuid() == 0, sys.argv[1].split(":"), sys.argv[2], sys.argv[3:]
if root:
    assert libc.unshare(0x20000) == 0
    libc.mount(None, b"/", None, 16384 | (1 << 18), None)
held = [(folder, os.open(folder, os.O_PATH)) for folder in folders] if root else []
for folder, fd in held:
    above = [*map(str, reversed(__import__("pathlib").Path(folder).parents)), folder]
    closed = next((p for p in above if os.path.exists(p) and not os.stat(p).st_mode & 1), None)
    if closed:
        assert libc.mount(b"tmpfs", closed.encode(), b"tmpfs", 0, b"mode=755") == 0
    if closed or not os.path.exists(folder):
        os.makedirs(folder, exist_ok=True)
        assert libc.mount(f"/proc/self/fd/{fd}".encode(), folder.encode(), None, 4096 | 16384, None) == 0
    os.close(fd)
if forbid == "no":
    libc.prctl(38, 1, 0, 0, 0)
    steps = b"".join(__import__("struct").pack("HBBI", *s) for s in [(32, 0, 0, 0), (21, 0, 1, {"x86_64": 272, "aarch64": 97}[os.uname().machine]), (6, 0, 0, 0x50001), (6, 0, 0, 0x7FFF0000)])
    class F(ctypes.Structure): _fields_ = [("n", ctypes.c_ushort), ("p", ctypes.c_char_p)]
    f = F(4, steps)
    assert libc.prctl(22, 2, ctypes.byref(f), 0, 0) == 0
if root: os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
os.environ["HOME"] = "/nonexistent"
os.execv(program[0], program)
"""  # fmt: skip


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize(("namespaces", "level"), [("yes", "namespaces"), ("no", "landlock")])
def test_an_ordinary_user_gets_a_sandbox(namespaces, level, tiny_case, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nobody")
    secret, case = folder / "secret", folder / "case"
    case.mkdir()
    for path in (folder, *folder.parents):
        if path == Path(tempfile.gettempdir()):
            break
        path.chmod(0o755)
    for file in tiny_case.iterdir():
        (case / file.name).write_bytes(file.read_bytes())
    secret.write_text("CANARY")
    if os.geteuid() == 0:
        os.chown(secret, 65534, 65534)
    reached = ":".join(dict.fromkeys([sys.base_prefix, str(ROOT), sys.prefix]))
    command = [sys.executable, "-c", AS_NOBODY, reached, namespaces, sys.executable, "-c", ORDINARY]
    done = subprocess.run(
        [*command, str(secret), str(case)], capture_output=True, text=True, timeout=120, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert said["level"] == level, said
    assert said["reason"] == ""
    assert said["answers"]["total"] == 60
    assert said["answers"]["stopped"] is True
    assert {said["answers"][what] for what in ("read", "net", "sig")} <= {
        "PermissionError",
        "FileNotFoundError",
        "ProcessLookupError",
    }
    # The allocation is refused, or the watch on memory ends the notebook first: it never succeeds.
    assert said["errors"] in (["", "", "", "", "", "MemoryError"], ["", "", "", "", ""])
    assert bool(said["missing"]) == (namespaces == "no")


class TestWhatANotebookStarts:
    def test_a_forked_child_that_comes_out_of_its_cell_answers_nothing(self, warm_runner, tiny_case):
        """Parent and child hold the same line to the grader; each request still gets its own reply, from the parent."""
        forked = "import os, sys\nif os.fork() == 0:\n    a, b = 'child', 'child'\n    sys.exit(0)\nos.wait()"
        run = warm_runner.run(Job(notebook("a, b = 1, 2", forked, "c = 3"), tiny_case, ("a", "b", "c")))
        assert run.reason == ""
        assert run.answers == {"a": 1, "b": 2, "c": 3}

    def test_installing_fails_at_once_says_why_and_stops_no_cell(self, warm_runner, tiny_case):
        cells = ("%pip install -q some-package\na = 1", "!pip install other-package\nb = 2")
        run = warm_runner.run(Job(notebook(*cells), tiny_case, ("a", "b"), figures=True))
        assert run.answers == {"a": 1, "b": 2}
        assert "without a network" in run.notebook["cells"][0]["outputs"][0]["text"]
