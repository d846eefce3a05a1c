"""Every model says what it cannot work with, and what to do instead."""

import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.market import (
    channels,
    density,
    economics,
    effect,
    entry,
    goals,
    groups,
    phases,
    profile,
    reference,
    rivals,
    rollout,
    scoring,
    selection,
    staffing,
    targeting,
    traits,
)

_PANEL = pd.DataFrame(
    {
        "bookings_10k": [1.0, 2, 3, 4, 5, 6],
        "md": [1.0, 2, 3, 1, 2, 3],
        "sd": [1.0, 1, 2, 2, 3, 3],
        "kd": [2.0, 1, 2, 3, 1, 3],
    }
)
_FIRMS = pd.DataFrame(
    {"staff": [1.0, 5.0, 9.0], "trade": ["food", "metal", "food"], "need": [True, False, True]},
    index=["P001", "P002", "P003"],
)
_NO_COMMON_COLUMN = np.array([[0.0, np.nan], [np.nan, 0.0]])
_COVERED = pd.DataFrame({"a": [True, False], "b": [False, True]}, index=["x", "y"])
_VALUE = pd.Series({"a": 1.0, "b": 2.0})
_MONTHS = pd.DataFrame({"city_id": ["Wuxi"] * 3, "month": [1, 2, 3]})
_PAST = pd.DataFrame({"days_left": [0, 1, 2], "share": [1.0, 0.9, 0.8]})
_PILOTS = pd.DataFrame(
    {"city_id": ["Wuxi"], "month": [1], "launch_month": [3], "treated": [True], "ratio": [1.0]}
)
_REFERENCES = pd.DataFrame(
    {"referrer_id": ["P1"], "converted": [True], "influence": [1], "clv_cny": [1], "years_to_convert": [1]}
)

