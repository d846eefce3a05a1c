"""Benchmark customers: whose word wins others, and which prospects see themselves in whom.

A reference works where the prospect recognises itself: the same trade, a similar size, a place near enough
to visit. The weights and the bands below are the course's own assumptions; change them where you know better.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.market.flags import yes_or_no
from playbook.words import _

BANDS = ("1-9", "10-49", "50-199", "200+")
"""Size bands, in employees."""

_BAND_STARTS = (1, 10, 50, 200)

WEIGHTS = {"industry": 0.5, "size": 0.3, "place": 0.2}
"""How much each likeness counts. They add up to 1. The course's assumption."""

SAME_SECTION = 0.4
"""Likeness of industry for two accounts of the same section but another division."""

THRESHOLD = 0.7
"""From this similarity on, a prospect counts as covered by a reference. The course's assumption."""


@dataclass(frozen=True)
class EntryProfile:
    """Where a city's value lies: the trades, sizes and districts that benchmark customers should come from.

    Attributes:
        divisions: two-digit divisions of industry (``C33``), most value first.
        bands: size bands, in employees, most value first.
        districts: names of districts, most value first.
    """

    divisions: tuple[str, ...]
    bands: tuple[str, ...]
    districts: tuple[str, ...]


@kept_by_content
def business_reference_value(references: pd.DataFrame, rate: float = 0.10) -> pd.DataFrame:
    """What a client is worth through the customers that its word helped to win.

    .. math:: BRV_i = \\sum_n \\frac{Ref_n \\cdot DOI_{in} \\cdot CLV_n}{(1 + r)^{t_n}}

    Ref is 1 if the prospect became a customer and 0 if not, DOI the degree to which client i's reference
    influenced it, CLV the lifetime value of the customer won, t the years from the reference to its start.
    This is a simplification: in the study the sum runs over the prospects that converted, Ref is the degree to
    which references as such affected each, the rate is monthly, and t counts from the start of its window.

    Args:
        references: one row per reference given: ``referrer_id``, ``converted`` (bool), ``influence`` (0 to
            1), ``clv_cny`` (CNY), ``years_to_convert`` (years). What is missing in a row that did not
            convert does not matter.
        rate: yearly discount rate, a fraction.

    Returns:
        One row per referrer, the highest value first (then by id): ``referrer_id``, ``given``,
        ``converted`` (counts), ``brv_cny``.

    Raises:
        PlaybookError: a column is missing, an influence lies outside 0 to 1, a converted row lacks a number,
            ``converted`` is neither yes nor no, or the rate is not above -1.

    Source: after Kumar, Petersen and Leone (2013), Journal of Marketing 77(1), simplified.
    """
    numbers = ["influence", "clv_cny", "years_to_convert"]
    need_columns(references, ["referrer_id", "converted", *numbers], "references")
    if not rate > -1:
        raise PlaybookError(
            _("the discount rate is {rate!r}").format(rate=rate), remedy=_("write 10 % as 0.10")
        )
    table = references[["referrer_id", "converted", *numbers]].copy()
    won = yes_or_no(table["converted"])
    for column in numbers:
        empty = won & table[column].isna()
        if empty.any():
            raise PlaybookError(
                _("{column} is missing in {count} converted rows").format(
                    column=column, count=int(empty.sum())
                ),
                where=_("references, row {row}").format(row=table.index[empty][0]),
                remedy=_("fill the number or leave the row out"),
            )
    outside = won & ~table["influence"].between(0, 1)
    if outside.any():
        raise PlaybookError(
            _("influence is {value}").format(value=table["influence"][outside].iloc[0]),
            where=_("references, row {row}").format(row=table.index[outside][0]),
            remedy=_("influence is a share, between 0 and 1"),
        )
    table["brv_cny"] = (
        table["influence"] * table["clv_cny"] / (1 + rate) ** table["years_to_convert"]
    ).where(won, 0.0)
    sums = (
        table.assign(converted=won)
        .groupby("referrer_id", as_index=False)
        .agg(given=("converted", "size"), converted=("converted", "sum"), brv_cny=("brv_cny", "sum"))
    )
    sums["brv_cny"] = sums["brv_cny"].round(6)
    return sums.sort_values(["brv_cny", "referrer_id"], ascending=[False, True], ignore_index=True)


def lifetime_value(acv_cny: pd.Series, years: float = 4.0, margin: float = 0.70) -> pd.Series:
    """What a client is worth through its own contract: :math:`CLV = ACV \\cdot m \\cdot T`.

    Not discounted, as the ``clv_cny`` of the references table: the course's own short cut. The field discounts.

    Args:
        acv_cny: annual contract value, CNY a year.
        years: expected years as a customer, 1 over the yearly churn: 4 years for a churn of 25 %. Fictional.
        margin: gross margin, a fraction. Fictional.

    Returns:
        CNY, with the index of ``acv_cny``.

    Raises:
        PlaybookError: the years or the margin are negative.

    For the discounted value: Gupta, Lehmann and Stuart (2004), Journal of Marketing Research 41(1).
    """
    if not (years >= 0 and margin >= 0):
        raise PlaybookError(
            _("{years} years and a margin of {margin} cannot be").format(years=years, margin=margin),
            remedy=_("give both above 0"),
        )
    return (acv_cny * margin * years).rename("clv_cny")


