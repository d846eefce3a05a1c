"""Gower's distance, medoids and silhouettes."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market import (
    cluster_profiles,
    describe_groups,
    gower_distance,
    k_medoids,
    silhouette,
    silhouette_by_k,
)

COUNTRIES = ["BEL", "BRA", "CHI", "CUB", "EGY", "FRA", "IND", "ISR", "USA", "USS", "YUG", "ZAI"]
LOWER = """
5.58
7.00 6.50
7.08 7.00 3.83
4.83 5.08 8.17 5.83
2.17 5.75 6.67 6.92 4.92
6.42 5.00 5.58 6.00 4.67 6.42
3.42 5.50 6.42 6.42 5.00 3.92 6.17
2.50 4.92 6.25 7.33 4.50 2.25 6.33 2.75
6.08 6.67 4.25 2.67 6.00 6.17 6.17 6.92 6.17
5.25 6.83 4.50 3.75 5.75 5.42 6.08 5.83 6.67 3.67
4.75 3.00 6.08 6.67 5.00 5.58 4.83 6.17 5.67 6.50 6.92
"""


@pytest.fixture
def countries():
    """Dissimilarities of twelve countries, the worked example of Kaufman and Rousseeuw (1990)."""
    matrix = np.zeros((12, 12))
    for row, line in enumerate(LOWER.strip().splitlines(), start=1):
        matrix[row, :row] = [float(number) for number in line.split()]
    return pd.DataFrame(matrix + matrix.T, index=COUNTRIES, columns=COUNTRIES)


@pytest.fixture
def three():
    """Worked by hand below: employees spread over 80, maturity over 4."""
    return pd.DataFrame(
        {
            "employees": pd.array([10, 50, 90], dtype="Int64"),
            "it_maturity": [1, 4, 5],
            "export": [True, True, False],
            "owner": ["private", "foreign", None],
        },
        index=["a", "b", "c"],
    )


def test_gower_on_three_accounts_agrees_with_the_hand_calculation(three):
    distance = gower_distance(three)
    assert distance.loc["a", "b"] == pytest.approx((40 / 80 + 3 / 4 + 0 + 1) / 4)
    assert distance.loc["a", "c"] == pytest.approx((80 / 80 + 4 / 4 + 1) / 3)
    assert distance.loc["b", "c"] == pytest.approx((40 / 80 + 1 / 4 + 1) / 3)


def test_a_missing_number_drops_out_of_the_average(three):
    three.loc["b", "employees"] = pd.NA
    assert gower_distance(three).loc["a", "b"] == pytest.approx((3 / 4 + 0 + 1) / 3)


def test_a_given_range_replaces_the_rows_own(three):
    wide = gower_distance(three[["employees"]], ranges={"employees": 160})
    assert wide.loc["a", "c"] == pytest.approx(0.5)


def test_weights_change_the_average(three):
    distance = gower_distance(three, weights={"export": 3, "owner": 0})
    assert distance.loc["a", "c"] == pytest.approx((1 + 1 + 3) / 5)


def test_two_noes_say_nothing_in_an_asymmetric_column():
    frame = pd.DataFrame({"fair": [False, False, True], "size": [0.0, 1.0, 1.0]})
    assert gower_distance(frame).loc[0, 1] == pytest.approx(0.5)
    assert gower_distance(frame, asymmetric=["fair"]).loc[0, 1] == pytest.approx(1.0)
    assert gower_distance(frame, asymmetric=["fair"]).loc[1, 2] == pytest.approx(0.5)


def test_accounts_without_a_known_column_in_common_have_no_distance():
    frame = pd.DataFrame({"x": [1.0, None], "y": [None, "b"]})
    assert np.isnan(gower_distance(frame).loc[0, 1])
    with pytest.raises(PlaybookError, match="in common"):
        k_medoids(gower_distance(frame), 2)


def test_a_column_without_spread_adds_nothing():
    frame = pd.DataFrame({"x": [3.0, 3.0], "y": ["a", "b"]})
    assert gower_distance(frame).loc[0, 1] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"ranges": {"x": 1}}, "spread"), ({"weights": {"x": -1}}, "weight")],
)
def test_impossible_settings_are_refused(settings, message):
    with pytest.raises(PlaybookError, match=message):
        gower_distance(pd.DataFrame({"x": [1.0, 5.0]}), **settings)


def test_no_columns_are_refused():
    with pytest.raises(PlaybookError, match="no columns"):
        gower_distance(pd.DataFrame(index=[0, 1]))


rows = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 500)),
        st.one_of(st.none(), st.sampled_from(["web", "fair", "registry"])),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def mixed(values):
    frame = pd.DataFrame(values, columns=["size", "source", "export"])
    return frame.astype({"size": "Float64", "export": bool})


@given(rows)
def test_gower_is_symmetric_with_a_zero_diagonal_and_stays_between_0_and_1(values):
    distance = gower_distance(mixed(values)).to_numpy()
    assert np.allclose(distance, distance.T, equal_nan=True)
    assert (np.diag(distance) == 0).all()
    known = distance[~np.isnan(distance)]
    assert ((known >= 0) & (known <= 1)).all()


@given(rows, st.sampled_from([0.001, 12.0, 10_000.0]), st.sampled_from([-5.0, 0.0, 40.0]))
def test_gower_does_not_depend_on_the_unit_of_a_column(values, factor, shift):
    frame = mixed(values)
    other = frame.assign(size=frame["size"] * factor + shift)
    assert np.allclose(gower_distance(frame), gower_distance(other), atol=1e-9, equal_nan=True)


@given(rows, st.randoms(use_true_random=False))
def test_gower_does_not_depend_on_the_order_of_the_rows(values, random):
    frame = mixed(values)
    order = list(frame.index)
    random.shuffle(order)
    shuffled = gower_distance(frame.loc[order])
    assert np.allclose(shuffled.loc[frame.index, frame.index], gower_distance(frame), equal_nan=True)


@pytest.mark.parametrize(("k", "width"), [(2, 0.28), (3, 0.33)])
def test_silhouettes_of_the_twelve_countries_are_the_published_ones(countries, k, width):
    labels, _ = k_medoids(countries, k)
    assert silhouette(countries, labels) == pytest.approx(width, abs=0.005)


def test_the_medoids_of_the_twelve_countries_are_the_published_ones(countries):
    _, medoids = k_medoids(countries, 3)
    assert {COUNTRIES[position] for position in medoids} == {"USA", "CUB", "ZAI"}


@pytest.mark.slow
def test_silhouette_agrees_with_scikit_learn():
    from sklearn.metrics import silhouette_score

    rng = np.random.default_rng(7)
    points = rng.normal(size=(40, 3))
    distance = np.sqrt(((points[:, None] - points[None, :]) ** 2).sum(axis=2))
    labels = np.arange(40) % 4
    labels[0] = 9  # alone in its group
    assert silhouette(distance, labels) == pytest.approx(
        silhouette_score(distance, labels, metric="precomputed")
    )


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_no_single_swap_improves_the_groups(seed, k):
    points = np.random.default_rng(seed).uniform(size=9)
    distance = np.abs(points[:, None] - points[None, :])
    _, medoids = k_medoids(distance, k)
    cost = distance[:, medoids].min(axis=1).sum()
    for place in range(k):
        for candidate in range(9):
            trial = [*medoids[:place], candidate, *medoids[place + 1 :]]
            assert distance[:, trial].min(axis=1).sum() >= cost - 1e-9


def test_clear_groups_are_found_exactly():
    points = np.array([0, 1, 2, 50, 51, 52, 53, 99.0, 100])
    distance = np.abs(points[:, None] - points[None, :])
    labels, medoids = k_medoids(distance, 3)
    assert labels.tolist() == [1, 1, 1, 0, 0, 0, 0, 2, 2]
    best = min(combinations(range(9), 3), key=lambda trio: distance[:, trio].min(axis=1).sum())
    assert distance[:, medoids].min(axis=1).sum() == distance[:, best].min(axis=1).sum()


def test_the_silhouette_chooses_the_number_of_groups_that_are_there():
    points = pd.Series([0, 1, 2, 50, 51, 52, 53, 99.0, 100], index=list("abcdefghi"))
    distance = gower_distance(points.to_frame("x"))
    found = cluster_profiles(distance, range(2, 6))
    assert found.k == 3
    assert found.silhouette == found.silhouettes.max() == silhouette_by_k(distance, [3]).loc[3]
    assert found.labels.to_dict() == dict(zip("abcdefghi", [2, 2, 2, 1, 1, 1, 1, 3, 3], strict=True))
    assert found.medoids[1] == "b"


def test_the_same_distances_give_the_same_groups(countries):
    first, second = cluster_profiles(countries), cluster_profiles(countries.copy())
    assert first.labels.equals(second.labels)
    assert first.medoids == second.medoids


@pytest.mark.parametrize("k", [0, 13])
def test_an_impossible_number_of_groups_is_refused(countries, k):
    with pytest.raises(PlaybookError, match="groups"):
        k_medoids(countries, k)


def test_a_table_that_is_not_square_is_refused():
    with pytest.raises(PlaybookError, match="square"):
        k_medoids(np.zeros((2, 3)), 1)


@pytest.mark.parametrize("labels", [[1] * 12, [1, 2]])
def test_a_silhouette_needs_two_groups_and_a_label_per_row(countries, labels):
    with pytest.raises(PlaybookError):
        silhouette(countries, labels)


def test_a_group_is_described_by_median_share_and_commonest_value():
    frame = pd.DataFrame(
        {
            "employees": pd.array([10, 20, 90, None], dtype="Int64"),
            "export": [True, True, False, True],
            "source": ["web", "web", "fair", None],
        }
    )
    table = describe_groups(frame, pd.Series([1, 1, 1, 2]))
    assert table.loc[1].to_dict() == {
        "accounts": 3,
        "share": 0.75,
        "employees": 20.0,
        "export": pytest.approx(2 / 3),
        "source": "web",
    }
    assert np.isnan(table.loc[2, "employees"])
    assert pd.isna(table.loc[2, "source"])


def test_groups_of_other_rows_are_refused():
    with pytest.raises(PlaybookError, match="same rows"):
        describe_groups(pd.DataFrame({"x": [1]}), pd.Series([1, 2]))
