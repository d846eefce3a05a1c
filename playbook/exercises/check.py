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
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from playbook.errors import PlaybookError
from playbook.exercises.advice import advise
from playbook.exercises.advice.watching import watch_cells
from playbook.exercises.answers import keep_answer, keep_tries, read_tries
from playbook.exercises.kinds import Problem
from playbook.exercises.ladder import Rung, Tries
from playbook.exercises.marking import Sealed, mark
from playbook.exercises.outcomes import SETTLED, Outcome
from playbook.exercises.plain import Plain, from_plain
from playbook.exercises.question import Result
from playbook.exercises.seal_files import LACKING, read_seals, records_lack, seal_folders
from playbook.exercises.slips import lacks_check, line_as_handed_out, slip_in
from playbook.exercises.typed import is_typed_in
from playbook.exercises.view import HelpView, NoteView, ResultView, show
from playbook.words import N_, _, ngettext

if TYPE_CHECKING:
    from playbook.exercises.handing_in import ReceiptView

#: Where a trainee's answers for the City Playbook gather, beside the notebooks.
RECORD = "city-playbook.json"
#: Beside the seals: what exercises there are, and which questions belong to the City Playbook.
OUTLINE = "release.json"
#: Said of a right answer that will not be right at hand-in.
TYPED_IN = N_(
    "But you typed it in. At hand-in your notebook is run once more on other figures, and a typed answer "
    "does not follow them: let a line work it out."
)


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
        self._tries: dict[tuple[str, ...], Tries] = {}

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
                        "This answer could not be checked ({error}). It stays in your notebook and is marked all the same; "
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
        if not seals and records_lack(self.exercise, case):
            return NoteView(_(LACKING).format(city=case.city))
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
        result = _explained(mark(sealed, plain, case), sealed, value, cells[-1] if cells else "")
        if sealed.question.feedback == "recorded" and result.outcome in (
            Outcome.PASSED,
            Outcome.FAILED,
            Outcome.PARTIAL,
        ):
            result = _recorded(sealed, plain, result)
        elif (
            result.outcome is Outcome.PASSED
            and sealed.question.computed
            and not sealed.question.kind.may_be_typed
            and is_typed_in(cells, sealed.question.answer)
        ):
            result = replace(result, message=_(TYPED_IN))
        self.results[question] = result
        _keep(self.exercise, case, sealed, plain, result)
        wrong = result.outcome in (Outcome.FAILED, Outcome.PARTIAL, Outcome.ERRORED)
        help_ = self._help(case, sealed, (plain,) if wrong else ())
        total = sum(s.question.points for s in seals.values())
        so_far = sum(r.points for r in self.results.values())
        noted = sum(r.max_points for r in self.results.values() if r.outcome is Outcome.RECORDED)
        assert self._loaded
        context = {"exercise": self.exercise, "case": case.name, "release": self._loaded[2]}
        way_on = self._way_on(seals, question)
        return ResultView(result, context, so_far, total, noted, help_, way_on)

    def help_after_stop(self, question: str, error: BaseException, source: str) -> HelpView | None:
        """Count a cell that stopped with an error as a try of its question; never raises.

        Args:
            error: what stopped it.
            source: the cell as typed.

        Returns:
            The help that is due now, or None.
        """
        from playbook.cases import load_case

        with contextlib.suppress(Exception):
            case = load_case()
            sealed = self._seals(case).get(question)
            if sealed is not None:
                tried = (type(error).__name__, source.strip())
                help_ = self._help(case, sealed, tried)
                return help_ if help_ and help_.rung >= Rung.STEP else None
        return None

    def _help(self, case: Any, sealed: Sealed, tried: tuple[Any, ...]) -> HelpView | None:
        """The help that a question gives now, and how it came to it; None where grading runs the notebook.

        Args:
            tried: what tells this wrong try from others; empty if nothing was wrong.
        """
        from playbook.cases.draw import current_trainee

        if os.environ.get("PLAYBOOK_CASE"):
            return None
        trainee, name = current_trainee(), sealed.question.id
        whose = (trainee, case.name, self.exercise, name)
        known = self._tries.get(whose, Tries())
        noted = read_tries(Path(RECORD), *whose)
        # what can't be written down is remembered for as long as the kernel lives
        before = max(noted, known, key=lambda one: one.wrong)
        after = before.more(*tried) if tried else before
        rung = after.reached(sealed.help) if tried else Rung.NONE
        after = after.shown(rung)
        self._tries[whose] = after
        if after != noted:
            with contextlib.suppress(OSError, PlaybookError):
                keep_tries(Path(RECORD), *whose, after)
        return HelpView(self.exercise, name, after, rung, sealed.help)

    def _seals(self, case: Any) -> dict[str, Sealed]:
        if self._loaded is None or self._loaded[0] != case.fingerprint:
            seals, release = read_seals(self.exercise, case) or ({}, "")
            self._loaded = (case.fingerprint, seals, release)
            self.results = {}
        return self._loaded[1]

    def remind(self, cell: str) -> None:
        """Say where a cell that ran answers a question and no longer asks the check."""
        from playbook.cases import load_case

        questions = [sealed.question for sealed in self._seals(load_case()).values()]
        names = {question.id: question.answer for question in questions}
        if question := lacks_check(cell, {answer: name for name, answer in names.items()}):
            show(
                NoteView(
                    _(
                        "To have your answer checked, write this line below it and run the cell again: {line}"
                    ).format(line=f'`check("{question}", {names[question]})`'),
                    title=_("The check of this question is missing"),
                )
            )

    def document(self, path: str = "city-playbook.html") -> str:
        """Write the City Playbook that the answers so far add up to, and return the file's name."""
        from playbook.exercises.city_playbook import write_own_document

        return write_own_document(Path(RECORD), self._outline(), Path(path))

    def hand_in(self) -> None:
        """Make one file of all notebooks in this folder that are begun, and show its receipt; never raises."""
        try:
            show(self._hand_in(_cells_so_far(sys._getframe(1))))
        except Exception as error:
            show(
                NoteView(
                    _(
                        "The file could not be made ({error}). Send your notebooks as they are, and tell your instructor."
                    ).format(error=type(error).__name__)
                )
            )

    def _hand_in(self, cells: Sequence[str]) -> ReceiptView | NoteView:
        from playbook.cases import load_case
        from playbook.cases.draw import current_trainee
        from playbook.exercises import handing_in

        if sys.platform == "emscripten":
            return NoteView(_("In the browser, press **Hand in** above the notebook."))
        trainee, case, folder = current_trainee(), load_case(), Path()
        if not trainee:
            return NoteView(
                _(
                    "Whose notebooks are they? Type your name in the first cell, run it, then run this cell again."
                )
            )
        if not handing_in.is_saved(cells[:-1], folder, self.exercise):
            return NoteView(
                _(
                    "Your last answers are not saved yet. Save the notebook (Ctrl + S), then run this cell again."
                )
            )
        found = handing_in.look_through(folder, self._outline(), trainee, case.name)
        if not found.chapters:
            nothing = _(
                "There is nothing to hand in yet: answer a question, save the notebook, and run this cell again."
            )
            return NoteView(" ".join([nothing, *found.left_out]))
        receipt, data = handing_in.make_hand_in(found, trainee, case, time.time())
        try:
            Path(receipt.file).write_bytes(data)
        except OSError as error:
            return NoteView(
                _(
                    "The file can't be written here: {reason}. Free some space or check the folder's rights."
                ).format(reason=error.strerror)
            )
        return handing_in.ReceiptView(receipt, found, self._released().get("hand_in", ()))

    def _way_on(self, seals: Mapping[str, Sealed], question: str) -> str:
        """Where to go after the last question, or when none is open any more; nothing before that."""
        asked = [name for name, one in seals.items() if not one.question.stretch]
        left = sum(name not in self.results or self.results[name].outcome not in SETTLED for name in asked)
        if left and question != list(seals)[-1]:
            return ""
        if left:
            words = ngettext(
                "This was the last question; {left} is still open. When you are done, **hand in**.",
                "This was the last question; {left} are still open. When you are done, **hand in**.",
                left,
            ).format(left=left)
        else:
            words = _(
                "No question of this chapter is open any more: **hand in**, and look at your City Playbook."
            )
        ids = [one["exercise"] for one in self._outline()]
        later = ids[ids.index(self.exercise) + 1 :] if self.exercise in ids else []
        titles = {one["exercise"]: one["title"] for one in self._outline()}
        if not later:
            return words
        following = _("The next chapter: *{title}*.").format(title=titles[later[0]])
        return f"{words} {following}"

    def _outline(self) -> list[dict[str, Any]]:
        return self._released().get("exercises", [])

    @staticmethod
    def _released() -> dict[str, Any]:
        """What the release says of itself: its exercises, and where a hand-in goes."""
        for folder in seal_folders():
            with contextlib.suppress(OSError, ValueError):
                return json.loads((folder / OUTLINE).read_text(encoding="utf-8"))
        return {}


