"""A note: its form is checked, a person reads it, and junk earns nothing and is told why."""

import json

import pytest

from playbook.errors import PlaybookError
from playbook.exercises import Outcome, Question, Sealed, mark, seal_question, to_plain

NOTE = {
    "id": "decision",
    "title": "Your decision",
    "kind": "note",
    "words": [12, 60],
    "mentions": ["a number: number", "what it rests on: share|size|win rate|workers"],
    "points": 1,
    "playbook": True,
}
SOUND = "I send the seller to the sawmills first, because they have 4,200 workers and nobody covers them."


def question(**more):
    return Question.from_metadata({**NOTE, **more}, "here")


def marked(answer, **more):
    sealed = seal_question(question(**more), SOUND, salt="salt")
    return mark(Sealed.from_dict(json.loads(json.dumps(sealed.as_dict()))), to_plain(answer))


def test_a_note_is_never_computed_and_its_feedback_is_recorded():
    assert (question().computed, question().feedback) == (False, "recorded")
    assert Question.from_dict(json.loads(json.dumps(question().public()))) == question()


def test_a_text_of_the_right_form_earns_the_points_and_a_person_reads_it():
    result = marked(SOUND)
    assert (result.outcome, result.points) == (Outcome.PASSED, 1.0)
    assert "read by a person" in result.message


@pytest.mark.parametrize(
    "text",
    [
        SOUND.upper(),
        f"  {SOUND}\n\n",
        SOUND.replace(" ", "\n"),
        SOUND.replace("4,200", "４２００"),
        "我先派销售去锯木厂，因为那里有4200名工人，而且目前没有人覆盖他们，win rate 很高。",
        "We go for wood and furniture: its share is 0.12 and its win-rate twice the city's, like for like.",
    ],
)
def test_capitals_blanks_full_width_and_chinese_make_no_difference(text):
    assert marked(text).outcome is Outcome.PASSED, marked(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Your text has 0 words; at least 12 are asked for."),
        ("Go.", "Your text has 1 word; at least 12 are asked for."),
        ("我选择制造业。", "Your text has 3 words"),
        ("Your decision " * 12, "Your text has 0 words"),
        ("Your decision " * 12, "The question's title, copied, does not count."),
        ("share " * 20, "the same words again and again"),
        ("share 12. " * 10, "the same words again and again"),
        ("好" * 40, "the same words again and again"),
        ("份额工人" * 12, "the same words again and again"),
        ("a b c d e f g h i j k l m 5 share", "the same words again and again"),
        (SOUND + " and so on because of that" * 3 + " word" * 30, "again and again"),
        (
            " ".join(f"{chr(97 + i // 10) * 3}{chr(107 + i % 10) * 2}" for i in range(61)),
            "at most 60 are read",
        ),
        (SOUND.replace("4,200", "many"), "does not say one thing yet: a number."),
        (SOUND.replace("workers", "people"), "does not say one thing yet: what it rests on."),
        (
            SOUND.replace("4,200 workers", "many co-werkers"),
            "does not say these things yet: a number; what it rests on.",
        ),
        (
            "I choose … because its share is 0.12, and nobody of ours is there until next May.",
            "a gap in your text: `…`",
        ),
        (
            "I choose ___ because its share is 0.12, and nobody of ours is there until next May.",
            "a gap in your text: `___`",
        ),
        (
            "I choose ... because its share is 0.12, and nobody of ours is there until next May.",
            "a gap in your text: `...`",
        ),
        ("\u200b" * 500, "Your text has 0 words"),
        ("ha\u200bha " * 20, "again and again"),
        (12, "This question asks for a text in quotes; your answer is a number."),
        (None, "your answer is nothing (None)"),
        (["I choose wood,", "because it is near"], "between two texts stands a comma"),
        ("x" * 30_000, "too large for an answer"),
        (b"bytes", "asks for a text in quotes"),
    ],
)
def test_what_is_no_note_earns_nothing_and_is_told_why(text, words):
    result = marked(text)
    assert (result.outcome, result.points) == (Outcome.FAILED, 0.0)
    assert words in result.message


def test_the_starter_is_not_answered_yet():
    assert marked(...).outcome is Outcome.UNATTEMPTED


def test_a_mention_is_the_beginning_of_a_word():
    assert "what it rests on" in marked(SOUND.replace("workers", "coworkers")).message
    assert marked(SOUND.replace("workers", "shareholders")).outcome is Outcome.PASSED


def test_the_points_of_a_note_are_not_shared_out():
    assert question(points=2).share_points(0.9) == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"words": [60, 12]}, "is not the fewest and the most words"),
        ({"words": 12}, "is not the fewest and the most words"),
        ({"words": ["a", "b"]}, "is not the fewest and the most words"),
        ({"mentions": ["share"]}, "is not written as `what is said: word|other word`"),
        ({"mentions": ["a share:"]}, "is not written as `what is said: word|other word`"),
        ({"computed": True}, "a note is judged by a person and never computed"),
        ({"choices": ["a"]}, "a note question has no field 'choices'"),
    ],
)
def test_a_note_that_is_declared_wrongly_is_named(more, words):
    with pytest.raises(PlaybookError) as raised:
        question(**more)
    assert words in str(raised.value)


def test_every_mutant_of_a_note_is_caught():
    sealed = seal_question(question(), SOUND, salt="salt")
    for mutant in question().kind.mutants():
        assert mark(sealed, mutant.make(SOUND)).outcome is Outcome.FAILED, mutant.label
