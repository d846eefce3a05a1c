"""Plans are played in processes of their own as they are played here; whatever becomes of these, the outcome comes."""

import os
import select
import signal
import subprocess
import sys

import pytest

from playbook.authoring.master import find_masters
from playbook.cases import load_case
from playbook.chapters.defence import trial
from playbook.chapters.defence.why import dearest
from playbook.errors import PlaybookError
from playbook.grading.crew import LocalCrew
from playbook.grading.marker import Marker
from playbook.grading.players import Players, played_side_by_side
from playbook.kept import Kept
from playbook.simulator import by_the_book, naive
from playbook.simulator.plan import plan_from
from tests.grading.graders import InProcessRunner

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def case():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def plan(case):
    return by_the_book(trial.wind_tunnel(case)[0])


@pytest.fixture
def players():
    made = Players(2)
    yield made
    made.stop()


def the_same(outcome, other):
    return (outcome.months == other.months).all() and (outcome.value == other.value).all()


def test_processes_play_as_this_one_does_also_in_parts(case, plan, players, monkeypatch):
    here = trial.play(case, plan, 3, 17, 40)
    assert the_same(players.play(case, plan, 3, 17, 40), here)
    monkeypatch.setattr("playbook.grading.players.BATCH", 5)
    assert players.play(case, plan, 3, 17, 40).months == pytest.approx(here.months)


def test_processes_that_are_killed_cost_no_outcome(case, plan, players):
    here = trial.play(case, plan, 0, 4, 40)
    assert the_same(players.play(case, plan, 0, 4, 40), here)
    for process in list(players._pool._processes.values()):
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    assert the_same(players.play(case, plan, 0, 4, 40), here)


def test_players_begin_before_the_first_plan_only_where_plans_are_played(case, tmp_path):
    masters = {one.id: one for one in find_masters(names=["03", "13"])}
    assert [one for one in masters if masters[one].header.measures] == ["13-defence"]
    other = load_case("nanjing")
    for pairs, begins in (
        ([("03-entry-industries", case)], False),
        ([("13-defence", case), ("13-defence", other)], False),
        ([("13-defence", case)], True),
    ):
        crew = LocalCrew(Marker(masters, "s", tmp_path), InProcessRunner())
        crew.begin(pairs)
        begun = crew._players is not None and crew._players._pool is not None
        crew.stop()
        assert begun is begins
    assert trial._players[-1].abreast == 1
    alone = LocalCrew(Marker(masters, "s", tmp_path), InProcessRunner(), jobs=1)
    alone.begin([("13-defence", case)])
    assert alone._players is None
    alone.stop()


def test_players_that_have_begun_all_play(case, plan, players):
    players.begin()
    assert len(players._pool._processes) == 2
    assert the_same(players.play(case, plan, 0, 4, 40), trial.play(case, plan, 0, 4, 40))
    players.stop()
    players.begin()  # after the end nothing begins, and nothing is said


def test_after_the_end_whoever_asks_plays(case, plan, players):
    players.stop()
    assert the_same(players.play(case, plan, 0, 4, 40), trial.play(case, plan, 0, 4, 40))
    assert players._pool is None


def test_what_is_wrong_with_a_plan_is_said_as_here(case, plan, players):
    strange = plan_from({**plan.as_dict(), "areas": ["Nowhere"]})
    with pytest.raises(PlaybookError, match="Nowhere") as here:
        trial.play(case, strange, 0, 4, 40)
    with pytest.raises(PlaybookError, match="Nowhere") as there:
        players.play(case, strange, 0, 4, 40)
    assert (there.value.where, there.value.remedy) == (here.value.where, here.value.remedy)


def test_the_dearest_levers_are_the_same_side_by_side(case, plan, monkeypatch):
    weak, ends = naive(trial.wind_tunnel(case)[0]), {"naive": 0.0, "reference": 1000.0}
    here = dearest(case, weak, plan, ends, runs=12)
    monkeypatch.setattr(trial, "_outcomes", Kept(160))
    with played_side_by_side(2):
        assert trial._players[-1].abreast == 2
        assert dearest(case, weak, plan, ends, runs=12) == here
    assert trial._players[-1].abreast == 1


GRADER = """
import sys
from playbook.cases import load_case
from playbook.chapters.defence import trial
from playbook.grading.crew import LocalCrew
from playbook.grading.marker import Marker
from playbook.grading.players import Players
from playbook.simulator import by_the_book
if __name__ == "__main__":
    case, players = load_case("jinhua"), Players(2)
    players.play(case, by_the_book(trial.wind_tunnel(case)[0]), 0, 2, 40)
    print(*players._pool._processes, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody grades in a sandbox")
def test_processes_go_with_a_grader_that_is_killed(tmp_path):
    script = tmp_path / "grader.py"
    script.write_text(GRADER, encoding="utf-8")
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, script], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as grader:
        pids = list(map(int, grader.stdout.readline().split()))
        assert pids
        ends = [os.pidfd_open(pid) for pid in pids]
        grader.kill()
        for end in ends:
            assert select.select([end], [], [], 30)[0], "it still runs"
            os.close(end)