def _cells_so_far(frame: FrameType) -> list[str]:
    """The notebook's cells in the order in which they ran, the one that is running last."""
    ran = frame.f_globals.get("_ih")
    running = "".join(linecache.getlines(frame.f_code.co_filename))
    before = [str(cell) for cell in ran] if isinstance(ran, list) else []
    known = before and (not running or before[-1].strip() == running.strip())
    return before if known else [*before, running]


def _explained(result: Result, sealed: Sealed, value: object, cell: str) -> Result:
    """A result that says what the cell's text shows, where the answer is not right."""
    if result.outcome is Outcome.PASSED:
        return result
    if slip := slip_in(cell, sealed.question.id, sealed.question.answer):
        return replace(result, message=slip, hint="")
    tried = result.outcome in (Outcome.FAILED, Outcome.PARTIAL)
    if tried and (line := line_as_handed_out(cell, sealed.change)):
        told = _(
            "The line `{line}` still stands as it was handed out. Change in it what the step above it says."
        )
        return replace(result, message=told.format(line=line), hint="")
    stopped = result.outcome is Outcome.ERRORED or (tried and not result.hint)
    if stopped and sealed.question.kind.tried and (why := _why_it_stops(value, sealed, cell)):
        stops = _("When your function is called, it stops with an error.")
        if tried:
            stops = _("With some of the values it is tried with, your function stops with an error.")
        return replace(result, message=f"{stops} {why}", hint="")
    return result


