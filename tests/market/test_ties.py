import numpy as np
import pandas as pd

from playbook.market import greedy_selection
from playbook.market.ties import first_largest, first_smallest, surely_less


def test_the_first_of_equals_is_taken_whatever_the_last_digits_say():
    assert first_largest(np.array([0.3, 0.1 + 0.2, 0.2])) == 0
    assert first_smallest(np.array([0.1 + 0.2, 0.3, 0.4])) == 0
    assert first_largest(np.array([1.0, 1.0 + 1e-6])) == 1


def test_infinite_costs_are_never_the_smallest():
    assert first_smallest(np.array([np.inf, 2.0, np.inf])) == 1


def test_less_means_less_by_more_than_rounding():
    assert surely_less(1.0, 1.1)
    assert not surely_less(0.3, 0.1 + 0.2)


def test_greedy_takes_the_upper_row_of_two_that_add_the_same():
    value = pd.Series([0.1, 0.2, 0.3], index=["p", "q", "r"])
    covered = pd.DataFrame(
        [[False, False, True], [True, True, False]], index=["upper", "lower"], columns=value.index
    )
    assert greedy_selection(covered, value, k=1).chosen == ("upper",)
    assert greedy_selection(covered.iloc[::-1], value, k=1).chosen == ("lower",)
