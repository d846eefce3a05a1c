"""What one test may not leave behind for the next is seen."""

import decimal
import gc

import matplotlib.pyplot as plt
import pytest

import playbook.figures.style  # noqa: F401
from tests.shared.undisturbed import changes, state


@pytest.mark.parametrize(
    ("do", "undo", "told"),
    [
        (gc.disable, gc.enable, "the collector: (True, "),
        (plt.figure, plt.close, "figures: [] -> [1]"),
    ],
)
def test_what_a_test_leaves_behind_is_told(do, undo, told):
    before = state()
    do()
    found = changes(before, state())
    undo()
    assert [line.startswith(told) for line in found] == [True]
    assert changes(before, state()) == []


def test_settings_that_a_test_leaves_behind_are_told_by_name(monkeypatch):
    before = state()
    with monkeypatch.context() as patched:
        patched.setenv("LEFT", "x")
        patched.setattr(decimal.getcontext(), "prec", 3)
        patched.setitem(plt.rcParams, "font.size", 31)
        found = changes(before, state())
    assert [line.partition(":")[0] for line in found] == [
        "the environment, LEFT",
        "decimals",
        "matplotlib, font.size",
    ]
    assert changes(before, state()) == []
