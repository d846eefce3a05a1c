"""Whom we meet, where we lose and why, and where one more seller wins most.

Win-loss analysis is the field's name for asking buyers after the decision. The share of attention that a seller
gets against the sellers of rivals is the attraction model of Bell, Keeney and Little.
"""

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.kept import kept_by_content
from playbook.market.entry import win_rates
from playbook.words import _

PER_HUNDRED = 5.0
"""From how many of their sellers for 100 firms in need a district is thick with rivals."""


def installed_shares(accounts: pd.DataFrame, rival: str = "comp_installed") -> pd.DataFrame:
    """Share of firms that run each rival's product.

    Args:
        accounts: one row per firm, such as the firms in need, each once; an empty cell in ``rival`` is a firm
            that runs none, not a rival.

    Returns:
        One row per rival, the most first: ``rival``, ``firms`` (count), ``share`` (of all rows, a fraction).

    Raises:
        PlaybookError: there are no firms.

    Source: installed base, as in Porter (1980), Competitive Strategy.
    """
    if not len(accounts):
        raise PlaybookError(_("there are no firms to count"), remedy=_("Keep at least one."))
    counts = accounts[rival].value_counts().rename_axis("rival").sort_index()
    counts = counts.sort_values(ascending=False, kind="stable")
    return pd.DataFrame(
        {"rival": counts.index, "firms": counts.to_numpy(), "share": counts.to_numpy() / len(accounts)}
    )


def reason_gap(interviews: pd.DataFrame, reason: str) -> float:
    """By how much sellers name a reason more often than the buyers of the same lost deals.

    Args:
        interviews: one row per deal: ``status``, ``reason_seller``, ``reason_buyer``; rows that are not lost, or in
            which one of the two says nothing, are left out.
        reason: such as ``price``.

    Returns:
        A difference of shares, -1 to 1; above 0 where sellers name it more often.

    Raises:
        PlaybookError: no lost deal in which both speak.
    """
    lost = interviews[interviews["status"] == "lost"].dropna(subset=["reason_seller", "reason_buyer"])
    if not len(lost):
        raise PlaybookError(
            _("in no lost deal do both the seller and the buyer give a reason"),
            remedy=_("Ask the buyers of lost deals."),
        )
    return float((lost["reason_seller"] == reason).mean() - (lost["reason_buyer"] == reason).mean())


def attraction_share(own: object, rivals: object):
    """The share of attention that we get: our attraction over everybody's.

    .. math:: m = \\frac{A}{A + \\sum_k A_k}

    Args:
        own: our attraction, such as sellers in a district, 0 or more; a number or a column.
        rivals: that of all rivals together, in the same unit.

    Returns:
        A fraction, or a column of them; 0 where nobody attracts.

    Raises:
        PlaybookError: a negative attraction.

    Source: Bell, Keeney and Little (1975), Journal of Marketing Research 12.
    """
    ours, theirs = np.asarray(own, dtype=float), np.asarray(rivals, dtype=float)
    if (ours < 0).any() or (theirs < 0).any():
        raise PlaybookError(
            _("an attraction cannot be negative"), remedy=_("Count sellers, visits or money from 0 up.")
        )
    both = ours + theirs
    share = np.divide(ours, both, out=np.zeros(both.shape), where=both > 0)
    if isinstance(own, pd.Series):
        return pd.Series(share, index=own.index)
    return float(share) if share.ndim == 0 else share


