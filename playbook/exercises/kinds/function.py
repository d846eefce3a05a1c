"""A function, called on arguments that its author chose and a trainee does not see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict, not_this, text_key
from playbook.exercises.kinds.choice import Choice
from playbook.exercises.kinds.number import Number
from playbook.exercises.plain import Plain, call_plain, describe, to_plain
from playbook.exercises.sealing import digest
from playbook.words import _


@dataclass(frozen=True, kw_only=True)
class Function(Kind):
    """A function, called on arguments that its author chose and a trainee does not see.

    Its plain form carries `returned`, one value a call (see `plain.call_plain`); `arguments` belong to the
    seal, so that a check can call it.

    Attributes:
        returns: what it returns: number or choice.
        choices: what it may return, where it returns a choice; empty if that is not said.
        atol, rtol: how far a returned number may be off; not both.
    """

    name: ClassVar[str] = "function"
    called: ClassVar[str] = "function"
    tried: ClassVar[bool] = True
    typeable: ClassVar[bool] = False
    returns: str = "number"
    choices: tuple[str, ...] = ()
    atol: float | None = None
    rtol: float | None = None

    def problems(self) -> Iterator[str]:
        if self.returns not in (Number.name, Choice.name):
            yield f"`returns: {self.returns}` is not {Number.name} or {Choice.name}"
        yield from Number(atol=self.atol, rtol=self.rtol).problems()

    @property
    def _each(self) -> Number | Choice:
        return (
            Number(atol=self.atol, rtol=self.rtol)
            if self.returns == Number.name
            else Choice(choices=self.choices)
        )

    def take(self, value: object, arguments: Iterable[Iterable[Plain]]) -> Plain:
        plain = to_plain(value)
        if isinstance(plain, dict) and plain.get("t") == "function":
            return call_plain(value, arguments)  # type: ignore[arg-type]
        return plain

    def still_open(self, answer: str, plain: Plain) -> str:
        if plain.get("t") == "function" and None in plain["returned"]:
            return _(
                "Your function gives nothing back yet: replace the `...`, and let that line begin with `return`."
            )
        return _("Replace the `...`.")

    def normalise(self, plain: Plain) -> list | Problem:
        if not isinstance(plain, dict) or plain.get("t") != "function":
            return not_this("function", _("a function (def …:)"), plain)
        each, normal = self._each, []
        for value in plain["returned"]:
            if isinstance(value, dict) and value.get("t") == "raised":
                message = value["message"].rstrip(": ")
                stopped = _("it stopped with {error}: {message}") if message else _("it stopped with {error}")
                stopped = [stopped.format(error=value["error"], message=message)]
                if "ellipsis" in value["message"]:
                    stopped.append(_("The three dots `...` still stand in it: replace them"))
                if value["error"] == "NameError":
                    stopped.append(self._unknown(value["message"]))
                normal.append(Problem(f"function:{value['error']}", ". ".join(stopped), stopped=True))
                continue
            if value is None:
                normal.append(Problem("function:none", _("it returned nothing: end it with `return …`")))
                continue
            one = each.normalise(value)
            if isinstance(one, Problem):
                one = Problem(
                    one.code,
                    _("it returned something else than one {returns}: {described}").format(
                        returns=_(self.returns), described=describe(value)
                    ),
                )
            normal.append(one)
        first = normal[0] if normal else None
        if isinstance(first, Problem) and all(
            isinstance(n, Problem) and n.code == first.code for n in normal
        ):
            return replace(
                first, message=_("When your function is called, {what}.").format(what=first.message)
            )
        return normal

    def _unknown(self, message: str) -> str:
        """What to say of a name that the function does not know."""
        told = re.search(r"name '(\w+)'", message)
        if told and self.offers(told[1]):
            return _('`{name}` is a text, so it stands in quotes: `"{name}"`').format(name=told[1])
        return _("It knows the names in the brackets behind `def`: use those")

    def seal(self, normal: list, salt: str) -> tuple[dict[str, Any], str]:
        each = self._each
        returns, keys = [], []
        for place, one in enumerate(normal):
            if isinstance(one, Problem):
                returns.append({"code": digest(salt, "code", one.code)})
                keys.append(one.code)
            else:
                sealed, key = each.seal(one, f"{salt}/{place}"[-64:])
                returns.append(sealed)
                keys.append(key)
        return {"returns": returns}, digest(salt, "key", keys, size=24)

    def compare(self, sealed: Mapping[str, Any], normal: list, salt: str) -> Verdict:
        each, keys = self._each, []
        right, first = 0, ""
        for place, (one, seal) in enumerate(zip(normal, sealed["returns"], strict=False)):
            if isinstance(one, Problem):
                if seal.get("code") == digest(salt, "code", one.code):
                    keys.append(one.code)
                    right += 1
                first = first or _("in try {number} {what}").format(number=place + 1, what=one.message)
                continue
            if "code" in seal:
                first = first or _("try {number} came out differently").format(number=place + 1)
                continue
            verdict = each.compare(seal, one, f"{salt}/{place}"[-64:])
            if verdict.share >= 1:
                right += 1
                keys.append(verdict.key)
            else:
                written = next((repr(name) for name in self.choices if text_key(name) == one), repr(one))
                if isinstance(one, (int, float)):
                    written = f"{one:,.6g}"
                first = first or _("in try {number} it gave {written}, which is not right").format(
                    number=place + 1, written=written
                )
        if right == len(sealed["returns"]) == len(normal):
            return Verdict(1.0, key=digest(salt, "key", keys, size=24))
        return Verdict(
            right / max(len(sealed["returns"]), 1),
            _("Tried with other values, your function is right in {right} of {count} tries; {first}.").format(
                right=right, count=len(sealed["returns"]), first=first
            ),
        )

    def mutants(self) -> Iterator[ValueMutant]:
        def each(change: Callable[[list], list]) -> Callable[[Plain], Plain]:
            return lambda plain: {**plain, "returned": change(plain["returned"])}

        yield ValueMutant("always its first result", each(lambda v: v[:1] * len(v)))
        yield ValueMutant("always its last result", each(lambda v: v[-1:] * len(v)))
        if self.returns == Number.name:
            for value in (0, 1):
                yield ValueMutant(f"always {value}", each(lambda v, value=value: [value] * len(v)))
            yield ValueMutant("one more", each(lambda v: [*map(_plus, v)]))


def _plus(value: Plain) -> Plain:
    return value + 1 if isinstance(value, (int, float)) else value
