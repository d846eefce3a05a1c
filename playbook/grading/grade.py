"""Grade hand-ins: note them, prepare their exercises, run, mark, and keep each result as it comes."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from playbook.authoring.master import Master
from playbook.cases import Case
from playbook.errors import PlaybookError
from playbook.gradebook.address import Address
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.records import Attempt, Claim
from playbook.gradebook.result import GRADED
from playbook.grading.crew import Crew, work_through
from playbook.grading.marker import Marker, blank_result
from playbook.names import normalise
from playbook.progress import Progress, no_progress
from playbook.submissions.hand_in import HandIn

#: Seconds that a claim lasts beyond the time that two runs may take.
_MARKING_S = 120.0
#: People that a remark names one by one.
_FEW = 5


@dataclass
class Tally:
    """What became of the hand-ins of one call.

    Attributes:
        graded: marked now.
        unchanged: marked before, and nothing that the mark depends on has changed.
        outdated: marked before, and something has changed since; what, in words, with how often.
        elsewhere: marked by another grader meanwhile.
        refused: attempts that could not be graded, with the reason; remedies: what to do about them, by file.
        seconds: that grading took.
    """

    graded: int = 0
    unchanged: int = 0
    elsewhere: int = 0
    outdated: dict[str, int] = field(default_factory=dict)
    outdated_attempts: int = 0
    refused: list[tuple[HandIn, str]] = field(default_factory=list)
    remedies: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Plan:
    """What is to be done for one call's hand-ins: `pending` with their attempts' ids, and what is settled."""

    pending: tuple[tuple[HandIn, int], ...]
    tally: Tally


def plan_grading(hand_ins: Sequence[HandIn], gradebook: Gradebook, marker: Marker) -> Plan:
    """Note hand-ins in the gradebook and see which of them are to be run.

    A mark that stands is never touched: where its master, its data or the kit has changed since, it is
    counted as outdated, and `playbook regrade` shows what would change.
    """
    hand_ins = [replace(one, trainee=marker.roster.id_of(one.trainee)) for one in hand_ins]
    known = gradebook.record(hand_ins)
    gradebook.remark(_odd(hand_ins, known))
    gradebook.keep_receipts(
        (attempt.id, receipt, one.source)
        for one in hand_ins
        if (attempt := known.get((one.trainee, one.exercise, one.sha256)))
        for receipt in one.receipts
    )
    tally = Tally()
    pending: list[tuple[HandIn, int]] = []
    for one in hand_ins:
        attempt = known.get((one.trainee, one.exercise, one.sha256))
        if attempt is None:
            tally.refused.append((one, "it can't be read any more; grade again"))
            continue
        try:
            address = marker.address(one, attempt.city) if one.exercise in marker.masters else None
        except PlaybookError as error:  # the roster names a case that has gone
            one = replace(one, problem=f"its case can't be opened: {error.what}")
        if one.problem or address is None:
            blank = blank_result(one)
            gradebook.keep(attempt.id, None, blank)
            tally.refused.append((one, one.problem))
            tally.remedies[one.source] = blank.remedy
        elif attempt.mark is None:
            pending.append((one, attempt.id))
        else:
            _compare(tally, address, attempt.address)
    return Plan(tuple(pending), tally)


def _odd(
    hand_ins: Iterable[HandIn], attempts: Mapping[tuple[str, str, str], Attempt]
) -> Iterator[tuple[int, str]]:
    """What looks odd, on every attempt that it is about: the same bytes from several, and names of others.

    A notebook in which nobody typed a name is the one that was released: many hand it in as it is.
    """
    named = {one.sha256 for one in hand_ins if normalise(one.facts.name) or normalise(one.facts.trainee)}
    people: dict[str, set[str]] = {}
    for trainee, _exercise, sha256 in attempts:
        if sha256 in named:
            people.setdefault(sha256, set()).add(trainee)
    for (trainee, _exercise, sha256), attempt in attempts.items():
        others = sorted(people.get(sha256, set()) - {trainee})
        if others:
            yield attempt.id, f"the same file, to the byte, came from {_some(others)}"
    by_person: dict[tuple[str, str], list[Attempt]] = {}
    naming: dict[int, dict[str, str]] = {}
    for (trainee, exercise, _sha256), attempt in attempts.items():
        by_person.setdefault((trainee, exercise), []).append(attempt)
    for one in hand_ins:
        own = attempts.get((one.trainee, one.exercise, one.sha256))
        if own is not None:
            yield from ((own.id, words) for words in one.remarks)
        for trainee in one.others:
            for other in by_person.get((trainee, one.exercise), ()):
                naming.setdefault(other.id, {})[one.source] = one.trainee
    for attempt_id, sources in naming.items():
        if len(sources) > _FEW:
            people = _some(sorted(set(sources.values())))
            yield (
                attempt_id,
                f"{len(sources)} notebooks of others open with the name of this trainee: {people}",
            )
            continue
        for source, trainee in sources.items():
            yield attempt_id, f"a notebook of {trainee} opens with the name of this trainee: {source}"


def _some(people: Sequence[str]) -> str:
    more = f" and {len(people) - _FEW} others" if len(people) > _FEW else ""
    return ", ".join(people[:_FEW]) + more


def grade_pending(
    plan: Plan,
    gradebook: Gradebook,
    crew: Crew,
    *,
    progress: Progress = no_progress,
) -> Tally:
    """Grade what has no mark yet, side by side; each result is kept as it comes.

    Args:
        crew: who does it, here or on other machines; its marker made the plan.
    """
    marker = crew.marker
    start = time.monotonic()
    tally, pending = plan.tally, plan.pending
    crew.prepare(whose_exercises(marker, (one for one, _ in pending)), progress)
    # What begins alike runs one after another: it is then run ahead, once for all.
    pending = sorted(pending, key=lambda item: (item[0].exercise, marker.whose_case(item[0])[0].name))
    seconds = 2 * marker.limits.notebook_s + _MARKING_S + crew.waits_s

    def claimed() -> Iterator[tuple[HandIn, int] | None]:
        later = deque(pending)
        while later:
            for _ in range(len(later)):
                item = later.popleft()
                said = gradebook.claim(item[1], seconds)
                if said is Claim.OURS:
                    yield item
                elif said is Claim.THEIRS:
                    later.append(item)
                else:
                    tally.elsewhere += 1
            if later:
                yield None

    finished = 0
    try:
        for done in work_through(claimed(), lambda item: item[0], crew):
            one, attempt_id = done.item
            address = marker.address(one, done.graded.case) if done.graded.status == GRADED else None
            gradebook.keep(attempt_id, address, done.graded, done.executed)
            if done.graded.status == GRADED:
                tally.graded += 1
            else:
                tally.refused.append((one, done.graded.reason))
                tally.remedies[one.source] = done.graded.remedy
            finished += 1
            progress("grading", finished + tally.elsewhere, len(pending))
    except BaseException:
        with contextlib.suppress(PlaybookError):  # a full disk; the first error is the one to tell
            gradebook.release_claims()
        raise
    tally.seconds = time.monotonic() - start
    return tally


def _compare(tally: Tally, address: Address, before: Address | None) -> None:
    changed = address.differs(before) if before else []
    tally.unchanged += not changed
    tally.outdated_attempts += bool(changed)
    for words in changed:
        tally.outdated[words] = tally.outdated.get(words, 0) + 1


def whose_exercises(marker: Marker, hand_ins: Iterable[HandIn]) -> list[tuple[str, Case]]:
    """The exercises and cases that hand-ins are marked against, each pair once."""
    pairs = {}
    for one in hand_ins:
        case, _ = marker.whose_case(one)
        pairs[one.exercise, case.name] = (one.exercise, case)
    return list(pairs.values())


def masters_by_id(masters: Iterable[Master]) -> dict[str, Master]:
    """Masters by their ids."""
    return {master.id: master for master in masters}
