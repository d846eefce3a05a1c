"""Feedback pages in a zip, named as Moodle or Canvas takes them back: by what stands in the hand-ins' own names.

Moodle reads the number between the first two underscores and what kind of file follows; Canvas the two numbers
behind the name.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from playbook.cases.roster import name_forms
from playbook.desk.exports.cohort import Cohort
from playbook.desk.feedback import page_of
from playbook.errors import PlaybookError
from playbook.gradebook.standing import Standing
from playbook.progress import Progress, no_progress

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_\w+")
#: A day in a file's name, as in `entry_2026_11_02.ipynb`, is no pair of numbers.
_CANVAS = re.compile(
    r"(?P<name>[^\W_]+)(?P<late>_LATE)?_(?!20\d\d_(?:0[1-9]|1[0-2])(?:[0-3]\d)?_)"
    r"(?P<user>\d{2,})_(?P<attachment>\d{2,})_.+"
)
#: Trainee, platform, and beginning of the name under which it takes a file back.
_Key = tuple[str, str, str]
#: People that an error names.
_SHOWN = 10
#: The time of every file in the zip: the same marks give the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class FeedbackZip:
    """A zip of pages.

    Attributes:
        platform: which takes it back. pages: how many it holds.
        left: whose hand-ins came another way. cannot: what it does not carry.
    """

    platform: str
    pages: int
    left: tuple[str, ...]
    content: bytes

    @property
    def cannot(self) -> tuple[str, ...]:
        """What the form does not carry, in sentences."""
        return (
            "The zip carries pages and no marks: fill the platform's own file with `playbook export --into`.",
            f"{self.platform} takes it in the assignment that the hand-ins were downloaded from, and no other.",
        )


def feedback_zip(
    cohort: Cohort, exercises: Sequence[str], partial: bool = False, progress: Progress = no_progress
) -> FeedbackZip:
    """A page for each trainee whose hand-in was downloaded from Moodle or Canvas.

    Args:
        exercises: ids of those that the pages are about.
        partial: leave those whose hand-ins came another way.

    Raises:
        PlaybookError: nobody's came so, somebody's did not or lies under another's name, or they came from two
            platforms or assignments.
    """
    groups: dict[_Key, list[Standing]] = {}
    left: list[str] = []
    for one in cohort.chosen:
        if exercises and one.exercise not in exercises:
            continue
        name = back_name(one.source)
        if name is None:
            left.append(one.trainee)
        else:
            groups.setdefault((one.trainee, *name), []).append(one)
    strangers = _under_another(groups, cohort)
    _check(groups, left, partial, strangers)
    for key in strangers:
        left.append(key[0])
        del groups[key]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, ((trainee, _platform, prefix), chosen) in enumerate(sorted(groups.items()), 1):
            enrolled = cohort.roster.find(trainee)
            page = page_of(cohort.gradebook, enrolled.name if enrolled and enrolled.name else trainee, chosen)
            archive.writestr(zipfile.ZipInfo(f"{prefix}feedback.html", _TIME), page, zipfile.ZIP_DEFLATED)
            progress("writing pages", done, len(groups))
    platform = next(iter(groups))[1]
    return FeedbackZip(platform, len(groups), tuple(dict.fromkeys(left)), content.getvalue())


def back_name(source: str) -> tuple[str, str] | None:
    """Platform and beginning of the name under which it takes a file back; None for a hand-in of another way."""
    for part in source.split("/"):
        if found := _MOODLE.match(part):
            name = found["name"].replace("_", " ")
            return "Moodle", f"{name}_{found['number']}_assignfeedback_file_"
        if found := _CANVAS.fullmatch(part):
            late = found["late"] or ""
            return "Canvas", f"{found['name']}{late}_{found['user']}_{found['attachment']}_"
    return None


def _under_another(groups: Iterable[_Key], cohort: Cohort) -> list[_Key]:
    """Those whose page the platform would give to somebody else: it goes by the name alone, not by whose it is."""
    trainees: dict[str, set[str]] = {}
    for trainee, _platform, prefix in groups:
        trainees.setdefault(prefix, set()).add(trainee)
    found = []
    for key in groups:
        name = key[2].partition("_")[0]
        named = {one.filed for one in cohort.roster.named(name)}
        own = cohort.roster.find(key[0])
        called = own is not None and not name_forms(name).isdisjoint(name_forms(own.name))
        if len(trainees[key[2]]) > 1 or (named and key[0] not in named and not called):
            found.append(key)
    return found


def _check(
    groups: Mapping[_Key, object], left: Sequence[str], partial: bool, strangers: Sequence[_Key]
) -> None:
    only = "say which exercise with --exercise"
    if not groups:
        raise PlaybookError(
            "none of these hand-ins was downloaded from Moodle or Canvas",
            remedy="grade the platform's download as it is: the names in it say where feedback goes",
        )
    platforms = sorted({platform for _trainee, platform, _prefix in groups})
    if len(platforms) > 1:
        raise PlaybookError(f"the hand-ins come from {' and '.join(platforms)}", remedy=only)
    trainees = [trainee for trainee, _platform, _prefix in groups]
    twice = sorted({one for one in trainees if trainees.count(one) > 1})
    if twice:
        raise PlaybookError(
            f"there are hand-ins of more than one assignment: {_few(twice)}",
            remedy=f"{only}: each assignment has numbers of its own",
        )
    if strangers and (not partial or len(strangers) == len(groups)):
        under = [
            f"{trainee} ({prefix.partition('_')[0]})" for trainee, _platform, prefix in sorted(strangers)
        ]
        raise PlaybookError(
            f"these hand-ins lie under a name that is another's or two people's, and {platforms[0]} would give the "
            f"page to whom the name belongs: {_few(under)}",
            remedy="send their pages another way, and the others with --partial",
        )
    if left and not partial:
        raise PlaybookError(
            f"these hand-ins were not downloaded from {platforms[0]}: {_few(sorted(set(left)))}",
            remedy="send their pages another way, and the others with --partial",
        )


def _few(who: Sequence[str]) -> str:
    more = f" and {len(who) - _SHOWN} more" if len(who) > _SHOWN else ""
    return ", ".join(who[:_SHOWN]) + more
