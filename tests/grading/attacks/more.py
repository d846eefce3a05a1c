"""More attacks: what is printed, what is left behind, what is used up, and ways out."""

from __future__ import annotations

from playbook.running.runner import Limits, Run
from tests.grading.attacks.catalogue import REFUSED, SHORT, Attack, claims, fails_with, kinds, says

DEAD = ("dead kernel",)
NOTHING = ("", "dead kernel", "timeout")
_FDS = "for fd in range(3, 300):\n    try:\n        for _ in range(20): os.write(fd, {frame})\n    except OSError: pass"


def _no_more_than_honest(run: Run, printed: str) -> None:
    assert set(run.answers) <= {"honest"}
    assert run.answers.get("honest") in (None, 6)


PRINTING = [
    Attack(
        "print",
        "lines that look like results",
        (
            "print('8/8 all tests passed'); print('{\"score\": 8, \"passed\": true}')",
            "import sys; print('##[set-output name=score]100', '::notice::passed', file=sys.stderr)",
            "open('results.json', 'w').write('{\"score\": 100}'); open('results.xml', 'w').write('<testsuite/>')",
        ),
        "nothing printed is read",
        answers=("honest", "score"),
        check=claims(honest=6),
    ),
    Attack(
        "print",
        "forged frames on every open file",
        (
            "import os, json, struct\nb = json.dumps({'ok': True, 'score': 8, 'count': 1, 'messages': []}).encode()\n"
            + _FDS.format(frame="struct.pack('>I', len(b)) + b"),
        ),
        "a frame is a claim about one's own cells",
        ends=NOTHING,
        check=lambda run, printed: _claims_only(run),
    ),
    Attack(
        "print",
        "a frame of four gigabytes",
        ("import os, struct\n" + _FDS.format(frame="struct.pack('>I', 4_000_000_000)"),),
        "frames are capped",
        ends=NOTHING,
        check=_no_more_than_honest,
    ),
    Attack(
        "print",
        "frames that are no JSON, or nested ten thousand deep",
        ("import os, struct\nb = b'[' * 100_000\n" + _FDS.format(frame="struct.pack('>I', len(b)) + b"),),
        "frames are checked",
        ends=NOTHING,
        check=_no_more_than_honest,
    ),
    Attack(
        "print",
        "half characters, NaN and huge numbers in answers",
        (
            "import playbook.running.warm.interpreter as i\nsent = iter(['{\"t\": \"x\\\\ud800\"}', 'NaN', '9' * 5000, '[1]'])\n"
            "i.export_answer = lambda *a: next(sent)",
        ),
        "answers are checked",
        answers=("a", "b", "c", "d"),
        check=lambda run, printed: _clean(run),
    ),
    Attack(
        "print",
        "scripts in outputs, errors and names",
        (
            "from IPython.display import HTML, Javascript, display\ndisplay(HTML('<script>alert(1)</script>'), Javascript('alert(2)'))",
            "class E(Exception): pass\nE.__name__ = '<img src=x onerror=alert(3)>'\nraise E('</pre><script>alert(4)</script>')",
        ),
        "outputs are data, shown by others",
        check=lambda run, printed: _is_text(run),
    ),
    Attack(
        "print",
        "displays of every wrong shape",
        (
            "from IPython.display import publish_display_data as p\nfor data in ({'text/plain': object()}, {5: 6}, {'image/png': b'x'},\n"
            "    {'text/html': ['a'] * 5}, {'application/json': float('nan')}, {'a/b': {'c': {'d': {}}}}):\n"
            "    try: p(data)\n    except Exception as e: print(type(e))",
        ),
        "outputs are checked",
        ends=NOTHING,
    ),
]


def _claims_only(run: Run) -> None:
    """Whatever came, it is of this notebook's own names."""
    assert set(run.answers) <= {"honest"}


