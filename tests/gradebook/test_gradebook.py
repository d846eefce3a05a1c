"""Nothing that was graded is lost, doubled or overwritten, whatever happens to the grader."""

import json
import os
from dataclasses import replace

import pytest

from playbook.authoring import load_master
from playbook.cases.roster import Enrolled, Roster
from playbook.cases.roster_file import read_roster
from playbook.desk.exports.result_files import write_results
from playbook.errors import PlaybookError
from playbook.exercises.outcomes import Outcome
from playbook.exercises.question import Result
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import Claim
from playbook.gradebook.result import GRADED, NOT_GRADED, Graded, QuestionResult
from playbook.gradebook.standing import results_of, standings
from playbook.grading.crew import LocalCrew
from playbook.grading.grade import grade_pending, plan_grading
from playbook.grading.marker import Marker
from playbook.grading.regrade import regrade_all
from playbook.running.runner import Run
from playbook.submissions.hand_in import Facts, HandIn, find_hand_ins
from tests.grading.cohort import notebook_of, solved
from tests.grading.graders import (
    EXERCISE,
    InProcessRunner,
    check_whole,
    kill_until_done,
    make_course,
    rows,
    start_grader,
)
from tests.shared.mini import MASTER, write_master


def hand_in(content=b"{}", trainee="li-wei", received=1_700_000_000.0, exercise=EXERCISE):
    import hashlib

    return HandIn(
        *(trainee, exercise, f"{trainee}/{exercise}.ipynb", hashlib.sha256(content).hexdigest(), received),
        *(Facts(exercise=exercise), "", ()),
        lambda: content,
    )


def graded(points, status=GRADED, reason=""):
    question = QuestionResult(Result("q", Outcome.PASSED, points, 4.0, title="Q"), own="passed")
    return Graded("li-wei", EXERCISE, "s", "x", status, reason, questions=(question,) * (status == GRADED))


def address(one, master="m"):
    return Address(one.sha256, master, "c", "k", "s")


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        yield book


def keep(book, *pairs):
    """Record hand-ins and mark each with its points; None stands for a run that failed."""
    known = book.record([one for one, _ in pairs])
    for one, points in pairs:
        attempt = known[one.trainee, one.exercise, one.sha256]
        result = graded(0, NOT_GRADED, "timeout") if points is None else graded(points)
        book.keep(attempt.id, address(one), result)
    return known


@pytest.mark.parametrize(("policy", "points", "number"), [("last", 1, 3), ("best", 4, 2)])
def test_the_last_or_the_best_attempt_counts(book, policy, points, number):
    keep(
        book,
        (hand_in(b"1", received=100), 2),
        (hand_in(b"2", received=200), 4),
        (hand_in(b"3", received=300), 1),
    )
    [one] = standings(book, policy)
    assert (one.points, one.number, one.attempts) == (points, number, 3)


def test_a_last_attempt_that_could_not_be_graded_is_no_earlier_mark(book):
    keep(book, (hand_in(b"1", received=100), 2), (hand_in(b"2", received=200), None))
    [last] = standings(book, "last")
    assert (last.status, last.reason, last.points) == (NOT_GRADED, "timeout", 0)
    [best] = standings(book, "best")
    assert (best.status, best.points) == (GRADED, 2)


def test_a_notebook_handed_in_again_counts_as_the_last(book):
    keep(book, (hand_in(b"old", received=100), 1), (hand_in(b"new", received=200), 2))
    book.record([hand_in(b"old", received=300)])
    [one] = standings(book)
    assert (one.points, one.attempts, one.received) == (1, 2, 100)


def test_due_dates_and_extensions_decide_who_is_late(book, tmp_path):
    (tmp_path / "roster.csv").write_text(
        "id,due,extension,due_99\nearly,2025-03-01T12:00Z,,\nextended,2025-03-01T12:00Z,2,\n"
        "late,2025-03-01T12:00Z,,\nother,2025-03-01T12:00Z,,2025-04-01\n"
    )
    roster = read_roster(tmp_path / "roster.csv", [EXERCISE])
    noon = 1_740_830_400.0
    when = {"early": noon, "extended": noon + 86_400, "late": noon + 1, "other": noon + 86_400}
    keep(book, *((hand_in(name.encode(), name, moment), 1) for name, moment in when.items()))
    book.keep_roster(roster)
    assert {one.trainee: one.late for one in standings(book)} == {
        "early": False,
        "extended": False,
        "late": True,
        "other": False,
    }


def test_a_mark_is_never_overwritten(book):
    one = hand_in()
    known = keep(book, (one, 4))
    attempt = known[one.trainee, one.exercise, one.sha256].id
    book.keep(attempt, address(one), graded(1))
    book.keep(attempt, address(one), graded(0, NOT_GRADED, "timeout"))
    [standing] = standings(book)
    assert (standing.status, standing.points) == (GRADED, 4)


