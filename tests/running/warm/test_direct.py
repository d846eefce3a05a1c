"""Cells that are run all at once, as plain Python: whatever goes wrong in one of them stays its own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from playbook.running.runner import Job, Limits, Run
from playbook.running.warm.runner import WarmRunner
from playbook.running.warm.wire import Channel
from tests.running.warm.helpers import notebook

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

ENDLESS = "while True:\n    pass"


@pytest.fixture
def run(warm_runner, tiny_case: Path):
    def run(*sources: str, answers: tuple[str, ...] = (), cell_s: float = 20, **told) -> Run:
        limits = Limits(cell_s=cell_s)
        return warm_runner.run(
            Job(notebook(*sources), tiny_case, answers, limits=limits, direct=True, **told)
        )

    return run


def test_a_notebook_of_many_cells_is_asked_for_in_a_few_messages(run, monkeypatch):
    whole, sent = Channel.send, []

    def noting(channel: Channel, message, *told) -> None:
        sent.append(message)
        whole(channel, message, *told)

    monkeypatch.setattr(Channel, "send", noting)
    names = [f"a{number}" for number in range(30)]
    found = run(*(f"{name} = 1\nb = 2" for name in names), answers=tuple(names))
    assert found.answers == dict.fromkeys(names, 1)
    assert len(sent) == 3  # what may be used, the cells, the answers


def test_an_endless_cell_costs_only_itself(run):
    found = run("a = 1\nb = 2", ENDLESS, "c = 3\nd = 4", answers=("a", "d"), cell_s=3)
    assert (found.reason, found.answers) == ("", {"a": 1, "d": 4})
    assert [(cell.ok, cell.timed_out) for cell in found.cells] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_where_an_interrupt_may_have_struck_the_next_cell_all_run_again_one_by_one(run, monkeypatch):
    whole, ways = WarmRunner.run, []

    def noting(runner: WarmRunner, job: Job) -> Run:
        ways.append(job.direct)
        return whole(runner, job)

    monkeypatch.setattr(WarmRunner, "run", noting)
    swallows = (
        f"try:\n    {ENDLESS.replace(chr(10), chr(10) + '    ')}\nexcept KeyboardInterrupt:\n    caught = 1"
    )
    found = run(
        swallows,
        "total = 0\nfor number in range(1000):\n    total += number",
        answers=("caught", "total"),
        cell_s=3,
    )
    assert (found.reason, found.answers) == ("", {"caught": 1, "total": 499_500})
    assert [cell.ok for cell in found.cells] == [True, True]
    assert ways == [True, False]


def test_an_endless_answer_costs_only_itself(run):
    hurts = "class L(list):\n    def __iter__(self):\n        while True: pass\na = L([1])\nb = 2"
    found = run(hurts, answers=("a", "b", "c"), cell_s=3)
    assert found.answers["a"]["error"] == "TimeoutError"
    assert found.answers["b"] == 2


def test_a_function_that_swallows_its_interrupt_is_late_and_no_other(run):
    swallows = f"def f(x):\n    try:\n        {ENDLESS.replace(chr(10), chr(10) + '        ')}\n    except KeyboardInterrupt:\n        return 5"
    found = run(swallows, "b = 2", answers=("f", "b"), calls={"f": ((1,),)}, cell_s=3)
    assert found.answers["f"]["error"] == "TimeoutError"
    assert found.answers["b"] == 2


def test_answers_have_a_size_together(run, warm_runner, tiny_case):
    cells = ("a = 'x' * 700", "b = 'y' * 700", "c = 3")
    job = Job(notebook(*cells), tiny_case, ("a", "b", "c"), limits=Limits(answers_kb=1))
    found = [warm_runner.run(dataclasses.replace(job, direct=direct)).answers for direct in (False, True)]
    assert (
        found[0] == found[1] == {"a": "x" * 700, "b": {"t": "large", "type": "answer", "size": 702}, "c": 3}
    )


def test_a_cell_that_is_no_python_says_so_in_the_words_of_a_kernel(run):
    found = run("a = 1\nb = (", "%no_magic", "text = 'a'\n1/0", "b = 2", answers=("a", "b"))
    assert [cell.error_name for cell in found.cells] == ["SyntaxError", "UsageError", "ZeroDivisionError", ""]
    assert found.cells[0].error_value.endswith(".py, line 2)")
    assert found.answers == {"b": 2}


def test_a_figure_is_closed_after_its_cell(run):
    draws = "import matplotlib.pyplot as plt\nplt.plot([1, 2])"
    found = run(draws, "open_ones = plt.get_fignums()\nopen_ones", answers=("open_ones",))
    assert found.answers["open_ones"]["v"] == []


def test_what_a_cell_imports_from_the_future_holds_for_those_after_it(run):
    found = run(
        "from __future__ import annotations\na = 1", "def f(x: nothing):\n    pass\nb = 2", answers=("b",)
    )
    assert found.answers == {"b": 2}


def test_a_cell_that_ends_the_process_ends_the_run(run):
    assert run("a = 1\nb = 2", "import os\nos._exit(0)", "c = 3", answers=("a",)).reason == "dead kernel"


def test_a_forked_child_that_comes_out_of_its_cell_answers_nothing(run):
    found = run("import os\npid = os.fork()", "who = 'child' if pid == 0 else 'parent'\n1", answers=("who",))
    assert (found.reason, found.answers) == ("", {"who": "parent"})
