"""Mark hand-ins: run on the trainee's own case and on an unseen one, and compare outside the runs."""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import pickle
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from playbook.authoring.master import Master
from playbook.cases import Case, draw_city, load_case
from playbook.cases.roster import Roster
from playbook.errors import PlaybookError
from playbook.exercises.marking import mark
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import MAX_TEXT, MAX_VALUES, MISSING, Plain, well_formed
from playbook.exercises.question import Result
from playbook.exercises.typed import is_typed_in
from playbook.gradebook.address import Address, kit_digest, master_digest, secret_digest
from playbook.gradebook.result import GRADED, NOT_GRADED, Graded, QuestionResult
from playbook.grading.defended import record_of
from playbook.grading.later import later_change
from playbook.grading.misses import in_short, what_follows, what_was_done
from playbook.grading.missing import why_missing
from playbook.grading.prepared import Key, Prepared, prepare_exercise
from playbook.grading.remedies import remedy_for
from playbook.kept import KeptWith
from playbook.names import normalise
from playbook.parsing import parse
from playbook.progress import Progress
from playbook.running.extract import OPENED
from playbook.running.needed import only_needed
from playbook.running.runner import Job, Limits, Run, Runner, UnreadableNotebook, code_cells
from playbook.submissions.hand_in import HandIn
from playbook.words import N_, _

#: Said of an answer that is right on the own case only: what it is made of, or the likely way, if either is known.
TYPED = N_(
    "Right for your city's figures, but the same notebook gives a wrong answer when the figures change: the answer "
    "is typed in and does not follow them. Let a line work it out from the tables."
)
LIKELY = N_(
    "Right for your city's figures, but the same notebook gives a wrong answer when the figures change. "
    "What it gives there is what comes out like this: {way}"
)
#: Said of a decision that does better on the own case than on the unseen one.
ONLY_HERE = N_(
    "Your plan does well on your city's figures, and worse where they are a little different: it hangs on things that "
    "nobody can know beforehand. There it is said: {said}"
)
BY_CHANCE = N_(
    "Right for your city's figures, but the same notebook gives a wrong answer when the figures change. Either the "
    "way to it is right in your city only by chance, or something in it was read off and not worked out: go through "
    "the question once more, step by step."
)

#: Marks of the answers that were given last, by what they are marked against.
_MARKED = KeptWith(1024)
#: Columns of a table, and characters of a message: more serve nobody, and cost whoever compares and reads them.
_MOST_COLUMNS, _MOST_MESSAGE = 2_000, 2_000


