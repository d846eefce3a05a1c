"""The figures of chapter 7: what they say in titles and alternative texts, on small tables and on a case."""

from itertools import pairwise

import pandas as pd
import pytest

from playbook.cases import load_case
from playbook.chapters.benchmark_customers.figures import (
    coverage_grid,
    coverage_lines,
    document_figure,
    reference_against_own_value,
)
from playbook.errors import PlaybookError
from playbook.figures.style import to_png
from playbook.market.benchmark import benchmark_problem

pytestmark = pytest.mark.slow


def curve(*shares):
    return pd.DataFrame({"step": range(len(shares)), "share": shares})


PROSPECTS = pd.DataFrame(
    {
        "account_id": ["A1", "A2", "A3", "A4"],
        "division": ["C33", "C33", "C34", "F51"],
        "size_band": ["1-9", "10-49", "1-9", "200+"],
        "value_cny": [10_000.0, 20_000.0, 30_000.0, 40_000.0],
    }
)
NAMES = {"C33": "Metal products", "C34": "General machinery", "F51": "Wholesale trade"}


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


def words(fig):
    return " ".join(fig.axes[0].get_title(loc="left").split()) or fig.get_suptitle().replace("\n", " ")


def test_the_lines_name_every_choice_and_where_it_ends():
    fig = coverage_lines({"Greedy": curve(0, 0.3, 0.5), "Six largest": curve(0, 0.1, 0.2)}, "Jinhua")
    labels = [" ".join(text.get_text().split()) for text in fig.axes[0].texts]
    assert labels == ["Greedy 50%", "Six largest 20%"]
    assert "Greedy: 50%" in words(fig)
    assert "Six largest: 20%" in words(fig)
    assert "Greedy: 30%, 50%. Six largest: 10%, 20%." in fig.alt


def test_a_choice_of_nobody_is_drawn_as_nothing():
    fig = coverage_lines({"Your choice": curve(0), "Greedy": curve(0, 0.3)}, "Jinhua")
    assert "Your choice: 0%" in words(fig)
    assert to_png(fig)


def test_labels_at_the_ends_do_not_overlap():
    same = {name: curve(0, 0.3) for name in ("Greedy", "Best", "Largest")}
    fig = coverage_lines(same, "Jinhua")
    heights = sorted(text.xyann[1] for text in fig.axes[0].texts)
    room = fig.axes[0].get_ylim()[1] * 0.07
    assert all(above - below > room for below, above in pairwise(heights))


def test_the_grid_tells_value_and_covered_share_of_each_cell():
    fig = coverage_grid(PROSPECTS, ["A1", "A4"], NAMES, "Jinhua")
    cells = sorted(text.get_text() for text in fig.axes[0].texts)
    assert cells == ["1 · 100%", "2 · 0%", "3 · 0%", "4 · 100%"]
    assert "50% of the value in Jinhua is covered" in words(fig)
    assert "general machinery, 1-9 employees" in words(fig)
    assert "Metal products: 33% of CNY 0.03 million." in fig.alt


def test_the_grid_puts_small_divisions_into_one_row():
    fig = coverage_grid(PROSPECTS, [], NAMES, "Jinhua", most_rows=1)
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == [
        "Wholesale trade",
        "All other divisions",
    ]


def test_the_grid_names_the_largest_gap_also_among_all_other_divisions():
    fig = coverage_grid(PROSPECTS, ["A4"], NAMES, "Jinhua", most_rows=1)
    assert "Largest gap: all other divisions, 1-9 employees" in words(fig)


def test_the_dots_count_who_is_high_in_both_lists():
    clients = pd.DataFrame(
        {"name": list("abcd"), "clv_cny": [9e4, 8e4, 1e4, 2e4], "brv_cny": [9e4, 0.0, 8e4, 1e4]}
    )
    fig = reference_against_own_value(clients, "Jinhua", label=2)
    assert words(fig).startswith("One of the 2 best references is a top-2 payer")
    assert "Highest by reference value: a 9, c 8." in fig.alt


def test_the_document_shows_by_name_what_each_of_the_plan_adds_and_what_the_largest_would_reach(jinhua):
    problem = benchmark_problem(jinhua.accounts, jinhua.customers_home)
    plan = problem.candidates["account_id"].head(4).tolist()
    fig = document_figure(jinhua, {"plan": plan})
    labels = [" ".join(label.get_text().split()) for label in fig.axes[0].get_yticklabels()]
    names = jinhua.accounts.set_index("account_id").loc[plan, "name"]
    assert len(labels) == 5
    assert {label.split()[0] for label in labels[:-1]} <= {name.split()[0] for name in names}
    assert labels[-1] == "The 4 largest names instead"
    assert not any(account in words(fig) + fig.alt for account in plan)


@pytest.mark.parametrize("answers", [{}, {"plan": ...}, {"plan": None}, {"plan": ["A99999", 3]}, {"plan": 7}])
def test_the_document_has_no_figure_of_a_plan_that_names_nobody(jinhua, answers):
    with pytest.raises(PlaybookError, match="the plan names no candidate"):
        document_figure(jinhua, answers)
