"""Functions and plans: answers that are tried out rather than compared."""

from __future__ import annotations

from typing import Any

from playbook.exercises.kinds.base import Problem, Verdict
from playbook.exercises.kinds.scalar import Choice, Number, text_key
from playbook.exercises.plain import Plain, describe
from playbook.exercises.question import Question
from playbook.exercises.sealing import digest


class Function:
    """A function, called on arguments that its author chose and a trainee does not see.

    Its plain form carries `returned`, one value a call (see `plain.call_plain`); `arguments` belong to the
    seal, so that a check can call it.
    """

    @staticmethod
    def _each(question: Question) -> Number | Choice:
        return Number() if question.returns == "number" else Choice()

    def normalise(self, question: Question, plain: Plain) -> list | Problem:
        if not isinstance(plain, dict) or plain.get("t") != "function":
            tag = plain.get("t") if isinstance(plain, dict) else type(plain).__name__
            return Problem(
                f"function:{tag}",
                f"This question asks for a function (def …:); your answer is {describe(plain)}.",
            )
        normal = []
        for value in plain["returned"]:
            if isinstance(value, dict) and value.get("t") == "raised":
                stopped = f"it stopped with {value['error']}: {value['message']}".rstrip(": ")
                if "ellipsis" in stopped:
                    stopped += ". The three dots `...` still stand in it: replace them"
                if value["error"] == "NameError":
                    stopped += ". It knows the names in the brackets behind `def`: use those"
                normal.append(Problem(f"function:{value['error']}", stopped))
                continue
            if value is None:
                normal.append(Problem("function:none", "it returned nothing: end it with `return …`"))
                continue
            one = self._each(question).normalise(question, value)
            if isinstance(one, Problem):
                one = Problem(
                    one.code, f"it returned something else than one {question.returns}: {describe(value)}"
                )
            normal.append(one)
        first = normal[0] if normal else None
        if isinstance(first, Problem) and all(
            isinstance(n, Problem) and n.code == first.code for n in normal
        ):
            return Problem(first.code, f"When your function is called, {first.message}.")
        return normal

    def seal(self, question: Question, normal: list, salt: str) -> tuple[dict[str, Any], str]:
        each = self._each(question)
        returns, keys = [], []
        for place, one in enumerate(normal):
            if isinstance(one, Problem):
                returns.append({"code": digest(salt, "code", one.code)})
                keys.append(one.code)
            else:
                sealed, key = each.seal(question, one, f"{salt}/{place}"[-64:])
                returns.append(sealed)
                keys.append(key)
        return {"returns": returns}, digest(salt, "key", keys, size=24)

    def compare(self, question: Question, sealed: dict[str, Any], normal: list, salt: str) -> Verdict:
        each, keys = self._each(question), []
        right, first = 0, ""
        for place, (one, seal) in enumerate(zip(normal, sealed["returns"], strict=False)):
            if isinstance(one, Problem):
                if seal.get("code") == digest(salt, "code", one.code):
                    keys.append(one.code)
                    right += 1
                first = first or f"in try {place + 1} {one.message}"
                continue
            if "code" in seal:
                first = first or f"try {place + 1} came out differently"
                continue
            verdict = each.compare(question, seal, one, f"{salt}/{place}"[-64:])
            if verdict.share >= 1:
                right += 1
                keys.append(verdict.key)
            else:
                written = next((repr(name) for name in question.choices if text_key(name) == one), repr(one))
                if isinstance(one, (int, float)):
                    written = f"{one:,.6g}"
                first = first or f"in try {place + 1} it gave {written}, which is not right"
        if right == len(sealed["returns"]) == len(normal):
            return Verdict(1.0, key=digest(salt, "key", keys, size=24))
        return Verdict(
            right / max(len(sealed["returns"]), 1),
            f"Tried with other values, your function is right in {right} of {len(sealed['returns'])} tries; {first}.",
        )


def plan_items(plain: Plain) -> list | dict | None:
    """A plan as ordinary lists, texts and numbers: what a judge is given."""
    if not isinstance(plain, dict):
        return [plain] if isinstance(plain, str) else None
    tag = plain.get("t")
    if tag in ("list", "set"):
        return list(plain["v"])
    if tag == "dict":
        return {str(key): value for key, value in plain["v"]}
    if tag == "table":
        return {column: list(values) for column, values in zip(plain["columns"], plain["data"], strict=True)}
    return None


class Plan:
    """A plan, judged by its constraints and by how close it comes to the optimum."""

    def normalise(self, question: Question, plain: Plain) -> list | dict | Problem:
        items = plan_items(plain)
        if items is None:
            tag = plain.get("t") if isinstance(plain, dict) else type(plain).__name__
            return Problem(f"plan:{tag}", f"This question asks for a list; your answer is {describe(plain)}.")
        if not items:
            return Problem("plan:empty", "Your plan is empty.")
        return items

    def seal(self, question: Question, normal: list | dict, salt: str) -> tuple[dict[str, Any], str]:
        return {"same": digest(salt, "plan", _canonical(normal))}, digest(
            salt, "key", _canonical(normal), size=24
        )

    def compare(self, question: Question, sealed: dict[str, Any], normal: list | dict, salt: str) -> Verdict:
        """Only whether it is the very plan that was sealed; :func:`judged` decides what it is worth."""
        if digest(salt, "plan", _canonical(normal)) == sealed["same"]:
            return Verdict(1.0, key=digest(salt, "key", _canonical(normal), size=24))
        return Verdict(0.0, "Another plan.")


def judged(question: Question, normal: list | dict, case: Any) -> Verdict:
    """Judge a plan on a case: all constraints kept and within `question.within` of the optimum passes.

    A plan that keeps only some of its constraints earns at most half, by their share; one that keeps all
    but falls short earns its share of the optimum, below one.
    """
    from playbook.chapters.benchmark_customers.judge import JUDGES

    judgement = JUDGES[question.judge](normal, case)
    broken = [c for c in judgement.constraints if not c.ok]
    if broken:
        kept = 1 - len(broken) / len(judgement.constraints)
        return Verdict(0.5 * kept, " ".join(c.message for c in broken), code=f"plan:{broken[0].label}")
    reached = judgement.objective / judgement.optimum if judgement.optimum else 1.0
    if reached >= 1 - question.within - 1e-9:
        return Verdict(1.0)
    return Verdict(
        min(reached, 0.999),
        f"It keeps every rule and reaches {reached:.0%} of the best possible; {1 - question.within:.0%} is asked for.",
    )


def _canonical(normal: list | dict) -> Any:
    if isinstance(normal, dict):
        return sorted((str(k), repr(v)) for k, v in normal.items())
    return sorted(map(repr, normal))
