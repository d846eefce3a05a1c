import re

import pytest

from playbook.authoring.master import load_master
from playbook.authoring.validate import prove


@pytest.fixture(scope="module")
def example(tmp_path_factory, root):
    """The exercise that CONTRIBUTING.md shows, written where it says."""
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    master = re.search(r"^````markdown\n(---\n.*?)^````$", text, re.DOTALL | re.MULTILINE)[1]
    folder = tmp_path_factory.mktemp("exercises") / "13-export"
    folder.mkdir()
    (folder / "master.md").write_text(master, encoding="utf-8")
    return load_master(folder)


def test_the_worked_example_is_an_exercise(example):
    assert [question.id for question in example.questions] == ["share", "district"]


@pytest.mark.slow
def test_the_worked_example_proves_itself(example):
    proof = prove(example, "jinhua", mutants=False)
    assert proof.failing == ()
