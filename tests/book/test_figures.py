"""The figures on the pages, as the pages draw them: each has its own message, all of it is there, on a phone too."""

import ast
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from tests.shared.pictures import cut_off, smallest_letters

pytestmark = pytest.mark.slow
PAGES = sorted((Path(__file__).resolve().parents[2] / "book").glob("[0-9][0-9]-*.md"))


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: page.stem)
def figures(request) -> list[Figure]:
    """What the cells of a page end with, where that is a figure."""
    import jupytext

    notebook, names, found = jupytext.reads(request.param.read_text(encoding="utf-8"), fmt="md:myst"), {}, []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            code = ast.parse(cell.source)
            last = code.body.pop() if code.body and isinstance(code.body[-1], ast.Expr) else None
            exec(compile(code, request.param.name, "exec"), names)
            value = (
                eval(compile(ast.Expression(last.value), request.param.name, "eval"), names) if last else None
            )
            found += [value] if isinstance(value, Figure) else []
    assert found
    return found


def title(fig: Figure) -> str:
    return " ".join(fig.get_suptitle().split())


def test_every_title_is_a_message_of_its_own(figures):
    assert all(len(title(one)) > 15 for one in figures)
    assert [pair for pair in combinations(map(title, figures), 2) if len(set(pair)) == 1] == []


def test_nothing_is_cut(figures):
    assert {title(one): cut_off(one) for one in figures if cut_off(one)} == {}


def test_letters_can_be_read_on_a_phone(figures):
    assert {title(one): smallest_letters(one) for one in figures if smallest_letters(one) < 8.5} == {}