def _clean(run: Run) -> None:
    import json

    json.dumps(dict(run.answers), ensure_ascii=False, allow_nan=False).encode("utf-8")
    assert {value["t"] for value in run.answers.values()} <= {"x?", "x???", "x\ufffd", "other"}


def _is_text(run: Run) -> None:
    assert all(isinstance(cell.error_name + cell.error_value, str) for cell in run.cells)


GUESSING = [
    Attack(
        "guess",
        "which of the two runs this is",
        (
            "import os, sys, platform\nprint(sorted(os.environ.items()), os.getcwd(), sys.argv, platform.node(), os.getpid(), os.getppid())\n"
            "print(sorted(line.split()[3:5] for line in open('/proc/self/mountinfo')))\ncase = os.environ['PLAYBOOK_CASE']\n"
            "print(case, [(e.name, e.stat().st_mtime, e.stat().st_mode) for e in sorted(os.scandir(case), key=lambda e: e.name)])",
        ),
        "both runs look alike but for the case's own figures",
    ),
]

KILLING = [
    Attack(
        "kill", "ends its own process", ("import os; os._exit(0)",), "a dead kernel is not graded", ends=DEAD
    ),
    Attack(
        "kill",
        "kills itself",
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)",),
        "a dead kernel is not graded",
        ends=("", "dead kernel"),
    ),
    Attack(
        "kill",
        "crashes the interpreter",
        ("import ctypes; ctypes.string_at(0)",),
        "a dead kernel is not graded",
        ends=DEAD,
    ),
    Attack(
        "kill",
        "signals every process it can number",
        (
            "import os, signal\nhit = 0\ntry: os.kill(-1, signal.SIGKILL)\nexcept OSError: pass\nfor pid in [os.getppid(), @GRADER@, *range(2, 3000)]:\n"
            "    if pid in (0, os.getpid()): continue\n"
            "    try: os.kill(pid, signal.SIGKILL); hit += 1\n    except OSError: pass\nprint('hit', hit)",
        ),
        "process namespace",
        check=says("hit 0"),
    ),
    Attack(
        "kill",
        "becomes another program",
        ("import os; os.execv('/bin/sleep', ['sleep', '60'])",),
        "the notebook's time; a dead kernel is not graded",
        ends=("dead kernel", "timeout"),
    ),
    Attack(
        "kill",
        "leaves a copy of itself in its place",
        ("import os\nif os.fork(): os._exit(0)",),
        "the whole process namespace ends with its first process",
        ends=DEAD,
    ),
    Attack(
        "kill",
        "leaves daemons behind",
        (
            "import os, time\nfor _ in range(5):\n    if not os.fork():\n        os.setsid()\n        if os.fork(): os._exit(0)\n"
            "        time.sleep(600)",
        ),
        "the whole process namespace ends with its first process",
        check=claims(honest=6),
    ),
    Attack(
        "kill",
        "leaves threads, timers and last wishes behind",
        (
            "import atexit, signal, threading\natexit.register(lambda: [None for _ in iter(int, 1)])\n"
            "threading.Timer(0.01, lambda: [None for _ in iter(int, 1)]).start()\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)\n"
            "signal.signal(signal.SIGALRM, lambda *a: None)",
        ),
        "the process is killed, not asked",
        ends=("", "timeout"),
    ),
    Attack(
        "kill",
        "stops itself",
        ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP); os.kill(0, signal.SIGSTOP)",),
        "process namespace, the notebook's time",
        ends=("", "timeout"),
    ),
    Attack(
        "kill",
        "an endless loop that ignores every signal",
        (
            "import signal\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\nwhile True:\n    try: pass\n    except BaseException: pass",
        ),
        "the cell's time",
        ends=("timeout",),
    ),
    Attack(
        "kill",
        "an endless regular expression",
        ("import re; re.match('(a|aa)+$', 'a' * 60 + 'b')",),
        "the cell's time",
        ends=("", "timeout"),
    ),
    Attack(
        "kill",
        "closes every file it has",
        ("import os; os.closerange(0, 4096)",),
        "a dead kernel is not graded",
        ends=DEAD,
    ),
    Attack(
        "kill",
        "replaces the session that serves it",
        (
            "import gc\nfrom playbook.running.warm.interpreter import Session\n"
            "session = [o for o in gc.get_objects() if type(o) is Session] or [None]\nprint(session)\n"
            "Session._answer = lambda self, message: '\"forged\"'",
        ),
        "answers are only claimed values",
        check=claims(honest="forged"),
    ),
]

