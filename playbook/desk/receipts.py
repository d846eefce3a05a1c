"""Receipts: which hand-in a short code is of, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from playbook.clock import seconds_of, shown
from playbook.errors import PlaybookError
from playbook.exercises.handing_in import read_code
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.standing import NOT_RUN, as_judged


def find_receipt(gradebook: Gradebook, code: str) -> dict[str, Any]:
    """What a gradebook knows of a hand-in.

    Raises:
        PlaybookError: it is no code, or no hand-in with it is there.
    """
    wanted = read_code(code)
    if not wanted:
        raise PlaybookError(
            f"{code!r} is no code of a receipt",
            remedy="it has a digit and three letters, twice, such as 7KQM-3XPD; no vowel, and no B, G, L, S, Y or Z",
        )
    roster = gradebook.roster()
    reasons = gradebook.reasons()
    receipts = gradebook.receipts()
    judged = gradebook.judged()
    notebooks, made, files = [], "", set()
    for attempt in gradebook.attempts().values():
        for one in receipts.get(attempt.id, ()):
            if one.code != wanted:
                continue
            enrolled = roster.find(attempt.trainee)
            made = made or one.made
            files.add(one.source.rpartition("/")[0])
            notebooks.append(
                {
                    "trainee": attempt.trainee,
                    "name": enrolled.name if enrolled else "",
                    "exercise": attempt.exercise,
                    "source": one.source,
                    "graded": attempt.mark is not None,
                    "points": as_judged(attempt.points, judged.get(attempt.mark or 0, {})),
                    "max_points": attempt.max_points,
                    "city": attempt.city,
                    "reason": "" if attempt.mark is not None else reasons.get(attempt.id, attempt.problem),
                }
            )
    if not notebooks:
        raise PlaybookError(
            f"no hand-in with the code {wanted} is in this gradebook",
            remedy="grade its file first; if it was held, `playbook grade … --dry-run` says why. "
            "Ask the trainee to read the code out again",
        )
    notebooks.sort(key=lambda one: (one["trainee"], one["exercise"]))
    return {"code": wanted, "made": made, "files": sorted(files), "notebooks": notebooks}


def receipt_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The same in words, a line for each notebook."""
    people = dict.fromkeys(
        f"{one['trainee']} ({one['name']})"
        if one["name"] and one["name"] != one["trainee"]
        else one["trainee"]
        for one in found["notebooks"]
    )
    yield f"Yes: {found['code']} is a hand-in of {', '.join(people)}, made {_moment(found['made'])}."
    for one in found["notebooks"]:
        became = (
            f"{one['points']:g} of {one['max_points']:g} points"
            if one["graded"]
            else f"not graded: {one['reason'] or NOT_RUN}"
        )
        yield f"  {one['exercise']} ({one['source']}): {became}"


def _moment(made: str) -> str:
    """When it says that it was made, on the course's clock."""
    from datetime import datetime

    try:
        return shown(seconds_of(datetime.fromisoformat(made)))
    except (ValueError, OverflowError, OSError):
        return made or "at a time that it does not say"
