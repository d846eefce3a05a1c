import pytest

from playbook.casemaking.network import reps_required
from playbook.cases import list_cases


@pytest.mark.parametrize(
    ("equivalents", "aim", "required"),
    [
        (16.7, 0.304, 57),  # 0.304 and 0.298 would read 0.3
        (12.0, 0.75, 16),  # as the aim says
        (13.9, 0.7, 21),  # 0.695 would read 0.7
        (0.2, 0.9, 3),  # 0.2 and 0.1 are round
    ],
)
def test_sellers_asked_for_never_make_a_round_density(equivalents, aim, required):
    assert reps_required(equivalents, aim) == required


@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_two_decimals_tell_the_own_sales_density_from_one(case):
    own = case.densities.iloc[0]
    density = own["rep_equivalents"] / own["reps_required"]
    assert f"{density:.2f}" != f"{round(density, 1):.2f}"
