"""The judge of a benchmark plan: fair to good plans, clear about broken rules, unmoved by junk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.cases import load_case
from playbook.chapters.benchmark_customers.judge import judge_benchmark_plan
from playbook.market.benchmark import benchmark_problem, largest_accounts
from playbook.market.selection import best_selection


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def problem(jinhua):
    return benchmark_problem(jinhua.accounts, jinhua.customers_home)


@pytest.fixture(scope="module")
def best(problem):
    return list(best_selection(problem.covered, problem.value, **problem.limits()).chosen)


def broken(judgement):
    return {constraint.label: constraint.message for constraint in judgement.constraints if not constraint.ok}


def test_the_best_plan_keeps_every_rule_and_reaches_the_optimum(jinhua, best):
    judgement = judge_benchmark_plan(best, jinhua)
    assert judgement.kept
    assert judgement.objective == pytest.approx(judgement.optimum)


@pytest.mark.parametrize(
    "wrap",
    [
        tuple,
        set,
        lambda ids: {"account_id": ids},
        lambda ids: {"t": "list", "of": "series", "v": ids},
        lambda ids: {"t": "table", "columns": ["name", "account_id"], "data": [ids, ids], "index": None},
        lambda ids: [f" {account} " for account in ids],
        lambda ids: [account.lower() for account in ids],
        lambda ids: dict.fromkeys(ids, 3.0),
        lambda ids: {"name": ids[::-1], "days": [3.0] * len(ids), "index": ids},
        lambda ids: {"account": ids, "days": [3.0] * len(ids)},
    ],
)
def test_a_plan_may_come_as_a_column_a_set_or_a_table(jinhua, best, wrap):
    judgement = judge_benchmark_plan(wrap(best), jinhua)
    assert judgement.kept
    assert judgement.objective == pytest.approx(judgement.optimum)


def test_a_shorter_plan_is_allowed_and_reaches_less(jinhua, best):
    judgement = judge_benchmark_plan(best[:2], jinhua)
    assert judgement.kept
    assert judgement.objective < judgement.optimum


def test_the_largest_break_the_budget_and_the_profile(jinhua, problem):
    found = broken(judge_benchmark_plan(largest_accounts(problem.candidates, 6), jinhua))
    assert set(found) == {"congruent", "budget"}
    assert "selling days, more than the 30 at hand" in found["budget"]
    assert "does not fit your entry profile" in found["congruent"]


def test_an_unknown_account_is_named(jinhua, best):
    assert "'A99999' is not the id of a candidate." in broken(
        judge_benchmark_plan([*best, "A99999"], jinhua)
    )["known"].replace(" Choose from the list of candidates", "")


def test_a_prospect_that_is_no_candidate_is_told_apart(jinhua, problem, best):
    stranger = next(a for a in problem.prospects["account_id"] if a not in problem.covered.index)
    assert (
        f"'{stranger}' is a prospect, but not a candidate"
        in broken(judge_benchmark_plan([*best, stranger], jinhua))["known"]
    )


def test_a_repeated_account_is_named_and_costs_its_days_once(jinhua, best):
    judgement = judge_benchmark_plan([*best, best[0]], jinhua)
    assert broken(judgement) == {"once": f"{best[0]} stands in your plan 2 times; once is enough."}


def test_why_an_account_does_not_fit_is_said(jinhua, problem):
    profile = problem.profile
    strangers = problem.candidates.query("not congruent")
    trade = strangers[~strangers["division"].isin(profile.divisions)].iloc[0]
    found = broken(judge_benchmark_plan([trade["account_id"]], jinhua))["congruent"]
    assert f"its division, {trade['division']}, is not among your entry divisions" in found


@pytest.mark.parametrize("plan", [[], {}, None, 7, True, 1.5, b"A00001", {"t": "list", "v": None}])
def test_an_empty_plan_is_said_to_be_empty(jinhua, plan):
    judgement = judge_benchmark_plan(plan, jinhua)
    assert "lists no account" in broken(judgement)["known"]
    assert judgement.objective == 0


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.just("A00001"),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["t", "v", "columns", "data", "account_id", "x"]), inner, max_size=5
        )
        | st.builds(
            lambda tag, v: {"t": tag, "v": v, "columns": v, "data": v},
            st.sampled_from(["list", "table"]),
            inner,
        )
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(junk)
@settings(max_examples=40, deadline=None)
def test_junk_is_judged_without_an_error(jinhua, plan):
    judgement = judge_benchmark_plan(plan, jinhua)
    assert 0 <= judgement.objective <= judgement.optimum * 2
    assert all(
        isinstance(constraint.message, str) and constraint.message for constraint in judgement.constraints
    )


def test_very_large_numbers_and_long_texts_stay_short_in_messages(jinhua):
    for entry in (10**5000, "x" * 10_000, ["A00001"] * 1000):
        assert len(broken(judge_benchmark_plan([entry], jinhua))["known"]) < 140


def test_a_table_without_ids_lists_no_account(jinhua, best):
    judgement = judge_benchmark_plan({"name": best, "band": best, "days": [3.0] * len(best)}, jinhua)
    assert "lists no account" in broken(judgement)["known"]
