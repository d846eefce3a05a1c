"""A search climbs, can be stopped at any time, and ends where it would have ended; its plan ships to nobody."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest

from playbook.casemaking import best_plans
from playbook.casemaking.best_plans import find_reference, freeze, measure, standing_of
from playbook.errors import PlaybookError
from playbook.rooms import SHIPPED
from playbook.simulator import Parameters, Plan, Yardstick, share_of_gap, simulate, yardstick_of
from playbook.simulator.parameters import CASH_LIMIT, CASH_SHARE
from playbook.simulator.search import (
    MISSING,
    SPARE,
    Standing,
    climb,
    keeps_cash,
    model_digest,
    one_round,
    search_draws,
    worth,
)
from playbook.simulator.yardstick import FILE, yardsticks
from tests.simulator.tiny import small_plan, tiny_city


@pytest.fixture
def start():
    city = tiny_city()
    draws = search_draws(city, 16)
    return city, draws, Standing(small_plan(), float(simulate(city, small_plan(), draws).value.mean()))


@pytest.mark.slow
def test_a_round_never_falls(start):
    city, draws, standing = start
    for _ in range(6):
        after = one_round(city, standing, draws)
        assert after.value >= standing.value
        assert after.round == standing.round + 1
        standing = after
    assert standing.value > start[2].value


@pytest.mark.slow
def test_a_stopped_search_ends_where_it_would_have_ended():
    city = tiny_city()
    kept = []
    whole = climb(city, rounds=4, tell=kept.append)
    assert [one.round for one in kept] == [1, 2, 3, 4]
    assert climb(city, kept[1], rounds=4) == whole


@pytest.mark.slow
def test_a_killed_search_goes_on_from_disk(tmp_path):
    city = tiny_city()
    whole = find_reference(city, tmp_path / "whole", rounds=4)

    def kill(standing):
        if standing.round == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_reference(city, tmp_path / "killed", rounds=4, tell=kill)
    assert standing_of(city, tmp_path / "killed").round == 2
    told = []
    again = find_reference(city, tmp_path / "killed", rounds=4, tell=told.append)
    assert [one.round for one in told] == [3, 4]
    assert again == whole == standing_of(city, tmp_path / "killed")


def poor_city():
    """The tiny city, where firms pay so little that a large team soon breaks the cash rule."""
    city = tiny_city()
    return replace(city, value=city.value / 4)


def test_a_broken_cash_rule_costs_more_than_it_earns():
    city = poor_city()
    draws = search_draws(city, 16)
    many, few = (simulate(city, Plan(heads=(heads,) * 8), draws) for heads in (60, 2))
    assert not keeps_cash(many)
    assert keeps_cash(few)
    assert worth(few) == few.value.mean()
    short = CASH_LIMIT + SPARE - np.quantile(many.column("cash").min(1), CASH_SHARE)
    assert worth(many) == pytest.approx(many.value.mean() - MISSING * short)


@pytest.mark.slow
def test_where_the_best_plan_breaks_the_cash_rule_the_search_goes_on_with_more_to_keep_free(
    tmp_path, monkeypatch
):
    verdicts = iter([False, False, True])
    monkeypatch.setattr(best_plans, "keeps_cash", lambda outcome: next(verdicts))
    told = []
    found = find_reference(tiny_city(), tmp_path, rounds=1, tell=told.append)
    assert [(one.round, one.wider, one.spare) for one in told] == [
        (1, 0, SPARE),
        (2, 1, 2 * SPARE),
        (3, 2, 3 * SPARE),
    ]
    assert standing_of(tiny_city(), tmp_path) == found


@pytest.mark.slow
def test_a_search_that_is_over_is_not_repeated(tmp_path):
    city = tiny_city()
    find_reference(city, tmp_path, rounds=2)
    told = []
    find_reference(city, tmp_path, rounds=2, tell=told.append)
    assert told == []


@pytest.mark.slow
def test_a_reference_of_other_parameters_or_another_version_is_searched_anew(tmp_path, monkeypatch):
    city = tiny_city()
    find_reference(city, tmp_path, rounds=1)
    assert standing_of(replace(city, fingerprint="unseen"), tmp_path) is None
    assert model_digest() != model_digest(replace(Parameters(), pay=12))
    monkeypatch.setattr(best_plans, "model_digest", lambda: "changed")
    assert standing_of(city, tmp_path) is None


def test_a_spoilt_file_is_named(tmp_path):
    (tmp_path / "tiny.json").write_text('{"round": 3}', encoding="utf-8")
    with pytest.raises(PlaybookError, match="cannot be read") as caught:
        standing_of(tiny_city(), tmp_path)
    assert caught.value.where.endswith("tiny.json")
    assert "compute it anew with `playbook simulate --reference`" in caught.value.remedy


@pytest.mark.slow
def test_plans_found_elsewhere_are_tried_first(tmp_path):
    city = tiny_city()
    find_reference(city, tmp_path, rounds=3)
    other = replace(city, name="other")
    begun = find_reference(other, tmp_path, rounds=1)
    assert begun.value >= climb(other, rounds=1).value


@pytest.mark.slow
def test_a_plan_of_an_earlier_model_is_where_a_search_begins_anew(tmp_path):
    city = tiny_city()
    before = find_reference(city, tmp_path, rounds=4)
    path = tmp_path / "tiny.json"
    path.write_text(path.read_text(encoding="utf-8").replace(model_digest(), "earlier"), encoding="utf-8")
    assert standing_of(city, tmp_path) is None
    again = find_reference(city, tmp_path, rounds=1)
    assert again.round == 1
    assert again.value >= before.value


def test_a_step_that_would_pass_an_end_goes_half_of_the_way():
    from playbook.simulator.moves import _stepped

    assert _stepped("profile_focus", 0.96, 0.1) == 0.98
    assert _stepped("bench", 0.02, -0.04) == 0.01
    assert _stepped("salons", 7, 2) == 8
    assert _stepped("cadence", 0.6, 0.05) == 0.65


def test_a_yardstick_says_how_much_of_the_gap_a_value_closes(tmp_path):
    city, path = tiny_city(), tmp_path / "yardsticks.json"
    freeze(measure(city, small_plan(), runs=5), path)
    one = yardstick_of(city, path)
    assert one.runs == 5
    assert one.share(one.naive) == 0
    assert one.share(one.reference) == 1
    assert np.isclose(share_of_gap(3.0, 1.0, 5.0), 0.5)
    freeze(replace(one, city="another"), path)
    assert list(yardsticks(path)) == ["another", "tiny"]


def test_a_city_without_a_yardstick_says_who_computes_it(tmp_path):
    with pytest.raises(PlaybookError, match="no reference was computed") as caught:
        yardstick_of(tiny_city(), tmp_path / "none.json")
    assert "playbook simulate --reference --cities tiny" in caught.value.remedy


def test_what_ships_to_trainees_holds_values_and_no_plan():
    assert "casemaking" not in SHIPPED
    assert "casemaking" in best_plans.FOLDER.parts
    levers = {field.name for field in fields(Plan)}
    for one in json.loads(FILE.read_text(encoding="utf-8")):
        assert set(one) == {field.name for field in fields(Yardstick)}
        assert not levers & set(one)
