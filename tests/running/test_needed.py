"""Only what answers come from is run where nobody looks: what is left out, what never is, and that answers are the same."""

import itertools
from pathlib import Path

import pytest

import playbook.running.needed as needed_module
from playbook import market
from playbook.authoring.master import Master, find_masters
from playbook.cases import load_case
from playbook.places import course_root
from playbook.running.extract import OPENED
from playbook.running.needed import ahead, only_needed, runs_directly
from playbook.running.runner import Job, code_cells
from playbook.running.warm.runner import WarmRunner
from tests.grading.cohort import notebook_of, solved

OPEN = 'from playbook import open_case, open_exercise\ncase = open_case("a")\ncheck = open_exercise("x")'
IMPORT = "import pandas as pd\nfrom playbook.market import win_rates\nfirms = case.accounts"
ANSWER = 'n = len(firms)\ncheck("n", n)'
ASKED = "n = len(firms)\nif ['n', n]: pass"
MASTERS = find_masters(course_root() / "exercises", ())


def needed(*cells: str, given: tuple[str, ...], answers: tuple[str, ...] = ("n",)) -> list[str]:
    """What runs of a notebook: its first two cells as they are, then these."""
    sources = [OPEN, IMPORT, *cells]
    instead = only_needed(list(enumerate(sources)), {OPEN, IMPORT, *given}, answers, 2)
    return [instead.get(index, source) for index, source in enumerate(sources)][2:]


class TestLeftOut:
    @pytest.mark.parametrize(
        "show",
        [
            "firms.head()",
            "top = firms.sort_values('revenue_10k').head(5)\ntop[['name']].round(1)",
            "if n is ...:\n    text = 'first'\nelse:\n    text = win_rates(firms).round(3)\ntext",
            "print(f'{n} firms', *[name for name in firms['name']])",
            "also = firms.copy()\nalso['twice'] = 2 * also['employees']\nalso.loc[also['twice'] > 3, 'big'] = True\nalso",
            "# only a remark",
            "for name in ['a']:\n    print(name)",
            "lines = {name: len(name) for name in firms['name']}\nlines",
        ],
    )
    def test_what_only_shows_something(self, show):
        assert needed(ANSWER, show, given=(show,)) == [ASKED, ""]

    def test_the_end_of_a_cell_that_is_needed(self):
        given = "rows = firms.head(3)\n# Step 2\nother = rows.tail(1)\nother"
        assert needed(given, "n = len(rows)", given=(given,)) == ["rows = firms.head(3)", "n = len(rows)"]

    def test_a_line_that_only_needs_what_is_left_out_too(self):
        one, two = "rows = firms.head(3)", "more = rows.tail(1)\nmore"
        assert needed(one, two, ANSWER, given=(one, two)) == ["", "", ASKED]

    def test_the_check_is_not_asked_but_what_it_is_asked_for_is_looked_up(self):
        cell = 'n = 1\ncheck("n", m)  # is it?\nk = 2\ncheck("k", 3)'
        assert needed(cell, given=()) == [
            'n = 1\nif ["n", m]: pass  # is it?\nk = 2\nif ["k", 3]: pass'.replace('"', "'")
        ]

    def test_letters_of_more_than_one_byte(self):
        assert needed('city = "嘉兴"; n = 2\ncheck("n", n)', given=()) == [
            "city = \"嘉兴\"; n = 2\nif ['n', n]: pass"
        ]


