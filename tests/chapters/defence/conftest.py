"""Nanjing, its right answers, and what the rules find in changed ones."""

import pytest

from playbook.chapters.defence.city import City
from playbook.chapters.defence.finding import Finding, Waiting
from playbook.chapters.defence.rules import RULES
from playbook.exercises.plain import from_plain
from tests.chapters.defence.right import plan_with, with_defence


@pytest.fixture(scope="session")
def city(nanjing):
    return City(nanjing)


@pytest.fixture(scope="session")
def answers(_solved, city):
    """The right answers of Nanjing that go into the City Playbook, and a sensible defence."""
    values = {
        int(exercise[:2]): {
            name: from_plain(one["answer"])
            for name, one in questions.items()
            if not (isinstance(one["answer"], dict) and one["answer"].get("t") == "function")
        }
        for exercise, questions in _solved.items()
    }
    return with_defence(values, city)


@pytest.fixture
def says(answers, city):
    """A function that gives what one rule says about changed answers: (severity, message, remedy), or what it waits for."""

    def said(number, run=None, payout="passed", **changed):
        found = RULES[number - 1].apply(plan_with(answers, payout, **changed), city, run)
        if isinstance(found, Finding):
            return str(found.severity), found.message, found.remedy
        return found.message if isinstance(found, Waiting) else None

    return said
