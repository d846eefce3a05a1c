"""What people wrote who read free text: kept as rows of their own, laid over the marks wherever points are told.

A judgement holds for a text: whoever hands the same text in again, or is graded again, keeps it. Another text waits
anew, and so does one whose question is worth other points now. The first reader's points count; a second reader's
tell how far two people agree, and move no mark.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from playbook.errors import PlaybookError
from playbook.exercises.outcomes import Outcome
from playbook.gradebook import schema as t
from playbook.gradebook.cohort import CohortPart
from playbook.gradebook.records import MarkedQuestion
from playbook.names import clean, normalise
from playbook.words import _

#: Characters of a comment, and marks that stand in one query.
LONGEST, _AT_ONCE = 2_000, 500


class Key(NamedTuple):
    """What a judgement holds for: somebody's text to a question that is worth so many points."""

    trainee: str
    exercise: str
    question: str
    digest: str
    max_points: float


class Review(NamedTuple):
    """One row: a judgement, or one that takes another back (`withdraws` is that one's id, `points` None)."""

    id: int
    key: Key
    reader: str
    second: bool
    points: float | None
    comment: str
    withdraws: int | None
    at: float


class Judged(NamedTuple):
    """What a reader gave for a question of a mark; `before` is what its form alone is worth."""

    points: float
    max_points: float
    before: float
    comment: str
    reader: str

    @property
    def outcome(self) -> Outcome:
        """Passed with all points, failed with none."""
        if self.points >= self.max_points:
            return Outcome.PASSED
        return Outcome.PARTIAL if self.points > 0 else Outcome.FAILED

    @property
    def message(self) -> str:
        """What a trainee is told."""
        if not self.comment and self.points < self.max_points:
            return _("A person has read it, and something is missing: ask your instructor what.")
        if not self.comment:
            return _("A person has read it.")
        return _("A person has read it: {comment}").format(comment=self.comment)


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text that is read: whose answer to what, in which mark, and what it is worth at most."""

    trainee: str
    exercise: str
    question: str
    mark: int
    text: str
    max_points: float

    @property
    def key(self) -> Key:
        return Key(self.trainee, self.exercise, self.question, digest_of(self.text), self.max_points)


def digest_of(text: str) -> str:
    """SHA-256 of a text, as it stands in `reviews`."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def same_reader(one: str, other: str) -> bool:
    """Whether two names are one reader's: width, case and blanks make no other."""
    return normalise(one) == normalise(other)


def standing(rows: Iterable[Review], second: bool) -> dict[Key, Review]:
    """The judgements that stand, by what they hold for: each the latest that nobody took back."""
    rows = list(rows)
    gone = {row.withdraws for row in rows}
    kept = (row for row in rows if row.withdraws is None and row.id not in gone and row.second == second)
    return {row.key: row for row in sorted(kept, key=lambda row: row.id)}


#: What the check of the form found; nothing of it holds where a person has read the text.
_OF_THE_FORM = ("did", "given", "follows")


def laid_over(data: Mapping[str, Any], judged: Mapping[str, Judged]) -> dict[str, Any]:
    """A mark's data with what readers gave in place of what the form alone is worth."""
    if not judged:
        return dict(data)
    questions = []
    for one in data["questions"]:
        own = judged.get(one["question"])
        if own:
            read = {"reader": own.reader, "comment": own.comment, "before": own.before}
            one = {name: value for name, value in one.items() if name not in _OF_THE_FORM}
            one |= {"outcome": str(own.outcome), "points": own.points, "read": read}
            one |= {"message": own.message, "hint": ""}
        questions.append(one)
    return {**data, "questions": questions, "points": sum(one["points"] for one in questions)}


def as_read(row: MarkedQuestion, judged: Mapping[str, Judged]) -> MarkedQuestion:
    """A mark's question with what a reader gave, if one has read it."""
    own = judged.get(row.question)
    if own is None:
        return row
    did = "read" if own.points < row.max_points else ""
    return row._replace(outcome=str(own.outcome), points=own.points, hint="", did=did, follows="")


