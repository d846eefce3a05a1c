"""The cohort's report: the Monday sheet on its first page, then who stands where, questions, time and attempts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from playbook.desk.analysis import Analysis
from playbook.desk.did import Trouble
from playbook.desk.lessons import LESSONS
from playbook.desk.monday import Monday
from playbook.desk.pages import parts_of
from playbook.desk.visits import DONE_SHARE, FALL, KINDS, STUCK_ATTEMPTS
from playbook.gradebook.standing import shown_time

#: Rows of a table on the page; `--json` has all.
_PEOPLE, _WRONG = 150, 40
#: People, pairs, questions left open and people who left, on the first page: as many as one morning has room for.
_FIRST, _PAIRS, _OPEN, _LEFT = 7, 4, 3, 5


def report_page(analysis: Analysis, sheet: Monday, title: str = "The cohort") -> Iterator[str]:
    """The report as one HTML page that needs no other file, part by part."""
    first_kinds = Counter(one.whys[0].kind for one in sheet.visits)
    return parts_of(
        "report.html.j2",
        title=title,
        a=analysis,
        sheet=sheet,
        done_share=DONE_SHARE,
        stuck_attempts=STUCK_ATTEMPTS,
        fall=FALL,
        kinds={kind: first_kinds[kind] for kind in KINDS if first_kinds[kind]},
        figures=_figures(analysis),
        wrong=commonest_wrong(analysis.troubles)[:_WRONG],
        people=_PEOPLE,
        first=_FIRST,
        most_pairs=_PAIRS,
        most_open=_OPEN,
        most_left=_LEFT,
        most_lessons=LESSONS,
    )


def _figures(analysis: Analysis) -> dict[str, str]:
    from playbook.desk import report_figures as draw
    from playbook.figures.style import to_img

    figures = {"completion": draw.completion_figure(analysis.chapters)}
    if analysis.graded:
        figures |= {
            "distribution": draw.distribution_figure(analysis),
            "spread": draw.spread_figure(analysis.chapters),
        }
    if any(one.discrimination is not None for one in analysis.items):  # else there is no point to draw
        figures["items"] = draw.items_figure(analysis)
    return {name: to_img(figure, dpi=110) for name, figure in figures.items()}


def commonest_wrong(found: Iterable[Trouble]) -> list[dict[str, Any]]:
    """Wrong answers grouped by what people did, the commonest first; what follows from an earlier miss is left out."""
    rows = [{"trouble": one, "way": way} for one in found for way in one.ways]
    return sorted(
        rows,
        key=lambda row: (-row["way"].people, row["trouble"].exercise, row["trouble"].place, row["way"].did),
    )


def report_json(analysis: Analysis, sheet: Monday) -> Iterator[str]:
    """The report as JSON, part by part: its lists are long."""
    return _in_parts(
        {
            "schema": 2,
            "monday": {
                "lessons": (
                    asdict(one) | {"share": one.trouble.share, "others": one.others} for one in sheet.lessons
                ),
                "left_open": map(asdict, sheet.left_open),
                "visits": map(asdict, sheet.visits),
                "pairs": map(asdict, sheet.pairs),
                "changes": asdict(sheet.changes) | {"since": shown_time(sheet.changes.since)},
                "exercises": sheet.exercises,
                "groups": (
                    {
                        "region": group.region,
                        "team": group.team,
                        "rows": map(asdict, group.rows),
                        "called": group.called,
                    }
                    for group in sheet.groups
                ),
                "left": sheet.left,
            },
            "trainees": analysis.trainees,
            "chapters": map(asdict, analysis.chapters),
            "items": (asdict(one) | {"remark": one.remark} for one in analysis.items),
            "shares": analysis.shares,
            "troubles": (asdict(one) | {"wrong": one.wrong, "share": one.share} for one in analysis.troubles),
            "visits": map(asdict, analysis.visits),
            "paces": map(asdict, analysis.paces),
            "hand_ins": analysis.hand_ins,
            "graded": analysis.graded,
            "not_graded": analysis.not_graded,
            "late": analysis.late,
            "last": shown_time(analysis.last),
            "idle_days": analysis.idle_days,
            "reasons": analysis.reasons,
        }
    )


def _in_parts(data: Any) -> Iterator[str]:
    """The text that `json.dumps` gives; what an iterator gives is a list, whose elements are made one by one."""
    if isinstance(data, Iterator):
        yield "["
        for place, one in enumerate(data):
            yield ", " * bool(place)
            yield from _in_parts(one)
        yield "]"
    elif isinstance(data, Mapping) and any(isinstance(one, Iterator | Mapping) for one in data.values()):
        yield "{"
        for place, (name, one) in enumerate(data.items()):
            yield f"{', ' * bool(place)}{json.dumps(name, ensure_ascii=False)}: "
            yield from _in_parts(one)
        yield "}"
    else:
        yield json.dumps(data, ensure_ascii=False)
