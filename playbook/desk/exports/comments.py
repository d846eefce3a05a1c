"""What a trainee reads in a platform's column for comments or in a chat: the mark and what to look at, in a few lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED
from playbook.gradebook.reviews import laid_over
from playbook.gradebook.standing import Standing
from playbook.words import _, ngettext

#: Questions that a comment names.
_NAMED = 3


def comment(one: Standing, data: Mapping[str, Any]) -> str:
    """The mark in a sentence, and the questions with the most points left, each with its hint."""
    if one.status != GRADED:
        return _("Not graded yet: {reason}.").format(reason=one.reason)
    said = _mark(f"{one.points:g}", f"{one.max_points:g}")
    open_questions = sorted(
        (question for question in data["questions"] if question["points"] < question["max_points"]),
        key=lambda question: (question["stretch"], question["points"] - question["max_points"]),
    )
    parts = [said, *(_open(question) for question in open_questions[:_NAMED])]
    left = len(open_questions) - _NAMED
    if left > 0:
        more = ngettext("{count} more question is open.", "{count} more questions are open.", left)
        parts.append(more.format(count=left))
    if not open_questions:
        parts.append(_("Every question is answered right."))
    return " ".join(parts)


def is_ours(text: str) -> bool:
    """Whether a comment begins as ours do, so that a later one may take its place."""
    return _begin(text) is not None


def with_additions(text: str, after: str, known: Iterable[str]) -> str:
    """The comment `after` that takes the place of `text`, with what somebody wrote behind ours.

    Args:
        known: comments that we may have written there, in the form of the platform; their marks do not matter.
    """
    begin = _begin(text)
    rests = {one[found.end() :].removesuffix("</p>") for one in known if (found := _begin(one))}
    if begin is None:
        return after
    rest = text[begin.end() :]
    behind = [rest[len(one) :] for one in sorted(rests, key=len) if rest.startswith(one)]
    words = behind[-1] if behind else ""
    if not re.sub(r"<[^<>]*>", "", words).strip():
        return after
    body = after.removesuffix("</p>")
    return body + words + ("</p>" if body != after and "</p>" not in words else "")


def earlier(one: Standing, gradebook: Gradebook) -> Iterator[str]:
    """What our comment on a trainee's exercise may have been so far: for each attempt, read by somebody or not yet."""
    attempts = gradebook.attempts([one.trainee]).values()
    marks = [it.mark for it in attempts if it.exercise == one.exercise and it.mark is not None]
    judged = gradebook.judged(marks)
    for mark, data in gradebook.results(marks):
        yield comment(one, data)
        if mark in judged:
            yield comment(one, laid_over(data, judged[mark]))


def _begin(text: str) -> re.Match[str] | None:
    """The mark in front of a comment of ours, with the tags before it."""
    mark = re.escape(_mark("0", "0")).replace("0", r"\d+(?:\.\d+)?")
    return re.match(rf"(?:\s|<[^<>]*>)*{mark}", text)


def _mark(points: str, most: str) -> str:
    return _("{points} of {max_points} points.").format(points=points, max_points=most)


def _open(question: Mapping[str, Any]) -> str:
    title = question["title"] or question["question"]
    advice = question["hint"] or question["message"] or _("Look at its cell again.")
    return _("“{question}”: {advice}").format(question=title, advice=advice)
