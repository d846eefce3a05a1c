"""Formulas drawn when the book is built: no script, no font and no request in the reader's browser.

Matplotlib lays the formula out; it becomes one SVG path in the colour of the text around it, with the TeX
source as its name for screen readers. The subset of TeX is matplotlib's, plus rows: `\\\\` and the
environments `aligned`, `align` and `split` put rows under one another.
"""

import html
import re
from functools import lru_cache

from playbook.errors import PlaybookError
from playbook.site.fonts import is_han

_ROWS = re.compile(r"\\begin\{(aligned|align\*?|split|gathered)\}(.*?)\\end\{\1\}", re.S)
_SIZE = 100.0  # the size at which matplotlib draws paths of text
#: Spellings that matplotlib does not know, and ours for them.
_SPELLINGS = [
    (re.compile(pattern), ours)
    for pattern, ours in (
        (r"\\tfrac(?![A-Za-z])", r"\\frac"),
        (r"\\ge(?![A-Za-z])", r"\\geq"),
        (r"\\le(?![A-Za-z])", r"\\leq"),
        (r"\\ne(?![A-Za-z])", r"\\neq"),
        (r"\\[lr]vert(?![A-Za-z])", "|"),
        (r"\\(?:big|Big|bigg|Bigg)[lr]?(?![A-Za-z])", ""),
        (r"\\(?:label|tag)\{[^}]*\}", ""),
        (r"\\(?:nonumber|notag|displaystyle|limits)(?![A-Za-z])", ""),
    )
]
_WORDS = re.compile(r"\\(?:text|mbox|textrm)\{([^{}]*)\}")


def formula_svg(tex: str, display: bool = False) -> list[str]:
    """The rows of a TeX formula as SVG elements, sized in em.

    Args:
        tex: the formula, without dollar signs.
        display: it stands on lines of its own, so its outer fractions are drawn large.

    Raises:
        PlaybookError: the formula uses what cannot be drawn here.
    """
    return [_row_svg(_large_fractions(row) if display else row) for row in _split_rows(tex)]


def _large_fractions(tex: str) -> str:
    """TeX with the fractions outside all braces drawn in display style."""
    depth, out = 0, []
    for piece in re.split(r"(\\frac(?![A-Za-z])|\\[{}]|[{}])", tex):
        depth += (piece == "{") - (piece == "}")
        out.append(r"\dfrac" if piece == r"\frac" and depth == 0 else piece)
    return "".join(out)


def _split_rows(tex: str) -> list[str]:
    body = _ROWS.sub(lambda found: found[2], tex.strip())
    return [re.sub(r"(?<!\\)&", "", row).strip() for row in re.split(r"\\\\", body) if row.strip()]


@lru_cache(maxsize=512)
def _row_svg(tex: str) -> str:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if any(is_han(letter) for letter in tex):
        raise PlaybookError(
            f"the formula holds Chinese characters: {tex}",
            remedy="name the quantity in English in the formula and give the Chinese term in the text.",
        )
    source = _WORDS.sub(lambda found: r"\mathrm{" + _words(found[1]) + "}", tex)
    for spelling, ours in _SPELLINGS:
        source = spelling.sub(ours, source)
    source = "$" + " ".join(source.split()) + "$"
    font = FontProperties(size=_SIZE, math_fontfamily="stix")
    try:
        vertices, codes = text_to_path.get_text_path(font, source, ismath=True)
        width, height, depth = text_to_path.get_text_width_height_descent(source, font, ismath=True)
    except ValueError as error:
        raise PlaybookError(
            f"the formula cannot be drawn: {tex}",
            remedy=f"use plainer TeX, one row at a time ({str(error).strip().splitlines()[-1]}).",
        ) from error
    path = _path(vertices, codes)
    pad = 4.0
    box = (-pad, -(height - depth) - pad, width + 2 * pad, height + 2 * pad)
    style = (
        f"width:{box[2] / _SIZE:.3f}em;height:{box[3] / _SIZE:.3f}em;"
        f"vertical-align:{-(depth + pad) / _SIZE:.3f}em"
    )
    view = " ".join(f"{number:.1f}" for number in box)
    return (
        f'<svg class="formula" role="img" aria-label="{html.escape(_spoken(tex), quote=True)}" '
        f'viewBox="{view}" style="{style}"><path d="{path}"/></svg>'
    )


def _words(text: str) -> str:
    """Plain text within a formula: its spaces count, and its apostrophe is no prime."""
    return text.replace(" ", r"\ ").replace("'", "’")


def _spoken(tex: str) -> str:
    """TeX without the marks that only lay it out."""
    text = re.sub(r"\\(?:left|right|mathrm|mathbf|text|operatorname|[,;:!])(?![A-Za-z])", " ", tex)
    return " ".join(text.split())


def _path(vertices, codes) -> str:
    """SVG path data from matplotlib's vertices and codes; the y axis points down in SVG."""
    letters = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}
    parts, i = [], 0
    while i < len(codes):
        code = int(codes[i])
        step = {3: 2, 4: 3}.get(code, 1)
        points = vertices[i : i + step]
        parts.append(
            letters[code] if code == 79 else letters[code] + " ".join(f"{x:.1f} {-y:.1f}" for x, y in points)
        )
        i += step
    return "".join(parts)