_MANY = Limits(cell_s=10, notebook_s=25, memory_mb=256, file_mb=16)
BOMBS = [
    Attack(
        "bomb",
        "forks without end",
        (
            "import os, time\nchildren = 0\ntry:\n    while children < 500:\n        if not os.fork(): time.sleep(30); os._exit(0)\n"
            "        children += 1\nexcept OSError as e: print('stopped', e)\nassert children < 500",
        ),
        "limit on processes",
        limits=_MANY,
        check=says("stopped"),
    ),
    Attack(
        "bomb",
        "starts threads without end",
        (
            "import threading, time\nn = 0\ntry:\n    while n < 500: threading.Thread(target=time.sleep, args=(30,), daemon=True).start(); n += 1\n"
            "except RuntimeError as e: print('stopped', e)\nassert n < 500",
        ),
        "limit on processes",
        limits=_MANY,
        check=says("stopped"),
    ),
    Attack(
        "bomb",
        "ten gigabytes at once",
        ("x = b'1' * (10 << 30)",),
        "limit on memory",
        check=fails_with("MemoryError"),
    ),
    Attack(
        "bomb",
        "memory bit by bit",
        ("x = []\nwhile True: x.append(bytearray(1 << 20))",),
        "limit on memory",
        limits=_MANY,
        ends=("", "out of memory", "dead kernel"),
    ),
    Attack(
        "bomb",
        "memory in many processes, each modest",
        (
            "import os, time\nfor _ in range(12):\n    if not os.fork():\n        x = bytearray(120 << 20)\n"
            "        for i in range(0, len(x), 4096): x[i] = 1\n        time.sleep(8); os._exit(0)\ntime.sleep(8)",
        ),
        "memory cgroup, or the watch over the sum",
        limits=_MANY,
        ends=("out of memory", "dead kernel", ""),
    ),
    Attack(
        "bomb",
        "memory that belongs to no process",
        (
            "import os\ntry: fd = os.memfd_create('x'); print('made')\nexcept OSError as e: print('refused', e)",
            "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nassert libc.shmget(0, 1 << 30, 0o1600) == -1",
        ),
        "seccomp",
        check=says("refused"),
    ),
    Attack(
        "bomb",
        "fills the memory file system",
        ("for i in range(1000):\n    with open(f'/dev/shm/{i}', 'wb') as f: f.write(b'0' * (4 << 20))",),
        "size of the scratch folder",
        check=fails_with("OSError", "PermissionError"),
    ),
    Attack(
        "bomb",
        "one huge file",
        ("with open('big', 'wb') as f:\n    for _ in range(4096): f.write(b'0' * (1 << 20))",),
        "limit on file size",
        check=fails_with("OSError"),
    ),
    Attack(
        "bomb",
        "a million tiny files",
        ("for i in range(1_000_000): open(f'f{i}', 'w').close()",),
        "number of files in the scratch folder",
        limits=_MANY,
        ends=("", "out of disk"),
        check=fails_with("OSError"),
    ),
    Attack(
        "bomb",
        "open files without end",
        ("import os\nheld = []\nwhile True: held.append(os.open('/dev/null', os.O_RDONLY))",),
        "limit on open files",
        check=fails_with("OSError"),
    ),
    Attack(
        "bomb",
        "folders nested without end, and links in circles",
        (
            "import os\nos.symlink('.', 'loop')\nos.symlink('/', 'root')\nn = 0\ntry:\n    while n < 100_000: os.mkdir('d'); os.chdir('d'); n += 1\n"
            "except OSError as e: print('stopped', n, e)",
        ),
        "number of files in the scratch folder",
        limits=_MANY,
        ends=("", "timeout", "out of disk"),
    ),
    Attack(
        "bomb",
        "prints without end",
        ("while True: print('x' * 100_000)",),
        "limit on output",
        check=says("was left out"),
    ),
    Attack(
        "bomb",
        "writes without end past Python",
        ("import os\nwhile True: os.write(1, b'x' * 100_000)",),
        "limit on file size",
        ends=("", "dead kernel"),
    ),
    Attack(
        "bomb",
        "answers that never end",
        (
            "class Endless(list):\n    def __iter__(self):\n        while True: yield 1\n    def __len__(self): return 3\n"
            "a = Endless(); b = {'k': a}\ndef f(x):\n    while True: pass",
        ),
        "the cell's time, for each answer",
        answers=("honest", "a", "f"),
        calls={"f": ((1,),)},
        ends=("", "timeout"),
        check=lambda run, printed: _no_answer_but_honest(run),
    ),
    Attack(
        "bomb",
        "answers that are too large, too deep, or circular",
        (
            "a = list(range(10_000_000))\nb = []\nfor _ in range(5000): b = [b]\nc = []; c.append(c)\nd = 'x' * 50_000_000\ne = 10 ** 4000\n"
            "import numpy as np; f = np.zeros(5_000_000)",
        ),
        "limits on answers",
        answers=("honest", "a", "b", "c", "d", "e", "f"),
        limits=Limits(cell_s=10, notebook_s=40),
        check=kinds(honest=6, a="large", b="large", c="large", d="large", e="large", f="large"),
    ),
    Attack(
        "bomb",
        "a figure as large as a wall",
        ("import matplotlib.pyplot as plt\nplt.figure(figsize=(3000, 3000)); plt.plot([1, 2])",),
        "limit on memory",
        ends=("", "dead kernel", "out of memory", "timeout"),
    ),
]


