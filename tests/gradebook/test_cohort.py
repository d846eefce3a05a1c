"""What a gradebook keeps about the cohort: teams, late hand-ins, reports; and gradebooks from before."""

import sqlite3

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.late import LatePolicy, Step
from playbook.gradebook.records import KeptReport
from playbook.submissions.hand_in import HandIn
from playbook.submissions.notebook import Facts

NEW = ("misses", "memberships", "reports")


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.sqlite") as book:
        yield book


def hand_in(trainee, content=b"{}", received=1.0):
    import hashlib

    digest = hashlib.sha256(content).hexdigest()
    return HandIn(trainee, "01-one", "f", digest, received, Facts(name=trainee), "", (), lambda: content)


def test_a_roster_keeps_teams_and_regions(book):
    roster = Roster((Enrolled("a", "Anna", "wuxi", {}, "Team 1", "North"), Enrolled("b")))
    book.keep_roster(roster)
    assert book.roster() == roster
    book.keep_roster(Roster((Enrolled("a"),)))
    assert book.roster().trainees[0].team == ""


def test_a_gradebook_from_before_gets_what_it_lacks(tmp_path):
    path = tmp_path / "g.sqlite"
    with Gradebook(path) as book:
        book.record([hand_in("a")])
    with sqlite3.connect(path) as connection:
        for table in NEW:
            connection.execute(f"DROP TABLE {table}")
    with Gradebook(path) as book:
        assert [one.trainee for one in book.attempts().values()] == ["a"]
        assert (book.questions(), book.report_before("x"), book.extensions()) == ([], None, {})
        assert book.late_policy() == LatePolicy()


def test_noting_hand_ins_gives_those_from_before_as_well(book):
    first = book.record([hand_in("a", b"{}"), hand_in("b", b"[]", received=5.0)])
    second = book.record([hand_in("c", b"1"), hand_in("b", b"[]", received=2.0)])
    assert set(first) < set(second)
    assert {one.trainee: one.received for one in second.values()} == {"a": 1.0, "b": 2.0, "c": 1.0}
    assert second == book.attempts()


def test_the_same_notebook_from_two_is_kept_once_and_noted_twice(book):
    book.record([hand_in("a")])
    assert {one.trainee for one in book.record([hand_in("b")]).values()} == {"a", "b"}


def test_facts_are_what_each_notebook_says(book):
    book.record([hand_in("a", b"{}"), hand_in("b", b"[]")])
    assert sorted(one.name for one in book.facts().values()) == ["a", "b"]


def test_late_policies_and_extensions_take_the_place_of_those_before(book):
    book.keep_late_policy(LatePolicy((Step("", None, 0.5),)))
    assert book.late_policy().keeps("01-one", 1) == 0.5
    book.keep_late_policy(LatePolicy())
    assert book.late_policy().keeps("01-one", 1) == 1.0
    book.keep_roster(Roster((Enrolled("a", due={"": 10.0}),)))
    book.keep_extensions({"a": {"01-one": 20.0}, "gone": {"01-one": 5.0}})
    assert book.roster().find("a").due_for("01-one") == 20.0
    assert book.roster().find("a").due_for("03-two") == 10.0
    book.keep_extensions({})
    assert book.roster().find("a").due_for("01-one") == 10.0


def test_an_extension_never_shortens(book):
    book.keep_roster(Roster((Enrolled("a", due={"": 10.0}),)))
    book.keep_extensions({"a": {"01-one": 5.0}})
    assert book.roster().find("a").due_for("01-one") == 10.0


def test_a_report_is_compared_with_the_latest_on_another_state(book):
    for at, state in ((1.0, "x"), (2.0, "y"), (3.0, "y")):
        book.keep_report(KeptReport(at, state, {"at": at}))
    assert book.report_before("y") == KeptReport(1.0, "x", {"at": 1.0})
    assert book.report_before("z") == KeptReport(2.0, "y", {"at": 2.0})


def test_old_reports_go(book):
    for number in range(70):
        book.keep_report(KeptReport(float(number), str(number), {}))
    with sqlite3.connect(book.address.removeprefix("sqlite:///")) as connection:
        assert connection.execute("SELECT count(*) FROM reports").fetchone() == (60,)


def test_notebooks_come_in_pieces(book):
    made = [hand_in("a", b"{}"), hand_in("b", b"[]")]
    book.record(made)
    found = dict(book.notebooks([one.sha256 for one in made] * 300))
    assert found == {made[0].sha256: b"{}", made[1].sha256: b"[]"}
    assert dict(book.executed_of([1, 2])) == {}
