"""The same city, plan and run come to the same figures everywhere."""

import json

import numpy as np

from tests.simulator.golden import FILE, all_golden


def test_the_figures_are_those_that_were_kept():
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    found = all_golden()
    assert found.keys() == kept.keys()
    for name, numbers in kept.items():
        assert np.allclose(found[name], numbers, rtol=0, atol=1.5e-6), name
