"""Open the gradebook's database, and say in plain words what goes wrong with it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from playbook.errors import PlaybookError
from playbook.gradebook import schema

#: Milliseconds that a grader waits while another one writes.
_BUSY_MS = 60_000
#: Packages by driver, or by the database whose usual driver they are.
_PACKAGES = {
    "postgresql": "psycopg[binary]",
    "psycopg": "psycopg[binary]",
    "psycopg2": "psycopg2-binary",
    "pg8000": "pg8000",
    "mysql": "mysqlclient",
    "pymysql": "PyMySQL",
    "mysqldb": "mysqlclient",
    "mariadbconnector": "mariadb",
}
#: What SQLite says, and what that means: (words in its message, what is wrong, what to do).
_MEANINGS = (
    (("disk is full", "disk i/o error"), "the disk is full or cannot be written", "free some space and run the same command again: what was graded is kept"),
    (("database is locked",), "another program keeps the gradebook locked", "close it and run the same command again: what was graded is kept"),
    (("not a database", "malformed"), "this file is no gradebook, or it is damaged", "name another one with --gradebook, or bring it back from a backup"),
    (("readonly", "unable to open"), "the gradebook cannot be written", "check the folder and its rights"),
)  # fmt: skip


def open_database(address: str | Path) -> sa.Engine:
    """An engine for a file's path or a database's URL, with the gradebook's tables in it.

    SQLite keeps a write-ahead log: readers never wait, and a killed process loses nothing that was committed.
    Every transaction of a writer takes the write lock at its start, so that two graders wait for each other
    instead of failing.

    Raises:
        PlaybookError: it can't be opened, or a newer version of the kit made it.
    """
    told = str(address)
    if "://" not in told:
        path = Path(told).expanduser()
        with told_plainly(told):
            path.parent.mkdir(parents=True, exist_ok=True)
        url = sa.URL.create("sqlite", database=os.fspath(path))
    else:
        try:
            url = sa.make_url(told)
        except ArgumentError:
            raise PlaybookError(
                "this is no address of a database", where=told, remedy="sqlite:///file.sqlite, or a path"
            ) from None
    where = url.render_as_string(hide_password=True)
    try:
        engine = sa.create_engine(url)
    except (NoSuchModuleError, ImportError) as error:
        raise PlaybookError(
            f"its driver is not installed: {error}", where=where, remedy=_how_to_install(url)
        ) from None
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up)
        sa.event.listen(engine, "begin", _begin)
    with told_plainly(where):
        version = _make_tables(engine)
    if version > schema.VERSION:
        raise PlaybookError(
            "a newer version of the kit made this gradebook", where=where, remedy="bring the kit up to date"
        )
    return engine


def _how_to_install(url: sa.URL) -> str:
    """The command that installs a database's driver."""
    backend, _, driver = url.drivername.partition("+")
    package = _PACKAGES.get(driver or backend)
    if package is None:
        return f"name one of {', '.join(sorted(_PACKAGES))} in the address, as in postgresql+psycopg://…"
    return f'type: pip install "{package}"'


def _make_tables(engine: sa.Engine) -> int:
    """Make the tables that are missing; returns the version of their form."""
    for last in (False, False, True):
        try:
            with engine.begin() as connection:
                schema.metadata.create_all(connection)
                query = sa.select(schema.about.c.value).where(schema.about.c.name == "version")
                version = connection.execute(query).scalar()
                if version is None:
                    row = {"name": "version", "value": str(schema.VERSION)}
                    connection.execute(schema.about.insert().values(row))
                return int(version or schema.VERSION)
        except DBAPIError:  # two graders make the first tables at the same moment
            if last:
                raise
    return schema.VERSION


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begin says
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:  # the first switch to it waits for nobody by itself
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextlib.contextmanager
def told_plainly(where: str) -> Iterator[None]:
    """Turn what a database or a disk reports into an error for people."""
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig)
        for words, what, remedy in _MEANINGS:
            if any(word in said.lower() for word in words):
                raise PlaybookError(what, where=where, remedy=remedy) from error
        raise PlaybookError(
            f"the database says: {said}", where=where, remedy="check it with its own tools"
        ) from error
    except SQLAlchemyError as error:
        raise PlaybookError(f"the database cannot be used: {error}", where=where) from error
    except OSError as error:
        raise PlaybookError(
            f"it can't be written: {error.strerror}", where=where, remedy="check the disk and the folder"
        ) from error


def insert_or_ignore(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows that are not there yet."""
    if rows:
        connection.execute(_ignoring(connection, table), rows)


def insert_if_new(connection: sa.Connection, table: sa.Table, row: dict[str, Any]) -> bool:
    """Insert a row unless it is there; whether it was new."""
    counted = {"preserve_rowcount": True}
    return connection.execute(_ignoring(connection, table), row, execution_options=counted).rowcount == 1


def _ignoring(connection: sa.Connection, table: sa.Table) -> Any:
    name = connection.dialect.name
    if name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert

        return insert(table).on_conflict_do_nothing()
    if name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_there

        return insert_there(table).on_conflict_do_nothing()
    return sa.insert(table).prefix_with("IGNORE")
