"""Attacks by notebook: nothing is read, nothing is forged, nothing is left behind, and the next one runs."""

import dataclasses
import json
import os
import secrets
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from playbook.cases import load_case
from playbook.running import warm
from playbook.running.kernel import KernelRunner
from playbook.running.runner import Job, Limits, Run
from tests.grading.attacks.catalogue import PATCHING, READING, Attack
from tests.grading.attacks.more import BOMBS, ESCAPES, GUESSING, KILLING, NETWORK, PRINTING
from tests.running.warm.helpers import notebook, printed, sandboxed_processes

ATTACKS = [*READING, *PATCHING, *PRINTING, *GUESSING, *KILLING, *BOMBS, *NETWORK, *ESCAPES]
#: Seconds beyond the notebook's own limit that any attack may take from the grader.
OVERHEAD_S = 5.0

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


class Host:
    """A host with secrets lying about, each with a word of its own, and with sockets that listen."""

    def __init__(self, folder: Path):
        self.words: dict[str, str] = {}
        self.places: dict[str, Any] = {}
        for place, path in {
            "MASTER": folder / "course/exercises/99-secret/master.md",
            "SUBMISSION": folder / "submissions/wang/99-secret.ipynb",
            "GRADEBOOK": folder / "results/gradebook.sqlite",
            "SEALS": folder / "data/seals/99-secret/jinhua.json",
            "HOME": Path.home() / f".playbook-secret-{os.getpid()}",
            "TMP": Path("/tmp") / f"playbook-secret-{os.getpid()}",
        }.items():
            self.words[place] = f"CANARY-{place}-{secrets.token_hex(8)}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.words[place])
            self.places[place] = path
        self.words["ENVIRONMENT"] = os.environ["PLAYBOOK_TEST_SECRET"] = f"CANARY-{secrets.token_hex(8)}"
        told = {**os.environ, "PLAYBOOK_TEST_SECRET": self.words["ENVIRONMENT"]}
        self.process = subprocess.Popen(["sleep", "3600"], env=told)
        self.words["LEFTOVER"] = f"LEFT-BEHIND-{secrets.token_hex(8)}"
        self.listeners = [socket.create_server(("127.0.0.1", 0))]
        self.places["ABSTRACT"] = f"playbook-test-{secrets.token_hex(8)}"
        self.places["SOCKET"] = folder / "s"
        for address in (f"\0{self.places['ABSTRACT']}", str(self.places["SOCKET"])):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(address)
            listener.listen()
            self.listeners.append(listener)
        self.places["PORT"] = self.listeners[0].getsockname()[1]
        self.places["GRADER"] = os.getpid()

    def unharmed(self) -> bool:
        """Whether every secret is where it was, as it was."""
        return all(
            Path(path).read_text() == self.words[place]
            for place, path in self.places.items()
            if place in self.words
        )

    def close(self) -> None:
        """Tidy up outside the test's own folder."""
        os.environ.pop("PLAYBOOK_TEST_SECRET")
        self.process.kill()
        self.process.wait()
        for listener in self.listeners:
            listener.close()
        for place in ("HOME", "TMP"):
            self.places[place].unlink()


@pytest.fixture(scope="module")
def host(tmp_path_factory, warm_runner):
    host = Host(tmp_path_factory.mktemp("host"))
    host.places["PARENT"] = warm_runner._parent._address.lstrip("\0")
    yield host
    host.close()


def attack_run(attack: Attack, runner, host: Host, case: Path) -> Run:
    job = Job(
        notebook(*attack.sources(host.places)),
        case,
        attack.answers,
        attack.calls,
        attack.limits,
        figures=True,
    )
    return runner.run(job)


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(one, marks=[pytest.mark.long] * (one not in [*READING, *NETWORK, *ESCAPES, *BOMBS[:3]]))
        for one in ATTACKS
    ],
    ids=lambda attack: attack.id,
)
def test_an_attack_gets_nothing(attack: Attack, warm_runner, host: Host, tiny_case: Path):
    left = f"leftover = '{host.words['LEFTOVER']}'\nprint(leftover)"
    warm_runner.run(Job(notebook(left), tiny_case, ("leftover",), figures=True))
    run = attack_run(attack, warm_runner, host, tiny_case)
    assert run.reason in attack.ends, run
    assert run.seconds < attack.limits.notebook_s + OVERHEAD_S
    everything = json.dumps(dataclasses.asdict(run), default=dict)
    assert [place for place, word in host.words.items() if word in everything] == []
    if attack.check and run.notebook:
        attack.check(run, printed(run))
    if run.reason:
        assert run.answers == {}
    assert host.unharmed()
    after = warm_runner.run(Job(notebook("a = 1 + 1"), tiny_case, ("a",), limits=Limits(cell_s=20)))
    assert (after.reason, after.answers) == ("", {"a": 2})
    assert sandboxed_processes(warm_runner, wait=threading.Event().wait) == []