def _no_answer_but_honest(run: Run) -> None:
    assert run.answers.get("honest") in (None, 6)
    assert all(
        isinstance(v, dict) and v["t"] in ("raised", "large", "other")
        for n, v in run.answers.items()
        if n != "honest"
    )


_CONNECT = "import socket\ns = socket.socket({family}, {kind})\ns.settimeout(2)\ns.connect({address}); print('connected')"


def _connects(name: str, family: str, kind: str, address: str, control: bool = True) -> Attack:
    code = _CONNECT.format(family=f"socket.{family}", kind=f"socket.{kind}", address=address)
    return Attack(
        "network", name, (code,), "network namespace, seccomp", check=fails_with(*REFUSED), control=control
    )


NETWORK = [
    _connects("the loopback of the host", "AF_INET", "SOCK_STREAM", "('127.0.0.1', @PORT@)"),
    _connects("a datagram anywhere", "AF_INET", "SOCK_DGRAM", "('192.0.2.1', 53)", control=False),
    _connects("a nameless socket of the host", "AF_UNIX", "SOCK_STREAM", "'\\0@ABSTRACT@'"),
    _connects("a socket file of the host", "AF_UNIX", "SOCK_STREAM", "'@SOCKET@'"),
    _connects("the warm parent", "AF_UNIX", "SOCK_SEQPACKET", "'\\0@PARENT@'", control=False),
    Attack(
        "network",
        "raw, packet, netlink and machine sockets",
        (
            "import socket\nfor family in range(1, 46):\n    for kind in (1, 2, 3, 5):\n        try: socket.socket(family, kind); print('got', family, kind)\n"
            "        except OSError: pass\nprint('tried')",
        ),
        "seccomp",
        check=lambda run, printed: _no_sockets(printed),
    ),
    Attack(
        "network",
        "a page by name, through a program",
        (
            "import urllib.request\ntry: urllib.request.urlopen('http://example.invalid', timeout=2)\nexcept OSError as e: print(type(e))",
            "import subprocess; r = subprocess.run(['bash', '-c', 'echo x > /dev/tcp/127.0.0.1/@PORT@'], capture_output=True)\nassert r.returncode",
        ),
        "network namespace, seccomp",
    ),
]


