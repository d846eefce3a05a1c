"""Ten scenarios on culture: as data that the exercise kit can use, with something to say to each choice."""

from collections import Counter

import pytest

from playbook.certifying.culture import ENOUGH, LETTERS, SCENARIOS, TALKS, passed
from playbook.exercises.question import Question

RIGHT = {one.id: one.answer for one in SCENARIOS}


def wrong(one):
    return next(letter for letter in LETTERS if letter != one.answer)


def test_each_of_the_five_talks_has_two_scenarios_of_three_options():
    assert Counter(one.talk for one in SCENARIOS) == dict.fromkeys(TALKS, 2)
    assert all(tuple(one.options) == LETTERS == tuple(one.feedback) for one in SCENARIOS)
    assert len({one.id for one in SCENARIOS}) == 10


def test_no_letter_is_the_answer_more_than_four_times():
    assert max(Counter(RIGHT.values()).values()) <= 4


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
def test_a_scenario_is_a_question_of_the_kit(scenario):
    question = Question.from_metadata(scenario.question(), "culture")
    assert question.id == scenario.id
    assert not question.computed
    assert question.feedback == "recorded"


def test_every_choice_is_answered_and_anything_else_is_not():
    for one in SCENARIOS:
        assert one.said(one.answer).startswith("Yes: ")
        assert not one.said(wrong(one)).startswith("Yes")
        assert one.said("d") == one.said(None) == ""


def test_eight_of_ten_with_one_in_each_talk_pass():
    first, second = (one for one in SCENARIOS if one.talk == "do")
    other = next(one for one in SCENARIOS if one.talk == "change")
    assert passed(RIGHT) is True
    assert passed(RIGHT | {first.id: wrong(first), other.id: wrong(other)}) is True
    assert passed(RIGHT | {first.id: wrong(first), second.id: wrong(second)}) is False, "a talk was lost"
    three = {one.id: wrong(one) for one in SCENARIOS[::3][: 11 - ENOUGH]}
    assert passed(RIGHT | three) is False
    assert passed({one.id: True for one in SCENARIOS}) is True


def test_who_has_not_answered_all_has_neither_passed_nor_failed():
    assert passed(dict(list(RIGHT.items())[1:])) is None


def test_the_scenarios_make_a_master_that_the_kit_reads(tmp_path):
    from playbook.authoring.master import load_master

    head = (
        "---\njupytext:\n  text_representation: {extension: .md, format_name: myst}\n"
        "kernelspec: {display_name: Python 3, language: python, name: python3}\n"
        "playbook:\n  exercise: 99-culture\n  chapter: 99\n  title: Culture\n"
        "  decision: What do you do?\n  minutes: {read: 1, do: 10}\n  section: Culture\n---\n\n"
    )
    path = tmp_path / "99-culture" / "master.md"
    path.parent.mkdir()
    path.write_text(head + "\n".join(one.cells() for one in SCENARIOS), encoding="utf-8")
    master = load_master(path)
    assert [question.id for question in master.questions] == [one.id for one in SCENARIOS]
    for block, one in zip(master.blocks, SCENARIOS, strict=True):
        assert block.solution.strip() == f'{one.id} = "{one.answer}"'
        assert [wrong.hint for wrong in block.wrongs] == [
            one.feedback[letter] for letter in LETTERS if letter != one.answer
        ]
