"""What a trainee reads in a platform's column for comments or in a chat: the mark and what to look at, in a few lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playbook.gradebook.result import GRADED
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
    bare = re.sub(r"<[^<>]*>", "", text).strip()
    pattern = re.escape(_mark("0", "0")).replace("0", r"\d+(?:\.\d+)?")
    return re.match(pattern, bare) is not None


def _mark(points: str, most: str) -> str:
    return _("{points} of {max_points} points.").format(points=points, max_points=most)


def _open(question: Mapping[str, Any]) -> str:
    title = question["title"] or question["question"]
    advice = question["hint"] or question["message"] or _("Look at its cell again.")
    return _("“{question}”: {advice}").format(question=title, advice=advice)
