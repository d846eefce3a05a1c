"""The cohort's report: the Monday sheet on its first page, then who stands where, questions, time and attempts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from playbook.desk.analysis import Analysis
from playbook.desk.did import Trouble
from playbook.desk.monday import Monday
from playbook.desk.pages import render
from playbook.desk.visits import DONE_SHARE, FALL, KINDS, STUCK_ATTEMPTS
from playbook.gradebook.standing import shown_time

#: Rows of a table on the page; `--json` has all.
_PEOPLE, _WRONG = 150, 40
#: People and pairs on the first page: as many as one morning has room for.
_FIRST, _PAIRS = 7, 4


def report_page(analysis: Analysis, sheet: Monday, title: str = "The cohort") -> str:
    """The report as one HTML page that needs no other file."""
    return render(
        "report.html.j2",
        title=title,
        a=analysis,
        sheet=sheet,
        done_share=DONE_SHARE,
        stuck_attempts=STUCK_ATTEMPTS,
        fall=FALL,
        kinds=KINDS,
        figures=_figures(analysis),
        wrong=commonest_wrong(analysis.troubles)[:_WRONG],
        people=_PEOPLE,
        first=_FIRST,
        most_pairs=_PAIRS,
    )


def _figures(analysis: Analysis) -> dict[str, str]:
    from playbook.desk import report_figures as draw
    from playbook.figures.style import to_img

    figures = {"completion": draw.completion_figure(analysis.chapters)}
    if analysis.graded:
        figures |= {
            "distribution": draw.distribution_figure(analysis),
            "spread": draw.spread_figure(analysis.chapters),
            "items": draw.items_figure(analysis.items),
        }
    return {name: to_img(figure, dpi=110) for name, figure in figures.items()}


def commonest_wrong(found: Iterable[Trouble]) -> list[dict[str, Any]]:
    """Wrong answers grouped by what people did, the commonest first; what follows from an earlier miss is left out."""
    rows = [{"trouble": one, "way": way} for one in found for way in one.ways]
    return sorted(
        rows,
        key=lambda row: (-row["way"].people, row["trouble"].exercise, row["trouble"].place, row["way"].did),
    )


def report_data(analysis: Analysis, sheet: Monday) -> Mapping[str, Any]:
    """The report as JSON-able data."""
    data = asdict(analysis)
    for item, plain in zip(analysis.items, data["items"], strict=True):
        plain["remark"] = item.remark
    for trouble, plain in zip(analysis.troubles, data["troubles"], strict=True):
        plain |= {"wrong": trouble.wrong, "share": trouble.share}
    return {"schema": 2, "monday": sheet.as_dict(), **data, "last": shown_time(analysis.last)}