def _why_it_stops(function: Any, sealed: Sealed, cell: str) -> str:
    """Why a trainee's function stops when it is tried, in plain words; empty where its kind says it better."""
    code = getattr(function, "__code__", None)
    for call in sealed.arguments if code else ():
        try:
            function(*[from_plain(argument) for argument in call])
        except (Exception, SystemExit, GeneratorExit) as error:
            if isinstance(error, NameError) and sealed.question.kind.offers(str(error.name)):
                return ""
            source = "".join(linecache.getlines(code.co_filename)) or cell
            parameters = code.co_varnames[: code.co_argcount]
            return advise(error, source, function.__globals__, code.co_filename, parameters)
    return ""


def _recorded(sealed: Sealed, plain: Plain, result: Result) -> Result:
    """The result of a judgement: noted without a word of right or wrong, unless its form is off."""
    if isinstance(sealed.question.kind.normalise(plain), Problem):
        return result
    message = sealed.question.kind.noted()
    return Result(result.question, Outcome.RECORDED, 0.0, result.max_points, message, "", result.title)


def _keep(exercise: str, case: Any, sealed: Sealed, plain: Plain, result: Result) -> None:
    """Note an answer for the City Playbook beside the notebook, and of the others how they stand.

    A folder that can't be written is no error.
    """
    from playbook.cases.draw import current_trainee

    given: dict[str, Any] = {"outcome": str(result.outcome)}
    if sealed.question.playbook:
        given |= {"question": sealed.question.public(), "answer": plain}
    with contextlib.suppress(OSError, PlaybookError):
        keep_answer(Path(RECORD), current_trainee(), case.name, exercise, sealed.question.id, given)


def open_exercise(exercise: str) -> Checker:
    """Open an exercise: returns the `check` that its questions use.

    Args:
        exercise: the exercise's id, such as ``"03-entry-industries"``.

    From then on a notebook shows with each error what it means in plain words, and says where a cell that answers a
    question no longer asks the check.
    """
    from playbook.cases.case import held_case, load_case

    check = Checker(str(exercise))
    watch_cells(check.remind)
    with contextlib.suppress(PlaybookError):
        if not held_case() and records_lack(check.exercise, case := load_case()):
            show(NoteView(_(LACKING).format(city=case.city)))
    return check
