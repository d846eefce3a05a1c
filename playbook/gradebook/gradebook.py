"""The gradebook: every hand-in, every mark, kept for good; what is there is never overwritten."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from playbook.errors import PlaybookError
from playbook.exercises.handing_in import Receipt
from playbook.gradebook import schema as t
from playbook.gradebook.address import Address
from playbook.gradebook.database import insert_if_new, insert_or_ignore
from playbook.gradebook.graders import may_live
from playbook.gradebook.inserts import attempt_row, insert_mark, insert_refusal, notebook_row
from playbook.gradebook.records import Attempt, Claim, KeptReceipt, MarkedQuestion
from playbook.gradebook.result import GRADED, Graded
from playbook.gradebook.reviews import ReviewsPart, as_read
from playbook.names import clean
from playbook.submissions.hand_in import HandIn
from playbook.submissions.notebook import Facts

Value = TypeVar("Value")

#: Hand-ins that are written in one transaction.
_BATCH = 200
#: Values that stand in one query.
_AT_ONCE = 500


class Gradebook(ReviewsPart):
    """A gradebook in a database: SQLite by default, another one by its URL.

    Several graders may use one at the same time, each with its own object; one object belongs to one thread.

    Args:
        address: path of a SQLite file, or a URL as SQLAlchemy reads it.

    Raises:
        PlaybookError: from any method, when the database or the disk fails; what was committed stays.
    """

    # What was handed in

    def facts(self) -> Mapping[str, Facts]:
        """What the notebooks that are known say about themselves, by SHA-256."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(t.notebooks.c.sha256, t.notebooks.c.facts)).all()
        kinds = {text: Facts(**json.loads(text)) for text in {row.facts for row in rows}}
        return {row.sha256: kinds[row.facts] for row in rows}

    def record(self, hand_ins: Sequence[HandIn]) -> dict[tuple[str, str, str], Attempt]:
        """Note every hand-in that is new, with its content; one that can no longer be read is left for later.

        Returns:
            All attempts, by trainee, exercise and SHA-256.
        """
        before = self.attempts()
        fresh, seen = [], []
        for one in hand_ins:
            known = before.get((one.trainee, one.exercise, one.sha256))
            if known is None:
                fresh.append(one)
            elif one.received < known.received or one.last > known.again or one.problem != known.problem:
                seen.append((one, known))
        for start in range(0, len(fresh), _BATCH):
            batch = fresh[start : start + _BATCH]
            contents = self._there(one.sha256 for one in batch)
            made = {one.sha256: notebook_row(one) for one in batch if one.sha256 not in contents}
            new = {sha256: row for sha256, row in made.items() if row is not None}
            contents |= set(new)
            with self._writing() as connection:
                insert_or_ignore(connection, t.notebooks, list(new.values()))
                there = [attempt_row(one) for one in batch if one.sha256 in contents]
                insert_or_ignore(connection, t.attempts, there)
        for start in range(0, len(seen), _BATCH):
            with self._writing() as connection:
                for one, known in seen[start : start + _BATCH]:
                    times = {
                        "received": min(one.received, known.received),
                        "again": max(one.last, known.again),
                        "problem": one.problem,
                    }
                    connection.execute(t.attempts.update().where(t.attempts.c.id == known.id).values(**times))
        newest = max((one.id for one in before.values()), default=0)
        changed = [known.id for _one, known in seen]
        if len(changed) > _AT_ONCE:
            return self.attempts()
        return before | self._attempts((t.attempts.c.id > newest) | t.attempts.c.id.in_(changed))

    def _there(self, sha256s: Iterable[str]) -> set[str]:
        """Which of these notebooks are there."""
        found: set[str] = set()
        n = t.notebooks.c.sha256
        with self._reading() as connection:
            for some in _pieces(sha256s):
                found |= set(connection.execute(sa.select(n).where(n.in_(some))).scalars())
        return found

    def trainees(self) -> list[str]:
        """Who handed something in, in order."""
        with self._reading() as connection:
            return sorted(connection.execute(sa.select(t.attempts.c.trainee).distinct()).scalars())

    def attempts(self, trainees: Iterable[str] | None = None) -> dict[tuple[str, str, str], Attempt]:
        """Attempts with the marks that stand, by trainee, exercise and SHA-256; the earliest first.

        Args:
            trainees: whose; default everybody's.
        """
        return self._attempts(_whose(trainees))

    def _attempts(self, which: sa.ColumnElement[bool]) -> dict[tuple[str, str, str], Attempt]:
        a, m = t.attempts.c, t.marks.c
        query = (
            sa.select(
                *(a.id, a.trainee, a.exercise, a.sha256, a.source, a.problem, a.received, a.again, a.mark),
                *(m.master, m.city_data, m.kit, m.secret, m.points, m.max_points, m.city),
            )
            .join_from(t.attempts, t.marks, a.mark == m.id, isouter=True)
            .where(which)
            .order_by(a.again, a.id)
        )
        found = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                (id_, trainee, exercise, sha256, source, problem, received, again, mark) = row[:9]
                (*of_mark, points, most, city) = row[9:]
                found[trainee, exercise, sha256] = Attempt(
                    id_,
                    trainee,
                    exercise,
                    sha256,
                    source,
                    problem,
                    received,
                    again,
                    mark,
                    None if mark is None else Address(sha256, *of_mark),
                    points or 0.0,
                    most or 0.0,
                    city or "",
                )
        return found

    def notebook(self, sha256: str) -> bytes:
        """A notebook as it was handed in."""
        query = sa.select(t.notebooks.c.content).where(t.notebooks.c.sha256 == sha256)
        with self._reading() as connection:
            return zlib.decompress(connection.execute(query).scalar_one())

    def notebooks(self, sha256s: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Notebooks as they were handed in, in pieces, so that many need little memory."""
        n = t.notebooks.c
        for some in _pieces(dict.fromkeys(sha256s)):
            with self._reading() as connection:
                rows = connection.execute(sa.select(n.sha256, n.content).where(n.sha256.in_(some))).all()
            yield from ((row.sha256, zlib.decompress(row.content)) for row in rows)

    def hand_in(self, attempt: Attempt) -> HandIn:
        """An attempt as it was handed in, to be graded again."""
        a, n = t.attempts.c, t.notebooks.c
        query = sa.select(a.notes, n.facts).join_from(t.attempts, t.notebooks, a.sha256 == n.sha256)
        with self._reading() as connection:
            row = connection.execute(query.where(a.id == attempt.id)).one()
        return HandIn(
            trainee=attempt.trainee,
            exercise=attempt.exercise,
            source=attempt.source,
            sha256=attempt.sha256,
            received=attempt.received,
            facts=Facts(**json.loads(row.facts)),
            problem=attempt.problem,
            notes=tuple(json.loads(row.notes)),
            read=lambda: self.notebook(attempt.sha256),
        )

    def remark(self, remarks: Iterable[tuple[int, str]]) -> None:
        """Note what looks odd about attempts, once each.

        Args:
            remarks: an attempt's id, and words.
        """
        known = {(attempt, words) for attempt, all in self.remarks().items() for words in all}
        rows = dict.fromkeys((attempt, words[:400]) for attempt, words in remarks)
        fresh = [
            {"attempt": attempt, "words": words} for attempt, words in rows if (attempt, words) not in known
        ]
        if fresh:
            with self._writing() as connection:
                insert_or_ignore(connection, t.remarks, fresh)

    def remarks(self, trainees: Iterable[str] | None = None) -> dict[int, tuple[str, ...]]:
        """What looks odd, by attempt; everybody's, or that of some trainees."""
        found: dict[int, list[str]] = {}
        r, a = t.remarks.c, t.attempts.c
        query = sa.select(*r).join_from(t.remarks, t.attempts, r.attempt == a.id).where(_whose(trainees))
        with self._reading() as connection:
            for row in connection.execute(query.order_by(r.attempt, r.words)):
                found.setdefault(row.attempt, []).append(row.words)
        return {attempt: tuple(words) for attempt, words in found.items()}

    def keep_receipts(self, receipts: Iterable[tuple[int, Receipt, str]]) -> None:
        """Keep with attempts what the hand-ins say that they came with, once each.

        Args:
            receipts: an attempt's id, what the hand-in says, and its file.
        """
        known = {(attempt, one.code) for attempt, all in self.receipts().items() for one in all}
        rows = {
            (attempt, one.code): {
                "attempt": attempt,
                "code": one.code,
                "made": clean(one.made),
                "trainee": clean(one.trainee),
                "source": source,
            }
            for attempt, one, source in receipts
            if one.code and (attempt, one.code) not in known
        }
        if rows:
            with self._writing() as connection:
                insert_or_ignore(connection, t.receipts, list(rows.values()))

    def receipts(self, trainees: Iterable[str] | None = None) -> dict[int, tuple[KeptReceipt, ...]]:
        """The hand-ins that attempts came with, by attempt, the earliest first; everybody's, or some trainees'."""
        found: dict[int, list[KeptReceipt]] = {}
        r, a = t.receipts.c, t.attempts.c
        query = sa.select(*r).join_from(t.receipts, t.attempts, r.attempt == a.id).where(_whose(trainees))
        with self._reading() as connection:
            for row in connection.execute(query.order_by(r.attempt, r.made, r.code)):
                found.setdefault(row.attempt, []).append(
                    KeptReceipt(row.code, row.made, row.trainee, row.source)
                )
        return {attempt: tuple(all) for attempt, all in found.items()}

    # Who grades what

    def begin(self, secret: str, again: bool = False) -> None:
        """Let a grader with this secret work here.

        Args:
            secret: its digest.
            again: everything is marked again, with this one from now on.

        Raises:
            PlaybookError: the gradebook was begun with another one.
        """
        with self._reading() as connection:
            told = connection.execute(sa.select(t.about.c.value).where(t.about.c.name == "secret")).scalar()
            latest = sa.select(t.marks.c.secret).order_by(t.marks.c.id.desc()).limit(1)
            told = told or connection.execute(latest).scalar()
        if told and told != secret and not again:
            raise PlaybookError(
                "this gradebook was begun with another secret: its unseen figures are others",
                where=self._where,
                remedy="use the first grader's secret (its file .playbook-secret, or PLAYBOOK_SECRET), or name another "
                "gradebook; if that secret is lost, `playbook regrade --apply` marks everything again with yours",
            )
        self._tell("secret", secret)

    def claim(self, attempt: int, seconds: float) -> Claim:
        """Take an attempt that has no mark, unless a living grader is at it.

        Args:
            attempt: its id.
            seconds: after which the claim ends by itself.
        """
        now = time.time()
        with self._writing() as connection:
            mark = connection.execute(sa.select(t.attempts.c.mark).where(t.attempts.c.id == attempt)).scalar()
            if mark is not None:
                return Claim.DONE
            held = connection.execute(t.claims.select().where(t.claims.c.attempt == attempt)).one_or_none()
            if held is not None:
                if held.grader != self._grader and held.until > now and may_live(held.grader):
                    return Claim.THEIRS
                connection.execute(t.claims.delete().where(t.claims.c.attempt == attempt))
            row = {"attempt": attempt, "grader": self._grader, "until": now + seconds}
            return Claim.OURS if insert_if_new(connection, t.claims, row) else Claim.THEIRS

    def release_claims(self) -> None:
        """Let go of everything that this grader has taken and not finished."""
        with self._writing() as connection:
            connection.execute(t.claims.delete().where(t.claims.c.grader == self._grader))

    # What came of it

    def keep(
        self, attempt: int, address: Address | None, graded: Graded, executed: Mapping[str, Any] | None = None
    ) -> None:
        """Keep what grading an attempt gave, in one step; a mark that is there already stays as it is.

        Args:
            address: what the mark depends on; None if that cannot be told.
            executed: the notebook as it ran, for feedback.
        """
        with self._writing() as connection:
            connection.execute(t.claims.delete().where(t.claims.c.attempt == attempt))
            if graded.status == GRADED and address is not None:
                mark = insert_mark(connection, attempt, address, graded, executed)
                standing = t.attempts.update().where(t.attempts.c.id == attempt, t.attempts.c.mark.is_(None))
                connection.execute(standing.values(mark=mark))
            else:
                insert_refusal(connection, attempt, graded)

    def replace(
        self,
        attempt: Attempt,
        address: Address,
        graded: Graded,
        why: str,
        executed: Mapping[str, Any] | None = None,
    ) -> None:
        """Let another mark stand for an attempt; the one before is kept."""
        with self._writing() as connection:
            mark = insert_mark(connection, attempt.id, address, graded, executed)
            if mark != attempt.mark:
                connection.execute(t.attempts.update().where(t.attempts.c.id == attempt.id).values(mark=mark))
                row = {"attempt": attempt.id, "before": attempt.mark, "after": mark, "why": why}
                connection.execute(t.changes.insert().values(**row, at=time.time()))

    # What is there

    def reasons(self, trainees: Iterable[str] | None = None) -> dict[int, str]:
        """Why attempts without a mark could not be graded, the latest reason, by attempt; all, or some trainees'."""
        r, a = t.refusals.c, t.attempts.c
        query = sa.select(r.attempt, r.reason).join_from(t.refusals, t.attempts, r.attempt == a.id)
        with self._reading() as connection:
            rows = connection.execute(query.where(a.mark.is_(None), _whose(trainees)).order_by(r.at)).all()
        return {row.attempt: row.reason for row in rows}

    def results(self, marks: Iterable[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Marks with what :meth:`Graded.as_dict` gave, in pieces, so that many need little memory."""
        for some in _pieces(marks):
            query = sa.select(t.marks.c.id, t.marks.c.result).where(t.marks.c.id.in_(some))
            with self._reading() as connection:
                texts = {row.id: row.result for row in connection.execute(query)}
            for mark in some:
                yield mark, json.loads(texts[mark])

    def refused(self, attempts: Iterable[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """For attempts without a mark, the latest result that says why."""
        r = t.refusals.c
        for some in _pieces(attempts):
            query = sa.select(r.attempt, r.result).where(r.attempt.in_(some)).order_by(r.at)
            with self._reading() as connection:
                texts = {row.attempt: row.result for row in connection.execute(query)}
            yield from ((attempt, json.loads(texts[attempt])) for attempt in some if attempt in texts)

    def questions(self, marks: Iterable[int] | None = None, question: str = "") -> list[MarkedQuestion]:
        """Questions of marks, in order of mark and place; where a person has read a text, with what they gave.

        Args:
            marks: ids; default every mark that stands.
            question: this one alone; default all.
        """
        q, m, a = t.questions.c, t.misses.c, t.attempts.c
        kept = (sa.func.coalesce(column, "") for column in (m.did, m.given, m.follows))
        own = (q.mark, q.place, q.question, q.outcome, q.points, q.max_points, q.stretch, q.hint)
        missed = (m.mark == q.mark) & (m.place == q.place)
        query = sa.select(*own, *kept).join_from(t.questions, t.misses, missed, isouter=True)
        query = query.where(q.question == question) if question else query
        queries = (
            [query.join(t.attempts, a.mark == q.mark)]
            if marks is None
            else [query.where(q.mark.in_(some)) for some in _pieces(marks)]
        )
        found: list[MarkedQuestion] = []
        with self._reading() as connection:
            for one in queries:
                rows = connection.execute(one.order_by(q.mark, q.place)).all()
                found += map(MarkedQuestion._make, rows)
        judged = self.judged(marks)
        return (
            [as_read(row, judged[row.mark]) if row.mark in judged else row for row in found]
            if judged
            else found
        )

    def titles(self) -> dict[tuple[str, str], str]:
        """Titles of questions, by exercise and question."""
        q, a = t.questions.c, t.attempts.c
        newest = (
            sa.select(sa.func.max(a.mark).label("mark")).where(a.mark.is_not(None)).group_by(a.exercise)
        ).subquery()
        query = (
            sa.select(a.exercise, q.question, q.title)
            .join_from(t.attempts, newest, a.mark == newest.c.mark)
            .join(t.questions, q.mark == a.mark)
        )
        with self._reading() as connection:
            return {(row.exercise, row.question): row.title for row in connection.execute(query)}

    def executed_of(self, marks: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Notebooks as they ran for marks, for those where that was kept."""
        e = t.executed.c
        for some in _pieces(marks):
            with self._reading() as connection:
                rows = connection.execute(sa.select(e.mark, e.content).where(e.mark.in_(some))).all()
            yield from ((row.mark, zlib.decompress(row.content)) for row in rows)

    def executed(self, mark: int) -> bytes | None:
        """The notebook as it ran for a mark, or None if that was not kept."""
        query = sa.select(t.executed.c.content).where(t.executed.c.mark == mark)
        with self._reading() as connection:
            content = connection.execute(query).scalar_one_or_none()
        return None if content is None else zlib.decompress(content)


def _whose(trainees: Iterable[str] | None) -> sa.ColumnElement[bool]:
    return sa.true() if trainees is None else t.attempts.c.trainee.in_(list(trainees))


def _pieces(values: Iterable[Value]) -> Iterator[list[Value]]:
    values = list(values)
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
