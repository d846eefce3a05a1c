"""Hand in: one file of all notebooks that a trainee has begun, and its receipt.

The file is a zip: the notebooks as they were saved, and ``hand-in.json``, which says whose they are, on which city,
what was reached, and when. Its short code is computed from all of that, so that trainee and instructor can compare
it. The browser edition makes the same file (``site/hand-in.js``), and ``submissions`` reads both.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from playbook import clock
from playbook.exercises.outcomes import SETTLED, Outcome
from playbook.exercises.view import RESULT_MIME, bar, points_in_words
from playbook.names import normalise, safe_name
from playbook.words import _, ngettext

#: What a hand-in says about itself stands in this file.
MANIFEST = "hand-in.json"
#: The first line of what a code is computed from.
_FORM = "playbook-hand-in-1"
#: Of a short code, such as 7KQM-3XPD: no vowels, and nothing that looks like something else.
_DIGITS, _LETTERS = "23456789", "CDFHJKMNPQRTVWX"
_CODE = f"[{_DIGITS}][{_LETTERS}]{{3}}"
#: How a hand-in is called, whatever a browser or a person has added to it.
_NAMED = re.compile(rf"hand-in_.*_{_CODE}-{_CODE}", re.DOTALL)
_OPENED = re.compile(r"open_case\(\s*(?:([\"'])(.*?)\1|(\d+))\s*[,)]")
_CHECKED = re.compile(r"\bcheck\s*\(\s*[\"']([\w-]+)[\"']")
#: How an untouched starter marks what is not answered yet.
_OPEN = "..."


@dataclass(frozen=True)
class Chapter:
    """One chapter of a hand-in.

    Attributes:
        file, sha256: its notebook.
        points, max_points: as checked in the notebook; later: that judgements may still earn.
        right, questions: how many are right or noted, of how many.
        complete: nothing but stretch questions is open.
    """

    exercise: str
    title: str
    file: str
    sha256: str
    points: float
    max_points: float
    later: float = 0.0
    right: int = 0
    questions: int = 0
    complete: bool = False


@dataclass(frozen=True)
class Receipt:
    """What a hand-in says about itself.

    Attributes:
        case, city: the city's short name, and its name for people.
        made: ISO 8601 with its offset; time_zone: where the clock stands.
        code: short, for comparing.
    """

    trainee: str
    case: str
    city: str
    made: str
    time_zone: str
    chapters: tuple[Chapter, ...]
    code: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The content of ``hand-in.json``."""
        return {"version": 1, **asdict(self), "chapters": [asdict(one) for one in self.chapters]}

    @property
    def file(self) -> str:
        """What the file is called."""
        return f"hand-in_{safe_name(self.trainee).replace(' ', '-')}_{self.code}.zip"

    @property
    def moment(self) -> str:
        """When it was made, for people."""
        return f"{self.made[:16].replace('T', ' ')} ({self.time_zone})"


def code_of(receipt: Receipt) -> str:
    """The short code that belongs to what a hand-in says; the code in it does not matter."""
    lines = [_FORM, receipt.trainee, receipt.case, receipt.made]
    for one in sorted(receipt.chapters, key=lambda chapter: chapter.exercise):
        lines.append(f"{one.exercise} {one.sha256} {one.points:g} {one.max_points:g}")
    digest = hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).digest()
    drawn = [
        (_LETTERS if place % 4 else _DIGITS)[byte % (15 if place % 4 else 8)]
        for place, byte in enumerate(digest[:8])
    ]
    return f"{''.join(drawn[:4])}-{''.join(drawn[4:])}"


def read_code(text: str) -> str:
    """A short code as somebody wrote it, in its own form; empty if it is none."""
    plain = re.sub(r"[\s_-]", "", text).upper()
    return f"{plain[:4]}-{plain[4:]}" if re.fullmatch(f"{_CODE}{_CODE}", plain) else ""


def is_called_so(name: str) -> bool:
    """Whether a file or folder is called as a hand-in is."""
    return _NAMED.search(name) is not None


def without_code(name: str) -> str:
    """The same name without what makes it that of a hand-in: whose it is remains."""
    if not is_called_so(name):
        return name
    return re.sub(rf"hand-in_|_?{_CODE}-{_CODE}", " ", name).replace("-", " ").strip()


def read_manifest(data: bytes) -> Receipt:
    """Read what a hand-in says about itself; every word of it is the trainee's.

    Raises:
        ValueError: it is no such file.
    """
    try:
        said = json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(said, dict) or not isinstance(said.get("chapters"), list):
        raise ValueError("it has no list of chapters")
    chapters = tuple(
        Chapter(
            **{name: _text(one.get(name)) for name in ("exercise", "title", "file", "sha256")},
            **{name: _number(one.get(name)) for name in ("points", "max_points", "later")},
            **{name: int(_number(one.get(name))) for name in ("right", "questions")},
            complete=one.get("complete") is True,
        )
        for one in said["chapters"][:200]
        if isinstance(one, dict)
    )
    own = {name: _text(said.get(name)) for name in ("trainee", "case", "city", "made", "time_zone")}
    return Receipt(**own, chapters=chapters, code=read_code(_text(said.get("code"))))


