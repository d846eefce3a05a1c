"""Marks as xAPI statements, for a learning record store.

People are accounts of the course's site, never e-mail addresses or names. The same mark gives the same statement
ids, so that a store that gets a file twice keeps each statement once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from playbook.desk.exports.cohort import Cohort
from playbook.errors import PlaybookError
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, shown_time
from playbook.places import site_address

_VERBS = "http://adlnet.gov/expapi/verbs/"
_ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"


def xapi(cohort: Cohort) -> Iterator[str]:
    """A JSON list of statements: `completed` for each attempt that counts, then `passed` or `failed` with its score.

    Raises:
        PlaybookError: the address of the published course is missing, or is none.
    """
    if not cohort.site:
        raise PlaybookError(
            "xAPI names exercises by their address, and none was given",
            remedy="add --site https://… with the address of your published course",
        )
    site = site_address(cohort.site)
    titles = {one.id: one.title for one in cohort.gradebook.exercises()}
    statements = [
        statement
        for one in cohort.chosen
        if one.status == GRADED
        for statement in _statements(one, titles.get(one.exercise, one.exercise), site, cohort.pass_share)
    ]
    yield "[\n"
    for place, statement in enumerate(statements, 1):
        yield json.dumps(statement, ensure_ascii=False) + (",\n" if place < len(statements) else "\n")
    yield "]\n"


def _statements(one: Standing, title: str, site: str, pass_share: float) -> Iterator[dict[str, Any]]:
    passed = one.share >= pass_share
    results: tuple[tuple[str, dict[str, Any]], ...] = (
        ("completed", {"completion": True}),
        ("passed" if passed else "failed", {"success": passed, "score": score(one.points, one.max_points)}),
    )
    for verb, result in results:
        said = "|".join([site, one.trainee, one.exercise, verb, str(one.number), f"{one.points:g}"])
        if "score" in result:  # a store refuses all that it gets with another score under an id that it has
            said += f" of {one.max_points:g}"
        yield {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, said)),
            "version": "1.0.3",
            "actor": {"objectType": "Agent", "account": {"homePage": site, "name": one.trainee}},
            "verb": {"id": _VERBS + verb, "display": {"en": verb}},
            "object": {
                "objectType": "Activity",
                "id": f"{site}/{one.exercise}",
                "definition": {"type": _ASSESSMENT, "name": {"en": title}},
            },
            "result": result,
            "timestamp": shown_time(one.received),
        }


def score(points: float, most: float) -> dict[str, float | int]:
    """A score as xAPI and cmi5 take it: `scaled` from 0 to 1, and whole points; half points are in `scaled` alone."""
    found: dict[str, float | int] = {"scaled": round(points / most, 4) if most else 0.0}
    if float(points).is_integer() and float(most).is_integer():
        found |= {"raw": int(points), "min": 0, "max": int(most)}
    return found
