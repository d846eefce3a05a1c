"""The kinds of answer: how each is brought into form, sealed and compared."""

from playbook.exercises.kinds.base import Kind, Problem, Verdict
from playbook.exercises.kinds.collection import Ranking, Set
from playbook.exercises.kinds.made import Function, Plan, judged
from playbook.exercises.kinds.scalar import Choice, Number
from playbook.exercises.kinds.table import Table

KINDS: dict[str, Kind] = {
    "number": Number(),
    "choice": Choice(),
    "set": Set(),
    "ranking": Ranking(),
    "table": Table(),
    "function": Function(),
    "plan": Plan(),
}

__all__ = ["KINDS", "Kind", "Problem", "Verdict", "judged"]
