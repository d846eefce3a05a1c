"""Base areas: published distances and medians, brute force, and what must always hold."""

import sys
from itertools import combinations, pairwise, product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.errors import PlaybookError
from playbook.market.bases import (
    OfficeCosts,
    best_bases,
    best_offices,
    catchments,
    fewest_for,
    km_to_offices,
    office_choices,
    offices_cost,
    visits_a_day,
)
from playbook.market.distances import (
    distance_table,
    haversine_km,
    swapped_points,
    with_points_repaired,
)
from playbook.market.territories import best_territories, territories_of, territory_choices

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def jinhua():
    """Jinhua's districts: distances between them, and their workers in manufacturing (thousand)."""
    districts = load_case("jinhua").city_districts
    workers = districts.set_index("district")["workers_manufacturing_thousand"]
    return workers, distance_table(districts, districts)


@st.composite
def cities(draw, most=7):
    size = draw(st.integers(2, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    names = [f"D{one}" for one in range(size)]
    places = pd.DataFrame({"district": names, "lat": 29 + rng.random(size), "lon": 120 + rng.random(size)})
    return pd.Series(rng.integers(1, 500, size), index=names), distance_table(places, places)


def test_distances_are_those_of_the_published_examples():
    far = haversine_km(-34.83333, -58.5166646, 49.0083899664, 2.53844117956)
    assert far == pytest.approx(11_099.54035582, abs=1e-6)
    assert haversine_km(36.12, -86.67, 33.94, -118.40, radius_km=6372.8) == pytest.approx(2887.2599, abs=1e-3)


def test_the_five_medians_of_the_library_instance_are_found():
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import shortest_path

    edges = pd.read_csv(GOLDEN / "pmed1.csv").drop_duplicates(["one", "other"], keep="last")
    lengths = np.full((100, 100), np.inf)
    for one, other, length in edges.itertuples(index=False):
        lengths[one - 1, other - 1] = lengths[other - 1, one - 1] = length
    rows, columns = np.nonzero(np.isfinite(lengths))
    graph = coo_array((lengths[rows, columns], (rows, columns)), shape=(100, 100)).tocsr()
    km = pd.DataFrame(shortest_path(graph, directed=False))
    found = best_bases(pd.Series(1.0, index=km.index), km, 5)
    assert found.mean_km * 100 == pytest.approx(5819)


@pytest.mark.parametrize(
    ("p", "sites", "km"),
    [(1, {"Yiwu"}, 29.96), (2, {"Wuyi", "Yiwu"}, 16.72), (3, {"Wucheng", "Yiwu", "Yongkang"}, 9.2486)],
)
def test_the_bases_of_jinhua_s_manufacturing_are_known(jinhua, p, sites, km):
    workers, distances = jinhua
    found = best_bases(workers, distances, p)
    assert set(found.chosen) == sites
    assert found.mean_km == pytest.approx(km, abs=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("p", [1, 2, 4])
def test_bases_are_as_near_as_those_of_a_library_made_for_them(jinhua, p):
    import pulp
    from spopt.locate import PMedian

    workers, distances = jinhua
    theirs = PMedian.from_cost_matrix(distances.to_numpy(), workers.to_numpy(), p_facilities=p)
    theirs.solve(pulp.PULP_CBC_CMD(msg=False))
    assert best_bases(workers, distances, p).mean_km == pytest.approx(theirs.mean_dist, abs=1e-6)


@pytest.mark.slow
@given(cities(), st.floats(0, 9000), st.floats(5, 80))
@settings(max_examples=40, deadline=None)
def test_no_set_of_offices_is_cheaper_than_the_best(city, rent, speed):
    demand, km = city
    costs = OfficeCosts(rent_cny=rent, speed_kmh=speed)
    best = best_offices(demand, km, costs).cost_cny
    for count in range(1, len(km) + 1):
        for chosen in combinations(km.columns, count):
            assert offices_cost(demand, km, chosen, costs).cost_cny >= best - 1e-6


@given(cities(), st.integers(1, 7))
@settings(max_examples=30, deadline=None)
def test_an_office_more_never_lengthens_the_way(city, p):
    demand, km = city
    ways = [best_bases(demand, km, one).mean_km for one in range(1, min(p, len(km)) + 1)]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(ways))
    assert best_bases(demand, km, len(km)).mean_km == pytest.approx(0)


def test_a_month_of_one_office_costs_its_rent_and_the_way(jinhua):
    workers, distances = jinhua
    one = offices_cost(workers, distances, ["Yiwu"])
    assert one.rent_cny == 4000
    assert one.driving_cny == pytest.approx(20 * 20 * 2 * one.mean_km * 1.3 / 45 * 75)


def test_the_solver_and_the_trying_of_all_agree(jinhua, monkeypatch):
    workers, distances = jinhua
    tried = [best_bases(workers, distances, p).chosen for p in (2, 3, 4)]
    monkeypatch.setattr("playbook.market.bases._MOST_TRIED", 0)
    assert [best_bases(workers, distances, p).chosen for p in (2, 3, 4)] == tried


def test_every_place_goes_to_its_nearest_office_and_the_first_of_equals_wins():
    km = pd.DataFrame([[0.0, 5.0, 5.0], [5.0, 5.0, 0.0]], index=["x", "y"], columns=["a", "b", "c"])
    assert catchments(km, ["b", "c"]).to_dict() == {"x": "b", "y": "c"}


def test_offices_that_do_not_exist_are_refused(jinhua):
    workers, distances = jinhua
    with pytest.raises(PlaybookError, match="no such site: Atlantis"):
        offices_cost(workers, distances, ["Atlantis"])
    with pytest.raises(PlaybookError, match="there is no office"):
        offices_cost(workers, distances, [])
    with pytest.raises(PlaybookError, match="10 bases on 9 sites"):
        best_bases(workers, distances, 10)
    with pytest.raises(PlaybookError, match="no demand is given for Wucheng"):
        best_bases(workers.drop("Wucheng"), distances, 1)
    with pytest.raises(PlaybookError, match="cannot be negative"):
        best_bases(workers * 0, distances, 1)


def test_swapped_addresses_are_told_from_far_ones():
    places = pd.DataFrame({"lat": [29.1, 119.6, 45.0, 0.0], "lon": [119.6, 29.1, 9.0, 0.0]})
    assert swapped_points(places).tolist() == [False, True, False, False]
    assert with_points_repaired(places).loc[1].tolist() == [29.1, 119.6]


def test_the_fewest_districts_reach_the_share_and_one_less_does_not():
    counts = pd.Series({"a": 10, "b": 40, "c": 20, "d": 30})
    assert fewest_for(counts, 0.6) == ["b", "d"]
    assert fewest_for(counts, 0.7) == ["b", "d"]
    assert fewest_for(counts, 0.71) == ["b", "d", "c"]
    assert fewest_for(counts, 1) == ["b", "d", "c", "a"]
    for share in (0, 60):
        with pytest.raises(PlaybookError, match="cannot be"):
            fewest_for(counts, share)
    with pytest.raises(PlaybookError, match="nothing to share"):
        fewest_for(counts * 0, 0.5)


def test_the_nearest_office_counts_and_there_must_be_one(jinhua):
    _workers, distances = jinhua
    places = load_case("jinhua").city_districts
    sites = places[places["district"].isin(["Yiwu", "Wucheng"])]
    nearest = distances[["Wucheng", "Yiwu"]].min(axis=1)
    assert km_to_offices(places, sites).tolist() == pytest.approx(nearest.tolist())
    with pytest.raises(PlaybookError, match="there is no office"):
        km_to_offices(places, sites.head(0))


def test_the_way_out_and_back_comes_off_the_day():
    assert visits_a_day(30, service_min=45, leg_min=15) == 7
    assert visits_a_day(pd.Series({"near": 0, "far": 100, "away": 300})).to_dict() == {
        "near": 8,
        "far": 4,
        "away": 0,
    }
    with pytest.raises(PlaybookError, match="minutes cannot be below 0"):
        visits_a_day(-5)


@pytest.mark.slow
@given(cities())
@settings(max_examples=40, deadline=None)
def test_no_balanced_split_drives_less_than_the_best(city):
    demand, km = city
    splits = [
        territories_of(demand, km, dict(zip(km.index, (1, *rest), strict=True)))
        for rest in product((1, 2), repeat=len(km) - 1)
        if 2 in rest
    ]
    balanced = [one for one in splits if one.imbalance <= 0.15]
    if not balanced:
        with pytest.raises(PlaybookError, match="no split in two"):
            best_territories(demand, km)
        return
    best = best_territories(demand, km)
    assert best.imbalance <= 0.15 + 1e-9
    assert best.driving == pytest.approx(min(one.driving for one in balanced))


def test_a_split_names_the_district_it_forgot_and_the_one_that_is_not_there(jinhua):
    workers, distances = jinhua
    split = dict.fromkeys(distances.index, 1)
    with pytest.raises(PlaybookError, match="without a group: Yiwu"):
        territories_of(workers, distances, {name: 1 for name in split if name != "Yiwu"})
    with pytest.raises(PlaybookError, match="not in the city: Hangzhou"):
        territories_of(workers, distances, {**split, "Hangzhou": 2})


def test_the_groups_work_from_the_best_district_inside_them(jinhua):
    workers, distances = jinhua
    whole = territories_of(workers, distances, dict.fromkeys(distances.index, "all"))
    assert whole.bases == ("Yiwu",)
    assert whole.driving == pytest.approx(29.96, abs=0.005)


def test_a_place_that_stands_twice_and_one_without_a_place_are_named():
    places = pd.DataFrame({"district": ["a", "a"], "lat": [1.0, 2.0], "lon": [1.0, 2.0]})
    with pytest.raises(PlaybookError, match="a stands twice"):
        distance_table(places, places)
    with pytest.raises(PlaybookError, match="lack the columns lon"):
        distance_table(places.drop(columns="lon"), places)


@given(cities(), st.floats(0, 10_000), st.floats(20, 80))
@settings(max_examples=30, deadline=None)
def test_every_way_to_place_offices_stands_in_the_list_with_its_cost(city, rent, speed):
    demand, km = city
    costs = OfficeCosts(rent_cny=rent, speed_kmh=speed)
    listed = office_choices(demand, km, costs)
    assert len(listed) == 2 ** len(demand) - 1
    assert listed["offices"].is_unique
    assert listed["count"].is_monotonic_increasing
    row = listed.iloc[len(listed) // 2]
    alone = offices_cost(demand, km, row["offices"], costs)
    assert (row["rent_cny"], row["driving_cny"]) == pytest.approx((alone.rent_cny, alone.driving_cny))
    least = (listed["rent_cny"] + listed["driving_cny"]).min()
    assert least == pytest.approx(best_offices(demand, km, costs).cost_cny)


@given(cities())
@settings(max_examples=30, deadline=None)
def test_every_way_to_share_the_districts_stands_in_the_list_with_its_work_and_ways(city):
    workload, km = city
    listed = territory_choices(workload, km)
    assert len(listed) == 2 ** (len(workload) - 1) - 1
    row = listed.iloc[-1]
    assert sorted((*row["group_1"], *row["group_2"])) == sorted(workload.index)
    split = territories_of(workload, km, {name: name in row["group_2"] for name in workload.index})
    assert row["mean_km"] == pytest.approx(split.driving)
    assert row["share_1"] == pytest.approx(split.workload[0])


def test_more_districts_than_can_be_tried_in_every_way_are_refused():
    names = [f"D{one}" for one in range(17)]
    demand, km = pd.Series(1.0, index=names), pd.DataFrame(1.0, index=names, columns=names)
    for every_way in (office_choices, best_offices):
        with pytest.raises(PlaybookError, match="17 sites are too many to try every set"):
            every_way(demand, km)
    for every_split in (territory_choices, best_territories):
        with pytest.raises(PlaybookError, match="17 districts cannot be split by trying every way"):
            every_split(demand, km)
        with pytest.raises(PlaybookError, match="1 districts cannot be split"):
            every_split(demand[:1], km.iloc[:1, :1])


@pytest.mark.parametrize("counts", [[0, 0], [3, -1]])
def test_nothing_is_not_shared_among_districts(counts):
    with pytest.raises(PlaybookError, match="there is nothing to share among the districts"):
        fewest_for(pd.Series(counts, index=["east", "west"]), 0.6)


def test_a_place_that_stands_twice_is_named():
    places = pd.DataFrame({"district": ["east", "east"], "lat": [30.0, 30.1], "lon": [120.0, 120.1]})
    with pytest.raises(PlaybookError, match="east stands twice among the places"):
        distance_table(places, places, name="district")


@pytest.mark.parametrize("demand", [[-1.0, 2.0], [0.0, 0.0], [np.nan, 1.0]])
def test_a_demand_that_cannot_be_is_refused(demand):
    km = pd.DataFrame([[0.0, 9.0], [9.0, 0.0]], index=["east", "west"], columns=["east", "west"])
    with pytest.raises(PlaybookError, match="the demand cannot be negative, missing, or nothing at all"):
        office_choices(pd.Series(demand, index=km.index), km)


def test_distances_out_of_proportion_leave_no_best_choice(monkeypatch):
    import scipy.optimize

    km = pd.DataFrame([[0.0, 9.0], [9.0, 0.0]], index=["east", "west"], columns=["east", "west"])
    monkeypatch.setattr(
        scipy.optimize, "milp", lambda *_args, **_options: SimpleNamespace(x=None, message="out of numbers")
    )
    monkeypatch.setattr(sys.modules[best_bases.__module__], "_MOST_TRIED", 0)
    with pytest.raises(PlaybookError, match="no best choice was found: out of numbers"):
        best_bases(pd.Series(1.0, index=km.index), km, 1)
