"""How long a page takes to read, for readers of English as a second language."""

from __future__ import annotations

import re
from pathlib import Path

#: Words a minute of somebody who reads English as a second language, and to learn.
WORDS_A_MINUTE = 120
#: Minutes to look at a figure, or at the picture of a panel.
A_FIGURE = 1.0
#: Minutes to read a code cell with its result.
A_CELL = 0.5

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_CODE_CELL = re.compile(r"^```\{code-cell\}.*?^```\s*?$", re.DOTALL | re.MULTILINE)
_PICTURE = re.compile(r"^```\{(?:panel-card|figure|image)\}", re.MULTILINE)
_DRAWS = re.compile(r"from playbook\.chapters\.\w+\.figures import")
#: What stands in a page and is not read word by word: fences, options, formulas, targets of links, rules of tables.
_NOT_READ = (
    re.compile(r"^```.*$", re.MULTILINE),
    re.compile(r"^:[\w-]+:.*$", re.MULTILINE),
    re.compile(r"\$\$.*?\$\$", re.DOTALL),
    re.compile(r"(?<=\])\([^)\n]*\)"),
    re.compile(r"\{[\w:]+\}(?=`)"),
)
_WORD = re.compile(r"\w[\w,.:’'/%-]*")


def words_to_read(page: str) -> int:
    """Words of prose in the text of a page; tables, boxes and the quiz are read too, code cells are not counted."""
    prose = _CODE_CELL.sub("", _FRONT_MATTER.sub("", page))
    for one in _NOT_READ:
        prose = one.sub(" ", prose)
    return len(_WORD.findall(prose))


def minutes_to_read(page: str) -> float:
    """Minutes that a page takes: its words at 120 a minute, one minute a figure, half a minute a code cell."""
    cells = _CODE_CELL.findall(page)
    figures = sum(bool(_DRAWS.search(cell)) for cell in cells) + len(_PICTURE.findall(page))
    return words_to_read(page) / WORDS_A_MINUTE + A_FIGURE * figures + A_CELL * len(cells)


def main() -> None:
    """Print the words and the minutes of every chapter's page."""
    for path in sorted(Path("book").glob("[0-9][0-9]-*.md")):
        text = path.read_text(encoding="utf-8")
        print(f"{path.stem:<28}{words_to_read(text):>6} words {minutes_to_read(text):>5.1f} minutes")


if __name__ == "__main__":
    main()