def test_reasons_are_kept_once_and_the_latest_is_told(book):
    one = hand_in()
    attempt = keep(book, (one, None))[one.trainee, one.exercise, one.sha256].id
    for reason in ("out of memory", "timeout", "dead kernel"):
        book.keep(attempt, None, graded(0, NOT_GRADED, reason))
    assert book.reasons() == {attempt: "dead kernel"}
    assert standings(book)[0].reason == "dead kernel"


def test_one_grader_holds_an_attempt_until_it_is_done(book, tmp_path):
    one = hand_in()
    attempt = book.record([one])[one.trainee, one.exercise, one.sha256].id
    with Gradebook(tmp_path / "gradebook.sqlite") as other:
        other._grader = f"{other._grader}0"  # as if on a machine that lives
        other._grader = "elsewhere:1:1"
        assert book.claim(attempt, 60) is Claim.OURS
        assert other.claim(attempt, 60) is Claim.THEIRS
        book.keep(attempt, address(one), graded(1))
        assert other.claim(attempt, 60) is Claim.DONE


@pytest.mark.parametrize(("seconds", "said"), [(60, Claim.THEIRS), (-1, Claim.OURS)])
def test_a_claim_ends_with_its_time(book, seconds, said):
    one = hand_in()
    attempt = book.record([one])[one.trainee, one.exercise, one.sha256].id
    book._grader = "elsewhere:1:1"
    book.claim(attempt, seconds)
    book._grader = "here:2:2"
    assert book.claim(attempt, 60) is said


def test_a_claim_of_a_process_that_is_gone_counts_nothing(book):
    one = hand_in()
    attempt = book.record([one])[one.trainee, one.exercise, one.sha256].id
    ours = book._grader
    host, _, _ = ours.rsplit(":", 2)
    book._grader = f"{host}:{os.getpid()}:1"  # this process's number, once another's
    book.claim(attempt, 60)
    book._grader = ours
    assert book.claim(attempt, 60) is Claim.OURS


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"this is no database at all" * 100, "no gradebook"), (None, "cannot be written")],
)
def test_a_gradebook_that_is_none_is_told(tmp_path, content, words):
    path = tmp_path / "gradebook.sqlite"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(PlaybookError, match=words):
        Gradebook(path)


@pytest.mark.parametrize("address", ["postgres://x/y", "nonsense://x", "mysql+nodriver://x/y"])
def test_an_address_that_leads_nowhere_is_told(address):
    with pytest.raises(PlaybookError, match="driver is not installed"):
        Gradebook(address)


