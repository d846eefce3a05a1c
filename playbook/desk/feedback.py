"""Feedback: one page for each trainee, with each question's outcome and hint, and what to look at next."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playbook import words
from playbook.chapters.defence.finding import Simulated
from playbook.chapters.defence.why import SAID
from playbook.chapters.summing import share
from playbook.clock import use_zone, zone_name
from playbook.desk.pages import moment, render
from playbook.desk.pages.notebook import notebook_html
from playbook.desk.people import find_trainee
from playbook.desk.plain_words import cells_of, in_plain_words
from playbook.errors import PlaybookError
from playbook.exercises.outcomes import Outcome, look_of
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.result import GRADED
from playbook.gradebook.standing import Standing, each_standing, results_of
from playbook.places import FULL, write_whole
from playbook.progress import Progress, no_progress
from playbook.submissions.notebook import parse_notebook, question_of, source_of
from playbook.words import _, ngettext

#: Questions that a page names as the next to look at.
_NEXT = 3
#: Rows that three printed sheets have room for, of which each exercise takes two for itself, and the fewest missed
#: questions that are told of one.
_PRINTED, _OWN, _LEAST = 32, 2, 1
#: Missed questions of one exercise up to which paper has no room to list what is right, nor what else is open.
_BRIEF = 2
#: Trainees whose pages are written at once, and pieces of so many from which on several processes are worth it.
_AT_ONCE, _WORTH = 20, 4
#: Of a hand-in that was not run yet: nothing but that it is there.
_NO_RESULT: Mapping[str, Any] = {"sha256": "", "questions": (), "notes": ()}


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
    there = gradebook.trainees()
    roster = gradebook.roster()
    return [find_trainee(name, there, roster) for name in wanted] or there


def write_feedback(
    gradebook: Gradebook,
    out: Path,
    trainees: Sequence[str],
    policy: str = "last",
    progress: Progress = no_progress,
    jobs: int = 1,
) -> list[Path]:
    """Write one self-contained HTML page for each trainee.

    Args:
        out: folder for ``<trainee>.html``.
        jobs: processes that write side by side; a few pages are written by this one alone.

    Raises:
        PlaybookError: the folder or a page can't be written; every other page is.
    """
    people = list(dict.fromkeys(trainees))
    pieces = [people[start : start + _AT_ONCE] for start in range(0, len(people), _AT_ONCE)]
    written: list[Path] = []
    failed: list[str] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for done, lost in _written(gradebook, out, pieces, policy, jobs):
            written += done
            failed += lost
            progress("writing pages", len(written) + len(failed), len(people))
    except OSError as error:
        raise PlaybookError(
            f"the page can't be written: {error.strerror}",
            where=str(out),
            remedy="check the disk and the folder",
        ) from None
    if failed:
        raise PlaybookError(
            f"{len(written)} page{' is' if len(written) == 1 else 's are'} written, and "
            f"{'this' if len(failed) == 1 else 'these'} can't be: {', '.join(failed)}",
            where=str(out),
            remedy="move what is in their way",
        )
    return written


#: What became of some people's pages: those that are written, and a line for each that could not be.
_Done = tuple[list[Path], list[str]]


def _written(
    gradebook: Gradebook, out: Path, pieces: Sequence[Sequence[str]], policy: str, jobs: int
) -> Iterator[_Done]:
    """Write trainees' pages piece by piece, in this process or in several; the order of the pieces stays."""
    if jobs < 2 or len(pieces) < _WORTH:
        yield from map(_Writer(gradebook, out, policy).write, pieces)
        return
    from concurrent.futures import ProcessPoolExecutor

    told = (gradebook.address, out, policy, zone_name(), words.language())
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=told) as pool:
        yield from pool.map(_write_here, pieces)


class _Writer:
    """What is the same for all pages: the gradebook, the exercises and the roster."""

    def __init__(self, gradebook: Gradebook, out: Path, policy: str) -> None:
        self._gradebook, self._out, self._policy = gradebook, out, policy
        self._exercises, self._roster = gradebook.exercises(), gradebook.roster()
        self._late = gradebook.late_policy()

    def write(self, trainees: Sequence[str]) -> _Done:
        """Write some trainees' pages, their results and notebooks read at once."""
        own = each_standing(self._gradebook, self._policy, self._roster, self._late, trainees)
        known = _pieces(self._gradebook, own)
        written: list[Path] = []
        failed: list[str] = []
        for trainee in trainees:
            enrolled = self._roster.find(trainee)
            name = enrolled.name if enrolled and enrolled.name else trainee
            pieces = [piece for (whose, _exercise), piece in known.items() if whose == trainee]
            path = self._out / f"{trainee}.html"
            try:
                write_whole(path, [feedback_page(name, pieces, self._exercises)])
            except OSError as error:
                if error.errno in FULL:
                    raise
                failed.append(f"{path.name}: {error.strerror}")
                continue
            written.append(path)
        return written, failed


