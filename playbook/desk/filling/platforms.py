"""What each learning platform's file looks like: where people, marks and comments stand, and what it cannot carry."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from playbook.desk.filling.csv_bytes import CsvBytes, column_of
from playbook.errors import PlaybookError

#: Rows among which the headings are looked for.
_TOP = 10
#: Headings by what they say of a person.
_ID = ("ID number", "SIS User ID", "Student ID", "学号", "工号", "ID-Nummer", "Numéro d'identification")
_LOGIN = ("SIS Login ID", "Username", "username", "用户名", "Anmeldename", "Nom d'utilisateur")
_EMAIL = ("Email address", "Email", "E-mail", "电子邮件地址", "邮箱", "E-Mail-Adresse", "Adresse de courriel")
_NAME = ("Full name", "Student", "Name", "全名", "姓名", "Vollständiger Name", "Nom complet")
_FIRST = ("First name", "名", "名字", "Vorname", "Prénom")
_LAST = ("Last name", "Surname", "姓", "姓氏", "Nachname", "Nom de famille")
#: Moodle's own headings, by language.
_GRADE = ("Grade", "成绩", "Bewertung", "Note")
_MOST = ("Maximum grade", "最高分", "最高成绩", "Beste Bewertung", "Note maximale")
_COMMENT = ("Feedback comments", "反馈评论", "Feedback als Kommentar", "Feedback par commentaires")
_OPEN = (
    "Grade can be changed",
    "允许更改成绩",
    "Bewertung kann geändert werden",
    "La note peut être modifiée",
)
_FEEDBACK = ("feedback", "反馈")
#: Columns of Moodle's grade export that say a mark another way.
_OTHER_WAY = (
    *("percentage", "百分比", "百分数", "prozentsatz", "prozentwert", "prozent", "pourcentage"),
    *("letter", "字母", "等级", "buchstabe", "notenstufe", "lettre"),
)
#: How Blackboard shows a mark, beside percentages and letters, where a number of points is none.
_NO_NUMBER = ("text", "complete/incomplete")
_LOCKED = ("no", "否", "nein", "non", "不可以")


@dataclass(frozen=True)
class MarkColumn:
    """A column that takes marks of one exercise.

    Attributes:
        title: what names the exercise in its heading; empty where the file is about one alone.
        comment, form: columns of the comment and of its form, or None.
        most: what can be reached, as the file writes it; empty where it says nothing.
        most_at: the column in which each row says it, or None.
        shows: how the platform shows its marks, where that is not by points.
    """

    column: int
    heading: str
    title: str
    comment: int | None = None
    form: int | None = None
    most: str = ""
    most_at: int | None = None
    shows: str = ""


@dataclass(frozen=True)
class Layout:
    """Where things stand in one file.

    Attributes:
        platform: whose form it is.
        first: the first row that is about a person.
        people: kind of clue (id, login, email, name) → columns whose cells together are it.
        marks: the columns for marks.
        locked: rows that the platform does not let change.
    """

    platform: Platform
    first: int
    people: Mapping[str, tuple[int, ...]]
    marks: tuple[MarkColumn, ...]
    locked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Platform:
    """A platform's form of a file.

    Attributes:
        find: gives the layout if the row with this number holds the headings of this form, else None.
        cannot: what a file of this form does not carry, in sentences.
        comment: a comment's text as the form wants it.
        comment_form: what stands in the column for the form of a comment.
    """

    name: str
    find: Callable[[CsvBytes, int], Layout | None]
    cannot: tuple[str, ...]
    comment: Callable[[str], str] = str
    comment_form: str = ""


def find_layout(file: CsvBytes) -> Layout:
    """Whose form a file has, and where things stand in it.

    Raises:
        PlaybookError: it is of no form that is known.
    """
    for row in range(min(_TOP, len(file))):
        for platform in PLATFORMS:
            layout = platform.find(file, row)
            if layout is not None:
                return layout
    headings = ", ".join(filter(None, file.row(0)))[:200] if len(file) else ""
    raise PlaybookError(
        f"the headings fit no platform that is known: {headings or 'the file is empty'}",
        where=file.where,
        remedy=f"download the gradebook again from {', '.join(one.name for one in PLATFORMS)}, as CSV",
    )


def _people(headings: Sequence[str], *kinds: str) -> dict[str, tuple[int, ...]]:
    words = {"id": _ID, "login": _LOGIN, "email": _EMAIL, "name": _NAME}
    found = {kind: (place,) for kind in kinds if (place := column_of(headings, *words[kind])) is not None}
    first, last = column_of(headings, *_FIRST), column_of(headings, *_LAST)
    if "name" in kinds and "name" not in found and first is not None and last is not None:
        found["name"] = (last, first)
    return found


def _canvas(file: CsvBytes, row: int) -> Layout | None:
    headings = file.row(row)
    if len(headings) < 3 or headings[1].casefold() != "id":
        return None
    titles = [(place, re.fullmatch(r"(.+?)\s*\((\d+)\)", text)) for place, text in enumerate(headings)]
    if not any(found for _place, found in titles):
        return None
    first = row + 1
    while first < len(file) and not file.value(first, 1):
        first += 1
    most: dict[int, str] = {}
    points = [one for one in range(first, len(file)) if file.value(one, 0).casefold() == "points possible"]
    for above in (*range(row + 1, first), *points):  # a spreadsheet that sorted the file put them elsewhere
        most |= {p: text for p, text in enumerate(file.row(above)) if re.fullmatch(r"[\d.,]+", text)}
    marks = tuple(
        MarkColumn(place, headings[place], found[1], most=most.get(place, ""))
        for place, found in titles
        if found
    )
    people = _people(headings, "id", "login", "email") | {"name": (0,)}
    return Layout(CANVAS, first, people, marks)


def _moodle_worksheet(file: CsvBytes, row: int) -> Layout | None:
    headings = file.row(row)
    numbers = [text for one in range(row + 1, len(file)) if (text := file.value(one, 0))]
    if 2 * sum(bool(re.fullmatch(r"\D{2,}\d+", text)) for text in numbers) <= len(numbers):
        return None  # a row of somebody's own, such as an average, may stand among those of participants
    grade, most = column_of(headings, *_GRADE), column_of(headings, *_MOST)
    if not grade:
        return None
    changes = column_of(headings, *_OPEN)
    locked = frozenset(
        one
        for one in range(row + 1, len(file))
        if changes is not None and file.value(one, changes).casefold() in _LOCKED
    )
    comment = column_of(headings, *_COMMENT)
    mark = MarkColumn(grade, headings[grade], "", comment=comment, most_at=most)
    return Layout(
        MOODLE_WORKSHEET, row + 1, _people(headings, "id", "login", "email", "name"), (mark,), locked
    )


def _moodle_import(file: CsvBytes, row: int) -> Layout | None:
    headings = file.row(row)
    people = _people(headings, "id", "email", "login", "name")
    if not {"id", "email"} & set(people) or any("|" in text for text in headings):
        return None
    taken = {place for places in people.values() for place in places}
    marks = []
    for place, text in enumerate(headings):
        if place in taken or not text:
            continue
        title, kind = _of_import(text)
        if kind in (*_FEEDBACK, *_OTHER_WAY) or not _takes_marks(file, row, place):
            continue
        comments = [at for at, other in enumerate(headings) if _is_comment(other, title)]
        comment = comments[0] if len(comments) == 1 else None
        marks.append(MarkColumn(place, text, title, comment=comment))
    return Layout(MOODLE_IMPORT, row + 1, people, tuple(marks)) if marks else None


def _takes_marks(file: CsvBytes, row: int, column: int) -> bool:
    """Whether what stands below a heading is no text: a group, a status or a participant is no mark."""
    texts = [text for one in range(row + 1, len(file)) if (text := file.value(one, column))]
    return 2 * sum(bool(re.fullmatch(r"[\d.,]+|-", text)) for text in texts) >= len(texts)


def _of_import(heading: str) -> tuple[str, str]:
    """What a column of Moodle's grade export is about, and of which kind: Real, Feedback and the like."""
    found = re.fullmatch(r"(?:\w+\s?[:：]\s*)?(.+?)\s*[(（]([^()（）]+)[)）]", heading)
    return (found[1], found[2].casefold()) if found else (heading, "")


