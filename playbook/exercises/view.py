"""How a result looks in a notebook: words first, colour never alone."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from playbook.exercises.ladder import Help, Rung, Table, Tries
from playbook.exercises.outcomes import Outcome, look_of
from playbook.exercises.question import Result
from playbook.words import N_, _

#: What the browser edition and the book's progress read from a cell's output.
RESULT_MIME = "application/vnd.playbook.result+json"
#: What says how often a question whose cell stopped was tried, and how much help it gave.
HELP_MIME = "application/vnd.playbook.help+json"


def _points(value: float) -> str:
    return f"{value:g}"


_EMPHASIS = (
    (r"`([^`]+)`", "code"),
    (r"\*\*([^*]+)\*\*", "strong"),
    (r"(?<!\w)\*([^*\s][^*]*)\*(?!\w)", "em"),
)


def marked_up(text: str) -> str:
    """Escape text for HTML; `back-quoted` parts become code, *starred* ones emphasis."""
    text = html.escape(text, quote=False)
    for pattern, tag in _EMPHASIS:
        text = re.sub(pattern, rf"<{tag}>\1</{tag}>", text)
    return text


def _bare(text: str) -> str:
    """The same text without the signs, for where only letters can be shown."""
    for pattern, _tag in _EMPHASIS[1:]:
        text = re.sub(pattern, r"\1", text)
    return text


_GREY = "#5f6b7a"
_LINK = "color:inherit;text-decoration:underline"
_FRAME = "border:1px solid var(--jp-border-color1,#c4c9d0);border-radius:3px;margin:0;padding:.5em .7em"
_MONO = (
    "font-family:var(--jp-code-font-family,monospace);font-size:13px;line-height:1.45;"
    "white-space:pre-wrap;overflow-wrap:anywhere;word-break:normal;color:inherit"
)
_CODE = f"{_FRAME};{_MONO};background:var(--jp-layout-color0,#fff)"
_OUTPUT = f"{_MONO};margin:.3em 0;padding:0;background:none;border:0"
_CELL = "text-align:right;padding:.15em .6em;border-bottom:1px solid var(--jp-border-color1,#c4c9d0)"
_INLINE = "background:var(--jp-layout-color0,#fff);color:inherit;padding:0 .25em"
_SHOW = N_("Show me the solution")
_ELSEWHERE = N_(
    "This is another city, with a small table of its own. Read it line by line, then write the same for your table: "
    "the points can still be earned."
)


def _words(text: str) -> str:
    """Text as HTML in a box, where pieces of code stand out from its ground."""
    return marked_up(text).replace("<code>", f'<code style="{_INLINE}">')


def _box(colour: str) -> str:
    """The style of a box with a coloured edge."""
    return (
        f"border-left:5px solid {colour};padding:.5em .9em;margin:.3em 0;max-width:46em;box-sizing:border-box;"
        "background:var(--jp-layout-color2,#f5f6f8);color:var(--jp-ui-font-color1,#1b1f24);"
        "font-family:var(--jp-ui-font-family,sans-serif);font-size:14px;line-height:1.45"
    )


def points_in_words(points: float, total: float, later: float = 0.0) -> str:
    """How far an exercise is, as everything says it: the notebook, the receipt, and the book's pages (site/standing.js).

    Args:
        later: points of judgements, which are marked when the notebook is handed in.
    """
    words = (
        _("{points} of {total} points; up to {later} more when you hand in")
        if later
        else _("{points} of {total} points")
    )
    return words.format(points=_points(points), total=_points(total), later=_points(later))


def bar(points: float, total: float, later: float = 0.0) -> str:
    """The bar of the same points, in HTML."""
    label = html.escape(points_in_words(points, total, later), quote=True)
    return (
        f'<progress value="{_points(points)}" max="{_points(total or 1)}" aria-label="{label}" '
        'style="width:8rem;height:.7rem;accent-color:#1f5fa8"></progress>'
    )


class ResultView:
    """One result with the points so far, as text, as HTML and as data.

    `noted` points belong to judgements that are marked when the notebook is handed in; `help_` goes with an answer
    that is not right; `way_on` says where to go when the questions are at an end.
    """

    def __init__(
        self,
        result: Result,
        context: Mapping[str, Any],
        so_far: float,
        total: float,
        noted: float = 0.0,
        help_: HelpView | None = None,
        way_on: str = "",
    ):
        self.result, self.context, self.so_far, self.total = result, dict(context), so_far, total
        self.noted, self.help, self.way_on = noted, help_, way_on

    def _standing(self) -> str:
        return points_in_words(self.so_far, self.total, self.noted)

    def text(self) -> str:
        look = look_of(self.result.outcome)
        lines = [
            f"{look.sign} {self.result.title or self.result.question}: {look.word}. {self.result.message}".rstrip()
        ]
        if self.result.hint:
            lines.append("  " + _("Hint: {hint}").format(hint=_bare(self.result.hint)))
        lines += self.help.lines() if self.help else []
        lines.append("  " + _("So far: {points}").format(points=self._standing()))
        if self.way_on:
            lines.append(f"  {_bare(self.way_on)}")
        return "\n".join(lines)

    def html(self) -> str:
        look = look_of(self.result.outcome)
        r = self.result
        points = (
            " · "
            + _("{points} of {total} points").format(points=_points(r.points), total=_points(r.max_points))
            if r.outcome in (Outcome.PASSED, Outcome.PARTIAL)
            else ""
        )
        parts = [
            f'<div role="status" style="{_box(look.colour)}">',
            f'<div><span aria-hidden="true" style="display:inline-block;width:1.5em;height:1.5em;line-height:1.5em;'
            f'text-align:center;border-radius:50%;background:{look.colour};color:#fff;font-weight:700">{look.sign}</span> '
            f"<strong>{_words(r.title or r.question)}: {look.word}</strong>{points}</div>",
        ]
        if r.message:
            parts.append(f'<div style="margin-top:.3em">{_words(r.message)}</div>')
        if r.hint:
            hint = _("Hint.")
            parts.append(f'<div style="margin-top:.3em"><strong>{hint}</strong> {_words(r.hint)}</div>')
        parts += self.help.parts() if self.help else []
        so_far = html.escape(_("So far: {points}").format(points=self._standing()))
        parts.append(
            '<div style="margin-top:.5em;display:flex;gap:.3em .7em;align-items:center;flex-wrap:wrap">'
            f"<span>{so_far}</span>{bar(self.so_far, self.total, self.noted)}</div>"
        )
        if self.way_on:
            parts.append(f'<div style="margin-top:.5em">{_words(self.way_on)}</div>')
        parts.append("</div>")
        return "".join(parts)

    def data(self) -> dict[str, Any]:
        r = self.result
        return {
            **self.context,
            "question": r.question,
            "outcome": str(r.outcome),
            "points": r.points,
            "max_points": r.max_points,
            "points_so_far": self.so_far,
            "points_total": self.total,
            **(self.help.counts() if self.help else {}),
        }

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.text(), "text/html": self.html(), RESULT_MIME: self.data()}

    def __repr__(self) -> str:
        return self.text()


class HelpView:
    """The help that a question gives: a worked step, then a solution on another city's small table, closed at first.

    It needs no kernel once it is shown, and nothing in it is code of a page.

    Attributes:
        tries: what was tried so far.
        rung: how much of the help is shown.
    """

    def __init__(self, exercise: str, question: str, tries: Tries, rung: Rung, help_: Help | None):
        self.exercise, self.question = exercise, question
        self.tries, self.rung, self._help = tries, rung, help_

    def _step(self) -> Help | None:
        return self._help if self.rung >= Rung.STEP else None

    def _solution(self) -> Help | None:
        return self._help if self.rung >= Rung.SOLUTION else None

    def lines(self) -> list[str]:
        """As lines of text."""
        lines = []
        if step := self._step():
            lines.append("  " + _("A worked step: {step}").format(step=_bare(step.step)))
            where = " · ".join(filter(None, (step.place(), step.address(self.exercise))))
            lines.append("  " + _("The same in the book: {place}").format(place=where))
        if solution := self._solution():
            lines += [f"  {_(_SHOW)}. {_(_ELSEWHERE)}", *solution.code.splitlines()]
            lines += [*solution.text.splitlines(), *_table_lines(solution.table)]
        return lines

    def parts(self) -> list[str]:
        """As HTML, all texts escaped."""
        parts = []
        if step := self._step():
            title = _("A worked step.")
            place, address = html.escape(step.place()), step.address(self.exercise)
            if address:
                link = f'<a href="{html.escape(address)}" target="_blank" rel="noopener" style="{_LINK}">{place}</a>'
            else:
                link = place
            words = html.escape(_("The same in the book: {place}"), quote=False).format(place=link)
            parts.append(
                f'<div style="margin-top:.5em"><strong>{title}</strong> {_words(step.step)} {words}</div>'
            )
        if solution := self._solution():
            parts.append(
                f'<details style="margin-top:.6em"><summary style="cursor:pointer;font-weight:700;padding:.3em 0">'
                f"{html.escape(_(_SHOW))}</summary>"
                f'<div style="margin:.2em 0 .4em">{_words(_(_ELSEWHERE))}</div>'
                f'<pre style="{_CODE}"><code style="background:none;color:inherit;padding:0">'
                f"{html.escape(solution.code)}</code></pre>"
                f"{_shown(solution)}</details>"
            )
        return parts

    def counts(self) -> dict[str, int]:
        """How often an answer was wrong, and the highest rung of help ever shown."""
        return {"tries": self.tries.wrong, "help": int(self.tries.rung)}

    def _repr_mimebundle_(self, include=None, exclude=None):
        body = f'<div role="status" style="{_box(_GREY)}">{"".join(self.parts())}</div>'
        data = {"exercise": self.exercise, "question": self.question, **self.counts()}
        return {"text/plain": repr(self), "text/html": body, HELP_MIME: data}

    def __repr__(self) -> str:
        return "\n".join(self.lines())


def _shown(solution: Help) -> str:
    """What a solution prints and results in, as HTML."""
    parts = []
    if solution.text:
        parts.append(f'<pre style="{_OUTPUT}">{html.escape(solution.text)}</pre>')
    if table := solution.table:
        head = "".join(f'<th scope="col" style="{_CELL}">{html.escape(name)}</th>' for name in table.head)
        rows = "".join(
            f'<tr><th scope="row" style="{_CELL}">{html.escape(row[0])}</th>'
            + "".join(f'<td style="{_CELL}">{html.escape(cell)}</td>' for cell in row[1:])
            + "</tr>"
            for row in table.rows
        )
        parts.append(
            '<div tabindex="0" style="overflow-x:auto;margin:.4em 0">'
            '<table style="border-collapse:collapse;margin:0;color:inherit;font-size:13px">'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )
    title = _("Its result:")
    return f'<div style="margin-top:.4em">{title}</div>{"".join(parts)}' if parts else ""


def _table_lines(table: Table | None) -> list[str]:
    """A table as lines of text, its columns under one another."""
    if table is None:
        return []
    rows = [table.head, *table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


class NoteView:
    """A sentence to the trainee that is no result: an unknown question, no feedback for this case, an error."""

    def __init__(self, text: str, title: str = ""):
        self._text, self._title = text, title

    def _repr_mimebundle_(self, include=None, exclude=None):
        title = f"<strong>{_words(self._title)}.</strong> " if self._title else ""
        body = f'<div role="status" style="{_box(_GREY)}">{title}{_words(self._text)}</div>'
        return {"text/plain": repr(self), "text/html": body}

    def __repr__(self) -> str:
        return f"{self._title}: {self._text}" if self._title else self._text


def show(view: object) -> None:
    """Display in a notebook, print elsewhere."""
    import sys

    core = sys.modules.get("IPython.core.getipython")
    if core is not None and core.get_ipython() is not None:
        from IPython.display import display

        display(view)
    else:
        print(view)