def _no_sockets(printed: str) -> None:
    assert "got" not in printed
    assert "tried" in printed


_LIBC = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"


def _calls(name: str, code: str, **more) -> Attack:
    more.setdefault("check", fails_with(*REFUSED))
    return Attack("escape", name, (_LIBC + code,), "seccomp, no privileges", **more)


ESCAPES = [
    _calls("a user namespace of its own", "assert libc.unshare(0x10000000) == 0"),
    _calls("a clone with namespaces", "assert libc.syscall(56, 0x10000011, 0, 0, 0, 0) >= 0"),
    _calls("mount over the root", "assert libc.mount(b'none', b'/', b'tmpfs', 0, None) == 0"),
    _calls("trace another process", "assert libc.ptrace(16, 1, 0, 0) == 0"),
    _calls("load a program into the kernel", "assert libc.syscall(321, 0, b'\\0' * 128, 128) >= 0"),
    _calls("queue calls past the filter", "assert libc.syscall(425, 8, b'\\0' * 128) >= 0"),
    _calls("the kernel's keys", "assert libc.syscall(250, 0, -3, 1) >= 0"),
    _calls("another root", "os.chroot('.')"),
    _calls("a device of its own", "os.mknod('disk', 0o60666, os.makedev(254, 0))"),
    _calls("become root again", "os.setuid(0)"),
    _calls("the clock", "import time; time.clock_settime(time.CLOCK_REALTIME, 0)"),
    Attack(
        "escape",
        "write to the system, the kit and the case",
        (
            "import os, pandas, playbook\ncase = os.environ['PLAYBOOK_CASE']\nwrote = []\n"
            "for path in ('/usr/x', '/etc/passwd', '/x', playbook.__file__, pandas.__file__, case + '/case.json', case + '/new',\n"
            "    '/proc/sys/kernel/hostname', '/proc/self/uid_map', '@HOME@'):\n"
            "    try:\n        with open(path, 'a') as f: f.write('x')\n        wrote.append(path)\n    except OSError: pass\nprint('wrote', wrote)",
        ),
        "read-only mounts, landlock",
        check=lambda run, printed: _wrote_nothing(printed),
    ),
    Attack(
        "escape",
        "programs that run as root",
        (
            "import os, subprocess\nfor path in ('/usr/bin/su', '/usr/bin/sudo', '/usr/bin/mount', '/usr/bin/passwd', '/usr/bin/newgrp'):\n"
            "    if os.path.exists(path): subprocess.run([path], input=b'', capture_output=True, timeout=5)\n"
            "print(subprocess.run(['id', '-u'], capture_output=True, text=True).stdout, [l for l in open('/proc/self/status') if 'NoNewPrivs' in l or 'CapBnd' in l])",
        ),
        "no new privileges",
        limits=Limits(cell_s=15, notebook_s=25),
        check=says("NoNewPrivs:\\t1"),
    ),
    Attack(
        "escape",
        "a higher limit",
        (
            "import resource\nfor what in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE):\n"
            "    try: resource.setrlimit(what, (-1, -1)); print('raised', what)\n    except (ValueError, OSError): pass\nprint('tried')",
        ),
        "no privileges",
        check=lambda run, printed: _not_raised(printed),
    ),
]


def _wrote_nothing(printed: str) -> None:
    assert "wrote []" in printed, printed


def _not_raised(printed: str) -> None:
    assert "raised" not in printed


__all__ = ["BOMBS", "ESCAPES", "GUESSING", "KILLING", "NETWORK", "PRINTING", "SHORT"]
