"""The city that counts is the one that ran, and nothing that came later takes the place of a good hand-in."""

import json
import os
import shutil

import pytest

from playbook.authoring import load_master
from playbook.cases import draw_city, load_case
from playbook.cases.roster import Enrolled, Roster
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED, NOT_GRADED
from playbook.gradebook.standing import results_of, standings
from playbook.grading.crew import LocalCrew
from playbook.grading.grade import grade_pending, plan_grading
from playbook.grading.marker import Marker
from playbook.grading.regrade import regrade_all
from playbook.submissions.hand_in import find_hand_ins
from tests.grading.cohort import notebook_of, question_cells, solved
from tests.grading.graders import EXERCISE, InProcessRunner
from tests.shared.mini import write_master

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return load_master(write_master(tmp_path_factory.mktemp("course")) / EXERCISE)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def course(master, cache, tmp_path):
    """Put hand-ins down and grade them; gives the results' data by trainee."""

    class Course:
        folder = tmp_path / "in"

        def put(self, path, book, when=1_700_000_000):
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(book if isinstance(book, bytes) else json.dumps(book).encode())
            os.utime(target, (when, when))

        def grade(self, roster=None):
            self.marker = Marker({master.id: master}, "s", cache, roster=roster)
            names = {master.id: {name for q in master.questions for name in (q.id, q.answer)}}
            self.found = find_hand_ins(self.folder, names, self.book.facts().get, roster)
            plan = plan_grading(self.found.hand_ins, self.book, self.marker)
            self.tally = grade_pending(plan, self.book, LocalCrew(self.marker, InProcessRunner(), jobs=1))
            return {one.trainee: data for one, data in results_of(self.book, standings(self.book))}

    made = Course()
    with Gradebook(tmp_path / "gradebook.sqlite") as made.book:
        yield made


def opening(master, code, name="Li Wei"):
    """A solved notebook whose first cell opens the case in another way."""
    book = notebook_of(master, solved, name)
    first = next(cell for cell in book["cells"] if "open_case" in cell["source"])
    first["source"] = code.replace("FIRST", first["source"])
    return book


@pytest.mark.parametrize(
    "code",
    [
        "FIRST",
        "import playbook\nfrom playbook import open_exercise\ncheck = open_exercise('99-mini')\ncase = playbook.open_case('Li Wei')",
        "from playbook import *\nfrom playbook import open_case, open_exercise\ncheck = open_exercise('99-mini')\ncase = (lambda f: f(''.join(['Li', ' Wei'])))(open_case)",
        "FIRST\ncase = open_case(' '.join(('Li', 'Wei')))  # open_case('Zhang')",
        "from playbook import open_case\nopen_case('Zhang')\nFIRST",
    ],
)
def test_the_city_is_the_one_that_the_run_opened(course, master, code):
    course.put("a/99-mini.ipynb", opening(master, code))
    data = course.grade()["a"]
    assert (data["case"], data["points"]) == (draw_city("Li Wei"), 6)
    assert not [note for note in data["notes"] if "no name in open_case" in note]
    course.grade()
    assert (course.tally.graded, course.tally.unchanged, course.tally.outdated) == (0, 1, {})
    assert regrade_all(course.book, LocalCrew(course.marker, InProcessRunner())) == []


def test_a_case_of_ones_own_is_the_one_that_counts(course, master, tmp_path):
    own = tmp_path / "june"
    shutil.copytree(load_case("wuxi").folder, own)
    accounts = load_case("wuxi").accounts.iloc[:-40]
    accounts.to_csv(own / "accounts.csv", index=False)
    record = json.loads((own / "case.json").read_text(encoding="utf-8"))
    (own / "case.json").write_text(json.dumps({**record, "fingerprint": "f" * 64}), encoding="utf-8")
    course.put("a/99-mini.ipynb", notebook_of(master, solved))
    course.put("b/99-mini.ipynb", notebook_of(master, solved, "Wang"))
    roster = Roster((Enrolled("a", city=str(own)), Enrolled("b", city="wuxi")))
    data = course.grade(roster)
    assert {name: (one["case"], one["status"]) for name, one in data.items()} == dict.fromkeys(
        "ab", ("wuxi", GRADED)
    )
    found = {name: one["questions"][0]["answer"] for name, one in data.items()}
    assert found["a"] == int((accounts["section"] == "C").sum()) < found["b"]
    shutil.rmtree(own)
    course.put("a/99-mini.ipynb", notebook_of(master, solved, "Li  Wei"), 1_700_000_100)
    course.grade(roster)
    assert [reason.split(":")[0] for _one, reason in course.tally.refused] == ["its case can't be opened"]
    [stopped] = regrade_all(course.book, LocalCrew(course.marker, InProcessRunner()))
    assert (stopped.trainee, stopped.after, stopped.reason.split(":")[0]) == (
        "a",
        6,
        "its case can't be opened",
    )


