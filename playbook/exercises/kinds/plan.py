"""A plan, judged by its constraints and by how close it comes to the optimum."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict, listed, not_this
from playbook.exercises.plain import Plain
from playbook.exercises.sealing import digest
from playbook.lazily import named
from playbook.words import _


@dataclass(frozen=True, kw_only=True)
class Plan(Kind):
    """A plan, judged by its constraints and by how close it comes to the optimum.

    Attributes:
        judge: ``module:function`` that judges it; a master names it in its front matter.
        within: how far the plan may fall short of the optimum, as a share of it.
        decision: the plan is a decision: it may be typed in, and is tried on other figures as it stands.
    """

    name: ClassVar[str] = "plan"
    called: ClassVar[str] = "plan"
    shared: ClassVar[bool] = True
    typeable: ClassVar[bool] = False
    judge: str = ""
    within: float = 0.03
    decision: bool = False

    def problems(self) -> Iterator[str]:
        if not self.judge:
            yield "a plan needs `judge: name`"
        if not 0 <= self.within < 1:
            yield f"`within: {self.within}` is not a share from 0 to below 1"

    def normalise(self, plain: Plain) -> list | dict | Problem:
        items = plan_items(plain)
        if items is None:
            return not_this("plan", "a list", plain)
        if not items:
            return Problem("plan:empty", _("Your plan is empty."))
        return items

    def seal(self, normal: list | dict, salt: str) -> tuple[dict[str, Any], str]:
        return {"same": digest(salt, "plan", _canonical(normal))}, digest(
            salt, "key", _canonical(normal), size=24
        )

    def compare(self, sealed: Mapping[str, Any], normal: list | dict, salt: str) -> Verdict:
        """Only whether it is the very plan that was sealed; :meth:`verdict` decides what it is worth."""
        if digest(salt, "plan", _canonical(normal)) == sealed["same"]:
            return Verdict(1.0, key=digest(salt, "key", _canonical(normal), size=24))
        return Verdict(0.0, _("Another plan."))

    def seal_expected(self, normal: list | dict, salt: str) -> dict[str, Any]:
        return {}

    @property
    def may_be_typed(self) -> bool:
        return self.decision

    def verdict(self, sealed: Mapping[str, Any], normal: list | dict, salt: str, case: Any) -> Verdict:
        """Judge a plan on a case: all rules kept and within `within` of the optimum passes.

        A plan that keeps all but falls short earns its share of the optimum, below one. One that keeps only some of
        its rules earns at most half of that, by their share: a rule that is kept because nothing is there counts
        nothing. What a master measures for the judge when the answer is sealed comes with the seal.
        """
        given = {"given": sealed["given"]} if "given" in sealed else {}
        judgement = named(self.judge)(normal, case, **given)
        broken = [c for c in judgement.constraints if not c.ok]
        reached = judgement.objective / judgement.optimum if judgement.optimum else 1.0
        if broken:
            kept = 1 - len(broken) / len(judgement.constraints)
            share = 0.5 * kept * min(max(reached, 0.0), 1.0)
            return Verdict(share, " ".join(c.message for c in broken), code=f"plan:{broken[0].label}")
        if reached >= 1 - self.within - 1e-9:
            return Verdict(1.0, judgement.told)
        if judgement.told:
            return Verdict(min(max(reached, 0.0), 0.999), judgement.told)
        told = _(
            "It keeps every rule and reaches {reached:.1f} % of the best possible; {asked:g} % is asked for."
        )
        shown = math.floor(1000 * reached) / 10
        return Verdict(min(reached, 0.999), told.format(reached=shown, asked=100 * (1 - self.within)))

    def hint_code(self, verdict: Verdict) -> str:
        return ""

    def mutants(self) -> Iterator[ValueMutant]:
        yield ValueMutant("only its first entry", listed(lambda v: v[:1]))
        yield ValueMutant("its first entry twice", listed(lambda v: [v[0], *v]))
        yield ValueMutant("a stranger added", listed(lambda v: [*v, "stranger"]))


def plan_items(plain: Plain) -> list | dict | None:
    """A plan as ordinary lists, texts and numbers: what a judge is given.

    A table comes as its columns, among them its index, under its name or as ``index``; a column of numbers whose
    index holds texts as these.
    """
    if not isinstance(plain, dict):
        return [plain] if isinstance(plain, str) else None
    tag = plain.get("t")
    if tag in ("list", "set"):
        named_by = plain.get("index") or []
        numbers = plain["v"] and not any(isinstance(value, (str, bool, dict)) for value in plain["v"])
        if plain.get("of") == "series" and numbers and all(isinstance(one, str) for one in named_by):
            return list(named_by)
        return [_only(value) for value in plain["v"]]
    if tag == "dict":
        return {str(key): list(v["v"]) if _is_list(v) else v for key, v in plain["v"]}
    if tag == "table":
        columns = dict(zip(plain["columns"], map(list, plain["data"]), strict=True))
        if plain["index"]:
            for name, level in zip(plain["index"]["names"], plain["index"]["levels"], strict=True):
                columns.setdefault(name or "index", list(level))
        return columns
    return None


def _is_list(plain: Plain) -> bool:
    return isinstance(plain, dict) and plain.get("t") in ("list", "set")


def _only(plain: Plain) -> Plain:
    """What stands alone in brackets of its own, without them."""
    return plain["v"][0] if _is_list(plain) and len(plain["v"]) == 1 else plain


def _canonical(normal: list | dict) -> Any:
    if isinstance(normal, dict):
        return sorted((str(k), repr(v)) for k, v in normal.items())
    return sorted(map(repr, normal))
