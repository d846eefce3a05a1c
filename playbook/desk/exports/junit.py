"""Results as JUnit XML, for CI.

Written in pieces, so that a large cohort needs little memory. `junitparser` holds all suites until they are
written, and writes characters that no XML may hold: what it would save here is four lines of escaping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from playbook.desk.exports.cohort import Cohort
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, results_of


def junit_xml(cohort: Cohort) -> Iterator[str]:
    """Results as JUnit XML, in pieces."""
    return junit(results_of(cohort.gradebook, cohort.chosen))


def junit(results: Iterable[tuple[Standing, Mapping[str, Any]]], stamp: str = "") -> Iterator[str]:
    """Results as JUnit XML, in pieces: a suite for each trainee and exercise, a test case for each question."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {stamp} -->\n<testsuites name="playbook grade">\n'
    for one, data in results:
        yield from _suite(one, data)
    yield "</testsuites>\n"


def _suite(one: Standing, data: Mapping[str, Any]) -> Iterator[str]:
    questions = data.get("questions", ())
    outcomes = [question["outcome"] for question in questions]
    refused = data["status"] != GRADED
    failures = sum(outcome in ("failed", "partial", "unattempted") for outcome in outcomes)
    yield (
        f'  <testsuite name={_attribute(f"{one.trainee}/{one.exercise}")} tests="{max(len(questions), 1)}"'
        f' failures="{failures}" errors="{outcomes.count("errored") + refused}" time="{data["seconds"]:.3f}">\n'
    )
    if refused:
        yield (
            f"    <testcase classname={_attribute(one.trainee)} name={_attribute(one.exercise)}>"
            f"<error message={_attribute(' '.join(filter(None, ('not graded: ' + data['reason'], data.get('remedy')))))}/></testcase>\n"
        )
    for question in questions:
        head = (
            f"    <testcase classname={_attribute(f'{one.trainee}.{one.exercise}')}"
            f" name={_attribute(question['question'])}"
        )
        if question["outcome"] == "passed":
            yield head + "/>\n"
            continue
        tag = "error" if question["outcome"] == "errored" else "failure"
        words = f"{question['outcome']}, {question['points']:g} of {question['max_points']:g} points"
        text = _xml(f"{question['message']} {question['hint']}".strip())
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        yield f"{head}><{tag} message={_attribute(words)}>{text}</{tag}></testcase>\n"
    yield "  </testsuite>\n"


def _attribute(text: str) -> str:
    return quoteattr(_xml(text))


def _xml(text: str) -> str:
    """Text without the characters that XML has no way to write."""
    return "".join(
        c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
