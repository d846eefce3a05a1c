"""What is worked out once a case: as often as its files change, and never for another one."""

import dataclasses
import os
import shutil
from types import SimpleNamespace

import pytest

from playbook.cases import load_case, read_case
from playbook.kept import Kept, once_a_case


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
