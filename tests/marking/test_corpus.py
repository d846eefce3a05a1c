"""Right answers pass in every form, wrong ones do not, and hints name the mistake that was made.

A small part here, on one city; ``make prove`` tries every exercise on every city.
"""

import pytest

from tests.marking.trying import EXERCISES, try_city

_SOON = ("00", "01", "05")


@pytest.mark.slow
@pytest.mark.parametrize(
    "exercise", [one if one in _SOON else pytest.param(one, marks=pytest.mark.long) for one in EXERCISES]
)
def test_answers_are_marked_as_they_should_be(exercise):
    tally = try_city(exercise, "jiaxing")
    assert tally.counts["right"] > 90
    assert tally.counts["wrong"] > 90
    assert tally.holds, "\n".join([str(tally), *tally.lines])
    assert not tally.counts["paid"], "\n".join(tally.lines)
