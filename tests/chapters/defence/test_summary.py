"""The section of the defended plan, and its figure: every number is the run's own."""

import numpy as np
import pytest

from playbook.cases import load_case
from playbook.chapters.defence.document import document_figure
from playbook.chapters.defence.summary import summary
from playbook.chapters.defence.trial import run_of, wind_tunnel
from playbook.simulator import by_the_book

pytestmark = pytest.mark.slow

SIGNED = {"promise": 2.4, "leader": "P001", "attack": ["Yiwu"], "first_gate": 12}


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def book(jinhua):
    return by_the_book(wind_tunnel(jinhua)[0])


def test_the_section_leads_with_what_is_signed_for(jinhua, book):
    found = summary(jinhua, {"plan": book.as_dict(), "signed": SIGNED})
    assert found.lead == f"Open Jinhua with {book.heads[0]} sellers, and sign for CNY 2.4 million in year one"
    assert found.rests_on == ("plan", "signed")
    assert [one.what for one in found.milestones][-1] == "First gate, month 12"


def test_the_customers_are_those_of_the_run(jinhua, book):
    low, high = np.quantile(run_of(jinhua, book).column("customers")[:, -1], (0.1, 0.9))
    found = summary(jinhua, {"plan": book.as_dict()})
    assert f"{low:,.0f} to {high:,.0f} customers after 24 months" in found.numbers
    month = next(row for row in found.tables[0].rows if row[0] == "24")
    assert month[3] == f"{low:,.0f} to {high:,.0f}"


@pytest.mark.parametrize(
    "plan", [None, {}, "x", {"heads": "x"}, {"areas": ["Chancheng"]}, {"gate": 10**400}, [1]]
)
def test_without_a_plan_that_can_be_run_there_is_no_section(jinhua, plan):
    assert not summary(jinhua, {"plan": plan, "signed": SIGNED}).lead


def test_what_cannot_be_read_of_the_signature_is_left_out(jinhua, book):
    found = summary(jinhua, {"plan": book.as_dict(), "signed": {"promise": "much", "first_gate": [1]}})
    assert found.lead == f"Open Jinhua with {book.heads[0]} sellers"


def test_the_figure_shows_four_charts_and_says_where_each_plan_ends(jinhua, book):
    figure = document_figure(jinhua, {"plan": book.as_dict()})
    assert len([axes for axes in figure.axes if axes.lines]) == 4
    alt = figure.alt
    cash = run_of(jinhua, book).column("cash")[:, -1].mean() / 1000
    assert f"your plan: cash {cash:.1f}" in alt
    assert "company F: cash" in alt
