"""On an unseen version of a city the naive plan and the frozen reference are the ends: nothing is searched there."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest

from playbook.casemaking import make_case
from playbook.casemaking.best_plans import ends_on, find_reference, measure
from playbook.errors import PlaybookError
from playbook.simulator import by_the_book, make_city, make_draws, simulate
from tests.simulator.tiny import tiny_city

RUNS = 60


@pytest.mark.long
@pytest.mark.parametrize(("adcode", "name"), [("330400", "jiaxing"), ("440600", "foshan")])
def test_naive_is_below_the_book_and_the_book_below_the_reference(adcode, name, tmp_path):
    city = make_city(make_case(adcode, "a seed of this test", tmp_path, resample_public=True))
    ends = ends_on(city)
    assert (ends.city, ends.fingerprint, ends.runs) == (name, city.fingerprint, 200)
    book = simulate(city, by_the_book(city), make_draws(city, ends.runs)).value
    values = [
        (ends.naive, ends.naive_sd),
        (book.mean(), book.std(ddof=1)),
        (ends.reference, ends.reference_sd),
    ]
    for (worse, low), (better, high) in itertools.pairwise(values):
        assert worse + 2 * low / np.sqrt(ends.runs) < better - 2 * high / np.sqrt(ends.runs)


@pytest.mark.slow
def test_the_better_of_the_frozen_plan_and_of_its_numbers_is_the_upper_end(tmp_path):
    city = tiny_city()
    plan = find_reference(city, tmp_path, rounds=3).plan
    ends = ends_on(replace(city, fingerprint="unseen"), tmp_path, RUNS)
    assert ends.fingerprint == "unseen"
    assert ends.runs == RUNS
    assert ends.naive == measure(city, plan, runs=RUNS).naive
    assert ends.reference >= measure(city, plan, runs=RUNS).reference


@pytest.mark.slow
def test_a_plan_with_places_that_the_version_lacks_runs_with_its_numbers_alone(tmp_path):
    find_reference(tiny_city(), tmp_path, rounds=1)
    path = tmp_path / "tiny.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["plan"]["offices"] = ["Elsewhere"]
    path.write_text(json.dumps(data), encoding="utf-8")
    ends = ends_on(tiny_city(), tmp_path, RUNS)
    assert np.isfinite(ends.reference)


def test_a_city_without_a_reference_says_who_computes_it(tmp_path):
    with pytest.raises(PlaybookError, match="no reference was computed") as caught:
        ends_on(tiny_city(), tmp_path)
    assert "playbook simulate --reference --cities tiny" in caught.value.remedy
