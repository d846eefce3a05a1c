"""The figures of chapter 4 say what the numbers say, and no name on a map covers another."""

import itertools

import pandas as pd
import pytest

from playbook.cases import list_cases, load_case
from playbook.chapters.base_area import figures
from playbook.chapters.base_area.problem import area_of, hall_district
from playbook.figures.style import to_png
from playbook.market.bases import best_offices, office_choices
from tests.shared.pictures import cut_off, smallest_letters

pytestmark = pytest.mark.slow

PLACES = pd.DataFrame(
    {"district": ["North", "East", "West"], "lat": [29.4, 29.0, 29.0], "lon": [120.0, 120.4, 119.6]}
)
NEED = pd.Series({"North": 60, "East": 30, "West": 10})
HALL = (29.01, 119.65)


@pytest.fixture(scope="module")
def area():
    return area_of(load_case("jinhua"))


def title(fig) -> str:
    [place] = [one for one in ("left", "center", "right") if fig.axes[0].get_title(loc=one)]
    return " ".join(fig.axes[0].get_title(loc=place).split())


def test_the_maps_title_says_how_much_of_the_need_has_an_office_at_its_door():
    assert title(figures.office_map(PLACES, NEED, ["North"], HALL, "Jinhua")) == (
        "One office in Jinhua, where 60% of the need is"
    )
    assert title(figures.office_map(PLACES, NEED, ["East", "North"], HALL, "Jinhua")) == (
        "2 offices in Jinhua, where 90% of the need is"
    )


def test_the_map_tells_who_serves_whom_to_those_who_do_not_see_it():
    fig = figures.office_map(PLACES, NEED, ["North", "East"], HALL, "Jinhua")
    assert "North 60 (from North), East 30 (from East), West 10 (from North)" in fig.alt


def test_a_city_without_an_office_is_drawn_and_says_so():
    fig = figures.office_map(PLACES, NEED, [], HALL, "Jinhua")
    assert title(fig) == "Jinhua without an office"
    assert to_png(fig, 50).startswith(b"\x89PNG")


@pytest.mark.slow
@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_no_name_on_a_citys_map_covers_another_and_nothing_is_cut(case):
    there = area_of(case)
    fig = figures.map_of(case, best_offices(there.need, there.km, there.costs).chosen)
    to_png(fig, 72)
    boxes = [name.get_window_extent() for name in fig.axes[0].texts]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    assert cut_off(fig) == []
    assert smallest_letters(fig) > 8


@pytest.mark.parametrize("dpi", [72, 150])
def test_the_names_stay_at_their_places_at_any_resolution(dpi):
    fig = figures.office_map(PLACES, NEED, ["North"], HALL, "Jinhua")
    before = fig.axes[0].texts[-1].get_position()
    to_png(fig, dpi)
    assert fig.axes[0].texts[-1].get_position() == before
    assert all(0 < part < 1 for part in before)


def test_the_bars_by_number_of_offices_have_their_bottom_in_the_title(area):
    choices = office_choices(area.need, area.km, area.costs)
    fig = figures.best_by_count(choices, "Jinhua")
    best = best_offices(area.need, area.km, area.costs)
    assert title(fig) == f"In Jinhua {len(best.chosen)} offices cost least: one more saves less than its rent"
    assert f"{len(best.chosen)}: {best.cost_cny / 1000:.1f}" in fig.alt
    assert cut_off(fig) == []


def test_the_cost_bars_say_how_much_dearer_the_dearest_way_is(area):
    case = load_case("jinhua")
    ways = figures.compared(area, ["Yiwu"], hall_district(case))
    assert list(ways) == ["Your choice", "City hall only", "Every district", "The best"]
    fig = figures.cost_bars(ways, "Jinhua")
    times = sum(ways["City hall only"]) / sum(ways["The best"])
    assert title(fig) == f"In Jinhua the dearest way, city hall only, costs {times:.1f} times the cheapest"
    assert cut_off(fig) == []


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ({"offices": ("Yiwu", "wuyi")}, "2 offices in Jinhua"),
        ({"offices": ...}, "Jinhua without an office"),
        ({"offices": 7}, "Jinhua without an office"),
        ({}, "Jinhua without an office"),
    ],
)
def test_the_documents_figure_is_drawn_whatever_has_been_answered(answers, named):
    fig = figures.document_figure(load_case("jinhua"), answers)
    assert to_png(fig, 50).startswith(b"\x89PNG")
    assert title(fig).startswith(named)
