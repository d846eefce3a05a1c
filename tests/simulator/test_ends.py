"""The ends by which a plan is graded: measured on the very version of a city, on the same draws as the plan."""

import json

import pytest

from playbook.casemaking.ends import BOOK, ends_for, frozen_plan
from playbook.errors import PlaybookError
from playbook.simulator import by_the_book, make_draws, naive, simulate
from playbook.simulator.search import model_digest
from tests.simulator.tiny import small_plan, tiny_city

RUNS = 12


def value_of(plan):
    city = tiny_city()
    return simulate(city, plan, make_draws(city, RUNS)).value.mean()


@pytest.fixture
def frozen(tmp_path):
    """A folder with a reference of the tiny city, searched on another version of it."""
    data = {"city": "tiny", "fingerprint": "another", "model": model_digest()}
    data |= {"round": 1, "since": 0, "wider": 0, "value": 0.0, "plan": small_plan().as_dict()}
    (tmp_path / "tiny.json").write_text(json.dumps(data), encoding="utf-8")
    return tmp_path


def test_the_ends_are_the_naive_plan_and_the_frozen_one_on_the_same_draws(frozen):
    ends = ends_for(tiny_city(), RUNS, frozen)
    assert ends.naive == pytest.approx(value_of(naive(tiny_city())), abs=0.001)
    assert ends.reference >= value_of(small_plan()) - 0.001
    assert ends.runs == RUNS


def test_where_nobody_searched_the_book_closes_its_part_of_the_gap(tmp_path):
    ends = ends_for(tiny_city(), RUNS, tmp_path)
    assert ends.share(value_of(by_the_book(tiny_city()))) == pytest.approx(BOOK, abs=0.001)


def test_a_reference_with_another_citys_districts_is_none(frozen):
    path = frozen / "tiny.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | {"plan": data["plan"] | {"areas": ["Elsewhere"]}}), encoding="utf-8")
    assert frozen_plan(tiny_city(), frozen) is None


def test_a_spoilt_reference_names_its_file_and_the_remedy(frozen):
    (frozen / "tiny.json").write_text("{", encoding="utf-8")
    with pytest.raises(PlaybookError) as error:
        ends_for(tiny_city(), RUNS, frozen)
    assert "tiny.json" in str(error.value)
    assert "delete the file, and compute it anew" in str(error.value)
