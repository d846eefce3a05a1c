"""Make finished pages lighter: leave out the parts of the theme and of the quizzes that no page uses."""

import base64
import json
import re
from pathlib import Path

#: The theme draws a dozen icons; its script for all two thousand is half of a page's weight. The font that
#: the theme's style sheet loads anyway holds the same icons, and book/_static/course.css names them.
_ICON_SCRIPT = re.compile(r"<(?:script|link)[^>]*scripts/fontawesome\.js[^>]*>(?:</script>)?\n?")
#: Quizzes load a library for formulas, which only answers that are formulas need. They ask for this one name.
_NO_FORMULAS = 'var math = { compile: function () { throw new Error("no formulas in this course"); } };\n'


def lighten(html: Path) -> None:
    """Lighten a site's pages in place; a page that was lightened before stays as it is.

    Args:
        html: the site's first folder.
    """
    formulas = False
    for page in [*html.glob("*.html"), *(html / "book").rglob("*.html")]:
        text = page.read_text(encoding="utf-8")
        formulas = formulas or _asks_for_formulas(text)
        light = _ICON_SCRIPT.sub("", text)
        if light != text:
            page.write_text(light, encoding="utf-8")
    (html / "_static" / "scripts" / "fontawesome.js").unlink(missing_ok=True)
    for source_map in (html / "_static").rglob("*.map"):
        source_map.unlink()
    library = html / "_static" / "sphinx_yaq" / "math.js"
    if library.is_file() and not formulas:
        library.write_text(_NO_FORMULAS, encoding="utf-8")


def _asks_for_formulas(page: str) -> bool:
    """Whether a quiz on the page takes formulas for answers."""
    models = (
        json.loads(base64.b64decode(model))
        for model in re.findall(r'class="yaq-q" data-model="([^"]+)"', page)
    )
    return any(model.get("type") == "ME" or model.get("math") for model in models)
