"""What our book needs of Sphinx beyond Jupyter Book: cards, formulas as SVG, alternative texts, pages that
ask no other host for anything, and results that are computed anew when the data behind them change.
"""

import os
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from playbook.authoring.sending import KEY, pieces
from playbook.errors import PlaybookError
from playbook.site.cards import ExerciseCard, PanelCard
from playbook.site.digest import EXECUTION_INPUTS, PAGE_INPUTS, digest
from playbook.site.formulas import formula_svg
from playbook.site.links import HAND_IN, LITE
from playbook.site.overview import ChapterTable, HandIn, ProgressOverview, ReviewQuestions
from playbook.site.quiz import Quiz
from playbook.site.run_pages import run_changed_pages
from playbook.site.words import script
from playbook.words import _, language_tag

HERE = Path(__file__).parent
#: What makes a hand-in and shows it.
HANDING_IN = ("hand-in-file.js", "hand-in.js", "hand-in.css")

_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict:
    """Called by Sphinx: the extension's parts, in the order in which a build meets them."""
    app.add_config_value("playbook_digest", "", "env")
    app.add_config_value("playbook_browser_edition", False, "env")
    app.add_config_value(KEY, "", "env")
    app.connect("config-inited", _key_results_on_inputs, priority=100)
    app.connect("config-inited", _bring_scripts)
    app.add_directive("exercise-card", ExerciseCard)
    app.add_directive("panel-card", PanelCard)
    app.add_directive("chapter-table", ChapterTable)
    app.add_directive("progress-overview", ProgressOverview)
    app.add_directive("hand-in", HandIn)
    app.add_directive("review-questions", ReviewQuestions)
    app.add_directive("quiz", Quiz)
    app.add_js_file(None, body=script())  # the scripts of a page that speak are deferred and come after it
    app.add_js_file("standing.js", loading_method="defer")
    app.add_js_file("asked.js", loading_method="defer")
    app.add_html_math_renderer("playbook_svg", (_inline_formula, None), (_block_formula, None))
    app.connect("builder-inited", _name_pictures)
    app.connect("env-before-read-docs", run_changed_pages, priority=900)
    app.connect("html-page-context", _hand_in_scripts, priority=100)
    app.connect("html-page-context", _keep_to_this_host, priority=900)
    app.connect("html-page-context", _mend_page, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _key_results_on_inputs(app: Sphinx, config) -> None:
    """Keep executed notebooks in a folder named after the data and the models they were run on.

    A changed value of `playbook_digest` makes Sphinx read every page again.
    """
    root = Path(app.srcdir)
    key = digest(root, EXECUTION_INPUTS)[:16]
    config.playbook_digest = key + digest(root, PAGE_INPUTS)[:16] + language_tag()
    config.nb_execution_cache_path = str(root / "_build" / ".jupyter_cache" / key)
    wanted = os.environ.get("PLAYBOOK_BROWSER_EDITION")
    config.playbook_browser_edition = (
        wanted == "1" if wanted is not None else (Path(app.outdir) / LITE / "index.html").is_file()
    )


def _bring_scripts(app: Sphinx, config) -> None:
    """Put beside the book's own scripts those that the exercises use too; an unusable line for hand-ins stops here."""
    pieces(config[KEY], str(Path(app.srcdir) / "_config.yml"))
    config.html_static_path += [str(HERE / name) for name in ("standing.js", "asked.js", *HANDING_IN)]


def _hand_in_scripts(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """The page that hands in loads what makes the file."""
    if f"{pagename}.html" == HAND_IN:
        for name in HANDING_IN:
            if name.endswith(".css"):
                app.add_css_file(name)
            else:
                app.add_js_file(name, loading_method="defer")


def _inline_formula(self, node: nodes.math) -> None:
    self.body.append(_formula(node, display=False)[0])
    raise nodes.SkipNode


def _block_formula(self, node: nodes.math_block) -> None:
    rows = "".join(f'<div class="formula-row">{row}</div>' for row in _formula(node, display=True))
    self.body.append(self.starttag(node, "div", CLASS="formula-block"))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({node["number"]})</span>')
    self.body.append(f"{rows}</div>\n")
    raise nodes.SkipNode


def _formula(node: nodes.Element, display: bool) -> list[str]:
    try:
        return formula_svg(node.astext(), display=display)
    except PlaybookError as error:
        _log.warning("%s", error, location=node, type="playbook", subtype="formula")
        return [""]


def _name_pictures(app: Sphinx) -> None:
    """Give every picture that a cell draws its alternative text.

    MyST-NB takes width and height from an output's metadata, but not the alternative text that
    `playbook.figures.style` puts there; it offers no setting for it, so its method is wrapped once.
    """
    from myst_nb.core.render import NbElementRenderer

    if getattr(NbElementRenderer.render_image, "names_pictures", False):
        return
    plain = NbElementRenderer.render_image

    def render_image(self, data):
        rendered = plain(self, data)
        alt = data.output_metadata.get(data.mime_type, {}).get("alt")
        for image in rendered:
            if alt and not image.get("alt"):
                image["alt"] = alt
            if not image.get("alt"):
                self.logger.warning(
                    "a picture without an alternative text: draw it with playbook.figures.style, or give "
                    "the cell `mystnb: {image: {alt: …}}`",
                    subtype="image",
                    line=data.line,
                )
        return rendered

    render_image.names_pictures = True
    NbElementRenderer.render_image = render_image


def _keep_to_this_host(app, pagename, templatename, context, doctree) -> None:
    """Leave out what Jupyter Book's parts would load from elsewhere, and scripts that no page here uses."""

    def ours(item) -> bool:
        name = str(getattr(item, "filename", None) or item)
        body = str(getattr(item, "attributes", {}).get("body", ""))
        elsewhere = name.startswith(("http:", "https:", "//"))
        return not (elsewhere or "thebe" in name.lower() or "THEBE" in body)

    for kind in ("script_files", "css_files"):
        context[kind] = [item for item in context.get(kind, []) if ours(item)]


_CORNER = re.compile(r"<th>\s*</th>")
_MENDED = {
    '<div class="output text_html">': (
        '<div class="output text_html" tabindex="0" role="group" aria-label="{result}">'
    ),
    'role="doc-biblioentry"': 'role="listitem"',
}


def _mend_page(app, pagename, templatename, context, doctree) -> None:
    """Mend what screen readers stumble over: empty headers, wide results, citations, nameless folds."""
    if body := context.get("body"):
        body = _CORNER.sub("<td></td>", body)
        for found, mended in _MENDED.items():
            body = body.replace(found, mended.replace("{result}", escape(_("Result"))))
        context["body"] = body
    if plain := context.get("generate_toctree_html"):
        label = _("Pages of this part")

        def named_folds(*args, **kwargs):
            tree = plain(*args, **kwargs)
            for fold in tree.find_all("summary") if hasattr(tree, "find_all") else ():
                fold["aria-label"] = label
            if isinstance(tree, str):
                tree = tree.replace("<summary>", f'<summary aria-label="{escape(label)}">')
            return tree

        context["generate_toctree_html"] = named_folds