def _is_comment(heading: str, title: str) -> bool:
    """Whether a column is for comments on what another is about: a title that only begins alike is another one's."""
    about, kind = _of_import(heading)
    if kind in _FEEDBACK:
        return about == title
    return re.sub(r"[\s:_-]*(?:feedback|反馈)[\s:_-]*", "", heading, flags=re.IGNORECASE) == title != heading


def _blackboard(file: CsvBytes, row: int) -> Layout | None:
    headings = file.row(row)
    people = _people(headings, "id", "login", "email", "name")
    comment = column_of(headings, "Feedback to Learner")
    form = column_of(headings, "Feedback Format")
    marks = []
    for place, text in enumerate(headings):
        found = re.fullmatch(r"(.+?)\s*\[[^\]]*?([\d.,]+)([^\]\d]*)\]\s*\|\s*\d+", text)
        if found:
            shows = found[3].strip()
            shows = shows if shows.casefold() in (*_OTHER_WAY, *_NO_NUMBER) else ""
            marks.append(MarkColumn(place, text, found[1], most=found[2], shows=shows))
    if not marks or not people:
        return None
    if len(marks) == 1:
        marks = [replace(marks[0], comment=comment, form=form)]
    return Layout(BLACKBOARD, row + 1, people, tuple(marks))


