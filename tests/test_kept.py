"""What is worked out once a case: as often as its files change, and never for another one."""

import dataclasses
import gc
import os
import shutil
import threading
from types import SimpleNamespace

import pandas as pd
import pytest

from playbook.cases import load_case, read_case
from playbook.kept import Kept, KeptWith, kept_by_content, once_a_case


@pytest.fixture
def counted():
    calls = []

    @once_a_case
    def rows(case):
        calls.append(case.name)
        return len(case.accounts)

    return rows, calls


def test_it_is_worked_out_once(counted):
    rows, calls = counted
    assert rows(load_case("jinhua")) == rows(load_case("jinhua")) == len(load_case("jinhua").accounts)
    assert calls == ["jinhua"]


def test_each_case_has_its_own(counted):
    rows, calls = counted
    assert rows(load_case("jinhua")) != rows(load_case("wuxi"))
    assert rows(load_case("jinhua")) == len(load_case("jinhua").accounts)
    assert calls == ["jinhua", "wuxi"]


def test_a_table_that_changes_is_worked_out_anew(counted, tmp_path):
    rows, calls = counted
    case = read_case(shutil.copytree(load_case("jinhua").folder, tmp_path / "case"))
    before, path = rows(case), case.path("accounts")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    assert rows(case) == before - 1
    assert len(calls) == 2


def test_a_table_of_the_same_size_and_a_later_time_is_worked_out_anew(counted, tmp_path):
    rows, calls = counted
    case = read_case(shutil.copytree(load_case("jinhua").folder, tmp_path / "case"))
    rows(case)
    os.utime(case.path("accounts"), ns=(1, 1))
    rows(case)
    assert len(calls) == 2


def test_what_stands_nowhere_is_never_kept():
    calls = []
    made = once_a_case(lambda case: calls.append(case) or len(calls))
    assert [made(SimpleNamespace()), made(SimpleNamespace())] == [1, 2]
    gone = dataclasses.replace(load_case("jinhua"), folder=load_case("jinhua").folder / "nowhere")
    assert [made(gone), made(gone)] == [3, 4]


def test_only_a_few_are_kept():
    kept, made = Kept(2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        kept.of(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]


class TestByContent:
    @pytest.fixture
    def total(self):
        calls = []

        @kept_by_content
        def total(frame, *, of="a"):
            """Sum."""
            calls.append(of)
            return frame.groupby("b")[of].sum()

        return total, calls

    def test_the_same_content_is_worked_out_once_whatever_holds_it(self, total):
        total, calls = total
        frames = [pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}) for _ in range(2)]
        assert total(frames[0]).equals(total(frames[1]))
        assert calls == ["a"]
        assert total.__doc__ == "Sum."

    def test_other_content_or_another_wish_is_worked_out_anew(self, total):
        total, calls = total
        frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [5, 6]})
        assert total(frame)["x"] == 1
        frame.loc[0, "a"] = 7
        assert total(frame)["x"] == 7
        assert total(frame, of="c")["x"] == 5
        assert calls == ["a", "a", "c"]

    def test_whoever_changes_what_it_gave_changes_nothing_for_the_next(self, total):
        total, _calls = total
        frame = pd.DataFrame({"a": [1], "b": ["x"]})
        sums = total(frame)
        sums["x"] = 9
        assert total(frame)["x"] == 1

    def test_what_cannot_be_pickled_is_worked_out_each_time(self):
        calls = []
        called = kept_by_content(lambda thing: calls.append(thing) or len(calls))
        assert [called(lambda: 0), called(lambda: 0)] == [1, 2]

    def test_an_error_is_raised_each_time(self):
        @kept_by_content
        def broken(number):
            raise ValueError(number)

        for _ in range(2):
            with pytest.raises(ValueError, match="3"):
                broken(3)


class TestWithAThing:
    class Thing:
        pass

    def test_it_is_kept_as_long_as_the_thing_is_there(self):
        kept, thing, calls = KeptWith(2), self.Thing(), []
        for _ in range(2):
            assert kept.of(thing, "a", lambda: calls.append(1) or len(calls)) == 1
        assert kept.of(self.Thing(), "a", lambda: 5) == 5
        del thing
        gc.collect()
        assert not kept._things


def test_of_two_threads_that_ask_for_one_thing_one_makes_it():
    kept, makers, second = Kept(1), [], threading.Event()

    def also():
        makers.append("second")
        second.set()
        return "theirs"

    def make():
        makers.append("first")
        asking.start()
        second.wait(0.2)  # nobody comes: the other one waits for this
        return "ours"

    found = []
    asking = threading.Thread(target=lambda: found.append(kept.of("key", also)))
    assert kept.of("key", make) == "ours"
    asking.join()
    assert (makers, found) == (["first"], ["ours"])


def test_what_could_not_be_made_is_made_by_the_next_who_asks():
    kept = Kept(1)

    def fails():
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        kept.of("key", fails)
    assert kept.of("key", lambda: "made") == "made"
