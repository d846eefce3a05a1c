"""The gates: edges, and that no number makes up for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.gates.problem import HOLD, SCALE, STOP, Limits, averaged, colour, gate_problem, verdict

PAYBACK, RATIO = st.floats(1, 60), st.floats(0, 6)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((18, 3, 0.8), SCALE),
        ((18.01, 3, 0.8), HOLD),
        ((18, 2.99, 0.8), HOLD),
        ((18, 3, 0.79), HOLD),
        ((24, 2, 0.5), HOLD),
        ((24.01, 9, 9), STOP),
        ((1, 1.99, 9), STOP),
        ((1, 9, 0.49), STOP),
        ((float("inf"), 9, 9), STOP),
    ],
)
def test_limits_belong_to_the_better_side(numbers, said):
    assert verdict(*numbers) == said


@given(PAYBACK, RATIO, RATIO)
def test_one_red_number_stops_whatever_the_others_are(payback, cover, density):
    assert verdict(25, cover, density) == STOP
    assert verdict(payback, 1.5, density) == STOP
    assert verdict(payback, cover, 0.4) == STOP


@given(PAYBACK, RATIO, RATIO, st.floats(0, 10), st.floats(0, 3), st.floats(0, 3))
def test_better_numbers_never_lead_to_a_worse_verdict(payback, cover, density, less, more, further):
    order = [STOP, HOLD, SCALE]
    worse, better = (
        verdict(payback, cover, density),
        verdict(max(payback - less, 0.1), cover + more, density + further),
    )
    assert order.index(better) >= order.index(worse)


@given(PAYBACK, RATIO, RATIO)
def test_only_three_green_numbers_scale(payback, cover, density):
    colours = [colour("payback", payback), colour("cover", cover), colour("density", density)]
    assert (verdict(payback, cover, density) == SCALE) == (colours == ["green"] * 3)


def test_an_average_lets_a_city_through_that_nobody_leads():
    assert averaged(9, 5, 0.3) == SCALE
    assert verdict(9, 5, 0.3) == STOP


def test_other_limits_give_other_verdicts():
    assert verdict(20, 3, 0.8, Limits(payback=(20, 30))) == SCALE


def test_lifetimes_stand_by_channel_the_longest_first():
    lifetimes = gate_problem(load_case("jinhua")).lifetimes()
    assert len(lifetimes) == 4
    assert lifetimes.is_monotonic_decreasing
    assert lifetimes.between(3, 9).all()
