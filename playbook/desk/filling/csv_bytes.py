"""A CSV file in which single cells change and every other byte stays: encoding, marks, quotes, separators, line ends."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from pathlib import Path

from playbook.errors import PlaybookError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_ENDS = ("\r\n", "\n", "\r")
_AS_CSV = "download it again as CSV, or save it as CSV UTF-8 in your spreadsheet"


class CsvBytes:
    """A CSV file cell by cell, rows and columns counted from 0.

    Args:
        data: the file's bytes.
        where: its path, for messages.

    Raises:
        PlaybookError: it is no CSV text, or a quote in it is never closed.
    """

    def __init__(self, data: bytes, where: str):
        self.where = where
        self._mark, self.encoding, text = _decoded(data, where)
        self.separator = _separator(text)
        self._rows, self._ends = _cut(text, self.separator, where)

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, row: int) -> list[str]:
        """A row's cells, without quotes and blanks around them."""
        return [_plain(raw) for raw in self._rows[row]]

    def value(self, row: int, column: int) -> str:
        """A cell without quotes and blanks around it; empty beyond the row's end."""
        cells = self._rows[row]
        return _plain(cells[column]) if column < len(cells) else ""

    def put(self, row: int, column: int, text: str) -> None:
        """Change one cell; it is quoted where it was, or where it has to be.

        Raises:
            PlaybookError: the file's encoding has no such character.
        """
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise PlaybookError(
                f"the file is in {self.encoding}, which has no {text[error.start]!r}",
                where=f"{self.where} row {row + 1}",
                remedy="save it as CSV UTF-8, or leave the words out with --no-feedback",
            ) from None
        cells = self._rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        quoted = cells[column].lstrip().startswith('"')
        if quoted or re.search(rf'["\r\n{re.escape(self.separator)}]', text) or text != text.strip():
            text = '"' + text.replace('"', '""') + '"'
        cells[column] = text

    def bytes(self) -> bytes:
        """The file as it is now."""
        text = "".join(
            self.separator.join(cells) + end for cells, end in zip(self._rows, self._ends, strict=True)
        )
        return self._mark + text.encode(self.encoding)


def read_csv_bytes(path: Path) -> CsvBytes:
    """A file of a platform.

    Raises:
        PlaybookError: it can't be read, or is no CSV text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlaybookError(
            f"the file can't be read: {error.strerror}", where=str(path), remedy="check the path in --into"
        ) from None
    return CsvBytes(data, str(path))


def _decoded(data: bytes, where: str) -> tuple[bytes, str, str]:
    """The mark at its beginning, the encoding, and the text: such that encoding it again gives the same bytes."""
    if data.startswith(_BOOKS):
        raise PlaybookError(
            "this is a spreadsheet's own file, and marks go into CSV", where=where, remedy=_AS_CSV
        )
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _same_again(data[len(mark) :], encoding)
            if text is not None:
                return mark, encoding, text
    for encoding in ("utf-8", "gbk", "gb18030", "cp1252"):
        text = _same_again(data, encoding)
        if text is not None and "\0" not in text and (not encoding.startswith("gb") or _in_use(text)):
            return b"", encoding, text
    raise PlaybookError("this is no CSV text", where=where, remedy=_AS_CSV)


def _same_again(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
        return text if text.encode(encoding) == data else None
    except UnicodeError:
        return None


def _in_use(text: str) -> bool:
    """Any two bytes are some character of GBK: take it for that only where most are common ones."""
    strange = [c for c in text if c > "\x7f"]
    common = sum(c.encode("gb2312", "ignore") != b"" for c in strange)
    return 2 * common >= len(strange)


def _separator(text: str) -> str:
    """The separator that cuts the first line with more than one cell into the most cells."""
    for line in text.splitlines()[:20]:
        bare = re.sub(r'"(?:[^"]|"")*"', "", line)
        counts = {one: bare.count(one) for one in ",;\t"}
        if any(counts.values()):
            return max(counts, key=lambda one: counts[one])
    return ","


def _cut(text: str, separator: str, where: str) -> tuple[list[list[str]], list[str]]:
    """Rows of raw cells, and how each row ends; joined again they are the text."""
    cell = re.compile(rf'(?:[ ]*"(?:[^"]|"")*+"[^{separator}\r\n]*|[^"{separator}\r\n][^{separator}\r\n]*|)')
    rows: list[list[str]] = [[]]
    ends: list[str] = []
    place = 0
    while True:
        found = cell.match(text, place)
        raw = found[0] if found else ""
        rows[-1].append(raw)
        place += len(raw)
        if place == len(text):
            break
        if text[place] == separator:
            place += 1
            continue
        end = next((one for one in _ENDS if text.startswith(one, place)), None)
        if end is None:
            raise PlaybookError(
                "a quote is opened and never closed",
                where=f"{where} row {len(rows)}",
                remedy="download the file again, or close the quote",
            )
        ends.append(end)
        place += len(end)
        if place == len(text):
            return rows, ends
        rows.append([])
    return rows, [*ends, ""]


def _plain(raw: str) -> str:
    raw = raw.strip()
    if raw.startswith('"') and raw.endswith('"') and len(raw) > 1:
        return raw[1:-1].replace('""', '"').strip()
    return raw


def column_of(headings: Sequence[str], *wanted: str) -> int | None:
    """Where the first of some headings stands, whatever their case; None if none is there."""
    there = {" ".join(text.casefold().split()): place for place, text in reversed(list(enumerate(headings)))}
    return next((there[one.casefold()] for one in wanted if one.casefold() in there), None)
