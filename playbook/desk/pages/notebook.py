"""A trainee's notebook on a page: text, code and pictures only; nothing in it can run or load."""

from __future__ import annotations

import base64
import functools
import html
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from playbook.desk.pages import environment
from playbook.names import clean
from playbook.words import N_, _

if TYPE_CHECKING:
    from jinja2 import Template

#: What a page shows of one notebook: cells, characters of one text, characters of all pictures together.
_MOST_CELLS, _MOST_TEXT, _MOST_PICTURES = 400, 20_000, 6_000_000
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_PANEL = N_("[A panel to work with: it shows in the notebook only.]")
_PNG = b"\x89PNG\r\n\x1a\n"


def notebook_html(notebook: Mapping[str, Any] | None) -> str:
    """A notebook's cells as a piece of HTML; empty where there is nothing to show.

    A cohort's pages hold thousands of notebooks that are mostly alike, so the cells are put straight into a template:
    a converter's own passes over each of them cost ten times as much.
    """
    cells = shown_cells(notebook)
    return _template().render(nb={"cells": cells}) if cells else ""


@functools.cache
def _template() -> Template:
    """The template of cells, in the pages' own environment: it escapes everything."""
    made = environment()
    made.filters.setdefault("prose", prose)
    return made.get_template("notebook.html.j2")


def shown_cells(notebook: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """A notebook's cells with outputs of known form, whatever the notebook holds."""
    cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
    shown: list[dict[str, Any]] = []
    room = [_MOST_PICTURES]
    for cell in (cells if isinstance(cells, list) else [])[:_MOST_CELLS]:
        if not isinstance(cell, Mapping):
            continue
        source = _text(cell.get("source"))
        if not source.strip():
            continue
        if cell.get("cell_type") == "markdown":
            shown.append({"cell_type": "markdown", "metadata": {}, "source": source})
        elif cell.get("cell_type") == "code":
            outputs = cell.get("outputs")
            kept = [_output(one, room) for one in outputs[:50]] if isinstance(outputs, list) else []
            shown.append(
                {
                    "cell_type": "code",
                    "metadata": {},
                    "source": source,
                    "execution_count": None,
                    "outputs": [one for one in kept if one],
                }
            )
    return shown


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    text = clean(_ANSI.sub("", value[: 2 * _MOST_TEXT])) if isinstance(value, str) else ""
    if len(text) <= _MOST_TEXT:
        return text
    return text[:_MOST_TEXT] + "\n" + _("[The rest is left out: it is too long.]")


def _output(output: Any, room: list[int]) -> dict[str, Any] | None:
    if not isinstance(output, Mapping):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        return {"output_type": "stream", "name": "stdout", "text": _text(output.get("text"))}
    if kind == "error":
        error = {"ename": _text(output.get("ename"))[:200], "evalue": _text(output.get("evalue"))[:2000]}
        return {"output_type": "error", "traceback": [], **error}
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, Mapping):
        return None
    text = _(_PANEL) if _WIDGET in data else _text(data.get("text/plain"))
    picture = _picture(data.get("image/png"), room)
    if picture:
        metadata = output.get("metadata")
        own = metadata.get("image/png") if isinstance(metadata, Mapping) else None
        alt = _text(own.get("alt")) if isinstance(own, Mapping) else ""
        shown = {"image/png": picture, "text/plain": alt or text or _("A figure of the notebook")}
        return {"output_type": "display_data", "metadata": {}, "data": shown}
    if not text and "text/html" in data:
        text = _text(data["text/html"])
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": text}} if text else None


def _picture(value: Any, room: list[int]) -> str:
    """A PNG as clean base64, or nothing if it is none or too large."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str) or len(value) > room[0]:
        return ""
    try:
        picture = base64.b64decode(re.sub(r"\s", "", value), validate=True)
    except ValueError:
        return ""
    if not picture.startswith(_PNG):
        return ""
    room[0] -= len(value)
    return base64.b64encode(picture).decode()


@functools.lru_cache(maxsize=2_000)
def prose(text: str) -> str:
    """Markdown as HTML; HTML in it is shown as text, pictures as their words, and only web links are links.

    What stands in every trainee's notebook is worked out once.
    """
    try:
        return str(_markdown()(text))
    except (RecursionError, ValueError, IndexError, KeyError, TypeError, AttributeError):
        return f"<pre>{html.escape(text)}</pre>"


@functools.cache
def _markdown() -> Callable[[str], Any]:
    import mistune

    class Renderer(mistune.HTMLRenderer):
        def image(self, text: str, url: str, title: str | None = None) -> str:
            return f"[{html.escape(text or 'picture')}]"

        def link(self, text: str, url: str, title: str | None = None) -> str:
            if not re.match(r"https?://", url, re.IGNORECASE):
                return text
            return f'<a href="{html.escape(url, quote=True)}" rel="noopener noreferrer nofollow">{text}</a>'

        def heading(self, text: str, level: int, **attributes: Any) -> str:
            return f"<p><strong>{text}</strong></p>\n"  # the page's own headings stay its outline

    return mistune.create_markdown(renderer=Renderer(escape=True), plugins=["table"])
