"""The effect of a launch: a published table, a peer, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market.effect import did, event_study, launch_ratios, rise_before


def panel(rng, pilots=4, others=5, months=24, effect=0.2) -> pd.DataFrame:
    """Cities that differ in level, share a season, and gain by the effect from their launch on."""
    rows = []
    season = rng.normal(0, 0.1, months)
    for place in range(pilots + others):
        treated = place < pilots
        launch = int(rng.integers(8, 17)) if treated else pd.NA
        level = 1 + rng.normal(0, 0.2)
        for month in range(1, months + 1):
            after = treated and month >= launch
            value = level + season[month - 1] + effect * after
            rows.append((f"L{place:02d}", month, treated, launch, value))
    table = pd.DataFrame(rows, columns=["city_id", "month", "treated", "launch_month", "ratio"])
    return table.astype({"launch_month": "Int64"})


def test_the_restaurants_of_new_jersey_and_pennsylvania():
    # Card and Krueger (1994), table 3: workers in full time, before and after the least wage rose in New Jersey.
    table = pd.DataFrame(
        {
            "city_id": ["NJ", "NJ", "PA", "PA"],
            "month": [1, 2, 1, 2],
            "treated": [True, True, False, False],
            "workers": [20.44, 21.03, 23.33, 21.17],
        }
    )
    change = did(table, value="workers", before=[1], after=[2])
    assert change.pilots == pytest.approx(0.59)
    assert change.others == pytest.approx(-2.16)
    assert change.effect == pytest.approx(2.75)


@pytest.mark.slow
def test_the_effect_is_the_interaction_of_a_regression():
    import statsmodels.formula.api as smf

    table = panel(np.random.default_rng(3)).assign(noise=np.random.default_rng(4).normal(0, 0.3, 216))
    table["y"] = table["ratio"] + table["noise"]
    two = table[table["month"].isin([*range(1, 8), *range(17, 25)])]
    two = two.assign(pilot=two["treated"].astype(int), after=(two["month"] >= 17).astype(int))
    peer = smf.ols("y ~ pilot * after", two).fit()
    assert did(table, value="y").effect == pytest.approx(peer.params["pilot:after"])


@pytest.mark.slow
@given(st.integers(0, 10_000), st.floats(-1, 1))
@settings(max_examples=30, deadline=None)
def test_levels_and_seasons_cancel_out(seed, effect):
    table = panel(np.random.default_rng(seed), effect=effect)
    assert did(table).effect == pytest.approx(effect)
    study = event_study(table).set_index("since")["gap"]
    np.testing.assert_allclose(study[study.index < 0], 0, atol=1e-9)
    np.testing.assert_allclose(study[study.index >= 0], effect, atol=1e-9)
    pilots = rise_before(table)
    rise = (pilots["last"] - pilots["first"]) - (pilots["others_last"] - pilots["others_first"])
    np.testing.assert_allclose(rise, 0, atol=1e-9)


def test_a_pilot_that_was_rising_flatters_the_effect_until_it_is_left_out():
    table = panel(np.random.default_rng(8))
    rising = table["city_id"] == "L02"
    table.loc[rising, "ratio"] += 0.05 * table.loc[rising, "month"].clip(upper=12)
    pilots = rise_before(table)
    rise = (pilots["last"] - pilots["first"]) - (pilots["others_last"] - pilots["others_first"])
    assert rise.idxmax() == "L02"
    assert did(table).effect > 0.25
    assert did(table, leave_out=["L02"]).effect == pytest.approx(0.2)


def test_means_of_a_pilot_are_those_of_its_first_and_last_months():
    table = panel(np.random.default_rng(5))
    one = table[table["city_id"] == "L01"].set_index("month")
    launch = int(one["launch_month"].iloc[0])
    row = rise_before(table, months=2).loc["L01"]
    assert row["first"] == pytest.approx(one["ratio"].loc[[1, 2]].mean())
    assert row["last"] == pytest.approx(one["ratio"].loc[[launch - 2, launch - 1]].mean())
    others = table[~table["treated"]]
    assert row["others_last"] == pytest.approx(
        others.loc[others["month"].isin([launch - 2, launch - 1]), "ratio"].mean()
    )


def test_a_ratio_of_one_is_what_the_law_expects():
    rng = np.random.default_rng(2)
    table = panel(rng)
    densities = pd.DataFrame(rng.uniform(0.2, 1.2, (len(table), 3)), columns=["md", "sd", "kd"])
    table = table.drop(columns="ratio").join(densities)
    table["bookings_10k"] = 90 * table["md"] ** 0.5 * table["sd"] ** 0.7 * table["kd"] ** 0.9
    found = launch_ratios(table)
    np.testing.assert_allclose(found["ratio"], 1)
    np.testing.assert_allclose(found["expected_10k"], table["bookings_10k"])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda table: did(table[table["treated"]]), "both be there, before and after"),
        (lambda table: did(table, after=[40]), "Look at the months"),
        (lambda table: did(table, leave_out=table["city_id"].unique()), "both be there"),
        (lambda table: event_study(table[table["treated"]]), "both be there"),
        (lambda table: event_study(table, leave_out=table["city_id"].unique()), "both be there"),
        (lambda table: rise_before(table, months=9), "too early to see"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(call, said):
    with pytest.raises(PlaybookError, match=said):
        call(panel(np.random.default_rng(1)))