#: What notebooks of an exercise begin with; their runs go on from it.
BEGINNING = ('from playbook import open_case\ncase = open_case("your name")', "accounts = case.accounts")


@pytest.mark.long
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_an_attack_gets_nothing_where_the_notebook_goes_on_from_a_beginning(attack, warm_runner, host: Host):
    if warm_runner.level != "namespaces":
        pytest.skip("notebooks go on from a beginning only in namespaces")
    case = load_case("jinhua").folder
    left = f"leftover = '{host.words['LEFTOVER']}'"
    honest = Job(notebook(*BEGINNING, left), case, ("leftover",), beginning=BEGINNING)
    for _ in range(100):
        warm_runner._begun.clear()
        warm_runner.run(honest)
        if warm_runner._begun:
            break
    assert warm_runner._begun
    cells = notebook(*BEGINNING, *attack.sources(host.places))
    job = Job(cells, case, attack.answers, attack.calls, attack.limits, beginning=BEGINNING)
    run = warm_runner.run(job)
    assert run.reason in attack.ends, run
    assert run.seconds < attack.limits.notebook_s + OVERHEAD_S
    everything = json.dumps(dataclasses.asdict(run), default=dict)
    assert [place for place, word in host.words.items() if word in everything] == []
    assert host.unharmed()
    after = warm_runner.run(
        Job(notebook(*BEGINNING, "rows = len(accounts)"), case, ("rows",), beginning=BEGINNING)
    )
    assert (after.reason, after.answers) == ("", {"rows": len(load_case("jinhua").accounts)})


@pytest.mark.long
@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if attack.control], ids=lambda attack: attack.id
)
def test_without_a_sandbox_it_would_have_worked(attack: Attack, kernel_runner, host: Host, tiny_case: Path):
    patient = dataclasses.replace(attack, limits=Limits(cell_s=40, notebook_s=90))
    run = attack_run(patient, kernel_runner, host, tiny_case)
    shown = json.dumps(dataclasses.asdict(run), default=dict)
    assert any(word in shown for word in host.words.values()) or "connected" in printed(run)


@pytest.mark.long
@pytest.mark.parametrize("attack", [*READING, *NETWORK, *ESCAPES][::3], ids=lambda attack: attack.id)
def test_a_sandboxed_kernel_gives_nothing_either(attack: Attack, warm_runner, host, tiny_case, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(Path(warm.__path__[0])))
    patient = dataclasses.replace(attack, limits=Limits(cell_s=40, notebook_s=90))
    run = attack_run(patient, KernelRunner("playbook-warm"), host, tiny_case)
    assert run.reason == "", run
    everything = json.dumps(dataclasses.asdict(run), default=dict)
    assert [place for place, word in host.words.items() if word in everything] == []
    attack.check and attack.check(run, printed(run))
    assert host.unharmed()


def test_both_runs_of_a_notebook_look_alike(warm_runner, tiny_case: Path, tmp_path: Path):
    (attack,) = GUESSING
    seen = []
    for name, stamp in (("jinhua", 1_000_000_000), ("unseen-5f3a/secret", 1_700_000_000)):
        case = tmp_path / name
        case.mkdir(parents=True)
        for file in tiny_case.iterdir():
            (case / file.name).write_bytes(file.read_bytes())
            os.utime(case / file.name, (stamp, stamp))
        run = warm_runner.run(Job(notebook(*attack.sources({})), case, figures=True))
        seen.append(printed(run))
    assert seen[0] == seen[1]
    assert "/sandbox/case" in seen[0]


def test_there_are_attacks_enough():
    assert len(ATTACKS) == len({attack.id for attack in ATTACKS}) >= 60
    assert len({attack.aim for attack in ATTACKS}) == 8
