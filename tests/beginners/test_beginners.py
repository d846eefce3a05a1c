"""Beginners' mistakes: each gets help that fits, and the file that lists them is read with care."""

import dataclasses

import pytest

from playbook.authoring.beginners import TARGET, Mistake, play, read_mistakes
from playbook.errors import PlaybookError
from tests.shared.masters import IDS, master_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("exercise", IDS)
def test_every_question_has_mistakes(exercise):
    master = master_of(exercise)
    played = {mistake.question for mistake in read_mistakes(master)}
    assert played == {question.id for question in master.questions}


#: Whose mistakes are played here; `playbook validate` plays those of all, with the same bar.
SAMPLE = ("00-first-notebook", "03-entry-industries", "09-staffing")


@pytest.mark.parametrize("exercise", SAMPLE)
def test_nearly_every_mistake_gets_help_that_fits(exercise):
    master = master_of(exercise)
    score = play(master, read_mistakes(master))
    said = "\n".join([str(score), *(str(told) for told in score.told if not told.fits)])
    assert score.share >= TARGET, said
    assert not any(told.misleads for told in score.told), said
    assert not any(told.broken for told in score.told), said


@pytest.fixture
def master(tmp_path):
    """A master whose file of mistakes a test writes itself."""
    return dataclasses.replace(master_of("00-first-notebook"), path=tmp_path / "master.md")


def read(master, text):
    master.path.with_name("beginners.yaml").write_text(text, encoding="utf-8")
    return read_mistakes(master)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{a: b", "not YAML"),
        ("a: b", "not a list of mistakes"),
        ("- a", "not a mistake"),
        ("- {question: share, wrong: x}", "unknown key 'wrong'"),
        ("- {question: share, does: x}", "lacks 'helps'"),
        ("- {question: shares, does: x, helps: y, cell: z}", "no question is called 'shares'"),
        ("- {question: share, does: x, helps: y}", "needs `cell` or `edits`"),
        ("- {question: share, does: x, helps: y, edits: [a]}", "no list of pairs"),
        ("- {question: share, does: x, helps: y, cell: z, open: bars}", "`open` names 'bars'"),
        ("- {question: share, does: x, helps: y, cell: z, not_run: bars}", "`not_run` names 'bars'"),
    ],
)
def test_a_mistake_that_cannot_be_read_is_named(master, text, words):
    with pytest.raises(PlaybookError, match=r"beginners\.yaml") as raised:
        read(master, text)
    assert words in str(raised.value)


def test_a_master_without_such_a_file_has_no_mistakes(master):
    assert read_mistakes(master) == []


def test_an_edit_that_no_longer_applies_says_so():
    mistake = Mistake("share", "x", ("y",), edits=(("share = ....", "1"),), where="beginners.yaml entry 3")
    with pytest.raises(PlaybookError, match=r"entry 3.*no longer applies"):
        mistake.source("share = ...")


def test_edits_are_made_in_order_at_the_first_place():
    mistake = Mistake("share", "x", ("y",), edits=(("a", "b"), ("b", "c")))
    assert mistake.source("a b a") == "c b a"


@pytest.fixture(scope="module")
def played():
    """What is shown for mistakes that prove the player."""
    here = {"question": "share", "does": "x"}
    made = {
        "turned": Mistake(
            **here,
            helps=("The part goes *on* top",),
            cell='share = len(accounts) / prospects\ncheck("share", share)',
        ),
        "misled": Mistake(
            **here, helps=("something else",), cell='share = len(accounts) / prospects\ncheck("share", share)'
        ),
        "never": Mistake(
            **here,
            helps=("top",),
            never=("divided",),
            cell='share = len(accounts) / prospects\ncheck("share", share)',
        ),
        "open": Mistake(
            **here, helps=("behind `prospects`",), cell="share = prospects / 3", open=("prospects",)
        ),
        "not run": Mistake(
            **here,
            helps=("Nothing is called `prospects` yet",),
            cell="share = prospects / 3",
            not_run=("prospects",),
        ),
        "twice": Mistake(
            **here, helps=("taken it away",), cell="share = accounts.pop('district')", twice=True
        ),
        "silent": Mistake(**here, helps=("a word",), cell="part = 1"),
        "broken": Mistake(**here, helps=("a word",), edits=(("nowhere", "1"),)),
    }
    score = play(master_of("00-first-notebook"), made.values())
    return score, dict(zip(made, score.told, strict=True))


def test_what_a_check_says_is_held_against_the_help(played):
    _score, told = played
    assert told["turned"].fits
    assert "The part goes on top" in told["turned"].hint
    assert not told["misled"].fits
    assert told["misled"].misleads


def test_what_must_not_be_shown_misleads(played):
    told = played[1]["never"]
    assert told.wrongly == ("divided",)
    assert told.misleads
    assert "must not be shown: 'divided'" in str(told)


def test_earlier_questions_can_be_open_or_not_run(played):
    assert played[1]["open"].fits
    assert played[1]["not run"].fits


def test_a_cell_can_be_run_twice(played):
    assert "taken it away" in played[1]["twice"].shown


def test_a_mistake_that_is_passed_over_in_silence_misses_and_does_not_mislead(played):
    told = played[1]["silent"]
    assert (told.shown, told.fits, told.misleads) == ("", False, False)
    assert "(nothing was shown)" in str(told)


def test_a_mistake_that_cannot_be_played_is_counted(played):
    score, told = played
    assert "no longer applies" in str(told["broken"])
    assert str(score).endswith("4 of 8 mistakes get help that fits (50.0%); 2 mislead, 1 could not be played")
