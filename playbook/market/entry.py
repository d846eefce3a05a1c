"""Which section to enter first: win rates that say how sure they are, a score, and how far it holds."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.market.industry import LEAST_SHARE, industry_table
from playbook.words import _

LEAST_DECIDED = 50
"""How many decided deals a section needs before its win rate is compared with others'."""

STRONG, WEAK = 2 / 3, 1 / 3
"""From which part of a criterion's range it counts as a reason for a section, up to which as one against."""


def wilson_interval(won: int, decided: int, confidence: float = 0.95) -> tuple[float, float]:
    """The range in which the true win rate lies, as far as so many decided deals can tell.

    .. math:: \\frac{p + z^2/2n \\pm z\\sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}

    Args:
        won: deals won.
        decided: deals won and lost together, ``n``; ``p`` is their ratio.
        confidence: how often such a range contains the true rate.

    Returns:
        Lower and upper end as fractions; (0, 1) when nothing is decided.

    Raises:
        PlaybookError: fewer decided than won, a negative count, or a confidence outside (0, 1).

    Source: Wilson (1927), Journal of the American Statistical Association 22.
    """
    if not 0 <= won <= decided:
        raise PlaybookError(
            _("{won} won of {decided} decided cannot be").format(won=won, decided=decided),
            remedy=_("count won and lost deals only"),
        )
    if not 0 < confidence < 1:
        raise PlaybookError(
            _("a confidence of {confidence} cannot be").format(confidence=confidence),
            remedy=_("give a fraction such as 0.95"),
        )
    if decided == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p, spread = won / decided, z * z / decided
    middle = p + spread / 2
    half = z * ((p * (1 - p) + spread / 4) / decided) ** 0.5
    low = (middle - half) / (1 + spread) if won else 0.0
    high = (middle + half) / (1 + spread) if won < decided else 1.0
    return low, high


def win_rates(deals: pd.DataFrame, by: str | Sequence[str] = "section") -> pd.DataFrame:
    """Won over decided, with the range that the number of deals allows.

    Args:
        deals: one row per opportunity with ``status`` (won, lost or open) and the columns ``by``. Open deals
            are left out: they are not lost.
        by: the column, or columns, to group by.

    Returns:
        One row per group in order: ``by``, ``decided``, ``won``, ``win_rate``, ``low``, ``high`` (fractions;
        the last two are the 95 % Wilson interval).
    """
    by = [by] if isinstance(by, str) else list(by)
    decided = _decided(deals, by)
    groups = decided["status"].eq("won").groupby([decided[name] for name in by])
    table = pd.DataFrame({"decided": groups.size(), "won": groups.sum()}).reset_index()
    table["win_rate"] = table["won"] / table["decided"]
    ends = [wilson_interval(won, n) for won, n in zip(table["won"], table["decided"], strict=True)]
    table["low"] = [low for low, _high in ends]
    table["high"] = [high for _low, high in ends]
    return table


@kept_by_content
def like_for_like(deals: pd.DataFrame, by: str = "section", within: str = "grade") -> pd.DataFrame:
    """Win rates of groups as they would be if all had the same mix of ``within``.

    A group that happens to hold the easy deals looks better than it is (Simpson's paradox). Here every
    group's rate within each stratum counts with the same weight, the stratum's share of all decided deals:
    :math:`\\bar p_a = \\sum_k w_k\\,p_{ak}`.

    Args:
        deals: opportunities with ``status``, ``by`` and ``within``; open ones are left out.
        by: the groups to compare.
        within: what must be alike, such as the lead's grade or the channel.

    Returns:
        One row per group: ``by``, ``decided``, ``win_rate`` (as it stands) and ``like_for_like`` (fractions).
        Missing where a group has no decided deal in some stratum.

    Source: Simpson (1951), Journal of the Royal Statistical Society B 13 (the paradox); direct
    standardisation as in epidemiology.
    """
    decided = _decided(deals, [by, within]).dropna()
    won = decided["status"].eq("won").to_numpy(float)
    group, groups = pd.factorize(decided[by], sort=True)
    stratum, strata = pd.factorize(decided[within], sort=True)
    shape, cell = (len(groups), len(strata)), group * len(strata) + stratum
    count = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    wins = np.bincount(cell, won, shape[0] * shape[1]).reshape(shape)
    rates = np.divide(wins, count, out=np.full(shape, np.nan), where=count > 0)
    every = count.sum(axis=1)
    return pd.DataFrame(
        {
            by: groups,
            "decided": every,
            "win_rate": wins.sum(axis=1) / every,
            "like_for_like": rates @ (count.sum(axis=0) / max(count.sum(), 1)),
        }
    )


