"""First of equals: which of several numbers is the largest when some are equal but for rounding.

Sums of the same numbers differ in the last digits from one processor to another. What a reader takes for a tie
must be one on every machine, so numbers within a relative tolerance count as equal and the first one wins.
"""

import numpy as np

TOLERANCE = 1e-9
"""Numbers that differ by less than this share of the larger one (or of 1) count as equal."""


def first_largest(values: np.ndarray) -> int:
    """Position of the first number that is as large as any, within :data:`TOLERANCE`."""
    values = np.asarray(values, dtype=float)
    most = values.max()
    return int(np.argmax(values >= most - _slack(most)))


def first_smallest(values: np.ndarray) -> int:
    """Position of the first number that is as small as any, within :data:`TOLERANCE`."""
    return first_largest(-np.asarray(values, dtype=float))


def surely_less(one: float, other: float) -> bool:
    """Whether one number is below another by more than :data:`TOLERANCE`."""
    return one < other - _slack(other)


def _slack(value: float) -> float:
    return TOLERANCE * max(abs(value), 1.0) if np.isfinite(value) else 0.0
