"""Feedback inside the trainee's notebook: at once, offline, with no answer inside.

``check = open_exercise("03-entry-industries")`` once, then ``check("lq", lq)`` after each question.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import linecache
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from playbook import places
from playbook.errors import PlaybookError
from playbook.exercises.advice import watch_errors
from playbook.exercises.answers import keep_answer
from playbook.exercises.kinds import Problem
from playbook.exercises.marking import Sealed, mark
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import Plain
from playbook.exercises.question import Result
from playbook.exercises.typed import is_typed_in
from playbook.exercises.view import NoteView, ResultView, show
from playbook.words import N_, _

#: Where a trainee's answers for the City Playbook gather, beside the notebooks.
RECORD = "city-playbook.json"
#: Beside the seals: what exercises there are, and which questions belong to the City Playbook.
OUTLINE = "release.json"
#: Said of a right answer that will not be right at hand-in.
TYPED_IN = N_(
    "But you typed it in. At hand-in your notebook is run once more on other figures, and a typed answer "
    "does not follow them: let a line work it out."
)


def seal_folders() -> list[Path]:
    """Folders in which seals are looked for, first one first."""
    from playbook.places import data_root

    named = os.environ.get("PLAYBOOK_SEALS")
    return [*([Path(named)] if named else []), Path(data_root()) / "seals"]


def read_seals(exercise: str, case: Any) -> tuple[dict[str, Sealed], str] | None:
    """The seals of an exercise for a case with the release they belong to, or None if there are none."""
    places.fetch_case(case.name)
    for folder in seal_folders():
        path = folder / exercise / f"{case.name}.json"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if data.get("fingerprint") == case.fingerprint:
            return {item["question"]["id"]: Sealed.from_dict(item) for item in data["questions"]}, data[
                "release"
            ]
    return None


class Checker:
    """Checks the answers of one exercise on the current case; calling it never raises.

    Attributes:
        exercise: the exercise's id.
        results: the latest result of each question checked so far.
    """

    def __init__(self, exercise: str):
        self.exercise = exercise
        self.results: dict[str, Result] = {}
        self._loaded: tuple[str, dict[str, Sealed], str] | None = None

    def __call__(self, question: object = "", value: object = ...) -> None:
        """Check an answer and show what came of it.

        Args:
            question: the question's id, as in the starter.
            value: the answer; ``...`` counts as not answered yet.
        """
        try:
            show(self._check(question, value, _cells_so_far(sys._getframe(1))))
        except (Exception, SystemExit, GeneratorExit) as error:
            show(
                NoteView(
                    _(
                        "This answer could not be checked ({error}). It is handed in all the same; "
                        "run the notebook from the top, and tell your instructor if it happens again."
                    ).format(error=type(error).__name__)
                )
            )

    def _check(self, question: object, value: object, cells: Sequence[str] = ()) -> ResultView | NoteView:
        if not isinstance(question, str) and isinstance(value, str):
            question, value = value, question
        if not isinstance(question, str):
            return NoteView(
                _('Put the question\'s name in quotes first, then your answer: check("name", answer).')
            )
        from playbook.cases import load_case

        case = load_case()
        seals = self._seals(case)
        if not seals:
            return NoteView(
                _(
                    "No feedback comes with {city}'s figures. Your answers are kept and marked when you hand in."
                ).format(city=case.city)
            )
        if question not in seals:
            near = difflib.get_close_matches(question, seals, n=1)
            words = (
                _("This exercise has no question {question!r}. Do you mean {near!r}?").format(
                    question=question, near=near[0]
                )
                if near
                else _("This exercise has no question {question!r}. It has: {questions}.").format(
                    question=question, questions=", ".join(seals)
                )
            )
            return NoteView(words)
        sealed = seals[question]
        plain = sealed.question.kind.take(value, sealed.arguments)
        result = mark(sealed, plain, case)
        if sealed.question.feedback == "recorded" and result.outcome in (
            Outcome.PASSED,
            Outcome.FAILED,
            Outcome.PARTIAL,
        ):
            result = _recorded(sealed, plain, result)
        elif (
            result.outcome is Outcome.PASSED
            and sealed.question.computed
            and is_typed_in(cells, sealed.question.answer)
        ):
            result = replace(result, message=_(TYPED_IN))
        self.results[question] = result
        if sealed.question.playbook:
            _keep(self.exercise, case, sealed, plain, result)
        total = sum(s.question.points for s in seals.values())
        so_far = sum(r.points for r in self.results.values())
        noted = sum(r.max_points for r in self.results.values() if r.outcome is Outcome.RECORDED)
        assert self._loaded
        context = {"exercise": self.exercise, "case": case.name, "release": self._loaded[2]}
        return ResultView(result, context, so_far, total, noted)

    def _seals(self, case: Any) -> dict[str, Sealed]:
        if self._loaded is None or self._loaded[0] != case.fingerprint:
            seals, release = read_seals(self.exercise, case) or ({}, "")
            self._loaded = (case.fingerprint, seals, release)
            self.results = {}
        return self._loaded[1]

    def document(self, path: str = "city-playbook.html") -> str:
        """Write the City Playbook that the answers so far add up to, and return the file's name."""
        from playbook.exercises.compose import write_own_document

        return write_own_document(Path(RECORD), self._outline(), Path(path))

    def _outline(self) -> list[dict[str, Any]]:
        for folder in seal_folders():
            try:
                return json.loads((folder / OUTLINE).read_text(encoding="utf-8"))["exercises"]
            except (OSError, ValueError, KeyError):
                continue
        return []


def _cells_so_far(frame: FrameType) -> list[str]:
    """The notebook's cells in the order in which they ran, the one that is running last."""
    ran = frame.f_globals.get("_ih")
    running = "".join(linecache.getlines(frame.f_code.co_filename))
    before = [str(cell) for cell in ran] if isinstance(ran, list) else []
    return before if before and before[-1].strip() == running.strip() else [*before, running]


def _recorded(sealed: Sealed, plain: Plain, result: Result) -> Result:
    """The result of a judgement: noted without a word of right or wrong, unless its form is off."""
    if isinstance(sealed.question.kind.normalise(plain), Problem):
        return result
    message = _("Noted: this is your decision. It is marked when you hand in; you may change it until then.")
    return Result(result.question, Outcome.RECORDED, 0.0, result.max_points, message, "", result.title)


def _keep(exercise: str, case: Any, sealed: Sealed, plain: Plain, result: Result) -> None:
    """Note an answer for the City Playbook beside the notebook; a folder that can't be written is no error."""
    from playbook.cases.draw import current_trainee

    given = {"question": sealed.question.public(), "answer": plain, "outcome": str(result.outcome)}
    with contextlib.suppress(OSError, PlaybookError):
        keep_answer(Path(RECORD), current_trainee(), case.name, exercise, sealed.question.id, given)


def open_exercise(exercise: str) -> Checker:
    """Open an exercise: returns the `check` that its questions use.

    Args:
        exercise: the exercise's id, such as ``"03-entry-industries"``.

    From then on a notebook shows with each error what it means in plain words.
    """
    watch_errors()
    return Checker(str(exercise))
