"""Feedback: one page for each trainee, with each question's outcome and hint, and what to look at next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.desk.pages import moment, render
from playbook.desk.pages.notebook import notebook_html
from playbook.desk.people import find_trainee
from playbook.errors import PlaybookError
from playbook.exercises.outcomes import Outcome, look_of
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, results_of, standings
from playbook.places import FULL, write_whole
from playbook.progress import Progress, no_progress
from playbook.submissions.notebook import parse_notebook
from playbook.words import _, ngettext

#: Questions that a page names as the next to look at.
_NEXT = 3


@dataclass(frozen=True)
class Piece:
    """One exercise of a trainee: where it stands, its result's data, and the notebook to show."""

    standing: Standing
    data: Mapping[str, Any]
    notebook: Mapping[str, Any] | None
    as_run: bool


def trainees_of(gradebook: Gradebook, wanted: Iterable[str] = ()) -> list[str]:
    """Trainees with hand-ins, or those that are wanted, by id or name.

    Raises:
        PlaybookError: one of them handed nothing in.
    """
    there = sorted({trainee for trainee, _exercise, _sha256 in gradebook.attempts()})
    roster = gradebook.roster()
    return [find_trainee(name, there, roster) for name in wanted] or there


def write_feedback(
    gradebook: Gradebook,
    out: Path,
    trainees: Sequence[str],
    policy: str = "last",
    progress: Progress = no_progress,
) -> list[Path]:
    """Write one self-contained HTML page for each trainee.

    Args:
        out: folder for ``<trainee>.html``.

    Raises:
        PlaybookError: the folder or a page can't be written; every other page is.
    """
    roster = gradebook.roster()
    by_trainee: dict[str, list[Standing]] = {trainee: [] for trainee in trainees}
    for one in standings(gradebook, policy, roster):
        if one.trainee in by_trainee:
            by_trainee[one.trainee].append(one)
    exercises = gradebook.exercises()
    written, failed = [], []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for trainee, chosen in by_trainee.items():
            enrolled = roster.find(trainee)
            pieces = [_piece(gradebook, one, data) for one, data in results_of(gradebook, chosen)]
            name = enrolled.name if enrolled and enrolled.name else trainee
            path = out / f"{trainee}.html"
            page = feedback_page(name, pieces, exercises)
            try:
                write_whole(path, [page])
            except OSError as error:
                if error.errno in FULL:
                    raise
                failed.append(f"{path.name}: {error.strerror}")
                continue
            written.append(path)
            progress("writing pages", len(written), len(by_trainee))
    except OSError as error:
        raise PlaybookError(
            f"the page can't be written: {error.strerror}",
            where=str(out),
            remedy="check the disk and the folder",
        ) from None
    if failed:
        raise PlaybookError(
            f"{len(written)} pages are written, and these can't be: {', '.join(failed)}",
            where=str(out),
            remedy="move what is in their way",
        )
    return written


def page_of(gradebook: Gradebook, name: str, chosen: Iterable[Standing]) -> str:
    """A trainee's page about some attempts alone, for a place where the others have pages of their own."""
    pieces = [_piece(gradebook, one, data) for one, data in results_of(gradebook, chosen)]
    about = {piece.standing.exercise for piece in pieces}
    return feedback_page(name, pieces, [one for one in gradebook.exercises() if one.id in about])


def _piece(gradebook: Gradebook, one: Standing, data: Mapping[str, Any]) -> Piece:
    ran = gradebook.executed(one.mark) if one.mark is not None else None
    content = ran if ran is not None else gradebook.notebook(data["sha256"])
    return Piece(one, data, parse_notebook(content)[0], ran is not None)


