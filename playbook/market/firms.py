"""When two entries of a list are one firm."""

import pandas as pd

ONE_FIRM = ("district_adcode", "division", "founded", "revenue_10k")
"""Two entries that agree in all of these columns are one firm, however its name is spelt."""


def one_row_per_firm(accounts: pd.DataFrame) -> pd.DataFrame:
    """The list with each firm once: of the entries that agree in :data:`ONE_FIRM`, the one with the lowest number.

    A firm that is listed twice would be visited twice, counted twice, and stand on both sides of a hold-out.

    Args:
        accounts: rows with ``account_id`` and the columns of :data:`ONE_FIRM`.

    Returns:
        The rows that are kept, in their order and with their index.

    Source: the course's own rule.
    """
    kept = accounts.sort_values("account_id", kind="stable").drop_duplicates(list(ONE_FIRM)).index
    return accounts[accounts.index.isin(kept)]
