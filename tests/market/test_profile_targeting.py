"""The split and the propensity model."""

import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.market import auc, hold_out_split, propensity

PLANTED = {"constant": -3.2, "export": 0.9, "it_maturity": 0.35}


def draw(seed: int, size: int = 2000) -> pd.DataFrame:
    """Invented accounts whose need follows the planted law."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "account_id": [f"A{number:05d}" for number in range(size)],
            "export": rng.random(size) < 0.4,
            "it_maturity": rng.integers(1, 6, size),
            "owner": rng.choice(["private", "foreign", "state"], size, p=[0.7, 0.2, 0.1]),
        }
    )
    odds = PLANTED["constant"] + PLANTED["export"] * frame["export"]
    odds += PLANTED["it_maturity"] * frame["it_maturity"]
    frame["need"] = rng.random(size) < 1 / (1 + np.exp(-odds))
    return frame


@pytest.fixture
def accounts():
    return draw(5)


@pytest.fixture
def held(accounts):
    return hold_out_split(accounts["account_id"])


def test_the_split_is_about_as_large_as_asked(accounts):
    assert hold_out_split(accounts["account_id"], share=0.25).mean() == pytest.approx(0.25, abs=0.03)


def test_an_account_stays_on_its_side_whatever_the_order_and_company(accounts, held):
    shuffled = accounts.sample(frac=0.4, random_state=1)
    assert hold_out_split(shuffled["account_id"]).equals(held.loc[shuffled.index])


def test_the_split_is_the_same_on_every_machine():
    ids = pd.Series(["A00001", "A00002", "A00003", "A00004", "A00005", "A00006"])
    assert hold_out_split(ids, share=0.5).tolist() == [
        True,
        False,
        True,
        False,
        False,
        False,
    ]  # sha256sum: 7 a 1 c f a


def test_another_salt_splits_otherwise(accounts, held):
    assert not hold_out_split(accounts["account_id"], salt="2").equals(held)


def test_twins_fall_on_the_same_side():
    assert hold_out_split(pd.Series(["same firm"] * 5)).nunique() == 1


@pytest.mark.parametrize("share", [0, 1, 30])
def test_a_share_is_a_fraction(share):
    with pytest.raises(PlaybookError, match="share"):
        hold_out_split(pd.Series(["a"]), share=share)


def test_an_account_without_an_id_is_refused():
    with pytest.raises(PlaybookError, match="no id"):
        hold_out_split(pd.Series(["a", None]))


@pytest.mark.slow
@pytest.mark.parametrize("ridge", [0.01, 1.0, 50.0])
def test_the_fit_is_scikit_learns(accounts, held, ridge):
    from sklearn.linear_model import LogisticRegression

    features = ["export", "it_maturity", "owner"]
    ours = propensity(accounts, "need", features, held, ridge=ridge)
    terms = pd.DataFrame(
        {
            "export": accounts["export"].astype(float),
            "it_maturity": accounts["it_maturity"].astype(float),
            "owner = foreign": (accounts["owner"] == "foreign").astype(float),
            "owner = state": (accounts["owner"] == "state").astype(float),
        }
    )
    train = terms[~held]
    scaled = (terms - train.mean()) / train.std(ddof=0)
    theirs = LogisticRegression(C=1 / ridge, tol=1e-10, max_iter=1000)
    theirs.fit(scaled[~held], accounts.loc[~held, "need"])
    assert ours.scores.to_numpy() == pytest.approx(theirs.predict_proba(scaled)[:, 1], abs=1e-6)
    slopes = ours.coefficients["coefficient"].drop("constant")
    assert slopes.index.tolist() == terms.columns.tolist()
    assert slopes.to_numpy() == pytest.approx(theirs.coef_[0] / train.std(ddof=0).to_numpy(), abs=1e-6)


@pytest.mark.slow
def test_standard_errors_cover_the_law_behind_the_accounts_about_95_times_in_100(held):
    hits = []
    for seed in range(60):
        table = propensity(draw(seed), "need", ["export", "it_maturity"], held).coefficients
        hits += [
            abs(table.loc[term, "coefficient"] - planted) < 1.96 * table.loc[term, "standard_error"]
            for term, planted in PLANTED.items()
        ]
    assert 0.90 <= np.mean(hits) <= 0.99


def test_the_odds_ratio_is_e_to_the_coefficient(accounts, held):
    table = propensity(accounts, "need", ["export", "it_maturity"], held).coefficients
    assert table.loc["export", "odds_ratio"] == pytest.approx(np.exp(table.loc["export", "coefficient"]))


def test_the_measures_are_those_of_the_hold_out(accounts, held):
    model = propensity(accounts, "need", ["export", "it_maturity"], held)
    outside, inside = accounts.loc[held, "need"], accounts.loc[~held, "need"]
    assert model.auc == auc(outside, model.scores[held])
    assert model.auc_train == auc(inside, model.scores[~held])
    assert model.base_rate == outside.mean()


def test_held_out_outcomes_do_not_reach_the_fit(accounts, held):
    other = accounts.assign(need=accounts["need"] ^ held)
    features = ["export", "it_maturity", "owner"]
    one, two = (propensity(frame, "need", features, held) for frame in (accounts, other))
    assert one.scores.equals(two.scores)


def test_the_order_of_rows_does_not_change_a_score(accounts, held):
    shuffled = accounts.sample(frac=1, random_state=3)
    one = propensity(accounts, "need", ["export", "owner"], held).scores
    two = propensity(shuffled, "need", ["export", "owner"], held.loc[shuffled.index]).scores
    assert np.allclose(one, two.loc[one.index])


def test_a_missing_number_takes_the_median_and_a_term_of_its_own(accounts, held):
    gappy = accounts.astype({"it_maturity": "Int64"})
    gappy.loc[gappy.index[::7], "it_maturity"] = pd.NA
    terms = propensity(gappy, "need", ["it_maturity"], held).coefficients.index
    assert terms.tolist() == ["constant", "it_maturity", "it_maturity missing"]


def test_a_missing_text_is_a_value(accounts, held):
    gappy = accounts.assign(owner=accounts["owner"].where(accounts["owner"] != "state"))
    terms = propensity(gappy, "need", ["owner"], held).coefficients.index
    assert terms.tolist() == ["constant", "owner = foreign", "owner = missing"]


def test_a_field_that_tells_the_answer_is_reported_as_such(accounts, held):
    leaky = accounts.assign(signed=accounts["need"])
    with pytest.raises(PlaybookError, match="does not settle"):
        propensity(leaky, "need", ["signed"], held, ridge=0)


@pytest.mark.parametrize(
    ("target", "features", "message"),
    [
        ("need", ["turnover"], "turnover"),
        ("need", ["need"], "target"),
        ("need", [], "features"),
        ("wish", ["export"], "wish"),
    ],
)
def test_a_model_that_cannot_be_is_refused(accounts, held, target, features, message):
    with pytest.raises(PlaybookError, match=message):
        propensity(accounts, target, features, held)


def test_a_split_of_other_rows_is_refused(accounts, held):
    with pytest.raises(PlaybookError, match="same rows"):
        propensity(accounts.iloc[1:], "need", ["export"], held)


def test_a_side_without_need_is_refused(accounts, held):
    with pytest.raises(PlaybookError, match="one kind"):
        propensity(accounts.assign(need=accounts["need"] & held), "need", ["export"], held)