class Marker:
    """Marks hand-ins against masters. One for a whole cohort: what is ready for a city is ready for all.

    Args:
        masters: the exercises, by id.
        secret: seeds the unseen cases; whoever knows it knows them.
        folder: where unseen cases are kept; trainees' code never sees it.
        roster: decides whose city is which.
        limits: what a run may use.
        figures: keep figures and outputs of the run on the own case.
        cases: finds a case by its name or folder.
    """

    def __init__(
        self,
        masters: Mapping[str, Master],
        secret: str,
        folder: Path,
        *,
        roster: Roster | None = None,
        limits: Limits | None = None,
        figures: bool = False,
        cases: Callable[[str], Case] = load_case,
    ):
        self.masters, self._secret, self._folder = masters, secret, folder
        self.roster, self.limits, self.figures = roster or Roster(), limits or Limits(), figures
        self._ready: dict[tuple[str, str], Prepared | PlaybookError] = {}
        self._lock = threading.Lock()
        self._master_digest = functools.cache(lambda exercise: master_digest(masters[exercise].path))
        self.find_case = functools.cache(cases)

    def whose_case(self, hand_in: HandIn, ran: str = "") -> tuple[Case, tuple[str, ...]]:
        """The case of a hand-in: the roster's, else the one its notebook records, else the one that ran.

        Before it has run, its text says which one that will be.

        Args:
            ran: name of the case that it ran on before.

        Returns:
            The case, and notes on what does not agree.

        Raises:
            PlaybookError: the roster names a case that is no longer there.
        """
        facts = hand_in.facts
        rostered = self.roster.city_of(hand_in.trainee)
        notes = []
        if rostered:
            case = self.find_case(rostered)
            if facts.name and not facts.case and draw_city(facts.name) != case.name:
                said = _("the notebook opens {opened}, the roster says {rostered}: the roster decides")
                notes.append(said.format(opened=draw_city(facts.name), rostered=case.name))
            return case, tuple(notes)
        if facts.case:
            try:
                return self.find_case(Path(facts.case).name), ()
            except PlaybookError:
                said = _("the notebook records the case {case}, which there is not")
                notes.append(said.format(case=repr(facts.case[:60])))
        if ran:
            with contextlib.suppress(PlaybookError):  # a case of one's own that the roster no longer names
                return self.find_case(ran), tuple(notes)
        if facts.name:
            return self.find_case(draw_city(facts.name)), tuple(notes)
        notes.append(_("no name in open_case(…): the city is drawn from who handed it in"))
        return self.find_case(draw_city(hand_in.trainee)), tuple(notes)

    def _opened(self, hand_in: HandIn, run: Run) -> Case | None:
        """The case that a notebook opens when it runs, where nothing else decides; None where it names nobody."""
        told = run.answers.get(OPENED)
        if not isinstance(told, str) or not normalise(told) or self.roster.city_of(hand_in.trainee):
            return None
        with contextlib.suppress(PlaybookError):
            if hand_in.facts.case:
                self.find_case(Path(hand_in.facts.case).name)
                return None
        return self.find_case(draw_city(told))

    def address(self, hand_in: HandIn, ran: str = "") -> Address:
        """What this hand-in's mark depends on.

        Args:
            ran: name of the case that it ran on, if it has run.
        """
        return Address(
            hand_in.sha256,
            self._master_digest(hand_in.exercise),
            self.whose_case(hand_in, ran)[0].fingerprint,
            kit_digest(),
            secret_digest(self._secret),
        )

    def prepare(self, exercise: str, case: Case) -> Prepared:
        """An exercise made ready for a city; made once.

        Raises:
            PlaybookError: the master stops on this case.
        """
        with self._lock:
            if (exercise, case.fingerprint) not in self._ready:
                self._ready[exercise, case.fingerprint] = _prepared(
                    self.masters[exercise], case, self._secret, self._folder
                )
            ready = self._ready[exercise, case.fingerprint]
        if isinstance(ready, PlaybookError):
            raise ready
        return ready

    def prepare_all(self, pairs: Iterable[tuple[str, Case]], jobs: int, progress: Progress) -> None:
        """Make several exercises ready for their cities, in processes of their own."""
        missing = [
            (exercise, case) for exercise, case in pairs if (exercise, case.fingerprint) not in self._ready
        ]
        if len(missing) < 2:
            return
        with ProcessPoolExecutor(max_workers=jobs) as pool:
            futures = {
                (exercise, case.fingerprint): pool.submit(
                    _prepared, self.masters[exercise], case, self._secret, self._folder
                )
                for exercise, case in missing
            }
            for done, (key, future) in enumerate(futures.items(), 1):
                self._ready[key] = future.result()
                progress("running masters", done, len(futures))

    def grade(self, hand_in: HandIn, runner: Runner) -> tuple[Graded, Run | None]:
        """Run a hand-in and mark its answers; never raises for what its notebook does.

        Returns:
            The result, and the run on the own case if there was one, for feedback pages.

        Raises:
            PlaybookError: its file can no longer be read.
        """
        notebook, problem = hand_in.open()
        blank = blank_result(hand_in, problem)
        if notebook is None:
            return blank, None
        case, notes = self.whose_case(hand_in)
        graded, own, ready = self._on_case(hand_in, notebook, case, replace(blank, notes=notes), runner)
        opened = self._opened(hand_in, own) if own else None
        if opened and opened.fingerprint != case.fingerprint:
            graded, own, ready = self._on_case(hand_in, notebook, opened, replace(blank, notes=()), runner)
        graded = replace(graded, notes=(*blank.notes, *graded.notes))
        if own is None or ready is None or own.reason:
            return graded, own
        unseen = None
        if ready.unseen is not None:
            unseen = self._run(notebook, ready.unseen, ready, runner, False)
            if unseen.reason:
                seconds = own.seconds + unseen.seconds
                failed = replace(graded, remedy=remedy_for(unseen.reason, unseen, notebook))
                return replace(failed, reason=unseen.reason, sandbox=own.sandbox, seconds=seconds), own
        questions = _mark_all(ready, own, unseen, notebook)
        seconds = own.seconds + (unseen.seconds if unseen else 0.0)
        ran = record_of(ready.own, functools.partial(claimed, own))
        graded = replace(graded, status=GRADED, reason="", questions=questions, simulated=ran)
        return replace(graded, sandbox=own.sandbox, seconds=seconds), own

    def _on_case(
        self, hand_in: HandIn, notebook: Mapping[str, Any], case: Case, blank: Graded, runner: Runner
    ) -> tuple[Graded, Run | None, Prepared | None]:
        """Run a notebook on a case of its own: what is known of its result, the run, and what it is marked against."""
        graded = replace(blank, case=case.name)
        try:
            ready = self.prepare(hand_in.exercise, case)
        except PlaybookError as error:
            return replace(graded, reason=f"its master stops: {error.where}: {error.what}"), None, None
        graded = replace(graded, master=ready.digest)
        own = self._run(notebook, ready.own, ready, runner, self.figures)
        if own.reason:
            graded = replace(graded, reason=own.reason, remedy=remedy_for(own.reason, own, notebook))
            graded = replace(graded, sandbox=own.sandbox, seconds=own.seconds)
        return graded, own, ready

    def _run(
        self, notebook: Mapping[str, Any], key: Key, ready: Prepared, runner: Runner, figures: bool
    ) -> Run:
        answers = (*ready.answers, OPENED)
        job = Job(notebook, key.case.folder, answers, key.calls, self.limits, figures)
        if not figures:
            with contextlib.suppress(UnreadableNotebook):  # of which the runner says what is wrong
                cells = list(code_cells(notebook))
                instead = only_needed(cells, ready.given, answers, len(ready.beginning))
                job = replace(job, beginning=ready.beginning, ahead=ready.ahead, instead=instead)
        return runner.run(job)