@kept_by_content
def rival_field(
    need: pd.DataFrame, sellers: pd.DataFrame, interviews: pd.DataFrame, districts: pd.DataFrame
) -> pd.DataFrame:
    """One row per district: the firms in need, the sellers of both sides, and how often we win there.

    Args:
        need: the firms in need, one row each: ``district_adcode``.
        sellers: ``district_adcode``, ``seller_of`` (``ours`` or a rival), ``sellers``.
        interviews: one row per deal: ``district_adcode``, ``status`` (won, lost, open).
        districts: ``district_adcode``, ``district``; says the order of the rows.

    Returns:
        ``district``, ``need`` (firms), ``own``, ``rivals`` (sellers), ``decided``, ``won``, ``win_rate``, ``low``,
        ``high`` (as :func:`playbook.market.win_rates`; 0, 0, missing, 0 and 1 where no deal is decided).
    """
    codes = districts["district_adcode"]
    ours = sellers["seller_of"] == "ours"
    counts = {
        "need": need["district_adcode"].value_counts(),
        "own": sellers[ours].groupby("district_adcode")["sellers"].sum(),
        "rivals": sellers[~ours].groupby("district_adcode")["sellers"].sum(),
    }
    rates = win_rates(interviews, "district_adcode").set_index("district_adcode").reindex(codes)
    rates = rates.fillna({"decided": 0, "won": 0, "low": 0.0, "high": 1.0})
    table = pd.DataFrame({"district": districts["district"].to_numpy()}, index=codes.to_numpy())
    for name, column in counts.items():
        table[name] = column.reindex(codes, fill_value=0).astype(int)
    for name in ("decided", "won"):
        table[name] = rates[name].astype(int)
    return table.join(rates[["win_rate", "low", "high"]]).reset_index(drop=True)


def next_seller(districts: pd.DataFrame, rate: float) -> pd.DataFrame:
    """The wins that one more seller adds in each district.

    .. math:: g_d = N_d \\, r \\left(\\frac{s_d + 1}{s_d + 1 + c_d} - \\frac{s_d}{s_d + c_d}\\right)

    The first seller in an empty field takes all of it, the tenth almost nothing: what counts is the *next* win,
    not the average one.

    Args:
        districts: ``district``, ``need`` (firms in need, ``N``), ``own`` (our sellers, ``s``), ``rivals`` (theirs,
            ``c``).
        rate: wins for each firm in need whose whole attention we have, a fraction, ``r``.

    Returns:
        ``district``, ``wins`` (as it stands), ``adds`` (wins), the most first; of equals, the first of the table.

    Source: the attraction model of Bell, Keeney and Little (1975); its use for the next seller is the course's own.
    """
    now = attraction_share(districts["own"], districts["rivals"])
    then = attraction_share(districts["own"] + 1, districts["rivals"])
    table = pd.DataFrame(
        {
            "district": districts["district"],
            "wins": districts["need"] * rate * now,
            "adds": districts["need"] * rate * (then - now),
        }
    )
    order = table["adds"].round(12).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def keep_out(districts: pd.DataFrame, overall: float, per_hundred: float = PER_HUNDRED) -> list:
    """Districts to keep out of: thick with rivals, and we surely win less there.

    Both must hold: at least so many rival sellers for 100 firms in need, and a high end of our win rate below the
    overall one.

    Args:
        districts: ``district``, ``need`` (firms in need), ``rivals`` (their sellers), ``high`` (fraction).
        overall: our win rate everywhere, a fraction.
        per_hundred: rival sellers for 100 firms in need; where no rival stands it is never thick.

    Returns:
        Names in the order of the table.

    Source: the course's own rule.
    """
    thick = 100 * districts["rivals"] >= per_hundred * districts["need"] - 1e-9
    thick &= districts["rivals"] > 0
    return list(districts.loc[thick & (districts["high"] < overall), "district"])


def square_law_survivors(own: float, rivals: float, skill: float = 1.0) -> float:
    """Who is left of the stronger side when everybody can reach everybody: :math:`\\sqrt{a^2 - b^2 / k}`.

    A side-bar: practitioners use it as a picture of concentration. It is not a law of markets.

    Args:
        own: our strength. rivals: theirs. skill: how much one of us counts against one of them.

    Returns:
        Our survivors; negative: theirs.

    Raises:
        PlaybookError: a negative strength, or no skill.

    Source: Lanchester (1916), Aircraft in Warfare.
    """
    if min(own, rivals) < 0 or skill <= 0:
        raise PlaybookError(
            _("a strength cannot be negative, and skill is above 0"), remedy=_("Give numbers from 0 up.")
        )
    rest = own**2 - rivals**2 / skill
    return rest**0.5 if rest >= 0 else -((-rest * skill) ** 0.5)
