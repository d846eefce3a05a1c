"""A few steps of the walk with beginners' mistakes: help that fits, the ladder to its end, the right answer."""

from dataclasses import replace

import pytest

from playbook.authoring.beginners import read_mistakes
from playbook.exercises.ladder import Rung
from tests.browser.conftest import masters
from tests.browser.walk import summary, table, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = "03-entry-industries"
DOES = ("leaves the dots of step 4", "divides the nation's share by the city's", "leaves base away")


@pytest.mark.long
def test_three_mistakes_are_helped_up_the_ladder_to_the_right_answer(course):
    master = next(master for master in masters() if master.id == SLUG)
    first = master.blocks[0].question.id
    mistakes = [one for one in read_mistakes(master) if one.question == first and one.does in DOES]
    assert len(mistakes) == len(DOES)
    unhelped = replace(mistakes[0], does="expects what nobody says", helps=("no such words",))
    steps = walk(course, master, [unhelped, *mistakes])
    assert [step.differs for step in steps if step.differs] == ["lacks 'no such words'"], table(steps)
    assert {step.rung for step in steps} == set(Rung)
    assert summary(steps).startswith("1 questions")
