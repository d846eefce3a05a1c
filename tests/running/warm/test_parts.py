"""The parts of the sandbox, each by itself and without a kernel's help."""

import json
import os
import socket
import struct
import sys
import types
from importlib.machinery import ModuleSpec

import pytest

from playbook.running.claims import Claims, read_answer, read_json
from playbook.running.outputs import Outputs, coalesced
from playbook.running.runner import UnreadableNotebook, code_cells, executed_copy
from playbook.running.warm import cgroup, memory, root, seccomp, wire
from playbook.running.warm.drawer import Drawer
from playbook.running.warm.host import SLOTS, Host, available_uids
from playbook.running.warm.recorder import Recorder, Spill, Stream
from playbook.running.warm.sandbox import remove_tree

pytestmark = pytest.mark.slow

ALLOW, KILL = 0x7FFF0000, 0x80000000


def decide(program: bytes, number: int, arch: int, *arguments: int) -> int:
    """Run a seccomp filter as the kernel would, on one system call."""
    steps = [struct.unpack("HBBI", program[place : place + 8]) for place in range(0, len(program), 8)]
    data = struct.pack("=IIQ6Q", number, arch, 0, *(list(arguments) + [0] * 6)[:6])
    place = accumulator = 0
    while True:
        code, if_true, if_false, value = steps[place]
        place += 1
        if code == 0x20:
            accumulator = struct.unpack_from("=I", data, value)[0]
        elif code == 0x06:
            return value
        else:
            truth = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[
                code
            ]
            place += if_true if truth else if_false


@pytest.mark.parametrize(("machine", "arch"), [("x86_64", 0xC000003E), ("aarch64", 0xC00000B7)])
class TestSeccomp:
    """What the filter decides on both machines."""

    numbers = {  # noqa: RUF012
        "x86_64": {"read": 0, "socket": 41, "socketpair": 53, "clone": 56, "kill": 62, "ptrace": 101, "unshare": 272, "ioctl": 16},
        "aarch64": {"read": 63, "socket": 198, "socketpair": 199, "clone": 220, "kill": 129, "ptrace": 117, "unshare": 97, "ioctl": 29},
    }  # fmt: skip

    def test_ordinary_calls_pass(self, machine, arch):
        program = seccomp.build_filter(machine)
        for name in ("read", "socketpair", "kill"):
            assert decide(program, self.numbers[machine][name], arch) == ALLOW

    def test_sockets_and_ways_out_are_refused(self, machine, arch):
        program = seccomp.build_filter(machine)
        for name in ("socket", "ptrace", "unshare"):
            assert decide(program, self.numbers[machine][name], arch) >> 16 == 5
        for number in (425, 428, 435, 447):
            assert decide(program, number, arch) >> 16 == 5

    def test_a_fork_passes_and_a_namespace_does_not(self, machine, arch):
        program, clone = seccomp.build_filter(machine), self.numbers[machine]["clone"]
        assert decide(program, clone, arch, 0x01200011) == ALLOW
        assert decide(program, clone, arch, 0x10000011) >> 16 == 5
        assert decide(program, clone, arch, 0x00020011) >> 16 == 5

    def test_another_machines_numbers_kill(self, machine, arch):
        assert decide(seccomp.build_filter(machine), 0, 0x40000003) == KILL

    def test_calls_to_come_do_not_exist(self, machine, arch):
        program = seccomp.build_filter(machine)
        assert decide(program, 463, arch) == decide(program, 0x40000000, arch) == 0x00050000 | 38

    def test_only_oneself_can_be_signalled_if_so_wanted(self, machine, arch):
        program, kill = seccomp.build_filter(machine, only_signal=77), self.numbers[machine]["kill"]
        assert decide(program, kill, arch, 77) == ALLOW
        assert decide(program, kill, arch, 78) >> 16 == decide(program, kill, arch, 2**32 - 1) >> 16 == 5

    def test_keys_cannot_be_typed_into_a_terminal(self, machine, arch):
        program, ioctl = seccomp.build_filter(machine), self.numbers[machine]["ioctl"]
        assert decide(program, ioctl, arch, 0, 0x5412) >> 16 == 5
        assert decide(program, ioctl, arch, 0, 0x5401) == ALLOW


class TestUserIds:
    def test_they_lie_far_from_peoples_and_apart_for_each_parent(self):
        first, count = available_uids("0 0 4294967295", 1000)
        other, _ = available_uids("0 0 4294967295", 1001)
        assert first > 1 << 30
        assert other == first + count == first + SLOTS

    def test_they_stay_within_a_containers_range(self):
        first, count = available_uids("0 100000 65536", 99_999)
        assert first > 0
        assert first + count <= 65_536

    def test_a_namespace_of_one_has_none(self):
        assert available_uids("0 1000 1", 5) is None
        assert Host("namespaces", [], "").uid(3) is None


