"""The judges of chapter 13: a plan by the gap that it closes, a signature by its form; junk and neighbours earn nothing."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.defence.judge import judge_plan, judge_signed
from playbook.chapters.defence.levers import NAMES
from playbook.chapters.defence.trial import HALF, WHOLE, ends_known, run_of, share_of, wind_tunnel
from playbook.simulator import by_the_book, f_company, naive, plan_from
from playbook.simulator.plan import LEVERS

pytestmark = pytest.mark.slow

SIGNED = {
    "promise": 1.5,
    "first_step": "sales",
    "leader": "P001",
    "attack": ["Yiwu"],
    "supervisors": 2,
    "reviews": ["week", "month"],
    "day_hours": 8,
    "first_gate": 12,
}


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def city(jinhua):
    return wind_tunnel(jinhua)[0]


@pytest.fixture(scope="module")
def book(city):
    return by_the_book(city).as_dict()


@pytest.fixture(scope="module")
def ends(jinhua, city):
    """Ends of the gap so that the plan by the book closes 80 % of it, whatever the simulator's numbers are."""
    low, high = (run_of(jinhua, one).value.mean() for one in (naive(city), by_the_book(city)))
    return {"runs": 40, "naive": low, "reference": low + (high - low) / 0.8}


def broken(judgement):
    return {one.label: one.message for one in judgement.constraints if not one.ok}


def test_the_plan_by_the_book_keeps_every_rule_and_earns_all(jinhua, book, ends):
    judgement = judge_plan(book, jinhua, ends)
    assert not broken(judgement)
    assert judgement.objective == judgement.optimum
    assert judgement.told == "Your plan closes 80% of the gap between the naive plan and the best one known."


@pytest.mark.parametrize(("closes", "earned"), [(WHOLE + 0.01, 1.0), (HALF + 0.01, 0.5), (HALF - 0.01, 0.0)])
def test_points_go_by_the_share_of_the_gap(jinhua, city, book, ends, closes, earned):
    low, high = (run_of(jinhua, one).value.mean() for one in (naive(city), by_the_book(city)))
    other = {**ends, "reference": low + (high - low) / closes}
    judgement = judge_plan(book, jinhua, other)
    assert judgement.objective == earned
    if earned < 1:
        assert "Half of the points need 30%, all of them 45%." in judgement.told


@pytest.mark.parametrize("make", [naive, f_company])
def test_a_bad_plan_is_told_in_a_managers_words(jinhua, city, ends, make):
    judgement = judge_plan(make(city).as_dict(), jinhua, ends)
    assert judgement.objective < 1
    said = " ".join([*broken(judgement).values(), judgement.told])
    assert "of the sellers leave within a year: look at veterans" in said


def test_a_neighbours_districts_are_refused_by_name(jinhua, book, ends):
    judgement = judge_plan({**book, "areas": ["Chancheng"]}, jinhua, ends)
    assert judgement.objective == 0
    assert broken(judgement)["districts"].startswith(
        "'Chancheng' is no district of Jinhua: this plan was written for another city. Yours has"
    )


def test_a_missing_lever_is_named_and_earns_nothing(jinhua, book, ends):
    judgement = judge_plan({name: one for name, one in book.items() if name != "heads"}, jinhua, ends)
    assert judgement.objective == 0
    assert "`heads` (sellers wanted, by quarter)" in broken(judgement)["whole"]


def test_cash_that_breaks_its_limit_is_said_with_the_remedy(jinhua, city, ends):
    message = broken(judge_plan(f_company(city).as_dict(), jinhua, ends))["cash"]
    assert "cash falls below minus CNY 6 million, and 10% are allowed: hire later, or fewer." in message


def test_without_ends_the_frozen_ones_serve(jinhua, city, book, monkeypatch):
    known = ends_known(jinhua)
    judgement = judge_plan(book, jinhua)
    if known is None:
        assert "No reference is known" in judgement.told
    else:
        gap = share_of(run_of(jinhua, by_the_book(city)).value.mean(), known)
        assert f"closes {gap:.0%} of the gap" in judgement.told


@pytest.mark.parametrize(
    "junk",
    [
        {},
        {"heads": "x"},
        {"heads": [1e300] * 8},
        {"gate": math.nan},
        {"gate": 10**400},
        {"teams": [[1]]},
        {"areas": [{"t": "nan"}]},
        {"nobody": 1},
        [1, 2],
        "a plan",
        None,
        7,
    ],
)
def test_junk_earns_nothing_and_stops_nothing(jinhua, ends, junk):
    judgement = judge_plan(junk, jinhua, ends)
    assert judgement.objective == 0
    assert broken(judgement)


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), _anything, max_size=4))
def test_no_partial_plan_of_anything_stops_the_judge_or_earns(plan):
    assert judge_plan(plan, load_case("jinhua"), {"runs": 40, "naive": 0, "reference": 1}).objective == 0


def test_a_good_signature_is_read(jinhua):
    assert judge_signed(SIGNED, jinhua).kept


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"promise": 1_500_000}, "`promise`: 1500000 is not between 0.01 and 1000."),
        (
            {"promise": "2 million"},
            "`promise`: '2 million' is no number: write it without quotes and without a unit.",
        ),
        ({"first_step": "people"}, "`first_step`: 'people' is none of management, sales, market."),
        ({"leader": "Zhao"}, "`leader`: 'Zhao' is none of P001 to"),
        ({"attack": ["Yiwu", "Chancheng"]}, "`attack`: 'Chancheng' is none of"),
        ({"attack": []}, "`attack`: it lists nothing: write texts in square brackets."),
        ({"supervisors": 1.5}, "`supervisors`: 1.5 is no whole number."),
        ({"reviews": 2}, "`reviews`: it lists nothing"),
        ({"day_hours": 30}, "`day_hours`: 30 is not between 4 and 16."),
        ({"first_gate": 36}, "`first_gate`: 36 is not between 1 and 24."),
        ({"extra": 1}, "'extra' is not asked for."),
    ],
)
def test_each_thing_that_cannot_be_read_is_named(jinhua, changed, says):
    said = " ".join(broken(judge_signed({**SIGNED, **changed}, jinhua)).values())
    assert says in said


@settings(max_examples=100, deadline=None)
@given(_anything)
def test_nothing_stops_the_judge_of_signatures(signed):
    judge_signed(signed, load_case("jinhua"))


def test_every_lever_of_the_simulator_can_be_set_in_a_plan():
    assert {name for fields in LEVERS.values() for name in fields} == set(NAMES)
    assert set(plan_from({}).as_dict()) == set(NAMES)
