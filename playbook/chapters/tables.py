"""The table below a panel's figure, one for all panels: narrow enough for a phone."""

import html
from collections.abc import Iterable, Sequence


def panel_table(
    caption: str, titles: Sequence[str], rows: Iterable[Sequence[str]], loud: Sequence[int] = ()
) -> str:
    """A table with a caption as HTML; empty without rows.

    Args:
        caption: what the table shows; plain text.
        titles: of the columns; plain text, wrapped at blanks.
        rows: the cells of each row; plain text, of which a blank may be wrapped.
        loud: places of the columns in bold.
    """
    body = "".join(_row("td", cells, loud) for cells in rows)
    if not body:
        return ""
    head = _row('th scope="col"', titles, loud)
    return (
        '<table style="font-size:.92em;line-height:1.35">'
        f'<caption style="text-align:left">{html.escape(caption)}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table>"
    )


def _row(cell: str, texts: Sequence[str], loud: Sequence[int] = ()) -> str:
    """There is room between cells and none behind the last."""
    parts = []
    for place, text in enumerate(texts):
        gap = "0" if place == len(texts) - 1 else ".5em"
        bold = f";font-weight:{'bold' if place in loud else 'normal'}"
        style = f"text-align:left;vertical-align:top;padding:0 {gap} .1em 0{bold}"
        parts.append(f'<{cell} style="{style}">{html.escape(text)}</{cell[:2]}>')
    return f"<tr>{''.join(parts)}</tr>"
