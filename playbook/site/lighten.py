"""Make finished pages lighter: leave out the parts of the theme that no page uses."""

import re
from pathlib import Path

#: The theme draws a dozen icons; its script for all two thousand is half of a page's weight. The font that
#: the theme's style sheet loads anyway holds the same icons, and book/_static/course.css names them.
_ICON_SCRIPT = re.compile(r"<(?:script|link)[^>]*scripts/fontawesome\.js[^>]*>(?:</script>)?\n?")


def lighten(html: Path) -> None:
    """Lighten a site's pages in place; a page that was lightened before stays as it is.

    Args:
        html: the site's first folder.
    """
    for page in [*html.glob("*.html"), *(html / "book").rglob("*.html")]:
        text = page.read_text(encoding="utf-8")
        light = _ICON_SCRIPT.sub("", text)
        if light != text:
            page.write_text(light, encoding="utf-8")
    (html / "_static" / "scripts" / "fontawesome.js").unlink(missing_ok=True)
    for source_map in (html / "_static").rglob("*.map"):
        source_map.unlink()
