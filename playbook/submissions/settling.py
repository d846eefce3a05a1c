"""The map: a table of all files and whose they are, in which a person settles what is not certain."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from playbook.cases.roster import Roster
from playbook.cases.sheet import read_sheet
from playbook.errors import PlaybookError
from playbook.submissions.hand_in import Found, Settled, certain_exercise, exercise_in_name

COLUMNS = ("file", "trainee", "exercise", "state", "candidates", "why")
#: What leaves a file out, in the column of trainees.
_OUT = ("-", "skip", "leave out")
_USUAL = {column: column for column in COLUMNS}


def map_rows(found: Found) -> Iterator[dict[str, Any]]:
    """A row for each file: who it is filed under, or why not; what is held comes first."""
    for one in found.held:
        yield _row(one.source, "", one.exercise, "held", "; ".join(one.candidates), one.why)
    for one in found.hand_ins:
        why = "; ".join(filter(None, (one.problem, *one.remarks, *one.notes)))
        yield _row(one.source, one.trainee, certain_exercise(one.exercise, one.problem), "found", "", why)
    for one in found.passed:
        if not one.nobodys:
            yield _row(one.source, "", "", "passed over", one.trainee, one.reason)


def _row(*cells: str) -> dict[str, Any]:
    return dict(zip(COLUMNS, cells, strict=True))


def read_map(path: Path, roster: Roster, exercises: Collection[str]) -> dict[str, Settled]:
    """What a person has settled, by file.

    Args:
        roster: where there is one, a trainee must be on it.
        exercises: ids that may stand in the column ``exercise``, or their beginnings.

    Raises:
        PlaybookError: it can't be read, or names a trainee or an exercise that there is not.
    """
    sheet = read_sheet(
        path,
        lambda text: _USUAL.get(text, ""),
        ("file",),
        what="map",
        ask="write one with --dry-run --map FILE",
    )
    settled = {}
    for number, cells in sheet.lines:
        where = f"{path} row {number}"
        file, trainee, exercise = (cells.get(name, "").removeprefix("'").strip() for name in COLUMNS[:3])
        if not file or cells.get("state") == "passed over":
            continue
        if trainee.casefold() in _OUT:
            _settle(settled, file, Settled(left_out=True), where)
            continue
        if trainee and roster.trainees and roster.find(trainee) is None:
            raise PlaybookError(
                f"{trainee!r} is not on the roster, or not for certain",
                where=where,
                remedy="write the id as the roster has it, or - to leave the file out",
            )
        named = exercise_in_name(exercise, exercises) if exercise else ""
        if exercise and not named:
            raise PlaybookError(
                f"there is no exercise {exercise!r}",
                where=where,
                remedy=f"there are: {', '.join(sorted(exercises))}",
            )
        _settle(settled, file, Settled(trainee, named), where)
    return settled


def _settle(settled: dict[str, Settled], file: str, one: Settled, where: str) -> None:
    """Note what a row says of a file; two rows may not say two things of it."""
    if settled.setdefault(file, one) != one:
        raise PlaybookError(
            f"the file {file!r} stands twice, and the two rows do not say the same",
            where=where,
            remedy="keep one of the rows; where two files are called so, rename one and write the map again",
        )