def blank_result(one: HandIn, reason: str = "") -> Graded:
    """The result of a hand-in that was not run."""
    same = (one.trainee, one.exercise, one.source, one.sha256)
    facts = {"release": one.release, "notes": one.notes, "kit": kit_digest()}
    reason = reason or one.problem
    return Graded(*same, NOT_GRADED, reason=reason, remedy=remedy_for(reason), **facts)


def _prepared(master: Master, case: Case, secret: str, folder: Path) -> Prepared | PlaybookError:
    """Ready, or why not: one master that stops costs its own hand-ins only."""
    try:
        return prepare_exercise(master, case, secret, folder)
    except PlaybookError as error:
        return error


def _mark_all(
    ready: Prepared, own: Run, unseen: Run | None, notebook: Mapping[str, Any]
) -> tuple[QuestionResult, ...]:
    stopped = _stopped_cells(own, notebook, {q.id: q.answer for q in ready.master.questions})
    sources = [source for _index, source in code_cells(notebook)]
    results = []
    for name, sealed in ready.own.sealed.items():
        question = sealed.question
        answer = claimed(own, question.answer)
        result = _mark(ready.own, name, answer)
        if result.outcome is Outcome.UNATTEMPTED and question.answer in stopped:
            result = replace(
                result,
                outcome=Outcome.ERRORED,
                message=_("The cell stopped: {error}").format(error=stopped[question.answer]),
            )
        elif result.outcome is Outcome.UNATTEMPTED and answer == MISSING:
            result = replace(result, message=why_missing(notebook, question) or result.message)
        on_own, other = result, ""
        typed = functools.cache(functools.partial(is_typed_in, sources, question.answer))
        if question.computed and unseen is not None and ready.unseen is not None:
            again = _mark(ready.unseen, name, claimed(unseen, question.answer))
            other = str(again.outcome)
            result = _both(result, again, typed, question.kind.may_be_typed)
        if result.points < result.max_points and (said := later_change(notebook, name, question.answer)):
            result = replace(result, message=f"{said} {result.message}".strip())
        typed_in = on_own.points > result.points and not question.kind.may_be_typed and typed()
        did = what_was_done(sealed, answer, on_own, result, typed_in, ready.own.case)
        results.append(
            QuestionResult(
                replace(result, title=question.title, message=result.message[:_MOST_MESSAGE]),
                own=str(on_own.outcome),
                unseen=other,
                stretch=question.stretch,
                playbook=question.playbook,
                unit=question.kind.unit if question.playbook else "",
                answer=answer if question.playbook else None,
                did=did,
                given=_given(did, answer, stopped.get(question.answer, "")),
            )
        )
    return _folded(results, notebook, {q.id: q.answer for q in ready.master.questions})


