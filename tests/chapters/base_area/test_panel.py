"""The panel of chapter 4: its model without a kernel, its view by moving the controls."""

import pytest

from playbook.cases import load_case
from playbook.chapters.base_area.panel import State, panel, view
from playbook.chapters.base_area.problem import area_of, assumptions_of
from playbook.market.bases import best_offices

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    case = load_case("jinhua")
    return area_of(case), assumptions_of(case)


@pytest.fixture(scope="module")
def shown():
    return panel(load_case("jinhua"))


def seen(jinhua, chosen, **changed):
    area, usual = jinhua
    setting = {name: usual[name] for name in ("rent_cny", "speed_kmh", "service_min")} | changed
    return view(area, usual, State(tuple(chosen), **setting))


def test_the_words_add_rent_and_driving_and_say_how_far_the_cheapest_is(jinhua):
    words = seen(jinhua, ["Jindong", "Yiwu"]).words
    assert words[0] == (
        "2 offices: CNY 8,000 of rent and CNY 33,168 of driving (390 hours) a month, CNY 41,168 in all."
    )
    assert words[1] == "The cheapest choice costs CNY 27,312: yours is 50.7% dearer."


def test_the_cheapest_choice_is_known_as_such(jinhua):
    area, _usual = jinhua
    best = best_offices(area.need, area.km, area.costs).chosen
    assert seen(jinhua, best).words[1] == "No other choice costs less at these figures."


def test_a_higher_rent_makes_another_choice_the_cheapest(jinhua):
    area, _usual = jinhua
    best = best_offices(area.need, area.km, area.costs).chosen
    assert "dearer" in seen(jinhua, best, rent_cny=12_000.0).words[1]


def test_every_district_is_served_by_one_office(jinhua):
    area, _usual = jinhua
    table = seen(jinhua, ["Yiwu", "Wucheng"]).offices
    assert sorted(", ".join(table["serves"]).split(", ")) == sorted(area.km.columns)
    assert table["need"].sum() == area.need.sum()


def test_longer_visits_leave_fewer_of_them(jinhua):
    short, long = (seen(jinhua, ["Yiwu"], service_min=minutes).offices["visits"][0] for minutes in (30, 90))
    assert long < short


def test_without_an_office_the_panel_asks_for_one(jinhua):
    nothing = seen(jinhua, [])
    assert nothing.words == ("Tick a district to rent an office there.",)
    assert nothing.offices.empty


def test_it_opens_with_one_office_near_city_hall(shown):
    assert [name for name, tick in shown.ticks.items() if tick.value] == ["Jindong"]


@pytest.mark.parametrize(("control", "value"), [("rent_cny", 8000), ("speed_kmh", 60), ("service_min", 90)])
def test_moving_a_slider_changes_words_or_table(shown, control, value):
    before, start = shown.words.value + shown.table.value, shown.controls[control].value
    shown.controls[control].value = value
    after = shown.words.value + shown.table.value
    shown.controls[control].value = start
    assert after != before
    assert shown.words.value + shown.table.value == before


def test_a_tick_changes_the_map(shown):
    before = shown.picture.value
    shown.ticks["Yiwu"].value = True
    after = shown.picture.value
    shown.ticks["Yiwu"].value = False
    assert after != before
    assert shown.picture.value == before


def test_every_control_has_a_label_and_words_are_announced(shown):
    assert all(control.description for control in (*shown.controls.values(), *shown.ticks.values()))
    assert 'aria-live="polite"' in shown.words.value
    assert 'alt="A map of Jinhua.' in shown.picture.value
