"""Grade again what was marked against another master, city, kit or secret: first show, then apply."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from playbook.errors import PlaybookError
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import Attempt
from playbook.gradebook.result import GRADED, Graded
from playbook.grading.crew import Crew, work_through
from playbook.grading.grade import whose_exercises
from playbook.progress import Progress, no_progress
from playbook.submissions.hand_in import HandIn


@dataclass(frozen=True)
class Change:
    """What grading an attempt again gives.

    Attributes:
        source, sha256: which hand-in.
        before, after: points.
        questions: each question whose outcome or points change, in words.
        because: what is not as it was when it was marked.
        reason: why it could not be run again; its mark stands then.
    """

    trainee: str
    exercise: str
    source: str
    sha256: str
    before: float
    after: float
    questions: tuple[str, ...]
    because: tuple[str, ...]
    reason: str = ""

    @property
    def moves(self) -> bool:
        """Whether anything about the mark changes."""
        return bool(self.questions) or self.before != self.after

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return asdict(self)


def regrade_all(
    gradebook: Gradebook,
    crew: Crew,
    *,
    apply: bool = False,
    progress: Progress = no_progress,
) -> list[Change]:
    """Run every attempt again whose mark depends on something that has changed since.

    Args:
        crew: who does it; the masters of its marker are those that are looked at.
        apply: let the new marks stand, each as soon as it is there; otherwise nothing is written.

    Returns:
        One change for each outdated mark, in order of trainee and exercise.
    """
    marker = crew.marker
    changes: list[Change] = []
    work: list[tuple[Attempt, HandIn, Address, tuple[str, ...]]] = []
    for attempt in gradebook.attempts().values():
        if attempt.address is None or attempt.exercise not in marker.masters:
            continue
        hand_in = gradebook.hand_in(attempt)
        try:
            address = marker.address(hand_in, attempt.city)
        except (
            PlaybookError
        ) as error:  # the roster names a case that has gone: that costs only its own people
            changes.append(_stopped(attempt, f"its case can't be opened: {error.what}"))
            continue
        if because := tuple(address.differs(attempt.address)):
            work.append((attempt, hand_in, address, because))
    crew.prepare(whose_exercises(marker, (one for _, one, *_ in work)), progress)
    for done in work_through(work, lambda item: _reading_first(item[1]), crew):
        attempt, _, _, because = done.item
        [(_, before)] = gradebook.results([attempt.mark or 0])
        change = _change(attempt, before, done.graded, because)
        if apply and not change.reason:
            address = marker.address(done.item[1], done.graded.case)
            gradebook.replace(attempt, address, done.graded, ", ".join(because), done.executed)
        changes.append(change)
        progress("grading again", len(changes), len(work))
    return sorted(changes, key=lambda one: (one.trainee, one.exercise, one.source))


def _reading_first(one: HandIn) -> HandIn:
    """The same hand-in with its content in memory: the gradebook belongs to the thread that opened it."""
    content = b""
    with contextlib.suppress(PlaybookError):
        content = one.read()
    return replace(one, read=lambda: content)


def _stopped(attempt: Attempt, reason: str, because: tuple[str, ...] = ()) -> Change:
    same = (attempt.trainee, attempt.exercise, attempt.source, attempt.sha256, attempt.points)
    return Change(*same, attempt.points, (), because, reason)


def _change(attempt: Attempt, before: Mapping[str, Any], graded: Graded, because: tuple[str, ...]) -> Change:
    same = (attempt.trainee, attempt.exercise, attempt.source, attempt.sha256, attempt.points)
    if graded.status != GRADED:
        return _stopped(attempt, graded.reason or "it could not be run", because)
    old = {one["question"]: one for one in before["questions"]}
    words = []
    for one in graded.questions:
        result, was = one.result, old.pop(one.result.question, None)
        if was is None:
            words.append(f"{result.question}: new, {result.outcome} ({result.points:+g})")
        elif (was["outcome"], was["points"]) != (str(result.outcome), result.points):
            moved = f"{was['outcome']} → {result.outcome}"
            words.append(f"{result.question}: {moved} ({result.points - was['points']:+g})")
        elif was["max_points"] != result.max_points:
            words.append(
                f"{result.question}: worth {result.max_points:g} instead of {was['max_points']:g} points"
            )
    words += [f"{name}: gone ({-was['points']:+g})" for name, was in old.items()]
    return Change(*same, graded.points, tuple(words), because)
