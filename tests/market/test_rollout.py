"""The bench and the roll-out: the source's arithmetic, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.rollout import bench_pool, regions_supported, rollout_need

counts = st.integers(0, 200)


@pytest.mark.parametrize(
    ("regions", "managers", "supervisors", "salespeople"),
    [(10, 7, (14, 21), (140, 210)), (15, 12, (24, 36), (240, 360)), (20, 17, (34, 51), (340, 510))],
)
def test_the_roll_out_from_three_regions_asks_for_the_people_of_the_source(
    regions, managers, supervisors, salespeople
):
    need = rollout_need(regions)
    assert need.managers == managers
    assert need.supervisors == supervisors
    assert need.salespeople == salespeople
    assert need.veterans == supervisors


def test_three_regions_put_twelve_to_twenty_seven_on_the_bench():
    assert bench_pool(3) == (12, 27)


def test_the_bench_supports_what_its_scarcest_rung_supports():
    assert regions_supported(m1=7, m15=5) == 3
    assert regions_supported(m1=7, m15=5, m0_ready=4) == 5
    assert regions_supported(m1=7, m15=5, supervisors_per_region=3, m0_ready=4) == 3
    assert regions_supported(m1=40, m15=0, m0_ready=40) == 0


@given(counts, counts, counts, st.sampled_from([2, 3]))
def test_a_supported_roll_out_can_be_staffed_and_one_more_region_cannot(m0, m1, m15, per_region):
    regions = regions_supported(m1, m15, per_region, m0)
    assert regions <= m15
    assert regions * per_region <= m0 + m1
    assert regions + 1 > m15 or (regions + 1) * per_region > m0 + m1


@pytest.mark.parametrize(
    "call",
    [
        lambda: regions_supported(-1, 2),
        lambda: regions_supported(1, 2.5),
        lambda: regions_supported(1, 2, 0),
        lambda: rollout_need(2),
        lambda: bench_pool(-3),
    ],
)
def test_people_are_counted_in_whole_numbers(call):
    with pytest.raises(PlaybookError):
        call()


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=6))
def test_one_common_bench_never_supports_fewer_regions_than_the_cities_apart(benches):
    apart = sum(regions_supported(m1, m15) for m1, m15 in benches)
    together = regions_supported(sum(m1 for m1, _ in benches), sum(m15 for _, m15 in benches))
    assert together >= apart


@pytest.mark.parametrize("count", [float("nan"), float("inf"), 1.5, -1, "3", None])
def test_what_is_no_whole_number_of_people_is_refused(count):
    for call in (
        lambda: regions_supported(count, 1),
        lambda: bench_pool(count),
        lambda: rollout_need(5, count),
    ):
        with pytest.raises(PlaybookError, match="whole numbers"):
            call()