def feedback_page(name: str, pieces: Sequence[Piece], exercises: Sequence[GradedExercise]) -> str:
    """A trainee's page.

    Args:
        exercises: all there are, in order.
    """
    titles = {
        one.id: _("Chapter {number} · {title}").format(number=one.chapter, title=one.title)
        for one in exercises
    }
    handed_in = {piece.standing.exercise for piece in pieces}
    missing = [title for exercise, title in titles.items() if exercise not in handed_in]
    done = [piece.standing for piece in pieces if piece.standing.status == GRADED]
    return render(
        "feedback.html.j2",
        name=name,
        city=", ".join(sorted({one.city.capitalize() for one in done if one.city})),
        points=f"{sum(one.points for one in done):g}",
        max_points=f"{sum(one.max_points for one in done):g}",
        sections=[_section(piece, titles) for piece in pieces],
        missing=missing,
        next=next_steps(pieces, titles, missing),
    )


def _section(piece: Piece, titles: Mapping[str, str]) -> dict[str, Any]:
    one, data = piece.standing, piece.data
    verdict = (
        _("{points} of {max_points} points.").format(
            points=f"{one.points:g}", max_points=f"{one.max_points:g}"
        )
        if one.status == GRADED
        else _("Not graded yet: {reason}. It is tried again at the next grading.").format(reason=one.reason)
    )
    if one.status != GRADED and data.get("remedy"):
        verdict = f"{verdict} {data['remedy']}"
    attempt = _("Attempt {number} of {count}, handed in {moment}.")
    if one.due is not None:
        attempt = _("Attempt {number} of {count}, handed in {moment}, due {due}.")
    if one.late:
        attempt = _("Attempt {number} of {count}, handed in {moment}, due {due}: late.")
    attempt = attempt.format(
        number=one.number, count=one.attempts, moment=moment(one.received), due=moment(one.due)
    )
    if one.codes:
        attempt += " " + _("The code of your receipt: {code}.").format(code=one.codes[-1])
    return {
        "heading": titles.get(one.exercise, one.exercise or _("Unknown exercise")),
        "verdict": verdict,
        "attempt": attempt,
        "notes": [note for note in data["notes"] if note not in one.remarks],  # those are for the instructor
        "questions": [_question(question) for question in data["questions"]],
        "cells": notebook_html(piece.notebook),
        "shown": _("Your notebook, as it ran when it was graded")
        if piece.as_run
        else _("Your notebook, as you handed it in"),
    }


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    """What a trainee may see of a question: never what an answer should be, nor how the unseen case went."""
    return {
        "title": question["title"] or question["question"],
        "outcome": question["outcome"],
        "words": _marked(question["outcome"]),
        "points": f"{question['points']:g}",
        "max_points": f"{question['max_points']:g}",
        "message": question["message"],
        "hint": question["hint"],
        "stretch": question["stretch"],
    }


def _marked(outcome: str) -> str:
    look = look_of(Outcome(outcome))
    return f"{look.sign} {look.marked}"


def next_steps(pieces: Sequence[Piece], titles: Mapping[str, str], missing: Sequence[str]) -> list[str]:
    """What to do next, in words: the questions with the most points left, then the next exercise."""
    open_questions = [
        (question["stretch"], question["points"] - question["max_points"], place, piece, question)
        for place, piece in enumerate(pieces)
        for question in piece.data["questions"]
        if question["points"] < question["max_points"]
    ]
    advised: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for _stretch, _left, _place, piece, question in sorted(open_questions, key=lambda one: one[:3]):
        heading = titles.get(piece.standing.exercise, piece.standing.exercise)
        advice = question["hint"] or question["message"] or _("Look at its cell again.")
        advised.setdefault((heading, advice), []).append(question)
    steps = []
    for (heading, advice), questions in list(advised.items())[:_NEXT]:
        names = ", ".join(f"“{question['title'] or question['question']}”" for question in questions)
        left = sum(question["max_points"] - question["points"] for question in questions)
        step = ngettext(
            "{heading}, {names}, {points} point to gain: {advice}",
            "{heading}, {names}, {points} points to gain: {advice}",
            1 if left == 1 else 2,
        )
        steps.append(step.format(heading=heading, names=names, points=f"{left:g}", advice=advice))
    if missing:
        steps.append(_("{exercise}: not handed in yet.").format(exercise=missing[0]))
    return steps or [_("Nothing is open here: every question is answered right.")]
