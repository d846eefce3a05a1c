"""Rows of the gradebook, as hand-ins and results make them."""

from __future__ import annotations

import hashlib
import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from playbook.errors import PlaybookError
from playbook.gradebook import schema as t
from playbook.gradebook.address import Address
from playbook.gradebook.database import insert_if_new, insert_or_ignore
from playbook.gradebook.result import Graded
from playbook.submissions.hand_in import HandIn


def notebook_row(one: HandIn) -> dict[str, Any] | None:
    """A notebook by its content; None where that is no longer what it was.

    One that could never be read is kept without a content, under the reason.
    """
    content = b""
    try:
        content = one.read()
    except PlaybookError:
        if not one.problem:
            return None
    if hashlib.sha256(content).hexdigest() != one.sha256:
        if not one.problem:
            return None
        content = b""
    facts = json.dumps(asdict(one.facts), ensure_ascii=False)
    return {"sha256": one.sha256, "content": zlib.compress(content, 1), "facts": facts}


def attempt_row(one: HandIn) -> dict[str, Any]:
    """A hand-in, not marked yet."""
    plain = {name: getattr(one, name) for name in ("trainee", "exercise", "sha256", "source", "problem")}
    times = {"received": one.received, "again": one.last}
    return {**_told(plain), **times, "notes": json.dumps(one.notes, ensure_ascii=False)}


def insert_mark(
    connection: sa.Connection,
    attempt: int,
    address: Address,
    graded: Graded,
    executed: Mapping[str, Any] | None,
) -> int:
    """The id of the mark with this address: inserted now, or there already."""
    m = t.marks.c
    row = {
        "attempt": attempt,
        "address": address.digest,
        "master": address.master,
        "city_data": address.city_data,
        "kit": address.kit,
        "secret": address.secret,
        "city": graded.case,
        "points": graded.points,
        "max_points": graded.max_points,
        "seconds": graded.seconds,
        "marked": time.time(),
        "result": _json(graded.as_dict()),
    }
    new = insert_if_new(connection, t.marks, row)
    there = sa.select(m.id).where(m.attempt == attempt, m.address == address.digest)
    mark = connection.execute(there).scalar_one()
    if not new:
        return mark
    rows = [
        {
            "mark": mark,
            "place": place,
            "question": one.result.question,
            "title": one.result.title,
            "outcome": str(one.result.outcome),
            "points": one.result.points,
            "max_points": one.result.max_points,
            "stretch": one.stretch,
            "hint": one.result.hint,
        }
        for place, one in enumerate(graded.questions)
    ]
    if rows:
        connection.execute(t.questions.insert(), [_told(row) for row in rows])
    missed = [
        {"mark": mark, "place": place, "did": one.did, "given": one.given, "follows": one.follows}
        for place, one in enumerate(graded.questions)
        if one.did
    ]
    if missed:
        connection.execute(t.misses.insert(), [_told(row) for row in missed])
    if executed is not None:
        content = zlib.compress(_json(executed).encode(), 1)
        connection.execute(t.executed.insert().values(mark=mark, content=content))
    return mark


def insert_refusal(connection: sa.Connection, attempt: int, graded: Graded) -> None:
    """Note why an attempt could not be graded, once for each reason."""
    r = t.refusals.c
    reason = _text(graded.reason or "no reason was given")[:400]
    row = {"attempt": attempt, "reason": reason, "times": 0, "at": 0.0, "result": ""}
    insert_or_ignore(connection, t.refusals, [row])
    connection.execute(
        t.refusals.update()
        .where(r.attempt == attempt, r.reason == reason)
        .values(times=r.times + 1, at=time.time(), result=_json(graded.as_dict()))
    )


def _json(data: Any) -> str:
    """JSON without anything that a database or a file cannot hold."""
    return _text(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _text(text: str) -> str:
    """A text without what no database takes: halves of characters, and the character that ends a text for some."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its texts as every database takes them: some of them a notebook has said."""
    return {name: _text(value) if isinstance(value, str) else value for name, value in row.items()}
