"""A gradebook with texts to read, for all tests of the reader's page."""

import pytest

from tests.gradebook.reading import read_book


@pytest.fixture
def book(tmp_path):
    book = read_book(tmp_path)
    yield book
    book.close()
