"""Where no draw of a case holds what the chapters need, the generator says so instead of going on for ever."""

import sys

import numpy as np
import pytest

from playbook.casemaking import make_case
from playbook.casemaking.city import city_records
from playbook.casemaking.planning.competitors import competitors
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.planning.month import _board, _reports
from playbook.casemaking.planning.staffing import _calls
from playbook.casemaking.planning.stops import stops
from playbook.casemaking.public import published
from playbook.cases import load_case
from playbook.errors import PlaybookError


def _ground() -> Ground:
    case = load_case("jinhua")
    return Ground(
        "7", case.adcode, False, published(), {"accounts": case.accounts, "densities": case.densities}
    )


def test_a_city_that_is_not_in_the_figures_names_those_that_are(tmp_path):
    with pytest.raises(PlaybookError, match="no case can be made for the code '999999'") as raised:
        make_case("999999", "7", tmp_path)
    assert "330400 (Jiaxing)" in str(raised.value)


def test_a_seed_whose_city_never_holds_what_the_chapters_need(monkeypatch):
    monkeypatch.setattr("playbook.casemaking.city._grounds", lambda *_: [])
    with pytest.raises(PlaybookError, match="no draw holds what the chapters need") as raised:
        city_records("330400", "7", published(), False)
    assert "330400" in str(raised.value)
    assert "Use another seed." in str(raised.value)


@pytest.mark.parametrize(
    ("room", "tries", "draw", "sentence"),
    [
        (
            "month",
            "_MOST_BOARDS",
            lambda: _board(np.random.default_rng(1), 0.5, 0.6, "green"),
            "no board keeps the known mistakes away from chapter 10's answers",
        ),
        (
            "month",
            "_MOST_REPORTS",
            lambda: _reports(np.random.default_rng(1), ["Ma", "Li", "Xu"]),
            "no reports keep the known mistakes away from chapter 10's answers",
        ),
        (
            "staffing",
            "_MOST_CALLS",
            lambda: _calls(np.random.default_rng(1), 9, 9),
            "no plan of visits is clear",
        ),
        ("stops", "_MOST_LISTS", lambda: stops(_ground()), "no list of stops makes a day worth planning"),
    ],
)
def test_a_table_that_no_draw_makes_clear_is_named(room, tries, draw, sentence, monkeypatch):
    monkeypatch.setattr(sys.modules[f"playbook.casemaking.planning.{room}"], tries, 0)
    with pytest.raises(PlaybookError, match=sentence):
        draw()


def test_a_city_with_too_few_customers_of_a_grade_is_named(monkeypatch):
    monkeypatch.setattr(sys.modules["playbook.casemaking.planning.stops"], "_MIX", {"A": 10_000})
    with pytest.raises(PlaybookError, match="too few customers of grade A") as raised:
        stops(_ground())
    assert "330700" in str(raised.value)


def test_a_city_of_two_large_districts_is_drawn_again_instead_of_breaking_off():
    """Seen on an unseen draw: no district was left to be warm, and the search ended with an IndexError."""
    ground = _ground()
    firms = ground.accounts
    two = firms["district_adcode"].isin(sorted(firms["district_adcode"].unique())[:2])
    few = Ground("7", ground.adcode, True, ground.public, {**ground.tables, "accounts": firms[two]})
    with pytest.raises(PlaybookError, match="needs three districts with 20 firms in need") as raised:
        competitors(few)
    assert "330700" in str(raised.value)
