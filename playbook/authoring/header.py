"""A master's front matter: the one place where a chapter is registered."""

from __future__ import annotations

import ast
import functools
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playbook.errors import PlaybookError

#: What the front matter must say, and what it may.
_NEEDED = ("exercise", "chapter", "title", "decision", "minutes", "section")
_ALLOWED = (*_NEEDED, "part", "short_way", "panel", "figure", "summary", "review", "judges", "measures")
#: What functions that a master names are called with.
_TAKES = {
    "panel": ("case",),
    "figure": ("case", "answers"),
    "summary": ("case", "answers"),
    "judges": ("plan", "case"),
    "measures": ("case", "runs"),
}
#: Parts of the course, in the order of the book.
PARTS = ("market", "organisation", "defence")
#: Questions that a reviewer asks about a section of the City Playbook.
REVIEW_QUESTIONS = 3


@dataclass(frozen=True)
class Header:
    """What a master's front matter says of its chapter.

    Attributes:
        exercise: such as ``03-entry-industries``; also the name of its folder, and of the chapter's page.
        chapter: number of the chapter.
        title: of the chapter and its exercise.
        decision: the question that the chapter decides.
        read_minutes, do_minutes: for the page, and for the exercise.
        section: heading of its part of the City Playbook.
        part: of the course: one of :data:`PARTS`.
        short_way: the chapter belongs to the shorter way through the course.
        panel: ``module:function`` that makes the chapter's panel of a case, or empty.
        figure: ``module:function`` that draws that part's figure of a case and the answers, or empty.
        summary: ``module:function`` that gives that part in a director's words, of a case and the answers, or empty.
        review: three questions that a reviewer asks about that part; trainees do not get them.
        judges: ``module:function`` by the name that a plan's `judge:` gives it; each takes a plan and a case.
        measures: ``module:function`` by a question's id: what its judge is given beside plan and case, JSON-able. It takes
            a case and how many runs, and is called when answers are sealed: by an author or a grader, never by a trainee.
    """

    exercise: str
    chapter: int
    title: str
    decision: str
    read_minutes: int
    do_minutes: int
    section: str
    part: str = PARTS[0]
    short_way: bool = False
    panel: str = ""
    figure: str = ""
    summary: str = ""
    review: tuple[str, ...] = ()
    judges: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)


def read_header(data: Any, path: Path) -> Header:
    """Read a front matter's `playbook:`.

    Raises:
        PlaybookError: names the file, the key, and what to do.
    """
    data = data if isinstance(data, Mapping) else {}

    def wrong(what: str, remedy: str) -> PlaybookError:
        return PlaybookError(what, where=str(path), remedy=remedy)

    for key in _NEEDED:
        if key not in data:
            raise wrong(f"the front matter lacks `playbook: {{{key}: …}}`", f"it needs {', '.join(_NEEDED)}")
    for key in data:
        if key not in _ALLOWED:
            raise wrong(
                f"the front matter has a key that means nothing: `{key}:`", f"use {', '.join(_ALLOWED)}"
            )
    if data["exercise"] != path.parent.name:
        raise wrong(f"the master calls itself {data['exercise']!r}", "use the folder's name")
    minutes, judges, review = data["minutes"], data.get("judges") or {}, data.get("review") or []
    if not (isinstance(minutes, Mapping) and {*minutes} == {"read", "do"}):
        raise wrong(
            f"`minutes: {minutes}` is not understood",
            "write how long the page and the exercise take: `minutes: {read: 25, do: 40}`",
        )
    if not isinstance(judges, Mapping):
        raise wrong(
            f"`judges: {judges}` is not understood", "write `judges: {name: package.module:function}`"
        )
    measures = data.get("measures") or {}
    if not isinstance(measures, Mapping):
        raise wrong(
            f"`measures: {measures}` is not understood",
            "write `measures: {question: package.module:function}`",
        )
    asked = isinstance(review, list) and all(isinstance(one, str) and one.endswith("?") for one in review)
    if not asked or len(review) not in (0, REVIEW_QUESTIONS):
        raise wrong(
            f"`review: {review}` is not understood",
            f"write the {REVIEW_QUESTIONS} questions that a reviewer asks, each ending with a question mark",
        )
    for key, value in (("chapter", data["chapter"]), *(("minutes", value) for value in minutes.values())):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise wrong(f"`{key}:` holds {value!r}", "write a whole number")
    if (part := data.get("part", PARTS[0])) not in PARTS:
        raise wrong(f"`part: {part}` is not understood", f"write one of {', '.join(PARTS)}")
    if not isinstance(short_way := data.get("short_way", False), bool):
        raise wrong(f"`short_way: {short_way}` is not understood", "write true or false")
    header = Header(
        exercise=str(data["exercise"]),
        chapter=data["chapter"],
        title=str(data["title"]),
        decision=str(data["decision"]),
        read_minutes=minutes["read"],
        do_minutes=minutes["do"],
        section=str(data["section"]),
        part=part,
        short_way=short_way,
        panel=str(data.get("panel") or ""),
        figure=str(data.get("figure") or ""),
        summary=str(data.get("summary") or ""),
        review=tuple(review),
        judges={str(name): str(function) for name, function in judges.items()},
        measures={str(name): str(function) for name, function in measures.items()},
    )
    for key, function in (
        ("panel", header.panel),
        ("figure", header.figure),
        ("summary", header.summary),
        *(("judges", function) for function in header.judges.values()),
        *(("measures", function) for function in header.measures.values()),
    ):
        if function and (problem := _problem(function, _TAKES[key])):
            raise wrong(
                f"`{key}: {function}`: {problem}",
                f"name a function of ({', '.join(_TAKES[key])}) as package.module:function",
            )
    return header


@functools.cache
def _problem(function: str, takes: tuple[str, ...]) -> str:
    """What is wrong with a name of a function, told from its module's text: nothing is imported for it."""
    module, colon, name = function.partition(":")
    if not (colon and module and name.isidentifier()):
        return "it is not written as package.module:function"
    try:
        found = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        found = None
    if found is None or not found.origin or not found.origin.endswith(".py"):
        return f"there is no module {module}"
    for node in ast.parse(Path(found.origin).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            needed = len(node.args.args) - len(node.args.defaults)
            fits = needed <= len(takes) <= len(node.args.args) or node.args.vararg is not None
            return "" if fits else f"it takes {needed} arguments, and is called with {len(takes)}"
    return f"the module {module} has no function {name!r}"