def size_band(employees: pd.Series) -> pd.Series:
    """The size band of each account (see ``BANDS``); missing where the number of employees is."""
    count = pd.to_numeric(employees, errors="coerce").astype(float)
    codes = np.searchsorted(_BAND_STARTS, count.to_numpy(), side="right") - 1
    bands = [
        BANDS[code] if known and code >= 0 else None for code, known in zip(codes, count.notna(), strict=True)
    ]
    return pd.Series(bands, index=employees.index, name="size_band", dtype="str")


def entry_profile(
    prospects: pd.DataFrame, divisions: int = 8, bands: int = 2, districts: int = 3
) -> EntryProfile:
    """The trades, sizes and districts that hold the most of the prospects' value.

    Args:
        prospects: what :func:`prospect_accounts` returns.
        divisions, bands, districts: how many of each belong to the profile.
    """

    def top(column: str, count: int) -> tuple[str, ...]:
        totals = prospects.groupby(column)["value_cny"].sum().round(2)
        return tuple(totals.sort_values(ascending=False, kind="stable").head(count).index)

    return EntryProfile(top("division", divisions), top("size_band", bands), top("district", districts))


def congruency(accounts: pd.DataFrame, profile: EntryProfile) -> pd.Series:
    """Whether each account fits the entry profile: its industry does, and its size or its place does too.

    A benchmark from another trade persuades nobody in yours, however big its name.

    Args:
        accounts: ``division``, ``size_band``, ``district``.
        profile: what :func:`entry_profile` returns.

    Returns:
        True or False, one per row.
    """
    need_columns(accounts, ["division", "size_band", "district"], "accounts")
    size_or_place = accounts["size_band"].isin(profile.bands) | accounts["district"].isin(profile.districts)
    return (accounts["division"].isin(profile.divisions) & size_or_place).rename("congruent")


@kept_by_content
def similarity(
    candidates: pd.DataFrame, prospects: pd.DataFrame, weights: dict[str, float] | None = None
) -> pd.DataFrame:
    """How much of itself a prospect sees in a candidate.

    .. math:: s_{ij} = 0.5\\,\\text{industry}_{ij} + 0.3\\,\\text{size}_{ij} + 0.2\\,\\text{place}_{ij}

    Industry is 1 for the same division, 0.4 for the same section, else 0; size is 1 for the same band and
    loses a third for each band apart; place is 1 in the same district, else 0. What is unknown is like nothing.

    Args:
        candidates, prospects: ``account_id``, ``section``, ``division``, ``size_band``, ``district``.
        weights: of industry, size and place; ``WEIGHTS`` if left out. They must add up to 1.

    Returns:
        0 to 1, to three decimals; one row per candidate, one column per prospect, labelled by account_id.

    Raises:
        PlaybookError: a column is missing, a size band is unknown, or the weights do not add up to 1.
    """
    weights = WEIGHTS if weights is None else weights
    if set(weights) != set(WEIGHTS) or abs(sum(weights.values()) - 1) > 1e-9 or min(weights.values()) < 0:
        raise PlaybookError(
            _("the weights are {weights}").format(weights=weights),
            remedy=_("weigh industry, size and place; together 1"),
        )
    for name, table in {"candidates": candidates, "prospects": prospects}.items():
        need_columns(table, ["account_id", "section", "division", "size_band", "district"], name)
        unknown = ~table["size_band"].isin(BANDS)
        if unknown.any():
            raise PlaybookError(
                _("size band {band!r} is not known").format(band=table["size_band"][unknown].iloc[0]),
                where=f"{name}, account {table['account_id'][unknown].iloc[0]}",
                remedy=_("use one of {bands}").format(bands=", ".join(BANDS)),
            )

    def same(column: str) -> np.ndarray:
        ones, others = candidates[column], prospects[column]
        known = np.logical_and.outer(ones.notna().to_numpy(), others.notna().to_numpy())
        ones, others = (one.astype(object).where(one.notna(), None) for one in (ones, others))
        return (np.equal.outer(ones.to_numpy(), others.to_numpy()).astype(bool) & known).astype(float)

    steps = [table["size_band"].map(BANDS.index).to_numpy(dtype=float) for table in (candidates, prospects)]
    industry = np.maximum(same("division"), SAME_SECTION * same("section"))
    size = 1 - np.abs(np.subtract.outer(*steps)) / (len(BANDS) - 1)
    score = weights["industry"] * industry + weights["size"] * size + weights["place"] * same("district")
    return pd.DataFrame(
        np.round(score, 3),
        index=pd.Index(candidates["account_id"], name="candidate"),
        columns=pd.Index(prospects["account_id"], name="prospect"),
    )


def similarity_coverage(scores: pd.DataFrame, threshold: float = THRESHOLD) -> pd.DataFrame:
    """Who is covered by whom: True where the similarity is at or above the threshold.

    Args:
        scores: what :func:`similarity` returns.
        threshold: between 0 and 1.
    """
    if not 0 <= threshold <= 1:
        raise PlaybookError(
            _("the threshold is {threshold!r}").format(threshold=threshold),
            remedy=_("give a similarity between 0 and 1"),
        )
    return scores >= threshold


def need_columns(table: pd.DataFrame, columns: Iterable[str], name: str) -> None:
    """Say which column a table lacks, and what it should have."""
    columns = list(columns)
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise PlaybookError(
            _("column {name} is missing").format(name=missing[0]),
            where=name,
            remedy=_("it needs the columns {columns}").format(columns=", ".join(columns)),
        )
