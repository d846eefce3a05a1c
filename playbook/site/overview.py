"""What the first page says of all chapters: what each decides and how long it takes, and how far a reader is."""

import html
import json
import math
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from playbook.authoring.header import PARTS, Header
from playbook.authoring.master import Master, find_masters
from playbook.authoring.sending import sent_to
from playbook.site import links
from playbook.words import _, ngettext, pgettext


def about(master: Master) -> dict[str, Any]:
    """An exercise as the scripts that speak of progress know it (``standing.js``)."""
    return {
        "exercise": master.id,
        "title": master.title,
        "points": master.points,
        "page": f"{links.PAGES}/{master.id}.html",
        "live": links.live_page(master.id),
        "questions": [[one.id, one.title, one.stretch] for one in master.questions],
    }


def in_attribute(data: Any) -> str:
    """Data as it may stand between the quotation marks of an attribute."""
    return html.escape(json.dumps(data, ensure_ascii=False), quote=True)


class ChapterTable(SphinxDirective):
    """``{chapter-table}``: the chapters by part, what each decides, how long it takes, and which are the short way."""

    def run(self) -> list[nodes.Node]:
        masters = find_masters(Path(self.env.srcdir) / "exercises")
        for master in masters:
            self.env.note_dependency(str(master.path))
        headers = [master.header for master in masters]
        pages = {master.header.chapter: f"/{links.PAGES}/{master.id}.md" for master in masters}
        lines = []
        for part, called in called_parts().items():
            if chapters := [header for header in headers if header.part == part]:
                lines += ["", f"**{called}** · {_hours(chapters)}", "", *_rows(chapters, pages)]
        short = [header for header in headers if header.short_way]
        if short and len(short) < len(headers):
            words = _(
                "**Short of time?** Chapters {chapters} are the short way: {hours}. The others can follow "
                "when their decision is due. All chapters: {all_hours}."
            ).format(
                chapters=", ".join(str(header.chapter) for header in short),
                hours=_hours(short),
                all_hours=_hours(headers),
            )
            lines += ["", words]
        table = nodes.container()
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), self.content_offset, table)
        return table.children


def called_parts() -> dict[str, str]:
    """The parts of the course, and what a reader calls them."""
    words = (
        _("The market: what is there, and whom you go to first"),
        _("The organisation: who goes, what they do all day, and when to stop"),
        _("The defence: your plan before it meets the city"),
    )
    return dict(zip(PARTS, words, strict=True))


def _rows(headers: list[Header], pages: dict[int, str]) -> list[str]:
    heads = (_("Chapter"), _("The decision"), pgettext("minutes", "Read"), pgettext("minutes", "Do"))
    lines = [f"| | {' | '.join(heads)} |", "|---|---|---|---|---|"]
    for header in headers:
        read, do = (_("{minutes} min").format(minutes=n) for n in (header.read_minutes, header.do_minutes))
        title = f"[{header.title}]({pages[header.chapter]})"
        lines.append(f"| {header.chapter} | {title} | {header.decision} | {read} | {do} |")
    return lines


def _hours(headers: list[Header]) -> str:
    """How long chapters take, to the half hour."""
    minutes = sum(header.read_minutes + header.do_minutes for header in headers)
    halves = round(minutes / 30) / 2
    return ngettext("{hours} hour", "{hours} hours", math.ceil(halves)).format(hours=f"{halves:g}")


class ReviewQuestions(SphinxDirective):
    """``{review-questions}``: what a reviewer asks about each section of a City Playbook."""

    def run(self) -> list[nodes.Node]:
        lines = []
        for master in find_masters(Path(self.env.srcdir) / "exercises"):
            self.env.note_dependency(str(master.path))
            if not master.header.review:
                continue
            page = f"/{links.PAGES}/instructor/{master.id}.md"
            lines += ["", f"**[{master.header.chapter} · {master.header.section}]({page})**", ""]
            lines += [f"{place}. {question}" for place, question in enumerate(master.header.review, 1)]
        listed = nodes.container()
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), self.content_offset, listed)
        return listed.children


class ProgressOverview(SphinxDirective):
    """A list of the exercises; ``progress.js`` fills in what the browser remembers of its reader."""

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.srcdir) / "exercises"
        masters = find_masters(folder)
        for master in masters:
            self.env.note_dependency(str(master.path))
        label = html.escape(_("Hand in"))
        hand_in = html.escape(links.to_root(self.env.docname) + links.HAND_IN, quote=True)
        rows = "".join(self._row(master) for master in masters)
        record = html.escape(_("Save my progress (JSON)"))
        document = html.escape(_("Save my City Playbook (HTML)"))
        clear = html.escape(_("Clear my data"))
        nothing = html.escape(
            _(
                "Nothing is recorded in this browser yet. What you do in the browser is remembered here, on your "
                "own computer, and sent nowhere."
            )
        )
        body = (
            f'<ul class="course-overview">{rows}</ul>'
            '<p class="course-buttons course-resume" data-resume hidden></p>'
            '<p class="course-buttons" data-mine hidden>'
            f'<a class="course-button" href="{hand_in}">{label}</a>'
            f'<button type="button" class="course-button" data-export="record">{record}</button>'
            '<button type="button" class="course-button" data-export="document" hidden>'
            f"{document}</button>"
            f'<button type="button" class="course-button" data-clear>{clear}</button></p>'
            f'<p class="course-note" data-none>{nothing}</p>'
            '<p class="course-note" role="status" data-told></p>'
        )
        return [nodes.raw("", body, format="html")]

    def _row(self, master: Master) -> str:
        page = html.escape(f"{links.to_root(self.env.docname)}{links.PAGES}/{master.id}.html", quote=True)
        progress = f'data-exercise="{master.id}" data-about="{in_attribute(about(master))}"'
        return (
            f'<li><a href="{page}">{html.escape(master.title)}</a>'
            f'<span class="course-progress" {progress} hidden></span></li>'
        )


class HandIn(SphinxDirective):
    """``{hand-in}``: what is complete and what is open in this browser, and the button that makes the file."""

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        masters = find_masters(root / "exercises")
        for path in (root / "_config.yml", *(master.path for master in masters)):
            self.env.note_dependency(str(path))
        given = {"exercises": [about(master) for master in masters], "sentTo": sent_to(root)}
        waiting = html.escape(
            _("This part of the page needs JavaScript. Without it, send your notebooks as they are.")
        )
        body = f'<div class="hand-in" data-hand-in="{in_attribute(given)}"><p>{waiting}</p></div>'
        return [nodes.raw("", body, format="html")]
