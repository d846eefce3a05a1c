"""What a head of sales would ask of every shipped city, with a range for each answer."""

import numpy as np
import pandas as pd
import pytest

from playbook.casemaking.believable import RANGES, answers, table
from playbook.cases import list_cases

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def asked():
    return pd.DataFrame({case.name: answers(case) for case in list_cases()})


@pytest.mark.parametrize("question", list(RANGES))
def test_a_head_of_sales_believes(asked, question):
    low, high = RANGES[question]
    told = asked.loc[question]
    assert told.between(low - 1e-9, high + 1e-9).all(), told.round(3).to_dict()


def test_cities_differ(asked):
    cases = list_cases()
    assert len({len(case.accounts) for case in cases}) == len(cases)
    for table_name in ("opportunities", "references"):
        assert len({len(case.table(table_name)) for case in cases}) >= len(cases) - 2
    workers = [case.workers["city_workers"].sum() for case in cases]
    assert np.corrcoef(workers, [len(case.accounts) for case in cases])[0, 1] > 0.95, (
        "larger lists in larger cities"
    )
    assert (
        asked.loc["win rate over decided deals"].max() - asked.loc["win rate over decided deals"].min() > 0.03
    )


def test_the_answers_can_be_read_side_by_side():
    shown = table(["jinhua", "nanjing"])
    assert list(shown.columns) == ["Jinhua", "Nanjing", "from", "to"]
    assert list(shown.index) == list(RANGES)
