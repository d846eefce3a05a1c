"""Whether an answer was typed in or worked out: what its value is made of, however it travelled."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable

from playbook.parsing import parse

#: Built-in names that bring something in from outside, or hide what they do.
_OUTSIDE = frozenset(["open", "eval", "exec", "compile", "globals", "locals", "vars", "__import__"])
#: Modules of the kit that hold no figures of a case, only ways to work with them.
_MODELS = "playbook.market"
#: Nodes and names looked at before giving up: nobody's notebook is that long.
_MOST_STEPS = 60_000

_TYPED, _WORKED_OUT, _RULE = "typed", "worked", "rule"


class _TooLong(Exception):
    pass


def is_typed_in(cells: Iterable[str], answer: str) -> bool:
    """Whether a notebook gives the answer a value in which nothing of the case occurs: ``281``, ``n = 281; x = n``.

    What is counted or gathered in a loop over the case's figures is worked out, also where each step is a constant.
    Where it is not certain, it is not said.

    Args:
        cells: the lines of the cells, in the order in which they ran.
        answer: the variable that holds the answer; what it holds in the end counts.
    """
    reader = _Reader()
    try:
        for cell in cells:
            reader.read(cell)
    except (_TooLong, RecursionError, MemoryError):
        return False
    return reader.names.get(answer) == _TYPED


def _parsed(cell: str) -> list[ast.stmt]:
    for source in (cell, re.sub(r"(?m)^\s*[%!?].*$|^.*\?\s*$", "", cell)):
        try:
            return parse(source, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).body
        except (SyntaxError, ValueError):
            continue
    return []


class _Reader:
    """Follows which names hold constants only, statement by statement."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._steps = 0

    def read(self, cell: str) -> None:
        self._block(_parsed(cell), under=False)

    def _step(self, count: int = 1) -> None:
        self._steps += count
        if self._steps > _MOST_STEPS:
            raise _TooLong

    # Statements; `under` says that whether they run, or how often, hangs on figures of the case

    def _block(self, statements: Iterable[ast.stmt], under: bool) -> None:
        for statement in statements:
            self._step()
            named = getattr(self, f"_do_{type(statement).__name__.casefold()}", None)
            if named:
                named(statement, under)
            else:
                self._do_other(statement, under)

    def _do_assign(self, node: ast.Assign, under: bool) -> None:
        for target in node.targets:
            self._bind(target, node.value, under)

    def _do_annassign(self, node: ast.AnnAssign, under: bool) -> None:
        if node.value is not None:
            self._bind(node.target, node.value, under)

    def _do_augassign(self, node: ast.AugAssign, under: bool) -> None:
        typed = self._typed(node.value)
        if isinstance(node.target, ast.Name):
            typed = typed and self.names.get(node.target.id, _WORKED_OUT) == _TYPED
        self._set(node.target, _TYPED if typed else _WORKED_OUT, under)

    def _do_expr(self, node: ast.Expr, under: bool) -> None:
        typed = self._typed(node.value)
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):  # answer.append(…)
            self._change(call.func.value, typed and not under)

    def _do_if(self, node: ast.If, under: bool) -> None:
        if isinstance(node.test, ast.Constant):
            self._block(node.body if node.test.value else node.orelse, under)
            return
        under = not self._typed(node.test) or under
        self._branches([node.body, node.orelse], under)

    def _do_for(self, node: ast.For, under: bool) -> None:
        typed = self._typed(node.iter)
        self._set(node.target, _TYPED if typed else _WORKED_OUT, under)
        self._loop(node, under or not typed)

    _do_asyncfor = _do_for

    def _do_while(self, node: ast.While, under: bool) -> None:
        self._loop(node, under or not self._typed(node.test))

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, under: bool) -> None:
        for _ in range(2):  # what a round has changed, the next one reads
            under = under or self._leaves_early(node.body)
            self._block(node.body, under)
        self._block(node.orelse, under)

    def _leaves_early(self, body: list[ast.stmt]) -> bool:
        """Whether figures of the case decide when a loop ends."""
        for node in (inner for statement in body for inner in ast.walk(statement)):
            self._step()
            leaves = isinstance(node, ast.If) and any(
                isinstance(one, (ast.Break, ast.Continue)) for one in ast.walk(node)
            )
            if leaves and not self._typed(node.test):  # type: ignore[attr-defined]
                return True
        return False

    def _do_try(self, node: ast.Try, under: bool) -> None:
        self._block(node.body, under)
        self._branches([node.orelse, *(handler.body for handler in node.handlers)], under)
        self._block(node.finalbody, under)

    _do_trystar = _do_try

    def _do_with(self, node: ast.With, under: bool) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self._bind(item.optional_vars, item.context_expr, under)
        self._block(node.body, under)

    _do_asyncwith = _do_with

    def _do_functiondef(self, node: ast.FunctionDef, under: bool) -> None:
        inner = _Reader()
        inner.names = {**self.names, **{name: _TYPED for name in _parameters(node.args)}}
        inner._steps = self._steps + len(self.names)
        inner._step()
        for one in ast.walk(node):
            if isinstance(one, (ast.Global, ast.Nonlocal)):
                self.names |= dict.fromkeys(one.names, _WORKED_OUT)
        inner._block(node.body, under=False)
        returned = [
            one.value for one in ast.walk(node) if isinstance(one, (ast.Return, ast.Yield)) and one.value
        ]
        tests = [one.test for one in ast.walk(node) if isinstance(one, (ast.If, ast.While, ast.IfExp))]
        loops = [one.iter for one in ast.walk(node) if isinstance(one, (ast.For, ast.comprehension))]
        typed = all(inner._typed(value) for value in [*returned, *tests, *loops])
        self._steps = inner._steps
        self.names[node.name] = _RULE if typed else _WORKED_OUT

    _do_asyncfunctiondef = _do_functiondef

    def _do_import(self, node: ast.Import, under: bool) -> None:
        for alias in node.names:
            own = alias.name.partition(".")[0] == "playbook"
            self.names[alias.asname or alias.name.partition(".")[0]] = _WORKED_OUT if own else _RULE

    def _do_importfrom(self, node: ast.ImportFrom, under: bool) -> None:
        module = node.module or "playbook"
        own = module.partition(".")[0] == "playbook" and not module.startswith(_MODELS)
        for alias in node.names:
            self.names[alias.asname or alias.name] = _WORKED_OUT if own else _RULE

    def _do_delete(self, node: ast.Delete, under: bool) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.names.pop(target.id, None)

    def _do_other(self, node: ast.stmt, under: bool) -> None:
        """Statements that are not followed: what they bind may be anything."""
        for one in ast.walk(node):
            self._step()
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                self.names[one.id] = _WORKED_OUT
        if isinstance(node, ast.ClassDef):
            self.names[node.name] = _WORKED_OUT

    def _branches(self, branches: Iterable[list[ast.stmt]], under: bool) -> None:
        """Only one of several runs: a name holds constants if it does after each."""
        before, after = self.names, []
        for branch in branches:
            self._step(len(before))
            self.names = dict(before)
            self._block(branch, under)
            after.append(self.names)
        self.names = {}
        for name in {name for names in after for name in names}:
            held = {names.get(name, _TYPED) for names in after}
            self.names[name] = held.pop() if len(held) == 1 else _WORKED_OUT

    # Names

    def _bind(self, target: ast.expr, value: ast.expr, under: bool) -> None:
        both = (ast.Tuple, ast.List)
        if isinstance(target, both) and isinstance(value, both) and len(target.elts) == len(value.elts):
            starred = any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))
            if not starred:
                held = [self._held(one) for one in value.elts]
                for one, what in zip(target.elts, held, strict=True):
                    self._set(one, what, under)
                return
        self._set(target, self._held(value), under)

    def _set(self, target: ast.expr, held: str, under: bool) -> None:
        if under:
            held = _WORKED_OUT
        if isinstance(target, ast.Name):
            self.names[target.id] = held
        elif isinstance(target, (ast.Tuple, ast.List)):
            for one in target.elts:
                self._set(one, held, under)
        elif isinstance(target, ast.Starred):
            self._set(target.value, held, under)
        elif isinstance(target, (ast.Attribute, ast.Subscript)):  # answer["C"] = …
            key = target.slice if isinstance(target, ast.Subscript) else None
            self._change(target.value, held == _TYPED and (key is None or self._typed(key)))

    def _change(self, place: ast.expr, typed: bool) -> None:
        """Something was put into what a name holds."""
        while isinstance(place, (ast.Attribute, ast.Subscript)):
            place = place.value
        if isinstance(place, ast.Name) and not typed and self.names.get(place.id) == _TYPED:
            self.names[place.id] = _WORKED_OUT

    # Values

    def _held(self, value: ast.expr) -> str:
        if isinstance(value, ast.Lambda):
            return _RULE if self._typed(value) else _WORKED_OUT
        if isinstance(value, ast.Name) and value.id in self.names:
            return self.names[value.id]
        return _TYPED if self._typed(value) else _WORKED_OUT

    def _typed(self, node: ast.AST) -> bool:
        """Whether an expression is made of constants, and of what only gives them their form."""
        self._step()
        if isinstance(node, ast.Name):
            known = self.names.get(node.id)
            if known is None:
                return hasattr(builtins, node.id) and node.id not in _OUTSIDE
            return known != _WORKED_OUT
        if isinstance(node, ast.Attribute) and node.attr.startswith(("read", "load")):
            return False
        if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Constant):
            return self._typed(node.body if node.test.value else node.orelse)
        if isinstance(node, ast.NamedExpr):
            typed = self._typed(node.value)
            self.names[node.target.id] = _TYPED if typed else _WORKED_OUT
            return typed
        if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            return self._scope(node)
        return all([self._typed(child) for child in ast.iter_child_nodes(node)])

    def _scope(self, node: ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> bool:
        """An expression with names of its own."""
        before = self.names
        self._step(len(before))
        self.names = dict(before)
        try:
            if isinstance(node, ast.Lambda):
                self.names |= dict.fromkeys(_parameters(node.args), _TYPED)
                return self._typed(node.body)
            typed = True
            for one in node.generators:
                over = self._typed(one.iter)
                self._set(one.target, _TYPED if over else _WORKED_OUT, under=False)
                typed = all([over, *(self._typed(test) for test in one.ifs)]) and typed
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            return all([self._typed(part) for part in parts]) and typed
        finally:
            self.names = before


def _parameters(given: ast.arguments) -> list[str]:
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return [one.arg for one in every if one is not None]
