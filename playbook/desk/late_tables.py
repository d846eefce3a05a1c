"""What late means, as two tables in the roster's folder: `late` (what is kept) and `extensions` (who has longer)."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from playbook.cases.roster import Roster
from playbook.cases.sheet import Sheet, read_sheet
from playbook.clock import DATE_FORM, deadline, read_moment, wall
from playbook.errors import PlaybookError, Together
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.late import LatePolicy, Step
from playbook.gradebook.standing import Standing, standings

#: Names of the tables, and endings that are tried.
LATE, EXTENSIONS, ENDINGS = "late", "extensions", (".csv", ".xlsx")
#: Headings that serve, by the usual one.
_ALSO = {
    "exercise": ("chapter", "练习", "章节", "作业"),
    "days": ("days late", "up to days", "迟交天数", "天数"),
    "keep": ("keeps", "points kept", "kept", "保留", "保留比例", "得分比例"),
    "id": ("trainee", "学号", "工号", "员工号", "name", "姓名"),
    "until": ("extension", "due", "延期", "延期至", "截止"),
    "reason": ("why", "原因", "理由"),
}
_USUAL = {also: usual for usual, alike in _ALSO.items() for also in (usual, *alike)}


@dataclass(frozen=True)
class LateTables:
    """What the two tables say; files that are not there say nothing.

    Attributes:
        extensions: by what a trainee is filed under and exercise, the last moment; reasons: the same, in words.
    """

    policy: LatePolicy
    extensions: Mapping[str, Mapping[str, float]]
    reasons: Mapping[tuple[str, str], str]
    files: tuple[Path, ...]


@dataclass(frozen=True)
class LateChange:
    """One hand-in whose points change, and why.

    Attributes:
        late_days: days after the last moment, extension included; 0 or less is on time.
    """

    trainee: str
    name: str
    exercise: str
    late_days: float
    before: float
    after: float
    max_points: float
    why: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return asdict(self)


def read_late_tables(folder: Path, roster: Roster, exercises: Sequence[str]) -> LateTables:
    """Read both tables.

    Args:
        folder: the roster's.
        exercises: ids that a row may name.

    Raises:
        PlaybookError: neither is there, or rows say something that cannot be; names them all at once.
    """
    late, longer = _there(folder, LATE), _there(folder, EXTENSIONS)
    files = tuple(path for path in (late, longer) if path)
    if not files:
        raise PlaybookError(
            f"there is neither {LATE}.csv nor {EXTENSIONS}.csv",
            where=str(folder),
            remedy="put one beside the roster: headings exercise,days,keep; or id,exercise,until,reason",
        )
    policy = LatePolicy(tuple(_steps(late, exercises))) if late else LatePolicy()
    extensions, reasons = _extensions(longer, roster, exercises) if longer else ({}, {})
    return LateTables(policy, extensions, reasons, files)


def _there(folder: Path, name: str) -> Path | None:
    return next(
        (folder / f"{name}{ending}" for ending in ENDINGS if (folder / f"{name}{ending}").is_file()), None
    )


def _sheet(path: Path, needed: Sequence[str]) -> Sheet:
    sheet = read_sheet(
        path, lambda text: _USUAL.get(text, ""), needed[:1], what=path.name, ask="check the folder"
    )
    sheet.only_once(_ALSO, what=path.name, path=path)
    for word in needed:
        if word not in sheet.headings:
            raise PlaybookError(
                f"there is no column `{word}`",
                where=f"{path} row 1",
                remedy=f"its headings must be: {','.join(needed)}",
            )
    return sheet


def _steps(path: Path, exercises: Sequence[str]) -> list[Step]:
    steps: dict[tuple[str, float | None], Step] = {}
    wrong = Together()
    for number, cells in _sheet(path, ("keep", "days")).lines:
        where = f"{path} row {number}"
        with wrong.each():
            start = _start(cells.get("exercise", ""), exercises, where)
            text = cells.get("days", "")
            days = None if not text else _number(text, where, "days", 0, 3650)
            step = Step(start, days, _share(cells.get("keep", ""), where))
            if (start, days) in steps:
                raise PlaybookError(
                    "these days stand twice", where=f"{where} column days", remedy="keep one of the rows"
                )
            steps[start, days] = step
    wrong.stop()
    _check_ends(steps.values(), path)
    return list(steps.values())


def _share(text: str, where: str) -> float:
    """What is kept, as a share: 80 and 80% are 0.8. A spreadsheet keeps 80% as 0.8, and 1 may be 1% or all."""
    keep = text.rstrip("%％ ")
    value = _number(keep, where, "keep", 0, 100)
    if keep == text and 0 < value <= 1:
        raise PlaybookError(
            f"{text!r} may be a share or percent",
            where=f"{where} column keep",
            remedy="give the column the form of a plain number, and write percent: 80 for 80%",
        )
    return value / 100


def _check_ends(steps: Any, path: Path) -> None:
    """Every kind of exercise says what is kept however late, and nobody gains by waiting."""
    for start in {one.exercise for one in steps}:
        own = sorted(
            (one for one in steps if one.exercise == start),
            key=lambda one: math.inf if one.days is None else one.days,
        )
        if own[-1].days is not None:
            raise PlaybookError(
                f"nothing says what is kept after {own[-1].days:g} days",
                where=f"{path} column days",
                remedy="add a row whose `days` is empty: it holds however late",
            )
        for before, after in itertools.pairwise(own):
            if after.keep > before.keep:
                raise PlaybookError(
                    f"who is later keeps more: {after.keep:.0%} after {before.keep:.0%}",
                    where=f"{path} column keep",
                    remedy="let `keep` fall, or stay, as `days` grows",
                )


def _start(text: str, exercises: Sequence[str], where: str) -> str:
    if text and exercises and not any(one.startswith(text) for one in exercises):
        raise PlaybookError(
            f"{text!r} names no exercise",
            where=f"{where} column exercise",
            remedy=f"use the beginning of an id, such as {exercises[0][:2]}; there are: {', '.join(exercises)}",
        )
    return text


def _number(text: str, where: str, column: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise PlaybookError(
            f"{text!r} is no number from {least:g} to {most:g}",
            where=f"{where} column {column}",
            remedy="write a plain number" + (", in percent: 80" if column == "keep" else ""),
        )
    return value


def _extensions(
    path: Path, roster: Roster, exercises: Sequence[str]
) -> tuple[dict[str, dict[str, float]], dict[tuple[str, str], str]]:
    found: dict[str, dict[str, float]] = {}
    reasons: dict[tuple[str, str], str] = {}
    said: dict[tuple[str, str], str] = {}
    wrong = Together()
    for number, cells in _sheet(path, ("id", "until")).lines:
        where = f"{path} row {number}"
        with wrong.each():
            who = roster.named(cells.get("id", ""))
            if len(who) != 1:
                raise PlaybookError(
                    f"{cells.get('id', '')!r} is {'more than one person' if who else 'nobody'} on the roster",
                    where=f"{where} column id",
                    remedy="write the id as the roster has it",
                )
            filed, start = who[0].filed, _start(cells.get("exercise", ""), exercises, where)
            for exercise in (one for one in exercises if one.startswith(start)):
                before = said.get((filed, exercise))
                if before == start:
                    raise PlaybookError(
                        f"{cells['id']!r} has two extensions for {start or 'all exercises'}",
                        where=f"{where} column exercise",
                        remedy="keep one of the rows",
                    )
                end = _until(cells.get("until", ""), who[0].due_for(exercise), exercise, where)
                if end is not None and (before is None or len(start) > len(before)):
                    said[filed, exercise] = start
                    found.setdefault(filed, {})[exercise] = end
                    reasons[filed, exercise] = cells.get("reason", "")
    wrong.stop()
    return found, reasons


def _until(text: str, due: float | None, exercise: str, where: str) -> float | None:
    """The last moment: days more than it is due, or a day or moment of its own; None where nothing is due anyway."""
    if re.fullmatch(r"\d{1,3}", text):
        if due is None:
            return None
        return math.nextafter((wall(due) + timedelta(days=int(text))).timestamp(), 0)
    try:
        end = deadline(read_moment(text))
    except (ValueError, OverflowError, OSError):
        raise PlaybookError(
            f"{text!r} is neither days nor a date",
            where=f"{where} column until",
            remedy=f"write days more (7), or a day as in one of these: {DATE_FORM}",
        ) from None
    if due is not None and end < due:
        raise PlaybookError(
            f"{text} is before {exercise} is due anyway",
            where=f"{where} column until",
            remedy="write a later day",
        )
    return end


def preview(gradebook: Gradebook, tables: LateTables, policy: str = "last") -> list[LateChange]:
    """Hand-ins whose points change if the tables are applied, in order of trainee and exercise.

    Args:
        policy: which attempt counts.
    """
    roster = gradebook.roster()
    longer = Roster(
        tuple(
            one.extended(tables.extensions.get(one.filed, {})) for one in _without(gradebook, roster).trainees
        )
    )
    now = {(one.trainee, one.exercise): one for one in standings(gradebook, policy, roster)}
    changes = []
    for one in standings(gradebook, policy, longer, tables.policy):
        before = now[one.trainee, one.exercise]
        if one.points != before.points:
            enrolled = roster.find(one.trainee)
            why = _why(one, before, tables)
            late = 0.0 if one.due is None else (one.received - one.due) / 86_400
            name = enrolled.name if enrolled else ""
            told = (one.trainee, name, one.exercise, late, before.points, one.points, one.max_points, why)
            changes.append(LateChange(*told))
    return changes


def _without(gradebook: Gradebook, roster: Roster) -> Roster:
    """The roster without extensions that were applied before: those of the table take their place."""
    before = gradebook.extensions()
    return Roster(
        tuple(
            replace(
                one, due={name: end for name, end in one.due.items() if name not in before.get(one.filed, {})}
            )
            for one in roster.trainees
        )
    )


def _why(one: Standing, before: Standing, tables: LateTables) -> str:
    if one.due is None or one.received <= one.due:
        reason = tables.reasons.get((one.trainee, one.exercise), "")
        return f"on time now: an extension{f' ({reason})' if reason else ''}" if before.late else "on time"
    keeps = tables.policy.keeps(one.exercise, one.received - one.due)
    return f"late: keeps {keeps:.0%} of {one.earned:g} points, in half points"


def apply(gradebook: Gradebook, tables: LateTables) -> None:
    """Let both tables count from now on; points that answers earned stay in the gradebook as they are."""
    gradebook.keep_late_policy(tables.policy)
    gradebook.keep_extensions(tables.extensions)
