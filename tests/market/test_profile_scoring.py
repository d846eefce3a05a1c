"""Measures of a score: AUC, lift, precision and recall."""

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.market import (
    auc,
    lift_table,
    precision_recall_at,
    top_decile_lift,
)

NEEDS = [True, True, False, True, False, False, False, False, False, False]
SCORES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0]

scored = st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=40)


def test_auc_counts_the_pairs_in_the_right_order():
    # Pairs: 3 in need x 7 not; only the third of the list outranks one that needs the product.
    assert auc(NEEDS, SCORES) == pytest.approx(20 / 21)


@pytest.mark.slow
def test_auc_agrees_with_scikit_learn_ties_included():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(3)
    needs = rng.random(300) < 0.2
    scores = np.round(rng.random(300) * 0.6 + 0.2 * needs, 1)
    assert auc(needs, scores) == pytest.approx(roc_auc_score(needs, scores))


@given(scored)
def test_auc_flips_with_the_sign_of_the_score(pairs):
    needs, scores = [need for need, _ in pairs], np.array([score for _, score in pairs])
    assume(any(needs) and not all(needs))
    assert auc(needs, -scores) == pytest.approx(1 - auc(needs, scores))


@given(scored)
def test_auc_depends_on_the_order_of_scores_alone(pairs):
    needs, scores = [need for need, _ in pairs], np.array([score for _, score in pairs])
    assume(any(needs) and not all(needs))
    assert auc(needs, np.exp(scores / 5)) == pytest.approx(auc(needs, scores))


def test_lift_is_the_rate_of_a_band_over_the_rate_of_all():
    table = lift_table(NEEDS, SCORES, bands=5)
    assert table["wins"].tolist() == [2, 1, 0, 0, 0]
    assert table.loc[1, "lift"] == pytest.approx(1.0 / 0.3)
    assert table.loc[2, "cumulative_lift"] == pytest.approx(0.75 / 0.3)
    assert table.loc[2, "cumulative_wins"] == 1.0
    assert table.loc[2, "cumulative_accounts"] == pytest.approx(0.4)
    assert top_decile_lift(NEEDS, SCORES) == pytest.approx(1 / 0.3)


@given(scored, st.integers(1, 10))
def test_lift_times_share_of_accounts_adds_up_to_one(pairs, bands):
    needs, scores = zip(*pairs, strict=True)
    assume(any(needs) and bands <= len(pairs))
    table = lift_table(needs, scores, bands=bands)
    assert (table["lift"] * table["accounts"] / len(pairs)).sum() == pytest.approx(1)
    assert table["accounts"].max() - table["accounts"].min() <= 1
    assert table["cumulative_lift"].iloc[-1] == pytest.approx(1)


@pytest.mark.parametrize(("needs", "bands"), [([False, False], 2), ([True, False], 3)])
def test_a_lift_table_needs_someone_in_need_and_enough_accounts(needs, bands):
    with pytest.raises(PlaybookError):
        lift_table(needs, [0.1, 0.2], bands=bands)


def test_a_threshold_makes_a_visit_list():
    visits = precision_recall_at(NEEDS, SCORES, 0.6)
    assert (visits.visits, visits.wins) == (4, 3)
    assert visits.precision == 0.75
    assert visits.recall == 1.0
    assert visits.visits_per_win == pytest.approx(4 / 3)
    assert visits.lift == pytest.approx(2.5)


def test_a_threshold_above_every_score_visits_nobody():
    visits = precision_recall_at(NEEDS, SCORES, 0.95)
    assert (visits.visits, visits.wins, visits.recall) == (0, 0, 0.0)
    assert visits.visits_per_win == inf
    assert isnan(visits.precision)
    assert isnan(visits.lift)


@given(scored, st.integers(0, 20), st.integers(0, 20))
def test_a_lower_threshold_never_finds_fewer(pairs, one, other):
    needs, scores = zip(*pairs, strict=True)
    assume(any(needs))
    low = precision_recall_at(needs, scores, min(one, other))
    high = precision_recall_at(needs, scores, max(one, other))
    assert low.recall >= high.recall
    assert low.visits >= high.visits


@pytest.mark.parametrize(
    ("measure", "needs", "scores"),
    [
        (auc, [True, True], [0.1, 0.2]),
        (auc, [True], [0.1, 0.2]),
        (auc, [True, None], [0.1, 0.2]),
        (lift_table, [], []),
    ],
)
def test_what_cannot_be_measured_is_refused(measure, needs, scores):
    with pytest.raises(PlaybookError):
        measure(needs, scores)
