"""What every judge gives, and how it reads a plan.

A judge takes a plan as plain data and a case, says whether the plan keeps the rules and how close it comes to the
best one, and never raises on what a plan may hold. It runs in the notebook's check and in the grader alike, on data
alone. A master names it in its front matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from playbook.words import _


@dataclass(frozen=True)
class Constraint:
    """One rule that a plan must keep.

    Attributes:
        label: a short name of the rule.
        ok: whether the plan keeps it.
        message: what was found, in words for the trainee; names the entries that break the rule.
    """

    label: str
    ok: bool
    message: str


@dataclass(frozen=True)
class Judgement:
    """What became of a plan.

    Attributes:
        constraints: every rule, kept or broken.
        objective: what the plan reaches; entries that the case does not know count nothing.
        optimum: the most that a plan can reach under all rules, in the same unit.
        told: what to say of a plan that keeps every rule; empty where the share of the optimum says it.
    """

    constraints: tuple[Constraint, ...]
    objective: float
    optimum: float
    told: str = ""

    @property
    def kept(self) -> bool:
        """Whether every rule is kept."""
        return all(constraint.ok for constraint in self.constraints)


def entries_of(plan: object, column: str) -> list[object]:
    """What a plan lists, whatever it came as; texts are stripped of blanks.

    Args:
        column: where the entries stand if the plan is a table.
    """
    if isinstance(plan, Mapping):
        tag = plan.get("t")
        if tag in ("list", "set"):
            plan = plan.get("v")
        elif tag == "table":
            plan = _column(plan.get("columns"), plan.get("data"), column)
        else:
            plan = _entries(plan, column)
    if isinstance(plan, str):
        plan = [plan]
    if isinstance(plan, Mapping | bytes) or not isinstance(plan, Iterable):
        return []
    return [entry.strip() if isinstance(entry, str) else entry for entry in plan]


def _entries(plan: Mapping[object, object], wanted: str) -> object:
    """What a dictionary lists: its keys; where it is a table's columns, the one that is wanted, or stands for it."""
    if wanted in plan:
        return plan[wanted]
    if not plan or not all(isinstance(values, list) for values in plan.values()):
        return list(plan)
    texts = [name for name, values in plan.items() if values and all(isinstance(v, str) for v in values)]
    return plan["index"] if "index" in texts else plan[texts[0]] if len(texts) == 1 else None


def _column(names: object, data: object, wanted: str) -> object:
    if isinstance(names, list) and isinstance(data, list) and wanted in names[: len(data)]:
        return data[names.index(wanted)]
    return None


def shown(entry: object) -> str:
    """An entry as text, short enough for a message."""
    if entry is None or isinstance(entry, str | float | bool):
        text = repr(entry)
    elif isinstance(entry, int):
        text = str(entry) if abs(entry) < 10**15 else _("a very large number")
    else:
        text = _("a {kind}").format(kind=type(entry).__name__)
    return text if len(text) <= 40 else text[:39] + "…"
