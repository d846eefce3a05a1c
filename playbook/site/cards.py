"""Two directives for chapters: the card of an exercise, and the picture of a live panel."""

import html
import struct
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from playbook.authoring.master import Master, load_master
from playbook.errors import PlaybookError
from playbook.site import links
from playbook.site.overview import about, in_attribute
from playbook.words import _, ngettext

_log = logging.getLogger(__name__)


class _CardDirective(SphinxDirective):
    """What both have in common: their page's exercise, a warning where something is missing."""

    optional_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        slug = self.arguments[0].strip() if self.arguments else Path(self.env.docname).name
        root = Path(self.env.srcdir)
        self.env.note_dependency(str(root / "exercises" / slug / "master.md"))
        try:
            body = self.body(load_master(root / "exercises" / slug))
        except PlaybookError as error:
            _log.warning("%s", error, location=self.get_location(), type="playbook", subtype="card")
            return []
        shell = nodes.container(classes=["course-card", self.kind])
        shell += nodes.raw("", body, format="html")
        if self.content:
            text = nodes.container(classes=["course-card-text"])
            self.state.nested_parse(self.content, self.content_offset, text)
            shell.insert(0, text)
        return [shell]

    def href(self, target: str) -> str:
        return html.escape(links.to_root(self.env.docname) + target, quote=True)

    def open_live(self, master: Master, label: str, place: str = "", begun: str = "") -> str:
        """A button that opens the exercise, or a place in it, in the browser edition.

        Args:
            begun: its label once the reader has begun; the same if left out.
        """
        begun = f'data-begun="{html.escape(begun, quote=True)}" ' if begun else ""
        return (
            f'<a class="course-button primary" data-open="{master.id}" {begun}'
            f'href="{self.href(links.live_page(master.id) + place)}">{html.escape(label)}'
            f'<span class="visually-hidden">: {html.escape(master.title)}</span></a>'
        )

    @property
    def live(self) -> bool:
        """Whether the site that is being built holds the browser edition."""
        return bool(self.config.playbook_browser_edition)


class ExerciseCard(_CardDirective):
    """``{exercise-card}``: minutes, points and questions of the page's exercise, and how to open it."""

    kind = "exercise-card"

    def body(self, master: Master) -> str:
        stretch = sum(question.stretch for question in master.questions)
        core = len(master.questions) - stretch
        asked = ngettext("{core} question", "{core} questions", core).format(core=core)
        facts = [
            _("{minutes} minutes").format(minutes=master.header.do_minutes),
            (asked + " " + _("and {stretch} stretch").format(stretch=stretch)) if stretch else asked,
            _("{points:g} points").format(points=master.points),
        ]
        facts_html = "".join(f"<li>{html.escape(fact)}</li>" for fact in facts)
        title = html.escape(master.title)
        buttons = (
            self.open_live(master, _("Open in the browser"), begun=_("Continue in the browser"))
            if self.live
            else ""
        )
        download = html.escape(_("Download the notebook"))
        buttons += (
            f'<a class="course-button" download href="{self.href(links.notebook_file(master.id))}">'
            f'{download}<span class="visually-hidden">: {title}</span></a>'
        )
        progress = f'data-exercise="{master.id}" data-about="{in_attribute(about(master))}"'
        label = html.escape(_("Hand in"))
        hand_in = f'<a class="course-button" data-mine hidden href="{self.href(links.HAND_IN)}">{label}</a>'
        heading = html.escape(_("Exercise · {title}").format(title=master.title))
        return (
            f'<p class="course-card-title">{heading}</p>'
            f'<ul class="course-facts">{facts_html}</ul>'
            f'<p class="course-progress" {progress} hidden></p>'
            f'<p class="course-buttons">{buttons}{hand_in if self.live else ""}</p>'
        )


class PanelCard(_CardDirective):
    """``{panel-card}``: the picture of the panel of the page's exercise, and how to open the live one."""

    kind = "panel-card"
    option_spec = {"alt": directives.unchanged}  # noqa: RUF012  (docutils reads it so)

    def body(self, master: Master) -> str:
        name = f"panels/{master.id}.png"
        picture = Path(self.env.srcdir) / "book" / "_static" / name
        self.env.note_dependency(str(picture))
        if not picture.is_file():
            raise PlaybookError(
                f"there is no picture of the panel of {master.id}",
                where=str(picture),
                remedy="take it with: playbook picture-panels",
            )
        width, height = png_size(picture)
        alt = self.options.get("alt") or (
            _(
                "The panel of the exercise {title}: controls above, then the result in words and a figure."
            ).format(title=master.title)
        )
        alt = html.escape(" ".join(alt.split()), quote=True)
        image = (
            f'<img src="{self.href("_static/" + name)}" alt="{alt}" '
            f'width="{width}" height="{height}" loading="lazy">'
        )
        if self.live:
            ways = self._ways(master)
        else:
            note = html.escape(_("The live panel stands at the head of the exercise notebook."))
            ways = f'<p class="course-note">{note}</p>'
        caption = "<figcaption>" + html.escape(_("A picture of the panel.")) + "</figcaption>"
        return f'<figure class="panel-picture">{image}{caption}</figure>{ways}'

    def _ways(self, master: Master) -> str:
        """A link to the panel in the exercise; ``panel.js`` puts a button before it that opens it in the page."""
        link = self.open_live(master, _("Try the panel live"), "#panel")
        title = html.escape(_("The panel of {title}").format(title=master.title), quote=True)
        return (
            f'<p class="course-buttons" data-panel-ways>{link}</p>'
            '<p class="course-note" role="status" data-panel-status></p>'
            f'<div id="panel-{master.id}" data-panel-place="{self.href(links.live_panel(master.id))}" '
            f'data-title="{title}"></div>'
        )


def png_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG in pixels, from its header."""
    with open(path, "rb") as stream:
        header = stream.read(24)
    if header[:8] != b"\x89PNG\r\n\x1a\n":
        raise PlaybookError("this is not a PNG picture", where=str(path), remedy="save it as PNG.")
    return struct.unpack(">II", header[16:24])