class TestRoot:
    def test_what_lies_in_a_shown_folder_is_not_bound_twice(self, tmp_path):
        (tmp_path / "a/b").mkdir(parents=True)
        binds, links = root.plan([str(tmp_path / "a/b"), str(tmp_path / "a")])
        assert (binds, links) == ([str(tmp_path / "a")], {})

    def test_a_link_is_made_again_and_its_target_bound(self, tmp_path):
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to("real")
        binds, links = root.plan([str(tmp_path / "link")])
        assert (binds, links) == ([str(tmp_path / "real")], {str(tmp_path / "link"): "real"})

    def test_masters_submissions_and_cases_are_not_shown(self, tmp_path):
        for name in ("reference", "shared", "cases", "seals"):
            (tmp_path / name).mkdir()
        shown = root.readable_paths(tmp_path)
        inside = [os.path.basename(path) for path in shown if path.startswith(str(tmp_path))]
        assert inside == ["reference", "shared"]
        here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        assert not any(here == path or here.startswith(path + "/") for path in shown)

    def test_only_plain_files_of_a_case_are_copied(self, tmp_path):
        case, copy = tmp_path / "case", tmp_path / "copy"
        copy.mkdir()
        (case / "folder").mkdir(parents=True)
        (case / "shops.csv").write_text("a\n" * 10_000)
        (case / "link").symlink_to("/etc/passwd")
        os.mkfifo(case / "pipe")
        folder = os.open(case, os.O_RDONLY)
        root.copy_files(folder, str(copy))
        os.close(folder)
        assert {path.name: path.read_text() for path in copy.iterdir()} == {"shops.csv": "a\n" * 10_000}


class TestRemoval:
    def test_the_deepest_folder_goes(self, tmp_path, monkeypatch):
        (tmp_path / "deep").mkdir()
        monkeypatch.chdir(tmp_path / "deep")
        for _ in range(3000):
            os.mkdir("d")
            os.chdir("d")
        os.chdir(tmp_path)
        remove_tree(str(tmp_path / "deep"))
        assert list(tmp_path.iterdir()) == []

    def test_closed_folders_links_and_pipes_go_and_their_targets_stay(self, tmp_path):
        kept, folder = tmp_path / "kept", tmp_path / "scratch"
        (folder / "closed").mkdir(parents=True)
        kept.write_text("x")
        (folder / "link").symlink_to(kept)
        (folder / "closed/up").symlink_to(tmp_path)
        (folder / "closed").chmod(0)
        os.mkfifo(folder / "pipe")
        remove_tree(str(folder))
        remove_tree(str(tmp_path / "never there"))
        assert list(tmp_path.iterdir()) == [kept]


class TestMemoryCgroups:
    V1 = "9:name=systemd:/\n4:memory:/jobs/7\n0::/\n"
    V2 = "0::/user.slice/job\n"

    def test_the_hierarchy_that_counts_memory_is_found(self):
        mounts = "30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n31 25 0:9 / /cg2 rw - cgroup2 none rw\n"
        folder, version = cgroup._own_folder(self.V1, mounts)
        assert (str(folder), version) == ("/sys/fs/cgroup/memory/jobs/7", 1)
        folder, version = cgroup._own_folder(self.V2, "31 25 0:9 /user.slice /cg rw - cgroup2 none rw\n")
        assert (str(folder), version) == ("/cg/job", 2)

    def test_a_host_without_them_is_told_apart(self):
        assert cgroup._own_folder(self.V2, "1 1 0:1 / / rw - ext4 /dev/a rw\n") is None
        assert cgroup._own_folder(self.V1, "31 25 0:9 /other /cg rw - cgroup cgroup rw,memory\n") is None

    def test_a_group_is_made_limited_and_removed(self, tmp_path):
        groups = cgroup.MemoryCgroups(tmp_path, 2, "t")
        groups.make(3)
        for name in ("memory.max", "cgroup.procs", "memory.events", "memory.swap.max", "memory.oom.group"):
            (tmp_path / "t-3" / name).write_text("oom 1\noom_kill 1\n" if name == "memory.events" else "")
        groups.limit(3, 1 << 20)
        groups.join(3)
        assert (tmp_path / "t-3/memory.max").read_text() == "1048576"
        assert (tmp_path / "t-3/memory.oom.group").read_text() == "1"
        assert groups.killed(3)
        for file in (tmp_path / "t-3").iterdir():
            file.unlink()
        groups.remove_all()
        groups.close()
        assert list(tmp_path.iterdir()) == []

    def test_the_groups_of_a_killed_parent_are_removed(self, tmp_path):
        gone, here = tmp_path / f"playbook-{2**22 + 1}-0", tmp_path / f"playbook-{os.getpid()}-0"
        gone.mkdir()
        here.mkdir()
        groups = cgroup.MemoryCgroups(tmp_path, 2, "t")
        groups._remove_orphans()
        groups.close()
        assert [path.name for path in tmp_path.iterdir()] == [here.name]