def _decided(deals: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The deals that are won or lost, with their status and some columns; rows may share a label."""
    return deals.loc[deals["status"].isin(["won", "lost"]), ["status", *columns]]


def section_overview(
    workers: pd.DataFrame,
    sections: pd.DataFrame,
    accounts: pd.DataFrame,
    opportunities: pd.DataFrame,
    within: str = "grade",
) -> pd.DataFrame:
    """All that is known of a city's sections, in one table, agriculture left out.

    Args:
        workers: ``section``, ``city_workers``, ``nation_workers`` (thousand).
        sections: ``section``, ``name_short``.
        accounts: ``account_id``, ``section``.
        opportunities: ``account_id``, ``status`` and ``within``.
        within: what win rates are compared within.

    Returns:
        What :func:`playbook.market.industry_table` returns, with ``name`` and, where there are decided deals,
        ``decided``, ``won``, ``win_rate``, ``low``, ``high`` and ``like_for_like``.
    """
    deals = opportunities.merge(accounts[["account_id", "section"]], on="account_id")
    fair = like_for_like(deals, within=within)[["section", "like_for_like"]]
    table = industry_table(workers, leave_out=["A"])
    table["name"] = table["section"].map(sections.set_index("section")["name_short"])
    return table.merge(win_rates(deals).merge(fair, on="section", how="left"), on="section", how="left")


@kept_by_content
def entry_indicators(
    table: pd.DataFrame,
    rates: pd.DataFrame,
    rate: str = "like_for_like",
    least_share: float = LEAST_SHARE,
    least_decided: int = LEAST_DECIDED,
) -> pd.DataFrame:
    """The sections worth comparing, and the three criteria they are compared by.

    Args:
        table: what :func:`playbook.market.industry_table` returns.
        rates: what :func:`like_for_like` or :func:`win_rates` returns by section.
        rate: the column of ``rates`` to compare by.
        least_share: the least share of the city's workers (a fraction).
        least_decided: the least number of decided deals.

    Returns:
        One row per section that passes both floors and has a rate (index ``section``): ``size`` (thousand
        workers), ``lq``, ``win_rate`` (a fraction).
    """
    both = table.merge(rates, on="section").dropna(subset=[rate])
    both = both[(both["city_share"] >= least_share) & (both["decided"] >= least_decided)]
    criteria = pd.DataFrame({"size": both["city_workers"], "lq": both["lq"], "win_rate": both[rate]})
    return criteria.set_axis(pd.Index(both["section"], name="section"))


def entry_industry_scores(indicators: pd.DataFrame, weights: pd.Series | dict[str, float]) -> pd.DataFrame:
    """Score sections by weighted criteria, and say what speaks for and against each.

    Each criterion is stretched over the sections compared, the least to 0 and the greatest to 1, and the
    score is the weighted mean: :math:`S_i = \\sum_j w_j\\,(x_{ij} - \\min_j)/(\\max_j - \\min_j)`.

    Args:
        indicators: one row per section (the index), one column per criterion, more being better. Columns
            without a weight are left out.
        weights: one weight per criterion, zero or more; they are divided by their sum.

    Returns:
        The index of ``indicators`` in the order of the score: ``score`` (0 to 1), ``rank`` (1 is best) and
        ``reasons``: ``+criterion`` where the section stands in the top third of the range, ``-criterion``
        where it stands in the bottom third, heaviest weight first. A criterion that is the same for all tells
        nothing, for or against.

    Raises:
        PlaybookError: a weight is negative or names no column, all are zero, or an indicator is missing or
            infinite.

    Source: Keeney & Raiffa (1976), Decisions with Multiple Objectives (additive value).
    """
    scaled, weight = _stretched(indicators, weights)
    result = pd.DataFrame({"score": (scaled @ weight).round(12)})
    heaviest_first = weight[weight > 0].sort_index().sort_values(ascending=False, kind="stable").index
    telling = [name for name in heaviest_first if scaled[name].max() > scaled[name].min()]
    rows = scaled[telling].to_numpy().tolist()
    result["reasons"] = [
        " ".join(sign + name for name, value in zip(telling, row, strict=True) if (sign := _sign(value)))
        for row in rows
    ]
    result = result.sort_index().sort_values("score", ascending=False, kind="stable")
    result.insert(1, "rank", range(1, len(result) + 1))
    return result


def score_parts(indicators: pd.DataFrame, weights: pd.Series | dict[str, float]) -> pd.DataFrame:
    """What each criterion adds to each section's score: a row's sum is what the section scores.

    Args:
        indicators, weights: as for :func:`entry_industry_scores`, which says what is refused.

    Returns:
        One row per section, best first, and one column per criterion, in points of the score (0 to 1).
    """
    scaled, weight = _stretched(indicators, weights)
    return (scaled * weight).loc[entry_industry_scores(indicators, weights).index]


def score_sensitivity(
    indicators: pd.DataFrame, weights: pd.Series | dict[str, float], draws: int = 2000, seed: int = 3
) -> pd.DataFrame:
    """How often each section would come first if somebody else had chosen the weights.

    The weights are drawn ``draws`` times evenly from all that add up to 1 (a flat Dirichlet distribution over
    the criteria that have a weight at all) and the score is computed anew each time.

    Args:
        indicators, weights: as for :func:`entry_industry_scores`.
        draws: how many sets of weights; 2,000 give shares within about two percentage points.
        seed: which sets; the same seed gives the same shares.

    Returns:
        In the order of the score: ``score``, ``first`` (the share of draws in which the section comes first,
        a fraction; of two that are equal, both do), ``best`` and ``worst`` (its ranks over all draws).

    Raises:
        PlaybookError: as for :func:`entry_industry_scores`.

    Source: Lahdelma & Salminen (2001), Operations Research 49 (first-rank acceptability).
    """
    scaled, weight = _stretched(indicators, weights)
    used = sorted(weight.index[weight > 0])
    drawn = np.random.default_rng(seed).dirichlet(np.ones(len(used)), size=draws)
    scores = (drawn @ scaled[used].to_numpy().T).round(12)
    ranks = 1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
    result = pd.DataFrame(
        {
            "score": (scaled @ weight).round(12),
            "first": (ranks == 1).mean(axis=0),
            "best": ranks.min(axis=0),
            "worst": ranks.max(axis=0),
        },
        index=indicators.index,
    )
    return result.sort_index().sort_values("score", ascending=False, kind="stable")


def _stretched(indicators: pd.DataFrame, weights) -> tuple[pd.DataFrame, pd.Series]:
    """Indicators between 0 and 1 and weights that add up to 1, for the same criteria."""
    weight = pd.Series(weights, dtype=float)
    unknown = [name for name in weight.index if name not in indicators.columns]
    if unknown:
        raise PlaybookError(
            _("there is no criterion {name!r}").format(name=unknown[0]),
            where="weights",
            remedy=_("use the columns of the indicators: {columns}").format(
                columns=", ".join(map(str, indicators.columns))
            ),
        )
    if not np.isfinite(weight).all() or (weight < 0).any() or weight.sum() == 0:
        raise PlaybookError(
            _("weights must be zero or more, and not all zero"),
            where="weights",
            remedy=_("for a criterion of which less is better, turn the column's sign, not the weight's"),
        )
    values = indicators[list(weight.index)].astype(float)
    missing = np.argwhere(~np.isfinite(values.to_numpy()))
    if len(missing):
        row, column = values.index[missing[0][0]], values.columns[missing[0][1]]
        raise PlaybookError(
            _("an indicator is missing or infinite"),
            where=_("row {row}, column {column}").format(row=row, column=column),
            remedy=_("fill it in, or leave the section out of the comparison"),
        )
    low, span = values.min(), values.max() - values.min()
    return ((values - low) / span.where(span > 0, 1)), weight / weight.sum()


def _sign(value: float) -> str:
    return "+" if value >= STRONG else "-" if value <= WEAK else ""
