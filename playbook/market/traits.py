"""Customer profiles in words: traits of accounts, and how often accounts with them need the product."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.flags import yes_or_no
from playbook.words import N_, _

#: Traits a manager can say in a sentence, each a rule on the accounts table. What is unknown is a "no".
TRAITS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    N_("exports"): lambda accounts: yes_or_no(accounts["export"], unknown=False),
    N_("20 staff or more"): lambda accounts: accounts["employees"] >= 20,
    N_("IT maturity 3 or more"): lambda accounts: accounts["it_maturity"] >= 3,
    N_("no competitor installed"): lambda accounts: accounts["comp_installed"].isna(),
    N_("manufacturing"): lambda accounts: accounts["section"] == "C",
    N_("founded 2015 or later"): lambda accounts: accounts["founded"] >= 2015,
    N_("state-owned"): lambda accounts: accounts["owner_type"] == "state",
    N_("came from an exhibition"): lambda accounts: accounts["source"] == "exhibition",
    N_("asked for a quote"): lambda accounts: yes_or_no(accounts["quote_asked"], unknown=False),
}


def trait_flags(accounts: pd.DataFrame, traits: Iterable[str] = tuple(TRAITS)) -> pd.DataFrame:
    """Which account has which trait: one yes/no column per trait of :data:`TRAITS`.

    Args:
        accounts: the accounts table.
        traits: names from :data:`TRAITS`.

    Returns:
        Booleans, indexed like ``accounts``; what is unknown counts as no.

    Raises:
        PlaybookError: a trait has no such name, or a yes/no column holds something else.
    """
    flags = {}
    for trait in traits:
        if trait not in TRAITS:
            raise PlaybookError(
                _("there is no trait {trait!r}").format(trait=trait),
                remedy=_("Choose among {traits}.").format(traits=", ".join(TRAITS)),
            )
        flags[trait] = TRAITS[trait](accounts).fillna(False).astype(bool)
    return pd.DataFrame(flags, index=accounts.index)


def trait_table(flags: pd.DataFrame, needs: pd.Series) -> pd.DataFrame:
    """How often accounts with a trait need the product, beside those without it.

    ``difference = rate_with - rate_without``; ``lift = rate_with / overall rate``.

    Args:
        flags: one yes/no column per trait (see :func:`trait_flags`).
        needs: yes/no per account, indexed like ``flags``.

    Returns:
        Indexed by trait, the largest difference first: ``accounts`` with it (count), ``share`` of all
        (0-1), ``rate_with`` and ``rate_without`` (0-1; missing where there is no such account),
        ``difference`` (as a fraction: 0.05 is 5 percentage points), ``lift`` (times).

    Raises:
        PlaybookError: different indexes, nobody in need, or a need that is neither yes nor no.
    """
    needs = _aligned(flags, needs)
    rows = {
        trait: {
            "accounts": int(has.sum()),
            "share": has.mean(),
            "rate_with": needs[has].mean(),
            "rate_without": needs[~has].mean(),
        }
        for trait, has in flags.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("trait")
    table["difference"] = table["rate_with"] - table["rate_without"]
    table["lift"] = table["rate_with"] / needs.mean()
    return table.sort_values("difference", ascending=False, kind="stable").astype({"accounts": int})


def rate_by_traits_met(flags: pd.DataFrame, needs: pd.Series) -> pd.DataFrame:
    """Share in need among accounts that meet none, one, two ... all of the traits.

    Args:
        flags: one yes/no column per trait of the profile.
        needs: yes/no per account, indexed like ``flags``.

    Returns:
        Indexed by ``met`` from 0 to the number of traits: ``accounts`` and ``wins`` (counts), ``rate``
        (0-1; missing where nobody meets so many).

    Raises:
        PlaybookError: different indexes, or nobody in need.
    """
    needs = _aligned(flags, needs)
    met = needs.groupby(flags.sum(axis=1))
    table = pd.DataFrame({"accounts": met.size(), "wins": met.sum()})
    table = table.reindex(range(flags.shape[1] + 1), fill_value=0).astype(int)
    table["rate"] = table["wins"] / table["accounts"].where(table["accounts"] > 0)
    return table.rename_axis("met")


def _aligned(flags: pd.DataFrame, needs: pd.Series) -> pd.Series:
    if not flags.index.equals(needs.index):
        raise PlaybookError(_("traits and needs are not the same rows"), remedy=_("Index both alike."))
    needs = yes_or_no(needs)
    if not needs.any():
        raise PlaybookError(_("no account needs the product, so there is nothing to compare"))
    return needs