_writers: list[_Writer] = []


def _begin(address: str, out: Path, policy: str, zone: str, language: str) -> None:
    """Open the gradebook in a process of its own."""
    use_zone(zone)
    words.use_language(language)
    _writers[:] = [_Writer(Gradebook(address), out, policy)]


def _write_here(trainees: Sequence[str]) -> _Done:
    return _writers[0].write(trainees)


def page_of(gradebook: Gradebook, name: str, chosen: Sequence[Standing]) -> str:
    """A trainee's page about some attempts alone, for a place where the others have pages of their own."""
    pieces = list(_pieces(gradebook, chosen).values())
    about = {piece.standing.exercise for piece in pieces}
    return feedback_page(name, pieces, [one for one in gradebook.exercises() if one.id in about])


def _pieces(gradebook: Gradebook, chosen: Iterable[Standing]) -> dict[tuple[str, str], Piece]:
    """Attempts with their results and notebooks, by trainee and exercise; all notebooks are read at once."""
    chosen = list(chosen)
    data = list(results_of(gradebook, chosen))
    told = {(one.trainee, one.exercise) for one, _result in data}
    data += [(one, _NO_RESULT) for one in chosen if (one.trainee, one.exercise) not in told]
    data.sort(key=lambda row: (row[0].trainee, row[0].exercise))
    ran = dict(gradebook.executed_of(one.mark for one, _result in data if one.mark is not None))
    as_handed_in = dict(
        gradebook.notebooks(
            result["sha256"] for one, result in data if one.mark not in ran and result["sha256"]
        )
    )
    return {
        (one.trainee, one.exercise): _piece(one, result, ran.get(one.mark or 0), as_handed_in)
        for one, result in data
    }


def _piece(
    one: Standing, data: Mapping[str, Any], ran: bytes | None, as_handed_in: Mapping[str, bytes]
) -> Piece:
    content = as_handed_in.get(data["sha256"]) if ran is None else ran
    notebook = parse_notebook(content)[0] if content is not None else None
    return Piece(one, data, notebook, ran is not None)


