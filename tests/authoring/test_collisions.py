"""Only the right way gives the right answer: the measurement, and the trap cells it reads."""

import textwrap

import pytest

from playbook.authoring.collisions import MOST_SHIPPED, Spread, Way, measure, table, try_ways
from playbook.authoring.leak import Secrets
from playbook.authoring.master import find_masters, load_master
from playbook.authoring.remembered import Remembered
from playbook.authoring.solve import run_master
from playbook.cases import load_case

MASTER = """
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
playbook: {exercise: 90-traps, chapter: 90, title: Traps, decision: "How many?", minutes: {read: 1, do: 1}, section: Traps}
---

```{code-cell} ipython3
from playbook import open_case
case = open_case("x")
```
```{code-cell} ipython3
---
tags: [solution]
question: {id: rows, title: Rows, kind: number, atol: 0.1, points: 1}
---
rows = len(case.accounts)
```
```{code-cell} ipython3
---
tags: [wrong]
hint: "Too many."
---
rows = len(case.accounts) + 1
```
```{code-cell} ipython3
---
tags: [wrong]
hint: "Too few."
---
rows = len(case.accounts) - 1
```
```{code-cell} ipython3
---
tags: [trap]
way: "counts the numbers of the accounts, which is right by chance"
---
rows = case.accounts["account_id"].nunique()
```
```{code-cell} ipython3
:tags: [trap]
rows = 5
```
"""


@pytest.fixture
def master(tmp_path):
    folder = tmp_path / "90-traps"
    folder.mkdir()
    (folder / "master.md").write_text(textwrap.dedent(MASTER).lstrip(), encoding="utf-8")
    return load_master(folder)


def test_a_trap_is_kept_with_its_question_and_never_released(master):
    (block,) = master.blocks
    assert [trap.way for trap in block.traps] == [
        "counts the numbers of the accounts, which is right by chance",
        "rows = 5",
    ]
    assert "nunique" not in "".join(
        cell.source + (cell.block.starter if cell.block else "") for cell in master.cells
    )


def test_the_leak_scan_looks_for_traps(master):
    assert any("nunique" in line for line in Secrets.of([master], []).lines)


def test_traps_run_only_where_they_are_asked_for(master):
    case = load_case("wuxi")
    assert run_master(master, case).solved["rows"].traps == ()
    assert run_master(master, case, traps=True).solved["rows"].traps == (len(case.accounts), 5)


def test_a_way_that_is_right_by_chance_is_found(master):
    passed = try_ways(master, load_case("wuxi"))["passed"]["rows"]
    assert passed == {"wrong": [False, False], "trap": [True, False], "book": [False]}


@pytest.mark.slow
def test_it_fails_where_it_is_right_in_too_many_cities(master, tmp_path):
    ways, spreads = measure([master], unseen=0, jobs=2, kept=Remembered(tmp_path))
    failing = [way for way in ways if way.fails]
    assert [(way.question, way.kind, len(way.shipped)) for way in failing] == [("rows", "trap", 12)]
    assert "right by chance" in table(ways, spreads)


def test_an_option_that_is_the_answer_too_often_fails():
    assert Spread("x", "q", "choice", (("a", 6), ("b", 6))).fails
    assert not Spread("x", "q", "choice", (("a", 5), ("b", 5), ("c", 2))).fails
    assert not Spread("x", "q", "choice", (("a", 12),)).fails, "a judgement that hangs on no case"


def test_what_must_be_mended_stands_last_and_says_how():
    way = Way("03-x", "size", "trap", "last year's", ("wuxi", "foshan"), 1, 40)
    spread = Spread("04-x", "pick", "choice", (("north", 7), ("south", 5)))
    last = table([way], [spread]).splitlines()[-2:]
    assert last[0].startswith(
        'fails 03-x · size: the trap way "last year\'s" is right in 2 cities (at most 1) '
        "and 1 of 40 unseen cases (at most 2): mend it in the question"
    )
    assert last[1].startswith("fails 04-x · pick: 'north' is the answer in 7 cities (at most 5): mend it")


def test_one_unseen_case_in_twenty_is_allowed():
    def way(shipped, unseen):
        return Way("x", "q", "trap", "w", ("wuxi",) * shipped, unseen, 50)

    assert not way(MOST_SHIPPED, 2).fails
    assert way(0, 3).fails
    assert way(2, 0).fails


def test_every_computed_question_has_three_traps():
    """But a plan, whose wrong answers are whole plans: each costs 200 runs on each of the cases."""
    few = [
        f"{master.id} {block.question.id}"
        for master in find_masters()
        for block in master.blocks
        if len(block.traps) < 3
        and block.question.kind.name != "plan"
        and (block.question.computed or block.question.id in ("entry", "icp"))
    ]
    assert few == []