class TestNeverLeftOut:
    @pytest.mark.parametrize(
        "given",
        [
            "firms['new'] = 1",
            "firms.insert(0, 'new', 1)",
            "firms.drop(columns='name', inplace=True)",
            "same = firms\nsame['new'] = 1",
            "rows = firms.head()\nrows = firms\nrows['new'] = 1",
            "import os",
            "pd.set_option('display.precision', 3)",
            "other(firms)",
            "open_case('b')",
            "del firms",
            "firms += 1",
            "def f():\n    return 1",
            "check.hand_in()",
            "with open('x') as file:\n    pass",
            "[firms.pop(name) for name in ['name']]",
        ],
    )
    def test_a_line_that_may_change_something(self, given):
        assert needed("n = len(firms)", given, given=(given,))[1] == given

    def test_what_comes_before_such_a_line(self):
        given = "rows = firms.head()\nrows.insert(0, 'new', 1)\nrows"
        assert needed("n = 1", given, given=(given,))[1] == "rows = firms.head()\nrows.insert(0, 'new', 1)"

    def test_what_a_trainee_typed_or_changed(self):
        assert needed("n = 1", "firms.head()", given=("firms.tail()",)) == ["n = 1", "firms.head()"]

    def test_an_answer_that_a_given_cell_binds(self):
        assert needed("n = 1", given=("n = 1",)) == ["n = 1"]

    @pytest.mark.parametrize(
        "reader",
        [
            "n = rows",
            "def f():\n    return rows\nn = f()",
            "n = f'{rows}'",
            "n = firms.query('employees > @rows')",
            "n = [rows for one in firms]",
            "rows += 1",
            "rows['a'] = n = 1",
            "n = (1 +\nrows",  # does not run, and is read all the same
        ],
    )
    def test_what_is_read(self, reader):
        assert needed("rows = len(firms)", reader, given=("rows = len(firms)",))[0] == "rows = len(firms)"

    @pytest.mark.parametrize(
        "cell",
        [
            "n = eval('rows')",
            "n = globals()",
            "n = _",
            "n = Out[3]",
            "n = _i3",
            "%time n = 1",
            "import sys\nn = sys.modules",
        ],
    )
    def test_nothing_where_names_may_be_read_unseen(self, cell):
        assert needed(cell, "rows = len(firms)", given=("rows = len(firms)",)) == [cell, "rows = len(firms)"]

    @pytest.mark.parametrize(
        "cell",
        [
            "n = eval('rows')",
            "n = Out[3]",
            "%time n = 1",
            "import asyncio\ntask = asyncio.create_task(f())",
            "from traceback import format_exc",
            "def broken(:\n    asyncio.run(f())",
            "n = '" + 200_000 * "a" + "'",
        ],
    )
    def test_what_could_tell_how_it_is_run_runs_as_in_a_kernel(self, cell):
        assert not runs_directly([(0, OPEN), (1, cell)])

    @pytest.mark.parametrize(
        "cell", ["n = 1", "n = len(firms)\ncheck('n', n)", "def broken(:", "firms.eq(1)"]
    )
    def test_what_could_not_runs_directly(self, cell):
        assert runs_directly([(0, OPEN), (1, cell)])

    def test_what_calls_a_name_that_the_trainee_gave_another_meaning(self):
        show = "print(len(firms))"
        assert needed("n = 1\ndef print(x):\n    global n\n    n = 2", show, given=(show,))[1] == show

    @pytest.mark.parametrize(
        "cell",
        [
            "n = 1\nask = check\ncheck('n', n)",
            "n = check.results\ncheck('n', n)",
            "def check(*_):\n    pass\nn = 1\ncheck('n', n)",
            "n = open('city-playbook.json').read()\ncheck('n', n)",
            "from playbook.exercises.defending import versions\ncheck('n', 1)",
            "n = 1; check('n', n)",
            "check('n', firms.pop('a'))",
            "check('n', value=n)",
            "n = 1\rcheck('n', n)",
        ],
    )
    def test_a_check_on_which_something_may_depend(self, cell):
        assert needed(cell, given=()) == [cell]

    def test_a_notebook_that_is_made_to_hurt(self):
        show = "firms.head()"
        assert needed("n = '" + 200_000 * "a" + "'", show, given=(show,))[1] == show
        assert needed("n = " + 5_000 * "(" + "1" + 5_000 * ")", show, given=(show,))[1] == ""


