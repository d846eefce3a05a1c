"""A twin that was written from the equations, agent by agent in simpy, agrees in distribution on a tiny city."""

from dataclasses import replace

import numpy as np
import pytest

from playbook.simulator import make_draws, simulate
from tests.simulator.tiny import small_plan, tiny_city
from tests.simulator.twin import left_out, run_twin

RUNS = 400
#: How many standard errors two means may be apart: seven totals and one in ten thousand.
APART = 4.2


@pytest.mark.long
def test_the_twin_agrees_in_distribution():
    pytest.importorskip("simpy")
    from scipy.stats import ks_2samp

    city, plan = tiny_city(), replace(small_plan(), salons=(0,) * 4)
    assert left_out(plan) == []
    twins = [run_twin(city, plan, seed) for seed in range(RUNS)]
    outcome = simulate(city, plan, make_draws(city, RUNS))
    ours = {
        "value": outcome.value,
        "lowest": outcome.column("cash").min(1),
        **{
            name: outcome.column(name).sum(1)
            for name in ("bookings", "wins", "decided", "left", "equivalents")
        },
    }
    for name, values in ours.items():
        theirs = np.array([twin[name] for twin in twins])
        error = np.hypot(values.std(ddof=1), theirs.std(ddof=1)) / np.sqrt(RUNS)
        told = f"{name}: {values.mean():.2f} here, {theirs.mean():.2f} in the twin, error {error:.2f}"
        assert abs(values.mean() - theirs.mean()) < APART * error, told
        assert ks_2samp(values, theirs).pvalue > 1e-4, told
