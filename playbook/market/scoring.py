"""Customer profiles: judge a score, or any grouping, by how well it finds accounts in need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.words import _


@dataclass(frozen=True)
class VisitList:
    """What follows from visiting every account that scores at or above a threshold.

    Attributes:
        threshold: the score from which an account is visited (0-1).
        visits: accounts on the list (count).
        wins: those among them that need the product (count).
        precision: wins / visits (0-1); missing (nan) with no visits.
        recall: wins / all accounts that need the product (0-1).
        visits_per_win: accounts visited for one that needs the product; infinite with no wins.
        lift: precision / overall share in need; nan with no visits.
    """

    threshold: float
    visits: int
    wins: int
    precision: float
    recall: float
    visits_per_win: float
    lift: float


def auc(needs: Iterable, scores: Iterable) -> float:
    """Area under the ROC curve: the chance that an account in need scores above one that is not.

    ``AUC = (R - p (p + 1) / 2) / (p q)``: R the sum of the ranks of the ``p`` accounts in need among all
    ``p + q`` scores, ties at their average rank (so a tie counts one half).

    Args:
        needs: yes/no per account.
        scores: any number per account; only their order matters.

    Returns:
        0 to 1: 0.5 is guessing, below it the order is upside down.

    Raises:
        PlaybookError: different lengths, gaps, or only one kind of account.

    Source: Hanley and McNeil (1982).
    """
    truth, score = outcomes_and_scores(needs, scores, both_kinds=True)
    ranks = pd.Series(score).rank().to_numpy()
    positives = int(truth.sum())
    surplus = ranks[truth].sum() - positives * (positives + 1) / 2
    return float(surplus / (positives * (len(truth) - positives)))


def lift_table(needs: Iterable, scores: Iterable, *, bands: int = 10) -> pd.DataFrame:
    """Sort accounts by score, cut them into bands of equal size, and compare each with the average.

    ``lift = rate of the band / overall rate``. Equal scores keep their row order.

    Args:
        needs: yes/no per account.
        scores: one number per account, high first.
        bands: number of bands (10: deciles), at most the number of accounts.

    Returns:
        Indexed by ``band`` (1 the highest scores): ``accounts`` and ``wins`` (counts), ``rate`` (0-1),
        ``lift`` (times), and from the top down to this band ``cumulative_accounts`` and
        ``cumulative_wins`` (shares of all, 0-1) and ``cumulative_lift`` (times).

    Raises:
        PlaybookError: different lengths, gaps, nobody in need, or more bands than accounts.

    Source: Siddiqi (2006).
    """
    truth, score = outcomes_and_scores(needs, scores)
    if not 1 <= bands <= len(truth):
        raise PlaybookError(
            _("{bands} bands of {count} accounts").format(bands=bands, count=len(truth)),
            remedy=_("Use fewer bands."),
        )
    if not truth.any():
        raise PlaybookError(_("no account needs the product, so there is no average to compare with"))
    ranked = truth[np.argsort(-score, kind="stable")]
    band = np.arange(len(ranked)) * bands // len(ranked) + 1
    table = pd.DataFrame({"band": band, "wins": ranked.astype(int)}).groupby("band")["wins"]
    table = pd.DataFrame({"accounts": table.size(), "wins": table.sum()})
    overall = truth.mean()
    table["rate"] = table["wins"] / table["accounts"]
    table["lift"] = table["rate"] / overall
    table["cumulative_accounts"] = table["accounts"].cumsum() / len(truth)
    table["cumulative_wins"] = table["wins"].cumsum() / truth.sum()
    table["cumulative_lift"] = table["cumulative_wins"] / table["cumulative_accounts"]
    return table


def top_decile_lift(needs: Iterable, scores: Iterable) -> float:
    """Lift of the tenth of accounts with the highest scores: how many times the average rate (see
    :func:`lift_table`).

    Raises:
        PlaybookError: as :func:`lift_table`.

    Source: Siddiqi (2006).
    """
    return float(lift_table(needs, scores, bands=10)["lift"].iloc[0])


def precision_recall_at(needs: Iterable, scores: Iterable, threshold: float) -> VisitList:
    """What visiting every account at or above ``threshold`` costs and brings.

    ``precision = wins / visits``, ``recall = wins / all in need``, ``visits_per_win = visits / wins``: one
    visit per account on the list, a win being an account that needs the product.

    Args:
        needs: yes/no per account.
        scores: 0 to 1 per account.
        threshold: the same scale.

    Raises:
        PlaybookError: different lengths, gaps, or nobody in need.

    Source: van Rijsbergen (1979) for precision and recall; visits per win is its inverse.
    """
    truth, score = outcomes_and_scores(needs, scores)
    if not truth.any():
        raise PlaybookError(_("no account needs the product, so there is nothing to find"))
    chosen = score >= threshold
    visits, wins = int(chosen.sum()), int((chosen & truth).sum())
    precision = wins / visits if visits else float("nan")
    return VisitList(
        threshold=float(threshold),
        visits=visits,
        wins=wins,
        precision=precision,
        recall=wins / int(truth.sum()),
        visits_per_win=visits / wins if wins else float("inf"),
        lift=precision / float(truth.mean()),
    )


def outcomes_and_scores(
    needs: Iterable, scores: Iterable, *, both_kinds: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Two plain arrays of one length, without gaps."""
    truth, score = pd.Series(list(needs), dtype="object"), pd.Series(list(scores), dtype="object")
    if len(truth) != len(score) or not len(truth):
        raise PlaybookError(
            _("{outcomes} outcomes and {scores} scores").format(outcomes=len(truth), scores=len(score)),
            remedy=_("Give one score per account."),
        )
    if truth.isna().any() or score.isna().any():
        raise PlaybookError(
            _("an outcome or a score is missing"), remedy=_("Leave out accounts without one.")
        )
    truth = truth.to_numpy(dtype=bool)
    if both_kinds and (truth.all() or not truth.any()):
        raise PlaybookError(
            _("all accounts are of one kind"), remedy=_("Include accounts with need and accounts without.")
        )
    return truth, score.to_numpy(dtype=float)
