"""One message for each trainee as plain text, to be sent in a chat."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.cases.roster import Roster
from playbook.desk.exports.cohort import Cohort
from playbook.desk.exports.comments import comment
from playbook.gradebook.standing import results_of
from playbook.words import _


def messages(cohort: Cohort) -> Iterator[str]:
    """Messages with an empty line between them: whom it is for, then a line for each exercise that somebody handed in."""
    chapters = {one.id: (one.chapter, one.title) for one in cohort.gradebook.exercises()}
    lines: dict[str, dict[str, str]] = {}
    for one, data in results_of(cohort.gradebook, cohort.chosen):
        lines.setdefault(one.trainee, {})[one.exercise] = " ".join(comment(one, data).split())
    begun = {one.exercise for one in cohort.chosen}
    for enrolled in cohort.roster.trainees:
        lines.setdefault(enrolled.filed, {})
    for trainee in sorted(lines):
        yield f"@{_whom(cohort.roster, trainee)}\n"
        for exercise in sorted(begun):
            number, title = chapters.get(exercise, ("?", exercise))
            said = lines[trainee].get(exercise, _("not handed in yet."))
            yield _("Chapter {number}, {title}: {said}").format(number=number, title=title, said=said) + "\n"
        yield "\n"


def _whom(roster: Roster, trainee: str) -> str:
    """A trainee's name, with the id where somebody else has the name too."""
    enrolled = roster.find(trainee)
    if not enrolled or not enrolled.name:
        return trainee
    return enrolled.name if len(roster.named(enrolled.name)) == 1 else f"{enrolled.name} ({enrolled.id})"