class TestMemory:
    def test_a_process_counts_itself(self):
        assert 0 < memory.proportional(os.getpid()) <= memory.resident(os.getpid()) * 1.1
        assert memory.exceeds([os.getpid()], 1 << 20)
        assert not memory.exceeds([os.getpid()], 1 << 40)

    def test_what_is_gone_counts_nothing(self):
        assert memory.proportional(2**22 + 1) == memory.resident(2**22 + 1) == 0

    def test_descendants_are_found(self):
        assert os.getpid() in memory.descendants(os.getppid())
        assert memory.threads_of(os.geteuid()) >= 1


class TestWire:
    @pytest.fixture
    def ends(self):
        ours, theirs = socket.socketpair()
        with theirs:
            channel = wire.Channel(ours)
            yield channel, theirs
            channel.close()

    def test_a_message_goes_over_and_comes_back(self, ends):
        channel, theirs = ends
        channel.send({"run": "x = '储备'"}, 1)
        assert wire.receive_now(theirs) == {"run": "x = '储备'"}
        theirs.sendall(wire.encode([1, None]))
        assert json.loads(channel.receive(1, 100)) == [1, None]

    def test_a_reply_to_another_request_is_passed_over(self, ends):
        channel, theirs = ends
        theirs.sendall(wire.encode("another's", 6) + wire.encode("its own", 7))
        assert channel.receive(1, 100, 7) == b"its own"

    def test_a_frame_that_is_too_long_is_not_read(self, ends):
        channel, theirs = ends
        theirs.sendall(struct.pack(">II", 101, 0))
        with pytest.raises(wire.Closed, match="101 bytes"):
            channel.receive(1, 100)

    def test_half_a_frame_is_waited_for_no_longer_than_told(self, ends):
        channel, theirs = ends
        theirs.sendall(struct.pack(">I", 10) + b"123")
        with pytest.raises(TimeoutError):
            channel.receive(0.01, 100)

    def test_nobody_there_is_no_crash(self, ends):
        channel, theirs = ends
        theirs.close()
        with pytest.raises(wire.Closed):
            channel.receive(1, 100)
        with pytest.raises(wire.Closed):
            channel.send("x" * 10_000_000, 1)

    def test_nobody_reading_is_no_hang(self, ends):
        with pytest.raises(TimeoutError):
            ends[0].send("x" * 50_000_000, 0.05)


class TestClaims:
    def test_half_characters_are_replaced(self):
        assert read_answer('"a\\ud800"') == "a?"
        assert read_json('{"\\udc00": ["\\ud83d\\ude00"]}') == {"?": ["😀"]}

    @pytest.mark.parametrize(
        "text", ["NaN", "[1]", "{}", '{"t": 1}', "", "[" * 100_000, "9" * 5000, b"\xff", "{" * 9]
    )
    def test_what_is_no_plain_data_is_unreadable(self, text):
        assert read_answer(text)["t"] == "other"

    def test_a_function_has_one_result_for_each_call_or_none(self):
        claims = Claims(1)
        claims.take("f", '{"t": "function", "name": "f", "returned": [1, 2]}', [(1,), (2,)])
        claims.take("g", '{"t": "function", "name": "g", "returned": [1, 2, 3]}', [(1,), (2,)])
        claims.take("h", '{"t": "function", "name": "h", "returned": "12"}', [(1,), (2,)])
        claims.take("missing", '{"t": "missing"}', None)
        assert claims.returned == {"f": (1, 2)}
        assert set(claims.answers) == {"f", "g", "h"}
        assert "returned" not in claims.answers["g"]

    def test_answers_share_one_size(self):
        claims = Claims(1)
        claims.take("a", json.dumps("x" * 600), None)
        claims.take("b", json.dumps("x" * 600), None)
        assert claims.answers["b"]["t"] == "large"
        assert claims.max_chars == 0