def test_a_gradebook_of_a_newer_kit_is_left_alone(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as book, book._writing() as connection:
        connection.exec_driver_sql("UPDATE about SET value = '99'")
    with pytest.raises(PlaybookError, match="newer version of the kit"):
        Gradebook(tmp_path / "gradebook.sqlite")


# A small course, graded for real


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def course(tmp_path, cache):
    """Folder with a course and hand-ins, and a function that grades them into a gradebook beside."""

    def grade(book, runner=None, roster=None, secret="s"):
        master = load_master(tmp_path / "exercises" / EXERCISE)
        roster = roster or Roster(tuple(Enrolled(name, city="wuxi") for name in ("a", "b")))
        marker = Marker({master.id: master}, secret, cache, roster=roster)
        hand_ins = find_hand_ins(tmp_path / "submissions", [master.id], book.facts().get)
        plan = plan_grading(hand_ins, book, marker)
        return grade_pending(plan, book, LocalCrew(marker, runner or InProcessRunner())), marker

    master = load_master(write_master(tmp_path) / EXERCISE)
    for trainee, solve in (("a", solved), ("b", lambda block: block.starter)):
        path = tmp_path / "submissions" / trainee / f"{EXERCISE}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook_of(master, solve)), encoding="utf-8")
    return tmp_path, grade


class Refusing:
    """A runner that can't run anything."""

    def __init__(self, reason):
        self.reason = reason
        self.runs = 0

    def run(self, job):
        self.runs += 1
        return Run(reason=self.reason)


def mend(folder, before, after):
    path = folder / "exercises" / EXERCISE / "master.md"
    path.write_text(path.read_text().replace(before, after))


@pytest.mark.slow
def test_what_is_unchanged_is_not_run_again(course, book):
    _, grade = course
    first, _ = grade(book)
    runner = Refusing("nobody should ask")
    second, _ = grade(book, runner)
    assert (first.graded, second.graded, second.unchanged, runner.runs) == (2, 0, 2, 0)


@pytest.mark.slow
@pytest.mark.parametrize("reason", ["timeout", "dead kernel", "out of memory", "sandbox missing: none"])
def test_what_could_not_be_run_is_tried_again_and_never_counts(course, book, reason):
    _, grade = course
    tally, _ = grade(book, Refusing(reason))
    assert [why for _, why in tally.refused] == [reason, reason]
    assert {(one.status, one.reason, one.points) for one in standings(book)} == {(NOT_GRADED, reason, 0)}
    tally, _ = grade(book)
    assert (tally.graded, tally.refused) == (2, [])


@pytest.mark.slow
def test_a_runner_that_breaks_costs_nobody_a_mark(course, book):
    class Broken:
        def run(self, job):
            raise RecursionError("too deep")

    _, grade = course
    tally, _ = grade(book, Broken())
    assert {why for _, why in tally.refused} == {"the grader stopped at it: RecursionError: too deep"}


@pytest.mark.slow
def test_a_new_attempt_is_run_and_the_old_one_is_kept(course, book):
    folder, grade = course
    grade(book)
    path = folder / "submissions" / "b" / f"{EXERCISE}.ipynb"
    path.write_text((folder / "submissions" / "a" / f"{EXERCISE}.ipynb").read_text())
    os.utime(path, (4_000_000_000, 4_000_000_000))
    tally, _ = grade(book)
    assert (tally.graded, tally.unchanged) == (1, 1)
    assert {one.trainee: (one.points, one.attempts) for one in standings(book)} == {"a": (6, 1), "b": (6, 2)}


@pytest.mark.slow
def test_a_mended_master_changes_no_mark_until_it_is_applied(course, book, tmp_path):
    folder, grade = course
    grade(book)
    mend(folder, "kind: number, points: 2", "kind: number, points: 3")
    tally, marker = grade(book)
    assert (tally.graded, tally.unchanged, tally.outdated) == (0, 0, {"another master": 2})

    shown = regrade_all(book, LocalCrew(marker, InProcessRunner()))
    assert [(one.trainee, one.before, one.after) for one in shown] == [("a", 6, 7), ("b", 0, 0)]
    assert shown[0].questions == ("prospects: passed → passed (+1)",)
    assert shown[0].because == ("another master",)
    assert {one.trainee: one.points for one in standings(book)} == {"a": 6, "b": 0}

    regrade_all(book, LocalCrew(marker, InProcessRunner()), apply=True)
    assert {one.trainee: one.points for one in standings(book)} == {"a": 7, "b": 0}
    assert regrade_all(book, LocalCrew(marker, InProcessRunner())) == []
    with book._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM marks").scalar() == 4
        assert connection.exec_driver_sql("SELECT count(*) FROM changes").scalar() == 2


@pytest.mark.slow
def test_back_to_the_old_master_is_back_to_the_old_mark(course, book):
    folder, grade = course
    grade(book)
    mend(folder, "kind: number, points: 2", "kind: number, points: 3")
    _, after = grade(book)
    regrade_all(book, LocalCrew(after, InProcessRunner()), apply=True)
    mend(folder, "kind: number, points: 3", "kind: number, points: 2")
    _, again = grade(book)
    regrade_all(book, LocalCrew(again, InProcessRunner()), apply=True)
    assert {one.trainee: one.points for one in standings(book)} == {"a": 6, "b": 0}
    with book._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM marks").scalar() == 4


@pytest.mark.slow
def test_regrading_that_cannot_run_leaves_the_mark(course, book):
    folder, grade = course
    grade(book)
    mend(folder, "kind: number, points: 2", "kind: number, points: 3")
    _, marker = grade(book)
    changes = regrade_all(book, LocalCrew(marker, Refusing("timeout")), apply=True)
    assert {one.reason for one in changes} == {"timeout"}
    assert {one.trainee: one.points for one in standings(book)} == {"a": 6, "b": 0}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "because"),
    [({"secret": "other"}, "another secret"), ({"roster": "zibo"}, "another city or other data")],
)
def test_what_else_a_mark_depends_on_is_told(course, book, change, because):
    _, grade = course
    grade(book)
    if "roster" in change:
        change = {"roster": Roster((Enrolled("a", city="zibo"), Enrolled("b", city="zibo")))}
    tally, _ = grade(book, Refusing("nobody should ask"), **change)
    assert tally.outdated == {because: 2}


@pytest.mark.slow
def test_a_master_that_stops_costs_only_its_own_hand_ins(course, book):
    folder, grade = course
    mend(folder, 'prospects = int((accounts["section"] == "C").sum())\n```', "prospects = 1 / 0\n```")
    tally, _ = grade(book)
    assert len(tally.refused) == 2
    assert "ZeroDivisionError" in tally.refused[0][1]
    assert "its master stops" in tally.refused[0][1]


