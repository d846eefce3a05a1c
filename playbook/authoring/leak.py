"""Look for solutions, wrong answers, hints and expected values in what is about to be published."""

from __future__ import annotations

import functools
import html
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.authoring.master import Master
from playbook.exercises.plain import Plain

#: Shorter lines say too little to tell a solution by.
_LINE = 24
_DIGITS = 6
_SURE_DIGITS = 9
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")
_BINARY = (".png", ".woff", ".woff2", ".wasm", ".otf", ".ttf", ".ico", ".so", ".jpg", ".gz")


@dataclass(frozen=True)
class Leak:
    """Something secret in a published file: which file, which kind of thing, and the thing."""

    file: str
    what: str
    text: str


@dataclass(frozen=True)
class Secrets:
    """What must not be published: lines and hints by their text with blanks removed, values by their digits."""

    lines: Mapping[str, str]
    values: Mapping[str, str]

    @classmethod
    def of(
        cls, masters: Iterable[Master], public: Iterable[str], expected: Iterable[tuple[str, Plain]] = ()
    ) -> Secrets:
        """Gather the secrets of masters.

        Args:
            public: texts that are published anyway; lines in them are no secrets.
            expected: expected answers as plain data, each with a name to report it by.
        """
        masters = list(masters)
        open_text = "".join(_bare(text) for text in public)
        for master in masters:
            for cell in master.cells:
                open_text += _bare(cell.block.starter if cell.block else cell.source)
        lines = {}
        for master in masters:
            for what, source in _secret_sources(master):
                for line in source.splitlines():
                    bare = _bare(line)
                    if (
                        len(line.strip()) > _LINE
                        and bare not in open_text
                        and not line.strip().startswith("#")
                    ):
                        lines[bare] = f"{master.id}: {what}"
        values = {}
        for name, plain in expected:
            for number in numbers_of(plain):
                number = float(
                    f"{number:.12g}"
                )  # what a sum leaves in the last places is no digit of an answer
                for digits in range(_DIGITS, _SURE_DIGITS + 1):
                    if _significant(number) >= digits:
                        values[_key(number, digits)] = name
        return cls(lines, values)


@functools.cache
def public_texts() -> tuple[str, ...]:
    """What everybody may read anyway: the book's pages and the kit's code."""
    root = Path(__file__).resolve().parents[2]
    paths = [*sorted((root / "book").glob("*.md")), *sorted((root / "playbook").rglob("*.py"))]
    return tuple(path.read_text(encoding="utf-8") for path in paths)


def _secret_sources(master: Master) -> Iterator[tuple[str, str]]:
    for block in master.blocks:
        name = block.question.id
        yield f"solution of {name}", block.solution
        yield f"hidden arguments of {name}", block.arguments
        for wrong in block.wrongs:
            yield f"wrong answer of {name}", wrong.source
            yield f"hint of {name}", wrong.hint
        for trap in block.traps:
            yield f"trap of {name}", trap.source


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def numbers_of(plain: Plain, whole: bool = False) -> Iterator[float]:
    """The numbers in an answer, at whatever depth; with ``whole``, counts too."""
    if isinstance(plain, float) or (whole and isinstance(plain, int) and not isinstance(plain, bool)):
        yield plain
    elif isinstance(plain, list):
        for item in plain:
            yield from numbers_of(item, whole)
    elif isinstance(plain, dict):
        for item in plain.values():
            yield from numbers_of(item, whole)


def _significant(number: float) -> int:
    return len(re.sub(r"e.*|[-.]", "", repr(abs(number))).strip("0"))


def _key(number: float, digits: int) -> str:
    return f"{abs(number):.{digits - 1}e}"


def scan(folder: Path, secrets: Secrets, *, data: str = "_data/", canaries: Iterable[str] = ()) -> list[Leak]:
    """Look through every file in a folder, archives and page sources included.

    Args:
        secrets: what to look for.
        data: part of a path below which tables are public: values are not looked for there.
        canaries: texts planted in secret places; looked for in every byte.
    """
    leaks = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        leaks += _scan_bytes(name, path.read_bytes(), secrets, data, tuple(canaries))
    return leaks


def scan_text(text: str, secrets: Secrets, name: str = "") -> list[Leak]:
    """Look through one text; `name` is what it is reported by."""
    bare = _bare(text)
    leaks = [Leak(name, what, line) for line, what in secrets.lines.items() if line in bare]
    return leaks + _scan_values(name, [text], secrets.values)


def numbers_in(text: str) -> list[tuple[str, float, int]]:
    """The numbers of a text: as written, their value, and how many significant digits they are written with."""
    found = []
    for token in _NUMBER.findall(text):
        bare = token.replace(",", "")
        plain = re.sub(r"[eE].*|-", "", bare)
        digits = (plain.rstrip("0") if "." in plain else plain).replace(".", "").lstrip("0")
        found.append((token, float(bare), len(digits)))
    return found


def _scan_bytes(
    name: str, content: bytes, secrets: Secrets, data: str, canaries: tuple[str, ...]
) -> list[Leak]:
    if name.endswith((".whl", ".zip")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [
                leak
                for entry in archive.namelist()
                for leak in _scan_bytes(f"{name}/{entry}", archive.read(entry), secrets, data, canaries)
            ]
    leaks = [Leak(name, "canary", canary) for canary in canaries if canary.encode() in content]
    if name.endswith(_BINARY):
        return leaks
    texts = _texts(name, content.decode("utf-8", "replace"))
    bare = "\0".join(map(_bare, texts))
    leaks += [Leak(name, what, line) for line, what in secrets.lines.items() if line in bare]
    if secrets.values and not (data and data in name and name.endswith(".csv")):
        leaks += _scan_values(name, texts, secrets.values)
    return leaks


def _scan_values(name: str, texts: list[str], values: Mapping[str, str]) -> list[Leak]:
    leaks = {}
    for text in texts:
        for token in _NUMBER.findall(text):
            number = float(token.replace(",", ""))
            digits = min(_significant(number), _SURE_DIGITS)
            if digits >= _DIGITS and _key(number, digits) in values:
                leaks[token] = Leak(name, f"expected value of {values[_key(number, digits)]}", token)
    return list(leaks.values())


def _texts(name: str, text: str) -> list[str]:
    """A file's text as a reader would find it: strings of JSON unescaped, pages without their tags."""
    if name.endswith((".json", ".ipynb")):
        try:
            return list(_strings(json.loads(text)))
        except ValueError:
            return [text]
    if name.endswith((".html", ".xml")):
        return [html.unescape(re.sub(r"<[^>]*>", "", text))]
    return [text]


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, float):
        yield repr(data)
    elif isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from _strings(value)
    elif isinstance(data, list):
        for item in data:
            yield from _strings(item)
