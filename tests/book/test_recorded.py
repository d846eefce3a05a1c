"""Chapters and masters compute what is recorded. A change that is meant is accepted with `make accept`."""

import re

import nbformat
import pytest
from pytest_notebook.nb_regression import NBRegressionFixture

from playbook.places import course_root
from playbook.site.recorded import FOLDER, INLINED, PIXEL, plain, record, sources

pytestmark = pytest.mark.slow

SOURCES = {path.relative_to(course_root()).as_posix(): code for path, code in sources(course_root())}


@pytest.fixture
def regression(tmp_path) -> NBRegressionFixture:
    """Compares a recorded notebook with a new run of it: pictures by being there, widgets without ids."""
    return NBRegressionFixture(
        exec_cwd=str(tmp_path),  # where a notebook may keep answers
        exec_timeout=120,
        diff_use_color=False,
        diff_ignore=(
            "/metadata/language_info",
            "/metadata/widgets",
            "/cells/*/execution_count",
            "/cells/*/metadata/execution",
            "/cells/*/outputs/*/data/application/vnd.jupyter.widget-view+json",
        ),
        diff_replace=(
            ("/cells/*/outputs/*/data/image/png", r"(?s).+", PIXEL),
            ("/cells/*/outputs/*/data/text/html", *INLINED),
            ("/cells/*/outputs/*/data/text/plain", r"(?s)^\w+Panel\(.*|^VBox\(.*", "a panel"),
        ),
    )


@pytest.mark.parametrize("name", SOURCES)
def test_the_recorded_code_is_the_code_in_use(name, root):
    assert (root / name).is_file(), "not recorded yet: run make accept"
    recorded = [cell.source for cell in nbformat.read(root / name, 4).cells]
    assert recorded == [cell.source for cell in SOURCES[name].cells], "the code changed: run make accept"


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if "exercises/03-" in name else pytest.mark.long) for name in SOURCES],
)
def test_it_computes_what_is_recorded(name, root, regression):
    regression.check(str(root / name))


def test_nothing_is_recorded_that_is_gone(root):
    kept = {path.relative_to(root).as_posix() for path in (root / FOLDER).rglob("*") if path.is_file()}
    assert kept == set(SOURCES)


def test_a_changed_number_is_noticed(tmp_path, regression):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("print(41 + 1)")],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    path = tmp_path / "chapter.ipynb"
    record(path, notebook)
    regression.check(str(path))
    path.write_text(re.sub(r"\b42\b", "43", path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(Exception, match="42"):
        regression.check(str(path))


def test_pictures_and_widgets_are_recorded_without_what_differs_from_run_to_run():
    output = nbformat.v4.new_output(
        "display_data",
        {
            "image/png": "abcd",
            "application/vnd.jupyter.widget-view+json": {"model_id": "f00"},
            "text/plain": "VBox(f00)",
        },
    )
    notebook = plain(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])]))
    data = notebook.cells[0].outputs[0].data
    assert data["image/png"] == PIXEL
    assert "f00" not in str(data)


def test_a_picture_within_html_is_recorded_without_its_bytes_and_its_words_stay():
    html = '<p>47%</p><img alt="Four charts" src="data:image/png;base64,{}"><p>after</p>'
    output = nbformat.v4.new_output("display_data", {"text/html": html.format("abcd+/12==")})
    notebook = plain(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])]))
    assert notebook.cells[0].outputs[0].data["text/html"] == html.format(PIXEL)
