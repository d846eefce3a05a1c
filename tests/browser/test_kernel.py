"""What the Python side of a browser's notebook does without a browser: it fetches archives when they are needed."""

import pytest

from playbook import places
from playbook.site.browser.browser_kernel import ArchiveFinder, fetch_cases


class Connection:
    """Fetches archives, unless it is down."""

    def __init__(self):
        self.down, self.fetched = False, []

    def install(self, archive: str) -> None:
        if self.down:
            raise OSError("the connection is gone")
        self.fetched.append(archive)


@pytest.fixture
def connection():
    return Connection()


@pytest.fixture
def finder(connection):
    needs = {"science": [], "learning": ["science"], "case-wuxi": [], "case-wuxi-accounts": []}
    return ArchiveFinder({"statsmodels": "learning"}, needs, connection.install)


def test_an_archive_comes_once_and_after_what_it_stands_on(finder, connection):
    finder.find_spec("statsmodels.cluster")
    finder.find_spec("statsmodels")
    assert connection.fetched == ["science", "learning"]


def test_an_archive_that_could_not_be_fetched_is_asked_for_again(finder, connection):
    connection.down = True
    with pytest.raises(OSError, match="connection"):
        finder.fetch("learning")
    connection.down = False
    finder.fetch("learning")
    assert connection.fetched == ["science", "learning"]


def test_a_case_is_fetched_if_it_is_one_of_the_courses(finder, connection, monkeypatch):
    monkeypatch.setattr(places, "fetch_case", places.fetch_case)
    fetch_cases(finder)
    for name in ("wuxi", "of my own", "wuxi"):
        places.fetch_case(name)
    assert connection.fetched == ["case-wuxi"]


def test_a_large_table_is_fetched_when_it_is_first_read(finder, connection, monkeypatch):
    monkeypatch.setattr(places, "fetch_case", places.fetch_case)
    fetch_cases(finder)
    for table in ("densities", "accounts", "accounts"):
        places.fetch_case("wuxi", table)
    assert connection.fetched == ["case-wuxi", "case-wuxi-accounts"]
