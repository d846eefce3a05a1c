"""What a desk holds in memory hardly grows with the cohort: marks pass through, a few at a time."""

import contextlib
import gc
import hashlib
import json
import tracemalloc
from random import Random

import pytest

from playbook.desk import feedback, reading
from playbook.desk.analysis import analyse
from playbook.desk.feedback import trainees_of, write_feedback
from playbook.desk.monday import monday
from playbook.desk.report import report_json
from playbook.exercises.outcomes import Outcome
from playbook.exercises.question import Result
from playbook.gradebook import standing
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED, Graded, QuestionResult
from playbook.submissions.hand_in import HandIn
from playbook.submissions.notebook import Facts

EXERCISES, QUESTIONS = 5, 12
#: Bytes by which a further mark may let the peak grow; its rows alone, held, are more than twice as much.
PER_MARK = 1_500
#: Bytes by which a further trainee may let the peak of feedback grow: a name, a path, and what the collector has not
#: taken yet. With all in one piece it is 80,000.
PER_PAGE = 8_000


def fill(book, trainees):
    chance = Random(1)
    for week in range(EXERCISES):
        hand_ins = [hand_in(trainee, f"{week:02d}-x") for trainee in trainees]
        known = book.record(hand_ins)
        for one in hand_ins:
            graded = Graded(
                *(one.trainee, one.exercise, one.source, one.sha256, GRADED),
                case=("wuxi", "zibo")[len(one.sha256) % 2],
                questions=tuple(question(place, chance) for place in range(QUESTIONS)),
            )
            attempt = known[one.trainee, one.exercise, one.sha256].id
            book.keep(attempt, Address(one.sha256, "m", "c", "k", "s"), graded)


def hand_in(trainee, exercise):
    cell = {"cell_type": "code", "metadata": {}, "source": f"print('{trainee} {exercise}')\n" * 50}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    content = json.dumps(notebook).encode()
    digest = hashlib.sha256(content).hexdigest()
    return HandIn(trainee, exercise, "f", digest, 1.0, Facts(), "", (), lambda: content)


def question(place, chance):
    """One in three is missed, each with a value of its own."""
    right = chance.random() < 0.67
    outcome = Outcome.PASSED if right else Outcome.FAILED
    result = Result(f"q{place}", outcome, 2.0 * right, 2.0, "", "", f"Question {place}")
    given = "" if right else f"{chance.random():.6f}"
    return QuestionResult(result, own=str(outcome), did="" if right else "other", given=given)


def parts(book):
    read = reading.read_cohort(book)
    analysis = analyse(book, reading=read)
    return report_json(analysis, monday(book, read, analysis))


@contextlib.contextmanager
def traced():
    """Memory is traced, and what was there before is none of the collector's: it comes as often as in a new process."""
    gc.collect()
    gc.freeze()
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
        gc.unfreeze()


def peak(book):
    """The most bytes that were held while the report was worked out and written."""
    with traced():
        assert sum(map(len, parts(book))) > 10_000
        return tracemalloc.get_traced_memory()[1]


@pytest.mark.long
@pytest.mark.slow
def test_a_further_mark_costs_a_report_hardly_any_memory(tmp_path, monkeypatch):
    """Once every row of every mark was held until the page was written: 360 MB for 1,500 people."""
    monkeypatch.setattr(reading, "_AT_ONCE", 10)
    monkeypatch.setattr(standing, "_PEOPLE", 5)
    peaks = []
    for people in (30, 120):
        with Gradebook(tmp_path / f"{people}.sqlite") as book:
            fill(book, [f"t{number:04d}" for number in range(people)])
            peak(book)  # what is made once and stays
            peaks.append(peak(book))
    assert peaks[1] - peaks[0] < PER_MARK * 90 * EXERCISES


def feedback_peak(book, out):
    """The most bytes that were held while everybody's page was written."""
    with traced():
        assert len(write_feedback(book, out, trainees_of(book))) == len(book.trainees())
        return tracemalloc.get_traced_memory()[1]


@pytest.mark.slow
def test_a_further_page_of_feedback_costs_hardly_any_memory(tmp_path, monkeypatch):
    """Results, notebooks and pages of a few people are held at one time, and never those of a cohort."""
    monkeypatch.setattr(feedback, "_AT_ONCE", 5)
    peaks = []
    for people in (15, 60):
        with Gradebook(tmp_path / f"{people}.sqlite") as book:
            fill(book, [f"t{number:04d}" for number in range(people)])
            feedback_peak(book, tmp_path / "out")  # what is made once and stays
            peaks.append(feedback_peak(book, tmp_path / "out"))
    assert peaks[1] - peaks[0] < PER_PAGE * 45


@pytest.mark.slow
@pytest.mark.postgres
def test_a_report_on_a_gradebook_in_postgresql_says_the_same(postgres, tmp_path, monkeypatch):
    """A database there may sort names in another order, and a few trainees are read at a time."""
    monkeypatch.setattr(reading, "_AT_ONCE", 2)
    monkeypatch.setattr(standing, "_PEOPLE", 2)
    said = []
    for address in (postgres, tmp_path / "g.sqlite"):
        with Gradebook(address) as book:
            fill(book, ["b", "A", "a", "B", "ä", "李", "_z"])
            said.append("".join(parts(book)))
    assert said[0] == said[1]
    assert json.loads(said[0])["trainees"] == ["A", "B", "_z", "a", "b", "ä", "李"]


def test_rows_of_a_cohort_can_be_asked_for_in_any_way(tmp_path):
    with Gradebook(tmp_path / "g.sqlite") as book:
        fill(book, ["a", "b"])
        stands, whole = reading.read_cohort(book).chosen, standing.standings(book)
    assert [(one.trainee, one.exercise, one.points, one.mark) for one in stands] == [
        (one.trainee, one.exercise, one.points, one.mark) for one in whole
    ]
    assert (len(stands), stands[-1], stands[1:3]) == (10, list(stands)[9], list(stands)[1:3])
    assert stands.of("b") == stands[5:]
    assert [one.trainee for one in stands.within("01-x")] == ["a", "b"]
    assert (stands.of("nobody"), list(stands.within("none"))) == ([], [])
    assert (stands[0].due, stands[0].late, stands[0].status) == (None, False, GRADED)
    with pytest.raises(IndexError):
        stands[10]
