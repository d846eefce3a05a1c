"""The kinds of answer, one file each: its fields, and how it is brought into form, sealed, compared and shared."""

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict
from playbook.exercises.kinds.choice import Choice
from playbook.exercises.kinds.function import Function
from playbook.exercises.kinds.note import Note
from playbook.exercises.kinds.number import Number
from playbook.exercises.kinds.plan import Plan
from playbook.exercises.kinds.ranking import Ranking
from playbook.exercises.kinds.set import Set
from playbook.exercises.kinds.table import Table

KINDS: dict[str, type[Kind]] = {
    kind.name: kind for kind in (Number, Choice, Set, Ranking, Table, Function, Plan, Note)
}

__all__ = ["KINDS", "Kind", "Problem", "ValueMutant", "Verdict"]
