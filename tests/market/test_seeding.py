"""Seeding: the best plan against a solver, against every plan, and by name where a rule is broken."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from playbook.errors import PlaybookError
from playbook.market.seeding import best_seeding, groups_of, seeding_by_fit, seeding_of

PROFILES = ("offensive", "explosive", "market", "activity")


def veterans(seed, count=6, groups=4):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "veteran_id": [f"V{number:02d}" for number in range(1, count + 1)],
            "profile": rng.permutation([*PROFILES, *PROFILES])[:count],
            "willing": True,
        }
    )
    for group in range(1, groups + 1):
        table[f"fit_G{group}"] = rng.integers(0, 11, count)
    return table


@pytest.mark.long
@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_no_plan_that_keeps_the_rules_fits_better(seed):
    table = veterans(seed, count=5, groups=3)
    best = best_seeding(table)
    assert best.feasible
    tried = [
        seeding_of(dict(zip(table["veteran_id"], plan, strict=True)), table)
        for plan in product(groups_of(table), repeat=len(table))
    ]
    assert best.fit == max(one.fit for one in tried if one.feasible)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_a_solver_for_whole_numbers_finds_the_same_fit(seed):
    table = veterans(seed)
    fit = table[[f"fit_G{group}" for group in range(1, 5)]].to_numpy(float)
    people, groups = fit.shape
    cell = np.arange(fit.size).reshape(fit.shape)
    rows = []
    for one in range(people):
        rows.append((cell[one], 1, 1))
    for group in range(groups):
        rows.append((cell[:, group], 1, 2))
        for profile in PROFILES:
            rows.append((cell[(table["profile"] == profile).to_numpy(), group], 0, 1))
    matrix = np.zeros((len(rows), fit.size))
    for row, (cells, _low, _high) in enumerate(rows):
        matrix[row, cells] = 1
    limits = LinearConstraint(matrix, [low for _, low, _ in rows], [high for _, _, high in rows])
    found = milp(-fit.ravel(), integrality=1, bounds=Bounds(0, 1), constraints=limits)
    assert best_seeding(table).fit == pytest.approx(-found.fun)


def test_the_rules_that_a_plan_breaks_are_named():
    table = veterans(1).assign(profile=["offensive", "offensive", *PROFILES])
    table.loc[5, "willing"] = False
    plan = seeding_of({"V01": "G1", "V02": "G1", "V03": "G1", "V06": "G2"}, table)
    assert plan.unwilling == ("V06",)
    assert plan.empty == ("G3", "G4")
    assert plan.crowded == ("G1",)
    assert plan.alike == ("G1",)
    assert not plan.feasible


def test_whoever_looks_at_fit_alone_sends_each_where_he_fits_best():
    table = veterans(2)
    naive = seeding_by_fit(table)
    fit = table.set_index("veteran_id").filter(like="fit_")
    assert naive.fit == fit.max(axis=1).sum()
    assert naive.fit >= best_seeding(table).fit


def test_strangers_and_unknown_groups_are_refused():
    table = veterans(3)
    with pytest.raises(PlaybookError, match="V99 is no veteran"):
        seeding_of({"V99": "G1"}, table)
    with pytest.raises(PlaybookError, match="G9 is no group"):
        seeding_of({"V01": "G9"}, table)


def test_a_plan_that_cannot_be_made_is_refused():
    with pytest.raises(PlaybookError, match="no plan gives every one of 4 groups"):
        best_seeding(veterans(4, count=3))
    with pytest.raises(PlaybookError, match="9 veterans are too many"):
        best_seeding(pd.concat([veterans(4, count=6), veterans(5, count=3)]))
