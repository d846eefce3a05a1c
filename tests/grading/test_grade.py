"""A cohort is graded: right answers earn points, and one broken notebook costs only itself."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from playbook.authoring import load_master
from playbook.cases import draw_city
from playbook.cases.roster import Enrolled, Roster
from playbook.desk.exports.result_files import write_results
from playbook.exercises import Outcome, Result
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import Graded
from playbook.gradebook.standing import results_of, standings
from playbook.grading.crew import LocalCrew
from playbook.grading.grade import grade_pending, plan_grading
from playbook.grading.marker import Marker
from playbook.grading.marks import TYPED, _both
from playbook.running.runner import Limits
from playbook.submissions.hand_in import find_hand_ins
from tests.grading.cohort import TRAINEE, cohort, notebook_of, solved
from tests.shared.mini import write_master


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return load_master(write_master(tmp_path_factory.mktemp("course")) / "99-mini")


@pytest.fixture(scope="module")
def graded(master, warm_runner, tmp_path_factory):
    """The cohort's results by trainee, and the folder they were written to."""
    folder = tmp_path_factory.mktemp("cohort")
    for trainee, notebook in cohort(master, draw_city(TRAINEE)).items():
        path = folder / "submissions" / trainee / "99-mini.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
    marker = Marker({master.id: master}, "s", folder / "unseen", limits=Limits(cell_s=4, notebook_s=90))
    with Gradebook(folder / "results" / "gradebook.sqlite") as book:
        plan = plan_grading(find_hand_ins(folder / "submissions", [master.id]), book, marker)
        grade_pending(plan, book, LocalCrew(marker, warm_runner))
        chosen = standings(book)
        write_results(book, chosen, folder / "results")
        results = {one.trainee: Graded.from_dict(data) for one, data in results_of(book, chosen)}
    return results, folder / "results"


def outcomes(graded: Graded) -> dict[str, str]:
    return {one.result.question: str(one.result.outcome) for one in graded.questions}


ALL = {"prospects": "passed", "by_section": "passed", "density": "passed", "enter": "passed"}

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]


@pytest.mark.parametrize(
    ("trainee", "points", "expected"),
    [
        ("perfect", 6, ALL),
        ("empty", 0, dict.fromkeys(ALL, "unattempted")),
        ("half", 3, {**ALL, "by_section": "unattempted", "enter": "unattempted"}),
        ("hard-coded", 2, {**ALL, "prospects": "failed", "by_section": "failed"}),
        ("syntax-error", 4, {**ALL, "prospects": "errored"}),
        ("endless-loop", 4, {**ALL, "prospects": "errored"}),
        ("deleted-cells", 4, {**ALL, "by_section": "unattempted"}),
        ("reordered-cells", 6, ALL),
        ("duplicated-cells", 6, ALL),
        ("renamed-answer", 4, {**ALL, "prospects": "unattempted"}),
    ],
)
def test_each_gets_what_the_answers_earn(graded, trainee, points, expected):
    results, _ = graded
    assert results[trainee].status == "graded"
    assert results[trainee].points == points
    assert outcomes(results[trainee]) == expected


def test_a_broken_file_is_not_graded_rather_than_zero(graded):
    results, _ = graded
    assert results["broken-file"].status == "not graded"
    assert "not a notebook" in results["broken-file"].reason


def test_a_typed_answer_is_told_why_it_does_not_count(graded):
    results, _ = graded
    prospects = results["hard-coded"].questions[0]
    assert (prospects.own, prospects.unseen) == ("passed", "failed")
    assert prospects.result.message == TYPED


def test_a_stopped_cell_names_its_error(graded):
    results, _ = graded
    assert "SyntaxError" in results["syntax-error"].questions[0].result.message
    assert "ran too long" in results["endless-loop"].questions[0].result.message


def test_result_files_hold_what_was_marked(graded):
    results, folder = graded
    data = json.loads((folder / "perfect" / "99-mini.json").read_text(encoding="utf-8"))
    assert data["schema"] == 1
    assert Graded.from_dict(data) == results["perfect"]
    assert "answer" in data["questions"][0]
    assert "answer" not in data["questions"][1]


def test_junit_has_a_case_for_each_question(graded):
    _, folder = graded
    root = ElementTree.parse(folder / "junit.xml").getroot()
    suites = {suite.get("name"): suite for suite in root}
    assert suites["perfect/99-mini"].get("failures") == "0"
    assert len(suites["empty/99-mini"].findall("testcase/failure")) == 4
    assert len(suites["broken-file/99-mini"].findall("testcase/error")) == 1


def test_the_roster_decides_whose_city(master, tmp_path):
    roster = Roster((Enrolled("perfect", city="zibo"),))
    marker = Marker({master.id: master}, "s", tmp_path, roster=roster)
    (tmp_path / "99-mini.ipynb").write_text(json.dumps(notebook_of(master, solved)), encoding="utf-8")
    [hand_in] = find_hand_ins(tmp_path / "99-mini.ipynb", [master.id])
    case, notes = marker.whose_case(replace(hand_in, trainee="perfect"))
    assert case.name == "zibo"
    assert "the roster decides" in notes[0]


def test_what_is_right_on_the_own_city_only_is_told_the_likely_way_and_accuses_nobody():
    own = Result("q", Outcome.PASSED, 2.0, 2.0)
    unseen = Result("q", Outcome.FAILED, 0.0, 2.0, "no", "You counted the header too.")
    told = _both(own, unseen, lambda: False)
    assert (told.outcome, told.points) == (Outcome.FAILED, 0.0)
    assert "You counted the header too." in told.message
    assert "typed" not in told.message
    by_chance = _both(own, replace(unseen, hint=""), lambda: False)
    assert "only by chance, or something in it was read off" in by_chance.message
    assert _both(own, unseen, lambda: True).message == TYPED
    partly = _both(own, replace(unseen, points=1.0), lambda: False)
    assert (partly.outcome, partly.points) == (Outcome.PARTIAL, 1.0)
    assert _both(own, own, lambda: True) is own
