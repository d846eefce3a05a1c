"""The company's own reviews: four numbers by person, quarter and rater. Shown as mean and spread, never graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playbook.cases.roster import Roster
from playbook.certifying.tables import matches, once, read_checked
from playbook.names import normalise
from playbook.words import _

#: The four numbers of a review, 0 to 100.
DIMENSIONS = ("results", "process", "team", "strategy")
_ALSO = {
    "person": ("trainee", "id", "name", "姓名", "工号"),
    "quarter": ("季度",),
    "rater": ("reviewer", "评审人"),
    "results": ("业绩",),
    "process": ("流程",),
    "team": ("团队",),
    "strategy": ("策略",),
}


@dataclass(frozen=True)
class Reviewed:
    """One person's reviews.

    Attributes:
        quarters: those with a review, in order, such as ``2026-Q2``.
        raters: how many people rated.
        mean: by number, over the raters of the last two quarters. low, high: their least and most.
    """

    quarters: tuple[str, ...]
    raters: int
    mean: Mapping[str, float]
    low: Mapping[str, float]
    high: Mapping[str, float]


def read_reviews(path: Path, roster: Roster) -> dict[str, Reviewed]:
    """Reviews by what a person's results are filed under.

    Args:
        path: ``person, quarter, rater, results, process, team, strategy``.
        roster: finds people by id or name; somebody who is not on it goes by what stands there.

    Raises:
        PlaybookError: names every cell and line that can't be used, once, with its remedy.
    """
    import pandera.pandas as pa

    score = pa.Column(
        str, matches(r"\d{1,2}(?:\.\d+)?|100(?:\.0+)?", _("write a number from 0 to 100")), required=True
    )
    someone = matches(r".*\S.*", _("say who"))
    schema = pa.DataFrameSchema(
        {
            "person": pa.Column(str, someone),
            "quarter": pa.Column(str, matches(r"20\d\d-?Q[1-4]", _("write the quarter as 2026-Q3"))),
            "rater": pa.Column(str, someone),
            **dict.fromkeys(DIMENSIONS, score),
        },
        checks=once(
            {"person": roster.id_of, "quarter": lambda text: text.replace("-", ""), "rater": normalise},
            _("this rater has rated this person in this quarter already: keep one line"),
        ),
    )
    frame = read_checked(
        path, schema, _ALSO, what=_("table of reviews"), ask=_("check the path in --reviews")
    )
    frame["person"] = frame["person"].map(roster.id_of)
    frame["quarter"] = frame["quarter"].str.replace(r"-?Q", "-Q", regex=True)
    numbers = frame.astype(dict.fromkeys(DIMENSIONS, float))
    found = {}
    for person, rows in numbers.groupby("person"):
        quarters = sorted(rows["quarter"].unique())
        last = rows[rows["quarter"].isin(quarters[-2:])][list(DIMENSIONS)]
        found[str(person)] = Reviewed(
            tuple(quarters),
            int(rows["rater"].map(normalise).nunique()),
            last.mean().to_dict(),
            last.min().to_dict(),
            last.max().to_dict(),
        )
    return found
