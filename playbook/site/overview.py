"""What the first page says of all chapters: what each decides and how long it takes, and how far a reader is."""

import html
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from playbook.authoring.master import Master, find_masters
from playbook.site import links


class ChapterTable(SphinxDirective):
    """``{chapter-table}``: the chapters, what each decides, and how long it takes."""

    def run(self) -> list[nodes.Node]:
        lines = ["| | Chapter | The decision | Read | Do |", "|---|---|---|---|---|"]
        for master in find_masters(Path(self.env.srcdir) / "exercises"):
            self.env.note_dependency(str(master.path))
            header = master.header
            minutes = f"{header.read_minutes} min | {header.do_minutes} min"
            page = f"/{links.PAGES}/{master.id}.md"
            lines.append(f"| {header.chapter} | [{header.title}]({page}) | {header.decision} | {minutes} |")
        table = nodes.container()
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), self.content_offset, table)
        return table.children


class ProgressOverview(SphinxDirective):
    """A list of the exercises; ``progress.js`` fills in what the browser remembers of its reader."""

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.srcdir) / "exercises"
        masters = find_masters(folder)
        for master in masters:
            self.env.note_dependency(str(master.path))
        rows = "".join(self._row(master) for master in masters)
        body = (
            f'<ul class="course-overview">{rows}</ul>'
            '<p class="course-buttons course-resume" data-resume hidden></p>'
            '<p class="course-buttons" data-mine hidden>'
            '<button type="button" class="course-button" data-export="record">Save my progress (JSON)</button>'
            '<button type="button" class="course-button" data-export="document" hidden>'
            "Save my City Playbook (HTML)</button>"
            '<button type="button" class="course-button" data-clear>Clear my data</button></p>'
            '<p class="course-note" data-none>Nothing is recorded in this browser yet. What you do in the '
            "browser is remembered here, on your own computer, and sent nowhere.</p>"
            '<p class="course-note" role="status" data-told></p>'
        )
        return [nodes.raw("", body, format="html")]

    def _row(self, master: Master) -> str:
        page = html.escape(f"{links.to_root(self.env.docname)}{links.PAGES}/{master.id}.html", quote=True)
        progress = f'data-exercise="{master.id}" data-points="{master.points:g}"'
        return (
            f'<li><a href="{page}">{html.escape(master.title)}</a>'
            f'<span class="course-progress" {progress} hidden></span></li>'
        )
