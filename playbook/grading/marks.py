"""Mark what two runs of a notebook gave: each answer on the trainee's own case and on the unseen one, outside the runs."""

from __future__ import annotations

import ast
import functools
import hashlib
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from playbook.exercises.marking import mark
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import MAX_TEXT, MAX_VALUES, MISSING, Plain, well_formed
from playbook.exercises.question import Result
from playbook.exercises.typed import is_typed_in
from playbook.gradebook.result import QuestionResult
from playbook.grading.later import later_change
from playbook.grading.misses import in_short, what_follows, what_was_done
from playbook.grading.missing import why_missing
from playbook.grading.prepared import Key, Prepared
from playbook.kept import KeptWith
from playbook.parsing import parse
from playbook.running.runner import Run, code_cells
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


def mark_all(
    ready: Prepared, own: Run, unseen: Run | None, notebook: Mapping[str, Any]
) -> tuple[QuestionResult, ...]:
    """The results of all questions, in their order.

    Args:
        own: the run on the trainee's own case. unseen: on the unseen one, if the exercise has one.
        notebook: as handed in.
    """
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
