"""Machines without a shared disk mark as this one does; a machine that may not grade is refused by name."""

import json
import re
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from playbook.authoring import load_master
from playbook.cases import draw_city
from playbook.cases.roster import Enrolled, Roster
from playbook.cli import app
from playbook.cluster import connection
from playbook.cluster.addresses import NO_TLS
from playbook.cluster.connection import open_cluster
from playbook.cluster.crew import ClusterCrew
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import Graded
from playbook.gradebook.standing import results_of, standings
from playbook.grading.crew import LocalCrew
from playbook.grading.grade import grade_pending, plan_grading
from playbook.grading.marker import Marker
from playbook.grading.regrade import regrade_all
from playbook.places import cache_folder
from playbook.submissions.hand_in import find_hand_ins
from tests.cluster.machines import closing, open_worker, scheduler, worker
from tests.grading.cohort import TRAINEE, cohort, notebook_of, solved
from tests.grading.graders import share_unseen
from tests.shared.mini import write_master

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

#: Of the ten of the cohort, those that end soon.
_QUICK = ("perfect", "half", "hard-coded", "syntax-error", "renamed-answer", "broken-file")


@pytest.fixture(scope="module")
def machines(warm_runner, tmp_path_factory):
    """A scheduler, a worker and one without a sandbox; `lonely` is what a grader heard before they came."""
    folder = tmp_path_factory.mktemp("machines")
    with closing([]) as started, pytest.MonkeyPatch.context() as patch:
        made, address = scheduler()
        started.append(made)
        started.append(worker(address, "one", folder / "one"))
        started.append(open_worker(address, "bare", folder / "bare"))
        patch.setattr(connection, "FIRST_S", 0.0)
        with pytest.raises(PlaybookError) as lonely, open_cluster(address, NO_TLS, True):
            pass
        for one in started:
            one.wait()
        yield SimpleNamespace(address=address, folder=folder, lonely=lonely.value, bare=started[-1])


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A folder with a small exercise and hand-ins, from right to broken, for one of which the roster decides."""
    folder = tmp_path_factory.mktemp("course")
    master = load_master(write_master(folder) / "99-mini")
    made = cohort(master, draw_city(TRAINEE))
    made = {name: made[name] for name in _QUICK}
    made["by-roster"] = notebook_of(master, solved, "Somebody else")
    for trainee, notebook in made.items():
        path = folder / "submissions" / trainee / "99-mini.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
    rows = [f"{name},,{draw_city(TRAINEE) if name == 'by-roster' else ''}" for name in made]
    (folder / "roster.csv").write_text("\n".join(["id,name,city", *rows]))
    return SimpleNamespace(folder=folder, master=master, trainees=set(made))


@pytest.fixture
def cache(course, monkeypatch):
    share_unseen(course.folder / "cache")
    monkeypatch.setenv("PLAYBOOK_CACHE", str(course.folder / "cache"))
    return cache_folder("prepared")


def marker_of(course, folder):
    roster = Roster((Enrolled("by-roster", city=draw_city(TRAINEE)),))
    return Marker({course.master.id: course.master}, "s", folder, roster=roster, figures=True)


def grade(course, crew, book, progress=lambda *_: None):
    plan = plan_grading(find_hand_ins(course.folder / "submissions", ["99-mini"]), book, crew.marker)
    return grade_pending(plan, book, crew, progress=progress)


def results(book):
    return {one.trainee: Graded.from_dict(data) for one, data in results_of(book, standings(book))}


def notebooks_as_they_ran(book):
    whose = {one.mark: one.trainee for one in standings(book)}
    return {whose[mark]: content for mark, content in book.executed_of(mark for mark in whose if mark)}


def test_other_machines_mark_as_this_one_does_and_take_everything_once(
    course, machines, warm_runner, cache, tmp_path
):
    told = []
    with Gradebook(tmp_path / "here.sqlite") as book:
        grade(course, LocalCrew(marker_of(course, tmp_path / "prepared"), warm_runner), book)
        here, ran_here = results(book), notebooks_as_they_ran(book)
    with (
        open_cluster(machines.address, NO_TLS, True, told.append) as cluster,
        Gradebook(tmp_path / "there.sqlite") as book,
    ):
        crew = ClusterCrew(cluster, marker_of(course, cache), "s", cache)
        tally = grade(course, crew, book)
        there, ran_there = results(book), notebooks_as_they_ran(book)
        assert regrade_all(book, crew) == []
        given = cluster.given()
    assert set(there) == course.trainees
    assert there == here
    assert len(ran_there) == tally.graded
    assert ran_there == ran_here
    assert tally.graded == len(course.trainees) - 1
    assert there["perfect"].sandbox
    assert (there["perfect"].points, there["half"].points) == (6, 3)
    assert set(given.values()) == {1}, "a worker takes each parcel once"
    [words] = told
    assert "Worker bare" in words


def test_the_command_says_who_is_refused_and_goes_on_with_the_others(
    course, machines, cache, tmp_path, monkeypatch
):
    monkeypatch.chdir(course.folder)
    monkeypatch.setenv("PLAYBOOK_SECRET", "s")
    told = ["grade", "submissions", "--exercises", "exercises", "--out", str(tmp_path / "results")]
    told += ["--roster", "roster.csv"]
    done = CliRunner().invoke(app, [*told, "--cluster", machines.address], env={"COLUMNS": "120"})
    assert done.exit_code == 2, done.output  # one of the files is broken
    assert "6 graded, 0 already graded, 1 not graded" in done.stdout
    assert "Worker bare (tcp://127.0.0.1:" in done.stderr
    assert "is refused: it offers no sandbox" in done.stderr
    assert "container that allows user namespaces or Landlock" in done.stderr
    again = CliRunner().invoke(app, [*told, "--cluster", machines.address], env={"COLUMNS": "120"})
    assert "0 graded, 6 already graded, 1 not graded" in again.stdout


def test_a_call_that_was_stopped_goes_on_where_it_was(course, machines, cache, tmp_path):
    def stop(what, done, total):
        if (what, done) == ("grading", 2):
            raise KeyboardInterrupt

    with Gradebook(tmp_path / "g.sqlite") as book:
        with open_cluster(machines.address, NO_TLS, True) as cluster, pytest.raises(KeyboardInterrupt):
            grade(course, ClusterCrew(cluster, marker_of(course, cache), "s", cache), book, stop)
        with open_cluster(machines.address, NO_TLS, True) as cluster:
            tally = grade(course, ClusterCrew(cluster, marker_of(course, cache), "s", cache), book)
        assert tally.graded + tally.unchanged == len(course.trainees) - 1
        assert tally.unchanged == 2
        assert len(results(book)) == len(course.trainees)


def test_a_worker_without_a_sandbox_says_so_when_it_starts(machines):
    assert "Worker bare has no full sandbox (only: limits)" in machines.bare.said


def test_workers_of_another_kit_are_all_refused_and_named(machines, monkeypatch):
    told = []
    monkeypatch.setattr(connection, "kit_tag", lambda: "another")
    with (
        pytest.raises(PlaybookError, match="no worker may grade: bare, one refused") as caught,
        open_cluster(machines.address, NO_TLS, True, told.append),
    ):
        pass
    assert "start others with `playbook worker tcp://127.0.0.1:" in caught.value.remedy
    assert len(told) == 2
    assert all("Install the same there" in words for words in told)


def test_a_scheduler_without_workers_is_told_with_what_to_type(machines):
    assert re.fullmatch("the scheduler has no worker: none came within .* seconds", machines.lonely.what)
    assert f"`playbook worker {machines.address}`" in machines.lonely.remedy
