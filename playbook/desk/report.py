"""The cohort's report: one page for the instructor, with its figures inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from playbook.desk.analysis import DONE_SHARE, STUCK_ATTEMPTS, Analysis, Item
from playbook.desk.pages import render
from playbook.gradebook.standing import shown_time

#: Rows of a table on the page; `--json` has all.
_PEOPLE, _WRONG = 150, 40


def report_page(analysis: Analysis, title: str = "The cohort") -> str:
    """The report as one HTML page that needs no other file."""
    return render(
        "report.html.j2",
        title=title,
        a=analysis,
        done_share=DONE_SHARE,
        stuck_attempts=STUCK_ATTEMPTS,
        figures=_figures(analysis),
        wrong=commonest_wrong(analysis.items)[:_WRONG],
        people=_PEOPLE,
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


def commonest_wrong(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Wrong answers by the hint they earned, the commonest first; those without a hint are counted too."""
    rows = []
    for item in items:
        for hint, count in [*item.hints.items(), ("", item.unexplained)]:
            if count:
                rows.append({"item": item, "hint": hint, "count": count, "share": count / item.answered})
    return sorted(rows, key=lambda row: (-row["count"], row["item"].exercise, row["item"].question))


def report_data(analysis: Analysis) -> Mapping[str, Any]:
    """The report as JSON-able data."""
    data = asdict(analysis)
    for item, plain in zip(analysis.items, data["items"], strict=True):
        plain["remark"] = item.remark
    return {"schema": 1, **data, "last": shown_time(analysis.last)}
