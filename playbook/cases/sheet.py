"""Tables that people make: CSV of any common kind, or a spreadsheet's own file; read by their headings."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from playbook.errors import PlaybookError
from playbook.words import _

#: Rows among which the one with the headings is looked for.
_TOP = 20
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Sheet:
    """A table's headings, and its lines by them.

    Attributes:
        headings: as `usual` gave them; those that it does not know, in lower case.
        lines: number of the row as a spreadsheet counts it, and its cells without blanks around them.
        doubled: headings that several columns have; the cells of one of these are in the lines.
    """

    headings: tuple[str, ...]
    lines: tuple[tuple[int, dict[str, str]], ...]
    doubled: tuple[str, ...] = ()

    def only_once(self, words: Container[str], *, what: str, path: Path) -> None:
        """Refuse a table that has one of some columns twice: it does not say which of them counts.

        Raises:
            PlaybookError: names the first of them.
        """
        for word in self.doubled:
            if word in words:
                raise PlaybookError(
                    _("the {table} has two columns `{column}`").format(table=what, column=word),
                    where=str(path),
                    remedy=_(
                        "delete one of them, or give it another heading: words in brackets do not count"
                    ),
                )


def heading(text: str) -> str:
    """A heading as it is compared: width, case, blanks, and remarks in brackets do not matter."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"\([^)]*\)|[*:]", " ", text).replace("_", " ").split())


def shortened(text: str) -> bool:
    """Whether a spreadsheet has written a long number as 1.23457E+10, so that nobody knows it any more."""
    return bool(re.fullmatch(r"\d(?:[.,]\d+)?E\+\d+", unicodedata.normalize("NFKC", text), re.IGNORECASE))


def _plain(text: str) -> bool:
    """Whether a heading has no remark in brackets: `Amount` has none, `Amount (converted)` has one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split()) == heading(text)


def read_sheet(
    path: Path, usual: Callable[[str], str], needed: Sequence[str], *, what: str, ask: str
) -> Sheet:
    """Read a table: CSV in UTF-8, UTF-16 or GBK with commas, semicolons or tabs, or a spreadsheet's file.

    The headings stand in the first row, among the first twenty, that has one of those needed.

    Args:
        usual: the usual word for a heading (as :func:`heading` gives it), or nothing.
        needed: usual words, of which one must be there.
        what: what the table is, for messages.
        ask: what to do where the file is not there.

    Raises:
        PlaybookError: it can't be read, or none of its rows holds the headings.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlaybookError(
            _("the {table} can't be read: {reason}").format(table=what, reason=error.strerror),
            where=str(path),
            remedy=ask,
        ) from None
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise PlaybookError(
            _("the {table} is empty").format(table=what),
            where=str(path),
            remedy=_("write or export it again"),
        )
    best: Sheet | None = None
    known = -1
    for rows in _tables(data, path, what):
        sheet, count = _by_headings(rows, usual, needed)
        if sheet is not None and count > known:
            best, known = sheet, count
    if best is None:
        raise PlaybookError(
            _("the {table} has no column `{column}`").format(table=what, column=needed[0]),
            where=str(path),
            remedy=_("its headings must hold one of: {headings}").format(headings=", ".join(needed)),
        )
    return best


def _by_headings(
    rows: Sequence[tuple[int, list[str]]], usual: Callable[[str], str], needed: Sequence[str]
) -> tuple[Sheet | None, int]:
    """A table from the row that has its headings, and how many of these are known."""
    for place, (_number, row) in enumerate(rows[:_TOP]):
        named = [(heading(text), usual(heading(text))) for text in row]
        if not set(needed) & {word for _text, word in named}:
            continue
        named = _without_remarked(row, named)
        own = {text for text, word in named if word == text}  # the usual word itself outweighs its like
        taken: set[str] = set()
        headings = []
        for text, word in named:
            word = text if word in taken or (word != text and word in own) else word or text
            taken.add(word)
            headings.append(word)
        lines = tuple(
            (number, {word: text for word, text in zip(headings, cells, strict=False) if word})
            for number, cells in rows[place + 1 :]
            if any(cells)
        )
        texts = [text for text, _word in named]
        doubled = tuple(
            headings[texts.index(one)] for one in dict.fromkeys(texts) if one and texts.count(one) > 1
        )
        return Sheet(tuple(headings), lines, doubled), sum(bool(word) for _text, word in named)
    return None, 0


def _without_remarked(row: Sequence[str], named: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headings without those that differ from exactly one plain heading in their remark alone: the plain one is meant."""
    texts = [text for text, _word in named]
    plain = [text for text, cell in zip(texts, row, strict=True) if text and _plain(cell)]
    return [
        ("", "") if texts.count(text) > 1 and plain.count(text) == 1 and not _plain(cell) else (text, word)
        for (text, word), cell in zip(named, row, strict=True)
    ]


def _tables(data: bytes, path: Path, what: str) -> Iterator[list[tuple[int, list[str]]]]:
    if data.startswith(_SPREADSHEETS):
        yield from _spreadsheet(data, path, what)
        return
    text = _decoded(data)
    if text is None:
        raise PlaybookError(
            _("the {table} is not CSV text in UTF-8").format(table=what),
            where=str(path),
            remedy=_("save it as CSV UTF-8 in your spreadsheet"),
        )
    for separator in ",;\t，":
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            yield [(number, [cell.strip() for cell in row]) for number, row in enumerate(reader, 1)]
        except csv.Error as error:
            raise PlaybookError(
                _("the {table} is no CSV: {reason}").format(table=what, reason=error),
                where=f"{path} row {reader.line_num}",
                remedy=_("save it as CSV UTF-8 in your spreadsheet"),
            ) from None


def _decoded(data: bytes) -> str | None:
    """Text in UTF-8, in UTF-16 with its mark, or in GBK; None if it is none of these."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _in(data, "utf-16")
    text = _in(data, "utf-8-sig")
    if text is None and (text := _in(data, "gb18030")) is not None:
        strange = [c for c in text if c > "\x7f"]
        common = sum(_in(c.encode("gb18030"), "gb2312") is not None for c in strange)
        if 2 * common < len(strange):  # any pair of bytes is some character of GBK, hardly one that is in use
            return None
    return None if text is None or "\0" in text else text


def _in(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _spreadsheet(data: bytes, path: Path, what: str) -> Iterator[list[tuple[int, list[str]]]]:
    try:
        from python_calamine import CalamineError, load_workbook
    except ImportError:
        raise PlaybookError(
            _("this is a spreadsheet's own file, and what reads it is not installed").format(),
            where=str(path),
            remedy=_("save it as CSV UTF-8 in your spreadsheet, or type: pip install python-calamine"),
        ) from None
    try:
        book = load_workbook(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield [(number, [_cell(value) for value in row]) for number, row in enumerate(rows, 1)]
    except (CalamineError, OSError, ValueError) as error:
        raise PlaybookError(
            _("the {table} can't be read: {reason}").format(table=what, reason=error),
            where=str(path),
            remedy=_("save it as CSV UTF-8 in your spreadsheet"),
        ) from None


def _cell(value: Any) -> str:
    """A spreadsheet's cell as it would stand in a CSV."""
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value.replace(microsecond=0))
    if isinstance(value, (date, time)):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
