"""The course's own exercises prove themselves, and a release of them gives nothing away."""

import itertools

import pytest

from playbook.authoring import find_masters, run_master
from playbook.authoring.leak import Secrets, public_texts, scan
from playbook.authoring.release import write_release
from playbook.authoring.validate import prove
from playbook.cases import load_case
from tests.shared.masters import IDS, master_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def masters():
    return find_masters()


@pytest.mark.parametrize(("name", "case"), zip(IDS, itertools.cycle(["guiyang", "xiamen"]), strict=False))
def test_its_answers_and_hints_hold_in_another_city(name, case):
    """All cities and changed solutions are the business of `playbook validate`, which `make prove` runs."""
    assert prove(master_of(name), case, mutants=False).failing == ()


@pytest.mark.parametrize("name", IDS)
def test_it_is_as_long_as_a_trainee_is_told(name):
    """Five to nine questions beside the notes, at most two of them stretch, and something for the City Playbook."""
    master = master_of(name)
    assert 5 <= sum(question.kind.computed for question in master.questions) <= 9
    assert sum(question.stretch for question in master.questions) <= 2
    assert any(question.playbook for question in master.questions)
    # The plan that is defended is the last chapter's, and takes longer.
    assert 30 <= master.header.do_minutes <= (75 if master.header.chapter == 13 else 60)


def test_all_kinds_of_answer_occur(masters):
    kinds = {question.kind.name for master in masters for question in master.questions}
    assert kinds == {"number", "choice", "set", "ranking", "table", "function", "plan", "note"}


@pytest.mark.long
def test_a_release_of_the_course_gives_nothing_away(tmp_path, masters):
    """Lines and hints of every master, and expected values of a trainee's city, in every published file."""
    release = write_release(tmp_path / "release", cases=["nanjing"], jobs=1)
    nanjing = load_case("nanjing")
    expected = [
        (f"{master.id} {name}", plain)
        for master in masters
        for name, plain in run_master(master, nanjing, wrong=False).expected.items()
    ]
    assert scan(release.folder, Secrets.of(masters, public_texts(), expected)) == []