def _text(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


def _number(value: object) -> float:
    """A number of points; nothing else counts."""
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e6
    return float(value) if known else 0.0  # type: ignore[arg-type]


# From the notebooks in a folder


@dataclass(frozen=True)
class Notebooks:
    """What a folder holds of a trainee's work.

    Attributes:
        chapters: those that are begun, with the bytes of their notebooks.
        open: titles of those that are not.
        left_out: what is not taken, with the reason.
    """

    chapters: tuple[tuple[Chapter, bytes], ...] = ()
    open: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def look_through(folder: Path, outline: Sequence[Mapping[str, Any]], trainee: object, case: str) -> Notebooks:
    """Find the notebooks of a trainee and a city in a folder.

    Args:
        outline: the exercises there are; see ``release.describe``.
    """
    found: dict[str, list[tuple[Path, bytes, Mapping[str, Any]]]] = {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            data = path.read_bytes()
            notebook = json.loads(data)
            exercise = notebook["metadata"]["playbook"]["exercise"]
            found.setdefault(exercise, []).append((path, data, notebook))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    chapters, not_begun, left_out = [], [], []
    for described in outline:
        usual = f"{described['exercise']}.ipynb"
        own = []
        for path, data, notebook in found.get(described["exercise"], ()):
            typed, cities = typed_name(notebook), _cities(notebook)
            if _person(typed) != _person(trainee):
                whose = typed if _person(typed) else _("nobody: no name is typed in it")
                left_out.append(_("{file} belongs to {name}.").format(file=path.name, name=whose))
            elif cities - {case}:
                left_out.append(_("{file} was done on another city's figures.").format(file=path.name))
            else:
                own.append((path, data, notebook))
        # Of several copies the one with the usual name, else the one that was saved last.
        own.sort(key=lambda one: (one[0].name == usual, one[0].stat().st_mtime))
        left_out += [
            _("{file} is another copy; {taken} is taken.").format(file=path.name, taken=own[-1][0].name)
            for path, *_rest in own[:-1]
        ]
        chapter = _chapter(described, own[-1][1], own[-1][2]) if own else None
        if chapter:
            chapters.append((chapter, own[-1][1]))
        else:
            not_begun.append(described["title"])
    return Notebooks(tuple(chapters), tuple(not_begun), tuple(left_out))


def _chapter(described: Mapping[str, Any], data: bytes, notebook: Mapping[str, Any]) -> Chapter | None:
    """How far a notebook is; None if nothing in it is answered."""
    results = {one["question"]: one for one in _results(notebook)}
    tried = [one for one in results.values() if one.get("outcome") != Outcome.UNATTEMPTED]
    if not tried and not any(_OPEN not in source for source in _answers(notebook)):
        return None
    settled = {name for name, one in results.items() if one.get("outcome") in SETTLED}
    asked = described["questions"]
    noted = [one for one in results.values() if one.get("outcome") == Outcome.RECORDED]
    return Chapter(
        exercise=described["exercise"],
        title=described["title"],
        file=f"{described['exercise']}.ipynb",
        sha256=hashlib.sha256(data).hexdigest(),
        points=sum(_number(one.get("points")) for one in results.values()),
        max_points=float(described["points"]),
        later=sum(_number(one.get("max_points")) for one in noted),
        right=sum(one["id"] in settled for one in asked),
        questions=len(asked),
        complete=all(one["id"] in settled or one["stretch"] for one in asked),
    )


def _cells(notebook: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    for cell in notebook.get("cells", ()):
        if isinstance(cell, Mapping) and cell.get("cell_type") == "code":
            yield cell, "".join(map(str, cell.get("source", "")))


def _answers(notebook: Mapping[str, Any]) -> Iterator[str]:
    for cell, source in _cells(notebook):
        if isinstance(own := cell.get("metadata", {}).get("playbook"), Mapping) and own.get("question"):
            yield source


def _results(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for cell, _source in _cells(notebook):
        for output in cell.get("outputs", ()):
            found = output.get("data", {}).get(RESULT_MIME) if isinstance(output, Mapping) else None
            if isinstance(found, Mapping) and isinstance(found.get("question"), str):
                yield found


def _cities(notebook: Mapping[str, Any]) -> set[str]:
    return {one["case"] for one in _results(notebook) if isinstance(one.get("case"), str)}


def typed_name(notebook: Mapping[str, Any]) -> str:
    """The name in the last ``open_case("…")`` of a notebook."""
    names = [found for _cell, source in _cells(notebook) for found in _OPENED.findall(source)]
    return names[-1][1] or names[-1][2] if names else ""


def _person(name: object) -> str:
    return "".join(normalise(name).split())


def is_saved(cells: Iterable[str], folder: Path, exercise: str) -> bool:
    """Whether the answers that ran last stand in the saved notebook of their exercise.

    Args:
        cells: what ran, in order.
    """
    latest = {question: cell.strip() for cell in cells for question in _CHECKED.findall(cell)}
    saved = set()
    for path in folder.glob("*.ipynb"):
        try:
            notebook = json.loads(path.read_bytes())
            if notebook["metadata"]["playbook"]["exercise"] == exercise:
                saved |= {source.strip() for _cell, source in _cells(notebook)}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return not saved or set(latest.values()) <= saved


def make_hand_in(found: Notebooks, trainee: str, case: Any, seconds: float) -> tuple[Receipt, bytes]:
    """The receipt and the file of some notebooks.

    Args:
        case: the city; seconds: now, since 1970 (UTC).
    """
    receipt = Receipt(
        trainee=trainee,
        case=case.name,
        city=case.city,
        made=clock.as_iso(seconds),
        time_zone=clock.shown(seconds).partition("(")[2].rstrip(")"),
        chapters=tuple(chapter for chapter, _data in found.chapters),
    )
    receipt = replace(receipt, code=code_of(receipt))
    text = json.dumps(receipt.as_dict(), ensure_ascii=False, indent=1).encode("utf-8", "replace")
    files = [(MANIFEST, text), *((chapter.file, data) for chapter, data in found.chapters)]
    moment = clock.wall(seconds)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.extra = struct.pack("<HHBi", 0x5455, 5, 1, int(seconds))  # the moment, whatever the zone
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return receipt, stream.getvalue()


# What is shown


def sent_to_in_words(parts: Sequence[Sequence[str]]) -> str:
    """Where the file goes, as plain text."""
    if not parts:
        return _("Send it to your instructor.")
    return _("Send it to: {address}").format(address="".join(text for text, _href in parts))


def sent_to_html(parts: Sequence[Sequence[str]]) -> str:
    """Where the file goes, a link where it is one."""
    if not parts:
        return html.escape(_("Send it to your instructor."))
    shown = [
        f'<a href="{html.escape(href)}">{html.escape(text)}</a>' if href else html.escape(text)
        for text, href in parts
    ]
    return html.escape(_("Send it to: {address}")).replace("{address}", "".join(shown))


class ReceiptView:
    """A receipt in a notebook: as text and as HTML."""

    def __init__(self, receipt: Receipt, found: Notebooks, sent_to: Sequence[Sequence[str]]):
        self.receipt, self.found, self.sent_to = receipt, found, sent_to

    def _facts(self) -> list[tuple[str, str]]:
        one = self.receipt
        return [
            (_("Code"), one.code),
            (_("Date"), one.moment),
            (_("Trainee"), one.trainee),
            (_("City"), one.city),
            (_("File"), one.file),
        ]

    def _notes(self) -> list[str]:
        notes = list(self.found.left_out)
        if self.found.open:
            notes.append(_("Not begun yet: {chapters}.").format(chapters=", ".join(self.found.open)))
        notes.append(_("You can hand in again at any time: the later file counts."))
        return notes

    def __repr__(self) -> str:
        facts = [f"  {label}: {value}" for label, value in self._facts()]
        chapters = [f"  {one.title}: {_standing(one)}" for one in self.receipt.chapters]
        where = f"  {sent_to_in_words(self.sent_to)}"
        title = _("Receipt of your hand-in")
        return "\n".join([title, *facts, *chapters, where, *(f"  {note}" for note in self._notes())])

    def _repr_mimebundle_(self, include=None, exclude=None):
        style = (
            "border-left:5px solid #1a7f4b;padding:.6em .9em;margin:.3em 0;max-width:46em;font-size:14px;"
            "background:var(--jp-layout-color2,#f5f6f8);color:var(--jp-ui-font-color1,#1b1f24);"
            "font-family:var(--jp-ui-font-family,sans-serif);line-height:1.45"
        )
        facts = "".join(
            f'<dt style="font-weight:600">{html.escape(label)}</dt>'
            f'<dd style="margin:0;overflow-wrap:anywhere">{html.escape(value)}</dd>'
            for label, value in self._facts()
        )
        chapters = "".join(
            f'<li style="margin:.2em 0">{html.escape(one.title)}: '
            f"{bar(one.points, one.max_points, one.later)} {html.escape(_standing(one))}</li>"
            for one in self.receipt.chapters
        )
        title = html.escape(_("Receipt of your hand-in"))
        notes = "".join(f"<p style='margin:.3em 0'>{html.escape(note)}</p>" for note in self._notes())
        body = (
            f'<div role="status" style="{style}"><strong>{title}</strong>'
            '<dl style="display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em;margin:.5em 0">'
            f'{facts}</dl><ul style="padding-left:1.2em;margin:.5em 0">{chapters}</ul>'
            f"<p style='margin:.3em 0'><strong>{sent_to_html(self.sent_to)}</strong></p>{notes}</div>"
        )
        return {"text/plain": repr(self), "text/html": body}


def _standing(one: Chapter) -> str:
    """How far a chapter is: its points, and whether questions are open."""
    words = points_in_words(one.points, one.max_points, one.later)
    left = one.questions - one.right
    if one.complete:
        return _("{points}, complete").format(points=words)
    many = ngettext("{points}, {left} question open", "{points}, {left} questions open", left)
    return many.format(points=words, left=left)
