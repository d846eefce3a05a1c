"""The City Playbook as one HTML page: two pages to read when it is printed, and then a section per chapter."""

from __future__ import annotations

import base64
import datetime
import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from playbook.chapters.summing import Table, sentences
from playbook.errors import PlaybookError
from playbook.exercises.answers import own_answers
from playbook.exercises.compose import Note, Playbook, Section, compose, sections
from playbook.words import _, language_tag

#: Lines of the recommendation: more are not read.
MOST_LINES = 5
#: Letters of a note on the first two pages, a Chinese one counted twice; its section has the whole of it.
_LETTERS = 150


def page(playbook: Playbook) -> str:
    """The document as one HTML page that needs no other file.

    It is made in a browser tab as on a desktop, from the same frame and without a library: a tab would have to
    fetch one.
    """
    frame = Path(__file__).with_name("city_playbook.html").read_text(encoding="utf-8")
    begun = [section for section in playbook.sections if section.begun]
    told = sorted((s for s in begun if s.recommends), key=_weight, reverse=True)[:MOST_LINES]
    parts = [
        f'<div class="sheet">{_heading(playbook)}{_recommendation(told)}{_asks(begun)}</div>',
        f'<div class="sheet">{_against(told)}{_changes(told)}{_milestones(told, playbook.day)}'
        f"{_still_open(playbook.sections)}</div>",
        *map(_section, begun),
    ]
    return Template(frame).substitute(
        language=language_tag(), title=escape(playbook.title), body="\n".join(parts)
    )


def _weight(section: Section) -> int:
    return section.summary.weight if section.summary else 0


def _heading(playbook: Playbook) -> str:
    kind = _("City Playbook")
    by = " · ".join(escape(text) for text in (playbook.trainee, playbook.day.isoformat()) if text)
    done = sum(section.finished for section in playbook.sections)
    total = len(playbook.sections)
    state = (
        _("Complete: all {total} sections.").format(total=total)
        if total and done == total
        else _(
            "Draft: {done} of {total} sections are complete. What is still open stands on the second page."
        ).format(done=done, total=total)
    )
    return (
        f'<header><p class="kind">{kind}</p>'
        f'<h1>{escape(playbook.city)} <span lang="zh">{escape(playbook.city_zh)}</span></h1>'
        f'<p class="by">{by}</p><p class="state">{escape(state)}</p></header>'
    )


def _draft() -> str:
    return _marked(_("draft: not right yet"))


def _marked(said: str) -> str:
    return f' <span class="draft">{escape(said)}</span>'


def _own_words(note: Note, clipped: bool = False) -> str:
    text = _clip(note.text) if clipped else note.text
    unfinished = "" if note.settled else _marked(_("draft: not complete yet"))
    return f'<span class="own">{escape(text)}</span>{unfinished}'