class ReviewsPart(CohortPart):
    """A gradebook's part that keeps what readers wrote."""

    def review(
        self, text: ReadText, reader: str, points: float, comment: str = "", second: bool = False
    ) -> int:
        """Keep one judgement as a row of its own; it takes the place of this reader's earlier one.

        Args:
            points: in halves, from 0 to what the question is worth.
            second: this reader is the second, who was shown nothing of the first.

        Returns:
            The row's id.

        Raises:
            PlaybookError: the points are none of these, or the answer is another reader's.
        """
        where = f"{text.exercise}, {text.question}"
        reader, comment = checked_reader(reader), clean(comment).strip()
        if not (0 <= points <= text.max_points and (2 * points) % 1 == 0):
            raise PlaybookError(
                _("{points} points cannot be given here").format(points=f"{points:g}"),
                where=where,
                remedy=_("give half points, from 0 to {most}").format(most=f"{text.max_points:g}"),
            )
        if len(comment) > LONGEST:
            raise PlaybookError(
                _("the comment has {count} characters").format(count=len(comment)),
                where=where,
                remedy=_("write {most} at the most").format(most=LONGEST),
            )
        with self._writing() as connection:
            key = text.key
            rows = _rows(connection, t.reviews.c.trainee == key.trainee, t.reviews.c.exercise == key.exercise)
            _check_turn(rows, key, reader, second, where)
            if connection.execute(sa.select(t.marks.c.id).where(t.marks.c.id == text.mark)).first() is None:
                raise PlaybookError(
                    _("this answer's hand-in is no longer in the gradebook"),
                    where=where,
                    remedy=_("end this command and start it again: it shows what is there now"),
                )
            row = _row(key, reader, second) | {"mark": text.mark, "points": points, "comment": comment}
            return connection.execute(t.reviews.insert().values(row)).inserted_primary_key[0]

    def withdraw(self, review: int, reader: str) -> None:
        """Take a judgement back, by another row; the one before it stands again, if there is one.

        Raises:
            PlaybookError: there is no such judgement of this reader, or it was taken back already.
        """
        with self._writing() as connection:
            r = t.reviews.c
            rows = _rows(connection, (r.id == review) | (r.withdraws == review))
            [own] = [row for row in rows if row.id == review and row.withdraws is None] or [None]
            if own is None or len(rows) > 1 or not same_reader(own.reader, reader):
                raise PlaybookError(
                    _("there is no such judgement of {reader}").format(reader=reader),
                    where=_("row {number} of the reviews").format(number=review),
                    remedy=_("open the page again: somebody has taken it back"),
                )
            mark = connection.execute(sa.select(r.mark).where(r.id == review)).scalar_one()
            row = _row(own.key, own.reader, own.second) | {"mark": mark, "comment": "", "withdraws": review}
            connection.execute(t.reviews.insert().values(row))

    def reviews(self, after: int = 0) -> list[Review]:
        """Every row, or those after one with this id, in the order in which they were written."""
        with self._reading() as connection:
            return _rows(connection, t.reviews.c.id > after)

    def judged(self, marks: Iterable[int] | None = None) -> dict[int, dict[str, Judged]]:
        """What first readers gave, by mark and question; marks that nobody read are left out.

        Args:
            marks: ids; default every mark that stands.
        """
        with self._reading() as connection:
            if connection.execute(sa.select(t.reviews.c.id).limit(1)).first() is None:
                return {}
            found = [row for query in _over_marks(marks) for row in connection.execute(query).all()]
            texts = _texts_elsewhere(connection, found)
        by_mark: dict[int, list[tuple[Review, sa.Row]]] = {}
        for row in found:
            by_mark.setdefault(row.target, []).append((_review(row), row))
        return {mark: own for mark, pairs in by_mark.items() if (own := _judged(pairs, texts.get(mark, {})))}


