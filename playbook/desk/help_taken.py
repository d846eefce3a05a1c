"""How often help was taken: as the notebooks that were handed in tell it. It is the trainees' word, and in no mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playbook.exercises.ladder import Rung, whole
from playbook.exercises.view import HELP_MIME, RESULT_MIME
from playbook.gradebook.gradebook import Gradebook
from playbook.submissions.notebook import parse_notebook

#: Wrong tries, and questions of a notebook, that are believed.
_MOST_TRIES, _MOST_QUESTIONS = 9_999, 400
#: What each rung of help is called.
WORDS = {
    Rung.NONE: "none",
    Rung.WHERE: "where it is wrong",
    Rung.STEP: "a worked step",
    Rung.SOLUTION: "a solution elsewhere",
}


@dataclass(frozen=True)
class Taken:
    """Help that a trainee took with a question.

    Attributes:
        tries: different wrong answers.
        help: the highest rung that was shown.
    """

    trainee: str
    name: str
    exercise: str
    question: str
    tries: int
    help: Rung

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {
            "trainee": self.trainee,
            "name": self.name,
            "exercise": self.exercise,
            "question": self.question,
            "tries": self.tries,
            "help": self.help.name.casefold(),
        }


def help_taken(gradebook: Gradebook) -> list[Taken]:
    """Help taken over all attempts, by trainee, exercise and question; those who needed none are left out."""
    roster = gradebook.roster()
    found: dict[tuple[str, str, str], tuple[int, Rung]] = {}
    for trainee, exercise, sha256 in gradebook.attempts():
        notebook, _problem = parse_notebook(gradebook.notebook(sha256))
        for question, tries, rung in told(notebook or {}):
            before = found.get((trainee, exercise, question), (0, Rung.NONE))
            found[trainee, exercise, question] = (max(before[0], tries), max(before[1], rung))
    rows = []
    for (trainee, exercise, question), (tries, rung) in sorted(found.items()):
        enrolled = roster.find(trainee)
        name = enrolled.name if enrolled and enrolled.name else trainee
        if tries or rung:
            rows.append(Taken(trainee, name, exercise, question, tries, rung))
    return rows


def told(notebook: Mapping[str, Any]) -> Iterator[tuple[str, int, Rung]]:
    """What the outputs of a notebook say of its questions: tries, and the highest rung of help."""
    for told_, _place in zip(_bundles(notebook), range(_MOST_QUESTIONS), strict=False):
        question = told_.get("question")
        if isinstance(question, str) and re.fullmatch(r"[\w-]{1,80}", question):
            tries, rung = whole(told_.get("tries"), _MOST_TRIES), whole(told_.get("help"), max(Rung))
            yield question, tries, Rung(rung)


def _bundles(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for cell in _listed(notebook.get("cells")):
        for output in _listed(cell.get("outputs")):
            data = output.get("data")
            for mime in (RESULT_MIME, HELP_MIME):
                value = data.get(mime) if isinstance(data, Mapping) else None
                if isinstance(value, Mapping):
                    yield value


def _listed(values: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in values if isinstance(one, Mapping)] if isinstance(values, list) else []