@pytest.mark.slow
def test_result_files_follow_the_gradebook_and_only_what_changed_is_written(course, book):
    folder, grade = course
    grade(book)
    out = folder / "results"
    assert write_results(book, standings(book), out) == 2
    assert write_results(book, standings(book), out) == 0
    (out / "a" / f"{EXERCISE}.json").unlink()
    assert write_results(book, standings(book), out) == 1
    assert json.loads((out / "a" / f"{EXERCISE}.json").read_text())["points"] == 6
    late = [replace(one, due=0.0) for one in standings(book)]
    assert write_results(book, late, out) == 2
    assert json.loads((out / "b" / f"{EXERCISE}.json").read_text())["late"] is True


@pytest.mark.slow
def test_what_a_killed_grader_left_half_written_is_swept_up(course, book):
    folder, grade = course
    grade(book)
    left = folder / "results" / "a" / ".writing-x"
    left.parent.mkdir(parents=True)
    for path, age in ((left, 7200), (left.with_name(".writing-now"), 0)):
        path.write_text("{")
        moment = path.stat().st_mtime - age
        os.utime(path, (moment, moment))
    write_results(book, standings(book), folder / "results")
    assert {path.name for path in left.parent.iterdir()} == {f"{EXERCISE}.json", ".writing-now"}


def test_masters_text_has_what_these_tests_mend():
    assert MASTER.count("kind: number, points: 2") == 1
    assert MASTER.count('prospects = int((accounts["section"] == "C").sum())\n```') == 1


# Graders that are killed, run out of disk, or work side by side


@pytest.mark.slow
@pytest.mark.long
def test_graders_killed_at_random_points_lose_and_double_nothing(tmp_path):
    expected = make_course(tmp_path, 48)
    assert kill_until_done(tmp_path, kills=12, seed=7, longest_s=0.4) >= 10
    check_whole(tmp_path, expected)


@pytest.mark.slow
@pytest.mark.long
def test_a_full_disk_stops_the_grader_and_the_next_one_goes_on(tmp_path):
    expected = make_course(tmp_path, 24)
    start_grader(tmp_path, "elsewhere").join(120)  # the exercise is ready now: only the gradebook grows
    codes = []
    for kilobytes in (40, 120, 240, 320):
        process = start_grader(tmp_path, file_bytes=kilobytes * 1024)
        process.join(120)
        codes.append(process.exitcode)
        printed = (tmp_path / "results.printed").read_text()
        assert "the disk is full" in printed or process.exitcode == 0, printed
    assert codes[:2] == [1, 1]
    process = start_grader(tmp_path)
    process.join(120)
    assert process.exitcode == 0
    check_whole(tmp_path, expected)


@pytest.mark.slow
def test_graders_side_by_side_share_the_work_and_each_notebook_is_run_once(tmp_path):
    expected = make_course(tmp_path, 36)
    graders = [start_grader(tmp_path) for _ in range(3)]
    for process in graders:
        process.join(120)
    assert [process.exitcode for process in graders] == [0, 0, 0], (tmp_path / "results.printed").read_text()
    check_whole(tmp_path, expected)
    assert rows(tmp_path, "SELECT count(*) FROM refusals") == [(0,)]


def test_results_hold_what_the_gradebook_holds(book):
    keep(book, (hand_in(b"1", received=100), 2), (hand_in(b"2", received=200), 3))
    [(one, data)] = list(results_of(book, standings(book)))
    assert (data["points"], data["attempt"], data["attempts"], data["received"]) == (
        3,
        2,
        2,
        "1970-01-01T00:03:20Z",
    )
    assert (data["due"], data["late"], one.stamp) == ("", False, data["stamp"])


def test_a_gradebook_that_is_gone_takes_no_marks_and_another_folder_is_no_matter(tmp_path, monkeypatch):
    """What is written into a file that somebody has removed, or put a backup in the place of, is lost."""
    monkeypatch.chdir(tmp_path)
    with Gradebook("g.sqlite") as book:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        book.keep_time_zone("Asia/Shanghai")
        (tmp_path / "g.sqlite").rename(tmp_path / "away.sqlite")
        with pytest.raises(PlaybookError) as error:
            book.keep_time_zone("Asia/Tokyo")
        assert "the gradebook is gone, or another file has taken its place" in str(error.value)
        assert "put the gradebook back, and start again" in error.value.remedy
        (tmp_path / "away.sqlite").rename(tmp_path / "g.sqlite")
        book.keep_time_zone("Asia/Tokyo")
        assert book.time_zone() == "Asia/Tokyo"
