"""Proving an exercise finds what a careless author leaves behind."""

import ast
import threading

import pytest

from playbook.authoring import load_master
from playbook.authoring.mutants import code_mutants
from playbook.authoring.remembered import Remembered
from playbook.authoring.solve import run_master
from playbook.authoring.validate import prove, validate
from playbook.cases import load_case
from playbook.errors import PlaybookError
from tests.shared.mini import MASTER, write_master


@pytest.fixture(autouse=True)
def no_help_is_asked_for(monkeypatch):
    """The small exercise has no help cells: what is tested here is the rest."""
    monkeypatch.setattr("playbook.authoring.validate.without_help", lambda master: ())


def proof_of(tmp_path, text, mutants=False):
    return prove(load_master(write_master(tmp_path, text) / "99-mini"), "jinhua", mutants=mutants)


@pytest.mark.slow
def test_a_sound_exercise_proves_itself_mutants_included(tmp_path):
    proof = proof_of(tmp_path, MASTER, mutants=True)
    assert proof.failing == ()
    assert (proof.questions, proof.wrong) == (4, 8)
    assert proof.killed == proof.mutants > 20


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'int((accounts["section"] == "C").sum()) + 1',
            'int((accounts["section"] == "C").sum())',
            "cell 8 is passed",
        ),
        ("prospects = len(accounts)", "prospects = ...", "cell 7 is unattempted"),
        ("prospects = ...\ncheck", "prospects = 5\ncheck", "the untouched starter answers 5"),
        ("prospects = ...\ncheck", "prospects = 1 / 0\ncheck", "as handed out"),
        ('int((accounts["section"] == "C").sum()) + 1', "len(accounts)", "instead of its own"),
        ("prospects = int((accounts", "wrong = int((accounts", "does not bind `prospects`"),
        ("accounts = case.accounts", "accounts = case.acounts", "AttributeError"),
        ("return have / need", "return str", "is not a function"),
    ],
)
def test_what_is_not_proved_is_named(tmp_path, old, new, words):
    proof = proof_of(tmp_path, MASTER.replace(old, new, 1))
    assert any(words in failing.what for failing in proof.failing), proof.failing


def test_a_panel_is_drawn_once_and_a_broken_one_is_named(tmp_path):
    """Solutions, wrong answers and mutants run without it: drawing is half of a run."""
    panel = "```{code-cell} ipython3\n:tags: [panel]\nraise ValueError('no panel')\n```\n\n## Question 1"
    named = "section: A section\n  panel: playbook.chapters.gates.panel:panel"
    text = MASTER.replace("## Question 1", panel, 1).replace("section: A section", named, 1)
    master = load_master(write_master(tmp_path, text) / "99-mini")
    assert run_master(master, load_case("jinhua")).solved.keys() == {one.id for one in master.questions}
    [failing] = prove(master, "jinhua", mutants=False).failing
    assert failing.what.startswith("as handed out: ")
    assert "ValueError: no panel" in failing.what


@pytest.mark.slow
def test_a_check_that_accepts_too_much_lets_mutants_live(tmp_path):
    loose = MASTER.replace("unit: accounts,", "unit: accounts, rtol: 0.15,").replace(
        'int((accounts["section"] == "C").sum()) + 1', "3 * len(accounts)"
    )
    proof = proof_of(tmp_path, loose, mutants=True)
    assert any("a mutant survives: a tenth more" in failing.what for failing in proof.failing)


def test_a_mutant_copies_nothing_that_a_traceback_hung_onto_the_tree():
    shared = ast.parse("a").body[0].value.ctx
    shared.parent = threading.Lock()  # cannot be copied
    try:
        assert [one.source for one in code_mutants("b = a + 1")] == ["b = a - 1", "b = a + 2"]
    finally:
        del shared.parent


def test_mutants_change_one_thing_each():
    labels = [m.label for m in code_mutants('a = f(x, y).merge(z, on="k", how="left").sum() / (n > 3)')]
    assert "line 1: arguments of f swapped" in labels
    assert "line 1: 'left' made 'inner'" in labels
    assert "line 1: .sum made .mean" in labels
    assert "line 1: n > 3 made n <= 3" in labels
    assert "line 1: 3 made 4" in labels


@pytest.mark.slow
def test_what_was_proved_is_remembered_until_its_content_changes(tmp_path):
    folder = write_master(tmp_path, MASTER)
    kept = Remembered(tmp_path / "proofs")

    def run() -> tuple[list, int]:
        master, told = load_master(folder / "99-mini"), []
        proofs = validate(
            [master], ["jinhua"], mutants=False, jobs=1, kept=kept, tell=lambda *now: told.append(now)
        )
        assert [(done, total) for _, done, total in told] == [(1, 1)]
        return proofs, len(list((tmp_path / "proofs").glob("*.json")))

    first, count = run()
    assert count == 1
    assert run() == (first, 1)
    path = folder / "99-mini" / "master.md"
    path.write_text(MASTER.replace("You counted every account.", "That is everybody."), encoding="utf-8")
    assert run() == (first, 2)
    path.write_text(MASTER.replace("prospects = len(accounts)", "prospects = ..."), encoding="utf-8")
    [failing], count = run()
    assert failing.failing
    assert count == 2, "what fails is proved again each time"


def test_a_folder_that_cannot_be_written_remembers_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    kept = Remembered(tmp_path / "file" / "proofs")
    kept.keep(["a"], 1)
    kept.sweep()
    assert kept.get(["a"]) is None


def test_a_solution_may_name_other_right_answers(tmp_path):
    from playbook.authoring import run_master
    from playbook.authoring.solve import seal_run
    from playbook.cases import load_case
    from playbook.exercises import Outcome, mark

    text = MASTER.replace(
        'prospects = int((accounts["section"] == "C").sum())\n',
        'prospects = int((accounts["section"] == "C").sum())\nprospects_also = [prospects + 7]\n',
        1,
    )
    run = run_master(load_master(write_master(tmp_path, text) / "99-mini"), load_case("jinhua"))
    sealed, right = seal_run(run)["prospects"], run.expected["prospects"]
    assert [mark(sealed, right + more).outcome is Outcome.PASSED for more in (0, 7, 3)] == [True, True, False]


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ("helps: 'You counted the header too'", ""),
        ("helps: 'a word that is nowhere'", "is misled"),
        ("helps: 'header'\n  never: 'counted'", "is misled"),
    ],
)
def test_a_hint_must_not_fire_for_a_mistake_that_it_does_not_describe(tmp_path, mistake, words):
    folder = write_master(tmp_path, MASTER) / "99-mini"
    cell = 'prospects = int((accounts["section"] == "C").sum()) + 1\n    check("prospects", prospects)'
    (folder / "beginners.yaml").write_text(
        f"- question: prospects\n  does: counts the header\n  cell: |\n    {cell}\n  {mistake}\n",
        encoding="utf-8",
    )
    proof = prove(load_master(folder), "jinhua", mutants=False, mistakes=True)
    assert proof.mistakes == 1
    told = [failing.what for failing in proof.failing]
    assert len(told) == 2 * bool(words)
    assert not words or words in told[0]
    assert not words or "95% are asked. No help that fits: counts the header" in told[1]
    assert prove(load_master(folder), "jinhua", mutants=False).failing == ()


def test_a_piece_of_the_starter_that_must_go_stands_in_it(tmp_path):
    text = MASTER.replace("tags: [starter]", "tags: [starter]\n:change: [nowhere]", 1)
    assert text != MASTER
    with pytest.raises(PlaybookError, match="names 'nowhere', which does not stand in the starter"):
        load_master(write_master(tmp_path, text) / "99-mini")
