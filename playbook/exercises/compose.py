"""The City Playbook: a trainee's answers, put together as one document."""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from playbook.errors import PlaybookError
from playbook.exercises.answers import own_answers
from playbook.exercises.outcomes import SETTLED, Outcome
from playbook.exercises.plain import Plain, from_plain
from playbook.lazily import named
from playbook.words import _, language_tag

#: Rows of a table that fit on a page; the rest are counted.
_ROWS = 20


@dataclass(frozen=True)
class Entry:
    """One answer as it appears: its label, its content as HTML, and whether it is settled."""

    label: str
    content: str
    settled: bool


@dataclass(frozen=True)
class Section:
    """One chapter's part: entries, a figure (PNG) if it has one, and what is still open."""

    chapter: int
    title: str
    entries: tuple[Entry, ...]
    figure: bytes | None
    open: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A City Playbook: its title, the language it is in, and its parts as HTML."""

    title: str
    language: str
    parts: tuple[str, ...]


def sections(answers: Mapping[str, Any], outline: Sequence[Mapping[str, Any]], case: Any) -> list[Section]:
    """Put answers in order of chapters.

    Args:
        answers: exercise → question → ``{"answer": plain, "outcome": …}``.
        outline: the exercises there are, as in a release's ``release.json``.
        case: the trainee's own; gives codes their names and figures their data.
    """
    names = _names(case)
    result = []
    for exercise in outline:
        own = answers.get(exercise["exercise"], {})
        flagged = [question for question in exercise["questions"] if question["playbook"]]
        entries, values = [], {}
        for question in flagged:
            given = own.get(question["id"])
            if given is None or given["outcome"] == Outcome.UNATTEMPTED:
                continue
            unit = given.get("unit", "")
            entries.append(
                Entry(question["title"], _content(given["answer"], names, unit), given["outcome"] in SETTLED)
            )
            values[question["id"]] = _value(given["answer"])
        settled = {entry.label for entry in entries if entry.settled}
        still = tuple(question["title"] for question in flagged if question["title"] not in settled)
        figure = _figure(exercise.get("figure", ""), case, values) if entries else None
        if flagged:
            result.append(Section(exercise["chapter"], exercise["section"], tuple(entries), figure, still))
    return result


def _names(case: Any) -> dict[str, str]:
    """Codes that stand in answers, with the words that belong to them."""
    names = {
        code: f"{code} {name}"
        for code, name in zip(case.sections["section"], case.sections["name"], strict=True)
    }
    accounts = case.accounts
    names |= dict(zip(accounts["account_id"], accounts["account_id"] + " " + accounts["name"], strict=True))
    return names


def _value(plain: Plain) -> Any:
    try:
        return from_plain(plain)
    except ValueError:
        return None


def _text(value: Plain, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if value is None:
        return "–"
    if isinstance(value, str):
        return html.escape(names.get(value, value))
    return html.escape(json.dumps(value, ensure_ascii=False)[:200])


def _content(plain: Plain, names: Mapping[str, str], unit: str) -> str:
    if not isinstance(plain, dict):
        return f"<p>{_text(plain, names)} {html.escape(unit)}</p>"
    tag = plain.get("t")
    if tag == "table":
        return _table(plain, names)
    if tag == "list" and plain.get("of") == "series" and not plain.get("counted"):
        data = {
            "columns": ["", plain.get("name") or _("value")],
            "data": [plain["index"], plain["v"]],
            "index": None,
        }
        return _table({**data, "rows": len(plain["v"])}, names)
    if tag in ("list", "set"):
        items = "".join(f"<li>{_text(item, names)}</li>" for item in plain["v"][:_ROWS])
        return f"<ol>{items}</ol>" if tag == "list" else f"<ul>{items}</ul>"
    if tag == "function":
        return (
            "<p>"
            + _("A rule, written as the function {name}.").format(
                name=f"<code>{html.escape(str(plain.get('name', '')))}</code>"
            )
            + "</p>"
        )
    return "<p>–</p>"


def _table(plain: Mapping[str, Any], names: Mapping[str, str]) -> str:
    columns, data = list(plain["columns"]), list(plain["data"])
    if plain.get("index"):
        columns = [name or "" for name in plain["index"]["names"]] + columns
        data = [*plain["index"]["levels"], *data]
    head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in columns)
    body = ""
    for row in list(zip(*data, strict=True))[:_ROWS]:
        cells = (
            f'<td class="number">{_text(value, names)}</td>'
            if isinstance(value, (int, float)) and not isinstance(value, bool)
            else f"<td>{_text(value, names)}</td>"
            for value in row
        )
        body += f"<tr>{''.join(cells)}</tr>"
    more = (
        "<p>" + _("and {count} more rows").format(count=plain["rows"] - _ROWS) + "</p>"
        if plain["rows"] > _ROWS
        else ""
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _figure(name: str, case: Any, values: Mapping[str, Any]) -> bytes | None:
    """A section's figure as PNG; None where the answers so far can't be drawn."""
    if not name:
        return None
    import matplotlib

    before = matplotlib.get_backend()
    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    try:
        figure = named(name)(case, dict(values))
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=144)
        return picture.getvalue()
    except (PlaybookError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
    finally:
        plt.close("all")
        matplotlib.use(before)


def compose(trainee: str, case: Any, parts: Iterable[Section], date: str) -> Document:
    """The City Playbook.

    Args:
        trainee: name on the title page.
        date: as shown, or empty.
    """
    parts = list(parts)
    title = _("City Playbook: {city} ({city_zh})").format(city=case.city, city_zh=case.city_zh)
    by = " · ".join(html.escape(text) for text in (trainee, date) if text)
    outputs = [f'<header><h1>{html.escape(title)}</h1><p class="by">{by}</p></header>']
    for part in parts:
        if part.entries:
            outputs.append(_section(part))
    still = [
        "<li>"
        + html.escape(
            _("Chapter {chapter}, {title}: {open}").format(
                chapter=p.chapter, title=p.title, open=", ".join(p.open)
            )
        )
        + "</li>"
        for p in parts
        if p.open
    ]
    if still:
        heading = _("Still open")
        outputs.append(f'<section class="open"><h2>{heading}</h2><ul>{"".join(still)}</ul></section>')
    return Document(title, language_tag(), tuple(outputs))


def _section(part: Section) -> str:
    draft = " <span class=draft>" + _("draft: not right yet") + "</span>"
    entries = "".join(
        f'<div class="entry"><h3>{html.escape(entry.label)}'
        f"{'' if entry.settled else draft}</h3>{entry.content}</div>"
        for entry in part.entries
    )
    figure = ""
    if part.figure:
        data = base64.b64encode(part.figure).decode()
        alt = html.escape(_("{section}, drawn from the answers below").format(section=part.title))
        figure = f'<figure><img alt="{alt}" src="data:image/png;base64,{data}"></figure>'
    return f"<section><h2>{part.chapter} · {html.escape(part.title)}</h2>{figure}{entries}</section>"


def page(document: Document) -> str:
    """The document as one HTML page that needs no other file.

    It is made in a browser tab as on a desktop, from the same frame and without a library: a tab would have to
    fetch one, and all parts are HTML already.
    """
    frame = Path(__file__).with_name("city_playbook.html").read_text(encoding="utf-8")
    title = html.escape(document.title)
    return Template(frame).substitute(language=document.language, title=title, body="\n".join(document.parts))


def graded_answers(folder: Path, own: Any = None) -> tuple[Any, dict[str, Any]]:
    """The case and the answers in a trainee's folder of graded results.

    Args:
        own: the case that the roster gives the trainee, if it is none that ships.

    Raises:
        PlaybookError: there are none.
    """
    from playbook.cases import load_case

    answers: dict[str, Any] = {}
    case = ""
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("status") == "graded":
            case = data["case"]
            answers[data["exercise"]] = {
                one["question"]: {
                    "answer": one["answer"],
                    "outcome": one["outcome"],
                    "unit": one.get("unit", ""),
                }
                for one in data["questions"]
                if one["playbook"]
            }
    if not case:
        raise PlaybookError(
            "no graded results",
            where=str(folder),
            remedy="grade the trainee's hand-ins first: playbook grade",
        )
    return own or load_case(case), answers


def write_own_document(record: Path, outline: Sequence[Mapping[str, Any]], path: Path) -> str:
    """Write the City Playbook from the answers a trainee's checks noted beside the notebook.

    It is the open person's and city's; where no city is open yet, the one answered for last.

    Raises:
        PlaybookError: nothing has been noted yet.
    """
    from playbook.cases import load_case
    from playbook.cases.draw import current_trainee

    trainee = current_trainee()
    noted = own_answers(record, trainee, load_case().name if trainee else "")
    if noted is None:
        raise PlaybookError(
            _("no answers for the City Playbook yet"),
            where=str(record),
            remedy=_("check a question that belongs to it first"),
        )
    case = load_case(noted["case"])
    answers = {
        exercise: {name: {**one, "unit": one["question"].get("unit", "")} for name, one in questions.items()}
        for exercise, questions in noted["answers"].items()
    }
    document = compose(str(noted.get("trainee", "")), case, sections(answers, outline, case), "")
    path.write_text(page(document), encoding="utf-8")
    return str(path)