def checked_reader(reader: str) -> str:
    """A reader's name as it is kept.

    Raises:
        PlaybookError: it is none.
    """
    name = " ".join(clean(reader).split())
    if not normalise(name) or len(name) > 80:
        raise PlaybookError(
            _("the gradebook keeps who has read an answer, and {name} is no name").format(
                name=repr(reader[:80])
            ),
            remedy=_('say who you are in at most 80 characters: --reader "Wang Fang"'),
        )
    return name


def _check_turn(rows: Sequence[Review], key: Key, reader: str, second: bool, where: str) -> None:
    """Stop at an answer that is another reader's, or not ready for a second one."""
    first, other = standing(rows, False).get(key), standing(rows, True).get(key)
    holder = other if second else first
    if holder and not same_reader(holder.reader, reader):
        raise PlaybookError(
            _("{reader} has judged this answer already").format(reader=holder.reader),
            where=where,
            remedy=_("go on to the next one")
            if second
            else _("go on to the next one; to read it as well, use --second"),
        )
    if second and (first is None or same_reader(first.reader, reader)):
        raise PlaybookError(
            _("nobody else has judged this answer first"),
            where=where,
            remedy=_("leave --second out, or go on to the next one"),
        )


def _row(key: Key, reader: str, second: bool) -> dict[str, Any]:
    return {**key._asdict(), "reader": reader, "second": second, "at": time.time()}


def _rows(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[Review]:
    query = t.reviews.select().where(*which).order_by(t.reviews.c.id)
    return [_review(row) for row in connection.execute(query)]


def _review(row: sa.Row) -> Review:
    key = Key(row.trainee, row.exercise, row.question, row.digest, row.max_points)
    return Review(row.id, key, row.reader, row.second, row.points, row.comment, row.withdraws, row.at)


def _over_marks(marks: Iterable[int] | None) -> Iterator[sa.Select]:
    """Queries for first readers' rows, each beside every mark of its trainee and exercise that it may hold for."""
    a, m, q, r = t.attempts.c, t.marks.c, t.questions.c, t.reviews.c
    own = (a.trainee == r.trainee) & (a.exercise == r.exercise)
    here = (q.question == r.question) & (q.max_points == r.max_points)
    columns = (*r, q.points.label("before"))
    if marks is None:
        query = sa.select(a.mark.label("target"), *columns).join_from(t.reviews, t.attempts, own)
        yield query.join(t.questions, here & (q.mark == a.mark)).where(r.second.is_(False)).order_by(r.id)
        return
    wanted = list(dict.fromkeys(marks))
    for start in range(0, len(wanted), _AT_ONCE):
        query = sa.select(m.id.label("target"), *columns).join_from(t.reviews, t.attempts, own)
        query = query.join(t.marks, m.attempt == a.id).join(t.questions, here & (q.mark == m.id))
        some = m.id.in_(wanted[start : start + _AT_ONCE])
        yield query.where(some, r.second.is_(False)).order_by(r.id)


def _texts_elsewhere(connection: sa.Connection, rows: Sequence[sa.Row]) -> dict[int, dict[str, str]]:
    """Digests of texts, by mark and question, of marks other than those that were read themselves."""
    known = {(row.mark, row.question) for row in rows}
    wanted = sorted({row.target for row in rows if (row.target, row.question) not in known})
    found: dict[int, dict[str, str]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        query = sa.select(t.marks.c.id, t.marks.c.result).where(t.marks.c.id.in_(some))
        for row in connection.execute(query):
            questions = json.loads(row.result)["questions"]
            found[row.id] = {
                one["question"]: digest_of(one["answer"])
                for one in questions
                if isinstance(one.get("answer"), str)
            }
    return found


def _judged(pairs: Sequence[tuple[Review, sa.Row]], texts: Mapping[str, str]) -> dict[str, Judged]:
    """What stands for one mark, by question."""
    own = dict(texts) | {row.question: row.digest for _one, row in pairs if row.mark == row.target}
    before = {row.question: row.before for _one, row in pairs}
    return {
        key.question: Judged(one.points or 0.0, key.max_points, before[key.question], one.comment, one.reader)
        for key, one in standing((one for one, _row in pairs), False).items()
        if own.get(key.question) == key.digest
    }
