"""What is written: a page for each person, a table of the cohort, sheets for assessors and the table of their marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from playbook.certifying.certificate import Certificate, Cohort
from playbook.certifying.gates import Gate
from playbook.certifying.ladder import said
from playbook.certifying.marks import ASSESSORS, COLUMNS, LEAST, RUBRIC, blank_rows
from playbook.certifying.reviews import DIMENSIONS
from playbook.desk.exports.csv_text import write_csv
from playbook.desk.pages import render
from playbook.errors import PlaybookError
from playbook.places import write_whole
from playbook.words import _, ngettext

#: Columns of the cohort's table.
COHORT_COLUMNS = (
    *("person", "name", "city", "level", "results", "process", "team", "strategy"),
    *("refused", "outstanding", "missing"),
)
#: Findings that a certificate shows; the rest is counted. It is to fit on two pages of A4.
_SHOWN = 8


def certificate_page(one: Certificate, day: str) -> str:
    """A person's certificate as one HTML page that needs no other file.

    Args:
        day: its date, as it is read.
    """
    findings = one.checked.findings if one.checked else ()
    return render(
        "certificate.html.j2",
        c=one,
        day=day,
        findings=findings[:_SHOWN],
        more=max(len(findings) - _SHOWN, 0),
        waiting=_waiting(one),
        reviews=_reviews(one),
    )


def _waiting(one: Certificate) -> list[str]:
    """Rules that wait for an answer, a line for each chapter."""
    by_chapter: dict[int, list[int]] = {}
    for waiting in one.checked.waiting if one.checked else ():
        if waiting.question:
            by_chapter.setdefault(waiting.chapter, []).append(waiting.rule)
    return [
        ngettext(
            "Rule {rules} waits for an answer of chapter {chapter}.",
            "Rules {rules} wait for answers of chapter {chapter}.",
            len(rules),
        ).format(rules=", ".join(map(str, rules)), chapter=chapter)
        for chapter, rules in sorted(by_chapter.items())
    ]


def _reviews(one: Certificate) -> list[dict[str, str]]:
    if one.reviews is None:
        return []
    return [
        {
            "name": said(name),
            "mean": f"{one.reviews.mean[name]:.0f}",
            "spread": f"{one.reviews.low[name]:g}–{one.reviews.high[name]:g}",
        }
        for name in DIMENSIONS
    ]


def cohort_page(cohort: Cohort, day: str) -> str:
    """The table of everybody as one HTML page."""
    return render(
        "cohort.html.j2", cohort=cohort, day=day, page_of=page_of, gates=[one.title for one in _gates(cohort)]
    )


def _gates(cohort: Cohort) -> Sequence[Gate]:
    return cohort.certificates[0].gates if cohort.certificates else ()


def cohort_rows(cohort: Cohort) -> Iterator[dict[str, Any]]:
    """A row for each person: level, gates, what is missing."""
    for one in cohort.certificates:
        yield {
            "person": one.person,
            "name": one.name,
            "city": one.city,
            "level": one.place.level.name,
            **{gate.name: str(gate.status) for gate in one.gates},
            "refused": one.place.refused,
            "outstanding": one.place.outstanding,
            "missing": "; ".join(one.place.missing),
        }


def sheet_page(one: Certificate, day: str) -> str:
    """An assessors' sheet: three questions, the rubric, and room for three marks."""
    return render(
        "sheet.html.j2",
        c=one,
        day=day,
        rubric=[_(words) for words in RUBRIC.values()],
        assessors=range(1, ASSESSORS + 1),
        least=LEAST,
    )


def page_of(person: str) -> str:
    """The name of somebody's page; it is nobody else's and not the cohort's."""
    return f"{person}-page.html" if re.fullmatch("cohort(-page)*", person.casefold()) else f"{person}.html"


def write_certificates(cohort: Cohort, out: Path, day: str, whole: bool = True) -> list[Path]:
    """Write a page for everybody, named by :func:`page_of`, and ``cohort.html`` and ``cohort.csv`` beside them.

    Args:
        whole: these are all; otherwise the tables of the cohort are left as they are.

    Raises:
        PlaybookError: the folder can't be written.
    """
    pages = {page_of(one.person): [certificate_page(one, day)] for one in cohort.certificates}
    if whole:
        pages["cohort.html"] = [cohort_page(cohort, day)]
        pages["cohort.csv"] = ["\ufeff", *write_csv(COHORT_COLUMNS, cohort_rows(cohort))]
    return _write(out, pages)


def write_sheets(cohort: Cohort, out: Path, day: str) -> list[Path]:
    """Write ``<person>-sheet.html`` for everybody, and ``marks.csv`` to fill in, unless it is there.

    Raises:
        PlaybookError: the folder can't be written.
    """
    pages: dict[str, Iterable[str]] = {
        f"{one.person}-sheet.html": [sheet_page(one, day)] for one in cohort.certificates
    }
    if not (out / "marks.csv").exists():
        people = ((one.person, one.name) for one in cohort.certificates)
        pages["marks.csv"] = ["\ufeff", *write_csv(COLUMNS, blank_rows(people))]
    return _write(out, pages)


def _write(out: Path, pages: dict[str, Any]) -> list[Path]:
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, parts in pages.items():
            write_whole(out / name, parts)
            written.append(out / name)
    except OSError as error:
        raise PlaybookError(
            _("the pages can't be written: {reason}").format(reason=error.strerror),
            where=str(out),
            remedy=_("check the disk and the folder"),
        ) from None
    return written
