"""What a gradebook keeps about the cohort itself: the roster, the exercises, the course's clock, what reports said."""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from playbook.authoring.master import Master
from playbook.cases.roster import Enrolled, Roster
from playbook.errors import PlaybookError
from playbook.gradebook import schema as t
from playbook.gradebook.database import insert_or_ignore, open_database, told_plainly
from playbook.gradebook.graders import name_of_this_grader
from playbook.gradebook.late import LatePolicy
from playbook.gradebook.records import GradedExercise, KeptReport
from playbook.names import safe_name

#: Reports that are kept; older ones go.
_REPORTS = 60


class CohortPart:
    """A database that is open, and what it keeps about a cohort as a whole; the base of a gradebook."""

    def __init__(self, address: str | Path):
        self._engine = open_database(address)
        self._where = self._engine.url.render_as_string(hide_password=True)
        self._grader = name_of_this_grader()
        url = self._engine.url
        self._path = (
            os.path.abspath(url.database) if url.get_backend_name() == "sqlite" and url.database else ""
        )
        self._file = _identity(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """What opens the same gradebook in another process."""
        return self._engine.url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        if self._file != _identity(self._path):  # what is written into a file that is gone is lost
            raise PlaybookError(
                "the gradebook is gone, or another file has taken its place",
                where=self._where,
                remedy="end this command, put the gradebook back, and start again: nothing was kept since",
            )
        with told_plainly(self._where), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with told_plainly(self._where), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    # The course's clock and rules

    def time_zone(self) -> str:
        """The time zone in which the course counts its days; empty for each machine's own."""
        return self._told("time_zone")

    def keep_time_zone(self, name: str) -> None:
        """Keep the time zone in which the course counts its days."""
        self._tell("time_zone", name)

    def late_policy(self) -> LatePolicy:
        """What a late hand-in keeps of its points; everything where nothing was applied."""
        return LatePolicy.from_text(self._told("late_policy"))

    def keep_late_policy(self, policy: LatePolicy) -> None:
        """Let a policy for late hand-ins count from now on, in place of the one before."""
        self._tell("late_policy", policy.as_text())

    def extensions(self) -> dict[str, dict[str, float]]:
        """Extensions that were applied: by what a trainee is filed under and exercise, the last moment."""
        return json.loads(self._told("extensions") or "{}")

    def keep_extensions(self, extensions: Mapping[str, Mapping[str, float]]) -> None:
        """Let extensions count from now on, in place of those before; the roster's own stay."""
        self._tell("extensions", json.dumps({one: dict(own) for one, own in extensions.items()}))

    def _told(self, name: str) -> str:
        """One value about the gradebook itself; empty if it was never told."""
        query = sa.select(t.about.c.value).where(t.about.c.name == name)
        with self._reading() as connection:
            return connection.execute(query).scalar() or ""

    def _tell(self, name: str, value: str) -> None:
        """Keep one value about the gradebook itself."""
        if self._told(name) == value:
            return
        with self._writing() as connection:
            insert_or_ignore(connection, t.about, [{"name": name, "value": value}])
            connection.execute(t.about.update().where(t.about.c.name == name).values(value=value))

    # Who and what is in the cohort

    def keep_roster(self, roster: Roster) -> None:
        """Keep the roster, in place of the one before."""
        rows = [
            {
                "id": safe_name(one.id),
                "roster_id": one.id,
                "name": one.name,
                "city": one.city,
                "due": json.dumps(dict(one.due)),
            }
            for one in roster.trainees
        ]
        teams = [
            {"id": one.filed, "team": one.team, "region": one.region}
            for one in roster.trainees
            if one.team or one.region
        ]
        with self._writing() as connection:
            connection.execute(t.trainees.delete())
            connection.execute(t.memberships.delete())
            if rows:
                connection.execute(t.trainees.insert(), rows)
            if teams:
                connection.execute(t.memberships.insert(), teams)

    def roster(self) -> Roster:
        """The roster that was given last; empty if there was none."""
        with self._reading() as connection:
            rows = connection.execute(t.trainees.select().order_by(t.trainees.c.id)).all()
            teams = {row.id: (row.team, row.region) for row in connection.execute(t.memberships.select())}
        longer = self.extensions()
        return Roster(
            tuple(
                Enrolled(r.roster_id, r.name, r.city, json.loads(r.due), *teams.get(r.id, ())).extended(
                    longer.get(r.id, {})
                )
                for r in rows
            )
        )

    def keep_exercises(self, masters: Iterable[Master | GradedExercise]) -> None:
        """Keep the exercises' titles and points, for reports."""
        wanted = [GradedExercise(one.id, one.chapter, one.title, one.points) for one in masters]
        if set(wanted) <= set(self.exercises()):
            return
        with self._writing() as connection:
            connection.execute(t.exercises.delete().where(t.exercises.c.id.in_([one.id for one in wanted])))
            insert_or_ignore(connection, t.exercises, [asdict(one) for one in wanted])

    def exercises(self) -> list[GradedExercise]:
        """The exercises that were graded, in order."""
        with self._reading() as connection:
            rows = connection.execute(t.exercises.select().order_by(t.exercises.c.id)).mappings()
            return [GradedExercise(**row) for row in rows]

    # What reports said

    def report_before(self, state: str) -> KeptReport | None:
        """The latest report on another state of the gradebook than this one; None where there is none."""
        r = t.reports.c
        query = t.reports.select().where(r.state != state).order_by(r.id.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return KeptReport(row.at, row.state, json.loads(zlib.decompress(row.content).decode()))

    def keep_report(self, report: KeptReport) -> None:
        """Keep what a report said; another report on the same state takes nobody's place."""
        r = t.reports.c
        newest = sa.select(r.id, r.state).order_by(r.id.desc())
        content = zlib.compress(json.dumps(report.data, separators=(",", ":")).encode())
        with self._writing() as connection:
            rows = connection.execute(newest).all()
            if rows and rows[0].state == report.state:
                return
            connection.execute(t.reports.insert().values(at=report.at, state=report.state, content=content))
            if old := [row.id for row in rows[_REPORTS - 1 :]]:
                connection.execute(t.reports.delete().where(r.id.in_(old)))


def _identity(path: str) -> tuple[int, int] | None:
    """What tells a database's file from another one of its name; None where there is none."""
    with contextlib.suppress(OSError):
        found = os.stat(path)
        return found.st_dev, found.st_ino
    return None
