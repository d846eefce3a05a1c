"""A gradebook with texts to read, for all tests of the reader's page."""

import shutil

import pytest

from playbook.gradebook.gradebook import Gradebook
from tests.gradebook.reading import read_book


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """A folder with the gradebook as grading left it."""
    folder = tmp_path_factory.mktemp("graded")
    read_book(folder).close()
    return folder


@pytest.fixture
def book(tmp_path, graded):
    """A copy of its own for each test."""
    shutil.copytree(graded, tmp_path, dirs_exist_ok=True)
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        yield book
