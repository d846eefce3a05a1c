"""Customer profiles: grade accounts, see what is missing about them, say what to do next.

The course reads the customer-portrait four-level jump (客户画像四级跳) as: 1 a label from static facts,
2 a group by behaviour and need, 3 a scored propensity, 4 the next action. Levels 1 and 4 are here, 2 is in
:mod:`playbook.market.groups`, 3 in :mod:`playbook.market.targeting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.firms import ONE_FIRM, one_row_per_firm
from playbook.market.flags import is_yes
from playbook.words import _

NEXT_ACTIONS = ("visit now", "find the decision maker", "invite to a salon", "leave to the website")


INDUSTRIES = {"C": "manufacturing", "F": "wholesale and retail"}


def prepare_accounts(accounts: pd.DataFrame) -> pd.DataFrame:
    """Make the account list ready for profiles: one row per firm, and size and industry as models want them.

    Each firm is kept once, see :func:`playbook.market.firms.one_row_per_firm`. Added are ``log_employees`` = log10(employees), missing where employees is; ``competitor``,
    whether any competitor's product is installed; and ``industry``: manufacturing (section C), wholesale and
    retail (F), or other.

    Args:
        accounts: the accounts table of a case.

    Returns:
        A new table, indexed from 0.

    Raises:
        PlaybookError: a column is not there.
    """
    absent = [
        name
        for name in ("account_id", *ONE_FIRM, "employees", "section", "comp_installed")
        if name not in accounts.columns
    ]
    if absent:
        raise PlaybookError(
            _("the table has no {columns}").format(columns=", ".join(absent)),
            remedy=_("Pass the accounts table of a case."),
        )
    firms = one_row_per_firm(accounts).reset_index(drop=True)
    firms["log_employees"] = np.log10(firms["employees"].astype(float))
    firms["competitor"] = firms["comp_installed"].notna()
    firms["industry"] = firms["section"].map(INDUSTRIES).fillna("other")
    return firms


@dataclass(frozen=True)
class AbcRule:
    """The lines that :func:`abc_grade` draws.

    Attributes:
        min_employees: people; an account with fewer, or of unknown size, earns no point for size.
        min_it_maturity: on the scale 1-5.
        good_fit: points out of four from which an account is worth a grade above C whoever we know there.
    """

    min_employees: float = 20
    min_it_maturity: int = 3
    good_fit: int = 3


ABC_RULE = AbcRule()


def fit_points(account: Mapping | pd.Series, rule: AbcRule = ABC_RULE) -> int:
    """Count how many of the four fit conditions an account meets (0-4).

    One point each: it exports; it has ``rule.min_employees`` people or more; its IT maturity is
    ``rule.min_it_maturity`` or more; no competitor's product is installed. What is unknown earns nothing,
    except ``comp_installed``, where a missing value means that none is installed.

    Args:
        account: one row with ``export`` (bool), ``employees`` (people), ``it_maturity`` (1-5) and
            ``comp_installed`` (a competitor's code, or missing).
        rule: where the lines are.

    Raises:
        PlaybookError: a column is not there.
    """
    for column in ("export", "employees", "it_maturity", "comp_installed"):
        if column not in account:
            raise PlaybookError(
                _("an account has no {column!r}, which the grading rule reads").format(column=column),
                remedy=_("Grade a row of the accounts table with its own column names."),
            )
    employees, it_maturity = account["employees"], account["it_maturity"]
    return (
        int(is_yes(account["export"], unknown=False))
        + int(not pd.isna(employees) and employees >= rule.min_employees)
        + int(not pd.isna(it_maturity) and it_maturity >= rule.min_it_maturity)
        + int(pd.isna(account["comp_installed"]))
    )


def abc_grade(account: Mapping | pd.Series, rule: AbcRule = ABC_RULE) -> str:
    """Grade one account A, B or C from its fit and from whether we know who decides.

    A: fit of ``rule.good_fit`` or more and the decision maker known. B: the same fit without the decision
    maker, or one point less with the decision maker known. C: everything else. Fit is :func:`fit_points`.

    The articles behind the course name A and B customers and imply C; they give no rule. This one is ours:
    fit from the outer layers of nested segmentation, access from its inner ones.

    Args:
        account: a row (mapping or Series) with the columns of :func:`fit_points` and
            ``decision_maker_known`` (bool).
        rule: where the lines are.

    Returns:
        ``"A"``, ``"B"`` or ``"C"``.

    Raises:
        PlaybookError: a column is not there.

    Source: Shapiro and Bonoma (1984) for the layers; the rule is the course's own.
    """
    if "decision_maker_known" not in account:
        raise PlaybookError(
            _("an account has no 'decision_maker_known', which the grading rule reads"),
            remedy=_("Grade a row of the accounts table with its own column names."),
        )
    known = is_yes(account["decision_maker_known"], unknown=False)
    points = fit_points(account, rule)
    if points >= rule.good_fit:
        return "A" if known else "B"
    return "B" if known and points == rule.good_fit - 1 else "C"


def next_action(grade: str, score: float, decision_maker_known: bool, *, visit_from: float) -> str:
    """Say what to do next with an account: level 4 of the four-level jump (the course's own rule).

    ``visit_from`` is the score from which a visit pays. At or above it: visit now if the decision maker is
    known, else find that person first. Below it: A and B are invited to a salon, where one afternoon serves
    many, and C is left to the website.

    Args:
        grade: ``"A"``, ``"B"`` or ``"C"``.
        score: estimated probability of need, 0-1.
        decision_maker_known: whether we know who decides there.
        visit_from: the same scale, 0-1.

    Returns:
        One of :data:`NEXT_ACTIONS`.

    Raises:
        PlaybookError: the grade is none of the three, or a score lies outside 0-1.
    """
    if grade not in ("A", "B", "C"):
        raise PlaybookError(_("{grade!r} is not a grade").format(grade=grade), remedy=_("Use A, B or C."))
    if not (0 <= score <= 1 and 0 <= visit_from <= 1):
        raise PlaybookError(
            _("score {score} and limit {visit_from} must both lie between 0 and 1").format(
                score=score, visit_from=visit_from
            ),
            remedy=_("Give probabilities as fractions: 0.25, not 25."),
        )
    if score >= visit_from:
        return "visit now" if decision_maker_known else "find the decision maker"
    return "leave to the website" if grade == "C" else "invite to a salon"


def missing_by(frame: pd.DataFrame, column: str, by: str, *, bands: int = 4) -> pd.DataFrame:
    """Show how often ``column`` is missing in each group of ``by``.

    ``missing_share = missing / accounts`` per group. If values were missing completely at random, the
    shares would differ by chance only (Rubin 1976).

    Args:
        frame: one row per account.
        column: the column that has gaps.
        by: the column to group by; a numeric one with more than ``bands`` distinct values is first cut
            into ``bands`` groups of equal size (quantiles), named ``"1 lowest"`` ... ``"n highest"``.
        bands: number of groups for a numeric ``by``.

    Returns:
        Indexed by group, in order: ``accounts`` (count), ``missing`` (count), ``missing_share`` (0-1).
        Rows whose ``by`` is itself missing form the group ``"unknown"``.

    Raises:
        PlaybookError: a column is not there.

    Source: Rubin (1976).
    """
    for name in (column, by):
        if name not in frame.columns:
            raise PlaybookError(
                _("there is no column {name!r}").format(name=name),
                remedy=_("Choose among {columns}.").format(columns=list(frame.columns)),
            )
    groups = frame[by]
    numeric = pd.api.types.is_numeric_dtype(groups) and not pd.api.types.is_bool_dtype(groups)
    if numeric and groups.nunique() > bands:
        rank = groups.rank(method="average", pct=True).to_numpy(dtype=float, na_value=np.nan)
        codes = np.ceil(np.nan_to_num(rank, nan=0.0) * bands).astype(int)
        names = {code: str(code) for code in range(1, bands + 1)}
        names |= {1: "1 lowest", bands: f"{bands} highest", 0: "unknown"}
        in_order = [names[code] for code in sorted(set(codes.tolist()), key=lambda code: (code == 0, code))]
        groups = pd.Series(
            pd.Categorical([names[code] for code in codes], in_order), index=frame.index, name=by
        )
    else:
        groups = groups.astype("object").where(groups.notna(), "unknown")
    gaps = frame[column].isna().groupby(groups, sort=True, observed=True)
    table = pd.DataFrame({"accounts": gaps.size(), "missing": gaps.sum().astype(int)})
    table["missing_share"] = table["missing"] / table["accounts"]
    return table.set_axis(table.index.astype(object)).rename_axis(by)
