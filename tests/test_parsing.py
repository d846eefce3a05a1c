"""Sources become syntax trees one at a time, whoever asks."""

import ast
import builtins
from pathlib import Path

import pytest

import playbook
from playbook import parsing


def test_a_source_becomes_its_tree():
    assert ast.dump(parsing.parse("a = 1")) == ast.dump(ast.parse("a = 1"))
    assert parsing.parse("await a", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).body


@pytest.mark.parametrize(("source", "error"), [("a =", SyntaxError), ("a\0", (SyntaxError, ValueError))])
def test_what_is_no_python_is_refused(source, error):
    with pytest.raises(error):
        parsing.parse(source)


def test_nobody_else_parses_meanwhile(monkeypatch):
    """Threads of a grading run read notebooks at once."""
    held = []

    def compiled(*given):
        held.append(parsing._ONE_AT_A_TIME.locked())
        return builtins.compile(*given)

    monkeypatch.setattr(parsing, "compile", compiled, raising=False)
    parsing.parse("a = 1")
    assert held == [True]


@pytest.mark.parametrize("room", ["submissions", "grading", "exercises"])
def test_what_threads_of_a_grading_run_call_parses_nowhere_else(room):
    files = (Path(playbook.__file__).parent / room).rglob("*.py")
    assert [file.name for file in files if "ast.parse(" in file.read_text(encoding="utf-8")] == []