def _open_edx(file: CsvBytes, row: int) -> Layout | None:
    headings = file.row(row)
    if column_of(headings, "user_id") is None or column_of(headings, "course_id") is None:
        return None
    names = {text.partition("-")[2]: place for place, text in enumerate(headings) if text.startswith("name-")}
    marks = []
    for place, text in enumerate(headings):
        block = text.removeprefix("new_override-")
        if block == text:
            continue
        at = names.get(block)
        titles = {file.value(one, at) for one in range(row + 1, len(file)) if at is not None} - {""}
        marks.append(MarkColumn(place, text, titles.pop() if len(titles) == 1 else ""))
    people = _people(headings, "login", "email", "name")
    if external := column_of(headings, "student_key", "external_user_key"):
        people["id"] = (external,)
    return Layout(OPEN_EDX, row + 1, people, tuple(marks)) if marks and people else None


CANVAS = Platform(
    "Canvas",
    _canvas,
    (
        "Canvas's file has no column for comments: send them with `playbook export --format feedback-zip`.",
        "It does not say which attempt counts, nor that one was late.",
    ),
)
MOODLE_WORKSHEET = Platform(
    "Moodle's offline grading worksheet",
    _moodle_worksheet,
    (
        "Moodle takes a row only if nobody marked it after the worksheet was downloaded.",
        "A comment is short; the whole page goes by `playbook export --format feedback-zip`.",
    ),
    comment=lambda text: f"<p>{html.escape(text, quote=False)}</p>",
)
MOODLE_IMPORT = Platform(
    "Moodle's grade import",
    _moodle_import,
    (
        "The file does not say how many points there are: check that the grade item has as many as the exercise.",
        "It fills the gradebook, not the assignment: no attempt, no file, nothing about lateness.",
    ),
)
BLACKBOARD = Platform(
    "Blackboard",
    _blackboard,
    (
        "A file with several marks has no column for comments; download one column alone to send them.",
        "It does not say which attempt counts, nor that one was late.",
    ),
    comment_form="SMART_TEXT",
)
OPEN_EDX = Platform(
    "Open edX",
    _open_edx,
    (
        "The file does not say how many points there are: the override is taken as points of the subsection.",
        "It has no column for comments: send them with `playbook export --format messages`.",
    ),
)
#: Every form, the most particular first.
PLATFORMS: tuple[Platform, ...] = (OPEN_EDX, BLACKBOARD, CANVAS, MOODLE_WORKSHEET, MOODLE_IMPORT)