def _mark(key: Key, name: str, answer: Plain) -> Result:
    """What an answer is worth; many in a cohort give the same one."""
    content = hashlib.sha256(pickle.dumps(answer, 5)).digest()
    return _MARKED.of(key, (name, content), lambda: mark(key.sealed[name], answer, key.case))


def _given(did: str, answer: Plain, stopped: str) -> str:
    """What was given where points were missed, in a few words; of a cell that stopped, what stopped it."""
    if did.startswith("stopped:") and stopped:
        return stopped[:_MOST_MESSAGE]
    return in_short(answer) if did and did != "open" else ""


def _folded(
    results: Sequence[QuestionResult], notebook: Mapping[str, Any], answers: Mapping[str, str]
) -> tuple[QuestionResult, ...]:
    """The same, with the earlier miss told that a miss comes from."""
    missed = [one.result.question for one in results if one.did]
    follows = what_follows(notebook, answers, missed) if len(missed) > 1 else {}
    return tuple(replace(one, follows=follows.get(one.result.question, "")) for one in results)


def claimed(run: Run, name: str) -> Plain:
    """An answer as the trainee's process claims it: well-formed plain data, or something unreadable."""
    plain = run.answers.get(name, MISSING)
    if isinstance(plain, dict) and plain.get("t") == "function":
        plain = {**plain, "returned": list(run.returned.get(name, ()))}
    if not _fits(plain):
        return {"t": "large", "type": "answer", "size": MAX_VALUES}
    if not well_formed(plain):
        return {"t": "other", "type": "unreadable"}
    return plain


def _fits(plain: Any) -> bool:
    """Whether a claim is of a size that an honest process would have sent: others can cost minutes to compare."""
    left, stack = 2 * MAX_VALUES, [plain]
    while stack:
        value = stack.pop()
        if isinstance(value, str) and len(value) > MAX_TEXT:
            return False
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
            return False
        if isinstance(value, dict):
            columns = value.get("columns")
            if isinstance(columns, list) and len(columns) > _MOST_COLUMNS:
                return False
            value = list(value.values())
        if isinstance(value, list):
            left -= len(value)
            if left < 0:
                return False
            stack.extend(value)
    return True


def _both(own: Result, unseen: Result, typed_in: Callable[[], bool], decision: bool = False) -> Result:
    """The mark of a computed question: what holds on both cases.

    Args:
        typed_in: whether the notebook gives the answer a value made of constants; asked only where it matters.
        decision: the answer may be typed, and is tried on the unseen case as it stands.
    """
    if own.points <= 0 or unseen.points >= own.points:
        return own
    if decision:
        why = _(ONLY_HERE).format(said=unseen.message)
        least = Outcome.PARTIAL if unseen.points > 0 else Outcome.FAILED
        return replace(own, outcome=least, points=unseen.points, message=why, hint="")
    likely = _(LIKELY).format(way=unseen.hint) if unseen.hint else _(BY_CHANCE)
    why = _(TYPED) if typed_in() else likely
    if unseen.points > 0:
        return replace(own, outcome=Outcome.PARTIAL, points=unseen.points, message=own.message or why)
    return replace(own, outcome=Outcome.FAILED, points=0.0, message=why, hint="")


def _stopped_cells(run: Run, notebook: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, str]:
    """Variables that a stopped cell would have bound, with what stopped it; `answers` by question."""
    stopped: dict[str, str] = {}
    for cell in run.cells:
        if cell.ok:
            continue
        notebook_cell = notebook["cells"][cell.index]
        source = notebook_cell.get("source", "")
        source = "".join(source) if isinstance(source, list) else source
        names = _bound_names(source)
        metadata = notebook_cell.get("metadata")
        own = metadata.get("playbook") if isinstance(metadata, Mapping) else None
        question = own.get("question") if isinstance(own, Mapping) else None
        if isinstance(question, str) and question in answers:
            names.add(answers[question])
        what = _("it ran too long") if cell.timed_out else f"{cell.error_name}: {cell.error_value}"[:300]
        for name in names:
            stopped.setdefault(name, what)
    return stopped


def _bound_names(source: str) -> set[str]:
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(part.strip() for line in source.splitlines()[:200] for part in line.split("=")[:1])
    names = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return names | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
