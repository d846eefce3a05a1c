"""The figures of chapter 13 say what their numbers say."""

import numpy as np
import pandas as pd
import pytest

from playbook.chapters.defence.figures import (
    LEVER_NAMES,
    answers_worth,
    cash_by_month,
    same_chance,
    shares_of_gap,
)
from playbook.simulator import LEVERS, make_draws, simulate
from playbook.simulator.policies import naive
from tests.simulator.tiny import small_plan, tiny_city

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def outcomes():
    city = tiny_city()
    draws = make_draws(city, 6)
    return {"naive": simulate(city, naive(city), draws), "own": simulate(city, small_plan(), draws)}


def test_the_cash_figure_names_who_runs_out_of_money(outcomes):
    low = {name: one.column("cash").mean(0).min() for name, one in outcomes.items()}
    between = sum(low.values()) / 2
    first = min(low, key=low.get)
    figure = cash_by_month(outcomes, "Tiny", limit=between)
    assert figure.get_suptitle().startswith("Naive runs" if first == "naive" else "Your plan runs")
    assert "Every plan keeps" in cash_by_month(outcomes, "Tiny", limit=min(low.values()) - 1).get_suptitle()


def test_the_shares_go_from_the_naive_plan_to_the_best(outcomes):
    values = [one.value.mean() for one in outcomes.values()]
    figure = shares_of_gap(outcomes, values[0], values[1], "Tiny")
    assert "your plan 1.00" in figure.alt
    assert "naive 0.00" in figure.alt


def test_the_heaviest_lever_is_in_the_title():
    table = pd.DataFrame({"lever": ["offices", "gate"], "points": [12.4, -1.0], "error": [1.0, 0.5]})
    figure = answers_worth(table, "Tiny")
    assert " ".join(figure.get_suptitle().split()).startswith("Offices: 12 points lost")


def test_every_lever_has_a_name():
    assert set(LEVER_NAMES) == set(LEVERS)


def test_the_same_chance_is_said_in_how_much_less_luck_moves_the_answer():
    same, different = np.array([90.0, 110.0, 100.0]), np.array([0.0, 200.0, 100.0])
    assert "10.0 times less" in " ".join(same_chance(same, different, "salons").get_suptitle().split())
