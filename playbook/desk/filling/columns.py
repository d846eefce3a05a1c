"""Which column of a platform's file takes which exercise's marks: what is named wins, and headings say the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playbook.desk.filling.platforms import Layout, MarkColumn
from playbook.errors import PlaybookError
from playbook.gradebook.records import GradedExercise
from playbook.names import squash

#: A chapter's number in front of a heading; no date, no decimal, no ordinal and no amount.
_NUMBER = re.compile(
    r"\s*(?:chapter|kapitel|chapitre|ch\.?|第)?\s*0*(\d+)(?!\d|[a-z]|\s*[./:：-]\s*\d|\s*[%年月日号天周点分届期次个])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wishes:
    """How a file is to be filled.

    Attributes:
        exercises: beginnings of the exercises' ids that are wanted; empty for all.
        columns: heading → (beginning of) the exercise whose marks go there; empty where headings say so.
        scale: write a mark's share of what the file has as most, where that differs from the exercise's points.
        partial: fill what is certain, and leave the rest of the file as it is.
        comments: fill the column for comments as well.
    """

    exercises: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    scale: bool = False
    partial: bool = False
    comments: bool = True


def columns_for(
    layout: Layout, exercises: Sequence[GradedExercise], wishes: Wishes, where: str
) -> list[tuple[MarkColumn, GradedExercise]]:
    """Which column takes which exercise's marks: what is named wins, and headings say the rest."""
    wanted = [named_exercise(start, exercises, where) for start in wishes.exercises] or list(exercises)
    named = _named(layout, exercises, wishes, where)
    taken = ([column for column, _one in named], [one for _column, one in named])
    free = [column for column in layout.marks if column not in taken[0]]
    left = [one for one in wanted if one not in taken[1]]
    pairs = named + [(column, one) for column in free for one in left if _fits(column.title, one)]
    if not pairs and len(layout.marks) == 1 and not layout.marks[0].title:
        pairs = [(layout.marks[0], one) for one in _by_name(where, exercises, wanted, wishes)]
    lacking = [one.id for one in wanted if one not in [exercise for _column, exercise in pairs]]
    if not pairs or (lacking and wishes.exercises):
        headings = ", ".join(one.heading for one in layout.marks)
        which = (
            f"no column names {', '.join(lacking)}" if pairs else "no column names an exercise that is graded"
        )
        raise PlaybookError(
            f"{which}: {headings}",
            where=where,
            remedy=f"say it, as in --column {layout.marks[0].heading!r}=03, or --exercise 03 where the file is "
            f"about one alone; {_graded(wanted, wishes)}",
        )
    twice = [
        one
        for one in pairs
        if any(other != one and (other[0] == one[0] or other[1] == one[1]) for other in pairs)
    ]
    if twice:
        told = "; ".join(f"{column.heading!r}: {one.id}" for column, one in twice)
        raise PlaybookError(
            f"it is not certain which column is for which exercise: {told}",
            where=where,
            remedy="say it with --column HEADING=EXERCISE for each",
        )
    return pairs


def _by_name(
    where: str, exercises: Sequence[GradedExercise], wanted: Sequence[GradedExercise], wishes: Wishes
) -> list[GradedExercise]:
    """What a file about one exercise is for: what was asked for, or what its own name says; both must agree.

    Raises:
        PlaybookError: one exercise was asked for, and the file's name says another.
    """
    titled = [one for one in exercises if squash(one.title) in squash(Path(where).stem)]
    if not (wishes.exercises and len(wanted) == 1):
        return [one for one in titled if one in wanted]
    if titled and wanted[0] not in titled:
        raise PlaybookError(
            f"--exercise says {wanted[0].id}, and the file's name says {titled[0].title!r}",
            where=where,
            remedy=f"name the other file, or the other exercise: --exercise {titled[0].id}",
        )
    return list(wanted)


def _named(
    layout: Layout, exercises: Sequence[GradedExercise], wishes: Wishes, where: str
) -> list[tuple[MarkColumn, GradedExercise]]:
    """The columns that somebody named, with the exercise that each is for."""
    named = []
    for heading, start in wishes.columns.items():
        found = [one for one in layout.marks if heading == one.heading]
        found = found or [one for one in layout.marks if heading == one.title]
        if not found:
            raise PlaybookError(
                f"there is no column {heading!r} for marks",
                where=where,
                remedy=f"--column takes one of: {', '.join(one.heading for one in layout.marks)}",
            )
        if len(found) > 1:
            whole = ", ".join(dict.fromkeys(one.heading for one in found))
            raise PlaybookError(
                f"there are {len(found)} columns {heading!r} for marks",
                where=where,
                remedy=f"write the whole heading: {whole}"
                if whole != heading
                else "download the file again, or give each column a heading of its own",
            )
        named.append((found[0], named_exercise(start, exercises, where)))
    return named


def _graded(wanted: Sequence[GradedExercise], wishes: Wishes) -> str:
    """Which exercises a column was sought for."""
    listed = ", ".join(one.id for one in wanted) or "none"
    return f"{'looked for' if wishes.exercises else 'graded'} are: {listed}"


def named_exercise(start: str, exercises: Sequence[GradedExercise], where: str) -> GradedExercise:
    """The one exercise whose id begins so, or whose chapter has this number: `1` may be 01 or 10.

    Raises:
        PlaybookError: none that is graded does, or more than one.
    """
    number = int(start) if start.isdecimal() else None
    found = [one for one in exercises if one.id.startswith(start) or one.chapter == number]
    if len(found) == 1:
        return found[0]
    raise PlaybookError(
        f"{start!r} names {'no exercise' if not found else 'more than one exercise'} that is graded",
        where=where,
        remedy=f"use one of {', '.join(one.id for one in found or exercises) or 'none yet: grade first'}",
    )


def _fits(title: str, one: GradedExercise) -> bool:
    """Whether a heading names an exercise: by its title, its id, or its chapter's number in front."""
    bare, wanted = squash(title), squash(one.title)
    if not bare:
        return False
    number = _NUMBER.match(title)
    return (
        bare in (wanted, squash(one.id))
        or (len(wanted) > 5 and wanted in bare)
        or bool(number and int(number[1]) == one.chapter)
    )
