"""Yes and no, however a file has them."""

import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.market.flags import is_yes, yes_or_no


@pytest.mark.parametrize("value", [True, np.True_, 1, 1.0, "true", " TRUE ", "Yes"])
def test_yes_is_read_in_every_spelling(value):
    assert is_yes(value) is True


@pytest.mark.parametrize("value", [False, np.False_, 0, 0.0, "false", "FALSE", "no"])
def test_no_is_read_in_every_spelling(value):
    assert is_yes(value) is False


@pytest.mark.parametrize("value", ["perhaps", 2, "", None, float("nan"), pd.NA])
def test_what_is_neither_is_refused(value):
    with pytest.raises(PlaybookError, match="neither yes nor no"):
        is_yes(value)


def test_a_gap_counts_as_told():
    assert is_yes(pd.NA, unknown=False) is False
    column = pd.Series(["true", None, "false"], name="export", index=list("abc"))
    assert yes_or_no(column, unknown=False).tolist() == [True, False, False]
    with pytest.raises(PlaybookError, match="column export, row b"):
        yes_or_no(column)


def test_a_column_of_booleans_stays_as_it_is():
    column = pd.Series([True, False])
    assert yes_or_no(column).equals(column)
