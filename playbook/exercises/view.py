"""How a result looks in a notebook: words first, colour never alone."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from playbook.exercises.outcomes import Outcome, look_of
from playbook.exercises.question import Result
from playbook.words import _

#: What the browser edition and the book's progress read from a cell's output.
RESULT_MIME = "application/vnd.playbook.result+json"


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


class ResultView:
    """One result with the points so far, as text, as HTML and as data.

    `noted` points belong to judgements that are marked at hand-in.
    """

    def __init__(
        self, result: Result, context: Mapping[str, Any], so_far: float, total: float, noted: float = 0.0
    ):
        self.result, self.context, self.so_far, self.total = result, dict(context), so_far, total
        self.noted = noted

    def _standing(self) -> str:
        words = (
            _("Points so far: {points} of {total}; up to {later} more when you hand in")
            if self.noted
            else _("Points so far: {points} of {total}")
        )
        return words.format(points=_points(self.so_far), total=_points(self.total), later=_points(self.noted))

    def text(self) -> str:
        look = look_of(self.result.outcome)
        lines = [
            f"{look.sign} {self.result.title or self.result.question}: {look.word}. {self.result.message}".rstrip()
        ]
        if self.result.hint:
            lines.append("  " + _("Hint: {hint}").format(hint=_bare(self.result.hint)))
        lines.append(f"  {self._standing()}")
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
        done = 100 * self.so_far / self.total if self.total else 0
        parts = [
            f'<div role="status" style="border-left:5px solid {look.colour};padding:.5em .9em;margin:.3em 0;max-width:46em;'
            "background:var(--jp-layout-color2,#f5f6f8);color:var(--jp-ui-font-color1,#1b1f24);"
            'font-family:var(--jp-ui-font-family,sans-serif);font-size:14px;line-height:1.45">',
            f'<div><span aria-hidden="true" style="display:inline-block;width:1.5em;height:1.5em;line-height:1.5em;'
            f'text-align:center;border-radius:50%;background:{look.colour};color:#fff;font-weight:700">{look.sign}</span> '
            f"<strong>{marked_up(r.title or r.question)}: {look.word}</strong>{points}</div>",
        ]
        if r.message:
            parts.append(f'<div style="margin-top:.3em">{marked_up(r.message)}</div>')
        if r.hint:
            hint = _("Hint.")
            parts.append(f'<div style="margin-top:.3em"><strong>{hint}</strong> {marked_up(r.hint)}</div>')
        label = self._standing()
        parts.append(
            f'<div style="margin-top:.5em;display:flex;gap:.7em;align-items:center;flex-wrap:wrap">'
            f'<progress value="{done:.0f}" max="100" aria-label="{label}" style="width:11em">{done:.0f} %</progress>'
            f"<span>{label}</span></div></div>"
        )
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
        }

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.text(), "text/html": self.html(), RESULT_MIME: self.data()}

    def __repr__(self) -> str:
        return self.text()


class NoteView:
    """A sentence to the trainee that is no result: an unknown question, no feedback for this case, an error."""

    def __init__(self, text: str, title: str = ""):
        self._text, self._title = text, title

    def _repr_mimebundle_(self, include=None, exclude=None):
        style = (
            "border-left:5px solid #5f6b7a;padding:.4em .9em;margin:.3em 0;max-width:46em;font-size:14px;"
            "background:var(--jp-layout-color2,#f5f6f8);color:var(--jp-ui-font-color1,#1b1f24);"
            "font-family:var(--jp-ui-font-family,sans-serif);line-height:1.45"
        )
        title = f"<strong>{marked_up(self._title)}.</strong> " if self._title else ""
        body = f'<div role="status" style="{style}">{title}{marked_up(self._text)}</div>'
        return {"text/plain": repr(self), "text/html": body}

    def __repr__(self) -> str:
        return f"{self._title}: {self._text}" if self._title else self._text


def show(view: ResultView | NoteView) -> None:
    """Display in a notebook, print elsewhere."""
    import sys

    core = sys.modules.get("IPython.core.getipython")
    if core is not None and core.get_ipython() is not None:
        from IPython.display import display

        display(view)
    else:
        print(view)
