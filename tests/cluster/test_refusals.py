"""What may not be, or is not there, is told in plain words with what to do; and parcels are what they were."""

import re
import socket
import subprocess
import sys
from concurrent.futures import CancelledError, Future
from pathlib import Path

import pytest
from typer.testing import CliRunner

from playbook.cli import app
from playbook.cluster import connection
from playbook.cluster.addresses import NO_TLS, Tls, host_of, is_public, is_this_machine, scheduler_address
from playbook.cluster.connection import Cluster, open_cluster, refusal
from playbook.cluster.course import kit_tag
from playbook.cluster.crew import ClusterCrew, _told
from playbook.cluster.parcels import digest_of, folders_in, pack, unpack
from playbook.cluster.post import Post
from playbook.cluster.shelf import MOST_ENDS, Shelf
from playbook.cluster.worker import Place, work
from playbook.errors import PlaybookError
from playbook.running.warm import runner as warm
from playbook.submissions.hand_in import HandIn
from playbook.submissions.notebook import Facts


def call(*arguments):
    result = CliRunner().invoke(app, list(arguments))
    assert isinstance(result.exception, PlaybookError), result.output
    return result.exception


@pytest.fixture
def nobody():
    """An address on this machine at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"tcp://127.0.0.1:{taken.getsockname()[1]}"


# Addresses


@pytest.mark.parametrize(
    ("told", "protected", "full"),
    [
        ("127.0.0.1", False, "tcp://127.0.0.1:8786"),
        ("192.168.1.10:9000", False, "tcp://192.168.1.10:9000"),
        ("10.0.0.5", True, "tls://10.0.0.5:8786"),
        ("tls://8.8.8.8:8786", False, "tls://8.8.8.8:8786"),
        ("tcp://[::1]:8786", False, "tcp://[::1]:8786"),
    ],
)
def test_an_address_is_told_in_short_or_in_full(told, protected, full):
    assert scheduler_address(told, protected) == full


@pytest.mark.parametrize(
    ("told", "protected", "what", "remedy"),
    [
        (
            "http://127.0.0.1:8786",
            False,
            "this is no address of a scheduler",
            "write it as tcp://192.168.1.10:8786",
        ),
        ("127.0.0.1:99999", False, "this is no address of a scheduler", "write it as"),
        (
            "tcp://8.8.8.8:8786",
            False,
            "a public address, and the way there is not encrypted",
            "in your private network",
        ),
        ("tcp://127.0.0.1", True, "not encrypted, and certificates were given", "begin it with tls://"),
    ],
)
def test_an_address_that_may_not_be_used_says_why(told, protected, what, remedy):
    with pytest.raises(PlaybookError, match=what) as caught:
        scheduler_address(told, protected)
    assert caught.value.where == told
    assert remedy in caught.value.remedy


def test_which_hosts_everybody_reaches_and_which_nobody_else():
    assert [is_public(one) for one in ("1.1.1.1", "10.1.2.3", "127.0.0.1", "[::1]")] == [
        True,
        False,
        False,
        False,
    ]
    assert [is_this_machine(one) for one in ("127.0.0.1", "::1", "10.1.2.3")] == [True, True, False]
    assert host_of("tcp://[::1]:8786") == "::1"


def test_certificates_come_as_three_files(tmp_path):
    (tmp_path / "ca.pem").write_text("x")
    with pytest.raises(PlaybookError, match="--tls-cert is missing") as caught:
        Tls(tmp_path / "ca.pem").security("client", "tls://10.0.0.5:8786")
    assert "give all three of --tls-ca, --tls-cert and --tls-key" in caught.value.remedy
    with pytest.raises(PlaybookError, match="there is no such file"):
        Tls(tmp_path / "no.pem", tmp_path / "ca.pem", tmp_path / "ca.pem").security(
            "client", "tls://10.0.0.5:8786"
        )


def test_a_way_with_tls_and_no_certificates_is_told_before_anybody_is_asked(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for command in (["worker", "tls://127.0.0.1:1"], ["grade", "in", "--cluster", "tls://127.0.0.1:1"]):
        error = call(*command)
        assert str(error) == (
            "tls://127.0.0.1:1: a way with tls:// needs certificates, and none were given\n"
            "What to do: give all three of --tls-ca, --tls-cert and --tls-key"
        )


# A grader that finds nobody


def test_a_scheduler_that_does_not_answer_is_told_within_its_time(nobody, monkeypatch):
    monkeypatch.setattr(connection, "REACH_S", 0.3)
    with (
        pytest.raises(PlaybookError, match=r"no scheduler answers there within 0\.3 seconds") as caught,
        open_cluster(nobody, NO_TLS, True),
    ):
        pass
    assert caught.value.where == nobody
    assert "`dask scheduler --host ADDRESS`" in caught.value.remedy


def test_the_command_waits_no_longer_than_ten_seconds(nobody, monkeypatch, tmp_path):
    assert connection.REACH_S <= 10
    (tmp_path / "in").mkdir()
    monkeypatch.setattr(connection, "REACH_S", 0.3)
    monkeypatch.chdir(tmp_path)
    assert "no scheduler answers there" in str(call("grade", "in", "--cluster", nobody))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--cluster", "10.0.0.5", "--runner", "kernel"], "--runner kernel is for this machine"),
        (["--tls-ca", "ca.pem"], "certificates are for a cluster"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, words, tmp_path):
    error = call("grade", str(tmp_path), *options)
    assert words in error.what
    assert error.remedy


def test_without_the_package_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(PlaybookError, match="a package that is not installed") as caught,
        open_cluster("127.0.0.1", NO_TLS, True),
    ):
        pass
    assert 'pip install "distributed"' in caught.value.remedy
    with pytest.raises(PlaybookError, match="a worker needs a package") as caught:
        work(Place("127.0.0.1"))
    assert 'pip install "distributed"' in caught.value.remedy


class Client:
    """Stands for a connection whose scheduler knows these workers."""

    status = "running"

    def __init__(self, *workers):
        self.workers = list(workers)
        self.scheduler = self

    def register_plugin(self, plugin):
        assert isinstance(plugin, Shelf)

    def __getattr__(self, name):
        return name

    def sync(self, what, **_):
        if OSError in self.workers:
            raise OSError("closed")
        assert what == "playbook_workers"
        return self.workers


def worker(name, **says):
    good = {"kit": kit_tag(), "level": "namespaces", "missing": ""}
    return {"name": name, "address": f"tcp://10.0.0.1:{len(name)}", "threads": 2, "says": good | says}


def test_workers_that_may_not_grade_are_told_of_once_each(monkeypatch):
    monkeypatch.setattr(connection, "_KNOWN_S", 0.0)
    bare = worker("bare", level="limits", missing="no user namespaces")
    strange = worker("strange") | {"says": None}
    told = []
    cluster = Cluster(
        Client(worker("good"), bare, strange, worker("old", kit="x")), "tcp://a:1", True, told.append
    )
    for _ in range(2):
        assert [one.name for one in cluster.workers()] == ["good"]
    assert cluster.threads() == 2
    assert len(told) == 3
    assert told[0].startswith(
        "Worker bare (tcp://10.0.0.1:4) is refused: it offers no sandbox (no user namespaces)."
    )
    assert "grade with --no-require-sandbox if you trust every notebook" in told[0]
    assert "it is no worker of this kit. Start it with `playbook worker`." in told[1]
    assert "its kit, its Python, its libraries or its public tables are others than here." in told[2]


def test_only_where_no_sandbox_is_required_one_without_may_grade():
    bare = worker("bare", level="limits")["says"]
    assert refusal(bare, True)
    assert refusal(bare, False) == ""


def test_when_all_workers_are_gone_for_a_minute_the_call_ends(monkeypatch):
    monkeypatch.setattr(connection, "_KNOWN_S", 0.0)
    client = Client(worker("good"))
    cluster = Cluster(client, "tcp://a:1", True, print)
    cluster.look()
    client.workers.clear()
    cluster.look()  # another one may come
    monkeypatch.setattr(connection, "LOST_S", -1.0)
    with pytest.raises(PlaybookError, match="no worker is left") as caught:
        cluster.look()
    assert "start some with `playbook worker tcp://a:1`" in caught.value.remedy
    assert "what was graded is kept" in caught.value.remedy


def test_a_scheduler_that_is_gone_is_told_with_what_to_do():
    client = Client(OSError)
    with pytest.raises(PlaybookError, match="the scheduler is gone: closed") as caught:
        Cluster(client, "tcp://a:1", True, print).workers()
    assert "type the same command" in caught.value.remedy
    client.status = "closed"
    with pytest.raises(PlaybookError, match="the scheduler is gone"):
        Cluster(client, "tcp://a:1", True, print).look()


def test_a_hand_in_that_ends_its_workers_is_given_up_and_says_so():
    from distributed.scheduler import KilledWorker

    one = HandIn("a", "99-mini", "f", "0" * 64, 1.0, Facts(), "", (), bytes)
    graded, _ = _told(one, KilledWorker("task", None, MOST_ENDS))
    assert graded.reason == "21 workers ended while they had it"
    graded, _ = _told(one, OSError("disk"))
    assert graded.reason == "the grader stopped at it: OSError: disk"


@pytest.mark.parametrize("error", [OSError("closed"), CancelledError()])
def test_a_result_that_is_lost_on_its_way_is_no_fault_of_the_hand_in(error, tmp_path):
    class Task:
        def __init__(self, status):
            self.status = status

        def result(self):
            raise error

    crew = ClusterCrew(Cluster(Client(), "tcp://a:1", True, print), None, "s", tmp_path)
    lost, failed = Future(), Future()
    crew._came_back("key", lost, str, str, Task("lost"))
    with pytest.raises(PlaybookError, match="the scheduler is gone"):
        lost.result(0)
    crew._came_back("key", failed, repr, str, Task("error"))
    assert failed.result(0) == repr(error)


# A worker that may not, or cannot


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_worker_without_a_sandbox_does_not_start_and_names_itself():
    with pytest.raises(PlaybookError, match="this host offers no sandbox") as caught:
        work(Place("127.0.0.1", name="north", level="limits"))
    assert caught.value.where == "worker north"
    assert "--no-require-sandbox" in caught.value.remedy


class Sandboxed:
    """Stands for a warm parent that is ready."""

    level, missing = "namespaces", ()

    def __init__(self, **_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]"])
def test_a_worker_that_finds_no_scheduler_says_so_within_its_time(host, nobody, monkeypatch, tmp_path):
    monkeypatch.setattr(warm, "WarmRunner", Sandboxed)
    monkeypatch.setenv("PLAYBOOK_CACHE", str(tmp_path))
    said = []
    with pytest.raises(PlaybookError, match=r"it could not join a scheduler within 0\.3 seconds") as caught:
        work(Place(nobody, host, "north", reach_s=0.3), said.append)
    assert said == [f"Worker north looks for the scheduler at {nobody}, for 0.3 seconds at most."]
    assert "seconds: nobody answers there" in caught.value.what
    assert caught.value.where == f"worker north, {nobody}"
    assert "`dask scheduler --host ADDRESS`" in caught.value.remedy


def test_a_worker_that_its_scheduler_cannot_reach_says_what_to_add():
    with pytest.raises(PlaybookError, match=r"cannot reach 127\.0\.0\.1") as caught:
        work(Place("10.0.0.5"))
    assert "add --host" in caught.value.remedy


@pytest.mark.parametrize("host", ["127.0.0.1:9000", "a b", "no..host"])
def test_a_worker_whose_host_is_no_address_is_told_so_and_not_of_the_scheduler(host):
    with pytest.raises(PlaybookError, match="this is no address of a machine") as caught:
        work(Place("127.0.0.1", host=host))
    assert caught.value.where == f"--host {host}"
    assert "without a port" in caught.value.remedy


def test_a_worker_that_everybody_could_reach_does_not_start():
    with pytest.raises(PlaybookError, match="whoever reaches it can run code here") as caught:
        work(Place("10.0.0.5", host="8.8.8.8"))
    assert "--tls-ca" in caught.value.remedy


def test_a_worker_is_refused_where_there_is_no_linux(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(PlaybookError, match="a worker needs Linux") as caught:
        work(Place("127.0.0.1", name="north"))
    assert "Linux container" in caught.value.remedy


# Parcels


def test_the_same_files_make_the_same_parcel_and_come_out_as_they_were(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.csv").write_text("x\n")
        (tmp_path / name / "two.txt").write_text("y\n")
    assert pack({"": tmp_path / "a"}) == pack({"": tmp_path / "b"})
    both = pack({"prepared/a": tmp_path / "a", "unseen/b": tmp_path / "b"}, "*.csv")
    assert folders_in(both) == ["prepared/a", "unseen/b"]
    unpack(both, tmp_path / "out", "unseen/b")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["one.csv"]
    (tmp_path / "out" / "one.csv").write_text("kept\n")
    unpack(both, tmp_path / "out", "prepared/a")
    assert (tmp_path / "out" / "one.csv").read_text() == "kept\n", "what is there stays"
    assert not list(tmp_path.glob(".making-*"))


def test_a_worker_asks_for_a_parcel_once_and_takes_no_other_for_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_CACHE", str(tmp_path / "cache"))
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.csv").write_text("x\n")
    data, asked = pack({"": tmp_path / "a"}), []

    def fetch(digest):
        asked.append(digest)
        return data

    post = Post(Sandboxed(), fetch)
    for _ in range(2):
        assert (post.folder(digest_of(data)) / "one.csv").read_text() == "x\n"
    assert asked == [digest_of(data)]
    for held in (data, None):
        with pytest.raises(PlaybookError, match="the scheduler no longer has the parcel ffff"):
            Post(Sandboxed(), lambda _, held=held: held).folder("ffff")


def test_the_shelf_raises_what_a_scheduler_forgives_and_counts_what_it_gives():
    class Scheduler:
        allowed_failures, handlers, workers = 3, {}, {}

    shelf = Shelf()
    shelf.start(Scheduler)
    assert Scheduler.allowed_failures == MOST_ENDS
    assert shelf.missing(["a", "b"]) == ["a", "b"]
    shelf.put("a", b"1")
    assert (shelf.missing(["a", "b"]), shelf.get("a"), shelf.get("b")) == (["b"], b"1", None)
    assert shelf.given() == {"a": 1, "b": 1}
    assert set(Scheduler.handlers) == {
        f"playbook_{one}" for one in ("missing", "put", "get", "given", "workers")
    }


@pytest.mark.slow
def test_the_modules_that_a_scheduler_reads_import_nothing_heavy(root: Path):
    code = "import sys, playbook.cluster.shelf, playbook.cluster.there; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert re.fullmatch(r"False\s*", done.stdout)
