"""The rules' verdict in the City Playbook: each broken rule with its weight, its remedy, and the chapter to go back to."""

import pandas as pd
import pytest

from playbook.chapters.defence.answers import gather
from playbook.chapters.defence.finding import Finding, Severity
from playbook.chapters.defence.rules import Checked
from playbook.chapters.defence.summary import summary
from playbook.chapters.defence.trial import wind_tunnel
from playbook.chapters.defence.verdict import counted, verdict
from playbook.simulator import by_the_book
from tests.chapters.defence.right import plan_with

pytestmark = pytest.mark.slow
CAPTION = "The rules' verdict: where the sections contradict each other"


@pytest.fixture(scope="module")
def book(nanjing):
    return by_the_book(wind_tunnel(nanjing)[0]).as_dict()


@pytest.fixture
def section(nanjing, book, answers):
    """A function that gives the section of a plan with some answers changed."""

    def of(**changed):
        whole = plan_with(answers, **changed)
        signed = {question: one.value for (chapter, question), one in whole.given.items() if chapter == 13}
        return summary(nanjing, {"plan": book, "signed": signed}, whole)

    return of


def table(section):
    return next(one for one in section.tables if one.caption == CAPTION)


def test_each_broken_rule_has_a_line_the_most_serious_first(section):
    broken = section(c4_territories=[["Pukou", "Luhe"], ["Jiangning", "Qixia"]], c13_first_step="sales")
    first, second, *_notes = table(broken).rows
    assert first == (
        "7\nstop",
        "Nobody works in Gulou, Qinhuai, and you call it a priority.",
        "Give every priority district to a group.",
        "4",
    )
    assert (second[0], second[3]) == ("6\nwarning", "1")
    assert "The rules: 1 stop, 1 warn," in broken.numbers
    assert (
        "A stop is mended before the plan is run. A warning counts in the certificate." in table(broken).note
    )


def test_below_it_stands_how_many_are_kept_and_which_wait(section):
    waiting = section(c11_mix=None, c11_lag=None)
    assert "rules wait for answers of chapters 11." in table(waiting).note


def test_a_plan_without_a_finding_says_so(nanjing):
    checked = Checked((), (), tuple(range(1, 33)))
    assert verdict(checked).rows == (("–", "Nothing is broken.", "–", "–"),)
    assert verdict(checked).note == "32 rules are kept."
    assert counted(checked) == "32 rules are kept."


def test_signs_of_a_notebook_do_not_reach_the_director():
    one = Finding(16, Severity.NOTE, "You say *typical*, and `first` is large.", "Say *famous*.", (7,), 7)
    [row] = verdict(Checked((one,), (), ())).rows
    assert row == ("16\nnote", "You say typical, and first is large.", "Say famous.", "7")


def test_the_chapters_own_answers_alone_bring_no_verdict(nanjing, book):
    alone = summary(nanjing, {"plan": book})
    assert CAPTION not in [one.caption for one in alone.tables]
    assert "The rules" not in alone.numbers


def test_a_whole_of_odd_answers_leaves_the_section(nanjing, book):
    odd = pd.DataFrame({"x": [1, 2]})
    whole = gather({4: {"heart": odd, "offices": odd}, 9: {"seeding": odd}, 13: {"attack": odd}})
    found = summary(nanjing, {"plan": book, "signed": {"attack": odd, "leader": odd}}, whole)
    assert found.lead
    assert table(found).note
    assert "Signed for" not in [one.caption for one in found.tables]