class TestAhead:
    BEGIN = "from playbook.simulator import simulate\nbook = 1\ncity = 2\ndraws = 3"

    def follows(self, *cells: str) -> tuple[str, ...]:
        return ahead((OPEN, self.BEGIN, *cells), 2)

    def test_what_follows_from_the_beginning_as_far_as_a_function_keeps_it(self):
        tries = "tries = {'a': book}"
        runs = "runs = {name: simulate(city, one, draws) for name, one in tries.items()}"
        assert self.follows(f"{tries}\n{runs}\nruns", "later = 1") == (tries, runs)

    def test_lines_that_write_into_what_they_need(self):
        cells = ("more = [book]\nmore[0] = 2", "simulate(city, more, draws)")
        assert self.follows(*cells) == ("more = [book]", "more[0] = 2", cells[1])

    @pytest.mark.parametrize(
        "cell",
        [
            "simulate(city, answer, draws)",
            "simulate(unknown(city), book, draws)",
            "city = unknown(city)\nsimulate(city, book, draws)",
            "len(book)",
        ],
    )
    def test_nothing_else(self, cell):
        assert self.follows(cell) == ()

    @pytest.mark.parametrize(
        ("exercise", "function"),
        [("05", "cluster_profiles"), ("08", "best_sequence"), ("12", "rise_before"), ("13", "simulate")],
    )
    def test_the_chapters_that_take_long_have_something(self, exercise, function):
        master = next(one for one in MASTERS if one.id.startswith(exercise))
        assert any(function in line for line in ahead(given_of(master), beginning_of(master)))

    def test_all_functions_that_keep_are_known(self):
        keeping = {name for name in market.__all__ if getattr(getattr(market, name), "keeps", False) is True}
        assert keeping | {"simulate"} == needed_module._KEEPING


def given_of(master: Master) -> tuple[str, ...]:
    return tuple(
        cell.source for cell in master.cells if cell.kind == "code" and not cell.block and cell.source.strip()
    )


def beginning_of(master: Master) -> int:
    before = itertools.takewhile(lambda cell: not cell.block, master.cells)
    return sum(cell.kind == "code" and bool(cell.source.strip()) for cell in before)


@pytest.fixture(scope="module")
def runner() -> WarmRunner:
    with WarmRunner(required=True, shows=False) as runner:
        yield runner


def same_answers(runner: WarmRunner, master: Master, notebook: dict, case: Path) -> int:
    """How many cells run shorter, after making sure that what comes of a notebook is the same."""
    answers = (*(question.answer for question in master.questions), OPENED)
    instead = only_needed(list(code_cells(notebook)), given_of(master), answers, beginning_of(master))
    whole = runner.run(Job(notebook, case, answers))
    direct = runs_directly(list(code_cells(notebook)))
    short = runner.run(Job(notebook, case, answers, instead=instead, direct=direct))
    assert whole.reason == short.reason == ""
    assert short.answers == whole.answers
    asked = {
        cell.index for cell in whole.cells if "check(" in "".join(notebook["cells"][cell.index]["source"])
    }
    stops = [
        [(cell.index, cell.error_name, cell.error_value) for cell in run.cells if cell.index in asked]
        for run in (whole, short)
    ]
    assert stops[0] == stops[1]
    return len(instead)


def every_kind(master: Master) -> list[dict]:
    """Notebooks: perfect, empty, half done, and with each declared wrong answer, all else right or wrong as well."""

    def wrong(place: int, every: int = 1, first: int = 0):
        def solve(block) -> str:
            if master.blocks.index(block) % every != first or place >= len(block.wrongs):
                return solved(block)
            return f'{block.wrongs[place].source}\ncheck("{block.question.id}", {block.question.answer})'

        return solve

    half = [
        lambda block, odd=odd: solved(block) if master.blocks.index(block) % 2 == odd else block.starter
        for odd in (0, 1)
    ]
    most = max(len(block.wrongs) for block in master.blocks)
    ways = [wrong(place, *every) for place in range(most) for every in ((1, 0), (2, 0), (2, 1))]
    return [notebook_of(master), *(notebook_of(master, one) for one in (solved, *half, *ways))]


@pytest.mark.slow
@pytest.mark.parametrize("exercise", ["03", "13"])
def test_a_perfect_notebook_gives_the_same(runner, exercise):
    master = next(one for one in MASTERS if one.id.startswith(exercise))
    assert same_answers(runner, master, notebook_of(master, solved), load_case("jinhua").folder) > 5


@pytest.mark.long
@pytest.mark.parametrize("master", MASTERS, ids=lambda master: master.id)
def test_every_kind_of_notebook_gives_the_same(runner, master):
    for notebook in every_kind(master):
        assert same_answers(runner, master, notebook, load_case("jinhua").folder)
