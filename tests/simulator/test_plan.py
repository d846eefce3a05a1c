"""A plan refuses what cannot be meant, names the lever, and survives a file."""

import re
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.simulator import (
    LEVERS,
    Plan,
    by_the_book,
    make_draws,
    naive,
    plan_from,
    plan_from_json,
    simulate,
)
from playbook.simulator.moves import neighbour
from playbook.simulator.plan import BOUNDS, with_lever
from tests.simulator.tiny import small_plan, tiny_city


def test_there_are_seventeen_levers_and_they_set_every_field_once():
    set_ = [name for names in LEVERS.values() for name in names]
    assert len(LEVERS) == 17
    assert sorted(set_) == sorted(field.name for field in fields(Plan))


@pytest.mark.parametrize(
    ("levers", "lever", "words"),
    [
        ({"cadence": 1.4}, "cadence", "Choose between 0 and 1"),
        ({"cadence": "daily"}, "cadence", "Write a number"),
        ({"cadence": float("nan")}, "cadence", "out of bounds"),
        ({"veterans": 2.5}, "veterans", "no whole number"),
        ({"heads": [10, 20]}, "heads", "Give 8 numbers, one for each quarter"),
        ({"heads": [200] * 8}, "heads", "Choose between 0 and 60"),
        ({"salons": 3}, "salons", "square brackets"),
        ({"sections": []}, "sections", "at least one section"),
        ({"sections": ["C", "Z"]}, "sections", "there is no 'Z'"),
        ({"profile": ["export"]}, "profile", "Did you mean exports?"),
        ({"profile": [3]}, "profile", "Write names in quotes"),
        ({"teams": [1] * 9}, "teams", "at most 8 supervisors"),
        ({"package_": 3}, "plan", "Did you mean package?"),
    ],
)
def test_an_error_names_the_lever_and_what_to_do(levers, lever, words):
    with pytest.raises(PlaybookError, match=re.escape(words)) as caught:
        plan_from(levers)
    assert caught.value.where == f"lever {lever}"
    assert caught.value.remedy


def test_an_error_in_a_file_names_the_file():
    with pytest.raises(PlaybookError, match=r"plan\.json, lever gate"):
        plan_from_json('{"gate": -1}', "plan.json")
    with pytest.raises(PlaybookError, match=r"plan\.json: this is no JSON"):
        plan_from_json("heads: 3", "plan.json")
    with pytest.raises(PlaybookError, match=r"plan.json: a plan is a list of levers"):
        plan_from_json("[1, 2]", "plan.json")


def test_a_district_of_another_city_is_refused():
    city = tiny_city()
    with pytest.raises(PlaybookError, match="there is no 'Hree'") as caught:
        simulate(city, Plan(offices=("Hree",)), make_draws(city, 1))
    assert "Did you mean Here?" in caught.value.remedy


@pytest.mark.parametrize("make", [naive, by_the_book])
def test_a_plan_survives_its_file(make, jinhua):
    plan = make(jinhua)
    assert plan_from_json(plan.to_json()) == plan
    assert plan_from({}) == Plan()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_any_number_of_moves_leaves_a_plan_within_bounds_and_survives_its_file(seed):
    city, rng, plan = tiny_city(), np.random.default_rng(seed), small_plan()
    for _ in range(12):
        plan = neighbour(plan, city, rng)
    assert plan_from_json(plan.to_json()) == plan
    assert set(plan.areas) <= set(city.districts)
    assert all(name in BOUNDS or isinstance(getattr(plan, name), tuple) for name in plan.as_dict())


def test_one_lever_goes_back_alone(jinhua):
    book, nobody = by_the_book(jinhua), naive(jinhua)
    back = with_lever(book, "veterans", nobody)
    changed = {name for name in book.as_dict() if getattr(book, name) != getattr(back, name)}
    assert changed == {"veterans", "package"}
    with pytest.raises(PlaybookError, match="there is no 'price'"):
        with_lever(book, "price", nobody)


def test_each_month_of_each_run_is_a_row():
    city = tiny_city()
    outcome = simulate(city, small_plan(), make_draws(city, 3))
    table = outcome.each_month()
    assert len(table) == 3 * 24
    assert table["run"].tolist() == [0] * 24 + [1] * 24 + [2] * 24
    assert table["month"].tolist() == [*range(1, 25)] * 3
    assert (table.groupby("run")["cash"].min().to_numpy() == outcome.totals()["lowest"].to_numpy()).all()