@pytest.mark.parametrize("late", [b"\0\5\x16\7", b"{", b'{"cells": []}'])
def test_what_is_no_hand_in_never_takes_the_place_of_one(course, master, late):
    course.put("a/99-mini.ipynb", notebook_of(master, solved, "a"))
    course.put("a/99-mini (1).ipynb", late, 1_700_000_100)
    data = course.grade()["a"]
    assert (data["status"], data["points"], data["attempt"], data["attempts"]) == (GRADED, 6, 1, 2)
    assert data["notes"][0].startswith("handed in later, and not counted: a/99-mini (1).ipynb: ")


def test_a_notebook_without_our_questions_is_not_graded(course):
    foreign = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": "print('another course')"}],
    }
    course.put("a/99-mini.ipynb", foreign)
    data = course.grade()["a"]
    assert (data["status"], data["reason"]) == (
        NOT_GRADED,
        "none of the questions of 99-mini is in this notebook",
    )
    assert data["remedy"] == "Hand in the notebook of this exercise, as it was downloaded."


def test_a_question_turned_into_text_is_told_so(course, master):
    book = notebook_of(master, solved)
    question_cells(book)[0]["cell_type"] = "markdown"
    course.put("a/99-mini.ipynb", book)
    assert "is text now" in course.grade()["a"]["questions"][0]["message"]


def test_the_same_bytes_from_two_people_are_noted_on_both(course, master):
    course.put("a/99-mini.ipynb", notebook_of(master, solved, "a"))
    assert course.grade()["a"]["notes"] == []
    course.put("b/99-mini.ipynb", notebook_of(master, solved, "a"))
    for untouched in ("c", "d"):
        course.put(f"{untouched}/99-mini.ipynb", notebook_of(master, name="your name or staff number"))
    data = course.grade()
    assert "the same file, to the byte, came from b" in data["a"]["notes"]
    assert "the same file, to the byte, came from a" in data["b"]["notes"]
    assert "a notebook of b opens with the name of this trainee: b/99-mini.ipynb" in data["a"]["notes"]
    assert not [note for name in "cd" for note in data[name]["notes"] if "to the byte" in note]


def test_the_same_file_from_a_whole_cohort_makes_short_notes(course, master):
    for who in "abcdefgh":
        course.put(f"{who}/99-mini.ipynb", notebook_of(master, solved, "a"))
    data = course.grade()
    assert [note for note in data["a"]["notes"] if "the same file" in note] == [
        "the same file, to the byte, came from b, c, d, e, f and 2 others"
    ]
    assert [note for note in data["a"]["notes"] if "name of this trainee" in note] == [
        "7 notebooks of others open with the name of this trainee: b, c, d, e, f and 2 others"
    ]


def test_a_name_of_somebody_else_is_noted_on_both(course, master):
    roster = Roster((Enrolled("1", "Li Wei"), Enrolled("2", "Wang Fang")))
    course.put("Li Wei/99-mini.ipynb", notebook_of(master, solved, "Wang Fang"))
    course.put("Wang Fang/99-mini.ipynb", notebook_of(master, solved, "2"))
    data = course.grade(roster)
    assert "its place decides" in data["1"]["notes"][-1]
    assert data["2"]["notes"] == ["a notebook of 1 opens with the name of this trainee: Li Wei/99-mini.ipynb"]
    assert "its place decides" in course.grade(roster)["1"]["notes"][-1]


def test_a_file_that_vanishes_before_it_is_noted_costs_only_itself(course, master):
    for name in "ab":
        course.put(f"{name}/99-mini.ipynb", notebook_of(master, solved, name))
    found = find_hand_ins(course.folder, [master.id])
    (course.folder / "a" / "99-mini.ipynb").unlink()
    (course.folder / "b" / "99-mini.ipynb").write_text("{}")
    course.put("c/99-mini.ipynb", notebook_of(master, solved, "c"))
    marker = course.grade() and course.marker
    plan = plan_grading([*found.hand_ins, *course.found.hand_ins], course.book, marker)
    assert {(one.trainee, reason) for one, reason in plan.tally.refused if "any more" in reason} == {
        (name, "it can't be read any more; grade again") for name in "ab"
    }
    assert plan.tally.unchanged == 1


def test_a_grader_with_another_secret_is_refused_with_the_way_on(course):
    course.book.begin("one")
    course.book.begin("one")
    with pytest.raises(PlaybookError, match="begun with another secret") as caught:
        course.book.begin("two")
    assert ".playbook-secret" in str(caught.value)
    assert "playbook regrade --apply" in str(caught.value)
    course.book.begin("two", again=True)
    with pytest.raises(PlaybookError, match="another secret"):
        course.book.begin("one")


def test_marks_of_an_older_kit_tell_their_secret(course, master):
    course.put("a/99-mini.ipynb", notebook_of(master, solved))
    course.grade()
    with pytest.raises(PlaybookError, match="another secret"):
        course.book.begin("two")