def feedback_page(name: str, pieces: Sequence[Piece], exercises: Sequence[GradedExercise]) -> str:
    """A trainee's page.

    Args:
        exercises: all there are, in order.
    """
    titles = {
        one.id: _("Chapter {number} · {title}").format(number=one.chapter, title=one.title)
        for one in exercises
    }
    pieces = [_plainly(piece) for piece in pieces]
    handed_in = {piece.standing.exercise for piece in pieces}
    missing = [title for exercise, title in titles.items() if exercise not in handed_in]
    done = [piece.standing for piece in pieces if piece.standing.status == GRADED]
    return render(
        "feedback.html.j2",
        name=name,
        city=", ".join(sorted({one.city.capitalize() for one in done if one.city})),
        points=f"{sum(one.points for one in done):g}",
        max_points=f"{sum(one.max_points for one in done):g}",
        graded=len(done),
        sections=[_section(piece, titles, max(_LEAST, _PRINTED // len(pieces) - _OWN)) for piece in pieces],
        missing=missing,
        next=next_steps(pieces, titles, missing),
    )


def _plainly(piece: Piece) -> Piece:
    """The same with what stopped a cell in plain words, and with the earlier question that a miss comes from."""
    sources = {question_of(cell): source_of(cell) for cell in cells_of(piece.notebook)}
    titles = {one["question"]: one["title"] or one["question"] for one in piece.data["questions"]}
    questions = []
    for one in piece.data["questions"]:
        message = in_plain_words(one, sources.get(one["question"], ""))
        if root := titles.get(one.get("follows") or ""):
            first = _("It is worked out from “{title}”, which is not right yet: mend that first.")
            message = f"{first.format(title=root)} {message}".rstrip()
        questions.append({**one, "message": message})
    return replace(piece, data={**piece.data, "questions": questions})


def _section(piece: Piece, titles: Mapping[str, str], printed: int) -> dict[str, Any]:
    """What the page says of one exercise; of the missed questions, the first `printed` are on paper too."""
    one, data = piece.standing, piece.data
    if one.status != GRADED:
        verdict = _("Not graded yet: {reason}. It is tried again at the next grading.").format(
            reason=one.reason
        )
    else:
        verdict = _("{points} of {max_points} points.")
        if one.earned is not None and one.earned > one.points:
            verdict = _("{points} of {max_points} points: it came late; the answers alone earned {earned}.")
        verdict = verdict.format(
            points=f"{one.points:g}", max_points=f"{one.max_points:g}", earned=f"{one.earned or 0:g}"
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
    questions = [_question(question) for question in data["questions"]]
    missed = [question for question in questions if question["missed"]]
    for question in missed[:printed]:
        question["printed"] = True
    return {
        "exercise": one.exercise or "unknown",
        "heading": titles.get(one.exercise, one.exercise or _("Unknown exercise")),
        "verdict": verdict,
        "attempt": attempt,
        "run": _run_of(data.get("simulated")),
        "notes": [note for note in data["notes"] if note not in one.remarks],  # those are for the instructor
        "questions": questions,
        "right": ", ".join(one["title"] for one in questions if not one["missed"])
        if printed > _BRIEF
        else "",
        "more": _rest([one["title"] for one in missed[printed:]], printed),
        "cells": notebook_html(piece.notebook),
        "shown": _("Your notebook, as it ran when it was graded")
        if piece.as_run
        else _("Your notebook, as you handed it in"),
    }


def _rest(titles: Sequence[str], printed: int) -> str:
    """Questions that are open too, as paper has room for them."""
    if printed > _BRIEF or len(titles) < 2:
        return ", ".join(titles)
    return ngettext("{count} more question", "{count} more questions", len(titles)).format(count=len(titles))


def _run_of(record: Any) -> str:
    """What the simulator made of a defended plan, and the levers that cost it most; empty where none was run."""
    run = Simulated.from_record(record)
    if run is None:
        return ""
    told = _(
        "In {runs} runs your plan closes {part} of the gap between the naive plan and the best one known; cash falls below the limit in {broken} of them."
    ).format(runs=run.draws, part=share(round(run.gap_share, 2) + 0.0), broken=share(run.cash_broken))
    costs = [
        _("{lever}, {part} of the gap (chapter {chapter})").format(
            lever=_(SAID[lever][0]), part=share(points / 100), chapter=SAID[lever][1]
        )
        for lever, points in record.get("costs", ())
        if lever in SAID and points >= 0.5
    ]
    if not costs:
        return told
    most = _("Set as in the best plan known, one at a time, these would bring most: {levers}.")
    return f"{told} {most.format(levers='; '.join(costs))}"


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
        "missed": question["points"] < question["max_points"],
        "printed": False,
    }


def _marked(outcome: str) -> str:
    return _look(outcome, words.language())


@functools.lru_cache(maxsize=64)
def _look(outcome: str, _language: str) -> str:
    """An outcome's sign and word; every page of a cohort asks for the same few."""
    look = look_of(Outcome(outcome))
    return f"{look.sign} {look.marked}"


def next_steps(pieces: Sequence[Piece], titles: Mapping[str, str], missing: Sequence[str]) -> list[str]:
    """What to do next, in words: what is not graded, the questions with the most points left, the next exercise.

    A question whose miss comes from an earlier one waits for that.
    """
    open_questions = [
        (question["stretch"], question["points"] - question["max_points"], place, piece, question)
        for place, piece in enumerate(pieces)
        for question in piece.data["questions"]
        if question["points"] < question["max_points"] and not question.get("follows")
    ]
    advised: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for _stretch, _left, _place, piece, question in sorted(open_questions, key=lambda one: one[:3]):
        heading = titles.get(piece.standing.exercise, piece.standing.exercise)
        advice = question["hint"] or question["message"] or _("Look at its cell again.")
        advised.setdefault((heading, advice), []).append(question)
    steps = []
    for piece in pieces:
        if piece.standing.status != GRADED:
            heading = titles.get(piece.standing.exercise, piece.standing.exercise or _("Unknown exercise"))
            remedy = piece.data.get("remedy", "")
            step = _("{heading}, not graded yet: {reason}.").format(
                heading=heading, reason=piece.standing.reason
            )
            steps.append(f"{step} {remedy}".rstrip())
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
