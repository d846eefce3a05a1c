"""The three densities: hand-computed values, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.errors import PlaybookError
from playbook.market import density as d

positive = st.floats(0.01, 5)
densities = st.floats(0, 5)

RECORDS = pd.DataFrame(
    {
        "city": ["North", "South"],
        "managers_ready": [2, 3],
        "managers_required": [4, 3],
        "rep_equivalents": [12.0, 6.0],
        "reps_required": [20, 24],
        "accounts_covered": [300, 90],
        "accounts_icp": [400, 450],
    }
)


def test_density_is_what_is_there_over_what_is_needed():
    assert d.density(3, 4) == 0.75
    assert d.density(pd.Series([3, 0]), pd.Series([4, 5])).tolist() == [0.75, 0.0]


@pytest.mark.parametrize(("have", "need"), [(-1, 4), (3, 0), (3, -2)])
def test_density_refuses_a_negative_stock_and_a_need_that_is_not_above_zero(have, need):
    with pytest.raises(PlaybookError):
        d.density(have, need)


def test_city_densities_match_hand_computed_ratios():
    got = d.city_densities(RECORDS)
    assert got.columns.tolist() == ["city", "md", "sd", "kd"]
    assert got.loc[0, ["md", "sd", "kd"]].tolist() == [0.5, 0.6, 0.75]
    assert got.loc[1, ["md", "sd", "kd"]].tolist() == [1.0, 0.25, 0.2]


def test_city_densities_name_the_columns_that_are_missing():
    with pytest.raises(PlaybookError, match="accounts_icp"):
        d.city_densities(RECORDS.drop(columns="accounts_icp"))


def test_index_is_the_product_and_the_contrast_is_the_mean():
    assert d.breakthrough_index(0.5, 0.6, 0.75) == pytest.approx(0.225)
    assert d.additive_index(0.5, 0.6, 0.75) == pytest.approx(0.616667, abs=1e-6)
    assert d.breakthrough_index(0.25, 0.16, 1.0, (0.5, 0.5, 1)) == pytest.approx(0.2)


def test_scorecard_ranks_by_the_product_and_names_what_binds():
    card = d.scorecard(RECORDS)
    assert card["city"].tolist() == ["North", "South"]
    assert card["index"].tolist() == pytest.approx([0.225, 0.05])
    assert card["binding"].tolist() == ["management", "market"]


def test_equal_densities_bind_in_the_order_of_the_source():
    assert d.binding_factor(0.4, 0.4, 0.4) == "management"
    assert d.binding_factor(0.5, 0.4, 0.4) == "sales"


def test_a_low_exponent_makes_a_low_density_bind_less():
    assert d.binding_factor(0.4, 0.5, 0.6) == "management"
    assert d.binding_factor(0.4, 0.5, 0.6, (0.5, 0.7, 0.9)) == "market"


@given(positive, positive, positive, st.tuples(*[st.floats(0.2, 2)] * 3))
def test_a_small_step_is_worth_most_on_the_binding_density(md, sd, kd, exponents):
    step, values = 1e-6, (md, sd, kd)
    after = [
        d.breakthrough_index(*[v + step * (i == j) for j, v in enumerate(values)], exponents)
        for i in range(3)
    ]
    best = list(d.FACTOR_NAMES.values()).index(d.binding_factor(*values, exponents))
    assert after[best] == pytest.approx(max(after), rel=1e-9)


@given(densities, densities, st.permutations([0, 1, 2]))
def test_one_zero_density_makes_the_index_zero_and_the_mean_hides_it(first, second, order):
    values = [0.0, first, second]
    triple = [values[place] for place in order]
    assert d.breakthrough_index(*triple) == 0
    assert d.additive_index(*triple) == pytest.approx((first + second) / 3)


@given(positive, positive, positive, st.floats(0.1, 4))
def test_multiplying_any_one_density_multiplies_the_index(md, sd, kd, times):
    base = d.breakthrough_index(md, sd, kd)
    for triple in [(md * times, sd, kd), (md, sd * times, kd), (md, sd, kd * times)]:
        assert d.breakthrough_index(*triple) == pytest.approx(base * times)


@given(densities, densities, densities, st.floats(0, 2))
def test_more_of_a_density_never_lowers_the_index(md, sd, kd, more):
    base = d.breakthrough_index(md, sd, kd)
    assert d.breakthrough_index(md + more, sd, kd) >= base
    assert d.breakthrough_index(md, sd + more, kd) >= base
    assert d.breakthrough_index(md, sd, kd + more) >= base


@given(densities, densities, densities)
def test_the_binding_factor_is_never_above_the_others(md, sd, kd):
    values = dict(zip(d.FACTOR_NAMES.values(), (md, sd, kd), strict=True))
    assert values[d.binding_factor(md, sd, kd)] == min(md, sd, kd)


@given(positive, positive, positive)
def test_log_contributions_add_up_to_the_log_of_the_index(md, sd, kd):
    parts = d.log_contributions(md, sd, kd)
    assert parts.to_numpy().sum() == pytest.approx(-np.log(d.breakthrough_index(md, sd, kd)), abs=1e-9)


def test_log_contributions_refuse_a_zero():
    with pytest.raises(PlaybookError, match="logarithm"):
        d.log_contributions(0.0, 0.5, 0.5)


@pytest.mark.parametrize("exponents", [(1, 1), (1, 1, 0), (1, -1, 1)])
def test_exponents_must_be_three_and_above_zero(exponents):
    with pytest.raises(PlaybookError):
        d.breakthrough_index(0.5, 0.5, 0.5, exponents)


def test_negative_densities_are_refused():
    with pytest.raises(PlaybookError, match="negative"):
        d.breakthrough_index(0.5, -0.1, 0.5)


def test_twenty_per_cent_lifts_most_where_the_index_is_high_and_on_the_highest_exponent():
    table = d.density_lift(d.city_densities(RECORDS), 0.20, (0.5, 0.7, 0.9))
    first = table.iloc[0]
    assert (first["city"], first["factor"]) == ("North", "market")
    index = 0.5**0.5 * 0.6**0.7 * 0.75**0.9
    assert first["gain"] == pytest.approx(index * (1.2**0.9 - 1))
    assert len(table) == 6


def test_with_equal_exponents_the_lift_is_the_share_of_the_index():
    table = d.density_lift(d.city_densities(RECORDS))
    assert table["gain"].tolist() == pytest.approx([0.045] * 3 + [0.01] * 3)


def test_a_fall_of_everything_is_no_lift():
    with pytest.raises(PlaybookError, match="100 %"):
        d.elasticity_lift(-1)


@given(st.floats(0.01, 1), st.floats(0.1, 1), st.floats(0.1, 1))
def test_the_higher_exponent_gives_the_higher_lift(share, low, more):
    assert d.elasticity_lift(share, low + more) > d.elasticity_lift(share, low)


def synthetic_panel(k, exponents, noise, n=400, seed=7):
    rng = np.random.default_rng(seed)
    panel = pd.DataFrame(rng.uniform(0.1, 1.5, (n, 3)), columns=["md", "sd", "kd"])
    mean = k * np.prod(panel.to_numpy() ** np.array(exponents), axis=1)
    return panel.assign(bookings_10k=mean * np.exp(rng.normal(0, noise, n)))


@given(st.floats(0.5, 50), st.tuples(*[st.floats(0.1, 2)] * 3))
def test_an_exact_law_is_recovered_exactly(k, exponents):
    fit = d.fit_breakthrough_law(synthetic_panel(k, exponents, 0.0, n=30))
    assert fit.exponents == pytest.approx(exponents, abs=1e-8)
    assert fit.k == pytest.approx(k)


def test_planted_exponents_are_recovered_within_two_standard_errors():
    planted = (0.5, 0.7, 0.9)
    fit = d.fit_breakthrough_law(synthetic_panel(20, planted, 0.3))
    for got, want, error in zip(fit.exponents, planted, fit.standard_errors[1:], strict=True):
        assert abs(got - want) < 2 * error
    assert fit.n == 400


def test_coefficients_and_errors_match_numbers_computed_by_the_normal_equations():
    panel = synthetic_panel(20, (0.5, 0.7, 0.9), 0.3, n=40)
    x = np.column_stack([np.ones(40), np.log(panel[["md", "sd", "kd"]])])
    y = np.log(panel["bookings_10k"].to_numpy())
    solved = np.linalg.solve(x.T @ x, x.T @ y)
    residual = y - x @ solved
    errors = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * (residual @ residual) / 36)
    fit = d.fit_breakthrough_law(panel)
    assert (np.log(fit.k), *fit.exponents) == pytest.approx(tuple(solved))
    assert fit.standard_errors == pytest.approx(tuple(errors))
    assert fit.r2 == pytest.approx(1 - (residual @ residual) / ((y - y.mean()) ** 2).sum())


def test_the_unit_of_bookings_changes_the_scale_and_no_exponent():
    panel = synthetic_panel(20, (0.5, 0.7, 0.9), 0.3)
    in_cny = panel.assign(bookings_10k=panel["bookings_10k"] * 10_000)
    first, second = d.fit_breakthrough_law(panel), d.fit_breakthrough_law(in_cny)
    assert second.exponents == pytest.approx(first.exponents)
    assert second.k == pytest.approx(first.k * 10_000)


def test_the_sum_explains_a_product_worse():
    panel = synthetic_panel(20, (0.5, 0.7, 0.9), 0.05)
    log_log = d.fit_breakthrough_law(panel)
    levels = d.fit_breakthrough_law(panel, form="levels")
    assert levels.r2_bookings < log_log.r2_bookings
    assert levels.r2 == pytest.approx(levels.r2_bookings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.assign(kd=0.0), "logarithm"),
        (lambda p: p.head(4), "too few"),
        (lambda p: p.assign(sd=p["md"]), "independently"),
        (lambda p: p.assign(md=np.nan), "missing"),
        (lambda p: p.drop(columns="kd"), "kd"),
    ],
)
def test_a_panel_that_cannot_be_fitted_says_why(change, message):
    with pytest.raises(PlaybookError, match=message):
        d.fit_breakthrough_law(change(synthetic_panel(20, (0.5, 0.7, 0.9), 0.3)))


def test_an_unknown_form_says_which_there_are():
    with pytest.raises(PlaybookError, match="levels"):
        d.fit_breakthrough_law(synthetic_panel(20, (1, 1, 1), 0.1), form="cubic")


@given(st.lists(st.tuples(positive, positive, positive), min_size=2, max_size=6))
def test_the_total_grows_by_exactly_the_gain(triples):
    frame = pd.DataFrame(triples, columns=["md", "sd", "kd"]).assign(city=list("ABCDEF")[: len(triples)])
    best = d.density_lift(frame, 0.2, (0.5, 0.7, 0.9)).iloc[0]
    column = {name: key for key, name in d.FACTOR_NAMES.items()}[best["factor"]]
    total = d.breakthrough_index(frame["md"], frame["sd"], frame["kd"], (0.5, 0.7, 0.9)).sum()
    raised = frame.copy()
    raised.loc[raised["city"] == best["city"], column] *= 1.2
    new = d.breakthrough_index(raised["md"], raised["sd"], raised["kd"], (0.5, 0.7, 0.9)).sum()
    assume(total > 0)
    assert new - total == pytest.approx(best["gain"], rel=1e-6, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["log-log", "levels"])
def test_the_law_is_fitted_as_statsmodels_fits_it(form):
    import statsmodels.api as sm

    panel = load_case("jinhua").launch_panel
    columns = np.log(panel[["bookings_10k", "md", "sd", "kd"]]) if form == "log-log" else panel
    peer = sm.OLS(columns["bookings_10k"], sm.add_constant(columns[["md", "sd", "kd"]])).fit()
    fit = d.fit_breakthrough_law(panel, form=form)
    scale = np.log(fit.k) if form == "log-log" else fit.k
    assert (scale, fit.alpha, fit.beta, fit.gamma) == pytest.approx(tuple(peer.params), rel=1e-9)
    assert fit.standard_errors == pytest.approx(tuple(peer.bse), rel=1e-9)
    assert fit.r2 == pytest.approx(peer.rsquared, rel=1e-9)


NAN = float("nan")


def test_a_missing_density_binds_nothing():
    with pytest.raises(PlaybookError, match="missing"):
        d.binding_factor(NAN, 0.5, 0.7)
    with pytest.raises(PlaybookError, match="no logarithm"):
        d.log_contributions(0.5, NAN, 0.7)


def test_what_is_not_above_its_limit_is_refused_also_where_it_is_missing():
    with pytest.raises(PlaybookError, match="three exponents"):
        d.breakthrough_index(0.5, 0.5, 0.5, (1, NAN, 1))
    with pytest.raises(PlaybookError, match="100 %"):
        d.elasticity_lift(NAN)
