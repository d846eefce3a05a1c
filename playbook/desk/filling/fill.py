"""Fill a platform's file with marks: all that is wrong is told at once, and nothing is written while anything is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from playbook.desk.exports.cohort import Cohort
from playbook.desk.exports.comments import comment, earlier, is_ours, with_additions
from playbook.desk.filling.columns import Wishes, columns_for
from playbook.desk.filling.csv_bytes import CsvBytes
from playbook.desk.filling.people import People
from playbook.desk.filling.platforms import Layout, MarkColumn, find_layout
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, results_of

#: What says that somebody need not have a mark.
_EXCUSED = ("ex", "excused", "免修", "豁免")
#: Rows that one kind of problem names.
_SHOWN = 10
#: Characters of a clue that a row shows: a quote that nobody closed takes in the rows below.
_LONGEST = 60


@dataclass(frozen=True)
class Change:
    """One cell that becomes another."""

    row: int
    column: str
    trainee: str
    exercise: str
    before: str
    after: str


@dataclass
class Filled:
    """A file with marks in it.

    Attributes:
        platform: whose form it has; cannot: what that form does not carry.
        changes: cells that become others, from the top.
        same: marks that stood there already.
        left: what was left as it was, and why, in sentences.
        content: the whole file.
    """

    platform: str
    cannot: tuple[str, ...]
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    left: list[str] = field(default_factory=list)
    content: bytes = b""

    def as_dict(self) -> dict[str, Any]:
        """All but the content, as data."""
        return {
            "schema": 1,
            "platform": self.platform,
            "cannot": list(self.cannot),
            "changes": [asdict(one) for one in self.changes],
            "same": self.same,
            "left": self.left,
        }


def fill(file: CsvBytes, cohort: Cohort, contacts: Mapping[str, tuple[str, ...]], wishes: Wishes) -> Filled:
    """A platform's file with the cohort's marks.

    Args:
        contacts: e-mail or login → ids, from the roster.

    Raises:
        PlaybookError: the form is not known, no column fits an exercise, the points differ, or people are not
            found or not certain: every one is named, grouped by what is wrong.
    """
    layout = find_layout(file)
    if not layout.people:
        raise PlaybookError(
            f"no column of this file of {layout.platform.name} says who a row is about",
            where=file.where,
            remedy="let the platform show names (reveal the identities), and download the file again",
        )
    pairs = columns_for(layout, cohort.gradebook.exercises(), wishes, file.where)
    marks = {(one.trainee, one.exercise): one for one in cohort.chosen if one.status == GRADED}
    people = People.of(cohort.roster, (one.trainee for one in cohort.chosen), contacts)
    rows, problems, maybe = _rows(file, layout, people)
    owned = set(rows.values())
    about = {exercise.id for _column, exercise in pairs}
    lost = sorted({trainee for trainee, exercise in marks if exercise in about} - owned - maybe)
    if lost:
        problems["have marks and no row in the file"] = _Problem(
            lost,
            ["download the file again when they are enrolled, or fill the others with --partial"],
        )
    filled = Filled(layout.platform.name, layout.platform.cannot)
    if problems and not wishes.partial:
        raise PlaybookError(
            f"nothing was written: {'; '.join(_told(problems))}", where=file.where, remedy=_remedies(problems)
        )
    filled.left += _told(problems)
    without = sorted({exercise for _trainee, exercise in marks} - about)
    if without and not wishes.exercises and any(column.title for column, _exercise in pairs):
        filled.left.append(f"graded, and no column in the file names it: {_few(without)}")
    _check_points(file, layout, pairs, rows, wishes)
    chosen = [marks[key] for key in sorted(marks) if key[0] in owned]
    words = {
        (one.trainee, one.exercise): comment(one, data)
        for one, data in results_of(cohort.gradebook, chosen)
        if wishes.comments and any(column.comment is not None for column, _exercise in pairs)
    }
    for row, trainee in rows.items():
        for column, exercise in pairs:
            one = marks.get((trainee, exercise.id))
            if one is not None:
                said = words.get((trainee, exercise.id), "")
                _fill_row(_Cell(file, layout, row, column), one, said, filled, cohort.gradebook)
    filled.content = file.bytes()
    return filled


@dataclass(frozen=True)
class _Cell:
    """Where one mark goes."""

    file: CsvBytes
    layout: Layout
    row: int
    column: MarkColumn

    @property
    def most(self) -> str:
        """What can be reached, as the file writes it."""
        at = self.column.most_at
        return self.column.most if at is None else self.file.value(self.row, at)

    def change(self, column: int, after: str, one: Standing, filled: Filled) -> None:
        """Put a text in, and keep account of it."""
        heading = self.column.heading if column == self.column.column else f"comment ({self.column.heading})"
        before = self.file.value(self.row, column)
        filled.changes.append(Change(self.row + 1, heading, one.trainee, one.exercise, before, after))
        self.file.put(self.row, column, after)


def _fill_row(cell: _Cell, one: Standing, words: str, filled: Filled, gradebook: Gradebook) -> None:
    most = number_in(cell.most)
    points = one.points if most is None or most == one.max_points else one.share * most
    before = cell.file.value(cell.row, cell.column.column)
    after = written(points, cell.most or before, cell.file.separator)
    there = number_in(before)
    same = there is not None and (abs(there - points) < 0.005 or there == number_in(after))
    kept = ""
    if cell.row in cell.layout.locked:
        kept = "" if same else "the platform says that its grade can't be changed"
    elif before.casefold() in _EXCUSED:
        kept = f"the excuse {before!r} is kept"
    if kept:
        filled.left.append(f"row {cell.row + 1}, {one.trainee}: {kept}")
        return
    if same:
        filled.same += 1
    else:
        cell.change(cell.column.column, after, one, filled)
    if cell.row in cell.layout.locked:
        return
    at = cell.column.comment
    if at is None or not words:
        return
    form = cell.layout.platform.comment
    before, after = cell.file.value(cell.row, at), form(words)
    if before and not is_ours(before):
        filled.left.append(f"row {cell.row + 1}, {one.trainee}: the comment that stands there is kept")
        return
    if before not in ("", after):
        after = with_additions(before, after, map(form, earlier(one, gradebook)))
    if before != after:
        cell.change(at, after, one, filled)
        if cell.column.form is not None and not cell.file.value(cell.row, cell.column.form):
            cell.file.put(cell.row, cell.column.form, cell.layout.platform.comment_form)


def number_in(text: str) -> float | None:
    """A number however a platform writes it, with a point or a comma; None for anything else."""
    text = text.strip().replace(",", ".")
    return float(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None


def written(points: float, like: str, separator: str) -> str:
    """Points as numbers in the file are written: with as many decimals, a comma where that is meant."""
    found = re.fullmatch(r"\d+([.,])(\d+)", like.strip())
    text = f"{points:.{len(found[2])}f}" if found else f"{points:.2f}".rstrip("0").rstrip(".")
    if found and abs(float(text) - points) >= 0.005:
        text = f"{points:.2f}"  # half points where the file writes whole ones
    comma = found[1] == "," if found else separator == ";"
    return text.replace(".", ",") if comma else text


@dataclass(frozen=True)
class _Problem:
    """Rows or people with one kind of problem, and what to do, each way once."""

    who: list[str] = field(default_factory=list)
    remedies: list[str] = field(default_factory=list)

    def add(self, who: str, remedy: str) -> None:
        self.who.append(who)
        if remedy not in self.remedies:
            self.remedies.append(remedy)


def _rows(
    file: CsvBytes, layout: Layout, people: People
) -> tuple[dict[int, str], dict[str, _Problem], frozenset[str]]:
    """Whose each row is, what is wrong by kinds, and everybody whom a row that is not certain may be about."""
    clues = _clues(file, layout)
    telling = people.telling(clues.values())
    found = {row: people.whose(said, telling) for row, said in clues.items()}
    theirs: dict[str, list[int]] = {}
    for row, whose in found.items():
        theirs.setdefault(whose.trainee, []).append(row)
    rows: dict[int, str] = {}
    problems: dict[str, _Problem] = {}
    maybe: set[str] = set()
    for row, whose in found.items():
        same = theirs[whose.trainee]
        if whose.trainee and len(same) == 1:
            rows[row] = whose.trainee
            continue
        maybe |= whose.maybe | ({whose.trainee} - {""})
        said = (" ".join(text.split())[:_LONGEST] for text in clues[row].values())
        shown = f"row {row + 1} ({', '.join(filter(None, said))})"
        if whose.trainee:
            if row == same[0]:
                continue
            shown += f" is {whose.trainee} again, as row {same[0] + 1}"
            problems.setdefault("not certain who is meant", _Problem()).add(
                shown, "keep one of that person's rows"
            )
        elif whose.maybe:
            problems.setdefault("not certain who is meant", _Problem()).add(
                f"{shown} {whose.problem}", whose.remedy
            )
        else:
            problems.setdefault("not in the cohort", _Problem()).add(shown, whose.remedy)
    return rows, problems, frozenset(maybe)


def _clues(file: CsvBytes, layout: Layout) -> dict[int, dict[str, str]]:
    """What each row that is about a person says of them."""
    found = {}
    for row in range(layout.first, len(file)):
        clues = {
            kind: " ".join(file.value(row, place) for place in places).strip()
            for kind, places in layout.people.items()
        }
        test = re.fullmatch(
            r"student, test|test student|points possible", clues.get("name", ""), re.IGNORECASE
        )
        if any(clues.values()) and not test:
            found[row] = clues
    return found


def _told(problems: Mapping[str, _Problem]) -> list[str]:
    return [f"{what}: {_few(one.who)}" for what, one in problems.items()]


def _remedies(problems: Mapping[str, _Problem]) -> str:
    return "; ".join(dict.fromkeys(remedy for one in problems.values() for remedy in one.remedies))


def _few(who: Sequence[str]) -> str:
    more = f" and {len(who) - _SHOWN} more" if len(who) > _SHOWN else ""
    return ", ".join(who[:_SHOWN]) + more


def _check_points(
    file: CsvBytes,
    layout: Layout,
    pairs: Sequence[tuple[MarkColumn, GradedExercise]],
    rows: Mapping[int, str],
    wishes: Wishes,
) -> None:
    wrong: list[str] = []
    remedies: list[str] = []
    for column, exercise in pairs:
        if column.shows:
            wrong.append(f"the column {column.heading!r} shows {column.shows.lower()}, not points")
            remedies.append(
                "let that column show points (as its primary display, Score), and download the file again"
            )
            continue
        texts = {_Cell(file, layout, row, column).most for row in rows} - {"", "-"}
        other = sorted(text for text in texts if number_in(text) != exercise.points)
        usable = all(number_in(text) for text in other)  # there is no share of 0, nor of a word
        if other and not (usable and wishes.scale):
            wrong.append(
                f"the column {column.heading!r} has {_few(other)} points, and {exercise.id} has "
                f"{exercise.points:g}"
            )
            or_scaled = ", or write the share of its points with --scale" if usable else ""
            remedies.append(f"set the same points on the platform{or_scaled}")
    if wrong:
        raise PlaybookError("; ".join(wrong), where=file.where, remedy="; ".join(dict.fromkeys(remedies)))