def _clip(text: str) -> str:
    """The text as far as it fits, to its last whole word; Chinese, which has no spaces, to its last character."""
    widths = itertools.accumulate(2 if unicodedata.east_asian_width(letter) in "FW" else 1 for letter in text)
    fits = sum(width <= _LETTERS for width in widths)
    if fits == len(text):
        return text
    kept, space, _rest = text[: fits + 1].rpartition(" ")
    return (kept if space and len(kept) > fits // 2 else text[:fits]) + " …"


def _unwritten() -> str:
    said = _("The sentence is still to be written.")
    return f'<span class="gap">{escape(said)}</span>'


def _recommendation(told: Sequence[Section]) -> str:
    heading = _heading_of(_("The recommendation"))
    if not told:
        nothing = _(
            "Nothing is decided yet. A line stands here for each chapter whose decision is answered, at most {most}."
        ).format(most=MOST_LINES)
        return f"{heading}<p>{escape(nothing)}</p>"
    lines = []
    for section in told:
        summary = section.summary
        lead = summary.lead if summary and summary.lead else section.title
        draft = _draft() if summary and section.is_draft(summary.rests_on) else ""
        own = _own_words(section.decision, clipped=True) if section.decision else _unwritten()
        numbers = (
            f'<span class="figures">{escape(summary.numbers)}</span>' if summary and summary.numbers else ""
        )
        lines.append(f"<li><strong>{escape(lead)}.</strong>{draft} {own} {numbers}</li>")
    return f'{heading}<ol class="lines">{"".join(lines)}</ol>'


def _asks(begun: Sequence[Section]) -> str:
    """What every chapter asks for, also one whose recommendation is not among the first."""
    rows = [
        (section.title, section.summary.ask, section.is_draft(section.summary.rests_on))
        for section in begun
        if section.recommends and section.summary and section.summary.ask
    ]
    if not rows:
        return ""
    table = Table(
        "",
        (_("For"), _("People"), _("Time"), _("What it costs or brings")),
        tuple((title, ask.people, ask.time, ask.money) for title, ask, _is_draft in rows),
    )
    drafts = [is_draft for _title, _ask, is_draft in rows]
    return _heading_of(_("The ask")) + _table(table, drafts)


def _heading_of(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _listed(heading: str, rows: Iterable[tuple[str, str]]) -> str:
    items = "".join(f"<li><strong>{escape(title)}.</strong> {text}</li>" for title, text in rows if text)
    return f'{_heading_of(heading)}<ul class="told">{items}</ul>' if items else ""


def _against(told: Sequence[Section]) -> str:
    """The trainee's own doubts; where there are none, what the figures say. The sections have both."""

    def text(section: Section) -> str:
        if section.against:
            return _own_words(section.against, clipped=True)
        return escape(section.summary.against) if section.summary else ""

    return _listed(_("What speaks against it"), ((section.title, text(section)) for section in told))


def _changes(told: Sequence[Section]) -> str:
    rows = ((s.title, escape(s.summary.change)) for s in told if s.summary)
    return _listed(_("What would change it"), rows)


def _milestones(told: Sequence[Section], day: datetime.date) -> str:
    found = sorted(
        ((milestone.week, milestone.what) for s in told if s.summary for milestone in s.summary.milestones),
        key=lambda one: one[0],
    )
    if not found:
        return ""
    table = Table(
        "",
        (_("By"), _("What can be seen")),
        tuple(
            (
                _("{day} (week {week})").format(
                    day=(day + datetime.timedelta(weeks=week)).isoformat(), week=week
                ),
                what,
            )
            for week, what in found
        ),
        note=_("The dates are a proposal, counted from the date of this document."),
    )
    return _heading_of(_("Milestones")) + f'<div class="days">{_table(table)}</div>'


def _still_open(parts: Sequence[Section]) -> str:
    rows = [(_named(part), escape(_unfinished(part))) for part in parts if part.begun and _unfinished(part)]
    if waiting := "; ".join(_named(part) for part in parts if not part.begun):
        rows.append((_("Not begun yet"), escape(waiting)))
    listed = _listed(_("Still open"), rows)
    return f'<div class="open">{listed}</div>' if rows else ""


def _named(part: Section) -> str:
    return _("{chapter} · {title}").format(chapter=part.chapter, title=part.title)


def _unfinished(part: Section) -> str:
    """What is missing in a section, and what is a draft, in words."""
    missing = _("No answer yet: {titles}.").format(titles="; ".join(part.open)) if part.open else ""
    wrong = "; ".join(part.answered[name] for name in part.drafts)
    drafts = _("Draft, not right yet: {titles}.").format(titles=wrong) if wrong else ""
    notes = any(note and not note.settled for note in (part.decision, part.against))
    return sentences(missing, drafts, _("A sentence is not complete yet.") if notes else "")


def _section(part: Section) -> str:
    summary = part.summary
    pieces = [f"<h2>{escape(_named(part))}</h2>"]
    if part.question:
        pieces.append(f'<p class="question">{escape(part.question)}</p>')
    pieces.append(f"<blockquote>{_own_words(part.decision) if part.decision else _unwritten()}</blockquote>")
    if summary and summary.numbers:
        draft = _draft() if part.is_draft(summary.rests_on) else ""
        pieces.append(f"<p>{escape(summary.numbers)}{draft}</p>")
    if part.picture:
        pieces.append(_figure(part))
    for table in summary.tables if summary else part.entries:
        pieces.append(_captioned(table, part.is_draft(table.rests_on)))
    against = sentences(
        _own_words(part.against) if part.against else "", escape(summary.against) if summary else ""
    )
    if against:
        said = escape(_("Against it:"))
        pieces.append(f"<p><strong>{said}</strong> {against}</p>")
    if said := _unfinished(part):
        pieces.append(f'<p class="gap">{escape(said)}</p>')
    if summary and summary.source:
        source = escape(_("Source: {source}").format(source=summary.source))
        pieces.append(f'<p class="source">{source}</p>')
    return f"<section>{''.join(pieces)}</section>"


def _figure(part: Section) -> str:
    data = base64.b64encode(part.picture.png).decode() if part.picture else ""
    alt = (part.picture.alt if part.picture else "") or _("{section}, drawn from the answers below").format(
        section=part.title
    )
    return f'<figure><img alt="{escape(alt)}" src="data:image/png;base64,{data}"></figure>'


def _captioned(table: Table, draft: bool) -> str:
    heading = f"<h3>{escape(table.caption)}{_draft() if draft else ''}</h3>"
    return f'<div class="entry">{heading}{_table(table)}</div>'


def _table(table: Table, drafts: Sequence[bool] = ()) -> str:
    """The table; without headings a paragraph, or a list. A row that is a draft says so in its first cell."""
    note = "".join(f'<p class="note">{escape(line)}</p>' for line in table.note.splitlines())
    if not table.columns:
        items = [escape(cell) for row in table.rows for cell in row]
        listed = f"<ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>"
        return (f"<p>{items[0]}</p>" if len(items) == 1 else listed) + note
    head = "".join(
        f'<th scope="col"{_is_number(table, place)}>{escape(name)}</th>'
        for place, name in enumerate(table.columns)
    )
    body = ""
    for at, row in enumerate(table.rows):
        cells = ""
        for place, (name, cell) in enumerate(zip(table.columns, row, strict=True)):
            text = _cell(cell) + (_draft() if not place and at < len(drafts) and drafts[at] else "")
            if place:
                empty = "" if cell else ' data-empty=""'
                cells += f'<td data-label="{escape(name)}"{_is_number(table, place)}{empty}>{text}</td>'
            else:
                cells += f'<th scope="row">{text}</th>'
        body += f"<tr>{cells}</tr>"
    wide = ' class="wide"' if len(table.columns) > 3 else ""
    return f"<table{wide}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def _cell(text: str) -> str:
    """A cell; what stands in a second line of it is said less loudly."""
    first, *more = text.splitlines() or [""]
    return "<br>".join((escape(first), *(f'<span class="second">{escape(line)}</span>' for line in more)))


def _is_number(table: Table, place: int) -> str:
    return ' class="number"' if place in table.numbers else ""


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
    if noted is None or not any("answer" in one for own in noted["answers"].values() for one in own.values()):
        raise PlaybookError(
            _("no answers for the City Playbook yet"),
            where=str(record),
            remedy=_("check a question that belongs to it first"),
        )
    case = load_case(noted["case"])
    answers = {
        exercise: {
            name: {**one, "unit": one.get("question", {}).get("unit", "")} for name, one in questions.items()
        }
        for exercise, questions in noted["answers"].items()
    }
    document = compose(str(noted.get("trainee", "")), case, sections(answers, outline, case))
    path.write_text(page(document), encoding="utf-8")
    return str(path)