_REFUSED = {
    # channels
    "money below 0": (lambda: channels.adbudg(-1, 10, 2, 5), "money is below 0", "Spend 0 or more."),
    "shape of 0": (
        lambda: channels.adbudg(1, 10, 0, 5),
        "a shape and a half above 0",
        "Look at its two numbers.",
    ),
    # density
    "need of 0": (lambda: density.density(1, 0), "What a city needs must be above zero.", "leave it out"),
    "missing density": (
        lambda: density.binding_factor(1, np.nan, 1),
        "nobody can say which is the lowest",
        "find the figure, or leave the city out",
    ),
    "fall of all": (lambda: density.elasticity_lift(-1), "cannot fall by 100 % or more", ""),
    "unknown form": (
        lambda: density.fit_breakthrough_law(_PANEL, form="cubic"),
        "'cubic' is not a form",
        '"log-log" or',
    ),
    "gap in the panel": (
        lambda: density.fit_breakthrough_law(_PANEL.assign(md=np.nan)),
        "The panel has missing values.",
        "dropna()",
    ),
    "logarithm of 0": (
        lambda: density.fit_breakthrough_law(_PANEL.assign(sd=0.0)),
        "Zero and negative values have no logarithm.",
        "do not add a small number",
    ),
    "four rows": (
        lambda: density.fit_breakthrough_law(_PANEL.head(4)),
        "4 rows are too few for four coefficients.",
        "give at least five rows",
    ),
    "exponent of 0": (
        lambda: density.binding_factor(1, 1, 1, exponents=(1, 0, 1)),
        "The law needs three exponents above zero.",
        "",
    ),
    # economics
    "customer pays nothing": (
        lambda: economics.payback_months(100, 0, 0.5),
        "A customer who pays nothing never pays back.",
        "",
    ),
    "life without end": (
        lambda: economics.sbg_lifetime(0.7, 1.2),
        "Without a discount and without a last year, a lifetime has no end.",
        "Give `rate=0.10`, or `years=10`.",
    ),
    # effect
    "no city without": (lambda: effect.event_study(_PILOTS), "Pilots and others must both be there.", ""),
    # entry
    "more won than decided": (
        lambda: entry.wilson_interval(5, 3),
        "5 won of 3 decided cannot be",
        "count won and lost deals only",
    ),
    "unknown criterion": (
        lambda: entry.entry_industry_scores(_FIRMS[["staff"]], {"size": 1}),
        "there is no criterion 'size'",
        "use the columns of the indicators: staff",
    ),
    "weights of 0": (
        lambda: entry.entry_industry_scores(_FIRMS[["staff"]], {"staff": 0}),
        "weights must be zero or more, and not all zero",
        "turn the column's sign",
    ),
    # goals
    "no such day": (
        lambda: goals.usual_share(_PAST, 30),
        "no past month tells what is booked with 30 working days left",
        "Use 0 to 2.",
    ),
    "one value": (
        lambda: goals.control_limits([3]),
        "limits need two values or more",
        "Six to twelve are better",
    ),
    # groups
    "no columns": (
        lambda: groups.gower_distance(_FIRMS[[]]),
        "no columns to compare accounts on",
        "Choose at least one column.",
    ),
    "negative weight": (
        lambda: groups.gower_distance(_FIRMS, weights={"staff": -1}),
        "the weight of 'staff' is -1",
        "Use zero or more.",
    ),
    "narrow range": (
        lambda: groups.gower_distance(_FIRMS, ranges={"staff": 2}),
        "the range given for 'staff' is 2, but its values spread over 8",
        "the largest value minus the smallest",
    ),
    "other rows": (
        lambda: groups.describe_groups(_FIRMS, pd.Series([1, 1, 2])),
        "accounts and groups are not the same rows",
        "Index both alike.",
    ),
    "nothing in common": (
        lambda: groups.k_medoids(_NO_COMMON_COLUMN, 1),
        "2 accounts have no known column in common with some other",
        "Leave those rows out",
    ),
    # phases
    "three months": (
        lambda: phases.city_signs(_MONTHS),
        "Wuxi has 3 months: two quarters are needed",
        "Wait until it has six.",
    ),
    "a series that stays": (
        lambda: phases.lag_correlations([1] * 12, range(12)),
        "a series that never changes goes with nothing",
        "Give months that differ from each other.",
    ),
    # profile
    "grade D": (
        lambda: profile.next_action("D", 0.5, True, visit_from=0.3),
        "'D' is not a grade",
        "Use A, B or C.",
    ),
    "per cent": (
        lambda: profile.next_action("A", 25, True, visit_from=0.3),
        "must both lie between 0 and 1",
        "Give probabilities as fractions: 0.25, not 25.",
    ),
    # reference
    "rate of -1": (
        lambda: reference.business_reference_value(_REFERENCES, rate=-1),
        "the discount rate is -1",
        "write 10 % as 0.10",
    ),
    "threshold of 80": (
        lambda: reference.similarity_coverage(pd.DataFrame(), 80),
        "the threshold is 80",
        "give a similarity between 0 and 1",
    ),
    # rivals
    "no firms": (
        lambda: rivals.installed_shares(pd.DataFrame({"comp_installed": []})),
        "there are no firms to count",
        "Keep at least one.",
    ),
    # roll-out
    "fewer regions": (
        lambda: rollout.rollout_need(2, 3),
        "A roll-out does not shrink the number of regions.",
        "",
    ),
    "half a person": (
        lambda: rollout.rollout_need(2.5, 1),
        "People and regions are counted in whole numbers, not 2.5.",
        "",
    ),
    # scoring
    "a score too few": (
        lambda: scoring.outcomes_and_scores([1, 0], [0.5]),
        "2 outcomes and 1 scores",
        "Give one score per account.",
    ),
    "a score is missing": (
        lambda: scoring.outcomes_and_scores([True, False], [0.5, None]),
        "an outcome or a score is missing",
        "Leave out accounts without one.",
    ),
    "all are in need": (
        lambda: scoring.outcomes_and_scores([True, True], [0.5, 0.4], both_kinds=True),
        "all accounts are of one kind",
        "Include accounts with need and accounts without.",
    ),
    # selection
    "budget without costs": (
        lambda: selection.greedy_selection(_COVERED, _VALUE, budget=3),
        "a budget needs costs, and costs a budget",
        "give both, or neither",
    ),
    "a cost too few": (
        lambda: selection.greedy_selection(_COVERED, _VALUE, budget=3, cost={"x": 1}),
        "y has no cost",
        "give one cost per candidate",
    ),
    # staffing
    "no selling hours": (
        lambda: staffing.workload_reps(pd.DataFrame(), 0),
        "a seller with 0 selling hours visits nobody",
        "Multiply the working days of a year by the selling hours of a day.",
    ),
    # targeting
    "share of 30": (
        lambda: targeting.hold_out_split(pd.Series(["P1"]), share=30),
        "a hold-out share of 30",
        "Use a fraction such as 0.3.",
    ),
    "no id": (
        lambda: targeting.hold_out_split(pd.Series(["P1", None], name="account_id")),
        "an account has no id",
        "Fill in every id.",
    ),
    "a column misspelt": (
        lambda: targeting.propensity(_FIRMS, "need", ["stuff"], _FIRMS["need"]),
        "no such columns: stuff",
        "Check the spelling.",
    ),
    "target as a feature": (
        lambda: targeting.propensity(_FIRMS, "need", ["need"], _FIRMS["need"]),
        "the target cannot be one of them",
        "List columns other than 'need'.",
    ),
    "hold-out of other rows": (
        lambda: targeting.propensity(_FIRMS, "need", ["staff"], pd.Series([True, False, True])),
        "accounts and hold-out are not the same rows",
        "Index both alike.",
    ),
    # traits
    "unknown trait": (
        lambda: traits.trait_flags(_FIRMS, ["rich"]),
        "there is no trait 'rich'",
        "Choose among ",
    ),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_a_model_refuses_what_it_cannot_work_with_and_says_what_to_do(case):
    call, sentence, remedy = _REFUSED[case]
    with pytest.raises(PlaybookError) as raised:
        call()
    assert sentence in str(raised.value)
    assert remedy in str(raised.value)
