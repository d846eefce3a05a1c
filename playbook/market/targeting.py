"""Customer profiles, level 3: score accounts by how likely they are to need the product.

A model is judged on accounts that it has not seen (the hold-out). The measures are in
:mod:`playbook.market.scoring`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.scoring import auc, outcomes_and_scores
from playbook.words import _

#: Fields of a prepared account list that are known before anybody visits.
KNOWN_BEFORE = ("export", "it_maturity", "log_employees", "competitor", "industry", "district")


@dataclass(frozen=True, eq=False)
class Propensity:
    """A fitted propensity model and what the hold-out says of it.

    Attributes:
        scores: estimated probability of need (0-1) for every account, the hold-out included.
        hold_out: True for the accounts that were kept out of the fit.
        coefficients: per term ``coefficient`` (change in log-odds per unit), ``standard_error``,
            ``odds_ratio`` (e to the coefficient).
        auc: area under the ROC curve on the hold-out (0.5 guessing, 1 perfect).
        auc_train: the same on the accounts the model was fitted to; flatters.
        base_rate: share of hold-out accounts that need the product (0-1).
    """

    scores: pd.Series
    hold_out: pd.Series
    coefficients: pd.DataFrame
    auc: float
    auc_train: float
    base_rate: float


def hold_out_split(ids: pd.Series, *, share: float = 0.3, salt: str = "") -> pd.Series:
    """Set accounts aside by their id: the same account always falls on the same side.

    An account is held out if SHA-256 of ``salt + id``, read as a fraction of its largest value, is below
    ``share``. Row order, sorting and filtering do not change the side; equal ids never end up on both.

    Args:
        ids: one id per account.
        share: fraction to hold out, above 0 and below 1; met approximately.
        salt: any text; another one gives another split.

    Returns:
        True where held out, indexed like ``ids``.

    Raises:
        PlaybookError: ``share`` is not between 0 and 1, or an id is missing.
    """
    if not 0 < share < 1:
        raise PlaybookError(
            _("a hold-out share of {share}").format(share=share), remedy=_("Use a fraction such as 0.3.")
        )
    if ids.isna().any():
        raise PlaybookError(
            _("an account has no id"), where=str(ids.name or "ids"), remedy=_("Fill in every id.")
        )
    limit = int(share * 2**64)
    held = [int.from_bytes(sha256(f"{salt}{value}".encode()).digest()[:8], "big") < limit for value in ids]
    return pd.Series(held, index=ids.index, name="hold_out", dtype=bool)


def propensity(
    accounts: pd.DataFrame, target: str, features: Sequence[str], hold_out: pd.Series, *, ridge: float = 1.0
) -> Propensity:
    """Fit a logistic model of ``target`` on ``features`` outside the hold-out, and judge it on the hold-out.

    ``P(need) = 1 / (1 + e^-(b0 + sum b_j x_j))``. Fitted by Newton's method to the largest log-likelihood
    less ``ridge / 2 * sum (b_j sd_j)^2``, which keeps coefficients finite when a small group holds no case;
    with thousands of accounts it hardly moves them. Yes/no counts as 1/0. A missing number takes the fitted
    accounts' median, and a term ``<column> missing`` says that it did. A text column gives one term per
    value against the commonest; missing is a value.

    Args:
        accounts: one row per account.
        target: yes/no column.
        features: columns known before the first visit.
        hold_out: True for rows to keep out of the fit (see :func:`hold_out_split`), indexed like
            ``accounts``.
        ridge: strength of the penalty, 0 or more.

    Raises:
        PlaybookError: a column is not there, the target is among the features, the indexes differ, one
            side of the split holds only one kind of account, or the fit does not converge.

    Source: Cox (1958); Hosmer, Lemeshow and Sturdivant (2013).
    """
    absent = [name for name in (target, *features) if name not in accounts.columns]
    if absent:
        raise PlaybookError(
            _("no such columns: {columns}").format(columns=", ".join(absent)), remedy=_("Check the spelling.")
        )
    if target in features or not len(features):
        raise PlaybookError(
            _("the model needs features, and the target cannot be one of them"),
            remedy=_("List columns other than {target!r}.").format(target=target),
        )
    if not accounts.index.equals(hold_out.index):
        raise PlaybookError(_("accounts and hold-out are not the same rows"), remedy=_("Index both alike."))
    held = hold_out.to_numpy(dtype=bool)
    truth, _scores = outcomes_and_scores(accounts[target], np.zeros(len(accounts)))
    for side, name in ((~held, "fitted"), (held, "held-out")):
        if truth[side].all() or not truth[side].any():
            raise PlaybookError(
                _("the {name} accounts are all of one kind").format(name=name),
                remedy=_("Hold out another share of the accounts."),
            )
    terms = _terms(accounts, features, ~held)
    matrix = terms.to_numpy(dtype=float)
    spread = matrix[~held].std(axis=0)
    spread[spread == 0] = 1.0
    centre = matrix[~held].mean(axis=0)
    scaled = np.column_stack([np.ones(len(matrix)), (matrix - centre) / spread])
    beta, covariance = _newton(scaled[~held], truth[~held].astype(float), ridge)
    # Rounded: two firms that are alike have the same score on every machine.
    probabilities = _logistic(scaled @ beta).round(12)
    slopes = beta[1:] / spread
    back = np.eye(len(beta))
    back[1:, 1:] = np.diag(1 / spread)
    back[0, 1:] = -centre / spread
    errors = np.sqrt(np.diag(back @ covariance @ back.T))
    coefficients = pd.DataFrame(
        {"coefficient": [beta[0] - slopes @ centre, *slopes], "standard_error": errors},
        index=pd.Index(["constant", *terms.columns], name="term"),
    )
    coefficients["odds_ratio"] = np.exp(coefficients["coefficient"])
    return Propensity(
        scores=pd.Series(probabilities, index=accounts.index, name="score"),
        hold_out=hold_out.astype(bool),
        coefficients=coefficients,
        auc=auc(truth[held], probabilities[held]),
        auc_train=auc(truth[~held], probabilities[~held]),
        base_rate=float(truth[held].mean()),
    )


def _terms(accounts: pd.DataFrame, features: Sequence[str], fitted: np.ndarray) -> pd.DataFrame:
    """Turn features into numeric columns, learning medians and levels from the fitted rows alone."""
    columns = {}
    for name in features:
        values = accounts[name]
        if pd.api.types.is_numeric_dtype(values):
            numbers = values.to_numpy(dtype=float, na_value=np.nan)
            gaps = ~np.isfinite(numbers)
            known = numbers[fitted & ~gaps]
            columns[name] = np.where(gaps, np.median(known) if len(known) else 0.0, numbers)
            if gaps[fitted].any():
                columns[f"{name} missing"] = gaps.astype(float)
        else:
            text = values.astype("object").where(values.notna(), "missing").astype(str)
            counts = text[fitted].value_counts()
            levels = sorted(counts.index, key=lambda level: (-counts[level], level))[1:]
            columns |= {f"{name} = {level}": (text == level).to_numpy(dtype=float) for level in levels}
    return pd.DataFrame(columns, index=accounts.index)


def _newton(matrix: np.ndarray, truth: np.ndarray, ridge: float) -> tuple[np.ndarray, np.ndarray]:
    penalty = np.full(matrix.shape[1], float(ridge))
    penalty[0] = 0.0
    rate = truth.mean()
    beta = np.zeros(matrix.shape[1])
    beta[0] = np.log(rate / (1 - rate))

    def fit(at: np.ndarray) -> float:
        line = matrix @ at
        return float(truth @ line - np.logaddexp(0, line).sum() - penalty @ at**2 / 2)

    for _step in range(60):
        chance = _logistic(matrix @ beta)
        information = (matrix.T * (chance * (1 - chance))) @ matrix + np.diag(penalty)
        try:
            step = np.linalg.solve(information, matrix.T @ (truth - chance) - penalty * beta)
        except np.linalg.LinAlgError:
            break
        if np.abs(step).max() < 1e-10:
            return beta + step, np.linalg.inv(information)
        # A step that goes too far is halved until it climbs.
        here = fit(beta)
        while fit(beta + step) < here - 1e-9 * abs(here) and np.abs(step).max() > 1e-10:
            step = step / 2
        beta = beta + step
    raise PlaybookError(
        _("the model does not settle: some field, or a mix of fields, tells need from no need without fail"),
        remedy=_("Look for a field that is known only afterwards, or that repeats another; or use ridge=1."),
    )


def _logistic(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(values, -500, 500)))
