"""Where only marks are wanted, a panel that is shown is not made; one that a notebook uses is."""

import pytest

from playbook.cases import load_case
from playbook.running.runner import Job
from tests.running.warm.helpers import notebook

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

PANEL = (
    "from playbook import open_case\nfrom playbook.chapters.three_densities.panel import panel\n"
    "case = open_case('Li Wei')\nmine = panel(case)\nmine"
)


def test_a_panel_that_a_notebook_uses_is_the_same_with_and_without_figures(warm_runner):
    uses = (
        "import ipywidgets\nbox = ipywidgets.VBox([mine])\n"
        "kinds = [type(child).__name__ for child in mine.children]\n"
        "sliders = [slider.description for slider in mine.sliders.values()]\n"
        "is_widget, name = isinstance(mine, ipywidgets.VBox), panel.__name__"
    )
    answers = ("kinds", "sliders", "is_widget", "name")
    marked, shown = (
        warm_runner.run(Job(notebook(PANEL, uses), load_case("jinhua").folder, answers, figures=figures))
        for figures in (False, True)
    )
    assert [cell.error_value for cell in shown.cells] == ["", ""]
    assert [cell.error_value for cell in marked.cells] == ["", ""]
    assert marked.answers == shown.answers
    assert len(marked.answers) == 4


def test_a_panel_that_is_only_shown_draws_nothing(warm_runner):
    drawn = (
        "import matplotlib.figure\ncount = 0\nplain = matplotlib.figure.Figure.__init__\n"
        "def counted(*args, **kwargs):\n    global count\n    count += 1\n    plain(*args, **kwargs)\n"
        "matplotlib.figure.Figure.__init__ = counted"
    )
    counts = {
        figures: warm_runner.run(
            Job(notebook(drawn, PANEL), load_case("jinhua").folder, ("count",), figures=figures)
        ).answers["count"]
        for figures in (False, True)
    }
    assert counts[False] == 0
    assert counts[True] > 0


def test_an_attribute_that_no_panel_has_is_an_error_that_says_so(warm_runner):
    asked = "mine.nowhere"
    run = warm_runner.run(Job(notebook(PANEL, asked), load_case("jinhua").folder))
    assert run.cells[1].error_name == "AttributeError"
    assert "nowhere" in run.cells[1].error_value