class TestOutputs:
    def test_streams_merge_and_lines_are_written_over(self):
        out = [("stdout", "1\r2\r"), ("stderr", "e"), ("stdout", "3\nab\rc\r\nd")]
        given = [{"output_type": "stream", "name": name, "text": text} for name, text in out]
        assert [o["text"] for o in coalesced(given)] == ["3\nc\r\nd", "e"]

    def test_stdout_comes_first(self):
        given = [{"output_type": "stream", "name": name, "text": "x"} for name in ("stderr", "stdout")]
        assert [o["name"] for o in coalesced(given)] == ["stdout", "stderr"]

    def test_a_flood_in_one_line_is_no_trouble(self):
        given = [{"output_type": "stream", "name": "stdout", "text": "x" * 2_000_000 + "\ry"}]
        assert coalesced(given)[0]["text"] == "y"

    def test_forged_messages_cost_nothing(self):
        outputs = Outputs()
        messages = [
            3,
            ["stream"],
            ["stream", {"text": 5}],
            ["error", {"traceback": 1}],
            ["display_data", {"data": []}],
            ["x", {}],
        ]
        outputs.add_cell(0, None, messages)
        outputs.add_cell(1, 1, "none")
        assert [o["output_type"] for o in outputs.cells[0][1]] == ["stream", "error", "display_data"]
        assert outputs.cells[1] == (1, [])


class TestNotebook:
    def test_only_code_with_something_in_it_runs(self):
        cells = [
            {"cell_type": kind, "source": source}
            for kind, source in (("markdown", "x"), ("code", " \n"), ("code", "1"))
        ]
        assert list(code_cells({"cells": cells})) == [(2, "1")]

    def test_too_much_is_refused(self):
        with pytest.raises(UnreadableNotebook, match="longer than"):
            list(code_cells({"cells": [{"cell_type": "code", "source": "x" * 1_500_000}] * 2}))

    def test_the_executed_copy_leaves_the_original_alone(self):
        given = {"cells": [{"cell_type": "code", "source": "1", "outputs": ["old"]}], "metadata": {"a": 1}}
        copy = executed_copy(given, {0: (4, ["new"])})
        assert given["cells"][0]["outputs"] == ["old"]
        assert copy["cells"][0] == {
            "cell_type": "code",
            "source": "1",
            "outputs": ["new"],
            "execution_count": 4,
        }


class TestRecorder:
    def test_in_marking_mode_nothing_is_kept(self):
        recorder = Recorder(wanted=False)
        print("x", file=Stream(recorder, "stdout", 1))
        assert recorder.take() == []

    def test_text_only(self):
        with pytest.raises(TypeError, match="must be str"):
            Stream(Recorder(), "stdout", 1).write(b"x")

    def test_what_an_output_widget_captures_is_not_shown(self):
        recorder = Recorder(True, 1)
        recorder.captured_by.append("w")
        recorder.add("stream", {"name": "stdout", "text": "x"})
        assert recorder.take() == []

    def test_what_programs_write_is_caught(self, tmp_path):
        recorder = Recorder(True, 1)
        saved = os.dup(1), os.dup(2)
        try:
            spill = Spill(recorder, str(tmp_path))
            os.write(1, b"from a program\n")
            os.write(2, b"a complaint")
        finally:
            for descriptor, number in zip(saved, (1, 2), strict=True):
                os.dup2(descriptor, number)
                os.close(descriptor)
        spill.collect()
        spill.collect()
        for file in spill._files.values():
            os.close(file)
        assert [content["text"] for _, content in recorder.take()] == ["from a program\n", "a complaint"]
        assert list(tmp_path.iterdir()) == []


def test_a_module_in_the_drawer_is_imported_anew(monkeypatch):
    package, inner = types.ModuleType("drawn"), types.ModuleType("drawn.inner")
    for module, is_package in ((package, True), (inner, False)):
        module.__spec__ = ModuleSpec(module.__name__, None, origin="somewhere", is_package=is_package)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    package.__path__, package.inner, inner.value, seen = [], inner, 5, []
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    Drawer(["drawn.inner"], {"drawn.inner": lambda module: seen.append(module.value)}).close()
    assert "drawn.inner" not in sys.modules
    assert not hasattr(package, "inner")
    import drawn.inner

    assert drawn.inner is inner
    assert seen == [5]


def test_what_a_module_in_the_drawer_imports_is_imported_with_it(monkeypatch):
    package, style, bars = (types.ModuleType(name) for name in ("drawn", "drawn.style", "drawn.bars"))
    exec("def new_figure(): ...", vars(style))
    package.__path__, package.style, package.bars = [], style, bars
    bars.new_figure, seen = style.new_figure, []
    for module in (package, style, bars):
        module.__spec__ = ModuleSpec(module.__name__, None, origin="somewhere", is_package=module is package)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    Drawer(["drawn.style", "drawn.bars"], {"drawn.style": lambda _: seen.append("style set")}).close()
    import drawn.bars

    assert drawn.bars is bars
    assert seen == ["style set"]
