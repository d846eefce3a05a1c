"""A gradebook in PostgreSQL keeps what one in a file keeps, and two graders share it."""

import hashlib

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.errors import PlaybookError
from playbook.exercises.outcomes import Outcome
from playbook.exercises.question import Result
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import Claim
from playbook.gradebook.result import GRADED, NOT_GRADED, Graded, QuestionResult
from playbook.gradebook.standing import results_of, standings
from playbook.submissions.hand_in import HandIn
from playbook.submissions.notebook import Facts

pytestmark = [pytest.mark.postgres, pytest.mark.slow]  # starting a server takes seconds


def hand_in(trainee, content=b"{}"):
    digest = hashlib.sha256(content).hexdigest()
    return HandIn(trainee, "01-one", "f", digest, 1.0, Facts(name="李伟"), "", (), lambda: content)


def graded(one, points):
    odd = "a notebook may say \ud800 and \0"
    question = QuestionResult(
        Result("q", Outcome.PASSED, points, 4.0, "", odd, "Q"), own="passed", did="stopped:X", given=odd
    )
    return Graded(one.trainee, one.exercise, "f", one.sha256, GRADED, case="wuxi", questions=(question,))


def fill(address):
    """Let every table that grading writes hold something."""
    with Gradebook(address) as book:
        made = [hand_in("a"), hand_in("b", b"[1]"), hand_in("c", b"[2]")]
        known = book.record(made)
        assert book.record(made).keys() == known.keys()
        book.keep_roster(Roster((Enrolled("a", "李伟", "wuxi", {"": 5.0}, "Team 1", "North"), Enrolled("b"))))
        ids = [known[one.trainee, one.exercise, one.sha256].id for one in made]
        for one, attempt, points in zip(made[:2], ids, (2.0, 4.0), strict=False):
            assert book.claim(attempt, 60) is Claim.OURS
            where = Address(one.sha256, "m", "c", "k", "s")
            for _ in range(2):  # the second time changes nothing
                book.keep(attempt, where, graded(one, points), {"cells": []})
        refused = Graded("c", "01-one", "f", made[2].sha256, NOT_GRADED, reason="memory \ud800 \0")
        for _ in range(2):
            book.keep(ids[2], None, refused)
        book.remark([(ids[0], "odd"), (ids[0], "odd")])
        book.begin("s")


def told(address):
    """What a gradebook tells, opened anew."""
    with Gradebook(address) as book:
        chosen = standings(book)
        return (
            book.roster(),
            [data | {"stamp": ""} for _, data in results_of(book, chosen)],
            sorted(book.reasons().values()),
            sorted(book.remarks().values()),
            [question[2:] for question in book.questions()],
            sorted(dict(book.notebooks(sha256 for _, _, sha256 in book.attempts())).values()),
            [content for _, content in book.executed_of(one.mark for one in chosen if one.mark)],
        )


def test_it_tells_what_a_gradebook_in_a_file_tells(postgres, tmp_path):
    file = tmp_path / "gradebook.sqlite"
    fill(postgres)
    fill(file)
    assert told(postgres) == told(file)
    assert len(told(postgres)[1]) == 3


def test_two_graders_never_have_the_same_hand_in(postgres):
    with Gradebook(postgres) as one, Gradebook(postgres) as other:
        other._grader = "another-machine:1:1"
        made = [hand_in("a"), hand_in("b", b"[1]")]
        [a, b] = [attempt.id for attempt in one.record(made).values()]
        assert (one.claim(a, 60), other.claim(a, 60)) == (Claim.OURS, Claim.THEIRS)
        assert (other.claim(b, 60), one.claim(b, 60)) == (Claim.OURS, Claim.THEIRS)
        one.keep(a, Address(made[0].sha256, "m", "c", "k", "s"), graded(made[0], 1.0))
        assert other.claim(a, 60) is Claim.DONE
        other.release_claims()
        assert one.claim(b, 60) is Claim.OURS
        assert other.claim(b, 60) is Claim.THEIRS
        one.claim(b, -1)  # its grader is gone, and its time is up
        assert other.claim(b, 60) is Claim.OURS


def test_a_server_that_is_not_there_is_told_plainly(postgres_server):
    with pytest.raises(PlaybookError, match="the database says: connection failed") as caught:
        Gradebook(f"postgresql+psycopg://playbook:hidden@/nowhere?host={postgres_server}")
    assert "hidden" not in str(caught.value)
    assert "check it with its own tools" in caught.value.remedy
