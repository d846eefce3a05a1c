"""Mark hand-ins: run on the trainee's own case and on an unseen one; what came out is compared in `marks`."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from playbook.authoring.master import Master
from playbook.cases import Case, draw_city, load_case
from playbook.cases.roster import Roster
from playbook.errors import PlaybookError
from playbook.gradebook.address import Address, kit_digest, master_digest, secret_digest
from playbook.gradebook.result import GRADED, NOT_GRADED, Graded
from playbook.grading.defended import record_of
from playbook.grading.marks import claimed, mark_all
from playbook.grading.prepared import Key, Prepared, prepare_exercise
from playbook.grading.remedies import remedy_for
from playbook.names import normalise
from playbook.progress import Progress
from playbook.running.extract import OPENED
from playbook.running.needed import only_needed, runs_directly
from playbook.running.runner import Job, Limits, Run, Runner, UnreadableNotebook, code_cells
from playbook.submissions.hand_in import HandIn
from playbook.words import _


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
        questions = mark_all(ready, own, unseen, notebook)
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
                cells = tuple(code_cells(notebook))
                instead, direct = _shorter(cells, ready.given, answers, len(ready.beginning))
                job = replace(
                    job, beginning=ready.beginning, ahead=ready.ahead, instead=instead, direct=direct
                )
        return runner.run(job)


@functools.lru_cache(maxsize=16)
def _shorter(
    cells: tuple[tuple[int, str], ...], given: tuple[str, ...], answers: tuple[str, ...], beginning: int
) -> tuple[Mapping[int, str], bool]:
    """What runs in place of cells, and whether all may run directly: the same for a notebook's two runs."""
    return only_needed(cells, given, answers, beginning), runs_directly(cells)


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
